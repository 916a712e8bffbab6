"""Is the effect smaller than the smallest one of interest?  Two one-sided tests (TOST).

"No effect was found" is not evidence of none; an interval that lies inside bounds declared beforehand is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import ndtr, ndtri
from statsmodels.stats.proportion import tost_proportions_2indep

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.association import measure
from surveybook.survey.stats.dominance import cliff_delta
from surveybook.survey.stats.two_by_two import difference

Table = Sequence[Sequence[int]]


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


def correlation(
    value: float, error: float, low: float, high: float, alpha: float = 0.05, method: str = "Fisher z"
) -> Equivalence:
    """TOST of a correlation-like value with its standard error, both on the scale of Fisher's z, where the variance
    hardly moves with the value (Lakens 2017).

    Raises ValueError for a value of -1 or 1 or one without error, and for bounds that bound nothing.
    """
    _check(low, high, alpha)
    if not -1 < value < 1 or error <= 0:
        raise ValueError("equivalence on the scale of Fisher's z needs a value inside -1 and 1, and its standard error")
    error /= 1 - value**2
    centre, half = math.atanh(value), float(ndtri(1 - alpha)) * error
    interval = Interval(math.tanh(centre - half), math.tanh(centre + half), 1 - 2 * alpha, method)
    p_low = float(ndtr(-(centre - math.atanh(low)) / error))
    p_high = float(ndtr((centre - math.atanh(high)) / error))
    return Equivalence(value, low, high, p_low, p_high, interval, method)


def tau_b(table: Table, low: float, high: float, alpha: float = 0.05) -> Equivalence:
    """TOST of Kendall's tau-b, with the variance for ties (Fieller's, in R's TOSTER, assumes none and finds equivalence
    too often on survey answers)."""
    found = measure(table, "tau_b")
    return correlation(found.value, found.standard_error or 0.0, low, high, alpha, "tau-b, Fisher z, ASE1")


def delta(table: Table, low: float, high: float, alpha: float = 0.05) -> Equivalence:
    """TOST of Cliff's delta, with Cliff's variance."""
    found = cliff_delta(table)
    words = "delta, Fisher z, Cliff's variance"
    return correlation(found.value, found.standard_error or 0.0, low, high, alpha, words)


def shares(
    first: int, first_base: int, second: int, second_base: int, low: float, high: float, alpha: float = 0.05
) -> Equivalence:
    """TOST of a difference of two shares by Agresti and Caffo (statsmodels, whose `score` is wrong)."""
    _check(low, high, alpha)
    found = difference(first, first_base, second, second_base, 1 - 2 * alpha, "agresti-caffo")
    tested = tost_proportions_2indep(
        first, first_base, second, second_base, low, high, method="agresti-caffo", compare="diff", correction=False
    )
    p_low, p_high = float(tested.results_larger.pvalue), float(tested.results_smaller.pvalue)
    return Equivalence(found.value, low, high, p_low, p_high, found.interval, "difference of shares, agresti-caffo")


def _check(low: float, high: float, alpha: float) -> None:
    """Raise ValueError for bounds that bound nothing, or a level that is none."""
    if not -1 < low < high < 1:
        raise ValueError(f"bounds of equivalence rise and lie inside -1 and 1, not at {low} and {high}")
    if not 0 < alpha < 0.5:
        raise ValueError(f"the error of an equivalence test lies between 0 and one half, not at {alpha}")
