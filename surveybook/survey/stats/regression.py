"""What remains of a relation when others are held equal?  Logistic and proportional-odds regression (statsmodels)."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from statsmodels.miscmodels.ordinal_model import OrderedModel

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.result import normal_p, quantile_of

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
    y, x = _data(outcome, predictors)
    if not set(np.unique(y).tolist()) == {0.0, 1.0}:
        raise ValueError("a logistic model needs an outcome with both 0 and 1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sm.GLM(y, sm.add_constant(x, has_constant="add"), family=sm.families.Binomial())
        found = model.fit(tol=1e-12, maxiter=200)
    if np.abs(found.fittedvalues - y).max() < 1e-6 or found.bse.max() > 1e3:
        raise ValueError("a predictor separates the outcomes, so no odds ratio can be estimated")
    return _coefficients(predictors, found.params[1:], found.bse[1:], level)


def proportional_odds(outcome: Sequence[int], predictors: Predictors, level: float = 0.95) -> dict[str, Coefficient]:
    """Proportional-odds regression of an ordered outcome, as R's MASS polr: P(Y <= k) has the threshold k less the
    predictors, so a positive coefficient means higher answers. By predictor.

    Raises ValueError as `logistic`, for an outcome of fewer than three levels, and where the fit does not converge.
    """
    y, x = _data(outcome, predictors)
    levels, codes = np.unique(y, return_inverse=True)
    if len(levels) < 3:
        raise ValueError("a proportional-odds model needs an outcome with three or more levels; take the logistic one")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = OrderedModel(codes, x, distr="logit").fit(method="bfgs", maxiter=500, gtol=1e-8, disp=False)
    gradient = np.abs(found.model.score(np.asarray(found.params))).max()
    if not np.isfinite(found.llf) or gradient > 1e-2:
        raise ValueError("the model does not converge; there may be too few people for its predictors")
    return _coefficients(predictors, found.params[: x.shape[1]], found.bse[: x.shape[1]], level)


def _data(outcome: Sequence[float], predictors: Predictors) -> tuple[np.ndarray, np.ndarray]:
    """Outcome and predictors as numbers, one row a person, none missing."""
    y = np.asarray(outcome, dtype=float)
    if not predictors:
        raise ValueError("a model needs a predictor")
    if any(len(column) != len(y) for column in predictors.values()):
        raise ValueError("a model needs as many values of each predictor as of the outcome")
    x = np.column_stack([np.asarray(column, dtype=float) for column in predictors.values()])
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise ValueError("a model needs people without missing values; drop the others first and count them")
    if np.linalg.matrix_rank(np.column_stack([np.ones(len(y)), x])) <= x.shape[1]:
        raise ValueError("a predictor of the model is constant or follows from the others")
    return y, x


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
