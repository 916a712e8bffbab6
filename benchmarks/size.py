"""How long does a report of one's own take, by the number of people and of questions?  From spreadsheet to site.

A made-up export is read by `surveybook new --from`, and the report is built by `surveybook build` as it stands; then
once more from nothing but what was kept, after a word of prose. Memory is the most that all processes held at once.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.measure import Run, load, machine, run
from benchmarks.table import table

TOOL = Path(__file__).resolve().parents[1]
SIZES = ((1_000, 60), (10_000, 60), (100_000, 60))
SCALE = ("Never", "Rarely", "Sometimes", "Often", "Always")
TARGETS = {(100_000, 60): (30, 1_000)}  # people and questions -> seconds by the clock, and MB, of a build
AT_ONCE = 10_000  # rows that are made


def rows(people: int, questions: int) -> Iterator[list[str]]:
    """A header, and the answers of so many people: every fourth question is a yes or no, the others a scale; three in
    a hundred answers are missing."""
    yield ["respondent", *(f"Do you own thing {number}?" if number % 4 == 0 else f"How often do you use thing {number}?"
                           for number in range(questions))]
    random = np.random.default_rng(people)
    for first in range(0, people, AT_ONCE):
        many = min(AT_ONCE, people - first)
        columns = []
        for number in range(questions):
            words = np.array(("No", "Yes", "") if number % 4 == 0 else (*SCALE, ""))
            given = random.integers(0, len(words) - 1, many)
            columns.append(words[np.where(random.random(many) < 0.03, len(words) - 1, given)])
        for row, cells in enumerate(zip(*columns, strict=True), first + 1):
            yield [str(row), *cells]


def measured(people: int, questions: int) -> tuple[Run, Run, Run]:
    """Reading the export, building the report, and building it after an edit of its prose."""
    tool = [sys.executable, "-m", "surveybook"]
    with tempfile.TemporaryDirectory(prefix="size-") as folder:
        export, environment = Path(folder, "export.csv"), {"PYTHONPATH": str(TOOL)}
        with open(export, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows(people, questions))
        made = run([*tool, "new", "report", "--from", str(export)], Path(folder), environment)
        report = Path(folder, "report")
        built = run([*tool, "build"], report, environment)
        front = report / "index.qmd"
        front.write_text(front.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
        return made, built, run([*tool, "build"], report, environment)


def report(say: Callable[[str], None], sizes: tuple[tuple[int, int], ...] = SIZES) -> None:
    """Say the table, and where a target is missed."""
    say(f"{machine()}, load {load()} at the start")
    found = {size: measured(*size) for size in sizes}
    say(table(("people x questions", "CPU s, reading", "CPU s, building", "s, building", "MB, building",
               "CPU s, prose"), [
        (f"{people:,} x {questions}", f"{made.work:.1f}", f"{built.work:.1f}", f"{built.seconds:.1f}",
         f"{built.memory / 1e6:.0f}", f"{again.work:.1f}")
        for (people, questions), (made, built, again) in found.items()
    ]))
    for size, (_, built, _) in found.items():
        seconds, memory = TARGETS.get(size, (np.inf, np.inf))
        if built.seconds > seconds or built.memory / 1e6 > memory:
            say(f"missed: {size[0]:,} x {size[1]} (target {seconds} s and {memory} MB)")
