"""Who is cited?  The entries of references.bib by their keys, each in the words that name it in a sentence."""

from __future__ import annotations

import re
from pathlib import Path

from surveybook.survey.words.text import listing

ENTRY = re.compile(r"^@\w+\{([^,\s]+),\n(.*?)^\}", re.DOTALL | re.MULTILINE)
FIELD = re.compile(r"^\s*(\w+) = \{(.*)\},?$", re.MULTILINE)


def read_sources(path: Path) -> dict[str, str]:
    """Key -> “Miller and others 2020” for every entry of a BibTeX file that gives each field a line of its own.

    As many authors are named as it takes to tell the entries apart.
    """
    entries = {key: dict(FIELD.findall(body)) for key, body in ENTRY.findall(path.read_text(encoding="utf-8"))}
    named = dict.fromkeys(entries, 1)
    while True:
        words = {key: _words(fields, named[key]) for key, fields in entries.items()}
        alike = [key for key in words if list(words.values()).count(words[key]) > 1]
        if not (more := [key for key in alike if named[key] < len(_families(entries[key]))]):
            return words
        named |= {key: named[key] + 1 for key in more}


def _families(fields: dict[str, str]) -> list[str]:
    return [author.split(",")[0].strip("{} ") for author in fields["author"].split(" and ")]


def _words(fields: dict[str, str], named: int) -> str:
    families = _families(fields)
    named = len(families) if len(families) <= max(2, named) else named
    shown = [*families[:named], "others"] if named < len(families) else families
    return f"{listing(shown)} {fields['year']}"


def address(key: str) -> str:
    """The address of an entry in the list of references, as seen from a chapter."""
    return f"../references.html#ref-{key}"
