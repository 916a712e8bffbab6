"""Medians of a weighted sample are those of R's package “survey”, and plain ones where all weights are equal; their
intervals hold what they promise.

> i <- 0:44; b <- data.frame(other = (i*i + 1) %% 7 + i %% 4, three = i %% 3,
+   weight = 0.5 + ((i*13 + 5) %% 11)/5, cluster = paste(i %% 3, (i %/% 3) %% 5))
> s <- svydesign(ids = ~cluster, strata = ~three, weights = ~weight, data = b)
"""

from __future__ import annotations

import numpy as np
import pytest

from surveybook.survey.estimates.weighting import Sampling
from surveybook.survey.stats.domains import Domains, quantile

PEOPLE = np.arange(45)
OTHER, WEIGHT = (PEOPLE**2 + 1) % 7 + PEOPLE % 4, 0.5 + (PEOPLE * 13 + 5) % 11 / 5
THREE = PEOPLE % 3


def domains(group, weight=WEIGHT, cluster=THREE * 5 + PEOPLE // 3 % 5, stratum=THREE, values=OTHER):
    return Domains(Sampling(weight, stratum, cluster), np.empty((len(values), 0), bool), group, values.astype(float))


def test_the_interval_of_a_median_holds_the_numbers_where_half_of_all_could_be_reached():
    # > up <- function(d) t(sapply(sort(unique(d$variables$other)), function(v) {
    # +   m <- svymean(~I(other <= v), d); c(v, coef(m)[2] + c(-1, 1) * qt(.975, degf(d)) * SE(m)[2]) }))
    # > up(s)  # 3: .185 .475, 4: .368 .639, 5: .598 .842
    whole = domains(np.zeros(45, int)).medians()[-1]
    assert (whole.value, whole.interval.low, whole.interval.high) == (4, 4, 5)
    # > up(subset(s, three == 0))  # 2: -.110 .406, 3: .039 .545, 5: .346 .994, 6: .562 1.199
    # > up(subset(s, three == 1))  # 1: -.128 .279, 3: -.137 .742, 4: .260 .878, 5: .553 1.082
    # > svyby(~other, ~three, subset(s, three < 2), svyquantile, quantiles = .5, qrule = "school")  # 5 and 4
    found = domains(np.where(THREE < 2, THREE, -1)).medians()
    assert [(one.value, one.interval.low, one.interval.high) for one in found[:2]] == [(5, 3, 6), (4, 3, 5)]


def test_the_interval_holds_the_true_median_where_many_give_the_same_number():
    # of all 51% are at 1 or below, so that every other sample has its median at 2: the interval of the share at the
    # median of the sample (Woodruff's, svyquantile in R) then begins at 2, and holds 1 in 6 of 10 samples
    random, held = np.random.default_rng(1), 0
    for _ in range(200):
        values = random.choice(5, 100, p=(0.2, 0.31, 0.24, 0.15, 0.1))
        people = domains(np.zeros(100, int), random.uniform(0.5, 1.5, 100), np.arange(100), np.zeros(100, int), values)
        inside = people.medians()[0].interval
        held += inside.low <= 1 <= inside.high
    assert held >= 186  # of 200; the binomial with 0.95 is below that in 8 of 1,000 cases


def test_half_of_all_weight_lies_between_two_numbers():
    # > d <- data.frame(v = 1:4, w = c(1, 2, 2, 1)); svyquantile(~v, svydesign(~1, weights = ~w, data = d), .5,
    # +   qrule = "school")  # 2.5, and no interval, as the share could be nothing
    found = domains(np.zeros(4, int), np.array([1.0, 2, 2, 1]), np.arange(4), np.zeros(4, int), np.arange(1, 5))
    assert found.medians()[0].value == 2.5 and found.medians()[0].interval is None


@pytest.mark.parametrize("seed", range(20))
def test_where_all_weights_are_equal_it_is_the_plain_median(seed):
    random = np.random.default_rng(seed)
    values = random.integers(0, 6, size=int(random.integers(1, 12)))
    assert quantile(values, np.full(len(values), 0.3), 0.5) == np.median(values)


def test_of_one_person_and_of_equal_answers_there_is_no_interval():
    for values in (np.array([3]), np.array([3, 3, 3, 3, 3])):
        n = len(values)
        found = domains(np.zeros(n, int), np.arange(1.0, n + 1), np.arange(n), np.zeros(n, int), values).medians()[0]
        assert (found.value, found.interval) == (3, None)
