"""How far is a build?  Lines for whoever waits: on a terminal each in the place of the one before, else one a line."""

from __future__ import annotations

import shutil
import sys
from typing import TextIO

CLEAR = "\r\x1b[K"  # to the start of the line, and nothing after it


class Progress:
    """Says a line: `with Progress() as say: say("12/32 chapters/methods.qmd")`. On a terminal none is left."""

    def __init__(self, quiet: bool = False, stream: TextIO | None = None):
        self.stream = stream or sys.stderr
        self.quiet, self.terminal = quiet, self.stream.isatty()

    def __call__(self, line: str) -> None:
        if self.quiet:
            return
        if self.terminal:
            width = shutil.get_terminal_size().columns - 1
            self.stream.write(CLEAR + (line if len(line) <= width else line[: width - 1] + "…"))
        else:
            self.stream.write(f"{line}\n")
        self.stream.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.terminal and not self.quiet:
            self.stream.write(CLEAR)
            self.stream.flush()
