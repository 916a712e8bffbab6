"""How values run along a scale is told by its turning points, in the digits that are printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveybook.survey.estimates.share import WITHHELD
from surveybook.survey.words import text
from surveybook.survey.words.course import course

PLACES = ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("values, told", [
    ([0.1, 0.2], "rises from 10% (a) to 20% (b)"),
    ([0.1, 0.2, 0.3, 0.05], "rises from 10% (a) to 30% (c) and falls to 5% (d)"),
    ([0.3, 0.2, 0.2, 0.25], "falls from 30% (a) to 20% (b), stays at 20% up to c and rises to 25% (d)"),
    ([0.2, 0.2, 0.2], "stays at 20% up to c"),
    ([0.2, 0.2, 0.1], "stays at 20% up to b and falls to 10% (c)"),
    ([0.131, 0.129], "stays at 13% up to b"),
    ([0.1], ""),
    ([], ""),
    ([0.1, WITHHELD, 0.3], ""),
])
def test_the_course_of_values(values, told):
    assert course(PLACES[: len(values)], values) == told


def test_the_digits_are_those_asked_for():
    told = course(["28", "60"], [0.041, 0.044], lambda share: f"{text.decimal(100 * share, 1)}%")
    assert told == "rises from 4.1% (28) to 4.4% (60)"


@given(st.lists(st.floats(0, 1), min_size=2, max_size=5))
def test_values_told_backwards_rise_where_they_fell(values):
    forth, back = course(PLACES[: len(values)], values), course(PLACES[: len(values)], values[::-1])
    assert forth.count("rises") == back.count("falls") and forth.count("stays") == back.count("stays")
    assert ("(e)" in forth or "up to e" in forth) == (len(values) == 5)
