"""Which values on a page are simulated?  They say so: by the class `simulated`, and the words in `data-label`.

The analysis marks each figure, table and finding by the type of its value; no author writes it.
"""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from surveybook.publish.site.page import Page, ancestors

VALUES = ".finding, .report-figure, .report-table"
MARK = "simulated"
CELLS = f".{MARK} :is(td.number, td.computed)"  # what was computed from simulated answers, in tables
DRAWN = f'.finding.{MARK}:not([data-evidence="declared"])'  # what was drawn, and not said before there was an answer


def label_of_page(page: Page) -> str:
    """What a page must say of all its values: the label of simulated data, or nothing if one of them is real."""
    values = page.content.css(VALUES)
    return find_label(page.content) if values and all(is_marked(value) for value in values) else ""


def find_label(node: LexborNode) -> str:
    """The label that the simulated values below an element carry."""
    value = node.css_first(f".{MARK}[data-label]")
    return (value.attributes["data-label"] or "") if value is not None else ""


def describe_extent(node: LexborNode) -> str:
    """What a citation of an element must say: “simulated data”, “partly simulated data”, or nothing."""
    if not (found := lower(find_label(node))):
        return ""
    partly = any(not any(is_marked(box) for box in ancestors(value)) for value in node.css(VALUES))
    return f"partly {found}" if partly else found


def is_marked(node: LexborNode) -> bool:
    return MARK in (node.attributes.get("class") or "").split()


def lower(words: str) -> str:
    """The label inside a sentence."""
    return words[:1].lower() + words[1:]
