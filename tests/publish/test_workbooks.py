"""The tables of a study as a workbook: the same cells as its CSV, numbers as numbers, and nothing that is computed."""

from __future__ import annotations

import csv
import io
import shutil
import tracemalloc
import zipfile
from datetime import date

import pytest
from project import ROOT
from python_calamine import CalamineWorkbook

from surveybook.folders import Content
from surveybook.publish.downloads import workbooks
from surveybook.publish.downloads.workbooks import workbook
from surveybook.publish.site.study import read_studies

DAY = date(2026, 11, 23)


def sheets(content: bytes) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("name", ["interviews", "documented", "practitioners"])
def test_its_sheets_hold_what_the_csv_files_hold(name, site):
    study, found = read_studies(ROOT)[name], sheets((site / "data" / f"{name}.xlsx").read_bytes())
    tables = [one for one in study.descriptor["resources"] if (site / "data" / name / one["path"]).is_file()]
    mark = " (simulated data)" if study.simulated else ""
    assert list(found) == ["About", "Codebook", *(f"{one['name']}{mark}"[:31].strip() for one in tables)]
    assert found["About"][0] == [study.title]
    for one, rows in zip(tables, list(found.values())[2:], strict=True):
        given = list(csv.reader(io.StringIO((ROOT / "data" / name / one["path"]).read_text("utf-8"), newline="")))
        kinds = [field["type"] for field in one["schema"]["fields"]]
        assert len(rows) == len(given) and rows[0] == given[0]
        for cells, texts in zip(rows[1:], given[1:], strict=True):
            for cell, text, kind in zip(cells, texts, kinds, strict=True):
                if kind in ("integer", "number") and text[:1].isdigit():  # no code for a missing answer
                    assert isinstance(cell, float | int) and cell == float(text)
                else:
                    assert cell == text
    explained = {(row[0], row[1]) for row in found["Codebook"][1:]}
    assert {(one["name"], field["name"]) for one in tables for field in one["schema"]["fields"]} == explained


def test_it_has_no_formula_no_link_and_no_clock(tmp_path):
    folder = shutil.copytree(ROOT / "data" / "interviews", tmp_path / "data" / "interviews")
    study = read_studies(tmp_path)["interviews"]
    header = (folder / "gaps.csv").read_text("utf-8").splitlines()[0]
    hostile = ["=1+1", "@SUM(A1)", "https://example.org/", "-2+3", "<b>&amp;"]
    files = {"gaps.csv": Content.of((header + "\n" + ",".join(hostile) + "\n").encode())}
    made = workbook(study, files, ["=told"], DAY)
    assert made == workbook(study, files, ["=told"], DAY)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not [name for name, text in parts.items() if "<f>" in text or "<hyperlink" in text]
    assert "2026-11-23T00:00:00Z" in parts["docProps/core.xml"]
    assert sheets(made)["gaps"][1][:5] == hostile and sheets(made)["About"][1] == ["=told"]


def test_what_is_private_or_too_large_is_left_out(monkeypatch):
    study = read_studies(ROOT)["interviews"]
    files = {"counts.csv": Content.of(b"table,item,count\na,b,1\n")}  # the others are not given away
    assert list(sheets(workbook(study, files, [], DAY))) == ["About", "Codebook", "counts"]
    monkeypatch.setattr(workbooks, "MOST", 5)
    found = sheets(workbook(study, files, [], DAY))
    assert list(found) == ["About", "Codebook"]
    assert found["About"][1][0].endswith("is too large for a sheet; it is in counts.csv.")


@pytest.mark.parametrize("rows", [
    "table,item,count\na,b,1\n" * 200_000, "table\n" * 500_001, "table" + "," * 16_384 + "\n",
    f"table\n{'x' * 32_768}\n", f"table\n{'x' * 1_000_000}\n"],
    ids=["cells", "rows", "columns", "a text", "the longest text"])
def test_a_table_that_no_sheet_holds_is_named_and_not_cut(rows):
    found = sheets(workbook(read_studies(ROOT)["interviews"], {"counts.csv": Content.of(rows.encode())}, [], DAY))
    assert list(found) == ["About", "Codebook"] and "too large for a sheet" in found["About"][1][0]


def test_of_a_table_that_is_too_large_no_more_is_read_than_tells_so():
    content = Content.of(b"table,item,count\n" + b"a,b,1\n" * 2_000_000)
    tracemalloc.start()
    try:
        assert workbooks._rows(content) == []
        assert tracemalloc.get_traced_memory()[1] < 100_000_000  # all rows are more than 500 MB
    finally:
        tracemalloc.stop()


def test_sheets_of_like_names_are_told_apart():
    names: set[str] = set()
    found = [workbooks._named(name, names) for name in ("a/b", "A:B", "x" * 40, "x" * 35, "''")]
    assert found == ["a b", "A B 2", "x" * 31, "x" * 27 + " 2", "Table"]


def test_the_table_of_the_files_leads_to_it(site):
    page = (site / "chapters" / "data.html").read_text(encoding="utf-8")
    for name in ("interviews", "documented", "practitioners"):
        assert f'href="../data/{name}.xlsx"' in page
