"""Read a folder that follows the Data Package standard, and refuse it unless every byte and cell is as declared."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.document import UNSHOWN, unshown
from surveybook.survey.data import DESCRIPTOR, RESPONSES, answered
from surveybook.survey.data.schema import Document, is_parquet, read_yaml
from surveybook.survey.data.table import categories, read_table
from surveybook.survey.errors import DataError, Faults


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


class _Tables(Mapping[str, pd.DataFrame]):
    """Tables by name, some of which are read when they are first asked for."""

    def __init__(self, held: dict[str, pd.DataFrame | Callable[[], pd.DataFrame]]):
        self._held = held

    def __getitem__(self, name: str) -> pd.DataFrame:
        if callable(held := self._held[name]):
            held = self._held[name] = held()
        return held

    def __contains__(self, name: object) -> bool:
        return name in self._held

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


def read_tables(document: Document, faults: Faults | None = None, sealed: bool = True,
                later: Collection[str] = ()) -> Package:
    """All resources of a descriptor.

    Raises DataError, one sentence with file, row and column, for a file that is missing, of other bytes than declared
    or not UTF-8, a missing or extra column, and a cell that is empty, of the wrong type, out of bounds, not among the
    categories, repeats the primary key of another row or, by a foreign key, a row that is not there.

    Those of which `faults` has something are not among them. Files that are not `sealed` yet may have other bytes. The
    cells of those named in `later` are read when they are asked for, and refused then.
    """
    tables, missing, faults = {}, {}, faults or Faults()
    for number, resource in enumerate(document.data["resources"]):
        if not faults.sound("resources", number):
            continue
        name = resource["name"]
        with faults.part(name):
            if name in tables:
                trouble = f"there is a resource “{name}” already; choose another name"
                raise document.refusal(["resources", number], trouble)
            if sealed:
                with faults.part():
                    _check_seal(document, number)
            fields = [field for place, field in enumerate(resource["schema"]["fields"])
                      if faults.sound("resources", number, "schema", "fields", place)]
            skipped = {field["name"] for field in resource["schema"]["fields"] if field not in fields
                       and isinstance(field, dict) and "name" in field}
            schema = resource["schema"] | {"fields": fields}
            if name in later:
                both = _later(document, number, schema)
                tables[name], missing[name] = (lambda both=both: both()[0]), (lambda both=both: both()[1])
            else:
                tables[name], missing[name] = _read(document, number, schema, faults, skipped)
    package = Package(document, _Tables(tables), _Tables(missing))
    for number, name in enumerate(package.resources):
        if name not in faults.broken:
            with faults.part():
                _check_references(package, number)
    return package


def _later(document: Document, number: int, schema: Mapping[str, Any]
           ) -> Callable[[], tuple[pd.DataFrame, pd.DataFrame]]:
    """What reads the file of a resource, once."""

    @cache
    def read() -> tuple[pd.DataFrame, pd.DataFrame]:
        found = _read(document, number, schema, Faults())
        _check_seal(document, number)  # it may have been changed since the descriptor was read
        return found

    return read


def _read(document: Document, number: int, schema: Mapping[str, Any], faults: Faults, skipped: Collection[str] = ()
          ) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of the file of a resource."""
    resource = document.data["resources"][number]
    path, coded = document.path.parent / resource["path"], resource["name"] in answered(document.data)
    if not is_parquet(resource):
        content = document.content(number)
        _check_text(content, path)
        return read_table(content, schema, path, faults, skipped, coded)
    if not coded:
        raise document.refusal(["resources", number, "path"], f"only “{RESPONSES}” may be Parquet; write this table as "
                                                              "CSV")
    from surveybook.survey.data.parquet import read_parquet

    return read_parquet([document.path.parent / one for one in document.parts(number)], schema, path, faults, skipped)


def read_descriptor(folder: Path, schema: str = "package", faults: Faults | None = None) -> Document:
    """The descriptor of a folder, as it stands in the file."""
    path = folder / DESCRIPTOR
    if not path.exists():
        raise DataError(f"{path}: the folder has no descriptor; add a {DESCRIPTOR} that lists its files")
    return read_yaml(path, schema, faults=faults)


def _check_seal(document: Document, number: int) -> None:
    """Refuse a file that is not the one that the descriptor means."""
    resource = document.data["resources"][number]
    if document.seal(number) != (resource.get("bytes"), resource.get("hash")):
        folder = document.path.parent
        raise DataError(
            f"{folder / resource['path']}: the file is not the one whose hash {DESCRIPTOR} declares; restore it or, if "
            f"the change is meant, run `surveybook seal {folder.name}`"
        )


def _check_text(content: bytes, path: Path) -> None:
    """Refuse a file that is no text as it is read here."""
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
