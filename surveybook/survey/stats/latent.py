"""Which correlation of two hidden, normal traits would give this table?  Polychoric correlation, and the way back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import ndtr, ndtri, owens_t
from statsmodels.tools.numdiff import approx_hess

from surveybook.survey.stats.association import population
from surveybook.survey.stats.counting import as_table, trim
from surveybook.survey.stats.result import Estimate, choose

EDGE = 0.9999  # correlations beyond are not searched


def bivariate_normal(h: np.ndarray, k: np.ndarray, rho: float) -> np.ndarray:
    """P(X <= h, Y <= k) of standard normals, by Owen's T (1956, doi 10.1214/aoms/1177728074).

    scipy's multivariate_normal.cdf draws points at random; this is exact and the same every time.
    """
    h, k = np.broadcast_arrays(np.asarray(h, dtype=float), np.asarray(k, dtype=float))
    # at zero the slopes have no value, only a limit, which this distance gives to all digits
    h, k = (np.where(abs(limit) < 1e-200, 1e-200, limit) for limit in (h, k))
    root = math.sqrt(1 - rho * rho)
    with np.errstate(invalid="ignore", over="ignore"):
        first, second = owens_t(h, (k / h - rho) / root), owens_t(k, (h / k - rho) / root)
    inside = (ndtr(h) + ndtr(k)) / 2 - first - second
    inside = inside - np.where((h < 0) != (k < 0), 0.5, 0.0)  # by signs: a product of tiny limits would be zero
    # where one limit is infinite the other decides alone
    inside = np.where(np.isposinf(h), ndtr(k), np.where(np.isposinf(k), ndtr(h), inside))
    return np.where(np.isneginf(h) | np.isneginf(k), 0.0, inside)


def cells(rho: float, rows: Sequence[float], columns: Sequence[float]) -> np.ndarray:
    """Probability of each cell of a table cut out of a bivariate normal at these thresholds."""
    h, k = (np.concatenate([[-np.inf], np.asarray(cuts, dtype=float), [np.inf]]) for cuts in (rows, columns))
    below = bivariate_normal(h[:, None], k[None, :], rho)
    return np.maximum(0.0, np.diff(np.diff(below, axis=0), axis=1))


@dataclass(frozen=True)
class Copula:
    """A table of two ordered answers cut out of a bivariate normal: probabilities, and their correlation as scores
    1, 2, 3 ... and as tau-b."""

    probabilities: np.ndarray
    pearson: float
    tau_b: float


def copula(rho: float, rows: Sequence[float], columns: Sequence[float]) -> Copula:
    """The table with these shares of each answer and a hidden correlation of `rho`."""
    if not -1 < rho < 1:
        raise ValueError(f"a hidden correlation lies inside -1 and 1, not at {rho}")
    margins = [np.asarray(shares, dtype=float) for shares in (rows, columns)]
    if any((one <= 0).any() or abs(one.sum() - 1) > 1e-9 or len(one) < 2 for one in margins):
        raise ValueError("shares of answers are positive and add up to one")
    table = cells(rho, *(ndtri(np.cumsum(one)[:-1]) for one in margins))
    scores = [np.arange(1.0, len(one) + 1) for one in margins]
    means = [float(score @ one) for score, one in zip(scores, margins, strict=True)]
    left, right = (score - mean for score, mean in zip(scores, means, strict=True))
    spread = [math.sqrt(float(off**2 @ one)) for off, one in zip((left, right), margins, strict=True)]
    covariance = float(left @ table @ right)
    return Copula(table, covariance / (spread[0] * spread[1]), population(table, "tau_b"))


def polychoric(table: Sequence[Sequence[int]], method: str = "two-step") -> Estimate:
    """Polychoric correlation of a table of ordered answers (Olsson 1979, doi 10.1007/BF02296207).

    "two-step": thresholds from the margins, then the correlation by maximum likelihood. "ml": all together, with the
    standard error from the curvature of the likelihood.
    """
    choose("method", method, ("two-step", "ml"))
    counts = trim(as_table(table)).astype(float)
    if min(counts.shape) < 2:
        raise ValueError("association needs two different answers to both questions")
    n, r = counts.sum(), len(counts)
    rows, columns = (ndtri(np.cumsum(counts.sum(axis=axis))[:-1] / n) for axis in (1, 0))

    def loss(rho: float, first: np.ndarray, second: np.ndarray) -> float:
        return -float((counts * np.log(np.maximum(cells(rho, first, second), 1e-300))).sum())

    found = minimize_scalar(
        lambda rho: loss(rho, rows, columns), bounds=(-EDGE, EDGE), method="bounded", options={"xatol": 1e-10}
    )
    if method == "two-step":
        return Estimate(float(found.x), None)

    def whole(parameters: np.ndarray) -> float:
        first, second = parameters[1:r], parameters[r:]
        if abs(parameters[0]) >= EDGE or (np.diff(first) <= 0).any() or (np.diff(second) <= 0).any():
            return 1e10
        return loss(float(parameters[0]), first, second)

    start = np.concatenate([[np.clip(found.x, -0.99, 0.99)], rows, columns])
    best = minimize(whole, start, method="BFGS", options={"gtol": 1e-5}).x
    error = math.sqrt(float(np.linalg.inv(approx_hess(best, whole))[0, 0]))
    return Estimate(float(best[0]), None, error)
