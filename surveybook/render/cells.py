"""What is asked of a page's cells, and what do they show?  Steps in, outputs out, the same for both back ends."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from surveybook.render.figures import prepare_figures
from surveybook.render.pieces import Cell, Inline, Source

# Media types in Quarto's order. The first three need scripts, which a page does not get: they are refused.
SCRIPTS = (
    "application/vnd.jupyter.widget-state+json",
    "application/vnd.jupyter.widget-view+json",
    "application/javascript",
)
SHOWN = (*SCRIPTS, "text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain")


@dataclass(frozen=True)
class Output:
    """One thing that a cell shows; `kind` is stdout, stderr, display or error, `data` holds it by media type."""

    kind: str
    data: dict[str, Any]
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """What a page's run depended on: files read, modules imported (or looked for in vain), and what else it did.

    Paths in the book are relative to it.
    """

    read: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outputs:
    """What one page's cells and inline expressions gave, in the order of the source's pieces that run."""

    file: str
    results: tuple[tuple[Output, ...], ...] = ()
    seen: Seen = Seen()


@dataclass(frozen=True)
class Limits:
    """What one cell may take, and what one page may print and show.

    Processor time is that of the page's process and of those that it started: a busy machine makes a cell slower by
    the clock, and never fails it.
    """

    processor: float = 120.0  # seconds
    clock: float = 3600.0  # seconds, for a cell that waits for something
    shown: int = 20_000_000  # bytes

    @classmethod
    def of(cls, seconds: float) -> Limits:
        """Those of a cell that may use so many seconds of processor time."""
        return cls(seconds, max(30 * seconds, cls.clock))


def steps(source: Source) -> list[Cell | Inline]:
    """The pieces of a page that give outputs."""
    return [piece for piece in source.pieces if isinstance(piece, (Cell, Inline))]


def option(source: Source, cell: Cell, name: str) -> Any:
    """An option of a cell, or what the page or the book says for all cells."""
    return cell.options.data.get(name, source.options.get(name))


def task(source: Source, root: Path) -> dict:
    """What is asked of a back end for one page: working directory, what is run before the steps, and these."""
    asked: list[dict] = []
    for piece in steps(source):
        if isinstance(piece, Inline):
            asked.append({"expression": piece.code})
        else:
            code = piece.code if option(source, piece, "eval") else ""
            asked.append({"code": code, "error": bool(option(source, piece, "error"))})
    folder = root if source.options.get("execute-dir") == "project" else source.path.parent
    setup = prepare_figures(source.options) + f"os.environ.update({places(source, root)!r})\n"
    return {"cwd": str(folder.resolve()), "setup": setup, "steps": asked}


def places(source: Source, root: Path) -> dict[str, str]:
    """The variables of the environment that tell a cell of which page and which book it is, as Quarto sets them."""
    book, page = str(root.resolve()), source.path.resolve()
    return {"QUARTO_DOCUMENT_FILE": page.name, "QUARTO_DOCUMENT_PATH": str(page.parent), "QUARTO_PROJECT_DIR": book,
            "QUARTO_PROJECT_ROOT": book}


ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\].*?(?:\x07|\x1b\\)")
CELL_FILE = re.compile(r"^(?:<cell \d+>|\S*ipykernel_\d+/\d+\.py):(\d+): ", re.MULTILINE)
NAMELESS = re.compile(r" \((?:<cell \d+>|<string>|\d+\.py), line \d+\)")
FRAME = re.compile(r"(?<=^File )(\S.*?)(?=:\d+, in )", re.MULTILINE)


def tidy(outputs: Iterable[dict], root: Path, piece: Cell | Inline) -> tuple[Output, ...]:
    """What a piece gave, as Quarto shows it, without what differs between machines."""
    return tuple(_tidy(output, root, isinstance(piece, Cell)) for output in outputs)


def _tidy(output: dict, root: Path, mathematics: bool) -> Output:
    """An output in one media type, without colours and without the paths of this machine."""
    data = dict(output["data"])
    kind = _chosen(data, mathematics)
    value = data.get(kind, "")
    value = value if isinstance(value, str) else json.dumps(value)
    # half a character (a lone surrogate) cannot be written to any file
    value = value.replace("\r\n", "\n").encode("utf-8", "backslashreplace").decode("utf-8")
    if output["kind"] != "display":
        # a return without a new line writes over what stood in the line
        lines = (line.rpartition("\r")[2] for line in ANSI.sub("", value).split("\n"))
        value = CELL_FILE.sub("", "\n".join(lines))
        if output["kind"] == "error":
            value = FRAME.sub(lambda match: _short(match[1], root), NAMELESS.sub("", value))
    return Output(output["kind"], {kind: value.replace("\r", "\n")}, output.get("metadata") or {})


def _chosen(data: dict, mathematics: bool) -> str:
    """The media type that Quarto shows of those a value comes in; a cell's LaTeX mathematics counts as Markdown."""
    latex = str(data.get("text/latex", ""))
    formula = re.fullmatch(r"\$.*\$|\\begin\{.*\\end\{.*", latex.strip(), re.DOTALL)
    if mathematics and formula and "text/markdown" not in data:
        data["text/markdown"] = latex
    return next((kind for kind in SHOWN if data.get(kind) is not None), next(iter(data), "text/plain"))


def _short(path: str, root: Path) -> str:
    whole = os.path.expanduser(path)
    if Path(whole).is_relative_to(root):
        return Path(whole).relative_to(root).as_posix()
    return re.sub(r"^.*(?:site-packages|/lib/python[\d.]+)/", "", whole)
