"""The next export keeps what the author changed, and says what is new."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from project import SMALL

from surveybook.survey.data.loader import read_study
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.intake.command import import_study

FIRST = [("Yes", "Often", "Red"), ("No", "Never", "Blue"), ("Yes", "Sometimes", "Green"), ("No", "Rarely", "Red")]
HEAD = "Do you read?,How often do you write?,Favourite colour"


@pytest.fixture
def report(tmp_path) -> Path:
    """A report with the study “own”, as the first export gave it."""
    made = tmp_path / "report"
    shutil.copytree(SMALL, made, ignore=shutil.ignore_patterns(".cache", "__pycache__", "data", "chapters"))
    again(made, FIRST)
    return made


def again(report: Path, rows: list[tuple[str, ...]], head: str = HEAD, times: int = 6) -> tuple[Study, str]:
    """The study after the command ran with these rows, each given so many times, and what was told."""
    path = report.parent / "answers.csv"
    path.write_text("\n".join([head, *(",".join(row) for row in rows for _ in range(times))]) + "\n", encoding="utf-8")
    told = "\n".join(import_study(report, path, "own"))
    return read_study(report / "data" / "own", report), told


def descriptor(report: Path) -> Path:
    return report / "data" / "own" / "datapackage.yaml"


def edit(report: Path, old: str, new: str, file: str = "data/own/datapackage.yaml") -> None:
    path = report / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text)
    path.write_text(text.replace(old, new), encoding="utf-8")


def files(report: Path) -> dict[str, str]:
    return {
        str(path.relative_to(report)): path.read_text(encoding="utf-8")
        for path in report.rglob("*")
        if path.is_file() and path.suffix != ".pyc" and ".cache" not in path.parts
    }


def test_the_same_export_again_changes_nothing(report):
    before = files(report)
    again(report, FIRST)
    assert files(report) == before


def test_an_edited_field_stays_and_more_rows_are_read_by_it(report):
    edit(report, 'title: "Favourite colour"', 'title: "Colour"')
    edit(report, 'label: "Red"', 'label: "Red, or nearly so"')
    study, told = again(report, [*FIRST, ("Yes", "Never", "Blue")])
    colour = study.questions["favourite_colour"]
    assert colour.label == "Colour" and colour.labels["red"] == "Red, or nearly so"
    assert colour.distribution.counts == {"red": 12, "blue": 12, "green": 6}
    assert "own: 24 respondents before, 30 now" in told
    assert "own: kept as you wrote it in datapackage.yaml: favourite_colour" in told


def test_a_new_answer_is_added_to_an_edited_field_and_said(report):
    edit(report, 'title: "Favourite colour"', 'title: "Colour"')
    study, told = again(report, [*FIRST, ("Yes", "Never", "Grey")])
    assert study.questions["favourite_colour"].distribution.counts["grey"] == 6
    assert study.questions["favourite_colour"].label == "Colour"
    assert "“favourite_colour” has answers that it had not before: grey" in told
    assert "# new in answers.csv: look whether this is its place" in descriptor(report).read_text(encoding="utf-8")


def test_a_new_answer_of_a_field_nobody_edited_takes_its_place_in_the_order(report):
    study, told = again(report, [*FIRST, ("Yes", "Always", "Blue")])
    assert study.questions["how_often_do_you_write"].answers == ("never", "rarely", "sometimes", "often", "always")
    assert "“how_often_do_you_write” has answers that it had not before: always" in told


def test_a_renamed_question_is_known_by_its_column(report):
    edit(report, "- name: favourite_colour", "- name: colour")
    (report / "data" / "own" / "hypotheses.yaml").unlink()
    study, _ = again(report, [*FIRST, ("Yes", "Never", "Blue")])
    assert study.questions["colour"].distribution.counts == {"red": 12, "blue": 12, "green": 6}
    assert "favourite_colour" not in study.questions
    assert again(report, FIRST)[0].questions["colour"].distribution.counts["red"] == 12


def test_a_question_that_was_taken_out_stays_out(report):
    text = descriptor(report).read_text(encoding="utf-8")
    start = text.index("        - name: favourite_colour")
    end = text.index("\nsimulated:")
    descriptor(report).write_text(text[:start] + text[end:], encoding="utf-8")
    study, told = again(report, FIRST)
    assert list(study.questions) == ["do_you_read", "how_often_do_you_write"]
    assert "1 questions stay out, as you took them out" in told
    assert list(again(report, FIRST)[0].questions) == ["do_you_read", "how_often_do_you_write"]


def test_answers_that_were_put_together_are_asked_for_once_and_read_so_from_then_on(report):
    edit(report, '            - {value: "green", label: "Green"}\n', "")
    edit(report, 'label: "Blue"', 'label: "Blue or green"')
    before = files(report)
    with pytest.raises(DataError, match=r"intake\.json: “Green” of “favourite_colour” was “green”, which datapackage"):
        again(report, FIRST)
    assert files(report) == before
    edit(report, '"Green": "green"', '"Green": "blue"', "data/own/intake.json")
    study, _ = again(report, FIRST)
    assert study.questions["favourite_colour"].distribution.counts == {"red": 12, "blue": 12}
    assert again(report, FIRST)[0].questions["favourite_colour"].distribution.counts == {"red": 12, "blue": 12}


def test_a_column_that_is_gone_is_refused_where_its_question_was_edited_and_dropped_with_a_word_where_not(report):
    head = HEAD.replace("Favourite colour", "The colour you like best")
    edit(report, 'title: "Favourite colour"', 'title: "Colour"')
    with pytest.raises(DataError, match="has no column “Favourite colour” with answers"):
        again(report, FIRST, head)
    edit(
        report,
        '"columns": [\n    "Favourite colour"',
        '"columns": [\n    "The colour you like best"',
        "data/own/intake.json",
    )
    study, _ = again(report, FIRST, head)
    assert study.questions["favourite_colour"].label == "Colour"
    shorter = [row[:1] + row[2:] for row in FIRST]
    (report / "data" / "own" / "hypotheses.yaml").unlink()
    _, told = again(report, shorter, head.replace("How often do you write?,", ""))
    assert "“how_often_do_you_write” is no question any more (How often do you write?): its column is gone" in told


def test_edited_chapters_and_hypotheses_stay_as_they_are(report):
    chapter, expected = report / "chapters" / "own.qmd", report / "data" / "own" / "hypotheses.yaml"
    chapter.write_text(chapter.read_text(encoding="utf-8") + "\nA sentence of my own.\n", encoding="utf-8")
    expected.write_text(expected.read_text(encoding="utf-8").replace("An example", "My question"), encoding="utf-8")
    (report / "chapters" / "own-limits.qmd").unlink()
    kept = chapter.read_text(encoding="utf-8"), expected.read_text(encoding="utf-8")
    for _ in range(2):
        _, told = again(report, [*FIRST, ("Yes", "Never", "Blue")])
        assert (chapter.read_text(encoding="utf-8"), expected.read_text(encoding="utf-8")) == kept
        assert "own: kept as you wrote them: chapters/own.qmd" in told
    assert not (report / "chapters" / "own-limits.qmd").exists()


def test_the_rule_of_disclosure_that_the_author_chose_stays(report):
    edit(report, "minimum_cell: 5", "minimum_cell: 3")
    study, told = again(report, FIRST)
    assert study.disclosure.minimum_cell == 3 and "counts below 3 are withheld" in told


def test_a_study_that_was_made_by_hand_is_never_written_over(report):
    (report / "data" / "own" / "intake.json").unlink()
    with pytest.raises(DataError, match="there is a study of this name, which no run of this command wrote"):
        again(report, FIRST)


def test_title_and_kinds_that_the_author_named_once_hold_for_the_next_export(report):
    path = report.parent / "answers.csv"
    list(import_study(report, path, "own", "Of books", {"How often do you write?": "nominal"}))
    study, _ = again(report, [*FIRST, ("Yes", "Never", "Blue")])
    assert study.title == "Of books"
    assert study.questions["how_often_do_you_write"].kind == "nominal"
