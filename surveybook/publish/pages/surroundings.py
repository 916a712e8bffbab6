"""What surrounds the text of every page, whoever rendered it: a way past the navigation, and the switch of colors."""

from __future__ import annotations

from surveybook.publish.site.edition import Edition, element
from surveybook.publish.site.page import Page

SKIP = '<a class="skip-link" href="#quarto-document-content">Skip to the text</a>'
SIDEBAR = "#quarto-sidebar"
SWITCH = '<button type="button" class="report-mode needs-scripts" aria-pressed="false">Dark</button>'


def add_surroundings(edition: Edition) -> None:
    """Put the switch on top of the list of chapters, and the link where there is none."""
    for page in edition.pages.values():
        if page.tree.css_first(".skip-link") is None and page.tree.css_first("#quarto-document-content") is not None:
            page.tree.body.first_child.insert_before(element(SKIP))
        sidebar = page.tree.css_first(SIDEBAR)
        if sidebar is not None:
            sidebar.first_child.insert_before(element(SWITCH))
        name_landmarks(page)


def name_landmarks(page: Page) -> None:
    """Tell the places of navigation apart: Quarto gives some no name, and calls links that fold a part such places."""
    for selector, name in ((SIDEBAR, "Chapters"), (".quarto-secondary-nav", "This page"), ("#TOC", "Table of contents"),
                           (".page-navigation", "Previous and next page")):
        for place in page.tree.css(f"{selector}:not([aria-label])"):
            place.attrs["aria-label"] = name
    for link in page.tree.css('a[role="navigation"]'):
        link.attrs["role"] = "button"
