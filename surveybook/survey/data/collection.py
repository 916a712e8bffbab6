"""What did somebody collect, of whom nobody was asked?"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from surveybook.survey.data import CLAIMS, COUNTS, RESPONSES
from surveybook.survey.data.hypotheses import FILE as HYPOTHESES
from surveybook.survey.data.schema import Document


@dataclass(frozen=True)
class Collection:
    """Things that somebody collected: `rows` is the resource that has one for each, `unit` what it is called, `chosen`
    by whom and how. It is no sample, so that its rows are counted, and nothing else is made of them."""

    rows: str
    unit: str
    chosen: str

    @property
    def words(self) -> str:
        """What must stand beside every number of it."""
        return (f"A collection, not a sample: {self.unit}s collected {self.chosen}; they are counted, and no share or "
                "interval is made of them")


def read_collection(document: Document, folder: Path) -> Collection:
    """What a study collected. Raises DataError for a study that says so and holds answers as well, or expects some."""
    declared, names = document.data["collection"], [one["name"] for one in document.data["resources"]]
    document.known(declared["rows"], names, ["collection", "rows"], "no resource")
    for number, name in enumerate(names):
        if name in (RESPONSES, COUNTS, CLAIMS):
            raise document.refusal(["resources", number], f"of a collection nobody was asked, and “{name}” are numbers "
                                                          "of answers; choose another name, or take the collection out")
    for key in ("questions", "derived", "groups", "crossed"):
        if key in document.data:
            raise document.refusal([key], "of a collection nobody was asked; remove this key, or the collection")
    if os.path.lexists(folder / HYPOTHESES):
        raise document.refusal(["collection"], f"a collection cannot test hypotheses; remove {HYPOTHESES}, or the "
                                               "collection")
    return Collection(declared["rows"], declared["unit"], " ".join(declared["chosen"].split()))
