"""Which program builds the book, and how is it started? Quarto where it is installed, else the renderer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from surveybook.errors import Refusal
from surveybook.processes import STARTER

PLACE = Path(__file__).resolve().parents[2]  # where Python finds this package, if it is not installed
RECORD = Path(".cache", "record.json")  # what the renderer says of the cells that it ran
OLDEST_QUARTO = (1, 6)
REMEDY = "install Quarto 1.6 or newer, or use BUILDER=renderer"


class NoBuilder(Refusal):
    """The builder asked for cannot be used: one sentence, what is wrong and what to do."""


@dataclass(frozen=True)
class Builder:
    """A builder's name as told to the reader, why it was chosen, and how it is started: `BOOK` and `OUTPUT` stand for
    the folders, and it starts in `folder`, or in that of the book."""

    name: str
    reason: str
    program: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()
    folder: Path | None = None

    def command(self, book: Path, output: Path) -> list[str]:
        """The command that renders the book into `output`, a folder below it."""
        given = {"BOOK": str(book), "OUTPUT": str(output), "OUTPUT-BELOW": str(output.relative_to(book)),
                 "RECORD": str(book / RECORD)}
        return [given.get(part, part) for part in self.program]


def choose(forced: str = "") -> Builder:
    """The builder to use; `forced` is `quarto`, `renderer`, or empty for "Quarto if there is a good one"."""
    if forced not in ("", "quarto", "renderer"):
        raise NoBuilder(f"BUILDER={forced} is not a builder; use BUILDER=quarto or BUILDER=renderer")
    if forced == "renderer":
        return renderer("BUILDER=renderer")
    program = shutil.which("quarto")
    if program is None:
        if forced:
            raise NoBuilder(f"BUILDER=quarto, but there is no quarto on PATH; {REMEDY}")
        return renderer("there is no quarto on PATH")
    version = quarto_version(program)
    if parsed(version) < OLDEST_QUARTO:
        known = f"Quarto {version}" if parsed(version) else "a quarto that does not tell its version"
        if forced:
            raise NoBuilder(f"BUILDER=quarto, but {program} is {known}; {REMEDY}")
        return renderer(f"{program} is {known}, and 1.6 or newer is needed")
    return Builder(
        f"Quarto {version}",
        "BUILDER=quarto" if forced else f"found at {program}",
        (program, "render", "--to", "html", "--output-dir", "OUTPUT-BELOW"),
        (("QUARTO_PYTHON", sys.executable),),
    )


def renderer(reason: str) -> Builder:
    """The bundled renderer. It is started as a program, never imported: either builder is replaceable."""
    program = (sys.executable, "-m", "surveybook", "render", "BOOK", "--output", "OUTPUT", "--record", "RECORD")
    return Builder("the bundled renderer", reason, program, ((STARTER, str(os.getpid())),), PLACE)


def quarto_version(program: str) -> str:
    """What `quarto --version` prints, or an empty string if it fails."""
    try:
        answer = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            timeout=600,  # seconds; on a busy machine it takes long
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip()


def parsed(version: str) -> tuple[int, int] | tuple[()]:
    """Major and minor version as numbers; nothing if it is not a version."""
    found = re.match(r"(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else ()
