"""Where do the addresses on a page lead, and which of them are dead or asked of another host?"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborNode

from surveybook.publish.site.page import Page

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

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.written).path)

    @property
    def fragment(self) -> str:
        return unquote(urlsplit(self.written).fragment)

    @property
    def scheme(self) -> str:
        return urlsplit(self.written).scheme.lower()

    @property
    def remote(self) -> bool:
        """Another host: `https://host/x`, and `//host/x` likewise."""
        return self.written.startswith("//") or self.scheme in ("http", "https", "ws", "wss", "ftp")

    @property
    def local(self) -> bool:
        return not self.remote and not self.scheme


def of_page(page: Page) -> Iterator[Address]:
    """Every address on a page, in links, in what it fetches, and in its own styles."""
    for node in page.tree.css("a[href], area[href]"):
        yield Address((node.attributes["href"] or "").strip(), node, fetched=False)
    for node in page.tree.css("link[href]"):
        kinds = set((node.attributes.get("rel") or "").lower().split())
        yield Address((node.attributes["href"] or "").strip(), node, fetched=bool(kinds & FETCHED_LINKS))
    for tag, names in FETCHED.items():
        for node in page.tree.css(tag):
            for name in names:
                value = (node.attributes.get(name) or "").strip()
                for written in candidates(value) if name == "srcset" else [value]:
                    if written:
                        yield Address(written, node, fetched=True)
    styles = [(node, node.text()) for node in page.tree.css("style")]
    styles += [(node, node.attributes["style"] or "") for node in page.tree.css("[style]")]
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


def fault(address: Address, source: str, site: Path, pages: dict[str, Page]) -> tuple[str, str] | None:
    """What is wrong with an address in the file `source` of the site, and what to do; None if nothing."""
    try:
        urlsplit(address.written)
    except ValueError as error:  # a bracket that is never closed, for instance
        return f"{address.written} is no address ({error})", "correct it"
    if address.remote and address.fetched:
        return (
            f"the page asks another host for {address.written}",
            "keep a copy in the project and use that, or take it out",
        )
    if address.scheme == "file":
        return f"{address.written} is a place on one machine", "use a path from the page"
    if not address.local or not (address.path or address.fragment):
        return None
    if address.path.startswith("/"):
        return (
            f"{address.written} starts at the root of the host, so it is dead in a folder or from file://",
            "write the path from the page",
        )
    target = target_of(address, source)
    if target.startswith(".."):
        return f"{address.written} leads out of the site", "link to a page or file of the site"
    if os.path.isdir(site / target):
        return f"{address.written} is a folder", "link to a file in it, such as its index.html"
    if not exists(site, target):
        return f"{address.written} does not exist", "correct the address, or add the file to the book"
    page = pages.get(target)
    if page and address.fragment not in page.targets | {"", "top"}:
        return f"{address.written} points to an id that {target} does not have", "correct the id, or give it"
    return None


def target_of(address: Address, source: str) -> str:
    """The file of the site, by its path from the site's folder, that a local address in the file `source` leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), address.path)) if address.path else source


def exists(site: Path, target: str) -> bool:
    """Whether the file is there under just this name: upper and lower case differ on most servers."""
    path = site / target
    try:
        return path.is_file() and path.name in {other.name for other in path.parent.iterdir()}
    except OSError:  # a name that is too long for any file
        return False
