"""How did each group of a weighted, stratified or clustered sample answer, and do two groups differ?

Groups are domains of the whole sample: clusters in which nobody is of a group count for its error, and those of its own
for its degrees of freedom, as `svyby` of R's package “survey” has it (Lumley 2004, doi 10.18637/jss.v009.i08).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations

import numpy as np
from scipy.special import stdtrit

from surveybook.survey.estimates.share import Interval
from surveybook.survey.estimates.weighted import WeightedShare, weighted_share
from surveybook.survey.estimates.weighting import Sampling, Weighted
from surveybook.survey.stats.columns import Columns
from surveybook.survey.stats.groups import Pair
from surveybook.survey.stats.multiplicity import adjust
from surveybook.survey.stats.result import Estimate
from surveybook.survey.stats.sampled import WeightedTable, compare_ranks, rao_scott
from surveybook.survey.stats.scores import SKEWED, Mean

LETTERS_BY = "Rao and Scott’s test of two shares in the sample; where it has no error, groups are not told apart"
LINEAR = "linearization, Student’s t"
INVERTED = "inverted test, linearization"
NEAR = 1e-9  # what a sum of weights may be off


@dataclass(frozen=True, eq=False)
class Domains:
    """People of a `sampling` in groups, one entry each.

    `chosen`: which answers a person gave (people x answers, truth values); `group`: the number of the group, below zero
    for those who did not answer both questions; `values`: the number that a person's answer stands for, if it does.
    """

    sampling: Sampling
    chosen: np.ndarray
    group: np.ndarray
    values: np.ndarray | None = None

    def __iter__(self) -> Iterator[np.ndarray]:
        """Who is in each group, and in any."""
        for number in range(int(self.group.max()) + 1):
            yield self.group == number
        yield self.group >= 0

    def distributions(self, parts: Sequence[Collection[int]]) -> list[Weighted]:
        """The weighted shares of those who gave one of the answers of each part, in each group and in all."""
        gave = np.stack([self._gave(part) for part in parts], axis=1)
        return [self.sampling.estimate(gave, people) for people in self]

    def shares(self, answers: Collection[int], among: int) -> list[WeightedShare]:
        """The share of those who gave one of these answers in each group and in all, `among` so many read together."""
        gave = self._gave(answers)
        return [weighted_share(int((gave & people).sum()), int(people.sum()),
                               self.sampling.estimate(gave[:, None], people), among=among) for people in self]

    def compare(self, answers: Collection[int]) -> tuple[Columns, ...]:
        """Every pair of groups by the share of those who gave one of these answers, with p of Rao and Scott's test
        (`svychisq` of the two groups alone), adjusted by Holm; p is 1 where nothing is known of the error."""
        gave, groups, found = self._gave(answers), list(self)[:-1], []
        for first, second in combinations(range(len(groups)), 2):
            cells = [people & own for people in (groups[first], groups[second]) for own in (~gave, gave)]
            weighted = self.sampling.estimate(np.stack(cells, axis=1), groups[first] | groups[second])
            (no, yes), (other_no, other_yes) = np.reshape(weighted.shares, (2, 2)).tolist()
            found.append((first, second, other_yes / (other_no + other_yes) - yes / (no + yes),
                          _p([int(one.sum()) for one in cells], weighted)))
        return tuple(Columns(*one, float(family))
                     for one, family in zip(found, adjust([one[-1] for one in found]), strict=True))

    def ranked(self, groups: Sequence[int]) -> WeightedTable:
        """What these groups, the rows, answered, from the lowest number or answer to the highest."""
        people = np.isin(self.group, groups)
        given = self.chosen.argmax(axis=1) if self.values is None else self.values
        levels, column = np.unique(given[people], return_inverse=True)
        cell = np.full(len(people), -1)
        cell[people] = np.searchsorted(groups, self.group[people]) * len(levels) + column
        counts = np.bincount(cell[people], minlength=len(groups) * len(levels)).reshape(len(groups), -1)
        weighted = self.sampling.estimate(cell[:, None] == np.arange(counts.size), people)
        return WeightedTable(tuple(map(tuple, counts.tolist())), weighted)

    def compare_ranks(self) -> tuple[Pair, ...]:
        """Every pair of groups by the rank test of Lumley and Scott of the two alone (`svyranktest` of a subset, with
        midranks), p adjusted by Holm; t is 0 and p is 1 where nothing is known of the error."""
        pairs = list(combinations(range(int(self.group.max()) + 1), 2))
        found = [_t(self.ranked(pair)) for pair in pairs]
        return tuple(Pair(*pair, *one, family)
                     for pair, one, family in zip(pairs, found, adjust([p for _, p in found]), strict=True))

    def means(self, level: float = 0.95) -> list[Mean]:
        """The mean of the values of each group and of all with Student's interval (`svymean`), and their deviation
        (the root of `svyvar`). Whether it is rough (scores.py) says the number of people that its error is worth."""
        assert self.values is not None
        found = []
        for people in self:
            own, weights = self.values[people], self.sampling.weights[people]
            made, value = self._mean(self.values, people, level), float(np.average(own, weights=weights))
            spread = float(np.average((own - value) ** 2, weights=weights))
            deviation = math.sqrt(spread * len(own) / (len(own) - 1)) if len(own) > 1 else 0.0
            third = float(np.average((own - value) ** 3, weights=weights))
            rough = deviation**2 * spread**3 <= SKEWED * third**2 * (made.standard_error or 0.0) ** 2
            found.append(Mean(value, deviation, len(own), made.interval, bool(made.interval and rough)))
        return found

    def medians(self, level: float = 0.95) -> list[Estimate]:
        """The median of the values of each group and of all, of two in the middle that between them, with the interval
        of Francisco and Fuller (1991, doi 10.1214/aos/1176347993): every number of which it cannot be refused that half
        of all are at it or below. Many people give the same number, and then Woodruff's interval, the values at both
        ends of that of the share at the median (`svyquantile` in R), can hold the true median in 6 of 10 samples
        instead of 95 of 100. No interval where that share could be nothing or all."""
        assert self.values is not None
        found = []
        for people in self:
            own, weights = self.values[people], self.sampling.weights[people]
            levels, value = np.unique(own), quantile(own, weights, 0.5)
            reached = cache(partial(self._reached, people, level))
            middle = int(np.searchsorted(levels, value))
            wide = max(high - low for low, high in map(reached, levels[max(middle - 1, 0) : middle + 1]))
            # the last number has all people, so that one is found
            low, high = (levels[bisect_left(levels, 0.5 - NEAR, key=lambda one, end=end: reached(one)[end])]
                         for end in (1, 0))
            inside = Interval(float(low), float(high), level, INVERTED) if 0 < wide < 1 else None
            found.append(Estimate(value, inside))
        return found

    def _reached(self, people: np.ndarray, level: float, number: float) -> tuple[float, float]:
        """Between which shares lies that of those of a group who are at a number or below?"""
        share = self._mean((self.values <= number).astype(float), people, level)
        return (share.interval.low, share.interval.high) if share.interval else (share.value, share.value)

    def net(self, upper: Collection[int], lower: Collection[int], level: float = 0.95) -> list[Estimate]:
        """The share of some answers less that of others in each group and in all: the mean of 1, 0 and -1."""
        score = self._gave(upper).astype(float) - self._gave(lower)
        found = [self._mean(score, people, level) for people in self]
        whole = Interval(-1.0, 1.0, level, LINEAR)  # nothing is known where all gave the same answer
        return [Estimate(one.value, Interval(max(-1.0, one.interval.low), min(1.0, one.interval.high), level, LINEAR)
                         if one.interval else whole, one.standard_error) for one in found]

    def _gave(self, answers: Collection[int]) -> np.ndarray:
        return self.chosen[:, list(answers)].any(axis=1)

    def _mean(self, values: np.ndarray, people: np.ndarray, level: float) -> Estimate:
        """A mean with its error, and an interval where there is any."""
        weighted = self.sampling.estimate(values[:, None], people)
        value, error = weighted.shares[0], math.sqrt(weighted.variance([0]))
        if weighted.df < 1 or error <= 1e-12 * max(1.0, abs(value)):
            return Estimate(value, None, error)
        half = float(stdtrit(weighted.df, (1 + level) / 2)) * error
        return Estimate(value, Interval(value - half, value + half, level, LINEAR), error)


def quantile(values: np.ndarray, weights: np.ndarray, p: float) -> float:
    """The value up to which a part `p` of all weight lies; halfway to the next one where it is exactly that (Hyndman
    and Fan's second definition, doi 10.1080/00031305.1996.10473566, as of a median where all weights are equal)."""
    levels, place = np.unique(values, return_inverse=True)
    reached = np.cumsum(np.bincount(place, weights)) / weights.sum()
    ends = [min(int(np.searchsorted(reached, p + off)), len(levels) - 1) for off in (-NEAR, NEAR)]
    return float(levels[ends].mean())


def _t(table: WeightedTable) -> tuple[float, float]:
    """Student's t of two groups and its p."""
    try:
        found = compare_ranks(table)
    except ValueError:
        return 0.0, 1.0
    return found.statistic, found.p


def _p(counts: list[int], weighted: Weighted) -> float:
    """The p of two groups, or 1 where both gave the same answer, or nothing is known of the error."""
    if not (counts[0] + counts[2] and counts[1] + counts[3]):
        return 1.0
    try:
        return rao_scott(WeightedTable((tuple(counts[:2]), tuple(counts[2:])), weighted)).p
    except ValueError:
        return 1.0
