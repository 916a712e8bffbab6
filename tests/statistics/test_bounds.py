"""A relation that just matters is called too small to matter in at most 5% of surveys, for any size, people and groups.

Surveys are drawn from populations whose relation is exactly the smallest one of interest; the seeds are fixed.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from test_small_tables import claim

from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.design.approximations import judge_each
from surveybook.survey.design.bounds import Population, at_bound, false_equivalents

MEASURES = {
    "tau_b": (("ordered", "ordered"), [(3, 3), (5, 5), (3, 9)], [0.1, 0.2, 0.3]),
    "cliff_delta": (("yes-no", "ordered"), [(2, 3), (2, 5), (2, 12)], [0.15, 0.33, 0.47]),
    "epsilon_squared": (("nominal", "ordered"), [(2, 5), (3, 5), (7, 5), (11, 3)], [0.01, 0.08, 0.14]),
    "risk_difference": (("yes-no", "yes-no"), [(2, 2)], [0.1, 0.2, 0.3]),
    "cramers_v": (("nominal", "nominal"), [(2, 3), (3, 3), (7, 4)], [0.1, 0.2, 0.4]),
}
SUMS = {
    "even": lambda levels: np.full(levels, 1 / levels),
    "falling": lambda levels: 0.5 ** np.arange(levels) / (0.5 ** np.arange(levels)).sum(),
    "one": lambda levels: np.r_[0.8, np.full(levels - 1, 0.2 / (levels - 1))],
}
SOME = [("even", "even"), ("falling", "one")]
MORE = [*SOME, ("even", "one"), ("one", "falling")]
PEOPLE, MANY = (5, 20, 60, 1000), (12, 28, 40, 100, 500)


def hypothesis(measure: str, shape: tuple[int, int], least: float) -> Hypothesis:
    return claim(MEASURES[measure][0], np.zeros(shape), least={measure: least})


def rates(measure: str, shape: tuple[int, int], sums: tuple[str, str], least: float, people, surveys: int):
    """How often the size is called smaller, at both bounds of a size that has two, by number of people."""
    one = hypothesis(measure, shape, least)
    rows, columns = (SUMS[name](levels) for name, levels in zip(sums, shape, strict=True))
    signs = (1, -1) if measure in ("tau_b", "cliff_delta", "risk_difference") else (1,)
    for sign in signs:
        shares = at_bound(rows, columns, one, sign * least)
        for n in () if shares is None else people:
            found = false_equivalents(Population(one, sign * least, shares), n, surveys, 1)
            yield found.equivalent / found.surveys, (measure, shape, sums, sign * least, n)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_relation_at_its_bound_is_seldom_called_smaller(measure):
    _, shapes, bounds = MEASURES[measure]
    found = [one for shape, sums in product(shapes[-2:], SOME) for one in
             rates(measure, shape, sums, bounds[1], PEOPLE, 1000)]
    assert len(found) > 10
    assert max(found)[0] <= 0.05, max(found)
    assert max(rate for rate, at in found if at[-1] == 1000) >= 0.005, "the rule is not empty"


@pytest.mark.exhaustive
@pytest.mark.parametrize("measure", MEASURES)
def test_so_it_is_with_any_people_groups_bounds_and_sums(measure):
    _, shapes, bounds = MEASURES[measure]
    found = [one for shape, sums, least in product(shapes, MORE, bounds[1:]) for one in
             rates(measure, shape, sums, least, MANY, 4000)]
    assert max(found)[0] <= 0.05, sorted(found)[-5:]


@pytest.mark.parametrize("measure", MEASURES)
def test_a_population_at_its_bound_has_that_size_and_its_sums(measure):
    _, shapes, (_, least, _) = MEASURES[measure]
    rows, columns = SUMS["even"](shapes[-1][0]), SUMS["falling"](shapes[-1][1])
    one = hypothesis(measure, shapes[-1], least)
    shares = at_bound(rows, columns, one, least)
    assert shares.sum(axis=1) == pytest.approx(rows, abs=1e-9)
    assert shares.sum(axis=0) == pytest.approx(columns, abs=1e-9)
    # a size has no other definition than that of a table, here of a hundred million people
    value = judge_each(np.round(shares * 10**8).astype(np.int64)[None], one).value[0]
    assert value == pytest.approx(least, abs=1e-6)


def test_a_relation_that_cannot_be_so_strong_is_left_out():
    one = hypothesis("cliff_delta", (2, 3), 0.9)
    assert at_bound(np.array([0.5, 0.5]), np.array([0.98, 0.01, 0.01]), one, 0.9) is None
