"""How far off could the shares of all answers to a one-pick question be, all at once?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import chi2
from statsmodels.stats.proportion import multinomial_proportions_confint

from surveybook.survey.estimates.share import Interval, Share
from surveybook.survey.stats.result import Estimate, choose, tails

METHODS = ("goodman", "sison-glaz", "quesenberry-hurst", "bonferroni")


def shares(counts: Sequence[int], level: float = 0.95, method: str = "goodman") -> tuple[Estimate, ...]:
    """The share of each answer, with intervals that hold for all together at the `level`.

    goodman (1965, Technometrics 7, 247-254), for counts of five and more; sison-glaz (1995,
    doi 10.1080/01621459.1995.10476521), narrower; both by statsmodels. quesenberry-hurst (1964, Technometrics 6,
    191-195): Goodman's form with chi-squared of k - 1 degrees of freedom.
    bonferroni: Clopper-Pearson, guaranteed for any counts (`analysis.share`).
    """
    choose("method", method, METHODS)
    tails(level)
    seen = np.asarray(counts, dtype=float)
    base = int(seen.sum())
    if len(seen) < 2 or (seen < 0).any() or base < 1:
        raise ValueError("shares need two or more counts that are not all zero")
    if method == "bonferroni":
        return tuple(Estimate(int(one) / base, Share(int(one), base, len(seen), level).interval) for one in seen)
    if method == "quesenberry-hurst":
        quantile = float(chi2.ppf(level, len(seen) - 1))
        half = np.sqrt(quantile * (quantile + 4 * seen * (base - seen) / base))
        bounds = np.column_stack([quantile + 2 * seen - half, quantile + 2 * seen + half]) / (2 * (quantile + base))
    else:
        bounds = np.asarray(multinomial_proportions_confint(seen, alpha=1 - level, method=method))
    bounds = np.clip(bounds, 0.0, 1.0).tolist()
    return tuple(
        Estimate(float(one) / base, Interval(low, high, level, f"{method}, all at once"))
        for one, (low, high) in zip(seen, bounds, strict=True)
    )
