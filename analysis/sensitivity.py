"""What is a share when the counts are read in another reasonable way?"""

from __future__ import annotations

from dataclasses import dataclass

from .distribution import Distribution
from .share import Share


@dataclass(frozen=True)
class Reading:
    """One way to read the counts, in words, and the share it gives."""

    words: str
    share: Share


def readings(distribution: Distribution, item: str) -> list[Reading]:
    """The share of `item` under every reading of those who did not answer, and of rows that do not add up.

    The first reading is the one used everywhere else. Intervals are Wilson intervals of each reading alone.
    """
    count, answered = distribution.counts[item], distribution.answered
    surplus = distribution.surplus
    missing = sum(distribution.missing.values()) + max(0, -surplus)  # rows that fall short are silent too
    found = [Reading("as printed", Share(count, answered))]
    if missing:
        found = [
            Reading("without those who gave no answer", Share(count, answered)),
            Reading("no answer counted as another answer", Share(count, answered + missing)),
            Reading("no answer counted as this answer", Share(count + missing, answered + missing)),
        ]
    if surplus > 0:
        base = answered - surplus
        if count <= base:
            found.append(Reading("surplus taken from the other rows", Share(count, base)))
        if count >= surplus:
            found.append(Reading("surplus taken from this row", Share(count - surplus, base)))
    return found
