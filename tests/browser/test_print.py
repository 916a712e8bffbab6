"""A chapter on paper: printed by Chromium, read back with pdftotext."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator

import pytest
from selectolax.lexbor import LexborHTMLParser

from surveybook.publish.finish import finish
from surveybook.publish.pages.notes import note
from surveybook.publish.site.page import Page

CHAPTER, TABLES, LISTS = "chapters/attacks.html", "chapters/ledger.html", "chapters/synthesis.html"
NO_READER = "there is no pdftotext on this machine; get it with: apt-get install poppler-utils"


@pytest.fixture
def prints(opened, tmp_path):
    """prints(page, changes): the texts of its sheets, as printed by somebody who reads in the dark after each of these
    scripts has changed the page a little more."""
    if shutil.which("pdftotext") is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(NO_READER)

    def sheets(name: str, changes: Iterable[str], size: str = "A4") -> Iterator[list[str]]:
        with opened(name, color_scheme="dark") as page:
            for change in changes:
                page.evaluate(change)
                page.pdf(path=tmp_path / "page.pdf", format=size)
                command = ["pdftotext", "-layout", tmp_path / "page.pdf", "-"]
                ended = subprocess.run(command, capture_output=True, text=True, check=True)
                yield ended.stdout.rstrip("\f").split("\f")

    return sheets


@pytest.fixture
def printed(prints):
    """printed(page): the texts of its sheets; `change`: a script that changes the page before it is printed."""
    return lambda name, size="A4", change="0": list(prints(name, [change], size))[0]


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_a_sheet_holds_the_text_and_its_number_but_no_navigation(size, printed):
    sheets = printed(CHAPTER, size)
    assert len(sheets) >= 2
    for number, sheet in enumerate(sheets, 1):
        assert re.search(rf"\s{number} ?/ ?{len(sheets)}$", sheet.strip())
    text = "\n".join(sheets)
    assert "Which attack they fear most" in text
    for tool in ("Search the report", "Skip to the text", "Table of contents", "Who was interviewed", "Dark\n"):
        assert tool not in text


def test_folded_parts_are_open(printed, opened):
    with opened(CHAPTER) as page:
        folded = page.locator("main details").first
        assert not folded.evaluate("(folded) => folded.open")
        cells = folded.locator("tbody tr").first.locator("th, td").all_text_contents()
    assert re.search(r"\s+".join(map(re.escape, cells)), "\n".join(printed(CHAPTER)))


def test_a_caption_its_drawing_and_its_note_are_on_one_sheet(printed):
    first = next(sheet for sheet in printed(CHAPTER) if re.search(r"Figure\s\d+\.1:", sheet))
    for words in ("Poisoning", "Exploiting software dependencies", "Source: Kumar and others"):
        assert words in first


def test_no_heading_stands_alone_at_the_end_of_a_sheet(prints):
    """Wherever the text is cut: lines before the first heading move all others down the sheets."""
    longer = "document.querySelector('main p').insertAdjacentHTML('beforeend', '<br>·'.repeat(3))"
    for sheets in prints(TABLES, ["0", *[longer] * 7]):
        for sheet in sheets:
            last = [line for line in sheet.splitlines() if line.strip()][-2]
            assert not re.match(r"\s*\d+\.\d+ ", last), last


def test_the_head_of_a_table_is_repeated_on_each_of_its_sheets(printed):
    longer = """{
        const body = document.querySelector('#tbl-claims tbody');
        [...body.rows].forEach((row) => body.append(row.cloneNode(true)));
    }"""
    sheets = [sheet for sheet in printed(TABLES, change=longer) if re.search(r"[✓✗] ?(agrees|does not agree)", sheet)]
    assert len(sheets) >= 2
    assert all("Recomputed" in sheet for sheet in sheets)


def test_the_last_row_of_a_table_is_not_alone_on_a_sheet(prints):
    """Wherever the text is cut, as above: the last claim stands below the one before it."""
    longer = "document.querySelector('#tbl-claims').insertAdjacentHTML('beforebegin', '<br>·'.repeat(3))"
    for sheets in prints(TABLES, ["0", *[longer] * 13]):
        last = next(sheet for sheet in sheets if "Had working knowledge" in sheet)
        assert "Are ready to assign" in last


def test_a_list_in_a_cell_may_go_on_over_the_end_of_a_sheet(printed):
    """Else a table whose first row is long would leave the rest of the sheet empty."""
    first = next(sheet for sheet in printed(LISTS) if re.search(r"Table\s\d+\.1:", sheet))
    assert "The organization is large:" in first


# --- links to other sites: a number in the text, and a list of addresses at its end


PAGE = """<!DOCTYPE html><html lang="en"><head><title>A</title></head><body>
<nav><a href="https://example.org/nav">around the text</a></nav><main><h1>A</h1><p>{}</p></main></body></html>"""


def noted(words: str) -> Page:
    page = Page("index.html", LexborHTMLParser(PAGE.replace("{}", words)))
    note(page)
    return page


def listed(page: Page) -> list[str]:
    return [item.text() for item in page.content.css(".addresses li")]


def numbers(page: Page) -> list[tuple[str, str | None]]:
    return [(link.text(), link.attributes.get("data-note")) for link in page.content.css("a")]


def link(address: str, words: str) -> str:
    return f'<a href="{address}">{words}</a>'


def test_each_address_is_listed_once_and_its_links_share_a_number():
    again = "https://b.org/?x=1&amp;y"
    page = noted(link(again, "one") + link("//a.org/", "two") + link(again, "three"))
    assert numbers(page) == [("one", "1"), ("two", "2"), ("three", "1")]
    assert listed(page) == ["https://b.org/?x=1&y", "//a.org/"]


@pytest.mark.parametrize("words", [
    link("other.html#sec-a", "another chapter"), link("#sec-a", "a section"), link("mailto:a@example.org", "a letter"),
    link("https://example.org/a/", "https://example.org/a"), link("https://example.org/", " example.org "),
    link("https://example.org/finds/F.07", "F.07"),
    f'<span class="csl-entry">{link("https://doi.org/10.1/2", "a paper")}</span>',
])
def test_what_stays_in_the_site_or_tells_its_address_gets_no_number(words):
    assert noted(words).tree.html == LexborHTMLParser(PAGE.replace("{}", words)).html


def test_the_list_is_for_paper_alone(opened):
    """Nobody meets it on a screen, with or without a style sheet, nor hears it."""
    content = noted(f'Read {link("https://example.org/paper", "a paper")}.').content.inner_html
    with opened(CHAPTER) as page:
        page.evaluate("content => { document.querySelector('main').innerHTML = content }", content)
        assert page.locator("main").inner_text().split("\n")[-1] == "Read a paper."
        assert "Addresses" not in page.locator("main").aria_snapshot()
        page.evaluate("document.querySelectorAll('link').forEach((link) => link.remove())")
        assert not page.locator(".addresses").is_visible()


def test_on_paper_each_link_has_its_number_and_the_list_is_at_the_end(printed):
    links = f'{link("https://example.org/paper", "a paper")} and {link("https://example.org/data", "its data")}'
    change = f"document.querySelector('main').innerHTML = {json.dumps(noted(links).content.inner_html)}"
    told = " ".join("\n".join(printed(CHAPTER, change=change)).split())
    assert re.search(r"a paper ?\[1\] and its data ?\[2\]", told)
    assert "Addresses [1] https://example.org/paper [2] https://example.org/data" in told


def test_what_else_is_made_of_a_page_knows_nothing_of_the_list(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text(PAGE.replace("{}", link("https://example.org/paper", "a paper")), encoding="utf-8")
    finish(tmp_path, site)
    assert "data-note" in (site / "index.html").read_text(encoding="utf-8")
    for name in ("index.md", "search-index.js"):
        assert "a paper" in (told := (site / name).read_text(encoding="utf-8")) and "Addresses" not in told, name
