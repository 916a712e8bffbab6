"""What does it look like?  Each function draws one figure from the estimates of a study."""

from surveybook.survey.show import tables
from surveybook.survey.show.figures import bars as _bars
from surveybook.survey.show.figures import dots, matrix
from surveybook.survey.show.figures import ordered as _ordered
from surveybook.survey.show.figures.choices import choices
from surveybook.survey.show.figures.design import alarms, power
from surveybook.survey.show.figures.drawing import unless_withheld
from surveybook.survey.show.figures.forest import forest

bars = unless_withheld(_bars.bars, tables.shares)
options = unless_withheld(matrix.options, tables.options)
ordered = unless_withheld(_ordered.ordered, tables.ordered, whole=True)
readings = unless_withheld(dots.readings, tables.readings)
shares = unless_withheld(dots.shares, tables.shares)
yes = unless_withheld(dots.yes, tables.yes)

__all__ = [
    "alarms", "bars", "choices", "forest", "options", "ordered", "power", "readings", "shares", "yes",
]
