"""What are the numbers?  Each function makes one table from the estimates of a study."""

from .answers import readings, shares
from .assumptions import assumptions
from .batteries import options, ordered, yes
from .checklist import gaps, lifecycle
from .descriptor import codebook, constructs, fields, files
from .design import alarms, coverage, detectable, exaggeration, nothing, power
from .hypotheses import effects, hypotheses
from .ledger import claims, sums
from .passports import choices, counts, passport
from .reporting import checklist
from .silence import missing
from .synthesis import agreement, consequences, illustrations, links, relations, sources

__all__ = [
    "agreement", "alarms", "assumptions", "checklist", "choices", "claims", "codebook", "consequences",
    "constructs", "counts", "coverage", "detectable", "effects", "exaggeration", "fields", "files", "gaps",
    "hypotheses", "illustrations", "lifecycle", "links", "missing", "nothing", "options", "ordered", "passport",
    "power", "readings", "relations", "shares", "sources", "sums", "yes",
]
