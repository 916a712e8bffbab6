"""The numbers behind the figures of the printed report: the table twin of each drawing, all together at its end."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from selectolax.lexbor import LexborHTMLParser

from surveybook.publish.printing.contents import LEAF
from surveybook.publish.site.page import Page, ancestors, element, label_of
from surveybook.publish.site.parts import line

NAME, TITLE = "numbers-behind-the-figures", "The numbers behind the figures"
TWIN = ".report-figure:has(svg) > details"


def numbers(book: Sequence[Page]) -> list[Page]:
    """A page with the twins of all figures that have a caption, which are taken from their pages; none without any.

    Where a twin was, a link leads to it, with the number of its sheet.
    """
    found = []
    for page in book:
        for twin in page.content.css(TWIN):
            box = next((box for box in ancestors(twin) if label_of(box)), None)
            caption, summary = box and box.css_first("figcaption"), twin.css_first("summary")
            if not caption:
                continue  # it stays where it is, open
            if summary is not None:
                summary.decompose()
            label, number = label_of(box), line(caption.text()).partition(":")[0]
            words = (caption.inner_html or "").partition(":")[2]  # the heading has the number
            found.append(
                f'<section id="numbers-{label}" class="level2"><h2><a href="#{label}">{escape(number)}</a></h2>'
                f"<p>{words}</p>{twin.inner_html}</section>"
            )
            link = f'<a href="#numbers-{label}">The numbers as a table</a>, sheet {LEAF.format(f"numbers-{label}")}'
            twin.replace_with(element(f'<p class="figure-note">{link}</p>'))
    if not found:
        return []
    header = f'<header id="{NAME}-title-block-header"><h1 class="title">{TITLE}</h1></header>'
    html = f'<title>{TITLE}</title><main class="content" id="{NAME}">{header}{"".join(found)}</main>'
    return [Page(f"{NAME}.html", LexborHTMLParser(html))]
