"""What do the sources state, how do they bear on the hypotheses, and what follows?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape

import pandas as pd

from surveybook.survey.data.hypotheses import Hypothesis, Published
from surveybook.survey.evidence.about import Rows, about_all
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.evidence.synthesis import (
    CONTRADICTS,
    SILENT,
    SIMULATED,
    SUPPORTS,
    Bearing,
    Conclusion,
    Evidence,
    Piece,
    PublishedStudy,
)
from surveybook.survey.show.display import LOOKED_UP, Column, Html, Table
from surveybook.survey.show.tables.cells import cited, listed, shown_in
from surveybook.survey.words import text

# Each type of link with its mark and the class that colors it
TYPES = {SUPPORTS: ("✓", "agrees"), CONTRADICTS: ("✗", "does-not-agree"), SILENT: ("–", "not-checkable")}
WHERE = {"abstract": "Read in the abstract", "official page": "Read on the official page",
         "transcription": "Read in a transcription"}


def sources(evidence: Evidence) -> Table:
    """The published studies with what they state, folded. One row for each study."""
    found = evidence.synthesis.sources.values()
    data = pd.DataFrame([
        {"source": source.key, "kind": source.kind, "n": source.n, "unit": source.unit, "read_in": source.read_in,
         "fact": fact.name, "words": fact.words, "number": fact.number, "basis": fact.kind}
        for source in found for fact in source.every.values()
    ]).astype({"n": "Int64"})
    rows = [
        [_study(evidence, source), listed(map(_stated, source.facts.values()))] for source in found
    ]
    columns = [Column("Study"), Column("What it states that is used here")]
    return replace(_table(evidence, "Published studies", columns, rows, sources, data), folded=True)


def links(evidence: Evidence, family: str) -> Table:
    """What the sources say of each hypothesis of a family, folded. One row for each link."""
    found = [link for link in evidence.synthesis.links
             if isinstance(link.subject, Hypothesis) and link.subject.family.id == family]
    return replace(_links(evidence, f"Links: {family}", found, links), folded=True)


def relations(evidence: Evidence) -> Table:
    """What other sources say of each relation that the survey published. One row for each link."""
    found = [link for link in evidence.synthesis.links if not isinstance(link.subject, Hypothesis)]
    return _links(evidence, "Published relations", found, relations)


def agreement(evidence: Evidence) -> Table:
    """How many links of each type each hypothesis has. One row for each hypothesis."""
    known, found = evidence.synthesis.survey.study.hypotheses.values(), evidence.synthesis.links
    data = [
        {"hypothesis": one.id, "published": one.published.outcome if one.published else None}
        | {says: sum(link.subject is one and link.says == says for link in found) for says in TYPES}
        for one in known
    ]
    rows = [
        [_claim(evidence, one), one.published.outcome if one.published else "not published",
         *(str(row[says]) for says in TYPES)]
        for one, row in zip(known, data, strict=True)
    ]
    columns = [Column("Claim"), Column("Published outcome"), *(Column(text.first_up(says), True) for says in TYPES)]
    return replace(_table(evidence, "Agreement by hypothesis", columns, rows, agreement, data),
                   folded=len(rows) > LOOKED_UP)


def consequences(evidence: Evidence, audience: str) -> Table:
    """What follows for an audience, with what each point rests on. One row for each point."""
    found = [point for point in evidence.synthesis.consequences if point.audience == audience]
    return _points(evidence, f"For {text.lower(evidence.synthesis.audiences[audience])}", found, consequences)


def illustrations(evidence: Evidence) -> Table:
    """What the survey would tell if its respondents were real. One row for each point.

    Simulated as a whole where the survey is: its verdicts are shown.
    """
    found, survey = evidence.synthesis.illustrations, evidence.synthesis.survey
    table = _points(evidence, "What the survey would tell", found, illustrations)
    rows = [
        [point.text, listed(
            f"{_claim(evidence, survey.study.hypotheses[piece.name])} {escape(_verdict(survey, piece.name))}"
            for piece in point.evidence
        )] for point in found
    ]
    return replace(table, columns=[Column("Question"), Column("Claims, and what the responses say")], rows=rows)


def _links(evidence: Evidence, name: str, found: Sequence[Bearing], made_by: Callable[..., Table]) -> Table:
    data = [
        {"subject": link.subject.id if isinstance(link.subject, Hypothesis) else link.subject.relation,
         "fact": link.fact.name, "words": link.fact.words, "number": link.fact.number, "basis": link.fact.kind,
         "says": link.says, "reason": link.reason}
        for link in found
    ]
    rows = [[_claim(evidence, link.subject), _sourced(evidence, link.fact), _judged(link)] for link in found]
    columns = [Column("Claim"), Column("What a source states"), Column("What that says of the claim")]
    return _table(evidence, name, columns, rows, made_by, data)


def _points(evidence: Evidence, name: str, found: Sequence[Conclusion], made_by: Callable[..., Table]) -> Table:
    data = [
        {"point": point.text, "evidence": piece.name, "kind": piece.kind, "words": piece.words, "number": piece.number}
        for point in found for piece in point.evidence
    ]
    rows = [[point.text, listed(_sourced(evidence, piece) for piece in point.evidence)]
            for point in found]
    simulated = any(piece.kind == SIMULATED for point in found for piece in point.evidence)
    return _table(evidence, name, [Column("What follows"), Column("What it rests on")], rows, made_by, data, simulated)


def _table(
    evidence: Evidence, name: str, columns: Sequence[Column], rows: Sequence[Sequence[str]],
    made_by: Callable[..., Table], data: Rows, simulated: bool = False,
) -> Table:
    keys = list(dict.fromkeys(fact.source for source in evidence.synthesis.sources.values()
                              for fact in source.every.values()))
    source = "; ".join(evidence.references[key] for key in keys)
    return Table(name, columns, rows, about_all("synthesis", name, source, evidence.licence, made_by, data, simulated))


def _claim(evidence: Evidence, subject: Hypothesis | Published) -> Html:
    """A claim with a link to its passport, or a published relation with its outcome."""
    if not isinstance(subject, Hypothesis):
        place = f"{subject.outcome}, {evidence.references[subject.reference]}"
        return Html(f'{escape(text.first_up(subject.relation))} <span class="place">{escape(place)}</span>')
    section = evidence.sections.get(f"sec-{subject.id}")
    return shown_in(section, subject.claim) if section else Html(escape(subject.claim))


def _study(evidence: Evidence, source: PublishedStudy) -> Html:
    """A study with its kind, its size and what of it was read."""
    asked = f"{text.whole(source.n)} {source.unit}" if source.n else "number not stated"
    places = (text.first_up(source.kind), asked, WHERE[source.read_in])
    lines = "".join(f'<span class="place">{escape(place)}</span>' for place in places)
    return Html(f"{cited(source.key, evidence.references)} {lines}")


def _stated(fact: Piece) -> str:
    """A fact, and its number after it."""
    if not fact.number:
        return escape(fact.words)
    return f"{escape(fact.words.rstrip('.'))}: <strong>{escape(fact.number)}</strong>."


def _sourced(evidence: Evidence, fact: Piece) -> Html:
    """A fact with its kind, who states it, and where it is shown here."""
    places = [escape(text.first_up(fact.kind))]
    places += [cited(fact.source, evidence.references)] if fact.source else []
    places += [shown_in(fact.section, fact.section.title)] if fact.section else []
    return Html(f'{_stated(fact)} <span class="place">{" · ".join(places)}</span>')


def _verdict(survey: Findings, hypothesis: str) -> str:
    """What the responses of the survey say about a hypothesis, as a sentence."""
    return getattr(survey.hypotheses, hypothesis.replace("-", "_")).sentence


def _judged(link: Bearing) -> Html:
    """The type of a link, and the reason for it."""
    mark, color = TYPES[link.says]
    return Html(f'<span class="verdict {color}">{mark} {text.first_up(link.says)}.</span> {escape(link.reason)}')
