"""Does a codebook beside the file know the words of its columns and codes?  Data Package, XLSForm, DDI, or a table.

Formats: https://datapackage.org/standard/table-schema (categories, missingValues), https://xlsform.org/en/ (sheets
`survey` and `choices`), https://ddialliance.org/Specification/DDI-Codebook/2.5 (`var`, `catgry`).
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from surveybook.survey.errors import DataError
from surveybook.survey.intake.delimited import read_delimited
from surveybook.survey.intake.dictionaries import read_dictionary
from surveybook.survey.intake.workbooks import Sheets, read_sheets, written

LARGEST = 20_000_000  # bytes of a codebook; what is larger holds data
LARGEST_TABLE, MOST_ROWS = 5_000_000, 50_000  # and of a table; rows of a sheet that are looked at
WORKBOOKS = (".xlsx", ".xls", ".ods")
SILENT = "No answer"  # of a code that is said to be missing, without a word


@dataclass
class Codebook:
    """What a codebook knows of columns by their names: the `wordings` of questions, the `labels` of their codes in
    their order, and the columns whose codes are in an order that means something."""

    wordings: dict[str, str] = field(default_factory=dict)
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    ordered: set[str] = field(default_factory=set)


def read_codebook(path: Path, names: Collection[str], sheets: Sheets) -> tuple[Codebook, str]:
    """The codebook in the folder of the file `path`, or in the other `sheets` of that file, that knows the most of its
    columns, and what it is called; an empty one, and nothing, where none knows half of those that it describes. Raises
    DataError for a Data Package that cannot be read."""
    best, known, called = Codebook(), 0, ""
    for beside in sorted(path.parent.iterdir()):
        if beside != path and (not beside.is_file() or beside.stat().st_size > LARGEST):
            continue
        for found in _of_sheets(sheets, names) if beside == path else _codebooks(beside, path, names):
            own = found.wordings.keys() | found.labels.keys()
            shared = len(own & set(names))
            if shared > known and 2 * shared >= min(len(own), len(names)):
                best, known, called = found, shared, beside.name
    return best, called


def _codebooks(beside: Path, path: Path, names: Collection[str]) -> Iterator[Codebook]:
    """What a file beside the answers describes, if it is a codebook."""
    suffix = beside.suffix.lower()
    if suffix in (".json", ".yaml", ".yml") and "datapackage" in beside.stem:
        yield from _data_package(beside, path)
    elif suffix in WORKBOOKS and beside.stat().st_size < LARGEST_TABLE:
        try:
            sheets = read_sheets(beside)
        except DataError:
            return  # whatever it is, nobody asked to read it
        yield from _of_sheets(sheets, names)
    elif suffix in (".csv", ".tsv", ".txt") and beside.stat().st_size < LARGEST_TABLE:
        try:
            yield Codebook(*read_dictionary(list(read_delimited(beside)[0]), names))
        except DataError:
            return
    elif suffix == ".xml" and b"<!ENTITY" not in (text := beside.read_bytes()) and b"codeBook" in text[:4000]:
        yield _ddi(text, beside)


def _of_sheets(sheets: Sheets, names: Collection[str]) -> Iterator[Codebook]:
    """What the sheets of a workbook describe, of which each has few rows if it does."""
    tables = {name.strip().lower(): list(islice(rows(), MOST_ROWS)) for name, rows in sheets.items()}
    if {"survey", "choices"} <= tables.keys():
        yield _form(tables["survey"], tables["choices"], names)
        return
    for rows in tables.values():
        yield Codebook(*read_dictionary(rows, names))


def _data_package(beside: Path, path: Path) -> Iterator[Codebook]:
    """What a descriptor says of the file, or of its one file."""
    try:
        text = beside.read_text(encoding="utf-8")
        package = json.loads(text) if beside.suffix == ".json" else yaml.safe_load(text)
        resources = package["resources"]
        described = [one for one in resources if Path(str(one.get("path", ""))).name == path.name]
        for resource in described or (resources if len(resources) == 1 else []):
            schema = resource.get("schema", {})
            found = Codebook()
            for one in schema.get("fields", []):
                _describe(found, one, schema.get("missingValues", []))
            yield found
    except (ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise DataError(f"{beside}: lies beside {path.name}, and cannot be read as a Data Package "
                        f"({' '.join(str(error).split())[:100]}); mend it, or move it away") from None


def _describe(found: Codebook, one: dict, missing: Sequence[Any]) -> None:
    """Take in what a field of a Data Package says."""
    name = str(one["name"])
    found.wordings[name] = str(one.get("wording") or one.get("title") or one.get("description") or name)
    categories = [_pair(entry) for entry in one.get("categories", [])]
    if categories:
        silent = [(value, word if word != value else SILENT)
                  for value, word in map(_pair, one.get("missingValues", missing)) if value]
        found.labels[name] = dict([*categories, *silent])
        if one.get("categoriesOrdered") and len(categories) > 2:
            found.ordered.add(name)


def _pair(entry: Any) -> tuple[str, str]:
    """Value and label of a category, which may be a value alone."""
    if isinstance(entry, dict):
        value = written(entry["value"])
        return value, str(entry.get("label") or value)
    return written(entry), written(entry)


def _form(survey: list[list[str]], choices: list[list[str]], names: Collection[str]) -> Codebook:
    """What a form says of the columns of its export, whose headings may begin with the groups of a question."""
    lists: dict[str, dict[str, str]] = {}
    for row in _records(choices):
        lists.setdefault(row.get("list_name") or row.get("list name", ""), {})[row.get("name", "")] = _label(row)
    found = Codebook()
    for row in _records(survey):
        kind, _, rest = row.get("type", "").partition(" ")
        name, label = row.get("name", ""), _label(row)
        options = lists.get(rest.split()[0] if rest.split() else "", {})
        for heading in names:
            path = heading.split("/")
            if not name or not label or name not in path[-2:]:
                continue
            if path[-1] == name:
                found.wordings[heading] = label
                if kind in ("select_one", "select_multiple") and options:
                    found.labels[heading] = options  # of several, with blanks between them in a cell
            elif kind == "select_multiple" and path[-1] in options:
                found.wordings[heading] = f"{label} [{options[path[-1]]}]"
    return found


def _records(rows: list[list[str]]) -> Iterator[dict[str, str]]:
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    for row in rows[1:]:
        yield {name: cell.strip() for name, cell in zip(head, row, strict=False) if name}


def _label(row: dict[str, str]) -> str:
    """The label of a row, in the first of its languages."""
    return row.get("label") or next((cell for name, cell in row.items() if name.startswith("label") and cell), "")


def _ddi(text: bytes, beside: Path) -> Codebook:
    """What a codebook of DDI says of each variable."""
    try:
        tree = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise DataError(f"{beside}: cannot be read as a codebook of DDI ({error}); mend it, or move it away") from None
    found = Codebook()
    for variable in tree.iterfind(".//{*}var"):
        name = variable.get("name", "")
        asked = variable.findtext("{*}qstn/{*}qstnLit") or variable.findtext("{*}labl") or ""
        if name and asked.strip():
            found.wordings[name] = " ".join(asked.split())
        labels = {}
        for category in variable.iterfind("{*}catgry"):
            value, label = category.findtext("{*}catValu") or "", " ".join((category.findtext("{*}labl") or "").split())
            if value and (label or category.get("missing") == "Y"):
                labels[value.strip()] = label or SILENT
        if name and labels:
            found.labels[name] = labels
    return found
