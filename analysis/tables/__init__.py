"""What are the numbers?  Each function makes one table from the estimates of a study."""

from .answers import readings, shares
from .assumptions import assumptions
from .batteries import options, ordered, yes
from .checklist import gaps, lifecycle
from .descriptor import codebook, constructs, fields, files
from .hypotheses import effects, hypotheses
from .ledger import claims, sums
from .passports import choices, counts, passport
from .reporting import checklist
from .silence import missing
from .synthesis import agreement, consequences, illustrations, links, relations, sources

__all__ = [
    "agreement", "assumptions", "checklist", "choices", "claims", "codebook", "consequences", "constructs", "counts",
    "effects", "fields", "files", "gaps", "hypotheses", "illustrations", "lifecycle", "links", "missing", "options",
    "ordered", "passport", "readings", "relations", "shares", "sources", "sums", "yes",
]
