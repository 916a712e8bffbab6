"""Does one group answer higher than the other, and how often?  Tests and sizes of yes/no by ordered answers or counts.

A table has one row for each of the two groups and one column for each answer, in rising order; only that order counts.
delta = P(first higher) - P(second higher) is Cliff's delta, the rank-biserial correlation, and 2 AUC - 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from scipy.special import stdtr, stdtrit

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

WHOLE = 66  # people who can be drawn in less than 2^63 ways, whatever the size of the groups
SPLIT = 4_000_000  # ways to draw people in one half of the levels: a second and 100 MB
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
    without continuity correction. Raises ValueError where a group is empty, and "asymptotic" where all tie, for then
    there is no z.
    """
    choose("method", method, ("exact", "asymptotic"))
    check_alternative(alternative)
    counts, u = _two(table), pairs_won(table)
    (n1, n2), ties = counts.sum(axis=1).tolist(), counts.sum(axis=0)
    n = n1 + n2
    z, differ = 0.0, len(ties) > 1
    if differ:
        tied = float((ties.astype(float) ** 3 - ties).sum()) / (n * (n - 1))
        z = (u - n1 * n2 / 2) / math.sqrt(n1 * n2 / 12 * (n + 1 - tied))
    if method == "asymptotic":
        if not differ:
            raise ValueError("groups in which all gave the same answer cannot be compared by a normal approximation")
        words = "Mann-Whitney, normal approximation, no continuity correction"
        return Tested(u, normal_p(z, alternative), words, alternative, z=float(z))
    ranks = np.round(2 * midranks(ties)).astype(np.int64)
    tested = _shuffled(ranks, counts, alternative, draws, seed)
    return Tested(
        u, tested.p, f"Mann-Whitney with midranks, {tested.method}", alternative, z=float(z),
        mid_p=tested.mid_p, standard_error=tested.standard_error, counted=tested.counted,
    )


def cliff_delta(table: Table, level: float = 0.95, method: str = "fisherz_cliff") -> Estimate:
    """Cliff's delta with one of its intervals; `standard_error` is the root of its variance.

    fisherz_cliff (default): Cliff's variance (1996, Multivariate Behavioral Research 31, 331-350) on the scale of
    Fisher's z; coverage stays near the level up to large delta. bm_tanh: Brunner and Munzel's variance and t on that
    scale, for groups below 20. bm_t: the same, not on that scale.
    Where the groups do not overlap no variance can be estimated: delta is then bounded by
    (m - z^2) / (m + z^2), m the smaller group (Feng and Cliff 2004, doi 10.22237/jmasm/1099267560).
    Where other groups have one person, nothing is ruled out.
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
        return Estimate(delta, Interval(-1.0, 1.0, level, "one person in a group, nothing is ruled out"))
    if method == "fisherz_cliff":
        error = math.sqrt(float(cliff_deltas(counts)[1]))
        return Estimate(delta, fisher_z(delta, error, normal, level, "Fisher z, Cliff's variance"), error)
    error, df = _brunner_munzel(counts)
    quantile = float(stdtrit(df, (1 + level) / 2))
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
    """Standard error of delta by Brunner and Munzel's variance, and its degrees of freedom, of each of many tables (as
    statsmodels' rank_compare_2indep, which needs a row a person). nan where the groups do not overlap."""
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
    error, df = _brunner_munzel(counts)
    statistic = -float(cliff_deltas(counts)[0]) / error
    return Tested(statistic, 2 * float(stdtr(df, -abs(statistic))), "Brunner-Munzel, t", df=df)


def _two(table: Table) -> np.ndarray:
    """The counts of two groups, without answers that nobody gave; ValueError where a group is empty."""
    counts = as_table(table, rows=2)
    if not counts.sum(axis=1).all():
        raise ValueError("each group needs at least one answer")
    return counts[:, counts.sum(axis=0) > 0]


def _brunner_munzel(counts: np.ndarray) -> tuple[float, float]:
    """As `brunner_munzels`, of one table. Raises ValueError where the variance cannot be estimated."""
    n1, n2 = counts.sum(axis=1).tolist()
    if min(n1, n2) < 2 or pairs_won(counts) in (0, n1 * n2) or counts.shape[1] < 2:
        raise ValueError("Brunner-Munzel needs two answers in each group, and groups that overlap and do not all tie")
    error, df = brunner_munzels(counts[None])
    return float(error[0]), float(df[0])


def _shuffled(scores: np.ndarray, counts: np.ndarray, alternative: str, draws: int, seed: int) -> Tested:
    """The first group's sum of whole `scores` (one a level), among all ways to split the people in two groups."""
    ties, n1 = counts.sum(axis=0), int(counts[0].sum())
    scores = scores - scores.min()
    scores = scores // max(1, int(np.gcd.reduce(scores)))
    seen = float(counts[0] @ scores)
    top = int(np.sort(np.repeat(scores, ties))[-n1:].sum())
    mean = n1 * float(ties @ scores) / float(ties.sum())
    n = int(ties.sum())
    if n <= WHOLE and n * n1 * (top + 1) <= WORK:
        weight, sums = _sums(scores, ties, n1, top, whole=True), np.arange(top + 1)
        off = sums * n - n1 * (ties @ scores)  # from the mean, in whole numbers
        sign = {"two-sided": 0, "less": -1, "greater": 1}[alternative]
        off = sign * off if sign else abs(off)
        beyond, tied = (Fraction(int(weight[these].sum()), int(weight.sum())) for these in
                        (off >= off[int(seen)], off == off[int(seen)]))
        return Tested(seen, float(beyond), "exact", alternative, mid_p=float(beyond - tied / 2), counted=beyond)
    halves = _halves(ties)
    if max(math.prod((ties[half] + 1).tolist()) for half in halves) <= SPLIT:
        p, mid_p = _met([_drawn(scores[half], ties[half], n1 / n) for half in halves], n1, int(seen),
                        n1 * int(ties @ scores), n, alternative)
        return Tested(seen, p, "exact", alternative, mid_p=mid_p)
    if n * n1 * (top + 1) <= WORK:
        weight = _sums(scores, ties, n1, top)
        p, mid_p = tail(np.arange(top + 1.0), weight, seen, mean, alternative)
        return Tested(seen, p, "exact", alternative, mid_p=mid_p)
    drawn = np.random.default_rng(seed).multivariate_hypergeometric(ties, n1, size=draws, method="marginals") @ scores
    # the share of draws, the one seen counted among them, so that it is never zero
    among = np.append(drawn.astype(float), seen)
    p, _ = tail(among, np.full(draws + 1, 1 / (draws + 1)), seen, mean, alternative)
    return Tested(seen, p, "Monte Carlo", alternative, standard_error=math.sqrt(p * (1 - p) / draws))


def _halves(ties: np.ndarray) -> tuple[list[int], list[int]]:
    """The levels in two parts, in each of which there are about as many ways to draw people."""
    halves: tuple[list[int], list[int]] = ([], [])
    for level in np.argsort(-ties, kind="stable").tolist():
        min(halves, key=lambda half: math.prod((ties[half] + 1).tolist())).append(level)
    return halves


def _drawn(scores: np.ndarray, ties: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every way to draw people from these levels: how many, the sum of their scores, and how likely it is if each is
    drawn with this probability."""
    from scipy.stats import binom

    taken, total, chance = np.zeros(1, np.int64), np.zeros(1, np.int64), np.ones(1)
    for score, people in zip(scores.tolist(), ties.tolist(), strict=True):
        more = np.arange(people + 1)
        taken, total = (np.add.outer(old, step).ravel() for old, step in ((taken, more), (total, more * score)))
        chance = np.multiply.outer(chance, binom.pmf(more, people, share)).ravel()
    return taken, total, chance


def _met(
    halves: Sequence[tuple[np.ndarray, ...]], n1: int, seen: int, mean: int, people: int, alternative: str
) -> tuple[float, float]:
    """p and mid-p of a sum of scores of `n1` people, from the ways to draw them in two halves (a split-up algorithm, as
    van de Wiel 2001 has it). The `mean` is `people` times that of the sum, so that all are whole numbers.

    For each way in the one half, those in the other one that make the sum as extreme are found by where they lie among
    all of the same number of people; what is added up is positive, so that the smallest p is as exact as the largest.
    """
    (taken, total, chance), (others, other_total, other_chance) = halves
    off = abs(seen * people - mean)
    # the sums from the first on and up to the second are as extreme as the one seen, or more so
    bounds = [(-((-mean - off) // people), (mean - off) // people), ((mean + off) // people + 1,
                                                                     -((off - mean) // people) - 1)]
    if alternative != "two-sided":
        bounds = [(seen, seen), (seen + 1, seen - 1)]
    sums, whole = [0.0, 0.0], 0.0
    for number in range(max(0, n1 - int(others.max())), min(n1, int(taken.max())) + 1):
        mine, theirs = taken == number, np.flatnonzero(others == n1 - number)
        theirs = theirs[np.argsort(other_total[theirs], kind="stable")]
        there, likely, weight = other_total[theirs], other_chance[theirs], chance[mine]
        upto = np.concatenate([[0.0], np.cumsum(likely)])
        onwards = np.concatenate([np.cumsum(likely[::-1])[::-1], [0.0]])
        whole += float(weight.sum() * likely.sum())
        for place, (above, below) in enumerate(bounds):
            if alternative != "less":
                sums[place] += float(weight @ onwards[np.searchsorted(there, above - total[mine], "left")])
            if alternative != "greater":
                sums[place] += float(weight @ upto[np.searchsorted(there, below - total[mine], "right")])
    if alternative == "two-sided" and off == 0:  # all are as extreme, and were counted from both sides
        sums[0] = whole
    p, beyond = (min(1.0, one / whole) for one in sums)
    return p, (p + beyond) / 2


def tail(value: np.ndarray, weight: np.ndarray, seen: float, mean: float, alternative: str) -> tuple[float, float]:
    """p and mid-p of `seen` in a distribution of values with weights, two-sided as far from the mean or further."""
    near = EQUAL * max(1.0, abs(seen), abs(mean))
    if alternative == "two-sided":
        value, seen = abs(value - mean), abs(seen - mean)
    extreme = value <= seen + near if alternative == "less" else value >= seen - near
    p = float(weight[extreme].sum())
    return min(1.0, p), p - float(weight[abs(value - seen) <= near].sum()) / 2


def _sums(scores: np.ndarray, ties: np.ndarray, n1: int, top: int, whole: bool = False) -> np.ndarray:
    """Distribution of the sum of `n1` scores drawn without replacement (shift algorithm, level by level).

    Streitberg and Roehmel 1986. Each level weighs by a binomial of the same share, and only draws with n1 in all
    are kept: the same distribution, without numbers that overflow. `whole`: counts of ways to draw, which must fit
    into 64 bits.
    """
    from scipy.stats import binom

    share = n1 / ties.sum()
    reached = np.zeros((n1 + 1, top + 1), np.int64 if whole else float)
    reached[0, 0] = 1
    for score, people in zip(scores.tolist(), ties.tolist(), strict=True):
        following = np.zeros_like(reached)
        taken = np.arange(people + 1)
        chances = [math.comb(people, one) for one in taken.tolist()] if whole else binom.pmf(taken, people, share)
        for taken in range(min(people, n1) + 1):
            shift = taken * score
            if shift > top:
                break
            following[taken:, shift:] += chances[taken] * reached[: n1 + 1 - taken, : top + 1 - shift]
        reached = following
    return reached[n1] if whole else reached[n1] / reached[n1].sum()
