"""One thing of a file is changed, and it is refused in one sentence that names the place."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from surveybook.survey.data.seal import seal
from surveybook.survey.errors import DataError


def spoil(path: Path, old: str, new: str) -> int:
    """Write `new` where `old` first stands in the file, and tell on which line that is."""
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[:text.index(old)].count("\n") + 1


def spoiled(original: Path, folder: Path, old: str, new: str) -> tuple[Path, int]:
    """A copy of a file in `folder`, spoilt, and the line."""
    path = folder / original.name
    path.write_bytes(original.read_bytes())
    return path, spoil(path, old, new)


def rewrite_rows(folder: Path, alter: Callable[[list[dict[str, str]]], object]) -> None:
    """Change the rows of the responses of a study, each a dictionary, and seal the file."""
    path = folder / "responses.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = list(rows[0])
    alter(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    seal(folder)


def refused(read: Callable[[], object], place: str, trouble: str) -> None:
    """Assert that reading is refused in one line, which starts with the `place` and names the `trouble`."""
    with pytest.raises(DataError) as refusal:
        read()
    said = str(refusal.value)
    assert said.startswith(place) and trouble in said and "\n" not in said, said
