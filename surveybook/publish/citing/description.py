"""What is a page about, in one or two sentences?  For search engines, and for whoever shows a link to it.

A chapter opens with its question and its answer, so these are the description, unless its author wrote another one.
"""

from __future__ import annotations

import re

from surveybook.publish.pages.labels import extent
from surveybook.publish.pages.search import own_words
from surveybook.publish.site.page import Page

LONGEST = 300  # characters: a question and its answer, as a rule
OPENING = "p:not(.simulated-page, .subtitle, .author, .date)"
SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z])")


def description(page: Page, book: str) -> str:
    """The author's description of a page, or as many of its first sentences as are short enough, at least one; of a
    page without sentences, its title. Simulated values in them are called so."""
    written = page.tree.css_first("meta[name=description]")
    if written is not None:
        return written.attributes.get("content") or ""
    opening = page.content.css_first(OPENING)
    first, *others = SENTENCE.split(own_words(opening)) if opening is not None else [""]
    if opening is None or not first:
        return f"{page.title}: a page of “{book}”."
    said = extent(opening)
    text = first
    for sentence in others:
        if len(text) + len(sentence) + len(said) > LONGEST:
            break
        text = f"{text} {sentence}"
    return f"{said[:1].upper()}{said[1:]}. {text}" if said else text
