"""What do the cells of a spreadsheet say?  Those of its first sheet that holds answers, as text."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from surveybook.survey.errors import DataError

HOW = "python -m pip install 'surveybook[intake]'"


def read_workbook(path: Path) -> tuple[list[list[str]], dict]:
    """The rows of a workbook. Raises DataError without the library that reads it, and for one that is damaged."""
    sheets = read_sheets(path)
    full = {name: rows for name, rows in sheets.items() if sum(any(row) for row in rows) > 1}
    if not full:
        return [], {"notes": []}
    name = next(iter(full))
    notes = [] if len(full) == 1 else [f"the sheet “{name}” was read, and not {', '.join(list(full)[1:])}"]
    return full[name], {"notes": notes}


def read_sheets(path: Path) -> dict[str, list[list[str]]]:
    """The rows of each sheet by its name. Raises DataError as read_workbook does."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        raise DataError(
            f"{path}: reading spreadsheets needs one more package; install it with `{HOW}`, or save the file as CSV"
        ) from None
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(
            f"{path}: cannot be opened as a spreadsheet ({error}); save it once more, without a password, or as CSV"
        ) from None
    return {name: [[written(cell) for cell in row] for row in rows] for name, rows in sheets.items()}


def written(cell: Any) -> str:
    """A value of a spreadsheet as one would type it."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    return "" if cell is None else str(cell)
