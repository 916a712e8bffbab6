"""Does every simulated number say what it is?  In its sentence, in its drawing, and in the twin of its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from surveybook.publish.checks.rule import Fault, place
from surveybook.publish.pages.labels import find_blocks, find_unsaid
from surveybook.publish.site.marks import CELLS, DRAWN, MARK
from surveybook.publish.site.page import Page

DRAWINGS = f".{MARK}[data-label] svg[role=img]"
TWIN = 'head link[rel="alternate"][type="text/markdown"]'
REMEDY = "finish the site anew (surveybook build)"


def sentences_that_hide_it(page: Page) -> Iterator[Fault]:
    """A sentence with a simulated number says “simulated”."""
    for block in find_blocks(page):
        for value in find_unsaid(block):
            yield place(block), f"“{value.text()}” is simulated, and its sentence does not say so", REMEDY


def drawings_that_hide_it(page: Page) -> Iterator[Fault]:
    """A drawing of simulated numbers says so behind its marks."""
    for drawing in page.content.css(DRAWINGS):
        if not any(MARK in words.text().lower() for words in drawing.css("text")):
            yield place(drawing), "nothing in the drawing says that its numbers are simulated", REMEDY


def twin_that_hides_it(page: Page, site: Path) -> Iterator[Fault]:
    """The Markdown twin of a page says “simulated” at each number that is."""
    link = page.tree.css_first(TWIN)
    numbers = [node.text() for node in page.content.css(f"{DRAWN}, {CELLS}") if re.search(r"\d", node.text())]
    if link is not None and numbers:
        twin = site / page.resolve(link.attributes["href"] or "")
        said = len(re.findall(MARK, twin.read_text(encoding="utf-8").lower()))
        if said < len(numbers):
            yield "the twin", f"{twin.name} has {len(numbers)} simulated numbers, and says so {said} times", REMEDY
