"""In which columns of a cross table is a share larger than in others?  Tests of all pairs of columns, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from surveybook.survey.stats.multiplicity import adjust
from surveybook.survey.stats.two_by_two import chi_squared, fisher

METHOD = "N − 1 chi-squared; Fisher’s exact test where fewer than one person is expected"


@dataclass(frozen=True)
class Columns:
    """Two columns (their places) compared by the shares of one row; `difference` is the second share less the first.

    `p` is two-sided; `adjusted` by Holm among all pairs of columns of this row.
    """

    first: int
    second: int
    difference: float
    p: float
    adjusted: float


def two_shares(first: int, first_base: int, second: int, second_base: int) -> float:
    """The two-sided p of a test that two groups have the same share, by the recommendation of Campbell (2007, doi
    10.1002/sim.2832): the N - 1 chi-squared test where at least one person is expected in each cell, else Fisher's.

    It is the z test of two proportions with a pooled variance, which tools for cross tables use, with z² times
    (n - 1) / n, and holds its level with few people too. 1 where all of both groups gave the answer, or none. Raises
    ValueError for a count outside its base.
    """
    for count, base in ((first, first_base), (second, second_base)):
        if base < 1 or not 0 <= count <= base:
            raise ValueError(f"a share needs a count between 0 and its base, not {count} of {base}")
    table = np.array([[first, first_base - first], [second, second_base - second]])
    n, rows, columns = table.sum(), table.sum(axis=1), table.sum(axis=0)
    if not columns.all():
        return 1.0
    return chi_squared(table).p if rows.min() * columns.min() >= n else fisher(table).p


def compare_columns(counts: Sequence[int], bases: Sequence[int]) -> tuple[Columns, ...]:
    """Every pair of columns of one row of a cross table: how many of each `base` gave the answer. Columns without
    anybody are left out of the family."""
    pairs = [pair for pair in combinations(range(len(counts)), 2) if all(bases[place] for place in pair)]
    p = [two_shares(counts[i], bases[i], counts[j], bases[j]) for i, j in pairs]
    return tuple(
        Columns(i, j, counts[j] / bases[j] - counts[i] / bases[i], one, float(family))
        for (i, j), one, family in zip(pairs, p, adjust(p), strict=True)
    )


def larger_than(pairs: Sequence[Columns], columns: int, level: float) -> tuple[tuple[int, ...], ...]:
    """For each column the places of those whose share is smaller, where the adjusted p is below the level."""
    found: list[list[int]] = [[] for _ in range(columns)]
    for one in pairs:
        if one.adjusted < level and one.difference:
            larger, smaller = (one.second, one.first) if one.difference > 0 else (one.first, one.second)
            found[larger].append(smaller)
    return tuple(tuple(sorted(each)) for each in found)
