"""Which rows of an export name its columns, which are answers, and which tool wrote it?"""

from __future__ import annotations

import math
import os.path
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from surveybook.survey.errors import DataError
from surveybook.survey.intake.cells import Cells
from surveybook.survey.intake.sheet import Sheet
from surveybook.survey.intake.tools import RECORDS, name_tool
from surveybook.survey.intake.wordings import clean, stem_and_item

MANY = 30  # rows from which on a column of different cells is one of keys
HEAD = 200  # rows among which an answer would stand again
KEYS = 0.9  # of all rows, at least, that have different keys
LEAST = 5  # respondents: of fewer nothing could be told
ALONE = ("response", "open-ended response", "antwort", "réponse", "respuesta")  # SurveyMonkey, below a single question
TOTALS = (
    "total",
    "totals",
    "grand total",
    "sum",
    "sums",
    "summe",
    "gesamt",
    "mean",
    "average",
    "count",
    "n",
    "totale",
    "suma",
    "somme",
)


@dataclass(frozen=True)
class Column:
    """A column of an export: its heading as the file has it, the question in words, the part of it that the column is
    about, the cells (cleaned), the words of its codes where they are known, whether these are in an order, and whether
    yes and no stand for a tick and nothing."""

    heading: str
    stem: str
    item: str
    cells: Cells
    labels: Mapping[str, str] = field(default_factory=dict)
    ordered: bool = False
    ticked: bool = False

    @property
    def wording(self) -> str:
        return f"{self.stem} [{self.item}]" if self.item else self.stem

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each cell with text occurs."""
        return Counter({cell: number for cell, number in self.cells.counts.items() if cell})


@dataclass(frozen=True)
class Export:
    """An export: the tool that wrote it, if that can be told, its columns with text, and what was found, in words."""

    tool: str
    columns: list[Column]
    notes: list[str]

    @property
    def respondents(self) -> int:
        return len(self.columns[0].cells)


def read_export(sheet: Sheet, path: Path) -> Export:
    """The columns of a sheet. Raises DataError, one sentence, for one without respondents, or with too few."""
    notes, title = list(sheet.notes), _titles(sheet.head)
    rows = sheet.head[title:]
    if title:
        told = "row is a title" if title == 1 else f"{title} rows are titles"
        notes.append(f"the first {told} (“{clean(''.join(sheet.head[0]))[:60]}”) and {'was' if title == 1 else 'were'} "
                     "left out")
    if sheet.numbers[0] > 1 and not title:
        notes.append(f"there is no text above row {sheet.numbers[0]}, which is taken for the headings; look whether it "
                     "is")
    tool = name_tool(rows)
    headings, stems, items, first = _headings(rows, tool)
    body = np.arange(title + first, len(sheet.numbers))
    below = [column.map(clean).take(body) for column in sheet.columns]
    while len(body) > LEAST and (why := _total(below) or _footnote(below)):
        notes.append(f"row {sheet.numbers[body[-1]]} at the end is no respondent ({why}) and was left out")
        body, below = body[:-1], [column[:-1] for column in below]
    if tool == "Qualtrics" and (trials := _previews(below, headings)).any():
        notes.append(f"{trials.sum()} rows are previews of the survey by its author and were left out")
        body, below = body[~trials], [column.take(~trials) for column in below]
    if len(body) < LEAST:
        told = {0: "there is no respondent", 1: "there is one respondent"}.get(
            len(body), f"there are {len(body)} respondents"
        )
        raise DataError(
            f"{path}: {told} below the header; nothing could be shown of fewer than {LEAST}: export all answers"
        )
    columns = _columns(headings, stems, items, below, sheet, notes)
    if len(headings) > 2 and first == 1 and all(
            cell in column.counts and not re.fullmatch(r"[\d.,]+", cell) or re.fullmatch(r"[\d.,]+", cell)
            for cell, column in zip(headings, below, strict=True)):
        notes.append("the row that is taken for the headings holds what stands below it as well; if it is that of a "
                     "respondent, put a row of headings above it")
    if again := _repeated(below):
        notes.append(again)
    if sum(heading not in RECORDS.get(tool, ()) for heading in (one.heading for one in columns)) < 1 or not columns:
        raise DataError(f"{path}: no column holds answers; export a column for each question")
    return Export(tool, columns, notes)


def _headings(rows: list[list[str]], tool: str) -> tuple[list[str], list[str], list[str], int]:
    """The heading of each column, its question and its part, and how many rows that took."""
    width = len(rows[0])
    top = [clean(cell) for cell in rows[0]]
    if tool == "Qualtrics" and len(rows) > 2:
        three = any("ImportId" in cell for cell in rows[2])
        if three or "responseset" in {one.casefold() for one in top}:
            stems, items = _qualtrics(top, [clean(cell) for cell in rows[1]])
            return top, stems, items, 3 if three else 2
    if tool == "SoSci Survey" and len(rows) > 1 and not any(cell.strip().isdigit() for cell in rows[1]):
        below = [clean(cell) for cell in rows[1]]
        pairs = [_divided(words or name, name) for name, words in zip(top, below, strict=True)]
        return top, [stem for stem, _ in pairs], [item for _, item in pairs], 2
    if len(rows) > 1 and _two_rows(rows):
        below, stems, items, last = [clean(cell) for cell in rows[1]], [], [], ""
        for place in range(width):
            last = top[place] or last or below[place]
            alone = below[place].casefold() in ALONE or below[place] == last
            stems.append(last)
            items.append("" if alone else below[place])
        headings = [f"{stem} [{item}]" if item else stem for stem, item in zip(stems, items, strict=True)]
        return headings, stems, items, 2
    if tool == "KoboToolbox":
        pairs = [_slashed(name, top) for name in top]
    elif tool == "LimeSurvey":
        pairs = [stem_and_item(re.sub(r"^\w+(\[\w+\])*\.\s+", "", name)) for name in top]
    elif tool == "Microsoft Forms":
        pairs = _dotted(top)
    elif tool == "REDCap":
        pairs = [_choice(name) for name in top]
    else:
        pairs = [stem_and_item(name) for name in top]
    return top, [stem for stem, _ in pairs], [item for _, item in pairs], 1


def _two_rows(rows: list[list[str]]) -> bool:
    """Whether the second row belongs to the headings: it has words where the first has none, or says “Response”."""
    top, below = ([clean(cell) for cell in row] for row in rows[:2])
    if any(cell.casefold() in ALONE for cell in below) and len(rows) > 2:
        return True
    rest = [{clean(cell) for cell in column} for column in zip(*rows[2:HEAD], strict=True)]
    empty = [place for place, cell in enumerate(top) if not cell]
    if not empty or any(not below[place] for place in empty) or any(below[place].isdigit() for place in empty):
        return False
    if all(below):  # headings of groups above those of columns: no answer stands twice, and few are different
        few = [len(cells) <= max(2, (len(rows) - 2) // 2) for cells in rest]
        return len(rows) > 2 + LEAST and top[0] != "" and sum(few) > len(few) / 2 and not any(
            cell in cells or re.fullmatch(r"[\d.,]+", cell) for cell, cells in zip(below, rest, strict=True))
    # in the rows of respondents these words are an answer of this column alone (an option), or stand nowhere
    return all(cells - {""} <= {below[place]} or below[place] not in cells
               for place, cells in enumerate(rest) if place in empty)


def _qualtrics(names: list[str], wordings: list[str]) -> tuple[list[str], list[str]]:
    """Columns of one question have one name and numbers; what their wordings begin with is the question."""
    groups: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        if (found := re.fullmatch(r"(.+?)_\d+", name)) and " - " in wordings[place]:
            groups.setdefault(found[1], []).append(place)
    stems, items = map(
        list, zip(*(stem_and_item(words or name) for name, words in zip(names, wordings, strict=True)), strict=True)
    )
    for places in groups.values():
        common = os.path.commonprefix([wordings[place] for place in places])
        if len(places) == 1:
            common = common.rpartition(" - ")[0] + " - "
        stem, divider, _ = common.rpartition(" - ")
        if divider:
            for place in places:
                stems[place] = stem.removesuffix(" - Selected Choice")
                items[place] = wordings[place][len(stem) + 3 :].strip()
    return stems, items


def _divided(words: str, name: str) -> tuple[str, str]:
    """“Question: Item”, of a column whose name has a number for the item (SoSci Survey)."""
    stem, divider, item = words.partition(": ")
    return (stem, item) if divider and re.search(r"_\d+$", name) else (words, "")


def _slashed(name: str, names: list[str]) -> tuple[str, str]:
    """“group/question/option” of KoboToolbox: the question, and the option if the question has a column as well."""
    above, divider, last = name.rpartition("/")
    if divider and above in names:
        return above.rpartition("/")[2], last
    return (last if divider and " " not in name.partition("/")[0] else name), ""


def _choice(name: str) -> tuple[str, str]:
    """“symptoms___1”, “Which symptoms? (choice=Fever)” of REDCap: the question and the option."""
    found = re.fullmatch(r"(.+?)(?:___(\w+)|\s*\(choice=(.+)\))", name)
    return (found[1], found[2] or found[3]) if found else stem_and_item(name)


def _dotted(names: list[str]) -> list[tuple[str, str]]:
    """“Question.Row” of Microsoft Forms: the question of a table and its row, where several columns begin alike."""
    stems = Counter(name.rpartition(".")[0] for name in names)
    pairs = [(name.rpartition(".")[0], name.rpartition(".")[2]) for name in names]
    return [(stem, item.strip()) if stem and stems[stem] > 1 and item.strip() else stem_and_item(name)
            for name, (stem, item) in zip(names, pairs, strict=True)]


def _total(columns: list[Cells]) -> str:
    """Why the last row is no respondent: it says that it is a total, or its numbers are sums; nothing if it is one."""
    last = [column[-1] for column in columns]
    first = next((cell for cell in last if cell), "")
    if first.casefold().rstrip(":=. ") in TOTALS and columns[last.index(first)].counts[first] == 1:
        return f"it begins with “{first}”"
    sums = 0
    for cell, column in zip(last, columns, strict=True):
        above = column.counts - Counter([cell])
        numbers = [(float(one), count) for one, count in above.items() if re.fullmatch(r"-?\d+(\.\d+)?", one)]
        if cell and not (re.fullmatch(r"-?\d+(\.\d+)?", cell) and sum(count for _, count in numbers) > 2):
            return ""
        sums += bool(cell) and abs(math.fsum(one * count for one, count in numbers) - float(cell)) < 1e-6
    return "its numbers are the sums of the others" if sums > 1 else ""


def _titles(rows: list[list[str]]) -> int:
    """How many rows at the top have one cell alone, above one that names columns."""
    found = 0
    while found < len(rows) - 2 and sum(map(bool, rows[found])) == 1:
        found += 1
    return found if sum(map(bool, rows[found])) > 2 else 0


def _footnote(columns: list[Cells]) -> str:
    """Why the last row is no respondent: words alone in the first column that stand nowhere else, where that column has
    few different ones; nothing if it is one."""
    last = [column[-1] for column in columns]
    first = columns[0]
    alone = bool(last[0]) and not any(last[1:]) and len(columns) > 2 and first.counts[last[0]] == 1
    few = len(first.words) - 1 <= len(first) // 2 or all(re.fullmatch(r"[\d.,]*", one) for one in first.words
                                                        if one != last[0])
    return f"it is a note, “{last[0][:60]}”" if alone and few and not re.fullmatch(r"[\d.,]+", last[0]) else ""


def _repeated(columns: list[Cells]) -> str:
    """Whether rows that have the same key repeat each other in every cell, as those of one respondent who was exported
    twice do; nothing where no column has a key for nearly every row."""
    total = len(columns[0])
    key = next((column for column in columns if KEYS * total < len(column.words) < total and "" not in column.words),
               None) if total > MANY else None
    if key is None:
        return ""
    rows = np.flatnonzero(np.isin(key.codes, np.flatnonzero(np.bincount(key.codes) > 1)))
    again = len(rows) - len(np.unique(np.stack([column.codes[rows] for column in columns]), axis=1).T)
    return "" if not again else (
        f"{again} {'row repeats another one' if again == 1 else 'rows repeat others'} in every cell, the key of a "
        "respondent among them; if somebody was exported twice, remove the second row")


def _previews(columns: list[Cells], headings: list[str]) -> np.ndarray:
    """Which rows are trials of the author."""
    told = [column.each(lambda cell: cell in ("Survey Preview", "preview"))
            for column, name in zip(columns, headings, strict=True) if name in ("Status", "DistributionChannel")]
    return np.any(told, axis=0) if told else np.zeros(len(columns[0]), bool)


def _columns(
    headings: list[str], stems: list[str], items: list[str], columns: list[Cells], sheet: Sheet, notes: list[str]
) -> list[Column]:
    """The columns that hold anything; headings that are empty or stand twice get a name, which is said."""
    seen: Counter[str] = Counter()
    found = []
    for place, (heading, stem, item, cells) in enumerate(zip(headings, stems, items, columns, strict=True)):
        if not heading:
            if not any(cells.words):
                continue
            heading = stem = f"Column {place + 1}"
            notes.append(f"column {place + 1} has no heading; it is called “{heading}” here")
        heading, stem = (
            re.sub(r"(?<=[?])[^\x00-\x7f]{1,3}$", "", words) for words in (heading, stem)
        )  # broken letters
        seen[heading] += 1
        if seen[heading] > 1:
            heading = f"{heading} ({seen[heading]})"
        raw_name = sheet.head[0][place]
        if wording := clean(sheet.wordings.get(raw_name, "")):
            stem, item = stem_and_item(wording)
        labels = {code: clean(label) for code, label in sheet.labels.get(raw_name, {}).items()}
        found.append(Column(heading, stem, item, cells, labels, raw_name in sheet.ordered))
    for heading, times in seen.items():
        if times > 1:
            last = f" to “{heading[:60]} ({times})”" if times > 2 else ""
            notes.append(f"the heading “{heading[:60]}” stands {times} times; after the first it is called "
                         f"“{heading[:60]} (2)”{last} here")
    return found
