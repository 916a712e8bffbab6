"""What is one number for answers on a scale?  A mean, and how many more are at its upper end than at its lower."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from surveybook.survey.estimates.share import WITHHELD, Interval, known
from surveybook.survey.stats.result import Estimate, quantile_of

SKEWED = 25  # times the squared skewness: as many people make the interval of a mean a good one
BESIDE = 1e-9


@dataclass(frozen=True)
class Mean:
    """The mean of `n` numbers, their standard deviation, and the interval of the mean (None where all numbers are the
    same, or there is one). `rough`: whether the numbers are too skewed for so few people."""

    value: float
    deviation: float
    n: float
    interval: Interval | None
    rough: bool = False


def mean(counts: Sequence[float], values: Sequence[float], level: float = 0.95) -> Mean:
    """The mean of numbers, each with how many people gave it, and Student's interval (R's t.test).

    It is good where n is above 25 times the squared skewness (Cochran 1977, Sampling techniques, 3rd edition, section
    2.15); else it is said to be rough. Withheld where any count is. Raises ValueError where nobody gave a number.
    """
    people, numbers = np.asarray(counts, float), np.asarray(values, float)
    n = float(people.sum())
    if not known(n):
        return Mean(WITHHELD, WITHHELD, n, Interval(WITHHELD, WITHHELD, level, "Student's t"))
    if n < 1:
        raise ValueError("a mean needs somebody who gave a number")
    value = float(people @ numbers) / n
    away = numbers - value
    square = float(people @ away**2)
    if n < 2 or square <= 1e-12 * n:
        return Mean(value, 0.0, n, None)
    deviation = math.sqrt(square / (n - 1))
    skewness = float(people @ away**3) / n / (square / n) ** 1.5
    half = float(stdtrit(n - 1, (1 + level) / 2)) * deviation / math.sqrt(n)
    return Mean(value, deviation, n, Interval(value - half, value + half, level, "Student's t"),
                n <= SKEWED * skewness**2)


def net_score(upper: float, lower: float, base: float, level: float = 0.95) -> Estimate:
    """The share at the upper end of a scale less that at its lower end, between -1 and 1, with its score interval.

    The two shares exclude each other, so it is the difference of two cells of one multinomial, as that of the
    discordant pairs of a paired comparison is; the interval is Tango's (1998, doi
    10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B), which takes the variance that each difference
    would give. Withheld where a count is. Raises ValueError for counts that do not fit into the base.
    """
    from scipy.optimize import brentq

    words = "Tango's score interval"
    if not known(upper + lower + base):
        return Estimate(WITHHELD, Interval(WITHHELD, WITHHELD, level, words))
    if base < 1 or min(upper, lower) < 0 or upper + lower > base:
        raise ValueError(f"a net score needs two counts that fit into their base, not {upper} and {lower} of {base}")
    value, quantile = (upper - lower) / base, quantile_of(level)

    def distance(true: float, side: int) -> float:
        """How far the score lies from a true one, less what chance allows on one side."""
        a, b, c = 2 * base, (2 * base - upper + lower) * true - upper - lower, -lower * true * (1 - true)
        share = (math.sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
        return upper - lower - base * true - side * quantile * math.sqrt(
            base * max(0.0, 2 * share + true * (1 - true)))

    # beside the value, where chance allows nothing if all gave the same answer
    low = -1.0 if lower == base else brentq(distance, -1.0, value - BESIDE, args=(1,), xtol=1e-12)
    high = 1.0 if upper == base else brentq(distance, value + BESIDE, 1.0, args=(-1,), xtol=1e-12)
    return Estimate(value, Interval(float(low), float(high), level, words))
