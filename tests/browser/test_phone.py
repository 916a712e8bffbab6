"""What holds for every page on a phone, in the dark, opened from a folder and not from a server."""

from __future__ import annotations

import pytest
from project import PHONE
from visits import KINDS, OTHERS, STEADY


def test_a_page_shows_its_figures_says_no_error_and_asks_no_other_host(phone, figures, addresses):
    assert phone.title and phone.figures == figures[phone.name]
    assert [url for url in phone.requested if not url.startswith((addresses["file"], "data:"))] == []
    assert phone.said == [], "a strict security policy allows all of it"


def test_a_page_fits_a_phone(phone):
    assert phone.width <= PHONE["width"]


def test_a_page_needs_no_more_than_320_pixels(phone):
    """The width of a page of 1280 pixels at 400 %: WCAG 2.2, 1.4.10."""
    assert phone.found["width at 320"] <= 320


def test_nothing_moves_while_a_page_loads(phone):
    assert phone.moved < STEADY


def test_every_figure_has_marks_for_all_rows_of_its_table_and_tells_nothing_else(phone):
    phone.tell_each_row_by_a_mark()


def test_all_words_of_stacked_rows_stand_at_the_start_edge_and_are_seen(phone):
    assert [found for found in phone.found["stacked"] if found != [True, ["start"]]] == []


@pytest.mark.parametrize("phone", KINDS, indirect=True)
def test_axe_finds_nothing_on_a_page_of_each_kind(phone):
    assert phone.axe() == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("phone", OTHERS, indirect=True)
def test_axe_finds_nothing_on_the_other_pages(phone):
    assert phone.axe() == []
