"""What share of a group gave an answer, and how far off could it be?"""

from __future__ import annotations

import math
from dataclasses import dataclass

from statsmodels.stats.proportion import proportion_confint

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
        if self.among == 1:
            alpha, library, method = 1 - self.level, "wilson", "Wilson"
        else:
            alpha, library = (1 - self.level) / self.among, "beta"
            method = "Clopper-Pearson, simultaneous (Bonferroni)"
        if self.withheld:
            return Interval(WITHHELD, WITHHELD, self.level, method)
        low, high = proportion_confint(self.count, self.base, alpha=alpha, method=library)
        # statsmodels leaves the bounds of an empty and of a full share a rounding error off 0 and 1
        low = 0.0 if self.count == 0 else float(low)
        high = 1.0 if self.count == self.base else float(high)
        return Interval(low, high, self.level, method)
