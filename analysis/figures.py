"""What does it look like?  The figures that every report has, and those of this one."""

from analysis.atlas.figures import feared, kinds, phases, tactics, years  # noqa: F401
from analysis.gaps import lifecycle_figure as lifecycle  # noqa: F401
from analysis.gaps_today.figures import judged  # noqa: F401
from surveybook.survey.show.figures import *  # noqa: F403
