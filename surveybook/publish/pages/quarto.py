"""What do Quarto's own pages need so that all readers can use them?  Of the book's text nothing is changed here.

Quarto names its links to the next page by other words than they show, makes a browser wait for scripts that nothing
needs before it paints, and one of them writes a style that the policy refuses. theme/quarto.js mends what those scripts
make later, in the browser; its header and its lists become those of pages/navigation.py.
"""

from __future__ import annotations

from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import Page, element

# Where quarto-nav.js finds an element with this id, it writes into that and makes no style of its own. What the style
# would do, room for the fixed head of the page above the place that an address leads to, theme/report.css does.
PLACEHOLDER = '<template id="quarto-target-style"></template>'


@step(needs=[Trait.CITATIONS, Trait.ADDRESSES], adds=[Trait.FRAMES])
def mend_quarto(edition: Edition) -> None:
    """Mend every page in the frame that Quarto made."""
    for page in edition.pages.values():
        if page.quarto:
            defer_scripts(page)
            for link in page.tree.css(".page-navigation a[aria-label]"):
                del link.attrs["aria-label"]
            if page.tree.css_first('script[src$="quarto-nav.js"]') is not None:
                page.tree.head.insert_child(element(PLACEHOLDER))


def defer_scripts(page: Page) -> None:
    """Let all scripts of Quarto wait until the page is read; deferred, they keep their order, and run before what waits
    for the whole page."""
    for script in page.tree.css('head script[src*="site_libs/"]:not([type="module"])'):
        script.attrs["defer"] = ""
