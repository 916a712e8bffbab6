"""The cells of a column, each different one once: the same as a list of text, and what is asked of it is asked once."""

from __future__ import annotations

import tracemalloc
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveybook.survey.intake.cells import AT_ONCE, combine, divide_columns
from surveybook.survey.intake.delimited import read_delimited
from surveybook.survey.intake.sheet import read_sheet

ROWS = st.lists(st.tuples(*[st.sampled_from(["", "a", "b", " b", "c"])] * 3), min_size=1, max_size=40)


@given(ROWS, st.data())
def test_columns_are_as_lists_of_text(rows, data):
    lists = [list(column) for column in zip(*rows, strict=True)]
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))))
    for cells, column in zip(divide_columns(rows, 3), lists, strict=True):
        assert list(cells) == column and len(cells) == len(column) and cells[-1] == column[-1]
        assert list(cells.counts.items()) == list(Counter(column).items())  # in the order of their first rows
        kept = [cell for cell, kept in zip(column, keep, strict=True) if kept]
        assert list(cells.take(keep)) == kept and list(cells.take(keep).counts.items()) == list(Counter(kept).items())
        read = cells.map(str.strip)
        assert list(read) == [cell.strip() for cell in column] and len(set(read.words)) == len(read.words)
        assert list(read.counts.items()) == list(Counter(read).items())
        filled = cells.fill(keep, "none")
        assert list(filled) == [cell or ("none" if kept else "") for cell, kept in zip(column, keep, strict=True)]
        assert cells.each(len).tolist() == list(map(len, column)) and ("b" in cells) == ("b" in column)
    assert list(combine(divide_columns(rows, 3), "|".join)) == ["|".join(row) for row in rows]


def test_what_becomes_of_a_cell_is_found_once_for_all_rows_that_have_it():
    (cells,) = divide_columns(([("yes", "no")[row % 2]] for row in range(3 * AT_ONCE + 1)), 1)
    asked = []
    assert len(cells.map(lambda cell: asked.append(cell) or cell.upper())) == 3 * AT_ONCE + 1
    assert asked == ["yes", "no"]


def test_a_large_file_is_held_in_a_few_bytes_a_cell(tmp_path):
    path, people, questions = tmp_path / "answers.csv", 30_000, 20
    with open(path, "w", encoding="utf-8") as file:
        print(*(f"q{place}" for place in range(questions)), sep=",", file=file)
        for row in range(people):
            print(*(("Sometimes", "Often", "Always")[(row + place) % 3] for place in range(questions)), sep=",",
                  file=file)
    tracemalloc.start()
    try:
        sheet = read_sheet(path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(sheet.columns[0]) == people + 1
    assert most < 40 * people * questions  # as text each takes 58 bytes, and 8 more for each list that it is in


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_row_by_row_whatever_its_letters_and_ends_of_lines(end, letters, tmp_path):
    path = tmp_path / "answers.csv"
    rows = [["name", "size"], *([["Straße", "Größe", "Schüler, Lehrer"][n % 3], str(n)] for n in range(AT_ONCE + 7))]
    lines = (",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows)
    path.write_bytes(end.join(["", *lines, ""]).encode(letters))
    found, _ = read_delimited(path)
    assert iter(found) is found and [row for row in found if row] == rows  # an iterator, not all of them at once
    sheet = read_sheet(path)
    assert sheet.columns[0].words == ("name", "Straße", "Größe", "Schüler, Lehrer")
    assert list(sheet.columns[1])[1:3] == ["0", "1"]
    assert sheet.numbers.tolist() == list(range(2, len(rows) + 2)) and sheet.head[0] == ["name", "size"]
