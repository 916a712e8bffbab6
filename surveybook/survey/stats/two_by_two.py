"""Do two yes/no answers go together, and how much more often does one group say yes?  Tables of 2 x 2 counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from math import comb

import numpy as np
from scipy.special import chdtrc

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.contingency import as_table
from surveybook.survey.stats.result import Estimate, Tested, check_alternative, choose, quantile_of

ONE_IN = 10**7
SAME = 1 + 1 / ONE_IN  # tables whose probabilities differ by less are equally likely (as R's fisher.test has it)
COUNTED = 1000  # people whose tables are weighed by whole numbers
RANKED = 100_000  # tables that Boschloo's test may rank: 630 people in two groups of the same size, about a second
Table = Sequence[Sequence[int]]


def fisher(table: Table, alternative: str = "two-sided", mid: bool = False) -> Tested:
    """Fisher's exact test of no relation, given the margins (R's fisher.test).

    `statistic`: the count in the first cell. "greater" means odds above one. Two-sided p counts all tables that are at
    most as likely as the one seen. `mid` makes the mid-p, which counts those just as extreme half, the `p`.
    """
    check_alternative(alternative)
    ((a, b), (c, d)) = as_table(table, 2, 2)
    weight, at = _weights(a + b, c + d, a + c), a - max(0, a - d)
    exact = weight.dtype == object
    if alternative == "two-sided":
        near = weight[at] // ONE_IN if exact else weight[at] / ONE_IN
        extreme = weight <= weight[at] + near
        beyond, tied = weight[extreme].sum(), weight[extreme & (weight >= weight[at] - near)].sum()
    else:
        beyond, tied = (weight[: at + 1] if alternative == "less" else weight[at:]).sum(), weight[at]
    whole = weight.sum()
    counted = Fraction(2 * beyond - tied if mid else 2 * beyond, 2 * whole) if exact else None
    p, mid_p = float(min(1, beyond / whole)), float(min(1, (2 * beyond - tied) / (2 * whole)))
    rule = ", minlike" if alternative == "two-sided" else ""
    words = f"Fisher's exact test{rule}{', mid-p' if mid else ''}"
    return Tested(float(a), mid_p if mid else p, words, alternative, mid_p=mid_p, counted=counted)


def _weights(first: int, second: int, yes: int) -> np.ndarray:
    """How likely each count in the first cell is, from the smallest possible one on, up to a factor: in whole numbers
    for up to COUNTED people, else with the largest one as 1."""
    low = max(0, yes - second)
    cells = np.arange(low, min(first, yes) + 1)
    if first + second <= COUNTED:
        return np.array([comb(first, one) * comb(second, yes - one) for one in cells.tolist()], dtype=object)
    before = cells[:-1].astype(float)
    steps = np.log(first - before) + np.log(yes - before) - np.log(before + 1) - np.log(second - yes + before + 1)
    mode = min((first + 1) * (yes + 1) // (first + second + 2) - low, len(steps))  # from there, as errors add up
    left, right = -np.cumsum(steps[:mode][::-1])[::-1], np.cumsum(steps[mode:])
    return np.exp(np.concatenate([left, [0.0], right]))


def boschloo(table: Table, alternative: str = "two-sided") -> Tested:
    """Boschloo's unconditional exact test that two groups, the rows, say yes equally often: Fisher's p as statistic
    (1970, doi 10.1111/j.1467-9574.1970.tb00104.x). One-sided by scipy; two-sided tables are ranked by Fisher's
    two-sided p, as R's Exact does (scipy has nothing like it).

    `statistic`: Fisher's p. Raises ValueError where a group is empty, or where more than RANKED tables have groups of
    these sizes: the work grows with the square of n, and with that many people Fisher's test is close to it.
    """
    from scipy.optimize import minimize_scalar
    from scipy.stats import binom, boschloo_exact, hypergeom

    check_alternative(alternative)
    columns = as_table(table, 2, 2).T  # as scipy has its groups; odds ratios stay the same
    if (columns.sum(axis=0) == 0).any():
        raise ValueError("an unconditional test needs two groups, but one of them is empty")
    possible = math.prod(int(group) + 1 for group in columns.sum(axis=0))
    if possible > RANKED:
        raise ValueError(f"Boschloo's test ranks at most {RANKED:,} tables, but these groups have {possible:,}")
    words = "Boschloo's exact test, rows fixed"
    if alternative != "two-sided":
        found = boschloo_exact(columns, alternative=alternative, n=32)
        return Tested(float(found.statistic), float(found.pvalue), words, alternative)
    first, second = columns.sum(axis=0)
    rank = np.ones((first + 1, second + 1))
    for total in range(first + second + 1):
        yes = np.arange(max(0, total - second), min(first, total) + 1)
        weight = hypergeom.pmf(yes, first + second, first, total)
        rank[yes, total - yes] = [weight[weight <= one * SAME].sum() for one in weight]
    seen = float(rank[columns[0, 0], columns[0, 1]])
    extreme = rank <= seen * SAME

    def chance(share: float) -> float:
        return float(binom.pmf(np.arange(first + 1), first, share) @ extreme
                     @ binom.pmf(np.arange(second + 1), second, share))

    grid = np.linspace(0, 1, 1001)
    best = int(np.argmax([chance(share) for share in grid]))
    around = (grid[max(best - 1, 0)], grid[min(best + 1, 1000)])
    refined = minimize_scalar(lambda share: -chance(share), bounds=around, method="bounded", options={"xatol": 1e-10})
    p = min(1.0, max(chance(grid[best]), -float(refined.fun)))
    return Tested(seen, p, f"{words}, ranked by Fisher's two-sided p", alternative)


def chi_squared(table: Table, correction: str = "n-1") -> Tested:
    """Pearson's chi-squared test of a 2 x 2 table (scipy), two-sided.

    `correction`: "n-1", the statistic times (n - 1) / n (Campbell 2007, doi 10.1002/sim.2832), or "none". Raises
    ValueError where a row or a column is empty.
    """
    from scipy.stats import chi2_contingency

    counts = as_table(table, 2, 2)
    choose("correction", correction, ("none", "n-1"))
    if (counts.sum(axis=0) == 0).any() or (counts.sum(axis=1) == 0).any():
        raise ValueError("chi-squared needs both answers of both questions, but a row or a column is empty")
    found = chi2_contingency(counts, correction=False)
    statistic, p, words = float(found.statistic), float(found.pvalue), "no correction"
    if correction == "n-1":
        statistic *= 1 - 1 / int(counts.sum())
        p, words = float(chdtrc(1, statistic)), "factor (n - 1) / n"
    return Tested(statistic, p, f"chi-squared test, {words}", df=1)


def odds_ratio(table: Table, level: float = 0.95) -> Estimate:
    """Sample odds ratio with Wald's interval on the log scale (statsmodels).

    Where a count is zero, one half is added to all four (Haldane 1956, Anscombe 1956), not only to the zero.
    """
    from statsmodels.stats.contingency_tables import Table2x2

    counts = as_table(table, 2, 2).astype(float)
    quantile_of(level)
    zero = bool((counts == 0).any())
    table2x2 = Table2x2(counts + 0.5 if zero else counts, shift_zeros=False)
    low, high = table2x2.oddsratio_confint(alpha=1 - level)
    words = "Wald, log scale" + (", one half added to each count" if zero else "")
    return Estimate(float(table2x2.oddsratio), Interval(float(low), float(high), level, words))


def difference(
    first: int, first_base: int, second: int, second_base: int, level: float = 0.95, method: str = "newcombe"
) -> Estimate:
    """Share of yes in the first group less that in the second, with its interval (statsmodels).

    "newcombe": from both Wilson intervals (1998).
    "agresti-caffo": Wald's after one yes and one no more in each group (2000).
    Raises ValueError for a base below one, or a count outside it.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    quantile_of(level)
    choose("method", method, ("newcombe", "agresti-caffo"))
    for count, base in ((first, first_base), (second, second_base)):
        if base < 1 or not 0 <= count <= base:
            raise ValueError(f"a share needs a count between 0 and its base, not {count} of {base}")
    low, high = confint_proportions_2indep(
        first, first_base, second, second_base, method={"newcombe": "newcomb"}.get(method, method), compare="diff",
        alpha=1 - level, correction=True,
    )
    interval = Interval(max(-1.0, float(low)), min(1.0, float(high)), level, method)
    return Estimate(first / first_base - second / second_base, interval)
