"""What comes out of one chunk?  Some surveys are drawn from the model and judged; what is left is small."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from surveybook.survey.data.codebook import Declared, needed
from surveybook.survey.data.responses import Codes
from surveybook.survey.data.simulation.latents import answer, draw
from surveybook.survey.design.judgement import Levels, judge_surveys, levels_of
from surveybook.survey.design.scenarios import Chunk, Design, Scenario
from surveybook.survey.verdicts.test import WORDS


@dataclass(frozen=True)
class Outcome:
    """One hypothesis in the surveys of a chunk: the place of each verdict in WORDS (-1 where there was no test), size
    and bounds of its interval, and the table of all surveys together."""

    words: np.ndarray
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    pooled: np.ndarray


@dataclass(frozen=True)
class Simulated:
    """What came out of a chunk, by hypothesis."""

    chunk: Chunk
    outcomes: Mapping[str, Outcome]

    @property
    def digest(self) -> str:
        """A short hash of the counts of this chunk and of its sums, rounded so that any machine gets the same."""
        text = []
        for name, one in self.outcomes.items():
            sums = (f"{np.nansum(part):.5g}" for part in (one.value, one.low, one.high))
            counts = np.bincount(one.words + 1, minlength=len(WORDS) + 1).tolist()
            text.append(f"{name} {counts} {one.pooled.tolist()} {' '.join(sums)}")
        return hashlib.sha256("\n".join(text).encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Task:
    """A chunk with all that a worker must know to simulate it, and nothing else."""

    chunk: Chunk
    scenario: Scenario
    codebook: Mapping[str, Declared]
    seed: np.random.SeedSequence


def task(design: Design, chunk: Chunk) -> Task:
    """The task of a chunk."""
    return Task(chunk, design.scenarios[chunk.scenario], design.codebook, design.seed_of(chunk))


def simulate(task: Task) -> Simulated:
    """Draw the surveys of a chunk and judge them all."""
    levels, codes = responses(task)
    judgements = judge_surveys(task.scenario.hypotheses, codes, levels, task.chunk.surveys)
    found = {}
    for name, one in judgements.items():
        words = np.where(np.isnan(one.found.p), np.int8(-1), one.words)
        found[name] = Outcome(words, one.found.value, one.found.low, one.found.high, one.tables.sum(axis=0))
    return Simulated(task.chunk, found)


def responses(task: Task) -> tuple[Levels, Codes]:
    """The levels of the questions that the hypotheses are about, and the answers of all respondents of the chunk."""
    model, codebook = task.scenario.model, task.codebook
    asked = {q.id: q for h in task.scenario.hypotheses.values() for q in (h.predictor, h.outcome)}
    questions = set().union(*(needed(question, codebook) for question in asked.values()))
    people = task.chunk.surveys * task.chunk.respondents
    return levels_of(model, codebook, set(asked)), answer(model, codebook, draw(model, people, task.seed, questions))
