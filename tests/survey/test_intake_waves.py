"""The next wave of a survey: read beside the one before, which stays as its author left it, and what moved is said."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from project import SMALL

from surveybook.survey.data.change import changed
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.intake.command import import_study
from surveybook.survey.intake.edits import _in_place

HEAD = "Do you read?,How often do you write?,Favourite colour,Books at home"
FIRST = [("Yes", "Often", "Red", "3"), ("No", "Never", "Blue", "0"), ("Yes", "Sometimes", "Green", "8"),
         ("No", "Rarely", "Red", "2")]
NEXT = [("Yes", "Often", "Red", "4"), ("Yes", "Never", "Blue", "30"), ("Yes", "Often", "Red", "1"),
        ("No", "Sometimes", "Red", "5")]


@pytest.fixture
def report(tmp_path) -> Path:
    """A report with the study “own”, as the first export gave it."""
    made = tmp_path / "report"
    shutil.copytree(SMALL, made, ignore=shutil.ignore_patterns(".cache", "__pycache__", "data", "chapters"))
    taken(made, FIRST)
    return made


def taken(report: Path, rows, wave: str = "", head: str = HEAD, times: int = 10) -> tuple[Study, list[str]]:
    """The study after the command ran with these rows, each given so many times, and what was told."""
    path = report.parent / "answers.csv"
    path.write_text("\n".join([head, *(",".join(row) for row in rows for _ in range(times))]) + "\n", encoding="utf-8")
    told = list(import_study(report, path, "own", wave=wave))
    return read_study(report / "data" / "own", report), told


def edit(report: Path, old: str, new: str, file: str = "data/own/datapackage.yaml") -> None:
    path = report / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (old, text)
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_wave_has_a_file_of_its_own_and_the_one_before_stays(report):
    own = report / "data" / "own"
    before = (own / "responses.csv").read_bytes()
    edit(report, 'title: "Favourite colour"', 'title: "Colour"')
    study, told = taken(report, NEXT, "2026")
    assert (own / "responses.csv").read_bytes() == before and (own / "responses-2026.csv").is_file()
    assert [(one.label, len(one.responses.respondents)) for one in study.waves.each] == [
        ("first wave", 40), ("2026", 40)]
    assert study.questions["do_you_read"].distribution.counts["yes"] == 30  # the study is the last wave
    assert all(one.questions["favourite_colour"].label == "Colour" for one in study.waves.each)
    assert "own: The questionnaire is the same in all waves." in told
    assert "own: kept as you wrote it in datapackage.yaml: favourite_colour" in told
    # answers that nobody gives any more are still offered
    assert study.questions["favourite_colour"].answers == ("blue", "green", "red")
    (part,) = changed(study, "do_you_read").parts
    assert part.steps[0].changed.size.value == pytest.approx(0.25)
    assert all(part.values[1] is not None for part in changed(study, "books_at_home").parts)
    first, last = (one.questions["books_at_home"].maximum for one in study.waves.each)
    assert first == last >= 30


def test_what_moved_in_the_questionnaire_is_said_and_not_compared(report):
    head = HEAD.replace("Favourite colour", "Favourite sport")
    study, told = taken(report, [("Yes", "Always", "Chess", "1"), *((a, b, "Golf", d) for a, b, _, d in NEXT)], "2026",
                        head)
    lines = "\n".join(told)
    assert "“how_often_do_you_write” (answers): new: “Always”" in lines
    assert "“favourite_sport” (new)" in lines and "“favourite_colour” (dropped)" in lines
    assert "where it may be, say why under “same” of “waves”" in lines
    with pytest.raises(DataError, match="new: “Always”"):
        changed(study, "how_often_do_you_write")


def test_a_scale_with_more_steps_has_them_in_their_order_and_is_not_compared(report):
    def rows(*steps):
        return [(*FIRST[place % 4], one) for place, one in enumerate(steps)]

    head = f"{HEAD},How content are you?"
    five = ("Very dissatisfied", "Dissatisfied", "Neither satisfied nor dissatisfied", "Satisfied", "Very satisfied")
    seven = (*five[:2], "Somewhat dissatisfied", five[2], "Somewhat satisfied", *five[3:])
    taken(report, rows(*five), head=head)
    study, told = taken(report, rows(*seven), "2026", head)
    (name,) = [one.id for one in study.questions.values() if one.wording == "How content are you?"]
    assert tuple(study.questions[name].labels[one] for one in study.questions[name].answers) == seven
    assert f"own: “{name}” has new answers, please look whether they are in order now: {', '.join(seven)}" in told
    with pytest.raises(DataError, match="new: “Somewhat dissatisfied” and “Somewhat satisfied”"):
        changed(study, name)


@pytest.mark.parametrize(("order", "expected"), [
    ("axb", "axbc"), ("xabc", "xabc"), ("bxc", "abxc"), ("cxba", "abxc"), ("cx", "abcx"), ("axc", "abcx"), ("", "abcx"),
    ("bacx", "abcx"), ("abxyc", "abxyc"), ("ax", "abcx")])
def test_a_new_answer_has_its_place_only_where_the_export_tells_it(order, expected):
    new = [one for one in "xy" if one in expected]
    assert "".join(_in_place([*"abc"], order, new)) == expected


def test_an_answer_that_nobody_gives_any_more_is_told_and_can_be_given_its_new_name(report):
    rows = [(a, b, "Scarlet" if c == "Red" else c, d) for a, b, c, d in FIRST]
    study, told = taken(report, rows, "2026")
    assert "  “favourite_colour”: nobody gave “Red” any more" in told
    assert any("give those that were renamed their new label" in line for line in told)
    edit(report, '            - {value: "scarlet", label: "Scarlet"}\n', "")
    path = report / "data" / "own" / "datapackage.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('label: "Red"', 'label: "Scarlet"', 1), encoding="utf-8")
    study, told = taken(report, rows)
    assert "  “favourite_colour” (answers): “Red” is now called “Scarlet”" in told
    assert not any("any more" in line for line in told)
    assert study.questions["favourite_colour"].distribution.counts["red"] == 20


def test_the_same_wave_again_and_a_third_one(report):
    taken(report, NEXT, "2026")
    study, _ = taken(report, [*NEXT, NEXT[0]])
    assert [len(one.responses.respondents) for one in study.waves.each] == [40, 50]
    edit(report, '"first wave"}', '"2024", date: 2024-05-01}')
    study, _ = taken(report, NEXT, "2028")
    assert [(one.label, one.day) for one in study.waves.each] == [("2024", "2024-05-01"), ("2026", ""), ("2028", "")]
    assert [len(one.responses.respondents) for one in study.waves.each] == [40, 50, 40]
    assert [step.since for step in changed(study, "do_you_read").parts[0].steps] == [0, 1]
    assert {path.name for path in (report / "data" / "own").glob("*.csv")} == {
        "responses.csv", "responses-2026.csv", "responses-2028.csv"}


def test_waves_that_are_listed_line_by_line_go_on(report):
    taken(report, NEXT, "2026")
    edit(report, '    - {resource: responses, label: "2026"}', '    - label: "2026"\n      date: 2026-05-01\n'
                                                              '      resource: responses\n')
    with pytest.raises(DataError, match="write the entry of “responses”"):
        taken(report, NEXT, "2028")


def test_a_question_that_somebody_skips_for_the_first_time_is_still_compared(report):
    study, _ = taken(report, [*NEXT, ("", "Never", "", "1")], "2026")
    assert changed(study, "do_you_read").parts and changed(study, "favourite_colour").parts


def test_a_chapter_tells_of_the_waves(report):
    assert not (report / "chapters" / "own-changes.qmd").exists()
    taken(report, NEXT, "2026")
    text = (report / "chapters" / "own-changes.qmd").read_text(encoding="utf-8")
    assert "tables.questionnaire(own)" in text and 'figures.change(own, "do_you_read")' in text
    listed = re.findall(r"- (?:part: |chapters/)(\"?own\b.*)", (report / "_quarto.yml").read_text(encoding="utf-8"))
    assert listed[-4:] == ["own-changes.qmd", "own-hypotheses.qmd", "own-limits.qmd", "own-codebook.qmd"], listed


def test_a_wave_of_nothing_and_a_wave_twice_are_refused_and_nothing_is_changed(report):
    with pytest.raises(DataError, match="there is no study “other” that could have a next wave"):
        next(import_study(report, report.parent / "answers.csv", "other", wave="2026"))
    taken(report, NEXT, "2026")
    files = {path: path.read_bytes() for path in (report / "data").rglob("*") if path.is_file()}
    with pytest.raises(DataError, match="there is a wave “2026” already"):
        taken(report, NEXT, "2026")
    assert files == {path: path.read_bytes() for path in (report / "data").rglob("*") if path.is_file()}
