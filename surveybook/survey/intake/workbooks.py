"""What do the cells of a spreadsheet say?  Those of its first sheet that holds answers, as text."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial, reduce
from itertools import islice
from pathlib import Path
from typing import Any

from surveybook.survey.errors import DataError

HOW = "python -m pip install 'surveybook[intake]'"
LARGEST, MOST_CELLS = 2_000_000_000, 100_000_000  # bytes of a workbook that is unpacked; cells of a sheet
AT_ONCE = 1 << 20  # bytes
DIMENSION = re.compile(rb'<dimension ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')  # as most programs write it
CELL = re.compile(rb'<c (?:[^>]* )?r="([A-Z]+)(\d+)"[^>]*[^/>]>')  # one with text

Sheets = dict[str, Callable[[], Iterator[list[str]]]]  # the rows of each sheet by its name, as often as they are wanted


def read_workbook(path: Path) -> tuple[Iterable[list[str]], dict]:
    """The rows of a workbook, and as `beside` those of its other sheets. Raises DataError without the library that
    reads it, and for one that is damaged or too large."""
    sheets = read_sheets(path)
    full = [name for name, rows in sheets.items() if len(list(islice(filter(any, rows()), 2))) > 1]
    if not full:
        return [], {"notes": []}
    name = full[0]
    notes = [] if len(full) == 1 else [f"the sheet “{name}” was read, and not {', '.join(full[1:])}"]
    return sheets.pop(name)(), {"notes": notes, "beside": sheets}


def read_sheets(path: Path) -> Sheets:
    """The rows of each sheet by its name, as often as they are asked for. Raises DataError as read_workbook does."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise DataError(
            f"{path}: reading spreadsheets needs one more package; install it with `{HOW}`, or save the file as CSV"
        ) from None
    # what is no archive, or none that can be unpacked, is refused below in the words of who reads it
    with suppress(zipfile.BadZipFile, OSError, NotImplementedError), zipfile.ZipFile(path) as archive:
        _check_size(archive, path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        return {name: partial(_rows, book.get_sheet_by_name(name)) for name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(
            f"{path}: cannot be opened as a spreadsheet ({str(error)[:100]}); save it once more, without a password "
            "and without what stands far from the answers, or as CSV"
        ) from None


def _rows(sheet: Any) -> Iterator[list[str]]:
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield left + [written(cell) for cell in row]


def _check_size(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse a workbook that no memory holds: what is read of a sheet is a table up to its last cell with text."""
    if (size := sum(one.file_size for one in archive.infolist())) > LARGEST:
        raise DataError(
            f"{path}: unpacks to {size / 1e9:.1f} GB, more than the {LARGEST / 1e9:.0f} GB that a workbook of answers "
            "has here; delete the empty rows, columns and sheets, or save the answers as CSV"
        )
    for name in archive.namelist():
        if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            continue
        with archive.open(name) as sheet:
            text = sheet.read(AT_ONCE)
            if (said := DIMENSION.search(text)) and _cells(*map(int, said.group(2, 4)), said[1], said[3]) <= MOST_CELLS:
                continue
            row, column = 0, b""
            while text:
                for letters, number in CELL.findall(text):
                    row, column = max(row, int(number)), max(column, letters, key=lambda one: (len(one), one))
                text = text[max(text.rfind(b"<"), 0) :] if text.rfind(b"<") > text.rfind(b">") else b""
                more = sheet.read(AT_ONCE)
                text = text + more if more else b""
        if _cells(1, row, b"A", column) > MOST_CELLS:
            raise DataError(
                f"{path}: a sheet has text in row {row:,} and in column {column.decode()}, so that it is a table of "
                f"more than {MOST_CELLS:,} cells; delete what stands far from the answers, or save these as CSV"
            )


def _cells(first: int, last: int, left: bytes, right: bytes) -> int:
    """How many cells a part of a sheet has, between two rows and two columns."""
    places = [reduce(lambda place, letter: place * 26 + letter - 64, letters, 0) for letters in (left, right)]
    return (last - first + 1) * (places[1] - places[0] + 1)


def written(cell: Any) -> str:
    """A value of a spreadsheet as one would type it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    return "" if cell is None else str(cell)
