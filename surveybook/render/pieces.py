"""What is a page made of?  Text, cells and inline expressions, each with its file and line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from surveybook.render.settings import Settings

Place = tuple[str, int]

PARAGRAPH = r"(?:(?!\n[ \t]*\n)[\s\S])"  # one character, not beyond the end of the paragraph
SPAN = re.compile(rf"\\.|(?<!`)(?P<ticks>`+)(?!`){PARAGRAPH}+?(?<!`)(?P=ticks)(?!`)", re.DOTALL)


@dataclass(frozen=True)
class Text:
    """Markdown of consecutive lines of one file; shortcodes are already replaced (never changing the lines)."""

    text: str
    file: str
    line: int


@dataclass(frozen=True)
class Inline:
    """An inline expression; `written` is what stands in the file, shown when the value is empty (as Quarto does)."""

    code: str
    file: str
    line: int
    written: str


@dataclass(frozen=True)
class Cell:
    """A Python cell: its code without option lines, the place of each line of code, and the options."""

    code: str
    options: Settings
    file: str
    line: int  # of the opening fence
    places: tuple[Place, ...] = ()
    written: tuple[str, ...] = ()  # the option lines as they stand in the file
    indent: str = ""

    @property
    def label(self) -> str | None:
        return self.options.data.get("label")


Piece = Text | Inline | Cell


@dataclass(frozen=True)
class Source:
    """One page of the book; `file` is its path from the book's folder, `included` the files it takes in."""

    path: Path
    file: str
    front: Settings
    pieces: tuple[Piece, ...]
    options: dict  # of its cells, where they do not say it themselves: settings.execute_options
    included: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line of a file as it stands there."""

    text: str
    file: str
    number: int


class Chunk:
    """Consecutive lines of one file as one text, with the place of each character and which are literal.

    `literal` is 0 in text, 1 in code, where a shortcode's value is plain text, 2 where shortcodes are switched off.
    """

    def __init__(self, lines: list[Line], code: Mapping[int, bool]):
        self.file, self.first = lines[0].file, lines[0].number
        self.text = "".join(line.text + "\n" for line in lines)
        self.starts = [0]
        for line in lines:
            self.starts.append(self.starts[-1] + len(line.text) + 1)
        self.outside = "".join(
            "\n" * (len(line.text) + 1) if index in code else line.text + "\n" for index, line in enumerate(lines)
        )
        self.literal = bytearray(len(self.text))
        for index, live in code.items():
            start, end = self.starts[index], self.starts[index + 1]
            self.literal[start:end] = bytes([1 if live else 2]) * (end - start)
        for match in SPAN.finditer(self.outside):
            if match["ticks"]:
                self.literal[match.start() : match.end()] = b"\1" * (match.end() - match.start())

    def place(self, position: int) -> Place:
        return self.file, self.first + bisect_right(self.starts, position) - 1
