"""Which numbers of the profiles can stand in a sentence?

    attacks.count                       how many attacks have a profile
    attacks.seen.incident.count         how many are shown by an incident, under the strict reading; .label which
    attacks.means.poisoning             what an attack is, in our words
    attacks.sources.part                how many sources were read in part for their names
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.gaps_today.findings import Today
from analysis.judged import JudgedFile, how_read, named
from analysis.profiles.declaration import FILE, Profile, Profiles, read_profiles
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.evidence.report import Report
from surveybook.survey.evidence.sections import Section
from surveybook.survey.words import text
from surveybook.survey.words.names import Names

NAME = "attacks"
INCIDENT, EXERCISE, NOWHERE = "incident", "exercise", "nowhere"
SEEN = {INCIDENT: "in an incident", EXERCISE: "in exercises", NOWHERE: "in no case"}


class Attacks(Names):
    """The numbers by name; and for tables the `profiles`, the `file` they stand in, the findings of the studies that
    are `asked` and `collected`, the `references`, and the `sections` of the book."""

    def __init__(self, profiles: Profiles, asked: Findings, collected: Findings, report: Report):
        self.profiles, self.asked, self.collected = profiles, asked, collected
        self.references: Mapping[str, str] = report.references()
        self.sections: Mapping[str, Section] = report.sections()
        self.file = JudgedFile(FILE, "Attacks, one by one", profiles.judged, report.licence)
        all_of_them = profiles.profiles.values()
        super().__init__({
            "count": text.whole(len(all_of_them)), "judged": text.Written(profiles.judged),
            "seen": {how: named(one.kind.label for one in all_of_them if seen(one) == how) for how in SEEN},
            "means": {name: text.Judged(one.means) for name, one in profiles.profiles.items()},
            "sources": how_read(profiles.readings.values()),
        }, NAME)


def seen(profile: Profile) -> str:
    """Whether an attack is shown by an incident, by exercises alone, or by no case, under the strict reading."""
    tally = profile.kind.strict.tally
    return INCIDENT if tally.incidents else EXERCISE if tally.exercises else NOWHERE


def falling(attacks: Attacks, gap: str) -> list[Profile]:
    """The attacks that fall into a gap."""
    return [one for one in attacks.profiles.profiles.values() if gap in (each.id for each, _ in one.gaps)]


def read_attacks(report: Report, today: Today) -> Attacks:
    """The profiles of a report. Raises DataError where the file is not as declared."""
    profiles = read_profiles(report.data / FILE, report.findings, today.judgement, report.references())
    return Attacks(profiles, report.findings("interviews"), report.findings("documented"), report)
