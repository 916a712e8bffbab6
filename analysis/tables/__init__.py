"""What are the numbers?  Each function makes one table from the estimates of a study."""

from .answers import readings, shares
from .batteries import options, ordered, yes
from .checklist import gaps, lifecycle
from .descriptor import codebook, fields, files
from .ledger import claims, sums

__all__ = [
    "claims", "codebook", "fields", "files", "gaps", "lifecycle", "options", "ordered", "readings", "shares", "sums", "yes",
]
