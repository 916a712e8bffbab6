"""What is kept of a scenario?  Counts of verdicts, false alarms of families, and the true size of each relation.

Everything that is shown later is computed from these counts and sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from surveybook.survey.data.codebook import Declared
from surveybook.survey.design.approximations import judge_each
from surveybook.survey.design.chunks import Simulated
from surveybook.survey.design.relation import related
from surveybook.survey.design.scenarios import Scenario
from surveybook.survey.verdicts.plan import row_for
from surveybook.survey.verdicts.test import EFFECT, EQUIVALENT, INCONCLUSIVE, OPPOSITE, WORDS


@dataclass(frozen=True)
class Truth:
    """The true size of a relation in a scenario, and its Monte Carlo error: the size in the table of all `people` that
    were simulated for it, 0 without error where the model has no relation."""

    scenario: str
    hypothesis: str
    related: bool
    value: float
    error: float
    people: int


@dataclass(frozen=True)
class Verdicts:
    """How often each verdict was given on a hypothesis, in the surveys of one size of a scenario.

    `covered`: intervals that hold the true size. Among the found ones (`effect` and `opposite`): `wrong_sign`, whose
    sign is not that of the true size, and the sum and sum of squares of their sizes without sign.
    """

    scenario: str
    respondents: int
    hypothesis: str
    effect: int
    opposite: int
    equivalent: int
    inconclusive: int
    no_test: int
    covered: int
    wrong_sign: int
    found_sum: float
    found_squares: float


@dataclass(frozen=True)
class FalseAlarms:
    """In how many surveys a family has a false alarm: an `effect`, an `opposite`, or `either`, where there is no
    relation. `without`: how many of its hypotheses have none."""

    scenario: str
    respondents: int
    family: str
    without: int
    surveys: int
    effect: int
    opposite: int
    either: int


@dataclass(frozen=True)
class Digests:
    """The digests of the chunks of one size of a scenario, in their order."""

    scenario: str
    respondents: int
    digests: str


Rows = list[Truth | Verdicts | FalseAlarms | Digests]


def summarise(scenario: Scenario, codebook: Mapping[str, Declared], chunks: Sequence[Simulated]) -> Rows:
    """The rows of one scenario, from all its chunks in their order."""
    truths = {name: _truth(scenario, name, codebook, chunks) for name in scenario.hypotheses}
    rows: Rows = list(truths.values())
    for respondents, of_size in groupby(chunks, key=lambda one: one.chunk.respondents):
        same = list(of_size)
        rows += [_verdicts(scenario, respondents, truths[name], same) for name in scenario.hypotheses]
        rows += _false_alarms(scenario, respondents, truths, same)
        rows.append(Digests(scenario.name, respondents, " ".join(one.digest for one in same)))
    return rows


def _truth(scenario: Scenario, name: str, codebook: Mapping[str, Declared], chunks: Iterable[Simulated]) -> Truth:
    """The true size; its error from how far the chunks lie apart, each weighed by its people."""
    hypothesis = scenario.hypotheses[name]
    tables = np.array([one.outcomes[name].pooled for one in chunks])
    people = tables.sum(axis=(1, 2))
    if not related(hypothesis, scenario.model, codebook):
        return Truth(scenario.name, name, False, 0.0, 0.0, int(people.sum()))
    whole = float(judge_each(tables.sum(axis=0)[None], hypothesis).value[0])
    sizes, weights = judge_each(tables, hypothesis).value, people / people.sum()
    error = float(np.sqrt(np.nansum((weights * (sizes - whole)) ** 2)))
    return Truth(scenario.name, name, True, whole, error, int(people.sum()))


def _verdicts(scenario: Scenario, respondents: int, truth: Truth, chunks: Sequence[Simulated]) -> Verdicts:
    """The counts of one hypothesis."""
    parts = [one.outcomes[truth.hypothesis] for one in chunks]
    words, value, low, high = (
        np.concatenate([getattr(part, key) for part in parts]) for key in ("words", "value", "low", "high")
    )
    count = {word: int((words == place).sum()) for place, word in enumerate(WORDS)}
    found = _is(words, EFFECT) | _is(words, OPPOSITE)
    hypothesis = scenario.hypotheses[truth.hypothesis]
    signed = row_for(hypothesis.predictor.kind, hypothesis.outcome.kind).signed
    wrong = signed and truth.related and int((np.sign(value[found]) != np.sign(truth.value)).sum())
    sizes = abs(value[found])
    return Verdicts(
        scenario.name, respondents, truth.hypothesis, count[EFFECT], count[OPPOSITE], count[EQUIVALENT],
        count[INCONCLUSIVE], int((words < 0).sum()), int(((low <= truth.value) & (truth.value <= high)).sum()),
        int(wrong), float(sizes.sum()), float((sizes**2).sum()),
    )


def _false_alarms(
    scenario: Scenario, respondents: int, truths: Mapping[str, Truth], chunks: Sequence[Simulated]
) -> list[FalseAlarms]:
    """The counts of each family that has a hypothesis without a relation."""
    rows = []
    for family in {h.family.id: h.family for h in scenario.hypotheses.values()}:
        names = [n for n, h in scenario.hypotheses.items() if h.family.id == family and not truths[n].related]
        if not names:
            continue
        words = np.array([np.concatenate([one.outcomes[name].words for one in chunks]) for name in names])
        effect, opposite = _is(words, EFFECT).any(axis=0), _is(words, OPPOSITE).any(axis=0)
        rows.append(FalseAlarms(
            scenario.name, respondents, family, len(names), words.shape[1], int(effect.sum()), int(opposite.sum()),
            int((effect | opposite).sum()),
        ))
    return rows


def _is(words: np.ndarray, word: str) -> np.ndarray:
    return words == WORDS.index(word)
