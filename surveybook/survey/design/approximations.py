"""What does the plan say about each of many tables?  The twin of every row of plan.py, computed on all tables at once.

The test is the approximation that the plan has beside each exact test (`Row.approximate`): draws for every table of
every simulated survey would take weeks. Size, interval and equivalence are those of the plan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.special import chdtrc, ndtr, ndtri, stdtr, stdtrit

from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.stats import association, categories, dominance, groups
from surveybook.survey.stats.equivalence import SHARED, newcombe_ps
from surveybook.survey.stats.result import fisher_bounds, normal_ps
from surveybook.survey.stats.undirected import square_bounds, square_ps
from surveybook.survey.verdicts.plan import CLASSES, FEW, LEAST, OTHER, ROWS, SIDES, Row, row_for
from surveybook.survey.verdicts.test import LEVEL, judged

Squares = tuple[np.ndarray, ...]
"""Of each table: statistic, its degrees of freedom, and the rest as stats/undirected.py has it, people last."""
NEAR = 1e-9  # to a size of one, or to no error at all: such tables are judged one by one


@dataclass(frozen=True)
class Found:
    """Results of many tables, one number for each: p of the test, p of the test on the `other` side (1 where the
    answers do not go there), size, bounds of its interval, p of equivalence. nan where there is none. `within`: whether
    the size itself is smaller than the smallest one of interest.

    `alone`: tables that must be judged one by one, as rounding or a rare rule decides about them.
    """

    p: np.ndarray
    other: np.ndarray
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    equivalence: np.ndarray
    within: np.ndarray
    alone: np.ndarray

    def shown(self, level: float) -> np.ndarray:
        """Which sizes are shown to be smaller than the smallest one of interest, in a family of this level."""
        return self.within & (self.equivalence < level / 2)


def judge_each(tables: np.ndarray, hypothesis: Hypothesis) -> Found:
    """The results of the test that the plan has for a hypothesis, for many tables (table x predictor x outcome).

    The same as `judged(table, hypothesis, 0, 0)` for each of them.
    """
    family, kinds = hypothesis.family, (hypothesis.predictor.kind, hypothesis.outcome.kind)
    row, side = row_for(*kinds), SIDES[hypothesis.direction]
    usable = (tables.sum(axis=(1, 2)) >= 3) & (_used(tables, 2) > 1) & (_used(tables, 1) > 1)
    whole = bool(usable.all())
    used = tables if whole else tables[usable]
    if not len(used):
        return _none(len(tables))
    least = family.smallest_effects.get(row.measure)
    found = _twin(row, kinds)(used.swapaxes(1, 2) if row.turned else used, side, least)
    found = replace(found, within=abs(found.value) < (least or 0.0))
    for place in np.flatnonzero(found.alone):
        _judge_alone(found, place, used[place], hypothesis)
    return found if whole else _spread(found, usable)


def _used(tables: np.ndarray, axis: int) -> np.ndarray:
    """How many answers were given at all, to the question across `axis`."""
    return (tables.sum(axis=axis) > 0).sum(axis=1)


def _none(size: int) -> Found:
    """The results of tables that allow no test."""
    nan = np.full(size, np.nan)
    no = np.zeros(size, bool)
    return Found(nan, nan, nan, nan, nan, nan, no, no)


def _spread(found: Found, usable: np.ndarray) -> Found:
    """The results of the usable tables among all."""
    whole = _none(len(usable))
    columns = {}
    for column in fields(Found):
        columns[column.name] = getattr(whole, column.name).copy()
        columns[column.name][usable] = getattr(found, column.name)
    return replace(whole, **columns)


def _judge_alone(found: Found, place: int, table: np.ndarray, hypothesis: Hypothesis) -> None:
    """Put the results of one table, judged as that of a survey is, in their place."""
    one = judged(tuple(map(tuple, table.tolist())), hypothesis, 0, 0)
    missing = (*(np.nan,) * 6, False)
    results = missing if one.trouble else (
        one.tested.p, one.other.p if one.other else 1.0, one.size.value, one.size.interval.low, one.size.interval.high,
        one.equivalence.p if one.equivalence else np.nan,
        one.equivalence is not None and abs(one.size.value) < one.equivalence.high,
    )
    for column, result in zip(fields(Found), results, strict=False):
        getattr(found, column.name)[place] = result


# --- sizes with a direction


def _signed(
    z: np.ndarray, side: str, value: np.ndarray, bounds: tuple[np.ndarray, np.ndarray], equivalence: np.ndarray,
    alone: np.ndarray,
) -> Found:
    """The results of a test whose statistic is z."""
    other = np.ones(len(z))
    if side in OTHER:
        against = value < 0 if side == "greater" else value > 0
        other[against] = normal_ps(z[against], OTHER[side])
    no = np.zeros(len(z), bool)
    return Found(normal_ps(z, side), other, value, *bounds, equivalence, no, alone)


def _equivalence(
    value: np.ndarray, error: np.ndarray, least: float | None, below: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """p of two one-sided tests on the scale of Fisher's z; `below` is the distribution of the statistic."""
    if least is None:
        return np.full(len(value), np.nan)
    centre, scaled = np.arctanh(value), error / (1 - value**2)
    edge = np.arctanh(least)
    return np.maximum(below(-(centre + edge) / scaled), below((centre - edge) / scaled))


def _shares(tables: np.ndarray, side: str, least: float | None) -> Found:
    """Yes/no by yes/no: chi-squared times (n - 1) / n, difference of shares."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    no_no, no_yes, yes_no, yes_yes = (tables[:, i, j].astype(float) for i in (0, 1) for j in (0, 1))
    yes, no, n = yes_no + yes_yes, no_no + no_yes, tables.sum(axis=(1, 2))
    cross = yes_yes * no - no_yes * yes
    z = cross * np.sqrt((n - 1) / (yes * no * (no_yes + yes_yes) * (no_no + yes_no)))
    four = (yes_yes, yes, no_yes, no)
    equivalence = np.full(len(n), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):  # of odds ratios, which statsmodels computes as well
        bounds = confint_proportions_2indep(*four, method="newcomb", compare="diff", alpha=1 - LEVEL)
    if least is not None:
        enough = np.minimum(yes, no) >= SHARED
        equivalence = np.where(enough, np.maximum(*newcombe_ps(*four, least)), np.nan)
    clipped = (np.maximum(-1.0, bounds[0]), np.minimum(1.0, bounds[1]))
    return _signed(z, side, yes_yes / yes - no_yes / no, clipped, equivalence, np.zeros(len(n), bool))


def _groups(tables: np.ndarray, side: str, least: float | None) -> Found:
    """Yes/no by ordered: Mann-Whitney, Cliff's delta, with Brunner and Munzel's t where a group is small."""
    two = tables[:, ::-1]  # those who said yes first, as in the plan
    sizes, ties = two.sum(axis=2), two.sum(axis=1).astype(float)
    n, pairs, smaller = sizes.sum(axis=1), sizes[:, 0] * sizes[:, 1], sizes.min(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):  # in tables that are judged alone
        value, variance = dominance.cliff_deltas(two)
        variance_z = pairs / 12 * (n + 1 - (ties**3 - ties).sum(axis=1) / (n * (n - 1)))
        z = value * pairs / 2 / np.sqrt(variance_z)
        alone = (abs(value) > 1 - NEAR) | (smaller < 2)
        value = np.where(alone, 0.0, value)
        error = np.sqrt(variance)
        low, high = fisher_bounds(value, error, ndtri((1 + LEVEL) / 2))
        equivalence = _equivalence(value, error, least, ndtr)
    few = (smaller < FEW) & ~alone
    if few.any():
        error, df = dominance.brunner_munzels(two[few])
        low[few], high[few] = fisher_bounds(value[few], error, stdtrit(df, (1 + LEVEL) / 2))
        equivalence[few] = _equivalence(value[few], error, least, lambda t: stdtr(df, t))
    equivalence = np.where(smaller < LEAST, np.nan, equivalence)
    return _signed(z, side, value, (low, high), equivalence, alone)


def _ordered(tables: np.ndarray, side: str, least: float | None) -> Found:
    """Ordered by ordered: Kendall's S, tau-b."""
    z = association.concordance(tables) / np.sqrt(association.kendall_variance(tables))
    value, error = association.measures(tables, "tau_b")
    alone = (abs(value) > 1 - NEAR) | (error < NEAR)
    value, error = np.where(alone, 0.0, value), np.where(alone, 1.0, error)
    low, high = fisher_bounds(value, error, ndtri((1 + LEVEL) / 2))
    equivalence = _equivalence(value, error, least, ndtr)
    n = tables.sum(axis=(1, 2))
    few = (n < association.FEW) & ~alone
    if few.any():
        error, df = association.widened(tables[few], value[few], error[few]), n[few] - 2.0
        low[few], high[few] = fisher_bounds(value[few], error, stdtrit(df, (1 + LEVEL) / 2))
        equivalence[few] = _equivalence(value[few], error, least, lambda t: stdtr(df, t))
    return _signed(z, side, value, (low, high), equivalence, alone)


# --- sizes without


def _unsigned(square: Squares, value: np.ndarray, low: np.ndarray, high: np.ndarray, least: float | None) -> Found:
    """The results of a chi-squared statistic; `least` is the square of the smallest size of interest."""
    few, no = square[-1] < categories.FEW, np.zeros(len(value), bool)
    equivalence = np.nan if least is None else square_ps(*square, least)
    return Found(
        chdtrc(square[1], square[0]), np.ones(len(value)), value, np.where(few, 0.0, np.minimum(low, value)),
        np.where(few, 1.0, np.maximum(high, value)), np.where(few, np.nan, equivalence), no, no,
    )


def _several(tables: np.ndarray, side: str, least: float | None) -> Found:
    """Nominal by ordered: Kruskal and Wallis's H, epsilon squared."""
    n, (value, error) = tables.sum(axis=(1, 2)), groups.epsilon_squares(tables)
    square = groups.kruskal_h(tables), _used(tables, 2) - 1.0, n - 1.0, value, error, n
    return _unsigned(square, value, *square_bounds(*square, LEVEL), least)


def _unordered(tables: np.ndarray, side: str, least: float | None) -> Found:
    """Nominal by nominal or yes/no: chi-squared, bias-corrected V."""
    statistic, rows, columns = categories.chi_squares(tables)
    statistic = np.maximum(0.0, statistic)
    n, smaller = tables.sum(axis=(1, 2)), np.minimum(rows, columns) - 1
    phi, error = (one / smaller for one in categories.phi_squares(tables))
    square = statistic, (rows - 1.0) * (columns - 1), n * smaller, phi, error, n
    value, bounds = categories.corrected_v(statistic, n, rows, columns), map(np.sqrt, square_bounds(*square, LEVEL))
    return _unsigned(square, value, *bounds, None if least is None else least**2)


# --- the table

TWINS: dict[tuple[str, str], Callable[[np.ndarray, str, float | None], Found]] = {
    ("yes-no", "yes-no"): _shares,
    ("yes-no", "ordered"): _groups,
    ("ordered", "ordered"): _ordered,
    ("nominal", "ordered"): _several,
    ("nominal", "nominal"): _unordered,
    ("nominal", "yes-no"): _unordered,
}
assert TWINS.keys() == ROWS.keys(), "every row of the plan has its twin"


def _twin(row: Row, kinds: tuple[str, str]) -> Callable[[np.ndarray, str, float | None], Found]:
    """The twin of a row of the plan."""
    first, second = (CLASSES[kind] for kind in kinds)
    return TWINS[(second, first) if row.turned else (first, second)]
