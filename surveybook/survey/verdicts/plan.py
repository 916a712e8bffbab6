"""Which test, which size and which interval for which two kinds of answers?  The plan, as a table.

It was fixed before any response was read, and follows from the kinds alone:

| predictor, outcome (in either order) | test | size |
|---|---|---|
| yes/no, yes/no | Fisher's exact test | difference of shares |
| yes/no, ordered or count | Mann-Whitney with midranks | Cliff's delta |
| ordered or count, ordered or count | Kendall's S, permuted | Kendall's tau-b |
| nominal, ordered or count | Kruskal-Wallis, permuted | epsilon squared |
| nominal, yes/no or nominal | Fisher-Freeman-Halton | bias-corrected Cramer's V |

Every p is exact where the tables with the same margins are few enough to be listed or summed over, else drawn with a
seed, or, with many people in every cell, that of the limit; the usual approximation stands beside as a check. Tables
here have the predictor's levels as rows and the outcome's as columns, in rising order; a size above zero means that
they rise together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from scipy.special import stdtr

from surveybook.survey.data.crossing import Table
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats import association, categories, dominance, equivalence, groups, two_by_two
from surveybook.survey.stats.contingency import as_table, trim
from surveybook.survey.stats.equivalence import Equivalence
from surveybook.survey.stats.result import Estimate, Tested, normal_p
from surveybook.survey.stats.sampled import WeightedTable
from surveybook.survey.stats.undirected import square_interval, square_p

CLASSES = {"yes-no": "yes-no", "nominal": "nominal", "ordered": "ordered", "count": "ordered"}
CORRECTED_V = "bias-corrected Cramer's V"
FEW = 20  # in the smaller group: below it Brunner and Munzel's t keeps its level better than Cliff's variance
LEAST = 3  # in the smaller group, for equivalence: of two, beside a hundred, 6% of surveys at the bound were called so
SIDES = {"positive": "greater", "negative": "less", "any": "two-sided"}  # direction of a claim -> side of its test
OTHER = {"greater": "less", "less": "greater"}


@dataclass(frozen=True)
class Row:
    """What is done with one pair of kinds.

    `assumes`: what the test and its interval take for granted, beside answers that are independent of each other.
    `statistic` is what the test is made of, `measure` the key of the smallest effect of interest, `label` its name.
    `signed`: whether the size has a direction.
    `tested(table, side, draws, seed)` is the test, `approximate(table, side)` its cross-check, `sized(table, level)`
    the size with its interval, `bounded(table, least, alpha)` the test that it is smaller than `least`.
    `turned`: the predictor has the kind that stands second in the plan, so tables are turned before they are used.
    """

    test: str
    why: str
    assumes: str
    statistic: str
    measure: str
    label: str
    signed: bool
    tested: Callable[[Table, str, int, int], Tested]
    approximate: Callable[[Table, str], Tested]
    sized: Callable[[Table, float], Estimate]
    bounded: Callable[[Table, float, float], Equivalence | None]
    turned: bool = False


def row_for(predictor: str, outcome: str, rows: Mapping[tuple[str, str], Row] | None = None) -> Row:
    """The row of the plan, or of `rows` like it, for two kinds of answers. Raises DataError where there is none."""
    kinds = (CLASSES.get(predictor), CLASSES.get(outcome))
    for pair, row in (ROWS if rows is None else rows).items():
        if kinds == pair:
            return row
        if kinds == pair[::-1]:
            return _turned(row)
    raise DataError(
        f"the plan has no test for a predictor of the kind {predictor} and an outcome of the kind {outcome}; "
        f"use questions of the kinds {', '.join(CLASSES)}, and count the answers of others under `derived`"
    )


def _turned(row: Row) -> Row:
    """The same row for tables with the two questions exchanged."""

    def turn(function: Callable) -> Callable:
        return lambda table, *rest: function(
            table.turned if isinstance(table, WeightedTable) else tuple(zip(*table, strict=True)), *rest)

    return replace(
        row, tested=turn(row.tested), approximate=turn(row.approximate), sized=turn(row.sized),
        bounded=turn(row.bounded), turned=True,
    )


# --- yes/no by yes/no


def _shares(table: Table) -> tuple[int, int, int, int]:
    """Yes and base of those who said yes to the first question, then of those who said no."""
    (no_no, no_yes), (yes_no, yes_yes) = table
    return yes_yes, yes_no + yes_yes, no_yes, no_no + no_yes


def signed_chi_squared(table: Table, side: str, correction: str = "n-1") -> Tested:
    """Chi-squared test of a 2 x 2 table; one-sided by its signed root."""
    found = two_by_two.chi_squared(table, correction)
    if side == "two-sided":
        return found
    yes, base, other, other_base = _shares(table)
    z = math.copysign(math.sqrt(found.statistic), yes * other_base - other * base)
    return replace(found, p=normal_p(z, side), z=z, alternative=side)


def _difference(table: Table, level: float) -> Estimate:
    return two_by_two.difference(*_shares(table), level, "newcombe")


def _shares_bounded(table: Table, least: float, alpha: float) -> Equivalence:
    return equivalence.newcombe(*_shares(table), least, alpha)


# --- yes/no by ordered


def yes_first(table: Table) -> Table:
    """Those who said yes as the first group, so that a size above zero means that they answer higher."""
    return table[::-1]


def _smaller(table: Table) -> int:
    """How many people the smaller group has."""
    return min(map(sum, table))


def _delta(table: Table, level: float) -> Estimate:
    method = "bm_tanh" if _smaller(table) < FEW else "fisherz_cliff"
    return dominance.cliff_delta(yes_first(table), level, method)


def _delta_bounded(table: Table, least: float, alpha: float) -> Equivalence | None:
    two = yes_first(table)
    if _smaller(two) < LEAST:
        raise ValueError(f"fewer than {LEAST} people in a group are too few to rule anything out")
    if abs(dominance.cliff_delta(two).value) == 1:
        return None
    if _smaller(two) >= FEW:
        return equivalence.delta(two, -least, least, alpha)
    found = dominance.cliff_delta(two, 1 - 2 * alpha, "bm_tanh")
    error = found.standard_error / (1 - found.value**2)
    df = float(dominance.brunner_munzel(two).df)
    z, edge = math.atanh(found.value), math.atanh(least)
    return Equivalence(
        found.value, -least, least, float(stdtr(df, -(z + edge) / error)), float(stdtr(df, (z - edge) / error)),
        found.interval, "delta, Fisher z, Brunner-Munzel t",
    )


# --- ordered by ordered


def _tau_bounded(table: Table, least: float, alpha: float) -> Equivalence | None:
    if abs(association.measure(table).value) == 1:
        return None
    return equivalence.tau_b(table, -least, least, alpha)


# --- nominal


Square = tuple[Tested, float, float, float, int]
"""Test, noncentrality of a square of one, square, its standard error, and people (stats/undirected.py)."""


def _epsilon_square(table: Table) -> Square:
    tested, (_, error) = groups.kruskal_wallis(table), groups.epsilon_squares(as_table(table))
    n = sum(map(sum, table))
    return tested, n - 1, min(1.0, tested.statistic / (n - 1)), float(error), n


def _epsilon(table: Table, level: float) -> Estimate:
    square = _epsilon_square(table)
    return Estimate(square[2], square_interval(*square, level))


def _epsilon_bounded(table: Table, least: float, alpha: float) -> Equivalence:
    return _below(_epsilon_square(table), _epsilon(table, 1 - 2 * alpha), least, least)


def _v_square(table: Table) -> Square:
    counts = trim(as_table(table))
    n, smaller = int(counts.sum()), min(counts.shape) - 1
    phi, error = (float(one) / smaller for one in categories.phi_squares(counts))
    return categories.chi_squared(counts), n * smaller, phi, error, n


def _v(table: Table, level: float) -> Estimate:
    """Bias-corrected V; its interval is that of V in the population, and holds the estimate."""
    value, inside = categories.cramers_v(table).value, square_interval(*_v_square(table), level)
    ends = min(value, math.sqrt(inside.low)), max(value, math.sqrt(inside.high))
    return Estimate(value, Interval(*ends, level, inside.method))


def _v_bounded(table: Table, least: float, alpha: float) -> Equivalence:
    return _below(_v_square(table), _v(table, 1 - 2 * alpha), least, least**2)


def _below(square: Square, size: Estimate, least: float, least_square: float) -> Equivalence:
    """The test that a size without direction is smaller than `least`. Raises ValueError where people are too few."""
    if square[-1] < categories.FEW:
        raise ValueError(f"fewer than {categories.FEW} people are too few to rule anything out")
    p = square_p(*square, least_square)
    return Equivalence(size.value, 0.0, least, 0.0, p, size.interval, size.interval.method)


# --- the table

_UNORDERED = Row(
    "Fisher-Freeman-Halton test",
    "at least one of the answers has more than two values and no order",
    "Without a relation every way to pair the answers that were given is equally likely. The interval "
    "is one for large samples.",
    "minus the logarithm of the table's probability", "cramers_v", CORRECTED_V, False,
    lambda table, side, draws, seed: categories.fisher_freeman_halton(table, draws, seed),
    lambda table, side: categories.chi_squared(table),
    _v, _v_bounded,
)
ROWS = {
    ("yes-no", "yes-no"): Row(
        "Fisher's exact test",
        "both answers are yes or no; the probability of every table with the same sums is known",
        "Without a relation every way to pair the answers that were given is equally likely; nothing "
        "is approximated in the test. The interval is an approximation that holds well for small groups too.",
        "people who said no to both", "risk_difference", "difference of shares", True,
        lambda table, side, draws, seed: two_by_two.fisher(table, side),
        signed_chi_squared, _difference, _shares_bounded,
    ),
    ("yes-no", "ordered"): Row(
        "Mann-Whitney test",
        "two groups are compared by answers that have an order but no equal steps; ties are kept",
        "Without a relation both groups answer alike, so that every way to split the answers between "
        "them is equally likely. Only the order of the answers counts. The test sees whether one group answers higher, "
        "hardly whether its answers are only further apart. The interval is one for large samples.",
        "U of those who said yes", "cliff_delta", "Cliff's delta", True,
        lambda table, side, draws, seed: dominance.mann_whitney(yes_first(table), side, "exact", draws, seed),
        lambda table, side: dominance.mann_whitney(yes_first(table), side, "asymptotic"),
        _delta, _delta_bounded,
    ),
    ("ordered", "ordered"): Row(
        "Kendall's test",
        "both answers have an order but no equal steps, and many people share an answer; ties are kept",
        "Without a relation every way to pair the answers that were given is equally likely. Only the "
        "order of the answers counts. The test sees relations that rise or fall throughout, hardly one that first "
        "rises and then falls. The interval is one for large samples.",
        "S", "tau_b", "Kendall's tau-b", True,
        lambda table, side, draws, seed: association.kendall(table, side, "permutation", draws, seed),
        lambda table, side: association.kendall(table, side, "asymptotic"),
        lambda table, level: association.measure(table, "tau_b", level),
        _tau_bounded,
    ),
    ("nominal", "ordered"): Row(
        "Kruskal-Wallis test",
        "several groups without an order are compared by answers that have one",
        "Without a relation all groups answer alike, so that every way to deal the answers out to them "
        "is equally likely. Only the order of the answers counts. The test sees whether some groups answer higher than "
        "others, not which ones. The interval is one for large samples, and for groups that differ in place alone.",
        "H", "epsilon_squared", "epsilon squared", False,
        lambda table, side, draws, seed: groups.kruskal_wallis(table, "permutation", draws, seed),
        lambda table, side: groups.kruskal_wallis(table, "asymptotic"),
        _epsilon, _epsilon_bounded,
    ),
    ("nominal", "nominal"): _UNORDERED,
    ("nominal", "yes-no"): _UNORDERED,
}
