"""Can the tests that a text prints be true?  Their p values, recomputed from the statistics beside them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from scipy.special import chdtrc, fdtrc, ndtr, stdtr

KINDS = ("t", "F", "chi2", "r", "z", "Q")


@dataclass(frozen=True)
class Recomputed:
    """The two-sided p of a printed statistic, and the smallest and largest that its rounding leaves possible."""

    p: float
    low: float
    high: float


def recompute(
    kind: str, statistic: float, df1: float | None = None, df2: float | None = None, decimals: int = 2,
    one_sided: bool = False,
) -> Recomputed:
    """p of a printed t, F, chi-squared (also Q), r or z, with the interval of half a unit of its last decimal
    (statcheck: Nuijten and others 2016, doi 10.3758/s13428-015-0664-2). r takes df = n - 2."""
    if kind not in KINDS:
        raise ValueError(f"kind of statistic is one of {', '.join(KINDS)}, not {kind!r}")
    if kind != "z" and (df1 is None or df1 <= 0) or (kind == "F" and (df2 is None or df2 <= 0)):
        raise ValueError(f"a printed {kind} needs its degrees of freedom")
    size, half = abs(statistic), 0.5 * 10.0**-decimals
    near = [_tail(kind, value, df1, df2) for value in (size, size + half, max(0.0, size - half))]
    p, low, high = (value / 2 for value in near) if one_sided and kind in ("t", "r", "z") else near
    return Recomputed(p, low, high)


@dataclass(frozen=True)
class Printed:
    """A test as a text prints it, with its recomputed p. `error`: no rounding makes both true; `decision_error`: and
    one is significant, the other not."""

    text: str
    kind: str
    recomputed: Recomputed
    error: bool
    decision_error: bool


NUMBER = r"[-\u2212\u2013]?\s*\d*\.?\d+"
RESULT = re.compile(
    r"(?P<kind>\bt|\bF|\br|\bz|\bQ(?:[-\s]?\w+)?|\bchi[-\s]?squared?|\bchi2|\bchi|[\u03c7\u03a7]\s?(?:2|\u00b2)|\bX2|\bX\^2)"
    r"\s*(?:\(\s*(?P<df1>\d+(?:\.\d+)?)\s*(?:,\s*(?:(?P<n>[Nn]\s*=\s*\d+)|(?P<df2>\d+(?:\.\d+)?))\s*)?\))?"
    rf"\s*=\s*(?P<value>{NUMBER})\s*[,;]\s*(?:(?P<ns>n\.?s\.?)|[pP]\s*(?P<sign>[=<>])\s*(?P<p>\d?\.\d+))",
)


def check_text(text: str, alpha: float = 0.05) -> tuple[Printed, ...]:
    """All tests that `text` prints in the form of the APA, recomputed.

    A p of half the size passes only where the text speaks of a one-sided, one-tailed or directional test.
    """
    halves = bool(re.search(r"one[-\s]?(sided|tailed)|directional", text, re.IGNORECASE))
    return tuple(
        checked for found in RESULT.finditer(text) if (checked := _checked(found, alpha, halves)) is not None
    )


def _checked(found: re.Match, alpha: float, halves: bool) -> Printed | None:
    """One printed test; None where its degrees of freedom are missing, so that nothing can be recomputed."""
    first = found["kind"]
    kind = first if first in ("t", "F", "r", "z") else "Q" if first.startswith("Q") else "chi2"
    df1, df2 = (float(one) if one else None for one in (found["df1"], found["df2"]))
    if (kind != "z" and not df1) or (kind == "F" and not df2):
        return None
    printed = re.sub(r"\s", "", found["value"])
    decimals = len(printed.partition(".")[2])
    value = float(printed.translate({0x2212: "-", 0x2013: "-"}))
    if kind == "r" and abs(value) > 1:
        return None
    readings = [recompute(kind, value, df1, df2, decimals, half) for half in ((False, True) if halves else (False,))]
    wrong = [_wrong(found["sign"], found["p"], reading, alpha) for reading in readings]
    return Printed(found.group(), kind, readings[0], all(wrong), all(wrong) and _flips(found, readings[0], alpha))


def _wrong(sign: str | None, printed: str | None, seen: Recomputed, alpha: float) -> bool:
    """Whether the printed p contradicts the recomputed one."""
    if sign is None:
        return seen.high <= alpha
    limit = float(printed)
    if sign == "<":
        return seen.low >= limit
    if sign == ">":
        return seen.high <= limit
    unit = 10 ** len(printed.partition(".")[2])
    # half a unit either way, and a rounding error of the arithmetic
    return not seen.low * unit - 0.5 - 1e-9 <= limit * unit <= seen.high * unit + 0.5 + 1e-9


def _flips(found: re.Match, seen: Recomputed, alpha: float) -> bool:
    """Whether the printed p is significant and the recomputed one is not, or the other way round."""
    truly = seen.p <= alpha
    if found["sign"] is None:
        return truly
    limit = float(found["p"])
    if found["sign"] == "=":
        return (limit <= alpha) != truly
    # "p < .10" does not say whether p < .05, nor does "p > .01"
    return limit <= alpha and not truly if found["sign"] == "<" else limit >= alpha and truly


def _tail(kind: str, size: float, df1: float | None, df2: float | None) -> float:
    """Two-sided p of a statistic of this size."""
    if kind == "r":
        if size >= 1:
            return 0.0
        kind, size = "t", size * math.sqrt(df1 / (1 - size * size))
    return float({
        "t": lambda: 2 * stdtr(df1, -size),
        "F": lambda: fdtrc(df1, df2, size),
        "z": lambda: 2 * ndtr(-size),
    }.get(kind, lambda: chdtrc(df1, size))())
