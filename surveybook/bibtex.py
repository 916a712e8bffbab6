"""What does a BibTeX file list, and is it one that a reader comes to the end of?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surveybook.boundary import MOST_LETTERS
from surveybook.document import DEEPEST

HEAD = re.compile(r"^@\w+\{([^,\s]+),\n", re.MULTILINE)
FIELD = re.compile(r"^[ \t]*(\w+) = \{(.*)\},?$", re.MULTILINE)
BRACE = re.compile(rb"\\.|[{}]", re.DOTALL)


def read_entries(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The key and the fields of each entry that gives each field a line of its own, and ends with a brace on one.

    It takes time in proportion to the length, also for entries that never end.
    """
    at = 0
    while (head := HEAD.search(text, at)) and (end := text.find("\n}", head.end() - 1)) >= 0:
        yield head[1], dict(FIELD.findall(text, head.end(), end + 1))
        at = end + 1


def limit_passed(content: bytes) -> tuple[str, str] | None:
    """What of a BibTeX file is more than any reader should be given, and what to do; None where nothing is."""
    if len(content) > MOST_LETTERS:
        return f"has more than {MOST_LETTERS:,} bytes", "split it"
    depth = 0
    for found in BRACE.finditer(content):
        depth = max(0, depth + (found[0] == b"{") - (found[0] == b"}"))
        if depth > DEEPEST:
            line = content.count(b"\n", 0, found.start()) + 1
            return f"is more than {DEEPEST} braces deep in line {line}", "close the braces of each entry"
    return None
