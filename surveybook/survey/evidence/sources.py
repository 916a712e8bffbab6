"""Who is cited?  The entries of references.bib by their keys, each in the words that name it in a sentence."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from surveybook.bibtex import limit_passed, read_entries
from surveybook.boundary import read_file
from surveybook.survey.errors import DataError
from surveybook.survey.words.text import listing


def read_sources(path: Path) -> dict[str, str]:
    """Key -> “Miller and others 2020” for every entry of a BibTeX file that gives each field a line of its own.

    As many authors are named as it takes to tell the entries apart. Raises DataError for a file that is no text, or
    more than any reader should be given.
    """
    content = read_file(path.parent, path.name)
    if passed := limit_passed(content):
        raise DataError(f"{path.name}: it {passed[0]}; {passed[1]}")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(f"{path.name}:{line}: not UTF-8 text; save it with the encoding UTF-8") from None
    entries = dict(read_entries(text))
    named = dict.fromkeys(entries, 1)
    while True:
        words = {key: _words(key, fields, named[key]) for key, fields in entries.items()}
        times = Counter(words.values())
        alike = [key for key in words if times[words[key]] > 1]
        if not (more := [key for key in alike if named[key] < len(_families(key, entries[key]))]):
            return words
        named |= {key: named[key] + 1 for key in more}


def _families(key: str, fields: dict[str, str]) -> list[str]:
    """Whose work an entry is; of one without authors its title says it, or its key."""
    people = fields.get("author") or fields.get("editor")
    if not people:
        return [fields.get("title", key).strip("{} ")]
    return [author.split(",")[0].strip("{} ") for author in people.split(" and ")]


def _words(key: str, fields: dict[str, str], named: int) -> str:
    families = _families(key, fields)
    named = len(families) if len(families) <= max(2, named) else named
    shown = [*families[:named], "others"] if named < len(families) else families
    return f"{listing(shown)} {fields.get('year', 'without a year')}"


def address(key: str) -> str:
    """The address of an entry in the list of references, as seen from a chapter."""
    return f"../references.html#ref-{key}"
