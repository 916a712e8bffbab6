"""What can be searched?  One entry for each section of the report, in a script, so that search works from a folder too.

The index is a script because a browser lets a page from a folder load scripts, and nothing else. theme/search.js loads
it when somebody begins to search.
"""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.encoding import script_text
from surveybook.publish.site.marks import MARK, find_label
from surveybook.publish.site.page import HEADINGS, Page, ancestors, element
from surveybook.publish.site.text import UNREAD, own_words, spaced

INDEX = "search-index.js"
SECTIONS = "section[id].level2, section[id].level3"
BOX = """<div class="report-search needs-scripts" role="search">
<label for="report-search">Search the report</label>
<input id="report-search" type="search" autocomplete="off" spellcheck="false">
<p class="report-search-count" role="status"></p><ol class="report-search-results"></ol></div>"""


@step(needs=[Trait.LABELS, Trait.TERMS], adds=[Trait.INDEX])
def add_search(edition: Edition) -> None:
    """Write the index, and put a box for it on each page, which needs scripts."""
    entries = [entry for page in edition.pages.values() for entry in entries_of(page)]
    content = script_text(entries, separators=(",", ":"))
    edition.files[INDEX] = f"window.reportSearchEntries = {content};\n".encode()
    for page in edition.pages.values():
        box = element(BOX)
        box.attrs["data-root"] = "../" * page.name.count("/")
        sidebar = page.tree.css_first("#quarto-sidebar")
        if sidebar is not None:
            sidebar.first_child.insert_before(box)


def entries_of(page: Page) -> list[dict[str, str | int]]:
    """Page, title of the page and of the section, text, and what its simulated values must say.

    The text of a section is its own, without the sections inside it that have an entry.
    """
    title = own_words(page.content.css_first("h1"))
    sections = [page.content, *page.content.css(SECTIONS)]
    labels = [find_label(page.content), *map(own_label, sections[1:])]
    headings = ["", *(own_words(section.css_first(", ".join(HEADINGS))) for section in sections[1:])]
    copy = page.content.clone()
    for unread in copy.css(UNREAD):
        unread.decompose()
    # from the last on, as what stands inside a section comes after it: then each has nothing left but its own
    copies, texts = [copy, *copy.css(SECTIONS)], []
    for section in reversed(copies):
        texts.append(spaced(section))
        if section.mem_id != copy.mem_id:
            section.decompose()
    found = []
    for number, (section, heading, text, label) in enumerate(zip(sections, headings, reversed(texts), labels,
                                                                 strict=True)):
        if text or not number:
            href = f"{page.name}#{section.id}" if number else page.name
            found.append({"id": f"{page.name}:{number}", "href": href, "title": title, "section": heading,
                          "text": text, "label": label})
    return found


def has_entry(node: LexborNode) -> bool:
    """Whether an element is one of SECTIONS."""
    classes = (node.attributes.get("class") or "").split() if node.tag == "section" and node.id else []
    return "level2" in classes or "level3" in classes


def own_label(section: LexborNode) -> str:
    """The label of the first simulated value in a section that is in no section inside it."""
    for value in section.css(f".{MARK}[data-label]"):
        if next(box for box in ancestors(value) if has_entry(box)).mem_id == section.mem_id:
            return value.attributes["data-label"] or ""
    return ""
