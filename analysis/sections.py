"""Which sections of a page are made by a cell?  Those of every report, and those of this one."""

from analysis.gaps_today.sections import gaps  # noqa: F401
from analysis.profiles.checklist import gaps_checklist, mitigations_checklist  # noqa: F401
from analysis.profiles.sections import attack  # noqa: F401
from surveybook.survey.show.sections import passports  # noqa: F401
