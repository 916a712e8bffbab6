"""Do several groups answer differently?  Nominal groups (rows) by ordered answers or counts (columns)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.stats import kruskal

from surveybook.survey.stats.counting import DRAWS, LISTED, SEED, as_table, midranks, permutation
from surveybook.survey.stats.multiplicity import adjust
from surveybook.survey.stats.resampling import RESAMPLES, bootstrap_table
from surveybook.survey.stats.result import Estimate, Tested, choose, normal_p, tails

Table = Sequence[Sequence[int]]


def kruskal_h(tables: np.ndarray) -> np.ndarray:
    """Kruskal-Wallis's H, corrected for ties, of each of many tables (table x group x level); nan where all tie."""
    counts = tables.astype(float)
    columns, sizes = counts.sum(axis=1), counts.sum(axis=2)
    n = sizes.sum(axis=1)
    ranks = np.cumsum(columns, axis=1) - (columns - 1) / 2
    sums = np.einsum("tgl,tl->tg", counts, ranks)
    raw = 12 / (n * (n + 1)) * (sums**2 / np.where(sizes > 0, sizes, 1)).sum(axis=1) - 3 * (n + 1)
    ties = 1 - (columns**3 - columns).sum(axis=1) / (n**3 - n)
    return np.divide(raw, ties, out=np.full_like(raw, np.nan), where=ties > 1e-12)


def kruskal_wallis(
    table: Table, method: str = "asymptotic", draws: int = DRAWS, seed: int = SEED, limit: int = LISTED
) -> Tested:
    """Kruskal-Wallis test with midranks. `statistic`: H, corrected for ties.

    "asymptotic": chi-squared (scipy). "permutation": over the tables with the same margins, listed or drawn.
    """
    choose("method", method, ("asymptotic", "permutation"))
    counts = _groups(table)
    df = len(counts) - 1
    if method == "permutation":
        found = permutation(counts, kruskal_h, "Kruskal-Wallis, permutation", draws, seed, limit, "two-sided")
        return Tested(
            found.statistic, found.p, found.method, df=df, mid_p=found.mid_p, standard_error=found.standard_error
        )
    found = kruskal(*(np.repeat(np.arange(counts.shape[1]), row) for row in counts))
    return Tested(float(found.statistic), float(found.pvalue), "Kruskal-Wallis, chi-squared approximation", df=df)


def epsilon2(table: Table, level: float = 0.95, draws: int = RESAMPLES, seed: int = SEED) -> Estimate:
    """epsilon-squared, H / (n - 1): the share of the variance of ranks that lies between groups (Kelley 1935,
    Tomczak and Tomczak 2014), with a bootstrap interval (people drawn anew within each group)."""
    tails(level)
    counts = _groups(table)

    def share(tables: np.ndarray) -> np.ndarray:
        return kruskal_h(tables) / (counts.sum() - 1)

    return Estimate(float(share(counts[None])[0]), bootstrap_table(counts, share, level, draws, seed))


def eta2(table: Table) -> float:
    """eta-squared of H: (H - k + 1) / (n - k), which may be negative."""
    counts = _groups(table)
    return (float(kruskal_h(counts[None])[0]) - len(counts) + 1) / (float(counts.sum()) - len(counts))


@dataclass(frozen=True)
class Pair:
    """Two groups (numbers of rows) compared: `z` is positive where the second answers higher."""

    first: int
    second: int
    z: float
    p: float
    adjusted: float


def dunn(table: Table, adjustment: str = "holm") -> tuple[Pair, ...]:
    """Which groups differ: Dunn's test of all pairs on the ranks of all groups (1964, doi 10.2307/1266041).

    The variance is corrected for ties; two-sided p values are adjusted as a family of their own.
    """
    counts = _groups(table)
    columns, sizes = counts.sum(axis=0).astype(float), counts.sum(axis=1)
    n = float(columns.sum())
    means = counts @ midranks(columns) / sizes
    variance = n * (n + 1) / 12 - float((columns**3 - columns).sum()) / (12 * (n - 1))
    pairs = list(combinations(range(len(counts)), 2))
    z = [(means[j] - means[i]) / math.sqrt(variance * (1 / sizes[i] + 1 / sizes[j])) for i, j in pairs]
    p = [normal_p(one, "two-sided") for one in z]
    return tuple(
        Pair(i, j, float(score), one, float(family))
        for (i, j), score, one, family in zip(pairs, z, p, adjust(p, adjustment), strict=True)
    )


def _groups(table: Table) -> np.ndarray:
    """The table without empty levels; ValueError where groups are empty, fewer than two, or all answer the same."""
    counts = as_table(table)
    if len(counts) < 2 or not counts.sum(axis=1).all():
        raise ValueError("a comparison needs two or more groups, each with an answer")
    counts = counts[:, counts.sum(axis=0) > 0]
    if counts.shape[1] < 2:
        raise ValueError("groups in which all gave the same answer cannot be compared")
    return counts
