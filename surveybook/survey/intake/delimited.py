"""Which letters and which separators does a text file have?  Found out, and said."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TextIO

from charset_normalizer import from_bytes

from surveybook.survey.errors import DataError

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "blanks"}
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Encodings without a mark that exports have, so that a guess among all the world's encodings is not needed
LIKELY = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "mac_roman", "shift_jis", "gb18030", "big5", "euc_kr"]
ROW = "Row id"  # the heading of the names of rows
SAMPLE, LONGEST, LINE = 200, 1_000_000, 10_000_000  # rows that tell the separator; letters of one cell, and of a line
AT_ONCE = 1 << 20  # letters
CONTROLS = bytes({*range(32)} - {*b"\t\n\v\f\r\x1a\x1b"})  # which no encoding of text has many of

Lines = Callable[[], Iterator[str]]  # all of a file, from the first one on


def read_delimited(path: Path) -> tuple[Iterator[list[str]], dict]:
    """The rows of a text file with separators, and notes about its letters. Raises DataError for a damaged one, also
    while they are read."""
    lines, notes = _decoded(path)
    first = next(lines(), "").rstrip("\n")
    skipped = first.startswith("sep=") and len(first) == 5  # as Excel writes it for itself
    separator = first[4] if skipped else _separator(lines)
    csv.field_size_limit(LONGEST)
    head = [cell.strip() for cell in next(islice(lines(), skipped, None), "").rstrip("\n").split(separator)]
    quote = "'" if all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in head) else '"'
    named = all(head) and _row_names(lines, skipped, separator, quote, len(head))
    if named:
        notes.append("the rows have one cell more than the header, the first, which is taken for the names of rows")
    if separator != ",":
        notes.append(f"cells are divided by {SEPARATORS.get(separator, separator)}")

    def rows() -> Iterator[list[str]]:
        found = csv.reader(islice(lines(), skipped, None), delimiter=separator, quotechar=quote, strict=True)
        whole = 0  # the line with which the last row ended
        try:
            if named:
                yield [ROW, *next(found)]
            for row in found:
                whole = found.line_num
                yield row
        except csv.Error as error:
            raise DataError(
                f"{path}: row {whole + skipped + 1}: a quote that opens there does not close ({error}); double the "
                "quotes inside of answers, or export the file once more"
            ) from None

    return rows(), {"notes": notes}


def _row_names(lines: Lines, skipped: bool, separator: str, quote: str, width: int) -> bool:
    """Whether each row begins with a name for which the header has no cell, as write.table of R has it; a separator at
    the end of each row is none."""
    try:
        first = islice(csv.reader(islice(lines(), skipped + 1, None), delimiter=separator, quotechar=quote), SAMPLE)
        found = [row for row in first if row]
    except csv.Error:
        return False
    return bool(found) and width > 1 and all(len(row) == width + 1 for row in found) and all(
        row[0] for row in found) and any(row[-1] for row in found)


def _decoded(path: Path) -> tuple[Lines, list[str]]:
    """The lines of a file as text, as often as they are asked for, and what it is written in where that is not UTF-8.
    """
    with open(path, "rb") as file:
        head = file.read(2000)
    for mark, name in MARKS.items():
        if head.startswith(mark):
            try:
                return _lines(partial(open, path, encoding=name), path), [] if name == "utf-8-sig" else [
                    "written in UTF-16"]
            except UnicodeDecodeError:
                raise DataError(
                    f"{path}: begins as {name} and goes on as something else; export it once more"
                ) from None
    if head[1::2].count(0) > len(head) // 3 or head[::2].count(0) > len(head) // 3:
        name = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        return _lines(partial(open, path, encoding=name, errors="replace"), path), ["written in UTF-16"]
    try:
        return _lines(partial(open, path, encoding="utf-8"), path), []
    except UnicodeDecodeError:
        return _guessed(path)


def _lines(opened: Callable[[], TextIO], path: Path) -> Lines:
    """The lines of a text, all of which end in the same way; read once before, so that UnicodeDecodeError is raised
    where it is written otherwise, and DataError for what no text holds, and for a line that no memory need hold."""

    def lines() -> Iterator[str]:
        with opened() as file:
            yield from file

    with opened() as file:
        line, long = 1, 0  # the line that is read, and its letters up to here
        while piece := file.read(AT_ONCE):
            before, nul, _ = piece.partition("\0")
            line += before.count("\n")
            if nul:
                raise DataError(
                    f"{path}: row {line}: holds a NUL byte, which no text has; the file is damaged, or is no text: "
                    "export it once more"
                )
            long = len(piece) - piece.rfind("\n") - 1 + (long if "\n" not in piece else 0)
            if long > LINE:
                raise DataError(
                    f"{path}: row {line}: is longer than {LINE:,} letters, which no answers are; shorten it, or "
                    "export the file once more, with an end of line after each respondent"
                )
    return lines


def _guessed(path: Path) -> tuple[Lines, list[str]]:
    """The lines of a file that is not UTF-8, or not all of it."""
    with open(path, "rb") as file:
        head = file.read(AT_ONCE)
    if len(head.translate(None, CONTROLS)) < 0.98 * len(head):
        raise DataError(f"{path}: is no text; export the answers once more, as CSV or as a spreadsheet")
    kept = partial(open, path, encoding="utf-8", errors="surrogateescape")
    lines, right, telling, wrong, many, size = _lines(kept, path), 0, [], [], 0, 0
    for number, line in enumerate(lines(), 1):
        if line.isascii():
            continue
        if not _is_broken(line):
            right += 1
            continue
        many += 1
        if size < AT_ONCE:
            telling.append(line.encode("utf-8", "surrogateescape"))
            wrong.append(number)
            size += len(line)
    if right >= many:  # most lines with other letters are UTF-8: two files were put together
        rows = ", ".join(map(str, wrong[:5])) + (" and others" if many > 5 else "")
        return lambda: map(_as_windows, lines()), [
            f"two encodings are mixed: line {rows} is not UTF-8 and was read as Windows-1252; look at its letters"
        ]
    told = b"\n".join(telling[:2000])
    found = from_bytes(told, cp_isolation=LIKELY).best()
    name = found.encoding if found else "cp1252"
    if told.decode(name, "replace") == told.decode("cp1252", "replace"):
        name = "cp1252"
    return _lines(partial(open, path, encoding=name, errors="replace"), path), [
        f"not UTF-8, and read as {name}; look at letters with accents"
    ]


def _is_broken(line: str) -> bool:
    """Whether bytes of a line are not UTF-8, which then stand in it as letters that no text has."""
    try:
        line.encode()
    except UnicodeEncodeError:
        return True
    return False


def _as_windows(line: str) -> str:
    """The line as it is in Windows-1252, if it is not UTF-8."""
    broken = not line.isascii() and _is_broken(line)
    return line.encode("utf-8", "surrogateescape").decode("cp1252", "replace") if broken else line


def _separator(lines: Lines) -> str:
    """What divides the cells: that which gives most rows the same number of cells, and more than one, and the first row
    as many, where several do."""
    best, most = ",", (0.0, False, 0)
    for separator in SEPARATORS:
        widths: Counter[int] = Counter()
        first = 0
        try:
            for row in csv.reader(lines(), delimiter=separator):
                widths[len(row)] += bool(row)
                first = first or len(row)
                if widths.total() >= SAMPLE:
                    break
        except csv.Error:
            continue
        width, rows = widths.most_common(1)[0] if widths else (1, 0)
        fits = first == width or rows == widths.total() - 1 and first == width - 1 > 1  # the names of rows
        found = (round(rows / max(widths.total(), 1), 1), fits, width)
        if width > 1 and found > most and (separator != " " or not most[2] and fits):
            best, most = separator, found
    return best
