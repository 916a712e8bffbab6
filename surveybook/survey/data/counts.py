"""What do published counts say?  One question for each table, and answers that are read together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from surveybook.survey.data import CLAIMS, COUNTS
from surveybook.survey.data.codebook import Question
from surveybook.survey.data.package import Package
from surveybook.survey.errors import DataError, Faults
from surveybook.survey.estimates.distribution import Distribution

COLUMNS = {
    COUNTS: ("table", "item", "count", "base", "unit", "locator"),
    CLAIMS: ("claim", "statement", "quantifier", "printed_count", "printed_base", "basis", "table", "items", "locator"),
}


@dataclass(frozen=True)
class Group:
    """Several answers of one question, read together."""

    id: str
    label: str
    question: str
    items: tuple[str, ...]


def check_columns(package: Package, resource: str) -> None:
    """Refuse a resource that lacks a field which its name promises."""
    number = list(package.resources).index(resource)
    for name in COLUMNS[resource]:
        if name not in package.tables[resource]:
            known = ", ".join(COLUMNS[resource])
            trouble = f"the field “{name}” is missing; a resource called “{resource}” has {known}"
            raise package.document.refusal(["resources", number, "schema", "fields"], trouble)
    for name in package.tables[resource]:
        if name not in COLUMNS[resource]:
            trouble = f"“{resource}” is published and has no field “{name}”; put it into a table of its own"
            raise package.document.refusal(["resources", number, "schema", "fields"], trouble)


def read_counts(package: Package, faults: Faults) -> dict[str, Question]:
    """The questions of a study whose data are counts: one for each table."""
    counts, labels = package.tables[COUNTS], package.labels(COUNTS, "item")
    titles, declared = package.labels(COUNTS, "table"), package.descriptor.get("questions", {})
    for name in declared:
        with faults.part():
            package.document.known(name, titles, ["questions", name], "no category of the field “table”")
    found = {}
    for name in titles:
        with faults.part(name):
            found[name] = _question(name, titles[name], labels, counts[counts["table"] == name], package)
    return found


def _question(name: str, label: str, labels: Mapping[str, str], rows: pd.DataFrame, package: Package) -> Question:
    """One question from its declaration and its rows of counts."""
    document, keys = package.document, ["questions", name]
    declared: dict[str, Any] | None = package.descriptor.get("questions", {}).get(name)
    if declared is None:
        raise document.refusal(["questions"], f"“{name}” is not described; say who was asked, and what")
    missing, answers = declared.get("missing", {}), declared["answers"]
    for key in ("answers", "missing"):
        for item in declared.get(key, []):
            document.known(item, labels, [*keys, key], "no category of the field “item”")
    number = _checked_counts(rows, name, [*answers, *missing], package)
    distribution = Distribution(
        {item: number[item] for item in answers}, {item: number[item] for item in missing}, int(rows["base"].iloc[0])
    )
    if not distribution.answered:
        raise document.refusal(keys, "nobody gave an answer; a question needs at least one")
    return Question(
        id=name, label=label, kind=declared["kind"], asked=declared["asked"], description=declared["description"],
        wording=declared.get("wording"), unit=rows["unit"].iloc[0], respondent=rows["unit"].iloc[0],
        locator=rows["locator"].iloc[0], answers=tuple(answers),
        labels=MappingProxyType({item: labels[item] for item in [*answers, *missing]}),
        missing=MappingProxyType(missing), distribution=distribution,
    )


def _checked_counts(rows: pd.DataFrame, name: str, items: list[str], package: Package) -> dict[str, int]:
    """The count of each declared answer of one question, from its rows."""
    path = package.folder / package.resources[COUNTS]["path"]
    for number, row in rows.iterrows():
        if row["item"] not in items:
            raise DataError(
                f"{path}: row {number}, column “item”: “{row['item']}” is not declared as an answer of “{name}”; "
                f"use one of {', '.join(items)}"
            )
        if row["count"] > row["base"]:
            raise DataError(
                f"{path}: row {number}, column “count”: {row['count']} is above its base {row['base']}; "
                "correct one of them"
            )
        for column in ("base", "unit"):
            if row[column] != rows[column].iloc[0]:
                raise DataError(
                    f"{path}: row {number}, column “{column}”: “{row[column]}” differs from the first row of "
                    f"“{name}”; give all rows of a question one {column}"
                )
    counts = dict(zip(rows["item"], (int(count) for count in rows["count"]), strict=True))
    for item in items:
        if item not in counts:
            raise DataError(
                f"{path}: the answer “{item}” of “{name}” has no row; add it, with the count 0 if nobody gave it"
            )
    return counts


def read_group(name: str, declared: Mapping[str, Any], questions: Mapping[str, Question], package: Package) -> Group:
    """A named group of answers, each of them declared."""
    document, keys = package.document, ["groups", name]
    document.known(declared["table"], questions, [*keys, "table"], "no question")
    question = questions[declared["table"]]
    if not question.distribution.one_each:
        raise document.refusal(keys, f"“{question.id}” allows several answers, which do not add up; remove the group")
    for item in declared["items"]:
        document.known(item, question.distribution.counts, [*keys, "items"], f"no answer of “{question.id}”")
    return Group(name, declared["label"], question.id, tuple(declared["items"]))
