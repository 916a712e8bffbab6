"""Was a result typed?  Every digit of a sentence comes from a finding, or is part of a name, a date or a reference; and
what stands there is a value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from surveybook.publish.checks.rule import Fault, place
from surveybook.publish.site.page import Page

# What may hold digits besides findings: numbers of headings and floats, references, code, mathematics, what cells and
# publishing made (such as links to files with their sizes), and the list of references
NOT_PROSE = (
    ".finding, .declared, .figure-finding, .figure-reading, "
    ".quarto-xref, .citation, .header-section-number, .chapter-number, code, pre, math, nav, header, "
    ".report-figure, .report-table, .downloads, .cite-link, .moved-parts, .addresses, #refs, script, style, svg, table"
)
BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, figcaption, dd, dt"
# Digits that are part of a name and no result
NAMES = re.compile(r"Python 3\.\d+|Quarto 1\.\d+|Creative Commons Attribution 4\.0|Version \d+\.\d+\.\d+|"
                   r"\b[A-Z][A-Za-z]{0,3}\d{1,3}[A-Za-z]?\b")  # “Q1”, the name of a question
NUMBERED = re.compile(r"^\s*(Figure|Table)\s[\dA-Z]+(\.\d+)?:|\(\d+(\.\d+)?\)\s*$")  # a caption; an equation
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# What a page says of the report: its authors, its title; of the first page, which is about the report, its own title
CALLED = 'meta[name="DC.creator"], meta[name="DCTERMS.isPartOf"]'
CALLED_FIRST = 'meta[name="DC.creator"], meta[name="DC.title"]'
OBJECT = re.compile(r"<(?:function|bound method|built-in|class|module|generator)\b[^>]*>")
LABEL = re.compile(r" \([^()]*\)$")  # “(simulated data)” after a title
QUOTES = str.maketrans("“”‘’", "\"\"''")  # a renderer makes curly ones of straight ones


def typed_digits(page: Page) -> Iterator[Fault]:
    """No digit of a sentence is typed: each comes from a finding, or is part of a name, a date or a reference.

    The title of the report and the names of its authors may stand anywhere.
    """
    if page.made:  # such as the page of all citations
        return
    names = called(page)
    for block, words in sentences(page):
        for name in names:
            words = words.translate(QUOTES).replace(name, "")
        if re.search(r"\d", words):
            shown = " ".join(words.split())
            near = re.search(r".{0,40}\d.{0,40}", shown)
            yield place(block), f"a digit was typed (“{near[0]}”)", "take the number from a finding, by its name"


def objects_in_words(page: Page) -> Iterator[Fault]:
    """No sentence shows an object of Python in the place of its value, as where a method is named and not called."""
    for block, words in sentences(page):
        if found := OBJECT.search(words):
            what = f"a sentence shows “{found[0]}”, which is no value"
            yield place(block), what, "name a finding, or call the method"


def called(page: Page) -> list[str]:
    """Title and authors of the report that have a digit, as a page tells programs, with straight quotes."""
    told = page.tree.css(CALLED_FIRST if page.name == "index.html" else CALLED)
    names = {LABEL.sub("", node.attributes.get("content") or "").translate(QUOTES) for node in told}
    return sorted((name for name in names if re.search(r"\d", name)), key=len, reverse=True)


def sentences(page: Page) -> Iterator[tuple[LexborNode, str]]:
    """Each paragraph, item, heading and caption of a page, with its words as its author typed them."""
    written = LexborHTMLParser(page.content.html or "")
    for node in written.css(NOT_PROSE):
        node.decompose()
    for block in written.css(BLOCKS):
        yield block, NUMBERED.sub("", DATE.sub("", NAMES.sub("", block.text())))
