"""How often do the exact tests give another verdict than their approximations?  Both are made for the same surveys."""

from __future__ import annotations

from dataclasses import dataclass

from surveybook.survey.data.crossing import crossed
from surveybook.survey.design.chunks import Task, responses
from surveybook.survey.stats.contingency import SEED
from surveybook.survey.verdicts.test import judge_tables


@dataclass(frozen=True)
class Agreement:
    """In how many of the `surveys` the exact tests (or many draws) say `exact` and the approximations `approximate`."""

    scenario: str
    respondents: int
    hypothesis: str
    exact: str
    approximate: str
    surveys: int


def compare(task: Task, survey: int, draws: int) -> list[tuple[str, str, str]]:
    """Hypothesis, exact word and approximate word, in one survey of a chunk."""
    _, codes = responses(task)
    n, hypotheses = task.chunk.respondents, task.scenario.hypotheses
    mine = {name: code[survey * n : (survey + 1) * n] for name, code in codes.items()}
    tables = {name: crossed(h.predictor, h.outcome, mine).table for name, h in hypotheses.items()}
    exact, approximate = (judge_tables(tables, hypotheses, many, SEED) for many in (draws, 0))
    return [(name, exact[name].word, approximate[name].word) for name in hypotheses]
