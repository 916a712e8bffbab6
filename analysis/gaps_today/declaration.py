"""What of each gap exists today, and what do we make of it?  data/gaps-today.yaml, with every name in it looked up."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.judged import ITSELF, SCHEMAS, Reading, check_needed, check_order, read_sources, read_study
from surveybook.survey.data.package import Package
from surveybook.survey.data.schema import Document, read_yaml
from surveybook.survey.data.study import Study
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.words import text

FILE, SCHEMA = "gaps-today.yaml", "gaps-today"
CLOSED, PARTLY, OPEN, CANNOT_TELL = VERDICTS = ("closed", "partly", "open", "cannot tell")
MITIGATION = "mitigation"  # the kind of thing of which ATLAS says all


@dataclass(frozen=True)
class Provision:
    """A thing that exists. `date`: a day, month or year; `source`: a key of the readings; `atlas`: its id there, or
    nothing; `gives`: what it gives, in our words."""

    name: str
    kind: str
    date: str
    source: str
    atlas: str
    gives: str


@dataclass(frozen=True)
class Gap:
    """A gap as the study has it, what exists today, and our verdict with its reason and what would change it; `thin`:
    why the sources are thin, or nothing; `synonyms`: other words by which readers look for it."""

    id: str
    label: str
    missing: str
    phase: str
    counterpart: str
    hurts: str
    exists: tuple[Provision, ...]
    verdict: str
    reason: str
    change: str
    quarter: tuple[str, ...]
    log: tuple[str, ...]
    thin: str
    synonyms: tuple[str, ...]

    @property
    def section(self) -> str:
        """The id of its section."""
        return f"sec-gap-{self.id}"

    @property
    def sources(self) -> list[str]:
        """The keys of what was read for it, each once."""
        return list(dict.fromkeys(one.source for one in self.exists))

    @property
    def atlas(self) -> list[str]:
        """The ids of ATLAS that stand against it."""
        return [one.atlas for one in self.exists if one.atlas]


@dataclass(frozen=True)
class Judgement:
    """The gaps of a study as they were judged on a day; what each verdict means; what was read, by key."""

    study: Study
    judged: str
    meanings: Mapping[str, str]
    readings: Mapping[str, Reading]
    gaps: tuple[Gap, ...]

    def of(self, verdict: str) -> list[Gap]:
        """The gaps with this verdict, in the order of the study."""
        return [gap for gap in self.gaps if gap.verdict == verdict]

    def during(self, phase: str) -> list[Gap]:
        """The gaps of a phase of the life cycle."""
        return [gap for gap in self.gaps if gap.phase == phase]

    @property
    def phases(self) -> dict[str, str]:
        """The phases of the life cycle, each with its label."""
        return self.study.package.labels("gaps", "phase")


def read_judgement(path: Path, studies: Callable[[str], Findings], references: Container[str]) -> Judgement:
    """The file `path`, with the gaps of the study that it names, and what its collection holds of ATLAS.

    Raises DataError, one sentence with file and line, for what the schema does not allow; for a study that data/ has
    not; for a source that is not in references.bib, or that no gap needs; for a gap that is unknown, out of order,
    missing or judged twice; for one without a source that was read itself, unless it says why; for an id that ATLAS has
    not; and for a date, name or words where ATLAS says them.
    """
    document = read_yaml(path, SCHEMA, SCHEMAS)
    data = document.data
    study, collection = (read_study(document, key, studies) for key in ("study", "collection"))
    readings = read_sources(document, references)
    entries, phases = _entries(collection.package), collection.package.labels("mitigations", "lifecycle")
    frame = study.package.tables["gaps"]
    labels, rows = study.package.labels("gaps", "gap"), {row.gap: row for row in frame.itertuples()}
    check_order(document, "gaps", "gap", list(rows), "study", f"add it, “{CANNOT_TELL}” is a verdict too")
    gaps = []
    for number, declared in enumerate(data["gaps"]):
        row = rows[declared["gap"]]
        things = range(len(declared["exists"]))
        provisions = tuple(_provision(document, number, each, readings, entries, phases) for each in things)
        gaps.append(Gap(
            row.gap, labels[row.gap], row.missing, row.phase, row.counterpart, declared["hurts"], provisions,
            declared["verdict"], declared["reason"], declared["change"], tuple(declared["quarter"]),
            tuple(declared["log"]), declared.get("thin", ""), tuple(declared.get("synonyms", ()))))
        if all(readings[key].extent != ITSELF for key in gaps[-1].sources) and not gaps[-1].thin:
            raise document.refusal(["gaps", number], "no source was read itself; say at “thin” what that leaves open")
    check_needed(document, {key for gap in gaps for key in gap.sources}, "gap")
    return Judgement(study, data["judged"], data["verdicts"], readings, tuple(gaps))


def _provision(document: Document, gap: int, number: int, readings: Mapping[str, Reading],
               entries: Mapping[str, Entry], phases: Mapping[str, str]) -> Provision:
    keys = ["gaps", gap, "exists", number]
    declared = document.data["gaps"][gap]["exists"][number]
    document.known(declared["source"], readings, [*keys, "source"], "no source")
    atlas, kind = declared.get("atlas", ""), declared["kind"]
    if atlas and atlas not in entries:
        document.known(atlas, entries, [*keys, "atlas"], "no tactic, technique or mitigation of ATLAS")
    entry = entries.get(atlas)
    if kind == MITIGATION and not (entry and entry.phases):
        raise document.refusal(keys, "a mitigation is one of ATLAS; give its id at “atlas”, or another kind")
    said = {"date": bool(entry), "name": kind == MITIGATION, "gives": kind == MITIGATION}
    for key, elsewhere in said.items():
        if elsewhere and key in declared:
            raise document.refusal([*keys, key], f"ATLAS says it of {atlas}; take it out")
        if not elsewhere and key not in declared:
            raise document.refusal(keys, f"the key “{key}” is missing; ATLAS does not say it")
    if entry and kind == MITIGATION:
        listed = text.listing([text.lower(phases[phase]) for phase in phases if phase in entry.phases])
        return Provision(entry.name, kind, entry.created, declared["source"], atlas, f"ATLAS names it for {listed}.")
    return Provision(declared["name"], kind, entry.created if entry else declared["date"], declared["source"], atlas,
                     declared["gives"])


# --- what ATLAS says


@dataclass(frozen=True)
class Entry:
    """A tactic, technique or mitigation of ATLAS: its name, when it was made, and the phases of a mitigation."""

    name: str
    created: str
    phases: tuple[str, ...] = ()


def _entries(package: Package) -> dict[str, Entry]:
    """All of them, by id."""
    return {
        getattr(row, key): Entry(row.name, row.created, row.lifecycle if table == "mitigations" else ())
        for table, key in (("tactics", "tactic"), ("techniques", "technique"), ("mitigations", "mitigation"))
        for row in package.tables[table].itertuples()
    }
