"""Read a folder that follows the Data Package standard, and refuse it unless every byte and cell is as declared."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from .errors import DataError

DESCRIPTOR = "datapackage.yaml"
DTYPES = {"string": "string", "integer": "Int64"}


@dataclass(frozen=True)
class Package:
    """A data package: its descriptor as it stands in the file, and one typed frame for each resource.

    The index of a frame is the number of each row in its file; the header is row 1.
    """

    folder: Path
    descriptor: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The declared resources by name."""
        return {resource["name"]: resource for resource in self.descriptor["resources"]}

    def field(self, resource: str, name: str) -> dict[str, Any]:
        """The declaration of one field."""
        return next(f for f in self.resources[resource]["schema"]["fields"] if f["name"] == name)

    def labels(self, resource: str, name: str) -> dict[str, str]:
        """The categories of a field: value -> label, in their declared order."""
        return _categories(self.field(resource, name))


def read_package(folder: Path) -> Package:
    """Read `folder`/datapackage.yaml and all its resources.

    Raises DataError, one sentence with file, row and column, for: a descriptor that is missing or not YAML, a file
    that is missing, of other bytes than declared or not UTF-8, a missing or extra column, and a cell that is empty,
    of the wrong type, out of bounds, not among the categories, or repeats the primary key of another row.
    """
    descriptor = read_descriptor(folder)
    tables = {}
    for resource in descriptor["resources"]:
        path = folder / resource["path"]
        tables[resource["name"]] = _frame(_text(path, resource), resource["schema"], path)
    return Package(folder, descriptor, tables)


def read_descriptor(folder: Path) -> dict[str, Any]:
    """The descriptor of a folder, as it stands in the file."""
    path = folder / DESCRIPTOR
    try:
        descriptor = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{path}: the folder has no descriptor; add a {DESCRIPTOR} that lists its files") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        raise DataError(f"{path}:{line}: not YAML ({error.problem}); correct the line") from None
    for key in ("name", "title", "resources"):
        if not isinstance(descriptor, dict) or not descriptor.get(key):
            raise DataError(f"{path}: the key “{key}” is missing; every data package needs it")
    return descriptor


def digest(content: bytes) -> str:
    """The hash of a file as the standard writes it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _text(path: Path, resource: Mapping[str, Any]) -> str:
    """The content of a file, if it is the file that the descriptor means."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: the file is missing; restore it, or take it out of {DESCRIPTOR}") from None
    if len(content) != resource.get("bytes") or digest(content) != resource.get("hash"):
        raise DataError(
            f"{path}: the file is not the one whose hash {DESCRIPTOR} declares; restore it or, if the change is "
            f"meant, run `python -m analysis.seal {path.parent.name}`"
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise DataError(f"{path}: row {row}: not UTF-8; save the file in the encoding UTF-8") from None


def _frame(text: str, schema: Mapping[str, Any], path: Path) -> pd.DataFrame:
    """The rows of a CSV file as a frame with one column for each field, typed and checked."""
    fields = {field["name"]: field for field in schema["fields"]}
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        raise DataError(f"{path}: not CSV ({error}); correct the quotes") from None
    header, body = (rows[0][1], rows[1:]) if rows else ([], [])
    _check_header(header, list(fields), path)
    records, seen = [], {}
    for number, cells in body:
        if len(cells) != len(header):
            raise DataError(
                f"{path}: row {number}: {len(cells)} cells instead of {len(header)}; give each column one cell"
            )
        record = {
            name: _value(cell, fields[name], f"{path}: row {number}, column “{name}”")
            for name, cell in zip(header, cells, strict=True)
        }
        key = tuple(record[name] for name in schema.get("primaryKey", header))
        if key in seen:
            raise DataError(
                f"{path}: row {number}: repeats row {seen[key]} ({', '.join(map(str, key))}); remove one of them"
            )
        seen[key] = number
        records.append(record)
    frame = pd.DataFrame(records, columns=list(fields), index=pd.Index(seen.values(), name="row"))
    return frame.astype({name: DTYPES[field["type"]] for name, field in fields.items()})


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


def _value(cell: str, field: Mapping[str, Any], place: str) -> str | int | None:
    """One cell as its declared type; an empty cell that is allowed is None."""
    bounds = field.get("constraints", {})
    if cell == "":
        if bounds.get("required"):
            raise DataError(f"{place}: the cell is empty; fill it in")
        return None
    if field["type"] == "string":
        known = _categories(field)
        if known and cell not in known:
            near = get_close_matches(cell, known, n=1)
            remedy = f"did you mean “{near[0]}”?" if near else "declare it, or use one of " + ", ".join(known)
            raise DataError(f"{place}: “{cell}” is not declared; {remedy}")
        return cell
    if not (cell.isascii() and cell.removeprefix("-").isdigit()):
        raise DataError(f"{place}: “{cell}” is not a whole number; write it in digits alone")
    number = int(cell)
    if number < bounds.get("minimum", number):
        raise DataError(f"{place}: {number} is below {bounds['minimum']}; correct the number")
    if number > bounds.get("maximum", number):
        raise DataError(f"{place}: {number} is above {bounds['maximum']}; correct the number")
    return number


def _categories(field: Mapping[str, Any]) -> dict[str, str]:
    """Value -> label of a field's categories, which the standard allows as plain values too."""
    return {
        **{c["value"]: c.get("label", c["value"]) for c in field.get("categories", []) if isinstance(c, dict)},
        **{c: c for c in field.get("categories", []) if isinstance(c, str)},
    }
