"""How long does a report of one's own take, by the number of people and of questions?  From spreadsheet to site.

A made-up export is read by `surveybook new --from`, and the report is built by `surveybook build` as it stands; then
once more from nothing but what was kept, after a word of prose. Memory is the most that all processes held at once.

Of more people than an export is made of here, the questions are found in an export of a thousand of them; the
responses of all are then written as Parquet, in the place of that file, and sealed: that is what “reading” is then.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import yaml

from benchmarks.measure import Run, load, machine, run
from benchmarks.table import table

TOOL = Path(__file__).resolve().parents[1]
SIZES = ((1_000, 60), (10_000, 60), (100_000, 60), (1_000, 200), (10_000, 200), (100_000, 200), (1_000_000, 200))
EXPORTED = (100_000, 200)  # people and questions of the largest export
FEW = 1_000  # people of the export in which the questions of more are found
SCALE = ("Never", "Rarely", "Sometimes", "Often", "Always")
# People and questions -> seconds by the clock, and MB, of a build
TARGETS = {(100_000, 60): (30, 1_000), (1_000_000, 200): (180, 4_000)}
AT_ONCE = 10_000  # rows that are made


def rows(people: int, questions: int) -> Iterator[list[str]]:
    """A header, and the answers of so many people: every fourth question is a yes or no, the others a scale; three in
    a hundred answers are missing."""
    yield ["respondent", *(f"Do you own thing {number}?" if number % 4 == 0 else
                           f"How often do you use this in room {number // 10 + 1}? [thing {number}]"
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
    """Reading the answers, building the report, and building it after an edit of its prose."""
    tool, few = [sys.executable, "-m", "surveybook"], people if (people, questions) <= EXPORTED else FEW
    with tempfile.TemporaryDirectory(prefix="size-") as folder:
        export, environment = Path(folder, "export.csv"), {"PYTHONPATH": str(TOOL)}
        with open(export, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows(few, questions))
        made = run([*tool, "new", "report", "--from", str(export)], Path(folder), environment)
        report = Path(folder, "report")
        add_hypothesis(report / "data" / "export" / "hypotheses.yaml")
        if few < people:
            write_responses(report / "data" / "export", people)
            made = run([*tool, "seal", "export"], report, environment)
        built = run([*tool, "build"], report, environment)
        front = report / "index.qmd"
        front.write_text(front.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
        return made, built, run([*tool, "build"], report, environment)


def add_hypothesis(path: Path) -> None:
    """A second hypothesis beside the example: on two questions with answers on a scale."""
    text = path.read_text(encoding="utf-8")
    path.write_text(f"""{text.rstrip()}
  - id: second
    family: export-example
    claim: "Whoever uses the first thing often uses the second one often."
    predictor: thing_1
    outcome: thing_2
    direction: positive
    origin: Made up, to have two of them in the report.
""", encoding="utf-8")


def write_responses(study: Path, people: int) -> None:
    """Responses of so many people to the questions of a study, drawn alike, as Parquet in the place of the CSV file."""
    import duckdb

    path = study / "datapackage.yaml"
    text = path.read_text(encoding="utf-8").replace("path: responses.csv", "path: responses.parquet")
    path.write_text(text.replace("format: csv", "format: parquet").replace("mediatype: text/csv", ""), encoding="utf-8")
    (study / "responses.csv").unlink()
    columns = []
    fields = yaml.safe_load(text)["resources"][0]["schema"]["fields"]
    for number, field in enumerate(one for one in fields if "categories" in one):
        answers = ", ".join(f"'{one['value']}'" for one in field["categories"])
        given = f"[{answers}][1 + (hash(i * 1009 + {number}) % {len(field['categories'])})::INT]"
        missing = f"hash(i * 211 + {number}) % 100 < 3"
        columns.append(f"CASE WHEN {missing} THEN 'skipped' ELSE {given} END AS {field['name']}")
    with duckdb.connect(config={"memory_limit": "1GB"}) as engine:
        engine.execute(f"COPY (SELECT 'respondent-' || lpad(i::VARCHAR, 7, '0') AS respondent, {', '.join(columns)} "
                       f"FROM range({people}) t(i)) TO '{study / 'responses.parquet'}'")


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
