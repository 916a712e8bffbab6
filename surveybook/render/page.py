"""A whole page around its body: title tags, sidebar, contents, previous and next; and the search index."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cache, cached_property
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from selectolax.lexbor import LexborHTMLParser

from surveybook.render.book import NBSP, Book, Chapter, as_list, relative
from surveybook.render.files import Files
from surveybook.render.references import title_of
from surveybook.render.settings import Settings, long_date, options

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
    """Names of `author`: one or a list, each a text or a mapping with `name`."""
    found = []
    for one in as_list(value):
        name = one.get("name", "") if isinstance(one, dict) else one
        found.append(" ".join(name.get(k, "") for k in ("given", "family")).strip() if isinstance(name, dict)
                     else str(name))
    return found


def abstract(chapter: Chapter) -> str:
    """What stands below the home page's title: the book's description."""
    return str(chapter.facts.get("description") or "") if chapter.index else ""


@cache
def template():
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                              lstrip_blocks=True)
    return environment.get_template("page.html")


@dataclass(frozen=True)
class Site:
    """What all pages share."""

    book: Book
    files: Files
    title: dict  # html and text of the book's title
    words: dict  # the same of parts, authors and the book's description, by what is written
    pages: tuple[Page, ...]
    figures: int
    tables: int
    copied: frozenset[str]  # files of the book that go along

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each page stands in reading order, by its file."""
        return {page.chapter.file: place for place, page in enumerate(self.pages)}

    @cached_property
    def sidebars(self) -> dict[str, str]:
        """The sidebar as pages of one folder see it (filled as they are rendered)."""
        return {}

    def link(self, chapter: Chapter, place: int) -> dict | None:
        """Address and label of the page at a place in reading order, seen from `chapter`."""
        if not 0 <= place < len(self.pages):
            return None
        return {"href": relative(chapter.href, self.pages[place].chapter.href), "label": self.pages[place].label}

    def sidebar(self, chapter: Chapter) -> str:
        folder = posixpath.dirname(chapter.href)
        if folder not in self.sidebars:
            items = []
            for entry in self.book.outline:
                link = self.link(chapter, self.places.get(entry.file, -1))
                label = f'<span class="menu-text">{link["label"] if link else self.words[entry.text]["html"]}</span>'
                html = f'<a href="{escape(link["href"])}">{label}</a>' if link else label
                items.append({"depth": entry.depth, "html": html})
            self.sidebars[folder] = listed(nest(items))
        own = f'<a href="{escape(posixpath.basename(relative(chapter.href, chapter.href)))}">'
        return self.sidebars[folder].replace(own, own[:-1] + ' class="active" aria-current="page">', 1)

    def render(self, page: Page) -> str:
        """The whole HTML of one page."""
        chapter, book = page.chapter, self.book
        place = self.places[chapter.file]
        given = chapter.options
        toc = [] if chapter.unlisted or given.get("toc") is False else [
            {"depth": item["depth"], "html": f'<a href="#{escape(item["id"])}">{item["html"]}</a>'}
            for item in page.contents]
        # Quarto writes the book's title as it stands in _quarto.yml beside a title with any markup or typography.
        dressed = chapter.identifier or chapter.number and not chapter.appendix or page.text != chapter.title
        name = str(book.get("book", "title", default="")) if dressed and not chapter.index else self.title["text"]
        title = name if chapter.index else f"{title_of(chapter, page.text)} – {name}"
        return template().render(
            chapter=chapter, page=page, site=self, tag=title,
            heading=self.title["html"] if chapter.index else page.heading, outline=self.sidebar(chapter),
            contents=listed(nest(toc)) if toc else "",
            previous=self.link(chapter, place - 1), next=self.link(chapter, place + 1),
            home=relative(chapter.href, "index.html"),
            icon=self.files.icon and relative(chapter.href, self.files.icon),
            styles=[relative(chapter.href, style) for style in (STYLE, *self.files.styles)],
            lang=given.get("lang", "en"), contents_title=given.get("toc-title", "Table of contents"),
            keywords=[self.words[word] for word in as_list(chapter.front.get("keywords"))],
            description=chapter.front.get("description") or book.get("book", "description", default=""),
            authors=[self.words[name] for name in authors(chapter.facts.get("author"))],
            date=long_date(chapter.facts.get("date")), abstract=self.abstract(chapter))

    def abstract(self, chapter: Chapter) -> str:
        """What stands below the home page's title; as in YAML, a block of text is a paragraph."""
        text = abstract(chapter)
        html = self.words[text]["html"]
        return f"<p>{html}</p>" if text.endswith("\n") else html

    def search(self) -> list[dict]:
        """The search index: one entry for each page, one for each of its second-level sections."""
        part, found = "", []
        parts = {}
        for entry in self.book.outline:
            part = entry.text if not entry.file else part if entry.depth > 1 else ""
            parts[entry.file] = self.words[part]["text"] if part else ""
        for page in self.pages:
            chapter = page.chapter
            crumbs = [crumb for crumb in (parts[chapter.file], page.label) if crumb]
            title = self.title["text"] if chapter.index else title_of(chapter, page.text)

            def add(href: str, section: str, text: str, title: str = title, crumbs: list = crumbs) -> None:
                if text:
                    found.append({"objectID": href, "href": href, "title": title, "section": section, "text": text,
                                  "crumbs": crumbs})

            tree = LexborHTMLParser(f"<main>{page.body}</main>")
            for node in tree.css("script, style"):
                node.decompose()
            entries, first = [], ""
            for section in tree.css("section.level2, section.footnotes"):
                head = section.css_first("h2")
                name = words(head.text()) if head else ""
                if head:
                    head.decompose()
                text = words(section.text())
                first = first or f"{name} {text}"
                entries.append((f"{chapter.href}#{section.attributes.get('id') or 'fn1'}", name, text))
                section.decompose()
            add(chapter.href, "", escape(words(f"{tree.css_first('main').text()} {first}"), quote=False))
            for href, name, text in entries:
                add(href, name, escape(text, quote=False))
        return found


def words(text: str) -> str:
    """Text with its white space made single spaces (no-break ones are kept)."""
    return re.sub(r"[ \t\r\n\f]+", " ", text).strip(" ")
