"""What are the numbers?  The tables that every report has, and those of this one."""

from analysis.atlas.tables import (  # noqa: F401
    cases,
    checks,
    feared,
    kinds,
    mapping,
    maturity,
    mitigations,
    phases,
    slips,
    tactics,
    years,
)
from analysis.gaps import gaps_table as gaps  # noqa: F401
from analysis.gaps import lifecycle_table as lifecycle  # noqa: F401
from analysis.gaps_today.tables import exists, judged, literature, meanings  # noqa: F401
from analysis.profiles.tables import attack_index, attack_sources  # noqa: F401
from surveybook.survey.show.tables import *  # noqa: F403
