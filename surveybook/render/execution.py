"""Cells and inline expressions of all pages are run, as Jupyter runs them for Quarto: sources in, outputs out.

`fork` runs them in children of one warmed process (runner/), `jupyter` in real kernels (jupyter.py), with the same
outputs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

# Imported so that Python has made the folder of its compiled modules before any page looks through the tool
from surveybook.render import runner
from surveybook.render.cache import Cache
from surveybook.render.cells import NAMELESS, Limits, Output, Outputs, Seen, steps, task, tidy
from surveybook.render.pieces import Cell, Source
from surveybook.render.problems import Problem, Refused

Progress = Callable[[str], None]
Done = Callable[[int, Outputs | dict], None]  # told of each page that ended: its outputs, or how it failed


def run_cells(
    sources: Sequence[Source],
    root: Path,
    backend: str = "fork",
    limits: Limits | None = None,
    progress: Progress = lambda line: None,
    cache: Cache | None = None,
    environment: Mapping[str, str] | None = None,
) -> list[Outputs]:
    """Outputs of each page, in the order of `sources`; raises Refused with the failures of all pages, and the
    outputs of the others by their position.

    A cell may use `limits` (by default LIMIT seconds of processor time, of the environment, or 120). `progress` is told
    of each page that was run. With a `cache` (render/cache.py), unchanged pages are not run again. The process of the
    cells gets `environment` as well.
    """
    root, limits = root.resolve(), limits or allowed()
    if backend == "jupyter":
        cache = None  # what a kernel reads is not known; and it is there to tell whether the other back end is right
    if cache:
        cache.start()
    found: dict[int, Outputs] = {}
    for number, source in enumerate(sources):
        if not steps(source):
            found[number] = Outputs(source.file)
        elif cache and (known := cache.get(source)):
            found[number] = known
    missing = [number for number in range(len(sources)) if number not in found]
    failures: dict[int, Problem] = {}

    def done(place: int, answer: Outputs | dict) -> None:
        number = missing[place]
        source = sources[number]
        if isinstance(answer, Outputs):
            found[number] = answer
            if cache:
                cache.put(source, answer)
        else:
            failures[number] = problem(source, answer, limits)
        progress(f"{len(found) + len(failures)}/{len(sources)} {source.file}")

    if missing:
        if backend == "jupyter":
            from surveybook.render.jupyter import run_jobs
        elif backend == "fork":
            run_jobs = fork
        else:
            raise ValueError(f"unknown back end {backend!r}")
        run_jobs([sources[number] for number in missing], root, limits, os.environ | dict(environment or {}), done)
    if failures:
        raise Refused(failures.values(), found)
    return [found[number] for number in range(len(sources))]


def allowed() -> Limits:
    """What a cell may take: seconds of processor time in LIMIT of the environment, and 30 times as long by the clock,
    or an hour."""
    given = os.environ.get("LIMIT") or "120"
    try:
        limit = float(given)
    except ValueError:
        limit = 0.0
    if not 0 < limit < 1e6:
        raise Refused([Problem("LIMIT", 0, f"“{given}” is no number of seconds", "set it to one, such as LIMIT=300")])
    return Limits.of(limit)


def fork(sources: Sequence[Source], root: Path, limits: Limits, environment: Mapping[str, str], done: Done) -> None:
    """Run pages in children of one warmed process."""
    ask = {
        # one more than there are processors, as pages wait for what another one is working out
        "root": str(root), "limits": asdict(limits), "workers": min(len(sources), (os.cpu_count() or 1) + 1),
        "jobs": [task(source, root) for source in sources],
    }  # fmt: skip
    hashed = {"PYTHONHASHSEED": "0", "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    command = [sys.executable, "-P", str(Path(runner.__file__).with_name("__main__.py"))]
    pieces = [steps(source) for source in sources]
    results: list[list[tuple[Output, ...]]] = [[] for _ in sources]
    lost = set(range(len(sources)))
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**environment, **hashed}, cwd=root,
        encoding="utf-8",
    )  # fmt: skip
    with process, suppress(BrokenPipeError):
        try:
            process.stdin.write(json.dumps(ask) + "\n")
            process.stdin.flush()
            for line in process.stdout:
                message = json.loads(line)
                number = message["job"]
                if "outputs" in message:
                    results[number].append(tidy(message["outputs"], root, pieces[number][len(results[number])]))
                elif number in lost:
                    lost.remove(number)
                    if "seen" in message:
                        seen = Seen(**{kind: _inside(paths, root) for kind, paths in message["seen"].items()})
                        message = Outputs(sources[number].file, tuple(results[number]), seen)
                    done(number, message)
        finally:
            process.stdin.close()  # ends it, with its children, if it has not ended
    for number in sorted(lost):
        done(number, {"broken": 0, "reason": "lost"})


def _inside(paths: Iterable[str], root: Path) -> tuple[str, ...]:
    inside = os.path.join(root, "")
    return tuple(path.removeprefix(inside) or "." for path in paths)


def problem(source: Source, message: dict, limits: Limits) -> Problem:
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
        remedy = f"make it faster, or allow more: LIMIT={10 * limits.processor:g}"
        return Problem(file, line, f"{what} used more than {limits.processor:g} s of processor time", remedy)
    if message["reason"] == "clock":
        remedy = "find what it waits for; the clock allows an hour, or 30 times LIMIT seconds if that is longer"
        return Problem(file, line, f"{what} was not done after {limits.clock:g} s", remedy)
    if message["reason"] == "printed":
        return Problem(file, line, f"{what} printed or showed more than {limits.shown / 1e6:g} MB", "show less")
    if message["status"] < 0:
        remedy = "find what stopped it; a lack of memory is a usual reason"
        return Problem(file, line, f"{what} was killed by signal {-message['status']}", remedy)
    return Problem(file, line, f"{what} ended its process with status {message['status']}", "let it run to its end")
