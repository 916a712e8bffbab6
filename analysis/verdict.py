"""What do the responses say about each hypothesis?  The one path from a declaration to a verdict.

The kinds of the two answers choose test, size and interval (plan.py). A claim with a direction is tested on that side
alone, one without on both. The p values of a family are adjusted by Holm, over all that were declared, so that a
family has a false alarm at most as often as its level says. The word is the first of these that holds:

    effect        the adjusted p is below the level of the family: the relation is there, in the declared direction
    opposite      the same test on the other side, adjusted by Holm in the same way, is below the level: the answers
                  go against the claim. It never counts as support, and has an error rate of its own
    equivalent    the interval for equivalence (90% at the level 5%) lies inside the smallest effect of interest
    inconclusive  none of these

A relation can be an effect and still smaller than the smallest one of interest; the sentence then says so. Equivalence
is not adjusted: “none of these matters” needs every single one to be shown (intersection-union; Berger 1982,
Technometrics 24, 295).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version

import numpy as np

from .crossing import Crossed, Table, crossed
from .hypotheses import Hypothesis, Published
from .inference.counting import DRAWS, SEED
from .inference.equivalence import Equivalence
from .inference.multiplicity import adjust
from .inference.result import Estimate, Tested
from .meaning import meaning
from .plan import OTHER, SIDES, Row, row_for
from .study import Study

EFFECT, OPPOSITE, EQUIVALENT, INCONCLUSIVE = WORDS = ("effect", "opposite", "equivalent", "inconclusive")
LEVEL = 0.95  # of the intervals of sizes
MORE = 10  # times the draws where the error of drawing leaves open on which side of the level an adjusted p lies


@dataclass(frozen=True)
class Judged:
    """The test of one table: the test in the direction of the claim and on the `other` side (None where it has no
    direction, or the answers do not go there), its cross-check, size, equivalence, and the draws that were needed.

    `trouble` says why there is none of it, if the table allows no test.
    """

    tested: Tested | None = None
    other: Tested | None = None
    approximate: Tested | None = None
    size: Estimate | None = None
    equivalence: Equivalence | None = None
    draws: int = 0
    trouble: str = ""


@dataclass(frozen=True)
class Verdict:
    """A hypothesis, what was counted, how it was tested, and what that says.

    `counts`: the table, and who is missing from it by reason. `row`: the test and size of the plan, and why these.
    `judged`: the results. `p_adjusted`: by Holm among the `declared` hypotheses of the family; `p_rate`: by Benjamini
    and Hochberg (the share of false ones among the effects found); `p_other`: of the other side, by Holm.
    All are None where no test is possible. `sentence`: what the `word` means for the claim.
    `evidence`: real or simulated, as the responses are.
    """

    hypothesis: Hypothesis
    counts: Crossed
    row: Row
    judged: Judged
    side: str
    declared: int
    p_adjusted: float | None
    p_rate: float | None
    p_other: float | None
    word: str
    sentence: str
    evidence: str
    seed: int
    engine: str

    @property
    def n(self) -> int:
        """People who gave both answers."""
        return self.counts.n

    @property
    def p(self) -> float | None:
        """The p of the test alone."""
        return self.judged.tested.p if self.judged.tested else None

    @property
    def published(self) -> Published | None:
        """The published relation and its outcome, where there is one."""
        return self.hypothesis.published

    @property
    def method(self) -> str:
        """Exact, by Monte Carlo (with draws, seed and error), or approximate."""
        tested = self.judged.tested
        if tested is None:
            return "none"
        if tested.standard_error:
            return (f"Monte Carlo, {self.judged.draws:,} tables with the same sums, seed {self.seed}, "
                    f"standard error {tested.standard_error:.1g}")
        return "exact" if tested.mid_p is not None else "approximate"


def judge(study: Study, draws: int = DRAWS, seed: int = SEED, family: str = "") -> dict[str, Verdict]:
    """The verdict on every hypothesis of a study or of one `family`, by id; none where the study has no responses.

    `draws`: tables drawn where there are too many to list; 0 takes the approximation of each test instead.
    Raises DataError for a pair of kinds that the plan has no test for.
    """
    if study.responses is None:
        return {}
    evidence = "simulated" if study.simulated else "real"
    claims = {name: one for name, one in study.hypotheses.items() if family in ("", one.family.id)}
    return judge_codes(claims, study.responses.codes, evidence, draws, seed)


def judge_codes(
    hypotheses: Mapping[str, Hypothesis], codes: Mapping[str, np.ndarray], evidence: str, draws: int = DRAWS,
    seed: int = SEED,
) -> dict[str, Verdict]:
    """As `judge`, from the codes of the answers."""
    rows = {name: row_for(h.predictor.kind, h.outcome.kind) for name, h in hypotheses.items()}
    counts = {name: crossed(h.predictor, h.outcome, codes) for name, h in hypotheses.items()}
    found: dict[str, Verdict] = {}
    libraries = engine()
    for family in {h.family.id: h.family for h in hypotheses.values()}.values():
        members = [name for name, h in hypotheses.items() if h.family.id == family.id]

        def results(draws: dict[str, int], members: list[str] = members) -> dict[str, Judged]:
            return {
                name: judged(counts[name].table, hypotheses[name], draws[name], seed) for name in members
            }

        first = results(dict.fromkeys(members, draws))
        unclear = _unclear(first, family.level)
        tests = results({name: draws * MORE if name in unclear else draws for name in members}) if unclear else first
        values = [one.tested.p if one.tested else None for one in tests.values()]
        others = [one.other.p if one.other else None if one.trouble else 1.0 for one in tests.values()]
        for name, holm, rate, other in zip(
            members, adjust(values, family.correction), adjust(values, "benjamini-hochberg"),
            adjust(others, family.correction), strict=True,
        ):
            hypothesis, row, one = hypotheses[name], rows[name], tests[name]
            word = _word(one, holm, other, family.level)
            found[name] = Verdict(
                hypothesis, counts[name], row, one, SIDES[hypothesis.direction], len(members), holm, rate, other,
                word, meaning(word, hypothesis, row, counts[name].table, one, evidence), evidence, seed, libraries,
            )
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
    row, bounds = row_for(predictor, outcome), dict(smallest)

    def test(side: str) -> Tested:
        return row.tested(table, side, draws, seed) if draws else row.approximate(table, side)

    try:
        if sum(map(sum, table)) < 3:
            raise ValueError("fewer than three people gave both answers")
        if min(sum(any(line) for line in way) for way in (table, zip(*table, strict=True))) < 2:
            raise ValueError("all who gave both answers gave the same one to one of the questions")
        size = row.sized(table, LEVEL)
        against = side in OTHER and size.value * (1 if side == "greater" else -1) < 0
        least = bounds.get(row.measure)
        return Judged(
            test(side), test(OTHER[side]) if against else None, row.approximate(table, side), size,
            row.bounded(table, least, level) if least else None, draws,
        )
    except ValueError as error:
        return Judged(trouble=str(error))


def _unclear(tests: Mapping[str, Judged], level: float) -> set[str]:
    """Whose draws leave open on which side of the level an adjusted p lies (within two standard errors)."""
    unclear: set[str] = set()
    for side in ("tested", "other"):
        found = {name: getattr(one, side) for name, one in tests.items()}
        adjusted = adjust([one.p if one else None for one in found.values()])
        unclear |= {
            name for (name, one), p in zip(found.items(), adjusted, strict=True)
            if p is not None and abs(p - level) < 2 * one.standard_error * p / one.p
        }
    return unclear


def _word(one: Judged, p: float | None, other: float | None, level: float) -> str:
    """The word of the verdict."""
    if p is None:
        return INCONCLUSIVE
    if p < level:
        return EFFECT
    if other is not None and other < level:
        return OPPOSITE
    return EQUIVALENT if one.equivalence and one.equivalence.p < level else INCONCLUSIVE


def engine() -> str:
    """The libraries that computed, with their versions."""
    return ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "statsmodels"))
