"""Which words tell what a drawing shows?  Those below its table, to which each drawing refers by their id."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import label_of


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
