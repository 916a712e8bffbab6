"""Cells and inline expressions of all pages are run, as Jupyter runs them for Quarto: sources in, outputs out.

`fork` runs them in children of one warmed process (runner.py), `jupyter` in real kernels (jupyter.py), with the same
outputs.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surveybook.render.problems import Problem, Refused
from surveybook.render.source import Cell, Inline, Source

if TYPE_CHECKING:
    from surveybook.render.cache import Cache

# Media types in Quarto's order. The first three need scripts, which a page does not get: they are refused.
SCRIPTS = (
    "application/vnd.jupyter.widget-state+json",
    "application/vnd.jupyter.widget-view+json",
    "application/javascript",
)
SHOWN = (*SCRIPTS, "text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain")
MOST = 20_000_000  # bytes that one page's cells may print and show


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


Progress = Callable[[str], None]


class Failed(Refused):
    """Some pages could not be run to their end; `partial` has the outputs of the others by their position."""

    def __init__(self, problems: Iterable[Problem], partial: dict[int, Outputs]):
        super().__init__(problems)
        self.partial = partial


def steps(source: Source) -> list[Cell | Inline]:
    """The pieces of a page that give outputs."""
    return [piece for piece in source.pieces if isinstance(piece, (Cell, Inline))]


def option(source: Source, cell: Cell, name: str) -> Any:
    """An option of a cell, or what the page or the book says for all cells."""
    return cell.options.data.get(name, source.options.get(name))


def task(source: Source, root: Path) -> dict:
    """What is asked of a back end for one page: working directory and steps."""
    asked: list[dict] = []
    for piece in steps(source):
        if isinstance(piece, Inline):
            asked.append({"expression": piece.code})
        else:
            code = piece.code if option(source, piece, "eval") else ""
            asked.append({"code": code, "error": bool(option(source, piece, "error"))})
    folder = root if source.options.get("execute-dir") == "project" else source.path.parent
    return {"cwd": str(folder.resolve()), "steps": asked}


def run(
    sources: Sequence[Source],
    root: Path,
    backend: str = "fork",
    limit: float | None = None,
    progress: Progress = lambda line: None,
    cache: Cache | None = None,
    most: int = MOST,
) -> list[Outputs]:
    """Outputs of each page, in the order of `sources`; raises Failed with the failures of all pages.

    A cell may take `limit` seconds (by default those of the environment's LIMIT, or 120). `progress` is told which step
    of which page begins. With a `cache` (render/cache.py), unchanged pages are not run again.
    """
    root, limit = root.resolve(), limit or allowed()
    if backend == "jupyter":
        cache = None  # what a kernel reads is not known; and it is there to tell whether the other back end is right
    found: dict[int, Outputs] = {}
    for number, source in enumerate(sources):
        if not steps(source):
            found[number] = Outputs(source.file)
        elif cache and (known := cache.get(source)):
            found[number] = known
    missing = [number for number in range(len(sources)) if number not in found]
    problems: list[Problem] = []
    started = time.time()
    if missing:
        if backend == "jupyter":
            from surveybook.render.jupyter import run_jobs
        elif backend == "fork":
            run_jobs = fork
        else:
            raise ValueError(f"unknown back end {backend!r}")
        chosen = [sources[number] for number in missing]
        for number, answer in zip(missing, run_jobs(chosen, root, limit, progress, most), strict=True):
            source = sources[number]
            if isinstance(answer, Outputs):
                found[number] = answer
                if cache:
                    cache.put(source, answer, started)
            else:
                problems.append(problem(source, answer, limit, most))
    if problems:
        raise Failed(problems, found)
    return [found[number] for number in range(len(sources))]


def allowed() -> float:
    """Seconds that a cell may take."""
    given = os.environ.get("LIMIT") or "120"
    try:
        limit = float(given)
    except ValueError:
        limit = 0.0
    if not 0 < limit < 1e6:
        raise Refused([Problem("LIMIT", 0, f"“{given}” is no number of seconds", "set it to one, such as LIMIT=300")])
    return limit


def report(progress: Progress, file: str, pieces: Sequence[Cell | Inline], index: int) -> None:
    """Tell that a cell begins to run (inline expressions are too quick to be told of)."""
    if isinstance(pieces[index], Cell):
        cells = [number for number, piece in enumerate(pieces) if isinstance(piece, Cell)]
        progress(f"  {file}: cell {cells.index(index) + 1} of {len(cells)}")


def fork(sources: Sequence[Source], root: Path, limit: float, progress: Progress, most: int) -> list[Outputs | dict]:
    """Run pages in children of one warmed process; a page that failed gives the message that says how."""
    others, own = imported(sources, root)
    ask = {
        "root": str(root), "limit": limit, "most": most, "preload": others, "own": own,
        "workers": min(len(sources), os.cpu_count() or 1), "jobs": [task(source, root) for source in sources],
    }  # fmt: skip
    environment = os.environ | {"PYTHONHASHSEED": "0", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    command = [sys.executable, "-P", str(Path(__file__).with_name("runner.py"))]
    pieces = [steps(source) for source in sources]
    results: list[list[tuple[Output, ...]]] = [[] for _ in sources]
    answers: list[Outputs | dict] = [{"broken": 0, "reason": "lost"} for _ in sources]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, cwd=root, encoding="utf-8"
    )
    with process, suppress(BrokenPipeError):
        try:
            process.stdin.write(json.dumps(ask) + "\n")
            process.stdin.flush()
            for line in process.stdout:
                message = json.loads(line)
                number = message["job"]
                source = sources[number]
                if "step" in message:
                    report(progress, source.file, pieces[number], message["step"])
                elif "outputs" in message:
                    results[number].append(tidy(message["outputs"], root, pieces[number][len(results[number])]))
                elif "failed" in message or "broken" in message:
                    answers[number] = message
                elif "seen" in message and "failed" not in answers[number]:
                    seen = {kind: _inside(paths, root) for kind, paths in message["seen"].items()}
                    answers[number] = Outputs(source.file, tuple(results[number]), Seen(**seen))
        finally:
            process.stdin.close()  # ends it, with its children, if it has not ended
    return answers


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


def _inside(paths: Iterable[str], root: Path) -> tuple[str, ...]:
    return tuple(Path(path).relative_to(root).as_posix() if path.startswith(str(root)) else path for path in paths)


def problem(source: Source, message: dict, limit: float, most: int) -> Problem:
    """What to tell the author of a page that could not be run to its end."""
    if message.get("reason") == "lost":
        remedy = "find what stopped it; a cell that kills other processes and a lack of memory are usual reasons"
        return Problem(source.file, 0, "the process that runs the cells ended before this page", remedy)
    index = message.get("failed", message.get("broken"))
    piece = steps(source)[index]
    file, line = piece.file, piece.line
    what = "the cell" if isinstance(piece, Cell) else f"the inline expression “{piece.code}”"
    if "failed" in message:
        if isinstance(piece, Cell) and 0 < message["line"] <= len(piece.places):
            file, line = piece.places[message["line"] - 1]
        said = " ".join(f"{message['name']}: {NAMELESS.sub('', message['message'])}".split()).removesuffix(":")
        remedy = "correct it, or set `error: true` to show the error" if isinstance(piece, Cell) else "correct it"
        return Problem(file, line, f"{what} raised {said[:500]}", remedy)
    if message["reason"] == "time":
        remedy = f"make it faster, or allow more: LIMIT={10 * limit:g}"
        return Problem(file, line, f"{what} ran longer than {limit:g} s", remedy)
    if message["reason"] == "printed":
        return Problem(file, line, f"{what} printed or showed more than {most / 1e6:g} MB", "show less")
    if message["status"] < 0:
        remedy = "find what stopped it; a lack of memory is a usual reason"
        return Problem(file, line, f"{what} was killed by signal {-message['status']}", remedy)
    return Problem(file, line, f"{what} ended its process with status {message['status']}", "let it run to its end")


def imported(sources: Sequence[Source], root: Path) -> tuple[list[str], list[str]]:
    """What cells, and modules of the book that they import, import: names from outside, files of the book."""
    found: dict[str, None] = {}
    waiting = [piece.code for source in sources for piece in source.pieces if isinstance(piece, Cell)]
    own: set[Path] = set()
    while waiting:
        tree = None
        with suppress(SyntaxError, ValueError):
            tree = ast.parse(waiting.pop())
        for node in ast.walk(tree) if tree else ():
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                files = [root / f"{top}.py", *(root / top).rglob("*.py")]
                if any(file.is_file() for file in files):
                    for file in files:
                        if file.is_file() and file not in own:
                            own.add(file)
                            waiting.append(file.read_text(encoding="utf-8", errors="replace"))
                else:
                    found[name] = None
    return sorted(found), sorted(str(file) for file in own)
