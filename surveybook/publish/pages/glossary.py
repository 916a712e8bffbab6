"""Lead readers from the first use of a term to what it means: the glossary explains each under a heading of its own.

A heading with an id `sec-term-...` is a term, on whatever page it stands; its first paragraph is what the link says
when it is pointed at. The chapter is the only place where terms are declared.
"""

from __future__ import annotations

import re
from html import escape

from selectolax.lexbor import LexborNode

from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import HEADINGS, TERM, Page, ancestors, element

# Where a first use is looked for, and what is never part of a sentence that could hold one
PROSE = "p, li, dd"
APART = {"a", "code", "pre", "script", "style", "svg", "math", "button", "table", "nav", "header", *HEADINGS}
APART_CLASSES = {"finding", "figure-note", "told", "citation", "simulated-page", "evidence-word", "csl-entry"}


@step(adds=[Trait.TERMS])
def link_terms(edition: Edition) -> None:
    """Link the first use of each term on every other page to its explanation."""
    found = terms(edition)
    for page in edition.pages.values():
        wanted = {term.casefold(): place for term, place in found.items() if place[0] != page.name}
        if wanted:
            link_page(page, wanted)


def terms(edition: Edition) -> dict[str, tuple[str, str, str]]:
    """Term -> page, id, and its explanation."""
    found = {}
    for page in edition.pages.values():
        for section in page.content.css(f'section[id^="{TERM}"]'):
            heading, text = section.css_first(", ".join(HEADINGS)), section.css_first("p")
            if heading is not None and text is not None:
                found[heading.text().strip()] = (page.name, section.attributes["id"] or "", plain(text))
    return found


def plain(paragraph: LexborNode) -> str:
    """The words of an explanation, without its source and what it refers to."""
    return re.sub(r"\s*\([^()]*\d[^()]*\)", "", " ".join(paragraph.text().split()))


def link_page(page: Page, wanted: dict[str, tuple[str, str, str]]) -> None:
    """Link the first use of each of these terms in the sentences of a page."""
    left = dict(wanted)
    # longer terms first, so that “confidence interval” is not taken for “interval”
    words = sorted(left, key=len, reverse=True)
    pattern = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, words)) + r")s?(?![\w-])", re.IGNORECASE)
    for block in page.content.css(PROSE):
        if not left:
            return
        # no node is looked at where no term is in the text of all; words of different nodes never make one term
        if not pattern.search(block.text(separator=" ")):
            continue
        for node in [node for node in block.traverse(include_text=True) if node.is_text_node]:
            if not apart(node.parent, page.content):
                link_text(node, pattern, left, page)


def link_text(node: LexborNode, pattern: re.Pattern[str], left: dict[str, tuple[str, str, str]], page: Page) -> None:
    """Link what is left of the terms in one piece of text, and take it off what is left."""
    end, text = 0, node.text_content or ""
    for use in pattern.finditer(text):
        place = None if is_in_name(text, use) else left.pop(use[1].casefold(), None)
        if place:
            name, identity, meaning = place
            link = (f'<a class="term" href="{page.leads_to(name, identity)}" title="{escape(meaning)}">'
                    f"{escape(use[0])}</a>")
            node.insert_before(text[end : use.start()])
            node.insert_before(element(link))
            end = use.end()
    if end:
        node.replace_with(text[end:])


def is_in_name(text: str, use: re.Match[str]) -> bool:
    """Whether a word is one of a name, as in “Restrict Library Loading”: capital, after another capital word."""
    return use[1].istitle() and " " not in use[1] and bool(re.search(r"[A-Z]\w* $", text[: use.start()]))


def apart(node: LexborNode | None, content: LexborNode) -> bool:
    """Whether an element is no plain part of a sentence."""
    return any(
        box.tag in APART or APART_CLASSES & set((box.attributes.get("class") or "").split())
        for box in ancestors(node)
    )
