"""Give pages one style sheet: a browser paints nothing before it has read them all.

Only where all of a page's style sheets are plain text of the site; Quarto's own name other files, and stay as they are.
"""

from __future__ import annotations

import posixpath

from publishing.addresses import of_css
from publishing.edition import Edition, element
from publishing.pages import Page

JOINED = "theme/book.css"


def join_styles(edition: Edition) -> None:
    """Write the style sheets of the pages, in their order, as one."""
    for page in edition.pages.values():
        links = page.tree.css('head > link[rel="stylesheet"]')
        sheets = [edition.content(target(page, link.attributes["href"] or "")) for link in links]
        if len(sheets) < 2 or any(sheet is None or any(of_css(sheet.decode())) for sheet in sheets):
            continue
        joined = b"\n".join(sheet for sheet in sheets if sheet is not None)
        if edition.files.setdefault(JOINED, joined) != joined:
            continue  # a page of another look keeps its own
        address = posixpath.relpath(JOINED, posixpath.dirname(page.name) or ".")
        links[0].insert_before(element(f'<link rel="stylesheet" href="{address}">'))
        for link in links:
            link.decompose()


def target(page: Page, address: str) -> str:
    """The path in the site that a relative address on a page leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page.name), address))
