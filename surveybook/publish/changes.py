"""Which versions of the report are there, and what does CHANGES.md say of each?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

CHANGES = "CHANGES.md"
HEADING = re.compile(r"^## Version (?P<name>\S+) \{#(?P<anchor>[a-z0-9-]+)\}$", re.MULTILINE)
DATE = re.compile(r"^Published (\d{4}-\d{2}-\d{2})\.$", re.MULTILINE)
BEGIN, END = "<!-- computed: {} to {} -->", "<!-- end of what is computed -->"
COMPUTED = re.compile(rf"<!-- computed: .*?{re.escape(END)}", re.DOTALL)


@dataclass(frozen=True)
class Version:
    """One version: its name, the id of its heading, the day it was published (empty before that), what changed in
    words, and where its section stands in the text, from the heading on."""

    name: str
    anchor: str
    date: str
    words: str
    start: int
    end: int


def versions(text: str) -> list[Version]:
    """All versions in the text of CHANGES.md, in its order, the newest first."""
    headings = list(HEADING.finditer(text))
    ends = [*(one.start() for one in headings[1:]), len(text)]
    found = []
    for heading, end in zip(headings, ends, strict=True):
        body = COMPUTED.sub("", text[heading.end() : end])
        date = DATE.search(body)
        found.append(Version(heading["name"], heading["anchor"], date[1] if date else "", DATE.sub("", body).strip(),
                             heading.start(), end))
    return found


def read(root: Path) -> list[Version]:
    """The versions of the project in `root`; none where it has no CHANGES.md."""
    path = root / CHANGES
    return versions(path.read_text(encoding="utf-8")) if path.is_file() else []
