"""The table of contents of the printed report: parts, chapters and sections, and the sheets on which they start."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from itertools import groupby
from urllib.parse import quote

from selectolax.lexbor import LexborNode

from surveybook.publish.site.page import Page, ancestors
from surveybook.publish.site.parts import line

LEAF = '<span class="leaf" data-of="{}"></span>'  # where the number of a sheet will stand


def outline(first: Page) -> dict[str, tuple[str, str]]:
    """The part of the book that each page stands in, empty for none, and its title, as the sidebar has them."""
    found, part = {}, ""
    for node in first.tree.css("#quarto-sidebar .menu-text"):
        around = list(ancestors(node))
        link = next((box for box in around if box.tag == "a" and box.attributes.get("href")), None)
        if sum(box.tag == "li" for box in around) == 1:  # not in a part, or the part itself
            part = line(node.text()) if link is None else ""
        if link is not None:
            name = first.resolve(link.attributes["href"] or "")
            found.setdefault(name, (part, line(node.text())))
    return found


def contents(book: Sequence[Page], listed: dict[str, tuple[str, str]]) -> str:
    """The table of contents: parts, chapters and sections, with room for the numbers of their sheets."""
    # no nav element: Quarto's style sheet hides one with this role
    found = ['<main class="contents"><section role="doc-toc" aria-label="Contents"><h1>Contents</h1>']
    for part, pages in groupby(book, lambda page: listed.get(page.name, ("", ""))[0]):
        chapters = (entry(page.content.attributes["id"] or "", listed.get(page.name, ("", page.title))[1], page)
                    for page in pages)
        found += [f'<p class="part">{escape(part)}</p>' if part else "", "<ul>", *chapters, "</ul>"]
    return "".join([*found, "</section></main>"])


def entry(place: str, title: str, page: Page) -> str:
    """A chapter in the contents, with its sections."""
    sections = [(section(node), line(node.text())) for node in page.content.css("h2")]
    inner = "".join(f"<li>{link(label, words)}</li>" for label, words in sections if label)
    return f"<li>{link(place, title)}{f'<ul>{inner}</ul>' if inner else ''}</li>"


def section(heading: LexborNode) -> str:
    """The id of the section that a heading opens; empty where it has none."""
    around = next((box for box in ancestors(heading) if box.tag == "section"), None)
    return (around.attributes.get("id") or "") if around is not None else ""


def link(place: str, title: str) -> str:
    return f'<a href="#{quote(place)}">{escape(title)}</a>{LEAF.format(escape(place))}'


def numbered(html: str, sheets: dict[str, int]) -> str:
    """The page with the numbers of the sheets in its table of contents."""
    def number(found: re.Match[str]) -> str:
        sheet = sheets.get(unescape(found[1]))
        return found[0].replace("></span>", f">{sheet}</span>") if sheet else found[0]

    return re.sub(re.escape(LEAF).replace(r"\{\}", '([^"]*)'), number, html)
