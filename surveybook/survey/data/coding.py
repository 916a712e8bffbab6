"""Which codes did coders give to what people wrote?  The columns that a descriptor declares, checked cell by cell.

The codes that are shown are the answers to an ordinary question: those that coders agreed on, or that the only one
gave. What each coder gave before, and the words themselves, stand in columns that are no questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from surveybook.survey.data import RESPONSES
from surveybook.survey.data.codebook import CODED, CODERS, TEXT, Declared
from surveybook.survey.data.package import Package
from surveybook.survey.data.publication import WHY
from surveybook.survey.data.schema import Document, remedy
from surveybook.survey.data.table import also_in
from surveybook.survey.errors import DataError, Faults

ONE, MANY = ("yes-no", "ordered", "nominal"), "multi-select"

Codes = frozenset[str]
"""The codes that one coder gave to one text."""


@dataclass(frozen=True)
class Coding:
    """How the texts behind a question were coded. `text`: the column that holds them, if the file has it. `coders`:
    what each of them gave to each respondent's text, None where it was not coded."""

    question: str
    text: str | None
    coders: Mapping[str, Sequence[Codes | None]]

    @property
    def cases(self) -> list[tuple[Codes | None, ...]]:
        """What all coders gave to each text that two of them coded, in the order of the coders."""
        return [one for one in zip(*self.coders.values(), strict=True) if sum(codes is not None for codes in one) > 1]


def read_codings(package: Package, codebook: Mapping[str, Declared], faults: Faults) -> dict[str, Coding]:
    """The codings that a descriptor declares, by question.

    Raises DataError, one sentence with file and line or with file, row and column, for: drawn answers and given away
    rows with words in them, names of no question or column, a column of another type than its question, a text that
    is a question, and a code that the question has not.
    """
    document, declared = package.document, package.descriptor.get(CODED, {})
    found = {}
    if declared and package.descriptor["simulated"]:
        faults.add(document.refusal([CODED], "answers that a model draws are in nobody's words; remove this key"))
        return {}
    for name, told in declared.items() if faults.sound(CODED) else ():
        with faults.part():
            document.known(name, codebook, [CODED, name], "no question")
            question = codebook[name]
            if question.kind not in (*ONE, MANY):
                raise document.refusal([CODED, name], f"“{name}” is of the kind {question.kind}, and codes are answers "
                                                      "with names; name another question")
            text = told.get(TEXT)
            if text:
                _check_text(package, name, text)
            coders = {}
            for coder, column in told.get(CODERS, {}).items():
                with faults.part():
                    coders[coder] = _codes(package, question, (CODED, name, CODERS, coder), column, faults)
            found[name] = Coding(name, text, coders)
    return found


def _check_text(package: Package, name: str, column: str) -> None:
    """Refuse a column of texts that is not one, or whose rows are given away."""
    document, keys = package.document, (CODED, name, TEXT)
    document.known(column, package.tables[RESPONSES], keys, f"no column of “{RESPONSES}”")
    declared = package.field(RESPONSES, column)
    if declared["type"] != "string" or "kind" in declared or "categories" in declared:
        raise document.refusal(keys, f"“{column}” is a question or a number, and this column holds what people wrote; "
                                     "give its field the `type: string`, no “kind” and no “categories”")
    if WHY in package.resources[RESPONSES]:
        raise document.refusal(keys, "these rows are given away, and words of people never are; take the column out of "
                                     f"the file and this key with it, or remove “{WHY}”")


def _codes(package: Package, question: Declared, keys: tuple[str, ...], column: str, faults: Faults
           ) -> list[Codes | None]:
    """The codes of one coder."""
    document: Document = package.document
    document.known(column, package.tables[RESPONSES], keys, f"no column of “{RESPONSES}”")
    kind = "list" if question.kind == MANY else "string"
    if package.field(RESPONSES, column)["type"] != kind:
        raise document.refusal(keys, f"“{question.id}” is of the kind {question.kind}, and its coders write alike; "
                                     f"give the field “{column}” the `type: {kind}`" +
                                     (" and the same “delimiter”" if kind == "list" else ""))
    cells = package.tables[RESPONSES][column]
    wrong: dict[str, list[Any]] = {}
    given: list[Codes | None] = []
    for row, cell in cells.items():
        codes = cell if isinstance(cell, tuple) else () if pd.isna(cell) else (cell,)
        for one in codes:
            if one not in question.answers:
                wrong.setdefault(one, []).append(row)
        given.append(frozenset(codes) or None)
    path = package.folder / package.resources[RESPONSES]["path"]
    for one, rows in wrong.items():
        faults.add(DataError(f"{path}: row {rows[0]}, column “{column}”: “{one}” is no code of “{question.id}”; "
                             f"{remedy(one, question.answers)}{also_in(len(rows) - 1)}"))
    return given


@dataclass(frozen=True)
class CodesTold:
    """What coders said, as it may be shown: `groups` of places of codes, put together where a rule asks for it, and of
    how many texts the coders gave these groups, in the order of the coders. None where `ordered` would tell too much:
    then by the groups `alone`, whoever of the coders gave them."""

    groups: tuple[tuple[int, ...], ...]
    alone: Mapping[tuple[Codes, ...], int]
    ordered: Mapping[tuple[Codes | None, ...], int] | None


def show_codes(coding: Coding, answers: Sequence[str], hidden: Collection[str], least: int) -> CodesTold | None:
    """The table of what coders said of which nothing follows that may not be shown, or None.

    As a table of answers, it is told whole or not at all: each of its counts is 0 or at least `least` (data/
    disclosure.py). Until that is so, codes are put together: first those whose own counts are `hidden`, then those that
    the rarest case has. All that is said of coders is computed from it, so that nothing can be worked out from several
    numbers that one does not tell.
    """
    cases = Counter(coding.cases)
    places = {answer: place for place, answer in enumerate(answers)}
    secret = [place for answer, place in places.items() if answer in hidden]
    groups = [one for one in (secret, *([place] for place in places.values() if place not in secret)) if one]
    while True:
        groups.sort(key=min)
        own = {answers[place]: f"{number}" for number, group in enumerate(groups) for place in group}
        ordered: Counter[tuple[Codes | None, ...]] = Counter()
        alone: Counter[tuple[Codes, ...]] = Counter()
        for case, number in cases.items():
            told = tuple(None if codes is None else frozenset(own[one] for one in codes) for codes in case)
            ordered[told] += number
            alone[tuple(sorted((one for one in told if one is not None), key=sorted))] += number
        small = {case: number for case, number in alone.items() if number < least}
        if not small:
            safe = all(number >= least for number in ordered.values())
            return CodesTold(tuple(map(tuple, groups)), alone, ordered if safe else None) if len(groups) > 1 else None
        if len(groups) < 3:
            return None
        rarest = min(small, key=lambda case: (small[case], [sorted(one) for one in case]))
        _merge(groups, sorted({int(one) for codes in rarest for one in codes}), alone)


def _merge(groups: list[list[int]], wanted: list[int], cases: Mapping[tuple[Codes, ...], int]) -> None:
    """Put two groups together: the first two of those `wanted`, or the only one and the rarest of the others."""
    if len(wanted) < 2:
        often: Counter[int] = Counter()
        for case, number in cases.items():
            often.update({int(one): number for codes in case for one in codes})
        others = [number for number in range(len(groups)) if number not in wanted]
        wanted = [*wanted, min(others, key=lambda number: (often[number], number))]
    first, second = sorted(wanted[:2])
    groups[first] += groups.pop(second)

