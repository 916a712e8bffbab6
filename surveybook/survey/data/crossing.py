"""How often was each pair of answers given?  The table that every test of a hypothesis rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from surveybook.survey.data.codebook import Declared
from surveybook.survey.data.responses import CODES
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
    reasons, the first of not asked, skipped, can't say. `total`: people who gave both answers, where counts of the
    table are withheld (not a number). `weighted`: the shares of the pairs, row by row, of a sample that was drawn
    otherwise than one by one; `coarse`, if results from them must not be told exactly, as counts are withheld.
    """

    table: Table
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[int, ...], tuple[int, ...]]
    missing: Mapping[str, float]
    total: float | None = None
    trouble: str = ""
    weighted: Weighted | None = None
    coarse: bool = False

    @property
    def tested(self) -> Table | WeightedTable:
        """What tests, sizes and verdicts rest on."""
        return WeightedTable(self.table, self.weighted, self.coarse) if self.weighted else self.table

    @property
    def n(self) -> float:
        """People who gave both answers."""
        return sum(map(sum, self.table)) if self.total is None else self.total

    @property
    def turned(self) -> Crossed:
        """The same with the two questions exchanged."""
        table, values = tuple(zip(*self.table, strict=True)), self.values[::-1]
        weighted = WeightedTable(self.table, self.weighted).turned.weighted if self.weighted else None
        return replace(self, table=table, rows=self.columns, columns=self.rows, values=values, weighted=weighted)


def crossed(
    first: Declared, second: Declared, codes: Mapping[str, np.ndarray], sampling: Sampling | None = None
) -> Crossed:
    """The answers to two questions, each with one answer or number a person, as a table."""
    x, y = codes[first.id], codes[second.id]
    both = (x >= 0) & (y >= 0)
    reason = np.maximum(np.where(x < 0, x, -99), np.where(y < 0, y, -99))[~both]
    (x_levels, x_labels), (y_levels, y_labels) = _levels(first, x[both]), _levels(second, y[both])
    table = np.zeros((len(x_levels), len(y_levels)), int)
    places = np.searchsorted(x_levels, x[both]), np.searchsorted(y_levels, y[both])
    np.add.at(table, places, 1)
    missing = {name: int((reason == code).sum()) for name, code in CODES.items()}
    values = (tuple(x_levels.tolist()), tuple(y_levels.tolist()))
    weighted = weigh(sampling, both, *places, table.shape) if sampling else None
    return Crossed(tuple(map(tuple, table.tolist())), x_labels, y_labels, values, MappingProxyType(missing),
                   weighted=weighted)


def weigh(
    sampling: Sampling, both: np.ndarray, rows: np.ndarray, columns: np.ndarray, shape: tuple[int, ...]
) -> Weighted:
    """The weighted shares of the pairs of answers of those who gave both; `rows` and `columns` are their places."""
    cell = np.full(len(both), -1)
    cell[both] = rows * shape[1] + columns
    return sampling.estimate(cell[:, None] == np.arange(shape[0] * shape[1]), both)


def _levels(question: Declared, given: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """The levels of a question as codes, rising, and their labels."""
    if question.kind == "count":
        levels = np.unique(given)
        return levels, tuple(map(str, levels.tolist()))
    return np.arange(len(question.answers)), tuple(question.labels[answer] for answer in question.answers)
