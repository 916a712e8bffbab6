"""What do the cells of Parquet files hold?  The same as of a CSV file (see table.py), read by DuckDB, column by column.

A cell is understood by the text that it would be in CSV: once, however many rows have it. One file or many are one
table; the first row of the first file is row 1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from surveybook.survey.data.table import Column, Frames, Trouble, check_header, framed
from surveybook.survey.errors import DataError, Faults

AT_ONCE = 25  # columns
FEW = 2000  # different cells of a column that are told apart by the engine
MEMORY = "1GB"  # that the engine may take


def read_parquet(
    parts: Sequence[Path], schema: Mapping[str, Any], path: Path, faults: Faults, skipped: Collection[str] = ()
) -> Frames:
    """The rows of Parquet files that are one table called `path`, as `read_table` gives those of a CSV file.

    Lists are those of the file, or texts with the declared delimiter. Raises DataError without DuckDB, for a file that
    is not Parquet, and for what read_table refuses.
    """
    fields = {field["name"]: field for field in schema["fields"]}
    with _opened(parts, path) as engine:
        types = dict(engine.execute("SELECT column_name, column_type FROM (DESCRIBE rows)").fetchall())
        check_header(list(types), [*fields, *skipped], path, faults)
        columns = [Column(fields[name], f"column “{name}”") for name in types if name in fields]
        people = engine.execute("SELECT count(*) FROM rows").fetchall()[0][0]
        for first in range(0, len(columns), AT_ONCE):
            some = columns[first : first + AT_ONCE]
            cells = [_as_text(column.field, types[column.field["name"]]) for column in some]
            for column, (different, places) in zip(some, _different(engine, cells), strict=True):
                _take(column, different, places, path, faults)
        _check_key(engine, [name for name in schema.get("primaryKey", types) if name in types], path, faults)
    rows = pd.RangeIndex(1, people + 1, name="row")
    return framed(columns, rows, fields, path, faults, coded=True)


@contextmanager
def _opened(parts: Sequence[Path], path: Path) -> Iterator[Any]:
    """A connection in which the rows of these files are called `rows`."""
    try:
        import duckdb
    except ImportError:
        raise DataError(f"{path}: reading Parquet needs one more package; install it with `python -m pip install "
                        "duckdb`, or write the rows as CSV") from None
    try:
        with duckdb.connect(config={"memory_limit": MEMORY}) as engine:
            engine.read_parquet([str(part) for part in parts]).create_view("rows")
            yield engine
    except DataError:
        raise
    except (duckdb.Error, OSError, ValueError) as error:
        told = " ".join(str(error).partition("\nLINE ")[0].split())[:200]
        raise DataError(f"{path}: cannot be read as Parquet ({told}); write it once more, or as CSV") from None


def _as_text(field: Mapping[str, Any], kind: str) -> str:
    """The cell of a column as the text that it would be in CSV, in SQL."""
    name = _quoted(field["name"], '"')
    if kind.endswith("[]"):
        return f"coalesce(array_to_string({name}, {_quoted(field.get('delimiter', ','))}), '')"
    return f"coalesce(CAST({name} AS VARCHAR), '')"


def _different(engine: Any, cells: Sequence[str]) -> Iterator[tuple[list[str], np.ndarray]]:
    """The different texts of each of these columns, and the place of the text of every row among them."""
    counts = engine.execute("SELECT " + ", ".join(f"approx_count_distinct({cell})" for cell in cells) + " FROM rows")
    few = [one <= FEW for one in counts.fetchall()[0]]
    asked = [cell for cell, small in zip(cells, few, strict=True) if small]
    texts, places = [], {}
    if asked:
        lists = ", ".join(f"list_sort(list(DISTINCT {cell}))" for cell in asked)
        texts = [one or [""] for one in engine.execute(f"SELECT {lists} FROM rows").fetchall()[0]]
        enums = (f"enum_code(CAST({cell} AS ENUM ({', '.join(map(_quoted, own))}))) AS c{number}"
                 for number, (cell, own) in enumerate(zip(asked, texts, strict=True)))
        places = engine.execute(f"SELECT {', '.join(enums)} FROM rows").fetchnumpy()
    number = 0
    for cell, small in zip(cells, few, strict=True):
        if small:
            yield texts[number], places[f"c{number}"]
            number += 1
        else:
            found, own = pd.factorize(engine.execute(f"SELECT {cell} AS c FROM rows").fetchnumpy()["c"])
            yield list(own), found


def _take(column: Column, different: list[str], places: np.ndarray, path: Path, faults: Faults) -> None:
    """Take the cells of a column, and tell what is wrong with them."""
    troubles: dict[int, str] = {}
    for number, cell in enumerate(different):
        try:
            column.know([cell])
        except Trouble as trouble:
            troubles[number] = str(trouble)
    found = {number: np.flatnonzero(places == number) + 1 for number in troubles}
    for number, rows in sorted(found.items(), key=lambda one: one[1][0]):
        if not faults.gathers:
            raise DataError(f"{path}: row {rows[0]}, {column.place}: {troubles[number]}")
        column.blame(rows.tolist(), troubles[number])
    column.take(different, places)


def _check_key(engine: Any, key: Sequence[str], path: Path, faults: Faults) -> None:
    """Refuse a row that repeats the key of another one."""
    names = ", ".join(_quoted(name, '"') for name in key)
    if not key or engine.execute(f"SELECT count(*) = (SELECT count(*) FROM (SELECT DISTINCT {names} FROM rows)) "
                                 "FROM rows").fetchall()[0][0]:
        return
    frame = pd.DataFrame(engine.execute(f"SELECT {names} FROM rows").fetchnumpy()).astype(str)
    row = int(frame.duplicated().to_numpy().argmax())
    own = frame.iloc[row]
    first = int((frame == own).all(axis=1).to_numpy().argmax())
    faults.add(DataError(f"{path}: row {row + 1}: repeats row {first + 1} ({', '.join(own)}); remove one of them"))


def _quoted(text: str, mark: str = "'") -> str:
    return f"{mark}{text.replace(mark, mark * 2)}{mark}"
