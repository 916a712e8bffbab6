"""What do files of statistics programs hold?  Codes, with the words of columns and of answers that they know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.survey.errors import DataError
from surveybook.survey.intake.workbooks import HOW, written

AT_ONCE = 5_000  # rows


def read_sav(path: Path) -> tuple[Iterator[list[str]], dict]:
    """The rows of an SPSS file with its labels."""
    return _labelled(path, "read_sav")


def read_dta(path: Path) -> tuple[Iterator[list[str]], dict]:
    """The rows of a Stata file with its labels."""
    return _labelled(path, "read_dta")


def read_parquet(path: Path) -> tuple[Iterator[list[str]], dict]:
    """The rows of a Parquet file; a cell that holds several answers has them with “;” between them."""
    try:
        import duckdb
    except ImportError:
        raise DataError(
            f"{path}: reading Parquet needs one more package; install it with `{HOW}`, or save the file as CSV"
        ) from None

    def rows() -> Iterator[list[str]]:
        try:
            with duckdb.connect() as engine:
                found = engine.execute("FROM read_parquet($1)", [str(path)])
                yield [column[0] for column in found.description or ()]
                while many := found.fetchmany(AT_ONCE):
                    yield from ([_cell(cell) for cell in row] for row in many)
        except (duckdb.Error, OSError, ValueError) as error:
            told = " ".join(str(error).partition("\nLINE ")[0].split())[:200]
            raise DataError(f"{path}: cannot be read as Parquet ({told}); write it once more, or as CSV") from None

    return rows(), {"notes": []}


def _cell(cell: Any) -> str:
    if isinstance(cell, (list, tuple)):
        return ";".join(map(_cell, cell))
    return "" if cell is None or cell != cell else written(cell)


def _labelled(path: Path, reader: str) -> tuple[Iterator[list[str]], dict]:
    """The rows of a file that knows labels. Raises DataError without the library, and for a damaged file."""
    try:
        import pyreadstat
    except ImportError:
        raise DataError(
            f"{path}: reading files of SPSS and Stata needs one more package; install it with `{HOW}`, or "
            "save the file as CSV"
        ) from None
    read: Callable[..., Any] = getattr(pyreadstat, reader)
    try:
        frame, meta = read(str(path), apply_value_formats=False, user_missing=True)
    except (pyreadstat.ReadstatError, OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read ({str(error).strip()}); save it once more, or as CSV") from None
    labels = {
        column: {written(code): str(label).strip() for code, label in codes.items()}
        for column, codes in meta.variable_value_labels.items()
    }
    wordings = {column: str(label) for column, label in meta.column_names_to_labels.items() if label}
    return _rows(frame), {"notes": [], "wordings": wordings, "labels": labels}


def _rows(frame: pd.DataFrame) -> Iterator[list[str]]:
    """A frame as rows of text below a row with its names."""
    columns = [
        [("" if missing else written(cell)) for cell, missing in zip(column.tolist(), column.isna(), strict=True)]
        for _, column in frame.items()
    ]
    yield [str(name) for name in frame.columns]
    yield from map(list, zip(*columns, strict=True))
