"""Which practices are missing, when is each needed, and by whom?  The gaps of the interviews, as tables and tiles."""

from __future__ import annotations

from itertools import cycle

import pandas as pd

from surveybook.survey.errors import DataError
from surveybook.survey.evidence.about import about, source_line
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import theme
from surveybook.survey.show.display import Column, Figure, Table
from surveybook.survey.show.figures.canvas import Canvas, Chart, both
from surveybook.survey.words import text

TILE, HEAD, GUTTER, KEY = 40, 34, 16, 22  # px: a tile, what is above a column, between columns, a color and its name


def gaps_table(findings: Findings) -> Table:
    """The gaps with their counterparts, by phase and person. One row for each gap."""
    package, data = findings.study.package, _gaps(findings)
    phases, personas = (package.labels("gaps", name) for name in ("phase", "persona"))
    rows = [[gap.missing, phases[gap.phase], personas[gap.persona], gap.counterpart] for gap in data.itertuples()]
    columns = [Column(package.field("gaps", name)["title"]) for name in ("missing", "phase", "persona", "counterpart")]
    return Table("The gaps and their counterparts", columns, rows,
                 about(findings.study, gaps_table, data), f"Source: {source_line(findings.study)}.")


def lifecycle_table(findings: Findings) -> Table:
    """The gaps in short, by phase and person. One row for each gap."""
    package, data = findings.study.package, _gaps(findings)
    phases, personas = (package.labels("gaps", name) for name in ("phase", "persona"))
    rows = [[gap.label, phases[gap.phase], personas[gap.persona]] for gap in data.itertuples()]
    columns = [Column("Gap"), *(Column(package.field("gaps", name)["title"]) for name in ("phase", "persona"))]
    return Table("Gaps along the life cycle", columns, rows, about(findings.study, lifecycle_table, data),
                 f"Source: {source_line(findings.study)}.")


def lifecycle_figure(findings: Findings) -> Figure:
    """The gaps as tiles in the order of the life cycle, coloured by who needs them."""
    table, gaps = lifecycle_table(findings), _gaps(findings)
    phases, personas = (findings.study.package.labels("gaps", name) for name in ("phase", "persona"))
    told = [f"{label}: {text.listing(list(gaps.loc[gaps['phase'] == phase, 'label']))}"
            for phase, label in phases.items()]
    by_phase = [f"{text.whole((gaps['phase'] == phase).sum())} in “{label}”" for phase, label in phases.items()]
    return Figure(
        *both(lambda wide: _tiles(gaps, phases, personas, wide)),
        f"{table.name}. Tiles of {len(gaps)} practices in {len(phases)} phases, colored by who needs them.",
        f"{'. '.join(told)}.", table, table.note,
        f"{text.whole(len(gaps))} practices were missing, {text.listing(by_phase)}.",
    )


def _gaps(findings: Findings) -> pd.DataFrame:
    """The gaps, each with its `label` in short. Raises DataError for a study that has none."""
    package = findings.study.package
    if "gaps" not in package.tables:
        raise DataError(f"the study “{findings.study.id}” has no gaps; add gaps.csv, or take the table out")
    return package.tables["gaps"].reset_index(drop=True).assign(
        label=lambda frame: frame["gap"].map(package.labels("gaps", "gap")))


def _tiles(gaps: pd.DataFrame, phases: dict[str, str], personas: dict[str, str], wide: bool) -> Chart:
    """A column of tiles for each phase, on a narrow page one below the other; the colors of the persons at the end."""
    canvas, top, bottom = Canvas(theme.WIDE if wide else theme.NARROW, exact=True), 0.0, 0.0
    width = (canvas.width - GUTTER * (len(phases) - 1)) / len(phases) if wide else canvas.width
    fills = dict(zip(personas, cycle(((theme.FILL, theme.MARK), (theme.FILL_SECOND, theme.SECOND)))))
    tile, heading = {"cornerRadius": 4, "strokeWidth": 1}, {"bold": True, "size": theme.SMALL, "color": theme.MUTED}
    for number, (phase, label) in enumerate(phases.items()):
        left, top = (number * (width + GUTTER), 0.0) if wide else (0.0, top)
        canvas.text(left, top + HEAD - 12, label, **heading)
        for order, gap in enumerate(gaps[gaps["phase"] == phase].itertuples()):
            y = top + HEAD + order * (TILE + 6)
            bottom = max(bottom, y + TILE)
            canvas.area(left, y, left + width, y + TILE, *fills[gap.persona], **tile)
            canvas.text(left + 14, y + TILE / 2, gap.label)
            canvas.band(gap.Index, left, y, left + width, y + TILE)
        top = bottom + GUTTER
    bottom += GUTTER
    for persona, label in personas.items():
        canvas.area(0, bottom + 5, 12, bottom + 17, *fills[persona], **tile)
        canvas.text(20, bottom + 11, label, **heading)
        bottom += KEY
    return canvas.drawn(bottom)
