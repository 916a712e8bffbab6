"""Where along the life cycle is something closed?  A tile for each gap, with a sign and a word for its verdict."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.gaps_today import tables
from analysis.gaps_today.declaration import CANNOT_TELL, CLOSED, OPEN, PARTLY, Judgement
from analysis.gaps_today.findings import Today
from surveybook.survey.show import theme
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures.canvas import Canvas, Chart, both
from surveybook.survey.words import text

TILE, HEAD, GUTTER, SIGN = 52, 34, 16, 20  # px: a tile, what is above a column, between columns, from an edge to a sign
# Each verdict has a shape, a fill and an outline of its own, so that none depends on color
SHAPES = {
    CLOSED: ("circle", theme.MARK, theme.MARK), PARTLY: ("diamond", theme.BAR, theme.MARK),
    OPEN: ("circle", theme.FILL_SECOND, theme.SECOND), CANNOT_TELL: ("cross", theme.MIDDLE, theme.MIDDLE),
}


def judged(today: Today) -> Figure:
    """The gaps as tiles in the order of the life cycle, each with its verdict."""
    judgement, table = today.judgement, tables.verdicts(today)
    told = [f"{label}: " + ", ".join(f"{text.lower(gap.label)} {gap.verdict}" for gap in judgement.during(phase))
            for phase, label in judgement.phases.items()]
    return Figure(
        *both(lambda wide: _tiles(judgement, wide)),
        f"{table.name}. Tiles of {len(judgement.gaps)} gaps in {len(judgement.phases)} phases, each with a sign and a "
        "word for its verdict.",
        f"{'. '.join(told)}.", table, table.note, _counted([gap.verdict for gap in judgement.gaps]),
    )


def _counted(verdicts: Sequence[str]) -> str:
    """How many gaps have each verdict, as we judge."""
    words = {CLOSED: "closed", PARTLY: "closed in part", OPEN: "open"}
    parts = [f"{verdicts.count(verdict) or 'none'} {'is' if verdicts.count(verdict) <= 1 else 'are'} {said}"
             for verdict, said in words.items() if verdict in verdicts or verdict == CLOSED]
    unclear = f"; of {verdicts.count(CANNOT_TELL)} we cannot tell" if CANNOT_TELL in verdicts else ""
    return f"We judge that of {len(verdicts)} gaps {text.listing(parts)}{unclear}."


def _tiles(judgement: Judgement, wide: bool) -> Chart:
    """A column of tiles for each phase, on a narrow page one below the other."""
    phases = judgement.phases
    canvas, top, bottom, row = Canvas(theme.WIDE if wide else theme.NARROW, exact=True), 0.0, 0.0, 0
    width = (canvas.width - GUTTER * (len(phases) - 1)) / len(phases) if wide else canvas.width
    for number, (phase, label) in enumerate(phases.items()):
        left, top = (number * (width + GUTTER), 0.0) if wide else (0.0, top)
        canvas.text(left, top + HEAD - 12, label, bold=True, size=theme.SMALL, color=theme.MUTED)
        for order, gap in enumerate(judgement.during(phase)):
            y = top + HEAD + order * (TILE + 6)
            bottom = max(bottom, y + TILE)
            shape, fill, color = SHAPES[gap.verdict]
            canvas.area(left, y, left + width, y + TILE, theme.STEPS[0], theme.LINE, cornerRadius=4, strokeWidth=1)
            canvas.sign(left + SIGN, y + TILE / 2, fill, color, shape)
            canvas.text(left + 2 * SIGN, y + TILE / 2 - 9, gap.label)
            canvas.text(left + 2 * SIGN, y + TILE / 2 + 10, text.first_up(gap.verdict), size=theme.SMALL, bold=True)
            canvas.band(row, left, y, left + width, y + TILE)
            row += 1
        top = bottom + GUTTER
    return canvas.drawn(bottom)
