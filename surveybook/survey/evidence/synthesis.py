"""Where do the sources agree, where do they contradict each other, and what follows?  data/synthesis.yaml, checked.

A piece of evidence is a fact that a source states, a hypothesis of the survey, or a finding. Of which kind it is
follows from what it is made of, and is never declared. Numbers go by name:

    evidence.links.contradicts            how many links of claims and facts are of this type
    evidence.STUDY.contradicts            the same for facts of a study whose counts are held here
    evidence.sources.KEY.n                by its key of references.bib
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surveybook.survey.data.hypotheses import FILE, Hypothesis, Published
from surveybook.survey.data.schema import Document, read_yaml
from surveybook.survey.data.study import Study
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.evidence.sections import Section, section_at
from surveybook.survey.words import text
from surveybook.survey.words.names import Names, Tree, joined
from surveybook.survey.words.text import Text, first_up, lower

COUNT, STATEMENT = "published count", "published statement"
SIMULATED, ANSWERS, DESIGN = "simulated illustration", "answers to the survey", "design analysis"
SUPPORTS, CONTRADICTS, SILENT = "supports", "contradicts", "silent"


@dataclass(frozen=True)
class Relation:
    """What a source relates with what: one of some things with another, and whether it found that they go together."""

    between: tuple[str, ...]
    outcome: str
    found: bool


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
    relation: Relation | None = None


@dataclass(frozen=True)
class PublishedStudy:
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
class Bearing:
    """What a fact `says` about a hypothesis or about a published relation, and why."""

    subject: Hypothesis | Published
    fact: Piece
    says: str
    reason: str


@dataclass(frozen=True)
class Conclusion:
    """What follows for an audience (empty for an illustration), and what it rests on."""

    audience: str
    text: str
    evidence: tuple[Piece, ...]


@dataclass(frozen=True)
class Synthesis:
    """All of it. Only evidence that is not simulated carries consequences; the rest are illustrations."""

    survey: Findings
    sources: Mapping[str, PublishedStudy]
    links: tuple[Bearing, ...]
    audiences: Mapping[str, str]
    consequences: tuple[Conclusion, ...]
    illustrations: tuple[Conclusion, ...]


# --- the file

NUMBER = re.compile(r"([\d,.]+)(%?)")  # that a source prints, and nothing but it
FIELD = re.compile(r"\{(\w+)\}")  # in the words of facts of a file: what a row has there

Keys = Sequence[str | int]


def read_synthesis(
    path: Path, studies: Callable[[str], Findings], sections: Mapping[str, Section], references: Container[str]
) -> Synthesis:
    """The file `path`, with every name in it looked up.

    Raises DataError, one sentence with file and line, for a key that the schema does not know; a reference, study,
    finding, fact, hypothesis, relation, section or audience that does not exist; a hypothesis without a link to a
    source whose counts we hold; a relation without a link; and a consequence that rests on simulated data alone.
    """
    return _Reader(read_yaml(path, "synthesis"), studies, sections, references).synthesis()


class _Reader:
    """The parts of the file, each looked up in what was read before it."""

    def __init__(
        self, document: Document, studies: Callable[[str], Findings], sections: Mapping[str, Section],
        references: Container[str],
    ):
        self.document, self.studies = document, studies
        self.sections, self.references = sections, references
        self.survey = self._study(["survey"])
        self.hypotheses = self.survey.study.hypotheses
        declared = read_yaml(self.survey.study.package.folder / FILE, "hypotheses").data.get("published", {})
        self.relations = {name: Published(**relation) for name, relation in declared.items()}
        self.sources = {key: self._source(key) for key in document.data["sources"]}
        self.facts = {f"{s.key}.{name}": fact for s in self.sources.values() for name, fact in s.every.items()}
        self.design = section_at(document, ["design"], sections) if "design" in document.data else None

    def synthesis(self) -> Synthesis:
        data = self.document.data
        links = tuple(self._link(["links", number]) for number in range(len(data["links"])))
        self._check_links(links)
        points = {
            part: tuple(self._point([part, number]) for number in range(len(data[part])))
            for part in ("consequences", "illustrations")
        }
        return Synthesis(self.survey, self.sources, links, data["audiences"], **points)

    def _at(self, keys: Keys) -> Any:
        value = self.document.data
        for key in keys:
            value = value[key]
        return value

    def _study(self, keys: Keys) -> Findings:
        name = self._at(keys)
        try:
            return self.studies(name)
        except AttributeError:
            raise self.document.refusal(keys, f"data/ has no study “{name}”; name one of its folders") from None

    def _source(self, key: str) -> PublishedStudy:
        keys = ["sources", key]
        declared = self._at(keys)
        if key not in self.references:
            raise self.document.refusal(keys, f"references.bib has no entry “{key}”; add it")
        facts = {name: self._fact([*keys, "facts", name]) for name in declared["facts"]}
        n, unit, study = declared.get("n"), declared.get("unit", ""), declared.get("study", "")
        if study:
            if n or unit:
                raise self.document.refusal(keys, f"{study} tells how many were asked; take n and unit out")
            held = self._study([*keys, "study"])
            n, unit = next(iter(held.study.questions.values())).distribution.asked, held.units
        rows = self._rows([*keys, "rows"], key, study) if "rows" in declared else {}
        return PublishedStudy(key, declared["kind"], n, unit, declared["read_in"], facts, rows, study)

    def _rows(self, keys: Keys, source: str, study: str) -> dict[str, Piece]:
        """The facts that stand in a file of the study of a source, one in each row."""
        declared = self._at(keys)
        if not study:
            raise self.document.refusal(keys, "the source has no study, so no files; name the study that holds them")
        held, name = self.studies(study).study, declared["resource"]
        package = held.package
        self.document.known(name, [one for one in package.resources if one in held.given_away], [*keys, "resource"],
                            f"no table of “{study}” whose rows are published")
        key = package.resources[name]["schema"].get("primaryKey", [])
        if len(key) != 1:
            raise self.document.refusal([*keys, "resource"], "no single field names its rows; declare its primaryKey")
        frame = package.tables[name]
        for field in FIELD.findall(declared["words"]):
            self.document.known(field, frame.columns, [*keys, "words"], f"no field of “{name}”")
        section = section_at(self.document, [*keys, "section"], self.sections) if "section" in declared else None
        found = {}
        for row in frame.to_dict("records"):
            words = FIELD.sub(lambda field, row=row: lower(str(row[field[1]])), declared["words"])
            fact = f"{declared['prefix']}{row[key[0]]}"
            found[fact] = Piece(f"{source}.{fact}", STATEMENT, first_up(words), source=source, section=section)
        return found

    def _fact(self, keys: Keys) -> Piece:
        _, source, _, name = keys
        declared = self._at(keys)
        if "finding" in declared and "printed" in declared:
            raise self.document.refusal(keys, "has a finding and a printed number; keep the one that we can recompute")
        number = self._finding([*keys, "finding"]) if "finding" in declared else declared.get("printed", "")
        section = section_at(self.document, [*keys, "section"], self.sections) if "section" in declared else None
        stated = declared.get("relation")
        relation = Relation(tuple(stated["between"]), stated["and"], stated["found"]) if stated else None
        kind = COUNT if number else STATEMENT
        return Piece(f"{source}.{name}", kind, declared["words"], number, source, section, relation)

    def _finding(self, keys: Keys) -> Text:
        """The finding that is named at `keys`."""
        name = self._at(keys)
        study, *parts = name.split(".")
        try:
            value: Names | Text = self.studies(study)
            for part in parts:
                value = getattr(value, part)
        except AttributeError as error:
            raise self.document.refusal(keys, f"there is no finding “{name}”: {error}") from None
        if not isinstance(value, Text):
            raise self.document.refusal(keys, f"“{name}” holds several findings; name one of {', '.join(dir(value))}")
        return value

    def _link(self, keys: Keys) -> Bearing:
        declared = self._at(keys)
        given = [key for key in ("hypothesis", "relation") if key in declared]
        if len(given) != 1:
            raise self.document.refusal(keys, "must name either a hypothesis or a relation; give it one of them")
        known = self.hypotheses if given == ["hypothesis"] else self.relations
        self.document.known(declared[given[0]], known, [*keys, given[0]], f"no {given[0]}")
        self.document.known(declared["fact"], self.facts, [*keys, "fact"], "no fact")
        return Bearing(known[declared[given[0]]], self.facts[declared["fact"]], declared["says"], declared["reason"])

    def _check_links(self, links: Sequence[Bearing]) -> None:
        """Refuse to pass over a hypothesis or a relation, and to link one thing to the same fact twice."""
        for number, link in enumerate(links):
            if any((link.subject, link.fact) == (other.subject, other.fact) for other in links[:number]):
                raise self.document.refusal(["links", number], "links the same two as a link above; remove one of them")
        held = [source.key for source in self.sources.values() if source.study]
        for name, hypothesis in self.hypotheses.items():
            if not any(link.subject is hypothesis and link.fact.source in held for link in links):
                raise self.document.refusal(
                    ["links"], f"the hypothesis “{name}” has no link to a fact of {' or '.join(held)}; add one, "
                    f"which may be {SILENT}"
                )
        for name, relation in self.relations.items():
            if not any(link.subject is relation for link in links):
                raise self.document.refusal(["links"], f"the published relation “{name}” has no link; add one")

    def _point(self, keys: Keys) -> Conclusion:
        declared = self._at(keys)
        evidence = tuple(self._evidence([*keys, "evidence", number]) for number in range(len(declared["evidence"])))
        if keys[0] == "consequences":
            self.document.known(declared["audience"], self._at(["audiences"]), [*keys, "audience"], "no audience")
            if all(piece.kind == SIMULATED for piece in evidence):
                raise self.document.refusal(
                    keys, "rests on simulated data alone, which say nothing about the world; add published evidence, "
                    "or move it to the illustrations"
                )
        return Conclusion(declared.get("audience", ""), declared["text"], evidence)

    def _evidence(self, keys: Keys) -> Piece:
        """A fact by “source.fact”, a hypothesis by its id, or a finding by its name."""
        name = self._at(keys)
        if name in self.facts:
            return self.facts[name]
        if name in self.hypotheses:
            kind = SIMULATED if self.survey.study.simulated else ANSWERS
            return Piece(name, kind, self.hypotheses[name].claim, section=self.sections.get(f"sec-{name}"))
        if name.partition(".")[0] in self.sources or "." not in name:
            self.document.known(name, [*self.facts, *self.hypotheses], keys, "no fact and no hypothesis")
        found = self._finding(keys)
        design = name.split(".")[1] == "design"
        kind = DESIGN if design else SIMULATED if found.simulated else COUNT
        return Piece(name, kind, found, section=self.design if design else None)


# --- its numbers by name


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


def _sources(sources: Mapping[str, PublishedStudy]) -> Tree:
    read = [source.read_in for source in sources.values()]
    return {"count": text.whole(len(sources)), "abstracts": text.whole(read.count("abstract"))} | {
        key: joined(f"evidence.sources.{key}", {"n": text.whole(source.n) if source.n else "not stated"},
                    {name: _stated(fact) for name, fact in source.facts.items()}) for key, source in sources.items()
    }


def _stated(fact: Piece) -> Tree:
    """What a source states: in our words, with the relation in it, and its number if that is printed and not ours."""
    relation = fact.relation
    exact = {"between": " | ".join(relation.between), "outcome": relation.outcome,
             "found": relation.found} if relation else {}
    tree: Tree = {"words": text.Printed(fact.words, **exact)}
    if not fact.number or isinstance(fact.number, Text):
        return tree
    number = NUMBER.fullmatch(fact.number)
    value = {"value": float(number[1].replace(",", "")) / (100 if number[2] else 1)} if number else {}
    return tree | {"printed": text.Printed(fact.number, **value)}


def _links(links: Sequence[Bearing]) -> Tree:
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


def _hypotheses(survey: Study, links: Sequence[Bearing]) -> Tree:
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
