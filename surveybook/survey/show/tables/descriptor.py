"""What do the data mean, and which files hold them?"""

from __future__ import annotations

from surveybook.survey.data.codebook import Question
from surveybook.survey.data.publication import WHY
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.about import about, ended, source_line, wording
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show.display import LOOKED_UP, Column, Table
from surveybook.survey.show.tables.cells import placed
from surveybook.survey.words import text

NOT_PUBLISHED = "not published"  # said of a file in the place of its hash


def codebook(findings: Findings) -> Table:
    """What each question means, who was asked and how an answer is counted. One row for each question."""
    questions = findings.study.asked.values()
    data = [
        {"question": q.id, "label": q.label, "description": q.description, "wording": q.wording, "kind": q.kind,
         "asked": q.asked, "unit": q.unit, "answers": ", ".join(q.distribution.counts),
         "missing": ", ".join(q.missing), "place": q.locator}
        for q in questions
    ]
    rows = [
        [placed(q.label, q.id, q.locator),
         f"{ended(wording(q))} Asked: {q.asked}." + (f" Measures: {q.construct} ({q.origin})." if q.construct else ""),
         "; ".join(q.labels[item] for item in q.distribution.counts),
         "; ".join(f"{q.labels[item]}: {reason}" for item, reason in q.missing.items()) or "none"]
        for q in questions
    ]
    columns = [Column("Question"), Column("What was asked, and of whom"), Column("Answers"), Column("Missing")]
    return Table("Codebook", columns, rows, about(findings.study, codebook, data) | {"kind": "codebook"},
                 folded=len(rows) > LOOKED_UP)


def constructs(findings: Findings) -> Table:
    """What the questions of a survey measure. One row for each construct and what it tells about.

    Raises DataError for a study whose questions name no construct.
    """
    study = findings.study
    found: dict[tuple[str, str], list[Question]] = {}
    for question in study.asked.values():
        if question.construct:
            found.setdefault((question.construct, question.unit), []).append(question)
    if not found:
        raise DataError(f"the questions of “{study.id}” name no construct; take the table out")
    data = [
        {"construct": construct, "unit": unit, "questions": ", ".join(q.id for q in own if not q.counting),
         "counted": ", ".join(q.id for q in own if q.counting)}
        for (construct, unit), own in found.items()
    ]
    rows = [
        [text.first_up(construct), f"the {unit}", "; ".join(q.label for q in own if not q.counting),
         "; ".join(text.lower(q.label) for q in own if q.counting) or "–"]
        for (construct, unit), own in found.items()
    ]
    columns = [Column("Construct"), Column("Tells about"), Column("Questions"), Column("Counted from them")]
    return Table("Constructs", columns, rows, about(study, constructs, data),
                 f"Source: {source_line(study)}.")


def fields(findings: Findings) -> Table:
    """The columns of every file of the study. One row for each column."""
    resources = findings.study.package.resources
    data = [
        {"file": resource["path"], "column": field["name"], "type": field["type"], "description": field["description"]}
        for resource in resources.values() for field in resource["schema"]["fields"]
    ]
    rows = [[row["column"], row["file"], row["type"], row["description"]] for row in data]
    columns = [Column("Column"), Column("File"), Column("Type"), Column("Meaning")]
    return Table("Columns of the files", columns, rows, about(findings.study, fields, data),
                 folded=len(rows) > LOOKED_UP)


def files(findings: Findings) -> Table:
    """The files of the study, with size and hash. One row for each file; of one that is not given away, only that, and
    of one that is by the author's choice, why."""
    study, package = findings.study, findings.study.package
    data = [
        {"file": r["path"], "title": f"{r['title']}, published because {r[WHY]}" if WHY in r else r["title"]}
        | ({"rows": len(package.tables[name]), "bytes": r["bytes"], "hash": r["hash"]} if name in study.given_away else
           {"rows": "", "bytes": "", "hash": NOT_PUBLISHED})
        for name, r in package.resources.items()
    ]
    rows = [[row["file"], row["title"], str(row["rows"]), str(row["bytes"]), row["hash"].removeprefix("sha256:")]
            for row in data]
    columns = [Column("File"), Column("Content"), Column("Rows", True), Column("Bytes", True), Column("SHA-256")]
    return Table("Files", columns, rows, about(findings.study, files, data) | {"kind": "files"})
