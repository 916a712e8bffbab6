"""Read a folder that follows the Data Package standard, and refuse it unless every byte and cell is as declared."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.survey.data.schema import Document, read_yaml, remedy
from surveybook.survey.errors import DataError

DESCRIPTOR = "datapackage.yaml"
DTYPES = {"string": "string", "integer": "Int64", "list": "object"}


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


def read_tables(document: Document) -> Package:
    """All resources of a descriptor. Raises what read_package raises for them."""
    tables, missing = {}, {}
    for number, resource in enumerate(document.data["resources"]):
        path, name = document.path.parent / resource["path"], resource["name"]
        if name in tables:
            raise document.refusal(["resources", number], f"there is a resource “{name}” already; choose another name")
        tables[name], missing[name] = _frames(_text(path, resource), resource["schema"], path)
    package = Package(document, tables, missing)
    for number in range(len(package.resources)):
        _check_references(package, number)
    return package


def read_descriptor(folder: Path, schema: str = "package") -> Document:
    """The descriptor of a folder, as it stands in the file."""
    path = folder / DESCRIPTOR
    if not path.exists():
        raise DataError(f"{path}: the folder has no descriptor; add a {DESCRIPTOR} that lists its files")
    return read_yaml(path, schema)


def digest(content: bytes) -> str:
    """The hash of a file as the standard writes it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def content_of(path: Path) -> bytes:
    """The bytes of a file of the package. Raises DataError if there is none."""
    try:
        return path.read_bytes()
    except OSError:
        raise DataError(f"{path}: the file is missing; restore it, or take it out of {DESCRIPTOR}") from None


def _text(path: Path, resource: Mapping[str, Any]) -> str:
    """The content of a file, if it is the file that the descriptor means."""
    content = content_of(path)
    if len(content) != resource.get("bytes") or digest(content) != resource.get("hash"):
        raise DataError(
            f"{path}: the file is not the one whose hash {DESCRIPTOR} declares; restore it or, if the change is "
            f"meant, run `surveybook seal {path.parent.name}`"
        )
    if content.startswith(codecs.BOM_UTF8):
        raise DataError(f"{path}: row 1: begins with a byte order mark; save the file as UTF-8 without one")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise DataError(f"{path}: row {row}: not UTF-8; save the file in the encoding UTF-8") from None


def _frames(text: str, schema: Mapping[str, Any], path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of a CSV file, typed and checked, with one column for each field; and the missing codes among them."""
    fields = {field["name"]: field for field in schema["fields"]}
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        raise DataError(f"{path}: not CSV ({error}); correct the quotes") from None
    header, body = (rows[0][1], rows[1:]) if rows else ([], [])
    _check_header(header, list(fields), path)
    columns = [_Column(fields[name], f"column “{name}”") for name in header]
    key = [header.index(name) for name in schema.get("primaryKey", header)]
    seen: dict[tuple[Any, ...], int] = {}
    numbers = []
    for number, cells in body:
        if len(cells) != len(header):
            raise DataError(
                f"{path}: row {number}: {len(cells)} cells instead of {len(header)}; give each column one cell"
            )
        row = [column.add(cell, f"{path}: row {number}") for column, cell in zip(columns, cells, strict=True)]
        numbers.append(number)
        if key and (own := tuple(row[place] for place in key)) in seen:
            raise DataError(
                f"{path}: row {number}: repeats row {seen[own]} ({', '.join(map(str, own))}); remove one of them"
            )
        seen |= {own: number} if key else {}
    index, ordered = pd.Index(numbers, name="row"), {column.field["name"]: column for column in columns}
    frame = pd.DataFrame({name: ordered[name].array for name in fields}, index=index)
    coded = {name: pd.array(ordered[name].missing, dtype="string") for name in fields if ordered[name].codes}
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
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    for cells in reader:
        if cells:
            yield reader.line_num, cells


def _check_header(header: list[str], names: list[str], path: Path) -> None:
    """Each declared column once, and no other."""
    for name in names:
        if name not in header:
            raise DataError(f"{path}: row 1: the column “{name}” is missing; add it, as {DESCRIPTOR} declares it")
    for position, name in enumerate(header):
        if name not in names or name in header[:position]:
            raise DataError(f"{path}: row 1: the column “{name}” is not declared; remove it, or declare it once")


class _Column:
    """The cells of one field: their values, and the missing codes among them. A cell that was understood once is not
    looked at again."""

    def __init__(self, field: Mapping[str, Any], place: str):
        self.field, self.place = field, place
        self.categories, self.codes = categories(field), missing_codes(field)
        self.values: list[Any] = []
        self.missing: list[str | None] = []
        self._known: dict[str, Any] = dict.fromkeys(self.codes)

    @property
    def array(self) -> Any:
        """The values as their declared type."""
        dtype = DTYPES[self.field["type"]]
        return pd.array(self.values, dtype=dtype) if dtype != "object" else pd.Series(self.values, dtype=dtype).array

    def add(self, cell: str, row: str) -> Any:
        """Take the cell of the next row, and give its value: None where it is empty or a missing code."""
        if cell not in self._known:
            self._known[cell] = self._value(cell, f"{row}, {self.place}")
        self.values.append(value := self._known[cell])
        self.missing.append(cell if cell in self.codes else None)
        return value

    def _value(self, cell: str, place: str) -> str | int | tuple[str, ...] | None:
        """One cell as its declared type; an empty cell that is allowed is None."""
        bounds = self.field.get("constraints", {})
        if cell == "":
            if self.codes:
                trouble = f"fill it in, or say why it is missing: {', '.join(self.codes)}"
                raise DataError(f"{place}: the cell is empty; {trouble}")
            if bounds.get("required"):
                raise DataError(f"{place}: the cell is empty; fill it in")
            return None
        if self.field["type"] == "string":
            return self._category(cell, self.codes, place)
        if self.field["type"] == "list":
            items = cell.split(self.field.get("delimiter", ","))
            for position, item in enumerate(items):
                self._category(item, self.codes if len(items) == 1 else {}, place)
                if item in items[:position]:
                    raise DataError(f"{place}: “{item}” stands twice; remove one of them")
            return tuple(items)
        if not (cell.isascii() and cell.removeprefix("-").isdigit()):
            also = f", or as one of {', '.join(self.codes)}" if self.codes else ""
            raise DataError(f"{place}: “{cell}” is not a whole number; write it in digits alone{also}")
        number = int(cell)
        if number < bounds.get("minimum", number):
            raise DataError(f"{place}: {number} is below {bounds['minimum']}; correct the number")
        if number > bounds.get("maximum", number):
            raise DataError(f"{place}: {number} is above {bounds['maximum']}; correct the number")
        return number

    def _category(self, cell: str, codes: Mapping[str, str], place: str) -> str:
        """A text that is one of the field's categories, if it has any."""
        if self.categories and cell not in self.categories:
            raise DataError(f"{place}: “{cell}” is not declared; {remedy(cell, [*self.categories, *codes])}")
        return cell


def categories(field: Mapping[str, Any]) -> dict[str, str]:
    """Value -> label of a field's categories, which the standard allows as plain values too."""
    return _labelled(field.get("categories", []))


def missing_codes(field: Mapping[str, Any]) -> dict[str, str]:
    """Value -> label of the codes that stand for a missing answer in a field; the standard allows plain values too."""
    return _labelled(field.get("missingValues", []))


def _labelled(entries: list[str | dict[str, str]]) -> dict[str, str]:
    pairs = [entry if isinstance(entry, dict) else {"value": entry} for entry in entries]
    return {pair["value"]: pair.get("label", pair["value"]) for pair in pairs}
