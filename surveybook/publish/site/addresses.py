"""Where do the addresses on a page lead, and which of them does a browser fetch by itself?"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import SplitResult, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

# What a browser fetches by itself when it shows a page; a plain link is only followed by a click.
FETCHED = {
    "audio": ["src"],
    "embed": ["src"],
    "iframe": ["src"],
    "image": ["href", "xlink:href"],
    "img": ["src", "srcset"],
    "input": ["src"],
    "object": ["data"],
    "script": ["src"],
    "source": ["src", "srcset"],
    "track": ["src"],
    "use": ["href", "xlink:href"],
    "video": ["src", "poster"],
}
FETCHED_LINKS = {
    "apple-touch-icon", "dns-prefetch", "icon", "manifest", "mask-icon", "modulepreload", "preconnect",
    "prefetch", "preload", "prerender", "stylesheet",
}  # fmt: skip
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CSS_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s*["']([^"']+)""", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """An address as written, the element that holds it (none in a style sheet), and whether it is fetched."""

    written: str
    node: LexborNode | None
    fetched: bool

    @cached_property
    def split(self) -> SplitResult:
        return split_address(self.written)

    @property
    def path(self) -> str:
        return unquote(self.split.path)

    @property
    def fragment(self) -> str:
        return unquote(self.split.fragment)

    @property
    def scheme(self) -> str:
        return self.split.scheme.lower()

    @property
    def remote(self) -> bool:
        """Another host: `https://host/x`, and `//host/x` likewise."""
        return self.written.startswith("//") or self.scheme in ("http", "https", "ws", "wss", "ftp")

    @property
    def local(self) -> bool:
        return not self.remote and not self.scheme


def split_address(written: str) -> SplitResult:
    """The pieces of an address. What is none, such as one with a bracket that is never closed, is all path."""
    try:
        return urlsplit(written)
    except ValueError:
        return SplitResult("", "", written, "", "")


def of_page(tree: LexborHTMLParser) -> Iterator[Address]:
    """Every address on a page, in links, in what it fetches, and in its own styles."""
    for node in tree.css("a[href], area[href]"):
        yield Address((node.attributes["href"] or "").strip(), node, fetched=False)
    for node in tree.css("link[href]"):
        kinds = set((node.attributes.get("rel") or "").lower().split())
        yield Address((node.attributes["href"] or "").strip(), node, fetched=bool(kinds & FETCHED_LINKS))
    for tag, names in FETCHED.items():
        for node in tree.css(tag):
            for name in names:
                value = (node.attributes.get(name) or "").strip()
                for written in candidates(value) if name == "srcset" else [value]:
                    if written:
                        yield Address(written, node, fetched=True)
    styles = [(node, node.text()) for node in tree.css("style")]
    styles += [(node, node.attributes["style"] or "") for node in tree.css("[style]")]
    for node, css in styles:
        yield from (Address(written, node, fetched=True) for written in of_css(css))


def of_css(css: str) -> Iterator[str]:
    """The addresses a style sheet fetches."""
    for found in CSS_ADDRESS.finditer(COMMENT.sub("", css)):
        yield (found[1] or found[2]).strip()


def candidates(srcset: str) -> list[str]:
    """The addresses of a `srcset`."""
    if srcset.startswith("data:"):  # may hold commas; there is nothing to fetch
        return []
    return [part.split()[0] for part in srcset.split(",") if part.strip()]


def resolve_address(written: str, source: str) -> str:
    """The file of the site, by its path from the site's folder, that a local address in the file `source` leads to."""
    path = unquote(split_address(written).path)
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), path)) if path else source
