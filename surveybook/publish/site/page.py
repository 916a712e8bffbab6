"""What is on a built site? Its pages, parsed once, and how many figures and tables they hold."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from surveybook.errors import Refusal
from surveybook.markup import limit_passed
from surveybook.publish.site.addresses import resolve_address

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
TERM = "sec-term-"  # how the id of a heading begins that explains a term
MADE = "data-made"  # on the html element of a page that no builder made
FRAMES = ".report-figure, .report-table"  # what the analysis puts around what it shows
DEAD = "404.html"  # what hosts show at addresses where nothing is
EMBED = ".embed.html"  # how the file of a figure ends that other sites show in a frame: no page of the book either
LIBRARIES = "site_libs"  # the scripts and styles that Quarto puts beside the pages: not pages of the book


@dataclass(frozen=True)
class Page:
    """One HTML file of the site: `name` is its path from the site's folder, with forward slashes.

    `site` is that folder where the page was read from a finished site.
    """

    name: str
    tree: LexborHTMLParser
    site: Path | None = None

    @cached_property
    def ids(self) -> list[str]:
        """Every id of the page, in document order, repeats included."""
        return [node.attributes["id"] or "" for node in self.tree.css("[id]")]

    @cached_property
    def targets(self) -> frozenset[str]:
        """What a fragment can point to."""
        return frozenset(self.ids) | {node.attributes["name"] or "" for node in self.tree.css("a[name]")}

    @property
    def made(self) -> bool:
        """Whether the finish step made the page, not the builder."""
        return MADE in self.tree.css_first("html").attributes

    @cached_property
    def quarto(self) -> str:
        """The version of Quarto that made the page, or nothing."""
        meta = self.tree.css_first('head meta[name="generator"]')
        name, _, version = (meta.attributes.get("content") or "" if meta is not None else "").partition("-")
        return version if name == "quarto" else ""

    @property
    def language(self) -> str:
        return self.tree.css_first("html").attributes.get("lang") or ""

    @property
    def outline(self) -> list[str]:
        """The pages that the sidebar of this one leads to, in their order."""
        links = self.tree.css('#quarto-sidebar a[href]:not([href^="#"])')
        return [self.resolve(link.attributes["href"] or "") for link in links]

    def leads_to(self, name: str, fragment: str = "") -> str:
        """The address of a place in the site, as it is written on this page."""
        path = relative_path(name, posixpath.dirname(self.name))
        return f"{path}#{quote(fragment)}" if fragment else path

    def resolve(self, address: str) -> str:
        """The file of the site that an address on this page leads to, by its path from the site's folder."""
        return resolve_address(address, self.name)

    @cached_property
    def content(self) -> LexborNode:
        """The part of the page that the book's author wrote; the whole page where it is not marked."""
        return self.tree.css_first("main") or self.tree.root

    @cached_property
    def floats(self) -> list[Float]:
        """The figures and tables of the analysis that have their data, in their order.

        Read once, as publishing takes the data out of the page and writes them beside it.
        """
        found = []
        for frame in self.content.css(FRAMES):
            box = next((box for box in ancestors(frame) if label_of(box)), None)
            label = label_of(box) if box is not None else ""
            about = self._about(frame, label)
            if about is not None:
                found.append(Float(label, frame, box.css_first("figcaption") if box is not None else None, about))
        return found

    def _about(self, frame: LexborNode, label: str) -> dict[str, Any] | None:
        """The facts about a figure or table: from the page, or from the file beside it."""
        script = frame.css_first("script.report-data")
        beside = self.site / self.name if self.site else None
        if script is not None:
            return json.loads(script.text())
        if beside is None or not label or not beside.with_name(f"{label}.json").is_file():
            return None
        return json.loads(beside.with_name(f"{label}.json").read_text(encoding="utf-8"))

    @property
    def title(self) -> str:
        """What the page is called, without the name of the book."""
        title = self.tree.css_first("head > title")
        words = " ".join(title.text().split()) if title is not None else self.name
        return words.rpartition(" – ")[0] or words


@cache
def relative_path(name: str, folder: str) -> str:
    """The path of a file of the site as it is written in a folder of it."""
    return quote(posixpath.relpath(name, folder or "."))


@dataclass(frozen=True)
class Float:
    """A figure or table of the analysis on a page.

    `label`: its id, such as “fig-size”, empty where it has none. `frame`: the element that holds it all. `caption`:
    None where there is none. `about`: the facts that travel with it, its data among them.
    """

    label: str
    frame: LexborNode
    caption: LexborNode | None
    about: dict[str, Any]


@dataclass(frozen=True)
class Counts:
    """How much a site holds; a figure or table counts once, by its label, wherever it has a caption."""

    pages: int
    figures: int
    tables: int

    def __str__(self) -> str:
        parts = ((self.pages, "page"), (self.figures, "figure"), (self.tables, "table"))
        return ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in parts)


def read_pages(site: Path) -> list[Page]:
    """All pages below `site`, sorted by name. Raises Refusal as parse_page does."""
    texts = {name: (site / name).read_text(encoding="utf-8", errors="replace") for name in list_pages(site)}
    return [parse_page(name, text, site) for name, text in texts.items()]


def parse_page(name: str, text: str, site: Path | None = None) -> Page:
    """A page of that text. Raises Refusal for one that is too long or too deep."""
    if passed := limit_passed(text):
        raise Refusal(f"{name}: {'; '.join(passed)}")
    return Page(name, LexborHTMLParser(text), site)


def list_pages(site: Path) -> list[str]:
    """The names of all pages below `site`, sorted, without Quarto's libraries and figures in frames."""
    files = (path.relative_to(site) for path in site.rglob("*.html"))
    return sorted(name.as_posix() for name in files if LIBRARIES not in name.parts and not name.name.endswith(EMBED))


def count_pages(pages: list[Page]) -> Counts:
    """Pages with a main part, and the captioned floats on them; the same way whoever built the site."""
    book = [page for page in pages if page.tree.css_first("main")]
    labels = {label for page in book for label in float_labels(page)}
    figures, tables = (sum(label.startswith(kind) for label in labels) for kind in ("fig-", "tbl-"))
    return Counts(len(book), figures, tables)


def float_labels(page: Page) -> Iterator[str]:
    """The label of every captioned figure and table: the id of the nearest labelled box around a caption."""
    for caption in page.content.css("figcaption, caption"):
        box = next((node for node in ancestors(caption.parent) if label_of(node)), None)
        if box is not None:
            yield label_of(box)


def drawings(frame: LexborNode) -> list[LexborNode]:
    """The drawings of a figure that are there before a reader chooses, for a wide page and for a narrow one."""
    others = {svg.mem_id for svg in frame.css(".drawn[hidden] svg")}
    return [svg for svg in frame.css("svg") if svg.mem_id not in others]


def label_of(node: LexborNode) -> str:
    """The id of a labelled float, or an empty string."""
    name = node.id or ""
    return name if name.startswith(("fig-", "tbl-")) else ""


def ancestors(node: LexborNode | None) -> Iterator[LexborNode]:
    """The node itself, its parent, and so on up to the root element."""
    while node is not None and node.is_element_node:
        yield node
        node = node.parent


def element(html: str) -> LexborNode:
    """The element that a piece of HTML holds, to be put into a page."""
    return LexborHTMLParser(html, is_fragment=True).css_first("*")


def append(parent: LexborNode, html: str) -> None:
    """Put all elements of a piece of HTML at the end of an element, parsed at once."""
    for node in list(LexborHTMLParser(html, is_fragment=True).root.iter()) if html else ():
        parent.insert_child(node)
