"""How often was each pair of answers given?  The table that every test of a hypothesis, and every group, rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from surveybook.survey.data.codebook import SAMPLING, Declared
from surveybook.survey.data.responses import CODES, column
from surveybook.survey.data.schema import Document
from surveybook.survey.errors import Faults
from surveybook.survey.estimates.recoding import Groups
from surveybook.survey.estimates.weighting import Sampling, Weighted
from surveybook.survey.stats.sampled import WeightedTable

Table = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Crossed:
    """Counts of people by two answers.

    `table`: one row for each level of the first question, one column for each level of the second, both in their
    order: the declared answers, or, of a count, the numbers that were given. `rows` and `columns` are their labels,
    `values` the numbers of both: of a count the number itself, else the place of the answer.
    `missing`: how many people are left out, each once, by reason; where both answers are missing for different
    reasons, the first of not asked, skipped, can't say, not applicable. `total`: people who gave both answers, where
    counts of the table are withheld (not a number). `ways`: of a table whose answers were put together, which places of
    answers each row and each column has. `bases`: of a question of which several answers can be chosen, how many
    answered it in each column; its rows are then how many chose each option. `weighted`: the shares of the pairs, row
    by row, of a sample that was drawn otherwise than one by one; `coarse`, if results from them must not be told
    exactly, as counts are withheld.
    """

    table: Table
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[int, ...], tuple[int, ...]]
    missing: Mapping[str, float]
    total: float | None = None
    trouble: str = ""
    ways: tuple[Groups, Groups] | None = None
    bases: tuple[float, ...] = ()
    weighted: Weighted | None = None
    coarse: bool = False

    @property
    def tested(self) -> Table | WeightedTable:
        """What tests, sizes and verdicts rest on."""
        return WeightedTable(self.table, self.weighted, self.coarse) if self.weighted else self.table

    @property
    def n(self) -> float:
        """People who gave both answers."""
        if self.total is not None:
            return self.total
        return sum(self.bases) if self.bases else sum(map(sum, self.table))

    @property
    def turned(self) -> Crossed:
        """The same with the two questions exchanged."""
        table, values = tuple(zip(*self.table, strict=True)), self.values[::-1]
        ways = self.ways[::-1] if self.ways else None
        weighted = WeightedTable(self.table, self.weighted).turned.weighted if self.weighted else None
        return replace(self, table=table, rows=self.columns, columns=self.rows, values=values, ways=ways,
                       weighted=weighted)


def crossed(
    first: Declared, second: Declared, codes: Mapping[str, np.ndarray], sampling: Sampling | None = None
) -> Crossed:
    """The answers to two questions as a table; each person gives one answer or number to the second, and to the first
    one, or chooses several."""
    x, y = column(codes[first.id]), codes[second.id]
    both = (x >= 0) & (y >= 0)
    reason = np.maximum(np.where(x < 0, x, -99), np.where(y < 0, y, -99))[~both]
    missing = MappingProxyType({name: int((reason == code).sum()) for name, code in CODES.items()})
    y_levels, y_labels = _levels(second, y[both])
    places = np.searchsorted(y_levels, y[both])
    if first.kind == "multi-select":
        bases = tuple(np.bincount(places, minlength=len(y_levels)).tolist())
        x_levels, x_labels = np.arange(len(first.answers)), tuple(first.labels[answer] for answer in first.answers)
        weighted = None  # what shows options by groups knows no weights
        table = np.array([np.bincount(places[chosen == 1], minlength=len(y_levels))
                          for chosen in codes[first.id][both].T])
    else:
        bases, (x_levels, x_labels) = (), _levels(first, x[both])
        table = np.zeros((len(x_levels), len(y_levels)), int)
        rows = np.searchsorted(x_levels, x[both])
        np.add.at(table, (rows, places), 1)
        weighted = weigh(sampling, both, rows, places, table.shape) if sampling else None
    values = (tuple(x_levels.tolist()), tuple(y_levels.tolist()))
    return Crossed(tuple(map(tuple, table.tolist())), x_labels, y_labels, values, missing, bases=bases,
                   weighted=weighted)


def weigh(
    sampling: Sampling, both: np.ndarray, rows: np.ndarray, columns: np.ndarray, shape: tuple[int, ...]
) -> Weighted:
    """The weighted shares of the pairs of answers of those who gave both; `rows` and `columns` are their places."""
    cell = np.full(len(both), -1)
    cell[both] = rows * shape[1] + columns
    return sampling.estimate(cell[:, None] == np.arange(shape[0] * shape[1]), both)


def read_pairs(document: Document, codebook: Mapping[str, Declared], faults: Faults) -> tuple[tuple[str, str], ...]:
    """The ids of the questions that a descriptor has under `crossed`: each with the one by whose answers it is shown.

    Raises DataError for a question that does not exist, or cannot stand there.
    """
    found: list[tuple[str, str]] = []
    if SAMPLING in document.data and "crossed" in document.data:
        faults.add(document.refusal(["crossed"], "it lists what may be shown beside withheld counts, where no weighted "
                                                 "share of a group is told; remove this key, or “sampling”"))
        return ()
    for by, names in document.data.get("crossed", {}).items() if faults.sound("crossed") else ():
        keys = ("crossed", by)
        with faults.part():
            document.known(by, codebook, keys, "no question")
            if trouble := no_groups(codebook[by]):
                raise document.refusal(keys, trouble)
            for place, name in enumerate(names):
                document.known(name, codebook, (*keys, place), "no question")
                if name == by:
                    raise document.refusal((*keys, place), "a question is not shown by its own answers; remove it")
                found.append((name, by))
    return tuple(found)


def no_groups(question: Declared) -> str:
    """Why a question cannot part people in groups, if it cannot."""
    several = question.kind == "multi-select"
    return f"of “{question.id}” several answers may be chosen, so they part nobody in groups; name another question" \
        if several else ""


def _levels(question: Declared, given: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """The levels of a question as codes, rising, and their labels."""
    if question.kind == "count":
        levels = np.unique(given)
        return levels, tuple(map(str, levels.tolist()))
    return np.arange(len(question.answers)), tuple(question.labels[answer] for answer in question.answers)
