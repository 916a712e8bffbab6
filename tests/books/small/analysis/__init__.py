"""What the chapters of this small report import: its studies by name, and what shows them."""

from pathlib import Path

from surveybook.survey.evidence.report import Report
from surveybook.survey.show import boxes, figures, sections, tables

__all__ = ["boxes", "figures", "report", "sections", "tables"]

report = Report(Path(__file__).resolve().parent.parent)


def __getattr__(name: str):
    """The findings of the study data/`name`, read once."""
    return report.named(name)
