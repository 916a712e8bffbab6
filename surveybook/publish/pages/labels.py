"""Say “simulated data” wherever a value comes from a simulated study: in captions and sentences, on pages, in titles.

What is simulated says so itself (site/marks.py). This step carries the mark to what builders and authors write about
it.
"""

from __future__ import annotations

import re
from html import escape

from selectolax.lexbor import LexborNode

from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.marks import DRAWN, MARK, label_of_page, lower
from surveybook.publish.site.page import Page, ancestors, element

BLOCKS = ("p", "li", "dd", "td", "blockquote")
FRAMED = ("report-figure", "report-table")
WORD = "evidence-word"  # the class of the word that this step adds to a sentence
END = re.compile(r"(?<=[.?!;])[”’)]?\s+(?=\S)")  # of a sentence, or of a part that can be read alone


@step(needs=[Trait.CAPTIONS], adds=[Trait.LABELS])
def label(edition: Edition) -> None:
    """Mark captions and sentences, and pages that hold nothing but simulated values."""
    for page in edition.pages.values():
        for shown in page.floats:
            if shown.caption is not None and shown.about.get("label"):
                shown.caption.insert_child(
                    element(f'<span class="{MARK} caption-label"> ({escape(lower(shown.about["label"]))})</span>')
                )
        for block in find_blocks(page):
            for value in find_unsaid(block):
                say(value)
        if words := label_of_page(page):
            mark_page(page, words)


def find_blocks(page: Page) -> list[LexborNode]:
    """The paragraphs, items and cells with simulated values, but for those of figures and tables, which say it once."""
    found = {}
    for value in page.content.css(DRAWN):
        boxes = list(ancestors(value.parent))
        block = next((box for box in boxes if box.tag in BLOCKS), None)
        framed = any(one in (box.attributes.get("class") or "").split() for box in boxes for one in FRAMED)
        if block is not None and not framed:
            found[block.mem_id] = block
    return list(found.values())


def find_unsaid(block: LexborNode) -> list[LexborNode]:
    """The first simulated value of each sentence of a block that has one and does not say “simulated”."""
    words, starts, drawn = "", [], {node.mem_id for node in block.css(DRAWN)}
    for node in block.traverse(include_text=True):
        if node.tag == "-text":
            words += node.text_content or ""
        elif node.mem_id in drawn:
            starts.append((len(words), node))
    ends = [*(found.end() for found in END.finditer(words)), len(words)]
    found, begin = [], 0
    for end in ends:
        within = [node for start, node in starts if begin <= start < end]
        if within and MARK not in words[begin:end].lower():
            found.append(within[0])
        begin = end
    return found


def say(value: LexborNode) -> None:
    """Put the word behind a value, or where that ends its sentence, before it."""
    if value.text().rstrip().endswith((".", "?", "!")):
        value.insert_before(element(f'<span class="{WORD}">{MARK.capitalize()}: </span>'))
    else:
        value.insert_after(element(f'<span class="{WORD}"> ({MARK})</span>'))


def mark_page(page: Page, words: str) -> None:
    """Give a page the class, a line below its title, and the words in its title."""
    main = page.content
    main.attrs["class"] = f"{main.attributes.get('class') or ''} {MARK}".strip()
    note = element(f'<p class="simulated-page"><strong>{escape(words)}.</strong> '
                   "No value on this page is an answer that a person gave.</p>")
    (main.css_first("#title-block-header") or main.css_first("h1")).insert_after(note)
    title = page.tree.css_first("head > title")
    chapter, dash, book = title.text().rpartition(" – ")
    chapter, book = (chapter, book) if dash else (book, "")  # the first page has the title of the book alone
    title.replace_with(element(f"<title>{escape(f'{chapter} ({lower(words)}){dash}{book}')}</title>"))
