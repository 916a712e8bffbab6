"""Do coders of the same cases agree?  Cohen's kappa and Krippendorff's alpha."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from scipy.special import stdtrit

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


Patterns = Mapping[tuple[Hashable, ...], int]
"""What the coders of a case said, in any order and without those who did not code it, and of how many cases."""


def agreed(patterns: Patterns) -> float:
    """How often two coders of the same case say the same, from 0 to 1: the mean over cases that two or more coded."""
    cases = {codes: number for codes, number in patterns.items() if len(codes) > 1}
    same = sum(number * sum(one * (one - 1) for one in Counter(codes).values()) / (len(codes) * (len(codes) - 1))
               for codes, number in cases.items())
    return same / sum(cases.values())


def alpha(patterns: Patterns, level: float = 0.95) -> Estimate:
    """Krippendorff's alpha of codes without an order, as `krippendorff` has it, with its interval.

    The error is that of the jackknife over cases (Fleiss and Davies 1982, for kappa of many coders), the interval that
    of Student's t with one less than the number of cases; None where all coders agree, as nothing tells how rare a
    difference is. Raises ValueError for fewer than two cases or codes.
    """
    quantile_of(level)  # which refuses what is no level
    cases = {codes: number for codes, number in patterns.items() if len(codes) > 1}
    places = {code: place for place, code in enumerate({one for codes in cases for one in codes})}
    n = sum(cases.values())
    if n < 2 or len(places) < 2:
        raise ValueError("alpha needs two cases that two coders coded, and two different codes")
    often = np.zeros((len(cases), len(places)))
    for line, codes in enumerate(cases):
        for one in codes:
            often[line, places[one]] += 1
    number, coders = np.array(list(cases.values()), dtype=float), often.sum(axis=1)
    apart = (coders**2 - (often**2).sum(axis=1)) / (coders - 1)

    def value(apart: np.ndarray, often: np.ndarray) -> np.ndarray:
        total = often.sum(axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):  # one code alone is left
            return 1 - (total - 1) * apart / (total**2 - (often**2).sum(axis=-1))

    all_apart, all_often = number @ apart, number @ often
    found = float(value(all_apart, all_often))
    if all_apart == 0:
        return Estimate(1.0, None)
    left = value(all_apart - apart, all_often - often)
    mean = float(number @ left) / n
    error = math.sqrt((n - 1) / n * float(number @ (left - mean) ** 2))
    if not math.isfinite(error):  # all but one case have one code
        return Estimate(found, None)
    half = float(stdtrit(n - 1, (1 + level) / 2)) * error
    return Estimate(found, Interval(max(-1.0, found - half), min(1.0, found + half), level, "jackknife over cases"),
                    error)
