"""What holds for every page on a wide screen: what it shows and asks for, by keyboard, with axe, in other colors."""

from __future__ import annotations

import re

import pytest
from visits import COLORS, KINDS, LONGEST, OTHERS, STEADY

DARK = {"color_scheme": "dark"}
READERS_COLORS = {"color_scheme": "dark", "forced_colors": "active"}
CHARTS = ("chapters/attacks.html", "chapters/relevance.html", "chapters/hypotheses.html", "chapters/design.html")

of_each_kind = pytest.mark.parametrize("wide", KINDS, indirect=True)


def test_a_page_shows_its_figures_says_no_error_and_asks_no_other_host(wide, figures, addresses):
    assert wide.title and wide.figures == figures[wide.name]
    assert [url for url in wide.requested if not url.startswith((addresses["http"], "data:"))] == []
    assert wide.said == [], "a strict security policy allows all of it"


def test_a_page_works_without_javascript(plain, figures):
    assert plain.title and plain.figures == figures[plain.name]


def test_nothing_moves_while_a_page_loads(wide):
    assert wide.moved < STEADY


def test_a_page_is_dark_where_the_reader_wants_it(wide):
    assert brightness(wide.background) > 0.8
    assert brightness(wide.found["dark"]) < 0.2


def brightness(color: str) -> float:
    """The mean of red, green and blue in `rgb(r, g, b)`, from 0 to 1; a see-through color shows white."""
    parts = [float(part) for part in re.findall(r"[\d.]+", color)]
    return 1.0 if parts[3:] == [0.0] else sum(parts[:3]) / 3 / 255


def test_every_figure_has_marks_for_all_rows_of_its_table_and_tells_nothing_else(wide):
    wide.tell_each_row_by_a_mark()


def test_the_keyboard_goes_on_from_place_to_place_and_each_shows_that_it_is_reached(wide):
    places = [place for place, *_ in wide.found["keys"]]
    assert len(places) > 2
    assert places == sorted(set(places)), "something comes out of turn"
    assert [kind for _, kind, style, width in wide.found["keys"] if style == "none" or width < 2] == []
    if wide.name == LONGEST:
        kinds = {kind.partition(".")[2].split(" ")[0] for _, kind, *_ in wide.found["keys"]}
        assert {"cite-link", "table-scroll", "table-sort"} <= kinds


@of_each_kind
def test_axe_finds_nothing_on_a_page_of_each_kind(wide):
    assert wide.axe() == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("wide", OTHERS, indirect=True)
def test_axe_finds_nothing_on_the_other_pages(wide):
    assert wide.axe() == []


@of_each_kind
def test_axe_finds_nothing_in_the_colors_of_the_reader(wide):
    with wide.read_in(**READERS_COLORS):
        assert wide.axe(COLORS) == []


@pytest.mark.parametrize("wide", ["cite.html"], indirect=True)
@pytest.mark.parametrize(("part", "color"), [("color", "#bbb"), ("background", "#555")])
def test_axe_finds_a_fault_in_one_of_many_parts_that_look_alike(wide, part, color):
    """In the last of the citations, which are looked at once as long as they look alike."""
    last = wide.page.locator("main pre").last
    last.evaluate(f"(node) => {{ node.style.{part} = '{color}'; }}")
    assert [rule for rule, _ in wide.axe(COLORS[:1])] == COLORS[:1]
    last.evaluate("(node) => node.removeAttribute('style')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("wide", CHARTS, indirect=True)
def test_figures_can_be_read_in_the_colors_of_the_reader(wide, scheme):
    """Nothing that is drawn has the color of the ground; words on a step of color have that step as their ground."""
    marks, ground = wide.found[f"drawn, {scheme}"]
    assert len(marks) > 20
    assert [mark for mark in marks if mark["color"] == ground] == []


@of_each_kind
def test_nothing_moves_for_readers_who_want_that(wide):
    """Not even what a style sheet of somebody else would move, as Quarto's does."""
    assert wide.found["reduce"] == []
    assert wide.found["no-preference"] != []
