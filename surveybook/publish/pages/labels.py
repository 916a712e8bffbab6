"""Say “simulated data” wherever a value comes from a simulated study: in captions, on pages, in titles.

What is simulated says so itself: the analysis marks each figure, table and finding by the type of its value (the class
`simulated`, and the words). This step carries the mark to what builders write about them. No author writes it.
"""

from __future__ import annotations

from html import escape

from selectolax.lexbor import LexborNode

from surveybook.publish.site.edition import Edition, element, floats
from surveybook.publish.site.page import Page, ancestors

VALUES = ".finding, .report-figure, .report-table"
MARK = "simulated"


def label(edition: Edition) -> None:
    """Mark captions, and pages that hold nothing but simulated values."""
    for page in edition.pages.values():
        for shown in floats(page):
            if shown.caption is not None and shown.about.get("label"):
                shown.caption.insert_child(
                    element(f'<span class="{MARK} caption-label"> ({escape(lower(shown.about["label"]))})</span>')
                )
        if words := of_page(page):
            mark_page(page, words)


def of_page(page: Page) -> str:
    """What a page must say of all its values: the label of simulated data, or nothing if one of them is real."""
    values = page.content.css(VALUES)
    return words(page.content) if values and all(is_marked(value) for value in values) else ""


def words(node: LexborNode) -> str:
    """The label that the simulated values below an element carry."""
    for value in node.css(f".{MARK}[data-label]"):
        return value.attributes["data-label"] or ""
    return ""


def extent(node: LexborNode) -> str:
    """What a citation of an element must say: “simulated data”, “partly simulated data”, or nothing."""
    if not (found := lower(words(node))):
        return ""
    partly = any(not any(is_marked(box) for box in ancestors(value)) for value in node.css(VALUES))
    return f"partly {found}" if partly else found


def of_book(edition: Edition) -> str:
    """What a citation of the whole book must say, likewise."""
    said = [extent(page.content) for page in edition.book if page.content.css(VALUES)]
    found = next(filter(None, said), "").removeprefix("partly ")
    return f"partly {found}" if found and any(one != found for one in said) else found


def mark_page(page: Page, words: str) -> None:
    """Give a page the class, a line below its title, and the words in its title."""
    main = page.content
    main.attrs["class"] = f"{main.attributes.get('class') or ''} {MARK}".strip()
    note = element(f'<p class="simulated-page"><strong>{escape(words)}.</strong> '
                   "No value on this page is an answer that a person gave.</p>")
    (main.css_first("#title-block-header") or main.css_first("h1")).insert_after(note)
    title = page.tree.css_first("head > title")
    chapter, dash, book = title.text().rpartition(" – ")
    title.replace_with(element(f"<title>{escape(f'{chapter} ({lower(words)}){dash}{book}')}</title>"))


def is_marked(node: LexborNode) -> bool:
    return MARK in (node.attributes.get("class") or "").split()


def lower(words: str) -> str:
    """The label inside a sentence."""
    return words[:1].lower() + words[1:]
