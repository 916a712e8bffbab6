"""What is each attack, what do others call it, what follows?  data/attacks.yaml, with every name in it looked up."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.atlas.collection import Documented, read_documented
from analysis.atlas.findings import kinds_of
from analysis.atlas.kinds import Kind
from analysis.gaps_today.declaration import Gap, Judgement
from analysis.judged import SCHEMAS, Reading, check_needed, check_order, read_sources, read_study
from surveybook.survey.data.schema import Document, read_yaml
from surveybook.survey.evidence.findings import Findings

FILE, SCHEMA = "attacks.yaml", "attacks"
# The concerns that the abstract of the published survey names (grosse2023)
CONCERNS = {"decisions": "decisions that cannot be relied on", "leakage": "the leakage of business information",
            "bias": "bias in models"}


@dataclass(frozen=True)
class Term:
    """What a source calls an attack: its `id` there, or nothing; `fit`: how well the name fits, a key of the fits."""

    source: str
    id: str
    name: str
    fit: str


@dataclass(frozen=True)
class Profile:
    """An attack: picks and cases are those of its `kind`. `case`: the id of the one that the example tells, or nothing;
    `gaps` and `further` reading each with the reason."""

    kind: Kind
    means: str
    example: str
    case: str
    concerns: tuple[str, ...]
    terms: tuple[Term, ...]
    log: tuple[str, ...]
    gaps: tuple[tuple[Gap, str], ...]
    further: tuple[tuple[str, str], ...]

    @property
    def section(self) -> str:
        """The id of its chapter."""
        return f"sec-attack-{self.kind.id}"

    @property
    def sources(self) -> list[str]:
        """The keys of those who name it, each once."""
        return list(dict.fromkeys(one.source for one in self.terms))


@dataclass(frozen=True)
class Profiles:
    """The attacks by id, as they were judged on a day; what was documented; how names can fit; what was read, by key:
    for the names alone (`readings`), and for the gaps as well (`known`)."""

    judged: str
    documented: Documented
    fits: Mapping[str, str]
    readings: Mapping[str, Reading]
    known: Mapping[str, Reading]
    profiles: Mapping[str, Profile]


def read_profiles(path: Path, studies: Callable[[str], Findings], judgement: Judgement,
                  references: Container[str]) -> Profiles:
    """The file `path`, with the picks and the collection of the studies that it names, and the judged gaps.

    Raises DataError, one sentence with file and line, for what the schema does not allow; for a study that data/ has
    not; for a source that is not in references.bib, that the gaps have already, or that nothing needs; for an attack
    that is unknown, out of order, missing or told twice; for an unknown gap; and for a case that does not show it.
    """
    document = read_yaml(path, SCHEMA, SCHEMAS)
    data = document.data
    asked, collection = (read_study(document, key, studies) for key in ("study", "collection"))
    documented = read_documented(collection)
    kinds = {kind.id: kind for kind in kinds_of(collection, documented, asked)}
    for key in data["sources"]:
        if key in judgement.readings:
            raise document.refusal(["sources", key], "gaps-today.yaml says already how it was read; take it out here")
    readings = read_sources(document, references)
    known = {**judgement.readings, **readings}
    check_order(document, "attacks", "attack", list(kinds), "mapping", "add it")
    gaps = {gap.id: gap for gap in judgement.gaps}
    profiles = {declared["attack"]: _profile(document, number, kinds[declared["attack"]], known, gaps, documented)
                for number, declared in enumerate(data["attacks"])}
    check_needed(document, {key for one in profiles.values() for key in (*one.sources, *dict(one.further))}, "attack")
    return Profiles(data["judged"], documented, data["fits"], readings, known, profiles)


def _profile(document: Document, number: int, kind: Kind, known: Mapping[str, Reading], gaps: Mapping[str, Gap],
             documented: Documented) -> Profile:
    declared, keys = document.data["attacks"][number], ["attacks", number]
    if case := declared.get("case", ""):
        document.known(case, documented.cases, [*keys, "case"], "no case of ATLAS")
        if case not in kind.broad.cases:
            raise document.refusal([*keys, "case"], f"{case} does not show this attack under any reading; name another "
                                   "one, or add its technique to mapping.csv")
    for name in ("names", "read"):
        for place, one in enumerate(declared[name]):
            document.known(one["source"], known, [*keys, name, place, "source"], "no source")
    for place, one in enumerate(declared["gaps"]):
        document.known(one["gap"], gaps, [*keys, "gaps", place, "gap"], "no gap of the study")
    return Profile(
        kind, declared["means"], declared["example"], case, tuple(declared["concerns"]),
        tuple(Term(one["source"], one.get("id", ""), one["name"], one["fit"]) for one in declared["names"]),
        tuple(declared["log"]), tuple((gaps[one["gap"]], one["why"]) for one in declared["gaps"]),
        tuple((one["source"], one["why"]) for one in declared["read"]))
