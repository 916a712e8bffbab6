"""Which headings does a text have, and how do cells learn of those of the whole book?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from surveybook.folders import replace_file
from surveybook.render.pieces import Inline, Source, Text

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)$")
HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*$")
COMMENT = re.compile(r"^<!--.*?-->", re.DOTALL | re.MULTILINE)  # a block of its own
UNDERLINE = re.compile(r"=+\s*$")
WITH_ATTRIBUTES = re.compile(r"(?:(.*)\s)?\{([^{}]*)\}$")


@dataclass(frozen=True)
class Heading:
    """A heading as it is written: its level, text and attributes, its first line from 0 and how many lines it takes."""

    level: int
    text: str
    attributes: tuple[str, ...]
    start: int
    size: int

    @property
    def id(self) -> str:
        return next((word[1:] for word in self.attributes if word.startswith("#")), "")


def read_headings(markdown: str) -> Iterator[Heading]:
    """The headings of a text, but those in code and in comments."""
    lines, fence = COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), markdown).split("\n"), ""
    for number, line in enumerate(lines):
        mark = FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        elif mark:
            fence = mark[1]
        elif found := HEADING.match(line):
            yield _heading(len(found[1]), found[2], number, 1)
        elif UNDERLINE.match(line) and number and lines[number - 1].strip():
            yield _heading(1, lines[number - 1].strip(), number - 1, 2)


def _heading(level: int, text: str, start: int, size: int) -> Heading:
    parts = WITH_ATTRIBUTES.match(text)
    return Heading(level, (parts[1] or "") if parts else text, tuple(parts[2].split()) if parts else (), start, size)


def write_headings(root: Path, sources: Iterable[Source]) -> dict[str, str]:
    """Write the headings of all pages where cells can read them, so that a cell which needs to know where a section is
    depends on these and not on the text of all pages. Gives what tells cells of the file; nothing if there is none.

    `.cache/headings.json` is {"chapters/one.qmd": [[1, "Title", "sec-one"], ...], ...}, with "" for no id.
    """
    found: dict[str, list] = {}
    for source in sources:
        text = "".join(piece.text if isinstance(piece, Text) else piece.written if isinstance(piece, Inline) else "\n"
                       for piece in source.pieces)
        title = source.front.get("title")
        found[source.file] = [[1, str(title), ""]] if title is not None else []
        found[source.file] += [[heading.level, heading.text, heading.id] for heading in read_headings(text)]
    path = root / ".cache" / "headings.json"
    content = json.dumps(found, ensure_ascii=False, indent=1).encode()
    with suppress(OSError):  # a book in a folder that cannot be written is rendered all the same
        replace_file(path, content)
        return {"SURVEYBOOK_HEADINGS": str(path)}
    return {}
