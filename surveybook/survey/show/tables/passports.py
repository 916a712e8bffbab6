"""What is there to know about one hypothesis?  Its passport, the counts it rests on, and what other choices give."""

from __future__ import annotations

import pandas as pd

from surveybook.survey.data.codebook import KINDS, Declared
from surveybook.survey.evidence.about import about, source_line, wording
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.evidence.passport import assumed, missing, sides
from surveybook.survey.show.display import Column, Computed, Table
from surveybook.survey.show.tables.cells import withheld
from surveybook.survey.show.tables.hypotheses import NONE, bare, outcome, scale, sized
from surveybook.survey.verdicts.record import record
from surveybook.survey.verdicts.robustness import Robustness
from surveybook.survey.verdicts.test import LEVEL
from surveybook.survey.verdicts.verdict import Verdict
from surveybook.survey.words import text

DIRECTIONS = {
    "positive": "The two rise together.", "negative": "One falls as the other rises.",
    "any": "No direction: any difference counts.",
}

# Parts that are as they are whatever the answers
DECLARED = ("Claim", "Plan", "Why it is here", "Published", "Predictor", "Outcome", "Expected", "Family", "Assumed",
            "Computed with")


def passport(findings: Findings, hypothesis: str) -> Table:
    """All about one hypothesis, from its wording to its verdict. One row for each part.

    The same, unrounded and with every other choice, travels with the table as `passport` (see record.py).
    """
    verdict, other = findings.judgements.verdict(hypothesis), findings.judgements.robustness(hypothesis)
    parts = _declared(findings, verdict) | (_tested(verdict) if verdict.judged.tested else {}) | {
        "Verdict": f"{text.first_up(verdict.word)}. {verdict.sentence}",
        "Other choices": _agreement(other),
        "Power": power(findings, hypothesis), "Computed with": f"{verdict.engine}.",
    }
    rows = [[part, words if part in DECLARED else Computed(words)] for part, words in parts.items() if words]
    facts = about(findings.study, passport, [{"part": part, "text": words} for part, words in rows])
    return Table(f"Passport: {_title(verdict)}", [Column("Part"), Column("What holds")], rows,
                 facts | {"passport": record(verdict, other)}, f"Source: {source_line(findings.study)}.")


def counts(findings: Findings, hypothesis: str) -> Table:
    """How often each pair of answers was given. One row for each answer to the predictor, and one for all of them."""
    verdict = findings.judgements.verdict(hypothesis)
    crossed, declared = verdict.counts, verdict.hypothesis
    lines = [(label, (*line, sum(line))) for label, line in zip(crossed.rows, crossed.table, strict=True)]
    lines.append(("All", (*map(sum, zip(*crossed.table, strict=True)), crossed.n)))
    rows = [[label, *map(text.whole, line)] for label, line in lines]
    columns = [Column(declared.predictor.label), *(Column(label, True) for label in crossed.columns),
               Column("All", True)]
    data = [withheld({"answer": label} | dict(zip((*crossed.columns, "all"), line, strict=True)))
            for label, line in lines]
    weighed = "Counts are of people; test and size weight them. " if crossed.weighted else ""
    note = (f"Rows: {text.lower(declared.predictor.label)}. Columns: {text.lower(declared.outcome.label)}. "
            f"Left out: {missing(verdict)}. {weighed}Source: {source_line(findings.study)}.")
    return Table(f"Counts: {_title(verdict)}", columns, rows, about(findings.study, counts, data), note)


def choices(findings: Findings, hypothesis: str) -> Table:
    """One hypothesis under every other reasonable choice. One row for each choice, the planned one first."""
    verdict, found = findings.judgements.verdict(hypothesis), findings.judgements.robustness(hypothesis)
    level = verdict.hypothesis.family.level
    rows = []
    for row in found.frame.itertuples():
        tested = not pd.isna(row.p)
        interval = "none" if pd.isna(row.low) else f"{text.decimal(row.low, 2)} to {text.decimal(row.high, 2)}"
        rows.append([
            row.choice, row.measure, text.whole(row.n), text.decimal(row.effect, 2) if tested else NONE,
            interval if tested else row.note, bare(row.p if tested else None),
            NONE if not tested else "below" if row.p < level else "above",
        ])
    data = found.frame
    if data["n"].isna().any():
        data = data.assign(withheld=["n" if absent else None for absent in data["n"].isna()])
    columns = [
        Column("Choice"), Column("Measure"), Column("n", True), Column("Size", True),
        Column(f"{text.percent(LEVEL)} interval", True), Column("p", True), Column(f"Side of {text.percent(level)}"),
    ]
    note = (f"Every p is {sides(verdict).split(',')[0]} as planned, and not adjusted for the family. "
            f"Source: {source_line(findings.study)}.")
    return Table(f"Other choices: {_title(verdict)}", columns, rows,
                 about(findings.study, choices, data), note)


def power(findings: Findings, hypothesis: str) -> str:
    """What the design analysis of the study says of the power of this test; nothing where the study has none."""
    node = findings
    for name in ("design", "hypotheses", hypothesis.replace("-", "_")):
        if name not in dir(node):
            return ""
        node = getattr(node, name)
    return node.sentence


def _title(verdict: Verdict) -> str:
    return text.lower(verdict.hypothesis.claim.rstrip("."))


def _declared(findings: Findings, verdict: Verdict) -> dict[str, str]:
    """What was fixed before the data were read, and who answered."""
    hypothesis, published = verdict.hypothesis, verdict.published
    family = hypothesis.family
    told = f"{published.relation}: {published.outcome} (read in the {published.read_in})" if published else \
        outcome(verdict)
    plan = findings.study.plan
    return {
        "Claim": hypothesis.claim, "Plan": plan.sentence(hypothesis.id) if plan else "",
        "Why it is here": hypothesis.origin, "Published": f"{text.first_up(told)}.",
        "Predictor": _question(findings, hypothesis.predictor), "Outcome": _question(findings, hypothesis.outcome),
        "Expected": DIRECTIONS[hypothesis.direction],
        "Family": f"{family.title}: {_claims(verdict.declared)}, adjusted together at {text.percent(family.level)}.",
        "People": f"{text.whole(verdict.n)} gave both answers. Left out: {missing(verdict)}.",
    }


def _claims(number: int) -> str:
    return f"{number} {'claim' if number == 1 else 'claims'}"


def _agreement(other: Robustness) -> str:
    """How many of the other choices agree with the planned one."""
    if not other.choices:
        return "None is possible."
    sign = "" if other.same_sign is None else f"; {other.same_sign} give a size of the same sign"
    return (f"Of {other.choices}, {other.same_side} give a p on the same side of the level as the test alone"
            f"{sign}.")


def _question(findings: Findings, question: Declared) -> str:
    """What was asked, of whom, and how it could be answered."""
    if question.counting:
        parts = [f"“{findings.study.question(name).label}”" for name in question.counting.questions]
        return f"{question.label}. {question.description} Counted from {text.listing(parts)}. Asked: {question.asked}."
    return f"{question.label}. {wording(question)} Asked: {question.asked}, {KINDS[question.kind]}."


def _tested(verdict: Verdict) -> dict[str, str]:
    """Test, size, p values and equivalence."""
    judged, row, declared = verdict.judged, verdict.row, verdict.declared
    statistic, size = float(judged.tested.statistic), judged.size
    number = text.decimal(statistic, 0 if statistic.is_integer() else 2)
    opposite = f" On the other side, adjusted alike: {text.p_value(verdict.p_other)}." if judged.other else ""
    return {
        "Test": f"{row.test}: {row.why}. Statistic: {row.statistic} = {number}. {text.first_up(sides(verdict))}.",
        "How p is found": f"{text.first_up(verdict.method)}: {_why(verdict)}. The approximation for large samples "
                          f"gives {text.p_value(judged.approximate.p)}.",
        "Assumed": assumed(verdict),
        "Size": f"{scale(verdict)}: {sized(verdict)}, {text.percent(size.interval.level)} interval "
                f"({text.first_up(size.interval.method)}).",
        "p of the test alone": f"{text.p_value(verdict.p)}, not adjusted for the family.",
        "p adjusted": f"{_adjusted(verdict, declared)}{opposite}",
        "Equivalence": _equivalence(verdict),
    }


def _adjusted(verdict: Verdict, declared: int) -> str:
    """What is left of p among the claims of the family."""
    family, p = verdict.hypothesis.family, text.p_value(verdict.p_adjusted)
    if family.correction == "none":
        return f"Not adjusted for the {_claims(declared)} of the family: {p}. Why: {family.uncorrected}"
    if family.correction == "benjamini-hochberg":
        return f"Benjamini and Hochberg, over the {_claims(declared)} of the family: {p}."
    return (f"Holm, over the {_claims(declared)} of the family: {p}. "
            f"Benjamini and Hochberg, shown beside and not used: {text.p_value(verdict.p_rate)}.")


def _why(verdict: Verdict) -> str:
    """Why p is exact or drawn."""
    return {
        "exact": "all tables with the same sums are taken into account",
        "approximate": "no tables are drawn",
    }.get(verdict.method, "there are too many tables with the same sums to take all of them into account")


def _equivalence(verdict: Verdict) -> str:
    """Whether a relation that matters is ruled out, and by which interval."""
    found, family = verdict.judged.equivalence, verdict.hypothesis.family
    if found is None:
        declared = verdict.row.measure in family.smallest_effects
        return "Not tested: this table allows no such test." if declared else \
            "Not tested: no smallest size that matters was declared for this measure."
    bounds = f"{text.decimal(found.low, 2)} and {text.decimal(found.high, 2)}"
    inside = "lies inside" if found.shown else "does not lie inside"
    low, high = (text.decimal(end, text.places_apart(end, bound)) for end, bound in
                 ((found.interval.low, found.low), (found.interval.high, found.high)))
    within = f"the bounds {bounds}" if verdict.row.signed else f"the bound of {text.decimal(found.high, 2)}"
    test = "two one-sided tests" if verdict.row.signed else "one-sided test"
    return (f"The {text.percent(found.interval.level)} interval, {low} to {high}, {inside} {within} "
            f"({test}, {found.method}: {text.p_value(found.p)}, compared with "
            f"{text.tenth(family.level / 2)} and not adjusted).")
