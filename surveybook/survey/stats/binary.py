"""Do two yes/no answers go together?  Tests of a 2 x 2 table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import barnard_exact, binom, boschloo_exact, chi2, chi2_contingency, hypergeom

from surveybook.survey.stats.counting import as_table
from surveybook.survey.stats.result import Tested, check_alternative, choose

SAME = 1 + 1e-7  # tables whose probabilities differ by less than that are equally likely (as R's fisher.test has it)
TWO_SIDED = ("minlike", "central", "blaker")
Table = Sequence[Sequence[int]]


def exact_p(weight: np.ndarray, at: int, alternative: str, two_sided: str, mid: bool) -> float:
    """The p of the observed place `at` in a list of probabilities, for each of the rules of two-sidedness.

    minlike: all places that are at most as likely. central: twice the smaller tail. blaker: the smaller tail and
    the largest opposite one that is no larger (Blaker 2000, doi 10.2307/3315916). `mid` counts places just as
    extreme half.
    """
    here = weight[at] / 2 if mid else 0.0
    low, high = weight[: at + 1].sum() - here, weight[at:].sum() - here
    if alternative != "two-sided":
        return float(min(1.0, low if alternative == "less" else high))
    if two_sided == "central":
        return float(min(1.0, 2 * min(low, high)))
    if two_sided == "minlike":
        likely = weight <= weight[at] * SAME
        tied = likely & (weight >= weight[at] / SAME)
        return float(min(1.0, weight[likely].sum() - (weight[tied].sum() / 2 if mid else 0.0)))
    # each place is as extreme as its smaller tail; mid-p keeps half of those that are just as extreme
    below, above = np.cumsum(weight), np.cumsum(weight[::-1])[::-1]
    extreme = np.minimum(below, above)
    far = extreme <= extreme[at] * SAME
    tied = far & (extreme >= extreme[at] / SAME)
    return float(min(1.0, weight[far].sum() - (weight[tied].sum() / 2 if mid else 0.0)))


def fisher(table: Table, alternative: str = "two-sided", two_sided: str = "minlike", mid: bool = False) -> Tested:
    """Fisher's exact test of no relation, given the margins.

    `statistic`: the count in the first cell. "greater" means odds above one. `mid` makes the mid-p the `p`.
    """
    check_alternative(alternative)
    choose("two_sided", two_sided, TWO_SIDED)
    ((a, b), (c, d)) = as_table(table, 2, 2)
    low, high = max(0, a - d), min(a + b, a + c)
    weight = hypergeom.pmf(np.arange(low, high + 1), a + b + c + d, a + b, a + c)
    p, mid_p = (exact_p(weight, a - low, alternative, two_sided, half) for half in (False, True))
    rule = f", {two_sided}" if alternative == "two-sided" else ""
    words = f"Fisher's exact test{rule}{', mid-p' if mid else ''}"
    return Tested(float(a), mid_p if mid else p, words, alternative, mid_p=mid_p)


def barnard(table: Table, alternative: str = "two-sided", fixed: str = "rows", pooled: bool = True) -> Tested:
    """Barnard's unconditional exact test; `fixed` says whether rows or columns are the two groups.

    The nuisance share is searched at 32 points and then refined (scipy's default, pinned).
    """
    columns = _groups_in_columns(table, fixed, alternative)
    found = barnard_exact(columns, alternative=alternative, pooled=pooled, n=32)
    words = f"Barnard's exact test, {'pooled' if pooled else 'unpooled'} z, {fixed} fixed"
    return Tested(float(found.statistic), float(found.pvalue), words, alternative)


def boschloo(
    table: Table, alternative: str = "two-sided", fixed: str = "rows", two_sided: str = "fisher"
) -> Tested:
    """Boschloo's unconditional exact test: Fisher's p as statistic (1970, doi 10.1111/j.1467-9574.1970.tb00104.x).

    Two-sided "fisher" ranks tables by Fisher's two-sided p, as R's Exact does (scipy has nothing like it);
    "doubled" is twice the smaller one-sided p, as scipy does. `statistic`: Fisher's p.
    """
    columns = _groups_in_columns(table, fixed, alternative)
    choose("two_sided", two_sided, ("fisher", "doubled"))
    words = f"Boschloo's exact test, {fixed} fixed"
    if alternative != "two-sided" or two_sided == "doubled":
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


def chi_squared(table: Table, correction: str = "none", likelihood: bool = False) -> Tested:
    """Chi-squared test of a 2 x 2 table.

    `correction`: "none"; "yates"; or "n-1", the statistic times (n - 1) / n (Campbell 2007, doi 10.1002/sim.2832).
    `likelihood`: the likelihood ratio G in place of Pearson's statistic.
    """
    counts = as_table(table, 2, 2)
    choose("correction", correction, ("none", "yates", "n-1"))
    if (counts.sum(axis=0) == 0).any() or (counts.sum(axis=1) == 0).any():
        raise ValueError("chi-squared needs both answers of both questions, but a row or a column is empty")
    kind = "log-likelihood" if likelihood else "pearson"
    found = chi2_contingency(counts, correction=correction == "yates", lambda_=kind)
    statistic, p = float(found.statistic), float(found.pvalue)
    if correction == "n-1":
        statistic *= 1 - 1 / int(counts.sum())
        p = float(chi2.sf(statistic, 1))
    words = {"none": "no correction", "yates": "Yates's correction", "n-1": "factor (n - 1) / n"}[correction]
    return Tested(statistic, p, f"{'G' if likelihood else 'chi-squared'} test, {words}", df=1)


def _groups_in_columns(table: Table, fixed: str, alternative: str) -> np.ndarray:
    """The table with its two groups as columns, as scipy has them; odds ratios stay the same."""
    check_alternative(alternative)
    choose("fixed", fixed, ("rows", "columns"))
    counts = as_table(table, 2, 2)
    columns = counts if fixed == "columns" else counts.T
    if (columns.sum(axis=0) == 0).any():
        raise ValueError("an unconditional test needs two groups, but one of them is empty")
    return columns
