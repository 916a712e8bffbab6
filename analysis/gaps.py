"""Which practices are missing, when is each needed, and by whom?  The gaps of the interviews, as tables and tiles."""

from __future__ import annotations

import altair as alt
import pandas as pd

from surveybook.survey.errors import DataError
from surveybook.survey.evidence.about import about, source_line
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import theme
from surveybook.survey.show.display import Column, Figure, Html, Table
from surveybook.survey.show.figures.drawing import across, banded, both, down
from surveybook.survey.words import text

EDGE = 1  # px around the drawing, room for the strokes


def gaps_table(findings: Findings) -> Table:
    """The gaps as a checklist, by phase and person. One row for each gap."""
    package = findings.study.package
    if "gaps" not in package.tables:
        raise DataError(f"the study “{findings.study.id}” has no gaps; add gaps.csv, or take the table out")
    short, phases, personas = (package.labels("gaps", name) for name in ("gap", "phase", "persona"))
    data = package.tables["gaps"].assign(label=lambda frame: frame["gap"].map(short))
    rows = [
        [gap.missing, phases[gap.phase], personas[gap.persona], gap.counterpart,
         Html(f'<input type="checkbox" aria-label="In place: {short[gap.gap]}">')]
        for gap in data.itertuples()
    ]
    columns = [Column(package.field("gaps", name)["title"]) for name in ("missing", "phase", "persona", "counterpart")]
    return Table("Checklist of the gaps", [*columns, Column("In place")], rows,
                 about(findings.study, gaps_table, data), f"Source: {source_line(findings.study)}.")


def lifecycle_table(findings: Findings) -> Table:
    """The gaps in short, by phase and person. One row for each gap."""
    package, full = findings.study.package, gaps_table(findings)
    phases, personas = (package.labels("gaps", name) for name in ("phase", "persona"))
    rows = [[gap["label"], phases[gap["phase"]], personas[gap["persona"]]] for gap in full.about["data"]]
    columns = [Column("Gap"), *(Column(package.field("gaps", name)["title"]) for name in ("phase", "persona"))]
    facts = about(findings.study, lifecycle_table, pd.DataFrame(full.about["data"]))
    return Table("Gaps along the life cycle", columns, rows, facts, full.note)


def lifecycle_figure(findings: Findings) -> Figure:
    """The gaps as tiles in the order of the life cycle, coloured by who needs them."""
    table, study = lifecycle_table(findings), findings.study
    frame = pd.DataFrame(table.about["data"])
    phases, personas = study.package.labels("gaps", "phase"), study.package.labels("gaps", "persona")
    told = [
        f"{label}: {text.listing([row.label for row in frame[frame['phase'] == phase].itertuples()])}"
        for phase, label in phases.items()
    ]
    return Figure(
        *both(lambda wide: _tiles(frame, phases, personas, wide)),
        f"{table.name}. Tiles of {len(frame)} practices in {len(phases)} phases, colored by who needs them.",
        f"{'. '.join(told)}.", table, table.note,
    )


def _tiles(frame: pd.DataFrame, phases: dict[str, str], personas: dict[str, str], wide: bool) -> alt.LayerChart:
    """A column of tiles for each phase; on a narrow page one below the other."""
    gutter, tile, head = 16, 40, 34
    total = theme.WIDE if wide else theme.NARROW
    width = (total - gutter * (len(phases) - 1)) / len(phases) if wide else total
    placed, heads, top = [], [], 0.0
    for number, (phase, label) in enumerate(phases.items()):
        left = number * (width + gutter) if wide else 0.0
        if wide:
            top = 0.0
        heads.append({"x": left, "y": top + head - 12, "label": label})
        for order, row in enumerate(frame[frame["phase"] == phase].itertuples()):
            y = top + head + order * (tile + 6)
            placed.append({"gap": row.Index, "x": left, "x2": left + width, "y": y, "y2": y + tile, "label": row.label,
                           "persona": row.persona, "middle": y + tile / 2, "text": left + 14})
        top = placed[-1]["y2"] + gutter
    height = max(p["y2"] for p in placed) + gutter + 22 * len(personas)
    heads += [{"x": 20.0, "y": height - 22 * number - 11, "label": label}
              for number, label in enumerate(reversed(personas.values()))]
    keys = [{"x": 0.0, "x2": 12.0, "y": height - 22 * number - 17, "y2": height - 22 * number - 5, "persona": persona}
            for number, persona in enumerate(reversed(personas))]

    fills = alt.Scale(domain=list(personas), range=[theme.FILL, theme.FILL_SECOND])
    strokes = alt.Scale(domain=list(personas), range=[theme.MARK, theme.SECOND])
    tiles = alt.Chart(pd.DataFrame(placed + keys)).mark_rect(cornerRadius=4, strokeWidth=1).encode(
        x=across("x", total), x2="x2:Q", y=down("y", height), y2="y2:Q",
        fill=alt.Fill("persona:N", scale=fills, legend=None),
        stroke=alt.Stroke("persona:N", scale=strokes, legend=None),
    )
    names = alt.Chart(pd.DataFrame(placed)).mark_text(align="left", baseline="middle").encode(
        x=across("text", total), y=down("middle", height), text="label:N"
    )
    titles = alt.Chart(pd.DataFrame(heads)).mark_text(
        align="left", baseline="middle", fontWeight="bold", color=theme.MUTED, fontSize=theme.SMALL
    ).encode(x=across("x", total), y=down("y", height), text="label:N")
    layers = alt.layer(tiles, names, titles).properties(width=total, height=height, padding=EDGE)
    return banded(layers, [(one["x"], one["y"], one["x2"], one["y2"])
                           for one in sorted(placed, key=lambda one: one["gap"])], EDGE)
