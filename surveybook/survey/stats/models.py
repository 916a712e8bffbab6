"""What remains of a relation when others are held equal?  Logistic, proportional-odds and count regression.

statsmodels fits; what is ours is the profile interval, and the parameters in the form that is published.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from scipy.optimize import brentq
from scipy.stats import chi2, norm
from statsmodels.miscmodels.ordinal_model import OrderedModel

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.result import normal_p, tails

Predictors = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Coefficient:
    """One predictor's coefficient on the scale of the model (log odds, log rate), with its Wald interval and p."""

    name: str
    value: float
    standard_error: float
    p: float
    wald: Interval

    @property
    def ratio(self) -> float:
        """Odds ratio or rate ratio."""
        return float(np.exp(self.value))


@dataclass(frozen=True)
class Model:
    """A fitted model: `coefficients` (the intercept first, where it has one), log likelihoods of it and of the model
    without predictors, `p` of the likelihood ratio of both, and what else the kind of model estimates."""

    coefficients: tuple[Coefficient, ...]
    log_likelihood: float
    null_log_likelihood: float
    df: int
    n: int
    method: str
    thresholds: tuple[float, ...] = ()
    dispersion: float | None = None

    @property
    def p(self) -> float:
        """p of the likelihood ratio against the model without predictors."""
        return float(chi2.sf(max(0.0, 2 * (self.log_likelihood - self.null_log_likelihood)), self.df))

    def __getitem__(self, name: str) -> Coefficient:
        return next(one for one in self.coefficients if one.name == name)


def logistic(outcome: Sequence[int], predictors: Predictors, level: float = 0.95) -> Model:
    """Logistic regression of a 0/1 outcome by maximum likelihood, as R's glm.

    Raises ValueError where a predictor separates the outcomes, for then no maximum exists.
    """
    y, x = _data(outcome, predictors)
    if not set(np.unique(y).tolist()) == {0.0, 1.0}:
        raise ValueError("a logistic model needs an outcome with both 0 and 1")
    found = _binomial(y, sm.add_constant(x, has_constant="add"), None)
    null = _binomial(y, np.ones((len(y), 1)), None)
    table = _coefficients(("(intercept)", *predictors), found.params, found.bse, level)
    return Model(table, float(found.llf), float(null.llf), x.shape[1], len(y), "logistic regression")


def profile(outcome: Sequence[int], predictors: Predictors, name: str, level: float = 0.95) -> Interval:
    """Interval of one predictor's log odds in `logistic` where the likelihood, all else refitted, falls to the bound
    (as R's MASS confint, without its interpolation)."""
    y, x = _data(outcome, predictors)
    column = list(predictors).index(name)
    full = sm.add_constant(x, has_constant="add")
    others = np.delete(full, column + 1, axis=1)
    best = _binomial(y, full, None)
    tails(level)
    limit = float(chi2.ppf(level, 1))

    def fall(value: float) -> float:
        return 2 * (float(best.llf) - float(_binomial(y, others, x[:, column] * value).llf)) - limit

    return _profiled(fall, float(best.params[column + 1]), float(best.bse[column + 1]), level)


def proportional_odds(
    outcome: Sequence[int], predictors: Predictors, link: str = "logit", level: float = 0.95
) -> Model:
    """Proportional-odds (or probit) regression of an ordered outcome, as R's MASS polr: P(Y <= k) has the threshold
    k less the predictors, so a positive coefficient means higher answers."""
    y, x = _data(outcome, predictors)
    levels, codes = np.unique(y, return_inverse=True)
    if len(levels) < 3:
        raise ValueError("a proportional-odds model needs an outcome with three or more levels; take the logistic one")
    model = OrderedModel(codes, x, distr=link)
    found = _converged(lambda: model.fit(method="bfgs", maxiter=500, gtol=1e-8, disp=False))
    size = x.shape[1]
    counts = np.bincount(codes)
    null = float((counts * np.log(counts / len(y))).sum())
    table = _coefficients(tuple(predictors), found.params[:size], found.bse[:size], level)
    thresholds = tuple(float(one) for one in model.transform_threshold_params(np.asarray(found.params))[1:-1])
    words = f"proportional odds, {link}"
    return Model(table, float(found.llf), null, size, len(y), words, thresholds)


def negative_binomial(outcome: Sequence[int], predictors: Predictors, level: float = 0.95) -> Model:
    """Regression of counts with NB2 variance, mu + alpha mu^2, by maximum likelihood. `dispersion`: alpha, which is
    1 / theta of R's MASS glm.nb; standard errors take alpha as estimated (those of glm.nb take it as known)."""
    y, x = _counts(outcome, predictors)
    full = sm.add_constant(x, has_constant="add")

    def fit(matrix: np.ndarray):
        model = sm.NegativeBinomial(y, matrix, loglike_method="nb2")
        return _converged(lambda: model.fit(method="bfgs", maxiter=1000, gtol=1e-8, disp=False))

    found, null = fit(full), fit(np.ones((len(y), 1)))
    table = _coefficients(("(intercept)", *predictors), found.params[:-1], found.bse[:-1], level)
    alpha = float(found.params[-1])
    return Model(table, float(found.llf), float(null.llf), x.shape[1], len(y), "negative binomial", dispersion=alpha)


def poisson(outcome: Sequence[int], predictors: Predictors, level: float = 0.95, quasi: bool = False) -> Model:
    """Poisson regression of counts. `dispersion`: Pearson's chi-squared over its degrees of freedom; well above one
    says that p is too small, and `quasi` widens standard errors by its root."""
    y, x = _counts(outcome, predictors)
    full = sm.add_constant(x, has_constant="add")
    found = sm.GLM(y, full, family=sm.families.Poisson()).fit(tol=1e-12, maxiter=200)
    null = sm.GLM(y, np.ones((len(y), 1)), family=sm.families.Poisson()).fit(tol=1e-12, maxiter=200)
    spread = float(found.pearson_chi2 / found.df_resid)
    errors = found.bse * (np.sqrt(spread) if quasi else 1)
    table = _coefficients(("(intercept)", *predictors), found.params, errors, level)
    words = "quasi-Poisson" if quasi else "Poisson"
    return Model(table, float(found.llf), float(null.llf), x.shape[1], len(y), words, dispersion=spread)


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


def _counts(outcome: Sequence[int], predictors: Predictors) -> tuple[np.ndarray, np.ndarray]:
    y, x = _data(outcome, predictors)
    if (y < 0).any() or (y != np.floor(y)).any() or not y.any():
        raise ValueError("a count model needs whole counts that are not all zero")
    return y, x


def _binomial(y: np.ndarray, x: np.ndarray, offset: np.ndarray | None):
    """A logistic fit to full precision; ValueError where a maximum does not exist."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = sm.GLM(y, x, family=sm.families.Binomial(), offset=offset)
        found = model.fit(tol=1e-12, maxiter=200)
    if offset is None and (np.abs(found.fittedvalues - y).max() < 1e-6 or found.bse.max() > 1e3):
        raise ValueError("a predictor separates the outcomes, so no odds ratio can be estimated")
    return found


def _converged(fit: Callable):
    """The result of a fit; ValueError where it did not converge."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = fit()
    gradient = np.abs(found.model.score(np.asarray(found.params))).max()
    if not np.isfinite(found.llf) or gradient > 1e-2:
        raise ValueError("the model does not converge; there may be too few people for its predictors")
    return found


def _coefficients(names: Sequence[str], values: Sequence[float], errors: Sequence[float], level: float):
    tails(level)
    quantile = float(norm.ppf((1 + level) / 2))
    return tuple(
        Coefficient(
            name, float(value), float(error), normal_p(float(value / error), "two-sided"),
            Interval(float(value - quantile * error), float(value + quantile * error), level, "Wald"),
        )
        for name, value, error in zip(names, values, errors, strict=True)
    )


def _profiled(fall: Callable[[float], float], centre: float, error: float, level: float) -> Interval:
    """Where the fall of the likelihood crosses zero on either side of the estimate."""
    bounds = []
    for sign in (-1, 1):
        far = 2.0
        while fall(centre + sign * far * error) < 0:
            far *= 1.5
            if far > 200:
                raise ValueError("the likelihood never falls far enough, so the profile interval has no end")
        bounds.append(brentq(fall, *sorted((centre, centre + sign * far * error)), xtol=1e-10))
    return Interval(bounds[0], bounds[1], level, "profile likelihood")
