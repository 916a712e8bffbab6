"""Every number of a study by name, ready to stand in a sentence.

    STUDY.QUESTION.ANSWER.of         “22 of 25”
    STUDY.QUESTION.top.label         the answer that was given most often
    STUDY.claims.CLAIM.verdict
    STUDY.hypotheses.HYPOTHESIS.sentence

A name leads to further names or to a Text, which carries its own name into the page. `-` in an id is `_` here. What
stands below a name is worked out when it is asked for.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from surveybook.survey.data.responses import CODES, column
from surveybook.survey.data.simulation import FILE as MODEL
from surveybook.survey.data.simulation.assumptions import read_model
from surveybook.survey.data.study import Study
from surveybook.survey.data.table import categories
from surveybook.survey.design.scenarios import FILE as DESIGN
from surveybook.survey.estimates.distribution import NOT_APPLICABLE
from surveybook.survey.estimates.share import WITHHELD, Share, known
from surveybook.survey.estimates.weighted import weighted_share
from surveybook.survey.evidence.battery import together
from surveybook.survey.evidence.design import design
from surveybook.survey.evidence.ledger import claims
from surveybook.survey.evidence.passport import families, hypotheses
from surveybook.survey.evidence.questions import question, refuse_unweighted
from surveybook.survey.evidence.waves import waves
from surveybook.survey.verdicts.record import Judgements
from surveybook.survey.words import text
from surveybook.survey.words.names import Names, Tree, joined

SILENT = ["skipped", "cant-say"]
NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


class Findings(Names):
    """The findings of a study; the `study` itself and the `judgements` of its hypotheses for figures and tables.

    `root`: the folder of the report, where what takes long to compute is kept. `own`: what only this report finds in
    the study, by name.
    """

    def __init__(self, study: Study, root: Path | None = None, own: Tree | None = None):
        self.study, self.judgements = study, Judgements(study, root)
        path = study.id.replace("-", "_")
        tree = joined(
            path, {name: partial(question, one, study) for name, one in study.questions.items()},
            {"source": text.declared(study.source), "provenance": text.declared(study.provenance)},
            {"collected": study.collection.words} if study.collection else
            {"units": text.declared(_units(study)), "answers": text.declared(study.answers)},
            {"sampling": text.declared(study.sampling.words)} if study.sampling else {},
            {"waves": partial(waves, study, study.waves)} if study.waves else {},
            {"plan": text.declared(study.plan.sentence())} if study.plan else {},
            {"claims": partial(refuse_unweighted, "claims") if study.sampling else partial(claims, study)}
            if len(study.claims) else {},
            {name: partial(_table, study, name) for name in study.others},
            {"hypotheses": partial(hypotheses, self.judgements), "families": families(self.judgements)}
            if study.hypotheses else {},
            {"batteries": partial(together, study), "missing": partial(_missing, study)} if study.responses else {},
            {"design": partial(design, study)} if (study.package.folder / DESIGN).exists() else {},
            {"model": partial(_model, study)} if (study.package.folder / MODEL).exists() else {},
            own or {},
        )
        super().__init__(tree, path, study.simulated)


def _units(study: Study) -> str:
    """Who answered, in the plural."""
    return next(iter(study.questions.values())).respondent + "s"


def _table(study: Study, name: str) -> Tree:
    """How many rows one of the other tables of a study has, and of each category of its fields how many rows and what
    it is called; the fields that name the row left out."""
    frame, schema = study.others[name], study.package.resources[name]["schema"]
    fields = {
        field["name"]: {
            NOT_IN_NAMES.sub("_", value.lower()): {"label": text.lower(label), "count": text.whole(sum(
                value in _each(cell) for cell in frame[field["name"]]))}
            for value, label in categories(field).items()
        }
        for field in schema["fields"] if categories(field) and field["name"] not in schema.get("primaryKey", [])
    }
    return joined(f"{study.id}.{name}", {"count": text.whole(len(frame))}, fields)


def _each(cell: object) -> tuple[object, ...]:
    """The values of a cell, which may be a list, or empty."""
    return cell if isinstance(cell, tuple) else () if pd.isna(cell) else (cell,)


def _model(study: Study) -> Tree:
    """How many effects the model behind a survey has, and how strong they are."""
    assert study.responses is not None
    model = read_model(study.package.folder, study.responses.codebook, study.hypotheses)
    loadings = [abs(effect.loading) for effect in model.effects if effect.loading]
    numbers = {"respondents": text.whole(model.respondents), "effects": text.whole(len(model.effects)),
               "present": text.whole(len(loadings)), "absent": text.whole(len(model.effects) - len(loadings))}
    numbers |= {"weakest": text.decimal(min(loadings), 2), "strongest": text.decimal(max(loadings), 2)} \
        if loadings else {}
    return {name: text.declared(number) for name, number in numbers.items()}


def _share(study: Study, count: float, base: float, chosen: np.ndarray, among: np.ndarray) -> Share:
    """`count` of `base` people, who are `chosen` `among` all; weighted where the study declares its sampling."""
    if not study.sampling:
        return Share(count, base)
    found = study.sampling.estimate(chosen[:, None], among)
    least = study.disclosure.minimum_cell
    return weighted_share(count, base, study.sampling.coarsen(found, least) if least else found)


def count_complete(study: Study) -> float:
    """How many answered all they were asked; withheld where it is of any question how many did not."""
    assert study.responses is not None
    asked = [question for question in study.questions.values() if not question.counting]
    if {*SILENT} & {*study.disclosure.nonresponse} or not all(known(one.distribution.silent) for one in asked):
        return WITHHELD
    codes = [CODES[one] for one in SILENT]
    return int((~np.logical_or.reduce([np.isin(column(study.responses.codes[one.id]), codes) for one in asked])).sum())


def _missing(study: Study) -> Tree:
    """How many answered all they were asked, and which question has the largest share without an answer."""
    assert study.responses is not None
    asked = [question for question in study.questions.values() if not question.counting]
    reasons = {question.id: column(study.responses.codes[question.id]) for question in asked}
    silent = {name: np.isin(reason, [CODES[one] for one in SILENT]) for name, reason in reasons.items()}
    complete = ~np.logical_or.reduce(list(silent.values()))
    applied = [CODES[one] for one in ("not-asked", NOT_APPLICABLE)]
    absent = {question.id: _share(study, question.distribution.silent, question.distribution.applied,
                                  silent[question.id], ~np.isin(reasons[question.id], applied))
              for question in asked if question.distribution.applied}
    hidden, full = Share(WITHHELD, WITHHELD), count_complete(study)
    every = _share(study, full, len(complete), complete, np.ones(len(complete), bool))
    told = all(known(share.value) for share in absent.values())  # else a withheld one could be the largest
    most = max(absent, key=lambda name: absent[name].value) if told else ""
    return {
        "respondents": text.whole(len(complete)), "questions": text.declared(text.whole(len(asked))),
        "complete": text.share(every, "answered all they were asked"),
        "most": text.share(absent[most], study.questions[most].label) if most else text.share(hidden, text.WITHHELD),
    }
