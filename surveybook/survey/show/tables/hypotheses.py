"""What came out for each hypothesis?"""

from __future__ import annotations

from html import escape

from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.estimates.share import WITHHELD, known
from surveybook.survey.evidence.about import about, source_line
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.evidence.passport import span
from surveybook.survey.show.display import Column, Html, Table
from surveybook.survey.show.tables.cells import placed, withheld
from surveybook.survey.verdicts.test import LEVEL
from surveybook.survey.verdicts.verdict import Verdict
from surveybook.survey.words import text

NONE = "no test"
HOLM = "p, Holm"
CORRECTIONS = {"holm": "by Holm", "benjamini-hochberg": "by Benjamini and Hochberg", "none": "not at all"}


def hypotheses(findings: Findings, family: str = "") -> Table:
    """Test, size, p values and verdict of each hypothesis, of one family or of all. One row for each hypothesis.

    Each claim links to its passport, so the book must have a page with the passports of these families.
    """
    verdicts = findings.judgements.of(family)
    found = [findings.judgements.robustness(one.hypothesis.id) for one in verdicts]
    data = [
        _numbers(one) | {"choices": other.choices, "same_side": other.same_side}
        for one, other in zip(verdicts, found, strict=True)
    ]
    rows = [
        [_linked(one, not family), text.whole(one.n), placed(sized(one), one.row.label, one.row.test),
         bare(one.p), placed(bare(one.p_adjusted), f"BH {bare(one.p_rate)}"), _word(one, findings),
         f"{other.same_side} of {other.choices}" if other.choices else "none possible"]
        for one, other in zip(verdicts, found, strict=True)
    ]
    columns = [
        Column("Claim, level" if family else "Claim, family, level"), Column("n", True),
        Column(f"Size ({text.percent(LEVEL)} interval), test"), Column("p", True), Column(_head(verdicts), True),
        Column("Verdict, published outcome"), Column("Other choices that agree", True),
    ]
    return Table(_name(findings, family), columns, rows, about(findings.study, hypotheses, data),
                 f"{_adjusted(verdicts)} {base_note(findings, verdicts)}")


def effects(findings: Findings, family: str = "") -> Table:
    """Size and interval of each hypothesis in its measure, beside the smallest one that matters and what is published.
    One row for each hypothesis."""
    verdicts = findings.judgements.of(family)
    rows = [
        [one.hypothesis.claim, scale(one), sized(one), _smallest(one), one.word, outcome(one)]
        for one in verdicts
    ]
    columns = [
        Column("Claim"), Column("Measure"), Column(f"Size ({text.percent(LEVEL)} interval)", True),
        Column("Smallest that matters", True), Column("Verdict"), Column("Published outcome"),
    ]
    note = ("Sizes of different measures cannot be compared with each other. The intervals are two-sided and not "
            "adjusted for the family.")
    return Table(_name(findings, family), columns, rows,
                 about(findings.study, effects, [_numbers(one) for one in verdicts]),
                 f"{note} {base_note(findings, verdicts)}")


def outcome(verdict: Verdict) -> str:
    """“published: supported”, or that nothing is."""
    return f"published: {verdict.published.outcome}" if verdict.published else "not published"


def scale(verdict: Verdict) -> str:
    """The measure of the size with the values that it can have."""
    return f"{verdict.row.label}, {'−1' if verdict.row.signed else '0'} to 1"


def bare(p: float | None) -> str:
    """A p value in a column of them: “0.14”, “< 0.001”."""
    return NONE if p is None else text.p_value(p).removeprefix("p ").removeprefix("= ")


def sized(verdict: Verdict) -> str:
    """“−0.07 (−0.22 to 0.08)”."""
    size = verdict.judged.size
    return f"{text.decimal(size.value, 2)} ({span(size.interval)})" if size else NONE


def base_note(findings: Findings, verdicts: list[Verdict]) -> str:
    """Who stands behind the numbers, and where they are from."""
    n = [one.n for one in verdicts if known(one.n)] or [WITHHELD]
    people = len(findings.study.responses.respondents)
    few, most = text.whole(min(n)), text.whole(max(n))
    span = few if few == most else f"{few} to {most}"
    untold = sum(1 for one in verdicts if one.counts.trouble)
    silent = f"Not judged, as counts are withheld: {untold} of {len(verdicts)}. " if untold else ""
    sample = f"Tests and sizes are of a sample with {findings.study.sampling.words}; n counts people. " \
        if findings.study.sampling else ""
    return (f"{silent}{sample}Base: the {span} of {text.whole(people)} respondents who gave both answers. "
            f"Source: {source_line(findings.study)}.")


def _adjusted(verdicts: list[Verdict]) -> str:
    """What the columns of p values are."""
    families = {one.hypothesis.family.id: one for one in verdicts}
    level = text.listing(list(dict.fromkeys(text.percent(one.hypothesis.family.level) for one in families.values())))
    if _head(verdicts) != HOLM:
        ways = text.listing([f"{CORRECTIONS[one.hypothesis.family.correction]} (“{one.hypothesis.family.title}”)"
                             for one in families.values()])
        return ("p: of the test alone, one-sided where the claim has a direction. Adjusted over all claims declared in "
                f"the family: {ways}; the verdict compares it with {level}. The intervals are two-sided and not "
                "adjusted. Other choices agree where they give a p on the same side of that level as the test alone.")
    return ("p: of the test alone, one-sided where the claim has a direction. Holm: adjusted over all claims declared "
            f"in the family; the verdict compares it with {level}. BH: adjusted by Benjamini and Hochberg, shown below "
            "it and not used. The intervals are two-sided and not adjusted. Other choices agree where they give a p on "
            "the same side of that level as the test alone.")


def _head(verdicts: list[Verdict]) -> str:
    """What the column of adjusted p values is called: by its method, where that is Holm's throughout."""
    return HOLM if {one.hypothesis.family.correction for one in verdicts} == {"holm"} else "p, adjusted"


def _linked(verdict: Verdict, family: bool) -> Html:
    """The claim as a link to its passport: both builders find a heading by its id on any page. Its family and its level
    below."""
    hypothesis = verdict.hypothesis
    places = [hypothesis.family.title, level_of(hypothesis)] if family else [level_of(hypothesis)]
    below = "".join(f' <span class="place">{escape(place)}</span>' for place in places)
    return Html(f'<a href="#sec-{hypothesis.id}">{escape(hypothesis.claim)}</a>{below}')


def level_of(hypothesis: Hypothesis) -> str:
    """What a claim tells about: the unit of its answers, or how that of one goes with that of the other."""
    return " and ".join(dict.fromkeys((hypothesis.predictor.unit, hypothesis.outcome.unit)))


def _word(verdict: Verdict, findings: Findings) -> Html:
    """The word of a verdict, marked as one; below it the published outcome, and whether its plan was amended."""
    plan, below = findings.study.plan, [outcome(verdict)]
    if plan:
        below.append("amended since the plan" if plan.amendments(verdict.hypothesis.id) else "as planned")
    places = "".join(f' <span class="place">{escape(words)}</span>' for words in below)
    return Html(f'<span class="verdict {verdict.word}">{verdict.word}</span>{places}')


def _smallest(verdict: Verdict) -> str:
    least = verdict.hypothesis.family.smallest_effects.get(verdict.row.measure)
    return text.decimal(least, 2) if least else "none declared"


def _name(findings: Findings, family: str) -> str:
    return findings.judgements.families[family].title if family else "All hypotheses"


def _numbers(verdict: Verdict) -> dict[str, object]:
    """A verdict as exact values; None where no test was possible."""
    hypothesis, size, equivalence = verdict.hypothesis, verdict.judged.size, verdict.judged.equivalence
    return withheld({
        "hypothesis": hypothesis.id, "claim": hypothesis.claim, "family": hypothesis.family.id,
        "unit": level_of(hypothesis), "n": verdict.n, "test": verdict.row.test, "side": verdict.side,
        "measure": verdict.row.measure,
        "effect": size.value if size else None, "low": size.interval.low if size else None,
        "high": size.interval.high if size else None, "level": size.interval.level if size else None,
        "equivalence_low": equivalence.interval.low if equivalence else None,
        "equivalence_high": equivalence.interval.high if equivalence else None,
        "equivalence_level": equivalence.interval.level if equivalence else None,
        "smallest": hypothesis.family.smallest_effects.get(verdict.row.measure),
        "p": verdict.p, "p_holm": verdict.p_adjusted, "p_benjamini_hochberg": verdict.p_rate,
        "p_equivalence": equivalence.p if equivalence else None, "verdict": verdict.word,
        "published": verdict.published.outcome if verdict.published else None,
    })
