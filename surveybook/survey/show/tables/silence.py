"""Who gave no answer, and why?"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from surveybook.survey.data.codebook import MISSING, Question
from surveybook.survey.estimates.distribution import NOT_APPLICABLE, Distribution
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
    apart = [code for code in codes if code == NOT_APPLICABLE]  # stands between those asked and those who answered
    gave_none = [code for code in codes if code not in apart]
    data = pd.DataFrame([
        withheld({"question": q.id, "label": q.label, "asked": q.distribution.asked,
                  "answered": q.distribution.answered} | {code: study.absent(q).get(code) for code in codes})
        for q in questions
    ]).astype(dict.fromkeys(codes, "Int64"))
    labels = {name: label for q in questions for name, label in q.labels.items()}

    def counted(q: Question, some: Sequence[str]) -> list[str]:
        return [text.whole(study.absent(q)[code]) if code in q.missing else "–" for code in some]

    rows = [
        [placed(q.label, q.id), text.whole(q.distribution.asked), *counted(q, apart),
         text.whole(q.distribution.answered), *counted(q, gave_none), _rate(q.distribution)]
        for q in questions
    ]
    of = "of those to whom it applied" if apart else "of those asked"
    columns = [Column("Question"), *(Column(title, True) for title in (
        "Asked", *(labels[code] for code in apart), "Answered", *(labels[code] for code in gave_none),
        f"No answer, {of}"))]
    people = "People are counted, not weighted. " if study.sampling else ""
    return Table("Answers that are missing", columns, rows, about(study, missing, data),
                 f"“–”: the question does not offer it. {people}Source: {source_line(study)}.")


def _rate(distribution: Distribution) -> str:
    """The share of those asked, and to whom it applied, who gave no answer."""
    return text.percent(Share(distribution.silent, distribution.applied).value) if distribution.applied else "–"
