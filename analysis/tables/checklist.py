"""Which practices are missing, and when are they needed?"""

from __future__ import annotations

from ..about import about, source_line
from ..display import Column, Html, Table
from ..errors import DataError
from ..findings import Findings


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
