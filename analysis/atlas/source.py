"""What does the published ATLAS.yaml say?  Its ids, names, dates, kinds and links as rows of data/documented.

The file is that of https://github.com/mitre-atlas/atlas-data, `dist/ATLAS.yaml`. No description is taken, no words of a
step, and no name of who attacked or reported. What is amiss in it and cannot stand in a table is found here, and kept.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from surveybook.survey.errors import DataError

# The tables in their order, with their columns; the first one names the row
COLUMNS = {
    "cases": ("case", "name", "kind", "date", "date_granularity", "target", "references"),
    "procedures": ("case", "step", "tactic", "technique"),
    "techniques": ("technique", "parent", "name", "tactics", "maturity", "created", "modified", "attack_reference"),
    "tactics": ("order", "tactic", "name", "created", "modified"),
    "mitigations": ("mitigation", "name", "lifecycle", "category", "created", "modified"),
    "mitigation_techniques": ("mitigation", "technique"),
    "slips": ("place", "field", "slip", "found", "treated"),
}
MISPLACED, ACTOR = "misplaced-entry", "actor-in-title"  # slips that the tables cannot hold
ID = re.compile(r"AML\.(CS|TA|T|M)\d{4}(\.\d{3})?")
VERSION = re.compile(r"\d+(\.\d+)+")
PUBLISHED = "give the file ATLAS.yaml of dist/, as it is published"
BETWEEN = ";"  # the values of a list in a cell

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Source:
    """A version of the published file: the rows of each table, by its name."""

    version: str
    rows: Mapping[str, Sequence[Row]]

    def csv(self, name: str) -> str:
        """A table as it stands in its file."""
        written = io.StringIO(newline="")
        csv.writer(written, lineterminator="\n").writerows([COLUMNS[name], *self.rows[name]])
        return written.getvalue()

    def named(self, name: str) -> dict[str, dict[str, str]]:
        """The rows of a table by their id, each as text by column, as they are read from a file."""
        return by_id(self.csv(name), name)


def by_id(text: str, name: str) -> dict[str, dict[str, str]]:
    """The rows of a file of one of the tables by their id."""
    key = name.removesuffix("s")
    return {row[key]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def read_source(path: Path, known: Mapping[tuple[str, str], Iterable[str]]) -> Source:
    """The published file at `path`; `known` are the values that a column of a table may have.

    Raises DataError, one sentence with the place, for a file that is missing, no YAML or not of this kind, for an entry
    that lacks something or has an id twice, for a value that is not known, and for an id that the file does not have.
    """
    whole = _Entry(path, "the file", _loaded(path))
    version = str(whole.value("version"))
    if not VERSION.fullmatch(version):
        raise whole.refusal(f"the version “{version}” is none; it should be like 5.6.0")
    matrices = whole.entries("matrices", "the matrix")
    if len(matrices) != 1:
        raise whole.refusal(f"there are {len(matrices)} matrices, and this reads one; see which of them is meant")
    tactics, techniques, mitigations, cases = (
        *(_entries(matrices[0], name) for name in ("tactics", "techniques", "mitigations")),
        _entries(whole, "case-studies"),
    )
    ids = {name: {one.id for one in entries} for name, entries in (("tactic", tactics), ("technique", techniques))}
    rows: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    for order, one in enumerate(tactics, 1):
        rows["tactics"].append((order, one.id, one.text("name"), *one.dates()))
    for one in techniques:
        parent = one.text("subtechnique-of", default="")
        if parent:
            one.known(parent, ids["technique"], "technique")
        served = [one.known(tactic, ids["tactic"], "tactic") for tactic in one.data.get("tactics") or ()]
        if not served and not parent:
            raise one.refusal("has neither tactics nor a technique above it; see what the file means")
        reference = (one.data.get("ATT&CK-reference") or {}).get("id", "")
        rows["techniques"].append((one.id, parent, one.text("name"), BETWEEN.join(served), one.text("maturity"),
                                   *one.dates(), reference))
    for one in mitigations:
        phases = [phase for phase in one.value("ml-lifecycle") if isinstance(phase, str)]
        for other in one.value("ml-lifecycle"):
            if not isinstance(other, str):
                rows["slips"].append(_misplaced(one, other))
        categories = one.value("category")
        if len(categories) != 1:
            raise one.refusal(f"has {len(categories)} categories, and this reads one; see what the file means")
        rows["mitigations"].append((one.id, one.text("name"), BETWEEN.join(phases), categories[0], *one.dates()))
        for link in one.entries("techniques", "a technique"):
            technique = link.known(link.text("id"), ids["technique"], "technique")
            rows["mitigation_techniques"].append((one.id, technique))
    for one in cases:
        references = one.data.get("references") or ()
        rows["cases"].append((one.id, one.text("name"), one.text("case-study-type"), one.day("incident-date"),
                              one.text("incident-date-granularity").lower(), one.text("target"), len(references)))
        actor = one.text("actor", default="")
        if actor and actor in one.text("name"):
            found = f"“{actor}”, while the target reads “{one.text('target')}”"
            rows["slips"].append((one.id, "actor", ACTOR, found, "the field is not used here"))
        for number, step in enumerate(one.entries("procedure", "a step"), 1):
            rows["procedures"].append((one.id, number, step.known(step.text("tactic"), ids["tactic"], "tactic"),
                                       step.known(step.text("technique"), ids["technique"], "technique")))
    source = Source(version, rows)
    _check_values(path, source, known)
    return source


@dataclass(frozen=True)
class _Entry:
    """One entry of the file, with what it is called where something is amiss."""

    path: Path
    place: str
    data: Any

    def __post_init__(self) -> None:
        if not isinstance(self.data, dict):
            raise self.refusal(f"is no list of keys with values; {PUBLISHED}")

    @property
    def id(self) -> str:
        return self.text("id")

    def refusal(self, trouble: str) -> DataError:
        return DataError(f"{self.path}: {self.place} {trouble}")

    def value(self, key: str) -> Any:
        """What stands at a key."""
        if self.data.get(key) in (None, ""):
            raise self.refusal(f"has no “{key}”; {PUBLISHED}")
        return self.data[key]

    def text(self, key: str, default: str | None = None) -> str:
        """A text on one line."""
        if default is not None and self.data.get(key) in (None, ""):
            return default
        return " ".join(str(self.value(key)).split())

    def entries(self, key: str, what: str) -> list[_Entry]:
        found = self.value(key)
        if not isinstance(found, list):
            raise self.refusal(f"has no list at “{key}”; {PUBLISHED}")
        return [_Entry(self.path, f"{self.place}: {what} (number {number})", one)
                for number, one in enumerate(found, 1)]

    def day(self, key: str) -> str:
        """A date as year-month-day."""
        found = self.value(key)
        try:
            return (found if isinstance(found, date) else date.fromisoformat(str(found))).isoformat()[:10]
        except ValueError:
            raise self.refusal(f"has “{found}” as “{key}”, which is no date; it should be like 2020-01-31") from None

    def dates(self) -> tuple[str, str]:
        return self.day("created_date"), self.day("modified_date")

    def known(self, name: str, names: Iterable[str], what: str) -> str:
        if name not in names:
            raise self.refusal(f"names the {what} “{name}”, which the file does not have; see what is meant")
        return name


def _loaded(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except OSError:
        raise DataError(f"{path}: there is no such file; give the path of ATLAS.yaml") from None
    except UnicodeDecodeError:
        raise DataError(f"{path}: not UTF-8 text; {PUBLISHED}") from None
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise DataError(f"{path}:{line}: the file is not valid YAML; {PUBLISHED}") from None


def _entries(above: _Entry, key: str) -> list[_Entry]:
    """The entries of a list that have ids, each called by its own."""
    found: dict[str, _Entry] = {}
    for one in above.entries(key, f"an entry of “{key}”"):
        if not ID.fullmatch(one.id):
            raise one.refusal(f"has the id “{one.id}”; it should be like AML.T0051.000")
        if one.id in found:
            raise above.refusal(f"has {one.id} twice in “{key}”; see which of them is meant")
        found[one.id] = _Entry(above.path, one.id, one.data)
    return list(found.values())


def _misplaced(one: _Entry, entry: Any) -> Row:
    """The slip of an entry that is no phase of the life cycle."""
    technique = entry.get("id") if isinstance(entry, dict) else None
    if not isinstance(technique, str) or not ID.fullmatch(technique):
        raise one.refusal("has an entry at “ml-lifecycle” that is neither a phase nor a technique; see what is meant")
    return one.id, "ml-lifecycle", MISPLACED, f"an entry for {technique}", "it was left out"


def _check_values(path: Path, source: Source, known: Mapping[tuple[str, str], Iterable[str]]) -> None:
    """Refuse a value that the codebook of the study does not have."""
    for (table, column), values in known.items():
        place, values = COLUMNS[table].index(column), list(values)
        for row in source.rows[table]:
            for value in str(row[place]).split(BETWEEN):
                if value not in values:
                    raise DataError(f"{path}: {row[0]} has “{value}” as {column}, which datapackage.yaml does not "
                                    f"explain ({', '.join(values)}); add it there, with a label, if it is meant")
