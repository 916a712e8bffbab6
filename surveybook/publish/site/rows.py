"""How many rows of a file of a study have the same cells in some columns?  CSV is read row by row, Parquet by DuckDB.

No more of the file is held at once than is asked for.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import BinaryIO

from surveybook.errors import Refusal
from surveybook.publish.site.study import PARQUET, Study

LONGEST = 1_000_000  # characters of a cell, as a study may have them (survey/data/table.py)

Cells = tuple[str, ...]
Wanted = tuple[Sequence[str], Collection[Cells] | None]
"""Columns, and the cells that are looked for in them, all where there are none."""


def read_rows(file: BinaryIO) -> Iterator[list[str]]:
    """The rows of a CSV file, one after the other."""
    csv.field_size_limit(LONGEST)
    with io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
        yield from csv.reader(text)


def count_rows(study: Study, path: str, wanted: Sequence[Wanted]) -> list[Counter[Cells]]:
    """For each of what is wanted, how many rows of the file `path` have the same cells."""
    if path.rstrip("/").endswith(PARQUET):
        return list(_of_parquet(study, path, wanted))
    rows = read_rows(study.open(path))
    header = next(rows, [])
    places = [[header.index(name) for name in names] for names, _ in wanted]
    found: list[Counter[Cells]] = [Counter() for _ in wanted]
    for row in rows:
        if len(row) == len(header):
            for own, (_, sought), count in zip(places, wanted, found, strict=True):
                cells = tuple([row[place] for place in own])
                if sought is None or cells in sought:
                    count[cells] += 1
    return found


def _of_parquet(study: Study, path: str, wanted: Sequence[Wanted]) -> Iterator[Counter[Cells]]:
    """The same of a Parquet file, or of a folder of them. Raises Refusal without DuckDB."""
    try:
        import duckdb
    except ImportError:
        raise Refusal(f"data/{study.name}/{path}: whether the site holds a row of this file cannot be looked into; "
                      "install `duckdb`") from None
    with duckdb.connect(config={"memory_limit": "1GB"}) as engine:
        engine.read_parquet([str(study.folder / name) for name, _ in study.parts(path)]).create_view("rows")
        types = dict(engine.execute("SELECT column_name, column_type FROM (DESCRIBE rows)").fetchall())
        for names, sought in wanted:
            if not names or (sought is not None and not sought):
                yield Counter()
                continue
            cells = [_text(name, types[name]) for name in names]
            asked = f"SELECT {', '.join(cells)}, count(*) FROM rows"
            if sought is not None:
                asked += f" WHERE ({', '.join(cells)}) IN (SELECT * FROM (VALUES {', '.join(map(_values, sought))}))"
            yield Counter({row[:-1]: row[-1] for row in engine.execute(f"{asked} GROUP BY ALL").fetchall()})


def _text(name: str, kind: str) -> str:
    """A cell as CSV would have it, in SQL."""
    quoted = '"' + name.replace('"', '""') + '"'
    whole = f"array_to_string({quoted}, ',')" if kind.endswith("[]") else f"CAST({quoted} AS VARCHAR)"
    return f"coalesce({whole}, '')"


def _values(cells: Cells) -> str:
    return "(" + ", ".join("'" + cell.replace("'", "''") + "'" for cell in cells) + ")"
