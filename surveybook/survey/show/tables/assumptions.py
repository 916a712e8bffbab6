"""What does a simulated survey assume?"""

from __future__ import annotations

from surveybook.survey.data.simulation import FILE
from surveybook.survey.data.simulation.assumptions import read_model
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.about import about, source_line
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show.display import Column, Table
from surveybook.survey.show.tables.cells import placed
from surveybook.survey.words import text


def assumptions(findings: Findings) -> Table:
    """The effects in the model from which responses are drawn. One row for each effect.

    Raises DataError for a study without responses, or without a model.
    """
    study = findings.study
    if study.responses is None:
        raise DataError(f"the study “{study.id}” has no responses, so no model of them; take the table out")
    model = read_model(study.package.folder, study.responses.codebook, study.hypotheses)
    data = [
        {"from": effect.source, "to": effect.to, "loading": effect.loading, "hypotheses": ", ".join(effect.hypotheses),
         "reason": effect.reason}
        for effect in model.effects
    ]
    rows = [
        [placed(f"{_latent(study, effect.source)} → {text.lower(_latent(study, effect.to))}",
                ", ".join(effect.hypotheses)),
         text.decimal(effect.loading, 2) if effect.loading else "none", effect.reason]
        for effect in model.effects
    ]
    columns = [Column("Effect, and the hypotheses about it"), Column("Loading", True), Column("Why it is assumed")]
    return Table("Effects in the model", columns, rows, about(study, assumptions, data),
                 "A loading is the correlation of the two traits behind the answers where nothing else links them; "
                 f"answers in a few classes show less of it. Source: {source_line(study)}, {FILE}.")


def _latent(study: Study, name: str) -> str:
    """A question by its label, another trait by its name."""
    return study.questions[name].label if name in study.questions else text.first_up(name.replace("_", " "))
