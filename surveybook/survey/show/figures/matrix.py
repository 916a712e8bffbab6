"""Which option goes with which question?  Tiles with the share of each option, stronger where it is larger."""

from __future__ import annotations

from textwrap import wrap

import altair as alt
import pandas as pd

from surveybook.survey.estimates.share import known
from surveybook.survey.evidence.battery import Battery, battery
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables, theme
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures.drawing import areas, banded, both, words
from surveybook.survey.words import text

TILE, TYPE, LINE = 34, 11.5, 14.5  # px, the height of a tile, and the type and the lines of the titles above
LETTER = 6.3  # px, of that type; no letter is measured, as that differs between machines
EDGE = 2  # px around the drawing
NARROWEST = 60  # px, of a column whose title can stand upright


def options(findings: Findings, *names: str) -> Figure:
    """The options chosen in several multi-select questions, which are named, or a construct that they measure."""
    table, asked = tables.options(findings, *names), battery(findings.study, names, "multi-select")
    frame = pd.DataFrame(table.about["data"])
    told = []
    for question in asked.questions:
        first = question.distribution.ranked[0]
        if question.distribution.withheld:
            told.append(f"{asked.names[question.id]}: not told, as counts are withheld")
            continue
        told.append(f"{asked.names[question.id]}: {text.lower(asked.labels[first])}, "
                    f"{text.full(question.distribution.shares[first])}")
    return Figure(
        *both(lambda wide: _tiles(frame, asked, wide)),
        f"{asked.label}. Tiles with a row for each of {len(asked.questions)} questions and a column for each of "
        f"{len(asked.answers)} options, each with the share that chose it.",
        f"The option chosen most often, and by how many. {'; '.join(told)}.", table,
        f"{table.note} “–”: withheld." if frame["share"].isna().any() else table.note,
    )


def _tiles(frame: pd.DataFrame, asked: Battery, wide: bool) -> alt.LayerChart:
    """A row of tiles for each question, a column for each option; the base at the right, or below the name."""
    width, left, right = (theme.WIDE, 148, 54) if wide else (theme.NARROW, 92, 0)
    column = (width - left - right) / len(asked.answers)
    turned = column < NARROWEST
    titles = [wrap(asked.labels[option], 18 if turned else int(column / LETTER), break_long_words=False)
              for option in asked.answers]
    longest = max(len(line) for title in titles for line in title)
    top = (longest * LETTER if turned else max(map(len, titles)) * LINE) + 8
    bases = [f"n = {text.whole(question.distribution.answered)}" for question in asked.questions]
    names = [[*wrap(name, 18 if wide else 12), *([] if wide else [base])]
             for name, base in zip(asked.names.values(), bases, strict=True)]
    row = max(TILE, max(map(len, names)) * theme.LEADING + 6)
    size = (float(width), top + len(names) * row)
    middles = [top + (number + 0.5) * row for number in range(len(names))]
    x = left + frame["answer"].map(asked.answers.index) * column
    y = frame["question"].map(dict(zip(asked.names, middles, strict=True)))
    share = frame["share"].astype(float)
    step = (share.fillna(0) * len(theme.STEPS)).astype(int).clip(upper=len(theme.STEPS) - 1)
    tiles = pd.DataFrame({"x": x + 1, "x2": x + column - 1, "y": y - row / 2 + 1, "y2": y + row / 2 - 1,
                          "fill": step.map(lambda one: theme.STEPS[one])})
    shares = pd.DataFrame({"x": x + column / 2, "y": y,
                           "text": [text.percent(one) if known(one) else "–" for one in share],
                           "colour": step.map(lambda one: theme.ON_STEPS[one])})
    first = share == share.groupby(frame["question"]).transform("max")
    named = pd.DataFrame({"x": 0.0, "y": [y - (len(name) - 1) * theme.LEADING / 2 for name, y in zip(
        names, middles, strict=True)], "text": ["\n".join(name) for name in names]})
    beside = pd.DataFrame({"x": size[0], "y": middles, "text": bases})
    layers = alt.layer(
        areas(tiles, size).encode(stroke=alt.value(theme.LINE)),
        *(words(shares[chosen], size, align="center", fontSize=theme.SMALL, fontWeight=weight).encode(
            color=alt.Color("colour:N", scale=None)) for chosen, weight in ((first, "bold"), (~first, "normal"))),
        _titles(titles, left, column, top, size, turned),
        words(named, size, align="left", fontSize=theme.TEXT if wide else theme.SMALL),
        *([words(beside, size, align="right", fontSize=theme.SMALL, color=theme.MUTED)] if wide else []),
    ).properties(width=size[0], height=size[1], padding=EDGE)
    return banded(layers, zip(x, y - row / 2, x + column, y + row / 2, strict=True), EDGE)


def _titles(
    titles: list[list[str]], left: float, column: float, top: float, size: tuple[float, float], turned: bool
) -> alt.Chart:
    """The names of the options above their columns, turned upwards where a column is too narrow for them."""
    frame = pd.DataFrame([
        {"x": left + (number + 0.5) * column - (len(lines) - 1) * LINE / 2 * turned,
         "y": top - 8 - (0 if turned else (len(lines) - 1) * LINE), "text": "\n".join(lines)}
        for number, lines in enumerate(titles)
    ])
    mark = {"angle": 270, "align": "left"} if turned else {"align": "center", "baseline": "alphabetic"}
    return words(frame, size, fontSize=TYPE, lineHeight=LINE, color=theme.MUTED, **mark)
