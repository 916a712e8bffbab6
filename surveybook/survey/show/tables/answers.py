"""How many gave each answer?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from surveybook.survey.data.codebook import Question
from surveybook.survey.data.denominators import denominators
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.sensitivity import readings as readings_of
from surveybook.survey.estimates.share import Share, known
from surveybook.survey.evidence.about import about, question_note
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show.display import Table
from surveybook.survey.show.tables.cells import first_up, numbers, share_cells, share_columns

FEW = 3  # answers that need no sorting


def listed(question: Question) -> dict[str, Share]:
    """The share of each answer in the order in which answers are shown: those of a scale, and few of them, as they
    stand, others from the most to the least frequent, last the one that excludes all others. Withheld ones come last.
    """
    shares, counts = question.distribution.shares, question.distribution.counts
    if question.kind in ("ordered", "count") or len(shares) <= FEW:
        return shares
    ranked = sorted(question.distribution.ranked, key=lambda item: item == question.alone and known(counts[item]))
    return {item: shares[item] for item in ranked if item in shares}


def shares(findings: Findings, question: str) -> Table:
    """How many gave each answer to a question. One row for each answer, in the order of `listed`.

    Raises DataError where nobody answered.
    """
    asked = findings.study.question(question)
    estimates = listed(asked)
    if not estimates:
        raise DataError(f"nobody answered “{question}”, so it has no shares; show another question")
    first, *others = denominators(findings.study, [asked])
    data = [{"answer": item, "label": asked.labels[item]} | numbers(share, question, others)
            for item, share in estimates.items()]
    table = Table(
        asked.label, share_columns("Answer", estimates.values()), _rows(asked, estimates),
        about(findings.study, shares, data, asked),
        question_note(findings.study, asked, list(estimates.values())), of=first.words,
    )
    return replace(table, others=[
        replace(table, of=one.words, rows=_rows(asked, {
            item: one.share(share, question) for item, share in estimates.items()
        })) for one in others
    ])


def _rows(asked: Question, shares: Mapping[str, Share]) -> list[list[str]]:
    return [[asked.labels[item], *share_cells(share)] for item, share in shares.items()]


def readings(findings: Findings, question: str, item: str) -> Table:
    """The share of one answer under each reasonable reading of the counts. One row for each reading."""
    asked = findings.study.question(question)
    found = readings_of(asked.distribution, item)
    data = [{"answer": item, "label": first_up(r.words)} | numbers(r.share) for r in found]
    rows = [[first_up(r.words), *share_cells(r.share)] for r in found]
    return Table(
        f"{asked.labels[item]}, by reading", share_columns("Reading of the counts", [r.share for r in found]), rows,
        about(findings.study, readings, data, asked),
        question_note(findings.study, asked, [r.share for r in found]),
    )
