"""What is a page made of besides its body: heading, label, lists of links, and the template around all?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from surveybook.render.book import NBSP, Chapter, as_list
from surveybook.render.settings import Settings, options

STYLE = "site_libs/base.css"


@dataclass(frozen=True)
class Page:
    """What is known of a page when all pages are: HTML ready to be set."""

    chapter: Chapter
    title: str  # HTML
    nav: str  # HTML without links
    text: str
    subtitle: str
    body: str
    contents: tuple[dict, ...]
    pieces: dict[str, str]  # of the book's own HTML: for the head, before and after the body

    @property
    def label(self) -> str:
        """The title in lists of pages, with the number."""
        number = self.chapter.number
        if not number or options(self.chapter.book, Settings()).get("number-sections") is False:
            return self.nav
        return f'<span class="chapter-number">{number}</span>{NBSP} <span class="chapter-title">{self.nav}</span>'

    @property
    def heading(self) -> str:
        """The content of the page's h1."""
        chapter = self.chapter
        if chapter.appendix and chapter.number:
            inner = f"Appendix {chapter.number} — {self.title}"
        elif not chapter.number or not chapter.depth:
            inner = self.title
        else:
            inner = (f'<span class="chapter-number">{chapter.number}</span>{NBSP} '
                     f'<span class="chapter-title">{self.title}</span>')
        if chapter.identifier:
            return f'<span id="{escape(chapter.identifier)}" class="quarto-section-identifier">{inner}</span>'
        return inner


def nest(items: list[dict]) -> list[dict]:
    """A flat list of items with depths as a tree (each item gets `items`)."""
    tree: list[dict] = []
    stack: list[tuple[int, list[dict]]] = [(0, tree)]
    for item in items:
        node = {**item, "items": []}
        while len(stack) > 1 and stack[-1][0] >= item["depth"]:
            stack.pop()
        stack[-1][1].append(node)
        stack.append((item["depth"], node["items"]))
    return tree


def listed(tree: list[dict]) -> str:
    """A tree of items as nested HTML lists; each item has its `html`."""
    items = "\n".join(f"<li>{item['html']}{listed(item['items']) if item['items'] else ''}</li>" for item in tree)
    return f"\n<ul>\n{items}\n</ul>\n"


def authors(value) -> list[str]:
    """Names of `author`: one or a list, each a text or a mapping with `name`; those left empty are none.

    They are Markdown as in Quarto, but what is HTML in them is text.
    """
    found = []
    for one in as_list(value):
        name = one.get("name", "") if isinstance(one, dict) else one
        found.append(" ".join(name.get(k, "") for k in ("given", "family")).strip() if isinstance(name, dict)
                     else str(name or ""))
    return [name.replace("<", "\\<") for name in found if name.strip()]


def abstract(chapter: Chapter) -> str:
    """What stands below the home page's title: the book's description."""
    return str(chapter.facts.get("description") or "") if chapter.index else ""


@cache
def template() -> Template:
    """The page around all of its parts, `$name` each; those that a page may lack are whole lines, or empty."""
    return Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8").removesuffix("\n"))
