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
    pieces: dict[str, str]  # of the author's own HTML: for the head, before and after the body
    styles: list[str]

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


@dataclass(frozen=True)
class Author:
    """Who wrote a page. Name and places of work are Markdown as in Quarto, but what is HTML in them is text."""

    name: str
    places: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # address, and what it is called


def authors(value) -> list[Author]:
    """Who `author` names: one or a list, each a text or a mapping with `name`; those left empty are none."""
    found = []
    for one in as_list(value):
        given = one if isinstance(one, dict) else {"name": one}
        places = [*as_list(given.get("affiliation")), *as_list(given.get("affiliations"))]
        links = [("mailto:", "email", "Email"), ("https://orcid.org/", "orcid", "ORCID"), ("", "url", "Web")]
        found.append(Author(_text_of(given.get("name")), tuple(filter(None, map(_text_of, places))),
                            tuple((before + str(given[key]), name) for before, key, name in links if given.get(key))))
    return [author for author in found if author.name]


def _text_of(name) -> str:
    """A name that is a text, or a mapping with `name` or with parts."""
    if isinstance(name, dict):
        name = name.get("name") or " ".join(name.get(part, "") for part in ("given", "family"))
    return str(name or "").strip().replace("<", "\\<")


def byline(written_by: list[Author], date: str, words: dict) -> str:
    """Who wrote a page, where they work, and when it was published."""
    lines = []
    for author in written_by:
        links = " ".join(f'<a href="{escape(address)}">{name}</a>' for address, name in author.links)
        lines += [f'<p class="author">{words[author.name]["html"]}</p>', *([links] if links else []),
                  *(f'<p class="affiliation">{words[place]["html"]}</p>' for place in author.places)]
    if lines:
        heading = "Author" if len(written_by) == 1 else "Authors"
        lines = [f'<div><div class="quarto-title-meta-heading">{heading}</div>', *lines, "</div>"]
    if date:
        lines += ['<div><div class="quarto-title-meta-heading">Published</div>', f'<p class="date">{date}</p>',
                  "</div>"]
    return "\n".join(['<div class="quarto-title-meta">', *lines, "</div>", ""]) if lines else ""


@dataclass(frozen=True)
class Footer:
    """What the book has at the foot of each page: Markdown on the left, in the middle and on the right, or links."""

    parts: tuple[tuple[str, str | list], ...]

    @classmethod
    def of(cls, setting) -> Footer:
        given = setting if isinstance(setting, dict) else {"center": setting} if setting else {}
        return cls(tuple((place, given[place]) for place in ("left", "center", "right") if given.get(place)))

    @property
    def texts(self) -> list[str]:
        return [text for _, part in self.parts for text in ([part] if isinstance(part, str) else map(self.name, part))]

    @staticmethod
    def name(item) -> str:
        """What one of the links is called."""
        return item if isinstance(item, str) else str(next(
            (item[key] for key in ("text", "aria-label", "icon", "href", "file") if item.get(key)), ""))

    def html(self, words: dict) -> str:
        """The parts, their addresses as written in `_quarto.yml`."""
        lines = []
        for place, part in self.parts:
            if isinstance(part, str):
                inner = words[part]["html"]
            else:
                items = [(words[self.name(item)]["html"], "" if isinstance(item, str) else
                          item.get("href") or item.get("file") or "") for item in part]
                inner = "".join(f'<li><a href="{escape(address)}">{name}</a></li>' if address else f"<li>{name}</li>"
                                for name, address in items)
                inner = f'<ul class="footer-items">{inner}</ul>'
            lines.append(f'<div class="nav-footer-{place}">{inner}</div>\n')
        return f'<div class="nav-footer">\n{"".join(lines)}</div>\n' if lines else ""


def description(chapter: Chapter) -> str:
    """What stands below the home page's title: the book's description."""
    return str(chapter.facts.get("description") or "") if chapter.index else ""


@cache
def template() -> Template:
    """The page around all of its parts, `$name` each; those that a page may lack are whole lines, or empty."""
    return Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8").removesuffix("\n"))
