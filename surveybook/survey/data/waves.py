"""What did people answer in earlier waves of the same survey, and who of them was asked again?

Each wave has a questionnaire of its own, and its counts are withheld by the rule of the study, as those of the last
wave are. Of people who were matched the answers to a question in two waves are a table like that of two questions: it
is shown, and what is computed from it, only if all its counts may be, with those who answered in one wave alone and
those who were not asked beside them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from surveybook.survey.data import RESPONSES, WAVES
from surveybook.survey.data.codebook import MATCHED_BY, SAMPLING, Declared, read_codebook
from surveybook.survey.data.disclosure import MANY, DisclosedCounts, Disclosure, read_distributions
from surveybook.survey.data.package import Package
from surveybook.survey.data.publication import NONE, WHY
from surveybook.survey.data.questionnaire import Move, moves, why_not
from surveybook.survey.data.responses import CODES, NOT_ASKED, Responses, column, kept_responses, read_responses
from surveybook.survey.data.sampling import read_sampling
from surveybook.survey.data.schema import Document
from surveybook.survey.data.table import also_in
from surveybook.survey.errors import DataError, Faults
from surveybook.survey.estimates.distribution import Distribution
from surveybook.survey.estimates.recoding import Side, recoded
from surveybook.survey.estimates.share import known


@dataclass(frozen=True)
class Wave:
    """One wave: what it is called, the day on which it was in (or nothing), who answered what, and the counts of that
    as they may be shown. `people`: the place of each respondent who has an identifier, by that."""

    label: str
    day: str
    responses: Responses
    distributions: Mapping[str, Distribution]
    people: pd.Series | None = None

    @property
    def questions(self) -> Mapping[str, Declared]:
        return self.responses.codebook


@dataclass(frozen=True)
class Waves:
    """The waves in the order of time, of which the last one is the study itself. `same`: why a question may be compared
    although it moved; `matched`: whether the same people were asked again; `rule`: by which counts are withheld."""

    each: tuple[Wave, ...]
    matched: bool
    same: Mapping[str, str]
    rule: Disclosure

    @property
    def last(self) -> Wave:
        return self.each[-1]

    @property
    def moved(self) -> list[tuple[Wave, Wave, Move]]:
        """What of the questionnaire moved from each wave to the next."""
        return [(before, after, one) for before, after in pairwise(self.each)
                for one in moves(before.questions, after.questions)]

    def compared(self, name: str) -> list[int]:
        """The places of the earlier waves that a question of the last one is compared with: the first in which it was
        asked, and the one before the last.

        Raises DataError, one sentence, where it was asked in no earlier wave, and where it moved and nothing says that
        it may be compared all the same.
        """
        asked = [place for place, one in enumerate(self.each[:-1]) if name in one.questions]
        if not asked:
            raise DataError(f"“{name}” was asked in no wave before {self.last.label}, so it has no change; name "
                            "another question, or show it with figures.shares")
        for place in asked:
            before, after = self.each[place], self.last
            if name not in self.same and (why := why_not(name, before.questions, after.questions)):
                raise DataError(f"“{name}” cannot be compared with {before.label}, as it moved ({why}); leave it out, "
                                f"or give the reason why it may be under “same” in “{WAVES}”")
            old, new = before.questions[name], after.questions[name]
            if old.kind != new.kind or new.kind == "ordered" and old.answers != new.answers:
                raise DataError(f"“{name}” cannot be compared with {before.label}: its kind or its scale is another "
                                "one, for which there is no test; leave it out")
        return sorted({asked[0], asked[-1]})

    def pairs(self, place: int) -> tuple[np.ndarray, np.ndarray]:
        """The places of the people who are in an earlier wave and in the last one: in that, and in this."""
        first, second = self.each[place].people, self.last.people
        assert first is not None and second is not None
        both = first.index.intersection(second.index)
        return first[both].to_numpy(), second[both].to_numpy()

    def table(self, name: str, place: int) -> np.ndarray | None:
        """How many of the matched people gave each pair of answers: in an earlier wave, a row, and in the last one, a
        column; of a count, numbers from zero on. Of a question of which several answers can be chosen three axes:
        option, whether chosen before, whether now. None where it may not be shown."""
        question, (first, second) = self.last.questions[name], self.pairs(place)
        before, after = (wave.responses.codes[name] for wave in (self.each[place], self.last))
        both = (column(before)[first] >= 0) & (column(after)[second] >= 0)
        x, y = before[first[both]], after[second[both]]
        if question.kind == MANY:
            old = self.each[place].questions[name].answers
            found = np.zeros((len(question.answers), 2, 2), int)
            for number, option in enumerate(question.answers):
                if option in old:
                    np.add.at(found[number], (x[:, old.index(option)], y[:, number]), 1)
            return None if self.rule.minimum_cell else found
        if question.kind != "count":
            x = _by_last(self.each[place].questions[name], question, x)
        size = int(max(x.max(initial=0), y.max(initial=0))) + 1 if question.kind == "count" else \
            len({*question.answers, *self.each[place].questions[name].answers})
        found = np.bincount(x.astype(int) * size + y, minlength=size * size).reshape(size, size)
        if self.rule.minimum_cell and (question.kind == "count" or not self._is_safe(name, place)):
            return None
        return found

    def _is_safe(self, name: str, place: int) -> bool:
        """Whether the table of a question may be shown as it is, beside all other counts of both waves.

        These must all be told, and there must be enough people, or nobody, behind each count that follows: those who
        answered in one wave alone, and those of whom a reason for no answer tells as much as an answer, as that they
        were not asked.
        """
        telling = [NOT_ASKED, *(CODES[one] for one in self.rule.nonresponse)]
        answers = len({*self.last.questions[name].answers, *self.each[place].questions[name].answers})
        other, levels = answers + len(telling), []
        for wave in (self.each[place], self.last):
            told, code = wave.distributions[name], wave.responses.codes[name]
            if not known(sum([*told.counts.values(), *told.missing.values(), told.asked, told.answered])):
                return False
            level = np.select([code == one for one in telling], range(answers, other), other)
            level[code >= 0] = _by_last(wave.questions[name], self.last.questions[name], code[code >= 0])
            levels.append(level)
        table = np.zeros((other + 1, other + 1), int)
        (before, after), (first, second) = levels, self.pairs(place)
        np.add.at(table, (before[first], after[second]), 1)
        np.add.at(table, (np.delete(before, first), other), 1)
        np.add.at(table, (other, np.delete(after, second)), 1)
        table[other, other] = 0  # that somebody gave no answer twice tells nothing of him
        side = Side(self.last.questions[name].kind == "ordered", beside=len(telling) + 1)
        ways = recoded(table, self.rule.minimum_cell or 0, side, side)
        return ways is not None and all(len(group) == 1 for way in ways for group in way)


def _by_last(own: Declared, last: Declared, codes: np.ndarray) -> np.ndarray:
    """The places of given answers as the last wave has them; answers that it has no longer come after its own."""
    order = [*last.answers, *(one for one in own.answers if one not in last.answers)]
    return np.array([order.index(one) for one in own.answers], int)[codes]


def read_waves(
    package: Package, responses: Responses, distributions: Mapping[str, Distribution], rule: Disclosure, faults: Faults,
    keeping: Path | None = None,
) -> Waves | None:
    """The waves that a descriptor declares; the last one is what was read already. None where it declares none. Answers
    of earlier ones are kept in the report `keeping`, as those of the last one are.

    Raises DataError, one sentence with file and line or row, for an identifier that is a question or stands twice, a
    question under `same` that is not compared or did not move, and what read_responses refuses.
    """
    document = package.document
    if WAVES not in document.data or not faults.sound(WAVES):
        return None
    declared = document.data[WAVES]
    key, each, sizes = declared.get(MATCHED_BY, ""), [], list(package.resources)
    for told in declared["files"]:
        name, own, counts = told["resource"], responses, distributions
        if name not in package.tables or key and key not in _columns(package, name, keeping):
            return None  # it is said what is wrong with it
        if name != RESPONSES:
            keys = ("resources", sizes.index(name))
            codebook = read_codebook(document, faults, name)
            own = (kept_responses(package, codebook, keeping, name) if keeping
                   else read_responses(package, codebook, faults, name))
            own = replace(own, sampling=read_sampling(package, own.codebook, own.codes, name))
            _check_clusters(package, name)
            if not own.codebook:
                raise document.refusal(keys, "has no question that could be compared; declare its fields as questions")
            counts = read_distributions(DisclosedCounts(own, rule), keeping)
        people = _people(package, name, key, own) if key else None
        each.append(Wave(told["label"].strip(), told.get("date", ""), own, counts, people))
    waves = Waves(tuple(each), bool(key), {name: " ".join(why.split())
                                           for name, why in declared.get("same", {}).items()}, rule)
    _check_same(document, waves)
    return waves


def _columns(package: Package, name: str, keeping: Path | None) -> Collection[str]:
    """The columns of a table; where answers are kept its file, which is as declared, is not read to see them."""
    fields = package.resources[name]["schema"]["fields"]
    return [field["name"] for field in fields] if keeping else package.tables[name].columns


def _check_weighted(document: Document, key: str | None) -> None:
    """Refuse weights, strata and clusters beside waves that no test here can compare then."""
    if key:
        raise document.refusal([WAVES, MATCHED_BY], f"no test of the same people knows weights, strata or clusters; "
                                                    f"remove this key, or “{SAMPLING}”")
    if document.data.get("disclosure", {}).get("minimum_cell") != NONE:
        raise document.refusal([WAVES], f"small counts are withheld, and weighted changes could tell of them; remove "
                                        f"this key, or “{SAMPLING}”")
    for one in ("rake", "population"):
        if one in document.data[SAMPLING]:
            raise document.refusal([SAMPLING, one], "it is that of one year, and there are waves; give each file a "
                                                    "column of weights that were made for it, and remove this key")


def _check_clusters(package: Package, name: str) -> None:
    """Refuse clusters that are in an earlier wave and in the last one."""
    told = package.descriptor.get(SAMPLING, {}).get("clusters")
    if told is None:
        return
    both = set(package.tables[name][told].dropna()) & set(package.tables[RESPONSES][told].dropna())
    if both:
        raise package.document.refusal([SAMPLING, "clusters"], f"“{min(both)}” is a cluster in “{name}” and in the "
                                       "last wave. If it is the same one, no test here knows that; if it is another, "
                                       "give clusters of each wave names of their own")


def check_waves(document: Document) -> None:
    """Raises DataError for waves that are not told apart, or not in their order, or that nothing here can compare, as
    the answers are simulated or weighted; nothing of a descriptor without any."""
    if WAVES not in document.data:
        return
    files = document.data[WAVES]["files"]
    if document.data["simulated"]:
        raise document.refusal([WAVES], "a model draws responses of one wave; remove this key")
    key = document.data[WAVES].get(MATCHED_BY)
    if SAMPLING in document.data:
        _check_weighted(document, key)
    for number, one in enumerate(document.data["resources"]):
        if WHY in one and key in [field["name"] for field in one["schema"]["fields"]]:
            raise document.refusal(["resources", number, WHY], f"“{key}” in these rows names people in every wave, and "
                                                               "is never published; remove this key")
    for key in ("resource", "label", "date"):
        given = [one.get(key) for one in files]
        for number, one in enumerate(given):
            if one is not None and one in given[:number]:
                raise document.refusal([WAVES, "files", number, key], f"“{one}” stands twice; tell the waves apart")
    days = [(number, one["date"]) for number, one in enumerate(files) if "date" in one]
    for (_, before), (number, after) in pairwise(days):
        if after < before:
            raise document.refusal([WAVES, "files", number, "date"], "is before the day of the wave above it; put the "
                                                                     "waves in the order of time")
    for number, one in enumerate(files):
        document.known(one["resource"], [own["name"] for own in document.data["resources"]],
                       [WAVES, "files", number, "resource"], "no resource")
    if files[-1]["resource"] != RESPONSES:
        raise document.refusal([WAVES, "files"], f"the last wave is the study itself, called “{RESPONSES}”; give its "
                                                 "resource that name, and earlier ones names of their own")


def _people(package: Package, name: str, key: str, responses: Responses) -> pd.Series:
    """The place of each respondent of a wave by his identifier; those without one are left out."""
    document, keys = package.document, [WAVES, MATCHED_BY]
    if key in responses.codebook:
        raise document.refusal(keys, f"“{key}” is a question, and an answer names nobody; name a column without “kind”")
    own = package.resources[name]["schema"].get("primaryKey", []) == [key]
    cells = pd.Series(responses.respondents, dtype=object) if own else package.tables[name][key].reset_index(drop=True)
    given = cells.dropna().astype(str).str.strip()
    given = given[given != ""]
    twice = given[given.duplicated()]
    if len(twice):
        row = package.tables[name].index[twice.index[0]]
        path = package.folder / package.resources[name]["path"]
        raise DataError(f"{path}: row {row}, column “{key}”: the same person stands in an earlier row of this wave"
                        f"{also_in(len(twice) - 1)}; keep one row for each person")
    return pd.Series(given.index, index=pd.Index(given))


def _check_same(document: Document, waves: Waves) -> None:
    """Refuse a reason for comparing what is not compared, or did not move."""
    for name in waves.same:
        keys = [WAVES, "same", name]
        document.known(name, waves.last.questions, keys, "no question")
        before = [one for one in waves.each[:-1] if name in one.questions]
        if not any(why_not(name, one.questions, waves.last.questions) for one in before):
            raise document.refusal(keys, "is the same in every wave that asked it, or was asked in no other; remove "
                                         "this reason")
