"""Shares, intervals, distributions and the test of equal shares: reference values from R, and laws."""

from __future__ import annotations

import json
import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from project import SHARED

from surveybook.survey.estimates.distribution import Distribution
from surveybook.survey.estimates.equality import equal_shares
from surveybook.survey.estimates.sensitivity import readings
from surveybook.survey.estimates.share import Share

REFERENCE = SHARED / "reference" / "stats_cases.json"
shares = st.integers(1, 400).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))
tables = st.lists(st.integers(0, 12), min_size=2, max_size=5).filter(sum)


# --- one share

WILSON = [  # R 4.2.2: prop.test(k, n, correct = FALSE)$conf.int
    (22, 25, 0.700442060790727, 0.958331828495596),
    (18, 28, 0.458303065144278, 0.792941704922623),
    (25, 28, 0.728041484513279, 0.962881633170700),
]


@pytest.mark.parametrize(("count", "base", "low", "high"), WILSON)
def test_a_share_alone_has_the_wilson_interval_of_r(count, base, low, high):
    interval = Share(count, base).interval
    assert (interval.low, interval.high) == pytest.approx((low, high), rel=1e-9)
    assert interval.method == "Wilson"


CLOPPER_PEARSON = [  # R 4.2.2: binom.test(k, n, conf.level = 1 - .05 / among)$conf.int
    (10, 29, 11, 0.127675572608945, 0.622182328545439),
    (0, 29, 11, 0.0, 0.18932559882503),
    (16, 28, 3, 0.334013228746639, 0.787183370464930),
]


@pytest.mark.parametrize(("count", "base", "among", "low", "high"), CLOPPER_PEARSON)
def test_shares_read_together_have_the_widened_clopper_pearson_interval_of_r(count, base, among, low, high):
    interval = Share(count, base, among).interval
    assert (interval.low, interval.high) == pytest.approx((low, high), rel=1e-9)


@pytest.mark.skipif(not REFERENCE.exists(), reason=f"the reference cases are not at {REFERENCE}")
def test_every_reference_case_of_a_wilson_interval():
    cases = [case for case in json.loads(REFERENCE.read_text()) if "wilson" in case["expected"]]
    assert len(cases) >= 6
    for case in cases:
        interval = Share(case["inputs"]["k"], case["inputs"]["n"]).interval
        assert [interval.low, interval.high] == pytest.approx(case["expected"]["wilson"], rel=1e-6), case["id"]


@given(shares)
def test_the_interval_holds_the_share_and_stays_between_none_and_all(pair):
    share = Share(*pair)
    assert 0 <= share.interval.low <= share.value <= share.interval.high <= 1


@given(shares)
def test_the_interval_of_the_others_is_the_mirror_image(pair):
    count, base = pair
    one, other = Share(count, base).interval, Share(base - count, base).interval
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low), abs=1e-12)


@given(shares)
def test_doubling_all_counts_narrows_the_interval(pair):
    count, base = pair
    once, twice = Share(count, base).interval, Share(2 * count, 2 * base).interval
    assert twice.high - twice.low < once.high - once.low


@given(shares)
def test_reading_more_shares_together_never_narrows_their_intervals(pair):
    few, many = Share(*pair, among=2).interval, Share(*pair, among=9).interval
    assert many.low <= few.low and few.high <= many.high


@pytest.mark.parametrize(("count", "base"), [(1, 0), (-1, 5), (6, 5)])
def test_a_share_that_cannot_be_is_refused(count, base):
    with pytest.raises(ValueError, match="base|count"):
        Share(count, base)


# --- equal shares

# R 4.2.2, all tables enumerated:  x <- c(10,6,4,4,3,2); n <- sum(x); k <- length(x)
#   bars <- combn(n + k - 1, k - 1); parts <- rbind(bars, n + k) - rbind(0, bars) - 1
#   p <- exp(lgamma(n + 1) - colSums(lgamma(parts + 1)) - n * log(k))
#   c(sum(p[colSums(parts^2) >= sum(x^2)]), sum(p[apply(parts, 2, max) >= max(x)]))
EXACT = [
    ((10, 6, 4, 4, 3, 2), 0.1358105562283165, 0.0920122564271816),
    ((16, 10, 2), 0.00458084233999661, 0.02446180389461222),
    ((20, 32, 38), 0.062243848012611, 0.145787195438577),
    ((5, 0, 1, 0), 0.0185546875, 0.0185546875),
    ((18, 10), 0.184933342039585, 0.184933342039585),  # binom.test(18, 28)$p.value
]


@pytest.mark.parametrize(("counts", "p", "leader_p"), EXACT)
def test_the_exact_test_gives_the_probabilities_of_r(counts, p, leader_p):
    test = equal_shares(counts)
    assert test.method == "exact"
    assert (test.p, test.leader_p) == pytest.approx((p, leader_p), rel=1e-10)


# R 4.2.2: set.seed(1); chisq.test(x, simulate.p.value = TRUE, B = 1e6)$p.value, whose error is below 0.0002
SIMULATED = [
    ((10, 6, 4, 4, 3, 2, 0, 0, 0, 0, 0), 7.8999921e-05),
    ((10, 5, 4, 2, 2, 1, 1, 1, 1, 1, 1), 0.00136199863800136),
    ((20, 32, 38, 31, 18), 0.0344969655030345),
]


@pytest.mark.parametrize(("counts", "p"), SIMULATED)
def test_more_answers_agree_with_the_simulation_of_r(counts, p):
    assert equal_shares(counts).p == pytest.approx(p, abs=5e-4 + 4 * equal_shares(counts).standard_error)


@pytest.mark.parametrize("counts", [counts for counts, *_ in EXACT])
def test_monte_carlo_agrees_with_the_exact_test_within_its_error(counts):
    if len(counts) == 2:
        return  # a binomial sum, whatever the work
    exact, drawn = equal_shares(counts), equal_shares(counts, work=0)
    assert drawn.method == "Monte Carlo" and drawn.standard_error > 0
    assert abs(drawn.p - exact.p) < 4 * drawn.standard_error
    assert abs(drawn.leader_p - exact.leader_p) < 4 * drawn.leader_standard_error
    assert drawn == equal_shares(counts, work=0), "the same seed gives the same result"


@given(st.lists(st.integers(0, 4), min_size=2, max_size=3).filter(sum))
def test_the_exact_test_is_the_sum_over_every_way_to_answer(counts):
    n, k = sum(counts), len(counts)
    uneven = sum(c * c for c in counts)
    seen = [[way.count(i) for i in range(k)] for way in product(range(k), repeat=n)] if k**n <= 7000 else None
    if seen:
        expected = sum(sum(c * c for c in ways) >= uneven for ways in seen) / len(seen)
        assert equal_shares(counts).p == pytest.approx(expected, rel=1e-9)


@given(tables, st.randoms())
def test_the_order_of_the_answers_changes_nothing(counts, random):
    shuffled = random.sample(counts, len(counts))
    assert equal_shares(shuffled).p == pytest.approx(equal_shares(counts).p, rel=1e-12)


def test_a_random_table_near_the_limit_is_drawn_ten_times_as_often():
    # R 4.2.2: chisq.test(c(20,32,38,31,18), simulate.p.value=TRUE, B=1e6)$p.value is 0.0345: far from 0.05
    assert equal_shares((20, 32, 38, 31, 18), work=0).standard_error > 5e-4
    assert equal_shares((17, 32, 37, 31, 22), work=0).standard_error < 3e-4, "its p is 0.0508"


@given(st.integers(2, 6), st.integers(1, 6))
def test_equal_counts_are_as_even_as_can_be(answers, each):
    test = equal_shares([each] * answers)
    assert test.statistic == pytest.approx(0) and test.p == pytest.approx(1) and test.leader_p == pytest.approx(1)


@given(tables)
def test_doubling_uneven_counts_makes_equal_shares_less_likely(counts):
    if len(set(counts)) > 1:
        assert equal_shares([2 * c for c in counts]).statistic > equal_shares(counts).statistic


@pytest.mark.parametrize("counts", [[], [3], [0, 0], [2, -1]])
def test_a_table_that_tests_nothing_is_refused(counts):
    with pytest.raises(ValueError, match="two or more answers"):
        equal_shares(counts)


# --- a distribution and its readings


def test_shares_are_of_those_who_answered_and_missing_ones_change_nothing():
    alone = Distribution({"yes": 3, "no": 22}, {}, 25)
    beside = Distribution({"yes": 3, "no": 22}, {"silent": 3}, 28)
    assert alone.shares == beside.shares
    assert beside.shares["no"] == Share(22, 25)


def test_two_answers_are_read_as_one_share_and_more_are_read_together():
    assert Distribution({"a": 1, "b": 2}, {}, 3).shares["a"].among == 1
    assert Distribution({"a": 1, "b": 2, "c": 0}, {}, 3).shares["a"].among == 3


def test_a_group_keeps_its_counts():
    whole = Distribution({"a": 4, "b": 3, "c": 2}, {}, 9)
    assert whole.group(["a", "c"]) == Share(6, 9)
    assert whole.group(["a", "b", "c"]).value == 1


@pytest.mark.parametrize(("asked", "surplus"), [(8, 1), (9, 0), (10, -1)])
def test_the_surplus_is_what_the_rows_have_too_many(asked, surplus):
    assert Distribution({"a": 4, "b": 3}, {"silent": 2}, asked).surplus == surplus


def test_every_reading_of_those_who_gave_no_answer():
    found = readings(Distribution({"yes": 3, "no": 22}, {"silent": 3}, 28), "no")
    assert [(r.share.count, r.share.base) for r in found] == [(22, 25), (22, 28), (25, 28)]


def test_every_reading_of_a_row_too_many():
    found = readings(Distribution({"a": 10, "b": 19}, {}, 28), "a")
    assert [(r.share.count, r.share.base) for r in found] == [(10, 29), (10, 28), (9, 28)]


def test_a_surplus_larger_than_a_row_takes_all_of_it():
    found = readings(Distribution({"a": 1, "b": 12}, {}, 10), "a")
    assert [(r.share.count, r.share.base) for r in found] == [(1, 13), (1, 10), (0, 10)]


def test_every_reading_has_the_kind_of_interval_of_the_first():
    found = readings(Distribution({"a": 10, "b": 12, "c": 7}, {}, 28), "a")
    assert {r.share.among for r in found} == {3}


def test_rows_that_fall_short_are_read_as_silent():
    found = readings(Distribution({"a": 10, "b": 17}, {}, 28), "a")
    assert [(r.share.count, r.share.base) for r in found] == [(10, 27), (10, 28), (11, 28)]


def test_counts_that_add_up_have_one_reading():
    assert len(readings(Distribution({"a": 1, "b": 2}, {}, 3), "a")) == 1


@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 5))
def test_the_first_reading_lies_between_the_others_when_some_are_silent(count, others, silent):
    found = [r.share.value for r in readings(Distribution({"a": count, "b": others}, {"s": silent}, 99), "a")]
    assert min(found) <= found[0] <= max(found)


def test_the_level_of_simultaneous_intervals_is_shared_among_them():
    lone, shared = Share(5, 20, among=1), Share(5, 20, among=4, level=0.95)
    assert shared.interval.high - shared.interval.low > lone.interval.high - lone.interval.low
    assert math.isclose(shared.interval.level, 0.95)
