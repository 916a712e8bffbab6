"""What does a file of answers hold, as rows of text?  One form for spreadsheets, text and statistics programs."""

from __future__ import annotations

from array import array
from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import numpy as np

from surveybook.survey.errors import DataError
from surveybook.survey.intake.cells import Cells, divide_columns
from surveybook.survey.intake.codebooks import read_codebook
from surveybook.survey.intake.delimited import read_delimited
from surveybook.survey.intake.labelled import read_dta, read_parquet, read_sav
from surveybook.survey.intake.workbooks import read_workbook

HEAD = 200  # rows among which the headings are looked for
MOST_COLUMNS = 1000  # of one file: more are measurements, and no questions that somebody answered
# What a file begins with, what it then is, and the ends of the names that such files have
SIGNS = (
    (b"pk\3\4", "a workbook of today or an archive", (".xlsx", ".xlsm", ".ods")),
    (b"\xd0\xcf\x11\xe0", "an old workbook, or one that needs a password", (".xls",)),
    (b"$fl", "a file of SPSS", (".sav", ".zsav")),
    (b"<stata_dta>", "a file of Stata", (".dta",)),
    (b"par1", "Parquet", (".parquet",)),
    *((sign, "a page of HTML or XML", ()) for sign in (b"<!doctype", b"<html", b"<?xml", b"<table")),
    *((sign, "JSON", ()) for sign in (b"{", b"[{", b"[\n")),
    (b"%pdf", "a PDF", ()),
    (b"\x89png", "a picture", ()),
)


@dataclass(frozen=True)
class Sheet:
    """The cells of a file as text, by columns of one length; empty rows and empty columns at the end are left out.

    `head`: the first rows, of which one, or a few, name the columns. `numbers`: the number of each row in the file.
    `notes`: what was found about the file itself, in words. Where the file knows more than cells: `wordings` of
    columns, and `labels`, by the name of a column, of its codes in their order; `ordered`: the columns of whose codes
    it says so.
    """

    columns: list[Cells]
    head: list[list[str]]
    numbers: np.ndarray
    notes: list[str] = field(default_factory=list)
    wordings: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ordered: Collection[str] = ()


READERS: Mapping[str, Callable[[Path], tuple[Iterable[list[str]], dict]]] = {
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".txt": read_delimited,
    ".xlsx": read_workbook,
    ".xls": read_workbook,
    ".xlsm": read_workbook,
    ".ods": read_workbook,
    ".sav": read_sav,
    ".zsav": read_sav,
    ".dta": read_dta,
    ".parquet": read_parquet,
}


def read_sheet(path: Path) -> Sheet:
    """The rows of the file `path`. Raises DataError, one sentence, for one that cannot be read, that is empty, that has
    no respondent or a single column, too many columns, or a row that is longer than the header."""
    if not path.is_file():
        raise DataError(f"{path}: there is no such file; name the file that your tool exported")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DataError(
            f"{path}: files that end in “{path.suffix}” cannot be read; export the answers as one of "
            f"{', '.join(READERS)}"
        )
    if not path.stat().st_size:
        raise DataError(f"{path}: the file is empty; export the answers once more")
    check_sign(path)
    rows, about = reader(path)
    table = Table(rows, path)
    columns = divide_columns(table, table.width) if table.width else []
    if not columns:
        raise DataError(f"{path}: the file has no cell with text; export the answers once more")
    if table.width < 2:
        raise DataError(
            f"{path}: there is one column alone; export a column for each question, or, if there are more, "
            "one of comma, semicolon or tab between them"
        )
    sheets = about.pop("beside", {})
    if not about.get("labels"):
        found, called = read_codebook(path, [name for name in table.head[0] if name], sheets)
        if called:
            where = "another sheet of the file" if called == path.name else f"{called}, which lies beside it"
            about["notes"].append(f"questions and answers have the words of {where}")
            about |= {"wordings": found.wordings, "labels": found.labels, "ordered": found.ordered}
    return Sheet(columns, table.head, np.array(table.numbers), **about)


def check_sign(path: Path) -> None:
    """Refuse a file that is something else than its name says, with a DataError."""
    with open(path, "rb") as file:
        head = file.read(200).removeprefix(BOM_UTF8).lstrip().lower()
    for sign, what, ends in SIGNS:
        if head.startswith(sign) and path.suffix.lower() not in ends:
            named = f"give it a name that ends so ({', '.join(ends)}) if it holds the answers, or " if ends else ""
            raise DataError(
                f"{path}: is {what}, though its name ends in “{path.suffix}”; {named}save the answers once more as "
                ".xlsx without a password, or as CSV"
            )


class Table(Iterator[list[str]]):
    """The rows of a file that have any text, all cut or filled to one `width`: as many columns as the header has, whose
    rows may be several. `head`: the first ones; `numbers`: of each that was read its number in the file."""

    def __init__(self, rows: Iterable[list[str]], path: Path) -> None:
        full = ((number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row))
        first = list(islice(full, HEAD))
        self.path, self.numbers, self._rows = path, array("q"), chain(first, full)
        self.width = max((length(row) for _, row in first[:3]), default=0)
        self._header = length(first[0][1]) if first else 0
        if self.width > MOST_COLUMNS:
            raise DataError(
                f"{path}: {self.width:,} columns are more than the {MOST_COLUMNS:,} that a survey of people can "
                "have here; keep those that are questions"
            )
        self.head = [self._fitted(*one) for one in first]

    def __next__(self) -> list[str]:
        number, row = next(self._rows)
        self.numbers.append(number)
        return row if len(row) == self.width else self._fitted(number, row)

    def _fitted(self, number: int, row: list[str]) -> list[str]:
        if len(row) > self.width and (many := length(row)) > self.width:
            raise DataError(
                f"{self.path}: row {number} has {many} cells and the header {self._header}; put answers that hold "
                "a separator in quotes, or export the file once more"
            )
        return (row + [""] * self.width)[: self.width]


def length(row: list[str]) -> int:
    """How many cells a row has up to the last one with text."""
    return next((place for place in range(len(row), 0, -1) if row[place - 1].strip()), 0)
