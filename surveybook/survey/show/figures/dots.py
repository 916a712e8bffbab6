"""How large are the shares?  Parts of a bar or squares where those show it best, else dots with intervals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from textwrap import wrap

import altair as alt

from surveybook.survey.estimates.distribution import NOT_APPLICABLE
from surveybook.survey.estimates.sensitivity import readings as readings_of
from surveybook.survey.estimates.share import Share
from surveybook.survey.evidence import headlines
from surveybook.survey.evidence.battery import battery
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables, theme
from surveybook.survey.show.display import Figure, Table
from surveybook.survey.show.figures import parts
from surveybook.survey.show.figures.canvas import Chart, both, declared
from surveybook.survey.show.figures.denominators import drawn_of
from surveybook.survey.show.tables.answers import listed
from surveybook.survey.words import text

Labelled = list[tuple[str, Share]]  # shares with the words beside them; two may have the same


def shares(findings: Findings, question: str) -> Figure:
    """How many gave each answer to a question.

    Answers of which each gives one are parts of one bar where they are few or have an order; of a small group each is
    a square. All others are dots, with lines for their intervals.
    """
    asked, table = findings.study.question(question), tables.shares(findings, question)
    distribution, labels = asked.distribution, asked.labels
    each = [(labels[item], share) for item, share in listed(asked).items()]
    told = "; ".join(f"{label}: {text.full(share)}" for label, share in each)
    about = {"told": f"{told}.", "table": table, "note": table.note, "finding": headlines.of_question(asked)}
    few, ordered = distribution.answered <= parts.FEW, asked.kind == "ordered"
    one = f"Each square is one {asked.respondent}."
    number = _number(len(each), "answer")
    if distribution.one_each and not distribution.withheld and not findings.study.sampling:
        if len(each) <= (len(parts.SCALE) if ordered else parts.IN_ONE):
            silent = [(labels[code], count) for code, count in distribution.missing.items()
                      if count and code != NOT_APPLICABLE]
            reading = f"{one} {'Empty ones gave no answer.' if silent else ''}".strip() if few else \
                "The parts of the bar are those who answered; their intervals stand in the table."
            return Figure(*both(lambda wide: parts.bar(each, silent, asked.kind, wide)),
                          f"{text.stopped(asked.label)} One bar, divided among {number}.", **about, reading=reading)
        if few:
            return Figure(*both(lambda wide: parts.rows(each, wide)),
                          f"{text.stopped(asked.label)} Rows of squares, one for each of {number}.", **about,
                          reading=f"{one} Intervals stand in the table.")
    order = "along their scale" if ordered else "sorted by share"
    others = drawn_of(findings.study, [asked], lambda of, wide: dots(
        [(label, of.share(share, question)) for label, share in each], wide))
    return Figure(*both(lambda wide: dots(each, wide)),
                  f"{text.stopped(asked.label)} Dot plot of {number}, {order}.", **about,
                  reading=reading_of(each, "" if others else "those who answered"), others=others)


def yes(findings: Findings, *names: str) -> Figure:
    """How many said yes to each of several yes/no questions, which are named, or a construct that they measure."""
    table, asked = tables.yes(findings, *names), battery(findings.study, names, "yes-no")
    ranked = asked.ranked(asked.shares(["yes"]))
    each = [(asked.names[question.id], share) for question, share in ranked]
    name = f"{table.name}. Dot plot of {_number(len(each), 'question')}, sorted by how many said yes."
    others = drawn_of(findings.study, asked.questions, lambda of, wide: dots(
        [(asked.names[question.id], of.share(share, question.id)) for question, share in ranked], wide))
    reading = reading_of(each, "" if others else "those who could say yes or no")
    return replace(_figure(each, name, table, headlines.of_yes(asked), reading), others=others)


def readings(findings: Findings, question: str, item: str) -> Figure:
    """The share of one answer under each reasonable reading of the counts."""
    asked, table = findings.study.question(question), tables.readings(findings, question, item)
    found = readings_of(asked.distribution, item)
    each = [(text.first_up(one.words), one.share) for one in found]
    finding = headlines.of_readings(asked.labels[item], asked.label, [share for _, share in each])
    name = f"{asked.label}: {text.lower(asked.labels[item])}. Dot plot of {_number(len(each), 'reading')}."
    return _figure(each, name, table, finding, reading_of(each, "those that a reading counts"))


def reading_of(each: Labelled, whom: str) -> str:
    """How the marks of a dot plot are read; of whom the shares are says the choice above it, where there is one."""
    (_, first), *_ = each
    together = ", which hold for all of them together" if first.among > 1 else ""
    shares = f"shares of {whom}" if whom else "shares"
    shares = f"weighted {shares}" if first.is_weighted else shares
    return f"Dots are {shares}, lines their {text.percent(first.level)} intervals{together}."


def _figure(each: Labelled, name: str, table: Table, finding: str, reading: str) -> Figure:
    """Dots of these shares, and the same in words."""
    told = "; ".join(f"{label}: {text.full(share)}" for label, share in each)
    return Figure(*both(lambda wide: dots(each, wide)), name, f"{told}.", table, table.note, finding, reading)


def _number(count: int, what: str) -> str:
    """“one answer”, “3 answers”."""
    return f"one {what}" if count == 1 else f"{text.whole(count)} {what}s"


def share_ticks(ends: Iterable[float]) -> tuple[float, list[float]]:
    """The end of the scale of shares, which is that of all or of the largest interval, and the numbers on it."""
    most = max(ends, default=1.0)
    end = next(end for end in (0.2, 0.4, 0.6, 1.0) if most <= end or end == 1)
    return end, [end * part / 4 for part in range(5)]


def dots(shares: Labelled, wide: bool) -> Chart:
    """Dots with intervals on a scale from none on; labels at the left, or above the line on a narrow page."""
    words = [text.beside(share) for _, share in shares]
    beside = max(56, 14 + 8 * max(map(len, words)))  # pixels for the words, whatever the font; “100%” has wide letters
    left, right, letters = (292, beside, 36) if wide else (0, 0, 26)
    inset = 0 if wide else 20  # so that dots and percentages at the ends of the scale stay inside
    width = theme.WIDE if wide else theme.NARROW
    plot = width - left - right - 2 * inset
    names = [wrap(label, letters) for label, _ in shares]
    most = max(map(len, names))
    height = max(34, 8 + most * theme.LEADING) if wide else 34 + most * theme.LEADING
    rows = [
        {"row": row, "name": "\n".join(name), "lines": len(name), "words": beside}
        | ({} if share.withheld else {"share": share.value, "low": share.interval.low, "high": share.interval.high})
        for row, (name, beside, (_, share)) in enumerate(zip(names, words, shares, strict=True))
    ]
    most_share, ticks = share_ticks(share.interval.high for _, share in shares if not share.withheld)
    axis = alt.Axis(format=".0%", values=ticks, labelAlign="center")
    drop = 0 if wide else height / 2 - 16
    end = plot + 14 if wide else plot + inset
    base = alt.Chart().encode(y=alt.Y("row:O", axis=None))
    layers = [
        base.mark_rule(strokeWidth=3, color=theme.MARK, opacity=0.7, strokeCap="round", yOffset=drop)
        .encode(x=alt.X("low:Q"), x2=alt.X2("high")),
        base.mark_circle(size=110, color=theme.MARK, opacity=1, yOffset=drop)
        .encode(x=alt.X("share:Q", scale=alt.Scale(domain=[0, most_share]), axis=axis)),
        base.mark_text(align="left" if wide else "right", baseline="middle", dy=0 if wide else drop - 20,
                       color=theme.MUTED)
        .encode(text=alt.Text("words:N"), x=alt.XValue(end)),
    ]
    layers += [  # one layer for labels of one line, of two, ...: each needs another shift to stay centred on its row
        base.transform_filter(f"datum.lines === {lines}")
        .mark_text(align="left", baseline="middle", lineBreak="\n", lineHeight=theme.LEADING,
                   dy=-(lines - 1) * theme.LEADING / 2 if wide else drop - 20 - (lines - 1) * theme.LEADING)
        .encode(text=alt.Text("name:N"), x=alt.XValue(-left - inset))
        for lines in range(1, most + 1)
    ]
    top = 4
    bands = {row: (0, top + row * height, width, top + (row + 1) * height) for row in range(len(rows))}
    padding = {"left": left + inset, "right": right + inset, "top": top, "bottom": 28}
    return declared(layers, rows, plot, height * len(rows), padding, bands)
