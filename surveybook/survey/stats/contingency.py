"""How do two answers go together?  Contingency tables: their people, their ranks, and which others chance would give.

A table has a row for each level of the first answer and a column for each level of the second. With its margins
fixed, as independence leaves them, every table has a known probability; small sets of tables are listed in full
(exact), larger ones are drawn with a seed (Monte Carlo), or left to a limit that holds well with so many people.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np
from scipy.special import gammaln

from surveybook.survey.stats.result import Tested

DRAWS = 100_000
SEED = 20200204
LISTED = 2_000_000  # tables that may be listed; more than that are drawn
WHOLE = 20  # people whose arrangements fit into whole numbers of 64 bits, as 20! does
WEIGHED = 10_000  # tables that are weighed by longer whole numbers: a tenth of a second
CHUNK = 20_000  # tables in memory at once
# MANY: people that independence expects in every cell. With 30 already the normal p of S and the chi-squared one of H
# are off by less than the standard error of DRAWS draws (0.7 of it at most, from 3 x 3 to 4 x 6, for p of .01 to .2)
MANY = 50
EXTREME = {"less": np.negative, "greater": np.positive, "two-sided": np.abs}  # of a signed statistic, by alternative
EQUAL = 1e-9  # relative: statistics closer than that are the same one, apart by rounding


def as_table(table: Sequence[Sequence[float]] | np.ndarray, rows: int | None = None, columns: int | None = None):
    """`table` as an array of whole counts; ValueError for anything else, or for another shape than asked."""
    counts = np.asarray(table)
    if counts.ndim != 2 or not counts.size:
        raise ValueError("a table needs rows and columns of counts")
    if (counts < 0).any() or (counts != np.floor(counts)).any():
        raise ValueError("a table holds whole counts that are not negative")
    if rows not in (None, counts.shape[0]) or columns not in (None, counts.shape[1]):
        asked = f"{rows or 'any number of'} x {columns or 'any number of'}"
        raise ValueError(f"this needs a table of {asked}, not {counts.shape[0]} x {counts.shape[1]}")
    if counts.sum() < 1:
        raise ValueError("a table needs at least one count")
    return counts.astype(np.int64)


def spread(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row number and column number of each person that the table counts."""
    rows, columns = np.indices(table.shape)
    return np.repeat(rows.ravel(), table.ravel()), np.repeat(columns.ravel(), table.ravel())


def trim(table: np.ndarray) -> np.ndarray:
    """The table without rows and columns that nobody gave."""
    return table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]


def midranks(counts: np.ndarray) -> np.ndarray:
    """The mean rank of each ordered level, from how often each was given."""
    return np.cumsum(counts) - (np.asarray(counts) - 1) / 2


@dataclass(frozen=True)
class Listed:
    """All tables with the margins of a table (`tables`: table x row x column) and the probability of each."""

    tables: np.ndarray
    probability: np.ndarray


def listed(table: np.ndarray) -> Listed | None:
    """All tables with the same margins, or None where there are more than LISTED of them.

    Built column by column; the probability of a table is the product of row and column factorials over that of
    all counts and of n (multiple hypergeometric).
    """
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    if at_least(rows, columns) > LISTED or count(rows, columns) > LISTED:
        return None
    parts = np.zeros((1, 0, len(rows)), dtype=np.int16 if table.sum() < 2**15 else np.int64)
    for total in columns[:-1]:
        left = rows - parts.sum(axis=1)
        tops = np.minimum(left, total)
        grown, filled, owner = np.zeros((len(parts), 0), parts.dtype), np.zeros(len(parts), int), np.arange(len(parts))
        for row in range(len(rows)):
            # the rows after this one must be able to take what remains of the column
            low = np.maximum(0, total - filled - tops[owner, row + 1 :].sum(axis=1))
            high = np.minimum(tops[owner, row], total - filled)
            width = np.maximum(high - low + 1, 0)
            index = np.repeat(np.arange(len(owner)), width)
            value = np.arange(width.sum()) - np.repeat(np.cumsum(width) - width, width) + low[index]
            grown = np.column_stack([grown[index], value]).astype(parts.dtype)
            filled, owner = filled[index] + value, owner[index]
        parts = np.concatenate([parts[owner], grown[:, None, :]], axis=1)
    last = (rows - parts.sum(axis=1)).astype(parts.dtype)
    tables = np.concatenate([parts, last[:, None, :]], axis=1).transpose(0, 2, 1)
    return Listed(tables, np.exp(log_probability(tables, rows, columns)))


def at_least(rows: np.ndarray, columns: np.ndarray) -> float:
    """A number of tables that there are at least with these margins, from the margins alone, whatever n is.

    Around the counts that independence expects, every cell outside the largest row and column may take any whole
    number that is off by no more than `room`: what the others take then never empties a cell of the largest ones.
    """
    expected = np.outer(np.sort(rows), np.sort(columns)) / rows.sum()
    free, (r, c) = expected[:-1, :-1], (max(1, len(rows) - 1), max(1, len(columns) - 1))
    room = np.minimum(free, expected[:-1, -1:] / c)
    room = np.minimum(room, np.minimum(expected[-1:, :-1] / r, expected[-1, -1] / (r * c)))
    return float(np.exp(np.log(np.maximum(1.0, np.floor(2 * room))).sum()))


def count(rows: np.ndarray, columns: np.ndarray) -> float:
    """How many tables there are with these margins; infinity for more than LISTED.

    Cell by cell; but in how many ways the rest can be filled depends on nothing but what is left of the column and of
    the rows, in whatever order, so that all beginnings that leave the same go on as one. Each can be filled up, so that
    there are never more of them on the way than tables at the end.
    """
    rows, columns = sorted((np.sort(rows), np.sort(columns)), key=len)  # fewer rows leave fewer things
    weights = int(max(rows[-1], columns[-1]) + 1) ** np.arange(len(rows) + 1, dtype=object)
    fit = weights[-1] * weights[1] < 2**62  # what is left as one number, where it is small enough
    left, ways = rows[None], np.ones(1)
    for total in columns[:-1]:
        left = np.column_stack([left, np.full(len(left), total)])
        for row in range(len(rows)):
            low = np.maximum(0, left[:, -1] - np.minimum(left[:, row + 1 : -1], total).sum(axis=1))
            width = np.maximum(np.minimum(left[:, row], left[:, -1]) - low + 1, 0)
            if ways @ width > LISTED:
                return math.inf
            index = np.repeat(np.arange(len(left)), width)
            value = np.arange(width.sum()) - np.repeat(np.cumsum(width) - width, width) + low[index]
            left, ways = left[index], ways[index]
            left[:, row] -= value
            left[:, -1] -= value
            left[:, : row + 1] = np.sort(left[:, : row + 1])
            if fit:
                _, first, same = np.unique(left @ weights.astype(int), return_index=True, return_inverse=True)
                left, ways = left[first], np.bincount(same, ways)
        left = left[:, :-1]
    return float(ways.sum())


def log_probability(tables: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Logarithm of the probability of each table, given its margins."""
    factorial = gammaln(np.arange(int(rows.sum()) + 1) + 1.0)
    margins = factorial[rows].sum() + factorial[columns].sum() - factorial[int(rows.sum())]
    return margins - factorial[tables].sum(axis=(1, 2))


def arrangements(tables: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """In how many ways people can be dealt out to each table with these sums of columns: whole numbers, of 64 bits for
    up to WHOLE people and of any length for more."""
    people = int(columns.sum())
    factorial = np.array([math.factorial(n) for n in range(people + 1)], np.int64 if people <= WHOLE else object)
    return factorial[columns].prod() // factorial[tables].prod(axis=(1, 2))


def permutation(
    table: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray], method: str, draws: int = DRAWS,
    seed: int = SEED, alternative: str = "two-sided", extreme: Callable[[np.ndarray], np.ndarray] = np.positive,
    asymptotic: Tested | None = None,
) -> Tested:
    """The p of a statistic of tables, under all tables with the same margins.

    `statistic` maps tables (table x row x column) to one number each; `extreme` to how extreme that is (one of
    EXTREME). Exact where there are no more than LISTED tables. Of more, `asymptotic` where it is given and independence
    expects MANY people in every cell; else `draws` random ones (Patefield 1981, doi 10.2307/2346669), with
    p = (b + 1) / (B + 1), so that it is never zero (Phipson and Smyth 2010, doi 10.2202/1544-6115.1585).
    """
    table = trim(table)
    seen = float(extreme(statistic(table[None]))[0])
    near = EQUAL * max(1.0, abs(seen))
    every = listed(table)
    if every is not None:
        value = extreme(statistic(every.tables))
        beyond, tied = value >= seen - near, abs(value - seen) <= near
        words = f"{method}, exact"
        if table.sum() <= WHOLE or len(value) <= WEIGHED:
            ways = arrangements(every.tables, table.sum(axis=0))
            counted, tie = (Fraction(int(ways[these].sum()), int(ways.sum())) for these in (beyond, tied))
            return Tested(seen, float(counted), words, alternative, mid_p=float(counted - tie / 2), counted=counted)
        p, tie = (float(min(1.0, every.probability[these].sum())) for these in (beyond, tied))
        return Tested(seen, p, words, alternative, mid_p=p - tie / 2)
    if asymptotic and table.sum(axis=1).min() * table.sum(axis=0).min() >= MANY * table.sum():
        return asymptotic
    drawn = _drawn(statistic, tuple(table.sum(axis=1)), tuple(table.sum(axis=0)), draws, seed)
    p = (int((extreme(drawn) >= seen - near).sum()) + 1) / (draws + 1)
    error = float(np.sqrt(p * (1 - p) / draws))
    return Tested(seen, p, f"{method}, Monte Carlo", alternative, standard_error=error)


@lru_cache(maxsize=2)  # the tests of both sides of one claim look at the same tables
def _drawn(
    statistic: Callable[[np.ndarray], np.ndarray], rows: tuple[int, ...], columns: tuple[int, ...], draws: int,
    seed: int,
) -> np.ndarray:
    """The statistic of random tables with these margins, one number a table."""
    from scipy.stats import random_table

    source, random = random_table(rows, columns), np.random.default_rng(seed)
    return np.concatenate([
        statistic(source.rvs(size=min(CHUNK, draws - start), method="patefield", random_state=random).astype(np.int64))
        for start in range(0, draws, CHUNK)
    ])
