"""Tests and sizes of effects, file by file of stats: laws that hold for all answers, and what is refused.

Values of R are in reference_cases.json (test_reference.py); the twins for many tables in test_design.py.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations, permutations, product
from unittest.mock import patch

import hypothesis
import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from surveybook.survey.stats import (
    agreement,
    association,
    categories,
    contingency,
    dominance,
    equivalence,
    groups,
    multiplicity,
    pairs,
    regression,
    two_by_two,
)
from tests.reference.case import cross, stack

answers = st.lists(st.integers(1, 5), min_size=2, max_size=30)
few = st.lists(st.integers(1, 4), min_size=1, max_size=4)
squares = st.lists(st.integers(0, 12), min_size=4, max_size=4).map(lambda c: [c[:2], c[2:]])
people = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=4, max_size=40)
p_values = st.lists(st.floats(0, 1), min_size=1, max_size=12)
levels = st.sampled_from([0.8, 0.95, 0.99])
sides = st.sampled_from(["two-sided", "less", "greater"])
MIRROR = {"less": "greater", "greater": "less", "two-sided": "two-sided"}


def given(*strategies, examples: int = 30):
    """hypothesis.given with few examples, as the laws are simple, and without a time limit, which a busy machine
    misses."""
    return lambda test: hypothesis.settings(deadline=None, max_examples=examples)(hypothesis.given(*strategies)(test))


def full(table) -> bool:
    return bool(np.sum(table, axis=0).all() and np.sum(table, axis=1).all())


def holds(estimate, least=-math.inf, most=math.inf) -> bool:
    """Whether the interval is one, has the estimate in it and stays inside its bounds, up to rounding."""
    low, high, slack = estimate.interval.low, estimate.interval.high, 1e-9
    return least - slack <= low <= estimate.value + slack and estimate.value - slack <= high <= most + slack


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


# --- pairs: the same people twice or more


@given(people, st.sampled_from(["pratt", "wilcox"]), sides)
def test_signed_ranks_turn_with_the_answers_and_adding_a_constant_changes_nothing(pairs_of, zeros, side):
    x, y = zip(*pairs_of, strict=True)
    here = pairs.signed_rank(x, y, side, zeros)
    assert pairs.signed_rank(y, x, MIRROR[side], zeros).p == pytest.approx(here.p)
    assert pairs.signed_rank([one + 7 for one in x], [one + 7 for one in y], side, zeros) == here
    normal = pairs.signed_rank(x, y, side, zeros, "asymptotic")
    if any(a != b for a, b in pairs_of):
        there = stats.wilcoxon(x, y, zero_method=zeros, correction=False, alternative=side, method="asymptotic")
        assert normal.p == pytest.approx(there.pvalue, rel=1e-8)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=8))
def test_exact_signed_ranks_are_those_of_all_signs(pairs_of):
    x, y = zip(*pairs_of, strict=True)
    for zeros in ("pratt", "wilcox"):
        seen = pairs.SignedRanks.of(x, y, zeros)
        every = np.array(list(product((0, 1), repeat=len(seen.ranks)))) @ seen.ranks
        p = np.mean(abs(every - seen.ranks.sum() / 2) >= abs(seen.v - seen.ranks.sum() / 2) - 1e-9)
        assert pairs.signed_rank(x, y, zeros=zeros).p == pytest.approx(p)


@given(people)
def test_changes_of_the_same_people_stay_in_their_intervals(pairs_of):
    x, y = zip(*pairs_of, strict=True)
    assert holds(pairs.net_change(x, y), -1, 1)
    assert holds(pairs.pseudo_median(x, y))
    if any(a != b for a, b in pairs_of):
        here = pairs.matched_rank_biserial(x, y)
        assert holds(here, -1, 1)
        assert pairs.matched_rank_biserial(y, x).value == pytest.approx(-here.value)


@given(squares.filter(full))
def test_mcnemar_counts_only_those_who_changed_and_is_the_sign_test(table):
    here = pairs.mcnemar_test(table)
    assert pairs.mcnemar_test([[99, table[0][1]], [table[1][0], 0]]) == here
    assert pairs.mcnemar_test(np.transpose(table)).p == pytest.approx(here.p)
    first, second = contingency.spread(np.array(table))
    assert pairs.sign_test(second, first).p == pytest.approx(here.p)
    if table[0][1] + table[1][0]:
        assert holds(pairs.change_odds(table), 0)
        assert 0 < here.mid_p <= here.p


def test_cochran_of_two_answers_is_mcnemar():
    matrix = [[1, 0]] * 7 + [[0, 1]] * 2 + [[1, 1]] * 3 + [[0, 0]] * 5
    assert pairs.cochran_q(matrix).p == pytest.approx(pairs.mcnemar_test([[3, 7], [2, 5]], "asymptotic").p)


def test_people_who_agree_on_the_order_of_their_answers_have_a_w_of_one():
    assert pairs.kendall_w([[1, 3, 5], [2, 3, 4], [1, 2, 3]]) == pytest.approx(1)
    assert pairs.kendall_w([[1, 2, 3], [3, 2, 1]]) == pytest.approx(0)


# --- agreement: coders


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=3, max_size=30))
def test_agreement_ignores_who_coded_first_and_is_one_where_all_agree(cases):
    first, second = map(list, zip(*cases, strict=True))
    assume(len(set(first)) > 1)
    for scale in ("nominal", "ordinal", "interval"):
        here, there = agreement.krippendorff([first, second], scale), agreement.krippendorff([second, first], scale)
        assert here == pytest.approx(there)
        assert agreement.krippendorff([first, first], scale) == pytest.approx(1)
    assert agreement.kappa(first, second).value == pytest.approx(agreement.kappa(second, first).value)
    assert agreement.kappa(first, first).value == pytest.approx(1)


def test_alpha_of_many_coders_with_gaps_is_that_of_krippendorff():
    """Krippendorff 2011, “Computing Krippendorff's Alpha-Reliability”, part C: alpha 0.743 of four coders. Error and
    interval in R: l <- sapply(1:11, function(u) alpha(x[, -u])); se <- sqrt(10/11*sum((l-mean(l))^2));
    alpha(x) - qt(.975, 10)*se, where alpha() sums the coincidences as the paper does."""
    none = None
    coders = [[1, 2, 3, 3, 2, 1, 4, 1, 2, none, none, none], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, none, 3],
              [none, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, none], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, none]]
    found = agreement.alpha(Counter(tuple(one for one in case if one) for case in zip(*coders, strict=True)))
    assert found.value == pytest.approx(0.74342105263158, abs=1e-12)
    assert found.value == pytest.approx(agreement.krippendorff(coders))
    assert found.standard_error == pytest.approx(0.14632665220071, abs=1e-12)
    assert (found.interval.low, found.interval.high) == (pytest.approx(0.41738495378210, abs=1e-12), 1.0)
    assert agreement.agreed({(1, 1): 3, (1, 2): 1, (2,): 9}) == 0.75


# --- multiplicity: families of tests


@given(p_values)
def test_adjusted_p_are_those_of_statsmodels_never_smaller_and_keep_their_order(p):
    for method, theirs in (("holm", "holm"), ("benjamini-hochberg", "fdr_bh")):
        adjusted = multiplicity.adjust(p, method)
        with patch("gc.collect"):
            assert adjusted == pytest.approx(multipletests(p, method=theirs)[1])
        assert all(one <= other + 1e-12 <= 1 + 1e-9 for one, other in zip(p, adjusted, strict=True))
        assert (np.diff(np.array(adjusted)[np.argsort(p, kind="stable")]) >= -1e-12).all()


@given(p_values, st.integers(0, 5), st.sampled_from(multiplicity.METHODS))
def test_a_test_that_could_not_be_made_still_counts_in_its_family(p, lost, method):
    held = multiplicity.adjust([*p, *[None] * lost], method)
    assert held[: len(p)] == multiplicity.adjust([*p, *[1.0] * lost], method)[: len(p)]
    assert held[len(p) :] == (None,) * lost
    assert all(more >= less - 1e-12 for more, less in zip(held, multiplicity.adjust(p, method), strict=False))


@given(st.lists(st.lists(st.floats(0, 1) | st.just(math.nan), min_size=3, max_size=3), min_size=1, max_size=6))
def test_holm_of_many_surveys_is_that_of_each(table):
    p = np.array(table)
    each = [multiplicity.holm(column) for column in p.T]
    np.testing.assert_array_equal(multiplicity.holm(p), np.column_stack(each))


# --- equivalence


@given(people, st.floats(0.05, 0.9))
def test_equivalence_is_an_interval_inside_the_bounds(pairs_of, bound):
    table = cross(*zip(*pairs_of, strict=True))
    for test, counts in ((equivalence.tau_b, table), (equivalence.delta, table[:2])):
        try:
            found = test(counts, -bound, bound)
        except ValueError:
            continue
        assume(abs(found.p - 0.05) > 1e-9)
        assert (found.p < 0.05) == (-bound < found.interval.low and found.interval.high < bound)


def test_wider_bounds_are_easier_and_no_effect_in_many_people_is_equivalent():
    table = [[20, 30, 40, 30, 20], [21, 29, 41, 29, 20]]
    narrow, wide = (equivalence.delta(table, -bound, bound).p for bound in (0.15, 0.33))
    assert wide < narrow
    assert wide < 0.001
    assert equivalence.shares(14, 52, 19, 87, -0.2, 0.2).p < 0.05 < equivalence.shares(4, 12, 6, 17, -0.2, 0.2).p


# --- regression


def test_a_logistic_model_of_one_yes_or_no_is_the_odds_ratio():
    y, x = [1] * 16 + [0] * 17 + [1] * 28 + [0] * 78, [1] * 33 + [0] * 106
    found, ratio = regression.logistic(y, {"exposed": x})["exposed"], two_by_two.odds_ratio([[16, 17], [28, 78]])
    assert math.exp(found.value) == pytest.approx(ratio.value)
    assert math.exp(found.wald.low) == pytest.approx(ratio.interval.low)


def test_a_proportional_odds_model_turns_with_its_outcome():
    y, x = [1, 2, 3, 2, 1, 3, 3, 2, 1, 2, 3, 1], [1, 3, 4, 2, 2, 5, 3, 4, 1, 2, 2, 3]
    here, there = (regression.proportional_odds(outcome, {"x": x})["x"] for outcome in (y, [4 - one for one in y]))
    assert here.value == pytest.approx(-there.value, abs=1e-5)


def test_models_refuse_what_they_cannot_estimate():
    with pytest.raises(ValueError, match="separates"):
        regression.logistic([0, 0, 0, 1, 1, 1], {"x": [1, 2, 3, 4, 5, 6]})
    with pytest.raises(ValueError, match="constant or follows"):
        regression.logistic([0, 1, 0, 1], {"x": [1, 1, 1, 1]})
    with pytest.raises(ValueError, match="missing"):
        regression.logistic([0, 1, 1], {"x": [1.0, math.nan, 2.0]})
    with pytest.raises(ValueError, match="three or more"):
        regression.proportional_odds([0, 1, 0, 1], {"x": [1, 2, 3, 5]})


# --- what is refused

REFUSED = [
    (lambda: two_by_two.fisher([[1, 2]]), "2 x 2"),
    (lambda: two_by_two.fisher([[1, -2], [3, 4]]), "not negative"),
    (lambda: two_by_two.fisher([[1, 2], [3, 4]], "sideways"), "two-sided, less, greater"),
    (lambda: two_by_two.chi_squared([[1, 0], [3, 0]]), "empty"),
    (lambda: two_by_two.boschloo([[0, 0], [3, 1]]), "one of them is empty"),
    (lambda: two_by_two.odds_ratio([[1, 2], [3, 1]], level=95), "level"),
    (lambda: two_by_two.difference(5, 4, 1, 2), "5 of 4"),
    (lambda: dominance.mann_whitney([[0, 0], [1, 2]]), "each group"),
    (lambda: dominance.mann_whitney([[1, 0], [0, 1]], method="guess"), "exact, asymptotic"),
    (lambda: dominance.brunner_munzel([[3, 0], [0, 4]]), "groups that overlap"),
    # R's wilcox.test(c(1, 1), c(1, 1, 1), exact = FALSE), cor.test(c(1, 1), 1:2, method = "kendall", exact = FALSE)
    # and mcnemar.test(diag(3:4)) have no p either
    (lambda: dominance.mann_whitney([[2], [3]], method="asymptotic"), "same answer"),
    (lambda: association.kendall([[1, 1]]), "two different answers"),
    (lambda: association.kendall([[3]]), "two different answers"),
    (lambda: pairs.mcnemar_test([[3, 0], [0, 4]], "asymptotic"), "somebody who changed"),
    (lambda: association.measure([[1, 2, 3]]), "two different answers"),
    (lambda: association.measure([[1, 1], [1, 0]], "tau_c"), "tau_b, gamma"),
    (lambda: categories.chi_squared([[1, 2], [0, 0]]), "two different answers"),
    (lambda: groups.kruskal_wallis([[1, 2], [0, 0]]), "two or more groups"),
    (lambda: groups.kruskal_wallis([[1, 0], [4, 0]]), "same answer"),
    (lambda: pairs.signed_rank([1, 2], [1]), "2 and 1"),
    (lambda: pairs.change_odds([[3, 0], [0, 4]]), "nobody changed"),
    (lambda: pairs.cochran_q([[1, 1], [0, 0]]), "differ"),
    (lambda: agreement.kappa([1, 2], [1]), "2 and 1"),
    (lambda: multiplicity.adjust([1.2]), "between 0 and 1"),
    (lambda: equivalence.tau_b([[3, 1], [1, 3]], 0.2, -0.2), "bounds"),
]


@pytest.mark.parametrize(("call", "words"), REFUSED)
def test_what_cannot_be_answered_is_refused_in_one_sentence(call, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")) as told:
        call()
    assert "\n" not in str(told.value)
