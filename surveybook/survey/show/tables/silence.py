"""Who gave no answer, and why?"""

from __future__ import annotations

import pandas as pd

from surveybook.survey.data.codebook import MISSING
from surveybook.survey.estimates.share import Share
from surveybook.survey.evidence.about import about, source_line
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show.display import Column, Table
from surveybook.survey.show.tables.cells import placed, withheld
from surveybook.survey.words import text


def missing(findings: Findings) -> Table:
    """How many answered each question, and why the others did not. One row for each question that was put."""
    study = findings.study
    questions = [question for question in study.asked.values() if not question.counting]
    codes = list(dict.fromkeys(code for code in [*MISSING, *(code for q in questions for code in q.missing)]
                               if any(code in q.missing for q in questions)))
    data = pd.DataFrame([
        withheld({"question": q.id, "label": q.label, "asked": q.distribution.asked,
                  "answered": q.distribution.answered} | {code: study.absent(q).get(code) for code in codes})
        for q in questions
    ]).astype(dict.fromkeys(codes, "Int64"))
    labels = {name: label for q in questions for name, label in q.labels.items()}
    rows = [
        [placed(q.label, q.id), text.whole(q.distribution.asked), text.whole(q.distribution.answered),
         *(text.whole(study.absent(q)[code]) if code in q.missing else "–" for code in codes), _rate(q.distribution)]
        for q in questions
    ]
    columns = [Column("Question"), *(Column(title, True) for title in (
        "Asked", "Answered", *(labels[code] for code in codes), "No answer, of those asked"))]
    people = "People are counted, not weighted. " if study.sampling else ""
    return Table("Answers that are missing", columns, rows, about(study, missing, data),
                 f"“–”: the question does not offer it. {people}Source: {source_line(study)}.")


def _rate(distribution) -> str:
    """The share of those asked who gave no answer."""
    silent = sum(distribution.missing.values())
    return text.percent(Share(silent, distribution.asked).value) if distribution.asked else "–"
