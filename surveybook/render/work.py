"""A build in a process of its own, which tells how far it is and what it wrote, and can be ended at a save."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from surveybook.render.build import build
from surveybook.render.problems import Refused

FORKS = multiprocessing.get_context("forkserver")  # no copy of the server's threads


def work(root: Path, output: Path | None, telling: Connection) -> None:
    """Build, and tell ("said", line), ("wrote", names) and at last ("built", Result) or ("problems", list of lines)."""
    os.setsid()  # what ends the server in a terminal is not for this process, which the server ends
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def tell(kind: str, what: object) -> None:
        telling.send((kind, what))

    with suppress(BrokenPipeError):  # the server is gone
        try:
            made = build(root, output, lambda line: tell("said", line), wrote=lambda names: tell("wrote", names))
            tell("built", made)
        except Refused as refused:
            tell("problems", [str(problem) for problem in refused.problems])
        except Exception as error:  # a fault of the renderer; the next edit may well be free of it
            what = f"The renderer failed on this book ({type(error).__name__}: {error}); undo the last edit"
            tell("problems", [what])


class Work:
    """One build that runs: `wrote` are the files of the book that its scripts and cells wrote, as far as they said."""

    def __init__(self, root: Path, output: Path | None):
        self.heard, telling = FORKS.Pipe(duplex=False)
        self.process = FORKS.Process(target=work, args=(root, output, telling))
        self.process.start()
        telling.close()
        self.wrote: set[str] = set()
        self.ended = False

    def messages(self) -> Iterator[tuple[str, object]]:
        """What it told since the last look; the last one is “built” or “problems”."""
        try:
            while not self.ended and self.heard.poll():
                kind, what = self.heard.recv()
                self.ended = kind in ("built", "problems")
                if kind == "wrote":
                    self.wrote |= set(what)
                else:
                    yield kind, what
        except (EOFError, OSError):
            self.ended = True
            yield "problems", ["The build was ended from outside, perhaps for want of memory; save a file to try again"]

    def end(self) -> None:
        """End it, with all that it started, if it has not ended."""
        if not self.ended:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.kill()
        self.process.join()
        self.heard.close()
