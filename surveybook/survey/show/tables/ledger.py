"""Do the printed numbers of a source agree with each other?"""

from __future__ import annotations

import pandas as pd

from surveybook.survey.errors import DataError
from surveybook.survey.evidence.about import about, source_line
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.evidence.ledger import AGREES, DIFFERS, UNCHECKABLE, ledger, printed, recomputed
from surveybook.survey.show.display import Column, Html, Table
from surveybook.survey.show.tables.cells import first_up, placed
from surveybook.survey.words import text

MARKS = {AGREES: "✓", DIFFERS: "✗", UNCHECKABLE: "–"}


def sums(findings: Findings) -> Table:
    """Does every table add up to the number that was asked? One row for each question."""
    questions = findings.study.asked.values()
    data = [
        {"question": q.id, "label": q.label, "place": q.locator, "rows": q.distribution.answered,
         "no_answer": sum(q.distribution.missing.values()), "asked": q.distribution.asked,
         "surplus": q.distribution.surplus}
        for q in questions
    ]
    rows = [
        [placed(row["label"], row["place"]), str(row["rows"]), str(row["no_answer"]), str(row["asked"]),
         text.signed(row["surplus"]), "adds up" if not row["surplus"] else "does not add up"]
        for row in data
    ]
    columns = [Column("Table"), Column("Answers", True), Column("No answer", True), Column("Asked", True),
               Column("Surplus", True), Column("Verdict")]
    return Table("Sums of the tables", columns, rows, about(findings.study, sums, data),
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
        remark = f"{first_up(entry.reason)}." if entry.reason else ""
        if entry.mends:
            remark += f" It would agree {text.listing(list(entry.mends), 'or')}."
        basis = package.labels("claims", "basis").get(entry.claim["basis"], entry.claim["basis"])
        places = [f"{basis} in {entry.claim['locator']}", entry.question.locator if entry.question else "no table"]
        verdict = entry.verdict.replace(" ", "-")
        rows.append([
            placed(entry.claim["statement"], *places),
            Html(f'<span class="verdict {verdict}">{MARKS[entry.verdict]} {entry.verdict}</span>'),
            printed(entry.claim), recomputed(entry) if entry.share else "–", remark,
        ])
    columns = [Column(package.field("claims", "statement")["title"]), Column("Verdict"), Column("Printed", True),
               Column("Recomputed", True), Column("Why, and what would make it agree")]
    return Table("Ledger of claims", columns, rows, about(findings.study, claims, data),
                 f"Source: {source_line(findings.study)}.")
