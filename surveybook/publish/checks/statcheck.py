"""Can the numbers that a text prints be true?  Recomputed p values, means, percentages and partitions.

Arithmetic on printed numbers is exact (fractions); a half may have been rounded either way unless a rule is named.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from scipy import stats

from .result import choose

KINDS = ("t", "F", "chi2", "r", "z", "Q")
ROUNDINGS = ("either", "half-up", "half-even")


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
    choose("kind of statistic", kind, KINDS)
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
        "t": lambda: 2 * stats.t.sf(size, df1),
        "F": lambda: stats.f.sf(size, df1, df2),
        "z": lambda: 2 * stats.norm.sf(size),
    }.get(kind, lambda: stats.chi2.sf(size, df1))())


def exact(printed: str | float | int) -> tuple[Fraction, int]:
    """A printed decimal number as a fraction, and how many decimals it has. Text keeps its last zeros."""
    text = str(printed).strip()
    if not re.fullmatch(r"-?\d*\.?\d+", text):
        raise ValueError(f"a printed number has digits and a point, not {text!r}")
    return Fraction(text), len(text.partition(".")[2])


def rounds_to(value: Fraction, printed: Fraction, decimals: int, rounding: str = "either") -> bool:
    """Whether `value` may be printed as `printed` with this many decimals."""
    choose("rounding", rounding, ROUNDINGS)
    if rounding == "either":
        return abs(value - printed) <= Fraction(1, 2 * 10**decimals)
    scaled = value * 10**decimals
    whole = round(scaled) if rounding == "half-even" else math.floor(scaled + Fraction(1, 2))
    return whole == printed * 10**decimals


def grim(
    mean: str | float, n: int, items: int = 1, rounding: str = "either", decimals: int | None = None
) -> bool:
    """Whether n people's whole-number answers to `items` questions can have this mean (Brown and Heathers 2017,
    doi 10.1177/1948550616673876)."""
    if n < 1 or items < 1:
        raise ValueError("a mean needs at least one person and one item")
    value, printed = exact(mean)
    decimals = printed if decimals is None else decimals
    grain = n * items
    centre, reach = value * grain, math.ceil(Fraction(grain, 2 * 10**decimals))
    sums = range(math.floor(centre) - reach, math.ceil(centre) + reach + 1)
    return any(rounds_to(Fraction(one, grain), value, decimals, rounding) for one in sums)


def counts_behind(percent: str | float, n: int, decimals: int = 0, rounding: str = "either") -> tuple[int, ...]:
    """The counts of `n` people that may be printed as this percentage."""
    value, _ = exact(percent)
    centre, reach = value * n / 100, math.ceil(Fraction(n, 200 * 10**decimals))
    near = range(max(0, math.floor(centre) - reach), min(n, math.ceil(centre) + reach) + 1)
    return tuple(one for one in near if rounds_to(Fraction(100 * one, n), value, decimals, rounding))


def bases_behind(
    percents: Sequence[str | float], most: int, decimals: int = 0, rounding: str = "either"
) -> dict[int, tuple[tuple[int, ...], ...]]:
    """The bases up to `most` of which all these percentages can be, with the counts behind each percentage."""
    found = {n: tuple(counts_behind(one, n, decimals, rounding) for one in percents) for n in range(1, most + 1)}
    return {n: counts for n, counts in found.items() if all(counts)}


def different_percentages(n: int, decimals: int = 0) -> int:
    """How many different percentages counts of n people can be printed as; all of them means that a printed
    percentage says nothing about n."""
    if n < 1:
        raise ValueError("a percentage needs at least one person")
    return len({round(Fraction(100 * 10**decimals * count, n)) for count in range(n + 1)})


@dataclass(frozen=True)
class Partition:
    """Counts against the number of people: `excess` is what they have too many (below zero: too few)."""

    sum: int
    excess: int
    consistent: bool


def partition(counts: Sequence[int], n: int, exclusive: bool = True) -> Partition:
    """Whether counts fit n people: one-pick answers must add up to n; where several may be picked, no count may be
    above n (`excess` is then that of the largest count)."""
    total = int(sum(counts))
    if any(count < 0 for count in counts):
        raise ValueError("counts are not negative")
    if exclusive:
        return Partition(total, total - n, total == n)
    excess = max(0, max(counts, default=0) - n)
    return Partition(total, excess, excess == 0)
