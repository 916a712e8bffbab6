"""What Quarto froze is used again when, and only when, it was made from what stands now (without Quarto: by hand)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from project import files_of

from surveybook.boundary import LARGEST
from surveybook.folders import clear_place
from surveybook.publish import freeze

TEXT = {
    "_quarto.yml": "project:\n  type: book\n",
    "index.qmd": "# One\n\n{{< include parts/_start.qmd >}}\n",
    "parts/_start.qmd": '{{< include "_deep one.qmd" >}}\n',
    "parts/_deep one.qmd": "Deep.\n",
    "chapters/two.qmd": "# Two\n",
    "analysis/shares.py": "x = 1\n",
    "data/study/counts.csv": "a,1\n",
    "requirements.txt": "pandas==3\n",
    "README.md": "Read me.\n",
    "tests/test_x.py": "\n",
}
ALL = ["chapters/two", "index"]


def write(book: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (book / name).parent.mkdir(parents=True, exist_ok=True)
        (book / name).write_text(text, encoding="utf-8")


@pytest.fixture
def book(tmp_path) -> Path:
    write(tmp_path, TEXT)
    return tmp_path


def drop(book: Path) -> list[str]:
    return freeze.drop(book, book / "site")


def record(book: Path) -> None:
    freeze.record(book, book / "site")


def execute(book: Path, *names: str, result: str = "{}") -> None:
    """What Quarto does: freeze what is not frozen, and leave what is."""
    for name in names or ALL:
        folder = book / "_freeze" / name
        if not (folder / "execute-results").exists():
            picture = {f"_freeze/{name}/figure-html/bars.png": "bars"}
            write(book, {f"_freeze/{name}/execute-results/html.json": result, **picture})
    write(book, {"site/index.html": "made", "chapters/two_files/libs/x.js": "made", "index.quarto_ipynb": "made"})


def render(book: Path) -> list[str]:
    """One render; the chapters that had to be run again because they were stale."""
    dropped = drop(book)
    execute(book)
    record(book)
    return dropped


def test_nothing_is_run_again_while_nothing_changes(book):
    assert render(book) == []
    assert render(book) == []
    assert render(book) == []


INPUTS = {
    "data": ({"data/study/counts.csv": "a,2\n"}, ALL),
    "a new data file": ({"data/study/more.csv": "b,1\n"}, ALL),
    "a module": ({"analysis/shares.py": "x = 2\n"}, ALL),
    "a new folder": ({"models/fit.py": "y = 1\n"}, ALL),
    "locked requirements": ({"requirements.txt": "pandas==4\n"}, ALL),
    "settings": ({"_quarto.yml": "execute:\n  echo: true\n"}, ALL),
    "a folder whose name ends as those that a render leaves": ({"data/raw_files/a.csv": "1"}, ALL),
    "the text of a chapter": ({"chapters/two.qmd": "# Two\n\nMore.\n"}, ["chapters/two"]),
    "a heading of a chapter, to which a table may lead": ({"chapters/two.qmd": "# Two\n\n## More {#sec-more}\n"}, ALL),
    "what an included page includes": ({"parts/_deep one.qmd": "Deeper.\n"}, ["index"]),
    "the project's own description": ({"README.md": "Read more.\n"}, []),
    "tests": ({"tests/test_x.py": "assert True\n"}, []),
}


@pytest.mark.parametrize(("change", "stale"), INPUTS.values(), ids=INPUTS)
def test_a_change_makes_stale_what_was_made_from_it(change, stale, book):
    render(book)
    write(book, change)
    assert drop(book) == stale
    assert [name for name in ALL if (book / "_freeze" / name / "execute-results").exists()] == [
        name for name in ALL if name not in stale
    ]
    execute(book)
    record(book)
    assert render(book) == []


def test_a_renamed_or_removed_file_makes_stale_too(book):
    render(book)
    (book / "data/study/counts.csv").rename(book / "data/study/numbers.csv")
    assert render(book) == ALL
    (book / "chapters/two.qmd").unlink()
    assert "chapters/two" in drop(book)


def test_another_python_makes_stale(book, monkeypatch):
    render(book)
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert render(book) == ALL


def test_what_was_frozen_without_a_record_is_not_trusted(book):
    execute(book)
    assert drop(book) == ALL
    assert not list((book / "_freeze").rglob("*.json")) and not list((book / "_freeze").rglob("*.png"))


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"frozen": []}', '{"frozen": {"index": 7}}', "null"])
def test_a_damaged_record_is_no_record(damage, book):
    render(book)
    write(book, {str(freeze.RECORD): damage})
    assert render(book) == ALL
    assert render(book) == []


def lay_huge(path: Path) -> None:
    with open(path, "wb") as file:
        file.truncate(2 * LARGEST)  # nothing of it is on the disk


STRANGE = {
    "a file that no memory holds": ("index/execute-results/html.json", lay_huge),
    "a file that is a pipe": ("index/execute-results/html.json", os.mkfifo),
    "a file that leads out": ("index/figure-html/bars.png", lambda path: path.symlink_to("../../../../dear/letter")),
    "a folder that leads out": ("index/execute-results", lambda path: path.symlink_to("../../../dear")),
    "pictures that lead out": ("index/figure-html", lambda path: path.symlink_to("../../../dear")),
    "all that was frozen leads out": ("", lambda path: path.symlink_to("../dear")),
}


@pytest.mark.parametrize(("place", "lay"), STRANGE.values(), ids=STRANGE)
def test_what_no_render_froze_is_no_result_and_nothing_outside_goes(place, lay, book):
    (book / "book").mkdir()
    write(book / "book", TEXT)
    write(book, {"dear/letter": "{}", "dear/index/execute-results/html.json": "{}"})
    before, book = files_of(book / "dear"), book / "book"
    drop(book)
    execute(book)
    clear_place(book / "_freeze" / place)
    lay(book / "_freeze" / place)
    record(book)
    assert place == "" or "index" in drop(book)
    drop(book)
    assert files_of(book.parent / "dear") == before and not (book / "_freeze/index/execute-results").exists()


@pytest.mark.parametrize("made", ["execute-results/html.json", "figure-html/bars.png"])
def test_a_result_that_is_not_the_one_recorded_is_dropped(made, book):
    """A page rendered alone is frozen without a record being made."""
    render(book)
    write(book, {f"_freeze/index/{made}": "another"})
    assert drop(book) == ["index"]


def test_a_render_that_failed_leaves_no_result_that_is_trusted(book):
    render(book)
    write(book, {"data/study/counts.csv": "a,2\n"})
    drop(book)
    execute(book, "chapters/two", result="the new number")
    write(book, {"data/study/counts.csv": "a,1\n"})  # and the change is taken back
    assert drop(book) == ["chapters/two"]


def test_data_that_change_during_a_render_leave_no_result_that_is_trusted(book):
    drop(book)
    execute(book)
    write(book, {"data/study/counts.csv": "a,2\n"})
    record(book)
    assert drop(book) == ALL


def test_a_book_without_frozen_results_gets_no_record(book):
    assert drop(book) == []
    record(book)
    assert not (book / freeze.RECORD).exists() and not (book / "_freeze").exists()


def test_it_runs_as_a_hook_of_quarto_and_tells_what_is_run_again(book, root):
    def hook(when: str) -> str:
        environment = {**os.environ, "QUARTO_PROJECT_OUTPUT_DIR": str(book / "out"), "PYTHONPATH": str(root)}
        command = [sys.executable, "-m", "surveybook", "hook", when]
        return subprocess.run(command, cwd=book, env=environment, capture_output=True, text=True, check=True).stdout

    assert hook("before") == ""
    execute(book)
    write(book, {"out/index.html": "<html><head><title>x</title></head><body><main><h1>x</h1></main></body></html>"})
    assert hook("after") == ""
    assert hook("before") == ""
    write(book, {"chapters/two.qmd": "# Two\n\nAgain.\n"})
    assert hook("before") == "stale, so run again: chapters/two\n"
