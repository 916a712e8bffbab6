"""What must a report of such a study tell, and where does this one tell it?  The checklists of data/checklists.

    reporting.CHECKLIST.not_published     how many items of a checklist have this answer
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from surveybook.boundary import EDITORS
from surveybook.survey.data.schema import Document, read_yaml
from surveybook.survey.evidence.sections import Section, section_at
from surveybook.survey.words import text
from surveybook.survey.words.names import Names, Tree

ANSWERED, NOT_PUBLISHED, DOES_NOT_APPLY = "answered", "not published", "does not apply"
ANSWERS = {"section": ANSWERED, "not_published": NOT_PUBLISHED, "does_not_apply": DOES_NOT_APPLY}


@dataclass(frozen=True)
class Item:
    """One thing to tell: answered by a `section`, or not, for a `reason`."""

    id: str
    topic: str
    asks: str
    answer: str
    section: Section | None
    reason: str


@dataclass(frozen=True)
class Checklist:
    """A published checklist, in our own words, and what it is applied to; `reference` is its key in references.bib."""

    name: str
    title: str
    about: str
    reference: str
    items: tuple[Item, ...]

    def count(self, answer: str) -> int:
        """How many items have this kind of answer."""
        return sum(item.answer == answer for item in self.items)


def read_checklists(folder: Path, sections: Mapping[str, Section], sources: Container[str]) -> dict[str, Checklist]:
    """The checklists in a folder by name.

    Raises DataError, one sentence with file and line, for a key that the schema does not know, an item without an
    answer or with two, an item twice, a section that no chapter has, and a checklist that nobody can look up.
    """
    return {path.stem: _checklist(path, sections, sources) for path in sorted(folder.glob("*.yaml"))
            if not EDITORS.fullmatch(path.name)}


def _checklist(path: Path, sections: Mapping[str, Section], sources: Container[str]) -> Checklist:
    document = read_yaml(path, "checklist")
    data = document.data
    if data["name"] != path.stem:
        raise document.refusal(["name"], f"“{data['name']}” is not the name of its file; make them the same")
    if data["reference"] not in sources:
        raise document.refusal(["reference"], f"references.bib has no entry “{data['reference']}”; add it")
    items = [_item(document, number, sections) for number in range(len(data["items"]))]
    for number, item in enumerate(items):
        if item.id in [other.id for other in items[:number]]:
            raise document.refusal(["items", number, "id"], "an item with this id stands above; remove one of them")
    return Checklist(data["name"], data["title"], data["about"], data["reference"], tuple(items))


def _item(document: Document, number: int, sections: Mapping[str, Section]) -> Item:
    keys, declared = ["items", number], document.data["items"][number]
    given = [key for key in ANSWERS if key in declared]
    if len(given) != 1:
        trouble = "has no answer" if not given else f"has {len(given)} answers"
        raise document.refusal(keys, f"{trouble}; give it one of {', '.join(ANSWERS)}")
    key = given[0]
    section = section_at(document, [*keys, key], sections) if key == "section" else None
    return Item(declared["id"], declared["topic"], declared["asks"], ANSWERS[key], section,
                "" if section else declared[key])


class Reporting(Names):
    """How many items of each checklist are answered, by name; the `checklists`, the `references` and the `licence` of
    the report for tables."""

    def __init__(self, checklists: Mapping[str, Checklist], references: Mapping[str, str], licence: str = ""):
        self.checklists, self.references, self.licence = checklists, references, licence
        super().__init__({name: _numbers(one) for name, one in checklists.items()}, "reporting")


def _numbers(checklist: Checklist) -> Tree:
    """How many items a checklist has, and how many with each answer."""
    return {"title": checklist.title, "items": text.whole(len(checklist.items))} | {
        answer.replace(" ", "_"): text.whole(checklist.count(answer)) for answer in ANSWERS.values()
    }
