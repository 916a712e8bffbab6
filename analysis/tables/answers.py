"""How many gave each answer?"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from .. import text
from ..about import about, question_note
from ..display import Column, Table
from ..errors import DataError
from ..findings import Findings
from ..sensitivity import readings as readings_of
from ..share import Share
from .cells import first_up


def shares(findings: Findings, question: str) -> Table:
    """How many gave each answer to a question. One row for each answer, in the order of the question.

    Raises DataError where nobody answered.
    """
    asked = findings.study.question(question)
    estimates = asked.distribution.shares
    if not estimates:
        raise DataError(f"nobody answered “{question}”, so it has no shares; show another question")
    data = pd.DataFrame(
        [{"answer": item, "label": asked.labels[item]} | _numbers(share) for item, share in estimates.items()]
    )
    rows = [[asked.labels[item], *_share_cells(share)] for item, share in estimates.items()]
    return Table(
        asked.label, _share_columns("Answer", estimates.values()), rows,
        about(findings.study, "tables.shares", data, asked),
        question_note(findings.study, asked, list(estimates.values())),
    )


def readings(findings: Findings, question: str, item: str) -> Table:
    """The share of one answer under each reasonable reading of the counts. One row for each reading."""
    asked = findings.study.question(question)
    found = readings_of(asked.distribution, item)
    data = pd.DataFrame([{"answer": item, "label": first_up(r.words)} | _numbers(r.share) for r in found])
    rows = [[first_up(r.words), *_share_cells(r.share)] for r in found]
    return Table(
        f"{asked.labels[item]}, by reading", _share_columns("Reading of the counts", [r.share for r in found]), rows,
        about(findings.study, "tables.readings", data, asked),
        question_note(findings.study, asked, [r.share for r in found]),
    )


def _numbers(share: Share) -> dict[str, float | str]:
    """A share as exact values."""
    interval = share.interval
    return {"count": share.count, "base": share.base, "share": share.value, "low": interval.low,
            "high": interval.high, "level": interval.level, "method": interval.method}


def _share_columns(first: str, shares: Iterable[Share]) -> list[Column]:
    level = text.percent(next(iter(shares)).interval.level)
    return [Column(first), *(Column(title, True) for title in ("Count", "Base", "Share", f"{level} interval"))]


def _share_cells(share: Share) -> list[str]:
    return [text.whole(share.count), text.whole(share.base), text.percent(share.value), text.span(share.interval)]
