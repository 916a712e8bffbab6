"""What is known of each attack, one row or one table each?  The profiles as tables."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from analysis.atlas.kinds import STRICT
from analysis.atlas.tables import EXERCISES, INCIDENTS, beside_picks, linked, of_cases
from analysis.judged import below
from analysis.profiles.declaration import Profile
from analysis.profiles.findings import SEEN, Attacks, seen
from surveybook.survey.show.display import LOOKED_UP, Column, Html, Table
from surveybook.survey.show.tables.cells import cited, listed, shown_in
from surveybook.survey.words import text

GAPS = "sec-gaps-today"  # the chapter that judges them


def attack_index(attacks: Attacks) -> Table:
    """All attacks in short, each with links to its chapter and to its gaps. One row for each attack, in the order of
    the list; cases and years are those of the strict reading."""
    profiles = list(attacks.profiles.profiles.values())
    data = pd.DataFrame([
        {"attack": one.kind.id, "label": one.kind.label, "picks": one.kind.picks,
         "incidents": one.kind.strict.tally.incidents, "exercises": one.kind.strict.tally.exercises,
         "cases_broad": one.kind.broad.tally.cases, "seen": SEEN[seen(one)],
         "first": min(_years(attacks, one), default=None), "last": max(_years(attacks, one), default=None),
         "gaps": ", ".join(gap.id for gap, _ in one.gaps)} for one in profiles
    ]).astype({"picks": "Int64", "first": "Int64", "last": "Int64"})
    rows = [[shown_in(attacks.sections[one.section], one.kind.label),
             "–" if row.picks is pd.NA else text.whole(row.picks), text.whole(row.incidents), text.whole(row.exercises),
             row.seen, _span(row.first, row.last), _gaps(attacks, one)]
            for one, row in zip(profiles, data.itertuples(), strict=True)]
    columns = [Column("Attack"), Column("Picks", True), INCIDENTS, EXERCISES, Column("Seen"), Column("Years"),
               Column("Gaps that it falls into")]
    table = of_cases(attacks.collected, attack_index, "Attacks, one by one", columns, rows, data)
    return beside_picks(table, attacks.asked, "; gaps: judgement of this report",
                        f" Gaps: our judgement of {attacks.profiles.judged}.")


def attack_cases(attacks: Attacks, profile: Profile) -> Table:
    """The cases that show an attack, under both readings, from the last to the first. One row for each case."""
    package = attacks.collected.study.package
    kinds, cases = package.labels("cases", "kind"), attacks.profiles.documented.cases
    own = sorted((cases[one] for one in profile.kind.broad.cases), key=lambda one: (-one.year, one.id))
    data = [{"case": one.id, "name": one.name, "kind": one.kind, "year": one.year, "target": one.target,
             "reading": _reading(one.id in profile.kind.strict.cases)} for one in own]
    rows = [[linked(one.name, one.id), kinds[one.kind], str(one.year), one.target,
             _reading(one.id in profile.kind.strict.cases)] for one in own]
    columns = [Column("Case"), Column("Kind"), Column("Year", True), Column("Target"), Column("Reading")]
    return of_cases(attacks.collected, attack_cases, f"{profile.kind.label}: documented cases", columns, rows, data,
                    len(rows) > LOOKED_UP)


def attack_techniques(attacks: Attacks, profile: Profile) -> Table:
    """The techniques of ATLAS that stand for an attack, and the cases with a step by each. One row for each."""
    package, documented = attacks.collected.study.package, attacks.profiles.documented
    lines = package.tables["mapping"]
    own = lines[(lines["attack"] == profile.kind.id) & lines["technique"].notna()]
    tallies = {one: documented.tally(documented.showing([one])) for one in own["technique"]}
    data = own[["technique", "reading", "reason"]].reset_index(drop=True).assign(
        name=lambda frame: [documented.techniques[one].name for one in frame["technique"]],
        maturity=lambda frame: [documented.techniques[one].maturity for one in frame["technique"]],
        incidents=lambda frame: [tallies[one].incidents for one in frame["technique"]],
        exercises=lambda frame: [tallies[one].exercises for one in frame["technique"]])
    rows = [[linked(row.name, row.technique), f"{row.reason}.", row.reading, text.whole(row.incidents),
             text.whole(row.exercises)] for row in data.itertuples(index=False)]
    columns = [Column("Technique"), Column("Why it stands for the attack"), Column("Reading"), INCIDENTS, EXERCISES]
    name = f"{profile.kind.label}: techniques of MITRE ATLAS"
    return of_cases(attacks.collected, attack_techniques, name, columns, rows, data, len(rows) > LOOKED_UP)


def attack_names(attacks: Attacks, profile: Profile) -> Table:
    """What others call an attack, and how well the name fits. One row for each name."""
    data = [{"name": one.name, "id": one.id or None, "source": one.source, "fit": one.fit}
            for one in profile.terms]
    rows = [[below(escape(one.name), *filter(None, [escape(one.id)])), cited(one.source, attacks.references),
             attacks.profiles.fits[one.fit]] for one in profile.terms]
    columns = [Column("Name"), Column("Source"), Column("How it fits, in our judgement")]
    return attacks.file.table(attack_names, f"{profile.kind.label}: names elsewhere", columns, rows, data)


def attack_mitigations(attacks: Attacks, profile: Profile) -> Table:
    """The mitigations that ATLAS names against an attack, by phase of the life cycle; those under the broad reading
    alone say so. One row for each phase that has one."""
    phases = attacks.collected.study.package.labels("mitigations", "lifecycle")
    kind = profile.kind
    own = {phase: [one for one in kind.broad.mitigations if phase in one.phases] for phase in phases}
    own = {phase: found for phase, found in own.items() if found}
    data = [{"phase": phase, "mitigations": ", ".join(one.id for one in found),
             "strict": sum(one in kind.strict.mitigations for one in found), "broad": len(found)}
            for phase, found in own.items()]
    rows = [[phases[phase], listed(linked(one.name, one.id) + ("" if one in kind.strict.mitigations
                                                               else " (broad reading)") for one in found)]
            for phase, found in own.items()]
    columns = [Column("Phase of the life cycle"), Column("Mitigations")]
    return of_cases(attacks.collected, attack_mitigations, f"{kind.label}: mitigations by phase", columns, rows, data)


def attack_sources(attacks: Attacks) -> Table:
    """What was read for the names, when and where, and what stands there. One row for each source."""
    return attacks.file.readings(attack_sources, "Sources of the names", attacks.profiles.readings,
                                   attacks.references)


def _years(attacks: Attacks, profile: Profile) -> list[int]:
    """The years of the cases that show it, under the strict reading."""
    return [attacks.profiles.documented.cases[one].year for one in profile.kind.strict.cases]


def _span(first: Any, last: Any) -> str:
    """“2016–2024”, a single year, or a dash."""
    return "–" if first is pd.NA else f"{first}" if first == last else f"{first}–{last}"


def _gaps(attacks: Attacks, profile: Profile) -> Html:
    """Links to the gaps."""
    page = attacks.sections[GAPS].page
    links = " · ".join(f'<a href="../{page}#{gap.section}">{escape(gap.label)}</a>' for gap, _ in profile.gaps)
    return Html(f"<span>{links}</span>")


def _reading(strict: bool) -> str:
    return STRICT if strict else "broad alone"
