"""How are areas, rules, curves, dots and words put at places that are known?  On a canvas, its origin at the top left.

All is measured in px. What a canvas becomes is plain data in Vega-Lite, with scales that leave each place where it is.
Charts that have a scale of their own are declared in Altair instead (`declared`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import altair as alt

from surveybook.survey.show import theme
from surveybook.survey.words import text

Chart = dict[str, Any]  # a specification in Vega-Lite
Area = tuple[float, float, float, float]  # left, top, right and bottom

STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)  # between the numbers of a scale
MOST = 6  # numbers that a scale has at most
# The kinds of marks from the bottom up, and what each is in Vega-Lite
KINDS = {"area": "rect", "rule": "rule", "line": "rule", "curve": "line", "dot": "circle", "sign": "point",
         "text": "text"}
# What a mark says of itself besides its place, and how that is seen
SEEN = {"fill": "fill", "color": "stroke", "thick": "strokeWidth", "shape": "shape", "words": "text"}


def both(draw: Callable[[bool], Chart]) -> tuple[Chart, Chart]:
    """A chart for a wide and for a narrow page."""
    return draw(True), draw(False)


@dataclass
class Canvas:
    """Marks are added one by one, and drawn in a few layers, of each kind and style one: areas below, words on top.

    `edge`: room around the canvas for strokes. `exact`: whether places are more than whole px, which would be most of
    the weight of a page with many drawings. `corner`: from where on marks are placed. `bands`: where the marks of each
    row of the table lie, by its place.
    """

    width: float
    edge: float = 1
    exact: bool = False
    corner: tuple[float, float] = (0, 0)
    layers: dict[tuple[str, tuple], list[dict[str, Any]]] = field(default_factory=dict)
    bands: dict[int, Area] = field(default_factory=dict)
    curves: int = 0

    def area(self, x: float, y: float, x2: float, y2: float, fill: str, color: str = "", **style: Any) -> None:
        """A rectangle, with an outline if that has a color."""
        said = {"fill": fill, "color": color} if color else {"fill": fill}
        self._add("area", {"x": x, "y": y, "x2": x2, "y2": y2}, said, style)

    def rule(self, x: float, y: float, x2: float, y2: float, color: str = theme.LINE) -> None:
        """A thin line that others are seen against."""
        self._add("rule", {"x": x, "y": y, "x2": x2, "y2": y2}, {"color": color, "thick": 1}, {})

    def line(self, x: float, y: float, x2: float, y2: float, color: str, thick: float, **style: Any) -> None:
        self._add("line", {"x": x, "y": y, "x2": x2, "y2": y2}, {"color": color, "thick": thick}, style)

    def interval(self, x: float, x2: float, y: float) -> None:
        """An interval behind its dot."""
        self.line(x, y, x2, y, theme.MARK, 3, opacity=0.7, strokeCap="round")

    def broken(self, x: float, x2: float, y: float) -> None:
        """A thin broken line."""
        for start in range(int(x), int(x2) - 8, 16):
            self.rule(start, y, start + 8, y, theme.MUTED)

    def curve(self, points: Iterable[tuple[float, float]], color: str, thick: float) -> None:
        """A line through all the points."""
        self.curves += 1
        for order, (x, y) in enumerate(points):
            said = {"color": color, "thick": thick, "name": self.curves, "order": order}
            self._add("curve", {"x": x, "y": y}, said, {})

    def dot(self, x: float, y: float, fill: str) -> None:
        """A small dot."""
        self._add("dot", {"x": x, "y": y}, {"fill": fill}, {"size": 36, "opacity": 1})

    def sign(self, x: float, y: float, fill: str, color: str = theme.MARK, shape: str = "circle") -> None:
        """A large dot or another shape, with an outline."""
        self._add("sign", {"x": x, "y": y}, {"fill": fill, "color": color, "shape": shape},
                  {"size": 90, "opacity": 1, "strokeWidth": 2})

    def text(
        self, x: float, y: float, words: str | Sequence[str], *, size: float = theme.TEXT, bold: bool = False,
        color: str = theme.INK, align: str = "left", **style: Any,
    ) -> None:
        """Words, or lines of words, of which the first one is at this place."""
        words = words if isinstance(words, str) else "\n".join(words)
        own = {"align": align, "baseline": "middle", "fontSize": size, "lineBreak": "\n", "lineHeight": theme.LEADING}
        weight = {"fontWeight": "bold"} if bold else {}
        self._add("text", {"x": x, "y": y}, {"words": words, "fill": color}, own | weight | style)

    def band(self, row: int, left: float, top: float, right: float, bottom: float) -> None:
        """The marks of a row of the table lie in this area."""
        (x, y), edge = self.corner, self.edge
        self.bands[row] = (edge + x + left, edge + y + top, edge + x + right, edge + y + bottom)

    def rows(self, top: float, high: float, number: int) -> None:
        """The marks of so many rows of the table lie below each other, as wide as the canvas."""
        for row in range(number):
            self.band(row, 0, top + row * high, self.width, top + (row + 1) * high)

    def columns(self, middles: Sequence[float], left: float, right: float, top: float, bottom: float) -> None:
        """The marks of the next rows of the table lie around these places, up to halfway between two of them."""
        edges = [left, *((x + x2) / 2 for x, x2 in pairwise(middles)), right]
        for x, x2 in pairwise(edges):
            self.band(len(self.bands), x, top, x2, bottom)

    def drawn(self, height: float) -> Chart:
        """The canvas as a chart of this height."""
        sizes = {"x": self.width, "y": height}
        layers = sorted(self.layers.items(), key=lambda layer: list(KINDS).index(layer[0][0]))
        return chart([_layer(kind, dict(style), marks, sizes) for (kind, style), marks in layers],
                     self.width, height, self.edge, self.bands)

    def _add(self, kind: str, place: dict[str, float], said: dict[str, Any], style: dict[str, Any]) -> None:
        moved = {name: at + self.corner["y" in name] for name, at in place.items()}
        moved = moved if self.exact else {name: round(at) for name, at in moved.items()}
        self.layers.setdefault((kind, tuple(style.items())), []).append(moved | said)


def declared(
    layers: Sequence[alt.Chart], rows: Sequence[Mapping[str, Any]], width: float, height: float,
    padding: float | dict[str, float], bands: dict[int, Area] | None = None,
) -> Chart:
    """Layers declared in Altair over the same rows, as a chart (see `chart`).

    Their channels are best given by class, `alt.X("low:Q")`: to find the class of a text takes longer than the rest.
    """
    # that each chart is as the schema has it is tested, and would take longer than all else here
    found = alt.layer(*layers, data=alt.Data(values=list(rows))).to_dict(validate=False)
    return {"data": found["data"]} | chart(found["layer"], width, height, padding, bands)


def chart(
    layers: list[Chart], width: float, height: float, padding: float | dict[str, float],
    bands: dict[int, Area] | None = None,
) -> Chart:
    """Layers as a chart, which says where the marks of its table lie: an area for each row, in their order, or for each
    of the first numbers of each row; areas without a size where nothing is drawn.

    The drawing carries this as `data-bands`, so that theme/marks.js can show the row beside its marks.
    """
    bands = bands or {}
    found = [bands.get(row, (0, 0, 0, 0)) for row in range(max(bands, default=-1) + 1)]
    meta = {"usermeta": {"bands": " ".join(f"{place:.0f}" for band in found for place in band)}} if found else {}
    return {"layer": layers, "width": width, "height": height, "padding": padding, "config": theme.config(), **meta}


def _layer(kind: str, style: dict[str, Any], marks: list[dict[str, Any]], sizes: dict[str, float]) -> Chart:
    """Marks of one kind and style."""
    encoding: dict[str, Any] = {
        name: {"field": name, "type": "quantitative", "axis": None,
               "scale": {"domain": [0, size], "range": [0, size], "nice": False}} for name, size in sizes.items()
    }
    encoding |= {name: {"field": name} for name in ("x2", "y2") if name in marks[0]}
    for name, seen in SEEN.items():
        if name in marks[0]:
            kinds = "quantitative" if name == "thick" else "nominal"
            encoding[seen] = {"field": name, "type": kinds} | ({"scale": None} if seen != "text" else {})
    if kind == "curve":
        encoding["detail"] = {"field": "name", "type": "nominal"}
        encoding["order"] = {"field": "order", "type": "quantitative"}
    return {"data": {"values": marks}, "mark": {"type": KINDS[kind], **style}, "encoding": encoding}


@dataclass(frozen=True)
class Scale:
    """Where values lie between the px `left` and `right`, the ends of a scale with these numbers; none lies outside."""

    ticks: Sequence[float]
    left: float
    right: float

    @classmethod
    def around(cls, values: Iterable[float], left: float, right: float) -> Scale:
        """A scale that shows zero and all `values`, and ends at round numbers."""
        ends = [0.0, *values]
        for step in STEPS:
            first, last = math.floor(min(ends) / step + 1e-9), math.ceil(max(ends) / step - 1e-9)
            if last - first < MOST:
                break
        return cls([step * number for number in range(first, max(last, first + 1) + 1)], left, right)

    def __call__(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return self.left + min(max((value - low) / (high - low), 0), 1) * (self.right - self.left)

    def mark(self, canvas: Canvas, y: float, write: Callable[[float], str] | None = None) -> None:
        """Write the numbers of the scale, with one place if nothing else is said."""
        for tick in self.ticks:
            words = write(tick) if write else text.decimal(tick, 1)
            canvas.text(self(tick), y, words, size=theme.SMALL, color=theme.MUTED, align="center")

    def grid(self, canvas: Canvas, top: float, bottom: float) -> None:
        """Draw a line for each number, a darker one for zero."""
        for tick in self.ticks:
            canvas.rule(self(tick), top, self(tick), bottom, theme.LINE if tick else theme.MUTED)
