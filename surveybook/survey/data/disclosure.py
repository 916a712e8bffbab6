"""What may be shown of people's answers?  The rule that a study declares, and the counts that it leaves.

A withheld count is not a number (NaN). Whatever is computed from it is not a number either, and words/text.py
writes it as “withheld”: so figures, tables, sentences and files show nothing that does not follow from shown counts.
The word is the same for a small count and for one that would give it away; to tell them apart would tell too much.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from surveybook.survey.data.codebook import Declared
from surveybook.survey.data.crossing import Crossed, crossed
from surveybook.survey.data.publication import NONE, check_reason
from surveybook.survey.data.responses import CODES, NOT_ASKED, Responses, column
from surveybook.survey.data.schema import Document
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.distribution import Distribution
from surveybook.survey.estimates.share import WITHHELD, known
from surveybook.survey.estimates.suppression import Cells, withheld


@dataclass(frozen=True)
class Disclosure:
    """The rule: no count from 1 to `minimum_cell` - 1 is shown (None: all may be), and why.

    `quasi_identifiers`: the questions whose answers others may know about a person.
    """

    minimum_cell: int | None
    quasi_identifiers: tuple[str, ...]
    reason: str


def read_disclosure(document: Document, codebook: Mapping[str, Declared] | None = None) -> Disclosure:
    """The rule of a descriptor; `codebook` where the study has responses.

    Raises DataError for responses without a rule, a rule for published counts, which cannot be withheld any more, and
    an unknown question.
    """
    told = document.data.get("disclosure")
    if told is None:
        if codebook is not None:
            raise document.refusal([], "the key “disclosure” is missing; say from which count on answers may be shown "
                                       "(minimum_cell, or none), and why")
        return Disclosure(None, (), "")
    least, names = told["minimum_cell"], told.get("quasi_identifiers", [])
    if codebook is None and (least != NONE or names):
        raise document.refusal(["disclosure"], "counts that are published cannot be withheld; write minimum_cell: none")
    for name in names:
        document.known(name, codebook or {}, ["disclosure", "quasi_identifiers"], "no question")
    reason = " ".join(told["reason"].split())
    if least == NONE and codebook is not None and not document.data["simulated"]:
        check_reason(document, reason)
    return Disclosure(None if least == NONE else least, tuple(names), reason)


class DisclosedCounts:
    """The counts of responses as they may be shown: all of them, or with the small ones and what gives them away
    withheld."""

    def __init__(self, responses: Responses, rule: Disclosure):
        self.responses, self.rule = responses, rule

    def distribution(self, name: str) -> Distribution:
        """How the answers to a question are distributed."""
        true = self.responses.distribution(name)
        if not self.rule.minimum_cell:
            return true
        own = _Sets(self.responses.codebook[name], self.responses.codes[name])

        def shown(people: np.ndarray) -> float:
            return self._told(people, self._hidden)

        answered = shown(own.answered)
        return Distribution(
            {answer: shown(people) for answer, people in own.answers.items()},
            {code: shown(people) for code, people in own.missing.items()}, shown(own.asked),
            None if true.one_each else answered, answered,
        )

    def crossed(self, first: Declared, second: Declared) -> Crossed:
        """How often each pair of answers was given, counts in their bands where any may be withheld.

        In a cross table zeros are withheld as well: in a group of whom it is known that nobody gave an answer, each
        one is known not to have given it.
        """
        codes, least = self.responses.codes, self.rule.minimum_cell
        true = crossed(first, second, codes)
        if not least:
            return true
        x, y = _Sets(first, codes[first.id]), _Sets(second, codes[second.id])
        cells, grid, both = self._crossing(x, y)
        reasons = {name: (np.maximum(x.reason, y.reason) == code) & ~both for name, code in CODES.items()}
        self._add(cells, {_key(np.ones_like(both)): 1, _key(both): -1}, reasons.values(), least=1)
        hidden = self._withheld(cells, frozenset(self._hidden), {first.id, second.id})
        table = tuple(tuple(self._told(cell, hidden, key) for key, cell in line) for line in grid)
        missing = {name: self._told(people, hidden) for name, people in reasons.items()}
        labels = [tuple(question.labels[answer] for answer in question.answers) for question in (first, second)]
        values = tuple(tuple(range(len(one))) for one in labels)
        return Crossed(table, *labels, values, MappingProxyType(missing), self._told(both, hidden))

    def number(self, count: int) -> float:
        """A number of people that belongs to no question: as it is, or withheld if it or the rest is too small."""
        least, rest = self.rule.minimum_cell or 0, len(self.responses.respondents) - count
        return WITHHELD if 0 < count < least or 0 < rest < least else count

    @cached_property
    def _hidden(self) -> set[Any]:
        """The sets of people whose number is in no distribution."""
        return self._withheld(self._questions(self.responses.codebook), frozenset(), set(self.responses.codebook))

    def _withheld(self, cells: Cells, already: frozenset[Any], names: set[str]) -> set[Any]:
        least = self.rule.minimum_cell or 0
        try:
            return withheld(cells, least, already)
        except ValueError:
            raise DataError(f"the answers to {', '.join(sorted(names))} cannot be shown so that no count below {least} "
                            "follows; put answers together, or leave a question out") from None

    @staticmethod
    def _told(people: np.ndarray, hidden: set[Any], key: Any = None) -> float:
        return WITHHELD if (_key(people) if key is None else key) in hidden else int(people.sum())

    def _questions(self, names: Any) -> Cells:
        """The cells of the distributions of questions, and what ties them."""
        cells, codebook = Cells(), self.responses.codebook
        everyone = np.ones(len(self.responses.respondents), bool)
        cells.public.add(_key(everyone))
        for name in names:
            own = _Sets(codebook[name], self.responses.codes[name])
            self._add(cells, {_key(everyone): 1}, [own.asked, ~own.asked], least=1)
            self._add(cells, {_key(own.asked): 1}, [own.answered, *own.missing.values()], least=1)
            if condition := codebook[name].condition:
                asked = _Sets(codebook[condition.question], self.responses.codes[condition.question])
                self._add(cells, {_key(own.asked): 1}, [asked.answers[one] for one in condition.answers], least=1)
            if codebook[name].kind != "multi-select":
                self._add(cells, {_key(own.answered): 1}, own.answers.values(), least=1)
                continue
            for people in own.answers.values():
                self._add(cells, {_key(own.answered): 1}, [people], least=1, rest=(name, _key(people)))
                cells.sizes[name, _key(people)] = int((own.answered & ~people).sum())
        for line in _weighted(codebook, self.responses.codes, names):
            cells.sums.append(line)
        return cells

    def _crossing(self, x: _Sets, y: _Sets) -> tuple[Cells, list[list[tuple[Any, np.ndarray]]], np.ndarray]:
        """The cells of a cross table, each row and column tied to the answers to its question."""
        cells, both = self._questions([x.id, y.id]), x.answered & y.answered
        grid = [[((x.id, i, y.id, j), a & b) for j, b in enumerate(y.answers.values())]
                for i, a in enumerate(x.answers.values())]
        cells.public |= {key for key in cells.sizes if key not in self._hidden}
        cells.sizes |= {key: int(people.sum()) for line in grid for key, people in line}
        cells.secret |= {key for line in grid for key, people in line if not people.any()}
        lines = [(own, people, other, line) for own, other, ways in ((x, y, grid), (y, x, zip(*grid, strict=True)))
                 for people, line in zip(own.answers.values(), ways, strict=True)]
        for own, people, other, line in lines:
            left = (own.id, _key(people), other.id)  # gave this answer, and none to the other question
            cells.sizes[left] = int((people & ~other.answered).sum())
            cells.secret.add(left)
            cells.sizes.setdefault(_key(people), int(people.sum()))
            cells.sums.append({_key(people): 1, left: -1} | {key: -1 for key, _ in line})
        cells.sizes.setdefault(_key(both), int(both.sum()))
        cells.sums.append({_key(both): 1} | {key: -1 for line in grid for key, _ in line})
        for own, other in ((x, y), (y, x)):
            left = (own.id, other.id)  # answered the one question, and not the other
            cells.sizes[left] = int((own.answered & ~other.answered).sum())
            cells.secret.add(left)
            if _key(own.answered) != _key(both):
                cells.sums.append({_key(own.answered): 1, _key(both): -1, left: -1})
        return cells, grid, both

    @staticmethod
    def _add(cells: Cells, line: dict[Any, int], parts: Any, least: int, rest: Any = None) -> None:
        """A sum and its parts; `rest` is a part that is never shown."""
        line = dict(line)
        for key in line:
            cells.sizes.setdefault(key, int(np.frombuffer(key, bool).sum()))
        for people in parts:
            cells.sizes.setdefault(_key(people), int(people.sum()))
            cells.least[_key(people)] = least
            line[_key(people)] = line.get(_key(people), 0) - 1
        if rest is not None:
            cells.secret.add(rest)
            line[rest] = -1
        if any(line.values()):
            cells.sums.append(line)


class _Sets:
    """The sets of people that the numbers of a question count, as truth values. A set is known by its people, so that
    the same people are one count wherever they are counted."""

    def __init__(self, question: Declared, code: np.ndarray):
        self.id, given = question.id, column(code)
        self.reason = np.where(given < 0, given, -99)
        self.asked, self.answered = given != NOT_ASKED, given >= 0
        self.missing = {name: given == CODES[name] for name in question.missing if name != "not-asked"}
        if question.kind == "multi-select":
            self.answers = {answer: chosen == 1 for answer, chosen in zip(question.answers, code.T, strict=True)}
        else:
            place = np.searchsorted(question.bands, given, side="right") - 1 if question.bands else given
            self.answers = {answer: self.answered & (place == number)
                            for number, answer in enumerate(question.answers)}


def _key(people: np.ndarray) -> bytes:
    return people.tobytes()


def _weighted(
    codebook: Mapping[str, Declared], codes: Mapping[str, np.ndarray], names: Any
) -> Iterator[dict[Any, int]]:
    """The sums that tie the options of a question to how many of them were chosen."""
    for name in names:
        question = codebook[name]
        if not question.counting or codebook[question.counting.questions[0]].kind != "multi-select":
            continue
        source = question.counting.questions[0]
        if len(question.bands) != (question.maximum or 0) + 1 or source not in names:
            continue
        own, options = _Sets(question, codes[name]), _Sets(codebook[source], codes[source])
        line: dict[Any, int] = {}
        for answer in question.counting.answers:
            line[_key(options.answers[answer])] = line.get(_key(options.answers[answer]), 0) + 1
        for number, people in zip(question.bands, own.answers.values(), strict=True):
            line[_key(people)] = line.get(_key(people), 0) - number
        yield line


def is_withheld(*numbers: float) -> bool:
    """Whether any of these may not be shown."""
    return not all(map(known, numbers))
