"""What was planned before the data were there, and what was amended since?  The file plan.yaml of a study.

`surveybook seal --plan STUDY` writes it: the day, how many responses there were, and a hash of the codebook and of each
hypothesis with all that decides its verdict. Whatever differs later is an amendment, with its day and a reason, or the
study is refused. A hash shows that something changed, not when it was written: a tag, a commit that others have, or a
registry of plans does that.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from surveybook.boundary import read_own
from surveybook.folders import replace_file
from surveybook.survey.data import RESPONSES
from surveybook.survey.data.codebook import read_codebook
from surveybook.survey.data.hypotheses import FILE as HYPOTHESES
from surveybook.survey.data.hypotheses import read_hypotheses
from surveybook.survey.data.package import read_descriptor
from surveybook.survey.data.schema import Document, read_yaml
from surveybook.survey.errors import DataError
from surveybook.survey.words.text import listing

FILE, CODEBOOK = "plan.yaml", "codebook"
HEAD = """\
# What was planned before the answers were there, and what was amended. Written by `surveybook seal --plan`, which adds
# entries and changes none; each hash stands for a hypothesis with all that decides its verdict, or for the codebook.
entries:
"""
# What of the declaration of a hypothesis and of a question decides nothing
UNDECIDING = {"origin", "published", "title", "description", "construct"}


@dataclass(frozen=True)
class Entry:
    """What held on a day, by its hashes; how many responses were there; of an amendment, why."""

    day: date
    responses: int
    parts: Mapping[str, str]
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """The plan as it was sealed, and its amendments."""

    entries: tuple[Entry, ...]

    def amendments(self, part: str = "") -> list[Entry]:
        """The entries in which one part changed, or any, the plan itself left out."""
        return [entry for before, entry in zip(self.entries, self.entries[1:], strict=False)
                if part in _changed(before.parts, entry.parts) or not part]

    def sentence(self, part: str = "") -> str:
        """When it was sealed and amended, as readers are told."""
        first = self.entries[0]
        amended = self.amendments(part)
        if part and part not in first.parts:
            added, *amended = amended
            words = (f"Not in the plan that was sealed on {_day(first)}; added on {_day(added)}, {_before(added)}: "
                     f"{_closed(added.reason)}")
        else:
            words = f"Sealed on {_day(first)}, {_before(first)}."
        later = [f"Amended on {_day(one)}, {_before(one)}: {_closed(one.reason)}" for one in amended]
        return " ".join([words, *later, *([] if amended else ["Not amended since."])])


def read_plan(folder: Path, document: Document) -> Plan | None:
    """The plan of the study in `folder`, whose descriptor is `document`; None if it never had one.

    Raises DataError for a plan.yaml that is not as its schema has it, and for what changed since and is no amendment.
    """
    if not os.path.lexists(folder / FILE):
        return None
    told = read_yaml(folder / FILE, "plan")
    plan = Plan(tuple(Entry(date.fromisoformat(str(one["date"])), one["responses"], one["parts"],
                            " ".join(one.get("reason", "").split())) for one in told.data["entries"]))
    for number, entry in enumerate(plan.entries):
        if bool(entry.reason) != bool(number):
            raise told.refusal(("entries", number), "an amendment has a reason, and the plan itself has none; undo the "
                                                    f"change of {FILE}")
    last = plan.entries[-1]
    if changed := _changed(last.parts, digest_parts(folder, document)):
        raise told.refusal(("entries", len(plan.entries) - 1), (
            f"changed since {last.day.isoformat()}: {', '.join(changed)}; undo that, or declare an amendment with "
            f'`surveybook seal --plan {folder.name} --reason "why"`'))
    return plan


def seal_plan(folder: Path, day: date, reason: str = "") -> str:
    """Write what holds now into plan.yaml, as the plan or as an amendment for a `reason`; a line that says so.

    Raises DataError where there is nothing to plan, the hypotheses do not fit the questions, nothing changed, or a
    change has no reason.
    """
    document, path, reason = read_descriptor(folder, "study"), folder / FILE, " ".join(reason.split())
    if RESPONSES not in [one["name"] for one in document.data["resources"]]:
        raise document.refusal(["resources"], f"there is no resource “{RESPONSES}” that could be planned for; add it")
    if not (folder / HYPOTHESES).exists():
        raise DataError(f"{folder / HYPOTHESES}: there are no hypotheses to plan; write what you expect first")
    read_hypotheses(folder, read_codebook(document))
    parts, rows = digest_parts(folder, document), _responses(document)
    entry: dict[str, Any] = {"date": day.isoformat(), "responses": rows}
    if os.path.lexists(path):
        told = read_yaml(path, "plan").data["entries"]
        if not (changed := _changed(told[-1]["parts"], parts)):
            raise DataError(f"{path}: nothing changed since {told[-1]['date']}; the plan stands as it was sealed")
        if len(reason.split()) < 3:
            raise DataError(f"{path}: changed since {told[-1]['date']}: {', '.join(changed)}; say why in some words, "
                            f'as in `surveybook seal --plan {folder.name} --reason "why"`')
        entry["reason"] = reason
        said = f"amendment of {listing(changed)}"
    elif reason:
        raise DataError(f"{path}: there is no plan yet that could be amended; seal it without --reason")
    else:
        said = f"plan of {len(parts) - 1} hypotheses and the codebook"
    text = yaml.safe_dump([entry | {"parts": parts}], sort_keys=False, allow_unicode=True, width=1000)
    content = (read_own(path) if path.exists() else HEAD) + "".join(f"  {line}\n" for line in text.splitlines())
    replace_file(path, content.encode())
    hashed = hashlib.sha256(content.encode()).hexdigest()
    return f"sealed the {said}, {_before(Entry(day, rows, {}))}; {FILE} is sha256:{hashed}"


def digest_parts(folder: Path, document: Document) -> dict[str, str]:
    """A hash of the codebook, and of each hypothesis with its family, its questions, and all other choices."""
    schema = next((one["schema"] for one in document.data["resources"] if one["name"] == RESPONSES), {"fields": []})
    fields = {one["name"]: _deciding(one) for one in [*schema["fields"], *document.data.get("derived", [])]}
    told = read_yaml(folder / HYPOTHESES, "hypotheses").data if (folder / HYPOTHESES).exists() else {"hypotheses": []}
    parts = {CODEBOOK: _digest([fields, document.data.get("disclosure", {}).get("minimum_cell")])}
    for one in told["hypotheses"]:
        asked = [fields.get(one[role]) for role in ("predictor", "outcome")]
        parts[one["id"]] = _digest([_deciding(one), told["families"][one["family"]], told.get("robustness"), asked,
                                    sorted(other["id"] for other in told["hypotheses"]
                                           if other["family"] == one["family"])])
    return parts


def _deciding(declared: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in declared.items() if key not in UNDECIDING}


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The parts that are new, gone or other."""
    return [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]


def _responses(document: Document) -> int:
    """How many rows the file of responses has, below its header; none where it is not there."""
    for one in document.data["resources"]:
        path = document.path.parent / one["path"]
        if one["name"] == RESPONSES and path.is_file():
            with path.open("rb") as file:
                return max(sum(1 for line in file if line.strip()) - 1, 0)
    return 0


def _before(entry: Entry) -> str:
    if not entry.responses:
        return "before any response was there"
    return f"when {entry.responses:,} {'responses were' if entry.responses > 1 else 'response was'} there"


def _day(entry: Entry) -> str:
    return f"{entry.day.day} {entry.day:%B %Y}"


def _closed(words: str) -> str:
    return f"{words.rstrip('.')}."
