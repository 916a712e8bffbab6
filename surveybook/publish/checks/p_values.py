"""Do the p values that a page prints follow from what stands beside them: a test statistic, or the other p of a family?

A printed number stands for all that round to it, so each rule asks whether any of them would do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from surveybook.publish.checks.rule import Fault, place
from surveybook.publish.site.page import Page
from surveybook.publish.site.text import columns, words

STATISTIC = re.compile(r"=\s*[-\u2212\u2013]?\s*[\d.]+\s*[,;]\s*p\s*[<=>]", re.IGNORECASE)
P = re.compile(r"([<>=]?)\s*([01]?\.\d+|[01])")
Bounds = tuple[float, float]


def statistics(page: Page) -> Iterator[Fault]:
    """The p of a test follows from its statistic, where both are printed as in “z = 1.96, p = .050” (statcheck)."""
    for node, text in words(page):
        if STATISTIC.search(text):
            from surveybook.publish.checks.statcheck import check_text  # of scipy, and few pages print tests so

            for one in check_text(text):
                if one.error:
                    yield (place(node), f"“{one.text}”: the statistic gives p = {one.recomputed.p:.3g}",
                           "print both from one test")


def adjusted(page: Page) -> Iterator[Fault]:
    """Adjusted p follow from the p of their family, in tables with the columns p and “p, Holm” or “p, BH”, of one
    family or with a column Family."""
    for table in page.content.css("table"):
        cells = columns(table)
        for head, adjust in (("p, Holm", holm), ("p, BH", benjamini_hochberg)):
            if not {"p", head} <= set(cells):
                continue
            families = cells.get("Family", [""] * len(cells["p"]))
            rows = sorted(zip(families, next(iter(cells.values())), cells["p"], cells[head], strict=True))
            for _, family in groupby(rows, key=lambda row: row[0]):
                yield from ((place(table), *fault) for fault in wrong(list(family), head, adjust))


def wrong(rows: Sequence[Sequence[str]], head: str, adjust: Callable[[list[float]], list[float]]
          ) -> Iterator[tuple[str, str]]:
    """The rows of a family whose adjusted p no p in the printed bounds would give. An adjusted p never falls when any
    p of the family rises, so the bounds of all give its bounds. A family with a claim without p is passed over: how
    many it has is then not to be seen."""
    raw, shown = ([bounds(row[place]) for row in rows] for place in (2, 3))
    if None in raw or None in shown:
        return
    lows, highs = (adjust([one[end] for one in raw]) for end in (0, 1))
    for row, low, high, (least, most) in zip(rows, lows, highs, shown, strict=True):
        if most < low - 1e-9 or least > high + 1e-9:
            yield (f"“{row[1]}”: {head} is printed as {row[3]}, and follows as {low:.3g} to {high:.3g}",
                   "print all p of a family from one adjustment")


def bounds(printed: str) -> Bounds | None:
    """The smallest and the largest p that is printed so; None where it is no p."""
    found = P.fullmatch(printed.strip())
    if not found:
        return None
    value = float(found[2])
    if found[1] in ("<", ">"):
        return (0.0, value) if found[1] == "<" else (value, 1.0)
    half = 0.5 * 10.0 ** -len(found[2].partition(".")[2])
    return max(0.0, value - half), min(1.0, value + half)


def holm(p: list[float]) -> list[float]:
    """Adjusted for the chance of any false claim in the family (Holm 1979, doi 10.2307/4615733)."""
    order = sorted(range(len(p)), key=p.__getitem__)
    found, most = [0.0] * len(p), 0.0
    for rank, place_ in enumerate(order):
        most = max(most, min(1.0, (len(p) - rank) * p[place_]))
        found[place_] = most
    return found


def benjamini_hochberg(p: list[float]) -> list[float]:
    """Adjusted for the share of false claims (Benjamini and Hochberg 1995, doi 10.1111/j.2517-6161.1995.tb02031.x)."""
    order = sorted(range(len(p)), key=p.__getitem__, reverse=True)
    found, least = [0.0] * len(p), 1.0
    for rank, place_ in enumerate(order):
        least = min(least, len(p) / (len(p) - rank) * p[place_])
        found[place_] = least
    return found
