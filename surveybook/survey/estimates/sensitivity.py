"""What is a share when the counts are read in another reasonable way?"""

from __future__ import annotations

from dataclasses import dataclass

from surveybook.survey.estimates.distribution import Distribution
from surveybook.survey.estimates.share import Share


@dataclass(frozen=True)
class Reading:
    """One way to read the counts, in words, and the share it gives."""

    words: str
    share: Share


def readings(distribution: Distribution, item: str) -> list[Reading]:
    """The share of `item` under every reading of those who gave no answer, and of rows that do not add up.

    The first reading is the one used everywhere else, and the others have intervals of the same kind. Those who gave
    no answer may count as another answer or as this one, if the question applied to them; the same holds for those who
    are in no row at all. Where the rows have too many, the surplus may belong to the other rows or, as far as it goes,
    to this one.
    """
    count, answered = distribution.counts[item], distribution.answered
    silent, surplus = distribution.silent, distribution.surplus
    among = distribution.shares[item].among
    first = "without those who gave no answer" if silent else "as printed"

    def reading(words: str, count: int, base: int) -> list[Reading]:
        return [Reading(words, Share(count, base, among))] if not (count < 0 or count > base) and base else []

    found = reading(first, count, answered)
    if silent:
        found += reading("with no answer counted as another answer", count, answered + silent)
        found += reading("with no answer counted as this answer", count + silent, answered + silent)
    if surplus < 0:
        found += reading("with those in no row counted as another answer", count, answered - surplus)
        found += reading("with those in no row counted as this answer", count - surplus, answered - surplus)
    if surplus > 0:
        found += reading("with the surplus taken from the other rows", count, answered - surplus)
        found += reading("with the surplus taken from this row", max(0, count - surplus), answered - surplus)
    return found
