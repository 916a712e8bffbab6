"""How does a page look that no chapter makes?  It takes the frame of the book's first page: header, sidebar, styles."""

from __future__ import annotations

import posixpath
from html import escape
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from surveybook.publish.site.edition import Edition, element
from surveybook.publish.site.page import MADE, Page

# What belongs to the page that lends its frame
ITS_OWN = ("#TOC, .page-navigation, .quarto-page-breadcrumbs, link[rel=prev], link[rel=next], link[rel=canonical], "
           "meta[name=description], meta[name=keywords], meta[name=author], meta[name^=dc], meta[name^=citation], "
           "meta[property], meta[name^=twitter]")


def framed(edition: Edition, name: str, title: str, body: str, heading: str = "") -> Page:
    """A page called `name` with this title and body (HTML), added to the edition."""
    first = edition.book[0]
    page = Page(name, LexborHTMLParser(first.tree.html or ""))
    for node in page.tree.css(ITS_OWN):
        node.decompose()
    html = page.tree.css_first("html")
    html.attrs[MADE] = ""
    if "data-rendered" in html.attributes:
        del html.attrs["data-rendered"]
    book = page.tree.css_first("head > title")
    book.replace_with(element(f"<title>{escape(title)} – {escape(book.text().rpartition(' – ')[2])}</title>"))
    fill(page.content, f'<header id="title-block-header" class="quarto-title-block default"><h1 class="title">'
                       f"{escape(heading or title)}</h1></header>{body}")
    for link in page.tree.css("[aria-current]"):
        del link.attrs["aria-current"]
    for link in page.tree.css("#quarto-sidebar .active"):
        unmark(link)
    move(page, first.name)
    edition.pages[name] = page
    return page


def fill(main: LexborNode, body: str) -> None:
    """Put other content into the main element."""
    kept = {name: value for name, value in main.attributes.items() if name != "class"}
    kept["class"] = " ".join(one for one in (main.attributes.get("class") or "").split() if one != "simulated")
    attributes = "".join(f' {name}="{escape(value or "")}"' for name, value in kept.items())
    main.replace_with(element(f"<main{attributes}>{body}</main>"))


def unmark(link: LexborNode) -> None:
    link.attrs["class"] = " ".join(one for one in (link.attributes["class"] or "").split() if one != "active")


def move(page: Page, origin: str) -> None:
    """Make the frame's relative addresses, written on the page `origin`, right for where this page stands."""
    for node in page.tree.css("[data-root]"):
        node.attrs["data-root"] = "../" * page.name.count("/")
    here, there = posixpath.dirname(page.name), posixpath.dirname(origin)
    if here == there:
        return
    frame = [node for node in page.tree.css("[href], [src]") if node.parent is not None]
    inside = {node.mem_id for node in page.content.css("[href], [src]")}
    for node in frame:
        for attribute in ("href", "src"):
            written = node.attributes.get(attribute) or ""
            parts = urlsplit(written)
            if not written or parts.scheme or parts.netloc or not parts.path or node.mem_id in inside:
                continue
            target = posixpath.relpath(posixpath.join(there, parts.path), here or ".")
            node.attrs[attribute] = parts._replace(path=target).geturl()
    offset = page.tree.css_first('meta[name="quarto:offset"]')
    if offset is not None:
        offset.attrs["content"] = posixpath.relpath(".", here or ".") + "/"


def link_in_sidebar(edition: Edition, name: str, words: str) -> None:
    """Lead to a page from the end of every sidebar, in the form that its other entries have."""
    for page in edition.pages.values():
        entries = [entry for entry in page.tree.css("#quarto-sidebar li") if len(entry.css("a[href]")) == 1
                   and not entry.css("ul")]
        if not entries:
            continue
        own = element(entries[-1].html or "")
        link = own.css_first("a[href]")
        link.attrs["href"] = page.leads_to(name)
        if "active" in (link.attributes.get("class") or "").split():
            unmark(link)
        if "aria-current" in link.attributes:
            del link.attrs["aria-current"]
        if page.name == name:
            link.attrs["class"] = f"{link.attributes.get('class') or ''} active".strip()
            link.attrs["aria-current"] = "page"
        shown = link.css_first(".menu-text") or link
        shown.inner_html = escape(words)
        page.tree.css_first("#quarto-sidebar ul").insert_child(own)
