"""Is the effect smaller than the smallest one of interest?  Two one-sided tests (TOST).

"No effect was found" is not evidence of none; an interval that lies inside bounds declared beforehand is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.association import FEW, measure
from surveybook.survey.stats.dominance import cliff_delta
from surveybook.survey.stats.two_by_two import difference

SHARED = 10  # people in each group, below which a difference of shares is never called small
Table = Sequence[Sequence[int]]


@dataclass(frozen=True)
class Equivalence:
    """Result of two one-sided tests of `value` against `low` and `high`.

    `p_low`: of the test that it lies above `low`; `p_high`: below `high`; `p`, the larger one, of both together.
    `interval` has the level 1 - 2 alpha and lies inside the bounds where p < alpha.
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
    def shown(self) -> bool:
        """Whether the size is shown to be smaller: neither its interval nor the size itself, which some intervals
        miss, reaches a bound."""
        ends = (self.interval.low, self.value, self.interval.high)
        return self.low <= min(ends) and max(ends) < self.high


def correlation(
    value: float, error: float, low: float, high: float, alpha: float = 0.05, method: str = "Fisher z",
    df: float | None = None,
) -> Equivalence:
    """TOST of a correlation-like value with its standard error, both on the scale of Fisher's z, where the variance
    hardly moves with the value (Lakens 2017); normal, or Student's t with `df`.

    Raises ValueError for a value of -1 or 1 or one without error, and for bounds that bound nothing.
    """
    _check(low, high, alpha)
    if not -1 < value < 1 or error <= 0:
        raise ValueError("equivalence on the scale of Fisher's z needs a value inside -1 and 1, and its standard error")
    error /= 1 - value**2
    quantile = float(ndtri(1 - alpha) if df is None else stdtrit(df, 1 - alpha))

    def below(z: float) -> float:
        return float(ndtr(z) if df is None else stdtr(df, z))

    centre, half = math.atanh(value), quantile * error
    interval = Interval(math.tanh(centre - half), math.tanh(centre + half), 1 - 2 * alpha, method)
    p_low = below(-(centre - math.atanh(low)) / error)
    p_high = below((centre - math.atanh(high)) / error)
    return Equivalence(value, low, high, p_low, p_high, interval, method)


def tau_b(table: Table, low: float, high: float, alpha: float = 0.05) -> Equivalence:
    """TOST of Kendall's tau-b, with the variance for ties (Fieller's, in R's TOSTER, assumes none and finds equivalence
    too often on survey answers), for few people widened as the interval of `measure`."""
    found, n = measure(table, "tau_b"), sum(map(sum, table))
    error = found.standard_error or 0.0
    if n < FEW:
        return correlation(found.value, error, low, high, alpha, "tau-b, Fisher z, widened ASE1, t", n - 2)
    return correlation(found.value, error, low, high, alpha, "tau-b, Fisher z, ASE1")


def delta(table: Table, low: float, high: float, alpha: float = 0.05) -> Equivalence:
    """TOST of Cliff's delta, with Cliff's variance."""
    found = cliff_delta(table)
    words = "delta, Fisher z, Cliff's variance"
    return correlation(found.value, found.standard_error or 0.0, low, high, alpha, words)


def shares(
    first: int, first_base: int, second: int, second_base: int, low: float, high: float, alpha: float = 0.05
) -> Equivalence:
    """TOST of a difference of two shares by Agresti and Caffo (statsmodels, whose `score` is wrong)."""
    from statsmodels.stats.proportion import tost_proportions_2indep

    _check(low, high, alpha)
    found = difference(first, first_base, second, second_base, 1 - 2 * alpha, "agresti-caffo")
    tested = tost_proportions_2indep(
        first, first_base, second, second_base, low, high, method="agresti-caffo", compare="diff", correction=False
    )
    p_low, p_high = float(tested.results_larger.pvalue), float(tested.results_smaller.pvalue)
    return Equivalence(found.value, low, high, p_low, p_high, found.interval, "difference of shares, agresti-caffo")


def newcombe(
    first: int, first_base: int, second: int, second_base: int, least: float, alpha: float = 0.05
) -> Equivalence:
    """Does Newcombe's interval of a difference of two shares, of the level 1 - 2 alpha, lie within `least` of zero?

    At the bound, the interval of 90% does so in up to 7% of surveys of 20 and 20 people (the score test in 7%, Agresti
    and Caffo's in 12%), that of 95% in at most 4% of those from 10 and 10 to 150 and 150, whatever the shares. Raises
    ValueError for fewer.
    """
    _check(-least, least, alpha)
    if min(first_base, second_base) < SHARED:
        raise ValueError(f"fewer than {SHARED} people in a group are too few to rule anything out")
    found = difference(first, first_base, second, second_base, 1 - 2 * alpha, "newcombe")
    p_low, p_high = map(float, newcombe_ps(first, first_base, second, second_base, least))
    return Equivalence(found.value, -least, least, p_low, p_high, found.interval, "difference of shares, Newcombe")


def newcombe_ps(
    first: np.ndarray, first_base: np.ndarray, second: np.ndarray, second_base: np.ndarray, least: float
) -> tuple[np.ndarray, np.ndarray]:
    """The errors on one side at which the lower and the upper end of Newcombe's interval reach -`least` and `least`, of
    one or of many tables; 1 where the difference itself lies beyond."""
    shares = np.asarray(first / first_base, dtype=float), np.asarray(second / second_base, dtype=float)

    def half(z: np.ndarray, upwards: bool) -> np.ndarray:
        ends = []
        for share, base, up in zip(shares, (first_base, second_base), (upwards, not upwards), strict=True):
            centre = (share + z**2 / (2 * base)) / (1 + z**2 / base)
            width = z / (1 + z**2 / base) * np.sqrt(share * (1 - share) / base + z**2 / (4 * base**2))
            ends.append(centre + (width if up else -width) - share)
        return np.hypot(*ends)

    def reached(upwards: bool) -> np.ndarray:
        room = least - (shares[0] - shares[1]) * (1 if upwards else -1)
        low, high = np.zeros(room.shape), np.full(room.shape, 40.0)
        for _ in range(60):  # the interval grows with z: halving finds where it reaches the bound
            middle = (low + high) / 2
            inside = half(middle, upwards) < room
            low, high = np.where(inside, middle, low), np.where(inside, high, middle)
        return np.where(room > 0, ndtr(-low), 1.0)

    return reached(False), reached(True)


def _check(low: float, high: float, alpha: float) -> None:
    """Raise ValueError for bounds that bound nothing, or a level that is none."""
    if not -1 < low < high < 1:
        raise ValueError(f"bounds of equivalence rise and lie inside -1 and 1, not at {low} and {high}")
    if not 0 < alpha < 0.5:
        raise ValueError(f"the error of an equivalence test lies between 0 and one half, not at {alpha}")
