"""What may be shown of people's answers?  The rule that a study declares, and the counts that it leaves.

A withheld count is not a number (NaN). Whatever is computed from it is not a number either, and words/text.py
writes it as “withheld”: so figures, tables, sentences and files show nothing that does not follow from shown counts.
The word is the same for a small count and for one that would give it away; to tell them apart would tell too much.

Of two questions there is one cross table for all who ask. Under a rule its answers are put together until it can be
shown whole, and tests, sizes and verdicts are computed from it: so they tell nothing that it does not tell. Where no
such table can be had, or where it would tell of another one, the pair is withheld, and its hypothesis not judged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from surveybook.store import Store, version_of
from surveybook.survey.data.codebook import Declared, needed
from surveybook.survey.data.crossing import Crossed, crossed, weigh
from surveybook.survey.data.publication import NONE, check_reason
from surveybook.survey.data.responses import CODES, KEPT, Responses
from surveybook.survey.data.schema import Document
from surveybook.survey.data.sums import People, cells_of, key
from surveybook.survey.estimates.distribution import NOT_APPLICABLE, Distribution
from surveybook.survey.estimates.recoding import Groups, Side, recoded, recoded_options, summed
from surveybook.survey.estimates.share import WITHHELD
from surveybook.survey.estimates.suppression import withheld
from surveybook.survey.estimates.weighted import WeightedDistribution
from surveybook.survey.words.text import listing

COUNTED_WITH = version_of(Path(__file__).resolve().parents[2], "numpy", "pandas", "scipy")
MANY = "multi-select"  # the kind of a question of which several answers can be chosen
SMALL = ("its counts are withheld: however its answers are put together, a small one is left, or a withheld one would "
         "follow")
TIED = "its counts are withheld, as others would follow from them and from those of another claim"


@dataclass(frozen=True)
class Disclosure:
    """The rule: no count from 1 to `minimum_cell` - 1 is shown (None: all may be), and why.

    `quasi_identifiers`: the questions whose answers others may know about a person. `nonresponse`: the codes of missing
    answers that are as sensitive as answers, as that a question did not apply always is; how many gave no answer for
    another reason is always shown if it helps nobody to work out an answer.
    """

    minimum_cell: int | None
    quasi_identifiers: tuple[str, ...]
    reason: str
    nonresponse: tuple[str, ...] = ()


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
    telling = [*told.get("sensitive_nonresponse", ())]
    if any(NOT_APPLICABLE in one.missing for one in (codebook or {}).values()):
        telling.append(NOT_APPLICABLE)
    return Disclosure(None if least == NONE else least, tuple(names), reason, tuple(telling))


class DisclosedCounts:
    """The counts of responses as they may be shown: all of them, or with the small ones and what gives them away
    withheld. `pairs`: the ids of the two questions of each cross table that is asked for, the most important first."""

    def __init__(self, responses: Responses, rule: Disclosure, pairs: Sequence[tuple[str, str]] = ()):
        self.responses, self.rule, self.pairs = responses, rule, list(dict.fromkeys(map(frozenset, pairs)))
        self._tables: dict[tuple[str, str], Crossed] = {}

    def distribution(self, name: str) -> Distribution:
        """How the answers to a question are distributed."""
        true = self.responses.distribution(name)
        if not self.rule.minimum_cell:
            return true
        own = self._people[name]

        def shown(people: np.ndarray) -> float:
            return WITHHELD if name in self.untold or key(people) in self._hidden else int(people.sum())

        answered, asked = shown(own.answered), true.asked if own.asked.all() else shown(own.asked)
        told = Distribution(
            {answer: shown(people) for answer, people in own.answers.items()},
            {code: shown(people) for code, people in own.missing.items()}, asked,
            None if true.one_each else answered, answered,
        )
        sampling = self.responses.sampling
        if not sampling or not isinstance(true, WeightedDistribution):
            return told
        # a share is withheld where its count is
        return WeightedDistribution(**vars(told), weighted=sampling.coarsen(true.weighted, self.rule.minimum_cell))

    def crossed(self, first: Declared, second: Declared) -> Crossed:
        """How often each pair of answers was given; counts in their bands, and answers put together, where any may be
        withheld. Of a question of which several answers can be chosen its options are the rows."""
        if not self.rule.minimum_cell:
            return crossed(first, second, self.responses.codes, self.responses.sampling)
        pair = frozenset((first.id, second.id))
        if pair not in self.pairs:
            raise ValueError(f"the pair of {first.id} and {second.id} is not among those that are to be shown")
        names = [name for name in self.responses.codebook if name in pair]
        x, y = sorted((self.responses.codebook[name] for name in names), key=lambda one: one.kind != MANY)
        if (x.id, y.id) not in self._tables:
            self._tables[x.id, y.id] = self._crossed(x, y)
        table = self._tables[x.id, y.id]
        return table if first.id == x.id or x.kind == MANY else table.turned

    @cached_property
    def withheld_answers(self) -> dict[str, list[str]]:
        """The answers whose numbers are withheld, and the reasons for none, by question."""
        return {name: [answer for answer, people in {**one.answers, **one.missing}.items()
                       if name in self.untold or key(people) in self._hidden]
                for name, one in self._people.items()}

    @cached_property
    def _people(self) -> dict[str, People]:
        return {name: People(one, self.responses.codes[name]) for name, one in self.responses.codebook.items()}

    @cached_property
    def _hidden(self) -> set[Any]:
        """The sets of people whose number is in no distribution; all, of fewer respondents than may be told of."""
        codebook, codes, least = self.responses.codebook, self.responses.codes, self.rule.minimum_cell or 0
        cells = cells_of(codebook, codes, self._people, self.rule.nonresponse)
        return withheld(cells, least) if len(self.responses.respondents) >= least else set(cells.sizes)

    @cached_property
    def untold(self) -> set[str]:
        """The counts of which nothing is told, as it is withheld how many answered one of the questions they count."""
        return {name for name, question in self.responses.codebook.items() if question.counting
                and not all(map(self._base_told, question.counting.questions))}

    def _base_told(self, name: str) -> bool:
        """Whether it is told how many were asked a question, answered it, and did not, for each reason."""
        own = self._people[name]
        return self._hidden.isdisjoint(map(key, (own.asked, own.answered, *own.missing.values())))

    def _crossed(self, x: Declared, y: Declared) -> Crossed:
        """The cross table of two questions, in the order of the codebook, or with the options of one as rows."""
        first, second = self._people[x.id], self._people[y.id]
        both, reason = first.answered & second.answered, np.maximum(first.reason, second.reason)
        missing: Mapping[str, float] = {name: int(((reason == code) & ~both).sum()) for name, code in CODES.items()}
        labels = tuple(tuple(question.labels[answer] for answer in question.answers) for question in (x, y))
        total: float | None = int(both.sum())
        told = all(self._base_told(one.id) and one.id not in self.untold for one in (x, y))
        trouble, ways, bases = TIED if self._told_by_others(x.id, y.id) else SMALL, None, []
        if trouble == SMALL and told:
            table, sides = self._beside(x, y)
            ways = recoded(table, self.rule.minimum_cell or 0, *sides)
        weighted = None
        if ways and x.kind == MANY:
            ways, counts, bases = self._options(x, y, table, ways, sides[1]) or (None, [], [])
        if ways:
            if not bases:
                ways = tuple(groups[: len(groups) - side.beside] for groups, side in zip(ways, sides, strict=True))
                counts = summed(table, ways).tolist()
            labels = tuple(tuple(listing([own[place] for place in group], "or") for group in groups)
                           for own, groups in zip(labels, ways, strict=True))
            total, trouble = None, ""
            if self.responses.sampling and not bases:
                places = [_put_together(own, way)[both] for own, way in zip((first, second), ways, strict=True)]
                weighted = weigh(self.responses.sampling, both, *places, (len(counts), len(counts[0])))
        else:
            counts = [[WITHHELD] * len(labels[1]) for _ in labels[0]]
            if not told or self.rule.nonresponse or not (first.asked & second.asked).all():
                total, missing = WITHHELD, dict.fromkeys(missing, WITHHELD)
        values = tuple(tuple(range(len(own))) for own in labels)
        if x.kind == MANY and not ways:
            bases = [WITHHELD] * len(labels[1])
        return Crossed(tuple(map(tuple, counts)), *labels, values, MappingProxyType(dict(missing)), total, trouble,
                       ways, tuple(bases), weighted, coarse=True)

    def _options(
        self, many: Declared, by: Declared, table: np.ndarray, ways: tuple[Groups, Groups], side: Side
    ) -> tuple[tuple[Groups, Groups], list[list[float]], list[int]] | None:
        """How many chose each option in each group, and how many answered: the groups put together until the `table` of
        those who answered, a row, and of those who did not is safe, and so is each option that is told."""
        own, (levels, _) = self._people[many.id], self._levels(by, many)
        chosen = np.array([[int((people & level).sum()) for level in levels] for people in own.answers.values()])
        tellable = np.array([key(people) not in self._hidden for people in own.answers.values()])
        found = recoded_options(chosen, table[0], tellable, ways[1], side, self.rule.minimum_cell or 0)
        if found is None:
            return None
        groups, told = found
        groups = groups[: len(groups) - side.beside]
        counts = [[int(line[list(group)].sum()) if safe else WITHHELD for group in groups]
                  for line, safe in zip(chosen, told, strict=True)]
        rows = tuple((place,) for place in range(len(chosen)))
        return (rows, groups), counts, [int(table[0, list(group)].sum()) for group in groups]

    def _levels(self, own: Declared, other: Declared) -> tuple[list[np.ndarray], int]:
        """The people of each answer, or all who answered of a question of which several can be chosen, and of the
        reasons for none that are as telling; how many these are."""
        people = self._people[own.id]
        beside = [gone for code, gone in people.missing.items() if code in self.rule.nonresponse]
        if other.id not in needed(own, self.responses.codebook):
            beside.append(~people.asked)
        beside = [gone for gone in beside if gone.any()]
        answers = [people.answered] if own.kind == MANY else [*people.answers.values()]
        return [*answers, *beside], len(beside)

    def _beside(self, x: Declared, y: Declared) -> tuple[np.ndarray, tuple[Side, Side]]:
        """The counts of pairs of answers, with the reasons for none that are as telling as an answer beside them: that
        a question was not asked, unless the other one decided that, and sensitive nonresponse."""
        places, sizes, sides = [], [], []
        for own, other in ((x, y), (y, x)):
            levels, beside = self._levels(own, other)
            hidden = {place for place, given in enumerate(self._people[own.id].answers.values())
                      if key(given) in self._hidden} if own.kind != MANY else set()
            places.append(np.select(levels, range(len(levels)), -1))
            sizes.append(len(levels))
            sides.append(Side(own.kind in ("ordered", "count"), frozenset(hidden), beside))
        first, second = (one[(places[0] >= 0) & (places[1] >= 0)] for one in places)
        counts = np.bincount(first * sizes[1] + second, minlength=sizes[0] * sizes[1])
        return counts.reshape(sizes), (sides[0], sides[1])

    def _told_by_others(self, x: str, y: str) -> bool:
        """Whether the table of two questions would tell of other tables, or they of it, as one question is counted from
        another: of a count and what it counts, one is crossed with the same question, and none with each other."""
        earlier = self.pairs[: self.pairs.index(frozenset((x, y)))]
        for group in self._tied:
            if {x, y} <= group.keys():
                return True
            for own, other in ((x, y), (y, x)):
                rivals = {name for pair in earlier if other in pair for name in pair - {other} if name in group}
                if own in group and any((group[own] or group[name]) and not self._published(name, other)
                                        for name in rivals):
                    return True
        return False

    def _published(self, name: str, other: str) -> str:
        """Why an earlier cross table is withheld, if it is."""
        codebook = self.responses.codebook
        return self.crossed(codebook[name], codebook[other]).trouble

    @cached_property
    def _tied(self) -> list[dict[str, bool]]:
        """The questions that are tied by counts, and whether the others follow from one: it is a count, nearly all have
        the same count of its group, or how many have one of its counts is withheld."""
        groups: list[dict[str, bool]] = []
        for name, question in self.responses.codebook.items():
            if not question.counting:
                continue
            given = self.responses.codes[name]
            numbers = np.bincount(given[given >= 0], minlength=1)
            alike = bool(numbers.sum() - numbers.max() < (self.rule.minimum_cell or 0)
                         or any(key(people) in self._hidden for people in self._people[name].answers.values()))
            group = dict.fromkeys(question.counting.questions, alike) | {name: True}
            for other in [one for one in groups if one.keys() & group.keys()]:
                groups.remove(other)
                group = {one: group.get(one, False) or other.get(one, False) for one in {**other, **group}}
            groups.append(group)
        return groups


def read_distributions(shown: DisclosedCounts, root: Path | None) -> dict[str, Distribution]:
    """How the answers to every question are distributed; with the `root` of a report made once, and kept there, for the
    same responses and rule."""
    names, key = shown.responses.codebook, shown.responses.key
    if root is None or not key or shown.responses.sampling:
        return {name: shown.distribution(name) for name in names}

    def made() -> bytes:
        found = {name: shown.distribution(name) for name in names}
        return json.dumps({name: [dict(one.counts), dict(one.missing), one.asked, one.respondents, one.total]
                           for name, one in found.items()}).encode()

    kept = Store(root, "distributions", COUNTED_WITH)
    told = json.loads(kept.get(f"{key} {shown.rule}", made))
    kept.forget_all_but(KEPT)
    return {name: Distribution(*told[name]) for name in names}


def _put_together(people: People, ways: Sequence[Sequence[int]]) -> np.ndarray:
    """The group of answers that each person's answer was put into."""
    answers = list(people.answers.values())
    group = np.zeros(len(answers), int)
    for number, places in enumerate(ways):
        group[list(places)] = number
    return group[np.select(answers, range(len(answers)), 0)]
