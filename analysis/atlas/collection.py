"""Which cases are documented, and what belongs to them?  The tables of data/documented, typed and tied together."""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from surveybook.survey.data.package import Package
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError

INCIDENT, EXERCISE = "incident", "exercise"
SITE = "https://atlas.mitre.org"


@dataclass(frozen=True)
class Case:
    """One case study. Of its date only the year is used, as some have no more than that."""

    id: str
    name: str
    kind: str
    year: int
    target: str


@dataclass(frozen=True)
class Step:
    """One step of a case: what it was for, and how it was done, by id."""

    case: str
    number: int
    tactic: str
    technique: str


@dataclass(frozen=True)
class Technique:
    """A technique, or a sub-technique of its `parent`."""

    id: str
    name: str
    parent: str
    maturity: str


@dataclass(frozen=True)
class Mitigation:
    """A mitigation: when in the life of a system it is done, and which techniques it is against, by id."""

    id: str
    name: str
    phases: tuple[str, ...]
    category: str
    techniques: frozenset[str]


@dataclass(frozen=True)
class Tally:
    """How many cases: those in which somebody was attacked apart from those in which it was tried."""

    incidents: int
    exercises: int

    @property
    def cases(self) -> int:
        return self.incidents + self.exercises


@dataclass(frozen=True)
class Documented:
    """All that is documented, by id; tactics by id with their name, in the order of the matrix."""

    cases: Mapping[str, Case]
    steps: tuple[Step, ...]
    techniques: Mapping[str, Technique]
    tactics: Mapping[str, str]
    mitigations: Mapping[str, Mitigation]

    def below(self, techniques: Iterable[str]) -> frozenset[str]:
        """Techniques with all their sub-techniques."""
        wanted = frozenset(techniques)
        return wanted | {one.id for one in self.techniques.values() if one.parent in wanted}

    def showing(self, techniques: Iterable[str]) -> frozenset[str]:
        """The cases with a step by one of these techniques, or by one below it; each once."""
        wanted = self.below(techniques)
        return frozenset(step.case for step in self.steps if step.technique in wanted)

    def serving(self, tactic: str, first: bool = False) -> frozenset[str]:
        """The cases with a step for this tactic; with `first`, those that begin with it."""
        return frozenset(step.case for step in self.steps
                         if step.tactic == tactic and (step.number == 1 or not first))

    def against(self, techniques: Iterable[str]) -> list[Mitigation]:
        """The mitigations that are named against one of these techniques, or against one below it."""
        wanted = self.below(techniques)
        return [one for one in self.mitigations.values() if one.techniques & wanted]

    def of_kind(self, kind: str) -> list[Case]:
        """The incidents, or the exercises, from the last year to the first."""
        return sorted((one for one in self.cases.values() if one.kind == kind), key=lambda one: (-one.year, one.id))

    def tally(self, cases: Several[str]) -> Tally:
        """How many of these cases are incidents, and how many exercises."""
        kinds = [self.cases[one].kind for one in set(cases)]
        return Tally(kinds.count(INCIDENT), kinds.count(EXERCISE))

    def in_year(self, year: int, cases: Several[str] | None = None) -> Tally:
        """How many cases of a year there are, of all or of these."""
        return self.tally([one.id for one in self.cases.values()
                           if one.year == year and (cases is None or one.id in cases)])

    @property
    def years(self) -> range:
        """Every year from the first case to the last, those without one as well."""
        found = [one.year for one in self.cases.values()]
        return range(min(found), max(found) + 1)


def read_documented(study: Study) -> Documented:
    """What a study has documented. Raises DataError for one that has no cases."""
    tables = study.package.tables
    if study.collection is None or "procedures" not in tables:
        raise DataError(f"the study “{study.id}” holds no documented cases; name the one that does")
    against = tables["mitigation_techniques"].groupby("mitigation")["technique"].agg(frozenset)
    _check_tactics(study.package)
    return Documented(
        {row.case: Case(row.case, row.name, row.kind, _year(study.package, row.Index, row.date), row.target)
         for row in _rows(study, "cases")},
        tuple(Step(row.case, row.step, row.tactic, row.technique) for row in _rows(study, "procedures")),
        {row.technique: Technique(row.technique, row.name, row.parent or "", row.maturity)
         for row in _rows(study, "techniques")},
        {row.tactic: row.name for row in _rows(study, "tactics")},
        {row.mitigation: Mitigation(row.mitigation, row.name, row.lifecycle, row.category,
                                    against.get(row.mitigation, frozenset()))
         for row in _rows(study, "mitigations")},
    )


def _rows(study: Study, name: str):
    """The rows of a file, empty cells as None."""
    frame = study.package.tables[name].astype(object)
    return frame.where(frame.notna(), None).itertuples()


def _year(package: Package, row: int, date: str) -> int:
    """The year of a date."""
    year = date[:4]
    if not (year.isascii() and year.isdigit()) or len(date) != len("2020-01-01"):
        path = package.folder / package.resources["cases"]["path"]
        raise DataError(f"{path}: row {row}, column “date”: “{date}” is no date; write it as 2020-01-31")
    return int(year)


def _check_tactics(package: Package) -> None:
    """Each tactic of a technique is one of the matrix; a list is no key that other programs could check."""
    known = set(package.tables["tactics"]["tactic"])
    for row, tactics in package.tables["techniques"]["tactics"].dropna().items():
        for tactic in tactics:
            if tactic not in known:
                path = package.folder / package.resources["techniques"]["path"]
                raise DataError(f"{path}: row {row}, column “tactics”: “{tactic}” is in no row of tactics.csv; "
                                "correct it, or add the row")
