"""What only this report knows: its studies by name, the gaps, the documented attacks, and their figures and tables.

Every folder of data/ that holds a descriptor is a study, and can be imported by its name:

    from analysis import figures, interviews, tables

`interviews` then holds every number of data/interviews by name (see surveybook/survey/evidence/findings.py). Four
names belong to no single study: `evidence`, `reporting`, `today`, what of the gaps exists today, and `attacks`, what is
to be known of each.

| question | file |
|---|---|
| Which practices are missing, when, and to whom? | gaps |
| What of that exists today? | gaps_today |
| Which attacks have been documented? | atlas |
| What is to be known of each attack? | profiles |
| What do the files of judgements have in common? | judged |
| What can a chapter show? | figures, tables, sections |
"""

from functools import cache
from pathlib import Path

from analysis.atlas.findings import found as documented_attacks
from analysis.gaps_today.findings import NAME as TODAY
from analysis.gaps_today.findings import Today, read_today
from analysis.profiles.findings import NAME as ATTACKS
from analysis.profiles.findings import Attacks, read_attacks
from surveybook.survey.evidence.report import Report
from surveybook.survey.show import boxes

__all__ = ["boxes", "report"]

report = Report(Path(__file__).resolve().parent.parent, {"documented": documented_attacks})


@cache
def _today() -> Today:
    return read_today(report)


@cache
def _attacks() -> Attacks:
    return read_attacks(report, _today())


def __getattr__(name: str):
    """The findings of the study data/`name`, or those beyond the studies, read once."""
    own = {TODAY: _today, ATTACKS: _attacks}.get(name)
    return own() if own else report.named(name)
