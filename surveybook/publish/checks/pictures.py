"""Does everything that is seen have words for those who do not see it?  Pictures, figures, tables."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from surveybook.publish.checks.rule import Fault, place
from surveybook.publish.site.page import Page

# Analysis marks the tables it makes with this, so that Quarto leaves them as they are.
OWN_TABLE = "table[data-quarto-disable-processing]"
OWN_FIGURE = ".report-figure"


def pictures_without_name(page: Page) -> Iterator[Fault]:
    """A picture or drawing has words for those who do not see it, or says that it is decoration."""
    for image in page.tree.css("img"):
        if "alt" not in image.attributes:
            yield place(image), "the image has no alternative text", "write one (fig-alt for a figure)"
    for drawing in page.tree.css("svg[role=img]"):
        if not name_of(drawing, page):
            yield place(drawing), "the drawing has no accessible name", "give it an aria-label or a title"


def figures_without_text(page: Page) -> Iterator[Fault]:
    """A figure of the analysis is a drawing (or a sentence, where all of it is withheld), a line on what was asked and
    of whom, and the same numbers as a table."""
    for figure in page.tree.css(OWN_FIGURE):
        if figure.css_first("svg[role=img], img, p.withheld") is None:
            yield place(figure), "the figure has no drawing", "show the picture as an svg with role=img, or as an img"
        if not "".join(node.text() for node in figure.css(".figure-note")).strip():
            yield place(figure), "the figure does not say what it rests on", "give it a note with question and base"
        if figure.css_first("table tbody tr") is None:
            yield place(figure), "the figure has no table of its numbers", "give it its data as a table"


def tables_without_scope(page: Page) -> Iterator[Fault]:
    """A table says of each heading whether it heads a row or a column. Only tables that analysis makes; those written
    in Markdown are as Pandoc makes them."""
    for table in page.tree.css(OWN_TABLE):
        heads = table.css("th")
        bare = sum(not cell.attributes.get("scope") for cell in heads)
        if not heads:
            yield place(table), "the table has no header cells", "use th for the first row and column"
        if bare:
            yield place(table), f"header cells without scope ({bare})", "give each th scope=col or scope=row"


def name_of(drawing: LexborNode, page: Page) -> str:
    """The accessible name of an SVG: its label, the elements that label it, or its title."""
    if label := (drawing.attributes.get("aria-label") or "").strip():
        return label
    labelled = (drawing.attributes.get("aria-labelledby") or "").split()
    named = [node.text() for node in page.tree.css("[id]") if labelled and node.attributes["id"] in labelled]
    title = [node.text() for node in drawing.css("title") if node.parent.mem_id == drawing.mem_id]
    return " ".join([*named, *title]).strip()
