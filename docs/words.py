"""How does a page of the reference look?  Words that must be there, tables, and ids of headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


class Wordless(Exception):
    """A public thing says nothing about itself."""


def words_of(name: str, words: str | None) -> str:
    """The words of a thing. Raises Wordless, which names it, if it has none."""
    if not (words or "").strip():
        raise Wordless(f"{name} has no words; write them where it is defined")
    return words.strip()


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; a paragraph inside a cell begins on a line of its own."""
    cells = [[re.sub(r"\s*\n\s*\n\s*", "<br>", cell).replace("\n", " ").replace("|", "\\|") for cell in row]
             for row in rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *cells))


def anchor(heading: str) -> str:
    """The id that code hosts give to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
