"""What stands in one column of a file?  Each different cell once, and which of them each row has.

A survey has few different answers and many rows, so that whatever is decided about a column looks at its different
cells and how often they occur, and what becomes of a cell is found once for all rows that have it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

AT_ONCE = 5_000  # rows that are held as text


class Places(dict[str, int]):
    """The place of each different cell, in the order in which they are first asked for."""

    def __missing__(self, cell: str) -> int:
        found = self[cell] = len(self)
        return found


@dataclass(frozen=True, eq=False)
class Cells(Sequence[str]):
    """The cells of one column, one for each row: `words`, the different ones in the order of their first rows, and
    `codes`, the place in it of each row."""

    words: tuple[str, ...]
    codes: np.ndarray

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: Any) -> Any:
        return Cells.coded(self.words, self.codes[row]) if isinstance(row, slice) else self.words[self.codes[row]]

    def __iter__(self) -> Iterator[str]:
        for row in range(0, len(self.codes), AT_ONCE):
            yield from map(self.words.__getitem__, self.codes[row : row + AT_ONCE].tolist())

    def __contains__(self, word: object) -> bool:
        return word in self.words

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each different cell occurs."""
        return Counter(dict(zip(self.words, np.bincount(self.codes, minlength=len(self.words)).tolist(), strict=True)))

    @staticmethod
    def coded(words: Sequence[str], codes: np.ndarray) -> Cells:
        """Cells by their places in `words`, of which some may occur twice, or nowhere."""
        codes, first = pd.factorize(codes)
        known = Places()
        merged = np.array([known[words[place]] for place in first.tolist()], np.int32)
        return Cells(tuple(known), merged[codes] if len(merged) else codes.astype(np.int32))

    def take(self, rows: np.ndarray) -> Cells:
        """Those of some rows."""
        return Cells.coded(self.words, self.codes[rows])

    def map(self, read: Callable[[str], str]) -> Cells:
        """What becomes of each different cell."""
        return Cells.coded([read(word) for word in self.words], self.codes)

    def each(self, read: Callable[[str], Any]) -> np.ndarray:
        """What is told of each different cell, as an array over the rows."""
        return np.array([read(word) for word in self.words])[self.codes]

    def fill(self, rows: np.ndarray, word: str) -> Cells:
        """The same with another word in some rows, given as truth values, that are empty."""
        empty = rows & self.each(lambda cell: not cell)
        return Cells.coded((*self.words, word), np.where(empty, len(self.words), self.codes))


def combine(columns: Sequence[Cells], read: Callable[[tuple[str, ...]], str]) -> Cells:
    """One column from several: what becomes of each different row of them."""
    codes, rows = columns[0].codes.astype(np.int64), [(word,) for word in columns[0].words]
    for column in columns[1:]:
        width = len(column.words)
        codes, pairs = pd.factorize(codes * width + column.codes)
        rows = [(*rows[pair // width], column.words[pair % width]) for pair in pairs.tolist()]
    return Cells.coded([read(row) for row in rows], codes)


def divide_columns(rows: Iterable[Sequence[str]], width: int) -> list[Cells]:
    """The columns of rows of one length, which are read a few at a time."""
    places, codes = [Places() for _ in range(width)], [[np.zeros(0, np.int32)] for _ in range(width)]
    rows = iter(rows)
    while many := list(islice(rows, AT_ONCE)):
        for known, parts, cells in zip(places, codes, zip(*many, strict=True), strict=True):
            parts.append(np.fromiter(map(known.__getitem__, cells), np.int32, len(many)))
    return [Cells(tuple(known), np.concatenate(parts)) for known, parts in zip(places, codes, strict=True)]
