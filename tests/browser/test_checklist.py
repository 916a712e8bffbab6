"""A checklist is ticked off: ticks stay on the device, can be taken out and taken back, and nothing needs a script."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import expect
from project import DATA, PHONE, ROOT

PAGE = "chapters/checklist.html"
KEPT = "Ticks are kept in this browser, on this device."
REFUSED = """Object.defineProperty(window, "localStorage", { get() { throw new Error("refused"); } })"""


def rows(path: str) -> list[dict[str, str]]:
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


GAPS, MITIGATIONS = rows("interviews/gaps.csv"), rows("documented/mitigations.csv")
ITEMS = [*(gap["missing"] for gap in GAPS), *(one["name"] for one in MITIGATIONS)]
SCRIPT = ROOT / "surveybook" / "theme" / "checklist.js"
FIRST, SECOND = GAPS[0]["missing"], GAPS[1]["missing"]


def box(page, item: str):
    return page.locator(".checklist li", has_text=item).get_by_role("checkbox").first


def ticked(page) -> int:
    return page.locator(".checklist input:checked").count()


def status(page) -> str:
    return page.locator(".checklist-tools [role=status]").inner_text()


def saved(page, button: str) -> tuple[str, str]:
    """The name and the text of what a button saves."""
    with page.expect_download() as waiting:
        page.get_by_role("button", name=button).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes().decode("utf-8")


# --- the list of this report


def test_each_gap_and_each_mitigation_can_be_ticked_once(opened):
    with opened(PAGE) as page:
        found = page.locator(".checklist [data-item]").all_inner_texts()
        assert sorted(found) == sorted(ITEMS)
        assert page.locator(".checklist input[type=checkbox]").count() == len(ITEMS)
        keys = page.locator(".checklist [data-item]").evaluate_all("all => all.map(one => one.dataset.item)")
        assert set(keys) == {gap["gap"] for gap in GAPS} | {one["mitigation"] for one in MITIGATIONS}
        assert page.said == []


def test_a_mitigation_stands_under_the_earliest_of_its_phases(opened):
    declared = yaml.safe_load((DATA / "documented/datapackage.yaml").read_text(encoding="utf-8"))
    fields = [field for resource in declared["resources"] for field in resource["schema"]["fields"]
              if field["name"] == "lifecycle"]
    phases = {one["value"]: one["label"] for one in fields[0]["categories"]}
    with opened(PAGE) as page:
        stands = page.evaluate("""() => Object.fromEntries([...document.querySelectorAll(".checklist [data-item]")]
            .map((one) => [one.dataset.item, one.closest("ul").previousElementSibling.textContent.trim()]))""")
    for one in MITIGATIONS:
        own = one["lifecycle"].split(";")
        assert stands[one["mitigation"]] == next(label for phase, label in phases.items() if phase in own)


def test_ticks_survive_a_reload_and_say_where_they_are(newcomer):
    with newcomer(PAGE) as page:
        assert ticked(page) == 0 and status(page) == f"0 of {len(ITEMS)} ticked. {KEPT}"
        box(page, FIRST).check()
        box(page, MITIGATIONS[3]["name"]).check()
        assert status(page) == f"2 of {len(ITEMS)} ticked. {KEPT}"
        page.reload()
        assert ticked(page) == 2 and box(page, FIRST).is_checked()
        box(page, FIRST).uncheck()
        page.reload()
        assert ticked(page) == 1 and not box(page, FIRST).is_checked()
        assert page.said == []


def test_words_tick_the_box_and_links_in_them_still_lead_somewhere(newcomer):
    with newcomer(PAGE) as page:
        page.locator(".checklist [data-item]", has_text=FIRST).click()
        assert box(page, FIRST).is_checked()
        page.locator(".checklist li", has_text=FIRST).locator("a[href*=sec-gap]").click()
        page.wait_for_url(f"**/gaps-today.html#sec-gap-{GAPS[0]['gap']}")


def test_another_tab_sees_what_is_ticked(newcomer, addresses):
    with newcomer(PAGE) as page:
        other = page.context.new_page()
        other.goto(f"{addresses['http']}/{PAGE}")
        box(page, FIRST).check()
        other.locator(".checklist input:checked").wait_for()
        assert status(other).startswith("1 of ")


def test_ticks_can_be_reset_and_the_reset_undone(newcomer):
    with newcomer(PAGE) as page:
        reset = page.get_by_role("button", name="Reset")
        assert reset.is_disabled()
        box(page, FIRST).check()
        box(page, SECOND).check()
        reset.click()
        assert ticked(page) == 0
        page.get_by_role("button", name="Undo reset").click()
        assert ticked(page) == 2
        page.get_by_role("button", name="Reset").click()
        page.reload()
        assert ticked(page) == 0 and page.get_by_role("button", name="Reset").is_disabled()


def test_the_table_that_is_saved_opens_in_excel_and_has_every_item(newcomer):
    with newcomer(PAGE, accept_downloads=True) as page:
        box(page, FIRST).check()
        name, content = saved(page, "Save as CSV")
    assert name == "checklist.csv" and content.startswith("\ufeff")
    table = list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"), newline="")))
    assert [row["Item"] for row in table if row["In place"] == "yes"] == [FIRST]
    assert sorted(row["Item"] for row in table) == sorted(ITEMS)
    assert {row["Part"] for row in table} == {"Practices", "Mitigations"}
    assert all(row["Group"] for row in table)


def test_the_text_that_is_saved_is_a_list_of_tasks(newcomer):
    with newcomer(PAGE, accept_downloads=True) as page:
        box(page, FIRST).check()
        name, content = saved(page, "Save as Markdown")
    assert name == "checklist.md" and content.startswith("# What is in place: a checklist\n")
    tasks = [line for line in content.splitlines() if line.startswith("- [")]
    assert tasks[0] == f"- [x] {FIRST}" and len(tasks) == len(ITEMS)
    assert all(line.startswith("- [ ] ") for line in tasks[1:])
    assert [line for line in content.splitlines() if line.startswith("## ")] == ["## Practices", "## Mitigations"]


def test_where_the_browser_keeps_nothing_it_says_so_and_works_all_the_same(newcomer):
    with newcomer(PAGE, accept_downloads=True) as page:
        page.add_init_script(REFUSED)
        page.reload()
        assert "This browser keeps no ticks" in status(page)
        box(page, FIRST).check()
        assert status(page).startswith("1 of ") and "This browser keeps no ticks" in status(page)
        assert f"- [x] {FIRST}" in saved(page, "Save as Markdown")[1]
        page.reload()
        assert ticked(page) == 0


def test_what_was_kept_by_something_else_is_no_trouble(newcomer):
    with newcomer(PAGE) as page:
        for content in ("nonsense", '"words"', "17", "null", "{}"):
            page.evaluate("content => localStorage.setItem('report-checklist checklist.html', content)", content)
            page.reload()
            assert ticked(page) == 0 and page.said == []
        box(page, FIRST).check()
        page.reload()
        assert ticked(page) == 1


def test_a_tick_of_an_item_that_is_gone_is_kept(newcomer):
    with newcomer(PAGE) as page:
        page.evaluate("localStorage.setItem('report-checklist checklist.html', JSON.stringify(['gone']))")
        page.reload()
        assert ticked(page) == 0
        box(page, FIRST).check()
        kept = json.loads(page.evaluate("localStorage.getItem('report-checklist checklist.html')"))
        assert set(kept) == {"gone", GAPS[0]["gap"]}


def test_without_scripts_it_is_a_list_that_promises_nothing(opened):
    with opened(PAGE, java_script_enabled=False) as page:
        assert page.locator(".checklist li").count() == len(ITEMS)
        assert page.locator(".checklist input").count() == page.locator(".checklist-tools").count() == 0


def test_it_works_from_a_folder(opened):
    with opened(PAGE, "file", accept_downloads=True) as page:
        with page.context.new_page() as other:
            other.goto(page.url)
            box(page, FIRST).check()
            expect(box(other, FIRST)).to_be_checked()  # so that it is kept, which a busy machine does a little later
        page.reload()
        assert box(page, FIRST).is_checked()
        assert saved(page, "Save as CSV")[0] == "checklist.csv"
        page.get_by_role("button", name="Reset").click()
        assert page.said == []


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_it_prints_on_one_page_with_a_box_for_each_item(size, opened, tmp_path):
    if shutil.which("pdftotext") is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("there is no pdftotext on this machine")
    for scripts in (True, False):
        with opened(PAGE, java_script_enabled=scripts) as page:
            page.pdf(path=tmp_path / "page.pdf", format=size)
        ended = subprocess.run(["pdftotext", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True)
        sheets = ended.stdout.rstrip("\f").split("\f")
        words = " ".join(sheets[0].split())
        assert len(sheets) == 1, scripts
        assert all(one["name"].split()[-1] in words for one in MITIGATIONS)
        assert "Save as CSV" not in words
        assert scripts or words.count("☐") == len(ITEMS)


def test_on_a_phone_a_box_is_large_enough_to_press(opened):
    with opened(PAGE, viewport=PHONE) as page:
        heights = "all => all.map(one => one.getBoundingClientRect().height)"
        assert min(page.locator(".checklist label").evaluate_all(heights)) >= 24
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


# --- any list of the class


def test_any_list_of_the_class_can_be_ticked_by_its_words(browser):
    with browser.new_context() as surroundings:
        page = surroundings.new_page()
        page.set_content("""<main><h1>Sailing</h1><h2>Before</h2><div class="checklist"><ul><li>Ropes
            <ul><li>of  hemp</li><li>of "steel", new</li></ul></li></ul></div><ul><li>not this</li></ul></main>""")
        page.add_script_tag(path=SCRIPT)
        assert page.get_by_role("checkbox").count() == 2  # what holds a list is its title
        page.get_by_label("of hemp").check()
        _, content = saved(page, "Save as CSV")
        assert content.removeprefix("\ufeff").splitlines()[1:] == [
            '"Before","","of hemp","yes"', '"Before","","of ""steel"", new","no"']


def test_a_page_without_a_list_gets_nothing(browser):
    with browser.new_context() as surroundings:
        page = surroundings.new_page()
        page.set_content("<main><h1>Words</h1><ul><li>one</li></ul></main>")
        before = page.content()
        page.add_script_tag(content=SCRIPT.read_text(encoding="utf-8"))
        assert page.get_by_role("checkbox").count() == 0 and page.locator(".checklist-tools").count() == 0
        assert before.count("<li>") == page.content().count("<li>")
