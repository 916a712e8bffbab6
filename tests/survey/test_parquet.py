"""Responses in Parquet, one file or a folder of them, are the same study as in CSV; and an engine counts the same."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import yaml
from project import ROOT, SAMPLED

from surveybook.publish.checks.respondents import respondents_shown
from surveybook.survey.data.crossing import crossed
from surveybook.survey.data.loader import inspect_study, read_study
from surveybook.survey.data.seal import seal
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError

duckdb = pytest.importorskip("duckdb")
GARDENS = SAMPLED / "gardens"


def written(folder: Path, parts: int = 0, rows: str = "FROM responses", sealed: bool = True) -> Path:
    """A copy of a study whose responses are Parquet: one file, or a folder of so many `parts`; `rows` in SQL."""
    own = folder / "data" / "gardens"
    shutil.copytree(GARDENS, own)
    with duckdb.connect() as engine:
        engine.read_csv(str(own / "responses.csv"), all_varchar=True).create_view("responses")
        engine.execute(f"CREATE TABLE rows AS SELECT *, row_number() OVER () AS place FROM ({rows})")
        target, people = own / "responses.parquet", engine.execute("SELECT count(*) FROM rows").fetchall()[0][0]
        if parts:
            target.mkdir()
        for number in range(max(parts, 1)):
            file = target / f"part-{number}.parquet" if parts else target
            among = f"place > {people * number // max(parts, 1)} AND place <= {people * (number + 1) // max(parts, 1)}"
            engine.execute(f"COPY (SELECT * EXCLUDE place FROM rows WHERE {among} ORDER BY place) TO '{file}' "
                           "(FORMAT parquet)")
    (own / "responses.csv").unlink()
    descriptor = own / "datapackage.yaml"
    text = descriptor.read_text(encoding="utf-8").replace("path: responses.csv", "path: responses.parquet")
    descriptor.write_text(text, encoding="utf-8")
    if sealed:
        seal(own)
    return own


@pytest.fixture(scope="module")
def gardens() -> Study:
    return read_study(GARDENS)


@pytest.mark.parametrize("parts", [0, 3])
@pytest.mark.parametrize("rows", ["FROM responses", "SELECT * REPLACE (weight::DOUBLE AS weight) FROM responses"])
def test_parquet_is_the_same_study_as_csv(tmp_path, gardens, parts, rows):
    folder = written(tmp_path, parts, rows)
    for study in (read_study(folder), read_study(folder, tmp_path), read_study(folder, tmp_path)):  # read, and kept
        assert list(study.responses.respondents) == list(gardens.responses.respondents)
        assert {name: one.distribution for name, one in study.questions.items()} \
            == {name: one.distribution for name, one in gardens.questions.items()}
        assert all(np.array_equal(code, gardens.responses.codes[name]) for name, code in study.responses.codes.items())
        assert study.sampling.key == gardens.sampling.key


@pytest.mark.parametrize(("rows", "words"), [
    ("SELECT * REPLACE (CASE WHEN respondent = 'r004' THEN 'hedge' ELSE {} END AS {}) FROM responses",
     "row 4, column “{}”: “hedge” is not declared"),
    ("SELECT * REPLACE (CASE WHEN respondent = 'r004' THEN 'r002' ELSE respondent END AS respondent) FROM responses",
     r"row 4: repeats row 2 \(r002\)"),
    ("SELECT * EXCLUDE ({}) FROM responses", "the column “{}” is missing"),
])
def test_what_is_wrong_in_parquet_is_told_with_row_and_column(tmp_path, gardens, rows, words):
    name = next(one.id for one in gardens.questions.values() if one.kind == "ordered")
    folder = written(tmp_path, rows=rows.replace("{}", name))
    with pytest.raises(DataError, match=words.replace("{}", name)):
        read_study(folder)
    assert any(re.search(words.replace("{}", name), str(fault)) for fault in inspect_study(folder)[1].found)


def test_a_folder_of_parquet_files_is_sealed_as_a_whole(tmp_path):
    folder = written(tmp_path, parts=3)
    first, second, _ = sorted((folder / "responses.parquet").iterdir())
    first.rename(first.with_name("part-x.parquet"))
    with pytest.raises(DataError, match="is not the one whose hash"):
        read_study(folder)
    for path in (folder / "responses.parquet").iterdir():
        path.unlink()
    with pytest.raises(DataError, match="has no file that ends in .parquet"):
        read_study(folder)


def test_a_file_that_is_not_parquet_and_rows_that_are_given_away_are_refused(tmp_path):
    folder = written(tmp_path)
    descriptor = folder / "datapackage.yaml"
    text = descriptor.read_text(encoding="utf-8")
    why = "path: responses.parquet\n    published_because: every respondent agreed in writing to it"
    descriptor.write_text(re.sub(r"minimum_cell: \w+", "minimum_cell: none",
                                 text.replace("path: responses.parquet", why)), encoding="utf-8")
    with pytest.raises(DataError, match="given away are CSV"):
        read_study(folder)
    descriptor.write_text(text, encoding="utf-8")
    (folder / "responses.parquet").write_bytes(b"respondent,weight\n")
    seal(folder)
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        read_study(folder)


@pytest.mark.parametrize("parts", [0, 2])
def test_the_scanner_finds_cells_of_a_row_wherever_in_the_row_they_stand(tmp_path, parts):
    folder = written(tmp_path, parts)
    site = tmp_path / "site"
    site.mkdir()
    rows = duckdb.read_parquet(f"{folder}/responses.parquet" + ("/*.parquet" if parts else "")).fetchall()
    row = next(row for row in rows if len(set(row[-6:])) > 2 and len(set(row[2:8])) > 2)
    for cells in (row[-6:], row[2:8]):  # the last ones, and some that begin anywhere
        (site / "page.csv").write_text(",".join(map(str, cells)) + "\n", encoding="utf-8")
        assert [fault[2] for fault in respondents_shown(site, tmp_path)] \
            == ["a row of a respondent of “gardens” stands here"]
    (site / "page.csv").write_text(",".join(map(str, (*row[-5:], "nobody"))) + "\n", encoding="utf-8")
    assert not list(respondents_shown(site, tmp_path))


def test_engines_count_a_folder_of_parquet_files_as_the_report_does(tmp_path, gardens):
    x, y = [one for one in gardens.questions.values() if one.kind in ("ordered", "nominal", "yes-no")][:2]
    names = {"x": x.id, "y": y.id, "folder": str(written(tmp_path, parts=3) / "responses.parquet")}
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "size.md").read_text(encoding="utf-8"), re.DOTALL)
    for block in blocks:
        exec(compile(block, "docs/size.md", "exec"), names)
    assert len(blocks) == 2 and Counter(names["pairs"]) == names["together"]
    table = crossed(x, y, gardens.responses.codes).table
    found = {(first, second): count for first, line in zip(x.answers, table, strict=True)
             for second, count in zip(y.answers, line, strict=True) if count}
    assert found == {pair: count for pair, count in names["pairs"].items() if pair in found}
    assert sum(names["together"].values()) == len(gardens.responses.respondents)


def test_what_is_kept_of_withheld_counts_is_what_is_read(tmp_path):
    folder = written(tmp_path, rows="SELECT * EXCLUDE (region, street, weight) FROM responses", sealed=False)
    descriptor = folder / "datapackage.yaml"
    (folder / "hypotheses.yaml").unlink()
    told = yaml.safe_load(descriptor.read_text(encoding="utf-8"))
    told["disclosure"] = {"minimum_cell": 20, "reason": "fewer people could be known to each other"}
    for name in ("sampling", "crossed"):
        told.pop(name, None)
    (resource,) = told["resources"]
    resource["schema"]["fields"] = [one for one in resource["schema"]["fields"]
                                    if one["name"] not in ("region", "street", "weight")]
    descriptor.write_text(yaml.safe_dump(told, sort_keys=False), encoding="utf-8")
    seal(folder)
    first, *others = [read_study(folder, root) for root in (None, tmp_path, tmp_path)]
    assert any(one.distribution.withheld for one in first.questions.values())
    assert all(repr(other.questions) == repr(first.questions) for other in others)
