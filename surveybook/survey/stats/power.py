"""Which effect would so many people have shown?  Smallest detectable effects by formula.

These are approximations for planning; what the survey itself can show is simulated, test by test.
"""

from __future__ import annotations

import math

from scipy.optimize import brentq
from scipy.stats import chi2, ncx2, norm, t
from statsmodels.stats.power import NormalIndPower


def cohen_h(n1: int, n2: int, power: float = 0.8, alpha: float = 0.05) -> float:
    """Smallest difference of two shares on Cohen's arcsine scale (statsmodels; R's pwr.2p2n.test), two-sided."""
    _check(power, alpha, n1, n2)
    found = NormalIndPower().solve_power(
        nobs1=n1, ratio=n2 / n1, alpha=alpha, power=power, alternative="two-sided", effect_size=None
    )
    return abs(float(found))


def second_share(first: float, per_group: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """The share above `first` that groups of this size would tell from it (R's power.prop.test), two-sided."""
    _check(power, alpha, per_group)
    if not 0 <= first < 1:
        raise ValueError(f"a share lies between 0 and 1, not at {first}")

    def gap(second: float) -> float:
        pooled = math.sqrt((first + second) * (1 - (first + second) / 2))
        spread = math.sqrt(first * (1 - first) + second * (1 - second))
        reach = math.sqrt(per_group) * (second - first) - float(norm.isf(alpha / 2)) * pooled
        return float(norm.cdf(reach / spread)) - power

    if gap(1 - 1e-12) < 0:
        raise ValueError("groups of this size cannot tell any share from that one")
    return brentq(gap, first + 1e-12, 1 - 1e-12, xtol=1e-12)


def correlation(n: int, power: float = 0.8, alpha: float = 0.05) -> float:
    """Smallest Pearson correlation (R's pwr.r.test: Fisher's z with the bias term), two-sided."""
    _check(power, alpha, n - 3)
    limit = float(t.isf(alpha / 2, n - 2))
    critical = math.atanh(math.sqrt(limit**2 / (limit**2 + n - 2)))

    def gap(r: float) -> float:
        centre, scale = math.atanh(r) + r / (2 * (n - 1)), math.sqrt(n - 3)
        return float(norm.cdf((centre - critical) * scale) + norm.cdf((-centre - critical) * scale)) - power

    return brentq(gap, 1e-10, 1 - 1e-10, xtol=1e-12)


def cohen_w(n: int, df: int, power: float = 0.8, alpha: float = 0.05) -> float:
    """Smallest effect of a chi-squared test (R's pwr.chisq.test)."""
    _check(power, alpha, n, df)
    limit = float(chi2.isf(alpha, df))
    return brentq(lambda w: float(ncx2.sf(limit, df, n * w * w)) - power, 1e-6, 50, xtol=1e-12)


def unseen(n: int, confidence: float = 0.95) -> float:
    """The largest share that may be behind nobody of n (one-sided exact bound), and the share of which somebody of n
    is seen with this probability."""
    _check(confidence, 0.5, n)
    return 1 - (1 - confidence) ** (1 / n)


def _check(power: float, alpha: float, *sizes: float) -> None:
    if not 0 < alpha < 1 or not 0 < power < 1:
        raise ValueError(f"power and error lie between 0 and 1, not at {power} and {alpha}")
    if min(sizes) <= 0:
        raise ValueError("there are too few people for this test")
