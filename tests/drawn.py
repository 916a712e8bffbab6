"""What a page gets of something that is shown, with its charts drawn as the finished page has them."""

from __future__ import annotations

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from surveybook.publish.pages.drawings import CHART, draw
from surveybook.publish.site.page import element


def shown(thing: Any) -> LexborHTMLParser:
    """A figure or a table."""
    bundle = thing._repr_mimebundle_()
    assert list(bundle) == ["text/markdown"], "HTML output would make Quarto load scripts from another host"
    block = re.fullmatch(r"```\{=html\}\n(.*)\n```\n", bundle["text/markdown"], re.DOTALL)
    assert block and "```" not in block[1]
    return drawn(block[1])


def drawn(html: str) -> LexborHTMLParser:
    """A page with drawings where charts stand."""
    page = LexborHTMLParser(html)
    for chart in page.css(CHART):
        chart.replace_with(element(draw(chart.text())))
    return page
