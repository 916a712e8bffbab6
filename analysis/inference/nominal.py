"""Do two answers without an order go together?  Tests of a table of any size, and Cramer's V."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2_contingency, ncx2
from scipy.stats.contingency import association

from ..share import Interval
from .counting import DRAWS, LISTED, SEED, as_table, log_probability, permutation, trim
from .result import Estimate, Tested, choose, tails

Table = Sequence[Sequence[int]]


def chi_squared(table: Table, likelihood: bool = False) -> Tested:
    """Pearson's chi-squared test, or the likelihood ratio G, without a correction; empty rows and columns left out."""
    counts = _crossed(table)
    kind = "log-likelihood" if likelihood else "pearson"
    found = chi2_contingency(counts, correction=False, lambda_=kind)
    words = "G test" if likelihood else "chi-squared test"
    return Tested(float(found.statistic), float(found.pvalue), words, df=int(found.dof))


def smallest_expected(table: Table) -> float:
    """The smallest count expected without a relation: below five the chi-squared test is not to be trusted."""
    counts = _crossed(table)
    return float((np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()).min())


def fisher_freeman_halton(table: Table, draws: int = DRAWS, seed: int = SEED, limit: int = LISTED) -> Tested:
    """Fisher's exact test of a table of any size: tables at most as likely as the one seen. `statistic`: minus the
    logarithm of its probability. Listed where there are no more than `limit` tables, else drawn with a seed."""
    counts = _crossed(table)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    return permutation(
        counts, lambda tables: -log_probability(tables, rows, columns), "Fisher-Freeman-Halton", draws, seed, limit,
        "two-sided",
    )


def permuted_chi_squared(table: Table, draws: int = DRAWS, seed: int = SEED, limit: int = LISTED) -> Tested:
    """Pearson's chi-squared with its distribution over all tables with the same margins."""
    counts = _crossed(table)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()

    def statistic(tables: np.ndarray) -> np.ndarray:
        return ((tables - expected) ** 2 / expected).sum(axis=(1, 2))

    return permutation(counts, statistic, "chi-squared, permutation", draws, seed, limit, "two-sided")


def cramers_v(table: Table, level: float = 0.95, corrected: bool = True) -> Estimate:
    """Cramer's V with an interval from the noncentral chi-squared distribution.

    `corrected` takes off what V has by chance: phi^2 - (r - 1)(c - 1) / (n - 1), at least 0, over
    min(r~, c~) - 1 with r~ = r - (r - 1)^2 / (n - 1) (Bergsma 2013, doi 10.1016/j.jkss.2012.10.002).
    The interval is for V in the population, sqrt(noncentrality / (n (min(r, c) - 1))) (Smithson 2003); it is
    widened to the estimate in the rare table where it would miss it.
    """
    counts = _crossed(table)
    tested, n = chi_squared(counts), int(counts.sum())
    r, c = counts.shape
    if corrected:
        if n < 2:
            raise ValueError("the correction of Cramer's V needs two answers")
        phi2 = max(0.0, tested.statistic / n - (r - 1) * (c - 1) / (n - 1))
        smaller = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
        value = min(1.0, math.sqrt(phi2 / smaller)) if phi2 and smaller > 0 else 0.0
    else:
        value = float(association(counts, method="cramer", correction=False))
    low, high = (min(1.0, math.sqrt(one / (n * (min(r, c) - 1)))) for one in noncentrality(tested, level))
    words = "noncentral chi-squared"
    return Estimate(value, Interval(min(low, value), max(high, value), level, words))


def noncentrality(tested: Tested, level: float) -> tuple[float, float]:
    """The noncentralities at which a chi-squared statistic lies at either end of an interval of this level."""
    below, above = tails(level)

    def solve(probability: float) -> float:
        def gap(centre: float) -> float:
            return float(ncx2.cdf(tested.statistic, tested.df, max(centre, 1e-300))) - probability

        top = 2 * tested.statistic + 10 * math.sqrt(tested.statistic + tested.df) + 50
        return brentq(gap, 0, top, xtol=1e-12) if gap(0) > 0 else 0.0

    return solve(1 - below), solve(above)


def coefficient(table: Table, name: str = "cramer") -> float:
    """Cramer's V, Tschuprow's T or Pearson's contingency coefficient without a correction (scipy)."""
    choose("coefficient", name, ("cramer", "tschuprow", "pearson"))
    return float(association(_crossed(table), method=name, correction=False))


def _crossed(table: Table) -> np.ndarray:
    """The table without empty rows and columns; ValueError where fewer than two of either are left."""
    counts = trim(as_table(table))
    if min(counts.shape) < 2:
        raise ValueError("a relation needs two different answers to both questions")
    return counts
