"""What only this report knows: its studies by name, the gaps, the documented attacks, and their figures and tables.

Every folder of data/ that holds a descriptor is a study, and can be imported by its name:

    from analysis import figures, interviews, tables

`interviews` then holds every number of data/interviews by name (see surveybook/survey/evidence/findings.py). Two names
belong to no single study: `evidence` and `reporting`.
"""

from pathlib import Path

from analysis.atlas.findings import found as documented_attacks
from surveybook.survey.evidence.report import Report
from surveybook.survey.show import boxes, sections

__all__ = ["boxes", "report", "sections"]

report = Report(Path(__file__).resolve().parent.parent, {"documented": documented_attacks})


def __getattr__(name: str):
    """The findings of the study data/`name`, or those beyond the studies, read once."""
    return report.named(name)
