"""What did each respondent answer?  The rows of a survey, checked against its codebook, as numbers and as a frame."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveybook.store import Store, version_of
from surveybook.survey.data import RESPONSES
from surveybook.survey.data.codebook import Condition, Counting, Declared, needed
from surveybook.survey.data.package import Package
from surveybook.survey.data.table import also_in
from surveybook.survey.errors import DataError, Faults
from surveybook.survey.estimates.distribution import NOT_APPLICABLE, Distribution
from surveybook.survey.estimates.weighted import WeightedDistribution
from surveybook.survey.estimates.weighting import Sampling

NOT_ASKED, SKIPPED, CANT_SAY = -1, -2, -3
CODES = {"not-asked": NOT_ASKED, "skipped": SKIPPED, "cant-say": CANT_SAY, NOT_APPLICABLE: -4}

READ_WITH = version_of(Path(__file__).resolve().parents[2], "numpy", "pandas")
PEOPLE, OF = "respondents", "answers to "  # names of what is kept
KEPT = 8  # responses of other data or other code

Codes = dict[str, np.ndarray]
"""Answers of many respondents by question: the position of the answer, or the number itself where that is asked for;
below zero where it is missing, by reason. A multi-select question has one column of 0 and 1 for each option. Positions
take a byte each, or two."""


@dataclass(frozen=True)
class Responses:
    """The answers of all respondents, checked, with the counts derived from them; and how these people came into the
    sample, where not all had the same chance by themselves. `key`: what they are known by, where that was worked out.
    """

    respondents: Sequence[str]
    codebook: Mapping[str, Declared]
    codes: Mapping[str, np.ndarray]
    sampling: Sampling | None = None
    key: str = ""

    @cached_property
    def answers(self) -> pd.DataFrame:
        """One row for each respondent. One column for each question: a categorical with all declared answers (in
        order where they have one), or a number; empty where missing. A multi-select question has one column of truth
        values for each option, called “question.option”."""
        index = pd.Index(list(self.respondents), name="respondent")
        columns: dict[str, object] = {}
        for name, question in self.codebook.items():
            code = self.codes[name]
            if question.kind == "multi-select":
                for option, column in zip(question.answers, code.T, strict=True):
                    columns[f"{name}.{option}"] = pd.arrays.BooleanArray(column == 1, column < 0)
            elif question.kind == "count":
                columns[name] = pd.arrays.IntegerArray(np.maximum(code, 0).astype("int64"), code < 0)
            else:
                columns[name] = pd.Categorical.from_codes(
                    np.maximum(code, -1), list(question.answers), ordered=question.kind == "ordered"
                )
        return pd.DataFrame(columns, index=index)

    @cached_property
    def missing(self) -> pd.DataFrame:
        """One row for each respondent, one column for each question: why the answer is missing, or empty."""
        columns = {name: _reasons(column(self.codes[name])) for name in self.codebook}
        return pd.DataFrame(columns, index=pd.Index(list(self.respondents), name="respondent"))

    def distribution(self, name: str) -> Distribution:
        """How the answers to a question are distributed."""
        question, code = self.codebook[name], self.codes[name]
        found = distribution(question, code)
        if not self.sampling:
            return found
        given = column(code) >= 0
        return WeightedDistribution(**vars(found), weighted=self.sampling.estimate(chosen(question, code), given))


def read_responses(
    package: Package, codebook: Mapping[str, Declared], faults: Faults | None = None, resource: str = RESPONSES
) -> Responses:
    """The rows of the resource “responses”, or of an earlier wave.

    Raises DataError with file, row and column for: an answer to a question that was not asked or none to one that was,
    an option chosen beside the one that excludes all others, and a file without respondents. Questions that rest on
    something that is broken are not in the codes.
    """
    faults = faults or Faults()
    rows, missing = package.tables[resource], package.missing[resource]
    path = package.folder / package.resources[resource]["path"]
    if rows.empty:
        raise DataError(f"{path}: row 1: there is no respondent below the header; add the responses")
    codes: Codes = {}
    for name, question in codebook.items():
        if faults.broken and {name, *needed(question, codebook)} & faults.broken:
            continue
        if question.counting:
            codes[name] = counted(question.counting, codebook, codes)
            continue
        codes[name] = _coded(question, rows[name], missing.get(name))
        for wrong, trouble in _faults(question, rows[name], codebook, codes):
            if wrong.any():
                more = also_in(int(wrong.sum()) - 1) if faults.gathers else ""
                faults.broken.add(name)
                faults.add(DataError(f"{path}: row {rows.index[wrong.argmax()]}, column “{name}”: {trouble}{more}"))
    codes = {name: code for name, code in codes.items() if name not in faults.broken}
    codebook = codebook if len(codes) == len(codebook) else {name: codebook[name] for name in codes}
    identity = package.resources[resource]["schema"].get("primaryKey", [""])[0]
    if identity not in rows:
        return Responses((), codebook, codes)
    return Responses(tuple(rows[identity]), codebook, codes)


def kept_responses(package: Package, codebook: Mapping[str, Declared], root: Path, resource: str = RESPONSES
                   ) -> Responses:
    """The same as read_responses gives for sealed files: read once for the same descriptor, which names the hash of the
    file, and kept in the store of the report in `root`, the codes of each question by themselves. Those of an earlier
    wave are kept by the name of its `resource`."""
    kept = Store(root, "responses", READ_WITH)
    described = json.dumps([package.descriptor, resource], default=str)

    def read_all() -> Responses:
        return read_responses(package, codebook, resource=resource)

    def read() -> bytes:
        found = read_all()
        for name, code in found.codes.items():
            kept.write(f"{OF}{name}, {described}", _packed(code))
        kept.write(f"{PEOPLE}, {described}", _packed(np.array(found.respondents, dtype=str)))
        return str(len(found.respondents)).encode()

    def array(what: str, again: Callable[[], np.ndarray]) -> np.ndarray:
        content = kept.read(f"{what}, {described}")
        return again() if content is None else np.load(io.BytesIO(content))

    people = int(kept.get(described, read))
    columns = sum(len(one["schema"]["fields"]) + 2 for one in package.resources.values())  # of all waves
    kept.forget_all_but(KEPT * (len(codebook) + columns))
    codes = Each(codebook, cache(lambda name: array(
        f"{OF}{name}", lambda: read_all().codes[name])))
    names = KeptNames(people, lambda: array(
        PEOPLE, lambda: np.array(read_all().respondents)).tolist())
    return Responses(names, codebook, codes, key=hashlib.sha256(f"{READ_WITH} {described}".encode()).hexdigest())


class Each(Mapping[str, np.ndarray]):
    """Arrays by name, each made when it is asked for: those of many people take more than all else."""

    def __init__(self, names: Iterable[str], make: Callable[[str], np.ndarray]):
        self._names, self._make = dict.fromkeys(names), make

    def __getitem__(self, name: str) -> np.ndarray:
        self._names[name]
        return self._make(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class KeptNames(Sequence[str]):
    """The names of respondents, whose number is known, read when one is asked for."""

    def __init__(self, people: int, read: Callable[[], list[str]]):
        self._people, self._read = people, cache(read)

    def __getitem__(self, place: Any) -> Any:
        return self._read()[place]

    def __len__(self) -> int:
        return self._people


def _packed(values: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.save(content, values)
    return content.getvalue()


def applies(condition: Condition, codebook: Mapping[str, Declared], codes: Mapping[str, np.ndarray]) -> np.ndarray:
    """Whom a question with this condition is asked, as truth values."""
    answers = codebook[condition.question].answers
    return np.isin(codes[condition.question], [answers.index(answer) for answer in condition.answers])


def counted(counting: Counting, codebook: Mapping[str, Declared], codes: Mapping[str, np.ndarray]) -> np.ndarray:
    """The derived count of each respondent. Where several reasons make it missing, the first of CODES stands."""
    first = codebook[counting.questions[0]]
    wanted = [first.answers.index(answer) for answer in counting.answers]
    if first.kind == "multi-select":
        chosen = codes[first.id].T[wanted]
        return np.where(chosen[0] < 0, chosen[0], (chosen == 1).sum(axis=0, dtype=np.int32))
    given = [codes[name] for name in counting.questions]
    number = np.zeros(len(given[0]), np.int32)
    for one in given:
        for place in wanted:
            number += one == place
    absent = [one < 0 for one in given]
    empty = (np.logical_or if counting.missing_if == "any" else np.logical_and).reduce(absent)
    reason = np.maximum.reduce(
        [np.where(gone, one, min(CODES.values())) for gone, one in zip(absent, given, strict=True)]
    )
    return np.where(empty, reason, number).astype(np.int32)


def distribution(question: Declared, code: np.ndarray) -> Distribution:
    """The answers to one question, counted once. Those not asked are in no number of it."""
    reason = column(code)
    asked = int((reason != NOT_ASKED).sum())
    missing = {name: int((reason == CODES[name]).sum()) for name in question.missing if name != "not-asked"}
    if question.kind == "multi-select":
        counts = (code == 1).sum(axis=0)
        respondents = asked - sum(missing.values())
    else:
        given = reason[reason >= 0]
        found = places(question, given)
        counts, respondents = np.bincount(found, minlength=len(question.answers)), None
    return Distribution(dict(zip(question.answers, map(int, counts), strict=True)), missing, asked, respondents)


def chosen(question: Declared, code: np.ndarray) -> np.ndarray:
    """Which answers each person gave, people x answers, as truth values."""
    if question.kind == "multi-select":
        return code == 1
    return (code >= 0)[:, None] & (places(question, code)[:, None] == np.arange(len(question.answers)))


def places(question: Declared, code: np.ndarray) -> np.ndarray:
    """The places of answers that were given; of a count, of its bands."""
    return np.searchsorted(question.bands, code, side="right") - 1 if question.bands else code


def _coded(question: Declared, cells: pd.Series, missing: pd.Series | None) -> np.ndarray:
    """The cells of one column as codes."""
    kind = np.int32 if question.kind == "count" else np.int8 if len(question.answers) < 100 else np.int16
    reason = np.zeros(len(cells), kind) if missing is None else _each(missing, lambda one: CODES.get(one, 0), 0, kind)
    if question.kind == "multi-select":
        chosen = _each(cells, lambda cell: [option in cell for option in question.answers],
                       [0] * len(question.answers), kind)
        return np.where(reason[:, None] < 0, reason[:, None], chosen)
    if question.kind == "count":
        return np.where(reason < 0, reason, cells.fillna(0).to_numpy(kind))
    places = {answer: place for place, answer in enumerate(question.answers)}
    return np.where(reason < 0, reason, _each(cells, lambda cell: places.get(cell, 0), 0, kind))


def _each(cells: pd.Series, code: Callable[[Any], Any], empty: Any, kind: type[np.signedinteger]) -> np.ndarray:
    """The code of each cell, worked out once for all that hold the same; that of an `empty` one is given."""
    which, different = (cells.cat.codes, cells.cat.categories) if isinstance(cells.dtype, pd.CategoricalDtype) else \
        pd.factorize(cells)
    return np.array([*map(code, different), empty], kind)[which]  # what is empty is at -1


def _faults(
    question: Declared, cells: pd.Series, codebook: Mapping[str, Declared], codes: Codes
) -> Iterator[tuple[np.ndarray, str]]:
    """Which rows are wrong in one column, for each way in which they can be."""
    code = codes[question.id]
    given = column(code) != NOT_ASKED
    if question.condition:
        asked = applies(question.condition, codebook, codes)
        only = f"it is for those who said {' or '.join(question.condition.answers)} to “{question.condition.question}”"
        yield given & ~asked, f"the question was not asked, as {only}; write not-asked, or correct that answer"
        yield asked & ~given, f"the question was asked, as {only}; write the answer, or why it is missing"
    yield cells.isna().to_numpy() & (column(code) >= 0), "the cell is empty; fill it in"
    if question.alone:
        chosen = code == 1
        both = chosen[:, question.answers.index(question.alone)] & (chosen.sum(axis=1) > 1)
        yield both, f"“{question.alone}” excludes all other answers; keep it alone, or remove it"


def column(code: np.ndarray) -> np.ndarray:
    """One code for each respondent; of a multi-select question the first column tells whether it is missing."""
    return code if code.ndim == 1 else code[:, 0]


def _reasons(column: np.ndarray) -> pd.Categorical:
    """The codes below zero as the names of the reasons."""
    return pd.Categorical.from_codes(np.where(column < 0, -column - 1, -1), list(CODES))
