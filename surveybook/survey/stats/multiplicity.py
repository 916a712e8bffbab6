"""Several questions were tested: which results still stand?  Adjusted p values of a family."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from statsmodels.stats.multitest import fdrcorrection

from surveybook.survey.stats.result import choose

METHODS = ("holm", "benjamini-hochberg")


def adjust(p: Sequence[float | None], method: str = "holm") -> tuple[float | None, ...]:
    """Adjusted p values of a family, None where there is none.

    "holm": for the chance of any false claim; "benjamini-hochberg": for the expected share of false claims (1995;
    statsmodels). A test that could not be made (None) stays in the family, as
    if its p were one, so that dropping a test never helps the others. ValueError for a p outside 0 and 1.
    """
    choose("method", method, METHODS)
    given = np.array([np.nan if one is None else one for one in p], dtype=float)
    if ((given < 0) | (given > 1)).any():
        raise ValueError("a p value lies between 0 and 1")
    adjusted = holm(given) if method == "holm" else _benjamini_hochberg(given)
    return tuple(None if np.isnan(one) else float(one) for one in adjusted)


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


def _benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """The same rule for nan."""
    return np.where(np.isnan(p), np.nan, fdrcorrection(np.where(np.isnan(p), 1.0, p))[1]) if len(p) else p
