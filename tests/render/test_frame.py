"""What a book says of itself around its text: number of the home page, dates, authors, cover, footer, names in lists.

What is expected is what stood on the page of Quarto 1.9.38, where nothing else is said.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from surveybook.render.build import build
from surveybook.render.dates import day, written_date
from surveybook.render.problems import Refused

SETTINGS = """project:
  type: book
book:
  title: Harbour
  date: 2026-03-14
  chapters: [index.qmd, deep/a.qmd]
"""


@pytest.fixture
def made(tmp_path):
    """made(home page, settings, chapter): the pages of a book of two, by their names."""

    def make(index: str = "# Hello {.unnumbered}\n", settings: str = SETTINGS, chapter: str = "# Masts\n"):
        (tmp_path / "deep").mkdir()
        files = {"index.qmd": index, "_quarto.yml": settings, "deep/a.qmd": chapter, "m.svg": "<svg/>"}
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        output = build(tmp_path).output
        return {name: LexborHTMLParser(Path(output / f"{name}.html").read_text("utf-8"))
                for name in ("index", "deep/a")}

    return make


def said(page: LexborHTMLParser, selector: str) -> list[str]:
    return [re.sub(r"\s+", " ", node.text()).strip() for node in page.css(selector)]


HOME = "Hello, @fig-m, @sec-f.\n\n## First {#sec-f}\n\n![Masts](m.svg){#fig-m}\n"


def test_a_home_page_with_a_title_in_its_front_matter_is_chapter_1_in_lists_and_its_sections_begin_with_0(made):
    """Quarto calls section 0.1 “Section 1” where it refers to it; here a reference says what the heading says."""
    pages = made(f"---\ntitle: Welcome\n---\n\n{HOME}", chapter="# Masts\n\nSee @sec-f and @fig-m.\n\n## Sails\n")
    assert said(pages["index"], "main h1, main h2, figcaption") == ["Harbour", "0.1 First", "Figure 1: Masts"]
    assert said(pages["index"], ".menu-text") == ["1 Welcome", "2 Masts"]
    assert said(pages["deep/a"], "main h2, main p") == ["See Section 0.1 and Figure 1.", "2.1 Sails"]


def test_a_home_page_with_a_numbered_heading_is_chapter_1(made):
    pages = made(f"# Welcome {{#sec-w}}\n\n{HOME}", chapter="# Masts\n\nSee @sec-w and @sec-f.\n")
    assert said(pages["index"], "main h1, main h2, figcaption") == [
        "Harbour", "1 Welcome", "1.1 First", "Figure 1.1: Masts"]
    assert said(pages["deep/a"], "main h1, main p") == ["2 Masts", "See Chapter 1 and Section 1.1."]


@pytest.mark.parametrize("index", ["# One\n\n# Two\n", "---\ntitle: One\n---\n\n# Two\n"])
def test_a_home_page_has_one_numbered_title(made, index):
    with pytest.raises(Refused, match="a chapter has one title, and “Two” is a second one"):
        made(index)


@pytest.mark.parametrize(
    "form, written",
    [
        ("full", "Saturday, March 14, 2026"), ("long", "March 14, 2026"), ("medium", "Mar 14, 2026"),
        ("short", "3/14/26"), ("iso", "2026-03-14"), ("D MMM YYYY, dddd", "14 Mar 2026, Saturday"),
        ("[Last updated:] YYYY-MM-DD", "Last updated: 2026-03-14"), ("Do MMMM", "14th March"), (None, "March 14, 2026"),
    ],
)  # fmt: skip
def test_a_date_is_written_in_the_form_that_is_asked_for(form, written):
    assert written_date("2026-03-14", form) == written


def test_the_endings_of_days_are_those_of_english():
    assert [written_date(f"2026-03-{day:02}", "Do") for day in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 31)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "31st"]


def test_today_is_the_day_that_the_environment_says_and_no_day_without_it(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert day("today") is None and day("last-modified") is None
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1773446400")  # date -u -d 2026-03-14 +%s
    assert written_date("today", "iso") == written_date("last-modified", "iso") == "2026-03-14"


def test_authors_stand_with_where_they_work_and_how_they_are_reached(made):
    pages = made(settings=SETTINGS + """  date-format: "D MMM YYYY"
  author:
    - name: Ada Moss
      orcid: 0000-0002-1825-0097
      email: ada@moss.example
      affiliations: Harbour *Office*
    - name: Bo Reed
      affiliation: {name: Sea Lab}
""")
    assert said(pages["index"], "main header p") == ["Ada Moss", "Harbour Office", "Bo Reed", "Sea Lab", "14 Mar 2026"]
    assert [link.attributes["href"] for link in pages["index"].css("main header a")] == [
        "mailto:ada@moss.example", "https://orcid.org/0000-0002-1825-0097"]


def test_cover_logo_and_footer_are_on_the_pages_with_addresses_as_each_page_needs_them(made):
    pages = made(settings=SETTINGS + """  cover-image: m.svg
  cover-image-alt: A mast
  sidebar: {logo: m.svg}
  page-footer:
    left: "Built *here*"
    right:
      - {text: Masts, href: deep/a.qmd}
      - {icon: github, href: "https://example.org"}
""")
    (cover,) = pages["index"].css("h1 + p > img.quarto-cover-image")
    assert (cover.attributes["src"], cover.attributes["alt"]) == ("m.svg", "A mast")
    assert not pages["deep/a"].css(".quarto-cover-image")
    assert pages["deep/a"].css_first(".sidebar-logo").attributes["src"] == "../m.svg"
    assert said(pages["deep/a"], "footer em") == ["here"]
    for name, address in {"index": "deep/a.html", "deep/a": "a.html"}.items():
        links = {link.text(): link.attributes["href"] for link in pages[name].css("footer a")}
        assert links == {"Masts": address, "github": "https://example.org"}


def test_a_chapter_may_have_a_name_of_its_own_in_lists_of_pages(made):
    pages = made(settings=SETTINGS.replace("deep/a.qmd", "{href: deep/a.qmd, text: Other *name*}"))
    assert said(pages["index"], ".menu-text") == ["Hello", "1 Other name"]
    assert said(pages["index"], ".nav-page-next") == ["1 Other name"]
    assert said(pages["deep/a"], "main h1") == ["1 Masts"]
