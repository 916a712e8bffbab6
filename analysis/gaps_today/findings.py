"""Which numbers of the judged gaps can stand in a sentence?

    today.gaps                          how many gaps there are
    today.verdicts.partly.count         how many are closed in part; .label which
    today.phases.attack.open            how many of those under attack are open
    today.unnamed.count                 against how many ATLAS names nothing
    today.sources.part                  how many sources were read in part
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.gaps_today.declaration import FILE, VERDICTS, Gap, Judgement, read_judgement
from analysis.judged import EXTENTS, JudgedFile
from surveybook.survey.evidence.report import Report
from surveybook.survey.words import text
from surveybook.survey.words.names import Names, Tree

NAME = "today"


class Today(Names):
    """The numbers by name; and for tables the `judgement`, the `file` it stands in, and the `references`."""

    def __init__(self, judgement: Judgement, references: Mapping[str, str], licence: str = ""):
        self.judgement, self.references = judgement, references
        self.file = JudgedFile(FILE, "The gaps, then and now", judgement.judged, licence)
        gaps = judgement.gaps
        super().__init__({
            "gaps": text.Judged(f"{len(gaps)}", value=len(gaps)), "judged": text.Written(judgement.judged),
            "verdicts": {_key(verdict): _named(judgement.of(verdict)) for verdict in VERDICTS},
            "phases": {phase: {_key(verdict): _none_or(sum(gap.verdict == verdict for gap in judgement.during(phase)))
                               for verdict in VERDICTS} for phase in judgement.phases},
            "unnamed": _named([gap for gap in gaps if not gap.atlas]),
            "thin": _named([gap for gap in gaps if gap.thin]),
            "sources": _sources(judgement),
            "provisions": text.whole(len({one.name for gap in gaps for one in gap.exists})),
        }, NAME)


def read_today(report: Report) -> Today:
    """The judged gaps of a report. Raises DataError where the file is not as declared."""
    references = report.references()
    return Today(read_judgement(report.data / FILE, report.findings, references), references, report.licence)


def _key(verdict: str) -> str:
    """A verdict as a name of findings."""
    return verdict.replace(" ", "_")


def _named(gaps: Sequence[Gap]) -> Tree:
    """How many gaps, and which."""
    return {"count": text.whole(len(gaps)), "label": text.listing([text.lower(gap.label) for gap in gaps]) or "none"}


def _none_or(count: int) -> text.Text:
    """“2”, “none”."""
    return text.whole(count) if count else text.Written("none", value=0)


def _sources(judgement: Judgement) -> Tree:
    """How many sources there are, and how many were read to which extent."""
    extents = [one.extent for one in judgement.readings.values()]
    return {"count": text.whole(len(extents))} | {extent: text.whole(extents.count(extent)) for extent in EXTENTS}
