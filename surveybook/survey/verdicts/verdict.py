"""What do the responses say about each hypothesis?  The one path from a declaration to a verdict.

The kinds of the two answers choose test, size and interval (plan.py). A claim with a direction is tested on that side
alone, one without on both. The p values of a family are adjusted as it declares, over all that were declared: by
Holm, so that a family has a false alarm at most as often as its level says; by Benjamini and Hochberg, so that at most
that share of the effects found is false on average; or not at all, for a declared reason. The word is the first of
these that holds:

    effect        the adjusted p is below the level of the family: the relation is there, in the declared direction
    opposite      the same test on the other side, adjusted in the same way, is below the level: the answers
                  go against the claim. It never counts as support, and has an error rate of its own
    equivalent    the interval of the size (95% at the level 5%) lies inside the smallest effect of interest
                  (Equivalence.shown, the one place that decides it). One of 90%, as is common, is wrong too often
                  where few people answered, or most of them alike
    inconclusive  none of these

A relation can be an effect and still smaller than the smallest one of interest; the sentence then says so. Equivalence
is not adjusted: “none of these matters” needs every single one to be shown (intersection-union; Berger 1982,
Technometrics 24, 295).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version

from surveybook.survey.data.crossing import Crossed
from surveybook.survey.data.hypotheses import Hypothesis, Published
from surveybook.survey.data.study import Study
from surveybook.survey.stats.contingency import DRAWS, SEED
from surveybook.survey.verdicts.plan import SIDES, Row
from surveybook.survey.verdicts.sampled import row_of
from surveybook.survey.verdicts.sentence import meaning
from surveybook.survey.verdicts.test import Corrected, Judged, judge_tables

Judging = Callable[..., dict[str, Corrected]]


@dataclass(frozen=True)
class Verdict:
    """A hypothesis, what was counted, how it was tested, and what that says.

    `counts`: the table as it may be shown, and who is missing from it by reason; all results are computed from it.
    `row`: the test and size of the plan, and why these.
    `judged`: the results. `p_adjusted`: as declared, among the `declared` hypotheses of the family; `p_rate`: by
    Benjamini and Hochberg (the share of false ones among the effects found); `p_other`: of the other side,
    adjusted alike. All are None where no test is possible. `sentence`: what the `word` means for the claim.
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
    def n(self) -> float:
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


def judge(
    study: Study, draws: int = DRAWS, seed: int = SEED, family: str = "", judging: Judging = judge_tables
) -> dict[str, Verdict]:
    """The verdict on every hypothesis of a study or of one `family`, by id; none where the study has no responses.

    `draws`: tables drawn where there are too many to list; 0 takes the approximation of each test instead.
    `judging`: judge_tables, or what gives the same sooner.
    Raises DataError for a pair of kinds that the plan has no test for.
    """
    if study.responses is None:
        return {}
    claims = {name: one for name, one in study.hypotheses.items() if family in ("", one.family.id)}
    counts = {name: study.shown.crossed(one.predictor, one.outcome) for name, one in claims.items()}
    return judge_counts(claims, counts, "simulated" if study.simulated else "real", draws, seed, judging)


def judge_counts(
    hypotheses: Mapping[str, Hypothesis], counts: Mapping[str, Crossed], evidence: str, draws: int = DRAWS,
    seed: int = SEED, judging: Judging = judge_tables,
) -> dict[str, Verdict]:
    """As `judge`, from the cross table of each hypothesis."""
    found: dict[str, Verdict] = {}
    libraries = engine()
    for name, one in judging({name: c.tested for name, c in counts.items()}, hypotheses, draws, seed).items():
        hypothesis = hypotheses[name]
        judged = replace(one.judged, trouble=counts[name].trouble) if counts[name].trouble else one.judged
        row = row_of(counts[name].tested, hypothesis.predictor.kind, hypothesis.outcome.kind)
        found[name] = Verdict(
            hypothesis, counts[name], row, judged, SIDES[hypothesis.direction], one.declared,
            one.p_adjusted, one.p_rate, one.p_other, one.word,
            meaning(one.word, hypothesis, row, counts[name].tested, judged, evidence), evidence, seed, libraries,
        )
    return found


def engine() -> str:
    """The libraries that computed, with their versions."""
    return ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "statsmodels"))
