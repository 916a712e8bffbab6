"""How are the answers of a population distributed, of which people were asked with unequal chances, or together?

The same distributions and shares as elsewhere: counts are of people, and say what may be shown; shares, intervals and
design effects are those of the weights, strata and clusters.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from scipy.special import betaincinv, stdtrit

from surveybook.survey.estimates.distribution import Distribution
from surveybook.survey.estimates.equality import EqualShares
from surveybook.survey.estimates.share import WITHHELD, Interval, Share, known
from surveybook.survey.estimates.weighting import Weighted, knows_no_weights

METHOD = "Korn-Graubard, of the weighted sample"
ALL, SOME = "", ", simultaneous (Bonferroni)"


@dataclass(frozen=True, kw_only=True)
class WeightedShare(Share):
    """`count` of `base` people gave the answer, and that is `share` of the population.

    `error`: the standard error of the share, with `df` degrees of freedom; the people are worth as much as `effective`
    ones whose weights are equal. The interval is that of Korn and Graubard (1998, Survey Methodology 24, 193), the
    beta interval of `svyciprop` in R: Clopper and Pearson's for as many people as would give this standard error.
    Where nobody or everybody gave the answer there is no standard error, and they are the `effective` ones.
    """

    share: float
    error: float
    df: int
    effective: float
    is_weighted = True

    @property
    def value(self) -> float:
        return self.share if known(self.count / self.base) else WITHHELD

    @property
    def unweighted(self) -> float:
        """The share of the people, as if all of them counted the same."""
        return self.count / self.base

    @property
    def design_effect(self) -> float | None:
        """How many times larger the variance is than that of as many people drawn singly with equal chances (Kish
        1965; `deff = "replace"` in R). None where all gave the same answer; withheld as the share is."""
        spread = self.share * (1 - self.share)
        if self.withheld:
            return WITHHELD
        if spread <= 0 or self.base < 2:
            return None
        return self.error**2 * (self.base - 1) / spread

    @property
    def interval(self) -> Interval:
        method = METHOD + (ALL if self.among == 1 else SOME)
        if self.withheld:
            return Interval(WITHHELD, WITHHELD, self.level, method)
        return Interval(*self._bounds((1 - self.level) / self.among / 2), self.level, method)

    def _bounds(self, tail: float) -> tuple[float, float]:
        """The bounds that leave this much of the probability on each side; all there is where one cluster answered."""
        if self.df < 1 or self.base < 2:
            return 0.0, 1.0
        spread = self.share * (1 - self.share)
        people = spread / self.error**2 if spread > 0 and self.error > 0 else self.effective
        people *= float(stdtrit(self.base - 1, tail) / stdtrit(self.df, tail)) ** 2
        yes, no = people * min(1.0, self.share), people * max(0.0, 1 - self.share)
        return (float(betaincinv(yes, no + 1, tail)) if yes > 0 else 0.0,
                float(betaincinv(yes + 1, no, 1 - tail)) if no > 0 else 1.0)


@dataclass(frozen=True, kw_only=True)
class WeightedDistribution(Distribution):
    """A distribution whose shares are `weighted`, in the order of its counts."""

    weighted: Weighted

    @property
    def withheld(self) -> bool:
        """Whether any count is withheld, how many answered, or any share."""
        return super().withheld or not known(sum(self.weighted.shares))

    @property
    def effective(self) -> float:
        """How many people with equal weights those who answered are worth; withheld as their number is."""
        return self.weighted.effective if known(self.answered) else WITHHELD

    def share(self, items: Collection[str], among: int = 1) -> WeightedShare:
        given = list(self.counts)
        places, count = [given.index(item) for item in items], sum(self.counts[item] for item in items)
        return weighted_share(count, self.answered, self.weighted, places, among)

    @property
    def ranked(self) -> list[str]:
        """As elsewhere, by the weighted shares."""
        shares = self.shares
        return sorted(shares, key=lambda item: 1 if shares[item].withheld else -shares[item].value)

    def equal(self, items: Iterable[str] | None = None) -> EqualShares:
        raise knows_no_weights("the test that answers are equally frequent")


def weighted_share(
    count: float, base: float, weighted: Weighted, places: Collection[int] = (0,), among: int = 1
) -> WeightedShare:
    """The share of the answers in some `places`, which `count` of `base` people gave; all of them is not less than one
    for what rounding leaves."""
    share = sum(weighted.shares[place] for place in places)
    return WeightedShare(
        count, base, among, share=(1.0 if count == base else min(1.0, share)) if known(share) else WITHHELD,
        error=math.sqrt(weighted.variance(list(places))), df=weighted.df, effective=weighted.effective,
    )
