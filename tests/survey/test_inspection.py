"""Everything that is wrong with a study is said at once, and nothing that only follows from it."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from surveybook import cli
from surveybook.skeleton import FILES
from surveybook.survey.data.loader import inspect_study, read_study
from surveybook.survey.errors import DataError

STUDY, ROWS = "data/readers/datapackage.yaml", "data/readers/responses.csv"
HYPOTHESES, CHAPTER = "data/readers/hypotheses.yaml", "chapters/readers-answers.qmd"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """The report that a new one begins with."""
    return Path(shutil.copytree(FILES, tmp_path / "report", ignore=shutil.ignore_patterns(".cache", "__pycache__")))


def change(report: Path, file: str, old: str, new: str, count: int = 1) -> int:
    """Put one text in the place of another, and tell the line on which that stood first."""
    text = (report / file).read_text("utf-8")
    assert old in text
    (report / file).write_text(text.replace(old, new, count), "utf-8")
    return text.count("\n", 0, text.index(old)) + 1


def check_study(report: Path, capsys, monkeypatch, name: str = "readers") -> list[str]:
    """What the command says, of which only the last line may be about no fault."""
    monkeypatch.chdir(report)
    failed = cli.main(["check-study", name])
    said = capsys.readouterr().out.splitlines()
    assert failed == int("no fault found" not in said[-1])
    return said


def test_the_study_of_a_new_report_has_no_fault(report, capsys, monkeypatch):
    assert check_study(report, capsys, monkeypatch) == ["readers: no fault found"]


def test_faults_of_all_files_are_said_at_once_with_file_line_value_and_remedy(report, capsys, monkeypatch):
    kind = change(report, STUDY, "kind: nominal", "kind: nominl")
    label = change(report, STUDY, "label: A phone", 'label: ""')
    construct = change(report, STUDY, "          construct: satisfaction\n", "")
    change(report, ROWS, "SYN-001,from-40,market,4", "SYN-001,from-41,market,four")
    change(report, ROWS, "SYN-002,from-65,market,4", "SYN-002,from-65,town,four")
    predictor = change(report, HYPOTHESES, "predictor: age", "predictor: ages")
    short = change(report, HYPOTHESES, "Whoever can borrow at home need not come.", "A guess.")
    finding = change(report, CHAPTER, "readers.visits.median", "readers.visits.medium")
    cell = change(report, CHAPTER, 'shares(readers, "ebooks")', 'shares(readers, "ebooks"')
    said = check_study(report, capsys, monkeypatch)
    expected = [
        f"{STUDY}:{kind}: resources: responses: schema: fields: branch: kind: “nominl” is not known here; did you mean "
        "“nominal”?",
        f"{STUDY}:{label}: resources: responses: schema: fields: devices: categories: 2: label: is empty",
        f"{STUDY}:{construct - 8}: resources: responses: schema: fields: content_hours: the key “construct” is missing",
        f"{HYPOTHESES}:{short}: hypotheses: visits-ebooks: origin: has 8 characters, and 20 are the least; say more",
        f"{HYPOTHESES}:{predictor}: hypotheses: hours-age: predictor: no question is called “ages”; did you mean “age”",
        f"{ROWS}: row 2, column “age”: “from-41” is not declared; did you mean “from-40”?",
        f"{ROWS}: row 2, column “visits”: “four” is not a whole number; write it in digits alone, or as one of skipped "
        "(and 1 more row)",
        f"{ROWS}: the file is not the one whose hash datapackage.yaml declares",
    ]
    assert len(said) == len(set(said))
    for words in expected:
        assert any(line.startswith(words) for line in said), (words, said)
    assert any(line.startswith(f"{CHAPTER}:{cell}: is not Python") for line in said), said
    # what rests on questions that are wrong is not told to be wrong as well: hypotheses, figures, sentences
    assert not any(f"{CHAPTER}:{finding}:" in words for words in said)
    assert said[-1] == f"readers: {len(said) - 1} faults" and len(said) - 1 == len(expected) + 1, said


def test_chapters_are_looked_at_with_what_is_sound(report, capsys, monkeypatch):
    change(report, STUDY, "kind: nominal", "kind: nominl")
    finding = change(report, CHAPTER, "readers.ebooks.yes.of", "readers.ebooks.yess.of")
    figure = change(report, CHAPTER, 'bars(readers, "visits")', 'bars(readers, "visit")')
    said = check_study(report, capsys, monkeypatch)
    assert said[1].startswith(f"{CHAPTER}:{figure}: ") and "“visit”; use one of" in said[1]
    assert said[2].startswith(f"{CHAPTER}:{finding}: readers.ebooks has no finding “yess”; did you mean “yes”?")
    assert len(said) == 4


ROWS_AT_ONCE = {
    "an empty file": (lambda _: "", ["the file is empty; restore it"]),
    "semicolons": (lambda text: text.replace(",", ";"), ["row 1: columns are separated by semicolons; save the file"]),
    "tabs": (lambda text: text.replace(",", "\t"), ["row 1: columns are separated by tabs; save the file with"]),
    "an empty row": (lambda text: text + ",,,,,,,\n", ["row 62: is empty; remove it"]),
    "a second heading": (
        lambda text: text.replace("\n", "\n" + ",".join(["Response"] * 8) + "\n", 1),
        ["row 2: holds no answers, but other things in 7 of 8 cells, such as “Response” in the column “content_"]),
    "a column twice": (
        lambda text: text.replace("visits", "ebooks", 1),
        ["row 1: the column “visits” is missing; add it", "row 1: the column “ebooks” stands twice; remove one"]),
    "columns without a name": (
        lambda text: "\n".join(line + "," for line in text.splitlines()) + "\n", ["row 1: column 9 has no name"]),
    "NUL": (lambda text: text.replace("market", "mar\0ket", 1), ["row 2, column “branch”: “mar␀ket” is not declared"]),
    "many other answers": (
        lambda text: "\n".join(line.replace(",market,", f",m{n},") for n, line in enumerate(text.splitlines())) + "\n",
        [f"“m{n}” is not declared" for n in (1, 2)] + ["other values of this column; correct them too"]),
}


@pytest.mark.parametrize(("spoil", "told"), ROWS_AT_ONCE.values(), ids=ROWS_AT_ONCE)
def test_what_is_wrong_with_rows_is_said_in_words_that_help_and_once(report, spoil, told):
    text = (report / ROWS).read_text("utf-8")
    (report / ROWS).write_text(spoil(text), "utf-8", newline="")
    _, faults = inspect_study(report / "data" / "readers", sealed=False)
    said = [str(fault) for fault in faults.found]
    for words in told:
        assert sum(words in line for line in said) == 1, said
    assert len(said) <= max(len(told), 6), said


def test_wherever_all_faults_are_gathered_the_first_of_them_is_what_a_build_stops_at(report):
    change(report, STUDY, "kind: nominal", "kind: nominl")
    change(report, HYPOTHESES, "predictor: age", "predictor: ages")
    _, faults = inspect_study(report / "data" / "readers")
    with pytest.raises(DataError) as refused:
        read_study(report / "data" / "readers")
    assert str(refused.value) == str(faults.found[0])


def test_nothing_is_sealed_that_is_not_as_declared(report, capsys, monkeypatch):
    change(report, ROWS, "SYN-001,from-40", "SYN-001,from-41")
    change(report, ROWS, "SYN-002,from-65,market", "SYN-002,from-65,town")
    before = (report / STUDY).read_bytes()
    monkeypatch.chdir(report)
    assert cli.main(["seal", "readers"]) == 1
    told = capsys.readouterr()
    assert (report / STUDY).read_bytes() == before and "sealed" not in told.out
    assert [line.partition(": row ")[2][:18] for line in told.err.splitlines()] == [
        "2, column “age”: “", "3, column “branch”"]


@pytest.mark.parametrize("name", ["class", "2014-poll", "tables", "Visitors"])
def test_a_study_that_no_chapter_could_import_is_refused(report, name):
    (report / "data" / "readers").rename(report / "data" / name)
    change(report, f"data/{name}/datapackage.yaml", "name: readers", f"name: {name}")
    _, faults = inspect_study(report / "data" / name)
    assert f"chapters cannot import “{name}”" in str(faults.found[0])


def test_a_study_that_is_not_there_is_named_with_those_that_are(report, capsys, monkeypatch):
    monkeypatch.chdir(report)
    assert cli.main(["check-study", "reader"]) == 1
    assert "there is no study of this name; use one of readers" in capsys.readouterr().err


def test_rows_of_a_study_are_read_whole_whatever_is_gathered(report):
    study, faults = inspect_study(report / "data" / "readers")
    with (report / ROWS).open(encoding="utf-8") as file:
        assert not faults.found and len(study.responses.respondents) == len(list(csv.reader(file))) - 1
