"""What do sources state, how does it bear on a claim, and what follows?  The parts of a synthesis.

A piece of evidence is a fact that a source states, a hypothesis of the survey, or a finding. Of which kind it is
follows from what it is made of, and is never declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from surveybook.survey.data.hypotheses import Hypothesis, Published
from surveybook.survey.evidence.book import Section
from surveybook.survey.evidence.findings import Findings

COUNT, STATEMENT = "published count", "published statement"
SIMULATED, ANSWERS, DESIGN = "simulated illustration", "answers to the survey", "design analysis"
SUPPORTS, CONTRADICTS, SILENT = "supports", "contradicts", "silent"


@dataclass(frozen=True)
class Piece:
    """A piece of evidence, what a point rests on: in words, with its number where there is one.

    `kind`: one of the five above. `source`: who states it, a key of references.bib; `section`: where it is shown here.
    """

    name: str
    kind: str
    words: str
    number: str = ""
    source: str = ""
    section: Section | None = None


@dataclass(frozen=True)
class Source:
    """A published study: how many were asked (None where what we read does not say), and the facts that it states;
    `rows` are those that stand in a file of its study, which a list of what it states leaves out."""

    key: str
    kind: str
    n: int | None
    unit: str
    read_in: str
    facts: Mapping[str, Piece]
    rows: Mapping[str, Piece]
    study: str

    @property
    def every(self) -> dict[str, Piece]:
        """All its facts by name."""
        return {**self.facts, **self.rows}


@dataclass(frozen=True)
class Link:
    """What a fact `says` about a hypothesis or about a published relation, and why."""

    subject: Hypothesis | Published
    fact: Piece
    says: str
    reason: str


@dataclass(frozen=True)
class Point:
    """What follows for an audience (empty for an illustration), and what it rests on."""

    audience: str
    text: str
    evidence: tuple[Piece, ...]


@dataclass(frozen=True)
class Synthesis:
    """All of it. Only evidence that is not simulated carries consequences; the rest are illustrations."""

    survey: Findings
    sources: Mapping[str, Source]
    links: tuple[Link, ...]
    audiences: Mapping[str, str]
    consequences: tuple[Point, ...]
    illustrations: tuple[Point, ...]
