"""What can a survey of this size show?  Curves of the design analysis, as small multiples."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import ceil
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from surveybook.survey.design.power import Point, Power
from surveybook.survey.evidence.design_shown import label, power_of
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables, theme
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures.drawing import across, banded, both, down, words
from surveybook.survey.words import text
from surveybook.survey.words.course import course

LEFT, TOP, PLOT, BOTTOM = 40, 48, 130, 44  # px around and in a panel
EDGE = 4  # px around all panels
WITHIN = 8  # sizes of surveys up to so many times larger or smaller than the survey itself are drawn
CEILING = 0.12  # the top of the scale of false alarms

Panel = Callable[[float], "Marks"]


class Marks:
    """What is drawn in a panel, in pixels from its corner: lines of points, dots, upright bars of intervals, texts; and
    the bands in which the marks of each row of the table lie."""

    def __init__(self) -> None:
        self.lines: list[dict[str, object]] = []
        self.rules: list[dict[str, object]] = []
        self.dots: list[dict[str, object]] = []
        self.texts: list[dict[str, object]] = []
        self.bands: list[dict[str, object]] = []

    def line(self, points: Sequence[tuple[float, float]], name: str, color: str, thick: float) -> None:
        self.lines += [{"x": x, "y": y, "name": name, "color": color, "thick": thick, "order": order}
                       for order, (x, y) in enumerate(points)]

    def rule(self, start: tuple[float, float], end: tuple[float, float], color: str, thick: float = 1) -> None:
        (x, y), (x2, y2) = start, end
        self.rules.append({"x": x, "y": y, "x2": x2, "y2": y2, "color": color, "thick": thick})

    def dot(self, x: float, y: float, color: str) -> None:
        self.dots.append({"x": x, "y": y, "color": color})

    def columns(self, middles: Sequence[float], width: float) -> None:
        """A band around each of these places, which rise, up to the middle between it and the next."""
        edges = [LEFT / 2, *((x + x2) / 2 for x, x2 in pairwise(middles)), width]
        self.bands += [{"x": x, "y": TOP, "x2": x2, "y2": TOP + PLOT} for x, x2 in pairwise(edges)]

    def text(self, x: float, y: float, said: str, align: str = "left", color: str = theme.MUTED) -> None:
        self.texts.append({"x": x, "y": y, "text": said, "align": align, "color": color})


def power(findings: Findings, family: str) -> Figure:
    """How often each hypothesis of a family is found, by its true size: a panel each, a curve for each survey size."""
    found, table = power_of(findings.study), tables.power(findings, family)
    members = [name for name in found.members(family) if found.curve(name)]
    sizes = [size.respondents for size in found.stored.design.sizes
             if 1 / WITHIN <= size.respondents / found.respondents <= WITHIN]
    own = text.whole(found.respondents)
    told = "; ".join(f"{label(found, name)}: {_told(found, name)}" for name in members)
    more = (f"Curves are surveys of {text.listing([text.whole(n) for n in sizes])} respondents, from the lowest up; "
            f"intervals, of the simulation, for those of {own}. The broken line is the power asked for.")
    return Figure(
        *both(lambda wide: _panels([_power_panel(found, name, sizes) for name in members], wide)),
        f"{found.family(family).title}. Power curves of {len(members)} hypotheses, one for each size of survey.",
        f"In surveys of {own} respondents, the power by true size. {told}.", table, f"{table.note} {more}",
    )


def alarms(findings: Findings) -> Figure:
    """How often a family claims something where nothing is true, by size of survey: a panel for each family."""
    found, table = power_of(findings.study), tables.alarms(findings)
    families = list(dict.fromkeys(one.family for one in found.alarms()))
    told = "; ".join(f"{found.family(name).title}: {_alarms_told(table.about['data'], name)}" for name in families)
    return Figure(
        *both(lambda wide: _panels([_alarm_panel(table.about["data"], found, name) for name in families], wide)),
        f"False alarms. Curves of {len(families)} families over the size of the survey.",
        f"The share of surveys that claim an effect, by number of respondents. {told}.", table,
        f"{table.note} Intervals are those of the simulation. The broken line is the level of the family.",
    )


def _told(found: Power, name: str) -> str:
    """A curve in words."""
    points = found.curve(name)
    return course([f"true {found.row(name).label} of {text.decimal(one.truth.value, 2)}" for one in points],
                  [one.share("effect").value for one in points])


def _alarms_told(rows: Sequence[Mapping[str, Any]], family: str) -> str:
    """The false alarms of a family in words."""
    mine = [row for row in rows if row["family"] == family and row["verdict"] == "effect"]
    return course([text.whole(row["respondents"]) for row in mine], [row["share"] for row in mine],
                  text.tenth)


def _power_panel(found: Power, name: str, sizes: Sequence[int]) -> Panel:
    curves = {n: found.curve(name, n) for n in sizes}
    most = max(abs(point.truth.value) for point in curves[sizes[0]])

    def draw(width: float) -> Marks:
        target = found.stored.design.power
        marks = _frame(label(found, name), width, {0: "0%", target: text.percent(target), 1: "100%"}, 1)
        _broken(marks, width, target, 1)
        for part in (0, 0.5, 1):
            at = LEFT + part * (width - LEFT)
            marks.text(at, TOP + PLOT + 12, text.decimal(part * most, 2), ("left", "center", "right")[round(2 * part)])
        marks.text((LEFT + width) / 2, TOP + PLOT + 29, f"true {found.row(name).label}", "center")
        for n, points in curves.items():
            mine = n == found.respondents
            places = [
                (LEFT + abs(point.truth.value) / most * (width - LEFT), _y(point.share("effect").value, 1))
                for point in points
            ]
            marks.line(places, str(n), theme.MARK if mine else theme.MUTED, 2.5 if mine else 1)
            if mine:
                _intervals(marks, places, points)
                marks.columns([x for x, _ in places], width)
            if n in (sizes[0], found.respondents, sizes[-1]):
                x, y = _half(places)
                marks.text(x + 4, y + 8, text.whole(n), color=theme.MARK if mine else theme.MUTED)
        return marks

    return draw


def _alarm_panel(data: Sequence[dict], found: Power, family: str) -> Panel:
    mine = [row for row in data if row["family"] == family]
    sizes = list(dict.fromkeys(row["respondents"] for row in mine))
    level = found.family(family).level

    def draw(width: float) -> Marks:
        marks = _frame(found.family(family).title, width, {0: "0%", level: text.percent(level), 0.1: "10%"}, CEILING)
        _broken(marks, width, level, CEILING)
        step = (width - LEFT) / len(sizes)
        middles = [LEFT + (number + 0.5) * step for number in range(len(sizes))]
        marks.columns(middles, width)
        for word, color, aside in (("effect", theme.MARK, -4), ("opposite", theme.SECOND, 4)):
            rows = [row for row in mine if row["verdict"] == word]
            at = [middle + aside for middle in middles]
            marks.line([(x, _y(row["share"], CEILING)) for x, row in zip(at, rows, strict=True)], word, color, 1.5)
            for x, row in zip(at, rows, strict=True):
                marks.rule((x, _y(row["low"], CEILING)), (x, _y(row["high"], CEILING)), color, 2)
                marks.dot(x, _y(row["share"], CEILING), color)
        marks.text(LEFT + 4, _y(CEILING, CEILING) + 6, "effect", color=theme.MARK)
        marks.text(LEFT + 60, _y(CEILING, CEILING) + 6, "opposite", color=theme.SECOND)
        for middle, n in zip(middles, sizes, strict=True):
            marks.text(middle, TOP + PLOT + 12, text.whole(n), "center")
        marks.text((LEFT + width) / 2, TOP + PLOT + 29, "respondents", "center")
        return marks

    return draw


def _y(share: float, most: float) -> float:
    """The height of a share in a panel, cut at its top."""
    return TOP + PLOT * (1 - min(share, most) / most)


def _frame(title: str, width: float, grid: dict[float, str], most: float) -> Marks:
    """A panel with its title and lines across at some shares."""
    marks = Marks()
    lines = wrap(title, int(width / 7))[:2]
    for number, line in enumerate(lines):
        marks.text(0, 10 + number * theme.LEADING, line, color=theme.INK)
    for share, said in grid.items():
        marks.rule((LEFT, _y(share, most)), (width, _y(share, most)), theme.LINE)
        marks.text(LEFT - 6, _y(share, most), said, "right")
    return marks


def _broken(marks: Marks, width: float, share: float, most: float) -> None:
    """A broken line across at a share."""
    for x in range(LEFT, int(width) - 8, 16):
        marks.rule((x, _y(share, most)), (x + 8, _y(share, most)), theme.MUTED)


def _intervals(marks: Marks, places: Sequence[tuple[float, float]], points: Sequence[Point]) -> None:
    """Dots at the points of a curve, with their Monte Carlo intervals."""
    for (x, y), point in zip(places, points, strict=True):
        interval = point.share("effect").interval
        marks.rule((x, _y(interval.low, 1)), (x, _y(interval.high, 1)), theme.MARK, 2)
        marks.dot(x, y, theme.MARK)


def _half(places: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Where a curve crosses the middle of its panel, or before and above its end, where a number fits."""
    middle = TOP + PLOT / 2
    for (x, y), (x2, y2) in zip(places, places[1:], strict=False):
        if y >= middle > y2:
            return x + (x2 - x) * (y - middle) / (y - y2), middle
    x, y = places[-1]
    return x - 30, y - 20


def _panels(panels: Sequence[Panel], wide: bool) -> alt.LayerChart:
    """The panels side by side, as many as fit."""
    columns = 2 if wide else 1
    gap = 36
    each = ((theme.WIDE if wide else theme.NARROW) - 8 - gap * (columns - 1)) / columns
    high = TOP + PLOT + BOTTOM
    size = (columns * each + gap * (columns - 1), high * ceil(len(panels) / columns))
    drawn = [(panel(each), number % columns * (each + gap), number // columns * high)
             for number, panel in enumerate(panels)]

    def moved(kind: str) -> Iterator[dict[str, object]]:
        for number, (marks, right, below) in enumerate(drawn):
            for mark in getattr(marks, kind):
                places = {key: mark[key] + (right if key[0] == "x" else below) for key in ("x", "y", "x2", "y2")
                          if key in mark}
                yield mark | places | ({"name": f"{number} {mark['name']}"} if "name" in mark else {})

    lines, rules, dots, texts = (pd.DataFrame(list(moved(kind))) for kind in ("lines", "rules", "dots", "texts"))
    color = alt.Color("color:N", scale=None)
    thick = alt.StrokeWidth("thick:Q", scale=None)
    layers = alt.layer(
        alt.Chart(rules).mark_rule().encode(
            x=across("x", size[0]), x2="x2:Q", y=down("y", size[1]), y2="y2:Q", color=color, strokeWidth=thick),
        alt.Chart(lines).mark_line().encode(
            x=across("x", size[0]), y=down("y", size[1]), detail="name:N", order="order:Q", color=color,
            strokeWidth=thick),
        alt.Chart(dots).mark_circle(size=36, opacity=1).encode(
            x=across("x", size[0]), y=down("y", size[1]), color=color),
        *(words(texts[texts["align"] == align], size, align=align, fontSize=theme.SMALL).encode(color=color)
          for align in ("left", "center", "right")),
    ).properties(width=size[0], height=size[1], padding=EDGE)
    return banded(layers, [(one["x"], one["y"], one["x2"], one["y2"]) for one in moved("bands")], EDGE)
