"""What does it look like?  Each function draws one figure from the estimates of a study."""

from .bars import bars
from .choices import choices
from .design import alarms, power
from .dots import readings, shares, yes
from .forest import forest
from .matrix import options
from .ordered import ordered
from .tiles import lifecycle

__all__ = [
    "alarms", "bars", "choices", "forest", "lifecycle", "options", "ordered", "power", "readings", "shares", "yes",
]
