"""What remains of a relation when others are held equal?  Logistic and proportional-odds regression.

People with the same answers are one row with a weight, so that the work grows with the answers, not with the people.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.result import normal_p, quantile_of

SEPARATED = "a predictor separates the outcomes, so no odds ratio can be estimated"
STEPS = 100  # of Newton's method, which needs five to ten
Predictors = Mapping[str, Sequence[float]]
"""One number a person, by the predictor's name."""


@dataclass(frozen=True)
class Coefficient:
    """One predictor's log odds ratio, with its Wald interval and two-sided p."""

    value: float
    standard_error: float
    p: float
    wald: Interval


def logistic(outcome: Sequence[int], predictors: Predictors, level: float = 0.95) -> dict[str, Coefficient]:
    """Logistic regression of a 0/1 outcome by maximum likelihood, as R's glm. By predictor, without the intercept.

    Raises ValueError where a predictor is constant, follows from the others or is missing, and where one separates the
    outcomes, for then no maximum exists.
    """
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM  # statsmodels.api would load all of statsmodels

    y, x, people = _data(outcome, predictors)
    if not set(np.unique(y).tolist()) == {0.0, 1.0}:
        raise ValueError("a logistic model needs an outcome with both 0 and 1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = GLM(y, np.column_stack([np.ones(len(y)), x]), family=Binomial(), freq_weights=people)
        found = model.fit(tol=1e-12, maxiter=200)
    if np.abs(found.fittedvalues - y).max() < 1e-6 or found.bse.max() > 1e3:
        raise ValueError(SEPARATED)
    return _coefficients(predictors, found.params[1:], found.bse[1:], level)


def proportional_odds(outcome: Sequence[int], predictors: Predictors, level: float = 0.95) -> dict[str, Coefficient]:
    """Proportional-odds regression of an ordered outcome, as R's MASS polr: P(Y <= k) has the threshold k less the
    predictors, so a positive coefficient means higher answers. By predictor.

    Raises ValueError as `logistic`, for an outcome of fewer than three levels, and where the fit does not converge.
    """
    y, x, people = _data(outcome, predictors)
    levels, codes = np.unique(y, return_inverse=True)
    if len(levels) < 3:
        raise ValueError("a proportional-odds model needs an outcome with three or more levels; take the logistic one")
    upto = np.cumsum(np.bincount(codes, people))[:-1] / people.sum()
    found = np.concatenate([np.log(upto / (1 - upto)), np.zeros(x.shape[1])])  # thresholds, then coefficients
    likely, slope, bend = _proportional(found, codes, x, people)
    for _ in range(STEPS):
        try:
            step = np.linalg.solve(bend, slope)
        except np.linalg.LinAlgError:
            raise ValueError(SEPARATED) from None
        while not (after := _proportional(found - step, codes, x, people))[0] >= likely - 1e-9 * abs(likely):
            step = step / 2
            if not np.abs(step).max() > 1e-12:
                raise ValueError("the model does not converge; there may be too few people for its predictors")
        found, (likely, slope, bend) = found - step, after
        if np.abs(step).max() < 1e-10:
            break
    with np.errstate(invalid="ignore"):
        errors = np.sqrt(np.diag(np.linalg.pinv(-bend)))[len(upto) :]
    if not np.isfinite(errors).all() or errors.max() > 1e3 or np.abs(found).max() > 30:
        raise ValueError(SEPARATED)
    return _coefficients(predictors, found[len(upto) :], errors, level)


def _proportional(
    found: np.ndarray, codes: np.ndarray, x: np.ndarray, people: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Log likelihood of a proportional-odds model, its gradient and its matrix of second derivatives (McCullagh 1980);
    minus infinity where the thresholds do not rise."""
    count = len(found) - x.shape[1]
    ends = np.concatenate([[-np.inf], found[:count], [np.inf]])
    latent = x @ found[count:]
    sides, rows = [], []
    for place in (codes + 1, codes):  # above and below each answer
        at = expit(ends[place] - latent)
        sides.append((at, at * (1 - at)))
        rows.append(np.hstack([np.equal.outer(place - 1, np.arange(count)), -x]))
    (upper, high), (lower, low) = sides
    chance = upper - lower
    if not (chance > 0).all():
        return -np.inf, np.zeros(len(found)), -np.eye(len(found))
    first = (high[:, None] * rows[0] - low[:, None] * rows[1]) / chance[:, None]
    seconds = (people * high * (1 - 2 * upper) / chance, people * low * (1 - 2 * lower) / chance)
    bend = rows[0].T @ (seconds[0][:, None] * rows[0]) - rows[1].T @ (seconds[1][:, None] * rows[1])
    bend -= first.T @ (people[:, None] * first)
    return float(people @ np.log(chance)), people @ first, bend


def _data(outcome: Sequence[float], predictors: Predictors) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outcome and predictors as numbers, none missing, one row for all people with the same ones, and how many these
    are."""
    y = np.asarray(outcome, dtype=float)
    if not predictors:
        raise ValueError("a model needs a predictor")
    if any(len(column) != len(y) for column in predictors.values()):
        raise ValueError("a model needs as many values of each predictor as of the outcome")
    x = np.column_stack([np.asarray(column, dtype=float) for column in predictors.values()])
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise ValueError("a model needs people without missing values; drop the others first and count them")
    columns, key = [], np.zeros(len(y), np.int64)
    for column in (y, *x.T):
        values, place = np.unique(column, return_inverse=True)
        columns.append(values)
        key = key * len(values) + place
    keys, people = np.unique(key, return_counts=True)
    rows = np.unravel_index(keys, [len(values) for values in columns])
    y, *others = (values[row] for values, row in zip(columns, rows, strict=True))
    x = np.column_stack(others)
    if np.linalg.matrix_rank(np.column_stack([np.ones(len(y)), x])) <= x.shape[1]:
        raise ValueError("a predictor of the model is constant or follows from the others")
    return y, x, people.astype(float)


def _coefficients(
    names: Predictors, values: Sequence[float], errors: Sequence[float], level: float
) -> dict[str, Coefficient]:
    quantile = quantile_of(level)
    return {
        name: Coefficient(
            float(value), float(error), normal_p(float(value / error), "two-sided"),
            Interval(float(value - quantile * error), float(value + quantile * error), level, "Wald"),
        )
        for name, value, error in zip(names, values, errors, strict=True)
    }
