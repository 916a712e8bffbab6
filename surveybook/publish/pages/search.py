"""What can be searched?  One entry for each section of the report, in a script, so that search works from a folder too.

The index is a script because a browser lets a page from a folder load scripts, and nothing else. theme/search.js loads
it when somebody begins to search.
"""

from __future__ import annotations

import json
import re

from selectolax.lexbor import LexborNode

from surveybook.publish.pages.labels import words
from surveybook.publish.site.edition import Edition, element
from surveybook.publish.site.page import HEADINGS, Page

INDEX = "search-index.js"
SECTIONS = "section[id].level2, section[id].level3"
UNREAD = "svg, script, style, nav, header, .screen-reader-only"  # holds no sentence to be found
TIGHT = re.compile(r" (?=[,.;:?!)”])|(?<=[(“]) ")  # between the words of one element and the marks of the next
BOX = """<div class="report-search needs-scripts" role="search">
<label for="report-search">Search the report</label>
<input id="report-search" type="search" autocomplete="off" spellcheck="false">
<p class="report-search-count" role="status"></p><ol class="report-search-results"></ol></div>"""


def add_search(edition: Edition) -> None:
    """Write the index, and put a box for it on each page, which needs scripts."""
    entries = [entry for page in edition.pages.values() for entry in entries_of(page)]
    content = json.dumps(entries, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    edition.files[INDEX] = f"window.reportSearchEntries = {content};\n".encode()
    for page in edition.pages.values():
        box = element(BOX)
        box.attrs["data-root"] = "../" * page.name.count("/")
        sidebar = page.tree.css_first("#quarto-sidebar")
        if sidebar is not None:
            sidebar.first_child.insert_before(box)


def entries_of(page: Page) -> list[dict[str, str | int]]:
    """Page, title of the page and of the section, text, and what its simulated values must say."""
    title = own_words(page.content.css_first("h1"))
    sections = page.content.css(SECTIONS)
    nodes = [(page.name, "", page.content), *((f"{page.name}#{s.attributes['id']}", heading(s), s) for s in sections)]
    found = []
    for number, (href, section, node) in enumerate(nodes):
        label = words(own(node)) if section else words(node)
        text = own_words(own(node))
        if text or not section:
            found.append({"id": f"{page.name}:{number}", "href": href, "title": title, "section": section,
                          "text": text, "label": label})
    return found


def heading(section: LexborNode) -> str:
    return own_words(section.css_first(", ".join(HEADINGS)))


def own(node: LexborNode) -> LexborNode:
    """A copy of a section without the sections inside it that have an entry of their own."""
    copy = element(f"<div>{node.html}</div>")
    inner = copy.first_child
    for section in inner.css(SECTIONS):
        if section != inner:
            section.decompose()
    return inner


def own_words(node: LexborNode | None) -> str:
    """What an element says, on one line."""
    if node is None:
        return ""
    copy = element(f"<div>{node.html}</div>")
    for unread in copy.css(UNREAD):
        unread.decompose()
    return TIGHT.sub("", " ".join(copy.text(separator=" ").split()))
