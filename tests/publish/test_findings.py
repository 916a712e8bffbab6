"""A caption says what its figure finds, in both builders' pages, and what is shown stands below the drawing once."""

from __future__ import annotations

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from surveybook.publish.pages.captions import before_semicolon, say_finding
from surveybook.publish.site.page import read_pages
from surveybook.publish.site.text import own_words

PAGE = ('<figure><figcaption>{}</figcaption><div class="report-figure" data-finding="A &amp; B lead." {}>'
        '<p class="figure-note">Asked: all.</p></div></figure>')


def finished(caption: str, more: str = "") -> LexborHTMLParser:
    page = LexborHTMLParser(PAGE.format(caption, more))
    frame = page.css_first(".report-figure")
    say_finding(page.css_first("figcaption"), frame, frame.attributes["data-finding"])
    return page


@pytest.mark.parametrize("number", ["Figure&nbsp;2.1: ", "\nFigure 2.1: ", "Figure&nbsp;A.12: ", ""])
def test_the_number_stays_and_the_words_of_the_author_move_below(number):
    page = finished(f"{number}Sizes of boats <em>and</em> ships.")
    assert own_words(page.css_first("figcaption")) == " ".join(
        f"{number.replace('&nbsp;', ' ')}A & B lead.".split())
    reading = page.css_first(".figure-reading")
    assert reading.text() == "Sizes of boats and ships." and reading.css_first("em") is not None
    assert reading.next.attributes["class"] == "figure-note"


def test_how_marks_are_read_is_said_by_the_figure_where_it_can():
    page = finished("Figure 2.1: Sizes of boats; dots are guesses.", 'data-reading="Each square is one boat."')
    assert page.css_first(".figure-reading").text() == "Sizes of boats. Each square is one boat."
    assert not page.css("[data-finding], [data-reading]")


def test_an_entity_ends_no_part_of_a_caption():
    assert before_semicolon("Boats &amp; ships&nbsp; at sea; dots are shares") == "Boats &amp; ships&nbsp; at sea"
    assert before_semicolon("Boats at sea.") == "Boats at sea."


def test_each_caption_of_shares_is_true_of_the_rows_beside_it(site):
    """Read from the files that go with each figure: which row is the largest, and whose interval reaches its own."""
    seen = 0
    for page in read_pages(site):
        for shown in page.floats:
            kind = (shown.about.get("function") or "").rpartition(".")[2]
            rows, told = shown.about["data"], "leads with" in own_words(shown.caption)
            if not shown.label.startswith("fig-") or kind not in ("shares", "yes") or not told:
                continue
            first = max(rows, key=lambda row: row["share"])
            near = [row for row in rows if row is not first and row["high"] >= first["low"]]
            said = own_words(shown.caption)
            assert f"“{first['label']}” " in said and f"{first['count']} of {first['base']}" in said
            assert ("clearly ahead" in said) == (not near), shown.label
            assert ("no ranking" in said) == (len(near) == len(rows) - 1 > 1), shown.label
            known = json.loads((site / page.name).with_name(f"{shown.label}.json").read_text(encoding="utf-8"))
            assert known["caption"] in said and known["description"].count(known["caption"].rstrip(".")) == 1
            seen += 1
    assert seen >= 5
