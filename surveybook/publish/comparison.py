"""What does a site say?  Its results by name, and its anchors: the same whichever builder made it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from surveybook.publish.site.page import Page, ancestors, label_of, read_pages
from surveybook.publish.site.text import columns

# Ids that are for readers: Quarto gives captions some of its own, with a number that means nothing
ANCHOR = re.compile(r"(?:sec|fig|tbl|eq)-(?!.*-caption-[0-9a-f-]{36}$).+")


@dataclass(frozen=True)
class SiteContent:
    """`results`: what is shown, by name: “study.question.top.of” of a finding, “tbl-x: row, column” of a cell.
    `anchors`: the page of each id that a reader may link to."""

    results: dict[str, str]
    anchors: dict[str, str]


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same: `kind` of it, its name, and what stood and stands; empty where there is none."""

    kind: str
    name: str
    old: str
    new: str


def read_content(site: Path) -> SiteContent:
    """Everything that the pages of a site say."""
    pages = read_pages(site)
    said: dict[str, dict[str, None]] = {}  # a finding may stand on several pages, and should say the same on each
    for page in pages:
        for name, words in [*findings(page), *cells(page)]:
            said.setdefault(name, {})[words] = None
    results = {name: " / ".join(words) for name, words in said.items()}
    return SiteContent(results, {name: page.name for page in pages for name in page.ids if ANCHOR.match(name)})


def findings(page: Page) -> Iterator[tuple[str, str]]:
    """The numbers and words in sentences that the analysis found."""
    for node in page.content.css(".finding[data-from]"):
        yield node.attributes["data-from"] or "", " ".join(node.text().split())


def cells(page: Page) -> Iterator[tuple[str, str]]:
    """The cells of each labelled table, and of the table below each labelled figure."""
    for table in page.content.css(".report-figure table, .report-table table"):
        label = next((label_of(box) for box in ancestors(table) if label_of(box)), "")
        of = next((box.attributes["data-of"] for box in ancestors(table) if "data-of" in box.attributes), "")
        found = columns(table)
        if not label or not found:
            continue
        (_, rows), *others = found.items()
        seen: Counter[str] = Counter()
        for place, row in enumerate(rows):
            seen[row] += 1
            name = row if seen[row] == 1 else f"{row} ({seen[row]})"
            yield from ((f"{label}{of and f', of {of}'}: {name}, {head}", column[place]) for head, column in others)


def compare_content(one: SiteContent, other: SiteContent) -> list[Difference]:
    """What is not the same, results first, by name."""
    return [*compare_names("result", one.results, other.results), *compare_names("anchor", one.anchors, other.anchors)]


def compare_names(kind: str, one: dict[str, str], other: dict[str, str]) -> Iterator[Difference]:
    for name in sorted(one.keys() | other.keys()):
        if one.get(name) != other.get(name):
            yield Difference(kind, name, one.get(name, ""), other.get(name, ""))
