"""What does a page print?  Its words block by block, and its tables as columns of words."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from surveybook.publish.site.page import Page

BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, figcaption, dd, dt, th, td, svg text, [aria-label]"


def words(page: Page) -> Iterator[tuple[LexborNode, str]]:
    """Each block, with what it says on one line; of what has a label for screen readers, that label too."""
    for node in page.content.css(BLOCKS):
        if label := node.attributes.get("aria-label"):
            yield node, label
        if node.tag not in ("svg", "div"):
            yield node, " ".join(node.text().split())


def columns(table: LexborNode) -> dict[str, list[str]]:
    """The cells below each heading, by its words. Nothing of a table whose rows are not all of one length."""
    heads = [" ".join(cell.text().split()) for cell in table.css("thead th")]
    rows = [[" ".join(cell.text().split()) for cell in row.css("th, td")] for row in table.css("tbody tr")]
    if not rows or len(set(heads)) < len(heads) or any(len(row) != len(heads) for row in rows):
        return {}
    return dict(zip(heads, map(list, zip(*rows, strict=True)), strict=True))
