"""What does it look like?  Each function draws one figure from the estimates of a study."""

from .dots import readings, shares
from .tiles import lifecycle

__all__ = ["lifecycle", "readings", "shares"]
