"""What does the descriptor of an imported study say?  All that a loader needs, and beside each guess its reason."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from surveybook.survey.estimates.distribution import NOT_APPLICABLE
from surveybook.survey.intake.decisions import IN_WORDS, MINIMUM_CELL, WEIGHT
from surveybook.survey.intake.groups import find_pairs, write_pairs
from surveybook.survey.intake.questions import LeftOut, Question

LABELS = {"not-asked": "Not asked", "skipped": "Skipped", "cant-say": "Could not say",
          NOT_APPLICABLE: "Did not apply"}
TYPES = {"multi-select": "list", "count": "integer"}


@dataclass(frozen=True)
class About:
    """What a descriptor says of the study as a whole."""

    name: str
    title: str
    file: str
    tool: str
    licence: str
    respondents: int


def quote(words: str) -> str:
    """A text as YAML takes it whatever it holds."""
    return json.dumps(words, ensure_ascii=False)


def write_head(about: About) -> str:
    """The descriptor up to the list of files."""
    tool = f" of {about.tool}" if about.tool else ""
    return f"""\
# Written by `surveybook study` from {about.file}. A line that begins with “# guess” says what was guessed, why, and how
# sure that is. Change what is wrong: what you change is kept when the command runs again.
$schema: https://datapackage.org/profiles/2.0/datapackage.json
name: {about.name}
title: {quote(about.title)}
version: 1.0.0
description: {quote(f"Answers of the survey “{about.title}”.")}
sources:
  # guess (please look): who made the survey, as one would cite it
  - title: {quote(f"Own survey, export{tool} ({about.file})")}
licenses:
  # guess (please look): that of this report; the rows themselves are not published
  - name: {quote(about.licence)}
"""


OPENING = """
resources:
  - name: responses
    title: The responses, one row for each respondent
    path: responses.csv
    format: csv
    mediatype: text/csv
    encoding: utf-8
    bytes: 0
    hash: sha256:0
    schema:
      primaryKey: [respondent]
      fields:
"""
RESPONDENT = """\
        - name: respondent
          title: Respondent
          type: string
          description: A running number, which means nothing outside this file.
          constraints: {required: true}
"""


def write_tail(about: About, questions: Sequence[Question], out: Sequence[LeftOut]) -> str:
    """What follows the questions: that people answered, and the rule of what is shown of them."""
    known = [one.id for one in questions if one.personal]
    weight = next((one.id for one in questions if one.kind == WEIGHT), "")
    weights = ["sampling:", f"  weight: {weight}  # strata and clusters stand beside it"] if weight else []
    lines = [
        "",
        "simulated: false",
        f"credit: {quote(about.title)}",
        f"provenance: {quote(_provenance(about, out))}",
        *weights,
        "disclosure:",
        f"  minimum_cell: {MINIMUM_CELL}",
    ]
    if known:
        lines += [
            "  # guess (likely): what others may know about a person",
            f"  quasi_identifiers: [{', '.join(known)}]",
        ]
    lines += ["  reason: fewer people could be known to each other", *write_pairs(find_pairs(questions))]
    return "\n".join([*lines, ""])


def _provenance(about: About, out: Sequence[LeftOut]) -> str:
    tool = f", an export of {about.tool}," if about.tool else ""
    left = " Texts, names, dates and other columns that could tell who somebody is were left out." if out else ""
    return f"The answers were read from the file {about.file}{tool} by the command “surveybook study”.{left}"


def write_field(one: Question) -> str:
    """The field of one question, with its guesses above it."""
    lines = [
        "",
        *(
            f"        # guess ({IN_WORDS[guess.doubt]}): {guess.about}: {_comment(guess.words)}"
            for guess in one.guesses
        ),
    ]
    if one.kind == WEIGHT:  # no question
        return "\n".join([
            *lines, f"        - name: {one.id}", f"          title: {quote(one.title)}", "          type: number",
            "          description: How many people a respondent stands for, in proportion.",
            f"          origin: {quote(one.origin)}", "",
        ])
    lines += [
        f"        - name: {one.id}",
        f"          title: {quote(one.title)}",
        f"          type: {TYPES.get(one.kind, 'string')}",
        f"          description: {quote(f'What respondents answered to “{one.title}”.')}",
        f"          wording: {quote(one.wording)}",
        f"          kind: {one.kind}",
        f"          asked: {quote(one.asked)}",
    ]
    if one.condition:
        earlier, key, answer = one.condition
        lines.append(f"          asked_if: {{question: {earlier}, {key}: {quote(answer)}}}")
    lines += [
        "          unit: person",
        f"          construct: {quote(one.construct)}",
        f"          origin: {quote(one.origin)}",
    ]
    if one.kind == "count":
        lines += [
            f"          constraints: {{minimum: {one.minimum}, maximum: {one.maximum}}}",
            f"          bands: [{', '.join(map(str, one.bands))}]",
        ]
    else:
        lines.append("          categories:")
        lines += [write_category(value, label) for value, label in one.answers.items()]
    if one.kind == "ordered":
        lines.append("          categoriesOrdered: true")
    if one.kind == "multi-select":
        lines += ['          delimiter: ";"', "          itemType: string"]
    if one.alone:
        lines.append(f"          exclusive: {quote(one.alone)}")
    if one.codes:
        lines.append("          missingValues:")
        lines += [f"            - {{value: {code}, label: {quote(LABELS[code])}}}" for code in one.codes]
    return "\n".join([*lines, ""])


def write_category(value: str, label: str) -> str:
    return f"            - {{value: {quote(value)}, label: {quote(label)}}}"


def _comment(words: str) -> str:
    return " ".join(words.split())


def write_rows(questions: Sequence[Question], path: Path) -> None:
    """Write responses.csv: a row for each respondent, by a running number, and a column for each question."""
    people = len(questions[0].cells)
    width = max(len(str(people)), 4)
    names = (f"respondent-{number:0{width}}" for number in range(1, people + 1))
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["respondent", *(one.id for one in questions)])
        writer.writerows(zip(names, *(one.cells for one in questions), strict=True))
