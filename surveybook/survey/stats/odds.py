"""How much more often does one group say yes?  Odds ratios, risk ratios and risk differences with intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln
from scipy.stats import norm
from scipy.stats.contingency import odds_ratio
from statsmodels.stats.contingency_tables import Table2x2
from statsmodels.stats.proportion import confint_proportions_2indep

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.binary import TWO_SIDED, exact_p
from surveybook.survey.stats.counting import as_table
from surveybook.survey.stats.result import Estimate, choose, tails

Table = Sequence[Sequence[int]]
DIFFERENCES = ("newcombe", "miettinen-nurminen", "mee", "wald", "agresti-caffo")
GRID = 4001  # odds ratios at which a p that jumps is looked at before the place of its crossing is solved


def conditional(
    table: Table, level: float = 0.95, alternative: str = "two-sided", two_sided: str = "central", mid: bool = False
) -> Estimate:
    """Odds ratio given the margins (conditional maximum likelihood), with the interval that inverts Fisher's test.

    `two_sided` is the rule whose test is inverted: "central" is the usual exact interval (scipy); "minlike" and
    "blaker" agree with those p values (Fay 2010, doi 10.32614/RJ-2010-008); `mid` inverts the mid-p. Where a p
    that jumps crosses the level more than once, the interval covers all crossings.
    """
    counts = as_table(table, 2, 2)
    choose("two_sided", two_sided, TWO_SIDED)
    tails(level, alternative)
    if (counts.sum(axis=0) == 0).any() or (counts.sum(axis=1) == 0).any():
        raise ValueError("there is no odds ratio where a row or a column of the table is empty")
    found = odds_ratio(counts, kind="conditional")
    words = "exact" if alternative != "two-sided" else f"exact, {two_sided}"
    if two_sided == "central" or alternative != "two-sided":
        if mid:
            low, high = _smooth(counts, level, alternative)
        else:
            low, high = found.confidence_interval(confidence_level=level, alternative=alternative)
    else:
        low, high = _jumping(counts, level, two_sided, mid)
    interval = Interval(float(low), float(high), level, f"{words}{', mid-p' if mid else ''}")
    return Estimate(float(found.statistic), interval)


def odds(table: Table, level: float = 0.95) -> Estimate:
    """Sample odds ratio with Wald's interval on the log scale.

    Where a count is zero, one half is added to all four (Haldane 1956, Anscombe 1956), not only to the zero.
    """
    counts = as_table(table, 2, 2).astype(float)
    tails(level)
    zero = bool((counts == 0).any())
    table2x2 = Table2x2(counts + 0.5 if zero else counts, shift_zeros=False)
    low, high = table2x2.oddsratio_confint(alpha=1 - level)
    words = "Wald, log scale" + (", one half added to each count" if zero else "")
    return Estimate(float(table2x2.oddsratio), Interval(float(low), float(high), level, words))


def risk_ratio(table: Table, level: float = 0.95) -> Estimate:
    """Share of the first column in the first row over that in the second, with Wald's interval on the log scale."""
    counts = as_table(table, 2, 2)
    tails(level)
    if not counts[:, 0].all():
        raise ValueError("the risk ratio needs somebody who says yes in both groups")
    table2x2 = Table2x2(counts.astype(float), shift_zeros=False)
    low, high = table2x2.riskratio_confint(alpha=1 - level)
    return Estimate(float(table2x2.riskratio), Interval(float(low), float(high), level, "Wald, log scale"))


def difference(
    first: int, first_base: int, second: int, second_base: int, level: float = 0.95, method: str = "newcombe"
) -> Estimate:
    """Share of yes in the first group less that in the second.

    Newcombe 1998 (doi 10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I), Wald and Agresti-Caffo by
    statsmodels. Miettinen and Nurminen 1985 (doi 10.1002/sim.4780040211) and Mee 1984 are our own: statsmodels'
    `score` gives wrong bounds (statsmodels issue 10269).
    """
    tails(level)
    choose("method", method, DIFFERENCES)
    for count, base in ((first, first_base), (second, second_base)):
        if base < 1 or not 0 <= count <= base:
            raise ValueError(f"a share needs a count between 0 and its base, not {count} of {base}")
    seen = first / first_base - second / second_base
    if method in ("miettinen-nurminen", "mee"):
        low, high = _score(first, first_base, second, second_base, level, method == "miettinen-nurminen")
    else:
        library = {"newcombe": "newcomb"}.get(method, method)
        low, high = confint_proportions_2indep(
            first, first_base, second, second_base, method=library, compare="diff", alpha=1 - level, correction=True
        )
    interval = Interval(max(-1.0, float(low)), min(1.0, float(high)), level, method)
    return Estimate(seen, interval)


def _weights(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Possible counts of the first cell, the logarithm of the weight of each, and the place of the one seen."""
    (a, b), (c, d) = counts.tolist()
    support = np.arange(max(0, a - d), min(a + b, a + c) + 1)
    cells = [support, a + b - support, a + c - support, d - a + support]
    return support, -sum(gammaln(cell + 1.0) for cell in cells), int(a - support[0])


def _given(support: np.ndarray, logs: np.ndarray, log_odds: float) -> np.ndarray:
    """Probabilities of the first cell at an odds ratio (Fisher's noncentral hypergeometric distribution)."""
    weight = logs + support * log_odds
    weight = np.exp(weight - weight.max())
    return weight / weight.sum()


def _smooth(counts: np.ndarray, level: float, alternative: str) -> tuple[float, float]:
    """Mid-p bounds: each tail is monotone in the odds ratio and solved alone."""
    support, logs, at = _weights(counts)
    below, above = tails(level, alternative)

    def bound(error: float, side: str, edge: bool, open_end: float) -> float:
        if error == 0 or edge:
            return open_end

        def gap(log_odds: float) -> float:
            return exact_p(_given(support, logs, log_odds), at, side, "central", True) - error

        return math.exp(brentq(gap, -100, 100, xtol=1e-14, rtol=1e-14))

    return (bound(below, "greater", at == 0, 0.0), bound(above, "less", at == len(support) - 1, math.inf))


def _jumping(counts: np.ndarray, level: float, two_sided: str, mid: bool) -> tuple[float, float]:
    """Bounds by minlike or Blaker: the outermost odds ratios whose p exceeds 1 - level."""
    support, logs, at = _weights(counts)
    error = 1 - level

    def kept(log_odds: float) -> bool:
        return exact_p(_given(support, logs, log_odds), at, "two-sided", two_sided, mid) > error

    wide = odds_ratio(counts, kind="conditional").confidence_interval(confidence_level=1 - error / 20)
    first = -40.0 if at == 0 else math.log(wide.low) - 0.1
    last = 40.0 if at == len(support) - 1 else math.log(wide.high) + 0.1
    grid = np.linspace(first, last, GRID)
    inside = np.flatnonzero([kept(one) for one in grid])

    def edge(outer: float, inner: float) -> float:
        while abs(outer - inner) > 1e-12 * max(1.0, abs(inner)):
            middle = (outer + inner) / 2
            outer, inner = (outer, middle) if kept(middle) else (middle, inner)
        return math.exp(inner)

    low = 0.0 if at == 0 else edge(grid[inside[0] - 1], grid[inside[0]])
    high = math.inf if at == len(support) - 1 else edge(grid[inside[-1] + 1], grid[inside[-1]])
    return low, high


def _score(k1: int, n1: int, k2: int, n2: int, level: float, factor: bool) -> tuple[float, float]:
    """Bounds at which the score statistic of the difference reaches the normal quantile.

    Shares under the difference: closed form of the constrained likelihood (Farrington and Manning 1990,
    doi 10.1002/sim.4780091208). `factor`: variance times n / (n - 1), as Miettinen and Nurminen have it.
    """
    p1, p2, ratio = k1 / n1, k2 / n2, n2 / n1
    seen, limit = p1 - p2, norm.ppf((1 + level) / 2)

    def z(gap: float) -> float:
        a, b = 1 + ratio, -(1 + ratio + p1 + ratio * p2 + gap * (ratio + 2))
        c, d = gap * gap + gap * (2 * p1 + ratio + 1) + p1 + ratio * p2, -p1 * gap * (1 + gap)
        v = b**3 / (27 * a**3) - b * c / (6 * a * a) + d / (2 * a)
        u = math.copysign(math.sqrt(max(0.0, b * b / (9 * a * a) - c / (3 * a))), v)
        angle = math.acos(min(1.0, max(-1.0, v / u**3))) if u else 0.0
        under1 = min(1.0, max(0.0, gap, 2 * u * math.cos((math.pi + angle) / 3) - b / (3 * a)))
        under2 = min(1.0, max(0.0, under1 - gap))
        variance = under1 * (1 - under1) / n1 + under2 * (1 - under2) / n2
        if factor:
            variance *= (n1 + n2) / (n1 + n2 - 1)
        off = seen - gap
        return math.copysign(math.inf, off) if variance <= 0 and off else (off / math.sqrt(variance) if off else 0.0)

    edge = 1 - 1e-12
    low = -1.0 if z(-edge) < limit else brentq(lambda gap: min(z(gap), 1e9) - limit, -edge, seen, xtol=1e-14)
    high = 1.0 if z(edge) > -limit else brentq(lambda gap: max(z(gap), -1e9) + limit, seen, edge, xtol=1e-14)
    return low, high
