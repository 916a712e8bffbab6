"""What are the numbers?  Each function makes one table from the estimates of a study."""

from .answers import readings, shares
from .assumptions import assumptions
from .batteries import options, ordered, yes
from .checklist import gaps, lifecycle
from .descriptor import codebook, constructs, fields, files
from .hypotheses import effects, hypotheses
from .ledger import claims, sums
from .passports import choices, counts, passport
from .silence import missing

__all__ = [
    "assumptions", "choices", "claims", "codebook", "constructs", "counts", "effects", "fields", "files", "gaps",
    "hypotheses", "lifecycle", "missing", "options", "ordered", "passport", "readings", "shares", "sums", "yes",
]
