"""The whole report as one page, to be printed: a title page, the contents, then every chapter in the order of the book.

It is made from the finished pages of a site, whoever built them. What a page offers only on a screen is left out.
The table twin of a drawing, folded on a screen, stands with all others at the end: nothing is lost, and a chapter can
be read at a stretch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from selectolax.lexbor import LexborNode

from surveybook.publish.pages.paper import CLASS, running_heads
from surveybook.publish.printing.contents import contents, outline
from surveybook.publish.printing.numbers import numbers
from surveybook.publish.site.addresses import FETCHED, Address
from surveybook.publish.site.page import Page
from surveybook.publish.site.parts import HEADER
from surveybook.publish.site.report import Report

SCREEN = "script, template, dialog, button, .needs-scripts, .anchorjs-link, .cite-link, .downloads, svg.narrow"
# Attributes that name other elements by their ids
NAMING = ("aria-labelledby", "aria-describedby", "aria-details", "aria-controls", "aria-owns", "for", "headers")
LOCAL = re.compile(r"""url\(["']?#([^"')]+)["']?\)""")

Places = dict[tuple[str, str], str]  # page and id in it, empty for the page itself -> id on the whole page


def whole(book: Sequence[Page], site: Path, style: str, report: Report | None = None) -> str:
    """The page as HTML, with `style` after the styles of the site. `book`: its pages in order, which are changed.

    `report`: what is cited; where it has no address at which the site stands, and with it the files beside its pages, a
    link to a file becomes plain words.
    """
    home = report.url if report else ""
    first = book[0]
    listed = outline(first)
    if edition := first.tree.css_first("section.edition"):
        for link in edition.css("a.whole-report"):  # to an earlier print of the same
            link.next.replace_with(link.next.text().removeprefix(" · "))
            link.decompose()
        first.content.insert_child(edition)
    for page in book:
        clear(page)
    refer_once(book)
    places = unique(book)
    for page in book:
        lead(page, places, home)
        fetch(page, site)
    behind = numbers(book)
    front = "".join(taken(node) for node in first.content.css(f"#{HEADER}, .edition"))
    attributes = first.tree.css_first("html").attributes
    return "\n".join([
        f'<!DOCTYPE html>\n<html lang="{escape(attributes.get("lang") or "en")}"><head><meta charset="utf-8">',
        first.tree.css_first("head > title").html or "", *styles(book, site),
        f"<style>{style}\n{''.join(running(page, report, home) for page in [*book[1:], *behind])}</style></head>",
        f'<body class="{escape(first.tree.body.attributes.get("class") or "")}"><div id="quarto-content">',
        f'<main class="title-page">{front}</main>', contents([*book, *behind], listed),
        *(page.content.html or "" for page in [*book, *behind]), "</div></body></html>\n",
    ])


def clear(page: Page) -> None:
    """Leave out what is of use on a screen alone, and open what is folded."""
    for node in page.content.css(SCREEN):
        node.decompose()
    for node in page.content.css("details"):
        node.attrs["open"] = ""


def refer_once(book: Sequence[Page]) -> None:
    """Leave out the references of a page that stand again on the page of all references, the last one that has any."""
    found = [references for page in book if (references := page.content.css_first("#refs")) is not None]
    known = {node.attributes["id"] for node in found[-1].css("[id]")} if found else set()
    for references in found[:-1]:
        if {node.attributes["id"] for node in references.css("[id]")} <= known:
            references.decompose()


def unique(book: Sequence[Page]) -> Places:
    """Give every page an id, and the name of its page to each id and each numbered style that an earlier one has."""
    places: Places = {(page.name, ""): f"page-{number}" for number, page in enumerate(book, 1)}
    taken = set(places.values())
    for page in book:
        mine = places[page.name, ""]
        del page.content.attrs["id"]
        changed = {}
        for node in page.content.css("[id]"):
            old = node.attributes["id"] or ""
            places[page.name, old] = new = f"{mine}-{old}" if old in taken else old
            taken.add(new)
            if new != old:
                node.attrs["id"] = changed[old] = new
        page.content.attrs["id"] = mine
        follow(page, changed)
        for node in page.content.css("[data-style]"):
            node.attrs["data-style"] = f"{mine}-{node.attributes['data-style']}"
    return places


def follow(page: Page, changed: dict[str, str]) -> None:
    """Name elements by their new ids, in the attributes that do; links are for `lead`."""
    for name in NAMING if changed else ():
        for node in page.content.css(f"[{name}]"):
            node.attrs[name] = " ".join(changed.get(one, one) for one in (node.attributes[name] or "").split())
    for node in page.content.css("svg *") if changed else ():
        for name, value in node.attributes.items():
            if value and "url(" in value:
                node.attrs[name] = LOCAL.sub(lambda found: f"url(#{changed.get(found[1], found[1])})", value)
            elif node.tag == "use" and value and value.startswith("#"):
                node.attrs[name] = "#" + changed.get(value[1:], value[1:])


def lead(page: Page, places: Places, home: str) -> None:
    """Lead every link to a place of the whole page, or to the site where it stands; else it is none."""
    for node in page.content.css("a[href], area[href]"):
        address = Address((node.attributes["href"] or "").strip(), node, fetched=False)
        if not address.local:
            continue
        target = page.resolve(address.written)
        place = places.get((target, address.fragment)) or places.get((target, ""))
        if place or home:
            node.attrs["href"] = f"#{quote(place)}" if place else f"{home}{quote(target)}"
        else:
            del node.attrs["href"]


def fetch(page: Page, site: Path) -> None:
    """Let the pictures be found from any folder."""
    for tag, names in FETCHED.items():
        for node in page.content.css(tag):
            for name in names:
                address = Address((node.attributes.get(name) or "").strip(), node, fetched=True)
                if name == "srcset" and address.written:
                    del node.attrs[name]  # the picture in `src` is the same one
                elif address.local and address.path:
                    node.attrs[name] = (site / page.resolve(address.written)).resolve().as_uri()


def styles(book: Sequence[Page], site: Path) -> Iterator[str]:
    """The style sheets of all pages, each once, in their order, then the styles that stand in their heads."""
    sheets = dict.fromkeys(
        page.resolve(link.attributes["href"] or "")
        for page in book for link in page.tree.css('head > link[rel="stylesheet"]')
    )
    yield from (f'<link rel="stylesheet" href="{(site / name).resolve().as_uri()}">' for name in sheets)
    texts = (style.text().replace('[data-style="', f'[data-style="{page.content.attributes["id"]}-')
             for page in book for style in page.tree.css(f"head > style:not(.{CLASS})"))
    yield from (f"<style>{text}</style>" for text in dict.fromkeys(texts))


def running(page: Page, report: Report | None, home: str) -> str:
    """What stands on each sheet of a chapter, or of the numbers behind the figures."""
    name = page.content.attributes["id"] or ""
    return f"#{name} {{ page: {name}; }}\n{running_heads(page, report, home, name)}"


def taken(node: LexborNode) -> str:
    """The HTML of an element that is taken out of its page."""
    html = node.html or ""
    node.decompose()
    return html
