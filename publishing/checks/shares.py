"""Do the percentages and intervals that a page prints follow from the counts that stand beside them?

“22 of 25 (88%, 95% interval 70% to 96%)”, the same with less in it, and tables with the columns Count, Base, Share and
interval. Computed here anew, from the formulas and not by the analysis: exact fractions for shares (GRIM: Brown and
Heathers 2017, doi 10.1177/1948550616673876), Wilson and Clopper-Pearson for intervals (chapters/methods.qmd).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache

from scipy.special import betaincinv, ndtri

from publishing.checks.printed import columns, words
from publishing.checks.rule import Fault, place
from publishing.pages import Page

PERCENT = r"((?:under |over )?\d+)%"
SHARE = re.compile(
    rf"(?<![\d.,])(\d[\d,]*) of (\d[\d,]*)(?: \({PERCENT}(?:, (\d+)% interval {PERCENT} to {PERCENT})?\)?| · {PERCENT})"
)
SPAN = re.compile(rf"{PERCENT} to {PERCENT}")
MOST = 100  # answers of one question, whose intervals hold together
REMEDY = "print all of them from one estimate"


def shares_in_words(page: Page) -> Iterator[Fault]:
    for node, text in words(page):
        for found in SHARE.finditer(text):
            count, base = whole(found[1]), whole(found[2])
            if wrong := fault_of_share(count, base, found[3] or found[7]):
                yield place(node), f"“{found[0]}”: {wrong}", REMEDY
            elif found[4] and not methods(count, base, found[4], found[5], found[6]):
                yield place(node), f"“{found[0]}”: no method gives this interval", REMEDY


def shares_in_tables(page: Page) -> Iterator[Fault]:
    for table in page.content.css("table"):
        cells = columns(table)
        if not {"Count", "Base", "Share"} <= set(cells):
            continue
        level = next((head for head in cells if re.fullmatch(r"\d+% interval", head)), None)
        found = []
        for row, (name, count, base, share) in enumerate(zip(
            next(iter(cells.values())), cells["Count"], cells["Base"], cells["Share"], strict=True
        )):
            if not (re.fullmatch(r"[\d,]+", count) and re.fullmatch(r"[\d,]+", base)):
                continue  # a cell that is left out on purpose says so in words
            if wrong := fault_of_share(whole(count), whole(base), share.rstrip("%")):
                yield place(table), f"“{name}”: {share} of {count} and {base}: {wrong}", REMEDY
            elif level and (span := SPAN.fullmatch(cells[level][row])):
                found.append((name, methods(whole(count), whole(base), level.partition("%")[0], span[1], span[2])))
        for name, possible in found:
            if not possible:
                yield place(table), f"“{name}”: no method gives this interval", REMEDY
        if all(possible for _, possible in found) and found and not set.intersection(*(p for _, p in found)):
            yield place(table), "no one method gives the intervals of all rows", REMEDY


def fault_of_share(count: int, base: int, printed: str) -> str:
    """What is wrong with a percentage, or nothing."""
    if base < 1 or count > base:
        return f"{count} of {base} is no share"
    if not fits(count / base, printed, exactly=(count, base)):
        return f"it is {100 * count / base:.4g}%"
    return ""


def fits(value: float, printed: str, exactly: tuple[int, int] | None = None) -> bool:
    """Whether a fraction may be printed so: in whole percent, a half either way; what is not all or nothing never
    looks like it."""
    if printed.startswith(("under ", "over ")):
        return 0 < value < 0.005 + 1e-9 if printed == "under 1" else 0.995 - 1e-9 <= value < 1 and printed == "over 99"
    if not re.fullmatch(r"\d+", printed):
        return False
    if exactly:
        count, base = exactly
        within = abs(200 * count - 2 * base * int(printed)) <= base
        return within and (printed != "0" or count == 0) and (printed != "100" or count == base)
    return abs(100 * value - int(printed)) <= 0.5 + 1e-9


def methods(count: int, base: int, level: str, low: str, high: str) -> set[int]:
    """The methods whose interval may be printed so: 1 is Wilson, any k above that is Clopper-Pearson for k shares."""
    return {
        among for among in range(1, MOST + 1)
        if all(fits(*one) for one in zip(interval(count, base, int(level) / 100, among), (low, high), strict=True))
    }


@cache
def interval(count: int, base: int, level: float, among: int) -> tuple[float, float]:
    """Both bounds: Wilson for one share, Clopper-Pearson at the level 1 - (1 - level) / among for several."""
    alpha = (1 - level) / among
    if among > 1:
        low = betaincinv(count, base - count + 1, alpha / 2) if count else 0.0
        high = betaincinv(count + 1, base - count, 1 - alpha / 2) if count < base else 1.0
        return float(low), float(high)
    z = float(ndtri(1 - alpha / 2))
    share, wide = count / base, z * z / base
    middle, half = share + wide / 2, z * math.sqrt(share * (1 - share) / base + wide / (4 * base))
    low, high = (middle - half) / (1 + wide), (middle + half) / (1 + wide)
    return (0.0 if count == 0 else low), (1.0 if count == base else high)


def whole(printed: str) -> int:
    return int(printed.replace(",", ""))
