"""Does the policy of a page allow what is in it, and nothing more?"""

from __future__ import annotations

from collections.abc import Iterator

from surveybook.publish.checks.rule import Fault, place
from surveybook.publish.pages.policy import digest, elements_with_handlers, handlers, in_text, scripts
from surveybook.publish.site.page import Page

POLICY = 'meta[http-equiv="Content-Security-Policy"]'
FILE = "put it into a file of the book, and name that with <script src=…> in the text or under include-in-header"
FINISH = "let the finishing step do its work last, after all that changes a page"


def policy(page: Page) -> Iterator[Fault]:
    """The policy of a page allows what is in it, and nothing unsafe. Only of pages that are finished: what a builder
    leaves has no policy yet."""
    metas = page.tree.css(POLICY)
    if "data-rendered" in page.tree.css_first("html").attributes and not metas:
        yield "<head>", "the page has no Content-Security-Policy", FINISH
    for meta in metas:
        content = meta.attributes.get("content") or ""
        yield from unsafe(content)
        yield from refused(page, content)
    if metas and (metas[0].parent.tag != "head" or len(metas) > 1):
        yield "<head>", "the policy must stand in the head, once", FINISH


def unsafe(content: str) -> Iterator[Fault]:
    """What a policy must not allow."""
    directives = {words[0]: words[1:] for part in content.split(";") if (words := part.split())}
    if directives.get("default-src") != ["'none'"]:
        yield "<head>", "the policy does not begin with nothing allowed", "write default-src 'none'"
    for name, sources in directives.items():
        for source in sources:
            if source.startswith("'unsafe-") or "*" in source or source in ("http:", "https:", "data:") and (
                name in ("default-src", "script-src", "style-src")
            ):
                yield "<head>", f"the policy allows {source} in {name}", "name the site's own files, or a hash"


def refused(page: Page, content: str) -> Iterator[Fault]:
    """What stands in a page and would not run or show."""
    for node in scripts(page):
        if in_text(page, node):
            yield place(node), "the policy refuses scripts that stand in the text", FILE
        elif digest(node.text()) not in content:
            yield place(node), "the policy has no hash of this script", FINISH
    for node in page.tree.css("style"):
        if digest(node.text()) not in content:
            yield place(node), "the policy has no hash of this style", FINISH
    for node in page.tree.css("[style]"):
        yield place(node), "the policy refuses styles in attributes", "use a class and theme/report.css"
    for node in elements_with_handlers(page):
        for event in handlers(node):
            yield place(node), f"the policy refuses the handler on{event}", "add a listener in a script of theme/"
    for node in page.tree.css("a[href]"):
        if (node.attributes["href"] or "").strip().lower().startswith("javascript:"):
            yield place(node), "the policy refuses scripts in addresses", "use a button, and a script of theme/"
