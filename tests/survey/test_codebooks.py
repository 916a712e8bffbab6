"""A codebook beside the answers: a Data Package, an XLSForm, or one of DDI gives questions and answers their words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from surveybook.survey.errors import DataError
from surveybook.survey.intake.exports import read_export
from surveybook.survey.intake.questions import Question, find_questions
from surveybook.survey.intake.sheet import read_sheet

CODES = "id,mood,way,crops/maize,crops/beans\n" + "".join(
    f"{n},{n % 3 + 1},{'bwx'[n % 3]},{n % 2},{int(n % 5 > 1)}\n" for n in range(40))
MOODS, WAYS = ["Gloomy", "So-so", "Radiant"], {"b": "By bicycle", "w": "On foot", "x": "No answer"}


@pytest.fixture
def answers(tmp_path) -> Path:
    path = tmp_path / "answers.csv"
    path.write_text(CODES, encoding="utf-8")
    return path


def asked(path: Path) -> tuple[dict[str, Question], list[str]]:
    export = read_export(read_sheet(path), path)
    return {one.headings[0]: one for one in find_questions(export, {})[0]}, export.notes


def test_without_a_codebook_the_codes_stand_for_themselves(answers):
    questions, notes = asked(answers)
    assert list(questions["mood"].answers.values()) == ["1", "2", "3"] and not notes


def package(folder: Path, **more) -> None:
    fields = [{"name": "mood", "title": "How do you feel?", "categoriesOrdered": True,
               "categories": [{"value": n, "label": word} for n, word in enumerate(MOODS, 1)]},
              {"name": "way", "title": "How did you come?", "missingValues": ["x"],
               "categories": [{"value": code, "label": word} for code, word in WAYS.items() if code != "x"]}]
    (folder / "datapackage.json").write_text(json.dumps(
        {"resources": [{"name": "answers", "path": "answers.csv", "schema": {"fields": fields}} | more]}))


def form(folder: Path) -> None:
    book = xlsxwriter.Workbook(str(folder / "form.xlsx"))
    sheets = {"survey": [["type", "name", "label::English (en)"], ["select_one moods", "mood", "How do you feel?"],
                         ["select_one ways", "way", "How did you come?"],
                         ["select_multiple plants", "crops", "What do you grow?"]],
              "choices": [["list_name", "name", "label::English (en)"],
                          *(["moods", str(n), word] for n, word in enumerate(MOODS, 1)),
                          *(["ways", code, word] for code, word in WAYS.items()),
                          ["plants", "maize", "Maize"], ["plants", "beans", "Beans"]]}
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()


def ddi(folder: Path) -> None:
    def variable(name: str, words: str, codes: dict[str, str]) -> str:
        categories = "".join(f"<catgry missing='{'NY'[code == 'x']}'><catValu>{code}</catValu><labl>{label}</labl>"
                             "</catgry>" for code, label in codes.items())
        return f'<var name="{name}"><labl>{name}</labl><qstn><qstnLit>{words}</qstnLit></qstn>{categories}</var>'
    (folder / "study.xml").write_text(
        '<codeBook xmlns="ddi:codebook:2_5"><dataDscr>'
        + variable("mood", "How do you feel?", {str(n): word for n, word in enumerate(MOODS, 1)})
        + variable("way", "How did you come?", WAYS) + "</dataDscr></codeBook>", encoding="utf-8")


@pytest.mark.parametrize("write", [package, form, ddi])
def test_questions_and_answers_have_the_words_of_the_codebook_beside_the_file(answers, write):
    write(answers.parent)
    questions, notes = asked(answers)
    assert questions["mood"].wording == "How do you feel?"
    assert list(questions["mood"].answers.values()) == MOODS
    assert list(questions["way"].answers.values()) == ["By bicycle", "On foot"]
    assert not questions["way"].raw["x"]  # as an empty cell
    assert any("which lies beside it" in note for note in notes)
    assert questions["mood"].cells.count(questions["mood"].raw["1"]) == CODES.count(",1,b") == 14
    if write is package:
        assert questions["mood"].kind == "ordered"
    if write is form:
        crops = questions["crops/maize"]
        assert crops.wording == "What do you grow?" and list(crops.answers.values())[:2] == ["Maize", "Beans"]


def test_several_codes_of_a_form_in_one_cell_are_several_answers(answers):
    form(answers.parent)
    cells = ["maize", "beans", "maize beans", ""]
    answers.write_text("mood,way,crops\n" + "".join(f"1,b,{cells[n % 4]}\n" for n in range(40)), encoding="utf-8")
    crops = asked(answers)[0]["crops"]
    assert crops.kind == "multi-select" and list(crops.answers.values()) == ["Maize", "Beans"]
    assert list(crops.cells[:4]) == ["maize", "beans", "maize;beans", ""]


def test_a_data_package_of_another_file_says_nothing_of_this_one(answers):
    package(answers.parent)
    text = (answers.parent / "datapackage.json").read_text()
    (answers.parent / "datapackage.json").write_text(text.replace('"mood"', '"m"').replace('"way"', '"w"'))
    questions, notes = asked(answers)
    assert list(questions["mood"].answers.values()) == ["1", "2", "3"] and not notes


def test_a_broken_codebook_is_refused_in_one_sentence(answers):
    (answers.parent / "datapackage.json").write_text('{"resources": [')
    with pytest.raises(DataError, match=r"datapackage\.json: lies beside answers\.csv, and cannot be read"):
        read_sheet(answers)
    (answers.parent / "datapackage.json").unlink()
    (answers.parent / "study.xml").write_text("<codeBook><var>")
    with pytest.raises(DataError, match="cannot be read as a codebook of DDI"):
        read_sheet(answers)


def test_other_files_beside_the_answers_are_left_alone(answers):
    (answers.parent / "notes.xlsx").write_bytes(b"no workbook")
    (answers.parent / "other.xml").write_text("<!DOCTYPE a [<!ENTITY b 'codeBook'>]><codeBook>&b;</codeBook>")
    assert not asked(answers)[1]
