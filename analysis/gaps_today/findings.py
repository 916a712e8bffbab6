"""Which numbers of the judged gaps can stand in a sentence?

    today.gaps                          how many gaps there are
    today.verdicts.partly.count         how many are closed in part; .label which
    today.phases.attack.open            how many of those under attack are open
    today.unnamed.count                 against how many ATLAS names nothing
    today.sources.part                  how many sources were read in part
"""

from __future__ import annotations

from collections.abc import Mapping

from analysis.gaps_today.declaration import FILE, VERDICTS, Judgement, read_judgement
from analysis.judged import JudgedFile, how_read, named
from surveybook.survey.evidence.report import Report
from surveybook.survey.words import text
from surveybook.survey.words.names import Names

NAME = "today"


class Today(Names):
    """The numbers by name; and for tables the `judgement`, the `file` it stands in, and the `references`."""

    def __init__(self, judgement: Judgement, references: Mapping[str, str], licence: str = ""):
        self.judgement, self.references = judgement, references
        self.file = JudgedFile(FILE, "The gaps, then and now", judgement.judged, licence)
        gaps = judgement.gaps
        super().__init__({
            "gaps": text.Judged(f"{len(gaps)}", value=len(gaps)), "judged": text.Written(judgement.judged),
            "verdicts": {_key(verdict): named(gap.label for gap in judgement.of(verdict)) for verdict in VERDICTS},
            "phases": {phase: {_key(verdict): _none_or(sum(gap.verdict == verdict for gap in judgement.during(phase)))
                               for verdict in VERDICTS} for phase in judgement.phases},
            "unnamed": named(gap.label for gap in gaps if not gap.atlas),
            "thin": named(gap.label for gap in gaps if gap.thin),
            "sources": how_read(judgement.readings.values()),
            "provisions": text.whole(len({one.name for gap in gaps for one in gap.exists})),
        }, NAME)


def read_today(report: Report) -> Today:
    """The judged gaps of a report. Raises DataError where the file is not as declared."""
    references = report.references()
    return Today(read_judgement(report.data / FILE, report.findings, references), references, report.licence)


def _key(verdict: str) -> str:
    """A verdict as a name of findings."""
    return verdict.replace(" ", "_")


def _none_or(count: int) -> text.Text:
    """“2”, “none”."""
    return text.whole(count) if count else text.Written("none", value=0)
