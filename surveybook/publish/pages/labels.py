"""Say “simulated data” wherever a value comes from a simulated study: in captions, on pages, in titles.

What is simulated says so itself (site/marks.py). This step carries the mark to what builders write about it.
"""

from __future__ import annotations

from html import escape

from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.marks import MARK, label_of_page, lower
from surveybook.publish.site.page import Page, element


@step(needs=[Trait.CAPTIONS], adds=[Trait.LABELS])
def label(edition: Edition) -> None:
    """Mark captions, and pages that hold nothing but simulated values."""
    for page in edition.pages.values():
        for shown in page.floats:
            if shown.caption is not None and shown.about.get("label"):
                shown.caption.insert_child(
                    element(f'<span class="{MARK} caption-label"> ({escape(lower(shown.about["label"]))})</span>')
                )
        if words := label_of_page(page):
            mark_page(page, words)


def mark_page(page: Page, words: str) -> None:
    """Give a page the class, a line below its title, and the words in its title."""
    main = page.content
    main.attrs["class"] = f"{main.attributes.get('class') or ''} {MARK}".strip()
    note = element(f'<p class="simulated-page"><strong>{escape(words)}.</strong> '
                   "No value on this page is an answer that a person gave.</p>")
    (main.css_first("#title-block-header") or main.css_first("h1")).insert_after(note)
    title = page.tree.css_first("head > title")
    chapter, dash, book = title.text().rpartition(" – ")
    title.replace_with(element(f"<title>{escape(f'{chapter} ({lower(words)}){dash}{book}')}</title>"))
