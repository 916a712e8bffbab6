"""Draw the responses of a simulated survey from its model: what `surveybook simulate STUDY` does.

Writes responses.csv of data/STUDY and seals it.
"""

from __future__ import annotations

from pathlib import Path

from surveybook.survey.data import RESPONSES
from surveybook.survey.data.package import read_descriptor
from surveybook.survey.data.seal import seal
from surveybook.survey.data.simulation.rows import simulated
from surveybook.survey.data.study import read_study


def simulate(folder: Path) -> str:
    """Draw, write and seal the responses of the study in `folder`; a line that sums it up.

    Raises DataError for a study that is not simulated, or has no responses.
    """
    document = read_descriptor(folder, "study")
    if not document.data["simulated"]:
        raise document.refusal(("simulated",), "real responses are not replaced by drawn ones; keep them")
    resource = next((r for r in document.data["resources"] if r["name"] == RESPONSES), None)
    if resource is None:
        raise document.refusal(("resources",), f"there is no resource “{RESPONSES}” to be drawn; add it")
    (folder / resource["path"]).write_text(simulated(folder), encoding="utf-8", newline="")
    changed = seal(folder)
    return (f"{folder.name}: {len(read_study(folder).responses.respondents)} respondents drawn; "
            f"{'sealed ' + ', '.join(changed) if changed else 'nothing changed'}")
