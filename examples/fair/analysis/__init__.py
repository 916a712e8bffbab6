"""What the chapters of this report import: its studies by name, and what shows them.

Every folder of data/ that holds a descriptor is a study. What only this report counts or draws has its place here too.
"""

from pathlib import Path

from surveybook.survey.evidence.report import Report
from surveybook.survey.show import boxes, figures, sections, tables

__all__ = ["boxes", "figures", "report", "sections", "tables"]

report = Report(Path(__file__).resolve().parent.parent)


def __getattr__(name: str):
    """The findings of the study data/`name`, read once."""
    return report.named(name)
