"""Would another reasonable choice have changed the verdict?  A small specification curve."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

import pandas as pd

from surveybook.survey.evidence import headlines
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables, theme
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures.canvas import Canvas, Chart, Scale, both
from surveybook.survey.show.tables.hypotheses import bare
from surveybook.survey.verdicts.robustness import PLAN, Robustness
from surveybook.survey.words import text


def choices(findings: Findings, hypothesis: str) -> Figure:
    """The size of one hypothesis under every choice, sorted, with its interval; those whose p lies on the other side of
    the level than as planned are marked. Odds ratios have a scale of their own."""
    verdict, found = findings.judgements.verdict(hypothesis), findings.judgements.robustness(hypothesis)
    table, level = tables.choices(findings, hypothesis), verdict.hypothesis.family.level
    frame = _frame(found, level)
    if frame.empty:
        words = f"{verdict.hypothesis.claim} Nothing is drawn, as no choice gives a result."
        return Figure({}, {}, words, "", table, table.note)
    other = frame.loc[frame["other_side"], "choice"].tolist()
    effects = frame.loc[frame["measure"] == verdict.row.label, "effect"]
    span = f"{text.decimal(float(effects.min()), 2)} to {text.decimal(float(effects.max()), 2)}"
    differing = f" On the other side: {text.listing(other)}." if other else " No choice lies on the other side."
    name = f"{verdict.hypothesis.claim} Specification curve of {len(frame)} choices, sorted by size."
    told = f"Sizes from {span} in {verdict.row.label}.{differing}"
    reading = ("Dots are sizes, lines 95% intervals; the diamond is the planned choice, a square has its p on the "
               f"other side of {text.percent(level)}. Sizes of different measures cannot be compared.")
    return Figure(*both(lambda wide: _curve(frame, verdict.row.label, wide)), name, told, table, table.note,
                  headlines.of_choices(found.same_side, found.choices, level), reading)


def _frame(found: Robustness, level: float) -> pd.DataFrame:
    """The choices that gave a result, sorted by size, those on the logarithmic scale last. Adds `logarithmic`;
    `words`, the choice with its measure where that is not the one of its scale; and `other_side`: whether p lies on
    the other side of the level than as planned."""
    frame, planned = found.frame[found.frame["p"].notna()], found.frame.iloc[0]
    logarithmic = frame["measure"].str.startswith("log ")
    named = frame["choice"] + " (" + frame["measure"].str.replace(" ", "\u00a0") + ")"  # measures stay on one line
    return frame.assign(
        logarithmic=logarithmic, other_side=(frame["p"] < level) != (planned["p"] < level),
        words=frame["choice"].where(logarithmic | (frame["measure"] == planned["measure"]), named).map(text.first_up),
    ).sort_values(["logarithmic", "effect"], ascending=[True, False], kind="stable")


def _curve(frame: pd.DataFrame, measure: str, wide: bool) -> Chart:
    """One line for each choice, sizes with a scale of their own kind together."""
    canvas, top = Canvas(theme.WIDE if wide else theme.NARROW), 0.0
    for logarithmic, rows in frame.groupby("logarithmic", sort=False):
        ends = pd.concat([rows["effect"], rows["low"], rows["high"]]).dropna()
        scale = Scale.around(ends, *((330, 600) if wide else (14, theme.NARROW - 14)))
        title = "Log odds ratio" if logarithmic else f"{text.first_up(measure)}, unless another is named"
        canvas.text(0, top + 10, title, size=theme.SMALL, color=theme.MUTED)
        canvas.text(canvas.width, top + 10, "p", size=theme.SMALL, color=theme.MUTED, align="right")
        top += 0 if wide else 18
        scale.mark(canvas, top + 10)
        top += 24
        start = top
        for row in rows.itertuples():
            below = (_beside if wide else _above)(canvas, row, scale, top)
            canvas.band(row.Index, 0, top, canvas.width, below)
            top = below
        if wide:
            scale.grid(canvas, start, top)
        top += 6
    return canvas.drawn(top)


def _beside(canvas: Canvas, row: Any, scale: Scale, top: float) -> float:
    """A choice on a wide page: its words, its interval, its p; where it ends."""
    lines = wrap(row.words, 50)
    bottom = top + 6 + 16 * len(lines)
    _words(canvas, row, lines, top + 11)
    canvas.text(canvas.width, (top + bottom) / 2, bare(row.p), size=theme.SMALL, bold=row.other_side, align="right")
    _mark(canvas, row, (top + bottom) / 2, scale)
    return bottom


def _above(canvas: Canvas, row: Any, scale: Scale, top: float) -> float:
    """A choice on a narrow page: its words and its p above its interval; where it ends."""
    lines = wrap(row.words, 46)
    _words(canvas, row, lines, top + 9)
    canvas.text(canvas.width, top + 9, bare(row.p), size=theme.SMALL, bold=row.other_side, align="right")
    below = top + 16 * len(lines) + 2
    canvas.rule(scale(0), below, scale(0), below + 16, theme.MUTED)
    _mark(canvas, row, below + 8, scale)
    return below + 22


def _words(canvas: Canvas, row: Any, lines: list[str], top: float) -> None:
    for number, line in enumerate(lines):
        canvas.text(0, top + 16 * number, line, size=theme.SMALL, bold=row.about == PLAN)


def _mark(canvas: Canvas, row: Any, y: float, scale: Scale) -> None:
    """The interval and the size of a choice."""
    color = theme.SECOND if row.other_side else theme.MARK
    if not pd.isna(row.low):
        canvas.line(scale(row.low), y, scale(row.high), y, color, 1.5)
    shape = "diamond" if row.about == PLAN else "square" if row.other_side else "circle"
    canvas.sign(scale(row.effect), y, color, color, shape)
