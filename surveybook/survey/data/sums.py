"""Which numbers of people do the distributions of a study tell, and which sums tie them?

A number is known by its people, so that the same people are one number wherever they are counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from surveybook.survey.data.codebook import Declared
from surveybook.survey.data.responses import CODES, NOT_ASKED, Each, column
from surveybook.survey.estimates.suppression import Cells


class People:
    """The people that the numbers of a question count, as truth values, worked out when they are asked for."""

    def __init__(self, question: Declared, code: np.ndarray):
        self.id, self._question, self._code, self._given = question.id, question, code, column(code)

    @property
    def reason(self) -> np.ndarray:
        """The code of each missing answer; far below all others where one was given."""
        return np.where(self._given < 0, self._given, -99)

    @property
    def asked(self) -> np.ndarray:
        return self._given != NOT_ASKED

    @property
    def answered(self) -> np.ndarray:
        return self._given >= 0

    @property
    def missing(self) -> Mapping[str, np.ndarray]:
        """Those who gave no answer, by the code of the reason."""
        return Each([name for name in self._question.missing if name != "not-asked"],
                    lambda name: self._given == CODES[name])

    @property
    def answers(self) -> Mapping[str, np.ndarray]:
        """Those who gave each answer."""
        question, given = self._question, self._given
        numbers = {answer: number for number, answer in enumerate(question.answers)}
        if question.kind == "multi-select":
            return Each(question.answers, lambda answer: self._code[:, numbers[answer]] == 1)
        place = np.searchsorted(question.bands, given, side="right") - 1 if question.bands else given
        return Each(question.answers, lambda answer: (given >= 0) & (place == numbers[answer]))


def key(people: np.ndarray) -> bytes:
    """What these people, of all respondents, are known by."""
    return hashlib.blake2b(np.packbits(people), digest_size=16).digest()


def cells_of(
    codebook: Mapping[str, Declared], codes: Mapping[str, np.ndarray], people: Mapping[str, People],
    nonresponse: Collection[str],
) -> Cells:
    """The numbers of people in the distributions of all questions, and what ties them.

    `people`: those of each question, by id. `nonresponse`: the codes of missing answers that are sensitive.
    """
    cells = Cells()
    everyone = np.ones(len(next(iter(people.values())).asked), bool)
    cells.public.add(key(everyone))
    for name, own in people.items():
        _add(cells, everyone, [own.asked, ~own.asked])
        _add(cells, own.asked, [own.answered, *own.missing.values()])
        if condition := codebook[name].condition:
            asked = people[condition.question]
            _add(cells, own.asked, [asked.answers[one] for one in condition.answers])
        if codebook[name].kind != "multi-select":
            _add(cells, own.answered, own.answers.values())
            if codebook[name].kind in ("count", "nominal"):
                cells.made.append(list(map(key, own.answers.values())))
            continue
        for chosen in own.answers.values():
            _add(cells, own.answered, [chosen], (name, key(chosen)))
            cells.sizes[name, key(chosen)] = int((own.answered & ~chosen).sum())
        _tie_options(codebook[name], own, cells)
    sensitive = {key(one) for own in people.values() for one in (
        *own.answers.values(), *(own.missing[code] for code in nonresponse if code in own.missing))}
    cells.harmless = {cell for cell in cells.sizes if isinstance(cell, bytes) and cell not in sensitive}
    for question in codebook.values():
        if question.counting:
            _tie(question, codes[question.id], people, cells)
    return cells


def _tie_options(question: Declared, own: People, cells: Cells) -> None:
    """Tie the options of a question: who answered chose one at least, and one that excludes all others alone."""
    options, whole = {answer: key(people) for answer, people in own.answers.items()}, int(own.answered.sum())
    lines = [([*options.values()], -1)]
    if question.alone:
        none = options[question.alone]
        lines += [([none, other], 1) for other in options.values() if other != none]
    for number, (chosen, sign) in enumerate(lines):
        rest = (question.id, "rest", number)
        cells.sizes[rest] = sign * (whole - sum(cells.sizes[one] for one in chosen))
        cells.secret.add(rest)
        cells.harmless.add(rest)
        cells.sums.append(_line((key(own.answered), 1), *((one, -1) for one in chosen), (rest, -sign)))


def _tie(question: Declared, numbers: np.ndarray, people: Mapping[str, People], cells: Cells) -> None:
    """Tie a count to the answers that it counts: how many of those in each of its bands gave each of them.

    Of the people in a band each part can have any number, from none to all, as long as all parts together have as
    many as the band says (Gale 1957, Pacific Journal of Mathematics 7, 1073).
    """
    own, counting = people[question.id], question.counting
    assert counting is not None
    bands, whole = list(own.answers.values()), key(own.answered)
    parts: list[list[Any]] = [[] for _ in bands]

    def tie(line: Sequence[tuple[Any, int]], **sizes: int) -> list[tuple[Any, ...]]:
        """A sum with further parts, of these sizes, that are never shown and need no guard."""
        made = [(question.id, len(cells.sums), name) for name in sizes]
        cells.sizes |= dict(zip(made, sizes.values(), strict=True))
        cells.secret |= set(made)
        cells.harmless |= set(made)
        cells.sums.append(_line(*line, *((part, -1) for part in made)))
        return made

    for name in counting.questions:
        source = people[name]
        for chosen in (source.answers[answer] for answer in counting.answers):
            given = [tie([(key(band), 1)], given=int((band & chosen).sum()), other=int((band & ~chosen).sum()))[0]
                     for band in bands]
            if counting.missing_if == "any" and key(source.answered) != whole:
                gone = source.answered & ~own.answered
                given += tie([(key(source.answered), 1), (whole, -1)],
                             given=int((gone & chosen).sum()), other=int((gone & ~chosen).sum()))[:1]
            tie([(key(chosen), 1), *((part, -1) for part in given)])
            for own_parts, part in zip(parts, given, strict=False):
                own_parts.append((part, 1))
    edges = [*question.bands[1:], (question.maximum or 0) + 1]
    for least, edge, band, line in zip(question.bands, edges, bands, parts, strict=True):
        given = numbers[band]
        more, = tie([*line, (key(band), -least)], more=int((given - least).sum()))
        tie([(key(band), edge - 1 - least), (more, -1)], less=int((edge - 1 - given).sum()))


def _line(*terms: tuple[Any, int]) -> dict[Any, int]:
    """A sum of cells with weights, each cell once."""
    line: dict[Any, int] = {}
    for cell, weight in terms:
        line[cell] = line.get(cell, 0) + weight
    return line


def _add(cells: Cells, whole: np.ndarray, those: Iterable[np.ndarray], *rest: Any) -> None:
    """A number of people and its parts, `those`, of which none is zero and withheld; `rest`: parts that are never
    shown."""
    parts, all_of_them = [], key(whole)
    for people in (whole, *those):
        cells.sizes.setdefault(known := key(people), int(np.count_nonzero(people)))
        parts.append(known)
    del parts[0]
    cells.least |= dict.fromkeys(parts, 1)
    line = _line((all_of_them, 1), *((one, -1) for one in parts), *((one, -1) for one in rest))
    cells.secret |= set(rest)
    if any(line.values()):
        cells.sums.append(line)
