"""Do two answers without an order go together?  Tests of a table of any size, and Cramer's V."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import chdtr, chndtrinc
from scipy.stats import chi2_contingency
from scipy.stats.contingency import association

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.counting import DRAWS, LISTED, SEED, as_table, log_probability, permutation, trim
from surveybook.survey.stats.result import Estimate, Tested, choose, tails

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
        value = float(corrected_v(tested.statistic, n, r, c))
    else:
        value = float(association(counts, method="cramer", correction=False))
    low, high = (min(1.0, math.sqrt(one / (n * (min(r, c) - 1)))) for one in noncentrality(tested, level))
    words = "noncentral chi-squared"
    return Estimate(value, Interval(min(low, value), max(high, value), level, words))


def corrected_v(statistic: np.ndarray, n: np.ndarray, r: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Bergsma's V from chi-squared of each of many tables with `n` people, `r` rows and `c` columns."""
    phi2 = np.maximum(0.0, statistic / n - (r - 1) * (c - 1) / (n - 1))
    smaller = np.minimum(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    ratio = np.divide(phi2, smaller, out=np.zeros_like(phi2), where=smaller > 0)
    return np.minimum(1.0, np.sqrt(ratio))


def chi_squares(tables: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pearson's chi-squared of each of many tables (table x row x column), and how many rows and columns are in use."""
    rows, columns = tables.sum(axis=-1), tables.sum(axis=-2)
    n = rows.sum(axis=-1)
    product = rows[..., :, None] * columns[..., None, :]
    share = np.divide(tables.astype(float) ** 2, product, out=np.zeros(tables.shape), where=product > 0)
    return n * (share.sum(axis=(-2, -1)) - 1), (rows > 0).sum(axis=-1), (columns > 0).sum(axis=-1)


def noncentrality(tested: Tested, level: float) -> tuple[float, float]:
    """The noncentralities at which a chi-squared statistic lies at either end of an interval of this level."""
    low, high = noncentralities(np.array([tested.statistic]), np.array([tested.df]), level)
    return float(low[0]), float(high[0])


def noncentralities(statistic: np.ndarray, df: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """The same of many statistics."""
    below, above = tails(level)

    def solve(probability: float) -> np.ndarray:
        found, beyond = np.zeros(len(statistic)), chdtr(df, statistic) > probability
        found[beyond] = chndtrinc(statistic[beyond], df[beyond], probability)
        return found

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
