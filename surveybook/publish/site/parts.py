"""Which parts of a page can be cited?  The chapter, its sections with a label, its figures and its tables.

Read from the page as either builder made it, before anything is put beside the headings and captions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborNode

from surveybook.publish.site.marks import describe_extent
from surveybook.publish.site.page import HEADINGS, Page, ancestors, label_of
from surveybook.publish.site.text import line

HEADER = "title-block-header"
# What stands in a heading or a caption and is no part of its words
ASIDE = ".chapter-number, .header-section-number, .caption-label, .footnote-ref, annotation, script, style"
NUMBERED = re.compile(r"((?:Figure|Table) (?:[A-Z]\.)?[\d.]+): (?=\S)")
APPENDIX = re.compile(r"(Appendix [A-Z]+) — (?=\S)")


@dataclass(frozen=True)
class Part:
    """Something that can be cited.

    `kind`: report, chapter, section, figure or table. `label`: its id, empty where a page has none. `number`: such as
    “Figure 3.1”, or empty. `simulated`: the words that a citation adds. `node`: its heading or caption. Of a figure or
    table of the analysis, `data`: whose data it shows; `value`: its largest count in words, where it has counts.
    """

    kind: str
    page: str
    label: str
    number: str
    title: str
    simulated: str
    node: LexborNode
    data: str = ""
    value: str = ""

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return self.number or f"“{self.title}”"


def read_parts(page: Page, whole: str = "") -> Iterator[Part]:
    """The parts of a page, in their order. `whole`: what a citation of the whole report adds."""
    for node in page.content.css(", ".join((*HEADINGS, "figcaption", "caption"))):
        if node.tag in HEADINGS:
            yield from heading(page, node, whole)
        else:
            yield from captioned(page, node)


def heading(page: Page, node: LexborNode, whole: str) -> Iterator[Part]:
    """The chapter or section that a heading opens, if it has a label or is the page itself."""
    title = words(node)
    if any(box.attributes.get("id") == HEADER for box in ancestors(node)):
        if node.tag != "h1":
            return
        if page.name == "index.html":
            yield Part("report", page.name, "", "", title, whole, node)
            return
        mark, number = node.css_first(".quarto-section-identifier"), node.css_first(".chapter-number")
        label = (mark.attributes["id"] or "") if mark else ""
        found = APPENDIX.match(title)
        chapter = f"Chapter {line(number.text())}" if number else found[1] if found else ""
        yield Part("chapter", page.name, label, chapter, title[found.end():] if found else title,
                   describe_extent(page.content), node)
        return
    section = node.parent
    label = (section.attributes.get("id") or "") if section.tag == "section" else ""
    if label.startswith("sec-"):
        number = node.css_first(".header-section-number")
        kind = "chapter" if node.tag == "h1" else "section"
        yield Part(kind, page.name, label, f"Section {line(number.text())}" if number else "", title,
                   describe_extent(section), node)


def captioned(page: Page, node: LexborNode) -> Iterator[Part]:
    """The figure or table that a caption belongs to, if it has a label."""
    box = next((box for box in ancestors(node.parent) if label_of(box)), None)
    if box is not None:
        title = words(node)
        found = NUMBERED.match(title)
        kind = "figure" if label_of(box).startswith("fig-") else "table"
        caption = title[found.end():] if found else title
        number = found[1] if found else ""
        about = next((one.about for one in page.floats if one.label == label_of(box)), {})
        yield Part(kind, page.name, label_of(box), number, short(caption), describe_extent(box), node,
                   line(about.get("credit") or about.get("source") or ""), largest(about.get("data", ())))


def largest(rows: Sequence[dict[str, Any]]) -> str:
    """The row with the largest share as it can be quoted, “Never: 10 of 29”; nothing where rows have no counts."""
    counted = [row for row in rows if type(row.get("count")) is type(row.get("base")) is int and row["base"]
               and row.get("label")]
    if not counted:
        return ""
    row = max(counted, key=lambda row: row["count"] / row["base"])
    name = ", ".join(line(str(row[key])) for key in ("label", "answer_label") if row.get(key))
    return f"{name}: {row['count']:,} of {row['base']:,}"


def words(node: LexborNode) -> str:
    """The words of a heading or a caption, on one line."""
    copy = node.clone()
    for one in copy.css(ASIDE):
        one.decompose()
    return line(copy.text())


def short(caption: str) -> str:
    """A caption as a title: what is shown, without what the marks mean (after a semicolon) and its full stop."""
    shown = caption.partition("; ")[0]
    return shown[:-1] if shown.endswith(".") and not shown.endswith("..") else shown
