"""Is there a relation in the population that a weighted, stratified or clustered sample was drawn from?

Everything follows from the weighted shares of the pairs of answers and their covariance (estimates/weighting.py):
tests and sizes are functions of these shares, with the delta method, and Student's t or F with as many degrees of
freedom as there are clusters less strata. R's package “survey” gives the same: `svychisq`, `svyranktest` (whose ranks
of ties depend on the order of the rows where weights differ; here they are midranks), `svycontrast`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import fdtrc, ncfdtr, stdtr, stdtrit

from surveybook.survey.estimates.share import Interval
from surveybook.survey.estimates.weighting import Weighted
from surveybook.survey.stats.equivalence import Equivalence, correlation
from surveybook.survey.stats.result import Estimate, Tested, check_alternative, fisher_z

LINEAR = "delta method, Student's t"
NOISE = 1e-12  # what rounding leaves of an error of zero
ONE_WAY = "none can be had, as all pairs of people go one way"


@dataclass(frozen=True)
class WeightedTable:
    """Pairs of answers: `counts` of people, and the `weighted` shares of all pairs, row by row, with their covariance.

    `coarse`: results must not be told exactly, as counts of some people are withheld. Raises ValueError for too few
    clusters to tell how far off anything is.
    """

    counts: tuple[tuple[float, ...], ...]
    weighted: Weighted
    coarse: bool = False

    def __iter__(self):
        return iter(self.counts)

    @property
    def turned(self) -> WeightedTable:
        """The same with the two questions exchanged."""
        counts = tuple(zip(*self.counts, strict=True))
        places = np.arange(len(counts) * len(self.counts)).reshape(len(self.counts), -1).T.ravel().tolist()
        own = self.weighted
        covariance = tuple(tuple(own.covariance[one][other] for other in places) for one in places)
        shares = tuple(own.shares[one] for one in places)
        return replace(self, counts=counts, weighted=replace(own, shares=shares, covariance=covariance))

    @cached_property
    def shares(self) -> np.ndarray:
        """One row for each answer to the first question that anybody gave, and a column for each to the second."""
        if self.weighted.df < 2:
            raise ValueError("too few clusters answered to tell how far off the answers are")
        return self._given(np.array(self.weighted.shares))

    def error(self, gradient: np.ndarray) -> float:
        """The standard error of a number that moves so with each of the shares."""
        flat = gradient.ravel()
        return math.sqrt(max(0.0, float(flat @ self._covariance @ flat)))

    @cached_property
    def _covariance(self) -> np.ndarray:
        places = self._given(np.arange(len(self.weighted.shares))).ravel()
        return np.array(self.weighted.covariance)[np.ix_(places, places)]

    def _given(self, flat: np.ndarray) -> np.ndarray:
        counts = np.array(self.counts)
        return flat.reshape(counts.shape)[np.ix_(counts.any(axis=1), counts.any(axis=0))]

    @property
    def df(self) -> int:
        return self.weighted.df


# --- without a direction


@dataclass(frozen=True)
class Adjusted:
    """Pearson's chi-squared of a table as an F of Rao and Scott, with its degrees of freedom; `phi`: chi-squared of
    the shares; `trace`: the sum of the design effects, which is the mean of chi-squared without a relation."""

    f: float
    d: float
    df: float
    phi: float
    trace: float


def adjust_chi_squared(table: WeightedTable) -> Adjusted:
    """The second-order adjustment of Rao and Scott (1984, doi 10.1214/aos/1176346391), as `svychisq` in R has it."""
    shares, n = table.shares, table.weighted.n
    rows, columns = shares.shape
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    phi = float(((shares - expected) ** 2 / expected).sum())
    helmert = [np.linalg.qr(np.column_stack([np.ones(k), np.eye(k)[:, 1:]]))[0][:, 1:] for k in (rows, columns)]
    contrasts = np.kron(*helmert)
    inverse = np.divide(1, shares.ravel(), out=np.zeros(shares.size), where=shares.ravel() > 0)
    scaled = contrasts * inverse[:, None]
    effects = np.linalg.solve(contrasts.T @ scaled / n, scaled.T @ table._covariance @ scaled)
    trace, square = float(np.trace(effects)), float(np.trace(effects @ effects))
    if trace <= NOISE:
        raise ValueError("the answers do not vary within the strata")
    d = trace**2 / square
    return Adjusted(n * phi / trace, d, d * table.df, phi, trace)


def rao_scott(table: WeightedTable, alternative: str = "two-sided") -> Tested:
    """Chi-squared test with the adjustment of Rao and Scott. `statistic`: F; of two answers with two values each its
    signed root is Student's t, which has a side: “greater” for more people with both second answers."""
    check_alternative(alternative)
    found = adjust_chi_squared(table)
    words = "Pearson's chi-squared with the second-order adjustment of Rao and Scott"
    if alternative == "two-sided":
        return Tested(found.f, float(fdtrc(found.d, found.df, found.f)), words, df=found.d)
    if table.shares.shape != (2, 2):
        raise ValueError("a test of several answers without an order has no side")
    (no_no, no_yes), (yes_no, yes_yes) = table.shares.tolist()
    t = math.copysign(math.sqrt(found.f), yes_yes * no_no - yes_no * no_yes)
    return _student(t, found.df, alternative, words, found.f)


def cramers_v(table: WeightedTable, level: float = 0.95) -> Estimate:
    """Cramer's V less what chance alone gives on average, which is the sum of the design effects over n, with an
    interval from the noncentral F distribution of the adjusted chi-squared."""
    found, n = adjust_chi_squared(table), table.weighted.n
    smaller = min(table.shares.shape) - 1
    value = math.sqrt(max(0.0, found.phi - found.trace / n) / smaller)
    low, high = (min(1.0, math.sqrt(one * found.trace / found.d / n / smaller)) for one in
                 _noncentralities(found.f, found.d, found.df, level))
    return Estimate(value, Interval(min(value, low), max(value, high), level, "noncentral F, Rao and Scott"))


def difference(table: WeightedTable, level: float = 0.95) -> Estimate:
    """Share of the second answer in the second group less that in the first, with Student's t."""
    found = mean_difference(table, (0, 1), level)
    assert found.interval
    return replace(found, interval=replace(found.interval, low=max(-1.0, found.interval.low),
                                           high=min(1.0, found.interval.high)))


def mean_difference(table: WeightedTable, values: Sequence[float], level: float = 0.95) -> Estimate:
    """Mean of the second group less that of the first, with Student's t; `values`: what each column stands for."""
    value, error = _difference(table, values)
    half = float(stdtrit(table.df - 1, (1 + level) / 2)) * error
    return Estimate(value, Interval(value - half, value + half, level, LINEAR), error)


def compare_shares(table: WeightedTable, alternative: str = "two-sided") -> Tested:
    """Student's t of the difference of two shares, as `svyttest` in R."""
    value, error = _difference(table)
    return _student(_over(value, error), table.df - 1, alternative, "difference of shares over its standard error")


def compare_means(table: WeightedTable, values: Sequence[float]) -> Tested:
    """The same of two means."""
    value, error = _difference(table, values)
    return _student(_over(value, error), table.df - 1, "two-sided", "difference of means over its standard error")


def bound_difference(table: WeightedTable, least: float, alpha: float) -> Equivalence:
    """Two one-sided tests that the difference of shares is smaller than `least`."""
    value, error = _difference(table)
    df, inside = table.df - 1, difference(table, 1 - 2 * alpha).interval
    p_low, p_high = (float(stdtr(df, -_over(gap, error))) for gap in (value + least, least - value))
    return Equivalence(value, -least, least, p_low, p_high, inside, f"difference of shares, {LINEAR}")


def _difference(table: WeightedTable, values: Sequence[float] = (0, 1)) -> tuple[float, float]:
    groups = table.shares.sum(axis=1)
    means = table.shares @ np.asarray(values, float) / groups
    gradient = np.array([[-1], [1]]) * (np.asarray(values, float) - means[:, None]) / groups[:, None]
    return float(means[1] - means[0]), table.error(gradient)


# --- ranks


def compare_ranks(table: WeightedTable, alternative: str = "two-sided") -> Tested:
    """The rank test of Lumley and Scott (2013, doi 10.1093/biomet/ast027) of two groups, the rows: Student's t of the
    difference of their mean ranks, with midranks. “greater”: the second group answers higher."""
    means, gradients, _ = _mean_ranks(table)
    t = _over(float(means[1] - means[0]), table.error(gradients[1] - gradients[0]))
    return _student(t, table.df - 1, alternative, "Lumley and Scott, midranks")


def compare_many_ranks(table: WeightedTable) -> Tested:
    """The same of several groups, the rows: a Wald test of all their mean ranks. `statistic`: F."""
    f, d, df, _ = _ranks_of_many(table)
    return Tested(f, float(fdtrc(d, df, f)), "Lumley and Scott for several groups, midranks, Wald", df=d)


def epsilon_squared(table: WeightedTable, level: float = 0.95) -> Estimate:
    """The part of the variance of the weighted midranks that lies between the groups, with an interval from the
    noncentral F distribution."""
    f, d, df, value = _ranks_of_many(table)
    people = f * d * (1 - value) / value if value > 0 else float(table.weighted.n)
    low, high = (one / (one + people) for one in _noncentralities(f, d, df, level))
    return Estimate(value, Interval(min(value, low), max(value, high), level, "noncentral F, Wald"))


def _ranks_of_many(table: WeightedTable) -> tuple[float, int, int, float]:
    """F with its degrees of freedom, and the part of the variance that lies between the groups."""
    means, gradients, ranks = _mean_ranks(table)
    d, df = len(means) - 1, table.df + 1 - len(means)
    if df < 1:
        raise ValueError("there are fewer clusters than a test of so many groups needs")
    apart = means[1:] - means[0]
    flat = (gradients[1:] - gradients[0]).reshape(d, -1)
    covariance = flat @ table._covariance @ flat.T
    if np.linalg.matrix_rank(covariance) < d:
        raise ValueError("the answers of a group do not vary")
    f = float(apart @ np.linalg.solve(covariance, apart)) / d
    columns, groups = table.shares.sum(axis=0), table.shares.sum(axis=1)
    whole = float(columns @ (ranks - 0.5) ** 2)
    return f, d, df, float(groups @ (means - 0.5) ** 2) / whole


def _mean_ranks(table: WeightedTable) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The mean rank of each row, as a part of the whole; how each moves with the shares, ranks taken as given; and the
    rank of each column."""
    columns, groups = table.shares.sum(axis=0), table.shares.sum(axis=1)
    ranks = np.cumsum(columns) - columns / 2
    means = table.shares @ ranks / groups
    gradients = np.zeros((len(groups), *table.shares.shape))
    for row, (mean, group) in enumerate(zip(means, groups, strict=True)):
        gradients[row, row] = (ranks - mean) / group
    return means, gradients, ranks


def cliff_delta(table: WeightedTable, level: float = 0.95) -> Estimate:
    """Cliff's delta of the population: how much more often one of the second row answers higher than one of the first
    than the other way round; Fisher's z interval with Student's t."""
    value, error = _delta(table)
    return _correlation(value, error, table.df - 1, level)


def _delta(table: WeightedTable) -> tuple[float, float]:
    groups = table.shares.sum(axis=1)
    first, second = table.shares / groups[:, None]
    order = np.sign(np.subtract.outer(np.arange(len(first)), np.arange(len(first))))  # second answer less the first
    above, below = order @ first, second @ order
    value = float(second @ above)
    return value, table.error(np.stack([(below - value) / groups[0], (above - value) / groups[1]]))


def kendall(table: WeightedTable, alternative: str = "two-sided") -> Tested:
    """Student's t of tau-b over its standard error by the delta method (Binder 1983)."""
    value, error = _tau(table)
    return _student(_over(value, error), table.df, alternative, "tau-b over its standard error by the delta method")


def tau_b(table: WeightedTable, level: float = 0.95) -> Estimate:
    """Kendall's tau-b of the population, with Fisher's z interval and Student's t."""
    return _correlation(*_tau(table), table.df, level)


def same_order(table: WeightedTable) -> float:
    """How often, of all pairs of people who differ in both answers, the same one is higher in both."""
    concordant, discordant = (float((table.shares * one).sum()) for one in _pairs(table.shares))
    if not concordant + discordant:
        raise ValueError("no two people differ in both")
    alike = concordant / (concordant + discordant)
    return round(alike, 1) if table.coarse else alike


def _tau(table: WeightedTable) -> tuple[float, float]:
    """Tau-b and its standard error."""
    shares = table.shares
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    concordant, discordant = _pairs(shares)
    x, y = 1 - float(rows @ rows), 1 - float(columns @ columns)
    scale = math.sqrt(x * y)
    value = float((shares * (concordant - discordant)).sum()) / scale
    gradient = 2 * (concordant - discordant) / scale + value * np.add.outer(rows / x, columns / y)
    return value, table.error(gradient)


def _pairs(shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each pair of answers, the share of people who are above or below in both, and in one alone."""
    def corner(rows: Callable, columns: Callable) -> np.ndarray:
        return rows(np.tri(len(shares), k=-1)) @ shares @ columns(np.tri(shares.shape[1], k=-1)).T

    def as_is(one: np.ndarray) -> np.ndarray:
        return one

    return (corner(as_is, as_is) + corner(np.transpose, np.transpose),
            corner(as_is, np.transpose) + corner(np.transpose, as_is))


def bound(sized: Callable[[WeightedTable], Estimate], table: WeightedTable, least: float, alpha: float) -> Equivalence:
    """Two one-sided tests that delta or tau-b is smaller than `least`, on the scale of Fisher's z with Student's t."""
    found = sized(table)
    df = table.df - (sized is cliff_delta)
    return correlation(found.value, found.standard_error or 0.0, -least, least, alpha, "Fisher z, Student's t", df)


# --- what they have in common


def _correlation(value: float, error: float, df: int, level: float) -> Estimate:
    inside = fisher_z(value, error, float(stdtrit(df, (1 + level) / 2)), level, f"Fisher z, {LINEAR}")
    return Estimate(value, inside or Interval(-1.0, 1.0, level, ONE_WAY), error)


def _student(t: float, df: float, alternative: str, words: str, statistic: float | None = None) -> Tested:
    check_alternative(alternative)
    above, below = float(stdtr(df, -t)), float(stdtr(df, t))
    p = {"two-sided": min(1.0, 2 * min(above, below)), "greater": above, "less": below}[alternative]
    return Tested(t if statistic is None else statistic, p, words, alternative, df=df)


def _over(value: float, error: float) -> float:
    if error <= NOISE:
        raise ValueError("the answers do not vary between the clusters")
    return value / error


def _noncentralities(f: float, d: float, df: float, level: float) -> list[float]:
    """The noncentralities between which an F lies with this level."""
    from scipy.optimize import brentq

    def off(lam: float, p: float) -> float:
        return float(ncfdtr(d, df, lam, f)) - p

    found = []
    for p in ((1 + level) / 2, (1 - level) / 2):
        far = 1.0
        while off(far, p) > 0:
            far *= 2
        found.append(0.0 if off(0.0, p) <= 0 else float(brentq(off, 0.0, far, args=(p,), xtol=1e-12)))
    return found
