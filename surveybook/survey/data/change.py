"""How did the answers to a question change from wave to wave?  Shares or means of each, and the change up to the last.

Changes are made from what is shown of the waves, or, of people who were matched, from a table that may be shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from surveybook.survey.data.codebook import Declared, Question
from surveybook.survey.data.disclosure import MANY
from surveybook.survey.data.responses import chosen, column
from surveybook.survey.data.scale import Scale, scale_of
from surveybook.survey.data.study import Study
from surveybook.survey.data.waves import Wave, Waves
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.distribution import Distribution
from surveybook.survey.estimates.share import WITHHELD, Share, known
from surveybook.survey.estimates.weighting import stack
from surveybook.survey.stats import change as stats
from surveybook.survey.stats.change import Changed
from surveybook.survey.stats.domains import Domains
from surveybook.survey.stats.scores import Mean, mean

SHARE, SCALE, NUMBER = "share", "scale", "number"  # what is compared


@dataclass(frozen=True)
class Step:
    """The change from an earlier wave, by its place, to the last. `changed`: None where it may not be told, or where
    there is none, which `trouble` says. `people`: how many were matched and answered twice, of matched waves."""

    since: int
    changed: Changed | None
    trouble: str = ""
    people: float | None = None


@dataclass(frozen=True)
class Part:
    """An answer, or the mean of all: its share or mean in each wave (None where it could not be given), and the steps
    to the last wave."""

    answer: str
    label: str
    values: tuple[Share | Mean | None, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Change:
    """A question in all waves. `kind`: whether shares of answers, or means of a scale or of a number are compared."""

    question: Question
    waves: Waves
    kind: str
    parts: tuple[Part, ...]

    @property
    def scale(self) -> Scale | None:
        return scale_of(self.question) if self.kind == SCALE else None


def changed(study: Study, name: str) -> Change:
    """The answers to a question in all waves of a study.

    Where only bands of a number may be told, these are its answers. Raises DataError, one sentence, for a study without
    earlier waves, for bands that differ then, and as `Waves.compared`.
    """
    question = study.question(name)
    if study.waves is None:
        raise DataError(f"“{study.id}” has no earlier wave, so nothing changed; name the files of earlier waves under "
                        "“waves” in its descriptor")
    waves, since = study.waves, study.waves.compared(name)
    if question.kind == "count" and waves.rule.minimum_cell and _has_wide_bands(question):
        for place in since:
            if waves.each[place].questions[name].answers != question.answers:
                raise DataError(f"“{name}” cannot be compared with {waves.each[place].label}: small counts are "
                                "withheld, and numbers put together in other bands; give both the same “bands”")
    elif question.kind == "count":
        return Change(question, waves, NUMBER, (_of_number(question, waves, since),))
    if question.kind == "ordered" and len(question.answers) > 2:
        return Change(question, waves, SCALE, (_of_scale(question, waves, since),))
    return Change(question, waves, SHARE, tuple(_of_answers(question, waves, since)))


def _of_answers(question: Question, waves: Waves, since: list[int]) -> list[Part]:
    """Each answer; of yes or no the yes alone."""
    tables = {place: waves.table(question.id, place) for place in since} if waves.matched else {}
    return [_of_answer(question, waves, since, tables, answer)
            for answer in (("yes",) if question.kind == "yes-no" else question.answers)]


def _of_answer(
    question: Question, waves: Waves, since: list[int], tables: dict[int, np.ndarray | None], answer: str
) -> Part:
    """One answer."""
    values = tuple(_asked(one, question.id, lambda own: own.shares.get(answer)) for one in waves.each)
    at, several, steps = question.answers.index(answer), question.kind == MANY, []
    for place in since:
        if answer not in waves.each[place].questions[question.id].answers:
            steps.append(Step(place, None, "not an answer then"))
        elif waves.last.responses.sampling:
            steps.append(_weighted(waves, place, question.id, lambda asked, code: _gave(asked, code, answer), True))
        elif waves.matched:
            steps.append(_matched(place, tables[place], several, lambda table: stats.of_paired_shares(
                table[at] if several else _two_by_two(table, at))))
        else:
            steps.append(_apart(place, values[place], values[-1]))
    return Part(answer, question.labels[answer], values, tuple(steps))


def _weighted(
    waves: Waves, place: int, name: str, value: Callable[[Declared, np.ndarray], np.ndarray] | None = None,
    share: bool = False,
) -> Step:
    """The change between two weighted samples: of means of a `value` of each answer, of a `share`, which is 1 where it
    was given; without a value of answers in their order."""
    each, numbers, given = (waves.each[place], waves.last), [], []
    for one in each:
        code = one.responses.codes[name]
        given.append(column(code) >= 0)
        numbers.append((value(one.questions[name], code) if value else code).astype(float))
    if not all(one.any() for one in given):
        return Step(place, None, "nobody answered")
    first, second = (one.responses.sampling for one in each)
    assert first and second
    group = np.where(np.concatenate(given), np.repeat((0, 1), [len(one) for one in given]), -1)
    people = Domains(stack(first, second), np.empty((len(group), 0), bool), group, np.concatenate(numbers))
    table = people.ranked((0, 1))
    try:
        levels = np.unique(np.concatenate(numbers)[group >= 0])
        return Step(place, stats.of_weighted_means(table, levels.tolist(), share) if value else
                    stats.of_weighted_ranks(table))
    except ValueError as error:
        return Step(place, None, str(error))


def _gave(asked: Declared, code: np.ndarray, answer: str) -> np.ndarray:
    """Whether each person gave an answer."""
    return chosen(asked, code)[:, asked.answers.index(answer)]


def _weighted_mean(wave: Wave, name: str, value: Callable[[np.ndarray], np.ndarray]) -> Mean | None:
    """The weighted mean of a value of each answer; None where the question was not asked, or nobody answered."""
    code = wave.responses.codes.get(name)
    if code is None or not (code >= 0).any():
        return None
    assert wave.responses.sampling
    return Domains(wave.responses.sampling, np.empty((len(code), 0), bool), np.where(code >= 0, 0, -1),
                   value(code).astype(float)).means()[0]


def _apart(place: int, before: Share | Mean | None, after: Share | Mean | None) -> Step:
    """A share of two samples."""
    if not isinstance(before, Share) or not isinstance(after, Share):
        return Step(place, None, "nobody answered")
    if before.withheld or after.withheld:
        return Step(place, None)
    return Step(place, stats.of_shares(int(before.count), int(before.base), int(after.count), int(after.base)))


def _of_scale(question: Question, waves: Waves, since: list[int]) -> Part:
    """The mean of a scale; its change rests on the order of answers alone."""
    values, ordered = scale_of(question).values, []
    means = tuple(_asked(one, question.id, lambda own: mean(list(own.counts.values()), values))
                  for one in waves.each)
    if waves.last.responses.sampling:
        means = tuple(_weighted_mean(one, question.id, lambda code: np.array(values)[np.maximum(code, 0)])
                      for one in waves.each)
        return Part("", "Mean", means, tuple(_weighted(waves, place, question.id) for place in since))
    for place in since:
        if waves.matched:
            ordered.append(_matched(place, waves.table(question.id, place), False, stats.of_paired_ranks))
            continue
        before, after = (list(waves.each[at].distributions[question.id].counts.values()) for at in (place, -1))
        ordered.append(_tried(place, before, after, stats.of_ranks))
    return Part("", "Mean", means, tuple(ordered))


def _of_number(question: Question, waves: Waves, since: list[int]) -> Part:
    """The mean of a number."""
    if waves.last.responses.sampling:
        values = tuple(_weighted_mean(one, question.id, lambda code: code) for one in waves.each)
        return Part("", "Mean", values, tuple(
            _weighted(waves, place, question.id, lambda asked, code: code) for place in since))
    counts = [_numbers(one, question.id, bool(waves.rule.minimum_cell)) if question.id in one.questions else None
              for one in waves.each]
    means = tuple(mean(own, range(len(own))) if own and sum(own) != 0 else None for own in counts)
    steps = []
    for place in since:
        if waves.matched:
            steps.append(_matched(place, waves.table(question.id, place), False, stats.of_paired_means))
        else:
            steps.append(_tried(place, counts[place] or [], counts[-1] or [], stats.of_means))
    return Part("", "Mean", means, tuple(steps))


def _numbers(wave: Wave, name: str, withholds: bool) -> list[float]:
    """How many gave each number from 0 on; withheld where only bands of numbers are told."""
    if not withholds:
        codes = wave.responses.codes[name]
        return np.bincount(codes[codes >= 0], minlength=1).tolist()
    question = wave.questions[name]
    if _has_wide_bands(question):
        return [WITHHELD]
    return [*[0] * question.bands[0], *wave.distributions[name].counts.values()]


def _has_wide_bands(question: Declared) -> bool:
    """Whether a band of a count holds more than one number."""
    edges = [*question.bands[1:], (question.maximum or 0) + 1]
    return any(edge - least > 1 for least, edge in zip(question.bands, edges, strict=True))


def _asked(wave: Wave, name: str, value: Callable[[Distribution], Any]) -> Any:
    """A value of the answers to a question in a wave; None where it was not asked, or nobody answered."""
    own = wave.distributions.get(name)
    return value(own) if own and (own.answered or not known(own.answered)) else None


def _tried(
    place: int, before: list[float], after: list[float], compare: Callable[[list[int], list[int]], Changed]
) -> Step:
    """A test of two samples, how many of each gave each answer; withheld where any of these is."""
    if not known(sum(before) + sum(after)):
        return Step(place, None)
    try:
        return Step(place, compare([int(one) for one in before], [int(one) for one in after]))
    except ValueError as error:
        return Step(place, None, str(error))


def _matched(
    place: int, table: np.ndarray | None, several: bool, compare: Callable[[np.ndarray], Changed]
) -> Step:
    """A test of the same people, whose table may be withheld."""
    if table is None:
        return Step(place, None, "", WITHHELD)
    people = int(table[0].sum() if several else table.sum())
    if not people:
        return Step(place, None, "nobody answered twice", 0)
    try:
        return Step(place, compare(table), "", people)
    except ValueError as error:
        return Step(place, None, str(error), people)


def _two_by_two(table: np.ndarray, answer: int) -> np.ndarray:
    """The table of one answer against all others."""
    both, before, after = table[answer, answer], table[answer].sum(), table[:, answer].sum()
    return np.array([[table.sum() - before - after + both, after - both], [before - both, both]])
