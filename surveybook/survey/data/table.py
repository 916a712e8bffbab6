"""What do the cells of a CSV file hold?  Each as its field declares it, or a refusal with row and column.

Rows are taken by the thousand, and what stands in many cells is understood once; where anything is wrong among them,
they are looked at one by one, so that the first fault is told.
"""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveybook.survey.data import DESCRIPTOR
from surveybook.survey.data.schema import remedy
from surveybook.survey.errors import DataError, Faults

SEPARATORS = {";": "semicolons", "\t": "tabs"}
LONGEST = 1_000_000  # characters of a cell
MOST_DIGITS = 15  # which numbers with a fraction hold exactly as well
MOST_TROUBLES = 5  # of a column that are told one by one
BATCH = 10_000  # rows that are taken at once
DTYPES = {"string": "string", "integer": "Int64", "number": "Float64", "list": "object"}
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


Frames = tuple[pd.DataFrame, pd.DataFrame]
"""The typed cells of a table, and the missing codes among them."""


def read_table(
    content: bytes, schema: Mapping[str, Any], path: Path, faults: Faults, skipped: Collection[str] = (),
    coded: bool = False,
) -> Frames:
    """The rows of a CSV file in UTF-8, typed and checked, with one column for each field; and the missing codes among
    them.

    Columns of the `skipped` fields are not looked at. Where the table is `coded`, a text that is one of the categories
    of its field takes a byte or two, as a categorical.
    """
    fields = {field["name"]: field for field in schema["fields"]}
    rows = _rows(content, path)
    header = next(rows, (0, []))[1]
    check_header(header, [*fields, *skipped], path, faults)
    columns = [Column(fields[name], f"column “{name}”") if name in fields and header.count(name) == 1 else None
               for name in header]
    key = [header.index(name) for name in schema.get("primaryKey", header) if header.count(name) == 1]
    table = _Table(columns, header, key, path, faults)
    for many in _batches(rows):
        if not table.take_all(many):
            for number, cells in many:
                table.take(number, cells)
    return framed(filter(None, columns), pd.Index(table.numbers, name="row"), fields, path, faults, coded)


def framed(
    columns: Iterable[Column], rows: pd.Index, fields: Mapping[str, Any], path: Path, faults: Faults, coded: bool
) -> Frames:
    """The columns as frames, with the number of each row; what is wrong with them goes into `faults`."""
    ordered = {column.field["name"]: column for column in columns}
    for name, column in ordered.items():
        if column.wrong:
            faults.broken.add(name)
            for place, trouble in column.told():
                faults.add(DataError(f"{path}: row {place}, {column.place}: {trouble}"))
    faults.broken |= fields.keys() - ordered.keys()
    frame = pd.DataFrame({name: ordered[name].array(coded) for name in fields if name in ordered}, index=rows)
    missing = {name: ordered[name].missing(coded) for name in ordered if ordered[name].codes}
    return frame, pd.DataFrame(missing, columns=list(missing), index=rows)


def _rows(content: bytes, path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file with the line each one ends on; blank lines are left out. Raises DataError for what is no
    CSV, where that is reached."""
    csv.field_size_limit(LONGEST)
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8", newline=""), strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        if "limit" in str(error):
            raise DataError(f"{path}: a cell has more than {LONGEST:,} characters; shorten it, or close a quote before "
                            "it") from None
        raise DataError(f"{path}: not CSV ({error}); correct the quotes") from None


def _batches(rows: Iterator[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    """The rows in lists of a few thousand."""
    while many := list(islice(rows, BATCH)):
        yield many


@dataclass
class _Table:
    """The rows of a file as they are read into its columns: None for a column that is not looked at.

    `key`: the places of the columns that tell rows apart; `seen`: the row of each of their values.
    """

    columns: list[Column | None]
    header: list[str]
    key: list[int]
    path: Path
    faults: Faults
    numbers: list[int] = field(default_factory=list)
    seen: dict[tuple[Any, ...], int] = field(default_factory=dict)

    def take_all(self, rows: list[tuple[int, list[str]]]) -> bool:
        """Take many rows at once, column by column; nothing of them, where anything is wrong with one."""
        numbers, cells = zip(*rows, strict=True)
        if set(map(len, cells)) != {len(self.header)}:
            return False
        turned = list(zip(*cells, strict=True))
        try:
            for column, given in zip(self.columns, turned, strict=True):
                if column:
                    column.know(set(given))
        except Trouble:
            return False
        if self.key:
            own = list(zip(*(self.columns[place].understood(turned[place]) if self.columns[place] else
                             [None] * len(rows) for place in self.key), strict=True))
            if len(set(own)) < len(own) or not self.seen.keys().isdisjoint(own):
                return False
            self.seen.update(zip(own, numbers, strict=True))
        for column, given in zip(self.columns, turned, strict=True):
            if column:
                column.extend(given)
        self.numbers += numbers
        return True

    def take(self, number: int, cells: list[str]) -> None:
        """Take one row, and tell what is wrong with it."""
        faults, header = self.faults, self.header
        if len(cells) != len(header):
            trouble = f"{len(cells)} cells instead of {len(header)}; give each column one cell"
            faults.add(DataError(f"{self.path}: row {number}: {trouble}"))
            return
        row, wrong = [], []
        for column, cell in zip(self.columns, cells, strict=True):
            try:
                row.append(column.add(cell) if column else None)
            except Trouble as trouble:
                wrong.append((column, cell, str(trouble)))
                row.append(None)
        if len(wrong) > max(2, len(header) / 2):
            faults.add(DataError(f"{self.path}: row {number}: {_no_answers(wrong, len(header))}"))
            wrong = [(column, cell, "") for column, cell, _ in wrong]
        for column, _, trouble in wrong:
            if not faults.gathers:
                raise DataError(f"{self.path}: row {number}, {column.place}: {trouble}")
            column.tell(number, trouble)
        self.numbers.append(number)
        own = tuple(row[place] for place in self.key)
        if own in self.seen and not (faults.gathers and None in own):
            repeated = f"repeats row {self.seen[own]} ({', '.join(map(str, own))}); remove one of them"
            faults.add(DataError(f"{self.path}: row {number}: {repeated}"))
        self.seen |= {own: number} if self.key else {}


def _no_answers(wrong: Sequence[tuple[Column, str, str]], columns: int) -> str:
    """What is wrong with a row most of whose cells are wrong: it is none of answers."""
    column, cell, _ = wrong[-1]
    if not any(cell.strip() for _, cell, _ in wrong):
        return "is empty; remove it"
    return (f"holds no answers, but other things in {len(wrong)} of {columns} cells, such as “{cell}” in the "
            f"{column.place}; remove the row if it is a heading or a total, or correct its cells")


def check_header(header: list[str], names: list[str], path: Path, faults: Faults) -> None:
    """Each declared column once, and no other."""
    if not header:
        raise DataError(f"{path}: the file is empty; restore it, with the names of the columns in its first row")
    if len(names) > 1 and len(header) == 1:
        for mark, words in SEPARATORS.items():
            if mark in header[0]:
                raise DataError(f"{path}: row 1: columns are separated by {words}; save the file with commas, or read "
                                "it with `surveybook study`")
    for name in names:
        if name not in header:
            faults.add(DataError(f"{path}: row 1: the column “{name}” is missing; add it, as {DESCRIPTOR} declares it"))
    for position, name in enumerate(header):
        where = f"{path}: row 1: "
        if name and name in header[:position]:
            faults.add(DataError(f"{where}the column “{name}” stands twice; remove one of them"))
        elif not name:
            faults.add(DataError(f"{where}column {position + 1} has no name; remove it, or name and declare it"))
        elif name not in names:
            faults.add(DataError(f"{where}the column “{name}” is not declared; remove it, or declare it once"))


class Trouble(Exception):
    """What is wrong with a cell, and what to do."""


class Column:
    """The cells of one field: their values, and the missing codes among them. A cell that was understood once is not
    looked at again: what is kept of each is its place among those that differ, -1 for one that is wrong."""

    def __init__(self, field: Mapping[str, Any], place: str):
        self.field, self.place = field, place
        self.categories, self.codes = categories(field), missing_codes(field)
        self.wrong = False
        self.troubles: dict[str, list[int]] = {}
        self._known = {code: number for number, code in enumerate(self.codes)}  # the codes come first
        self._values: list[Any] = [None] * len(self.codes)
        self._places = array("i")

    def array(self, coded: bool) -> Any:
        """The values as their declared type."""
        dtype, places = DTYPES[self.field["type"]], np.frombuffer(self._places, np.int32)
        if coded and self.categories and dtype == "string":
            order = {value: number for number, value in enumerate(self.categories)}
            numbers = [-1 if value is None else order[value] for value in self._values]
            return pd.Categorical.from_codes(np.array([*numbers, -1], np.int32)[places], list(order))
        values = [*self._values, None]  # which is at -1
        if dtype == "object":
            return pd.Series(values, dtype=dtype).array.take(places)
        return pd.array(values, dtype=dtype).take(places)

    def missing(self, coded: bool) -> Any:
        """The missing code of each cell that has one."""
        places = np.frombuffer(self._places, np.int32)
        found = pd.Categorical.from_codes(np.where(places < len(self.codes), places, -1), list(self.codes))
        return found if coded else pd.array([*self.codes, None], dtype="string").take(found.codes)

    def know(self, cells: Iterable[str]) -> None:
        """Understand these cells. Raises Trouble for the first that is wrong."""
        for cell in cells:
            if cell not in self._known:
                value = self._value(cell)
                self._known[cell] = len(self._values)
                self._values.append(value)

    def understood(self, cells: Iterable[str]) -> list[Any]:
        """The values of cells that are known."""
        return [self._values[self._known[cell]] for cell in cells]

    def extend(self, cells: Iterable[str]) -> None:
        """Take the cells of the next rows, which are known."""
        self._places.extend(map(self._known.__getitem__, cells))

    def take(self, cells: Sequence[str], places: np.ndarray) -> None:
        """Take the next rows, told by the place of the cell of each among `cells`; those that are not known are wrong,
        and told by themselves."""
        own = np.array([self._known.get(cell, -1) for cell in cells], np.int32)
        self._places.frombytes(own[places].tobytes())

    def add(self, cell: str) -> Any:
        """Take the cell of the next row, and give its value: None where it is empty or a missing code."""
        self.know([cell])
        self.extend([cell])
        return self.understood([cell])[0]

    def tell(self, row: int, trouble: str) -> None:
        """Take a cell that is wrong."""
        self._places.append(-1)
        self.blame([row], trouble)

    def blame(self, rows: list[int], trouble: str) -> None:
        """Note what is wrong with the cells of some rows."""
        self.wrong = True
        if trouble:
            self.troubles.setdefault(trouble, []).extend(rows)

    def told(self) -> Iterator[tuple[int, str]]:
        """What is wrong, each thing once with its first row, and the first few things of a column alone."""
        for trouble, rows in list(self.troubles.items())[:MOST_TROUBLES]:
            yield rows[0], trouble + also_in(len(rows) - 1)
        if len(self.troubles) > MOST_TROUBLES:
            rows = list(self.troubles.values())[MOST_TROUBLES]
            yield rows[0], f"as are {len(self.troubles) - MOST_TROUBLES} other values of this column; correct them too"

    def _value(self, cell: str) -> str | float | tuple[str, ...] | None:
        """One cell as its declared type; an empty cell that is allowed is None."""
        bounds = self.field.get("constraints", {})
        if cell == "":
            if self.codes:
                trouble = f"fill it in, or say why it is missing: {', '.join(self.codes)}"
                raise Trouble(f"the cell is empty; {trouble}")
            if bounds.get("required"):
                raise Trouble("the cell is empty; fill it in")
            return None
        if self.field["type"] == "string":
            return self._category(cell, self.codes)
        if self.field["type"] == "list":
            items = cell.split(self.field.get("delimiter", ","))
            for position, item in enumerate(items):
                self._category(item, self.codes if len(items) == 1 else {})
                if item in items[:position]:
                    raise Trouble(f"“{item}” stands twice; remove one of them")
            return tuple(items)
        if self.field["type"] == "number" and (not DECIMAL.fullmatch(cell) or len(cell) > MOST_DIGITS + 2):
            raise Trouble(f"“{cell}” is not a number; write it in at most {MOST_DIGITS} digits, with a point and no "
                           "exponent")
        if self.field["type"] == "number":
            return float(cell)
        if not (cell.isascii() and cell.removeprefix("-").isdigit()):
            also = f", or as one of {', '.join(self.codes)}" if self.codes else ""
            raise Trouble(f"“{cell}” is not a whole number; write it in digits alone{also}")
        if len(cell) > MOST_DIGITS:
            raise Trouble(f"a number of {len(cell)} signs is more than anybody can count (at most {MOST_DIGITS}); "
                           "correct it")
        number = int(cell)
        if number < bounds.get("minimum", number):
            raise Trouble(f"{number} is below {bounds['minimum']}; correct the number")
        if number > bounds.get("maximum", number):
            raise Trouble(f"{number} is above {bounds['maximum']}; correct the number")
        return number

    def _category(self, cell: str, codes: Mapping[str, str]) -> str:
        """A text that is one of the field's categories, if it has any."""
        if self.categories and cell not in self.categories:
            shown = cell.replace("\0", "␀")
            raise Trouble(f"“{shown}” is not declared; {remedy(cell, [*self.categories, *codes])}")
        return cell


def also_in(more: int) -> str:
    """How many rows further down have the same fault."""
    return f" (and {more} more {'rows' if more > 1 else 'row'})" if more else ""


def categories(field: Mapping[str, Any]) -> dict[str, str]:
    """Value -> label of a field's categories, which the standard allows as plain values too."""
    return _labelled(field.get("categories", []))


def missing_codes(field: Mapping[str, Any]) -> dict[str, str]:
    """Value -> label of the codes that stand for a missing answer in a field; the standard allows plain values too."""
    return _labelled(field.get("missingValues", []))


def _labelled(entries: list[str | dict[str, str]]) -> dict[str, str]:
    pairs = [entry if isinstance(entry, dict) else {"value": entry} for entry in entries]
    return {pair["value"]: pair.get("label", pair["value"]) for pair in pairs}
