"""What does a file of answers hold, as rows of text?  One form for spreadsheets, text and statistics programs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from surveybook.survey.errors import DataError
from surveybook.survey.intake.codebooks import read_codebook
from surveybook.survey.intake.delimited import read_delimited
from surveybook.survey.intake.labelled import read_dta, read_parquet, read_sav
from surveybook.survey.intake.workbooks import read_workbook

MOST_COLUMNS = 1000  # of one file: more are measurements, and no questions that somebody answered


@dataclass(frozen=True)
class Sheet:
    """The rows of a file as text, all of one length; empty rows and empty columns at the end are left out.

    `rows`: the first one, or the first few, name the columns. `numbers`: the number of each row in the file. `notes`:
    what was found about the file itself, in words. Where the file knows more than cells: `wordings` of columns, and
    `labels`, by the name of a column, of its codes in their order; `ordered`: the columns of whose codes it says so.
    """

    rows: list[list[str]]
    numbers: list[int]
    notes: list[str] = field(default_factory=list)
    wordings: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ordered: Collection[str] = ()


READERS: Mapping[str, Callable[[Path], tuple[list[list[str]], dict]]] = {
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
    cells, about = reader(path)
    kept = [(number, row) for number, row in enumerate(cells, 1) if any(cell.strip() for cell in row)]
    if not kept:
        raise DataError(f"{path}: the file has no cell with text; export the answers once more")
    width = _width(kept, path)
    if width > MOST_COLUMNS:
        raise DataError(
            f"{path}: {width:,} columns are more than the {MOST_COLUMNS:,} that a survey of people can "
            "have here; keep those that are questions"
        )
    if width < 2:
        raise DataError(
            f"{path}: there is one column alone; export a column for each question, or, if there are more, "
            "one of comma, semicolon or tab between them"
        )
    rows = [(row + [""] * width)[:width] for _, row in kept]
    if not about.get("labels"):
        found, called = read_codebook(path, [name for name in rows[0] if name])
        if called:
            about["notes"].append(f"questions and answers have the words of {called}, which lies beside it")
            about |= {"wordings": found.wordings, "labels": found.labels, "ordered": found.ordered}
    return Sheet(rows, [number for number, _ in kept], **about)


def _width(kept: list[tuple[int, list[str]]], path: Path) -> int:
    """How many columns there are: as many as the header has, whose rows may be several."""

    def length(row: list[str]) -> int:
        return max((place for place, cell in enumerate(row, 1) if cell.strip()), default=0)

    width = max(length(row) for _, row in kept[:3])
    head = length(kept[0][1])
    for number, row in kept[1:]:
        if length(row) > width:
            raise DataError(
                f"{path}: row {number} has {length(row)} cells and the header {head}; put answers that hold "
                "a separator in quotes, or export the file once more"
            )
    return width
