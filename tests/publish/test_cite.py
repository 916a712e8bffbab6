"""Whatever the report shows can be cited: by people, by reference managers, by search engines, with either builder."""

# ruff: noqa: E501 - pages as Quarto writes them

from __future__ import annotations

import json
import mimetypes
import re
from html import escape
from pathlib import Path

import pytest
from cited import CFF, HOSTILE, PLACED, REPORT, pandoc, write_report
from selectolax.lexbor import LexborHTMLParser

from surveybook.errors import Refusal
from surveybook.publish.check import check
from surveybook.publish.citing.formats import FORMATS, SUFFIXES
from surveybook.publish.citing.metadata import description, downloads, picture, signposts
from surveybook.publish.finish import finish
from surveybook.publish.site.edition import Edition
from surveybook.publish.site.page import Page, read_pages
from surveybook.publish.site.parts import read_parts


@pytest.fixture
def book(tmp_path) -> Path:
    return write_report(tmp_path)


# --- pages as Quarto makes them


def quarto(title: str, body: str, label: str = "sec-peat", number: str = "2") -> str:
    return f"""<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en"><head><meta charset="utf-8">
<title>{number}&nbsp; {escape(title)} – Peat &amp; Bogs: a Survey</title>
<meta name="citation_title" content="[{number}]{{.chapter-number}}&nbsp; [{escape(title)}]{{.chapter-title}}"></head>
<body class="nav-sidebar floating"><div id="quarto-content">
<nav id="quarto-sidebar" class="sidebar"><div class="sidebar-header"><a href="../">Peat</a></div><div class="sidebar-menu-container"><ul class="list-unstyled mt-1">
<li class="sidebar-item"><div class="sidebar-item-container"><a href="../index.html" class="sidebar-item-text sidebar-link"><span class="menu-text">Home</span></a></div></li>
<li class="sidebar-item"><div class="sidebar-item-container"><a href="../chapters/peat.html" class="sidebar-item-text sidebar-link active"><span class="menu-text">Peat</span></a></div></li>
</ul></div></nav>
<main class="content" id="quarto-document-content"><header id="title-block-header" class="quarto-title-block default"><div class="quarto-title">
<h1 class="title"><span id="{label}" class="quarto-section-identifier"><span class="chapter-number">{number}</span>&nbsp; <span class="chapter-title">{escape(title)}</span></span></h1></div></header>
{body}</main></div></body></html>"""


def figure(label: str, number: str, caption: str, mark: str = "") -> str:
    return f"""<div id="{label}" class="quarto-float quarto-figure anchored"><figure class="quarto-float quarto-float-fig figure">
<div aria-describedby="{label}-caption"><div class="report-figure{mark}">x</div></div>
<figcaption class="quarto-float-caption-bottom" id="{label}-caption">Figure&nbsp;{number}: {escape(caption)}</figcaption></figure></div>"""


def section(label: str, number: str, title: str, body: str) -> str:
    return (f'<section id="{label}" class="level2" data-number="{number}"><h2 data-number="{number}" class="anchored" data-anchor-id="{label}">'
            f'<span class="header-section-number">{number}</span> {escape(title)}</h2>{body}</section>')


INDEX = quarto("x", '<section id="sec-short" class="level1 unnumbered"><h1 class="unnumbered">In short</h1><p>Hello.</p></section>').replace(
    "../", "./").replace('<span id="sec-peat" class="quarto-section-identifier"><span class="chapter-number">2</span>&nbsp; <span class="chapter-title">x</span></span>',
                         "Peat &amp; Bogs: a Survey").replace("2&nbsp; x – ", "")
MARK = ' simulated" data-label="Simulated data'
BODY = (section("sec-where", "2.1", HOSTILE, figure("fig-depth", "2.1", "Depth of peat.", MARK)
                + '<span class="finding" data-from="a.b">1</span>')
        + section("automatic", "2.2", "Not labelled", figure("fig-bog", "2.2", HOSTILE)))


@pytest.fixture
def small(book) -> Path:
    (book / "theme").mkdir()
    (book / "theme" / "cite.js").write_text("// a script", encoding="utf-8")
    (book / "site" / "chapters").mkdir(parents=True)
    (book / "site" / "index.html").write_text(INDEX, encoding="utf-8")
    (book / "site" / "chapters" / "peat.html").write_text(quarto("How deep?", BODY), encoding="utf-8")
    return book / "site"


def finished(small: Path, url: bool = False) -> dict[str, Page]:
    if url:
        more = 'url: "https://example.org/bogs/"\ndoi: 10.5281/zenodo.1003150\n'
        (small.parent / "CITATION.cff").write_text(CFF + more, encoding="utf-8")
    finish(small.parent, small)
    return {page.name: page for page in read_pages(small)}


def test_the_parts_of_a_page_of_quarto(small):
    page = Page("chapters/peat.html", LexborHTMLParser((small / "chapters/peat.html").read_text(encoding="utf-8")))
    found = [(one.kind, one.label, one.number, one.simulated) for one in read_parts(page)]
    assert found == [
        ("chapter", "sec-peat", "Chapter 2", "partly simulated data"),
        ("section", "sec-where", "Section 2.1", "partly simulated data"),
        ("figure", "fig-depth", "Figure 2.1", "simulated data"),
        ("figure", "fig-bog", "Figure 2.2", ""),
    ]
    assert [one.title for one in read_parts(page)] == ["How deep?", HOSTILE.replace("\u202e", ""), "Depth of peat",
                                                  HOSTILE.replace("\u202e", "")]


def test_a_caption_is_cited_by_what_it_shows_without_what_the_marks_mean(small):
    html = quarto("x", figure("fig-a", "2.1", "Depth, etc. of peat; dots are shares; lines their intervals."))
    assert [one.title for one in read_parts(Page("x.html", LexborHTMLParser(html)))] == ["x", "Depth, etc. of peat"]


def test_an_appendix_has_its_letter_and_its_title(small):
    html = quarto("x", "").replace('<span class="chapter-number">2</span>&nbsp; <span class="chapter-title">x</span>', "Appendix A — Forms")
    (one,) = read_parts(Page("forms.html", LexborHTMLParser(html)))
    assert (one.kind, one.number, one.title) == ("chapter", "Appendix A", "Forms")


def test_a_title_that_looks_like_a_number_is_a_title(small):
    (one,) = read_parts(Page("forms.html", LexborHTMLParser(quarto("Table 3: a memoir", ""))))
    assert (one.number, one.title) == ("Chapter 2", "Table 3: a memoir")


def test_each_part_has_a_link_beside_it_that_is_no_part_of_it(small):
    page = finished(small)["chapters/peat.html"]
    links = {link.attributes["href"]: link for link in page.tree.css("a.cite-link")}
    assert list(links) == ["../cite.html#cite-sec-peat", "../cite.html#cite-sec-where", "../cite.html#cite-fig-depth",
                           "../cite.html#cite-fig-bog"]
    assert [link.attributes["aria-label"] for link in links.values()] == ["Cite Chapter 2", "Cite Section 2.1", "Cite Figure 2.1", "Cite Figure 2.2"]
    assert {link.text() for link in links.values()} == {"Cite"}
    assert not page.tree.css(":is(h1, h2, h3, figcaption, #TOC) .cite-link")


def test_the_page_of_citations_lists_all_of_them_in_the_order_of_the_book(small):
    page = finished(small)["cite.html"]
    entries = [entry_.attributes["id"] for entry_ in page.content.css(".citation-entry")]
    assert entries == ["cite-index", "cite-sec-short", "cite-sec-peat", "cite-sec-where", "cite-fig-depth", "cite-fig-bog"]
    for entry_ in page.content.css(".citation-entry"):
        assert len(entry_.css("pre")) == len(SUFFIXES)
    assert not page.tree.css("main script, .simulated-page, meta[name^=citation]")
    assert "peat.html#sec-where" in page.tree.html and page.tree.css_first("title").text() == "Cite – Peat & Bogs: a Survey"


def test_every_sidebar_leads_to_the_page_of_citations_last(small):
    for name, page in finished(small).items():
        if name == "404.html":  # has no sidebar, as it is shown at any depth
            continue
        link = page.tree.css("#quarto-sidebar li a")[-1]
        assert link.text().strip() == "Cite"
        assert link.attributes["href"] == ("../cite.html" if "/" in name else "cite.html")
        assert ("active" in (link.attributes.get("class") or "").split()) == (name == "cite.html")
        assert len(page.tree.css("#quarto-sidebar .active")) <= 1


def test_what_the_dialog_shows_is_data_that_nothing_in_a_title_can_break(small):
    page = finished(small)["chapters/peat.html"]
    (block,) = page.tree.css("script#report-citations")
    told = json.loads(block.text())
    assert set(told) == {"cite-sec-peat", "cite-sec-where", "cite-fig-depth", "cite-fig-bog"}
    assert all(set(FORMATS) <= set(one) for one in told.values())
    assert HOSTILE.replace("\u202e", "") in told["cite-fig-bog"]["text"]
    assert "alert(1)" not in "".join(script.text() for script in page.tree.css("script:not([type])"))


def test_beside_each_page_lie_its_citations_and_other_programs_read_them(small):
    finished(small, url=True)
    for name, kind in (("bibtex", "bibtex"), ("ris", "ris"), ("csl", "csljson")):
        written = (small / f"chapters/peat{SUFFIXES[name]}").read_bytes().decode()
        found = pandoc(written, kind)
        assert [one["id"] for one in found] == [f"peat2026-{label}" for label in ("sec-peat", "sec-where", "fig-depth", "fig-bog")]


# The small pages lack the theme's files and whole figures, and their hostile titles have digits
NOT_MEANT = r".*theme/|the figure (has|does)|a digit was typed"


def test_the_finished_site_is_sound_and_finishing_it_again_changes_nothing(small):
    finished(small)
    assert [fault for fault in check(small) if not re.match(NOT_MEANT, fault.what)] == []
    before = {path: path.read_bytes() for path in small.rglob("*") if path.is_file()}
    finish(small.parent, small)
    assert {path: path.read_bytes() for path in small.rglob("*") if path.is_file()} == before


def test_a_page_that_an_earlier_run_made_goes_with_what_it_was_made_for(small):
    finished(small)
    (small.parent / "CITATION.cff").unlink()
    assert set(finished(small)) == {"index.html", "chapters/peat.html", "404.html"}


def test_what_cannot_be_finished_is_left_as_it_is(small):
    finished(small)
    before = {path: path.read_bytes() for path in small.rglob("*") if path.is_file()}
    (small.parent / "anchors.lock").write_text("gone.html page\n", encoding="utf-8")
    with pytest.raises(Refusal, match="gone.html is gone"):
        finish(small.parent, small)
    assert {path: path.read_bytes() for path in small.rglob("*") if path.is_file()} == before


def test_a_book_without_a_citation_file_is_left_as_it_is(small):
    (small.parent / "CITATION.cff").unlink()
    pages = finished(small)
    assert set(pages) == {"index.html", "chapters/peat.html", "404.html"}
    assert not pages["index.html"].tree.css(".cite-link, meta[name='DC.title']")


# --- the head


def head(page: Page) -> dict[str, list[str]]:
    """What the head says, by name, property or relation."""
    said: dict[str, list[str]] = {}
    for node in page.tree.css("head meta[name], head meta[property], head link[rel]"):
        at = node.attributes
        said.setdefault(at.get("name") or at.get("property") or at["rel"], []).append(at.get("content") or at.get("href") or "")
    return said


def linked(page: Page) -> dict[str, dict]:
    return {data["@type"]: data for data in (json.loads(node.text()) for node in page.tree.css('script[type="application/ld+json"]'))}


def saved_by_zotero(author: str) -> tuple[str, str]:
    """First and last name, as Zotero's translator “Embedded Metadata” and its cleanAuthor make them of a name (read in
    zotero/translators at 0180a147, not run): with a comma what stands before it is the last name, else the last word."""
    bare = author.strip(" ,./[]:")
    if "," in author:
        last, _, first = bare.partition(",")
        return first.strip(), last.strip()
    first, _, last = bare.rpartition(" ")
    return first, last


def test_a_chapter_says_what_it_is_to_reference_managers(small):
    said = head(finished(small, url=True)["chapters/peat.html"])
    assert said["citation_title"] == ["How deep? (partly simulated data)"]
    assert said["citation_author"] == ["van der Moss, Ada", "The Bog Project,"]
    assert [saved_by_zotero(name) for name in said["citation_author"]] == [("Ada", "van der Moss"), ("", "The Bog Project")]
    assert said["citation_publication_date"] == ["2026/03/09"]
    assert said["citation_book_title"] == said["citation_inbook_title"] == ["Peat & Bogs: a Survey"]
    assert said["citation_public_url"] == said["canonical"] == said["og:url"] == ["https://example.org/bogs/chapters/peat.html"]
    assert said["DC.type"] == ["BookItem"] and said["DC.date"] == ["2026-03-09"]
    assert "citation_doi" not in said


def test_the_first_page_stands_for_the_report(small):
    said = head(finished(small, url=True)["index.html"])
    assert said["citation_title"] == ["Peat & Bogs: a Survey (partly simulated data)"]
    assert said["citation_doi"] == ["10.5281/zenodo.1003150"]
    assert said["cite-as"] == ["https://doi.org/10.5281/zenodo.1003150"]
    assert said["canonical"] == ["https://example.org/bogs/"]
    assert "citation_book_title" not in said and said["DC.type"] == ["Report"] and said["og:type"] == ["article"]


def test_without_an_address_no_absolute_one_is_told(small):
    for page in finished(small).values():
        said = head(page)
        assert not {"canonical", "cite-as", "og:url", "citation_public_url", "DC.identifier"} & set(said)
        assert not [data for data in linked(page).values() if "url" in data]
        assert all(value.startswith(("http://purl.org/", "https://spdx.org/")) for values in said.values()
                   for value in values if "://" in value)


def test_signposts_lead_to_the_records_the_licence_and_the_whole(small):
    said = head(finished(small, url=True)["chapters/peat.html"])
    assert said["cite-as"] == ["https://example.org/bogs/chapters/peat.html"]
    assert said["describedby"] == ["peat.bib", "peat.ris", "peat.csl.json"]
    assert said["license"] == ["https://spdx.org/licenses/MIT"] and said["collection"] == ["../index.html"]


def described(text: str, head: str = "") -> str:
    """The description of a chapter that opens with this paragraph."""
    html = f'<head><title>Peat – A Book</title>{head}</head><main><p class="subtitle">No.</p>{text}</main>'
    return description(Page("peat.html", LexborHTMLParser(html)), "A Book")


def test_a_page_is_described_by_its_question_and_its_answer():
    assert described("<p>How deep is it?\nOf 28 bogs, 64.5% are &lt; 2 m. <em>So</em> be it.</p><p>Further.</p>") == (
        "How deep is it? Of 28 bogs, 64.5% are < 2 m. So be it.")
    long = f"<p>How deep? {'Deep ' * 60}. End.</p>"
    assert described(long) == "How deep?"
    assert described("") == "Peat: a page of “A Book”."
    assert described(long, '<meta name="description" content="On peat.">') == "On peat."


def test_simulated_values_in_a_description_are_called_so():
    value = '<span class="finding simulated" data-label="Simulated data">2 m</span>'
    assert described(f"<p>How deep? In all, {value}.</p>") == "Simulated data. How deep? In all, 2 m."
    assert described(f'<p>How deep? {value} here, <span class="finding">3 m</span> there.</p>').startswith("Partly simulated data. ")


def test_every_page_of_the_report_has_one_description_of_its_own(site):
    found, pages = {}, [page for page in read_pages(site) if page.name != "404.html"]
    for page in pages:
        (said,) = head(page)["description"]
        assert [said] == head(page)["og:description"] and 10 < len(said) <= 400
        found[said] = page.name
        if "simulated" in (page.content.attributes.get("class") or "").split():
            assert "imulated" in said, page.name
    assert len(found) == len(pages)


def test_files_that_a_page_links_to_are_its_items_and_the_first_picture_stands_for_it(small):
    page = Page("chapters/peat.html", LexborHTMLParser(quarto("x", '<a href="fig-a.csv">CSV</a><a href="fig-a.png">PNG</a>'
                                                                  '<a href="other.csv">not ours</a>')))
    edition = Edition(small.parent, small, {page.name: page}, {"chapters/fig-a.csv": b"", "chapters/fig-a.png": b""})
    items = [(tag["href"], tag["type"]) for _, tag in signposts(edition, PLACED, page, downloads(edition, page)) if tag["rel"] == "item"]
    assert items == [("fig-a.csv", "text/csv"), ("fig-a.png", "image/png")]
    assert picture(PLACED, downloads(edition, page)) == [
        ("meta", {"property": "og:image", "content": "https://example.org/bogs/chapters/fig-a.png"})]
    assert picture(REPORT, downloads(edition, page)) == []


def test_what_kind_a_file_is_does_not_depend_on_what_the_machine_knows(small, monkeypatch):
    """A workbook is known to the list of types of one system, and not to that of another."""
    monkeypatch.setattr(mimetypes, "_db", mimetypes.MimeTypes())
    page = Page("peat.html", LexborHTMLParser(quarto("x", '<a href="data/bogs.xlsx">Workbook</a>')))
    edition = Edition(small.parent, small, {page.name: page}, {"data/bogs.xlsx": b""})
    kinds = [tag["type"] for _, tag in signposts(edition, PLACED, page, downloads(edition, page)) if tag["rel"] == "item"]
    assert kinds == ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]
