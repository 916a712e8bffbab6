"""Who is cited?  The entries of references.bib by their keys, each in the words that name it in a sentence."""

from __future__ import annotations

import re
from pathlib import Path

ENTRY = re.compile(r"^@\w+\{([^,\s]+),\n(.*?)^\}", re.DOTALL | re.MULTILINE)
FIELD = re.compile(r"^\s*(\w+) = \{(.*)\},?$", re.MULTILINE)


def read_sources(path: Path) -> dict[str, str]:
    """Key -> “Kumar and others 2020” for every entry of a BibTeX file that gives each field a line of its own."""
    entries = ENTRY.findall(path.read_text(encoding="utf-8"))
    return {key: _named(dict(FIELD.findall(body))) for key, body in entries}


def _named(fields: dict[str, str]) -> str:
    families = [author.split(",")[0].strip("{} ") for author in fields["author"].split(" and ")]
    others = families[0] if len(families) == 1 else f"{families[0]} and others"
    return f"{' and '.join(families) if len(families) == 2 else others} {fields['year']}"


def address(key: str) -> str:
    """The address of an entry in the list of references, as seen from a chapter."""
    return f"../references.html#ref-{key}"
