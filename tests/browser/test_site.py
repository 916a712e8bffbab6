"""The built site as a reader gets it: from a server or a folder, on a phone, in the dark, without scripts."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect
from project import PAGES, PHONE, ROOT, STRANGE, files_of

from surveybook.publish.manifest import git
from surveybook.publish.pages.anchors import keep
from surveybook.publish.site.edition import Edition
from surveybook.publish.site.page import read_pages

WAYS = ("http", "file")
SIZE = "a.cite-link[href$='#cite-fig-size']"


def test_the_site_has_the_pages_of_the_book_the_citations_a_frame_for_each_figure_and_no_other(site):
    frames = [path.with_suffix("").as_posix() + ".embed.html" for path in
              (path.relative_to(site) for path in site.rglob("fig-*.svg"))]
    found = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert found == sorted([*PAGES, *frames, "404.html"])


# --- the same input gives the same bytes


@pytest.mark.exhaustive
def test_two_builds_in_different_folders_and_surroundings_are_byte_identical(site, project_copy, build, tmp_path):
    """So it is with a small book each time, in tests/book/test_install.py."""
    book, kept = project_copy(tmp_path / "another folder"), git(ROOT, "rev-parse", "--absolute-git-dir")
    state = {"GIT_DIR": kept, "GIT_WORK_TREE": str(book)} if kept else {}  # of what it is a copy of
    one, other = files_of(site), files_of(build(book, **STRANGE, **state))
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == []


# --- citing a part


@pytest.mark.parametrize("way", WAYS)
def test_a_citation_opens_by_keyboard_is_copied_and_closes_with_escape(way, opened):
    with opened("chapters/organizations.html", way) as page:
        if way == "http":
            page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        link = page.get_by_role("link", name="Cite Figure 2.1", exact=True)
        link.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="Cite Figure 2.1")
        expect(dialog).to_be_visible()
        shown = dialog.get_by_role("textbox", name="Citation")
        expect(shown).to_have_value(re.compile("“Figure 2.1: "))
        dialog.get_by_role("radio", name="Text").focus()
        page.keyboard.press("ArrowRight")
        expect(shown).to_have_value(re.compile("^@incollection{"))
        dialog.get_by_role("button", name="Copy").focus()
        page.keyboard.press("Enter")
        dialog.get_by_text("Copied").wait_for()
        if way == "http":
            assert page.evaluate("navigator.clipboard.readText()") == shown.input_value()
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(link).to_be_focused()
        assert page.said == []


def test_every_link_opens_its_own_citation(opened):
    with opened("chapters/gaps.html") as page:
        for link in page.locator("a.cite-link").all():
            link.click()
            name = link.get_attribute("aria-label")
            expect(page.get_by_role("dialog", name=name, exact=True)).to_be_visible()
            page.get_by_role("button", name="Close").click()


def test_a_file_beside_a_figure_is_downloaded_as_it_is(site, opened):
    with opened("chapters/practice.html") as page:  # who reads from a folder has the file
        links = page.locator("#fig-build .downloads a[download]")
        for name in ("fig-build.csv", "fig-build.json", "fig-build.svg", "fig-build.png"):
            with page.expect_download() as started:
                links.and_(page.locator(f'[href="{name}"]')).click()
            assert started.value.suggested_filename == name
            assert Path(started.value.path()).read_bytes() == (site / "chapters" / name).read_bytes()


def test_without_javascript_a_link_leads_to_the_same_citation(opened):
    with opened("chapters/organizations.html", "file", java_script_enabled=False) as page:
        page.locator(SIZE).click()
        page.wait_for_url("**/cite.html#cite-fig-size")
        entry = page.locator("#cite-fig-size")
        expect(entry).to_contain_text("“Figure 2.1: ", use_inner_text=True)  # once the address has unfolded it
        entry.locator("summary").click()
        for words in ("@incollection{", "TY  - CHAP"):
            expect(entry).to_contain_text(words, use_inner_text=True)


def test_a_link_opened_in_a_new_tab_is_a_link(newcomer):
    with newcomer("chapters/organizations.html") as page:
        with page.context.expect_page() as other:
            page.locator(SIZE).click(modifiers=["Control"])
        other.value.wait_for_url("**/cite.html#cite-fig-size")
        assert page.get_by_role("dialog").count() == 0


def test_the_dialog_fits_a_phone(opened):
    with opened("chapters/organizations.html", viewport=PHONE) as page:
        page.locator(SIZE).click()
        box = page.get_by_role("dialog").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"] and box["height"] <= PHONE["height"]
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


# --- addresses that have moved


@pytest.fixture(scope="module")
def moved(site, tmp_path_factory) -> str:
    """The site with the old address chapters/old.html, now chapters/gaps.html, and with #fig-old, now elsewhere."""
    copy = tmp_path_factory.mktemp("moved")
    for path in site.rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(site)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    (copy / "anchors.lock").write_text("old.html page\nold.html#fig-old figure\nold.html#sec-gaps section\n", "utf-8")
    (copy / "aliases.yaml").write_text("old.html: chapters/gaps.html\nfig-old: fig-size\n", encoding="utf-8")
    edition = Edition(copy, copy, {page.name: page for page in read_pages(copy)})
    keep(edition)
    (copy / "old.html").write_text(edition.pages["old.html"].tree.html, encoding="utf-8")
    return copy.as_uri()


@pytest.mark.parametrize(("fragment", "place"), [
    ("", "chapters/gaps.html"), ("#sec-gaps", "chapters/gaps.html#sec-gaps"), ("#any", "chapters/gaps.html#any"),
    ("#fig-old", "chapters/organizations.html#fig-size"),
])
def test_an_old_address_goes_on_to_the_new_one_with_its_fragment(fragment, place, moved, browser):
    with browser.new_context() as surroundings:
        page = surroundings.new_page()
        page.goto(f"{moved}/old.html{fragment}", wait_until="commit")  # which is left before it is loaded
        page.wait_for_url(f"{moved}/{place}")


def test_without_javascript_an_old_address_says_where_to_go(moved, browser):
    with browser.new_context(java_script_enabled=False) as surroundings:
        page = surroundings.new_page()
        page.goto(f"{moved}/old.html#fig-old")
        assert page.locator("h1").inner_text() == "This page has moved"
        page.locator("#fig-old").click()
        page.wait_for_url(f"{moved}/chapters/organizations.html#fig-size")
