"""How did answers change?  Dots with their intervals, a row for each wave; a line leads from wave to wave."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from surveybook.survey.data.change import SHARE, Change, changed
from surveybook.survey.estimates.share import Share, known
from surveybook.survey.evidence import waves as words
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables, theme
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures.canvas import Canvas, Chart, Scale, both
from surveybook.survey.show.figures.dots import share_ticks
from surveybook.survey.show.figures.groups import nothing, rising, short
from surveybook.survey.stats.scores import Mean
from surveybook.survey.words import text

EDGE, ROW, GAP = 2, 26, 12  # px around the drawing, of a wave, and between answers


def change(findings: Findings, question: str) -> Figure:
    """The answers to a question in each wave of the study: dots with their intervals, and the change in words.

    Of yes or no the share of yes, of a scale or a number the mean, of other questions the share of each answer. Raises
    DataError as tables.change.
    """
    made, table = changed(findings.study, question), tables.change(findings, question)
    values = [value for part in made.parts for value in part.values if value is not None and known(value.value)]
    if not values:
        return nothing(table)
    told = "; ".join(f"{row[0]}, {row[1]}: {row[3]}" + ("" if row[6] == "–" else f", change {row[5]} ({row[6]})")
                     for row in table.rows)
    highs = [value.interval.high if value.interval else value.value for value in values]
    if made.kind == SHARE:
        ticks: Sequence[float] = share_ticks(highs)[1]
        what = "shares of those who answered"
    else:
        ticks = made.scale.values if made.scale else rising(max([0.0, *highs]))
        what = "means"
    together = ", which hold for all answers of a wave together" if len(made.parts) > 1 else ""
    alt = f"{table.name}. Dot plot of {text.whole(len(made.waves.each))} waves."
    reading = f"Dots are {what} in each wave, lines their 95% intervals{together}; the dot of the last wave is filled."
    return Figure(*both(lambda wide: _drawn(made, ticks, wide)), alt, f"{told}.", table, table.note,
                  words.of_change(made), reading)


def _drawn(made: Change, ticks: Sequence[float], wide: bool) -> Chart:
    """A row for each wave, the answers below each other; the name of an answer at the left, or above its rows."""
    several = len(made.parts) > 1
    width, name, wave, right = (theme.WIDE, 190 if several else 0, 140, 20 + 7 * max(
        len(_beside(value)) for part in made.parts for value in part.values)) if wide else (theme.NARROW, 0, 20, 20)
    scale = Scale(ticks, name + wave, width - right)
    row, canvas, places, top = ROW if wide else 40, Canvas(width, EDGE, exact=True), 0, 6.0
    for part in made.parts:
        label = wrap(part.label, 26 if wide else 44) if several else []
        above = len(label) * theme.LEADING if not wide else 0
        canvas.text(0, top + (row if wide else theme.LEADING) / 2, label or "")
        top, height = top + above, max(row * len(part.values), len(label) * theme.LEADING if wide else 0)
        path = []
        for number, (own, value) in enumerate(zip(made.waves.each, part.values, strict=True)):
            head = top + (number + 0.5) * row if wide else top + number * row + theme.LEADING / 2
            y = head if wide else head + 18
            canvas.text(name, head, own.label, color=theme.MUTED, size=theme.SMALL)
            canvas.text(width, head, _beside(value), color=theme.MUTED, size=theme.SMALL, align="right")
            canvas.band(places, 0, top + number * row, width, top + (number + 1) * row)
            places += 1
            if value is None or not known(value.value):
                continue
            path.append((scale(value.value), y))
            if value.interval:
                canvas.interval(scale(value.interval.low), scale(value.interval.high), y)
            canvas.sign(scale(value.value), y, theme.MARK if own is made.waves.last else theme.PAPER)
        if len(path) > 1:
            canvas.curve(path, theme.MUTED, 1)
        top += height + GAP
    for tick in ticks:
        canvas.rule(scale(tick), 6, scale(tick), top - GAP)
    scale.mark(canvas, top, text.percent if made.kind == SHARE else short)
    return canvas.drawn(top + 14)


def _beside(value: Share | Mean | None) -> str:
    """A share or a mean beside its dot."""
    if value is None:
        return "not asked, or not so"
    return text.beside(value) if isinstance(value, Share) else \
        f"{text.decimal(value.value, 1)} · n = {text.whole(value.n)}"
