"""What a test and an estimate hand back, and the few words they have in common."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.special import ndtr, ndtri

from surveybook.survey.estimates.share import Interval

ALTERNATIVES = ("two-sided", "less", "greater")


@dataclass(frozen=True)
class Tested:
    """Result of a test.

    `statistic` is the one the method is named for; `p` its probability under no difference, at least as extreme.
    `method` says in words what was done, `alternative` which side was asked for.
    `mid_p` counts what is just as extreme half (Lancaster 1961, doi 10.1080/01621459.1961.10482105), where exact.
    `standard_error` is the Monte Carlo error of `p` (0 where nothing was drawn). `counted`: p as a fraction of whole
    numbers, where these were counted: 1/20 is not below 5%, whatever its float is. `p` is the float next to it.
    """

    statistic: float
    p: float
    method: str
    alternative: str = "two-sided"
    df: float | None = None
    z: float | None = None
    mid_p: float | None = None
    standard_error: float = 0.0
    counted: Fraction | None = None


@dataclass(frozen=True)
class Estimate:
    """The size of something, `value`, with its interval (None where no method gives one)."""

    value: float
    interval: Interval | None
    standard_error: float | None = None


def check_alternative(alternative: str) -> None:
    """Raise ValueError for a word that names no alternative."""
    choose("alternative", alternative, ALTERNATIVES)


def choose(what: str, word: str, allowed: tuple[str, ...]) -> None:
    """Raise ValueError, with the words allowed, for a `word` that is none of them."""
    if word not in allowed:
        raise ValueError(f"{what} is one of {', '.join(allowed)}, not {word!r}")


def quantile_of(level: float) -> float:
    """The normal quantile of a two-sided interval of this level; ValueError for a level that is none."""
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not at {level}")
    return float(ndtri((1 + level) / 2))


def normal_p(z: float, alternative: str) -> float:
    """The p of a standard normal statistic."""
    return float(normal_ps(z, alternative))


def normal_ps(z: np.ndarray, alternative: str) -> np.ndarray:
    """The p of each of many standard normal statistics."""
    check_alternative(alternative)
    if alternative == "two-sided":
        return np.minimum(1.0, 2 * ndtr(-abs(z)))
    return ndtr(z) if alternative == "less" else ndtr(-z)


def fisher_z(value: float, error: float, quantile: float, level: float, method: str) -> Interval | None:
    """Interval of a correlation-like value on the scale of its inverse hyperbolic tangent (delta method); None for a
    value of -1 or 1, whose error cannot be estimated so."""
    if abs(value) >= 1:
        return None
    low, high = fisher_bounds(value, error, quantile)
    return Interval(float(low), float(high), level, method)


def fisher_bounds(value: np.ndarray, error: np.ndarray, quantile: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bounds of `fisher_z` for many values inside -1 and 1."""
    centre, half = np.arctanh(value), quantile * error / (1 - value * value)
    return np.tanh(centre - half), np.tanh(centre + half)
