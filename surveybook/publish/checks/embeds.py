"""Is what goes to other places sound?  Figures in frames, and what pages tell programs of themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from surveybook.publish.checks.links import fault, list_files
from surveybook.publish.checks.policy import policy
from surveybook.publish.checks.rule import Fault, FileFault, place
from surveybook.publish.site.addresses import of_page
from surveybook.publish.site.page import EMBED, Page, parse_page

KINDS = ("judged", "published", "recomputed", "simulated")


def unsound_embeds(site: Path, pages: dict[str, Page]) -> Iterator[FileFault]:
    """A figure in a frame says what evidence it is, has a policy, runs nothing, and leads and asks nowhere wrong."""
    known = list_files(site)
    for name in sorted(one for one in known.files if one.endswith(EMBED)):
        page = parse_page(name, (site / name).read_text(encoding="utf-8", errors="replace"))
        yield from ((name, *one) for one in policy(page))
        said = page.tree.css_first(".embed-evidence")
        if said is None or said.attributes.get("data-evidence") not in KINDS:
            yield name, "the frame", "it does not say what evidence it shows", "build the site anew"
        if not page.tree.css('meta[http-equiv="Content-Security-Policy"]') or page.tree.css("script"):
            yield name, "the frame", "it has no Content-Security-Policy, or a script", "build the site anew"
        for address in of_page(page.tree):
            if wrong := fault(address, name, known, pages):
                yield (name, place(address.node), *wrong)


def linked_data(page: Page) -> Iterator[Fault]:
    """What a page tells programs in JSON-LD can be read, and says what it is about and by which address."""
    for node in page.tree.css('script[type="application/ld+json"]'):
        told = read(node.text())
        if not isinstance(told, dict) or told.get("@context") != "https://schema.org" or "@type" not in told:
            yield "<head>", "a block of JSON-LD is not an object of schema.org", "correct it, or take it out"


def read(words: str) -> Any:
    """The value in a text; None where that is no JSON."""
    try:
        return json.loads(words)
    except ValueError:
        return None
