"""What share of a group gave an answer, and how far off could it be?"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import betainccinv, betaincinv, ndtri

WITHHELD = math.nan  # a number that may not be shown, as small counts would follow (data/disclosure.py)


def known(number: float | None) -> bool:
    """Whether a number may be shown."""
    return number is not None and number == number


@dataclass(frozen=True)
class Interval:
    """A confidence interval: `low` and `high` as fractions, with the method in words."""

    low: float
    high: float
    level: float
    method: str


@dataclass(frozen=True)
class Share:
    """`count` of `base` gave the answer.

    `among` says how many shares are read together. One share has a Wilson interval. Several have simultaneous
    intervals: Clopper-Pearson, each at the level 1 - (1 - level) / among, so that all of them hold together with
    at least the probability `level`, for any counts (Bonferroni).

    Sources: Wilson 1927 (doi 10.1080/01621459.1927.10502953); Clopper and Pearson 1934 (doi 10.1093/biomet/26.4.404).
    Where count or base is withheld, so are share and interval.
    Raises ValueError for a base below one, or a count that is negative or above its base.
    """

    count: float
    base: float
    among: int = 1
    level: float = 0.95
    is_weighted = False

    def __post_init__(self) -> None:
        if self.base < 1:
            raise ValueError(f"a share needs a base of at least one, not {self.base}")
        if self.count < 0 or self.count > self.base:
            raise ValueError(f"a count must lie between 0 and its base {self.base}, not at {self.count}")

    @property
    def withheld(self) -> bool:
        """Whether the share may not be shown."""
        return not known(self.value)

    @property
    def value(self) -> float:
        """The share as a fraction, not rounded."""
        return self.count / self.base

    @property
    def interval(self) -> Interval:
        """The confidence interval of the share."""
        one = self.among == 1
        method = "Wilson" if one else "Clopper-Pearson, simultaneous (Bonferroni)"
        if self.withheld:
            return Interval(WITHHELD, WITHHELD, self.level, method)
        bounds, tail = _wilson if one else _clopper_pearson, (1 - self.level) / self.among / 2
        low, high = bounds(self.count, self.base, tail)
        # no rounding error off 0 and 1 for an empty and for a full share
        return Interval(0.0 if self.count == 0 else low, 1.0 if self.count == self.base else high, self.level, method)


# The functions of scipy themselves: statsmodels' proportion_confint gives the same numbers and takes eighty times as
# long to look at what it was given, which a page with a hundred shares feels.


def _wilson(count: float, base: float, tail: float) -> tuple[float, float]:
    """The bounds that leave this much of the probability on each side."""
    share, quantile = count / base, -float(ndtri(tail))
    square = quantile**2
    scale = 1 + square / base
    centre = (share + square / (2 * base)) / scale
    half = quantile * math.sqrt(share * (1 - share) / base + square / (4 * base**2)) / scale
    return centre - half, centre + half


def _clopper_pearson(count: float, base: float, tail: float) -> tuple[float, float]:
    """The bounds that leave at most this much of the probability on each side; one without sense at 0 and at 1."""
    return float(betaincinv(count, base - count + 1, tail)), float(betainccinv(count + 1, base - count, tail))
