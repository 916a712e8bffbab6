"""No value of a simulated study stands anywhere on the site without saying so, and without the flag nothing says so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from project import ROOT, as_real
from selectolax.lexbor import LexborHTMLParser

from surveybook.publish.pages.search import entries_of
from surveybook.publish.site.marks import label_of_page
from surveybook.publish.site.page import Page, ancestors, read_pages
from surveybook.survey.evidence.design import COMPUTED

SIMULATED = [
    path.parent.name for path in sorted((ROOT / "data").glob("*/datapackage.yaml"))
    if yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["simulated"]
]


@pytest.fixture(scope="module")
def pages(site) -> list[Page]:
    return read_pages(site)


@pytest.fixture(scope="module", params=["small", pytest.param("report", marks=pytest.mark.exhaustive)])
def flags(request, build, small_copy, tmp_path_factory) -> tuple[list[Page], list[Page], list[str]]:
    """The pages of a book as they are, and with the flag of every simulated study removed; and the names of those of
    the latter that show what is computed by simulation, whoever answered."""
    folder = tmp_path_factory.mktemp("flag") / "site"

    def unflagged(book: Path) -> list[Page]:
        for descriptor in book.glob("data/*/datapackage.yaml"):
            text = descriptor.read_text(encoding="utf-8")
            descriptor.write_text(as_real(text), encoding="utf-8")
        return read_pages(build(book, folder))

    if request.param == "small":
        return read_pages(request.getfixturevalue("small")), unflagged(small_copy(folder.parent / "book")), []
    with request.getfixturevalue("workshop")() as book:
        return read_pages(request.getfixturevalue("site")), unflagged(book), ["chapters/design.html"]


def test_every_value_of_a_simulated_study_says_so(pages):
    seen = 0
    for page in pages:
        for value in page.content.css(".finding"):
            study = value.attributes["data-from"].split(".")[0].replace("_", "-")
            assert ("simulated" in value.attributes["class"].split()) == (study in SIMULATED), value.html
        for shown in page.floats:
            simulated = shown.about["simulated"]
            if (ROOT / "data" / shown.about["study"]).is_dir():  # what is beyond one study says so for itself
                assert simulated == (shown.about["study"] in SIMULATED)
            assert ("simulated" in shown.frame.attributes["class"].split()) == simulated
            assert (shown.frame.attributes.get("data-evidence") == "simulated") == simulated
            for drawing in shown.frame.css("svg"):
                assert ("Simulated data" in drawing.text()) == simulated
                assert drawing.attributes["aria-label"].startswith("Simulated data.") == simulated
            if shown.caption is not None:
                assert ("(simulated data)" in shown.caption.text()) == simulated, shown.label
            seen += simulated
    assert seen > 50


def test_a_page_of_simulated_values_alone_says_so_in_its_title_and_below_it(pages):
    for page in pages:
        alone = bool(label_of_page(page))
        assert ("(simulated data)" in page.tree.css_first("head > title").text()) == alone, page.name
        assert ("simulated" in (page.content.attributes.get("class") or "").split()) == alone
        assert bool(page.content.css(".simulated-page")) == alone
    marked = {page.name for page in pages if label_of_page(page)}
    assert {"chapters/hypotheses.html", "chapters/passports-exposure.html"} <= marked
    assert not marked & {"index.html", "chapters/data.html", "chapters/practice.html", "chapters/synthesis.html"}


def test_every_sentence_with_a_drawn_number_says_that_it_is_simulated(pages):
    """Counted here by the words of each paragraph, its figures and tables left out."""
    seen = 0
    for page in pages:
        for block in page.content.css("p, li, dd"):
            values = block.css('.finding[data-evidence="simulated"]')
            if not values or any("report-" in (box.attributes.get("class") or "") for box in ancestors(block)):
                continue
            assert "simulated" in block.text().lower(), block.html
            words = " ".join(block.text().split())
            for value in values:
                said = " ".join(value.text().split())
                near = [one for one in re.split(r"(?<=[.?!]) +(?=[A-Z“])", words) if said in one or one in said]
                assert any("simulated" in one.lower() for one in near), (page.name, said)
            seen += len(values)
    assert seen > 50


def test_a_drawing_of_simulated_numbers_is_hollow_or_hatched_and_no_other_is(pages):
    for page in pages:
        for drawing in page.content.css(".report-figure.simulated svg, .key-number.simulated svg"):
            assert "--figure-mark" not in drawing.html and "--figure-bar" not in drawing.html
            assert "--figure-paper" in drawing.html or not drawing.css("path[fill^='var(--figure-']"), page.name
        for drawing in page.content.css("svg"):
            box = next(box for box in ancestors(drawing) if "data-evidence" in box.attributes
                       or set((box.attributes.get("class") or "").split()) & {"report-figure", "key-number"})
            assert ("--figure-simulated" in drawing.html) == (box.attributes.get("data-evidence") == "simulated")


def test_an_entry_of_the_search_says_so_where_its_section_holds_simulated_values(pages):
    entries = {entry["href"]: entry["label"] for page in pages for entry in entries_of(page)}
    marked = {href for href, label in entries.items() if label == "Simulated data"}
    assert {"chapters/relevance.html", "chapters/relevance.html#sec-reasons", "chapters/data.html"} <= marked
    assert not marked & {"chapters/data.html#sec-data-interviews", "chapters/practice.html", "index.html#sec-cite"}


def test_without_the_flag_no_label_is_left_but_on_what_is_computed_by_simulation_anyway(flags):
    """The design analysis simulates surveys, whoever answered the one that it is about."""
    flagged, pages, computed = flags
    assert [page.name for page in flagged if page.content.css(".simulated")]
    for page in [page for page in pages if not page.made]:
        anyway = [shown.label for shown in page.floats if shown.about["provenance"].startswith(COMPUTED)]
        assert len(page.content.css("[data-label]")) == len(anyway), page.name
        if not anyway:
            assert not page.tree.css(".simulated, [data-label], .simulated-page, .caption-label"), page.name
            drawn = " ".join(svg.html for svg in page.tree.css("svg"))
            assert not re.search("simulat", drawn, re.IGNORECASE), page.name
            assert "(simulated data)" not in page.tree.html, page.name
    assert [page.name for page in pages if page.content.css(".simulated")] == computed


def test_the_values_are_the_same_with_the_flag_and_without(flags):
    flagged, pages, _ = flags
    for one, other in zip(flagged, pages, strict=True):
        rows = [[row.text().replace("The simulated answers", "The answers") for row in page.content.css("tbody tr")]
                for page in (one, other)]
        if "data" not in one.name:  # the codebook tells where the data come from
            assert rows[0] == rows[1], one.name


def test_a_page_is_parsed_as_it_was_written(site):
    for page in read_pages(site):
        assert LexborHTMLParser(page.tree.html).html == page.tree.html
