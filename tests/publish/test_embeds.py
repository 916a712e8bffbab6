"""Figures go elsewhere whole: with whose data they show and what evidence that is, and nothing from another host."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from selectolax.lexbor import LexborHTMLParser

from surveybook.publish.checks.embeds import linked_data, unsound_embeds
from surveybook.publish.citing.formats import all_formats, entry, sentence
from surveybook.publish.downloads.embeds import embed, evidence, heights
from surveybook.publish.site.page import Float, Page
from surveybook.publish.site.parts import Part, largest
from surveybook.publish.site.report import Author, Report

REPORT = Report("Peat", (Author(name="The Bog Project"),), "1.2.0", date(2026, 3, 9), "CC-BY-4.0", "MIT")
PART = Part("figure", "chapters/peat.html", "fig-depth", "Figure 2.1", "Most are deep", "", None,
            "Moss and others (2020), Table V", "Deep: 10 of 29")
FIGURE = """<html lang="en"><body><main><div id="fig-depth"><div class="report-figure">
<svg class="wide" viewBox="0 0 680 200" role="img" aria-label="Depth."></svg>
<svg class="narrow" viewBox="0 0 340 500" role="img" aria-label="Depth."></svg>
<p class="told" id="told-fig-depth">Deep &lt;b&gt;</p></div></div></main></body></html>"""
HOSTILE = "<script>alert(1)</script> \"' & {depth}"


def framed(**about) -> tuple[str, LexborHTMLParser]:
    page = Page("chapters/peat.html", LexborHTMLParser(FIGURE))
    facts = {"data": [{"count": 10}], "credit": HOSTILE, **about}
    frame = page.tree.css_first(".report-figure")
    made = embed(page, Float("fig-depth", frame, None, facts), "Figure 2.1", HOSTILE, "Peat").decode()
    return made, LexborHTMLParser(made)


# --- whose data


def test_every_format_names_the_people_whose_data_a_figure_shows():
    for words in all_formats(entry(REPORT, PART, "en")).values():
        assert "ata: Moss and others (2020), Table V" in words


def test_a_part_that_shows_no_data_names_nobody():
    chapter = Part("chapter", "chapters/peat.html", "sec-peat", "Chapter 2", "Peat", "", None)
    assert all("ata:" not in words for words in all_formats(entry(REPORT, chapter, "en")).values())
    assert sentence(REPORT, chapter) == ""


def test_the_sentence_has_the_number_and_says_that_it_is_simulated():
    assert sentence(REPORT, PART) == ("Deep: 10 of 29 (Figure 2.1 of “Peat”, version 1.2.0, 2026; "
                                      "data: Moss and others (2020), Table V).")
    drawn = replace(PART, simulated="simulated data", data="simulated data, a questionnaire")
    assert sentence(REPORT, drawn).startswith("Deep: 10 of 29 (simulated data) (Figure 2.1")


@pytest.mark.parametrize(("rows", "words"), [
    ([{"label": "Wet", "count": 1, "base": 4}, {"label": "Dry", "count": 3, "base": 4}], "Dry: 3 of 4"),
    ([{"label": "Wet", "count": None, "base": None}, {"label": "Dry", "count": 1, "base": 9}], "Dry: 1 of 9"),
    ([{"label": "Wet", "count": 0, "base": 0}], ""),
    ([{"label": "Wet", "effect": 0.3}], ""),
    ([], ""),
])
def test_the_number_is_the_largest_share_that_may_be_shown(rows, words):
    assert largest(rows) == words


# --- frames


def test_what_was_drawn_what_was_computed_and_what_was_printed_are_told_apart():
    assert evidence({"label": "Simulated data", "data": []}) == "simulated"
    assert evidence({"label": "", "data": [{"count": 3, "share": 0.1}]}) == "recomputed"
    assert evidence({"label": "", "data": [{"count": 3}]}) == "published"
    assert evidence({"label": "", "evidence": "judged", "data": [{"count": 3}]}) == "judged"


def test_a_frame_has_the_drawings_the_words_and_the_way_back_and_runs_nothing():
    made, tree = framed()
    assert len(tree.css("svg")) == 2 and tree.css_first("figcaption").text() == f"Figure 2.1: {HOSTILE}"
    assert f"Data: {HOSTILE}." in tree.css_first(".embed-source").text() and not tree.css("script, [style]")
    assert tree.css_first("a").attributes["href"] == "peat.html#fig-depth"
    assert [link.attributes["href"] for link in tree.css("link")] == ["../theme/report.css", "../theme/embed.css"]
    assert "default-src 'none'" in tree.css_first("meta[http-equiv]").attributes["content"]
    assert not tree.css(".simulated") and framed(label="Simulated data")[1].css(".report-figure.simulated")


def test_a_narrow_frame_is_as_high_as_its_own_drawing():
    wide, narrow = heights(LexborHTMLParser(FIGURE).css_first(".report-figure"), "Depth", "Moss")
    assert 200 < wide < 500 < 580 < narrow


def test_the_check_finds_frames_that_lead_nowhere_or_say_nothing(tmp_path):
    made, _ = framed()
    for name in ("theme/report.css", "theme/embed.css"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    place = tmp_path / "chapters" / "fig-depth.embed.html"
    place.parent.mkdir()
    place.write_text(made, encoding="utf-8")
    page = Page("chapters/peat.html", LexborHTMLParser(FIGURE))
    (tmp_path / page.name).write_text(FIGURE)
    assert list(unsound_embeds(tmp_path, {page.name: page})) == []
    place.write_text(made.replace("peat.html#fig-depth", "peat.html#fig-gone").replace('data-evidence="published"', ""))
    assert [fault[2] for fault in unsound_embeds(tmp_path, {page.name: page})] == [
        "it does not say what evidence it shows",
        "peat.html#fig-gone points to an id that chapters/peat.html does not have"]


@pytest.mark.parametrize("words", ["{", "[]", '{"@type": "Dataset"}', '{"@context": "https://schema.org"}'])
def test_the_check_finds_linked_data_that_programs_cannot_read(words):
    page = Page("a.html", LexborHTMLParser(f'<head><script type="application/ld+json">{words}</script></head>'))
    assert len(list(linked_data(page))) == 1
