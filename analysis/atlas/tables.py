"""What are the numbers of the documented cases?  Tables of counts of cases, incidents apart from exercises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import pandas as pd

from analysis.atlas.collection import SITE, Case, Mitigation, Tally, read_documented
from analysis.atlas.findings import everything
from analysis.atlas.kinds import BROAD, NONE, STRICT, Kind, shown_by
from analysis.atlas.slips import Slip
from analysis.atlas.slips import checks as checks_of
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.about import Rows, about, source_line
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show.display import Column, Html, Table
from surveybook.survey.words import text

INCIDENTS, EXERCISES = Column("Incidents", True), Column("Exercises", True)
PATHS = {"CS": "studies", "TA": "tactics", "T": "techniques", "M": "mitigations"}  # of the site of ATLAS, by id
FOLDED = 30  # cases from which a list of them, which nobody reads in a row, is folded


def years(findings: Findings) -> Table:
    """How many incidents and exercises each year has. One row for each year, those without a case as well."""
    documented = read_documented(findings.study)
    tallies = [(year, documented.in_year(year)) for year in documented.years]
    data = [{"year": year, **_counts(tally)} for year, tally in tallies]
    rows = [[str(year), *_cells(tally)] for year, tally in tallies]
    return of_cases(findings, years, "Documented cases by year", [Column("Year"), INCIDENTS, EXERCISES], rows, data)


def tactics(findings: Findings) -> Table:
    """How many incidents and exercises have a step for each tactic, and begin with one. One row for each tactic, in the
    order of the matrix."""
    documented = read_documented(findings.study)
    found = [(name, tactic, documented.tally(documented.serving(tactic)),
              documented.tally(documented.serving(tactic, first=True))) for tactic, name in documented.tactics.items()]
    data = [
        {"tactic": tactic, "name": name, **_counts(tally), **_counts(first, "_opening")}
        for name, tactic, tally, first in found
    ]
    rows = [[linked(name, tactic), *_cells(tally), *_cells(first)] for name, tactic, tally, first in found]
    columns = [Column("Tactic"), INCIDENTS, EXERCISES, Column("Incidents that begin with it", True),
               Column("Exercises that begin with it", True)]
    return of_cases(findings, tactics, "Tactics in documented cases", columns, rows, data)


def maturity(findings: Findings) -> Table:
    """How many techniques and sub-techniques there are of each maturity. One row for each maturity."""
    documented = read_documented(findings.study)
    labels = findings.study.package.labels("techniques", "maturity")
    levels = [(level, [one for one in documented.techniques.values() if one.maturity == level]) for level in labels]
    data = [
        {"maturity": level, "techniques": sum(not one.parent for one in own),
         "sub_techniques": sum(bool(one.parent) for one in own), "all": len(own)} for level, own in levels
    ]
    rows = [[f"{labels[row['maturity']]} ({row['maturity']})", text.whole(row["techniques"]),
             text.whole(row["sub_techniques"]), text.whole(row["all"])] for row in data]
    columns = [Column("Where the technique was seen"), Column("Techniques", True), Column("Sub-techniques", True),
               Column("Together", True)]
    return of_cases(findings, maturity, "Techniques by maturity", columns, rows, data)


def cases(findings: Findings, asked: Findings, kind: str) -> Table:
    """The incidents, or the exercises, from the last to the first, with what was attacked and the kinds that they show.
    One row for each case; `asked` is the study with the list of attacks.

    Raises DataError for another kind of case.
    """
    labels = findings.study.package.labels("cases", "kind")
    if kind not in labels:
        raise DataError(f"no case is called “{kind}”; use one of {', '.join(labels)}")
    documented, kinds = everything(findings, asked)
    shown, own = shown_by(kinds), documented.of_kind(kind)
    data = [
        {"case": one.id, "name": one.name, "year": one.year, "target": one.target,
         **{reading: ", ".join(each.id for each, how in shown.get(one.id, ()) if how == reading)
            for reading in (STRICT, BROAD)}} for one in own
    ]
    rows = [[linked(one.name, one.id), str(one.year), one.target, _kinds_of(one, shown)] for one in own]
    columns = [Column(labels[kind]), Column("Year", True), Column("Target"), Column("Kinds of attack that it shows")]
    return of_cases(findings, cases, f"Documented {labels[kind].lower()}s", columns, rows, data, len(rows) > FOLDED)


def checks(findings: Findings) -> Table:
    """The rules that the source was held to. One row for each rule."""
    found = checks_of(findings.study, read_documented(findings.study))
    data = [
        {"rule": one.rule, "tried_on": one.tried, "slips": len(one.slips),
         "when": "at each build" if one.now else "when the file was read"} for one in found
    ]
    rows = [[row["rule"], text.whole(row["tried_on"]), text.whole(row["slips"]),
             "does not hold" if row["slips"] else "holds", text.first_up(row["when"])] for row in data]
    columns = [Column("Rule"), Column("Tried on", True), Column("Slips", True), Column("Verdict"), Column("Tried")]
    return of_cases(findings, checks, "Rules for the source", columns, rows, data)


def slips(findings: Findings) -> Table:
    """What is amiss in the source, and what became of it. One row for each slip.

    Raises DataError where nothing is amiss.
    """
    found = [(check, slip) for check in checks_of(findings.study, read_documented(findings.study))
             for slip in check.slips]
    if not found:
        raise DataError(f"nothing is amiss in the source of “{findings.study.id}”; take the table out")
    data = [{"rule": check.rule, "place": slip.place, "name": slip.name, "found": slip.found,
             "treated": check.treated} for check, slip in found]
    rows = [[_placed(slip), check.rule, slip.found, text.first_up(check.treated)] for check, slip in found]
    columns = [Column("Where"), Column("Rule that does not hold"), Column("What stands there"), Column("Treated")]
    return of_cases(findings, slips, "Slips of the source", columns, rows, data, folded=True)


def feared(findings: Findings, asked: Findings) -> Table:
    """How many organizations feared each kind of attack most, beside the cases that show it under both readings. One
    row for each kind, in the order of the list; those that were not on it at the end."""
    _, kinds = everything(findings, asked)
    data = pd.DataFrame([
        {"kind": one.id, "label": one.label, "picks": one.picks, **_counts(one.strict.tally),
         **_counts(one.broad.tally, "_broad")} for one in kinds
    ]).astype({"picks": "Int64"})
    rows = [[one.label, "not on the list" if one.picks is None else text.whole(one.picks), *_cells(one.strict.tally),
             *_cells(one.broad.tally)] for one in kinds]
    columns = [Column("Kind of attack"), Column("Picks", True), INCIDENTS, EXERCISES,
               Column("Incidents, broad reading", True), Column("Exercises, broad reading", True)]
    return beside_picks(of_cases(findings, feared, "Feared and documented", columns, rows, data), asked)


def kinds(findings: Findings, asked: Findings) -> Table:
    """How many incidents and exercises of each year show each kind of attack, under the strict reading. One row for
    each kind; “1 + 2” are an incident and two exercises."""
    documented, found = everything(findings, asked)
    by_year = {one.id: [(year, documented.in_year(year, one.strict.cases)) for year in documented.years]
               for one in found}
    data = [
        {"kind": one.id, "label": one.label} | {f"{word}_{year}": number for year, tally in by_year[one.id]
                                                for word, number in _counts(tally).items()} for one in found
    ]
    rows = [[one.label, *(pair(tally) for _, tally in by_year[one.id])] for one in found]
    columns = [Column("Kind of attack"), *(Column(str(year), True) for year in documented.years)]
    return of_cases(findings, kinds, "Kinds of attacks by year", columns, rows, data)


def phases(findings: Findings, asked: Findings) -> Table:
    """How many mitigations are named against each kind of attack, in each phase of the life cycle, under the strict
    reading. One row for each kind; a mitigation counts in each of its phases."""
    _, found = everything(findings, asked)
    labels = findings.study.package.labels("mitigations", "lifecycle")
    numbers = {one.id: [sum(phase in each.phases for each in one.strict.mitigations) for phase in labels]
               for one in found}
    data = [
        {"kind": one.id, "label": one.label, **dict(zip(labels, numbers[one.id], strict=True)),
         "mitigations": len(one.strict.mitigations), "mitigations_broad": len(one.broad.mitigations)} for one in found
    ]
    rows = [[one.label, *map(text.whole, numbers[one.id]), text.whole(len(one.strict.mitigations)),
             text.whole(len(one.broad.mitigations))] for one in found]
    columns = [Column("Kind of attack"), *(Column(label, True) for label in labels.values()),
               Column("Mitigations in all", True), Column("In all, broad reading", True)]
    return of_cases(findings, phases, "Mitigations by phase", columns, rows, data)


def mitigations(findings: Findings, asked: Findings) -> Table:
    """The mitigations that are named against any kind of attack, with their phases. One row for each mitigation."""
    documented, found = everything(findings, asked)
    package = findings.study.package
    names, categories = package.labels("mitigations", "lifecycle"), package.labels("mitigations", "category")
    against = [(one, [kind for kind in found if one in kind.broad.mitigations])
               for one in documented.mitigations.values()]
    shown = [(one, own) for one, own in against if own]
    data = [
        {"mitigation": one.id, "name": one.name, "category": one.category, "phases": ", ".join(one.phases),
         STRICT: ", ".join(kind.id for kind in own if one in kind.strict.mitigations),
         BROAD: ", ".join(kind.id for kind in own if one not in kind.strict.mitigations)} for one, own in shown
    ]
    rows = [[linked(one.name, one.id), categories[one.category],
             "; ".join(label for phase, label in names.items() if phase in one.phases), _against(one, own)]
            for one, own in shown]
    columns = [Column("Mitigation"), Column("Category"), Column("Phases of the life cycle"), Column("Against")]
    return of_cases(findings, mitigations, "Mitigations against the kinds of attacks", columns, rows, data, folded=True)


def mapping(findings: Findings) -> Table:
    """Which techniques stand for which kind of attack, under which reading, and why. One row for each line of the
    mapping."""
    package, documented = findings.study.package, read_documented(findings.study)
    labels, lines = package.labels("mapping", "attack"), package.tables["mapping"]
    data = lines.astype(object).where(lines.notna(), None).reset_index(drop=True)
    rows = [[labels[row.attack],
             linked(documented.techniques[row.technique].name, row.technique) if row.reading != NONE else "none",
             row.reading if row.reading != NONE else "–", f"{row.reason}."] for row in data.itertuples()]
    columns = [Column("Kind of attack"), Column("Technique"), Column("Reading"), Column("Why")]
    return of_cases(findings, mapping, "From the list of attacks to techniques", columns, rows, data, folded=True)


def pair(tally: Tally) -> str:
    """“1 + 2”: incidents and exercises; nought where there is neither."""
    return f"{text.whole(tally.incidents)} + {text.whole(tally.exercises)}" if tally.cases else text.whole(0)


def of_cases(findings: Findings, made_by: Callable[..., Any], name: str, columns: Sequence[Column],
             rows: Sequence[Sequence[str]], data: Rows, folded: bool = False) -> Table:
    """A table that holds numbers of the collection alone."""
    source = f"Source: {source_line(findings.study)}."
    return Table(name, columns, rows, about(findings.study, made_by, data), source, folded=folded)


def beside_picks(table: Table, asked: Findings, more: str = "", judged: str = "") -> Table:
    """The same, of a table that holds numbers of the study with the list as well, and `more`, with its note."""
    picks, facts = source_line(asked.study, asked.study.question("attack")), dict(table.about)
    facts["source"] = f"{facts['source']}; picks: {asked.study.source}{more}"
    facts["credit"] = f"{facts['credit']}; picks: {picks}{more}"
    note = f"Picks: {picks}. Cases: {table.note.removeprefix('Source: ')}{judged}"
    return replace(table, about=facts, note=note)


def _counts(tally: Tally, end: str = "") -> dict[str, int]:
    return {f"incidents{end}": tally.incidents, f"exercises{end}": tally.exercises}


def _cells(tally: Tally) -> list[str]:
    return [text.whole(tally.incidents), text.whole(tally.exercises)]


def linked(name: str, key: str) -> Html:
    """A name with its id, which leads to the page of ATLAS on it."""
    return Html(f'{escape(name)} <a class="place" href="{address_of(key)}">{escape(key)}</a>')


def address_of(key: str) -> str:
    """The page of ATLAS on what has this id."""
    return f"{SITE}/{PATHS[key.removeprefix('AML.').rstrip('.0123456789')]}/{escape(key)}"


def _placed(slip: Slip) -> Html:
    return Html(f'{escape(slip.name)} <span class="place">{escape(slip.place)}</span>')


def _kinds_of(case: Case, shown: Any) -> str:
    """The kinds that a case shows; those under the broad reading alone say so."""
    return _listed((kind.label, how == STRICT) for kind, how in shown.get(case.id, ())) or "none of the kinds"


def _against(one: Mitigation, own: Sequence[Kind]) -> str:
    return _listed((kind.label, one in kind.strict.mitigations) for kind in own)


def _listed(labels: Iterable[tuple[str, bool]]) -> str:
    return "; ".join(label if strict else f"{label} (broad reading)" for label, strict in labels)


