"""Do coders of the same cases agree?  Cohen's kappa and Krippendorff's alpha."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

import numpy as np

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.result import Estimate, choose, quantile_of


def kappa(
    first: Sequence[Hashable], second: Sequence[Hashable], weights: str = "none", level: float = 0.95
) -> Estimate:
    """Cohen's kappa of two coders of the same cases (statsmodels), with its large-sample interval (Fleiss, Cohen and
    Everitt 1969). "linear" and "quadratic" weights are for ordered codes, in their sorted order."""
    from statsmodels.stats.inter_rater import cohens_kappa

    choose("weights", weights, ("none", "linear", "quadratic"))
    if len(first) != len(second):
        raise ValueError(f"coders code the same cases, not {len(first)} and {len(second)}")
    codes = sorted(set(first) | set(second))
    place = {code: number for number, code in enumerate(codes)}
    table = np.zeros((len(codes), len(codes)))
    np.add.at(table, ([place[one] for one in first], [place[one] for one in second]), 1)
    if len(codes) < 2:
        raise ValueError("kappa needs two different codes")
    with np.errstate(invalid="ignore", divide="ignore"):  # where all agree the variance is zero but for rounding
        found = cohens_kappa(table, wt={"none": None}.get(weights, weights))
    value, error = float(found.kappa), math.sqrt(max(0.0, float(found.var_kappa)))
    half = quantile_of(level) * error
    interval = Interval(max(-1.0, value - half), min(1.0, value + half), level, "normal")
    return Estimate(value, interval, error)


def krippendorff(coders: Sequence[Sequence[float | None]], scale: str = "nominal") -> float:
    """Krippendorff's alpha: one row a coder, one column a case, None where it was not coded.

    1 - observed / expected disagreement over the coincidences of codes (Krippendorff 2011); `scale` says what a
    difference of codes weighs: nominal, ordinal, interval or ratio.
    """
    choose("scale", scale, ("nominal", "ordinal", "interval", "ratio"))
    cases = [[one for one in case if one is not None] for case in zip(*coders, strict=True)]
    cases = [case for case in cases if len(case) > 1]
    codes = sorted({one for case in cases for one in case})
    if len(codes) < 2:
        raise ValueError("Krippendorff's alpha needs two different codes in cases that two coders coded")
    together = np.zeros((len(codes), len(codes)))
    for case in cases:
        seen = np.array([case.count(code) for code in codes], dtype=float)
        together += (np.outer(seen, seen) - np.diag(seen)) / (len(case) - 1)
    often = together.sum(axis=1)
    distance = _distance(codes, often, scale)
    expected = np.outer(often, often) - np.diag(often)
    return float(1 - (often.sum() - 1) * (together * distance).sum() / (expected * distance).sum())


def _distance(codes: Sequence[float], often: np.ndarray, scale: str) -> np.ndarray:
    """The squared difference of any two codes on a scale."""
    if scale == "nominal":
        return 1 - np.eye(len(codes))
    if scale == "ordinal":
        place = np.cumsum(often) - often / 2
        return np.subtract.outer(place, place) ** 2
    value = np.asarray(codes, dtype=float)
    gap = np.subtract.outer(value, value)
    if scale == "interval":
        return gap**2
    total = np.add.outer(value, value)
    return np.divide(gap, total, out=np.zeros_like(gap), where=total != 0) ** 2
