"""How the site reads: for people with and without sight, in the mode they chose, on small screens, without waiting."""

from __future__ import annotations

import gzip
import re
from itertools import groupby

import pytest
from playwright.sync_api import expect
from project import PAGES, PHONE, ROOT
from selectolax.lexbor import LexborHTMLParser
from visits import CHART

BACKGROUND = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(20, 24, 29)"


# --- accessibility


def test_the_first_key_offers_a_way_past_the_navigation(opened):
    with opened(CHART) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
        assert page.locator(".skip-link").bounding_box()["height"] > 20
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


# --- the list of chapters


def seen(page) -> bool:
    """Whether the entry of this page is inside what is seen of the list."""
    return page.evaluate("""() => {
        const frame = document.querySelector('#quarto-sidebar').getBoundingClientRect();
        const { top, bottom } = document.querySelector('#quarto-sidebar a.active').getBoundingClientRect();
        return top >= Math.max(frame.top, 0) && bottom <= Math.min(frame.bottom, innerHeight);
    }""")


@pytest.mark.parametrize("way", ["http", "file"])
def test_the_list_of_chapters_is_scrolled_to_this_one_before_anything_is_painted(way, opened):
    small = {"width": 1280, "height": 500}
    with opened("chapters/rebuild.html", way, viewport=small) as page:
        assert seen(page) and page.evaluate("scrollY") == 0
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip-link"
    with opened("chapters/rebuild.html", way, viewport=small, java_script_enabled=False) as page:
        assert not seen(page)  # so that the list is long enough for this test


def test_a_list_that_shows_this_chapter_is_left_as_it_is(opened):
    with opened("chapters/organizations.html") as page:
        assert seen(page) and page.evaluate("document.querySelector('#quarto-sidebar').scrollTop") == 0


# --- light and dark


def choose(page) -> None:
    page.get_by_role("button", name="Dark").click()


@pytest.mark.parametrize(("system", "shown", "other"), [("light", LIGHT, DARK), ("dark", DARK, LIGHT)])
def test_a_chosen_mode_is_remembered_until_the_system_is_followed_again(system, shown, other, newcomer, addresses):
    with newcomer(CHART, color_scheme=system) as page:
        mark = "getComputedStyle(document.querySelector('svg.wide [fill*=figure-mark]')).fill"
        before = page.evaluate(mark)
        assert page.evaluate(BACKGROUND) == shown
        choose(page)
        assert page.evaluate(BACKGROUND) == other
        assert page.evaluate(mark) != before  # the same drawing, in other colors
        page.goto(f"{addresses['http']}/{PAGES[0]}")
        assert page.evaluate(BACKGROUND) == other
        assert page.locator(".report-mode").get_attribute("aria-pressed") == str(other == DARK).lower()
        choose(page)
        page.emulate_media(color_scheme="light" if system == "dark" else "dark")
        assert page.evaluate(BACKGROUND) == other
        assert page.said == []


def test_what_is_pressed_and_typed_while_the_scripts_are_on_their_way_is_not_lost(newcomer, addresses):
    with newcomer(PAGES[0]) as page:
        held, released = [], []
        page.route("**/theme/*.js", lambda asked: asked.continue_() if released else held.append(asked))
        page.goto(f"{addresses['http']}/{CHART}", wait_until="commit")
        choose(page)
        expect(page.locator("body")).to_have_css("background-color", DARK)
        page.locator("#report-search").fill("poisoning")
        released.append(True)
        for asked in held:
            asked.continue_()
        page.locator(".report-search-results a").first.wait_for()
        expect(page.locator(".report-mode")).to_have_attribute("aria-pressed", "true")


def test_the_mode_is_set_before_anything_is_painted(site):
    """By a script that stands in the page before the first style and the first element; no other is waited for."""
    mode = (ROOT / "surveybook" / "theme" / "mode.js").read_text(encoding="utf-8")
    for name in PAGES:
        tree = LexborHTMLParser((site / name).read_text(encoding="utf-8"))
        assert [node for node in tree.css("script[src]") if "defer" not in node.attributes] == []
        order = [node for node in tree.css("head > script, head > link[rel=stylesheet]")]
        assert order[0].text() == mode


def test_without_scripts_there_is_nothing_that_needs_them(opened):
    with opened(CHART, java_script_enabled=False, color_scheme="dark") as page:
        assert page.locator(".needs-scripts").count() >= 2
        assert not any(tool.is_visible() for tool in page.locator(".needs-scripts").all())


# --- no waiting


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_to_load(name, site):
    def packed(path) -> int:
        return len(gzip.compress(path.read_bytes(), 9))

    page = site / name
    tree = LexborHTMLParser(page.read_text(encoding="utf-8"))
    styles = [node.attributes["href"] for node in tree.css("link[rel=stylesheet]")]
    scripts = [node.attributes["src"] for node in tree.css("script[src]")]
    assert len(styles) == 1
    assert packed(page) < 60_000
    assert packed(page) + sum(packed((page.parent / name).resolve()) for name in styles + scripts) < 100_000


# --- tables


ROWS = [("Alpha", "12%", "yes"), ("Beta", "9%", "no"), ("Gamma", "–", "yes"), ("Delta", "&lt; 0.1%", "no"),
        ("Epsilon", "1,200%", "yes"), ("Zeta", "−3%", "no"),
        *((f"Row {number}", f"{number + 20}%", "yes") for number in range(1, 9))]


@pytest.fixture
def table(browser):
    """A page with one long table of the kind that the analysis makes, and the script of tables."""
    head = '<tr><th scope="col">Name</th><th scope="col" class="number">Share</th><th scope="col">Verdict</th></tr>'
    body = "".join(f'<tr><th scope="row">{a}</th><td class="number">{b}</td><td>{c}</td></tr>' for a, b, c in ROWS)
    with browser.new_context() as surroundings:
        page = surroundings.new_page()
        page.set_content(f'<html lang="en"><div class="table-scroll" role="group" aria-label="Shares" tabindex="0">'
                         f"<table><thead>{head}</thead><tbody>{body}</tbody></table></div>")
        for name in ("address.js", "tables.js"):
            page.add_script_tag(path=ROOT / "surveybook" / "theme" / name)
        yield page


def shown(page) -> list[str]:
    return [row.text_content() for row in page.locator("tbody th:visible").all()]


def test_a_column_is_sorted_up_then_down_then_as_it_was_by_keyboard(table):
    written = [name for name, *_ in ROWS]
    button = table.get_by_role("button", name="Share")
    title = table.locator("thead th").nth(1)
    button.press("Enter")
    assert title.get_attribute("aria-sort") == "ascending"
    assert shown(table)[:4] == ["Zeta", "Delta", "Beta", "Alpha"]
    assert shown(table)[-2:] == ["Epsilon", "Gamma"]  # what has no number comes last
    button.press(" ")
    assert title.get_attribute("aria-sort") == "descending"
    assert (shown(table)[0], shown(table)[-1]) == ("Epsilon", "Gamma")
    button.press("Enter")
    assert title.get_attribute("aria-sort") is None
    assert shown(table) == written


def test_sorting_by_another_column_forgets_the_first(table):
    table.get_by_role("button", name="Share").press("Enter")
    table.get_by_role("button", name="Name").press("Enter")
    assert table.locator("[aria-sort]").count() == 1
    assert shown(table) == sorted(shown(table), key=lambda name: (name.rstrip("0123456789"), name))


def test_a_long_table_is_filtered_by_words_and_by_what_a_column_holds(table):
    table.get_by_label("Find a row").fill("ROW")
    assert shown(table) == [f"Row {number}" for number in range(1, 9)]
    assert table.get_by_role("status").inner_text() == "8 of 14 rows"
    table.get_by_label("Find a row").fill("")
    table.get_by_label("Verdict").select_option("no")
    assert shown(table) == ["Beta", "Delta", "Zeta"]
    table.get_by_label("Verdict").select_option("")
    assert len(shown(table)) == len(ROWS)
    assert table.get_by_label("Name").count() == 0  # every row has its own: nothing to choose from


def test_the_hypotheses_are_filtered_by_family_by_level_and_by_verdict(opened):
    with opened("chapters/hypotheses.html") as page:
        table = page.locator("#tbl-hypotheses")
        assert len(shown(table)) > 12
        for name in ("Family", "Level", "Verdict"):
            chosen = table.locator(".table-tools label").filter(has_text=re.compile(f"^{name}")).locator("select")
            wanted = chosen.locator("option").nth(1).inner_text()
            chosen.select_option(wanted)
            rows = table.locator("tbody tr:visible").all_text_contents()
            assert 0 < len(rows) < 12 and all(wanted in row for row in rows)
            chosen.select_option("")


def test_a_list_of_facts_keeps_its_order(browser):
    facts = "".join(f"<tr><th scope='row'>Part {number}</th><td>A sentence.</td></tr>" for number in range(20))
    with browser.new_context() as surroundings:
        page = surroundings.new_page()
        page.set_content("<div class='table-scroll stacked'><table><thead><tr><th>Part</th><th>What holds</th></tr>"
                         f"</thead><tbody>{facts}</tbody></table></div>")
        for name in ("address.js", "tables.js"):
            page.add_script_tag(path=ROOT / "surveybook" / "theme" / name)
        assert page.locator("button, input, select").count() == 0


def test_on_a_phone_the_column_that_names_the_rows_stays(opened):
    with opened("chapters/ledger.html", viewport=PHONE) as page:
        region = page.locator("#tbl-sums .table-scroll")
        assert region.evaluate("(region) => (region.scrollLeft = 1000, region.scrollLeft)") > 0
        left = region.bounding_box()["x"]
        assert region.locator("tbody th").first.bounding_box()["x"] == pytest.approx(left, abs=1)


def test_on_a_phone_rows_of_sentences_stand_one_below_the_other_with_the_titles_of_their_columns(opened):
    with opened("chapters/ledger.html", viewport=PHONE) as page:
        region = page.locator("#tbl-claims .table-scroll")
        assert region.evaluate("(region) => region.scrollWidth <= region.clientWidth")
        title = region.locator("tbody td").first.evaluate("(cell) => getComputedStyle(cell, '::before').content")
        assert re.sub('"', "", title) == region.locator("thead th").nth(1).evaluate("(title) => title.textContent")


@pytest.mark.parametrize("way", ["keyboard", "touch"])
def test_on_a_phone_stacked_rows_are_sorted_by_a_list(way, opened):
    with opened("chapters/ledger.html", viewport=PHONE, has_touch=True) as page:
        region = page.locator("#tbl-claims")
        titles, written = region.locator("thead th").all_text_contents(), shown(region)
        apart = region.locator("tbody td[data-column=Verdict]").all_text_contents()
        assert len(list(groupby(apart))) > len(set(apart))
        sort = region.get_by_label("Sort by")
        assert sort.locator("option").all_text_contents() == [
            "as written", *(f"{title} {arrow}" for title in titles for arrow in "↑↓")]
        if way == "touch":
            sort.tap()
            sort.select_option("Verdict ↑")
        else:
            region.locator(".cite-link").focus()
            page.keyboard.press("Tab")
            assert sort.evaluate("(list) => list === document.activeElement")
            page.keyboard.type("Verdict")
        verdicts = region.locator("tbody td[data-column=Verdict]").all_text_contents()
        assert [one for one, _ in groupby(verdicts)] == list(dict.fromkeys(verdicts)) and len(set(verdicts)) > 1
        assert region.locator("thead [aria-sort]").get_attribute("aria-sort") == "ascending"
        sort.select_option("as written")
        assert shown(region) == written


def test_where_titles_can_be_pressed_there_is_no_list_to_sort_by(opened):
    with opened("chapters/ledger.html") as page:
        tools = page.locator("#tbl-claims .table-tools")
        assert tools.count() == 1 and not tools.is_visible()
        page.locator("#tbl-claims .table-sort").nth(1).click()
        page.set_viewport_size(PHONE)
        assert tools.get_by_label("Sort by").evaluate("(list) => list.selectedOptions[0].text") == "Verdict ↑"
    with opened("chapters/ledger.html", java_script_enabled=False, viewport=PHONE) as page:
        assert page.locator(".table-tools").count() == 0
