"""Which edition is this page from?  A line at the end of each page: version, commit, data, and how to verify it."""

from __future__ import annotations

import posixpath
from html import escape

from surveybook.publish.manifest import NAME, Source
from surveybook.publish.site.edition import Edition, element

EXPLAINED = "sec-verify"  # the id of the section that tells how to verify a copy


def add_footer(edition: Edition) -> None:
    """Put the line at the end of each page."""
    where = next((name for name, page in edition.pages.items() if EXPLAINED in page.targets), "")
    for page in edition.pages.values():
        folder = posixpath.dirname(page.name) or "."
        links = [(f"{posixpath.relpath(where, folder)}#{EXPLAINED}", "Verify")] if where else []
        links.append((posixpath.relpath(NAME, folder), "Manifest"))
        parts = [*stated(edition.source), *(f'<a href="{href}">{words}</a>' for href, words in links)]
        page.tree.css_first("body").insert_child(
            element(f'<section class="edition" aria-label="Edition"><p>{" · ".join(parts)}</p></section>')
        )


def stated(state: Source) -> list[str]:
    """What is known of the edition, as HTML."""
    commit = f"commit <code>{state.commit[:10]}</code>" if state.commit else "commit not known"
    return [
        *([f"Version {escape(state.version)}"] if state.version else []),
        commit + (" with later changes" if state.changed else ""),
        f"data <code>{state.data[:10]}</code>",
    ]
