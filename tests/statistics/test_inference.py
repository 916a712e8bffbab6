"""Tests and sizes of effects: laws that hold for all answers, values of R, and what is refused.

Values from R are quoted with their call; those of packages are in reference_cases.json (test_reference.py).
"""

from __future__ import annotations

import math
from itertools import combinations, permutations, product
from unittest.mock import patch

import hypothesis
import numpy as np
import pytest
from hypothesis import assume, example
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from surveybook.survey.stats import (
    agreement,
    association,
    bayes,
    binary,
    consistency,
    counting,
    dominance,
    equivalence,
    latent,
    missing,
    models,
    multinomial,
    multiplicity,
    nominal,
    odds,
    paired,
    power,
    proportion,
    raking,
    ranks,
    resampling,
    several,
)
from surveybook.survey.stats.disclosure import anonymity
from surveybook.survey.stats.ranks import Groups

answers = st.lists(st.integers(1, 5), min_size=2, max_size=30)
few = st.lists(st.integers(1, 4), min_size=1, max_size=4)
squares = st.lists(st.integers(0, 12), min_size=4, max_size=4).map(lambda c: [c[:2], c[2:]])
pairs = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=4, max_size=40)
p_values = st.lists(st.floats(0, 1), min_size=1, max_size=12)
levels = st.sampled_from([0.8, 0.9, 0.95, 0.99])
MIRROR = {"less": "greater", "greater": "less", "two-sided": "two-sided"}


def given(*strategies):
    """hypothesis.given without its time limit, which a busy machine misses."""
    return lambda test: hypothesis.settings(deadline=None)(hypothesis.given(*strategies)(test))


def full(table) -> bool:
    return bool(np.sum(table, axis=0).all() and np.sum(table, axis=1).all())


def holds(estimate, least=-math.inf, most=math.inf) -> bool:
    """Whether the interval is one, has the estimate in it and stays inside its bounds, up to rounding."""
    low, high, slack = estimate.interval.low, estimate.interval.high, 1e-9
    return least - slack <= low <= estimate.value + slack and estimate.value - slack <= high <= most + slack


# --- two yes/no answers


@given(squares.filter(lambda t: sum(map(sum, t)) > 0), st.sampled_from(["two-sided", "less", "greater"]))
def test_fisher_is_that_of_scipy_and_turns_with_the_table(table, side):
    here = binary.fisher(table, side)
    assert here.p == pytest.approx(stats.fisher_exact(table, side).pvalue, rel=1e-9)
    assert binary.fisher(np.transpose(table), side).p == pytest.approx(here.p)
    assert binary.fisher(table[::-1], MIRROR[side]).p == pytest.approx(here.p)
    assert here.mid_p <= here.p


@given(squares.filter(full), st.sampled_from(["minlike", "central", "blaker"]))
def test_two_sided_rules_of_fisher_keep_their_order(table, rule):
    p = binary.fisher(table, two_sided=rule).p
    assert max(min(binary.fisher(table, side).p for side in ("less", "greater")), 0) - 1e-12 <= p <= 1
    assert binary.fisher(table, two_sided="blaker").p <= binary.fisher(table, two_sided="central").p + 1e-12


@given(squares.filter(full), levels)
def test_the_odds_ratio_lies_in_its_interval_and_turns_over_with_the_groups(table, level):
    found = odds.conditional(table, level)
    turned = odds.conditional(table[::-1], level)
    assert holds(found, 0)
    if 0 < found.value < math.inf:
        assert turned.value == pytest.approx(1 / found.value, rel=1e-6)
        assert turned.interval.low == pytest.approx(1 / found.interval.high if found.interval.high else 0, rel=1e-6)
    assert holds(odds.odds(table, level), 0)


@pytest.mark.parametrize("rule", ["minlike", "blaker", "central"])
@pytest.mark.parametrize("table", [[[7, 12], [8, 3]], [[3, 1], [1, 3]], [[0, 6], [5, 5]], [[9, 2], [3, 20]]])
def test_an_interval_of_the_odds_ratio_is_where_its_own_test_does_not_reject(table, rule):
    interval = odds.conditional(table, 0.9, two_sided=rule).interval
    assert (interval.low <= 1 <= interval.high) == (binary.fisher(table, two_sided=rule).p > 0.1)


@given(st.integers(1, 25), st.integers(1, 25), st.data(), levels, st.sampled_from(odds.DIFFERENCES))
def test_a_difference_of_shares_lies_in_its_interval_and_changes_sign(n1, n2, data, level, method):
    assume(n1 + n2 > 2)
    k1, k2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    here = odds.difference(k1, n1, k2, n2, level, method)
    there = odds.difference(k2, n2, k1, n1, level, method)
    assert here.value == pytest.approx(-there.value)
    mirrored = (-there.interval.high, -there.interval.low)
    assert (here.interval.low, here.interval.high) == pytest.approx(mirrored, abs=1e-8)
    if method != "agresti-caffo":  # its centre is drawn towards none
        assert holds(here, -1, 1)


def test_score_intervals_are_where_the_score_test_does_not_reject():
    # at a difference of none the score test is the chi-squared test without correction
    for k1, k2 in product(range(0, 41, 4), range(0, 46, 5)):
        if 0 < k1 + k2 < 85:
            p = stats.chi2_contingency([[k1, 40 - k1], [k2, 45 - k2]], correction=False).pvalue
            interval = odds.difference(k1, 40, k2, 45, method="mee").interval
            assert (interval.low <= 0 <= interval.high) == (p >= 0.05)


def test_boschloo_is_never_larger_than_fisher_and_close_to_that_of_scipy():
    for table in ([[7, 12], [8, 3]], [[1, 9], [6, 4]], [[2, 20], [8, 12]]):
        here = binary.boschloo(table, fixed="rows").p
        assert here <= binary.fisher(table).p + 1e-12
        one = binary.boschloo(table, "less", fixed="rows").p
        assert one == pytest.approx(stats.boschloo_exact(np.transpose(table), "less").pvalue)


# --- two groups, ordered answers


@given(answers, answers)
def test_delta_is_antisymmetric_and_only_the_order_counts(x, y):
    here, there = Groups.of(x, y), Groups.of(y, x)
    recoded = Groups.of([one**3 for one in x], [one**3 for one in y])
    for method in dominance.INTERVALS:
        try:
            one, other, third = (dominance.cliff_delta(groups, method=method) for groups in (here, there, recoded))
        except ValueError:
            continue
        assert one.value == -other.value == third.value
        assert one.interval.low == pytest.approx(-other.interval.high, abs=1e-9)
        assert one.interval == third.interval
        assert holds(one, -1, 1)


@given(answers, answers, st.sampled_from(["two-sided", "less", "greater"]))
def test_mann_whitney_turns_with_the_groups_and_ignores_order_and_recoding(x, y, side):
    here = ranks.mann_whitney(Groups.of(x, y), side)
    for other, turned in ((Groups.of(y, x), MIRROR[side]), (Groups.of(x[::-1], sorted(y)), side)):
        assert ranks.mann_whitney(other, turned).p == pytest.approx(here.p, rel=1e-9)
    assert ranks.mann_whitney(Groups.of([10 * one - 3 for one in x], [10 * one - 3 for one in y]), side).p == here.p
    assert 0 < here.p <= 1
    assert here.mid_p <= here.p


@given(answers, answers, st.booleans(), st.sampled_from(["two-sided", "less", "greater"]))
def test_mann_whitney_by_the_normal_is_that_of_scipy(x, y, continuity, side):
    assume(len(set(x + y)) > 1)
    here = ranks.mann_whitney(Groups.of(x, y), side, "asymptotic", continuity)
    there = stats.mannwhitneyu(x, y, use_continuity=continuity, alternative=side, method="asymptotic")
    assert here.statistic == there.statistic
    if not (continuity and side == "two-sided" and here.z == 0):
        assert here.p == pytest.approx(there.pvalue, rel=1e-9)


@given(few, few)
def test_exact_tests_of_two_groups_are_those_of_all_permutations(x, y):
    every = x + y
    for score, test in ((stats.rankdata(every), ranks.mann_whitney), (np.array(every), ranks.mean_difference)):
        mean = len(x) * score.mean()
        sums = np.array([score[list(chosen)].sum() for chosen in combinations(range(len(every)), len(x))])
        seen = score[: len(x)].sum()
        groups = Groups.of(x, y)
        assert test(groups).p == pytest.approx(np.mean(abs(sums - mean) >= abs(seen - mean) - 1e-9))
        assert test(groups, "greater").p == pytest.approx(np.mean(sums >= seen - 1e-9))
        assert test(groups, "less").p == pytest.approx(np.mean(sums <= seen + 1e-9))


@given(st.lists(st.integers(0, 9), min_size=10, max_size=10).map(lambda c: [c[:5], c[5:]]))
def test_a_table_is_the_same_as_its_answers(table):
    assume(all(map(sum, table)))
    x, y = (np.repeat(np.arange(1, 6), row) for row in table)
    one, other = Groups.from_table(table), Groups.of(x, y)
    assert one.u == other.u
    assert ranks.mann_whitney(one) == ranks.mann_whitney(other)
    assert dominance.hodges_lehmann(one) == dominance.hodges_lehmann(other)


def test_what_is_drawn_is_close_to_what_is_exact_and_the_same_every_time():
    groups = Groups.from_table([[8, 12, 10, 10, 3], [5, 11, 19, 17, 16]])
    exact, work = ranks.mann_whitney(groups), ranks.WORK
    try:
        ranks.WORK = 0
        drawn = ranks.mann_whitney(groups)
        again = ranks.mann_whitney(groups)
    finally:
        ranks.WORK = work
    assert drawn == again
    assert drawn.standard_error > 0
    assert abs(drawn.p - exact.p) < 4 * drawn.standard_error


def test_a_shift_of_the_first_group_shifts_hodges_and_lehmann():
    x, y = [1.5, 2.25, 4.0, 7.75], [0.5, 3.0, 5.25]
    here, there = (dominance.hodges_lehmann(Groups.of([one + add for one in x], y)) for add in (0, 2))
    assert there.value == here.value + 2
    assert there.interval.low == here.interval.low + 2


@given(answers, answers)
def test_brunner_and_munzel_change_sign_with_the_groups(x, y):
    try:
        here, there = dominance.brunner_munzel(Groups.of(x, y)), dominance.brunner_munzel(Groups.of(y, x))
    except ValueError:
        return
    assert here.statistic == pytest.approx(-there.statistic)
    assert here.p == pytest.approx(there.p)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=6))
def test_a_trend_turns_with_the_answers_and_does_not_care_for_the_scale_of_scores(cells):
    yes, no = zip(*cells, strict=True)
    totals = [a + b for a, b in cells]
    assume(0 < sum(yes) < sum(totals) and sum(one > 0 for one in totals) > 1)
    scores = list(range(len(cells)))
    here = ranks.trend(yes, totals, scores)
    assert ranks.trend(no, totals, scores).z == pytest.approx(-here.z, abs=1e-9)
    rescaled = ranks.trend(yes, totals, [3 * one + 7 for one in scores])
    assert rescaled.statistic == pytest.approx(here.statistic, abs=1e-9)


# --- two ordered answers


@given(pairs, st.sampled_from(association.MEASURES))
def test_measures_of_association_turn_with_the_order_and_stay_in_bounds(people, name):
    x, y = zip(*people, strict=True)
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    try:
        here = association.measure(counting.cross(x, y)[0], name)
    except ValueError:
        assume(False)
    turned = association.measure(counting.cross([-one for one in x], y)[0], name)
    recoded = association.measure(counting.cross([one**3 for one in x], y)[0], name)
    assert here.value == pytest.approx(-turned.value, abs=1e-12)
    assert recoded == here
    assert holds(here, -1, 1)
    assert holds(association.measure(counting.cross(x, y)[0], name, interval="wald"), -1, 1)


@given(pairs, st.sampled_from(["two-sided", "less", "greater"]))
def test_kendall_and_the_measures_are_those_of_scipy(people, side):
    x, y = zip(*people, strict=True)
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    table = counting.cross(x, y)[0]
    there = stats.kendalltau(x, y, method="asymptotic", alternative=side)
    assert association.measure(table).value == pytest.approx(there.statistic)
    assert association.kendall(table, side).p == pytest.approx(there.pvalue, rel=1e-8)
    assert association.measure(table, "tau_c").value == pytest.approx(stats.kendalltau(x, y, variant="c").statistic)
    assert association.measure(table, "somers_columns").value == pytest.approx(stats.somersd(x, y).statistic)
    assert association.spearman(table, side).statistic == pytest.approx(stats.spearmanr(x, y).statistic)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=3, max_size=6))
def test_permutation_tests_of_association_are_those_of_all_orders(people):
    x, y = map(np.array, zip(*people, strict=True))
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    table = counting.cross(x, y)[0]

    def concordance(other):
        return sum(np.sign((x[i] - x[j]) * (other[i] - other[j])) for i, j in combinations(range(len(x)), 2))

    every, seen = np.array([concordance(y[list(order)]) for order in permutations(range(len(y)))]), concordance(y)
    assert association.kendall(table, method="permutation").p == pytest.approx(np.mean(abs(every) >= abs(seen)))
    assert association.kendall(table, "greater", "permutation").p == pytest.approx(np.mean(every >= seen))
    assert association.kendall(table, "less", "permutation").p == pytest.approx(np.mean(every <= seen))


def test_the_standard_error_of_tau_is_the_slope_of_tau():
    table = np.array([[8, 12, 10], [5, 11, 19], [4, 4, 12]])
    p, n, step = table / table.sum(), table.sum(), 1e-6
    for name in association.MEASURES:
        slopes = np.zeros(p.shape)
        for cell in product(range(3), range(3)):
            up, down = p.copy(), p.copy()
            up[cell] += step
            down[cell] -= step
            # along the simplex: the scales of the measures take one as the sum of all
            slopes[cell] = (association.population(up, name) - association.population(down, name)) / (2 * step)
        error = math.sqrt(((p * slopes**2).sum() - (p * slopes).sum() ** 2) / n)
        assert association.measure(table, name).standard_error == pytest.approx(error, rel=1e-5)


def test_jonckheere_is_kendall():
    table = [[6, 1, 2, 0], [4, 4, 1, 1], [5, 2, 2, 8]]
    assert association.jonckheere(table).p == association.kendall(table).p


def test_a_polychoric_correlation_is_the_hidden_one():
    made = latent.copula(0.6, [0.2, 0.5, 0.3], [0.4, 0.35, 0.25])
    table = np.round(made.probabilities * 1e6).astype(int)
    assert latent.polychoric(table).value == pytest.approx(0.6, abs=1e-4)
    assert made.probabilities.sum() == pytest.approx(1)
    assert made.probabilities.sum(axis=1) == pytest.approx([0.2, 0.5, 0.3])


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-0.95, 0.95))
@example(0.0, -5.6e-139, 0.0)
@example(0.0, 0.0, 0.5)
def test_the_bivariate_normal_is_that_of_scipy(h, k, rho):
    there = stats.multivariate_normal.cdf([h, k], cov=[[1, rho], [rho, 1]])
    assert float(latent.bivariate_normal(h, k, rho)) == pytest.approx(there, abs=1e-7)


# --- tables of any size, several groups


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=3))
def test_all_tables_with_the_same_margins_are_listed_once_and_add_up_to_one(table):
    counts = np.array(table)
    assume(counts.sum() > 0)
    every = counting.listed(counts)
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
    number = len(counting.listed(counts).tables)
    assert 1 <= counting.at_least(rows, columns) <= number
    assert 1 <= counting.at_least(columns, rows) <= number
    three = counting.listed(counts[:, :3]) if counts[:, :3].any() else None
    if three:  # two of three columns leave no choice for the third one
        assert counting.at_least(counts[:, :3].sum(axis=1), columns[:3]) == len(three.tables)


@given(squares.filter(full))
def test_fisher_freeman_halton_is_fisher_in_a_two_by_two_table(table):
    assert nominal.fisher_freeman_halton(table).p == pytest.approx(binary.fisher(table).p, rel=1e-6)


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=4), levels)
def test_cramers_v_stays_in_bounds_and_ignores_the_order_of_rows(table, level):
    counts = counting.trim(np.array(table))
    assume(min(counts.shape) > 1 and counts.sum() > max(counts.shape))
    for corrected in (False, True):
        here = nominal.cramers_v(counts, level, corrected)
        assert holds(here, 0, 1)
        turned = nominal.cramers_v(counts[::-1].T, level, corrected)
        assert turned.value == pytest.approx(here.value, abs=1e-7)
    assert nominal.cramers_v(counts).value <= nominal.cramers_v(counts, corrected=False).value + 0.2


@given(st.lists(answers, min_size=2, max_size=4))
def test_kruskal_and_wallis_ignore_the_order_of_groups_and_recoding(groups):
    assume(len({one for group in groups for one in group}) > 1)
    table, _ = counting.stack(*groups)
    here = several.kruskal_wallis(table)
    assert several.kruskal_h(table[None])[0] == pytest.approx(here.statistic)
    assert several.kruskal_wallis(table[::-1]).statistic == pytest.approx(here.statistic)
    assert 0 <= several.epsilon2(table, draws=50).value <= 1
    pairs = several.dunn(table)
    assert all(one.adjusted >= one.p - 1e-12 for one in pairs)
    assert several.dunn(table[::-1])[-1].z == pytest.approx(-pairs[0].z)


def test_kruskal_of_two_groups_is_mann_whitney_squared():
    table = [[3, 5, 1, 4], [6, 2, 7, 1]]
    z = ranks.mann_whitney(Groups.from_table(table), method="asymptotic").z
    assert several.kruskal_wallis(table).statistic == pytest.approx(z**2)
    exact = several.kruskal_wallis(table, "permutation").p
    assert exact == pytest.approx(ranks.mann_whitney(Groups.from_table(table)).p)


# --- the same people twice


@given(pairs, st.sampled_from(["pratt", "wilcox"]), st.sampled_from(["two-sided", "less", "greater"]))
def test_signed_ranks_turn_with_the_answers_and_adding_a_constant_changes_nothing(people, zeros, side):
    x, y = zip(*people, strict=True)
    here = paired.signed_rank(x, y, side, zeros)
    assert paired.signed_rank(y, x, MIRROR[side], zeros).p == pytest.approx(here.p)
    assert paired.signed_rank([one + 7 for one in x], [one + 7 for one in y], side, zeros) == here
    normal = paired.signed_rank(x, y, side, zeros, "asymptotic")
    if any(a != b for a, b in people):
        there = stats.wilcoxon(x, y, zero_method=zeros, correction=False, alternative=side, method="asymptotic")
        assert normal.p == pytest.approx(there.pvalue, rel=1e-8)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=8))
def test_exact_signed_ranks_are_those_of_all_signs(people):
    x, y = zip(*people, strict=True)
    for zeros in ("pratt", "wilcox"):
        seen = paired.SignedRanks.of(x, y, zeros)
        every = np.array([seen.ranks @ np.array(signs) for signs in product((0, 1), repeat=len(seen.ranks))])
        p = np.mean(abs(every - seen.ranks.sum() / 2) >= abs(seen.v - seen.ranks.sum() / 2) - 1e-9)
        assert paired.signed_rank(x, y, zeros=zeros).p == pytest.approx(p)


@given(pairs)
def test_changes_of_the_same_people_stay_in_their_intervals(people):
    x, y = zip(*people, strict=True)
    assert holds(paired.net_change(x, y), -1, 1)
    assert holds(paired.pseudo_median(x, y))
    if any(a != b for a, b in people):
        assert holds(paired.matched_rank_biserial(x, y), -1, 1)
        assert paired.matched_rank_biserial(y, x).value == pytest.approx(-paired.matched_rank_biserial(x, y).value)


@given(squares.filter(full))
def test_mcnemar_counts_only_those_who_changed(table):
    here = paired.mcnemar_test(table)
    assert paired.mcnemar_test([[99, table[0][1]], [table[1][0], 0]]) == here
    assert paired.mcnemar_test(np.transpose(table)).p == pytest.approx(here.p)
    if table[0][1] + table[1][0]:
        assert holds(paired.change_odds(table), 0)
        assert 0 < here.mid_p <= here.p


def test_cochran_of_two_answers_is_mcnemar():
    matrix = [[1, 0]] * 7 + [[0, 1]] * 2 + [[1, 1]] * 3 + [[0, 0]] * 5
    assert paired.cochran_q(matrix).p == pytest.approx(paired.mcnemar_test([[3, 7], [2, 5]], "asymptotic").p)


def test_page_turns_with_the_columns():
    matrix = np.array([[1, 2, 3], [1, 3, 2], [2, 1, 3], [1, 2, 3]])
    assert paired.page(matrix).p == paired.page(matrix[:, ::-1], "less").p
    assert paired.page(matrix).p < 0.05 < paired.page(matrix, "less").p


# --- one share, several shares


@given(st.integers(1, 80), st.data(), levels, st.sampled_from(proportion.METHODS))
def test_a_share_lies_in_its_interval_and_no_is_yes_turned_round(base, data, level, method):
    count = data.draw(st.integers(0, base))
    here, other = (proportion.share(k, base, level, method) for k in (count, base - count))
    assert here.interval.low == pytest.approx(1 - other.interval.high, abs=1e-9)
    if not (method == "jeffreys" and count in (0, base)):  # its quantiles miss the edge, which jeffreys-edge mends
        assert holds(here, 0, 1)


@given(st.integers(1, 40), st.data(), st.floats(0.05, 0.95))
def test_an_exact_test_of_a_share_agrees_with_its_interval(base, data, claim):
    count = data.draw(st.integers(0, base))
    interval = proportion.share(count, base, 0.9, "clopper-pearson").interval
    p = proportion.claimed(count, base, claim, two_sided="central").p
    assume(abs(p - 0.1) > 1e-9)
    assert (interval.low <= claim <= interval.high) == (p > 0.1)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=6).filter(lambda c: sum(c) > 5))
def test_shares_all_at_once_lie_in_their_intervals(counts):
    for method in ("goodman", "quesenberry-hurst", "bonferroni"):
        assert all(holds(one, 0, 1) for one in multinomial.shares(counts, method=method))


# --- many tests


@given(p_values, st.sampled_from(multiplicity.METHODS))
def test_adjusted_p_are_never_smaller_and_keep_their_order(p, method):
    adjusted = multiplicity.adjust(p, method)
    assert all(one <= other + 1e-12 <= 1 + 1e-9 for one, other in zip(p, adjusted, strict=True))
    order = np.argsort(p, kind="stable")
    assert (np.diff(np.array(adjusted)[order]) >= -1e-12).all()
    assert multiplicity.adjust(p[::-1], method) == pytest.approx(adjusted[::-1])


@given(p_values)
def test_holm_is_that_of_statsmodels(p):
    with patch("gc.collect"):
        assert multiplicity.adjust(p) == pytest.approx(multipletests(p, method="holm")[1])


@given(p_values, st.integers(0, 5))
def test_a_test_that_could_not_be_made_still_counts_in_its_family(p, lost):
    held = multiplicity.adjust([*p, *[None] * lost])
    assert held[: len(p)] == multiplicity.adjust(p, m=len(p) + lost)
    assert held[len(p) :] == (None,) * lost
    assert all(more >= less - 1e-12 for more, less in zip(held, multiplicity.adjust(p), strict=False))


def test_max_t_of_one_outcome_is_its_own_permutation_test():
    x, y = [1, 3, 4, 4, 5], [2, 1, 2, 3, 3, 1]
    found = multiplicity.westfall_young([1] * 5 + [0] * 6, [[one] for one in x + y])
    assert found.method == "exact"
    assert found.p == found.single_step == found.step_down
    assert found.p[0] == pytest.approx(ranks.mann_whitney(Groups.of(x, y)).p)


# --- equivalence


@given(pairs, st.floats(0.05, 0.9))
def test_equivalence_is_an_interval_inside_the_bounds(people, bound):
    x, y = zip(*people, strict=True)
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    table = counting.cross(x, y)[0]
    try:
        found = equivalence.tau_b(table, -bound, bound)
    except ValueError:
        return
    assume(abs(found.p - 0.05) > 1e-9)
    assert (found.p < 0.05) == (-bound < found.interval.low and found.interval.high < bound)


def test_wider_bounds_are_easier_and_no_effect_in_many_people_is_equivalent():
    groups = Groups.from_table([[20, 30, 40, 30, 20], [21, 29, 41, 29, 20]])
    narrow, wide = (equivalence.delta(groups, -bound, bound).p for bound in (0.15, 0.33))
    assert wide < narrow
    assert wide < 0.001
    for variance in ("fisherz_cliff", "brunner-munzel"):
        assert equivalence.delta(groups, -0.33, 0.33, variance=variance).p < 0.01
    assert equivalence.shares(14, 52, 19, 87, -0.2, 0.2).p < 0.05 < equivalence.shares(4, 12, 6, 17, -0.2, 0.2).p


# --- models


def test_a_logistic_model_of_one_yes_or_no_is_the_odds_ratio():
    y, x = [1] * 16 + [0] * 17 + [1] * 28 + [0] * 78, [1] * 33 + [0] * 106
    found = models.logistic(y, {"exposed": x})["exposed"]
    assert found.ratio == pytest.approx(odds.odds([[16, 17], [28, 78]]).value)
    profile = models.profile(y, {"exposed": x}, "exposed")
    assert profile.low < found.value < profile.high


def test_models_refuse_what_they_cannot_estimate():
    with pytest.raises(ValueError, match="separates"):
        models.logistic([0, 0, 0, 1, 1, 1], {"x": [1, 2, 3, 4, 5, 6]})
    with pytest.raises(ValueError, match="constant or follows"):
        models.logistic([0, 1, 0, 1], {"x": [1, 1, 1, 1]})
    with pytest.raises(ValueError, match="missing"):
        models.poisson([0, 1, 2], {"x": [1.0, math.nan, 2.0]})
    with pytest.raises(ValueError, match="three or more"):
        models.proportional_odds([0, 1, 0, 1], {"x": [1, 2, 3, 5]})


def test_a_proportional_odds_model_turns_with_its_outcome():
    y, x = [1, 2, 3, 2, 1, 3, 3, 2, 1, 2, 3, 1], [1, 3, 4, 2, 2, 5, 3, 4, 1, 2, 2, 3]
    here, there = models.proportional_odds(y, {"x": x}), models.proportional_odds([4 - one for one in y], {"x": x})
    assert here["x"].value == pytest.approx(-there["x"].value, abs=1e-5)
    assert list(here.thresholds) == sorted(here.thresholds)


# --- Bayes, coders, resampling, raking, power, missing, disclosure


@given(squares.filter(full))
def test_bayes_factors_ignore_the_order_of_rows_and_turn_with_the_table(table):
    for plan, turned in (("joint", "joint"), ("rows", "columns"), ("poisson", "poisson")):
        here = bayes.contingency(table, plan)
        assert bayes.contingency(table[::-1], plan) == pytest.approx(here)
        assert bayes.contingency(np.transpose(table), turned) == pytest.approx(here)


def test_bayes_factors_grow_with_the_effect():
    assert bayes.kendall(0.0, 100) < 1 < bayes.kendall(0.3, 100) < bayes.kendall(0.5, 100)
    less, both, greater = (bayes.kendall(0.3, 100, direction=side) for side in ("less", "two-sided", "greater"))
    assert less < both < greater
    both = (bayes.kendall(0.1, 50, direction="less") + bayes.kendall(0.1, 50, direction="greater")) / 2
    assert both == pytest.approx(bayes.kendall(0.1, 50))


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


def test_a_bootstrap_is_the_same_every_time():
    values = [0, 1, 1, 2, 2, 3, 3, 4, 5, 9]
    assert resampling.bootstrap(values) == resampling.bootstrap(values)
    assert holds(resampling.bootstrap(values, method="bca", draws=999))


def test_raking_keeps_margins_and_odds_and_refuses_what_contradicts_itself():
    made = raking.rake([[5, 3], [2, 6]], [40, 55], [30, 65])
    assert made.sum(axis=0) == pytest.approx([30, 65])
    assert made[0, 0] * made[1, 1] / (made[0, 1] * made[1, 0]) == pytest.approx(5)
    with pytest.raises(ValueError, match="differ"):
        raking.rake([[1, 1], [1, 1]], [1, 2], [2, 2])
    with pytest.raises(ValueError, match="zeros"):
        raking.rake([[0, 0], [1, 1]], [1, 2], [2, 1])


def test_more_people_show_smaller_effects():
    assert power.correlation(1000) < power.correlation(139) < power.correlation(28)
    assert power.cohen_h(330, 1060) < power.cohen_h(33, 106)
    assert power.second_share(0.1, 700) < power.second_share(0.1, 70)
    assert power.unseen(28) == pytest.approx(0.101, abs=5e-4)  # STATISTICS 1.6: nobody of 28, one-sided 10.2 %
    assert (1 - power.unseen(28, 0.8)) ** 28 == pytest.approx(0.2)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_worst_case_bounds_hold_whatever_was_not_answered(yes, no, silent):
    assume(yes + no > 0)
    found = missing.share_bounds(yes, yes + no, yes + no + silent)
    for hidden in range(silent + 1):
        assert found.low - 1e-12 <= (yes + hidden) / (yes + no + silent) <= found.high + 1e-12
    assert found.envelope_low <= found.low
    assert found.high <= found.envelope_high


def test_missing_answers_are_left_out_in_pairs():
    assert missing.complete([1, None, 3, 4], [2, 2, float("nan"), 5]) == ([1, 4], [2, 5])


def test_one_person_alone_is_found():
    found = anonymity(["a", "a", "b", "b", "b"], [1, 1, 1, 1, None])
    assert (found.k, found.unique, found.below(3), found.sizes) == (1, 1, 5, (1, 2, 2))


# --- printed numbers


@given(st.integers(1, 60), st.data(), st.integers(0, 2))
def test_a_percentage_that_was_computed_is_always_possible(n, data, decimals):
    count = data.draw(st.integers(0, n))
    printed = f"{100 * count / n:.{decimals}f}"
    assert count in consistency.counts_behind(printed, n, decimals)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=60))
def test_a_mean_that_was_computed_is_always_possible(people):
    assert consistency.grim(f"{sum(people) / len(people):.2f}", len(people))


def test_zeros_at_the_end_of_a_printed_mean_count():
    assert consistency.grim("3.5", 28) and consistency.grim("3.50", 28)
    assert consistency.grim("3.3", 4) and not consistency.grim("3.30", 4)


def test_partitions():
    assert consistency.partition([18, 10], 28).consistent
    too_many = consistency.partition([18, 11], 28)
    assert (too_many.sum, too_many.excess, too_many.consistent) == (29, 1, False)
    assert consistency.partition([18, 11], 28, exclusive=False).consistent
    assert not consistency.partition([29, 11], 28, exclusive=False).consistent


TEXTS = [  # text -> (kind, error, decision error); p by R 4.2.2: pt, pchisq, pf, pnorm
    ("t(28) = 2.20, p = .036", ("t", False, False)), ("t(28) = -2.20, p = .04", ("t", False, False)),
    ("t(28) = 2.20, p < .05", ("t", False, False)), ("t(28) = 2.20, p > .05", ("t", True, True)),
    ("t(28) = 2.20, ns", ("t", True, True)), ("t(28) = 1.20, n.s.", ("t", False, False)),
    ("χ2(1, N = 139) = 5.66, p = .017", ("chi2", False, False)), ("χ²(4) = 12.03, p = .07", ("chi2", True, True)),
    ("z = 1.70, p = .045", ("z", True, True)), ("z = 1.70, p = .045, one-tailed", ("z", False, False)),
    ("F(2, 45) = 4.30, p < .01", ("F", True, False)), ("r(137) = .21, p = .013", ("r", False, False)),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_printed_tests_are_recomputed(text, expected):
    (found,) = consistency.check_text(f"As expected ({text}).")
    assert (found.kind, found.error, found.decision_error) == expected


# --- what is refused

REFUSED = [
    (lambda: binary.fisher([[1, 2]]), "2 x 2"),
    (lambda: binary.fisher([[1, -2], [3, 4]]), "not negative"),
    (lambda: binary.fisher([[1, 2], [3, 4]], "sideways"), "two-sided, less, greater"),
    (lambda: binary.chi_squared([[1, 0], [3, 0]]), "empty"),
    (lambda: binary.barnard([[0, 0], [3, 1]]), "one of them is empty"),
    (lambda: odds.conditional([[0, 0], [3, 1]]), "no odds ratio"),
    (lambda: odds.conditional([[1, 2], [3, 1]], level=95), "level"),
    (lambda: odds.difference(5, 4, 1, 2), "5 of 4"),
    (lambda: Groups.of([], [1]), "each group"),
    (lambda: ranks.mann_whitney(Groups.of([1], [2]), method="guess"), "exact, asymptotic"),
    (lambda: ranks.trend([0, 0], [4, 5]), "both answers"),
    (lambda: association.measure([[1, 2, 3]]), "two different answers"),
    (lambda: association.kendall([[1, 2], [3, 4]], method="exact"), "permutation"),
    (lambda: nominal.chi_squared([[1, 2], [0, 0]]), "two different answers"),
    (lambda: several.kruskal_wallis([[1, 2], [0, 0]]), "two or more groups"),
    (lambda: several.kruskal_wallis([[1, 0], [4, 0]]), "same answer"),
    (lambda: paired.signed_rank([1, 2], [1]), "2 and 1"),
    (lambda: paired.change_odds([[3, 0], [0, 4]]), "nobody changed"),
    (lambda: paired.cochran_q([[1, 1], [0, 0]]), "differ"),
    (lambda: proportion.share(3, 2), "between 0 and its base 2"),
    (lambda: proportion.share(1, 2, method="jeffreys", alternative="less"), "two-sided only"),
    (lambda: proportion.claimed(1, 2, 1.2), "claimed share"),
    (lambda: multinomial.shares([0, 0]), "not all zero"),
    (lambda: multiplicity.adjust([0.1, 0.2], m=1), "family of 1"),
    (lambda: multiplicity.adjust([1.2]), "between 0 and 1"),
    (lambda: equivalence.tau_b([[3, 1], [1, 3]], 0.2, -0.2), "bounds"),
    (lambda: bayes.contingency([[1, 2], [3, 4]], prior=0.1), "too small"),
    (lambda: consistency.recompute("F", 2.0, 3), "degrees of freedom"),
    (lambda: consistency.grim("about 3", 28), "digits"),
    (lambda: resampling.bootstrap([1, 1, 1]), "two different"),
    (lambda: missing.share_bounds(3, 2, 5), "no more yes"),
    (lambda: latent.copula(1.0, [0.5, 0.5], [0.5, 0.5]), "inside -1 and 1"),
]


@pytest.mark.parametrize(("call", "words"), REFUSED)
def test_what_cannot_be_answered_is_refused_in_one_sentence(call, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")) as told:
        call()
    assert "\n" not in str(told.value)
