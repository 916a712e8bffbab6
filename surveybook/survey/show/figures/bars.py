"""How are numbers distributed?  Bars from zero, one for each band of a count."""

from __future__ import annotations

from textwrap import wrap

import altair as alt
import pandas as pd

from surveybook.survey.errors import DataError
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables, theme
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures.drawing import areas, banded, both, lines, words
from surveybook.survey.words import text
from surveybook.survey.words.course import course

EDGE = 2  # px around the drawing
MOST = 12  # bands that can stand side by side on a phone
PLOT = 190  # px, the height of the longest bar or interval


def bars(findings: Findings, question: str) -> Figure:
    """How many respondents have each number: bars for the shares of the bands of a count, lines for their intervals.

    Raises DataError for a question that is no count, and for one with too many bands.
    """
    asked = findings.study.question(question)
    if asked.kind != "count":
        raise DataError(f"“{question}” is a question of the kind {asked.kind}, and bars are for counts; "
                        "show it with figures.shares")
    if len(asked.answers) > MOST:
        raise DataError(f"“{question}” has {len(asked.answers)} bands, and bars are for up to {MOST}; "
                        "declare wider ones under “bands” in the descriptor")
    table = tables.shares(findings, question)
    frame = pd.DataFrame(table.about["data"])
    shares = asked.distribution.shares
    along = course([asked.labels[band] for band in shares], [share.value for share in shares.values()])
    each = "; ".join(f"{asked.labels[band]}: {text.full(share)}" for band, share in shares.items())
    return Figure(
        *both(lambda wide: _bars(frame, wide)), f"{asked.label}. Bars of {len(frame)} bands.",
        f"From the lowest band to the highest, the share {along}. {each}." if along else f"{each}.", table, table.note,
    )


def _bars(frame: pd.DataFrame, wide: bool) -> alt.LayerChart:
    """A column for each band; its share above it, the numbers of the band below the line."""
    width = theme.WIDE if wide else theme.NARROW
    column = min(width / len(frame), 84)
    width, gap = column * len(frame), max(2.0, column * 0.12)
    labels = [wrap(label, max(2, int(column / 7))) for label in frame["label"]]
    top, unit = 24.0, PLOT / frame["high"].max()
    zero = top + PLOT
    height = zero + 8 + max(map(len, labels)) * theme.LEADING
    heights = frame[["share", "low", "high"]].astype(float).fillna(0.0)  # nothing is drawn where a share is withheld
    left = [number * column for number in range(len(frame))]
    rectangles = pd.DataFrame({
        "x": [x + gap for x in left], "x2": [x + column - gap for x in left], "y": zero - heights["share"] * unit,
        "y2": zero, "fill": theme.BAR,
    })
    intervals = pd.DataFrame({"x": [x + column / 2 for x in left], "y": zero - heights["high"] * unit,
                          "y2": zero - heights["low"] * unit})
    above = intervals.assign(y=intervals["y"] - 12, text=[text.percent(share) for share in frame["share"]])
    below = intervals.assign(y=zero + 6 + theme.LEADING / 2, text=["\n".join(label) for label in labels])
    size = (width, height)
    layers = alt.layer(
        areas(rectangles, size),
        lines(intervals, size, color=theme.INK, strokeWidth=2, strokeCap="round"),
        lines(pd.DataFrame([{"x": 0.0, "x2": width, "y": zero}]), size, color=theme.MUTED),
        words(above, size, align="center", fontSize=theme.SMALL),
        words(below, size, align="center", fontSize=theme.SMALL, color=theme.MUTED),
    ).properties(width=width, height=height, padding=EDGE)
    return banded(layers, [(x, 0, x + column, height) for x in left], EDGE)
