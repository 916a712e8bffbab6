"""How large are the shares?  Dots for shares, lines for their intervals."""

from __future__ import annotations

from textwrap import wrap

import altair as alt
import pandas as pd

from surveybook.survey.data.study import Question
from surveybook.survey.estimates.sensitivity import readings as readings_of
from surveybook.survey.estimates.share import known
from surveybook.survey.evidence.battery import battery
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables, theme
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures.drawing import banded, both, rows
from surveybook.survey.words import text
from surveybook.survey.words.course import course


def shares(findings: Findings, question: str) -> Figure:
    """How many gave each answer to a question: dots for shares, lines for their intervals."""
    asked, table = findings.study.question(question), tables.shares(findings, question)
    distribution, labels = asked.distribution, asked.labels
    frame = _dots_frame(table.about["data"])
    pattern = "" if distribution.withheld else f"Most often {_alike(asked, 0)}; least often {_alike(asked, -1)}. "
    if asked.kind == "ordered":
        shares = distribution.shares
        along = course([labels[item] for item in shares], [share.value for share in shares.values()])
        pattern = f"Along the scale, the share {along}. " if along else ""
    each = "; ".join(f"{labels[item]}: {text.full(share)}" for item, share in distribution.shares.items())
    name = f"{asked.label}. Dot plot of {_number(len(frame), 'answer')}."
    return Figure(*both(lambda wide: _dots(frame, wide)), name, f"{pattern}{each}.", table, table.note)


def yes(findings: Findings, *names: str) -> Figure:
    """How many said yes to each of several yes/no questions, which are named, or a construct that they measure."""
    table, asked = tables.yes(findings, *names), battery(findings.study, names, "yes-no")
    ranked = asked.ranked(asked.shares(["yes"]))
    each = "; ".join(f"{asked.names[question.id]}: {text.full(share)}" for question, share in ranked)
    name = f"{table.name}. Dot plot of {_number(len(ranked), 'question')}, sorted by how many said yes."
    frame = _dots_frame(table.about["data"])
    return Figure(*both(lambda wide: _dots(frame, wide)), name, f"From most to least: {each}.", table, table.note)


def readings(findings: Findings, question: str, item: str) -> Figure:
    """The share of one answer under each reasonable reading of the counts."""
    asked, table = findings.study.question(question), tables.readings(findings, question, item)
    frame = _dots_frame(table.about["data"])
    found = {text.first_up(one.words): one.share for one in readings_of(asked.distribution, item)}
    each = "; ".join(f"{words}: {text.full(share)}" for words, share in found.items())
    values = [share.value for share in found.values()]
    span = f"From {text.percent(min(values))} to {text.percent(max(values))}, by reading. "
    pattern = span if all(map(known, values)) else ""
    name = f"{asked.label}: {text.lower(asked.labels[item])}. Dot plot of {_number(len(frame), 'reading')}."
    return Figure(*both(lambda wide: _dots(frame, wide)), name, f"{pattern}{each}.", table, table.note)


def _alike(asked: Question, place: int) -> str:
    """The answer at this place of the ranking, with all that were given as often."""
    shares, labels = asked.distribution.shares, asked.labels
    count = shares[asked.distribution.ranked[place]].count
    return text.listing([labels[item] for item, share in shares.items() if share.count == count])


def _number(count: int, what: str) -> str:
    """“one answer”, “3 answers”."""
    return f"one {what}" if count == 1 else f"{text.whole(count)} {what}s"


def _dots_frame(data: list[dict[str, object]]) -> pd.DataFrame:
    """One row for each dot: label, share, low, high, and the words beside it."""
    frame = pd.DataFrame(data)[["label", "share", "low", "high"]].astype(dict.fromkeys(("share", "low", "high"), float))
    return frame.assign(words=[
        f"{text.whole(row['count'])} of {text.whole(row['base'])} · {text.percent(row['share'])}"
        if known(row["share"]) else text.whole(row["count"]) for row in data
    ])


def _dots(frame: pd.DataFrame, wide: bool) -> alt.LayerChart:
    """Dots with intervals on a scale from none to all; labels at the left, or above the line on a narrow page."""
    beside = 14 + 8 * int(frame["words"].map(len).max())  # pixels for the words, whatever the font
    left, right, letters = (292, beside, 36) if wide else (0, 0, 26)
    inset = 0 if wide else 20  # so that dots and percentages at the ends of the scale stay inside
    plot = (theme.WIDE if wide else theme.NARROW) - left - right - 2 * inset
    wrapped = frame["label"].map(lambda label: wrap(label, letters))
    frame = frame.assign(row=range(len(frame)), name=wrapped.map("\n".join), lines=wrapped.map(len))
    most = int(frame["lines"].max())
    height = max(34, 8 + most * theme.LEADING) if wide else 34 + most * theme.LEADING
    base = alt.Chart(frame).encode(y=alt.Y("row:O", axis=None))
    axis = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1], labelAlign="center")
    drop = 0 if wide else height / 2 - 16
    intervals = base.mark_rule(strokeWidth=3, color=theme.MARK, opacity=0.7, strokeCap="round", yOffset=drop)
    dots = base.mark_circle(size=110, color=theme.MARK, opacity=1, yOffset=drop)
    words = base.mark_text(
        align="left" if wide else "right", baseline="middle", dy=0 if wide else drop - 20, color=theme.MUTED
    )
    names = [  # one layer for labels of one line, of two, ...: each needs another shift to stay centred on its row
        base.transform_filter(alt.datum.lines == lines)
        .mark_text(
            align="left", baseline="middle", lineBreak="\n", lineHeight=theme.LEADING,
            dy=-(lines - 1) * theme.LEADING / 2 if wide else drop - 20 - (lines - 1) * theme.LEADING,
        )
        .encode(text="name:N", x=alt.value(-left - inset))
        for lines in range(1, most + 1)
    ]
    top = 4
    layers = alt.layer(
        intervals.encode(x="low:Q", x2="high:Q"),
        dots.encode(x=alt.X("share:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)),
        words.encode(text="words:N", x=alt.value(plot + (14 if wide else inset))),
        *names,
    ).properties(
        width=plot, height=height * len(frame),
        padding={"left": left + inset, "right": right + inset, "top": top, "bottom": 28},
    )
    return banded(layers, rows(len(frame), top, height, theme.WIDE if wide else theme.NARROW))
