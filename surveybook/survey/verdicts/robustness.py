"""Would another reasonable choice have changed the verdict?  One hypothesis under every other choice.

A specification curve without a p of its own: the choices share the same people, so how many of them agree is a
description, not a test (Simonsohn, Simmons and Nelson 2020, doi 10.1038/s41562-020-0912-z).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from surveybook.survey.data.codebook import Declared
from surveybook.survey.data.crossing import Table, crossed
from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.data.responses import CANT_SAY, Codes, counted
from surveybook.survey.data.study import Study
from surveybook.survey.estimates.share import WITHHELD, Interval
from surveybook.survey.stats import association, categories, contingency, dominance, regression, two_by_two
from surveybook.survey.stats.result import Estimate, Tested, fisher_z, normal_p
from surveybook.survey.verdicts.plan import CORRECTED_V, Row, row_for, signed_chi_squared, yes_first
from surveybook.survey.verdicts.test import LEVEL, check_usable
from surveybook.survey.verdicts.verdict import Verdict

NORMAL = 1.959963984540054  # quantile of the 95% interval of a rank correlation
DRAWS = 10_000
PLAN = "plan"  # what the planned choice is about
NOTHING = (math.nan,) * 4  # of the columns from effect to p
UNWEIGHTED = "not weighted, as if all were drawn one by one with the same chance"
OTHERS = "withheld, as it rests on other people than the table that is shown"
COLUMNS = ["about", "choice", "measure", "n", "effect", "low", "high", "p", "note"]

Specification = tuple[str, str, Callable[[], Tested], Callable[[], Estimate | None]]  # choice, measure, test, size


@dataclass(frozen=True)
class Robustness:
    """`frame`: one row for each choice, the planned one first. Columns: `about` (plan, test, missing, people,
    regression), `choice` in words, `measure` of the effect, `n`, `effect`, `low` and `high` (95%; empty where there
    is no interval), `p` (on the side of the claim, not adjusted for the family), `note` (why there is no result).

    `choices`: how many other ones gave a result; `same_sign`: in how many the effect has the sign of the planned one
    (None where it has no direction); `same_side`: in how many p lies on the same side of the level of the family.
    """

    frame: pd.DataFrame
    choices: int
    same_sign: int | None
    same_side: int


def robustness(study: Study, verdict: Verdict) -> Robustness:
    """The hypothesis of a verdict under every other choice; none where its counts are withheld."""
    hypothesis, row = verdict.hypothesis, verdict.row
    if verdict.counts.trouble:
        line = (PLAN, "as planned", row.label, verdict.n, *NOTHING, verdict.counts.trouble)
        return Robustness(pd.DataFrame([line], columns=COLUMNS), 0, None, 0)
    rows = [_line(PLAN, "as planned", row.label, verdict.n, lambda: verdict.judged.tested,
                  lambda: verdict.judged.size)]
    if verdict.judged.trouble:
        return _counted(pd.DataFrame(rows, columns=COLUMNS), row.signed, hypothesis.family.level)
    table = verdict.counts.table
    if verdict.counts.weighted:
        unweighted = row_for(hypothesis.predictor.kind, hypothesis.outcome.kind)
        rows.append(_line(
            "people", UNWEIGHTED, unweighted.label, verdict.n,
            lambda: _approximate(unweighted, table, verdict.side), lambda: unweighted.sized(table, LEVEL),
        ))
        return _counted(pd.DataFrame(rows, columns=COLUMNS), row.signed, hypothesis.family.level)
    turned = tuple(zip(*table, strict=True)) if row.turned else table
    for choice, measure, test, size in _tests(row.measure, turned, verdict):
        rows.append(_line("test", choice, measure, verdict.n, test, size))
    for about, choice, codes in _others(study, hypothesis):
        if study.disclosure.minimum_cell:
            rows.append((about, choice, row.label, WITHHELD, *NOTHING, OTHERS))
            continue
        counts = crossed(hypothesis.predictor, hypothesis.outcome, codes)
        if about == "missing" and counts.table == table:
            continue  # nobody is in this case
        rows.append(_line(
            about, choice, row.label, counts.n,
            lambda t=counts.table: _approximate(row, t, verdict.side),
            lambda t=counts.table: row.sized(t, LEVEL),
        ))
    rows += _regressions(study, verdict)
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return _counted(frame, row.signed, hypothesis.family.level)


def _approximate(row: Row, table: Table, side: str) -> Tested:
    """The approximation of a row of the plan, where the table allows a test at all."""
    check_usable(table)
    return row.approximate(table, side)


def _counted(frame: pd.DataFrame, signed: bool, level: float) -> Robustness:
    """How many of the other choices agree with the planned one."""
    planned, others = frame.iloc[0], frame.iloc[1:]
    others = others[others["p"].notna()]
    same = None
    if signed:
        same = int((np.sign(others["effect"]) == np.sign(planned["effect"])).sum())
    return Robustness(frame, len(others), same, int(((others["p"] < level) == (planned["p"] < level)).sum()))


def _line(
    about: str, choice: str, measure: str, n: float, test: Callable[[], Tested], size: Callable[[], Estimate]
) -> tuple:
    """One row of the frame; with the reason in place of a result where there can be none."""
    try:
        tested, sized = test(), size()
    except ValueError as error:
        return about, choice, measure, n, *NOTHING, str(error)
    if tested is None or sized is None:
        return about, choice, measure, n, *NOTHING, "the answers allow no test"
    low, high = (sized.interval.low, sized.interval.high) if sized.interval else (math.nan, math.nan)
    return about, choice, measure, n, sized.value, low, high, tested.p, ""


# --- other tests


def _tests(measure: str, table: Table, verdict: Verdict) -> Iterator[Specification]:
    """Every other test for a pair of kinds; the table is turned as the plan has the pair."""
    side, label = verdict.side, verdict.row.label
    x, y = verdict.counts.values[::-1] if verdict.row.turned else verdict.counts.values

    def planned() -> Estimate | None:
        return verdict.judged.size

    def approximate() -> Tested:
        return verdict.row.approximate(verdict.counts.table, side)

    if measure == "risk_difference":
        yield "Fisher's test with mid-p", label, lambda: two_by_two.fisher(table, side, mid=True), planned
        yield "Boschloo's test", label, lambda: two_by_two.boschloo(table, side), planned
        yield "chi-squared, factor (n - 1) / n", label, approximate, planned
        yield ("chi-squared, no correction", "log odds ratio", lambda: signed_chi_squared(table, side, "none"),
               lambda: _log(two_by_two.odds_ratio(table)))
        return
    yield {"cramers_v": "chi-squared approximation", "epsilon_squared": "chi-squared approximation"}.get(
        measure, "normal approximation"), label, approximate, planned
    if measure == "cramers_v":
        yield "likelihood ratio (G)", label, lambda: categories.chi_squared(table, likelihood=True), planned
        yield "chi-squared, permuted", label, lambda: categories.permuted_chi_squared(table, DRAWS), planned
        return
    halves = _halves(table)
    if measure == "epsilon_squared":
        yield "order ignored: chi-squared", CORRECTED_V, lambda: categories.chi_squared(table), lambda: _v(table)
        yield "answers split in halves", CORRECTED_V, lambda: categories.chi_squared(halves), lambda: _v(halves)
        return
    yield ("steps taken as equal: linear-by-linear", "Pearson's r",
           lambda: association.linear_by_linear(table, x, y, side), lambda: _pearson(table, x, y))
    if measure == "cliff_delta":
        yield ("Brunner-Munzel test", label, lambda: _brunner_munzel(table, side),
               lambda: dominance.cliff_delta(yes_first(table), LEVEL, "bm_t"))
        yield ("answers split in halves: Fisher's test", "difference of shares",
               lambda: two_by_two.fisher(halves, side), lambda: _difference(halves))
        return
    yield ("Spearman's rank correlation", "Spearman's rho", lambda: association.spearman(table, side),
           lambda: _rho(table))
    other = tuple(zip(*halves, strict=True))  # rows: lower and upper half of the second answer
    yield ("second answer split in halves: Mann-Whitney", "Cliff's delta",
           lambda: dominance.mann_whitney(yes_first(other), side, "asymptotic"),
           lambda: dominance.cliff_delta(yes_first(other), LEVEL))


def _brunner_munzel(table: Table, side: str) -> Tested:
    """On the side on which those who said yes answer higher."""
    found = dominance.brunner_munzel(yes_first(table))
    if side == "two-sided":
        return found
    low = found.p / 2 if (dominance.cliff_delta(yes_first(table)).value > 0) == (side == "greater") else 1 - found.p / 2
    return Tested(found.statistic, low, found.method, side, found.df)


def _halves(table: Table) -> Table:
    """The columns put together to two, as even as can be."""
    counts = np.array(table)
    cumulative = np.cumsum(counts.sum(axis=0))[:-1]
    cut = int(abs(cumulative - counts.sum() / 2).argmin()) + 1
    return tuple((int(line[:cut].sum()), int(line[cut:].sum())) for line in counts)


def _difference(table: Table) -> Estimate:
    (no_no, no_yes), (yes_no, yes_yes) = table
    return two_by_two.difference(yes_yes, yes_no + yes_yes, no_yes, no_no + no_yes, LEVEL)


def _v(table: Table) -> Estimate:
    return categories.cramers_v(table, LEVEL)


def _pearson(table: Table, x: tuple[int, ...], y: tuple[int, ...]) -> Estimate:
    first, second = np.indices(np.shape(table))
    return association.pearson(np.array(x)[first.ravel()], np.array(y)[second.ravel()], LEVEL, sum(table, ()))


def _rho(table: Table) -> Estimate:
    """Spearman's rho with Fisher's z interval and the variance 1.06 / (n - 3) of Fieller and others (1957)."""
    rho, n = association.spearman(table).statistic, sum(map(sum, table))
    if n <= 3:
        return Estimate(rho, None)
    error = math.sqrt(1.06 / (n - 3)) * (1 - rho * rho)
    return Estimate(rho, fisher_z(rho, error, NORMAL, LEVEL, "Fisher z, Fieller"))


def _log(found: Estimate) -> Estimate:
    """A ratio on the log scale, where none is zero."""
    inside = found.interval
    return Estimate(math.log(found.value), Interval(math.log(inside.low), math.log(inside.high), inside.level,
                                                    inside.method))


# --- other people


def _others(study: Study, hypothesis: Hypothesis) -> Iterator[tuple[str, str, Mapping[str, np.ndarray]]]:
    """The codes of the answers under every other choice of who counts, and how."""
    codes, codebook = study.responses.codes, study.responses.codebook
    yield "missing", "“can't say” taken as the lowest answer", lowest(codebook, codes)
    family = [h for h in study.hypotheses.values() if h.family.id == hypothesis.family.id]
    complete = np.all([codes[q.id] >= 0 for h in family for q in (h.predictor, h.outcome)], axis=0)
    yield "missing", "only people with every answer of the family", _only(codes, complete)
    if question := hypothesis.leave_out:
        for place, answer in enumerate(question.answers):
            yield "people", f"without {question.labels[answer]}", _only(codes, codes[question.id] != place)


def lowest(codebook: Mapping[str, Declared], codes: Mapping[str, np.ndarray]) -> Codes:
    """The codes with “can't say” as the lowest answer of ordered questions, and as no of yes/no ones; counts of them
    are counted anew. Where answers have no order it stays missing."""
    changed: Codes = {}
    for name, question in codebook.items():
        if question.counting:
            changed[name] = counted(question.counting, codebook, changed)
        elif question.kind in ("yes-no", "ordered"):
            changed[name] = np.where(codes[name] == CANT_SAY, 0, codes[name])
        else:
            changed[name] = codes[name]
    return changed


def _only(codes: Mapping[str, np.ndarray], kept: np.ndarray) -> Codes:
    return {name: code[kept] for name, code in codes.items()}


# --- regression


def _regressions(study: Study, verdict: Verdict) -> list[tuple]:
    """Proportional odds, or logistic regression of a yes/no outcome: alone, from the table, and with another answer
    held equal where that was declared.

    Left out where an answer has no order: it would need a coefficient for each group.
    """
    hypothesis = verdict.hypothesis
    predictor, outcome, equal = hypothesis.predictor, hypothesis.outcome, hypothesis.hold_equal
    if "nominal" in (predictor.kind, outcome.kind):
        return []
    first, second = (np.array(own)[place] for own, place in zip(
        verdict.counts.values, contingency.spread(np.array(verdict.counts.table)), strict=True))
    plain, fit = "proportional odds", regression.proportional_odds
    if len(levels := np.unique(second)) == 2:
        plain, fit, second = "logistic regression", regression.logistic, np.searchsorted(levels, second)
    lines = [_fitted(plain, verdict, lambda: fit(second, {predictor.id: first}), len(first))]
    if equal and equal.id not in (predictor.id, outcome.id):
        choice = f"{plain}, adjusted for “{equal.label}”"
        if study.disclosure.minimum_cell:
            return [*lines, ("regression", choice, "log odds ratio", WITHHELD, *NOTHING, OTHERS)]
        codes = study.responses.codes
        kept = np.all([codes[one.id] >= 0 for one in (predictor, outcome, equal)], axis=0)
        columns = {one.id: codes[one.id][kept] for one in (predictor, equal)}
        lines.append(_fitted(choice, verdict, lambda: fit(codes[outcome.id][kept], columns), int(kept.sum())))
    return lines


def _fitted(choice: str, verdict: Verdict, fit: Callable[[], Mapping[str, regression.Coefficient]], n: int) -> tuple:
    """The row of a regression, which is fitted once for test and size."""
    found: list[regression.Coefficient] = []

    def coefficient() -> regression.Coefficient:
        if not found:
            found.append(fit()[verdict.hypothesis.predictor.id])
        return found[0]

    def test() -> Tested:
        z = coefficient().value / coefficient().standard_error
        return Tested(z, normal_p(z, verdict.side), "Wald", verdict.side, z=z)

    def size() -> Estimate:
        return Estimate(coefficient().value, coefficient().wald, coefficient().standard_error)

    return _line("regression", choice, "log odds ratio", n, test, size)
