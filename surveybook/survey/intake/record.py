"""What was written last time, and what has its author changed since?  So that an edit is kept, and a change is told."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from surveybook.survey.data.package import DESCRIPTOR
from surveybook.survey.data.responses import CODES
from surveybook.survey.errors import DataError
from surveybook.survey.intake.questions import Question

FILE = "intake.json"
ABOUT = (
    "Which columns and words of the export became which questions and answers, and what was written. Written by "
    "`surveybook study`; change an answer here where answers were put together in the descriptor."
)
NAME = re.compile(r"        - name: [\"']?(\w+)")


@dataclass
class Record:
    """What the last run read and wrote.

    `questions`: by id their `columns` and `origin`, the value of each word of the export, and whether the author took
    them out; `wanted`: the kinds that the author asked for, by heading; `written`: the digest of each file, and of each
    part of the descriptor, as it was written.
    """

    export: str = ""
    respondents: int = 0
    questions: dict[str, dict[str, Any]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    wanted: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)

    def unchanged(self, key: str, text: str | None) -> bool:
        """Whether a file or part is as it was written, or was never there."""
        return text is not None and self.written.get(key) == digest(text)


def digest(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:20]


def read_record(folder: Path) -> Record | None:
    """The record of the last run; None for a new study. Raises DataError for a study that was made by hand, and for a
    record that is damaged."""
    path = folder / FILE
    if not path.exists():
        if (folder / DESCRIPTOR).exists():
            raise DataError(
                f"{folder / DESCRIPTOR}: there is a study of this name, which no run of this command wrote; "
                "choose another name with --name"
            )
        return None
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        return Record(**{key: value for key, value in read.items() if key != "about"})
    except (ValueError, TypeError) as error:
        raise DataError(f"{path}: cannot be read ({error}); undo the last change of it") from None


def write_record(record: Record) -> str:
    return json.dumps({"about": ABOUT, **vars(record)}, indent=1, ensure_ascii=False) + "\n"


def remember(question: Question) -> dict[str, Any]:
    """What of a question is needed to read the next export: the words of its answers, not what single people wrote."""
    few = question.kind in ("yes-no", "nominal", "ordered") and len(question.raw) <= 60
    words = {cell: value for cell, value in question.raw.items() if value != "another-answer"} if few else {}
    return {"columns": list(question.headings), "origin": question.origin, "answers": words}


@dataclass
class Descriptor:
    """A descriptor as text, in parts: up to the list of files, up to its fields, each field, and the rest."""

    head: str
    opening: str
    fields: dict[str, str]
    tail: str
    fresh: dict[str, str] = field(default_factory=dict)  # the digest of each part as it was guessed

    @property
    def text(self) -> str:
        return self.head + self.opening + "".join(self.fields.values()) + self.tail

    @property
    def parts(self) -> dict[str, str]:
        """Each part by the name under which its digest is kept."""
        return {"head": self.head, "tail": self.tail} | {f"field {name}": text for name, text in self.fields.items()}


def split_descriptor(text: str, path: Path) -> Descriptor:
    """A descriptor in its parts. Raises DataError where it has not the form in which it was written."""
    start, opened = text.find("\nresources:"), re.search(r"^      fields:\s*\n", text, re.MULTILINE)
    if start < 0 or not opened:
        raise DataError(
            f"{path}: has no longer the indents in which it was written, so that it cannot be brought up to "
            "date; give the fields of “responses” six spaces, as before"
        )
    fields: dict[str, str] = {}
    waiting: list[str] = []  # blank lines and comments, which belong to what follows
    name, lines = "", text[opened.end() :].splitlines(keepends=True)
    for number, line in enumerate(lines):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            waiting.append(line)
            continue
        if len(line) - len(line.lstrip()) < 8:
            return Descriptor(text[:start], text[start : opened.end()], fields, "".join([*waiting, *lines[number:]]))
        if found := NAME.match(line):
            name = found[1]
            fields[name] = ""
        fields[name] = fields.get(name, "") + "".join(waiting) + line
        waiting = []
    return Descriptor(text[:start], text[start : opened.end()], fields, "".join(waiting))


def compare(old: Record, questions: Sequence[Question], respondents: int, headings: Mapping[str, str]) -> list[str]:
    """What changed since the last export, a line each: rows, columns, answers."""
    lines = []
    if old.respondents != respondents:
        lines.append(f"{old.respondents:,} respondents before, {respondents:,} now")
    now = {one.id: one for one in questions}
    for name, told in old.questions.items():
        if name not in now and not told.get("taken_out"):
            lines.append(
                f"“{name}” is no question any more ({', '.join(told['columns'][:2])}): "
                + headings.get(told["columns"][0], "its column is gone")
            )
    for name, one in now.items():
        if name not in old.questions:
            lines.append(f"“{name}” is new ({one.headings[0]})")
            continue
        before = set(old.questions[name]["answers"].values())
        if not before or one.kind == "count":
            continue
        given = {part for cell in one.cells.words for part in cell.split(";")} - {""}
        if added := sorted(given - before - {*CODES, "another-answer"}):
            lines.append(f"“{name}” has answers that it had not before: {', '.join(added)}")
        if gone := sorted(before - given - {"", *CODES}):
            lines.append(f"“{name}”: nobody gives the answer {', '.join(gone)} any more")
    return lines
