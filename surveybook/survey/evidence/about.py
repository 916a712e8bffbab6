"""What must be said beside a figure or a table: what was asked, of whom, how many, from where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from surveybook.survey.data.codebook import KINDS, Question
from surveybook.survey.data.denominators import denominators
from surveybook.survey.data.study import Study
from surveybook.survey.estimates.distribution import NOT_APPLICABLE
from surveybook.survey.estimates.share import WITHHELD, Share, known
from surveybook.survey.estimates.weighted import WeightedDistribution, WeightedShare
from surveybook.survey.evidence.battery import Battery
from surveybook.survey.words import text

Rows = Iterable[Mapping[str, Any]] | pd.DataFrame
"""Exact values, one row for each mark or row shown, as dictionaries or as a frame, which has types for its columns."""


def about(study: Study, made_by: Callable[..., Any], data: Rows, *questions: Question) -> dict[str, Any]:
    """The facts that travel with what is shown, as plain data.

    `made_by`: the function that makes it, by whose place a reader can import it.
    They hold the “question” that was asked, or the “questions” where there are several, and as “others” of whom shares
    are besides those who answered, by the end of the names of their columns: “share_asked”.
    """
    rows = rows_of(data)
    facts: dict[str, Any] = {
        "study": study.id, "title": study.title, "source": study.source, "credit": credit_line(study, *questions),
        "licence": study.licence,
        "simulated": study.simulated, "label": text.SIMULATED if study.simulated else "",
        "provenance": study.provenance, "function": place_of(made_by),
        "data": rows,
    }
    if study.disclosure.minimum_cell:
        facts["disclosure"] = withholding(study)
    if study.sampling:
        facts["sampling"] = study.sampling.words
    if study.collection:
        facts["collection"] = study.collection.words
    if len(questions) == 1:
        facts["question"] = _declared(questions[0])
    elif questions:
        facts["questions"] = [_declared(question) for question in questions]
    columns = rows[0] if rows else {}
    if others := {one.name: one.words for one in denominators(study, questions) if f"share_{one.name}" in columns}:
        facts["others"] = others
    return facts


def _declared(question: Question) -> dict[str, Any]:
    """One question as plain data."""
    facts: dict[str, Any] = {
        "id": question.id, "label": question.label, "description": question.description,
        "wording": question.wording, "kind": question.kind, "asked_of": question.asked,
        "asked": text.exact(question.distribution.asked), "answered": text.exact(question.distribution.answered),
        "missing": {code: text.exact(count) for code, count in question.distribution.missing.items()},
        "unit": question.unit, "locator": question.locator,
    }
    return facts | ({"construct": question.construct, "origin": question.origin} if question.construct else {})


def rows_of(data: Rows) -> list[dict[str, Any]]:
    """The rows as plain data, None where there is no value; counts beside withheld ones stay whole numbers."""
    frame = pd.DataFrame(data)
    typed = frame.convert_dtypes() if "withheld" in frame else frame
    return typed.astype(object).where(typed.notna(), None).to_dict("records")


def place_of(function: Callable[..., Any]) -> str:
    """Where a function stands, as it is imported."""
    return f"{function.__module__}.{function.__name__}"


def withholding(study: Study) -> str:
    """What is withheld of the answers, and why, as a sentence."""
    rule = study.disclosure
    return (f"Counts below {rule.minimum_cell}, and those from which one could be worked out, are withheld: "
            f"{rule.reason}")


def about_all(
    name: str, title: str, source: str, licence: str, made_by: Callable[..., Any], data: Rows, simulated: bool
) -> dict[str, Any]:
    """The same facts about what belongs to no single study; `source` in words, `simulated` if any value of it is."""
    return {
        "study": name, "title": title, "source": source,
        "credit": f"partly {text.SIMULATED.lower()}; {source}" if simulated else source,
        "licence": licence, "simulated": simulated,
        "label": text.SIMULATED if simulated else "", "function": place_of(made_by),
        "provenance": "Compiled for this report from the sources it names.",
        "data": rows_of(data),
    }


def question_note(study: Study, question: Question, shares: list[Share]) -> str:
    """The line below a figure or table of one question."""
    distribution = question.distribution
    rows = distribution.answered + sum(distribution.missing.values())
    silent = "".join(f", {left_out(code, question.labels[code], text.whole(count))}"
                     for code, count in distribution.missing.items())
    base = f"{asked(study, [question])}, {answered(text.whole(distribution.answered))}{silent}"
    if distribution.surplus:
        base = f"{distribution.asked} {question.respondent}s asked, but the printed rows add to {rows}"
    methods = sorted({share.interval.method for share in shares})
    level = f"{shares[0].interval.level:.0%}"
    return (
        f"{wording(question)} Asked: {question.asked}, {KINDS[question.kind]}. Base: {base}. "
        f"Intervals: {level}, {' and '.join(methods)}. {sampled(study, [question], shares)}"
        f"Source: {source_line(study, question)}."
    )


def sampled(study: Study, questions: Sequence[Question], shares: Iterable[Share]) -> str:
    """That shares are weighted, by what, and what that costs; nothing where all people count the same."""
    if not study.sampling:
        return ""
    found = [(share.design_effect, share.base) for share in shares if isinstance(share, WeightedShare)]
    found = [(one, base) for one, base in found if known(one) and one > 0]
    cost = ""
    if found:
        effects = sorted(one for one, _ in found)
        ends = dict.fromkeys(text.decimal(one, 1) for one in (effects[0], effects[-1]))
        worth = text.spread(round(base / one) for one, base in found)
        cost = f"; design effect {' to '.join(ends)}, so that n is worth {worth} people drawn singly (effective n)"
    kish = [getattr(question.distribution, "effective", WITHHELD) for question in questions]
    if study.sampling.is_weighted and all(map(known, kish)):
        cost += f"; by the weights alone effective n is {text.spread(map(round, kish))}"
    steps = [one for question in questions if isinstance(question.distribution, WeightedDistribution)
             and known(one := question.distribution.weighted.step) and one > 0]
    if steps:
        cost += f"; as counts are withheld, shares are multiples of {text.percent(max(steps))}"
    return f"Shares are weighted, counts are of people. Sample: {study.sampling.words}{cost}. "


def battery_note(study: Study, battery: Battery, intervals: str, shares: Iterable[Share] = ()) -> str:
    """The line below a figure or table of several questions: what they have in common, with “…” where they differ.

    `intervals` says which there are, of these `shares`. The words of each question stand in the table.
    """
    questions = battery.questions
    if len(questions) == 1:
        words = wording(questions[0])
    else:
        shared = text.common([question.wording or "" for question in questions])
        words = f"“{shared}” The words of each question stand in the table." if shared else (
            "The words of each question stand in the table.")
    whom = text.common([question.asked for question in questions]) or text.listing(
        [question.asked for question in questions])
    number = text.spread(question.distribution.answered for question in questions)
    silent = "".join(
        f", {left_out(code, battery.labels[code], text.spread(q.distribution.missing.get(code, 0) for q in questions))}"
        for code in battery.missing if code != "not-asked"
    )
    return (
        f"{words} Asked: {whom}, {KINDS[questions[0].kind]}. Base: {asked(study, questions)}, {answered(number)}"
        f"{silent}. Intervals: {intervals}. {sampled(study, questions, shares)}Source: {source_line(study)}."
    )


def left_out(code: str, label: str, number: str) -> str:
    """“skipped 7”, or “12 to whom it did not apply”."""
    if code != NOT_APPLICABLE:
        return f"{label.lower()} {number}"
    return f"{number} to whom it did not apply" if number != text.WITHHELD else f"how many it did not apply to {number}"


def answered(number: str) -> str:
    """“132 answered”, or that it is not told."""
    return f"how many answered {number}" if number == text.WITHHELD else f"{number} answered"


def asked(study: Study, questions: Sequence[Question]) -> str:
    """How many were asked, and of how many where not all were."""
    numbers = text.spread(question.distribution.asked for question in questions)
    if study.responses and any(question.condition for question in questions):
        numbers += f" of {text.whole(len(study.responses.respondents))}"
    return f"{numbers} {questions[0].respondent}s asked"


def wording(question: Question) -> str:
    """The question as it was asked, or what it means and why there are no such words."""
    if question.wording:
        return f"“{question.wording}”"
    why = "The wording is not known to us."
    if question.counting:
        first, *others = question.counting.questions
        counted = f"{len(others) + 1} questions, from “{first}” to “{others[-1]}”" if others else f"“{first}”"
        why = f"Counted from the answers to {counted}."
    return f"{question.description} {why}"


def ended(words: str) -> str:
    """A question in quotes as a sentence of its own: with a full stop, where it has no mark at its end."""
    return words if words.rstrip("”").endswith((".", "?", "!", "…", ":")) else f"{words}."


def credit_line(study: Study, *questions: Question) -> str:
    """Whose data they are, for a citation: the people, and the tables where they printed them. Where nobody printed
    any, that they are simulated."""
    tables = () if study.simulated else dict.fromkeys(question.locator for question in questions)
    return ", ".join([study.credit, *filter(None, tables)])


def source_line(study: Study, question: Question | None = None) -> str:
    """Who published the numbers, and where they stand."""
    words = f"{study.credit}, {question.locator}" if question else study.credit
    if study.collection:
        return f"{words}. {study.collection.words}"
    return f"{words}. {withholding(study)}".rstrip(".") if study.disclosure.minimum_cell else words
