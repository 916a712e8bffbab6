"""How do the answers that a model gives stand in the file of responses?"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from surveybook.survey.data import RESPONSES
from surveybook.survey.data.codebook import Declared, read_codebook
from surveybook.survey.data.hypotheses import read_hypotheses
from surveybook.survey.data.package import read_descriptor
from surveybook.survey.data.responses import CODES, Codes
from surveybook.survey.data.simulation.assumptions import Model, read_model
from surveybook.survey.data.simulation.latents import answer, draw


def simulated(folder: Path, n: int | None = None, seed: int | None = None) -> str:
    """The text of the responses of a study, as its model has it, or with another number of respondents or seed."""
    document = read_descriptor(folder, "study")
    codebook = read_codebook(document)
    model = read_model(folder, codebook, read_hypotheses(folder, codebook))
    latents = draw(model, n or model.respondents, model.seed if seed is None else seed)
    resource = next(one for one in document.data["resources"] if one["name"] == RESPONSES)
    return rows(model, codebook, answer(model, codebook, latents), resource["schema"])


def rows(model: Model, codebook: Mapping[str, Declared], codes: Codes, schema: Mapping[str, Any]) -> str:
    """The answers as the text of a CSV file with the columns of `schema`, one row for each respondent."""
    number = len(next(iter(codes.values())))
    width = max(3, len(str(number)))
    names = [f"{model.prefix}-{one:0{width}}" for one in range(1, number + 1)]
    columns = [names if field["name"] in schema["primaryKey"] else
               _cells(codebook[field["name"]], codes[field["name"]], field.get("delimiter", ","))
               for field in schema["fields"]]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field["name"] for field in schema["fields"]])
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue()


def _cells(question: Declared, code: np.ndarray, delimiter: str) -> list[str]:
    """One column of the file."""
    reasons = {value: reason for reason, value in CODES.items()}
    if question.kind == "multi-select":
        chosen = [[o for o, picked in zip(question.answers, row, strict=True) if picked] for row in code.tolist()]
        return [reasons.get(row[0]) or delimiter.join(names) for row, names in zip(code.tolist(), chosen, strict=True)]
    if question.kind == "count":
        return [reasons.get(value) or str(value) for value in code.tolist()]
    return [reasons.get(value) or question.answers[value] for value in code.tolist()]
