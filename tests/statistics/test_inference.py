"""Tests and sizes of effects, file by file of stats: laws that hold for all answers.

Values of R are in reference_cases.json (test_reference.py); the twins for many tables in test_design.py; what stats
refuses in test_pairs_and_families.py.
"""

from __future__ import annotations

import math
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st
from laws import MIRROR, answers, few, full, given, holds, levels, people, sides, squares
from scipy import stats

from surveybook.survey.stats import (
    association,
    categories,
    contingency,
    dominance,
    groups,
    two_by_two,
)
from tests.reference.case import cross, stack

# --- contingency: which tables chance would give


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=3))
def test_all_tables_with_the_same_margins_are_listed_once_and_add_up_to_one(table):
    counts = np.array(table)
    assume(counts.sum() > 0)
    every = contingency.listed(counts)
    assert every.probability.sum() == pytest.approx(1)
    assert len({one.tobytes() for one in every.tables}) == len(every.tables)
    assert (every.tables >= 0).all()
    assert (every.tables.sum(axis=1) == counts.sum(axis=0)).all()
    assert (every.tables.sum(axis=2) == counts.sum(axis=1)).all()


@given(st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=2, max_size=3))
def test_the_number_of_tables_is_never_overstated_before_they_are_listed(table):
    counts = np.array(table)
    assume(counts.sum() > 0)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    number = len(contingency.listed(counts).tables)
    assert 1 <= contingency.at_least(rows, columns) <= number
    assert 1 <= contingency.at_least(columns, rows) <= number


@given(st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=3))
def test_tables_are_counted_as_they_are_listed_before_they_are(table):
    counts = np.array(table)
    assume(counts.sum() > 0)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    number = len(contingency.listed(counts).tables)
    assert contingency.count(rows, columns) == contingency.count(columns, rows) == number


@pytest.mark.parametrize("most, found", [(1129, False), (1130, True)])
def test_neither_more_tables_than_allowed_are_listed_nor_fewer(monkeypatch, most, found):
    counts = np.array([[4, 3, 1], [2, 5, 3], [1, 3, 4]])
    monkeypatch.setattr(contingency, "LISTED", most)
    assert (contingency.listed(counts) is not None) == found


@given(st.lists(st.lists(st.integers(6, 9), min_size=3, max_size=3), min_size=2, max_size=2))
def test_where_all_is_filled_the_margins_alone_tell_of_many_tables(table):
    counts = np.array(table)
    number = len(contingency.listed(counts).tables)
    assert 1 < contingency.at_least(counts.sum(axis=1), counts.sum(axis=0)) <= number


LARGE = [[4, 3, 1], [2, 5, 3], [1, 3, 4]]


@pytest.mark.parametrize("times", [10, 100, 10_000, 100_000])
def test_tables_of_many_people_are_never_listed(times):
    table = np.array(LARGE) * times
    assert times == 10 or contingency.at_least(table.sum(axis=1), table.sum(axis=0)) > contingency.LISTED
    assert contingency.listed(table) is None
    drawn, limit = (association.kendall(table, "greater", method) for method in ("permutation", "asymptotic"))
    if times == 10:  # independence expects 22 people in the emptiest cell
        assert (drawn.method, drawn.p) == ("Kendall's S, permutation, Monte Carlo", 1 / (contingency.DRAWS + 1))
    else:
        assert drawn == limit


@pytest.mark.parametrize("table", [
    [[150, 160, 170], [160, 155, 140], [135, 150, 165]],
    [[80, 70, 60, 75], [70, 65, 66, 60], [75, 80, 71, 90], [60, 66, 80, 70], [90, 72, 64, 70]],
])
def test_where_many_are_in_every_cell_the_limit_is_as_near_as_100_000_random_tables(table):
    counts = np.array(table)
    for quick, statistic, extreme in (
        (association.kendall(counts, method="permutation"), association.concordance, np.abs),
        (groups.kruskal_wallis(counts, "permutation"), groups.kruskal_h, np.positive),
    ):
        drawn = contingency.permutation(counts, statistic, "", extreme=extreme)
        assert quick.standard_error == 0 < drawn.standard_error
        assert abs(quick.p - drawn.p) < 4 * drawn.standard_error


def test_tables_that_are_drawn_are_close_to_all_of_them_and_the_same_every_time(monkeypatch):
    table = [[8, 2, 4], [3, 9, 5]]
    exact = categories.permuted_chi_squared(table)
    monkeypatch.setattr(contingency, "LISTED", 0)
    drawn = categories.permuted_chi_squared(table, draws=20_000)
    assert drawn == categories.permuted_chi_squared(table, draws=20_000)
    assert (exact.mid_p, drawn.mid_p) == (pytest.approx(exact.p, abs=0.01), None)
    assert 0 < abs(drawn.p - exact.p) < 4 * drawn.standard_error


# --- two_by_two: yes/no by yes/no


@pytest.mark.parametrize("side", ["two-sided", "less", "greater"])
def test_of_many_people_fisher_is_that_of_scipy_and_boschloo_says_that_it_is_not_made(side):
    table = [[2_500, 2_530], [2_520, 2_450]]
    assert two_by_two.fisher(table, side).p == pytest.approx(stats.fisher_exact(table, side).pvalue, rel=1e-6)
    with pytest.raises(ValueError, match="Boschloo's test ranks at most 100,000 tables, but these groups have 25,"):
        two_by_two.boschloo(table, side)


@given(squares.filter(lambda t: sum(map(sum, t)) > 0), sides)
def test_fisher_is_that_of_scipy_and_turns_with_the_table(table, side):
    here = two_by_two.fisher(table, side)
    assert here.p == pytest.approx(stats.fisher_exact(table, side).pvalue, rel=1e-9)
    assert two_by_two.fisher(np.transpose(table), side).p == pytest.approx(here.p)
    assert two_by_two.fisher(table[::-1], MIRROR[side]).p == pytest.approx(here.p)
    assert here.mid_p == two_by_two.fisher(table, side, mid=True).p <= here.p


def test_boschloo_is_never_larger_than_fisher_and_close_to_that_of_scipy():
    for table in ([[7, 12], [8, 3]], [[1, 9], [6, 4]]):
        assert two_by_two.boschloo(table).p <= two_by_two.fisher(table).p + 1e-12
        one = two_by_two.boschloo(table, "less").p
        assert one == pytest.approx(stats.boschloo_exact(np.transpose(table), "less").pvalue)


@given(squares.filter(full), levels)
def test_the_odds_ratio_lies_in_its_interval_and_turns_over_with_the_groups(table, level):
    here, turned = two_by_two.odds_ratio(table, level), two_by_two.odds_ratio(table[::-1], level)
    assert holds(here, 0)
    assert turned.value == pytest.approx(1 / here.value)
    assert turned.interval.low == pytest.approx(1 / here.interval.high)


@given(st.integers(1, 25), st.integers(1, 25), st.data(), levels)
def test_a_difference_of_shares_lies_in_its_interval_and_changes_sign(n1, n2, data, level):
    assume(n1 + n2 > 2)
    k1, k2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    for method in ("newcombe", "agresti-caffo"):
        here = two_by_two.difference(k1, n1, k2, n2, level, method)
        there = two_by_two.difference(k2, n2, k1, n1, level, method)
        assert here.value == -there.value
        mirrored = (-there.interval.high, -there.interval.low)
        assert (here.interval.low, here.interval.high) == pytest.approx(mirrored, abs=1e-8)
        if method == "newcombe":  # the centre of the other is drawn towards none
            assert holds(here, -1, 1)


# --- dominance: yes/no by ordered


@given(answers, answers)
def test_delta_is_antisymmetric(x, y):
    here, there = stack([x, y]), stack([y, x])
    for method in dominance.INTERVALS:
        try:
            one, other = dominance.cliff_delta(here, method=method), dominance.cliff_delta(there, method=method)
        except ValueError:
            continue
        assert one.value == -other.value
        assert one.interval.low == pytest.approx(-other.interval.high, abs=1e-9)
        assert holds(one, -1, 1)


@given(answers, answers, sides)
def test_mann_whitney_turns_with_the_groups(x, y, side):
    table = stack([x, y])
    here = dominance.mann_whitney(table, side)
    assert dominance.mann_whitney(table[::-1], MIRROR[side]).p == pytest.approx(here.p, rel=1e-9)
    assert dominance.mann_whitney(table[:, ::-1], MIRROR[side]).p == pytest.approx(here.p, rel=1e-9)
    assert 0 < here.p <= 1 and here.mid_p <= here.p


@given(answers, answers, sides)
def test_mann_whitney_by_the_normal_is_that_of_scipy(x, y, side):
    assume(len(set(x + y)) > 1)
    here = dominance.mann_whitney(stack([x, y]), side, "asymptotic")
    there = stats.mannwhitneyu(x, y, use_continuity=False, alternative=side, method="asymptotic")
    assert here.statistic == there.statistic
    assert here.p == pytest.approx(there.pvalue, rel=1e-9)


@given(few, few)
def test_the_exact_test_of_two_groups_is_that_of_all_permutations(x, y):
    score = stats.rankdata(x + y)
    mean = len(x) * score.mean()
    sums = np.array([score[list(chosen)].sum() for chosen in combinations(range(len(score)), len(x))])
    seen, table = score[: len(x)].sum(), stack([x, y])
    two, greater, less = (dominance.mann_whitney(table, side).p for side in ("two-sided", "greater", "less"))
    assert two == pytest.approx(np.mean(abs(sums - mean) >= abs(seen - mean) - 1e-9))
    assert greater == pytest.approx(np.mean(sums >= seen - 1e-9))
    assert less == pytest.approx(np.mean(sums <= seen + 1e-9))


def test_splits_that_are_drawn_are_close_to_all_of_them_and_the_same_every_time(monkeypatch):
    table = [[8, 12, 10, 10, 3], [5, 11, 19, 17, 16]]
    exact = dominance.mann_whitney(table)
    monkeypatch.setattr(dominance, "WORK", 0)
    monkeypatch.setattr(dominance, "SPLIT", 0)
    drawn = dominance.mann_whitney(table)
    assert drawn == dominance.mann_whitney(table)
    assert drawn.standard_error > 0
    assert abs(drawn.p - exact.p) < 4 * drawn.standard_error


@given(answers, answers)
def test_brunner_and_munzel_change_sign_with_the_groups(x, y):
    try:
        here, there = dominance.brunner_munzel(stack([x, y])), dominance.brunner_munzel(stack([y, x]))
    except ValueError:
        return
    assert here.statistic == pytest.approx(-there.statistic)
    assert here.p == pytest.approx(there.p)


# --- association: ordered by ordered


@given(people, st.sampled_from(association.MEASURES))
def test_measures_of_association_turn_with_the_order_and_stay_in_bounds(pairs_of, name):
    table = np.array(cross(*zip(*pairs_of, strict=True)))
    assume(min(table.shape) > 1)
    try:
        here = association.measure(table, name)
    except ValueError:
        assume(False)
    assert here.value == pytest.approx(-association.measure(table[::-1], name).value, abs=1e-12)
    assert here.value == pytest.approx(association.measure(table.T, name).value, abs=1e-12)
    assert holds(here, -1, 1)


@given(people, sides)
def test_kendall_and_spearman_are_those_of_scipy(pairs_of, side):
    x, y = zip(*pairs_of, strict=True)
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    table = cross(x, y)
    there = stats.kendalltau(x, y, method="asymptotic", alternative=side)
    assert association.measure(table).value == pytest.approx(there.statistic)
    assert association.kendall(table, side).p == pytest.approx(there.pvalue, rel=1e-8)
    assert association.spearman(table, side).statistic == pytest.approx(stats.spearmanr(x, y).statistic)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=3, max_size=6))
def test_the_permutation_test_of_kendall_is_that_of_all_orders(pairs_of):
    x, y = map(np.array, zip(*pairs_of, strict=True))
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    signs = np.sign(np.subtract.outer(x, x))

    def concordance(other):
        return (signs * np.sign(np.subtract.outer(other, other))).sum() / 2

    every, seen = np.array([concordance(y[list(order)]) for order in permutations(range(len(y)))]), concordance(y)
    table = cross(x.tolist(), y.tolist())
    two, greater, less = (
        association.kendall(table, side, "permutation").p for side in ("two-sided", "greater", "less")
    )
    assert two == pytest.approx(np.mean(abs(every) >= abs(seen)))
    assert greater == pytest.approx(np.mean(every >= seen))
    assert less == pytest.approx(np.mean(every <= seen))


# --- categories: nominal by nominal


@given(squares.filter(full))
def test_fisher_freeman_halton_is_fisher_in_a_two_by_two_table(table):
    assert categories.fisher_freeman_halton(table).p == pytest.approx(two_by_two.fisher(table).p, rel=1e-6)


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=4), levels)
def test_cramers_v_stays_in_bounds_and_ignores_the_order_of_rows(table, level):
    counts = contingency.trim(np.array(table))
    assume(min(counts.shape) > 1 and counts.sum() > max(counts.shape))
    here = categories.cramers_v(counts, level)
    assert holds(here, 0, 1)
    assert categories.cramers_v(counts[::-1].T, level).value == pytest.approx(here.value, abs=1e-7)
    assert here.value <= math.sqrt(categories.chi_squared(counts).statistic / counts.sum()) + 1e-9


# --- groups: nominal by ordered


@given(st.lists(answers, min_size=2, max_size=4), levels)
def test_kruskal_and_wallis_and_dunn_ignore_the_order_of_groups(given_answers, level):
    assume(len({one for group in given_answers for one in group}) > 1)
    table = stack(given_answers)
    here = groups.kruskal_wallis(table)
    assert groups.kruskal_h(table[None])[0] == pytest.approx(here.statistic)
    assert groups.kruskal_wallis(table[::-1]).statistic == pytest.approx(here.statistic)
    assert groups.kruskal_wallis([*table.tolist(), [0] * table.shape[1]]) == here
    assert holds(groups.epsilon_squared(table, level), 0, 1)
    compared = groups.dunn(table)
    assert all(one.adjusted >= one.p for one in compared)
    assert groups.dunn(table[::-1])[-1].z == pytest.approx(-compared[0].z)


def test_kruskal_of_two_groups_is_mann_whitney_squared_and_dunn_its_root():
    table = [[3, 5, 1, 4], [6, 2, 7, 1]]
    z = dominance.mann_whitney(table, method="asymptotic").z
    assert groups.kruskal_wallis(table).statistic == pytest.approx(z**2)
    assert groups.dunn(table)[0].z == pytest.approx(-z)
    exact = groups.kruskal_wallis(table, "permutation").p
    assert exact == pytest.approx(dominance.mann_whitney(table).p)
