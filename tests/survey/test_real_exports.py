"""Four real surveys, of 300 to 6,366 people: every answer is counted as often as it stands in the plain file, and a
relation between two questions is that which R finds there."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from project import ROOT
from statsmodels.datasets import anes96, fair

from surveybook.survey.intake.exports import read_export
from surveybook.survey.intake.questions import Question, find_questions
from surveybook.survey.intake.sheet import read_sheet
from surveybook.survey.stats import association

EXPORTS = ROOT / "tests" / "exports"
# Of each file: letters, rows of headings, respondents, two questions, how many answered both, and what R 4.2 says of
# them: cor(x, y, method = "kendall") of the places of their answers in the order below, both columns without blanks
REAL = {
    "starwars.csv": ("cp1252", 2, 300, "han_solo", "luke_skywalker", 218, 0.464297952338432),
    "flying-etiquette.csv": ("utf-8", 1, 300, "ever_recline_seat_fly", "itrude_recline_seat_plane", 234,
                             -0.400639523231581),
    "anes96": ("utf-8", 1, 944, "selflr", "clinlr", 944, -0.1940850771793),
    "fair": ("utf-8", 1, 6366, "rate_marriage", "religious", 6366, 0.0741367906024236),
}


def place(name: str) -> Path:
    """An export in tests/exports, or a survey that comes with statsmodels."""
    module = {"anes96": anes96, "fair": fair}.get(name)
    return Path(module.__file__).with_name(f"{name}.csv") if module else EXPORTS / name


@pytest.fixture(scope="module", params=REAL)
def real(request) -> tuple[tuple, list[list[str]], dict[str, Question]]:
    """What is known of a file, its rows as any program reads them, and the questions that we find in it."""
    path, known = place(request.param), REAL[request.param]
    text = path.read_bytes().decode(known[0])
    separator, quote = ("\t", "'") if request.param == "anes96" else (",", '"')
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, quotechar=quote) if any(row)]
    questions, _ = find_questions(read_export(read_sheet(path), path), {})
    return known, rows[known[1]:], {one.id: one for one in questions}


def test_every_answer_is_counted_as_often_as_it_stands_in_the_file(real):
    known, rows, questions = real
    assert len(rows) == known[2]
    plain = [Counter(" ".join(row[column].split()) for row in rows) for column in range(len(rows[0]))]
    told = 0
    for one in questions.values():
        counts = Counter(value for cell in one.cells for value in cell.split(";"))
        assert len(one.cells) == known[2]
        if one.bands or one.kind not in ("nominal", "ordered", "yes-no", "multi-select"):
            continue
        words = {label: counts[value] for value, label in one.answers.items() if label != "None of these"}
        if not all(any(word in column for column in plain) for word in words):
            continue  # words of ours: bands, and yes and no of codes
        columns = [column for column in plain if all(column[word] == number for word, number in words.items())]
        spread = all(any(column[word] == number for column in plain) for word, number in words.items())
        assert columns or len(one.headings) > 1 and spread, f"{one.id}: {words}"
        told += 1
    assert told >= 3


def test_the_relation_of_two_questions_is_that_of_r(real):
    known, _, questions = real
    first, second = questions[known[3]], questions[known[4]]
    table = np.zeros((len(first.answers), len(second.answers)), int)
    for one, other in zip(first.cells, second.cells, strict=True):
        if one in first.answers and other in second.answers:
            table[list(first.answers).index(one), list(second.answers).index(other)] += 1
    assert table.sum() == known[5]
    assert association.measure(table).value == pytest.approx(known[6], abs=1e-12)
