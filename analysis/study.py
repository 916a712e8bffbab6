"""What was asked, of whom, and what did they answer?  A folder of data/ as one checked object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from .distribution import Distribution
from .errors import DataError
from .package import DESCRIPTOR, Package, read_package

DATA = Path(__file__).resolve().parent.parent / "data"
QUESTION_KEYS = {"kind", "asked", "description", "answers", "wording", "missing"}
KINDS = {"one-pick": "one answer each"}


@dataclass(frozen=True)
class Question:
    """One question: what it means, who was asked, its answers in order, and how many gave each of them."""

    id: str
    label: str
    kind: str
    asked: str
    description: str
    wording: str | None
    unit: str
    locator: str
    labels: Mapping[str, str]
    missing: Mapping[str, str]
    distribution: Distribution


@dataclass(frozen=True)
class Group:
    """Several answers of one question, read together."""

    id: str
    label: str
    question: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class Study:
    """A study whose data are published counts.

    `questions` and `groups` by id; `gaps` and `claims` are the frames of the resources with these names, one row for
    each gap or claim (empty frames where the study has none).
    """

    package: Package
    questions: Mapping[str, Question]
    groups: Mapping[str, Group]

    @property
    def id(self) -> str:
        return self.package.descriptor["name"]

    @property
    def title(self) -> str:
        return self.package.descriptor["title"]

    @property
    def source(self) -> str:
        """The first source, with its version and address."""
        first = self.package.descriptor["sources"][0]
        return ", ".join(first[key].strip() for key in ("title", "version", "path") if key in first)

    @property
    def licence(self) -> str:
        return self.package.descriptor["licenses"][0]["name"]

    @property
    def simulated(self) -> bool:
        return self.package.descriptor["simulated"]

    @property
    def claims(self) -> pd.DataFrame:
        return self.package.tables.get("claims", pd.DataFrame())

    @property
    def gaps(self) -> pd.DataFrame:
        return self.package.tables.get("gaps", pd.DataFrame())

    def question(self, name: str) -> Question:
        """The question with this id. Raises DataError with the ids there are."""
        return _named(self.questions, name, f"the study “{self.id}” has no question")

    def group(self, name: str) -> Group:
        """The group with this id. Raises DataError with the ids there are."""
        return _named(self.groups, name, f"the study “{self.id}” has no group")


def read_study(folder: Path) -> Study:
    """The study in `folder`. Raises DataError for anything that is not as declared (see also read_package)."""
    package = read_package(folder)
    descriptor, path = package.descriptor, folder / DESCRIPTOR
    for key in ("sources", "licenses", "simulated", "credit", "provenance", "questions"):
        if key not in descriptor:
            raise DataError(f"{path}: the key “{key}” is missing; every study states it")
    if not isinstance(descriptor["simulated"], bool):
        raise DataError(f"{path}: “simulated” must be true or false, for it decides on every label; write one of them")
    if "counts" not in package.tables:
        raise DataError(f"{path}: there is no resource “counts”; add the table of counts")
    counts, labels = package.tables["counts"], package.labels("counts", "item")
    titles = package.labels("counts", "table")
    for name in descriptor["questions"]:
        _named(titles, name, f"{path}: questions: no category of the field “table”")
    questions = {
        name: _question(name, titles[name], labels, counts[counts["table"] == name], package) for name in titles
    }
    groups = {
        name: _group(name, declared, questions, f"{path}: groups: {name}")
        for name, declared in descriptor.get("groups", {}).items()
    }
    study = Study(package, MappingProxyType(questions), MappingProxyType(groups))
    _check_claims(study, folder)
    return study


def _question(name: str, label: str, labels: Mapping[str, str], rows: pd.DataFrame, package: Package) -> Question:
    """One question from its declaration and its rows of counts."""
    path = package.folder / DESCRIPTOR
    declared: dict[str, Any] = package.descriptor["questions"].get(name)
    if declared is None:
        raise DataError(f"{path}: questions: “{name}” is not described; say who was asked, and what")
    for key in declared:
        if key not in QUESTION_KEYS:
            raise DataError(f"{path}: questions: {name}: unknown key “{key}”; use {', '.join(sorted(QUESTION_KEYS))}")
    for key in ("kind", "asked", "description", "answers"):
        if key not in declared:
            raise DataError(f"{path}: questions: {name}: the key “{key}” is missing; every question states it")
    if declared["kind"] not in KINDS:
        raise DataError(f"{path}: questions: {name}: unknown kind “{declared['kind']}”; use {', '.join(KINDS)}")
    missing, answers = declared.get("missing", {}), declared["answers"]
    for item in [*answers, *missing]:
        _named(labels, item, f"{path}: questions: {name}: no category of the field “item”")
    number = _checked_counts(rows, name, [*answers, *missing], package)
    distribution = Distribution(
        {item: number[item] for item in answers}, {item: number[item] for item in missing}, int(rows["base"].iloc[0])
    )
    if not distribution.answered:
        raise DataError(f"{path}: questions: {name}: nobody gave an answer; a question needs at least one")
    return Question(
        id=name, label=label, kind=declared["kind"], asked=declared["asked"], description=declared["description"],
        wording=declared.get("wording"), unit=rows["unit"].iloc[0], locator=rows["locator"].iloc[0],
        labels=MappingProxyType({item: labels[item] for item in [*answers, *missing]}),
        missing=MappingProxyType(missing), distribution=distribution,
    )


def _checked_counts(rows: pd.DataFrame, name: str, items: list[str], package: Package) -> dict[str, int]:
    """The count of each declared answer of one question, from its rows."""
    path = package.folder / package.resources["counts"]["path"]
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


def _group(name: str, declared: Mapping[str, Any], questions: Mapping[str, Question], place: str) -> Group:
    """A named group of answers, each of them declared."""
    question = _named(questions, declared.get("table"), f"{place}: no question")
    for item in declared["items"]:
        _named(question.distribution.counts, item, f"{place}: no answer of “{question.id}”")
    return Group(name, declared["label"], question.id, tuple(declared["items"]))


def _check_claims(study: Study, folder: Path) -> None:
    """Each claim names a question and answers that exist, or no question at all."""
    for number, claim in study.claims.iterrows():
        if pd.isna(claim["table"]):
            continue
        place = f"{folder / study.package.resources['claims']['path']}: row {number}"
        question = _named(study.questions, claim["table"], f"{place}, column “table”: no question")
        for item in claimed_items(claim, question):
            _named(question.distribution.counts, item, f"{place}, column “items”: no answer of “{question.id}”")


def claimed_items(claim: Mapping[str, Any], question: Question) -> list[str]:
    """The answers that a claim adds up."""
    items = "" if pd.isna(claim["items"]) else claim["items"]
    return list(question.distribution.counts) if items == "all" else items.split()


def _named(known: Mapping[str, Any], name: Any, trouble: str) -> Any:
    """The entry with this name, or one sentence that lists the names there are."""
    if name not in known:
        raise DataError(f"{trouble} is called “{name}”; use one of {', '.join(known)}")
    return known[name]
