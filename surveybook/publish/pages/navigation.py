"""How does one get from page to page?  One bar that stays, and one list: chapters, with the sections of this one.

Both builders put these into several places, each in a way of its own: a header, a list beside the text and another list
on its other side. Here they become the same: the bar holds the title of the book, the search, the switch of colors, and
on a narrow screen the button of the list, which is a popover there and needs no script. A part of the book is unfolded
where this page stands in it. What lies beside the text on the other side is left to wide tables.
"""

from __future__ import annotations

from html import escape

from selectolax.lexbor import LexborNode

from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import Page, ancestors, append, element

LIST, CONTENTS, SEARCH = "#quarto-sidebar", "#TOC", ".report-search"
# Where the builders have what the bar and the list take over
TITLES = ".site-header a, .sidebar-title a"
REPLACED = ".site-header, nav.quarto-secondary-nav, #quarto-sidebar-glass"
BESIDE = "#quarto-margin-sidebar"
SWITCH = '<button type="button" class="report-mode needs-scripts" aria-pressed="false">Dark</button>'
MENU = '<button type="button" class="report-menu" popovertarget="quarto-sidebar">Menu</button>'
TOP = ('<nav class="report-top" aria-label="Back to the top"><a href="#quarto-document-content" '
       'aria-label="Back to the top">↑</a></nav>')
LONG = 5000  # letters of text, from which on a page offers a way back to its top


@step(needs=[Trait.FRAMES], adds=[Trait.NAVIGATION])
def add_navigation(edition: Edition) -> None:
    """Put the bar on every page with a list of chapters, and make that list one with the contents of the page."""
    home = edition.book[0].name if edition.book else ""
    for page in edition.pages.values():
        found, main = page.tree.css_first(LIST), page.tree.css_first("main#quarto-document-content")
        if found is None or found.css_first("ul") is None:
            continue
        bar = element(f'<header class="report-bar"><a class="report-home" href="{page.leads_to(home)}">'
                      f"{title(page)}</a></header>")
        search = page.tree.css_first(SEARCH)
        append(bar, f"{search.html if search is not None else ''}{SWITCH}{MENU}")
        if search is not None:
            search.decompose()
        sections = contents(page)
        chapters = listed(found.css_first("ul"), sections)
        found.replace_with(element(f'<nav id="quarto-sidebar" class="report-chapters" aria-label="Chapters" popover>'
                                   f"{chapters}</nav>"))
        for node in page.tree.css(REPLACED):
            node.decompose()
        header = page.tree.css_first("#quarto-header")
        if header is not None and not header.text(strip=True):
            header.decompose()
        page.tree.css_first(".skip-link").insert_after(bar)
        if main is not None and len(main.text()) > LONG:
            page.tree.body.insert_child(element(TOP))


def title(page: Page) -> str:
    """The title of the book, as HTML."""
    found = page.tree.css_first(TITLES)
    if found is not None:
        return found.inner_html or ""
    return escape(page.tree.css_first("head > title").text().rpartition(" – ")[2])


def contents(page: Page) -> str:
    """The sections of the page, as a list of links, which is taken out; empty where the page has none."""
    found = page.tree.css_first(CONTENTS)
    if found is None:
        return ""
    links = found.css_first("ul")
    html = links.html if links is not None else ""
    kept = found.attributes.get("class") or ""  # by which a script of Quarto finds it
    found.decompose()
    beside = page.tree.css_first(BESIDE)
    if beside is not None and not beside.text(strip=True):
        beside.decompose()
    return f'<nav id="TOC" role="doc-toc" class="{escape(kept)}" aria-label="This page">{html}</nav>' if html else ""


def listed(entries: LexborNode, sections: str) -> str:
    """A list of chapters and parts, with the sections of this page below its entry; parts elsewhere are folded."""
    return f"<ul>{''.join(item(entry, sections) for entry in children(entries, 'li'))}</ul>"


def item(entry: LexborNode, sections: str) -> str:
    """An entry of the list; nothing for one without words, as a line between others is."""
    words = entry.css_first(".menu-text") or entry.css_first("a[href]")
    if words is None:
        return ""
    inner = next(iter(children(entry, "ul")), None)
    link = next((one for one in ancestors(words) if one.tag == "a" and one.attributes.get("href")), None)
    below = listed(inner, sections) if inner is not None else ""
    text = words.html if words.tag != "a" else words.inner_html
    if link is None:
        opened = " open" if entry.css_first("a.active") is not None else ""
        return f"<li><details{opened}><summary>{text}</summary>{below}</details></li>" if below else f"<li>{text}</li>"
    here = "active" in (link.attributes.get("class") or "").split()
    marked = ' class="active" aria-current="page"' if here else ""
    return (f'<li><a href="{escape(link.attributes["href"] or "")}"{marked}>{text}</a>'
            f"{sections if here else ''}{below}</li>")


def children(node: LexborNode, tag: str) -> list[LexborNode]:
    return [child for child in node.iter() if child.tag == tag]
