"""The rendered site on its way to readers: what every step of surveybook/publish/finish.py works on."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from surveybook.errors import Refusal
from surveybook.publish.manifest import Source, source
from surveybook.publish.site.page import Float, Page


class Refused(Refusal):
    """A site that cannot be finished: one line a fault, with its place and what to do."""


@dataclass(frozen=True)
class Edition:
    """A site between render and release.

    `pages` by name, parsed; the steps change them in place. `files`: what they add or replace, content by path from the
    site's folder. `root` is the folder of the book, `site` that of the rendered site.
    """

    root: Path
    site: Path
    pages: dict[str, Page]
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def book(self) -> list[Page]:
        """The pages that the builder made, in the order in which the book is read: that of its sidebar."""
        found = {name: page for name, page in self.pages.items() if not page.made and page.tree.css_first("main")}
        first = found.get("index.html")
        listed = first.outline if first else []
        return [found[name] for name in dict.fromkeys(["index.html", *listed, *found]) if name in found]

    @cached_property
    def source(self) -> Source:
        """The state of the project that the site is made from."""
        return source(self.root, self.site)

    def content(self, name: str) -> bytes | None:
        """A file of the site as it will be, or None."""
        if name in self.files:
            return self.files[name]
        path = self.site / name
        return path.read_bytes() if path.is_file() else None


def floats(page: Page) -> list[Float]:
    """Every figure and table of the analysis on a page, in their order."""
    return page.floats


def element(html: str) -> LexborNode:
    """The element that a piece of HTML holds, to be put into a page."""
    return LexborHTMLParser(html, is_fragment=True).css_first("*")
