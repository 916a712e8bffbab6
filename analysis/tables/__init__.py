"""What are the numbers?  Each function makes one table from the estimates of a study."""

from .answers import readings, shares
from .checklist import gaps, lifecycle
from .descriptor import codebook, fields, files
from .ledger import claims, sums

__all__ = ["claims", "codebook", "fields", "files", "gaps", "lifecycle", "readings", "shares", "sums"]
