"""How much must a reader load?  A budget for each page, and for all that its first visit asks for."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from surveybook.publish.checks.rule import Fault
from surveybook.publish.site import addresses
from surveybook.publish.site.page import Page

PAGE = 60_000  # bytes, compressed as a server would
LIST = 70_000  # of a page that no chapter makes: it lists all of the book, such as its citations, and grows with it
VISIT = 100_000
AT_ONCE = ("link", "script", "img")  # films and the like are asked for by a click


def too_heavy(page: Page, site: Path) -> Iterator[Fault]:
    """A page, and all that its first visit loads, stay within a budget. The libraries of Quarto's theme are beyond the
    book's reach, so their visit has none."""
    html, budget = (site / page.name).read_bytes(), LIST if page.made else PAGE
    if (weight := compressed(html)) > budget:
        yield ("the page", f"it has {weight:,} bytes compressed, and the budget is {budget:,}",
               "show fewer figures on it, or split it")
    asked = set(at_once(page))
    visit = weight + sum(size(site / name) for name in asked)
    if visit > VISIT and not page.quarto:
        yield ("the page", f"a first visit loads {visit:,} bytes compressed, and the budget is {VISIT:,}",
               f"make what it asks for smaller: {', '.join(sorted(asked))}")


def at_once(page: Page) -> Iterator[str]:
    """The files of the site that a browser loads with the page."""
    for one in addresses.of_page(page.tree):
        with suppress(ValueError):  # an address that is none is a fault of its own
            if one.fetched and one.local and one.node is not None and one.node.tag in AT_ONCE:
                yield page.resolve(one.written)


@cache
def size(path: Path) -> int:
    return compressed(path.read_bytes()) if path.is_file() else 0


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6, mtime=0))
