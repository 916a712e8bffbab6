"""How large are the shares?  Dots for shares, lines for their intervals."""

from __future__ import annotations

from textwrap import wrap

from surveybook.survey.data.study import Question
from surveybook.survey.estimates.sensitivity import readings as readings_of
from surveybook.survey.estimates.share import Share, known
from surveybook.survey.evidence.battery import battery
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables, theme
from surveybook.survey.show.display import Figure, Table
from surveybook.survey.show.figures.canvas import Chart, both, chart
from surveybook.survey.words import text
from surveybook.survey.words.course import course

Labelled = list[tuple[str, Share]]  # shares with the words beside them; two may have the same


def shares(findings: Findings, question: str) -> Figure:
    """How many gave each answer to a question: dots for shares, lines for their intervals."""
    asked, table = findings.study.question(question), tables.shares(findings, question)
    distribution, labels = asked.distribution, asked.labels
    each = [(labels[item], share) for item, share in distribution.shares.items()]
    pattern = "" if distribution.withheld else f"Most often {_alike(asked, 0)}; least often {_alike(asked, -1)}. "
    if asked.kind == "ordered":
        along = course([label for label, _ in each], [share.value for _, share in each])
        pattern = f"Along the scale, the share {along}. " if along else ""
    name = f"{asked.label}. Dot plot of {_number(len(each), 'answer')}."
    return _figure(each, name, pattern, table)


def yes(findings: Findings, *names: str) -> Figure:
    """How many said yes to each of several yes/no questions, which are named, or a construct that they measure."""
    table, asked = tables.yes(findings, *names), battery(findings.study, names, "yes-no")
    each = [(asked.names[question.id], share) for question, share in asked.ranked(asked.shares(["yes"]))]
    name = f"{table.name}. Dot plot of {_number(len(each), 'question')}, sorted by how many said yes."
    return _figure(each, name, "From most to least: ", table)


def readings(findings: Findings, question: str, item: str) -> Figure:
    """The share of one answer under each reasonable reading of the counts."""
    asked, table = findings.study.question(question), tables.readings(findings, question, item)
    each = [(text.first_up(one.words), one.share) for one in readings_of(asked.distribution, item)]
    values = [share.value for _, share in each]
    span = f"From {text.percent(min(values))} to {text.percent(max(values))}, by reading. "
    pattern = span if all(map(known, values)) else ""
    name = f"{asked.label}: {text.lower(asked.labels[item])}. Dot plot of {_number(len(each), 'reading')}."
    return _figure(each, name, pattern, table)


def _figure(each: Labelled, name: str, pattern: str, table: Table) -> Figure:
    """Dots of these shares, and the same in words, after what they have in common."""
    told = "; ".join(f"{label}: {text.full(share)}" for label, share in each)
    return Figure(*both(lambda wide: _dots(each, wide)), name, f"{pattern}{told}.", table, table.note)


def _alike(asked: Question, place: int) -> str:
    """The answer at this place of the ranking, with all that were given as often."""
    shares, labels = asked.distribution.shares, asked.labels
    count = shares[asked.distribution.ranked[place]].count
    return text.listing([labels[item] for item, share in shares.items() if share.count == count])


def _number(count: int, what: str) -> str:
    """“one answer”, “3 answers”."""
    return f"one {what}" if count == 1 else f"{text.whole(count)} {what}s"


def _words(share: Share) -> str:
    """“22 of 25 · 88%”, beside a dot."""
    if share.withheld:
        return text.whole(share.count)
    return f"{text.whole(share.count)} of {text.whole(share.base)} · {text.percent(share.value)}"


def _dots(shares: Labelled, wide: bool) -> Chart:
    """Dots with intervals on a scale from none to all; labels at the left, or above the line on a narrow page."""
    words = [_words(share) for _, share in shares]
    beside = 14 + 8 * max(map(len, words))  # pixels for the words, whatever the font
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
    axis = {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1], "labelAlign": "center"}
    drop = 0 if wide else height / 2 - 16
    end = plot + 14 if wide else plot + inset
    line = {"y": {"field": "row", "type": "ordinal", "axis": None}}
    layers: list[Chart] = [
        {"mark": {"type": "rule", "strokeWidth": 3, "color": theme.MARK, "opacity": 0.7, "strokeCap": "round",
                  "yOffset": drop},
         "encoding": line | {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}}},
        {"mark": {"type": "circle", "size": 110, "color": theme.MARK, "opacity": 1, "yOffset": drop},
         "encoding": line | {"x": {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]},
                                   "axis": axis}}},
        {"mark": {"type": "text", "align": "left" if wide else "right", "baseline": "middle",
                  "dy": 0 if wide else drop - 20, "color": theme.MUTED},
         "encoding": line | {"text": {"field": "words", "type": "nominal"}, "x": {"value": end}}},
    ]
    layers += [  # one layer for labels of one line, of two, ...: each needs another shift to stay centred on its row
        {"mark": {"type": "text", "align": "left", "baseline": "middle", "lineBreak": "\n", "lineHeight": theme.LEADING,
                  "dy": -(lines - 1) * theme.LEADING / 2 if wide else drop - 20 - (lines - 1) * theme.LEADING},
         "encoding": line | {"text": {"field": "name", "type": "nominal"}, "x": {"value": -left - inset}},
         "transform": [{"filter": f"datum.lines === {lines}"}]}
        for lines in range(1, most + 1)
    ]
    top = 4
    bands = {row: (0, top + row * height, width, top + (row + 1) * height) for row in range(len(rows))}
    padding = {"left": left + inset, "right": right + inset, "top": top, "bottom": 28}
    return {"data": {"values": rows}} | chart(layers, plot, height * len(rows), padding, bands)
