"""How much did answers change between two samples, or of the same people?  A size with its interval, and a test.

Sizes are what the later one has more. The first and the last answer of the same people are a table, a row for each
answer before and a column for each one after.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats import sampled
from surveybook.survey.stats.columns import METHOD, two_shares
from surveybook.survey.stats.contingency import as_table, spread
from surveybook.survey.stats.dominance import cliff_delta, mann_whitney
from surveybook.survey.stats.pairs import mcnemar_test, net_change, sign_test
from surveybook.survey.stats.result import Estimate, quantile_of
from surveybook.survey.stats.sampled import WeightedTable
from surveybook.survey.stats.scores import net_score
from surveybook.survey.stats.two_by_two import difference

Table = Sequence[Sequence[int]] | np.ndarray


@dataclass(frozen=True)
class Changed:
    """How large a change is, `size`, with its interval; the two-sided `p` of no change, and the test in words."""

    size: Estimate
    p: float
    test: str


def of_shares(before: int, before_base: int, after: int, after_base: int, level: float = 0.95) -> Changed:
    """The share of two independent samples: its difference with Newcombe's interval (1998), and the test of Campbell
    (2007). Raises ValueError for a count outside its base."""
    size = difference(after, after_base, before, before_base, level)
    return Changed(size, two_shares(before, before_base, after, after_base), METHOD)


def of_paired_shares(table: Table, level: float = 0.95) -> Changed:
    """The share of the same people; `table`: not and chosen, before and after. The difference of the two shares has
    Tango's score interval (1998), and the test is McNemar's, exact. Raises ValueError for a table without people."""
    counts = as_table(table, 2, 2)
    gained, lost = int(counts[0, 1]), int(counts[1, 0])
    return Changed(net_score(gained, lost, int(counts.sum()), level), mcnemar_test(counts).p, "McNemar’s exact test")


def of_ranks(before: Sequence[int], after: Sequence[int], level: float = 0.95) -> Changed:
    """Answers in an order of two independent samples, how many gave each: Cliff's delta, above 0 where the later one
    answers higher, and the test of Mann and Whitney. Raises ValueError for a sample without people."""
    table = [list(after), list(before)]
    return Changed(cliff_delta(table, level), mann_whitney(table).p, "test of Mann and Whitney, with midranks")


def of_paired_ranks(table: Table, level: float = 0.95) -> Changed:
    """Answers in an order of the same people: the share that went up less the share that went down, with the interval
    of Bonett and Price (2012), and the exact sign test. Both ask for the direction of each change, never how large it
    is, as steps of a scale need not be equal. Raises ValueError for a table without people."""
    before, after = spread(np.asarray(table))
    if not len(before):
        raise ValueError("a change needs somebody who answered twice")
    return Changed(net_change(after, before, level), sign_test(after, before).p, "sign test, exact")


def of_means(before: Sequence[int], after: Sequence[int], level: float = 0.95) -> Changed:
    """Numbers of two independent samples, how many gave each from 0 on: the difference of means, with the interval and
    test of Welch (1947; scipy). Raises ValueError as `_by_t`."""
    from scipy.stats import ttest_ind

    first, second = (np.repeat(np.arange(len(one)), one) for one in (before, after))
    value = float(np.mean(second) - np.mean(first)) if len(first) and len(second) else 0.0
    return _by_t(lambda: ttest_ind(second, first, equal_var=False), (first, second), value, level, "Welch’s t test")


def of_paired_means(table: Table, level: float = 0.95) -> Changed:
    """Numbers of the same people, from 0 on: the mean of the differences, with the interval and test of Student
    (scipy). Raises ValueError as `_by_t`."""
    from scipy.stats import ttest_rel

    first, second = spread(np.asarray(table))
    gaps = second - first
    return _by_t(lambda: ttest_rel(second, first), (gaps,), float(gaps.mean()) if len(gaps) else 0.0, level,
                 "paired t test")


def of_weighted_means(
    table: WeightedTable, values: Sequence[float], share: bool = False, level: float = 0.95
) -> Changed:
    """Numbers of two weighted samples that were drawn apart, a row each, `values` in the columns: the difference of
    means, or of a `share` that is 1 where it was given, with interval and Student's t by linearization (`svyttest` in
    R). Raises ValueError where no number differs, or too few people answered."""
    if len(values) < 2:
        raise ValueError("all gave the same answer")
    size = sampled.difference(table, level) if share else sampled.mean_difference(table, values, level)
    return Changed(size, sampled.compare_means(table, values).p, "t test of the weighted samples")


def of_weighted_ranks(table: WeightedTable, level: float = 0.95) -> Changed:
    """Answers in an order of two weighted samples, a row each: Cliff's delta, and the rank test of Lumley and Scott.
    Raises ValueError as of_weighted_means."""
    if len(table.counts[0]) < 2:
        raise ValueError("all gave the same answer")
    return Changed(sampled.cliff_delta(table, level), sampled.compare_ranks(table).p,
                   "rank test of Lumley and Scott, with midranks")


def _by_t(
    tested: Callable[[], Any], samples: Sequence[np.ndarray], value: float, level: float, words: str
) -> Changed:
    """A test of means by scipy. Raises ValueError where a sample has fewer than two people, or no number differs."""
    quantile_of(level)
    if min(map(len, samples)) < 2 or not any(map(np.ptp, samples)):
        raise ValueError("a change of means needs two people in each wave, and numbers that differ")
    found = tested()
    low, high = map(float, found.confidence_interval(level))
    return Changed(Estimate(value, Interval(low, high, level, words.removesuffix(" test"))), float(found.pvalue), words)
