"""What every rule hands back, and how it says where on a page a fault is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborNode

from surveybook.publish.site.page import Page, ancestors

# A rule's answer for one fault of a page: where, what, what to do.
Fault = tuple[str, str, str]
FileFault = tuple[str, str, str, str]  # the same, after the file of the site that it is in
Rule = Callable[[Page], Iterator[Fault]]


def place(node: LexborNode) -> str:
    """Where an element stands, as it can be found in the page's source: `#sec-x <img src='a.png'>`."""
    near = next((box.attributes["id"] for box in ancestors(node) if box.attributes.get("id")), None)
    shown = {name: node.attributes.get(name) for name in ("src", "href", "class", "role")}
    tag = f"<{' '.join([node.tag, *(f'{name}={value!r}' for name, value in shown.items() if value)])}>"
    tag = tag if len(tag) <= 80 else f"{tag[:77]}...>"
    return f"#{near} {tag}" if near else tag
