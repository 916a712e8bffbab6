"""The same people twice, coders, families of tests, equivalence, models: their laws, and what all of stats refuses."""

from __future__ import annotations

import math
from collections import Counter
from itertools import product
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st
from laws import MIRROR, full, given, holds, p_values, people, sides, squares
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
from tests.reference.case import cross

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
