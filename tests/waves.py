"""A made-up study with waves: the skeleton of its descriptor, and how its files are written."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from surveybook.survey.data.seal import seal

Rows = Sequence[dict[str, str]]
LABELS = {"no": "No", "yes": "Yes"}
MOODS = ("poor", "fair", "fine", "good", "great")


def question(name: str, kind: str, answers: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    """A field of a question."""
    types = {"multi-select": "list", "count": "integer"}
    field: dict[str, Any] = {
        "name": name, "title": name.capitalize(), "type": types.get(kind, "string"), "description": f"About {name}.",
        "wording": f"What of {name}?", "kind": kind, "asked": "all readers", "unit": "person", "construct": name,
        "origin": "made up"}
    if kind == "count":
        field |= {"constraints": {"minimum": 0, "maximum": 9}}
    else:
        field["categories"] = [{"value": one, "label": LABELS.get(one, one.capitalize())}
                               for one in (answers or ("no", "yes"))]
    if kind == "ordered":
        field["categoriesOrdered"] = True
    if kind == "multi-select":
        field["delimiter"] = ";"
    return field | {"missingValues": [{"value": "skipped", "label": "Skipped"}]} | more


FIELDS = (
    question("member", "yes-no"), question("mood", "ordered", MOODS), question("visits", "count"),
    question("branch", "nominal", ("north", "south", "west")),
    question("media", "multi-select", ("books", "films", "music")),
)
PERSON = {"name": "person", "title": "Person", "type": "string", "description": "Who it is, in all waves."}


def waves(
    folder: Path, each: dict[str, Rows], change: Callable[[dict[str, Any]], None] | None = None, least: Any = "none",
    matched: bool = False,
) -> Path:
    """A study in `folder`/data/library whose waves have these rows, by label, the last one at the end; `change` edits
    its descriptor. A row needs nothing but its answers; those left out were skipped."""
    own = folder / "data" / "library"
    own.mkdir(parents=True)
    names = [*(f"responses-{label}" for label in [*each][:-1]), "responses"]
    key = {"name": "respondent", "title": "Respondent", "type": "string", "description": "A running number."}
    descriptor: dict[str, Any] = {
        "name": "library", "title": "Library", "sources": [{"title": "Made up"}], "licenses": [{"name": "CC0-1.0"}],
        "simulated": False, "credit": "made up", "provenance": "Made up for tests.",
        "disclosure": {"minimum_cell": least, "reason": "all of it is made up for the tests of waves"},
        "waves": {"files": [{"resource": name, "label": label} for name, label in zip(names, each, strict=True)]},
        "resources": [
            {"name": name, "title": f"Responses of {label}", "path": f"{name}.csv", "bytes": 0, "hash": "sha256:0",
             "schema": {"primaryKey": ["respondent"], "fields": [
                 key, *([dict(PERSON)] if matched else []), *yaml.safe_load(yaml.safe_dump(list(FIELDS)))]}}
            for name, label in zip(names, each, strict=True)],
    }
    if matched:
        descriptor["waves"]["matched_by"] = "person"
    if change:
        change(descriptor)
    for resource, rows in zip(descriptor["resources"], each.values(), strict=True):
        fields = [one["name"] for one in resource["schema"]["fields"]]
        with open(own / resource["path"], "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fields, restval="skipped", lineterminator="\n", extrasaction="ignore")
            writer.writeheader()
            for number, row in enumerate(rows, 1):
                writer.writerow({"respondent": f"{resource['name']}-{number:05}", "person": ""} | row)
    (own / "datapackage.yaml").write_text(yaml.safe_dump(descriptor, sort_keys=False), encoding="utf-8")
    seal(own)
    return own


def field(descriptor: dict[str, Any], wave: int, name: str) -> dict[str, Any]:
    """The field of a question in a wave, by its place, to be changed."""
    return next(one for one in descriptor["resources"][wave]["schema"]["fields"] if one["name"] == name)


def spread(name: str, counts: dict[str, int]) -> list[dict[str, str]]:
    """Rows of so many people with each answer to a question."""
    return [{name: answer} for answer, count in counts.items() for _ in range(count)]


def paired(name: str, table: dict[tuple[str, str], int]) -> dict[str, Rows]:
    """Two waves of the same people, so many with each pair of answers."""
    pairs = [pair for pair, count in table.items() for _ in range(count)]
    return {label: [{"person": f"panel-{number:05}", name: pair[at]} for number, pair in enumerate(pairs)]
            for at, label in enumerate(("2024", "2026"))}
