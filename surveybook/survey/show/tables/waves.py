"""How did answers change from wave to wave, and what of the questionnaire moved?"""

from __future__ import annotations

from surveybook.survey.data.change import SCALE, SHARE, Change, Part, Step, changed
from surveybook.survey.data.study import Study
from surveybook.survey.data.waves import Waves
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import Interval, Share, known
from surveybook.survey.evidence import waves as words
from surveybook.survey.evidence.about import about, source_line, wording
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show.display import Column, Table
from surveybook.survey.show.tables.cells import counted, in_brackets, numbers, withheld
from surveybook.survey.show.tables.groups import EXPLORED
from surveybook.survey.show.tables.hypotheses import bare
from surveybook.survey.stats.scores import Mean
from surveybook.survey.words import text

NONE = "–"


def change(findings: Findings, *questions: str) -> Table:
    """The answers to some questions in each wave of the study, and how they changed up to the last one: since the first
    wave that asked the question, and since the one before the last.

    Shares of answers, of yes or no that of yes; means of scales and of numbers. Of different people changes of shares
    have Newcombe's interval, answers on a scale Cliff's delta with the test of Mann and Whitney, numbers Welch's test;
    of the same people Tango's interval with McNemar's exact test, the sign test, and the paired t test. Of weighted
    samples all have t tests by linearization, and answers on a scale the rank test of Lumley and Scott. The p values
    are adjusted by Holm over the table. One row for each answer, or mean, in each wave.

    Raises DataError for a study without waves, and for a question that was not asked before, or that moved.
    """
    made = [changed(findings.study, name) for name in questions]
    if not made:
        raise DataError("tables.change needs the name of a question; give one or more")
    adjusted, rows, data = iter(words.family(made)), [], []
    for one in made:
        for part in one.parts:
            steps = {step.since: (step, next(adjusted)) for step in part.steps}
            for place, value in enumerate(part.values):
                rows.append(_row(one, part, place, value, *steps.get(place, (None, None))))
                data.append(_data(one, part, place, value, *steps.get(place, (None, None))))
    columns = [Column("Question"), Column("Wave"), Column("Base", True), Column("Share or mean", True),
               Column("95% interval", True), Column(f"Change to {made[0].waves.last.label}", True),
               Column("Its 95% interval", True), Column("p", True), Column("p, Holm", True)]
    name = made[0].question.label if len(made) == 1 else f"{text.whole(len(made))} questions"
    return Table(f"{name}: change from wave to wave", columns, rows,
                 about(findings.study, change, data, *(one.question for one in made)),
                 _note(findings.study, made))


def _row(
    own: Change, part: Part, place: int, value: Share | Mean | None, step: Step | None, p: float | None
) -> list[str]:
    """One answer in one wave."""
    label = own.question.label
    if part.answer not in ("", "yes") or len(own.parts) > 1:
        label += f"{'' if label.endswith('?') else ':'} {text.lower(part.label)}"
    cells = [label, own.waves.each[place].label]
    if isinstance(value, Share):
        cells += [text.whole(value.base), counted(value), text.span(value.interval)]
    elif isinstance(value, Mean):
        cells += [text.whole(value.n), text.decimal(value.value, 2), _span(value.interval)]
    else:
        cells += [NONE, "not asked, or not so", NONE]
    if step is None or step.changed is None:
        return [*cells, NONE if step is None else step.trouble or text.WITHHELD, NONE, NONE, NONE]
    return [*cells, words.size(own, step.changed), words.span(own, step.changed), bare(step.changed.p), bare(p)]


def _span(interval: Interval | None) -> str:
    if interval is None:
        return "none"
    return f"{text.decimal(interval.low, 2)} to {text.decimal(interval.high, 2)}" if known(interval.low) \
        else text.WITHHELD


def _data(
    own: Change, part: Part, place: int, value: Share | Mean | None, step: Step | None, p: float | None
) -> dict[str, object]:
    """The same as exact values."""
    row: dict[str, object] = {"question": own.question.id, "answer": part.answer or None,
                              "wave": own.waves.each[place].label}
    if isinstance(value, Share):
        row |= numbers(value)
    elif isinstance(value, Mean):
        low, high = (value.interval.low, value.interval.high) if value.interval else (None, None)
        row |= {"base": value.n, "mean": value.value, "low": low, "high": high, "level": 0.95,
                "method": value.interval.method if value.interval else "Student's t"}
    found = step.changed if step else None
    interval = found.size.interval if found else None
    changes = {"change": found.size.value, "test": found.test, "p": found.p, "p_holm": p} if found else \
        dict.fromkeys(("change", "test", "p", "p_holm"))
    return withheld(row | changes | {
        "change_low": interval.low if interval else None, "change_high": interval.high if interval else None,
        "change_method": interval.method if interval else None, "people": step.people if step else None})


def _note(study: Study, made: list[Change]) -> str:
    """The line below: what was asked, of whom, by what tests, and what moved and is compared all the same."""
    waves, steps = made[0].waves, [step for one in made for part in one.parts for step in part.steps]
    tests = sorted({f"{step.changed.test} (interval of the change: {text.first_up(step.changed.size.interval.method)})"
                    for step in steps if step.changed and step.changed.size.interval})
    asked = f"{wording(made[0].question)} Asked: {made[0].question.asked}." if len(made) == 1 else \
        "The words of each question stand in the codebook."
    matched = _matched(steps) if waves.matched else "Each wave asked other people."
    scales = " Answers on a scale count as numbers in the means alone, as if its steps were equal." \
        if any(one.kind == SCALE for one in made) else ""
    since = "" if len(waves.each) == 2 else " Compared are the first wave that asked a question, and the one before " \
                                            "the last."
    same = "".join(f" “{one.question.label}” moved between waves, and is compared because "
                   f"{waves.same[one.question.id]}." for one in made if one.question.id in waves.same)
    measures = " ".join(dict.fromkeys(words.measure(one) for one in made))
    apart = " Intervals of shares hold for all answers of a question in a wave together; each of a change is for it " \
            "alone." if any(one.kind == SHARE and len(one.parts) > 1 for one in made) else ""
    sample = f" Weighted; counts are of people. {in_brackets(study)}Sample: {study.sampling.words}." \
        if study.sampling else ""
    return (f"{asked} {matched}{since}{sample} {measures}{scales}{same}{apart} Tests: two-sided, "
            f"{'; '.join(tests) or 'none'}. p, Holm: over all changes of this table. {EXPLORED} "
            f"Source: {source_line(study)}.")


def _matched(steps: list[Step]) -> str:
    """That the same people were asked, and how many of them are compared."""
    people = [step.people for step in steps if step.people is not None]
    return (f"Changes are of the same people: those who answered in both waves ({text.spread(people)}). The shares and "
            "means of each wave are of all who answered in it, so that they need not differ by as much.")


def questionnaire(findings: Findings) -> Table:
    """What of the questionnaire moved between the waves of a study: questions that are new, dropped, reworded, put to
    others, or answered otherwise. One row for each thing that moved, and one that says so where nothing did.

    Raises DataError for a study without waves.
    """
    waves = waves_of(findings.study)
    data = [
        {"since": before.label, "wave": after.label, "question": one.question, "label": one.label, "what": one.what,
         "how": one.how} for before, after, one in waves.moved
    ]
    rows = [[row["label"], f"{row['since']} to {row['wave']}", row["what"], text.first_up(row["how"])] for row in data]
    columns = [Column("Question"), Column("Waves"), Column("What moved"), Column("How")]
    return Table("What moved between waves", columns, rows or [["No question", NONE, "nothing", NONE]],
                 about(findings.study, questionnaire, data),
                 f"{words.moved(waves)} {words.sentence(waves)} Source: {source_line(findings.study)}.")


def waves_of(study: Study) -> Waves:
    """The waves of a study. Raises DataError where it has none."""
    if study.waves is None:
        raise DataError(f"“{study.id}” has no earlier wave; name the files of earlier waves under “waves” in its "
                        "descriptor")
    return study.waves
