"""What does it look like?  Each function draws one figure from the estimates of a study."""

from .. import tables
from . import bars as _bars
from . import dots, matrix
from . import ordered as _ordered
from .choices import choices
from .design import alarms, power
from .drawing import unless_withheld
from .forest import forest
from .tiles import lifecycle

bars = unless_withheld(_bars.bars, tables.shares)
options = unless_withheld(matrix.options, tables.options)
ordered = unless_withheld(_ordered.ordered, tables.ordered, whole=True)
readings = unless_withheld(dots.readings, tables.readings)
shares = unless_withheld(dots.shares, tables.shares)
yes = unless_withheld(dots.yes, tables.yes)

__all__ = [
    "alarms", "bars", "choices", "forest", "lifecycle", "options", "ordered", "power", "readings", "shares", "yes",
]
