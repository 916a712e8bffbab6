"""How is the next export read where its author changed the descriptor?  By the questions and answers as they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from surveybook.document import YAML_1_1, Fault, parse_yaml
from surveybook.survey.data import RESPONSES, WAVES
from surveybook.survey.data.responses import CODES
from surveybook.survey.data.table import categories, missing_codes
from surveybook.survey.errors import DataError
from surveybook.survey.intake.decisions import WEIGHT
from surveybook.survey.intake.descriptor import LABELS, write_category
from surveybook.survey.intake.numbers import in_digits, read_numbers
from surveybook.survey.intake.questions import Question
from surveybook.survey.intake.record import FILE, Descriptor, Record, split_descriptor
from surveybook.survey.intake.wordings import fold

MAXIMUM = re.compile(r"(?<=, maximum: )\d+(?=\}\n)")  # of a number, as it is written


@dataclass(frozen=True)
class Standing:
    """The descriptor of a study as it stands: its parts as text, the fields of “responses” as they are declared, by
    name, and what its waves are called."""

    parts: Descriptor
    declared: Mapping[str, dict[str, Any]]
    waves: tuple[str, ...]


def read_standing(path: Path) -> Standing | None:
    """The descriptor that a run before this one wrote, as it stands now; None where there is none. Raises DataError for
    one of another form."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if not text:
        return None
    parts = split_descriptor(text, path)
    try:
        read = parse_yaml(text, YAML_1_1, "the file")
    except Fault as fault:
        raise DataError(f"{path}:{fault.line}: {fault}") from None
    found = next((one for one in read.get("resources", default=[]) if one.get("name") == RESPONSES), {})
    fields = {one["name"]: one for one in found.get("schema", {}).get("fields", []) if "name" in one}
    return Standing(parts, fields, tuple(str(one["label"]) for one in read.get(WAVES, "files", default=())))


def keep_names(questions: list[Question], old: Record, stands: Standing) -> list[Question]:
    """The questions by the names that they have in the descriptor; those that were taken out of it are left out.

    A question is known by its columns, and a field that was renamed by its `origin`.
    """
    by_column = {column: name for name, told in old.questions.items() for column in told["columns"]}
    by_origin = {one.get("origin"): name for name, one in stands.declared.items()}
    kept, taken = [], set(stands.parts.fields)
    for one in questions:
        name = next((by_column[column] for column in one.headings if column in by_column), None)
        if name is None:
            if one.id in taken:
                one.id = next(f"{one.id}_{n}" for n in range(2, 10**6) if f"{one.id}_{n}" not in taken)
            taken.add(one.id)
        elif name in stands.parts.fields:
            one.id = name
        elif (renamed := by_origin.get(old.questions[name]["origin"])) and renamed not in old.questions:
            old.questions[renamed] = old.questions.pop(name)
            one.id = renamed
        else:
            old.questions[name]["taken_out"] = True
            continue
        kept.append(one)
    return kept


def keep_answers(one: Question, told: Mapping[str, Any], declared: Mapping[str, Any], path: Path) -> dict[str, str]:
    """Read the cells of a question whose field its author changed, as that field has it, and give the answers that it
    has not yet, with their labels.

    Raises DataError where an answer of the export stands for none of the field.
    """
    ordered = one.kind == "ordered"
    one.kept, one.kind = True, declared.get("kind", one.kind)
    if one.kind == WEIGHT:
        return {}
    offered = {str(value): str(label) for value, label in categories(dict(declared)).items()}
    known = {fold(label): value for value, label in offered.items()}
    own, new = dict(one.answers), {}
    if one.kind == "count":
        numbers = read_numbers([cell for cell in one.source.words if cell and one.raw.get(cell) not in CODES]) or {}
        raw = one.raw
        one.cells = one.source.map(lambda cell: _count(cell, raw, numbers))
        one.raw = {}
        one.answers = {}
        return {}

    def value_of(cell: str, fresh: str) -> str:
        found: list[str] = []
        if not fresh:
            return ""
        said = told.get("answers", {}).get(cell)
        for part in (said or fresh).split(";"):
            if part in offered or part in CODES:
                found.append(part)
            elif (value := known.get(fold(own.get(part, part)))) is not None and not (said and part not in own):
                found.append(value)
            elif said:
                raise DataError(
                    f"{path.parent / FILE}: “{cell}” of “{one.id}” was “{part}”, which {path.name} has no "
                    "longer; write there which answer it is now"
                )
            else:
                new[part] = own.get(part, part)
                found.append(part)
        return ";".join(dict.fromkeys(found))

    if one.source:
        one.raw = {cell: value_of(cell, fresh) for cell, fresh in one.raw.items()}
        raw = one.raw
        one.cells = one.source.map(lambda cell: raw[cell] if cell else "")
    else:
        one.cells = one.cells.map(lambda cell: value_of(cell, cell))
    labels = offered | new
    order = [known.get(fold(label), value) if value not in labels else value for value, label in own.items()]
    one.answers = {value: labels[value] for value in _in_place([*offered], order if ordered else [], [*new])}
    return new


def _in_place(offered: list[str], order: Sequence[str], new: Sequence[str]) -> list[str]:
    """The answers as they are offered, and each new one between the two that it stands between in the order that the
    export tells; at the end where there is none, or another one."""
    old = [one for one in order if one in offered]
    if len(old) > 1 and offered.index(old[0]) > offered.index(old[-1]):
        order, old = order[::-1], old[::-1]
    made = list(offered)
    if len(old) > 1 and old == [one for one in offered if one in old]:
        for place, one in enumerate(order):
            if one in new:
                before = made.index(order[place - 1]) + 1 if place and order[place - 1] in made else 0
                later = next((made.index(other) for other in order[place + 1:] if other in made), len(made))
                if before == later:
                    made.insert(before, one)
    return [*made, *(one for one in new if one not in made)]


def _count(cell: str, raw: Mapping[str, str], numbers: Mapping[str, float]) -> str:
    if not cell or raw.get(cell) in CODES:
        return raw.get(cell, "")
    return in_digits(numbers[cell]) if cell in numbers else cell


def keep_conditions(questions: Sequence[Question], declared: Mapping[str, dict[str, Any]]) -> None:
    """Of a question whose field its author changed, who was not asked is as that field says."""
    by_name = {one.id: one for one in questions}
    for one in questions:
        told = declared.get(one.id, {}).get("asked_if") if one.kept else None
        if not told or told.get("question") not in by_name:
            continue
        earlier = by_name[told["question"]]
        order = list(earlier.answers)
        key = "at_least" if "at_least" in told else "is"
        if told.get(key) not in order:
            continue  # the loader says so
        meant = order[order.index(told[key]) :] if key == "at_least" else [told[key]]
        one.cells = one.cells.fill(~np.isin(earlier.cells.words, meant)[earlier.cells.codes], "not-asked")


def complete(text: str, one: Question, new: Mapping[str, str], declared: Mapping[str, Any], file: str) -> str:
    """The text of a field that its author changed, with the answers and the reasons for none that are new."""
    lines = text.rstrip("\n").split("\n")
    size = len(lines)
    if new:
        places = [n for n, line in enumerate(lines) if line.startswith("            - {value:")]
        ends = next((n for n, line in enumerate(lines) if line.strip().startswith("missingValues:")), len(lines))
        places = [n for n in places if n < ends]
        if not places:
            raise DataError(
                f"the field “{one.id}” has no answer {', '.join(new.values())}, which {file} has; add it to "
                "its categories"
            )
        at, told = places[0] - 1, iter(places)
        for before, value in pairwise(["", *one.answers]):
            if value not in new:
                at = next(told, places[-1]) + len(lines) - size
                continue
            words = [] if before in new else [f"            # new in {file}: look whether this is its place"]
            lines[at + 1 : at + 1] = [*words, write_category(value, new[value])]
            at += len(words) + 1
    if codes := [code for code in one.codes if code not in missing_codes(dict(declared))]:
        if "missingValues" not in declared:
            lines.append("          missingValues:")
        at = next(n for n, line in enumerate(lines) if line.strip().startswith("missingValues:"))
        lines[at + 1 : at + 1] = [f"            - {{value: {code}, label: {LABELS[code]}}}" for code in codes]
    return "\n".join(lines) + "\n"


def widen(text: str, one: Question) -> str:
    """The text of the field of a number, with a maximum that holds the numbers of the next wave as well."""
    return MAXIMUM.sub(lambda found: str(max(int(found[0]), one.maximum)), text)
