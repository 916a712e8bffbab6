"""What `surveybook design STUDY` does: simulate and store, or simulate a sample and compare."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path

from surveybook.survey.design.fingerprint import fingerprint, modules, read_sources
from surveybook.survey.design.run import agreement, at_bounds, chunks, run, simulated
from surveybook.survey.design.scenarios import Chunk, read_design
from surveybook.survey.design.stored import forget, keep, kept, read_stored, renew, write_stored


def compute(folder: Path, workers: int) -> None:
    """Simulate everything and store it."""
    design, inputs, start = read_design(folder), fingerprint(folder), time.monotonic()
    before = {name: rows for name in design.scenarios if (rows := kept(folder, name, inputs))}
    waiting = [scenario for name, scenario in design.scenarios.items() if name not in before]
    said = progress(sum(chunk.surveys * chunk.respondents for chunk in chunks(design, waiting)))
    for scenario, rows in zip(waiting, run(design, waiting, workers, said), strict=True):
        keep(folder, scenario.name, inputs, rows)
        before[scenario.name] = rows
    rows = [row for name in design.scenarios for row in before[name]]
    rows += [*at_bounds(design, workers), *agreement(design, workers, compared)]
    write_stored(folder, rows, inputs)
    forget(folder)
    surveys = sum(chunk.surveys for chunk in chunks(design))
    print(f"design: {surveys:,} surveys in {len(design.scenarios)} scenarios; "
          f"{len(waiting)} of these simulated now, {(time.monotonic() - start) / 60:.1f} min; stored")


def check(folder: Path, sample: int, workers: int, stale: Collection[str] = ()) -> int:
    """Simulate some chunks again, chosen by chance, and compare their digests with those that are stored."""
    stored = read_stored(folder, stale)
    every = chunks(stored.design)
    wanted = sorted(random.sample(range(len(every)), min(sample, len(every))))
    digests = [digest for row in stored.digests for digest in row.digests.split()]
    if len(digests) != len(every):
        print(f"design: {len(digests)} chunks are stored, but there are {len(every)}; "
              f"run `surveybook design {folder.name}`")
        return 1
    said, differ = progress(sum(every[place].surveys * every[place].respondents for place in wanted)), []
    for place, one in zip(wanted, simulated(stored.design, (every[place] for place in wanted), workers), strict=True):
        said(one.chunk.surveys * one.chunk.respondents)
        if one.digest != digests[place]:
            differ.append(one.chunk)
    for chunk in differ:
        print(f"design: differs: {_named(chunk)}")
    print(f"design: {len(wanted)} of {len(every)} chunks simulated again, {len(differ)} differ")
    return 1 if differ else 0


def _named(chunk: Chunk) -> str:
    return f"scenario “{chunk.scenario}”, {chunk.respondents} respondents, chunk {chunk.number}"


def accept(folder: Path, sample: int, workers: int) -> int:
    """After a change of code that draws or judges surveys: keep the stored results if a sample comes out the same.

    A change of any other thing is refused: the digests of chunks know nothing of it.
    """
    judging = modules("surveybook.survey.design.chunks", read_sources())
    failed = check(folder, sample, workers, stale=judging)
    if not failed:
        renew(folder)
        print("design: what is stored is kept")
    return failed


def compared(done: int, of: int) -> None:
    print(f"design: compared with the exact tests in {done} of {of} surveys", end=_end(done < of), file=sys.stderr)


def progress(people: int) -> Callable[[int], None]:
    """A function that counts the people simulated and says, at every percent, how far it is and how long it takes."""
    start, done, shown = time.monotonic(), 0, -1

    def say(more: int) -> None:
        nonlocal done, shown
        done += more
        percent = 100 * done // people
        if percent > shown:
            shown = percent
            left = (time.monotonic() - start) / done * (people - done) / 60
            print(f"design: {percent}%, {left:.1f} min left ", end=_end(done < people), file=sys.stderr, flush=True)

    return say


def _end(more: bool) -> str:
    """What ends a line that says how far it is: on a screen, the next one takes its place."""
    return "\r" if more and sys.stderr.isatty() else "\n"

