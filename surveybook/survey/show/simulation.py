"""How does a chart look whose values no person gave?  Hollow dots and hatched areas, in the colour of simulation.

What is drawn is changed in its specification, so that no function that draws a figure needs to know of it. Areas keep
the colours that tell answers apart; lines across them make them different from areas of answers that people gave.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from surveybook.survey.show import theme

Chart = dict[str, Any]
Mark = dict[str, Any]

SIMULATED = {theme.MARK: theme.SIMULATED, theme.BAR: theme.SIMULATED}  # colour of what people answered -> of what not
DOTS = ("circle", "point")
HATCHED = {theme.SIMULATED, theme.MIDDLE, *theme.LOW, *theme.HIGH, *theme.STEPS}  # areas that stand for values
EDGE = 2  # px from the left side up to which words are names
NUMBER = re.compile(r"(p [=<>] )?[−+]?\d")
EVERY, AROUND = 5, 9  # px from one line of a hatch to the next, and left free above and below words


def hollow(chart: Chart) -> Chart:
    """The chart with marks that are hollow or hatched, and numbers in the colour of simulation."""
    layers: list[Chart] = []
    words = [mark for layer in chart["layer"] if layer["mark"]["type"] == "text" for mark in _marks(layer)]
    for layer in map(_recoloured, chart["layer"]):
        kind = layer["mark"]["type"]
        layers.append(_outlined(layer) if kind in DOTS else _numbered(layer) if kind == "text" else layer)
        if kind == "rect" and (lines := list(_hatch([one for one in _marks(layer) if one["fill"] in HATCHED], words))):
            layers.append(_ruled(layer, lines))
    return {**chart, "layer": layers}


def _marks(layer: Chart) -> list[Mark]:
    """The marks that a layer holds itself, each at its place in px; none where all layers share their rows."""
    return layer.get("data", {}).get("values", [])


def _recoloured(part: Any) -> Any:
    """A part of a chart with the colour of simulation instead of that of answers."""
    if isinstance(part, dict):
        return {name: _recoloured(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_recoloured(value) for value in part]
    return SIMULATED.get(part, part) if isinstance(part, str) else part


def _outlined(layer: Chart) -> Chart:
    """Dots and other signs with an outline of what was their colour, and nothing in it."""
    mark, encoding = dict(layer["mark"]), dict(layer["encoding"])
    if fill := encoding.pop("fill", None):
        encoding.setdefault("stroke", fill)
    stroke = {"stroke": mark.pop("color")} if "color" in mark else {}
    outline = {"type": "point", "filled": True, "fill": theme.PAPER, "strokeWidth": 2}
    return {**layer, "mark": {**mark, **outline, **stroke}, "encoding": encoding}


def _numbered(layer: Chart) -> Chart:
    """Words of which those that are numbers have the colour of simulation; where rows are shared, those beside dots."""
    if not _marks(layer):
        muted = layer["mark"].get("color") == theme.MUTED
        return {**layer, "mark": {**layer["mark"], "color": theme.SIMULATED}} if muted else layer
    named = layer["mark"].get("align") == "left"  # what stands at the left edge is called so, as “20 to 39 years”
    values = [{**mark, "fill": theme.SIMULATED} if mark["fill"] == theme.INK and NUMBER.match(mark["words"])
              and not (named and mark["x"] <= EDGE) else mark for mark in _marks(layer)]
    return {**layer, "data": {"values": values}}


def _hatch(areas: list[Mark], words: list[Mark]) -> Iterator[Mark]:
    """Lines across areas, along the longest of all their sides, and none behind words."""
    wide, high = (max((abs(one[f"{side}2"] - one[side]) for one in areas), default=0) for side in "xy")
    upright = high > wide
    for one in areas:
        (x, x2), (y, y2) = sorted((one["x"], one["x2"])), sorted((one["y"], one["y2"]))
        within = sorted(word["y"] for word in words if x <= word["x"] <= x2 and y <= word["y"] <= y2)
        for place in range(EVERY, round(x2 - x if upright else y2 - y), EVERY):
            if upright:
                ends = [y, *(end for word in within for end in (word - AROUND, word + AROUND)), y2]
                lines = [{"x": x + place, "x2": x + place, "y": top, "y2": bottom}
                         for top, bottom in zip(ends[::2], ends[1::2], strict=True) if top < bottom]
            else:
                clear = all(abs(y + place - word) >= AROUND for word in within)
                lines = [{"x": x, "x2": x2, "y": y + place, "y2": y + place}] if clear else []
            for line in lines:
                yield {**line, "color": theme.PAPER, "thick": 1.5}


def _ruled(layer: Chart, lines: list[Mark]) -> Chart:
    """A layer of lines on the canvas of another layer."""
    places = {name: layer["encoding"][name] for name in ("x", "y", "x2", "y2")}
    seen = {"stroke": {"field": "color", "type": "nominal", "scale": None},
            "strokeWidth": {"field": "thick", "type": "quantitative", "scale": None}}
    return {"data": {"values": lines}, "mark": {"type": "rule"}, "encoding": places | seen}
