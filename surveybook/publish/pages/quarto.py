"""What do Quarto's own pages need so that all readers can use them?  Of the book's text nothing is changed here.

Quarto folds parts of its sidebar by links without an address, which no key reaches; names its links to the next page
by other words than they show; makes a browser wait for scripts that nothing needs before it paints; and one of them
writes a style that the policy refuses. theme/quarto.js mends what those scripts make later, in the browser.
"""

from __future__ import annotations

from html import escape

from selectolax.lexbor import LexborNode

from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import Page, element

FOLDS = '[data-bs-toggle="collapse"]'
# Where quarto-nav.js finds an element with this id, it writes into that and makes no style of its own. What the style
# would do, room for the fixed head of the page above the place that an address leads to, theme/report.css does.
PLACEHOLDER = '<template id="quarto-target-style"></template>'


@step(needs=[Trait.CITATIONS, Trait.ADDRESSES], adds=[Trait.FRAMES])
def mend_quarto(edition: Edition) -> None:
    """Mend every page in the frame that Quarto made."""
    for page in edition.pages.values():
        if page.quarto:
            defer_scripts(page)
            fold_by_keyboard(page)
            for link in page.tree.css(".page-navigation a[aria-label]"):
                del link.attrs["aria-label"]
            if page.tree.css_first('script[src$="quarto-nav.js"]') is not None:
                page.tree.head.insert_child(element(PLACEHOLDER))


def defer_scripts(page: Page) -> None:
    """Let all scripts of Quarto wait until the page is read; deferred, they keep their order, and run before what waits
    for the whole page."""
    for script in page.tree.css('head script[src*="site_libs/"]:not([type="module"])'):
        script.attrs["defer"] = ""


def fold_by_keyboard(page: Page) -> None:
    """Make a button of each link that folds something; one that repeats the button before it is for pointers alone."""
    before = ""
    for node in page.tree.css(f"button{FOLDS}, a{FOLDS}"):
        target = node.attributes.get("data-bs-target") or ""
        if node.tag == "a" and "href" not in node.attributes:
            if target == before:
                node.attrs["aria-hidden"] = "true"
            else:
                node.replace_with(button(node))
        before = target


def button(link: LexborNode) -> LexborNode:
    """A button with all that a link says and does."""
    kept = {name: value for name, value in link.attributes.items() if name not in ("role", "type")}
    written = "".join(f' {name}="{escape(value or "")}"' for name, value in kept.items())
    return element(f'<button type="button"{written}>{link.inner_html}</button>')
