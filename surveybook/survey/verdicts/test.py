"""What does the plan say about the tables of a study?  Test, size, interval and equivalence of each, and what is left
of it when a family is corrected: the word (verdict.py says what it means).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from numbers import Real
from typing import TypeVar

from surveybook.survey.data.crossing import Table
from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.estimates.share import known
from surveybook.survey.stats.equivalence import Equivalence
from surveybook.survey.stats.multiplicity import adjust
from surveybook.survey.stats.result import Estimate, Tested
from surveybook.survey.verdicts.plan import OTHER, SIDES
from surveybook.survey.verdicts.sampled import row_of, told

EFFECT, OPPOSITE, EQUIVALENT, INCONCLUSIVE = WORDS = ("effect", "opposite", "equivalent", "inconclusive")
LEVEL = 0.95  # of the intervals of sizes
Result = TypeVar("Result")
MORE = 10  # times the draws where the error of drawing leaves open on which side of the level an adjusted p lies


@dataclass(frozen=True)
class Judged:
    """The test of one table: the test in the direction of the claim and on the `other` side (None where it has no
    direction, or the answers do not go there), its cross-check, size, equivalence, and the draws that were needed.

    `trouble` says why there is none of it, if the table allows no test. Size and equivalence fail on their own:
    `no_size` and `no_equivalence` say why there is none, though there is a test.
    """

    tested: Tested | None = None
    other: Tested | None = None
    approximate: Tested | None = None
    size: Estimate | None = None
    equivalence: Equivalence | None = None
    draws: int = 0
    trouble: str = ""
    no_size: str = ""
    no_equivalence: str = ""


@dataclass(frozen=True)
class Corrected:
    """The results of one table, corrected among the `declared` hypotheses of its family, and the `word` for them."""

    judged: Judged
    declared: int
    p_adjusted: float | None
    p_rate: float | None
    p_other: float | None
    word: str


def judge_tables(
    tables: Mapping[str, Table], hypotheses: Mapping[str, Hypothesis], draws: int, seed: int
) -> dict[str, Corrected]:
    """The results of every hypothesis, each family corrected. `draws` as in `verdict.judge`."""
    found: dict[str, Corrected] = {}
    for family in {h.family.id: h.family for h in hypotheses.values()}.values():
        members = [name for name, h in hypotheses.items() if h.family.id == family.id]

        def results(draws: Mapping[str, int], members: list[str] = members) -> dict[str, Judged]:
            return {name: judged(tables[name], hypotheses[name], draws[name], seed) for name in members}

        first = results(dict.fromkeys(members, draws))
        unclear = _unclear(first, family.level, family.correction)
        tests = results({name: draws * MORE if name in unclear else draws for name in members}) if unclear else first
        values = [_exact(one.tested) if one.tested else None for one in tests.values()]
        others = [_exact(one.other) if one.other else None if one.trouble else 1 for one in tests.values()]
        for name, holm, rate, other in zip(
            members, adjust(values, family.correction), adjust(values, "benjamini-hochberg"),
            adjust(others, family.correction), strict=True,
        ):
            word = _word(tests[name], holm, other, family.level)
            numbers = (None if one is None else float(one) for one in (holm, rate, other))
            found[name] = Corrected(tests[name], len(members), *numbers, word)
    return {name: found[name] for name in hypotheses}


def judged(table: Table, hypothesis: Hypothesis, draws: int, seed: int) -> Judged:
    """The results of the test that the plan has for a hypothesis, for a table."""
    family = hypothesis.family
    return _judged(table, hypothesis.predictor.kind, hypothesis.outcome.kind, SIDES[hypothesis.direction],
                   tuple(family.smallest_effects.items()), family.level, draws, seed)


@lru_cache(maxsize=4096)  # the table is all that a test needs, so the same one need not be drawn again
def _judged(
    table: Table, predictor: str, outcome: str, side: str, smallest: tuple[tuple[str, float], ...], level: float,
    draws: int, seed: int,
) -> Judged:
    row, bounds = row_of(table, predictor, outcome), dict(smallest)

    def test(side: str) -> Tested:
        return told(row.tested(table, side, draws, seed) if draws else row.approximate(table, side), table)

    try:
        check_usable(table)
        tested, approximate = test(side), told(row.approximate(table, side), table)
    except ValueError as error:
        return Judged(trouble=str(error))
    size, no_size = _attempt(lambda: told(row.sized(table, LEVEL), table))
    against = side in OTHER and size is not None and size.value * (1 if side == "greater" else -1) < 0
    least = bounds.get(row.measure)
    equivalence, no_equivalence = _attempt(
        lambda: told(row.bounded(table, least, level / 2), table) if least else None)
    return Judged(
        tested, test(OTHER[side]) if against else None, approximate, size, equivalence, draws, no_size=no_size,
        no_equivalence=no_equivalence,
    )


def check_usable(table: Table) -> None:
    """Raise ValueError, with the reason, for a table that allows no test."""
    if not known(sum(map(sum, table))):
        raise ValueError("its counts are withheld")
    if sum(map(sum, table)) < 3:
        raise ValueError("fewer than three people gave both answers")
    if min(sum(any(line) for line in way) for way in (table, zip(*table, strict=True))) < 2:
        raise ValueError("all who gave both answers gave the same one to one of the questions")


def _attempt(compute: Callable[[], Result]) -> tuple[Result | None, str]:
    """A result and nothing, or no result and the reason."""
    try:
        return compute(), ""
    except ValueError as error:
        return None, str(error)


def _unclear(tests: Mapping[str, Judged], level: float, correction: str) -> set[str]:
    """Whose draws leave open on which side of the level an adjusted p lies (within two standard errors)."""
    unclear: set[str] = set()
    for side in ("tested", "other"):
        found = {name: getattr(one, side) for name, one in tests.items()}
        adjusted = adjust([one.p if one else None for one in found.values()], correction)
        unclear |= {
            name for (name, one), p in zip(found.items(), adjusted, strict=True)
            if p is not None and one.standard_error and abs(p - level) < 2 * one.standard_error * p / one.p
        }
    return unclear


def _exact(tested: Tested) -> Real:
    """The p of a test, as a fraction where it was counted."""
    return tested.p if tested.counted is None else tested.counted


def _word(one: Judged, p: Real | None, other: Real | None, level: float) -> str:
    """The word of the verdict. The level is the one that is written: 0.05 is 1/20, which its float exceeds."""
    written = Fraction(str(level))
    if p is None:
        return INCONCLUSIVE
    if p < written:
        return EFFECT
    if other is not None and other < written:
        return OPPOSITE
    return EQUIVALENT if one.equivalence and one.equivalence.shown else INCONCLUSIVE
