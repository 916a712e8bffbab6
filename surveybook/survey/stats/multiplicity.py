"""Several questions were tested: which results still stand?  Adjusted p values of a family."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from numbers import Real

import numpy as np

from surveybook.survey.stats.result import choose

METHODS = ("holm", "benjamini-hochberg", "none")


def adjust(p: Sequence[Real | None], method: str = "holm") -> tuple[Real | None, ...]:
    """Adjusted p values of a family, None where there is none.

    "holm": for the chance of any false claim; "benjamini-hochberg": for the expected share of false claims
    (1995); "none": as they are. Fractions stay fractions, so that nothing is rounded across a level. A test that could
    not be made (None) stays in the family, as if its p were one, so that dropping a test never helps the others.
    ValueError for a p outside 0 and 1.
    """
    choose("method", method, METHODS)
    given = [1 if one is None else one for one in p]
    if not all(0 <= one <= 1 for one in given):
        raise ValueError("a p value lies between 0 and 1")
    order, count = sorted(range(len(given)), key=given.__getitem__), len(given)
    if method == "holm":
        steps = [given[at] * (count - place) for place, at in enumerate(order)]
        steps = accumulate(steps, max)
    elif method == "benjamini-hochberg":
        steps = [given[at] * (Fraction(count, place) if isinstance(given[at], Fraction) else count / place)
                 for place, at in enumerate(order, start=1)]
        steps = reversed([*accumulate(reversed(steps), min)])
    else:
        steps = (given[at] for at in order)
    found = {at: min(step, 1) for at, step in zip(order, steps, strict=True)}
    return tuple(None if one is None else type(one)(found[at]) for at, one in enumerate(p))


def holm(p: np.ndarray) -> np.ndarray:
    """Holm's adjusted p (1979, Scandinavian Journal of Statistics 6, 65) in each column: test, or test x survey.

    nan stays nan, and in the family as if it were one. statsmodels has it for one family, but runs the garbage
    collector each time: 0.2 s where much is imported.
    """
    whole = np.where(np.isnan(p), 1.0, p)
    order = np.argsort(whole, axis=0, kind="stable")
    steps = np.arange(len(p), 0, -1).reshape(-1, *[1] * (p.ndim - 1))
    rising = np.maximum.accumulate(np.take_along_axis(whole, order, axis=0) * steps, axis=0)
    adjusted = np.empty_like(whole)
    np.put_along_axis(adjusted, order, np.minimum(1.0, rising), axis=0)
    return np.where(np.isnan(p), np.nan, adjusted)
