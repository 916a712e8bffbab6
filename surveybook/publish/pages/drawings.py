"""How is a chart drawn?  As an SVG, where its specification in Vega-Lite stands in the page as rendered.

The survey says what is drawn, and nothing is drawn while pages are rendered: to start the chart engine takes as long as
thirty drawings, so that all of them are made here, in one process, and kept by all that they depend on.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from surveybook.errors import Refusal
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.engine import VERSION as ENGINE
from surveybook.publish.site.engine import open_engine
from surveybook.publish.site.page import ancestors, element, label_of
from surveybook.store import Store

CHART = "script.report-drawing"
SVG = "http://www.w3.org/2000/svg"
VERSION = f"{ENGINE} {hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}"
PLACES = {"d", "height", "transform", "width", "x", "x1", "x2", "y", "y1", "y2"}
LONG = re.compile(r"-?\d+\.\d{3,}(e-?\d+)?")  # a number with more places than a drawing needs
APART = (190, 60)  # px between the labels behind a drawing, across and down
# How far one may move to lie behind no words, the nearest first; further where a line would have none
MOVES, FURTHER = (sorted(product(range(-60, 61, 12), range(-down, down + 1, 4)),
                         key=lambda move: (abs(move[0]) + 2 * abs(move[1]), move)) for down in (12, 32))
FARTHEST = 88  # px from a line to the next, if one between them is left out
LETTER, LINE = 0.6, 0.6  # of the size of type: the width of a letter, at most, and half the height of a line
SHIFT = re.compile(r"translate\((-?[\d.]+),\s*(-?[\d.]+)\)")
ROWS = ("datasets", "values")  # what a chart shows, whose columns may have any name

Place = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right and bottom

ElementTree.register_namespace("", SVG)


@step(adds=[Trait.DRAWINGS])
def draw_charts(edition: Edition) -> None:
    """Put the drawing of each chart where its specification stands. Raises Refusal for one that cannot be drawn."""
    drawings = Store(edition.root, "drawings", VERSION)
    for page in edition.pages.values():
        for chart in page.tree.css(CHART):
            written = chart.text()
            try:
                svg = drawings.get(written, lambda written=written: draw(written).encode())
            except ValueError as error:
                label = next(filter(None, map(label_of, ancestors(chart))), "one without a label")
                raise Refusal(f"{page.name}: the chart {label} cannot be drawn ({error}); mend its specification "
                              "in the function that made it") from None
            chart.replace_with(element(svg.decode()))
    drawings.forget_the_rest()


def draw(written: str) -> str:
    """The drawing of a specification in JSON: an SVG with one name instead of a name for every mark, the label behind.

    `description` is its name; `usermeta` says its `class` and its `label`, and as `bands` where the marks of each row
    of its table lie, for theme/marks.js. Raises ValueError, in a few words, for what cannot be drawn.
    """
    chart = json.loads(written)
    if any("url" in part for part in _parts(chart)):
        raise ValueError("it asks for a file by its “url”, and a chart holds all that it shows")
    try:
        root = ElementTree.fromstring(open_engine().vegalite_to_svg(chart))
    except (ValueError, ElementTree.ParseError) as error:
        said = str(error).split("\n")
        raise ValueError(said[min(1, len(said) - 1)].strip()) from None
    said = chart["usermeta"]
    if said["label"]:
        _write_behind(root, chart)
    for part in root.iter():
        for name in [n for n in part.attrib if n.startswith("aria-") or n in ("role", "class", "pointer-events")]:
            del part.attrib[name]
        for name in PLACES & part.attrib.keys():  # a hundredth of a pixel is as near as anybody can see
            part.attrib[name] = LONG.sub(lambda number: f"{float(number[0]):.2f}", part.attrib[name])
    bands = {"data-bands": said["bands"]} if "bands" in said else {}
    root.attrib = {**bands, **root.attrib, "class": said["class"], "role": "img", "aria-label": chart["description"]}
    return ElementTree.tostring(root, encoding="unicode")


def _write_behind(root: ElementTree.Element, chart: dict[str, Any]) -> None:
    """Write the label of a chart behind its marks again and again, so that whatever is cut out of it says so too.

    It stands in lines at most APART[1] px below each other, at most APART[0] px apart, shifted from line to line; where
    marks stand in rows, between the rows, which hide nothing there. One that would lie behind words moves a little, or
    is left out where there are words all around, unless lines would then be too far from each other.
    """
    said, padding, (wide, high) = chart["usermeta"], chart["padding"], (chart["width"], chart["height"])
    left, top = (padding["left"], padding["top"]) if isinstance(padding, dict) else (padding, padding)
    columns = max(1, round(wide / APART[0]))
    style = {"text-anchor": "middle", "dominant-baseline": "middle", **said.get("behind", {})}
    size = float(style.get("font-size", "12.5px").removesuffix("px"))
    half, taken = (len(said["label"]) * size * LETTER / 2, size * LINE), list(_words(root))
    behind = ElementTree.Element(f"{{{SVG}}}g", style)
    lines, last = _lines(said.get("bands", ""), top, high), top
    nexts = [*lines[1:], top + high]
    for line, y in enumerate(lines):
        places = [(left + (column + (0.5, 0.4, 0.6)[line % 3]) * wide / columns, y) for column in range(columns)]
        within, free = (left, top, left + wide, top + high), list[Place]()
        for place, moves in [*((place, MOVES) for place in places), *((place, FURTHER) for place in places)]:
            found = _free(place, moves, half, taken, within) if moves is MOVES or not free else None
            if found:
                free.append(found)
                taken.append(_around(*found, *half))
        alone = line == len(lines) - 1 and not len(behind)
        missed = places[:1] if alone or nexts[line] - last > FARTHEST else []  # else the lines around are near enough
        for x, at in free or missed:
            last = at
            words = ElementTree.SubElement(behind, f"{{{SVG}}}text", {"x": f"{x:.0f}", "y": f"{at:.0f}"})
            words.text = said["label"]
    root.insert(0, behind)


def _free(place: Place, moves: list[tuple[int, int]], half: Place, taken: list[Box], within: Box) -> Place | None:
    """Where a label of this half width and height lies behind no words, as near to a place as can be."""
    for x, y in ((place[0] + across, place[1] + down) for across, down in moves):
        box = left, _, right, _ = _around(x, y, *half)
        inside = left >= within[0] and right <= within[2] and within[1] <= y <= within[3]
        if inside and not any(_cross(box, other) for other in taken):
            return x, y
    return None


def _cross(one: Box, other: Box) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]


def _around(x: float, y: float, wide: float, high: float) -> Box:
    return x - wide, y - high, x + wide, y + high


def _words(part: ElementTree.Element, x: float = 0, y: float = 0) -> Iterator[Box]:
    """The boxes that the words of a drawing may fill. No letter is measured, as that differs between machines."""
    moved = part.get("transform", "")
    x, y = (start + sum(float(shift[axis]) for shift in SHIFT.findall(moved)) for axis, start in enumerate((x, y)))
    if part.tag != f"{{{SVG}}}text":
        for inner in part:
            yield from _words(inner, x, y)
        return
    size = float(part.get("font-size", "12.5px").removesuffix("px"))
    lines = [line.text or "" for line in part] or [part.text or ""]
    more = sum(float(line.get("dy", 0)) for line in part)
    long = max(map(len, lines)) * size * LETTER
    start = {"middle": -long / 2, "end": -long}.get(part.get("text-anchor", ""), 0)
    if "rotate" in moved:  # upwards
        yield x - size, y - start - long, x + more + size / 2, y - start
    else:
        yield x + start, y - size, x + start + long, y + more + size / 4


def _lines(bands: str, top: float, high: float) -> list[float]:
    """Where lines of labels stand: between the rows of marks, and as many more as it takes to be near each other."""
    places = list(map(float, bands.split()))
    rows = sorted({*places[1::4], *places[3::4]})
    ends = [place for place in rows if top < place < top + high] if len(rows) > 2 else []
    number = max(1, round(high / APART[1]))
    if len(ends) < max(number - 1, 1):
        return [top + (line + 0.5) * high / number for line in range(number)]
    kept = ends[:1]
    for place in ends[1:]:
        if place - kept[-1] >= APART[1] / 2:
            kept.append(place)
    return kept


def _parts(chart: Any) -> Iterator[dict[str, Any]]:
    """All parts of a specification but the rows."""
    if isinstance(chart, dict):
        yield chart
        for name, part in chart.items():
            if name not in ROWS:
                yield from _parts(part)
    elif isinstance(chart, list):
        for part in chart:
            yield from _parts(part)
