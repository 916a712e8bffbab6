"""What does the whole plan say about each of many surveys?  The twin of `judge_counts`, for all surveys at once.

The answers of all surveys stand one after the other, as they are drawn; each hypothesis is counted once, into one table
a survey, and everything else is computed on the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from surveybook.survey.data.codebook import Declared
from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.data.simulation.assumptions import Model
from surveybook.survey.design.approximations import Found, judge_each
from surveybook.survey.stats.multiplicity import adjust, holm
from surveybook.survey.verdicts.test import EFFECT, EQUIVALENT, INCONCLUSIVE, OPPOSITE, WORDS

Levels = Mapping[str, np.ndarray]
"""The codes that the answers to each question can have, rising."""


@dataclass(frozen=True)
class Judgement:
    """What the plan says about one hypothesis in each of many surveys.

    `tables`: survey x predictor x outcome. `found`: the results of the tests. `adjusted`: p by Holm in its family, of
    the test and of the `other` side; nan where no test is possible. `words`: places in WORDS.
    """

    tables: np.ndarray
    found: Found
    adjusted: np.ndarray
    other: np.ndarray
    words: np.ndarray


def levels_of(model: Model, codebook: Mapping[str, Declared], questions: set[str]) -> Levels:
    """The codes that the model can give to these questions."""
    found = {}
    for name in questions:
        question = codebook[name]
        if question.counting:
            found[name] = np.arange(question.maximum + 1)
        elif question.kind == "count":
            found[name] = np.array(sorted(map(int, model.margins[name])))
        else:
            found[name] = np.arange(len(question.answers))
    return found


def judge_surveys(
    hypotheses: Mapping[str, Hypothesis], codes: Mapping[str, np.ndarray], levels: Levels, surveys: int
) -> dict[str, Judgement]:
    """The whole plan in each of the surveys, whose respondents stand one after the other in `codes`, by hypothesis."""
    places = {
        name: _places(codes[name], levels[name])
        for name in {question.id for h in hypotheses.values() for question in (h.predictor, h.outcome)}
    }
    tables = {
        name: _cross(places[h.predictor.id], places[h.outcome.id], surveys, len(levels[h.predictor.id]),
                     len(levels[h.outcome.id]))
        for name, h in hypotheses.items()
    }
    found = {name: judge_each(tables[name], h) for name, h in hypotheses.items()}
    judgements: dict[str, Judgement] = {}
    for family in {h.family.id: h.family for h in hypotheses.values()}.values():
        members = [name for name, h in hypotheses.items() if h.family.id == family.id]
        adjusted, others = (
            _adjusted(np.array([getattr(found[name], side) for name in members]), family.correction)
            for side in ("p", "other")
        )
        for name, p, other in zip(members, adjusted, others, strict=True):
            words = _words(p, other, found[name].shown(family.level), family.level)
            judgements[name] = Judgement(tables[name], found[name], p, other, words)
    return {name: judgements[name] for name in hypotheses}


def _adjusted(p: np.ndarray, correction: str) -> np.ndarray:
    """The p of the tests of a family (test x survey), adjusted in each survey."""
    if correction == "holm":
        return holm(p)
    columns = [adjust([None if np.isnan(one) else one for one in survey], correction) for survey in p.T]
    return np.array(columns, dtype=float).reshape(p.T.shape).T


def _places(codes: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """The place of each answer among the levels, from 1; 0 where it is missing."""
    if len(levels) == levels[-1] + 1:  # all numbers from 0
        return np.maximum(codes, -1).astype(np.int16) + np.int16(1)
    lookup = np.zeros(levels[-1] + 2, np.int16)
    lookup[levels + 1] = np.arange(1, len(levels) + 1)
    return lookup[np.maximum(codes, -1) + np.int32(1)]


def _cross(first: np.ndarray, second: np.ndarray, surveys: int, rows: int, columns: int) -> np.ndarray:
    """Counts of each pair of answers, survey x row x column, those with a missing answer left out.

    The surveys lie innermost in memory, so that all further steps go along them.
    """
    cells = (rows + 1) * (columns + 1)
    place = first.astype(np.int32 if cells > np.iinfo(np.int16).max else np.int16) * (columns + 1) + second
    flat = place.reshape(surveys, -1) + np.arange(0, surveys * cells, cells)[:, None]
    counts = np.bincount(flat.ravel(), minlength=surveys * cells).reshape(surveys, rows + 1, columns + 1)
    return np.ascontiguousarray(counts[:, 1:, 1:].transpose(1, 2, 0)).transpose(2, 0, 1)


def _words(p: np.ndarray, other: np.ndarray, smaller: np.ndarray, level: float) -> np.ndarray:
    """The word of each verdict, as its place in WORDS: the first that holds (nan is below nothing)."""
    words = np.full(len(p), WORDS.index(INCONCLUSIVE), np.int8)
    words[smaller] = WORDS.index(EQUIVALENT)
    words[other < level] = WORDS.index(OPPOSITE)
    words[p < level] = WORDS.index(EFFECT)
    words[np.isnan(p)] = WORDS.index(INCONCLUSIVE)
    return words
