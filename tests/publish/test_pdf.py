"""The whole report as one PDF: its pages joined to one, printed by Chromium, read back with poppler's tools."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from project import ROOT, SMALL
from selectolax.lexbor import LexborHTMLParser

from surveybook.publish.build import Failed
from surveybook.publish.manifest import NAME
from surveybook.publish.pages.notes import note
from surveybook.publish.printing.book import whole
from surveybook.publish.printing.contents import LEAF, numbered, outline
from surveybook.publish.printing.numbers import NAME as BEHIND
from surveybook.publish.printing.pdf import STYLE, add_print, is_print, leaves, pdf
from surveybook.publish.site import report as citation
from surveybook.publish.site.edition import Edition
from surveybook.publish.site.page import Page, read_pages

NO_READER = "there is no pdfinfo and no pdftotext on this machine; get them with: apt-get install poppler-utils"
WIDEST = "main :is(table, pre, p, ul, ol, dl, figure, img, svg)"


# --- one page of many

ONE = """<html lang="en"><head><title>A Book</title><link rel="stylesheet" href="a.css">
<style>[data-style="1"]:not(#a#b#c) { color: red }</style></head><body>
<nav id="quarto-sidebar"><ul><li><a href="index.html"><span class="menu-text">Start</span></a></li>
<li><span class="menu-text">Part &amp; Piece</span><ul>
<li><a href="chapters/two.html"><span class="menu-text">1 Two</span></a></li></ul></li></ul></nav>
<main id="quarto-document-content"><header id="title-block-header"><h1 class="title">A Book</h1></header>
<section id="sec-a"><h2>First</h2><p id="same" data-style="1">One. <a href="chapters/two.html">over</a>
<a href="chapters/two.html#same">there</a> <a href="data.csv">rows</a> <a href="https://example.org/">away</a></p>
</section><div id="refs">{refs}</div></main></body></html>"""
TWO = """<html lang="en"><head><title>Two – A Book</title><link rel="stylesheet" href="../a.css">
<style>[data-style="1"]:not(#a#b#c) { color: blue }</style></head><body>
<main id="quarto-document-content"><header id="title-block-header"><h1 class="title">1 Two</h1></header>
<p id="same" data-style="1" aria-describedby="same alone">Two.
<a href="../index.html#sec-a">back</a>
<a href="#same">here</a> <a class="cite-link" href="../cite.html">Cite</a></p>
<b id="alone"></b><img src="p.png" alt="P">
<div id="fig-x"><figure><figcaption>Figure 1.1: A &lt; B.</figcaption><div class="report-figure">
<svg class="wide"></svg><svg class="narrow"></svg>
<details><summary>As a table and in words</summary><table><tr><td>7</td></tr></table></details>
<p class="told">Most often seven.</p>
</div></figure></div><div id="refs"><p id="ref-moss">Moss 2014</p></div></main></body></html>"""


REFERENCE = '<p id="ref-{}">{}</p>'


def joined(home: str = "", refs: str = REFERENCE.format("moss", "Moss 2014")) -> LexborHTMLParser:
    first = LexborHTMLParser(ONE.replace("{refs}", refs))
    pages = [Page("index.html", first), Page("chapters/two.html", LexborHTMLParser(TWO))]
    report = citation.Report("Bogs", (), "2.0", date(2026, 1, 2), "CC-BY-4.0", "MIT", url=home)
    return LexborHTMLParser(whole(pages, Path("/site"), "", report))


def hrefs(tree: LexborHTMLParser) -> dict[str, str | None]:
    return {link.text(): link.attributes.get("href") for link in tree.css("a")}


def test_every_id_is_there_once():
    ids = [node.attributes["id"] for node in joined().css("[id]")]
    assert len(ids) == len(set(ids)) and {"same", "page-2-same", "sec-a", "alone"} <= set(ids)


def test_what_names_a_changed_id_follows():
    tree = joined()
    assert tree.css_first("#page-2-same").attributes["aria-describedby"] == "page-2-same alone"
    assert hrefs(tree)["here"] == hrefs(tree)["there"] == "#page-2-same"


def test_links_between_chapters_stay_in_the_document_and_those_away_stay():
    found = hrefs(joined())
    assert (found["over"], found["back"], found["away"]) == ("#page-2", "#sec-a", "https://example.org/")


def test_a_link_to_a_file_is_words_until_the_report_has_a_home():
    assert hrefs(joined())["rows"] is None
    assert hrefs(joined("https://example.org/r/"))["rows"] == "https://example.org/r/data.csv"


def test_a_print_does_not_lead_to_an_earlier_one(tmp_path):
    edition = '<section class="edition" aria-label="Edition"><p>Version 2.0</p></section></body>'
    (tmp_path / "manifest.json").write_text('{"files": {}}', encoding="utf-8")
    (tmp_path / "index.html").write_text(ONE.replace("</body>", edition), encoding="utf-8")
    prints = []
    for _ in range(2):
        first = LexborHTMLParser((tmp_path / "index.html").read_text(encoding="utf-8"))
        prints.append(whole([Page("index.html", first)], tmp_path, ""))
        add_print(tmp_path, b"%PDF")
    assert "whole-report" in (tmp_path / "index.html").read_text("utf-8") and prints[0] == prints[1]


def test_each_chapter_keeps_its_own_styles():
    tree = joined()
    rules = "".join(style.text() for style in tree.css("style"))
    for identifier, color in (("same", "red"), ("page-2-same", "blue")):
        number = tree.css_first(f"#{identifier}").attributes["data-style"]
        assert f'[data-style="{number}"]:not(#a#b#c) {{ color: {color} }}' in rules
    assert [link.attributes["href"] for link in tree.css("link")] == ["file:///site/a.css"]


def test_a_picture_is_found_from_any_folder():
    assert joined().css_first("img").attributes["src"] == "file:///site/chapters/p.png"


def test_references_stand_once_and_controls_not_at_all():
    text = joined().body.text()
    assert text.count("Moss 2014") == 1 and "Cite" not in text


def test_references_that_stand_on_no_later_page_are_kept():
    assert "Reed 1999" in joined(refs=REFERENCE.format("reed", "Reed 1999")).body.text()


def test_the_twin_of_a_drawing_stands_at_the_end_and_both_lead_to_each_other():
    tree = joined()
    assert tree.css_first("#fig-x table") is None and len(tree.css("#fig-x svg")) == 1
    assert tree.css_first('#fig-x a[href="#numbers-fig-x"] ~ .leaf').attributes["data-of"] == "numbers-fig-x"
    section = tree.css_first("main:last-of-type > #numbers-fig-x")
    assert section.css_first("td").text() == "7" and section.css_first("p").text().strip() == "A < B."
    assert section.css_first('h2 > a[href="#fig-x"]').text() == "Figure 1.1"


def test_the_addresses_of_its_links_stand_at_the_end_of_each_chapter_with_its_own_numbers():
    pages = [Page("index.html", LexborHTMLParser(ONE)), Page("two.html", LexborHTMLParser(ONE))]
    for page in pages:
        note(page)
    tree = LexborHTMLParser(whole(pages, Path("/site"), ""))
    for place in ("page-1", "page-2"):
        assert [link.text() for link in tree.css(f'#{place} a[data-note="1"]')] == ["away"]
        assert [item.text() for item in tree.css(f"#{place} > .addresses:last-child li")] == ["https://example.org/"]


def test_the_contents_have_parts_chapters_and_sections():
    contents = joined().css_first(".contents")
    assert [node.text() for node in contents.css("h1, .part, li > a")] == [
        "Contents", "Start", "First", "Part & Piece", "1 Two", "The numbers behind the figures", "Figure 1.1",
    ]


def test_no_place_of_navigation_is_left():
    """Also as Quarto's style sheet hides some: it would hide the contents."""
    assert joined().css_first("nav") is None


def test_the_contents_name_the_sheet_of_each_place():
    html = LEAF.format("sec-a") + LEAF.format("a&amp;b") + LEAF.format("gone")
    assert re.findall(r">(\d*)</span>", numbered(html, {"sec-a": 3, "a&b": 12})) == ["3", "12", ""]


# --- what is said where it cannot be printed


def test_without_a_chromium_it_says_how_to_get_one(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failed, match="no Chromium on this machine.*apt-get install chromium"):
        pdf(tmp_path, tmp_path, tmp_path / "report.pdf")


def program(folder: Path, monkeypatch, script: str) -> None:
    (folder / "chromium").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / "chromium").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_without_a_finished_site_it_says_how_to_build_it(monkeypatch, tmp_path):
    program(tmp_path, monkeypatch, "exit 0")
    with pytest.raises(Failed, match=r"no finished site; build it first \(make site\)"):
        pdf(tmp_path, tmp_path, tmp_path / "report.pdf")


def test_what_a_chromium_says_that_fails_is_passed_on_and_the_last_good_pdf_stays(monkeypatch, tmp_path):
    program(tmp_path, monkeypatch, "echo 'no room for a profile' >&2; exit 3")
    last = "%PDF-1.4 /Producer (Skia/PDF m155)\n/CreationDate (D:20260101000000+00'00')"
    for name, text in (("index.html", ONE), (NAME, "{}"), ("report.pdf", last)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(Failed, match="no room for a profile"):
        pdf(tmp_path, tmp_path, tmp_path / "report.pdf")
    assert (tmp_path / "report.pdf").read_text(encoding="utf-8") == last


@pytest.mark.parametrize("make", [
    Path.mkdir, os.mkfifo, lambda place: place.write_bytes(b"%PDF-1.7 a thesis"), lambda place: place.write_text("a"),
    lambda place: place.write_bytes(b"%PDF-1.4 /Producer (Skia/PDF m155)\n/CreationDate (D:20260101103007+00'00')"),
    lambda place: place.symlink_to("elsewhere"),
])
def test_what_was_printed_by_others_is_not_lost(make, tmp_path):
    target = tmp_path / "report.pdf"
    make(target)
    before = target.lstat().st_mtime_ns
    with pytest.raises(Failed, match="is something other than a printed report, and would be lost; move it away"):
        pdf(tmp_path, tmp_path, target)
    assert target.lstat().st_mtime_ns == before


# --- a report itself: the small one, and this one


@dataclass(frozen=True)
class Report:
    """A folder with a report, and its site."""

    root: Path
    site: Path

    @property
    def pages(self) -> list[Page]:
        return [page for page in read_pages(self.site) if not page.made]


@pytest.fixture(scope="module", params=["small", pytest.param("site", marks=pytest.mark.slow)])
def book(request) -> Report:
    site = request.getfixturevalue(request.param)
    return Report(SMALL if request.param == "small" else ROOT, site)


@pytest.fixture(scope="module")
def report(book, chromium, tmp_path_factory) -> Path:
    """The PDF of the report."""
    if not (shutil.which("pdfinfo") and shutil.which("pdftotext")):
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(NO_READER)
    target = tmp_path_factory.mktemp("pdf") / "report.pdf"
    assert re.fullmatch(r"pdf: \d+ sheets in .*report\.pdf", pdf(book.root, book.site, target))
    assert is_print(target)  # so that it may be replaced
    return target


@pytest.fixture(scope="module")
def sheets(report) -> list[str]:
    """The text of each sheet of the PDF."""
    return said("pdftotext", "-layout", report, "-").rstrip("\f").split("\f")


def said(*command: object) -> str:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True).stdout


def titles(site: Path) -> dict[str, str]:
    """Every chapter's title, by page, as the sidebar has it."""
    first = next(page for page in read_pages(site) if page.name == "index.html")
    return {name: title for name, (_, title) in outline(first).items() if name != "cite.html"}


def flat(text: str) -> str:
    """A text without its spaces, which lines break and PDF writes as it likes."""
    return "".join(text.split())


def bookmarks(content: bytes) -> list[str]:
    """The titles of the outline of a PDF, each without spaces, in the order of its objects."""
    start = min(found.start() for found in re.finditer(rb"<</Title", content[content.index(b"endobj"):]))
    found = re.findall(rb"<</Title (?:\(((?:\\.|[^\\)])*)\)|<FEFF([0-9A-F]*)>)", content[start:])
    return [flat(re.sub(r"\\(.)", r"\1", plain.decode("latin-1")) or bytes.fromhex(coded.decode()).decode("utf-16-be"))
            for plain, coded in found]


def test_it_is_tagged_a4_and_tells_no_clock(report, book):
    told = dict(one.split(":", 1) for one in said("pdfinfo", "-isodates", report).splitlines())
    cited = citation.read_report(book.root)
    assert told["Tagged"].strip() == "yes" and "(A4)" in told["Page size"]
    assert int(told["Pages"]) > len(book.pages)
    assert told["CreationDate"].strip() == told["ModDate"].strip() == f"{cited.date}T00:00:00Z"
    assert told["Title"].strip() == cited.title


def test_every_chapter_starts_on_the_sheet_that_the_contents_name(book, report, sheets):
    found = leaves(report.read_bytes())
    assert set(titles(book.site)) == {page.name for page in book.pages}
    front = "\n".join(sheets[1 : found["page-1"] - 1])
    for number, title in enumerate(titles(book.site).values(), 1):
        sheet = found[f"page-{number}"]
        assert flat(title) in flat(sheets[sheet - 1]), title
        assert re.search(rf"{re.escape(flat(title))}{sheet}$", "\n".join(map(flat, front.splitlines())), re.M), title


def test_every_chapter_and_section_has_a_bookmark(book, report):
    found = bookmarks(report.read_bytes())
    headings = {flat(heading.text()) for page in book.pages for heading in page.content.css("h1, h2")}
    assert len(headings) > 2 * len(book.pages) and headings <= set(found)


def test_no_link_leads_to_a_file_and_none_is_dead(book, report):
    content = report.read_bytes()
    away = re.findall(rb"/URI \(([^)]*)", content)
    assert away and all(link.startswith((b"https://", b"http://", b"mailto:")) for link in away)
    assert b"file:" not in content
    inside = {place.decode() for place in re.findall(rb"/Dest /(\S+)", content)}
    assert len(inside) > 2 * len(book.pages) and inside <= set(leaves(content))


def test_the_sheet_of_the_numbers_is_named_below_each_figure(book, report, sheets):
    found = leaves(report.read_bytes())
    named = re.findall(r"The numbers as a table, sheet (\d+)", "\n".join(sheets))
    behind = [sheet for place, sheet in found.items() if place.startswith("numbers-") and place != BEHIND]
    assert len(named) == len(behind) > len(book.pages)
    assert sorted(map(int, named)) == sorted(behind)


def test_controls_and_downloads_are_left_out(sheets):
    text = "\n".join(sheets)
    assert "Download:" not in text and "As a table" not in text and "Most often" not in text
    assert not re.search(r"^\s*Cite$", text, re.MULTILINE)


def test_each_sheet_but_the_first_has_its_number(sheets):
    assert not re.search(r"\d+ ?/ ?\d+$", sheets[0].strip())
    for number, sheet in enumerate(sheets[1:], 2):
        assert re.search(rf"\s{number} ?/ ?{len(sheets)}$", sheet.strip())


def test_simulated_data_are_marked_in_their_numbers_too(report, sheets):
    behind = sheets[leaves(report.read_bytes())[BEHIND] - 1 :]
    assert "(simulated data)" in "\n".join(behind)


def test_no_table_is_wider_than_a_sheet(site, browser, tmp_path):
    """Chromium would make the whole report smaller, so that it fits."""
    edition = Edition(site, site, {page.name: page for page in read_pages(site)})
    (tmp_path / "page.html").write_text(whole(edition.book, site, STYLE.read_text(encoding="utf-8")), encoding="utf-8")
    with browser.new_context(viewport={"width": 657, "height": 900}) as surroundings:  # A4 without its margins
        page = surroundings.new_page()
        page.emulate_media(media="print")
        page.goto((tmp_path / "page.html").as_uri())
        wide = page.evaluate(f"[...document.querySelectorAll('{WIDEST}')].filter((one) => "
                             "one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.closest('[id]').id)")
    assert wide == []
