"""What may a page run, show and ask for?  A Content-Security-Policy in every page, without any `unsafe-*`.

Scripts and styles come from the site's own files, or stand in the page with their hash in its policy. A script that
stands in the text of a page gets none: what is text may come from a spreadsheet or a list of sources. A policy has no
hash for attributes, so styles and handlers in attributes move: a style to a style sheet in the head, under a selector
that is stronger than any other, as an attribute is; a handler to a script at the end, if it is one that Quarto is known
to write. `'self'` holds for file:// too, as the browser test shows.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re

from selectolax.lexbor import LexborNode

from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import Page, ancestors, element

SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",  # `data:` for the icons in the styles of Quarto's theme, and for those of its anchors
    "font-src": "'self' data:",
    "connect-src": "'self'",  # the search reads its index
    "base-uri": "'none'",
    "form-action": "'none'",
}
SCRIPT_TYPES = ("", "module", "text/javascript", "application/javascript")
# A style element that a script adds empty and then fills rule by rule, as that of Quarto's anchors does
EMPTY = "script[src$='anchor.min.js']"
# The handlers that Quarto 1.9 writes (share/projects/website/templates, and its hover notes): calls of its own scripts
KNOWN = frozenset({
    "if (window.quartoToggleHeadroom) { window.quartoToggleHeadroom(); }", "window.quartoOpenSearch();",
    "window.quartoBackToArticle(); return false;", "window.quartoToggleColorScheme(); return false;",
    "window.quartoToggleReader(); return false;", "event.preventDefault();", "return false;",
})
TEXT = ("main", "header", "nav", "aside", "footer")  # the elements that hold what somebody wrote
HANDLER = re.compile(rb"""[\s/"']on[a-z]+\s*=""", re.IGNORECASE)  # every handler that stands in a text, and more


@step(needs=set(Trait) - {Trait.POLICIES, Trait.CRATE}, adds=[Trait.POLICIES])
def protect(edition: Edition) -> None:
    """Give every page its policy, after everything that it must allow."""
    for page in edition.pages.values():
        move_styles(page)
        move_handlers(page)
        write_policy(page)


def write_policy(page: Page) -> None:
    """Put the policy of a page into its head, behind the encoding, which must stand in the first 1024 bytes."""
    head = page.tree.css_first("head")
    if head.css_first("meta[charset]") is None:
        head.insert_child(element('<meta charset="utf-8">'))
    rules = element(f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}">')
    head.css_first("meta[charset]").insert_after(rules)


def policy(page: Page) -> str:
    """The policy of a page, with the hash of each script and each style that stands in it."""
    hashes = {"script-src": [digest(node.text()) for node in scripts(page) if not in_text(page, node)],
              "style-src": [digest(node.text()) for node in page.tree.css("style")]}
    if page.tree.css_first(EMPTY) is not None:
        hashes["style-src"].append(digest(""))
    return "; ".join(
        " ".join([name, sources, *dict.fromkeys(hashes.get(name, []))]) for name, sources in SOURCES.items()
    )


def scripts(page: Page) -> list[LexborNode]:
    """The scripts that stand in a page and that a browser runs; blocks of data are none."""
    return [node for node in page.tree.css("script:not([src])")
            if (node.attributes.get("type") or "").strip().lower() in SCRIPT_TYPES]


def in_text(page: Page, script: LexborNode) -> bool:
    """Whether a script stands in what somebody wrote, or stood there: an end of an element in it can let the rest fall
    out of the text. Builders, and what `include-in-header` and its like name, put theirs into the head or below."""
    raw = page.tree.raw_html
    start, end = raw.find(b"<main"), raw.rfind(b"</main>")
    return any(node.tag in TEXT for node in ancestors(script.parent)) or script.text().encode() in raw[start:end]


def elements_with_handlers(page: Page) -> list[LexborNode]:
    """The elements with handlers in their attributes; most pages have none, as their text tells sooner."""
    if not HANDLER.search(page.tree.raw_html):
        return []
    return [node for node in page.tree.css("*") if handlers(node)]


def handlers(node: LexborNode) -> dict[str, str]:
    """The handlers in the attributes of an element, by event."""
    return {name[2:]: code or "" for name, code in node.attributes.items() if name.startswith("on")}


def move_styles(page: Page) -> None:
    """Styles in attributes become rules of one style element."""
    rules: dict[str, int] = {}
    for node in page.tree.css("[style]"):
        if css := (node.attributes["style"] or "").strip():
            node.attrs["data-style"] = str(rules.setdefault(css, len(rules) + 1))
        del node.attrs["style"]
    if rules:
        text = "\n".join(f'[data-style="{number}"]:not(#a#b#c) {{ {css} }}' for css, number in rules.items())
        page.tree.css_first("head").insert_child(element(f"<style>{text}</style>"))


def move_handlers(page: Page) -> None:
    """Handlers in attributes become listeners that one script adds; those that no builder writes stay, and are refused
    by every browser."""
    found: dict[tuple[str, str], int] = {}
    for node in elements_with_handlers(page):
        mine = {event: code for event, code in handlers(node).items() if event == "click" and code in KNOWN}
        numbers = [found.setdefault(one, len(found) + 1) for one in mine.items()]
        for event in mine:
            del node.attrs[f"on{event}"]
        if numbers:
            node.attrs["data-on"] = " ".join(map(str, numbers))
    if found:
        text = "\n".join(listener(number, event, code) for (event, code), number in found.items())
        page.tree.css_first("body").insert_child(element(f"<script>\n{text}\n</script>"))


def listener(number: int, event: str, code: str) -> str:
    """A statement that adds one handler to its elements; one that gives false stops what the browser would do."""
    return (f"document.querySelectorAll('[data-on~=\"{number}\"]').forEach(node => node.addEventListener("
            f"{json.dumps(event)}, function (event) {{ if ((function () {{ {code} }}).call(this) === false) "
            "event.preventDefault(); }));")


def digest(text: str) -> str:
    """How a policy names a script or a style: browsers read each end of line as one character."""
    content = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    return f"'sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}'"
