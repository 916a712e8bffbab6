"""What did people write?  Whether coders agree on the codes of texts, and the quotes that their author cleared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable

from surveybook.survey.data.codebook import Question
from surveybook.survey.data.coding import MANY, Codes, CodesTold, Coding, show_codes
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import WITHHELD, known
from surveybook.survey.evidence.about import about, source_line, wording
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show.display import Column, Table
from surveybook.survey.show.tables.cells import withheld
from surveybook.survey.stats.agreement import agreed, alpha, kappa
from surveybook.survey.stats.result import Estimate
from surveybook.survey.words import text
from surveybook.survey.words.text import listing

ALL = "All codes"
METHODS = ("Agreement: how often two coders of the same text say the same. Cohen’s kappa of two coders, with the "
           "normal interval of Fleiss, Cohen and Everitt, and Krippendorff’s alpha of any number, with that of the "
           "jackknife over texts, take off what would agree by chance.")


def coders(findings: Findings, question: str) -> Table:
    """How far coders agree on the codes of what people wrote, before they settled on one: for each code, given or not,
    and for all codes together.

    One row for each code, put together with others where small counts would follow, and one for all: texts to which
    any coder gave it, percent agreement, Cohen's kappa where there are two coders, and Krippendorff's alpha, each with
    its interval. Of several codes for a text, all of them together count as one in the last row. Every text counts
    once, in a weighted study as well, as it is coders that are looked at. Raises DataError for a question that is not
    declared under `coded` with several coders.
    """
    study, asked = findings.study, findings.study.question(question)
    coding = _coding(study, question)
    if len(coding.coders) < 2:
        raise DataError(f"“{question}” was coded by one coder, with whom nobody can agree; name the columns of all "
                        "coders under “coded” in the descriptor, or leave this table out")
    least, n = study.disclosure.minimum_cell or 0, len(coding.cases)
    if not n:
        raise DataError(f"no text of “{question}” was coded by two coders, so that nothing tells whether they agree; "
                        "leave this table out")
    hidden = study.shown.withheld_answers[question] if least else ()
    gap = abs(n - asked.distribution.answered)
    # how many were coded would tell how many answered, where that is withheld or nearly the same
    made = show_codes(coding, asked.answers, hidden, least) if known(gap) and not 0 < gap < least else None
    two = len(coding.coders) == 2
    rows, data = [], []
    for name, group in _rows(asked, made) if made else [(ALL, None)]:
        row = _row(made, group, name, two) if made and not _tells_of_both(asked, made, group) else _nothing(name, two)
        data.append(withheld(row))
        rows.append(_cells(row, two))
    level = text.percent(0.95)
    columns = [Column("Code"), Column("Texts", True), Column("Agreement", True),
               *([Column("Cohen’s kappa", True), Column(f"{level} interval", True)] if two else []),
               Column("Krippendorff’s alpha", True), Column(f"{level} interval", True)]
    return Table(f"Agreement of coders: {asked.label}", columns, rows,
                 about(study, coders, data, asked), _note(study, asked, coding, made))


def _coding(study: Study, question: str) -> Coding:
    """How the texts of a question were coded."""
    if question not in study.codings:
        known_ones = listing(list(study.codings), "or")
        raise DataError(f"“{question}” is not among the questions that hold codes; "
                        + (f"use {known_ones}" if known_ones else "declare it under “coded” in the descriptor"))
    return study.codings[question]


def _rows(asked: Question, made: CodesTold) -> list[tuple[str, str | None]]:
    """The rows of the table: each group of codes with its name, and all."""
    labels = [asked.labels[answer] for answer in asked.answers]
    return [*((listing([labels[place] for place in group], "or"), str(number))
              for number, group in enumerate(made.groups)), (ALL, None)]


def _row(made: CodesTold, group: str | None, name: str, two: bool) -> dict[str, object]:
    """What coders agree on in one group of codes, or in all, as exact values."""
    def told(codes: Codes) -> bool | tuple[str, ...]:
        return tuple(sorted(codes)) if group is None else group in codes

    patterns: Counter[tuple[Hashable, ...]] = Counter()
    for case, number in made.alone.items():
        patterns[tuple(map(told, case))] += number
    given = sum(number for case, number in made.alone.items() if group is None or any(group in one for one in case))
    row: dict[str, object] = {"code": name, "texts": given, "agreement": agreed(patterns)}
    if two:
        row |= _numbers("kappa", _kappa(made, told) if made.ordered is not None else WITHHELD)
    return row | _numbers("alpha", alpha(patterns) if len({one for case in patterns for one in case}) > 1 else None)


def _tells_of_both(asked: Question, made: CodesTold, group: str | None) -> bool:
    """Whether how many have one code or another of a group would tell, beside the number of each, how many have both,
    or one of few."""
    return asked.kind == MANY and group is not None and len(made.groups[int(group)]) > 1


def _kappa(made: CodesTold, told: Callable[[Codes], Hashable]) -> Estimate | None:
    """Cohen's kappa of two coders; None where they have one code alone."""
    assert made.ordered is not None
    pairs = [tuple(map(told, case)) for case, number in made.ordered.items() for _ in range(number)]
    first, second = zip(*pairs, strict=True)
    return kappa(first, second) if len({*first, *second}) > 1 else None


def _numbers(name: str, found: Estimate | float | None) -> dict[str, object]:
    """An estimate as exact values; None where there is none, not a number where it is withheld."""
    if isinstance(found, float):
        return {name: found, f"{name}_low": found, f"{name}_high": found}
    interval = found.interval if found and found.standard_error else None
    return {name: found.value if found else None, f"{name}_low": interval.low if interval else None,
            f"{name}_high": interval.high if interval else None}


def _nothing(name: str, two: bool) -> dict[str, object]:
    """A row of which nothing may be told."""
    return {"code": name, "texts": WITHHELD, "agreement": WITHHELD} | (_numbers("kappa", WITHHELD) if two else {}) \
        | _numbers("alpha", WITHHELD)


def _cells(row: dict[str, object], two: bool) -> list[str]:
    """The same as text."""
    cells = [str(row["code"]), text.whole(row["texts"]), text.percent(row["agreement"])]
    for name in ("kappa", "alpha") if two else ("alpha",):
        value, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
        cells.append("none" if value is None else text.decimal(value, 2))
        cells.append("none" if low is None else f"{text.decimal(low, 2)} to {text.decimal(high, 2)}" if known(low)
                     else text.WITHHELD)
    return cells


def _note(study: Study, asked: Question, coding: Coding, made: CodesTold | None) -> str:
    """The line below the table."""
    n, number = len(coding.cases), len(coding.coders)
    several = " A text can have several codes; in the last row they count as one if they are the same." \
        if asked.kind == MANY else ""
    told = f"{text.whole(n)} texts that two coders or more coded" if made else \
        "withheld, however codes are put together; texts of a few people that only some coders coded can be the reason"
    none = " “None”: coders differ in no text, or use one code alone."
    left = " Kappa is withheld, as it would tell which coder gave a code to few people." \
        if made and made.ordered is None and number == 2 else ""
    weighted = " Each text counts once; no weights." if study.sampling else ""
    return (f"{wording(asked)} {number} coders, who coded by themselves. Base: {told}. {METHODS}{several}{none}{left}"
            f"{weighted} Source: {source_line(study)}.")


def quotes(findings: Findings, question: str) -> Table:
    """What people wrote, as far as the author cleared it for publication in quotes.yaml, in the order of the codes.

    One row for each quote, with its code, and the group of the person where the quotes name one and the rule of
    disclosure lets so few people be told of. Raises DataError for a question of which nobody is quoted.
    """
    study, asked = findings.study, findings.study.question(question)
    _coding(study, question)
    found = [one for one in study.quotes if one.question == question]
    if not found:
        raise DataError(f"nobody is quoted on “{question}”; add quotes that you cleared to "
                        f"data/{study.id}/quotes.yaml, or leave this table out")
    least = study.disclosure.minimum_cell or 0
    hidden = study.shown.withheld_answers if least else {}
    # between two codes that are told a quote would have the one between them
    found.sort(key=lambda one: (len(asked.answers), one.words) if one.code in hidden.get(question, ())
               else (asked.answers.index(one.code), ""))
    rows, data = [], []
    for one in found:
        shown = one.code not in hidden.get(question, ())
        code = asked.labels[one.code] if shown else text.WITHHELD
        groups = {study.questions[name].label: study.questions[name].labels[answer]
                  for name, answer in one.said_by.items()}
        free = shown and one.people >= least and not any(
            answer in hidden.get(name, ()) for name, answer in one.said_by.items())
        rows.append([code, f"“{one.words}”", "; ".join(f"{name}: {answer}" for name, answer in groups.items())
                     if free else ""])
        data.append({"code": code, "quote": one.words} | ({"said_by": rows[-1][2]} if rows[-1][2] else {}))
    named = any(row[2] for row in rows)
    columns = [Column("Code"), Column("Quote"), *([Column("Said by")] if named else [])]
    who = listing(list(dict.fromkeys(one.cleared_by for one in found)))
    last = max(one.day for one in found)
    note = (f"{wording(asked)} {text.whole(len(found))} quotes, chosen as examples and each cleared for publication by "
            f"{who}, the last on {last.day} {last:%B %Y}. […] stands for what was left out, and words in square "
            f"brackets for others. Source: {source_line(study)}.")
    return Table(f"In people’s own words: {asked.label}", columns, [row if named else row[:2] for row in rows],
                 about(study, quotes, data, asked), note)
