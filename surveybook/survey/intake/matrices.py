"""Which columns are parts of one question, though their headings do not say so?  Told from names and cells."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from surveybook.survey.intake.exports import Column
from surveybook.survey.intake.options import NOT_CHOSEN, UNSEEN, rank_of, ranked
from surveybook.survey.intake.wordings import fold

IN_BRACKETS = re.compile(r"(.+[?？])\s*[(（:：]\s*([^()（）]+?)[)）]?")
NO_STEP = {-99, -9, -8, -7, -1, 7, 8, 9, 77, 88, 99}  # codes for no answer beside a short scale
NUMBERED = re.compile(r"(.+?)[_.]\d+")
ITEMS = 3  # columns that begin alike, at least, to be one question
BEGINNING, END = 4, 8  # words that they have in common at least, and of their own at most
ANSWERS = 11
TICKS = {"x", "✓", "✔", "☑", "✅", "checked", "selected", "ticked", "angekreuzt", "coché"}
UNWORDED = "Which of these: "  # how the name of a question begins whose words the file has not


def find_parts(columns: Sequence[Column]) -> list[Column]:
    """The columns in their order, with a question and an item where several belong together."""
    found: list[Column] = []
    columns = [part for column in columns for part in _ranks(_marked(column))]
    columns = [part for run in _ticks(_bracketed(columns)) for part in run]
    for name, run in groupby(columns, _prefix):
        part = list(run)
        options = [_option(column) for column in part]
        if name and len(part) > 1 and all(options):
            part = [replace(one, stem=name, item=word) for one, word in zip(part, options, strict=True)]
        found += part
    return [column for run in _runs(found) for column in _items(run)]


def _marked(column: Column) -> Column:
    """A column in which a tick stands or nothing, as one of yes and no."""
    ticked = {fold(cell) for cell in column.counts}
    if column.item or column.labels or len(column.counts) != 1 or not ticked <= TICKS or "" not in column.cells:
        return column
    return replace(column, cells=column.cells.map(lambda cell: "Yes" if cell else "No"), ticked=True)


def _ranks(column: Column) -> list[Column]:
    """A column whose cells bring the same things into an order, as one for each of them with the place that it got."""
    things = () if column.labels or column.item else ranked(column.counts)
    return [replace(column, heading=f"{column.heading} [{thing}]", item=thing, stem=f"{column.stem} (rank)",
                    cells=column.cells.map(lambda cell, thing=thing: rank_of(cell, thing) if cell else ""))
            for thing in things] or [column]


def _ticks(columns: Sequence[Column]) -> Iterator[list[Column]]:
    """Neighbors of which each holds its own heading or nothing: the options of a question whose words the file has not,
    as Typeform writes them."""
    for ticked, run in groupby(columns, lambda one: not one.item and {fold(cell) for cell in one.counts} == {
            fold(one.heading)}):
        part = list(run)
        if ticked and len(part) > 1:
            stem = f"{UNWORDED}{', '.join(one.heading for one in part)}"
            part = [replace(one, stem=stem, item=one.heading) for one in part]
        yield part


def _bracketed(columns: Sequence[Column]) -> list[Column]:
    """“Which of these? (Bus)”, “Which of these?: Bus”: the same question with another option at the end, in several
    neighbors that have the same few answers."""
    pairs = [IN_BRACKETS.fullmatch(one.stem) if not one.item else None for one in columns]
    found = list(columns)
    for stem, run in groupby(range(len(columns)), lambda place: pairs[place][1] if pairs[place] else ""):
        places = list(run)
        if stem and len(places) > 1 and len({frozenset(columns[place].counts) for place in places}) == 1 and len(
                columns[places[0]].counts) <= ANSWERS:
            for place in places:
                found[place] = replace(columns[place], stem=stem.strip(), item=pairs[place][2].strip())
    return found


def _prefix(column: Column) -> str:
    """“q4” of “q4_0001”."""
    named = NUMBERED.fullmatch(column.heading)
    return named[1] if named and not column.item else ""


def steps_beside(columns: Sequence[Column]) -> set[str]:
    """The headings of neighbors “q4_1”, “q4_2” and so on that have the same few numbers, which follow each other from 0
    or 1: steps of one scale, and no counts."""
    found: set[str] = set()
    for name, run in groupby(columns, _prefix):
        part = list(run)
        cells = {cell for one in part for cell in one.counts}
        if not name or len(part) < ITEMS or any(one.labels for one in part) or not all(
                re.fullmatch(r"-?\d{1,2}(\.0)?", cell) for cell in cells):
            continue
        steps = sorted({float(cell) for cell in cells} - NO_STEP)
        if len(steps) in range(3, 8) and steps[0] in (0, 1) and steps[-1] - steps[0] == len(steps) - 1:
            found |= {one.heading for one in part}
    return found


def _option(column: Column) -> str:
    """The one word that stands in a column beside “not selected”; nothing for any other column."""
    told = {one for one in column.counts if fold(one) not in UNSEEN}
    chosen = [one for one in told if fold(one) not in NOT_CHOSEN]
    return chosen[0] if len(chosen) == 1 and len(told) > 1 and not chosen[0].isdigit() and fold(chosen[0]) not in (
        "yes", "ja", "oui", "true") else ""


def _runs(columns: Sequence[Column]) -> Iterator[list[Column]]:
    """Neighbours that have the same answers and begin with the same words."""
    run: list[Column] = []
    for column in columns:
        if run and not _alike(run, column):
            yield run
            run = []
        run.append(column)
    if run:
        yield run


def _alike(run: Sequence[Column], column: Column) -> bool:
    if column.item or run[-1].item:
        return False
    one, other = set(run[0].counts), set(column.counts)
    return (2 <= len(one | other) <= ANSWERS and len(one & other) * 2 >= len(one | other)
            and len(_beginning([*run, column]).split()) >= BEGINNING)


def _beginning(columns: Sequence[Column]) -> str:
    """The whole words with which all of them begin."""
    common = os.path.commonprefix([column.stem for column in columns])
    return common[: common.rfind(" ") + 1]


def _items(run: list[Column]) -> list[Column]:
    """The columns as items of one question, if there are enough, and each says in a few words what it is about."""
    start = _beginning(run) if len(run) >= ITEMS else ""
    items = [column.stem[len(start):].strip(" :.?!") for column in run]
    if not start or len(set(items)) < len(items) or not all(1 <= len(one.split()) <= END for one in items):
        return run
    return [replace(column, stem=f"{start.strip()} …", item=item) for column, item in zip(run, items, strict=True)]
