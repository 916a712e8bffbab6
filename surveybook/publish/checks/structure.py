"""Is a page built as browsers and screen readers need it?  Title, language, ids, headings, links, references."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from surveybook.publish.checks.pictures import name_of
from surveybook.publish.checks.rule import Fault, place
from surveybook.publish.site.page import HEADINGS, Page, ancestors

# Ids that Quarto itself may give twice: not a fault of the book.
QUARTO_IDS = ("quarto-", "toc-", "footnotes")


def title_and_language(page: Page) -> Iterator[Fault]:
    """A page has a title, and says its language."""
    title = page.tree.css_first("head > title")
    if title is None or not title.text().strip():
        yield "<head>", "the page has no title", "give the chapter a title"
    if not (page.tree.css_first("html").attributes.get("lang") or "").strip():
        yield "<html>", "the page does not say its language", "set lang in _quarto.yml"


def duplicate_ids(page: Page) -> Iterator[Fault]:
    """No two elements of a page have the same id."""
    for name, times in Counter(page.ids).items():
        if times > 1 and not name.startswith(QUARTO_IDS):
            yield f"#{name}", f"{times} elements have this id", "rename all but one"


def one_h1(page: Page) -> Iterator[Fault]:
    """A page has one h1. The index may have two, as Quarto makes it: the book's title in a header, and its own."""
    top = page.content.css("h1")
    in_header = any(box.tag == "header" for node in top for box in ancestors(node))
    if not top:
        yield "<main>", "the page has no h1", "start it with a # heading or a title"
    elif len(top) > (2 if page.name == "index.html" and in_header else 1):
        yield place(top[-1]), f"the page has {len(top)} h1 headings", "keep one # heading"


def skipped_levels(page: Page) -> Iterator[Fault]:
    """A heading is at most one level below the one before it."""
    headings = [node for node in page.content.traverse() if node.tag in HEADINGS]
    for before, after in zip(headings, headings[1:], strict=False):
        if int(after.tag[1]) > int(before.tag[1]) + 1:
            yield place(after), f"an {after.tag} follows an {before.tag}", "use the next level, skip none"


def links_to_nothing(page: Page) -> Iterator[Fault]:
    """A link has an address, and a text, a picture or a label that says where it leads."""
    for link in page.content.css("a[href]"):
        mine = link.attributes
        if mine.get("aria-hidden") == "true" or "role" in mine:  # Quarto's line anchors, tabs and toggles
            continue
        if (mine["href"] or "").strip() in ("", "#"):
            yield place(link), "the link leads nowhere", "give it an address"
        pictures = [image.attributes.get("alt") for image in link.css("img")]
        drawings = [name_of(drawing, page) for drawing in link.css("svg")]
        names = [link.text(), mine.get("aria-label"), mine.get("title"), *pictures, *drawings]
        if not any((name or "").strip() for name in names):
            yield place(link), "the link has no text", "say where it leads"


def unresolved(page: Page) -> Iterator[Fault]:
    """Every cross-reference and every citation has a target; Quarto only warns of those that have none."""
    for node in page.tree.css(".quarto-unresolved-ref"):
        yield place(node), f"the cross-reference {node.text()} has no target", "correct the label"
    for node in page.content.css(".citation strong"):
        if node.text().endswith("?"):
            yield place(node), f"{node.text()[:-1]} is cited but unknown", "add it to references.bib"
