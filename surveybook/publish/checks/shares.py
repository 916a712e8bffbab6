"""Do the percentages and intervals that a page prints follow from the counts that stand beside them?

“22 of 25 (88%, 95% interval 70% to 96%)”, the same with less in it, and tables with counts and a column Base.
Computed here anew, from the formulas and not by the analysis: exact fractions for shares (GRIM: Brown and Heathers
2017, doi 10.1177/1948550616673876), Wilson and Clopper-Pearson for intervals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from statistics import NormalDist

from surveybook.publish.checks.rule import Fault, place
from surveybook.publish.site.page import Page
from surveybook.publish.site.text import columns, words

BASE = re.compile(r"Base: ([\d,]+)(?: of [\d,]+)? \w+s asked, ([\d,]+) answered((?:, [^.;]*)?)\.")
LEFT_OUT = re.compile(r"(?:[^\d,]* )?([\d,]*\d)(?: to whom it did not apply)?")
PERCENT = r"((?:under |over )?\d+)%"
SHARE = re.compile(
    rf"(?<![\d.,])(\d[\d,]*) of (\d[\d,]*)(?: \({PERCENT}(?:, (\d+)% interval {PERCENT} to {PERCENT})?\)?| · {PERCENT})"
)
NUMBER, LETTERS = re.compile(r"[\d,]+"), "(?: [A-Z]+)?"  # of the groups whose share is smaller
PAIR = re.compile(rf"([\d,]+) \({PERCENT}\){LETTERS}")
BESIDE_WEIGHTED = re.compile(rf"{PERCENT} \(([\d,]+); {PERCENT}\){LETTERS}")
LEVEL, OF_THESE = re.compile(r"(\d+)% interval"), re.compile(r"(\d+)% interval of these")
SPAN = re.compile(rf"{PERCENT} to {PERCENT}")
MOST = 100  # answers of one question, whose intervals hold together
REMEDY = "print all of them from one estimate"


def shares_in_words(page: Page) -> Iterator[Fault]:
    """Percentages and intervals in sentences follow from the counts: “22 of 25 (88%, 95% interval 70% to 96%)”."""
    for node, text in words(page):
        for found in SHARE.finditer(text):
            count, base = whole(found[1]), whole(found[2])
            if wrong := fault_of_share(count, base, found[3] or found[7]):
                yield place(node), f"“{found[0]}”: {wrong}", REMEDY
            elif found[4] and not methods(count, base, found[4], found[5], found[6]):
                yield place(node), f"“{found[0]}”: no method gives this interval", REMEDY


def shares_in_tables(page: Page) -> Iterator[Fault]:
    """Percentages and intervals in tables follow from the counts beside them."""
    for table in page.content.css("table"):
        possible = []
        for row in rows(columns(table)):
            if wrong := fault_of_share(row.count, row.base, row.share) or fault_of_weighted(row):
                yield place(table), f"{row}: {wrong}", REMEDY
            elif row.level and (span := SPAN.fullmatch(row.span)):
                possible.append(methods(row.count, row.base, row.level, span[1], span[2]))
                if not possible[-1]:
                    yield place(table), f"{row}: no method gives the interval {row.span}", REMEDY
        if possible and all(possible) and not set.intersection(*possible):
            yield place(table), "no one method gives the intervals of all rows", REMEDY


def bases(page: Page) -> Iterator[Fault]:
    """Below figures and tables, those asked are those who answered and those who did not, whatever the reason: “160
    respondents asked, 141 answered, skipped 7, 12 to whom it did not apply”."""
    for node, text in words(page):
        for found in BASE.finditer(text):
            out = [LEFT_OUT.fullmatch(one) for one in found[3].split(", ")[1:]]
            if all(out) and whole(found[1]) != whole(found[2]) + sum(whole(one[1]) for one in out if one):
                yield place(node), f"“{found[0]}”: the parts do not add up to those asked", REMEDY


def unanswered(page: Page) -> Iterator[Fault]:
    """In the table of missing answers, the share without one is of those asked, or of those to whom it applied: what
    stands between those asked and those who answered."""
    for table in page.content.css("table"):
        cells = columns(table)
        heads = list(cells)
        if not {"Asked", "Answered"} < set(heads) or not heads[-1].startswith("No answer, of"):
            continue
        for place_, (asked, answered, printed) in enumerate(
                zip(cells["Asked"], cells["Answered"], cells[heads[-1]], strict=True)):
            out = [cells[head][place_] for head in heads[heads.index("Asked") + 1: heads.index("Answered")]]
            numbers = [asked, answered, *(one for one in out if one != "–")]
            if not all(map(NUMBER.fullmatch, numbers)):
                continue
            applied, given = whole(asked) - sum(map(whole, numbers[2:])), whole(answered)
            if applied and (wrong := fault_of_share(applied - given, applied, printed.rstrip("%"))):
                yield place(table), f"“{next(iter(cells.values()))[place_]}”, {printed}: {wrong}", REMEDY


@dataclass(frozen=True)
class Row:
    """A share in a table, as printed; `level` and `span` are empty where it has no interval, and `weighted`, the share
    beside it, where there is none."""

    name: str
    count: int
    base: int
    share: str
    level: str
    span: str
    weighted: str = ""

    def __str__(self) -> str:
        return f"“{self.name}”, {self.share}% of {self.count} and {self.base}"


def rows(cells: dict[str, list[str]]) -> Iterator[Row]:
    """The shares of a table: in columns Count, Base and Share, or Unweighted where weighted ones stand beside it, or in
    cells “56 (43%)”, and “51% (56; 43%)” beside a weighted one, whose base stands in a column, or in a row below. A
    cell that is left out on purpose holds words."""
    names, bases, heads = next(iter(cells.values()), []), cells.get("Base", []), list(cells)
    if not bases and "Base" in names:
        yield from columns_of_groups(cells, names)
    for number, base in enumerate(bases):
        if not NUMBER.fullmatch(base):
            continue
        if {"Count", "Unweighted"} <= set(cells) and NUMBER.fullmatch(cells["Count"][number]):
            yield Row(names[number], whole(cells["Count"][number]), whole(base),
                      cells["Unweighted"][number].rstrip("%"), "", "", cells.get("Weighted", bases)[number].rstrip("%"))
        if {"Count", "Share"} <= set(cells) and NUMBER.fullmatch(cells["Count"][number]):
            level = next((found[1] for head in heads if (found := LEVEL.fullmatch(head))), "")
            yield Row(names[number], whole(cells["Count"][number]), whole(base), cells["Share"][number].rstrip("%"),
                      level, cells[f"{level}% interval"][number] if level else "")
        for head, following in zip(heads, [*heads[1:], ""], strict=True):
            if row := shared(f"{names[number]}, {head}", cells[head][number], base):
                of_these = None if row.weighted else OF_THESE.fullmatch(following)
                yield replace(row, level=of_these[1], span=cells[following][number]) if of_these else row


def columns_of_groups(cells: dict[str, list[str]], names: list[str]) -> Iterator[Row]:
    """The shares of a table that has a group in each column, and their bases in a row."""
    for head, column in cells.items():
        base = column[names.index("Base")]
        for name, cell in zip(names, column, strict=True):
            if NUMBER.fullmatch(base) and (row := shared(f"{name}, {head}", cell, base)):
                yield row


def shared(name: str, cell: str, base: str) -> Row | None:
    """The count and share that one cell holds, if it does."""
    if found := PAIR.fullmatch(cell):
        return Row(name, whole(found[1]), whole(base), found[2], "", "")
    if found := BESIDE_WEIGHTED.fullmatch(cell):
        return Row(name, whole(found[2]), whole(base), found[3], "", "", found[1])
    return None


def fault_of_weighted(row: Row) -> str:
    """What is wrong with a weighted share, which does not follow from counts, but is nothing or all as they are."""
    if row.weighted and (row.weighted == "0", row.weighted == "100") != (row.count == 0, row.count == row.base):
        return f"weighted it is {row.weighted}%, and the count says that it is not"
    return ""


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
    """The methods whose interval may be printed so: 1 is Wilson, any k above that is Clopper-Pearson for k shares.

    The bounds of Clopper-Pearson are where a tail of the binomial distribution is half of what is left of the level,
    so what is printed is right if the tails at both of its ends lie on either side of that.
    """
    alpha, spans = 1 - int(level) / 100, (span_of(low), span_of(high))
    if None in spans:
        return set()
    (least, most), (start, end) = spans
    below, above = tails(count, base, least, most), tails(base - count, base, 1 - end, 1 - start)
    found = {k for k in range(2, MOST + 1)
             if max(below[0], above[0]) <= alpha / k / 2 <= min(below[1], above[1])}
    return found | ({1} if all(map(fits, wilson(count, base, alpha), (low, high))) else set())


def span_of(printed: str) -> tuple[float, float] | None:
    """The smallest and the largest bound of an interval that is printed so; None where it is no percentage."""
    if printed in ("under 1", "over 99"):
        return (1e-12, 0.005 + 1e-9) if printed == "under 1" else (0.995 - 1e-9, 1 - 1e-12)
    if not re.fullmatch(r"\d+", printed):
        return None
    return (int(printed) - 0.5 - 1e-9) / 100, (int(printed) + 0.5 + 1e-9) / 100


def tails(count: int, base: int, least: float, most: float) -> tuple[float, float]:
    """The tails of all samples with `count` or more where the share is `least`, and where it is `most`; of a bound that
    is 0 for want of any, everything or nothing."""
    if count == 0:
        return (0.0, 1.0) if least <= 0 else (1.0, 0.0)
    return tail(count, base, least), tail(count, base, most)


@cache
def tail(count: int, base: int, share: float) -> float:
    """The chance of `count` or more among `base`, where each has the chance `share`: the terms added up."""
    if not 0 < share < 1:
        return float(share >= 1)
    if count <= base * share:  # the first terms may be too small for a number, and the others follow from them
        return 1 - tail(base - count + 1, base, 1 - share)
    term = math.exp(math.lgamma(base + 1) - math.lgamma(count + 1) - math.lgamma(base - count + 1)
                    + count * math.log(share) + (base - count) * math.log1p(-share))
    total = 0.0
    for number in range(count, base + 1):
        total += term
        if number > base * share and term < total * 1e-17:
            break
        term *= (base - number) / (number + 1) * share / (1 - share)
    return total


def wilson(count: int, base: int, alpha: float) -> tuple[float, float]:
    """Both bounds of Wilson's interval at the level 1 - alpha."""
    z = NormalDist().inv_cdf(1 - alpha / 2)
    share, wide = count / base, z * z / base
    middle, half = share + wide / 2, z * math.sqrt(share * (1 - share) / base + wide / (4 * base))
    low, high = (middle - half) / (1 + wide), (middle + half) / (1 + wide)
    return (0.0 if count == 0 else low), (1.0 if count == base else high)


def whole(printed: str) -> int:
    return int(printed.replace(",", ""))
