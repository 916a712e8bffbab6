"""Where does the source slip?  Rules that are tried on every row, and what was found when the file was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.atlas.collection import EXERCISE, INCIDENT, Documented
from analysis.atlas.source import ACTOR, MISPLACED
from surveybook.survey.data.study import Study
from surveybook.survey.words import text

READ = {MISPLACED: "mitigations", ACTOR: "cases"}  # rules that were tried on the published file, and on what there
ROUND = {"year": "-01-01", "month": "-01"}  # how a date ends that means no more than its granularity
DATED = ("tactics", "techniques", "mitigations")


@dataclass(frozen=True)
class Slip:
    """One thing that is amiss: in what it was found, and what stands there."""

    place: str
    name: str
    found: str


@dataclass(frozen=True)
class Check:
    """One rule: what must hold, on how many rows it was tried, and where it does not hold. `treated`: what this report
    does about it; `now`: whether it is tried at each build, and not only when the file was read."""

    rule: str
    tried: int
    slips: tuple[Slip, ...]
    treated: str
    now: bool = True


def checks(study: Study, documented: Documented) -> list[Check]:
    """Every rule with what it found: those tried on the tables first, then what was found when the file was read."""
    tables = study.package.tables
    rules: list[tuple[str, Callable[..., Iterator[Slip]], int, str]] = [
        ("A date says no more than its granularity", _dates, len(tables["cases"]), "only the year is used"),
        ("Nothing is modified before it was created", _modified, sum(len(tables[name]) for name in DATED),
         "neither date is used where one is needed"),
        ("A mitigation names a technique once", _repeated, len(tables["mitigation_techniques"]), "it is counted once"),
        ("One technique of ATT&CK stands behind one technique", _followed,
         int(tables["techniques"]["attack_reference"].notna().sum()), "the ids of ATT&CK are not used"),
        ("A step is for a tactic of its technique", _tactics, len(tables["procedures"]),
         "the step is counted as it is"),
        ("The maturity of a technique is that of its cases", _maturity, len(tables["techniques"]),
         "the maturity is shown as it is"),
    ]
    found = [Check(rule, tried, tuple(find(tables, documented)), treated) for rule, find, tried, treated in rules]
    names, rows = _names(tables), tables["slips"]
    for name, rule in study.package.labels("slips", "slip").items():
        own = list(rows[rows["slip"] == name].itertuples())
        slips = tuple(Slip(row.place, names[row.place], f"{row.field}: {row.found}") for row in own)
        found.append(Check(rule, len(tables[READ[name]]), slips, own[0].treated if own else "", now=False))
    return found


def _names(tables: dict[str, pd.DataFrame]) -> dict[str, str]:
    """Id -> name of everything that has one."""
    return {place: called for name in ("cases", "techniques", "mitigations")
            for place, called in zip(tables[name].iloc[:, 0], tables[name]["name"], strict=True)}


def _dates(tables: dict[str, pd.DataFrame], _: Documented) -> Iterator[Slip]:
    for row in tables["cases"].itertuples():
        if not row.date.endswith(ROUND.get(row.date_granularity, "")):
            yield Slip(row.case, row.name, f"{row.date}, of which only the {row.date_granularity} is meant")


def _modified(tables: dict[str, pd.DataFrame], _: Documented) -> Iterator[Slip]:
    for name in DATED:
        for row in tables[name].itertuples():
            if row.modified < row.created:
                yield Slip(getattr(row, name.removesuffix("s")), row.name,
                           f"created {row.created}, modified {row.modified}")


def _repeated(tables: dict[str, pd.DataFrame], documented: Documented) -> Iterator[Slip]:
    pairs = Counter(tables["mitigation_techniques"].itertuples(index=False, name=None))
    for (mitigation, technique), times in pairs.items():
        if times > 1:
            yield Slip(mitigation, documented.mitigations[mitigation].name,
                       f"{technique}, {documented.techniques[technique].name}, {text.whole(times)} times")


def _followed(tables: dict[str, pd.DataFrame], _: Documented) -> Iterator[Slip]:
    frame = tables["techniques"].dropna(subset="attack_reference")
    for reference, rows in frame.groupby("attack_reference", sort=False):
        if len(rows) > 1:
            yield Slip(text.listing(list(rows["technique"])), text.listing(list(rows["name"])), f"both {reference}")


def _tactics(tables: dict[str, pd.DataFrame], documented: Documented) -> Iterator[Slip]:
    known = dict(zip(tables["techniques"]["technique"], tables["techniques"]["tactics"], strict=True))
    for step in documented.steps:
        technique = documented.techniques[step.technique]
        if step.tactic not in (known[technique.parent or technique.id] or ()):
            yield Slip(f"{step.case}, step {step.number}", documented.cases[step.case].name,
                       f"{technique.name} for {documented.tactics[step.tactic]}")


def _maturity(_: dict[str, pd.DataFrame], documented: Documented) -> Iterator[Slip]:
    """In an incident, in an exercise, or in neither, counting the cases of sub-techniques too."""
    for technique in documented.techniques.values():
        kinds = {documented.cases[case].kind for case in documented.showing([technique.id])}
        seen = "realized" if INCIDENT in kinds else "demonstrated" if EXERCISE in kinds else "feasible"
        if seen != technique.maturity:
            yield Slip(technique.id, technique.name, f"{technique.maturity}, and by its cases {seen}")
