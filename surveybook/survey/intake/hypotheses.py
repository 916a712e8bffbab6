"""Which expectation can stand as an example?  One of two questions that are chosen by what they ask, not by answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from surveybook.survey.intake.decisions import LOOK
from surveybook.survey.intake.descriptor import quote
from surveybook.survey.intake.questions import Question
from surveybook.survey.intake.wordings import shorten, spelled

VARIABLES = ("ordered", "yes-no", "nominal", "count")


@dataclass(frozen=True)
class Example:
    """The two questions of the example."""

    predictor: Question
    outcome: Question


def find_example(questions: Sequence[Question]) -> Example | None:
    """The first question about the person, and the first other one with few answers in an order; None if there are not
    two such questions."""
    able = [
        one
        for one in questions
        if one.kind in VARIABLES
        and 1 < max(len(one.answers), len(one.bands)) <= 10
        and all(guess.doubt < LOOK for guess in one.guesses)
    ]
    outcomes = sorted(
        (one for one in able if not one.personal),
        key=lambda one: (("ordered", "yes-no", "count", "nominal").index(one.kind), bool(one.condition)),
    )
    predictors = [one for one in able if one.personal] + [one for one in able if not one.personal]
    for outcome in outcomes or able:
        for predictor in predictors:
            if (
                predictor is not outcome
                and not (predictor.condition and predictor.condition[0] == outcome.id)
                and not (outcome.condition and outcome.condition[0] == predictor.id)
            ):
                return Example(predictor, outcome)
    return None


def family_of(name: str) -> str:
    """The family of the example; its name is that of a section, so that it holds the study's."""
    return f"{name}-example"


def write_hypotheses(name: str, example: Example) -> str:
    """hypotheses.yaml with the one example."""
    predictor, outcome = (
        spelled(shorten(one.title, 80)).rstrip("?.! ") for one in (example.predictor, example.outcome)
    )
    return f"""\
# What was expected before the answers were read. Written by `surveybook study` as an example, to be replaced by yours:
# its two questions were chosen by what they ask, before their answers were compared. No result stands here.

families:
  {family_of(name)}:
    title: An example
    question: Do people who differ in one answer differ in another?
    correction: holm
    level: 0.05
    # the least sizes that would matter, by measure; which one is used follows from the kinds of the two questions
    smallest_effects: {{tau_b: 0.2, cliff_delta: 0.33, epsilon_squared: 0.08, risk_difference: 0.1, cramers_v: 0.2}}
    reason: >-
      These sizes are conventions and stand here as an example. Say instead which size would matter to those who read
      your report, and why.

hypotheses:
  - id: {name}-example
    family: {family_of(name)}
    claim: {quote(f"Answers to “{outcome}” differ by “{predictor}”.")}
    predictor: {example.predictor.id}
    outcome: {example.outcome.id}
    direction: any  # positive or negative, where you expect one and both questions have an order
    origin: An example that was written with the descriptor, so that the chapters have one hypothesis to show.
"""
