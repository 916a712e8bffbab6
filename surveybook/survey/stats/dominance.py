"""Does one group answer higher than the other, and how often?  Tests and sizes of yes/no by ordered answers or counts.

A table has one row for each of the two groups and one column for each answer, in rising order; only that order counts.
delta = P(first higher) - P(second higher) is Cliff's delta, the rank-biserial correlation, and 2 AUC - 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.stats import binom, brunnermunzel, t
from statsmodels.stats.nonparametric import rank_compare_2indep

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.contingency import DRAWS, EQUAL, SEED, as_table, midranks
from surveybook.survey.stats.result import (
    Estimate,
    Tested,
    check_alternative,
    choose,
    fisher_z,
    normal_p,
    quantile_of,
)

WORK = 3e8  # multiplications that still count as cheap: about a second
INTERVALS = ("fisherz_cliff", "bm_tanh", "bm_t")
Table = Sequence[Sequence[int]]


def pairs_won(table: Table) -> float:
    """In how many pairs the first group's answer is higher, ties counted half (Mann-Whitney's U, R's W)."""
    counts = _two(table)
    below = np.cumsum(counts[1]) - counts[1]
    return float(counts[0] @ (below + counts[1] / 2))


def mann_whitney(
    table: Table, alternative: str = "two-sided", method: str = "exact", draws: int = DRAWS, seed: int = SEED
) -> Tested:
    """Wilcoxon-Mann-Whitney test with midranks. `statistic`: U of the first group; `z` has the variance for ties.

    "exact": the distribution given the ties, also with them (scipy's `exact` ignores them), two-sided as far from the
    mean or further, as R's coin and exactRankTests have it; drawn where that is too much work. "asymptotic": normal,
    without continuity correction. Raises ValueError where a group is empty.
    """
    choose("method", method, ("exact", "asymptotic"))
    check_alternative(alternative)
    counts, u = _two(table), pairs_won(table)
    (n1, n2), ties = counts.sum(axis=1).tolist(), counts.sum(axis=0)
    n = n1 + n2
    spread = math.sqrt(n1 * n2 / 12 * (n + 1 - float((ties.astype(float) ** 3 - ties).sum()) / (n * (n - 1))))
    z = (u - n1 * n2 / 2) / spread if spread else 0.0
    if method == "asymptotic":
        words = "Mann-Whitney, normal approximation, no continuity correction"
        return Tested(u, normal_p(z, alternative) if spread else 1.0, words, alternative, z=float(z))
    ranks = np.round(2 * midranks(ties)).astype(np.int64)
    tested = _shuffled(ranks, counts, alternative, draws, seed)
    return Tested(
        u, tested.p, f"Mann-Whitney with midranks, {tested.method}", alternative, z=float(z),
        mid_p=tested.mid_p, standard_error=tested.standard_error,
    )


def cliff_delta(table: Table, level: float = 0.95, method: str = "fisherz_cliff") -> Estimate:
    """Cliff's delta with one of its intervals; `standard_error` is the root of its variance.

    fisherz_cliff (default): Cliff's variance (1996, Multivariate Behavioral Research 31, 331-350) on the scale of
    Fisher's z; coverage stays near the level up to large delta. bm_tanh: Brunner and Munzel's variance and t on that
    scale, for groups below 20. bm_t: the same, not on that scale (statsmodels).
    Where the groups do not overlap no variance can be estimated: delta is then bounded by
    (m - z^2) / (m + z^2), m the smaller group (Feng and Cliff 2004, doi 10.22237/jmasm/1099267560).
    Raises ValueError for other groups of one person.
    """
    choose("method", method, INTERVALS)
    counts, normal = _two(table), quantile_of(level)
    n1, n2 = counts.sum(axis=1).tolist()
    delta = (2 * pairs_won(counts) - n1 * n2) / (n1 * n2)  # the numerator is whole, so that signs mirror exactly
    if abs(delta) == 1:
        inner = (min(n1, n2) - normal**2) / (min(n1, n2) + normal**2)
        low, high = (inner, 1.0) if delta == 1 else (-1.0, -inner)
        return Estimate(delta, Interval(low, high, level, "Feng-Cliff, groups do not overlap"), 0.0)
    if min(n1, n2) < 2:
        raise ValueError("the variance of Cliff's delta needs two answers in each group")
    if method == "fisherz_cliff":
        error = math.sqrt(float(cliff_deltas(counts)[1]))
        return Estimate(delta, fisher_z(delta, error, normal, level, "Fisher z, Cliff's variance"), error)
    found = _compared(counts)
    error, quantile = 2 * math.sqrt(float(found.var_prob)), float(t.ppf((1 + level) / 2, found.df))
    if method == "bm_tanh":
        return Estimate(delta, fisher_z(delta, error, quantile, level, "Fisher z, Brunner-Munzel t"), error)
    low, high = delta - quantile * error, delta + quantile * error
    return Estimate(delta, Interval(max(-1.0, low), min(1.0, high), level, "Brunner-Munzel t"), error)


def cliff_deltas(tables: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cliff's delta and its unbiased variance (1996), never below (1 - delta^2) / (n1 n2 - 1), of a table or of each of
    many (table x group x level), two in each group."""
    first, second, n1, n2, over_second, over_first = _placements(tables)
    pairs = n1 * n2
    delta = (first * over_second).sum(axis=-1) / pairs
    rows = (first * (over_second / n2[..., None] - delta[..., None]) ** 2).sum(axis=-1)
    columns = (second * (-over_first / n1[..., None] - delta[..., None]) ** 2).sum(axis=-1)
    ties = (first * second).sum(axis=-1)
    cells = (pairs - ties) - pairs * delta**2
    variance = (n2**2 * rows + n1**2 * columns - cells) / (pairs * (n1 - 1) * (n2 - 1))
    return delta, np.maximum(variance, (1 - delta**2) / (pairs - 1))


def brunner_munzels(tables: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Standard error of delta by Brunner and Munzel's variance, and its degrees of freedom, of each of many tables.

    statsmodels has the same for one pair of groups (`cliff_delta`). nan where the groups do not overlap.
    """
    first, second, n1, n2, over_second, over_first = _placements(tables)

    def spread(group: np.ndarray, placement: np.ndarray, n: np.ndarray) -> np.ndarray:
        off = placement - ((group * placement).sum(axis=-1) / n)[..., None]
        return (group * off**2).sum(axis=-1) / (n - 1) / 4  # placements are twice the differences of ranks

    left, right = spread(first, over_second, n1), spread(second, over_first, n2)
    with np.errstate(invalid="ignore"):
        df = (n1 * left + n2 * right) ** 2 / ((n1 * left) ** 2 / (n1 - 1) + (n2 * right) ** 2 / (n2 - 1))
    return 2 * np.sqrt(left / (n2**2 * n1) + right / (n1**2 * n2)), df


def _placements(tables: np.ndarray) -> tuple[np.ndarray, ...]:
    """Counts and sizes of both groups, and for each level how many of the other group lie below less how many above."""
    first, second = tables[..., 0, :].astype(float), tables[..., 1, :].astype(float)
    n1, n2 = first.sum(axis=-1), second.sum(axis=-1)

    def over(others: np.ndarray, n: np.ndarray) -> np.ndarray:
        return 2 * np.cumsum(others, axis=-1) - others - n[..., None]

    return first, second, n1, n2, over(second, n2), over(first, n1)


def brunner_munzel(table: Table) -> Tested:
    """Two-sided test that neither group tends to answer higher, without equal spread (Brunner and Munzel
    2000), by Student's t.

    `statistic` is positive where the second group answers higher, as in R's lawstat and in scipy. Raises ValueError
    where the groups do not overlap, all tie, or have fewer than two answers.
    """
    counts = _two(table)
    df = float(_compared(counts).df)
    found = brunnermunzel(*_people(counts), distribution="t")
    return Tested(float(found.statistic), float(found.pvalue), "Brunner-Munzel, t", df=df)


def _two(table: Table) -> np.ndarray:
    """The counts of two groups, without answers that nobody gave; ValueError where a group is empty."""
    counts = as_table(table, rows=2)
    if not counts.sum(axis=1).all():
        raise ValueError("each group needs at least one answer")
    return counts[:, counts.sum(axis=0) > 0]


def _people(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The place of each person's answer, of both groups."""
    first, second = (np.repeat(np.arange(counts.shape[1]), group) for group in counts)
    return first, second


def _compared(counts: np.ndarray):
    """statsmodels' comparison of two groups by ranks: P(first higher), its variance and the degrees of freedom.

    Raises ValueError where Brunner and Munzel's variance cannot be estimated.
    """
    n1, n2 = counts.sum(axis=1).tolist()
    if min(n1, n2) < 2 or pairs_won(counts) in (0, n1 * n2) or counts.shape[1] < 2:
        raise ValueError("Brunner-Munzel needs two answers in each group, and groups that overlap and do not all tie")
    return rank_compare_2indep(*_people(counts), use_t=True)


def _shuffled(scores: np.ndarray, counts: np.ndarray, alternative: str, draws: int, seed: int) -> Tested:
    """The first group's sum of whole `scores` (one a level), among all ways to split the people in two groups."""
    ties, n1 = counts.sum(axis=0), int(counts[0].sum())
    scores = scores - scores.min()
    scores = scores // max(1, int(np.gcd.reduce(scores)))
    seen = float(counts[0] @ scores)
    top = int(np.sort(np.repeat(scores, ties))[-n1:].sum())
    mean = n1 * float(ties @ scores) / float(ties.sum())
    if int(ties.sum()) * n1 * (top + 1) <= WORK:
        weight = _sums(scores, ties, n1, top)
        p, mid_p = tail(np.arange(top + 1.0), weight, seen, mean, alternative)
        return Tested(seen, p, "exact", alternative, mid_p=mid_p)
    drawn = np.random.default_rng(seed).multivariate_hypergeometric(ties, n1, size=draws, method="marginals") @ scores
    # the share of draws, the one seen counted among them, so that it is never zero
    among = np.append(drawn.astype(float), seen)
    p, _ = tail(among, np.full(draws + 1, 1 / (draws + 1)), seen, mean, alternative)
    return Tested(seen, p, "Monte Carlo", alternative, standard_error=math.sqrt(p * (1 - p) / draws))


def tail(value: np.ndarray, weight: np.ndarray, seen: float, mean: float, alternative: str) -> tuple[float, float]:
    """p and mid-p of `seen` in a distribution of values with weights, two-sided as far from the mean or further."""
    near = EQUAL * max(1.0, abs(seen), abs(mean))
    if alternative == "two-sided":
        value, seen = abs(value - mean), abs(seen - mean)
    extreme = value <= seen + near if alternative == "less" else value >= seen - near
    p = float(weight[extreme].sum())
    return min(1.0, p), p - float(weight[abs(value - seen) <= near].sum()) / 2


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
