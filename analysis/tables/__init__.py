"""What are the numbers?  Each function makes one table from the estimates of a study."""

from .answers import readings, shares
from .assumptions import assumptions
from .batteries import options, ordered, yes
from .checklist import gaps, lifecycle
from .descriptor import codebook, constructs, fields, files
from .ledger import claims, sums
from .silence import missing

__all__ = [
    "assumptions", "claims", "codebook", "constructs", "fields", "files", "gaps", "lifecycle", "missing", "options",
    "ordered", "readings", "shares", "sums", "yes",
]
