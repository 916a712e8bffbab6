"""What are the numbers?  Each function makes one table from the estimates of a study."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import pandas as pd

from . import text
from .about import about, question_note, source_line, wording
from .display import Column, Html, Table
from .errors import DataError
from .findings import Findings, printed, recomputed
from .ledger import AGREES, DIFFERS, UNCHECKABLE, ledger
from .sensitivity import readings as readings_of
from .share import Share

MARKS = {AGREES: "✓", DIFFERS: "✗", UNCHECKABLE: "–"}


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
    data = pd.DataFrame([{"answer": item, "label": _first_up(r.words)} | _numbers(r.share) for r in found])
    rows = [[_first_up(r.words), *_share_cells(r.share)] for r in found]
    return Table(
        f"{asked.labels[item]}, by reading", _share_columns("Reading of the counts", [r.share for r in found]), rows,
        about(findings.study, "tables.readings", data, asked),
        question_note(findings.study, asked, [r.share for r in found]),
    )


def sums(findings: Findings) -> Table:
    """Does every table add up to the number that was asked? One row for each question."""
    questions = findings.study.questions.values()
    data = pd.DataFrame([
        {"question": q.id, "label": q.label, "place": q.locator, "rows": q.distribution.answered,
         "no_answer": sum(q.distribution.missing.values()), "asked": q.distribution.asked,
         "surplus": q.distribution.surplus}
        for q in questions
    ])
    rows = [
        [_placed(row.label, row.place), str(row.rows), str(row.no_answer), str(row.asked), text.signed(row.surplus),
         "adds up" if not row.surplus else "does not add up"]
        for row in data.itertuples()
    ]
    columns = [Column("Table"), Column("Answers", True), Column("No answer", True), Column("Asked", True),
               Column("Surplus", True), Column("Verdict")]
    return Table("Sums of the tables", columns, rows, about(findings.study, "tables.sums", data),
                 f"Source: {source_line(findings.study)}.")


def claims(findings: Findings) -> Table:
    """The ledger: what the source states, what its counts give, and the verdict. One row for each claim."""
    entries, package = ledger(findings.study), findings.study.package
    if not entries:
        raise DataError(f"the study “{findings.study.id}” has no claims; add claims.csv, or take the table out")
    data = pd.DataFrame([
        {"claim": e.claim["claim"], "statement": e.claim["statement"], "place": e.claim["locator"],
         "printed_count": e.claim["printed_count"], "printed_base": e.claim["printed_base"],
         "question": e.question.id if e.question else None, "count": e.share.count if e.share else None,
         "base": e.share.base if e.share else None, "verdict": e.verdict, "reason": e.reason,
         "mends": "; ".join(e.mends)}
        for e in entries
    ]).astype({"count": "Int64", "base": "Int64"})
    rows = []
    for entry in entries:
        remark = f"{_first_up(entry.reason)}." if entry.reason else ""
        if entry.mends:
            remark += f" It would agree {text.listing(list(entry.mends), 'or')}."
        basis = package.labels("claims", "basis")[entry.claim["basis"]]
        places = [f"{basis} in {entry.claim['locator']}", entry.question.locator if entry.question else "no table"]
        verdict = entry.verdict.replace(" ", "-")
        rows.append([
            _placed(entry.claim["statement"], *places),
            Html(f'<span class="verdict {verdict}">{MARKS[entry.verdict]} {entry.verdict}</span>'),
            printed(entry.claim), recomputed(entry) if entry.share else "–", remark,
        ])
    columns = [Column("Statement about the organizations"), Column("Verdict"), Column("Printed", True),
               Column("Recomputed", True), Column("Why, and what would make it agree")]
    return Table("Ledger of claims", columns, rows, about(findings.study, "tables.claims", data),
                 f"Source: {source_line(findings.study)}.")


def gaps(findings: Findings) -> Table:
    """The gaps as a checklist, by phase and person. One row for each gap."""
    package = findings.study.package
    if findings.study.gaps.empty:
        raise DataError(f"the study “{findings.study.id}” has no gaps; add gaps.csv, or take the table out")
    short, phases, personas = (package.labels("gaps", name) for name in ("gap", "phase", "persona"))
    data = findings.study.gaps.assign(label=lambda frame: frame["gap"].map(short))
    rows = [
        [gap.missing, phases[gap.phase], personas[gap.persona], gap.counterpart,
         Html(f'<input type="checkbox" aria-label="In place: {short[gap.gap]}">')]
        for gap in data.itertuples()
    ]
    columns = [Column(package.field("gaps", name)["title"]) for name in ("missing", "phase", "persona", "counterpart")]
    return Table("Checklist of the gaps", [*columns, Column("In place")], rows,
                 about(findings.study, "tables.gaps", data), f"Source: {source_line(findings.study)}.")


def lifecycle(findings: Findings) -> Table:
    """The gaps in short, by phase and person. One row for each gap."""
    package, full = findings.study.package, gaps(findings)
    phases, personas = (package.labels("gaps", name) for name in ("phase", "persona"))
    rows = [[gap["label"], phases[gap["phase"]], personas[gap["persona"]]] for gap in full.about["data"]]
    columns = [Column("Gap"), *(Column(package.field("gaps", name)["title"]) for name in ("phase", "persona"))]
    about_it = {**full.about, "function": "analysis.tables.lifecycle"}
    return Table("Gaps along the life cycle", columns, rows, about_it, full.note)


def codebook(findings: Findings) -> Table:
    """What each question means, who was asked and how an answer is counted. One row for each question."""
    questions = findings.study.questions.values()
    data = pd.DataFrame([
        {"question": q.id, "label": q.label, "description": q.description, "wording": q.wording, "kind": q.kind,
         "asked": q.asked, "unit": q.unit, "answers": ", ".join(q.distribution.counts),
         "missing": ", ".join(q.missing), "place": q.locator}
        for q in questions
    ])
    rows = [
        [_placed(q.label, q.id, q.locator),
         f"{wording(q)} Asked: {q.asked}." + (f" Measures: {q.construct} ({q.origin})." if q.construct else ""),
         "; ".join(q.labels[item] for item in q.distribution.counts),
         "; ".join(f"{q.labels[item]}: {reason}" for item, reason in q.missing.items()) or "none"]
        for q in questions
    ]
    columns = [Column("Question"), Column("What was asked, and of whom"), Column("Answers"), Column("Missing")]
    return Table("Codebook", columns, rows, about(findings.study, "tables.codebook", data))


def fields(findings: Findings) -> Table:
    """The columns of every file of the study. One row for each column."""
    resources = findings.study.package.resources
    data = pd.DataFrame([
        {"file": resource["path"], "column": field["name"], "type": field["type"], "description": field["description"]}
        for resource in resources.values() for field in resource["schema"]["fields"]
    ])
    rows = [[row.column, row.file, row.type, row.description] for row in data.itertuples()]
    columns = [Column("Column"), Column("File"), Column("Type"), Column("Meaning")]
    return Table("Columns of the files", columns, rows, about(findings.study, "tables.fields", data))


def files(findings: Findings) -> Table:
    """The files of the study, with size and hash. One row for each file."""
    package = findings.study.package
    data = pd.DataFrame([
        {"file": r["path"], "title": r["title"], "rows": len(package.tables[name]), "bytes": r["bytes"],
         "hash": r["hash"]}
        for name, r in package.resources.items()
    ])
    rows = [[row.file, row.title, str(row.rows), str(row.bytes), row.hash.removeprefix("sha256:")]
            for row in data.itertuples()]
    columns = [Column("File"), Column("Content"), Column("Rows", True), Column("Bytes", True), Column("SHA-256")]
    return Table("Files", columns, rows, about(findings.study, "tables.files", data))


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


def _placed(words: str, *places: str) -> Html:
    """Words with the places where they stand in the source below them."""
    return Html(f'{escape(words)} <span class="place">{escape(" · ".join(dict.fromkeys(places)))}</span>')


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]
