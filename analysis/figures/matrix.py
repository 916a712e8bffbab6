"""Which option goes with which question?  Tiles with the share of each option, stronger where it is larger."""

from __future__ import annotations

from textwrap import wrap

import altair as alt
import pandas as pd

from .. import tables, text, theme
from ..battery import Battery, battery
from ..display import Figure
from ..findings import Findings
from .drawing import across, both, down, words

TILE, TYPE = 34, 11.5  # px, the height of a tile, and the type of the titles above
LETTER = 6.3  # px, of that type; no letter is measured, as that differs between machines
NARROWEST = 60  # px, of a column whose title can stand upright


def options(findings: Findings, *names: str) -> Figure:
    """The options chosen in several multi-select questions, which are named, or a construct that they measure."""
    table, asked = tables.options(findings, *names), battery(findings.study, names, "multi-select")
    frame = pd.DataFrame(table.about["data"])
    told = []
    for question in asked.questions:
        first = question.distribution.ranked[0]
        told.append(f"{asked.names[question.id]}: {text.lower(asked.labels[first])}, "
                    f"{text.full(question.distribution.shares[first])}")
    return Figure(
        *both(lambda wide: _tiles(frame, asked, wide)),
        f"{asked.label}. Tiles of {len(asked.questions)} questions by {len(asked.answers)} options, each with the "
        f"share that chose it. The option chosen most often in each: {'; '.join(told)}.", table, table.note,
    )


def _tiles(frame: pd.DataFrame, asked: Battery, wide: bool) -> alt.LayerChart:
    """A row of tiles for each question, a column for each option; the base at the right."""
    width, left, right = (theme.WIDE, 148, 54) if wide else (theme.NARROW, 92, 0)
    column = (width - left - right) / len(asked.answers)
    turned = column < NARROWEST
    letters = 18 if turned else int(column / LETTER)
    titles = [wrap(asked.labels[option], letters, break_long_words=False) for option in asked.answers]
    longest = max(len(line) for title in titles for line in title)
    top = (longest * LETTER if turned else max(map(len, titles)) * (TYPE + 3)) + 8
    names = {name: wrap(short, 18 if wide else 12) for name, short in asked.names.items()}
    lines = 1 + max(map(len, names.values())) - wide  # on a narrow page the base stands below the name
    row = max(TILE, lines * theme.LEADING + 6)
    size = (float(width), top + len(names) * row)
    middle = {name: top + (number + 0.5) * row for number, name in enumerate(names)}
    place = frame["answer"].map(asked.answers.index)
    x = left + place * column
    step = (frame["share"] * len(theme.STEPS)).astype(int).clip(upper=len(theme.STEPS) - 1)
    tiles = pd.DataFrame({
        "x": x + 1, "x2": x + column - 1, "y": frame["question"].map(middle) - row / 2 + 1,
        "y2": frame["question"].map(middle) + row / 2 - 1, "fill": step.map(lambda one: theme.STEPS[one]),
        "colour": step.map(lambda one: theme.ON_STEPS[one]),
    })
    shares = pd.DataFrame({"x": x + column / 2, "y": frame["question"].map(middle), "colour": tiles["colour"],
                           "text": frame["share"].map(text.percent),
                           "first": frame["share"] == frame.groupby("question")["share"].transform("max")})
    bases = [f"n = {text.whole(question.distribution.answered)}" for question in asked.questions]
    if not wide:
        names = {name: [*own, base] for (name, own), base in zip(names.items(), bases, strict=True)}
    named = pd.DataFrame([{"x": 0.0, "y": middle[name] - (len(own) - 1) * theme.LEADING / 2, "text": "\n".join(own)}
                          for name, own in names.items()])
    return alt.layer(
        alt.Chart(tiles).mark_rect(stroke=theme.LINE, strokeWidth=1).encode(
            x=across("x", size[0]), x2="x2:Q", y=down("y", size[1]), y2="y2:Q", fill=alt.Fill("fill:N", scale=None)),
        *(words(own, size, align="center", fontSize=theme.SMALL, fontWeight=weight).encode(
            color=alt.Color("colour:N", scale=None))
          for own, weight in ((shares[shares["first"]], "bold"), (shares[~shares["first"]], "normal"))),
        _titles(titles, left, column, top, size, turned),
        words(named, size, align="left", fontSize=theme.TEXT if wide else theme.SMALL),
        *([words(pd.DataFrame({"x": size[0], "y": list(middle.values()), "text": bases}), size, align="right",
                 fontSize=theme.SMALL, color=theme.MUTED)] if wide else []),
    ).properties(width=size[0], height=size[1], padding=2)


def _titles(
    titles: list[list[str]], left: float, column: float, top: float, size: tuple[float, float], turned: bool
) -> alt.Chart:
    """The names of the options above their columns, turned upwards where a column is too narrow for them."""
    frame = pd.DataFrame([
        {"x": left + (number + 0.5) * column - (len(lines) - 1) * (TYPE + 3) / 2 * turned,
         "y": top - 8 - (0 if turned else (len(lines) - 1) * (TYPE + 3)), "text": "\n".join(lines)}
        for number, lines in enumerate(titles)
    ])
    mark = {"angle": 270, "align": "left"} if turned else {"align": "center", "baseline": "alphabetic"}
    return words(frame, size, fontSize=TYPE, lineHeight=TYPE + 3, color=theme.MUTED, **mark)
