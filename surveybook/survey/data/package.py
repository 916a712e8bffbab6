"""Read a folder that follows the Data Package standard, and refuse it unless every byte and cell is as declared."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.document import UNSHOWN, unshown
from surveybook.survey.data.schema import Document, read_yaml, remedy
from surveybook.survey.errors import DataError, Faults

DESCRIPTOR = "datapackage.yaml"
SEPARATORS = {";": "semicolons", "\t": "tabs"}
LONGEST = 1_000_000  # characters of a cell
MOST_DIGITS = 15  # which numbers with a fraction hold exactly as well
MOST_TROUBLES = 5  # of a column that are told one by one
DTYPES = {"string": "string", "integer": "Int64", "number": "Float64", "list": "object"}
DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Package:
    """A data package: its descriptor as it stands in the file, and one typed frame for each resource.

    The index of a frame is the number of each row in its file; the header is row 1. A cell that holds a missing code
    of its field is empty in `tables`; the same cell of the frame in `missing` then holds the code. A list is a tuple.
    """

    document: Document
    tables: Mapping[str, pd.DataFrame]
    missing: Mapping[str, pd.DataFrame]

    @property
    def folder(self) -> Path:
        return self.document.path.parent

    @property
    def descriptor(self) -> dict[str, Any]:
        return self.document.data

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The declared resources by name."""
        return {resource["name"]: resource for resource in self.descriptor["resources"]}

    def field(self, resource: str, name: str) -> dict[str, Any]:
        """The declaration of one field."""
        return next(f for f in self.resources[resource]["schema"]["fields"] if f["name"] == name)

    def labels(self, resource: str, name: str) -> dict[str, str]:
        """The categories of a field: value -> label, in their declared order."""
        return categories(self.field(resource, name))


def read_package(folder: Path, schema: str = "package") -> Package:
    """Read `folder`/datapackage.yaml, which must be as `schema` has it, and all its resources.

    Raises DataError, one sentence with file and line or with file, row and column, for: a descriptor that is missing,
    not YAML or not as the schema has it, a file that is missing, of other bytes than declared or not UTF-8, a missing
    or extra column, and a cell that is empty, of the wrong type, out of bounds, not among the categories, repeats
    the primary key of another row or, by a foreign key, a row that is not there.
    """
    return read_tables(read_descriptor(folder, schema))


def read_tables(document: Document, faults: Faults | None = None, sealed: bool = True) -> Package:
    """All resources of a descriptor. Raises what read_package raises for them.

    Those of which `faults` has something are not among them. Files that are not `sealed` yet may have other bytes.
    """
    tables, missing, faults = {}, {}, faults or Faults()
    for number, resource in enumerate(document.data["resources"]):
        if not faults.sound("resources", number):
            continue
        path, name = document.path.parent / resource["path"], resource["name"]
        with faults.part(name):
            if name in tables:
                trouble = f"there is a resource “{name}” already; choose another name"
                raise document.refusal(["resources", number], trouble)
            content = document.content(number)
            if sealed:
                with faults.part():
                    _check_hash(content, path, resource)
            fields = [field for place, field in enumerate(resource["schema"]["fields"])
                      if faults.sound("resources", number, "schema", "fields", place)]
            skipped = {field["name"] for field in resource["schema"]["fields"] if field not in fields
                       and isinstance(field, dict) and "name" in field}
            text = _text(content, path)
            tables[name], missing[name] = _frames(text, resource["schema"] | {"fields": fields}, path, faults, skipped)
    package = Package(document, tables, missing)
    for number, name in enumerate(package.resources):
        if name not in faults.broken:
            with faults.part():
                _check_references(package, number)
    return package


def read_descriptor(folder: Path, schema: str = "package", faults: Faults | None = None) -> Document:
    """The descriptor of a folder, as it stands in the file."""
    path = folder / DESCRIPTOR
    if not path.exists():
        raise DataError(f"{path}: the folder has no descriptor; add a {DESCRIPTOR} that lists its files")
    return read_yaml(path, schema, faults=faults)


def digest(content: bytes) -> str:
    """The hash of a file as the standard writes it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _check_hash(content: bytes, path: Path, resource: Mapping[str, Any]) -> None:
    """Refuse a file that is not the one that the descriptor means."""
    if len(content) != resource.get("bytes") or digest(content) != resource.get("hash"):
        raise DataError(
            f"{path}: the file is not the one whose hash {DESCRIPTOR} declares; restore it or, if the change is "
            f"meant, run `surveybook seal {path.parent.name}`"
        )


def _text(content: bytes, path: Path) -> str:
    """The content of a file as text."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataError(f"{path}: row 1: the file is in UTF-16; save it in the encoding UTF-8")
    if content.startswith(codecs.BOM_UTF8):
        raise DataError(f"{path}: row 1: begins with a byte order mark; save the file as UTF-8 without one")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise DataError(f"{path}: row {row}: not UTF-8; save the file in the encoding UTF-8") from None
    if found := UNSHOWN.search(text.replace("\0", "␀")):  # which is told with its column
        row = text.count("\n", 0, found.start()) + 1
        raise DataError(f"{path}: row {row}: {unshown(found, 'a cell')}; remove it")
    return text


def _frames(
    text: str, schema: Mapping[str, Any], path: Path, faults: Faults, skipped: Collection[str] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of a CSV file, typed and checked, with one column for each field; and the missing codes among them.

    Columns of the `skipped` fields are not looked at.
    """
    fields = {field["name"]: field for field in schema["fields"]}
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        if "limit" in str(error):
            raise DataError(f"{path}: a cell has more than {LONGEST:,} characters; shorten it, or close a quote before "
                            "it") from None
        raise DataError(f"{path}: not CSV ({error}); correct the quotes") from None
    header, body = (rows[0][1], rows[1:]) if rows else ([], [])
    _check_header(header, [*fields, *skipped], path, faults)
    columns = [_Column(fields[name], f"column “{name}”") if name in fields and header.count(name) == 1 else None
               for name in header]
    key = [header.index(name) for name in schema.get("primaryKey", header) if header.count(name) == 1]
    seen: dict[tuple[Any, ...], int] = {}
    numbers = []
    for number, cells in body:
        if len(cells) != len(header):
            trouble = f"{len(cells)} cells instead of {len(header)}; give each column one cell"
            faults.add(DataError(f"{path}: row {number}: {trouble}"))
            continue
        row, wrong = [], []
        for column, cell in zip(columns, cells, strict=True):
            try:
                row.append(column.add(cell) if column else None)
            except _Trouble as trouble:
                wrong.append((column, cell, str(trouble)))
                row.append(None)
        if len(wrong) > max(2, len(header) / 2):
            faults.add(DataError(f"{path}: row {number}: {_no_answers(wrong, len(header))}"))
            wrong = [(column, cell, "") for column, cell, _ in wrong]
        for column, _, trouble in wrong:
            if not faults.gathers:
                raise DataError(f"{path}: row {number}, {column.place}: {trouble}")
            column.tell(number, trouble)
        numbers.append(number)
        own = tuple(row[place] for place in key)
        if own in seen and not (faults.gathers and None in own):
            repeated = f"repeats row {seen[own]} ({', '.join(map(str, own))}); remove one of them"
            faults.add(DataError(f"{path}: row {number}: {repeated}"))
        seen |= {own: number} if key else {}
    index, ordered = pd.Index(numbers, name="row"), {column.field["name"]: column for column in columns if column}
    for name, column in ordered.items():
        if column.wrong:
            faults.broken.add(name)
            for place, trouble in column.told():
                faults.add(DataError(f"{path}: row {place}, {column.place}: {trouble}"))
    faults.broken |= fields.keys() - ordered.keys()
    frame = pd.DataFrame({name: ordered[name].array for name in fields if name in ordered}, index=index)
    coded = {name: pd.array(ordered[name].missing, dtype="string") for name in ordered if ordered[name].codes}
    return frame, pd.DataFrame(coded, columns=list(coded), index=index)


def _check_references(package: Package, number: int) -> None:
    """Refuse a cell that names a row of another resource which is not there."""
    resource = package.descriptor["resources"][number]
    for place, declared in enumerate(resource["schema"].get("foreignKeys", [])):
        keys = ["resources", number, "schema", "foreignKeys", place]
        (name,), (key,) = declared["fields"], declared["reference"]["fields"]
        other = declared["reference"].get("resource") or resource["name"]
        package.document.known(other, package.tables, [*keys, "reference", "resource"], "no resource")
        package.document.known(name, package.tables[resource["name"]], [*keys, "fields"], "no field")
        package.document.known(key, package.tables[other], [*keys, "reference", "fields"], f"no field of “{other}”")
        known = set(package.tables[other][key].dropna())
        for row, cell in package.tables[resource["name"]][name].dropna().items():
            for item in cell if isinstance(cell, tuple) else (cell,):
                if item not in known:
                    path, file = package.folder / resource["path"], package.resources[other]["path"]
                    raise DataError(f"{path}: row {row}, column “{name}”: “{item}” is in no row of {file}; correct it, "
                                    "or add the row")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text with the line each one ends on; blank lines are left out."""
    csv.field_size_limit(LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    for cells in reader:
        if cells:
            yield reader.line_num, cells


def _no_answers(wrong: Sequence[tuple[_Column, str, str]], columns: int) -> str:
    """What is wrong with a row most of whose cells are wrong: it is none of answers."""
    column, cell, _ = wrong[-1]
    if not any(cell.strip() for _, cell, _ in wrong):
        return "is empty; remove it"
    return (f"holds no answers, but other things in {len(wrong)} of {columns} cells, such as “{cell}” in the "
            f"{column.place}; remove the row if it is a heading or a total, or correct its cells")


def _check_header(header: list[str], names: list[str], path: Path, faults: Faults) -> None:
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


class _Trouble(Exception):
    """What is wrong with a cell, and what to do."""


class _Column:
    """The cells of one field: their values, and the missing codes among them. A cell that was understood once is not
    looked at again."""

    def __init__(self, field: Mapping[str, Any], place: str):
        self.field, self.place = field, place
        self.categories, self.codes = categories(field), missing_codes(field)
        self.values: list[Any] = []
        self.missing: list[str | None] = []
        self.wrong = False
        self.troubles: dict[str, list[int]] = {}
        self._known: dict[str, Any] = dict.fromkeys(self.codes)

    @property
    def array(self) -> Any:
        """The values as their declared type."""
        dtype = DTYPES[self.field["type"]]
        return pd.array(self.values, dtype=dtype) if dtype != "object" else pd.Series(self.values, dtype=dtype).array

    def add(self, cell: str) -> Any:
        """Take the cell of the next row, and give its value: None where it is empty or a missing code."""
        if cell not in self._known:
            self._known[cell] = self._value(cell)
        self.values.append(value := self._known[cell])
        self.missing.append(cell if cell in self.codes else None)
        return value

    def tell(self, row: int, trouble: str) -> None:
        """Take a cell that is wrong."""
        self.values.append(None)
        self.missing.append(None)
        self.wrong = True
        if trouble:
            self.troubles.setdefault(trouble, []).append(row)

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
                raise _Trouble(f"the cell is empty; {trouble}")
            if bounds.get("required"):
                raise _Trouble("the cell is empty; fill it in")
            return None
        if self.field["type"] == "string":
            return self._category(cell, self.codes)
        if self.field["type"] == "list":
            items = cell.split(self.field.get("delimiter", ","))
            for position, item in enumerate(items):
                self._category(item, self.codes if len(items) == 1 else {})
                if item in items[:position]:
                    raise _Trouble(f"“{item}” stands twice; remove one of them")
            return tuple(items)
        if self.field["type"] == "number" and (not DECIMAL.fullmatch(cell) or len(cell) > MOST_DIGITS + 2):
            raise _Trouble(f"“{cell}” is not a number; write it in at most {MOST_DIGITS} digits, with a point and no "
                           "exponent")
        if self.field["type"] == "number":
            return float(cell)
        if not (cell.isascii() and cell.removeprefix("-").isdigit()):
            also = f", or as one of {', '.join(self.codes)}" if self.codes else ""
            raise _Trouble(f"“{cell}” is not a whole number; write it in digits alone{also}")
        if len(cell) > MOST_DIGITS:
            raise _Trouble(f"a number of {len(cell)} signs is more than anybody can count (at most {MOST_DIGITS}); "
                           "correct it")
        number = int(cell)
        if number < bounds.get("minimum", number):
            raise _Trouble(f"{number} is below {bounds['minimum']}; correct the number")
        if number > bounds.get("maximum", number):
            raise _Trouble(f"{number} is above {bounds['maximum']}; correct the number")
        return number

    def _category(self, cell: str, codes: Mapping[str, str]) -> str:
        """A text that is one of the field's categories, if it has any."""
        if self.categories and cell not in self.categories:
            shown = cell.replace("\0", "␀")
            raise _Trouble(f"“{shown}” is not declared; {remedy(cell, [*self.categories, *codes])}")
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
