"""What does it look like?  Each function draws one figure from the estimates of a study."""

from .bars import bars
from .choices import choices
from .dots import readings, shares, yes
from .forest import forest
from .matrix import options
from .ordered import ordered
from .tiles import lifecycle

__all__ = ["bars", "choices", "forest", "lifecycle", "options", "ordered", "readings", "shares", "yes"]
