"""What the checks of a site find: one tiny bad page for each rule, and what is said of it; and what they count."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from sites import page, site_of

from surveybook.publish.check import check
from surveybook.publish.site.addresses import Address
from surveybook.publish.site.page import Counts, Page, count_pages, read_pages


def told(site: Path) -> list[str]:
    return [str(finding) for finding in check(site)]


# --- the checks: one tiny bad page for each rule, and what is said of it


def test_a_sound_page_has_no_finding(tmp_path):
    assert told(site_of(tmp_path)) == []


CONTENT = {
    "a link to a page that is not there": (
        '<a href="chapters/gone.html">gone</a>',
        "index.html: #top <a href='chapters/gone.html'>: chapters/gone.html does not exist; "
        "correct the address, or add the file to the book",
    ),
    "a link that differs in upper and lower case": (
        '<a href="Other.html">other</a>',
        "index.html: #top <a href='Other.html'>: Other.html does not exist; "
        "correct the address, or add the file to the book",
    ),
    "a fragment that is not on this page": (
        '<a href="#sec-gone">gone</a>',
        "index.html: #top <a href='#sec-gone'>: #sec-gone points to an id that index.html does not have; "
        "correct the id, or give it",
    ),
    "a fragment that is not on that page": (
        '<a href="other.html#sec-gone">gone</a>',
        "index.html: #top <a href='other.html#sec-gone'>: other.html#sec-gone points to an id that "
        "other.html does not have; correct the id, or give it",
    ),
    "a link to a folder": (
        '<a href="chapters/">chapters</a>',
        "index.html: #top <a href='chapters/'>: chapters/ is a folder; link to a file in it, such as its index.html",
    ),
    "a link out of the site": (
        '<a href="../x.html">x</a>',
        "index.html: #top <a href='../x.html'>: ../x.html leads out of the site; link to a page or file of the site",
    ),
    "a link that only works at the root of a host": (
        '<a href="/other.html">other</a>',
        "index.html: #top <a href='/other.html'>: /other.html starts at the root of the host, so it is dead "
        "in a folder or from file://; write the path from the page",
    ),
    "a link to one machine": (
        '<a href="file:///tmp/x.html">x</a>',
        "index.html: #top <a href='file:///tmp/x.html'>: file:///tmp/x.html is a place on one machine; "
        "use a path from the page",
    ),
    "an image that is not there": (
        '<img src="gone.png" alt="A chart.">',
        "index.html: #top <img src='gone.png'>: gone.png does not exist; "
        "correct the address, or add the file to the book",
    ),
    "an id given twice": (
        '<b id="sec-a">a</b><b id="sec-a">b</b>',
        "index.html: #sec-a: 2 elements have this id; rename all but one",
    ),
    "a label that another page has": (
        '<b id="fig-other">a</b>',
        "other.html: #fig-other: index.html has this label too; rename one of them",
    ),
    "an address that is none": (
        '<a href="http://[x">there</a>',
        "index.html: #top <a href='http://[x'>: http://[x is no address (Invalid IPv6 URL); correct it",
    ),
    "a name too long for any file": (
        f'<a href="{"x" * 300}.html">there</a>',
        f"index.html: #top <a href='{'x' * 68}...>: {'x' * 300}.html does not exist; "
        "correct the address, or add the file to the book",
    ),
    "an image without alternative text": (
        '<img src="x.svg">',
        "index.html: #top <img src='x.svg'>: the image has no alternative text; write one (fig-alt for a figure)",
    ),
    "a drawing without a name": (
        '<svg role="img" id="fig-x"><g><title>only a bar</title></g></svg>',
        "index.html: #fig-x <svg role='img'>: the drawing has no accessible name; give it an aria-label or a title",
    ),
    "two chapter headings": (
        "<h1>Again</h1>",
        "index.html: #top <h1>: the page has 2 h1 headings; keep one # heading",
    ),
    "a skipped level of headings": (
        "<h3>Deep</h3>",
        "index.html: #top <h3>: an h3 follows an h1; use the next level, skip none",
    ),
    "a table of ours without header cells": (
        '<table data-quarto-disable-processing="true"><tr><td>1</td></tr></table>',
        "index.html: #top <table>: the table has no header cells; use th for the first row and column",
    ),
    "a table of ours with header cells without scope": (
        '<table data-quarto-disable-processing="true"><tr><th>a</th><th scope="col">b</th></tr></table>',
        "index.html: #top <table>: header cells without scope (1); give each th scope=col or scope=row",
    ),
    "a link without a text": (
        '<a href="other.html"> </a>',
        "index.html: #top <a href='other.html'>: the link has no text; say where it leads",
    ),
    "a link without an address": (
        '<a href="">nowhere</a>',
        "index.html: #top <a>: the link leads nowhere; give it an address",
    ),
    "a reference that Quarto could not resolve": (
        '<span class="quarto-unresolved-ref">?fig-x</span>',
        "index.html: #top <span class='quarto-unresolved-ref'>: the cross-reference ?fig-x has no target; "
        "correct the label",
    ),
    "a citation that Pandoc does not know": (
        '<span class="citation" data-cites="doe">(<strong>doe?</strong>)</span>',
        "index.html: #top <strong>: doe is cited but unknown; add it to references.bib",
    ),
}


@pytest.mark.parametrize(("content", "finding"), CONTENT.values(), ids=CONTENT)
def test_each_fault_has_its_message(content, finding, tmp_path):
    bad = page().replace("<p>Text.</p>", f'<div id="top">{content}</div>')
    other = page('<span id="fig-other"></span>')
    assert told(site_of(tmp_path, {"index.html": bad, "other.html": other, "x.svg": "", "chapters/x.txt": ""})) == [
        finding
    ]


REQUESTS = {
    "a script": '<script src="https://cdn.example/x.js"></script>',
    "a style sheet": '<link rel="stylesheet" href="//cdn.example/x.css">',
    "an icon": '<link rel="icon" href="https://cdn.example/x.png">',
    "a preconnection": '<link rel="preconnect" href="https://cdn.example">',
    "an image": '<img alt="" src="https://cdn.example/x.png">',
    "an image for a sharp screen": '<img alt="" src="x.svg" srcset="x.svg 1x, https://cdn.example/x.png 2x">',
    "an image in a drawing": '<svg><image href="https://cdn.example/x.png"></svg>',
    "an image in an old drawing": '<svg><image xlink:href="https://cdn.example/x.png"></svg>',
    "a frame": '<iframe src="https://cdn.example/"></iframe>',
    "a film": '<video><source src="https://cdn.example/x.mp4"></video>',
    "a font in a style": '<style>@font-face { src: url("https://cdn.example/x.woff2") }</style>',
    "an imported style": "<style>@import 'https://cdn.example/x.css';</style>",
    "an imported style, written tight": '<style>@charset "utf-8";@import"https://cdn.example/x.css";</style>',
    "a background in an attribute": '<p style="background: url(https://cdn.example/x.png)">x</p>',
}


@pytest.mark.parametrize("content", REQUESTS.values(), ids=REQUESTS)
def test_a_request_to_another_host_is_found(content, tmp_path):
    (finding,) = check(site_of(tmp_path, {"index.html": page(content), "x.svg": ""}))
    assert finding.page == "index.html"
    assert finding.what.startswith("the page asks another host for ") and "//cdn.example" in finding.what
    assert finding.remedy == "keep a copy in the project and use that, or take it out"


@pytest.mark.parametrize("written", ["https://javascript:a([])", "//[", "http://[::1", "http://a]b/"])
def test_what_is_no_address_stops_no_step(written):
    address = Address(written, None, fetched=False)
    assert not address.remote or written.startswith("//")
    assert address.path == written and Page("index.html", LexborHTMLParser("")).resolve(written)


def test_a_request_by_a_style_sheet_is_found_in_the_builders_own_libraries_too(tmp_path):
    css = "/* url(https://comment.example) */ @import url(https://fonts.example/css?family=A:wght@400;700);"
    assert told(site_of(tmp_path, {"site_libs/theme.css": css})) == [
        "site_libs/theme.css: url(): the page asks another host for "
        "https://fonts.example/css?family=A:wght@400;700; "
        "keep a copy in the project and use that, or take it out"
    ]


def test_a_page_needs_a_title_a_language_and_a_heading(tmp_path):
    bare = "<!DOCTYPE html><html><head></head><body><main><p>Text.</p></main></body></html>"
    assert told(site_of(tmp_path, {"index.html": bare})) == [
        "index.html: <head>: the page has no title; give the chapter a title",
        "index.html: <html>: the page does not say its language; set lang in _quarto.yml",
        "index.html: <main>: the page has no h1; start it with a # heading or a title",
    ]


def test_pages_and_style_sheets_must_be_utf8(tmp_path):
    site = site_of(tmp_path, {"fine.css": "a {}"})
    (site / "old.html").write_bytes(page("caf\xe9").encode("latin-1"))
    (site / "old.css").write_bytes(b"/* \xe4 */")
    finding = ": the file: it is not UTF-8 text; save it with the encoding UTF-8"
    assert told(site) == [f"old.css{finding}", f"old.html{finding}"]


def test_a_folder_without_a_site_is_told_apart_from_a_sound_one(tmp_path):
    assert told(tmp_path) == ["index.html: the page: it is not there; build the site first (make site)"]


def test_what_is_no_fault_is_left_alone(tmp_path):
    content = """
      <a href="https://example.org/">a link is not a request</a> <a href="mailto:a@example.org">mail</a>
      <a href="other.html?x=1#fig-a">with a query</a> <a href="#top">up</a> <a href="#%C3%A4">a letter</a>
      <b id="ä"></b> <a href="other.html"><img src="x.svg" alt="A chart."></a> <img src="x.svg" alt="">
      <img src="data:image/png;base64,AA//BB==" alt=""> <svg role="img" aria-label="Bars."></svg>
      <svg role="img"><title>Bars.</title></svg>
      <svg role="img" aria-labelledby="ä2"></svg><i id="ä2">Bars.</i>
      <svg aria-hidden="true"></svg> <table><tr><th>Markdown's own</th></tr></table>
      <style>p { background: url(data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'/%3E) }</style>
    """
    other = page('<b id="fig-a"></b> <a href="index.html">back</a>')
    assert told(site_of(tmp_path, {"index.html": page(content), "other.html": other, "x.svg": ""})) == []


def test_what_quarto_always_makes_is_no_fault_of_the_book(tmp_path):
    index = page(
        """</p><header id="title-block-header"><h1 class="title">The Book</h1></header>
        <a href="" role="tab" data-bs-toggle="tab">a tab</a>
        <a href="#cb1-1" aria-hidden="true"></a><i id="cb1-1"></i>
        <section id="footnotes"></section><section id="footnotes"></section><p>"""
    )
    index = index.replace("<nav>", '<nav><a href="./">The Book</a>')
    assert told(site_of(tmp_path, {"index.html": index, "site_libs/x/part.html": "<p>no page</p>"})) == []


# --- counting, the same for both builders


def test_pages_figures_and_tables_are_counted_by_their_labels():
    html = """<main><div id="fig-a"><figure><svg></svg><figcaption id="fig-a-caption-0">A</figcaption></figure></div>
      <div id="tbl-b"><figure><figcaption>B</figcaption><table></table></figure></div>
      <figure><figcaption>no label, no count</figcaption></figure><div id="fig-no-caption"></div></main>"""
    pages = [
        Page("index.html", LexborHTMLParser(html)),
        Page("alias.html", LexborHTMLParser("<p>no main</p>")),
    ]
    assert count_pages(pages) == Counts(pages=1, figures=1, tables=1)


def test_counts_read_as_words():
    assert str(Counts(1, 0, 2)) == "1 page, 0 figures, 2 tables"


# --- the real book


def test_the_books_own_site_is_sound(site):
    assert told(site) == []
    assert count_pages(read_pages(site)).pages > 1
