"""Which words belong to a drawing, and where do they stand?  Its caption above it, the others below its table."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import label_of


@step(needs=[Trait.DRAWINGS], adds=[Trait.CAPTIONS])
def raise_captions(edition: Edition) -> None:
    """Make the caption the first thing in each figure of the analysis, as it is in a table.

    Builders write it below, where the note and the numbers of a figure would come between the two.
    """
    for page in edition.pages.values():
        for figure in page.content.css("figure:has(.report-figure)"):
            caption = figure.css_first("figcaption")
            if caption is not None and caption.mem_id != figure.first_child.mem_id:
                figure.first_child.insert_before(caption, move=True)


@step(needs=[Trait.DRAWINGS], adds=[Trait.DESCRIBED])
def refer_to_words(edition: Edition) -> None:
    """Tie the drawings of each labelled figure to its words, for those who hear the page."""
    for page in edition.pages.values():
        for box in page.content.css("[id^=fig-]:has(.told)"):
            words, name = box.css_first(".told"), f"told-{label_of(box)}"
            words.attrs["id"] = name
            for drawing in box.css("svg"):
                drawing.attrs["aria-describedby"] = name


def described(drawing: LexborNode, frame: LexborNode) -> str:
    """What is drawn and what it shows: the name of a drawing, and the words in its frame."""
    words = frame.css_first(".told")
    return " ".join(filter(None, [drawing.attributes.get("aria-label"), words.text() if words is not None else ""]))
