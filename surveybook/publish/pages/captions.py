"""Where does the caption of a figure stand?  Above the drawing, as above a table, for the eye and for the ear.

Builders write it below, where the note and the numbers of a figure would come between the two.
"""

from __future__ import annotations

from surveybook.publish.site.edition import Edition, Trait, step


@step(needs=[Trait.DRAWINGS], adds=[Trait.CAPTIONS])
def raise_captions(edition: Edition) -> None:
    """Make the caption the first thing in each figure of the analysis."""
    for page in edition.pages.values():
        for figure in page.content.css("figure:has(.report-figure)"):
            caption = figure.css_first("figcaption")
            if caption is not None and caption.mem_id != figure.first_child.mem_id:
                figure.first_child.insert_before(caption, move=True)
