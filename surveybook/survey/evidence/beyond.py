"""What is known by name but belongs to no single study: `evidence` of all sources, and `reporting` by the checklists.

    evidence.links.contradicts            how many links of claims and facts are of this type
    evidence.STUDY.contradicts            the same for facts of a study whose counts are held here
    evidence.sources.KEY.n                by its key of references.bib
    reporting.CHECKLIST.not_published
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.data.study import Study
from surveybook.survey.evidence.book import Section
from surveybook.survey.evidence.checklists import ANSWERS, Checklist
from surveybook.survey.evidence.statement import CONTRADICTS, COUNT, SILENT, SUPPORTS, Link, Source, Synthesis
from surveybook.survey.words import text
from surveybook.survey.words.names import Names, Tree, joined


class Evidence(Names):
    """The numbers of the synthesis by name; and for tables the `synthesis`, its `sections` and its `references`, and
    the `licence` of the report."""

    def __init__(
        self, synthesis: Synthesis, sections: Mapping[str, Section], references: Mapping[str, str], licence: str = ""
    ):
        self.synthesis, self.sections, self.references, self.licence = synthesis, sections, references, licence
        claims = [link for link in synthesis.links if isinstance(link.subject, Hypothesis)]
        relations = [link for link in synthesis.links if not isinstance(link.subject, Hypothesis)]
        held = {one.study: [link for link in claims if link.fact.source == key]
                for key, one in synthesis.sources.items() if one.study}
        families = {link.subject.family.id: [] for link in claims}
        for link in claims:
            families[link.subject.family.id].append(link)
        super().__init__(joined("evidence", {
            "sources": _sources(synthesis.sources), "links": _links(claims), "relations": _links(relations),
            "families": {name: _links(found) for name, found in families.items()},
            "hypotheses": _hypotheses(synthesis.survey.study, claims), "consequences": _consequences(synthesis),
            "illustrations": text.whole(len(synthesis.illustrations)),
        }, {study: _links(found) for study, found in held.items()}), "evidence")


class Reporting(Names):
    """How many items of each checklist are answered, by name; the `checklists`, the `references` and the `licence` of
    the report for tables."""

    def __init__(self, checklists: Mapping[str, Checklist], references: Mapping[str, str], licence: str = ""):
        self.checklists, self.references, self.licence = checklists, references, licence
        super().__init__({name: _checklist(one) for name, one in checklists.items()}, "reporting")


def _sources(sources: Mapping[str, Source]) -> Tree:
    read = [source.read_in for source in sources.values()]
    return {"count": text.whole(len(sources)), "abstracts": text.whole(read.count("abstract"))} | {
        key: {"n": text.whole(source.n) if source.n else "not stated"} for key, source in sources.items()
    }


def _links(links: Sequence[Link]) -> Tree:
    """How many links there are of each type, and how many of those that say something rest on counts."""
    number = {says: sum(link.says == says for link in links) for says in (SUPPORTS, CONTRADICTS, SILENT)}
    counted = sum(link.says != SILENT and link.fact.kind == COUNT for link in links)
    telling = len(links) - number[SILENT]
    return {
        "count": text.whole(len(links)), "telling": text.whole(telling), "on_counts": text.whole(counted),
        "on_words": text.whole(telling - counted), **{says: text.whole(count) for says, count in number.items()},
        "sentence": f"Links that support a claim: {number[SUPPORTS]}; that contradict one: {number[CONTRADICTS]}; "
                    f"that are silent: {number[SILENT]}.",
    }


def _hypotheses(survey: Study, links: Sequence[Link]) -> Tree:
    """How many hypotheses have a link of each type, and how many silent ones alone."""
    types = [{link.says for link in links if link.subject is one} for one in survey.hypotheses.values()]
    return {"count": text.whole(len(types)), "only_silent": text.whole(types.count({SILENT}))} | {
        says: text.whole(sum(says in found for found in types)) for says in (SUPPORTS, CONTRADICTS)
    }


def _consequences(synthesis: Synthesis) -> Tree:
    points = synthesis.consequences
    counted = sum(any(piece.kind == COUNT for piece in point.evidence) for point in points)
    return {"count": text.whole(len(points)), "on_counts": text.whole(counted),
            "on_statements": text.whole(len(points) - counted)}


def _checklist(checklist: Checklist) -> Tree:
    return {"title": checklist.title, "items": text.whole(len(checklist.items))} | {
        answer.replace(" ", "_"): text.whole(checklist.count(answer)) for answer in ANSWERS.values()
    }
