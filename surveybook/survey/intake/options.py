"""Which answers allow several options?  In one cell with something between them, or in a column for each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from surveybook.survey.intake import languages
from surveybook.survey.intake.exports import Column
from surveybook.survey.intake.privacy import OPEN
from surveybook.survey.intake.wordings import alphabetic, bare, fold

# What stands between options: a comma alone where tools write no blank behind it, as options have commas with one
BETWEEN = tuple(map(re.compile, (";", r"\|", "\n", r",(?![\s\d])", ", ", ",")))
MOST = 40  # options of a question
AGAIN = 3  # people who gave a code, before it is taken for one
CHOSEN = {
    "1",
    "y",
    "yes",
    "x",
    "true",
    "checked",
    "selected",
    "quoted",
    "ja",
    "oui",
    "sí",
    "si",
    "genannt",
    "ausgewählt",
    "gewählt",
    "2",
} | languages.YES
NOT_CHOSEN = {
    "0",
    "n",
    "no",
    "false",
    "unchecked",
    "not selected",
    "not quoted",
    "nein",
    "non",
    "nicht genannt",
    "nicht gewählt",
    "nicht ausgewählt",
} | languages.NO
UNSEEN = {"n/a", "na", "-9", "-99"}


@dataclass(frozen=True)
class Divided:
    """What stands between options in a cell, the options from the most frequent one, and of each cell the options."""

    between: str
    options: tuple[str, ...]
    cells: dict[str, tuple[str, ...]]
    joined: tuple[str, ...] = ()


def divide(counts: Counter[str]) -> Divided | None:
    """The options in the cells of one column; None if each cell is a single answer."""
    for between in BETWEEN:
        name = between.pattern.lstrip("\\")[:1]
        if sum(name in one.strip(name) for one in counts) < 2:
            continue
        parts = {one: tuple(_split(between, one)) for one in counts}
        comma = name == ","
        parts, joined = _join(parts, counts, ", " if comma else f"{name} ")
        parts = {one: tuple(dict.fromkeys(found)) for one, found in parts.items()}
        times: Counter[str] = Counter()
        for one, found in parts.items():
            times.update(dict.fromkeys(found, counts[one]))
        several = sum(counts[one] for one, found in parts.items() if len(found) > 1)
        alone = {found[0] for found in parts.values() if len(found) == 1}
        often = [part for part, number in times.items() if number > 1]
        if not len(often) >= 2 or len(times) > max(MOST, len(often) * 3) or several < 0.05 * counts.total():
            continue
        if comma and len(set(parts.values())) <= len(times) and not set(often) <= alone:
            continue  # as many cells as parts: the comma belongs to the words of single answers
        spread = len(alone & set(often)) >= len(often) / 2 or len({found for found in parts.values()}) > len(times)
        longest = max(len(part.split()) for part in often)
        if comma and (not spread or longest > 12):
            continue
        if spread or not comma:
            return Divided(name, tuple(sorted(times, key=alphabetic)), parts, joined)
    return None


def ranked(counts: Counter[str]) -> tuple[str, ...]:
    """The things that everybody brought into an order, where each cell names all of them; nothing otherwise."""
    for between in BETWEEN[:3]:
        orders = {tuple(_split(between, one)) for one in counts}
        things = {frozenset(order) for order in orders}
        if len(things) == 1 and len(orders) > 1 and all(len(set(order)) == len(order) > 1 for order in orders):
            return tuple(sorted(things.pop()))
    return ()


def rank_of(cell: str, thing: str) -> str:
    """Which place a thing has in a cell that names all of them."""
    between = next((one for one in BETWEEN[:3] if one.search(cell)), BETWEEN[0])
    order = list(_split(between, cell))
    return str(order.index(thing) + 1) if thing in order else ""


def spaced_codes(counts: Counter[str]) -> dict[str, str]:
    """The codes in cells that hold several with blanks between them, as forms of XLSForm write them, each as its own
    word; nothing where a cell could be a sentence, as codes are few and given again and again."""
    times: Counter[str] = Counter()
    several = 0
    for one, number in counts.items():
        codes = one.split(" ")
        if len(set(codes)) < len(codes) or not all(re.fullmatch(r"[a-z0-9_.-]+", code) for code in codes):
            return {}
        times.update(dict.fromkeys(codes, number))
        several += number if len(codes) > 1 else 0
    if several < 0.05 * counts.total() or len(times) > MOST or min(times.values(), default=0) < AGAIN:
        return {}
    return {code: code for code, _ in times.most_common()}


def _split(between: re.Pattern[str], cell: str) -> Iterator[str]:
    """The parts of a cell; what stands in brackets is one."""
    part, start = "", 0
    for found in between.finditer(cell):
        part += cell[start : found.start()]
        if part.count("(") > part.count(")") and ")" in cell[found.end() :]:
            part += found[0]
        else:
            if part.strip():
                yield part.strip()
            part = ""
        start = found.end()
    if rest := (part + cell[start:]).strip():
        yield rest


def _join(
    parts: dict[str, tuple[str, ...]], counts: Counter[str], glue: str
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Parts that belong to the words of one option: those that only ever follow each other, and those that begin with
    a small letter where options begin with a large one."""
    joined: list[str] = []
    first = [found[0] for found in parts.values() if found]
    large = sum(not one[:1].islower() for one in first) > 0.9 * len(first)
    small = {part for found in parts.values() for part in found if large and part[:1].islower()} - set(first)
    for one, found in parts.items():
        merged: list[str] = []
        for part in found:
            if part in small and merged:
                merged[-1] += glue + part
                if merged[-1] not in joined:
                    joined.append(merged[-1])
            else:
                merged.append(part)
        parts[one] = tuple(merged)
    while True:
        alone: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        for one, found in parts.items():
            alone.update({part: counts[one] for part in found})
            pairs.update({pair: counts[one] for pair in zip(found, found[1:], strict=False)})
        tied = next(
            (
                pair
                for pair, number in pairs.items()
                if number > 2
                and number == alone[pair[0]] == alone[pair[1]]
                and (pair[1][:1].islower() or pair[1].startswith(("e.g", "etc")))
            ),
            None,
        )
        if tied is None:
            return parts, tuple(joined)
        whole = glue.join(tied)
        joined.append(whole)
        parts = {one: _merged(found, tied, whole) for one, found in parts.items()}


def _merged(found: tuple[str, ...], tied: tuple[str, str], whole: str) -> tuple[str, ...]:
    if tied[0] not in found:
        return found
    at = found.index(tied[0])
    return (*found[:at], whole, *found[at + 2 :])


def is_option(column: Column) -> bool:
    """Whether a column holds one option: chosen or not, and nothing else."""
    values = {fold(one) for one in column.counts} - UNSEEN
    if not values or not column.item:
        return False
    labels = {fold(label) for label in column.labels.values()}
    if labels and not labels <= CHOSEN | NOT_CHOSEN | {fold(column.item)}:
        return False
    return values - (NOT_CHOSEN - {"0"}) <= {fold(column.item)} or values <= CHOSEN | NOT_CHOSEN and not values <= {"2"}


def is_block(columns: Sequence[Column], tool: str) -> bool:
    """Whether the columns of one question are the options of it, and not each a question with an answer of its own.

    Yes and no beside each other are options for tools that export them so.
    """
    if len(columns) < 2 or not all(map(is_option, columns)):
        return False
    values = {fold(one) for column in columns for one in column.counts} - UNSEEN
    if "no" in values or "n" in values or "nein" in values:
        return tool in ("LimeSurvey", "KoboToolbox")
    if values <= {"1", "2"} and "2" in values:
        return tool == "SoSci Survey"
    return True


def is_written(column: Column, parts: Sequence[Column]) -> bool:
    """Whether a column of a question is what people wrote beside its options, one of them at least: not if most
    of its cells are those of other parts, as of an item such as “people help each other”."""
    others = {cell for one in parts if one is not column for cell in one.counts}
    return (bool(OPEN.search(bare(f"{column.heading} {column.item}"))) and bool(column.counts)
            and not is_option(column) and 2 * len(column.counts.keys() & others) < len(column.counts))


def repeats_options(column: Column, parts: Sequence[Column], tool: str) -> bool:
    """Whether a column says in each cell what the columns of its options say."""
    return bool(parts) and (tool == "KoboToolbox" or is_block(parts, tool) and all(
        any(fold(one.item) in fold(cell) for one in parts) for cell in column.counts))


def chosen(column: Column, cell: str) -> bool | None:
    """Whether a cell says that the option was chosen; None where it says nothing."""
    value = fold(cell)
    if not value or value in UNSEEN:
        return None
    if value == fold(column.item):
        return True
    values = {fold(one) for one in column.counts}
    if "2" in values and "0" not in values:  # SoSci Survey: 1 is not chosen, 2 is
        return value == "2"
    return value in CHOSEN


def exclusive(options: Sequence[str]) -> str | None:
    """The option that excludes all others, if there is one."""
    return next(
        (one for one in options if re.match(r"(none|nothing|no one|keine?s?|nichts|aucune?|ninguno)\b", fold(one))),
        None,
    )
