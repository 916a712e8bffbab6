"""How often is an answer of one group higher than one of the other, and by how much?

delta = P(first higher) - P(second higher) is Cliff's delta, the rank-biserial correlation, and 2 AUC - 1.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.stats import brunnermunzel, norm, t
from statsmodels.stats.nonparametric import rank_compare_2indep

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.ranks import Groups, _sums
from surveybook.survey.stats.result import Estimate, Tested, check_alternative, choose, fisher_z, tails

INTERVALS = ("fisherz_cliff", "bm_tanh", "cliff_t", "cliff_normal", "tanh_null", "bm_t", "wald")


def cliff_delta(groups: Groups, level: float = 0.95, method: str = "fisherz_cliff") -> Estimate:
    """Cliff's delta with one of its intervals; `standard_error` is the root of its variance.

    fisherz_cliff (default): Cliff's variance on the scale of Fisher's z; coverage stays near the level up to large
    delta. bm_tanh: Brunner and Munzel's variance and t on that scale, for groups below 20. cliff_t, cliff_normal:
    Cliff's asymmetric interval (1996, Multivariate Behavioral Research 31, 331-350). tanh_null: variance under no
    effect (R's effectsize); too narrow for large delta. bm_t: statsmodels' interval. wald: symmetric.
    Where the groups do not overlap no variance can be estimated: delta is then bounded by
    (m - z^2) / (m + z^2), m the smaller group (Feng and Cliff 2004, doi 10.22237/jmasm/1099267560).
    """
    choose("method", method, INTERVALS)
    tails(level)
    n1, n2 = groups.sizes
    delta = (2 * groups.u - n1 * n2) / (n1 * n2)  # the numerator is whole, so that signs mirror exactly
    normal = float(norm.ppf((1 + level) / 2))
    if abs(delta) == 1:
        inner = (min(n1, n2) - normal**2) / (min(n1, n2) + normal**2)
        low, high = (inner, 1.0) if delta == 1 else (-1.0, -inner)
        return Estimate(delta, Interval(low, high, level, "Feng-Cliff, groups do not overlap"), 0.0)
    if method == "tanh_null":
        half = normal * math.sqrt((n1 + n2 + 1) / (3 * n1 * n2))
        low, high = math.tanh(math.atanh(delta) - half), math.tanh(math.atanh(delta) + half)
        return Estimate(delta, Interval(low, high, level, "Fisher z, variance under no effect"))
    if min(n1, n2) < 2:
        raise ValueError("the variance of Cliff's delta needs two answers in each group")
    if method in ("bm_tanh", "bm_t"):
        _overlapping(groups)
        found = _compare(groups)
        error, quantile = 2 * math.sqrt(float(found.var_prob)), float(t.ppf((1 + level) / 2, found.df))
        if method == "bm_tanh":
            return Estimate(delta, fisher_z(delta, error, quantile, level, "Fisher z, Brunner-Munzel t"), error)
        low, high = delta - quantile * error, delta + quantile * error
        return Estimate(delta, Interval(max(-1.0, low), min(1.0, high), level, "Brunner-Munzel t"), error)
    variance = cliff_variance(groups)
    error = math.sqrt(variance)
    if method == "fisherz_cliff":
        return Estimate(delta, fisher_z(delta, error, normal, level, "Fisher z, Cliff's variance"), error)
    if method == "wald":
        low, high = max(-1.0, delta - normal * error), min(1.0, delta + normal * error)
        return Estimate(delta, Interval(low, high, level, "Wald, Cliff's variance"), error)
    quantile = float(t.ppf((1 + level) / 2, n1 + n2 - 2)) if method == "cliff_t" else normal
    spread = quantile * error
    root = spread * math.sqrt((1 - delta**2) ** 2 + spread**2)
    low, high = ((delta - delta**3 + sign * root) / (1 - delta**2 + spread**2) for sign in (-1, 1))
    words = f"Cliff, asymmetric, {'t' if method == 'cliff_t' else 'normal'}"
    return Estimate(delta, Interval(max(-1.0, low), min(1.0, high), level, words), error)


def cliff_variance(groups: Groups) -> float:
    """Unbiased variance of delta (Cliff 1996), never below (1 - delta^2) / (n1 n2 - 1)."""
    return float(cliff_deltas(groups.counts)[1])


def cliff_deltas(tables: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cliff's delta and its variance, of a table or of each of many (table x group x level), two in each group."""
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


def brunner_munzel(groups: Groups, alternative: str = "two-sided", distribution: str = "t") -> Tested:
    """Test that neither group tends to answer higher, without equal spread (Brunner and Munzel 2000).

    `statistic` is positive where the second group answers higher, as in R's lawstat and in scipy.
    """
    check_alternative(alternative)
    choose("distribution", distribution, ("t", "normal"))
    _overlapping(groups)
    found = brunnermunzel(groups.first, groups.second, alternative=alternative, distribution=distribution)
    df = float(_compare(groups).df) if distribution == "t" else None
    words = f"Brunner-Munzel, {distribution}"
    return Tested(float(found.statistic), float(found.pvalue), words, alternative, df=df)


def superiority(groups: Groups, level: float = 0.95, distribution: str = "t") -> Estimate:
    """P(second higher) + P(equal) / 2 with the Brunner-Munzel interval (statsmodels, groups exchanged)."""
    choose("distribution", distribution, ("t", "normal"))
    tails(level)
    _overlapping(groups)
    found = _compare(groups)
    value, error = 1 - float(found.prob1), math.sqrt(float(found.var_prob))
    quantile = float(t.ppf((1 + level) / 2, found.df) if distribution == "t" else norm.ppf((1 + level) / 2))
    return Estimate(
        value, Interval(value - quantile * error, value + quantile * error, level, f"Brunner-Munzel, {distribution}"),
        error,
    )


def hodges_lehmann(groups: Groups, level: float = 0.95, alternative: str = "two-sided") -> Estimate:
    """Median of all differences between an answer of the first group and one of the second.

    The interval takes ordered differences (Bauer 1972): exact without ties, as R's wilcox.test; with ties, or
    more than 50 in a group, the normal approximation with the variance for ties says which ones.
    """
    below, above = tails(level, alternative)
    (n1, n2), ties = groups.sizes, groups.counts.sum(axis=0).astype(float)
    gaps = np.sort(np.subtract.outer(groups.first, groups.second).ravel())
    exact = not groups.tied and max(n1, n2) <= 50
    if exact:
        chance = np.cumsum(_sums(np.arange(n1 + n2), np.ones(n1 + n2, dtype=int), n1, n1 * n2 + n1 * (n1 - 1) // 2))
        chance = chance[n1 * (n1 - 1) // 2 :]

        def skipped(error: float) -> int:
            return max(1, int(np.searchsorted(chance, error * (1 - 1e-12))))
    else:
        n = n1 + n2
        spread = math.sqrt(n1 * n2 / 12 * (n + 1 - float((ties**3 - ties).sum()) / (n * (n - 1))))

        def skipped(error: float) -> int:
            return max(1, round(n1 * n2 / 2 + float(norm.ppf(error)) * spread))

    low = float(gaps[skipped(below) - 1]) if below else -math.inf
    high = float(gaps[n1 * n2 - skipped(above)]) if above else math.inf
    words = "ordered differences, " + ("exact" if exact else "normal approximation")
    return Estimate(float(np.median(gaps)), Interval(low, high, level, words))


def _compare(groups: Groups):
    """statsmodels' comparison of two groups by ranks: P(first higher), its variance and the degrees of freedom."""
    return rank_compare_2indep(groups.first, groups.second, use_t=True)


def _overlapping(groups: Groups) -> None:
    """Raise ValueError where Brunner and Munzel's variance cannot be estimated."""
    n1, n2 = groups.sizes
    if min(n1, n2) < 2 or groups.u in (0, n1 * n2) or len(groups.values) < 2:
        raise ValueError("Brunner-Munzel needs two answers in each group, and groups that overlap and do not all tie")
