"""Which option goes with which question?  Tiles with the share of each option, stronger where it is larger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap

from surveybook.survey.evidence import headlines
from surveybook.survey.evidence.battery import Battery, battery
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables, theme
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures.canvas import Canvas, Chart, both
from surveybook.survey.show.figures.denominators import drawn_of
from surveybook.survey.words import text

TILE, TYPE, LINE = 34, 11.5, 14.5  # px, the height of a tile, and the type and the lines of the titles above
LETTER = 6.3  # px, of that type; no letter is measured, as that differs between machines
EDGE = 2  # px around the drawing
NARROWEST = 60  # px, of a column whose title can stand upright
UPRIGHT = 18  # letters, in a line of a title that is turned upwards


def options(findings: Findings, *names: str) -> Figure:
    """The options chosen in several multi-select questions, which are named, or a construct that they measure."""
    table, asked = tables.options(findings, *names), battery(findings.study, names, "multi-select")
    told = []
    for question in asked.questions:
        first = question.distribution.ranked[0]
        if question.distribution.withheld:
            told.append(f"{asked.names[question.id]}: not told, as counts are withheld")
            continue
        told.append(f"{asked.names[question.id]}: {text.lower(asked.labels[first])}, "
                    f"{text.full(question.distribution.shares[first])}")
    return Figure(
        *both(lambda wide: _tiles(asked, wide)),
        f"{text.stopped(asked.label)} Tiles with a row for each of {len(asked.questions)} questions and a column for "
        f"each of {len(asked.answers)} options, each with the share that chose it.",
        f"The option chosen most often, and by how many. {'; '.join(told)}.", table,
        f"{table.note} “–”: withheld." if _any_withheld(asked) else table.note, headlines.of_options(asked),
        "Each tile is the share of its row's base that chose the option, in a stronger color where it is larger; the "
        "largest of a row is bold.",
        others=drawn_of(findings.study, asked.questions, lambda of, wide: _tiles(replace(asked, of=of), wide)),
    )


def _any_withheld(asked: Battery) -> bool:
    return any(share.withheld for question in asked.questions for share in question.distribution.shares.values())


def _tiles(asked: Battery, wide: bool) -> Chart:
    """A row of tiles for each question, a column for each option; the base at the right, or below the name."""
    width, left, right = (theme.WIDE, 148, 54) if wide else (theme.NARROW, 92, 0)
    canvas, column = Canvas(width, EDGE, exact=True), (width - left - right) / len(asked.answers)
    top = titles(canvas, [asked.labels[option] for option in asked.answers], left, column)
    bases = [f"n = {text.whole(asked.base(question))}" for question in asked.questions]
    names = [[*wrap(name, 18 if wide else 12), *([] if wide else [base])]
             for name, base in zip(asked.names.values(), bases, strict=True)]
    row = max(TILE, max(map(len, names)) * theme.LEADING + 6)
    for number, (question, name, base) in enumerate(zip(asked.questions, names, bases, strict=True)):
        y = top + (number + 0.5) * row
        shares = [replace(share, base=asked.base(question)) for share in question.distribution.shares.values()]
        most = max((share.value for share in shares if not share.withheld), default=None)
        for place, share in enumerate(shares):
            x = left + place * column
            step = 0 if share.withheld else min(int(share.value * len(theme.STEPS)), len(theme.STEPS) - 1)
            canvas.area(x + 1, y - row / 2 + 1, x + column - 1, y + row / 2 - 1, theme.STEPS[step], theme.LINE)
            canvas.text(x + column / 2, y, "–" if share.withheld else text.percent(share.value), size=theme.SMALL,
                        color=theme.ON_STEPS[step], align="center", bold=share.value == most)
            canvas.band(len(canvas.bands), x, y - row / 2, x + column, y + row / 2)
        canvas.text(0, y - (len(name) - 1) * theme.LEADING / 2, name, size=theme.TEXT if wide else theme.SMALL)
        if wide:
            canvas.text(width, y, base, size=theme.SMALL, color=theme.MUTED, align="right")
    return canvas.drawn(top + len(names) * row)


def titles(canvas: Canvas, options: Sequence[str], left: float, column: float) -> float:
    """The names of the options above their columns, turned upwards where a column is too narrow for them; how high
    they are."""
    word = max(len(word) for option in options for word in option.split())
    turned = column < min(NARROWEST, word * LETTER)
    wrapped = [_upright(option, column) if turned else wrap(option, int(column / LETTER), break_long_words=False)
               for option in options]
    longest = max(len(line) for title in wrapped for line in title)
    high = (longest * LETTER if turned else max(map(len, wrapped)) * LINE) + 8
    style = {"angle": 270, "align": "left"} if turned else {"align": "center", "baseline": "alphabetic"}
    for number, title in enumerate(wrapped):
        more = (len(title) - 1) * LINE
        x, y = left + (number + 0.5) * column, high - 8
        canvas.text(x - more / 2 if turned else x, y if turned else y - more, title, size=TYPE, color=theme.MUTED,
                    lineHeight=LINE, **style)
    return high


def _upright(option: str, column: float) -> list[str]:
    """A name in no more lines than stand side by side above its column."""
    most, longest = max(1, int(column / LINE)), max(UPRIGHT, len(option))
    return next(lines for letters in range(UPRIGHT, longest + 1) if len(lines := wrap(option, letters)) <= most)
