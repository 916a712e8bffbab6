"""How is a chart drawn?  As an SVG, where its specification in Vega-Lite stands in the page as rendered.

The survey says what is drawn, and nothing is drawn while pages are rendered: to start the chart engine takes as long as
thirty drawings, so that all of them are made here, in one process, and kept by all that they depend on.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import vl_convert

from surveybook.errors import Refusal
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import ancestors, element, label_of
from surveybook.store import Store

CHART = "script.report-drawing"
SVG = "http://www.w3.org/2000/svg"
VERSION = f"vl-convert {vl_convert.__version__} {hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}"
PLACES = {"d", "height", "transform", "width", "x", "x1", "x2", "y", "y1", "y2"}
LONG = re.compile(r"-?\d+\.\d{3,}(e-?\d+)?")  # a number with more places than a drawing needs
APART = (190, 60)  # px between the labels behind a drawing, across and down
ROWS = ("datasets", "values")  # what a chart shows, whose columns may have any name

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
        root = ElementTree.fromstring(vl_convert.vegalite_to_svg(chart))
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
    marks stand in rows, between the rows, which hide nothing there.
    """
    said, padding, (wide, high) = chart["usermeta"], chart["padding"], (chart["width"], chart["height"])
    left, top = (padding["left"], padding["top"]) if isinstance(padding, dict) else (padding, padding)
    columns = max(1, round(wide / APART[0]))
    style = {"text-anchor": "middle", "dominant-baseline": "middle", **said.get("behind", {})}
    behind = ElementTree.Element(f"{{{SVG}}}g", style)
    for line, y in enumerate(_lines(said.get("bands", ""), top, high)):
        for column in range(columns):
            x = left + (column + (0.5, 0.4, 0.6)[line % 3]) * wide / columns
            words = ElementTree.SubElement(behind, f"{{{SVG}}}text", {"x": f"{x:.0f}", "y": f"{y:.0f}"})
            words.text = said["label"]
    root.insert(0, behind)


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
