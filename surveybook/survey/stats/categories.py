"""Do two answers without an order go together?  Tests of a table of any size, and Cramer's V."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import chdtr, chndtrinc

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.contingency import DRAWS, SEED, as_table, log_probability, permutation, trim
from surveybook.survey.stats.result import Estimate, Tested, quantile_of

Table = Sequence[Sequence[int]]
FEW = 10  # below so many people a noncentral distribution is no approximation: the interval of H = 0 would be [0, 0]
NOTHING = f"fewer than {FEW} people, nothing is ruled out"


def chi_squared(table: Table, likelihood: bool = False) -> Tested:
    """Pearson's chi-squared test, or the likelihood ratio G, without a correction; empty rows and columns left out."""
    from scipy.stats import chi2_contingency

    counts = _crossed(table)
    kind = "log-likelihood" if likelihood else "pearson"
    found = chi2_contingency(counts, correction=False, lambda_=kind)
    words = "G test" if likelihood else "chi-squared test"
    return Tested(float(found.statistic), float(found.pvalue), words, df=int(found.dof))


def fisher_freeman_halton(table: Table, draws: int = DRAWS, seed: int = SEED) -> Tested:
    """Fisher's exact test of a table of any size: tables at most as likely as the one seen (Freeman and Halton 1951).
    `statistic`: minus the logarithm of its probability. Exact where all tables with the
    same margins can be listed, else drawn with a seed."""
    counts = _crossed(table)
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    return permutation(
        counts, lambda tables: -log_probability(tables, rows, columns), "Fisher-Freeman-Halton", draws, seed
    )


def permuted_chi_squared(table: Table, draws: int = DRAWS, seed: int = SEED) -> Tested:
    """Pearson's chi-squared with its distribution over all tables with the same margins, exact or drawn."""
    counts = _crossed(table)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()

    def statistic(tables: np.ndarray) -> np.ndarray:
        return ((tables - expected) ** 2 / expected).sum(axis=(1, 2))

    return permutation(counts, statistic, "chi-squared, permutation", draws, seed)


def cramers_v(table: Table, level: float = 0.95) -> Estimate:
    """Bias-corrected Cramer's V with an interval from the noncentral chi-squared distribution.

    The correction takes off what V has by chance: phi^2 - (r - 1)(c - 1) / (n - 1), at least 0, over
    min(r~, c~) - 1 with r~ = r - (r - 1)^2 / (n - 1) (Bergsma 2013, doi 10.1016/j.jkss.2012.10.002).
    The interval is for V in the population, sqrt(noncentrality / (n (min(r, c) - 1))) (Smithson 2003); it is
    widened to the estimate in the rare table where it would miss it. Fewer than FEW people rule nothing out.
    """
    counts = _crossed(table)
    tested, n = chi_squared(counts), int(counts.sum())
    r, c = counts.shape
    value = float(corrected_v(tested.statistic, n, r, c))
    if n < FEW:
        return Estimate(value, Interval(0.0, 1.0, level, NOTHING))
    low, high = (min(1.0, math.sqrt(one / (n * (min(r, c) - 1)))) for one in noncentrality(tested, level))
    return Estimate(value, Interval(min(low, value), max(high, value), level, "noncentral chi-squared"))


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


def phi_squares(tables: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Chi-squared over n (phi^2) of each of many tables, and its standard error by the delta method over multinomial
    counts, whatever phi^2 is (Bishop, Fienberg and Holland 1975, 11.3.4); zero where there is no relation."""
    n = tables.sum(axis=(-2, -1)).astype(float)
    p = tables / n[..., None, None]
    rows, columns = p.sum(axis=-1)[..., :, None], p.sum(axis=-2)[..., None, :]
    ratio = np.divide(p, rows * columns, out=np.zeros_like(p), where=rows * columns > 0)
    across, down = (p * ratio).sum(axis=-1)[..., :, None], (p * ratio).sum(axis=-2)[..., None, :]
    gradient = 2 * ratio - across / np.where(rows > 0, rows, 1) - down / np.where(columns > 0, columns, 1)
    return np.maximum(0.0, across.sum(axis=(-2, -1)) - 1), delta_error(p, gradient, n)


def delta_error(p: np.ndarray, gradient: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Standard error of a function of shares `p` of `n` people, from its gradient, of each of many tables."""
    weighted = p * gradient
    variance = ((weighted * gradient).sum(axis=(-2, -1)) - weighted.sum(axis=(-2, -1)) ** 2) / n
    return np.sqrt(np.maximum(0.0, variance))


def noncentrality(tested: Tested, level: float) -> tuple[float, float]:
    """The noncentralities at which a chi-squared statistic lies at either end of an interval of this level."""
    low, high = noncentralities(np.array([tested.statistic]), np.array([tested.df]), level)
    return float(low[0]), float(high[0])


def noncentralities(statistic: np.ndarray, df: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """The same of many statistics."""
    quantile_of(level)
    error = (1 - level) / 2

    def solve(probability: float) -> np.ndarray:
        found, beyond = np.zeros(len(statistic)), chdtr(df, statistic) > probability
        found[beyond] = chndtrinc(statistic[beyond], df[beyond], probability)
        return found

    return solve(1 - error), solve(error)


def _crossed(table: Table) -> np.ndarray:
    """The table without empty rows and columns; ValueError where fewer than two of either are left."""
    counts = trim(as_table(table))
    if min(counts.shape) < 2:
        raise ValueError("a relation needs two different answers to both questions")
    return counts
