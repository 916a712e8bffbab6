"""What must be said beside a figure or a table: what was asked, of whom, how many, from where."""

from __future__ import annotations

from typing import Any

import pandas as pd

from . import text
from .codebook import KINDS
from .share import Share
from .study import Question, Study


def about(study: Study, made_by: str, data: pd.DataFrame, question: Question | None = None) -> dict[str, Any]:
    """The facts that travel with what is shown, as plain data; `data` has one row for each mark or row shown."""
    facts: dict[str, Any] = {
        "study": study.id, "title": study.title, "source": study.source, "licence": study.licence,
        "simulated": study.simulated, "label": text.SIMULATED if study.simulated else "",
        "provenance": study.provenance, "function": f"analysis.{made_by}",
        "data": data.astype(object).where(data.notna(), None).to_dict("records"),
    }
    if question:
        facts["question"] = {
            "id": question.id, "label": question.label, "description": question.description,
            "wording": question.wording, "kind": question.kind, "asked_of": question.asked,
            "asked": question.distribution.asked, "answered": question.distribution.answered,
            "missing": dict(question.distribution.missing), "unit": question.unit, "locator": question.locator,
        }
        if question.construct:
            facts["question"] |= {"construct": question.construct, "origin": question.origin}
    return facts


def question_note(study: Study, question: Question, shares: list[Share]) -> str:
    """The line below a figure or table of one question."""
    distribution = question.distribution
    rows = distribution.answered + sum(distribution.missing.values())
    base = f"{distribution.asked} {question.respondent}s asked, {distribution.answered} answered"
    if distribution.surplus:
        base = f"{distribution.asked} {question.respondent}s asked, but the printed rows add to {rows}"
    methods = sorted({share.interval.method for share in shares})
    level = f"{shares[0].interval.level:.0%}"
    return (
        f"{wording(question)} Asked: {question.asked}, {KINDS[question.kind]}. Base: {base}. "
        f"Intervals: {level}, {' and '.join(methods)}. Source: {source_line(study, question)}."
    )


def wording(question: Question) -> str:
    """The question as it was asked, or what it means and why there are no such words."""
    if question.wording:
        return f"“{question.wording}”"
    why = "The wording is not known to us."
    if question.counting:
        why = f"Counted from {text.listing(list(question.counting.questions))}."
    return f"{question.description} {why}"


def source_line(study: Study, question: Question | None = None) -> str:
    """Who published the numbers, and where they stand."""
    return f"{study.credit}, {question.locator}" if question else study.credit
