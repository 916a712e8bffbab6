"""How were several questions of one kind answered?  Tables of questions that are read side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

from surveybook.survey.data.codebook import Question
from surveybook.survey.data.denominators import Denominator, denominators
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import Share
from surveybook.survey.evidence.about import about, battery_note, wording
from surveybook.survey.evidence.battery import Battery, battery
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show.display import Column, Html, Table
from surveybook.survey.show.tables.cells import counted, in_brackets, numbers, share_cells, share_columns, withheld
from surveybook.survey.words import text


def yes(findings: Findings, *names: str) -> Table:
    """How many said yes to each of several yes/no questions, which are named, or a construct that they measure.

    One row for each question, from the most to the least frequent yes.
    """
    study, asked = findings.study, battery(findings.study, names, "yes-no")
    shares = asked.shares(["yes"])
    ranked = asked.ranked(shares)
    first, *others = denominators(study, asked.questions)
    data = [
        {"question": question.id, "label": asked.names[question.id], "answer": "yes"}
        | numbers(share, question.id, others) for question, share in ranked
    ]
    rows = [[asked.names[question.id], *share_cells(share), *_last(study, asked, question)]
            for question, share in ranked]
    columns = share_columns("Question", shares.values())
    table = Table(
        f"{asked.label}: said yes", [*columns, *_last_columns(asked)], rows,
        about(study, yes, data, *asked.questions),
        battery_note(study, asked, _intervals(shares, "all the questions"), shares.values()), of=first.words,
    )
    return replace(table, others=[
        replace(table, of=one.words, columns=columns, rows=[
            [asked.names[question.id], *share_cells(one.share(share, question.id))] for question, share in ranked
        ]) for one in others
    ])


def ordered(findings: Findings, *names: str) -> Table:
    """The answers to several questions with one scale, which are named, or a construct that they measure.

    One row for each question, sorted by the share of the answers above the middle of the scale. The data have one row
    for each answer to each question; `at_least`, `low` and `high` are the share of this answer or a higher one, and
    empty for the lowest.

    Raises DataError for a scale with fewer than three answers.
    """
    study, asked = findings.study, battery(findings.study, names, "ordered")
    if len(asked.answers) < 3:
        raise DataError(f"“{asked.questions[0].id}” has no scale of three or more answers; show it with figures.shares")
    above = asked.at_least(asked.above)
    ranked = asked.ranked(above)
    order = [question for question, _ in ranked]
    first, *others = denominators(study, asked.questions)
    data = [
        _scale_row(asked, question, place, others) for question in order for place in range(len(asked.answers))
    ]
    rows = [[*cells, *_last(study, asked, question)]
            for question, cells in zip(order, _scale_rows(asked, order, first), strict=True)]
    level = text.percent(ranked[0][1].interval.level)
    columns = [Column("Question"), *(Column(asked.labels[answer], True) for answer in asked.answers),
               Column(asked.upper, True), Column(f"{level} interval of these", True), Column("Base", True)]
    table = Table(
        asked.label, [*columns, *_last_columns(asked)], rows, about(study, ordered, data, *asked.questions),
        in_brackets(study) + battery_note(
            study, asked, f"{_intervals(above, 'all the questions')}, of the share of {asked.upper}", above.values()),
        of=first.words,
    )
    return replace(table, others=[
        replace(table, of=one.words, columns=columns, rows=_scale_rows(asked, order, one)) for one in others
    ])


def options(findings: Findings, *names: str) -> Table:
    """The options chosen in several multi-select questions, which are named, or a construct that they measure.

    One row for each question, in the order of the codebook. The data have one row for each option of each question.
    """
    study, asked = findings.study, battery(findings.study, names, "multi-select")
    shares = {question.id: question.distribution.shares for question in asked.questions}
    first, *others = denominators(study, asked.questions)
    data = [
        {"question": question.id, "label": asked.names[question.id], "answer": option,
         "answer_label": asked.labels[option]} | numbers(share, question.id, others)
        for question in asked.questions for option, share in shares[question.id].items()
    ]
    columns = [Column("Question"), *(Column(asked.labels[option], True) for option in asked.answers),
               Column("Base", True)]

    def rows(of: Denominator) -> list[list[str]]:
        return [[asked.names[name], *(counted(of.share(share, name)) for share in own.values()),
                 text.whole(of.bases[name])] for name, own in shares.items()]

    full = [[*cells, *_last(study, asked, question)]
            for question, cells in zip(asked.questions, rows(first), strict=True)]
    intervals = _intervals(shares[asked.questions[0].id], "all options of a question")
    table = Table(
        asked.label, [*columns, *_last_columns(asked)], full, about(study, options, data, *asked.questions),
        in_brackets(study) + battery_note(study, asked, f"in the data of this figure, {intervals}",
                                          [share for own in shares.values() for share in own.values()]), of=first.words,
    )
    return replace(table, others=[replace(table, of=one.words, columns=columns, rows=rows(one)) for one in others])


def _scale_rows(asked: Battery, order: Sequence[Question], of: Denominator) -> list[list[str]]:
    """The shares of all answers to each question, those above the middle of the scale together, and their base."""
    own = [asked.shares([answer]) for answer in asked.answers]
    above = asked.at_least(asked.above)
    rows = []
    for one in order:
        higher = of.share(above[one.id], one.id)
        rows.append([asked.names[one.id], *(counted(of.share(shares[one.id], one.id)) for shares in own),
                     counted(higher), text.span(higher.interval), text.whole(higher.base)])
    return rows


def _scale_row(
    asked: Battery, question: Question, place: int, others: Sequence[Denominator]
) -> dict[str, object]:
    """One answer to one question as exact values, and the share of those who gave it or a higher one; then what these
    are of others than those who answered."""
    answer = asked.answers[place]
    own = numbers(asked.shares([answer])[question.id], question.id, others)
    higher = numbers(asked.at_least(place)[question.id], question.id, others)
    row: dict[str, object] = {
        "question": question.id, "label": asked.names[question.id], "answer": answer,
        "answer_label": asked.labels[answer], "count": own["count"],
    }
    for of in ("", *(f"_{one.name}" for one in others)):
        row |= {f"base{of}": own[f"base{of}"], f"share{of}": own[f"share{of}"]}
        at_least = {f"at_least{of}": higher[f"share{of}"], f"low{of}": higher[f"low{of}"],
                    f"high{of}": higher[f"high{of}"]}
        if not of:
            at_least |= {"level": higher["level"], "method": higher["method"]}
        # all who answered gave the lowest answer or a higher one, whoever they were
        row |= at_least if place else dict.fromkeys(at_least)
    return withheld(row)


def _last_columns(asked: Battery) -> list[Column]:
    return [*(Column(asked.labels[code], True) for code in asked.missing), Column("Question as asked")]


def _last(study: Study, asked: Battery, question: Question) -> list[str]:
    """How many gave no answer to a question, by reason, and its words."""
    absent = study.absent(question)
    return [*(text.whole(absent.get(code, 0)) for code in asked.missing),
            Html(f'<span class="asked">{escape(wording(question))}</span>')]


def _intervals(shares: Mapping[str, Share], together: str) -> str:
    """Which intervals there are: “95%, Wilson”."""
    interval = next(iter(shares.values())).interval
    held = f", for {together} together" if next(iter(shares.values())).among > 1 else ""
    return f"{text.percent(interval.level)}, {interval.method}{held}"
