"""Does one group answer higher than the other?  Tests of yes/no by ordered answers or counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.stats import binom
from statsmodels.stats.contingency_tables import Table

from surveybook.survey.stats.counting import DRAWS, EQUAL, SEED, as_table, midranks, stack
from surveybook.survey.stats.result import Tested, check_alternative, choose, normal_p

WORK = 3e8  # multiplications that still count as cheap: about a second
TWO_SIDED = ("absdev", "twice_min")


@dataclass(frozen=True)
class Groups:
    """Two groups' answers: `counts` has one row for each, one column for each of the ordered `values`."""

    counts: np.ndarray
    values: np.ndarray

    @classmethod
    def of(cls, first: Sequence[float], second: Sequence[float]) -> Groups:
        """From one answer for each person."""
        return cls(*stack(first, second))

    @classmethod
    def from_table(cls, table: Sequence[Sequence[int]], values: Sequence[float] | None = None) -> Groups:
        """From counts; without `values` the levels are 1, 2, 3 ..."""
        counts = as_table(table, rows=2)
        if not counts.sum(axis=1).all():
            raise ValueError("each group needs at least one answer")
        given = np.arange(1, counts.shape[1] + 1) if values is None else values
        levels = np.asarray(given, dtype=float)
        if len(levels) != counts.shape[1] or (np.diff(levels) <= 0).any():
            raise ValueError("the levels of a table are one rising value for each column")
        seen = counts.sum(axis=0) > 0
        return cls(counts[:, seen], levels[seen])

    @property
    def first(self) -> np.ndarray:
        """The answers of the first group, in rising order."""
        return np.repeat(self.values, self.counts[0])

    @property
    def second(self) -> np.ndarray:
        """The answers of the second group, in rising order."""
        return np.repeat(self.values, self.counts[1])

    @property
    def sizes(self) -> tuple[int, int]:
        """How many each group has."""
        return int(self.counts[0].sum()), int(self.counts[1].sum())

    @property
    def tied(self) -> bool:
        """Whether two people anywhere gave the same answer."""
        return bool((self.counts.sum(axis=0) > 1).any())

    @property
    def u(self) -> float:
        """In how many pairs the first group's answer is higher, ties counted half (Mann-Whitney's U)."""
        below = np.cumsum(self.counts[1]) - self.counts[1]
        return float(self.counts[0] @ (below + self.counts[1] / 2))


def mann_whitney(
    groups: Groups, alternative: str = "two-sided", method: str = "exact", continuity: bool = False,
    two_sided: str = "absdev", draws: int = DRAWS, seed: int = SEED,
) -> Tested:
    """Wilcoxon-Mann-Whitney test with midranks. `statistic`: U of the first group; `z` has the variance for ties.

    `method` "exact": the distribution given the ties, also with them (scipy's `exact` ignores them), as R's coin
    and exactRankTests have it, drawn where that is too much work; "asymptotic": normal, with `continuity` or not.
    `two_sided`: "absdev" is as far from the mean or further, "twice_min" twice the smaller tail.
    """
    choose("method", method, ("exact", "asymptotic"))
    check_alternative(alternative)
    (n1, n2), ties = groups.sizes, groups.counts.sum(axis=0)
    n = n1 + n2
    spread = math.sqrt(n1 * n2 / 12 * (n + 1 - float((ties.astype(float) ** 3 - ties).sum()) / (n * (n - 1))))
    off = groups.u - n1 * n2 / 2
    if method == "asymptotic":
        if continuity:
            step = {"two-sided": np.sign(off), "greater": 1, "less": -1}[alternative] / 2
        z, corrected = (off / spread, (off - (step if continuity else 0)) / spread) if spread else (0.0, 0.0)
        words = f"Mann-Whitney, normal approximation, {'with' if continuity else 'no'} continuity correction"
        p = normal_p(corrected, alternative) if spread else 1.0
        return Tested(groups.u, p, words, alternative, z=float(z))
    ranks = np.round(2 * midranks(ties)).astype(np.int64)
    tested = shuffle(ranks, groups.counts, alternative, two_sided, draws, seed)
    z = off / spread if spread else 0.0
    return Tested(
        groups.u, tested.p, f"Mann-Whitney with midranks, {tested.method}", alternative, z=float(z),
        mid_p=tested.mid_p, standard_error=tested.standard_error,
    )


def mean_difference(
    groups: Groups, alternative: str = "two-sided", two_sided: str = "absdev", draws: int = DRAWS, seed: int = SEED
) -> Tested:
    """Permutation test of the difference of means (R's coin::oneway_test). `statistic`: first mean less second."""
    seen = float(groups.first.mean() - groups.second.mean())
    tested = shuffle(whole(groups.values), groups.counts, alternative, two_sided, draws, seed)
    return Tested(
        seen, tested.p, f"permutation of means, {tested.method}", alternative, mid_p=tested.mid_p,
        standard_error=tested.standard_error,
    )


def trend(
    successes: Sequence[int], totals: Sequence[int], scores: Sequence[float] | None = None,
    alternative: str = "two-sided",
) -> Tested:
    """Cochran-Armitage test of a linear trend of shares over ordered groups. `statistic`: chi-squared; z its root.

    statsmodels' linear-by-linear statistic times n / (n - 1), which is R's prop.trend.test.
    """
    yes, base = np.asarray(successes), np.asarray(totals)
    if yes.shape != base.shape or (yes > base).any():
        raise ValueError("a trend needs a count and a base, no smaller, for each group")
    scores = np.arange(1.0, len(yes) + 1) if scores is None else np.asarray(scores, dtype=float)
    table = as_table(np.column_stack([base - yes, yes]))
    n = int(base.sum())
    if not 0 < yes.sum() < n or len(set(scores[base > 0])) < 2:
        raise ValueError("a trend needs both answers and two groups with different scores")
    found = Table(table, shift_zeros=False).test_ordinal_association(scores, np.array([0.0, 1.0]))
    z = float(found.zscore) * math.sqrt(n / (n - 1))
    return Tested(z * z, normal_p(z, alternative), "Cochran-Armitage trend", alternative, df=1, z=z)


def shuffle(
    scores: np.ndarray, counts: np.ndarray, alternative: str, two_sided: str = "absdev", draws: int = DRAWS,
    seed: int = SEED,
) -> Tested:
    """The first group's sum of whole `scores` (one a level), among all ways to split the people in two groups."""
    choose("two_sided", two_sided, TWO_SIDED)
    check_alternative(alternative)
    ties, n1 = counts.sum(axis=0), int(counts[0].sum())
    scores = scores - scores.min()
    scores = scores // max(1, int(np.gcd.reduce(scores)))
    seen = float(counts[0] @ scores)
    top = int(np.sort(np.repeat(scores, ties))[-n1:].sum())
    mean = n1 * float(ties @ scores) / float(ties.sum())
    if int(ties.sum()) * n1 * (top + 1) <= WORK:
        weight = _sums(scores, ties, n1, top)
        p, mid_p = tail(np.arange(top + 1.0), weight, seen, mean, alternative, two_sided)
        return Tested(seen, p, "exact", alternative, mid_p=mid_p)
    drawn = np.random.default_rng(seed).multivariate_hypergeometric(ties, n1, size=draws, method="marginals") @ scores
    # the share of draws, the one seen counted among them, so that it is never zero
    among = np.append(drawn.astype(float), seen)
    p, _ = tail(among, np.full(draws + 1, 1 / (draws + 1)), seen, mean, alternative, two_sided)
    return Tested(seen, p, "Monte Carlo", alternative, standard_error=math.sqrt(p * (1 - p) / draws))


def tail(
    value: np.ndarray, weight: np.ndarray, seen: float, mean: float, alternative: str, two_sided: str
) -> tuple[float, float]:
    """p and mid-p of `seen` in a distribution of values with weights."""
    near = EQUAL * max(1.0, abs(seen), abs(mean))
    tie = float(weight[abs(value - seen) <= near].sum())
    low, high = float(weight[value <= seen + near].sum()), float(weight[value >= seen - near].sum())
    if alternative != "two-sided":
        p = low if alternative == "less" else high
        return min(1.0, p), p - tie / 2
    if two_sided == "twice_min":
        return min(1.0, 2 * min(low, high)), min(1.0, 2 * min(low, high) - tie)
    far = abs(value - mean)
    p = float(weight[far >= abs(seen - mean) - near].sum())
    tied = float(weight[abs(far - abs(seen - mean)) <= near].sum())
    return min(1.0, p), p - tied / 2


def whole(values: np.ndarray) -> np.ndarray:
    """Values that are decimal numbers as whole ones, multiplied by their smallest common denominator."""
    fractions = [Fraction(repr(float(value))) for value in values]
    common = math.lcm(*(fraction.denominator for fraction in fractions))
    if common > 10**6:
        raise ValueError("an exact permutation of means needs values with at most six decimals")
    return np.array([int(fraction * common) for fraction in fractions], dtype=np.int64)


def _sums(scores: np.ndarray, ties: np.ndarray, n1: int, top: int) -> np.ndarray:
    """Distribution of the sum of `n1` scores drawn without replacement (shift algorithm, level by level).

    Streitberg and Roehmel 1986. Each level weighs by a binomial of the same share, and only draws with n1 in all
    are kept: the same distribution, without numbers that overflow.
    """
    share = n1 / ties.sum()
    reached = np.zeros((n1 + 1, top + 1))
    reached[0, 0] = 1.0
    for score, people in zip(scores.tolist(), ties.tolist(), strict=True):
        following = np.zeros_like(reached)
        chances = binom.pmf(np.arange(people + 1), people, share)
        for taken in range(min(people, n1) + 1):
            shift = taken * score
            if shift > top:
                break
            following[taken:, shift:] += chances[taken] * reached[: n1 + 1 - taken, : top + 1 - shift]
        reached = following
    return reached[n1] / reached[n1].sum()
