"""How does a chart become a drawing?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import altair as alt
import pandas as pd

from surveybook.survey.estimates.share import known
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import theme
from surveybook.survey.show.display import Figure, Table

Area = tuple[float, float, float, float]  # left, top, right and bottom, in px


def both(draw: Callable[[bool], alt.LayerChart]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The specification of a chart for a wide and for a narrow page."""
    return specification(draw(True)), specification(draw(False))


def unless_withheld(
    draw: Callable[..., Figure], table: Callable[..., Table], *, whole: bool = False
) -> Callable[..., Figure]:
    """The function that draws a figure, for studies that withhold counts as well: without a share that may be shown
    there is one sentence instead. `whole`: only questions of which every share is known can be drawn."""

    @wraps(draw)
    def drawn(findings: Findings, *names: str) -> Figure:
        if findings.study.disclosure.minimum_cell:
            twin = table(findings, *names)
            shares: dict[object, list[bool]] = {}
            for row in twin.about["data"]:
                shares.setdefault(row.get("question"), []).append(known(row["share"]))
            if not any((all if whole else any)(one) for one in shares.values()):
                words = f"{twin.name}. Nothing is drawn, as every share is withheld."
                return Figure({}, {}, words, "", twin, twin.note)
        return draw(findings, *names)

    return drawn


def across(field: str, size: float) -> alt.X:
    """A place from left to right that is computed in pixels, in a drawing of this size."""
    return alt.X(f"{field}:Q", scale=_pixels(size), axis=None)


def down(field: str, size: float) -> alt.Y:
    """A place from top to bottom that is computed in pixels, in a drawing of this size."""
    return alt.Y(f"{field}:Q", scale=_pixels(size), axis=None)


def _pixels(size: float) -> alt.Scale:
    return alt.Scale(domain=[0, size], range=[0, size], nice=False)


def areas(frame: pd.DataFrame, size: tuple[float, float]) -> alt.Chart:
    """Rectangles from x to x2 and from y to y2, each filled with its colour: columns x, x2, y, y2 and fill."""
    return alt.Chart(frame).mark_rect().encode(
        x=across("x", size[0]), x2="x2:Q", y=down("y", size[1]), y2="y2:Q", fill=alt.Fill("fill:N", scale=None)
    )


def lines(frame: pd.DataFrame, size: tuple[float, float], **mark: object) -> alt.Chart:
    """Lines from one place to another: columns x and y, and x2 where they lie, y2 where they stand."""
    end = {name: f"{name}:Q" for name in ("x2", "y2") if name in frame}
    return alt.Chart(frame).mark_rule(**mark).encode(x=across("x", size[0]), y=down("y", size[1]), **end)


def words(frame: pd.DataFrame, size: tuple[float, float], **mark: object) -> alt.Chart:
    """Texts at their places: columns x, y and text; lines of a text are divided by line breaks."""
    return alt.Chart(frame).mark_text(
        **{"baseline": "middle", "lineBreak": "\n", "lineHeight": theme.LEADING} | mark
    ).encode(x=across("x", size[0]), y=down("y", size[1]), text="text:N")


def banded(chart: alt.LayerChart, bands: Iterable[Area], edge: float = 0) -> alt.LayerChart:
    """The chart, which says where the marks of its table lie: an area for each row, in their order, or for each of the
    first numbers of each row; areas without a size where nothing is drawn. `edge`: px around what the areas are in.

    The drawing carries this as `data-bands`, so that theme/marks.js can show the row beside its marks.
    """
    return chart.properties(usermeta={"bands": " ".join(f"{edge + place:.0f}" for band in bands for place in band)})


def rows(number: int, top: float, high: float, width: float) -> list[Area]:
    """Areas of so many rows of one height below each other, as wide as the drawing."""
    return [(0, top + row * high, width, top + (row + 1) * high) for row in range(number)]


def specification(chart: alt.LayerChart) -> dict[str, Any]:
    """A chart as plain data in Vega-Lite, in the colours and sizes of all charts."""
    return chart.to_dict() | {"config": theme.config()}
