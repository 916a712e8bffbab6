"""Is the effect smaller than the smallest one of interest?  Two one-sided tests (TOST).

"No effect was found" is not evidence of none; an interval that lies inside bounds declared beforehand is.
Fieller's variance of tau (R's TOSTER) assumes no ties and finds equivalence too often on survey answers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import norm, t
from statsmodels.stats.nonparametric import rank_compare_2indep
from statsmodels.stats.proportion import tost_proportions_2indep

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.association import measure
from surveybook.survey.stats.dominance import cliff_delta
from surveybook.survey.stats.odds import difference
from surveybook.survey.stats.ranks import Groups
from surveybook.survey.stats.result import choose

ERRORS = {  # standard errors on the scale of Fisher's z, without ties: Fisher 1921; Fieller and others 1957 for the two
    "pearson": lambda n: 1 / math.sqrt(n - 3),
    "kendall": lambda n: math.sqrt(0.437 / (n - 4)),
    "spearman": lambda n: math.sqrt(1.06 / (n - 3)),
}


@dataclass(frozen=True)
class Equivalence:
    """Result of two one-sided tests of `value` against `low` and `high`.

    `p_low`: of the test that it lies above `low`; `p_high`: below `high`; `p`, the larger one, of both together.
    `interval` has the level 1 - 2 alpha and lies inside the bounds exactly where p < alpha.
    """

    value: float
    low: float
    high: float
    p_low: float
    p_high: float
    interval: Interval
    method: str

    @property
    def p(self) -> float:
        """The p of equivalence."""
        return max(self.p_low, self.p_high)

    @property
    def p_outside(self) -> float:
        """The p of the opposite claim, that the effect lies outside the bounds (minimal effect), one side enough."""
        return min(1.0, min(1 - self.p_low, 1 - self.p_high))


def correlation(
    value: float, low: float, high: float, error: float, alpha: float = 0.05, method: str = "Fisher z"
) -> Equivalence:
    """TOST of a correlation-like value on the scale of Fisher's z, where `error` is its standard error."""
    _check(low, high, -1, 1, alpha)
    if not -1 < value < 1 or error <= 0:
        raise ValueError("equivalence on the scale of Fisher's z needs a value inside -1 and 1, and its standard error")
    centre, half = math.atanh(value), float(norm.ppf(1 - alpha)) * error
    interval = Interval(math.tanh(centre - half), math.tanh(centre + half), 1 - 2 * alpha, method)
    p_low = float(norm.sf((centre - math.atanh(low)) / error))
    p_high = float(norm.cdf((centre - math.atanh(high)) / error))
    return Equivalence(value, low, high, p_low, p_high, interval, method)


def tau_b(
    table: Sequence[Sequence[int]], low: float, high: float, alpha: float = 0.05, variance: str = "ase1"
) -> Equivalence:
    """TOST of Kendall's tau-b. "ase1" (default) has the variance for ties; "fieller" is R's TOSTER."""
    choose("variance", variance, ("ase1", "fieller"))
    found = measure(table, "tau_b")
    if variance == "ase1":
        error, words = found.standard_error / max(1e-300, 1 - found.value**2), "tau-b, Fisher z, ASE1"
    else:
        n = sum(sum(row) for row in table)
        error, words = ERRORS["kendall"](n), "tau-b, Fisher z, Fieller's variance"
    return correlation(found.value, low, high, error, alpha, words)


def delta(
    groups: Groups, low: float, high: float, alpha: float = 0.05, variance: str = "fisherz_cliff"
) -> Equivalence:
    """TOST of Cliff's delta: Cliff's variance on the scale of Fisher's z (default), or "brunner-munzel", whose t test
    statsmodels makes of P(first higher) + P(equal) / 2 = (delta + 1) / 2."""
    choose("variance", variance, ("fisherz_cliff", "brunner-munzel"))
    if variance == "fisherz_cliff":
        found = cliff_delta(groups, method=variance)
        error = (found.standard_error or 0.0) / max(1e-300, 1 - found.value**2)
        return correlation(found.value, low, high, error, alpha, "delta, Fisher z, Cliff's variance")
    _check(low, high, -1, 1, alpha)
    found = cliff_delta(groups, 1 - 2 * alpha, "bm_t")
    compared = rank_compare_2indep(groups.first, groups.second, use_t=True)
    tested = compared.tost_prob_superior((low + 1) / 2, (high + 1) / 2)
    p_low, p_high = float(tested.results_larger.pvalue), float(tested.results_smaller.pvalue)
    return Equivalence(found.value, low, high, p_low, p_high, found.interval, "delta, Brunner-Munzel t")


def shares(
    first: int, first_base: int, second: int, second_base: int, low: float, high: float, alpha: float = 0.05,
    method: str = "agresti-caffo",
) -> Equivalence:
    """TOST of a difference of two shares by statsmodels: "agresti-caffo" or "wald" (its `score` is wrong)."""
    choose("method", method, ("agresti-caffo", "wald"))
    _check(low, high, -1, 1, alpha)
    found = difference(first, first_base, second, second_base, 1 - 2 * alpha, method)
    tested = tost_proportions_2indep(
        first, first_base, second, second_base, low, high, method=method, compare="diff", correction=False
    )
    p_low, p_high = float(tested.results_larger.pvalue), float(tested.results_smaller.pvalue)
    return Equivalence(found.value, low, high, p_low, p_high, found.interval, f"difference of shares, {method}")


def means(value: float, error: float, df: float, low: float, high: float, alpha: float = 0.05) -> Equivalence:
    """TOST of any value with a standard error and Student's t."""
    _check(low, high, -math.inf, math.inf, alpha)
    half = float(t.ppf(1 - alpha, df)) * error
    interval = Interval(value - half, value + half, 1 - 2 * alpha, "t")
    p_low, p_high = float(t.sf((value - low) / error, df)), float(t.cdf((value - high) / error, df))
    return Equivalence(value, low, high, p_low, p_high, interval, "t")


def _check(low: float, high: float, least: float, most: float, alpha: float) -> None:
    """Raise ValueError for bounds that bound nothing, or a level that is none."""
    if not least < low < high < most:
        raise ValueError(f"bounds of equivalence rise and lie inside {least} and {most}, not at {low} and {high}")
    if not 0 < alpha < 0.5:
        raise ValueError(f"the error of an equivalence test lies between 0 and one half, not at {alpha}")
