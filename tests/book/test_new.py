"""A new report: what it begins with, that it builds and proves itself at once, and what is refused."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from commands import say
from project import ROOT, TOOL
from test_project import Stranger

import surveybook
from surveybook.errors import Refusal
from surveybook.publish.site.report import read_report
from surveybook.skeleton import FILES, make_report
from surveybook.skeleton.wheel import write_wheel
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.simulation.proof import prove_studies

TITLE = "Trees: a “survey” of 2026"  # with what YAML and the check for typed digits could stumble over
SAID = ("--title", TITLE, "--author", "Moss, Ada", "--author", "Tree's Project 7", "--licence", "CC0-1.0")
BINARY = (".png", ".zip", ".xlsx", ".whl", ".pyc")
EXPORT = ROOT / "tests" / "exports" / "limesurvey.csv"
OF_THIS_REPORT = re.compile(r"machine.learning|practitioner|interview|\bATLAS\b|adversarial|security", re.IGNORECASE)
OTHER_USES = re.compile(r"Content-Security-Policy|interviewer", re.IGNORECASE)

BINARY = {".png", ".zip", ".xlsx", ".whl", ".pyc"}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, str]:
    """A new report with all that can be said of it, and what was said when it was made."""
    folder = tmp_path_factory.mktemp("a place")
    told = say("new", "my-trees", *SAID, folder=folder, SOURCE_DATE_EPOCH="1772000000")
    return folder / "my-trees", told


@pytest.fixture(scope="module")
def built(made) -> Path:
    """The same with its site, built by the bundled renderer and checked."""
    say("build", folder=made[0])
    return made[0]


def texts(folder: Path) -> dict[str, str]:
    """Every file below a folder that is text, by its path; the tool that the report brings along is left out."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files
            if path.suffix not in BINARY and ".cache" not in path.relative_to(folder).parts}


# --- what is there


def test_it_tells_three_commands_to_go_on_with(made):
    assert made[1].splitlines() == [
        f"new: “{TITLE}” by Moss, Ada; Tree's Project 7, under CC0-1.0; change that in its CITATION.cff and "
        "_quarto.yml", "next:", "  cd my-trees", "  make site", "  make test"]


def test_every_file_is_there_and_nothing_is_left_to_fill_in(made):
    files = texts(made[0])
    assert set(files) == {path.relative_to(FILES).as_posix() for path in FILES.rglob("*")
                          if path.is_file() and "__pycache__" not in path.parts}
    assert {".gitignore", ".ci/run", ".github/workflows/site.yml", "CONTRIBUTING.md", "anchors.lock"} <= set(files)
    blanks = re.compile(r"\{\{(title|heading|authors|names|licence|date|version)\}\}")
    assert not [name for name, text in files.items() if blanks.search(text)]
    assert not [line for line in files["anchors.lock"].splitlines() if not line.startswith("#")]
    assert (made[0] / ".ci" / "run").stat().st_mode & 0o111


def test_title_authors_licence_and_day_stand_in_one_place_and_the_settings_agree(made):
    report = read_report(made[0])
    assert (report.title, report.licence, report.date) == (TITLE, "CC0-1.0", date(2026, 2, 25))
    assert [one.inverted for one in report.authors] == ["Moss, Ada", "Tree's Project 7"]


def test_a_title_that_is_changed_in_one_file_alone_is_refused(made, tmp_path):
    for name in ("CITATION.cff", "_quarto.yml"):
        (tmp_path / name).write_text((made[0] / name).read_text(encoding="utf-8"), encoding="utf-8")
    citation = (tmp_path / "CITATION.cff").read_text(encoding="utf-8")
    (tmp_path / "CITATION.cff").write_text(citation.replace("Trees", "Hedges"), encoding="utf-8")
    with pytest.raises(Refusal, match=r"_quarto\.yml:\d+: title is “Trees: .*”, but CITATION\.cff has “Hedges: .*”"):
        read_report(tmp_path)


def test_what_is_not_said_is_taken_from_the_folder_and_from_git(tmp_path, monkeypatch):
    (tmp_path / "config").write_text('[user]\n\tname = "Ada Moss"\n', encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    said = make_report(tmp_path / "who_waters-trees")
    assert (said.title, said.authors, said.licence) == ("Who waters trees", ("Ada Moss",), "CC-BY-4.0")
    (tmp_path / "config").write_text("", encoding="utf-8")
    assert make_report(tmp_path / "again").authors == ("The authors",)
    assert read_report(tmp_path / "again").title == "Again"


def test_the_settings_have_no_key_that_those_of_this_report_have_not(made):
    """Quarto builds this report, so it knows them."""

    def keys(value: object, path: str = "") -> set[str]:
        if isinstance(value, list):
            return {key for one in value for key in keys(one, f"{path}[]")}
        if isinstance(value, dict):
            return {key for name, one in value.items() for key in (f"{path}.{name}", *keys(one, f"{path}.{name}"))}
        return set()

    mine, this = (yaml.safe_load((folder / "_quarto.yml").read_text(encoding="utf-8")) for folder in (made[0], ROOT))
    assert keys(mine) <= keys(this)


def test_its_requirements_name_the_version_that_lies_beside_them_and_no_place_on_the_web(made):
    lines = (made[0] / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == [f"surveybook=={surveybook.__version__}"]
    (wheel,) = (made[0] / "wheels").iterdir()
    assert wheel.name == f"surveybook-{surveybook.__version__}-py3-none-any.whl"
    for name in ("requirements.txt", "requirements-dev.txt", "Makefile", ".ci/run"):
        assert "://" not in (made[0] / name).read_text(encoding="utf-8")


def test_the_tool_in_it_is_the_one_that_made_it_and_the_same_each_time(made):
    (wheel,) = (made[0] / "wheels").iterdir()
    assert wheel.read_bytes() == write_wheel()[1]
    with zipfile.ZipFile(BytesIO(wheel.read_bytes())) as archive:
        assert archive.read("surveybook/cli.py") == (ROOT / "surveybook" / "cli.py").read_bytes()
        about = [name for name in archive.namelist() if ".dist-info/" in name]
        assert not [name for name in about if OF_THIS_REPORT.search(archive.read(name).decode().replace(
            (ROOT / "LICENSE").read_text(encoding="utf-8"), ""))]


# --- its study


def test_its_study_is_what_its_model_draws_and_shows_questions_of_every_kind(made):
    prove_studies(made[0])
    study = read_study(made[0] / "data" / "readers", made[0])
    assert study.simulated
    assert {question.kind for question in study.questions.values()} == {
        "yes-no", "ordered", "nominal", "multi-select", "count"}
    assert len(study.hypotheses) == 2


def test_what_it_cites_is_cited_and_is_as_this_report_has_it(made):
    def entries(path: Path) -> dict[str, str]:
        found = re.split(r"\n(?=@)", path.read_text(encoding="utf-8"))
        return {re.match(r"@\w+\{([^,]+),", one)[1]: one.strip() for one in found if one.startswith("@")}

    own, this = entries(made[0] / "references.bib"), entries(ROOT / "references.bib")
    prose = "".join(text for name, text in texts(made[0]).items() if name.endswith((".qmd", ".md")))
    assert own == {key: this[key] for key in own}
    assert set(own) == {key for key in re.findall(r"@([a-z]+\d{4})\b", prose)}


# What the chapters of this report tell otherwise, as they have something to point at
TOLD_OTHERWISE = {
    "methods": [
        "If $x$ of $n$ respondents gave", "A share that is read alone", "With @eq-bonferroni", "Common approximations",
        "Numbers, such as years,", "The probability is exact", "So the hypotheses of a family",
        "For each measure, the smallest size", "With the whole level,"],
    "glossary": ["The number of respondents that a", "How often a survey", "All that belongs to one hypothesis",
                 "They show how a questionnaire"],
    "few-people": [], "verify": [], "citing": [], "downloads": ["Answers of single people are in it only"],
}


@pytest.mark.parametrize("name", TOLD_OTHERWISE)
def test_what_is_true_of_any_study_is_told_in_the_words_of_this_report(name):
    """Whoever mends a sentence in one of them has to mend it in both."""
    chapter = {"few-people": "data", "verify": "rebuild", "citing": "rebuild", "downloads": "rebuild"}.get(name, name)
    here = set((ROOT / "chapters" / f"{chapter}.qmd").read_text(encoding="utf-8").splitlines())
    lines = (FILES / "shared" / f"{name}.md").read_text(encoding="utf-8").splitlines()
    others = [line for line in lines if line not in here]
    assert len(others) == len(TOLD_OTHERWISE[name])
    assert all(map(str.startswith, others, TOLD_OTHERWISE[name]))


# --- its site


def test_its_site_has_no_fault(built):
    assert say("check", "site", folder=built).endswith("no fault found\n")


def test_each_page_of_the_study_says_that_it_is_simulated_and_the_others_name_no_study(built):
    for page in sorted((built / "site" / "chapters").glob("*.html")):
        text = page.read_text(encoding="utf-8")
        assert ("simulated-page" in text) == page.name.startswith("readers"), page.name
    shared = texts(FILES / "shared") | {name: text for name, text in texts(FILES / "chapters").items()
                                        if not name.startswith("readers")}
    assert not [name for name, text in shared.items() if re.search(r"\breaders\b", text)]


def test_no_word_of_this_report_is_in_it(built):
    found = {name: one[0] for name, text in texts(built).items()
             if not name.startswith("site/site_libs/") and (one := OF_THIS_REPORT.search(OTHER_USES.sub("", text)))}
    assert found == {}


def test_its_own_tests_pass_and_a_second_build_is_the_same_to_the_byte(built):
    ended = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=built, text=True,
                           env={**TOOL, "BUILDER": "renderer"}, stdin=subprocess.DEVNULL, capture_output=True)
    assert re.search(r"^5 passed", ended.stdout, re.MULTILINE), ended.stdout + ended.stderr


# --- its make targets, with a stand-in for Python that notes what it is asked


def test_its_make_targets_make_the_environment_from_what_lies_beside_them(tmp_path):
    make_report(tmp_path / "my-report", authors=["Ada"])
    user = Stranger(tmp_path / "my-report", tmp_path / "programs")
    install = "-m pip install --find-links wheels --requirement requirements"
    assert user.run("make", "site").returncode == 0
    assert user.asked() == ["-m venv --clear .venv", f"{install}.txt", "-m surveybook build"]
    user.run("make", "test")
    assert user.asked() == [f"{install}-dev.txt", "-m pytest"]
    user.run("make", "simulate")
    assert user.asked() == ["-m surveybook simulate readers"]
    assert user.run(".ci/run").returncode == 0
    assert user.asked() == ["-m surveybook build", "-m surveybook check site", "-m pytest"]
    (user.folder / "constraints.txt").write_text("pytest==9.0.0\n", encoding="utf-8")
    user.run("make", "site")
    assert user.asked() == [f"{install.replace(' --req', ' --constraint constraints.txt --req')}.txt",
                            "-m surveybook build"]


def test_make_alone_lists_every_target(tmp_path):
    make_report(tmp_path / "my-report", authors=["Ada"])
    user = Stranger(tmp_path / "my-report", tmp_path / "programs")
    targets = re.findall(r"^([a-z]+):", (user.folder / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [line.split()[1] for line in user.run("make").stdout.splitlines()] == targets


# --- what is refused, in one sentence


def full(folder: Path) -> Path:
    (folder / "full").mkdir()
    (folder / "full" / "notes.txt").touch()
    return folder / "full"


def inside(folder: Path) -> Path:
    (folder / "_quarto.yml").touch()
    return folder / "chapters" / "another"


def a_file(folder: Path) -> Path:
    (folder / "notes").touch()
    return folder / "notes"


@pytest.mark.parametrize(("place", "told"), [
    (full, "^full is a folder with something in it, which could be lost; choose another name, or empty it$"),
    (a_file, "^notes is a file already; choose another name$"),
    (inside, r"is a report already \(_quarto\.yml\), and a report inside of another one .*; go to another folder$"),
    (lambda folder: folder / "my report", "^“my report” is no name for the folder of a report; .* such as my-report$"),
    (lambda folder: folder / ".hidden", "^“.hidden” is no name for .* such as hidden$"),
    (lambda folder: folder / "a\nb", "is no name for the folder of a report; .* such as a-b$"),
    (lambda folder: folder / "?", "^“\\?” is no name for the folder of a report; .* such as my-report$"),
])
def test_a_place_where_no_report_can_be_is_refused_and_nothing_is_written(tmp_path, place, told):
    where = place(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Refusal, match=told):
        make_report(where)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(("said", "told"), [
    ({"title": "Two\nlines"}, "^--title is empty, or more than a line; write it in one line$"),
    ({"title": "  "}, "^--title is empty"), ({"authors": [""]}, "^--author is empty"),
    ({"authors": ["Moss, Ada, Reed, Eli"]}, "^“Moss, Ada, Reed, Eli” could be several people; give each an --author"),
    ({"licence": "CC BY 4.0"}, "^“CC BY 4.0” is no name of a licence that programs know; .* such as CC-BY-4.0"),
])
def test_words_that_cannot_be_used_are_refused_and_nothing_is_written(tmp_path, said, told):
    with pytest.raises(Refusal, match=told):
        make_report(tmp_path / "my-report", **said)
    assert not (tmp_path / "my-report").exists()


def test_a_folder_that_git_just_made_can_be_filled(tmp_path):
    (tmp_path / "cloned" / ".git").mkdir(parents=True)
    make_report(tmp_path / "cloned", authors=["Ada"])
    assert (tmp_path / "cloned" / "index.qmd").is_file()


# --- with answers of one's own


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> tuple[Path, str]:
    """A new report whose study is an export, and what was said when it was made."""
    folder = tmp_path_factory.mktemp("answers")
    told = say("new", "rides", "--title", "Rides", "--from", EXPORT, folder=folder)
    return folder / "rides", told


def test_exported_answers_take_the_place_of_the_example(own):
    files = texts(own[0])
    assert not [name for name, text in files.items() if "readers" in name or "Readers of a library" in text]
    assert {"index.qmd", "chapters/limesurvey.qmd", "data/limesurvey/responses.csv"} <= set(files)
    chapters = yaml.safe_load(files["_quarto.yml"])["book"]["chapters"]
    assert chapters[0] == "index.qmd" and [one["part"] for one in chapters[1:3]] == ["Rides", "Behind the numbers"]
    assert "from analysis import boxes, limesurvey" in files["index.qmd"]
    assert not [name for name, text in files.items() if "{{#" in text or "surveybook/schemas/" in text]


def test_what_was_guessed_is_told_before_how_to_go_on(own):
    lines = own[1].splitlines()
    assert lines[-4:] == ["next:", "  cd rides", "  make site", "  make test"]
    assert any(line.startswith("limesurvey: what was guessed, the most doubtful first") for line in lines)
    assert any("whoever can read the repository of this report can read it" in line for line in lines)


def test_the_front_page_and_all_chapters_of_it_can_be_run(own):
    assert say("check-study", "limesurvey", folder=own[0]).startswith("limesurvey: no fault found")


def test_the_next_export_keeps_a_front_page_that_was_written_and_brings_another_up_to_date(own):
    again = ("study", EXPORT)
    before = (own[0] / "index.qmd").read_text("utf-8")
    say(*again, folder=own[0])
    assert (own[0] / "index.qmd").read_text("utf-8") == before
    (own[0] / "index.qmd").write_text("# Mine {#sec-mine}\n", "utf-8")
    assert "kept as you wrote them: index.qmd" in say(*again, folder=own[0])
    assert (own[0] / "index.qmd").read_text("utf-8") == "# Mine {#sec-mine}\n"


@pytest.mark.parametrize(("name", "content", "words"), [
    ("gone.csv", None, "gone.csv"), ("empty.csv", "", "empty"), ("names.csv", "Name\nAda\nBob\n", "one column alone")])
def test_nothing_is_made_of_answers_that_cannot_be_read(tmp_path, name, content, words):
    if content is not None:
        (tmp_path / name).write_text(content, "utf-8")
    assert words in say("new", "mine", "--from", name, folder=tmp_path, fails=True)
    assert not (tmp_path / "mine").exists()
