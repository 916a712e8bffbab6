"""How are lines, boxes, dots and words put at places that are known?  A sheet with the origin at its top left, in px.

Places are whole px: more is hardly seen, and would be most of the weight of a page with many drawings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import altair as alt
import pandas as pd

from surveybook.survey.show import theme
from surveybook.survey.show.figures.drawing import Area, banded
from surveybook.survey.words import text

STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)  # between the numbers of a scale
EDGE = 1  # px around a sheet, room for strokes
MARKS = 6  # numbers that a scale has at most


@dataclass
class Sheet:
    """Marks are added one by one, and drawn in a few layers: boxes below, then rules, lines, dots and words.

    `bands`: where those of each row of the table lie, by its place.
    """

    width: float
    boxes: list[dict] = field(default_factory=list)
    rules: list[dict] = field(default_factory=list)
    lines: list[dict] = field(default_factory=list)
    dots: list[dict] = field(default_factory=list)
    words: list[dict] = field(default_factory=list)
    bands: dict[int, Area] = field(default_factory=dict)

    def box(self, x: float, y: float, x2: float, y2: float, color: str) -> None:
        self.boxes.append(_at(x=x, y=y, x2=x2, y2=y2) | {"color": color})

    def rule(self, x: float, y: float, x2: float, y2: float, color: str) -> None:
        self.rules.append(_at(x=x, y=y, x2=x2, y2=y2) | {"color": color, "thick": 1})

    def line(self, x: float, y: float, x2: float, y2: float, color: str, thick: float) -> None:
        self.lines.append(_at(x=x, y=y, x2=x2, y2=y2) | {"color": color, "thick": thick})

    def dot(self, x: float, y: float, fill: str, color: str = theme.MARK, shape: str = "circle") -> None:
        self.dots.append(_at(x=x, y=y) | {"fill": fill, "color": color, "shape": shape})

    def text(
        self, x: float, y: float, words: str, *, bold: bool = False, small: bool = False, color: str = theme.INK,
        align: str = "left",
    ) -> None:
        style = (align, "bold" if bold else "normal", theme.SMALL if small else theme.TEXT)
        self.words.append(_at(x=x, y=y) | {"words": words, "color": color, "style": style})

    def band(self, row: int, top: float, bottom: float) -> None:
        """The marks of a row of the table lie between these heights."""
        self.bands[row] = (0, top, self.width, bottom)

    def drawn(self, height: float) -> alt.LayerChart:
        """The sheet as a chart of this height."""

        def place(name: str, size: float) -> dict[str, object]:
            return {"field": name, "type": "quantitative", "axis": None,
                    "scale": alt.Scale(domain=[0, size], range=[0, size], nice=False)}

        at = {"x": alt.X(**place("x", self.width)), "y": alt.Y(**place("y", height))}
        to = {"x2": "x2:Q", "y2": "y2:Q"}
        layers = []
        if self.boxes:
            layers.append(_chart(self.boxes).mark_rect().encode(**at, **to, fill=alt.Fill("color:N", scale=None)))
        if self.rules or self.lines:
            thick = alt.StrokeWidth("thick:Q", scale=None)
            layers.append(_chart(self.rules + self.lines).mark_rule().encode(
                **at, **to, stroke=alt.Stroke("color:N", scale=None), strokeWidth=thick))
        if self.dots:
            layers.append(_chart(self.dots).mark_point(size=90, opacity=1, strokeWidth=2).encode(
                **at, fill=alt.Fill("fill:N", scale=None), stroke=alt.Stroke("color:N", scale=None),
                shape=alt.Shape("shape:N", scale=None)))
        for align, weight, size in dict.fromkeys(one["style"] for one in self.words):
            words = [{key: one[key] for key in ("x", "y", "words", "color")} for one in self.words
                     if one["style"] == (align, weight, size)]
            layers.append(_chart(words).mark_text(
                align=align, baseline="middle", fontWeight=weight, fontSize=size
            ).encode(**at, text="words:N", color=alt.Color("color:N", scale=None)))
        bands = [self.bands.get(row, (0, 0, 0, 0)) for row in range(max(self.bands, default=-1) + 1)]
        return banded(alt.layer(*layers).properties(width=self.width, height=height, padding=EDGE), bands, EDGE)


class Scale:
    """Where values lie between the px `left` and `right`; it shows zero and all `values`, and ends at round numbers."""

    def __init__(self, values: Iterable[float], left: float, right: float):
        ends = [0.0, *values]
        for step in STEPS:
            first, last = math.floor(min(ends) / step + 1e-9), math.ceil(max(ends) / step - 1e-9)
            if last - first < MARKS:
                break
        self.ticks = [step * number for number in range(first, max(last, first + 1) + 1)]
        self.left, self.right = left, right

    def __call__(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.left + (value - low) / (high - low) * (self.right - self.left)

    def mark(self, sheet: Sheet, y: float) -> None:
        """Write the numbers of the scale."""
        for tick in self.ticks:
            sheet.text(self(tick), y, text.decimal(tick, 1), small=True, color=theme.MUTED, align="center")

    def grid(self, sheet: Sheet, top: float, bottom: float) -> None:
        """Draw a line for each number, a darker one for zero."""
        for tick in self.ticks:
            sheet.rule(self(tick), top, self(tick), bottom, theme.LINE if tick else theme.MUTED)


def _at(**places: float) -> dict[str, object]:
    return {name: round(place) for name, place in places.items()}


def _chart(marks: list[dict]) -> alt.Chart:
    return alt.Chart(pd.DataFrame(marks))
