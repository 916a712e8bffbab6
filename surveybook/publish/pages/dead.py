"""What does a reader see at an address where nothing is?  `404.html`, which most static hosts show there.

It is shown at any depth, so that it asks for no other file and has no relative link: where the report has no public
address yet, it leads nowhere.
"""

from __future__ import annotations

from html import escape

from selectolax.lexbor import LexborHTMLParser

from surveybook.publish.pages.policy import write_policy
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import DEAD, MADE, Page

CONTENT = """<!DOCTYPE html>
<html lang="{language}" {made}="">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>No such page – {title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.0625rem/1.65 system-ui, sans-serif; margin: 4rem auto; max-width: 40rem; padding: 0 1.25rem; }}
</style>
</head>
<body><div role="main"><h1>No such page</h1>
<p>{title} has no page at this address.</p>
{way}
</div></body>
</html>
"""


@step(adds=[Trait.DEAD])
def add_dead_page(edition: Edition) -> None:
    """Write the page, unless the author of the book wrote one."""
    if DEAD in edition.pages:
        return
    report, first = edition.report, edition.book[0]
    way = f'<p><a href="{escape(report.url)}index.html">Go to its first page.</a></p>' \
        if report and report.url else "<p>Go back, or ask who gave you the address.</p>"
    page = Page(DEAD, LexborHTMLParser(CONTENT.format(
        language=escape(first.language), made=MADE, title=escape(report.title if report else first.title), way=way)))
    write_policy(page)
    edition.files[DEAD] = (page.tree.html or "").encode() + b"\n"
