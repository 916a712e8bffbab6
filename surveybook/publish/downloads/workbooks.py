"""What of a study opens in a spreadsheet by a double click?  Its tables as sheets of one workbook, `data/NAME.xlsx`.

The first sheet says what the study is, the second explains every column; then each table that is given away, row by row
as in its CSV. Numbers are numbers, and all else is text, so that a spreadsheet computes none of it.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from surveybook.folders import Content
from surveybook.publish.site.encoding import OLDEST, zip_files
from surveybook.publish.site.rows import read_rows
from surveybook.publish.site.study import MARK, Study

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MOST = 500_000  # cells of a sheet: what takes a spreadsheet seconds to open is better read from the CSV
WIDEST, LONGEST = 16_384, 32_767  # columns of a sheet, and characters of a cell; its 1,048,576 rows are more than MOST
NAMED = 31  # letters that the name of a sheet has at most
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")  # in the name of a sheet
NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?([eE][+-]?\d{1,2})?")  # that a spreadsheet holds as it is
NUMERIC = ("integer", "number", "year")  # types of fields
COLOR = "#8a1c6b"  # of the sheets of simulated data
EXPLAINED = ("Table", "Column", "Title", "What it holds", "Type", "Value", "Meaning")


def workbook(study: Study, files: Mapping[str, Content], told: Sequence[str], day: date) -> bytes:
    """The tables of a study, of the `files` that are given away, as XLSX: the same bytes wherever it is made.

    `told`: the lines of the first sheet. A table of more than half a million cells, or with more than a sheet holds, is
    named there and left out; no more of it is read than tells so.
    """
    import xlsxwriter  # what is in the store is not made again

    content = io.BytesIO()
    tables = [one for one in study.descriptor["resources"]
              if posixpath.normpath(one["path"]) in files and one["path"].endswith(".csv")]
    read = {one["name"]: _rows(files[posixpath.normpath(one["path"])]) for one in tables}
    held = [one for one in tables if read[one["name"]]]
    left = [f"The table “{one['title']}” is too large for a sheet; it is in {one['path']}."
            for one in tables if one not in held]
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"title": study.title, "created": datetime(day.year, day.month, day.day)})
        styles = {"head": book.add_format({"bold": True, "bottom": 1}), "text": book.add_format({"text_wrap": True}),
                  "title": book.add_format({"bold": True, "font_size": 14})}
        names: set[str] = set()

        def sheet(name: str) -> Worksheet:
            added = book.add_worksheet(_named(name, names))
            if study.simulated:
                added.set_tab_color(COLOR)
            return added

        about = sheet("About")
        about.set_column(0, 0, 100, styles["text"])
        for row, line in enumerate([study.title, *told, *left]):
            about.write_string(row, 0, line, styles["title" if not row else "text"])
        _fill(sheet("Codebook"), [EXPLAINED, *_explained(held)], [False] * len(EXPLAINED), styles["head"])
        for one in held:
            fields = {field["name"]: field.get("type") in NUMERIC for field in one["schema"]["fields"]}
            rows = read[one["name"]]
            mark = f" ({MARK})" if study.simulated else ""
            _fill(sheet(one["name"] + mark), rows, [fields.get(name, False) for name in rows[0]], styles["head"])
    with zipfile.ZipFile(content) as made:  # compressed, and so not the same everywhere
        return zip_files({name: Content.of(made.read(name)) for name in made.namelist()}, OLDEST).read()


def _fill(sheet: Worksheet, rows: Sequence[Sequence[str]], numeric: Sequence[bool], head: Any) -> None:
    """Rows, of which the first holds the names of the columns; what is a number in a `numeric` column becomes one."""
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if row and column < len(numeric) and numeric[column] and NUMBER.fullmatch(cell):
                sheet.write_number(row, column, float(cell))
            elif cell:
                sheet.write_string(row, column, cell, head if not row else None)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows) - 1, 1), max(len(rows[0]) - 1, 0))
    for column, name in enumerate(rows[0]):
        longest = max([len(name) + 3, *(len(cells[column]) for cells in rows[1:200] if column < len(cells))])
        sheet.set_column(column, column, min(longest + 1, 60))


def _explained(tables: Iterable[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """Every column of the tables, and below it what its values mean."""
    found = []
    for one in tables:
        for field in one["schema"]["fields"]:
            said = [str(field.get(key, "")) for key in ("name", "title", "description", "type")]
            found.append((one["name"], *(" ".join(part.split()) for part in said), "", ""))
            found += [(one["name"], said[0], "", "", "", *_meaning(value)) for value in field.get("categories", ())]
    return found


def _meaning(category: Mapping[str, Any] | str) -> tuple[str, str]:
    """A value, and its label."""
    if isinstance(category, str):
        return category, ""
    return str(category.get("value", "")), str(category.get("label", ""))


def _rows(content: Content) -> list[list[str]]:
    """All rows of a table; none of one that no sheet can hold."""
    rows, cells = [], 0
    for row in read_rows(content.open()):
        cells += max(len(row), 1)
        if cells > MOST or len(row) > WIDEST or max(map(len, row), default=0) > LONGEST:
            return []
        rows.append(row)
    return rows or [[]]


def _named(name: str, names: set[str]) -> str:
    """The name of a sheet: short, without what is forbidden in it, and no other one's."""
    plain = FORBIDDEN.sub(" ", name)[:NAMED].strip() or "Table"
    found, number = plain, 2
    while found.casefold() in names:
        found, number = f"{plain[:NAMED - 4]} {number}", number + 1
    names.add(found.casefold())
    return found
