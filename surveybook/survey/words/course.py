"""How do values run along a scale, in words?  “rises from 11% (one) to 24% (two) and falls to 13% (four)”."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby, pairwise

from surveybook.survey.estimates.share import known
from surveybook.survey.words import text

RISES, FALLS, STAYS = "rises", "falls", "stays"


def course(places: Sequence[str], values: Sequence[float], write: Callable[[float], str] = text.percent) -> str:
    """The turning points of `values`, which stand at `places` in their order, as the predicate of a sentence.

    What is written alike counts as alike, so that nothing falls from 13% to 13%. Nothing where a value is withheld, or
    where there are less than two.
    """
    if not all(map(known, values)):
        return ""
    written = dict(zip(zip(places, map(write, values), strict=True), values, strict=True))
    places, words, values = [place for place, _ in written], [words for _, words in written], list(written.values())
    if len(values) < 2:
        return ""
    parts, start = [], 0
    ways = [STAYS if words[n] == words[m] else RISES if values[n] < values[m] else FALLS
            for n, m in pairwise(range(len(values)))]
    for way, steps in groupby(ways):
        end = start + len(list(steps))
        if way == STAYS:
            parts.append(f"stays at {words[end]} up to {places[end]}")
        else:
            origin = "" if start else f" from {words[0]} ({places[0]})"
            parts.append(f"{way}{origin} to {words[end]} ({places[end]})")
        start = end
    return text.listing(parts)
