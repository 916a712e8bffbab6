"""What can be searched?  One entry for each section of the report, in a script, so that search works from a folder too.

The index is a script because a browser lets a page from a folder load scripts, and nothing else. theme/search.js loads
it when somebody begins to search, and ranks what it finds.

Words that readers look for and the report does not use are declared where they belong: `## Title {#sec-x
synonyms="one, another"}` finds that section by them too. On a term of the glossary, and on words of a sentence as in
`[organizations]{synonyms="companies, firms"}`, they find whatever is found by the term or the words.
"""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from surveybook.markup import script_text
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.marks import MARK, find_label, label_of_page
from surveybook.publish.site.page import HEADINGS, TERM, Page, ancestors, element
from surveybook.publish.site.text import UNREAD, own_words, spaced

INDEX = "search-index.js"
SECTIONS = "section[id].level2, section[id].level3"
SYNONYMS = "data-synonyms"
LISTED = "table, #refs"  # holds words of many things, and is about none of them alone
CITATION = "span.citation"  # its names and years are found in the list of references
BOX = """<div class="report-search needs-scripts" role="search">
<label for="report-search">Search the report</label>
<input id="report-search" type="search" placeholder="Search" autocomplete="off" spellcheck="false"
 aria-describedby="report-search-keys">
<span hidden id="report-search-keys">Arrow keys move through what is found, Enter opens it.</span>
<div class="report-search-panel"><p class="report-search-count" role="status"></p>
<ol class="report-search-results"></ol></div></div>"""


@step(needs=[Trait.LABELS, Trait.TERMS], adds=[Trait.INDEX])
def add_search(edition: Edition) -> None:
    """Write the index, and put a box for it on each page, which needs scripts."""
    pages = edition.pages.values()
    index = {"entries": [entry for page in pages for entry in entries_of(page)],
             "synonyms": [group for page in pages for group in synonyms_of(page)]}
    edition.files[INDEX] = f"window.reportSearchIndex = {script_text(index, separators=(',', ':'))};\n".encode()
    for page in edition.pages.values():
        box = element(BOX)
        box.attrs["data-root"] = "../" * page.name.count("/")
        sidebar = page.tree.css_first("#quarto-sidebar")
        if sidebar is not None:
            sidebar.first_child.insert_before(box)


def entries_of(page: Page) -> list[dict[str, str]]:
    """Page; titles of the page, of the section around and of the section; its synonyms, text, the words of its
    tables and lists of works, which tell less of what it is about, and what it must say of simulated values.

    The text of a section is its own, without the sections inside it that have an entry. Where all values of a page are
    simulated, each of its sections says so.
    """
    title = own_words(page.content.css_first("h1"))
    sections = [page.content, *page.content.css(SECTIONS)]
    labels = [find_label(page.content), *(own_label(section) or label_of_page(page) for section in sections[1:])]
    headings = ["", *(own_words(section.css_first(", ".join(HEADINGS))) for section in sections[1:])]
    copy = page.content.clone()
    for unread in copy.css(f"{UNREAD}, {CITATION}"):
        unread.decompose()
    # from the last on, as what stands inside a section comes after it: then each has nothing left but its own
    copies, texts = [copy, *copy.css(SECTIONS)], []
    for section in reversed(copies):
        listed = section.css(LISTED)
        cells = " ".join(map(spaced, listed))
        for part in listed:
            part.decompose()
        texts.append((spaced(section), cells))
        if section.mem_id != copy.mem_id:
            section.decompose()
    # what the first words of a page say in other words, the whole page is about
    said = [word for span in page.content.css(f"span[{SYNONYMS}]") if not any(map(has_entry, ancestors(span)))
            for word in declared(span)]
    found = []
    for number, (section, heading, (text, cells), label) in enumerate(zip(sections, headings, reversed(texts), labels,
                                                                 strict=True)):
        if text or cells or not number:
            href = f"{page.name}#{section.id}" if number else page.name
            found.append({"id": f"{page.name}:{number}", "href": href, "title": title,
                          "within": outer_heading(section) if number else "", "section": heading,
                          "synonyms": ", ".join(declared(section) if number else said), "text": text, "cells": cells,
                          "label": label})
    return found


def outer_heading(section: LexborNode) -> str:
    """The heading of the section with an entry that a section stands in, or nothing."""
    outer = next((box for box in ancestors(section.parent) if has_entry(box)), None)
    return own_words(outer.css_first(", ".join(HEADINGS))) if outer is not None else ""


def synonyms_of(page: Page) -> list[list[str]]:
    """Words that find the same: those of a term or of a part of a sentence, and each of its synonyms."""
    terms = page.content.css(f'section[id^="{TERM}"][{SYNONYMS}]')
    spans = page.content.css(f"span[{SYNONYMS}]")
    said = [*(section.css_first(", ".join(HEADINGS)) for section in terms), *spans]
    return [[own_words(words), *declared(node)] for words, node in zip(said, [*terms, *spans], strict=True)]


def declared(node: LexborNode) -> list[str]:
    """The synonyms that an element, or the heading of a section, declares."""
    return [word.strip() for word in (node.attributes.get(SYNONYMS) or "").split(",") if word.strip()]


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
