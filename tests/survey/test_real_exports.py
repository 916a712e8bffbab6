"""Nine real surveys, of 300 to 21,483 people and in six formats: every answer is counted as often as it stands in the
plain file, and a relation between two questions is that which R finds there."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyreadstat
import pytest
from project import ROOT
from statsmodels.datasets import anes96, fair

from surveybook.survey.intake.exports import read_export
from surveybook.survey.intake.questions import Question, find_questions
from surveybook.survey.intake.sheet import read_sheet
from surveybook.survey.stats import association

EXPORTS = ROOT / "tests" / "exports"
# Of each file: respondents, two questions, how many answered both, and what R 4.2 says of them: cor(x, y, method =
# "kendall") of the places of their answers in the order below, both columns without blanks. R has the workbook from
# readxl::read_excel, the files of SPSS and Stata from haven, and the General Social Survey from forcats::gss_cat
REAL = {
    "starwars.csv": (300, "han_solo", "luke_skywalker", 218, 0.464297952338432),
    "flying-etiquette.csv": (300, "ever_recline_seat_fly", "itrude_recline_seat_plane", 234, -0.400639523231581),
    "anes96": (944, "selflr", "clinlr", 944, -0.1940850771793),
    "fair": (6366, "rate_marriage", "religious", 6366, 0.0741367906024236),
    "gss.parquet": (21483, "year", "rincome", 13015, 0.0358871711194671),
    "nhefs.sav": (1629, "education", "active", 1629, -0.0311383129145312),
    "college.dta": (3010, "nearc4", "south", 3010, -0.222045656720824),
    "census.xlsx": (800, "sex", "income", 800, 0.160201332196909),
    "nhanes2.csv": (2068, "diabetes", "highbp", 2067, 0.105505593280626),
}


def place(name: str) -> Path:
    """An export in tests/exports, or a survey that comes with statsmodels."""
    module = {"anes96": anes96, "fair": fair}.get(name)
    return Path(module.__file__).with_name(f"{name}.csv") if module else EXPORTS / name


def read_plainly(path: Path) -> list[Counter[str]]:
    """How often each cell stands in each column, as another program reads the file."""
    if path.suffix == ".csv":
        text = path.read_bytes().decode("cp1252" if path.name == "starwars.csv" else "utf-8")
        separator, quote = ("\t", "'") if path.name == "anes96.csv" else (",", '"')
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=quote)
                if any(row)][2 if path.name == "starwars.csv" else 1 :]
        return [Counter(" ".join(row[column].split()) for row in rows) for column in range(len(rows[0]))]
    frame = (pd.read_excel(path, engine="calamine", keep_default_na=False) if path.suffix == ".xlsx"
             else pd.read_stata(path) if path.suffix == ".dta"
             else pyreadstat.read_sav(path)[0] if path.suffix == ".sav"
             else duckdb.sql(f"SELECT * FROM '{path}'").df())
    return [Counter("" if pd.isna(cell) else f"{cell:g}" if isinstance(cell, float) else str(cell)
                    for cell in frame[column]) for column in frame]


@pytest.fixture(scope="module", params=REAL)
def real(request) -> tuple[tuple, list[Counter[str]], dict[str, Question]]:
    """What is known of a file, its columns as any program reads them, and the questions that we find in it."""
    path = place(request.param)
    questions, _ = find_questions(read_export(read_sheet(path), path), {})
    return REAL[request.param], read_plainly(path), {one.id: one for one in questions}


def test_every_answer_is_counted_as_often_as_it_stands_in_the_file(real):
    known, plain, questions = real
    assert {column.total() for column in plain} == {known[0]}
    told = 0
    for one in questions.values():
        counts = Counter(value for cell in one.cells for value in cell.split(";"))
        assert len(one.cells) == known[0]
        if one.bands or one.kind not in ("nominal", "ordered", "yes-no", "multi-select"):
            continue
        words = {label: counts[value] for value, label in one.answers.items() if label != "None of these"}
        codes = {code: counts[value] for code, value in one.raw.items() if value in one.answers}
        for known_as in (words, codes):  # the words of a file, or its codes where these have words elsewhere
            if len(known_as) != len(one.answers) or not all(any(word in column for column in plain)
                                                            for word in known_as):
                continue  # words of ours, as of bands
            columns = [column for column in plain if all(column[word] == n for word, n in known_as.items())]
            spread = all(any(column[word] == number for column in plain) for word, number in known_as.items())
            assert columns or len(one.headings) > 1 and spread, f"{one.id}: {known_as}"
            told += 1
    assert told >= 3


def test_the_relation_of_two_questions_is_that_of_r(real):
    known, _, questions = real
    first, second = questions[known[1]], questions[known[2]]
    table = np.zeros((len(first.answers), len(second.answers)), int)
    for one, other in zip(first.cells, second.cells, strict=True):
        if one in first.answers and other in second.answers:
            table[list(first.answers).index(one), list(second.answers).index(other)] += 1
    assert table.sum() == known[3]
    assert association.measure(table).value == pytest.approx(known[4], abs=1e-12)


def test_a_weight_of_a_health_survey_is_read_as_r_reads_it():
    path = EXPORTS / "nhanes2.csv"
    questions, out = find_questions(read_export(read_sheet(path), path), {"finalwgt": "weight"})
    found = {one.id: one for one in questions}
    weights = np.array(list(found["finalwgt"].cells), float)
    high = np.array([cell == "yes" for cell in found["highbp"].cells])
    # > library(survey); h <- read.csv("nhanes2.csv"); d <- svydesign(~1, weights = ~finalwgt, data = h)
    # > coef(svymean(~highbp, d))
    assert (weights * high).sum() / weights.sum() == pytest.approx(0.374940296400994, abs=1e-12)
    assert {one.heading for one in out} == {"stratid", "psuid"}  # how people were drawn is no question
    _, out = find_questions(read_export(read_sheet(path), path), {})
    assert "it may be a weight" in {one.heading: one.guess.words for one in out}["finalwgt"]


def test_codes_get_the_words_that_stand_in_their_headings():
    """NHEFS writes “0: MALE 1: FEMALE” into the label of a column, and its answers as numbers."""
    path = EXPORTS / "nhefs.sav"
    questions, out = find_questions(read_export(read_sheet(path), path), {})
    found = {one.id: one for one in questions}
    assert list(found["sex"].answers.values()) == ["MALE", "FEMALE"]
    assert list(found["active"].answers.values()) == ["inactive", "moderately active", "very active"]
    assert list(found["education"].answers.values())[:2] == ["8TH GRADE OR LESS", "HS DROPOUT"]
    assert found["alcoholfreq"].wording == "HOW OFTEN DO YOU DRINK? IN 1971"
    assert found["smokeyrs"].title == "Years of smoking"
    assert found["income"].kind == "ordered" and found["hbp"].kind == "yes-no" and found["wt71"].kind == "ordered"
    assert {one.heading for one in out} == {"seqn", "birthplace"}  # keys of people, and 49 codes without a word
