"""Read another version of MITRE ATLAS into data/documented, and say what changed.

    python -m analysis.atlas ATLAS.yaml --released 2026-04-30

The file is dist/ATLAS.yaml of https://github.com/mitre-atlas/atlas-data. The tables are written, the descriptor is
brought up to date and sealed. Where a line of mapping.csv names a technique that is gone, that is said, and the command
ends with 1: whoever keeps the mapping has to decide.
"""

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from analysis.atlas.changes import differences, lost
from analysis.atlas.source import COLUMNS, by_id, read_source
from surveybook.boundary import Beyond, read_file
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.package import DESCRIPTOR, read_descriptor
from surveybook.survey.data.seal import seal
from surveybook.survey.errors import DataError

FOLDER = Path(__file__).resolve().parent.parent.parent / "data" / "documented"
# Columns whose values the descriptor explains
EXPLAINED = {"cases": ("kind", "date_granularity"), "techniques": ("maturity",),
             "mitigations": ("lifecycle", "category")}
MAPPING = "mapping.csv"


def replace_version(folder: Path, path: Path, released: date | None) -> Iterator[str]:
    """Read the published file at `path` into the study in `folder`; gives a line for each thing that is to be told.

    Raises DataError, before anything is written, for a file that cannot be used.
    """
    document = read_descriptor(folder, "study")
    fields = {(one["name"], field["name"]): field for one in document.data["resources"]
              for field in one["schema"]["fields"]}
    known = {(table, column): [one["value"] for one in fields[table, column]["categories"]]
             for table, columns in EXPLAINED.items() for column in columns}
    new = read_source(path, known)
    old = {name: _text(folder, f"{name}.csv") for name in COLUMNS}
    before = {name: by_id(text, name) for name, text in old.items() if name in ("cases", "techniques", "mitigations")}
    version = document.data["version"]
    yield f"ATLAS {version}, so far; ATLAS {new.version}, read: " + ", ".join(
        f"{len(new.rows[name])} {name}" for name in before)
    yield from differences(before, new)
    for place, key, slip, found, treated in new.rows["slips"]:
        yield f"slip: {place}, {key}: {found} ({slip}); {treated}"
    for name in COLUMNS:
        if old[name] != new.csv(name):
            (folder / f"{name}.csv").write_text(new.csv(name), encoding="utf-8", newline="")
            yield f"{name}.csv was written"
    _redate(folder / DESCRIPTOR, version, new.version, released)
    seal(folder)
    gone = list(lost(list(csv.DictReader(io.StringIO(_text(folder, MAPPING)))), new))
    if gone:
        raise DataError("\n".join(f"{folder / MAPPING}: {line}" for line in gone))
    read_study(folder)
    yield f"data/{folder.name}: complete and as declared"


def _text(folder: Path, name: str) -> str:
    try:
        return read_file(folder, name).decode("utf-8")
    except Beyond as beyond:
        raise DataError(f"{folder}: {beyond}") from None


def _redate(path: Path, old: str, new: str, released: date | None) -> None:
    """Bring the version, and when it was released, up to date in a descriptor."""
    text = path.read_text(encoding="utf-8")
    told = f"{new}, released {released.isoformat()}" if released else new
    if old != new or released:
        text = re.sub(rf"(\n +version: ){re.escape(old)}(, released \S+)?", rf"\g<1>{told}", text)
        text = re.sub(rf"(?<![\d.]){re.escape(old)}(?![\d.]*\d)", new, text)
    path.write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m analysis.atlas", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("file", type=Path, help="dist/ATLAS.yaml of a version of github.com/mitre-atlas/atlas-data")
    parser.add_argument("--released", type=date.fromisoformat, help="when that version was released, year-month-day")
    chosen = parser.parse_args(arguments)
    try:
        for line in replace_version(FOLDER, chosen.file, chosen.released):
            print(line)
    except DataError as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
