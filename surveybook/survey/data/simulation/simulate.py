"""Draw the responses of a simulated survey from its model: what `surveybook simulate STUDY` does.

Writes responses.csv of data/STUDY and seals it.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from surveybook.folders import replace_file
from surveybook.survey.data import RESPONSES
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.package import read_descriptor
from surveybook.survey.data.seal import seal
from surveybook.survey.data.simulation.rows import simulated
from surveybook.survey.errors import DataError

DRAWN = re.compile(r"[A-Z]+-\d{3,}")  # the name of a drawn respondent


def simulate(folder: Path) -> str:
    """Draw, write and seal the responses of the study in `folder`; a line that sums it up.

    Raises DataError for a study that is not simulated, or has no responses, or whose responses no model can have drawn.
    """
    document = read_descriptor(folder, "study")
    if not document.data["simulated"]:
        raise document.refusal(("simulated",), "real responses are not replaced by drawn ones; keep them")
    resource = next((r for r in document.data["resources"] if r["name"] == RESPONSES), None)
    if resource is None:
        raise document.refusal(("resources",), f"there is no resource “{RESPONSES}” to be drawn; add it")
    path, number = folder / resource["path"], document.data["resources"].index(resource)
    before = document.content(number) if os.path.lexists(path) else b""
    if name := _name_of_people(before.decode("utf-8", "replace"), resource):
        raise DataError(f"{path}: “{name}” is no name that a model gives, so that people may have answered; keep the "
                        "file and write `simulated: false`, or remove it")
    replace_file(document.file(number), simulated(folder).encode())
    changed = seal(folder)
    return (f"{folder.name}: {len(read_study(folder).responses.respondents)} respondents drawn; "
            f"{'sealed ' + ', '.join(changed) if changed else 'nothing changed'}")


def _name_of_people(text: str, resource: Mapping[str, Any]) -> str:
    """The first name of a respondent that was not drawn, or nothing."""
    (key,) = resource["schema"]["primaryKey"]
    names = [row.get(key) or "" for row in csv.DictReader(io.StringIO(text, newline=""))]
    return next((name for name in names if not DRAWN.fullmatch(name)), "")
