"""Draw the responses of a simulated survey from its model: what `surveybook simulate STUDY` does.

Writes responses.csv of data/STUDY and seals it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from surveybook.survey.data.codebook import RESPONSES, Declared, read_codebook
from surveybook.survey.data.hypotheses import read_hypotheses
from surveybook.survey.data.package import read_descriptor
from surveybook.survey.data.responses import CODES, Codes
from surveybook.survey.data.seal import seal
from surveybook.survey.data.study import read_study
from surveybook.survey.simulation.assumptions import Model, read_model
from surveybook.survey.simulation.latents import answer, draw


def rows(model: Model, codebook: Mapping[str, Declared], codes: Codes) -> str:
    """The answers as the text of a CSV file, one row for each respondent, derived counts left out."""
    asked = {name: question for name, question in codebook.items() if not question.counting}
    columns = [_cells(question, codes[name]) for name, question in asked.items()]
    width = max(3, len(str(len(columns[0]))))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["respondent", *asked])
    for number, cells in enumerate(zip(*columns, strict=True), start=1):
        writer.writerow([f"{model.prefix}-{number:0{width}}", *cells])
    return text.getvalue()


def simulated(folder: Path, n: int | None = None, seed: int | None = None) -> str:
    """The text of responses.csv of a study, as its model has it, or with another number of respondents or seed."""
    codebook = read_codebook(read_descriptor(folder, "study"))
    model = read_model(folder, codebook, read_hypotheses(folder, codebook))
    latents = draw(model, n or model.respondents, model.seed if seed is None else seed)
    return rows(model, codebook, answer(model, codebook, latents))


def _cells(question: Declared, code: np.ndarray) -> list[str]:
    """One column of the file."""
    reasons = {value: reason for reason, value in CODES.items()}
    if question.kind == "multi-select":
        chosen = [[o for o, picked in zip(question.answers, row, strict=True) if picked] for row in code.tolist()]
        return [reasons.get(row[0]) or ";".join(names) for row, names in zip(code.tolist(), chosen, strict=True)]
    if question.kind == "count":
        return [reasons.get(value) or str(value) for value in code.tolist()]
    return [reasons.get(value) or question.answers[value] for value in code.tolist()]


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
