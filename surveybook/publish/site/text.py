"""What does a page print?  Its words block by block, its tables as columns of words, any element as a line."""

from __future__ import annotations

import re
from functools import lru_cache

from selectolax.lexbor import LexborNode

from surveybook.publish.site.page import Page

BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, figcaption, dd, dt, th, td, svg text, [aria-label]"

# Quarto hides a list of the works that a page cites in it, for its previews, and tells above the title where a page is
HIDDEN = '#refs[style*="none"], .quarto-page-breadcrumbs'
UNREAD = f"svg, script, style, annotation, nav, header, .screen-reader-only, {HIDDEN}"  # holds no sentence
TIGHT = re.compile(r" (?=[,.;:?!)”])|(?<=[(“]) ")  # between the words of one element and the marks of the next
# Marks that turn the direction of all that follows: a citation is put into the texts of others
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # characters that nobody sees, and ends of lines


@lru_cache(maxsize=1)  # one rule after the other asks for those of the same page
def words(page: Page) -> tuple[tuple[LexborNode, str], ...]:
    """Each block, with what it says on one line; of what has a label for screen readers, that label too."""
    found = []
    for node in page.content.css(BLOCKS):
        if label := node.attributes.get("aria-label"):
            found.append((node, label))
        if node.tag not in ("svg", "div"):
            found.append((node, " ".join(node.text().split())))
    return tuple(found)


def columns(table: LexborNode) -> dict[str, list[str]]:
    """The cells below each heading, by its words. Nothing of a table whose rows are not all of one length."""
    heads = [" ".join(cell.text().split()) for cell in table.css("thead th")]
    rows = [[" ".join(cell.text().split()) for cell in row.css("th, td")] for row in table.css("tbody tr")]
    if not rows or len(set(heads)) < len(heads) or any(len(row) != len(heads) for row in rows):
        return {}
    return dict(zip(heads, map(list, zip(*rows, strict=True)), strict=True))


def line(text: str) -> str:
    """A text on one line, without what is not seen and could change what is."""
    return " ".join(CONTROL.sub(" ", TURNING.sub("", text)).split())


def own_words(node: LexborNode | None) -> str:
    """What an element says, on one line."""
    if node is None:
        return ""
    copy = node.clone()
    for unread in copy.css(UNREAD):
        if unread.mem_id != copy.mem_id:
            unread.decompose()
    return spaced(copy)


def spaced(node: LexborNode) -> str:
    """All text below an element, on one line, with the words of different elements apart."""
    return TIGHT.sub("", " ".join(node.text(separator=" ").split()))
