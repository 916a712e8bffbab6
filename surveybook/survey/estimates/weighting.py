"""What share has a population whose people had unequal chances to be asked, or were asked together, and how far off?

Weighted shares with their covariance by Taylor linearization, as if clusters were drawn with replacement within their
strata, or without, where the size of the population is known (Binder 1983, doi 10.2307/1402588; Lumley 2004,
doi 10.18637/jss.v009.i08, whose R package “survey” gives the same numbers). After raking, influences are residuals of
the margins (Deville and Särndal 1992, doi 10.1080/01621459.1992.10475217), as its `calibrate(calfun = "raking")` has
them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256

import numpy as np

from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import WITHHELD

STEPS = (0.01, 0.02, 0.05)  # of shares that must not be told exactly
EFFECT = 0.5  # the step of their design effects
ROUNDS, CLOSE = 1000, 1e-12  # of raking, and how far a margin may be off


class Unweighted(DataError):
    """Something that would treat people alike in a study that declares that they are not."""


def knows_no_weights(what: str) -> Unweighted:
    """The one refusal of all that would treat people alike in a study that declares that they are not."""
    return Unweighted(f"{what} knows no weights, strata or clusters, and would be wrong for a study that declares them "
                     "under “sampling”; leave it out")


@dataclass(frozen=True)
class Weighted:
    """Weighted shares of some answers, in their order, with their covariance.

    `df`: clusters less strata, of those who answered; `n` people answered, worth as much as `effective` ones whose
    weights are equal (Kish 1965: the square of the sum of the weights, over the sum of their squares). `step`: of which
    the shares are multiples, where exact ones must not be told.
    """

    shares: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]
    df: int
    n: int
    effective: float
    step: float = 0.0

    def variance(self, places: Sequence[int]) -> float:
        """That of several answers taken together."""
        return max(0.0, sum(self.covariance[one][other] for one in places for other in places))


@dataclass(frozen=True, eq=False)
class Sampling:
    """How people came into the sample, one entry each: `weights`; the numbers, from 0 on, of their `strata` and
    `clusters` (each person's own number where none are declared). `margins`: the numbers of their answers to the
    questions that weights were raked to, `before`, the weights before that, and `untrimmed`, those after it, where the
    largest were trimmed then. `population`: how many clusters each stratum has in the population, one entry each
    stratum, where that is known. `words`: the same in a clause."""

    weights: np.ndarray
    strata: np.ndarray
    clusters: np.ndarray
    margins: tuple[np.ndarray, ...] = ()
    before: np.ndarray | None = None
    words: str = field(default="")
    untrimmed: np.ndarray | None = None
    population: np.ndarray | None = None

    def estimate(self, chosen: np.ndarray, base: np.ndarray) -> Weighted:
        """The share of each column of `chosen` (people x answers, truth values) among those of `base`."""
        own = np.where(base, self.weights, 0.0)
        total = own.sum()
        if not total:
            width = chosen.shape[1]
            return Weighted((0.0,) * width, ((0.0,) * width,) * width, 0, 0, 0.0)
        shares = own @ chosen / total
        covariance = self._covariance((chosen - shares) * (own / total)[:, None])
        df = len(np.unique(self.clusters[base])) - len(np.unique(self.strata[base]))
        return Weighted(tuple(shares.tolist()), tuple(map(tuple, covariance.tolist())), df, int(base.sum()),
                        effective(self.weights[base]))

    def coarsen(self, found: Weighted, least: int) -> Weighted:
        """The same without what would tell how few people of some weight gave an answer, where counts below `least`
        are withheld.

        An exact weighted share, beside its count, tells how many of those who gave the answer have which weight. So
        shares are multiples of what they would change by if so many people had the smallest weight in place of the
        largest, and withheld where that is too much. One design effect, the largest of the answers, rounded up, gives
        the intervals of all of them.
        """
        reach = self.reach(found.n, least)
        step = next((one for one in STEPS if one >= reach), WITHHELD) if reach else 0.0

        def told(share: float) -> float:
            inside = 0 < share < 1  # what is not all or nothing does not look like it
            return min(max(round(share / step) * step, step), 1 - step) if step and inside else share

        shares = tuple(map(told, found.shares)) if step == step else (WITHHELD,) * len(found.shares)
        effects = [found.covariance[place][place] * (found.n - 1) / (one * (1 - one))
                   for place, one in enumerate(found.shares) if 0 < one < 1]
        scale = math.ceil(max(effects, default=1.0) / EFFECT) * EFFECT / max(1, found.n - 1)
        covariance = tuple(
            tuple(scale * (one * (1 - one) if row == column else -one * other) for column, other in enumerate(shares))
            for row, one in enumerate(shares))
        worth = effective(self.weights) * found.n / len(self.weights)
        return replace(found, shares=shares, covariance=covariance, effective=float(round(worth)), step=step)

    def reach(self, n: int, least: int) -> float:
        """By how much a share of n people changes if `least` of them have the smallest weight and not the largest."""
        return least * float(np.ptp(self.weights)) / (float(self.weights.mean()) * n) if n else 0.0

    def _covariance(self, influence: np.ndarray) -> np.ndarray:
        """That of totals, of the weighted influence of each person (a row) on them.

        A cluster that is alone in its stratum counts by how far it is from the mean of all (`survey.lonely.psu =
        "adjust"` in R), unless the population has no other one there.
        """
        if self.margins:
            raked = (self.weights if self.untrimmed is None else self.untrimmed)[:, None]
            of_one = influence / raked
            influence = raked * (of_one - self._dummies @ (self._projection @ of_one))
        clusters, strata = len(self._stratum), int(self._stratum.max()) + 1
        totals = np.stack([np.bincount(self.clusters, one, clusters) for one in influence.T], axis=1)
        number = np.bincount(self._stratum, minlength=strata)
        mean = np.stack([np.bincount(self._stratum, one, strata) for one in totals.T], axis=1) / number[:, None]
        mean[number == 1] = 0.0  # that of all, as influences add up to nothing
        scale = number / np.maximum(1, number - 1) * (1.0 if self.population is None else 1 - number / self.population)
        off = (totals - mean[self._stratum]) * np.sqrt(scale)[self._stratum, None]
        return off.T @ off

    @property
    def is_weighted(self) -> bool:
        """Whether people have different weights."""
        return bool(np.ptp(self.weights))

    @property
    def key(self) -> str:
        """What it is known by: a hash of all that estimates follow from."""
        arrays = [self.weights, self.strata, self.clusters, *self.margins, self.before, self.untrimmed, self.population]
        return sha256(b"".join(np.ascontiguousarray(one).tobytes() for one in arrays if one is not None)).hexdigest()

    @cached_property
    def _stratum(self) -> np.ndarray:
        """The stratum of each cluster."""
        found = np.zeros(int(self.clusters.max()) + 1, int)
        found[self.clusters] = self.strata
        return found

    @cached_property
    def _dummies(self) -> np.ndarray:
        """A column for each answer of each margin."""
        return np.concatenate([np.eye(int(one.max()) + 1)[one] for one in self.margins], axis=1)

    @cached_property
    def _projection(self) -> np.ndarray:
        """What gives the coefficients of a regression on the margins, by the weights before raking."""
        weighted = self._dummies.T * self.before
        return np.linalg.pinv(weighted @ self._dummies) @ weighted


def effective(weights: np.ndarray) -> float:
    """How many people with equal weights these are worth (Kish 1965)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def stack(first: Sampling, second: Sampling) -> Sampling:
    """Two samples that were drawn apart as one, in which each has as much weight as it has people."""
    return Sampling(np.concatenate([one.weights / one.weights.mean() for one in (first, second)]),
                    np.concatenate([first.strata, second.strata + first.strata.max() + 1]),
                    np.concatenate([first.clusters, second.clusters + first.clusters.max() + 1]))


def rake(weights: np.ndarray, margins: Sequence[np.ndarray], targets: Sequence[np.ndarray]) -> np.ndarray:
    """Weights with the same sum whose shares of the answers of each margin are its `targets` (Deming and Stephan 1940,
    doi 10.1214/aoms/1177731829). Raises ValueError where no weights have all of them."""
    total, raked = weights.sum(), weights.astype(float)
    for _ in range(ROUNDS):
        for margin, target in zip(margins, targets, strict=True):
            now = np.bincount(margin, raked, len(target))
            raked = raked * np.divide(target * total, now, out=np.zeros(len(target)), where=now > 0)[margin]
        if all(abs(np.bincount(margin, raked, len(target)) / total - target).max() < CLOSE
               for margin, target in zip(margins, targets, strict=True)):
            return raked
    raise ValueError("no weights give all of these shares at once")


def trim(weights: np.ndarray, limit: float) -> np.ndarray:
    """Weights with the same sum of which none is above `limit` (more than 1) times their mean: what is above it goes to
    all others in equal parts, until none is (`trimWeights(strict = TRUE)` of R's package “survey”)."""
    largest = limit * weights.mean()
    while (above := weights > largest * (1 + CLOSE)).any():
        excess = (weights[above] - largest).sum()
        weights = np.where(above, largest, weights + excess / (~above).sum())
    return weights


def targets_of(shares: Mapping[str, float], answers: Sequence[str]) -> np.ndarray:
    """The targets of a margin in the order of its answers."""
    return np.array([shares[answer] for answer in answers], dtype=float)
