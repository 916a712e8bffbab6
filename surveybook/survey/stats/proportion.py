"""What share is it, how far off could it be, and is it the share that was claimed?  One yes/no answer alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq
from scipy.stats import beta, binom, binomtest, chisquare
from statsmodels.stats.proportion import proportion_confint

from surveybook.survey.estimates.share import Interval, Share
from surveybook.survey.stats.result import Estimate, Tested, check_alternative, choose, tails

METHODS = (
    "wilson", "wilson-continuity", "clopper-pearson", "jeffreys", "jeffreys-edge", "agresti-coull", "mid-p", "wald"
)


def share(
    count: int, base: int, level: float = 0.95, method: str = "wilson", alternative: str = "two-sided"
) -> Estimate:
    """`count` of `base` with one of its intervals; one-sided ones for "wilson", "wilson-continuity" and
    "clopper-pearson" alone.

    wilson: as everywhere in this project (`analysis.share`). clopper-pearson: guaranteed level. jeffreys: quantiles
    of Beta(k + 1/2, n - k + 1/2); jeffreys-edge sets the bound of an empty share to 0 and of a full one to 1
    (Brown, Cai and DasGupta 2001, doi 10.1214/ss/1009213286). mid-p: each tail counts the observed count half.
    """
    choose("method", method, METHODS)
    below, above = tails(level, alternative)
    here = Share(count, base, level=level)
    if alternative != "two-sided" or method in ("wilson-continuity", "clopper-pearson"):
        library = {"wilson": "wilson", "wilson-continuity": "wilsoncc", "clopper-pearson": "exact"}.get(method)
        if library is None:
            raise ValueError(f"the {method} interval is two-sided only")
        low, high = binomtest(count, base, alternative=alternative).proportion_ci(level, method=library)
    elif method == "wilson":
        return Estimate(here.value, here.interval)
    elif method == "mid-p":
        low, high = _mid_p(count, base, below)
    elif method in ("jeffreys", "jeffreys-edge"):
        low, high = beta.ppf((below, 1 - above), count + 0.5, base - count + 0.5)
        if method == "jeffreys-edge":
            low, high = (0.0 if count == 0 else low), (1.0 if count == base else high)
    else:
        library = {"agresti-coull": "agresti_coull", "wald": "normal"}[method]
        low, high = proportion_confint(count, base, alpha=1 - level, method=library)
    return Estimate(here.value, Interval(max(0.0, float(low)), min(1.0, float(high)), level, method))


def claimed(
    count: int, base: int, claim: float, alternative: str = "two-sided", two_sided: str = "minlike"
) -> Tested:
    """Exact binomial test that the share is `claim`. `statistic`: the count.

    Two-sided "minlike" adds all counts that are at most as likely (R's binom.test, scipy); "central" is twice the
    smaller tail, in step with the Clopper-Pearson interval.
    """
    Share(count, base)
    check_alternative(alternative)
    choose("two_sided", two_sided, ("minlike", "central"))
    if not 0 <= claim <= 1:
        raise ValueError(f"a claimed share lies between 0 and 1, not at {claim}")
    low, high = (float(binomtest(count, base, claim, alternative=side).pvalue) for side in ("less", "greater"))
    if alternative == "two-sided":
        minlike = float(binomtest(count, base, claim, alternative="two-sided").pvalue)
        p = minlike if two_sided == "minlike" else min(1.0, 2 * min(low, high))
    else:
        p = low if alternative == "less" else high
    rule = f", {two_sided}" if alternative == "two-sided" else ""
    return Tested(float(count), p, f"exact binomial test{rule}", alternative)


def goodness_of_fit(counts: Sequence[int], shares: Sequence[float] | None = None) -> Tested:
    """Chi-squared test that answers have the `shares` given (equal ones where none are); for the exact test of
    equal shares see `analysis.equality`."""
    seen = np.asarray(counts, dtype=float)
    if len(seen) < 2 or (seen < 0).any() or seen.sum() < 1:
        raise ValueError("a test of shares needs two or more counts that are not all zero")
    expected = np.full(len(seen), 1 / len(seen)) if shares is None else np.asarray(shares, dtype=float)
    if expected.shape != seen.shape or (expected <= 0).any():
        raise ValueError("a test of shares needs one positive share for each count")
    found = chisquare(seen, expected / expected.sum() * seen.sum())
    return Tested(float(found.statistic), float(found.pvalue), "chi-squared goodness of fit", df=len(seen) - 1)


def _mid_p(count: int, base: int, error: float) -> tuple[float, float]:
    """Shares at which a tail, with half the observed count, has the probability `error`."""

    def above(share: float) -> float:
        return binom.sf(count, base, share) + binom.pmf(count, base, share) / 2 - error

    def below(share: float) -> float:
        return binom.cdf(count - 1, base, share) + binom.pmf(count, base, share) / 2 - error

    low = 0.0 if count == 0 else brentq(above, 0, 1, xtol=1e-15)
    high = 1.0 if count == base else brentq(below, 0, 1, xtol=1e-15)
    return low, high
