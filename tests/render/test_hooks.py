"""The project's own scripts before and after a render: what they are told, and that a failure costs nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from surveybook.publish.finish import finish
from surveybook.publish.site.originals import Lost

BOOK = """project:
  type: book
  pre-render: before.py one "two words"
  post-render: [after.py]
book:
  title: "A book"
  chapters: [index.qmd]
"""
BEFORE = """import os, sys
open("told.txt", "w").write(repr([*sys.argv[1:], os.environ["QUARTO_PROJECT_INPUT_FILES"]]))
"""
AFTER = """import os, pathlib
page = pathlib.Path(os.environ["QUARTO_PROJECT_OUTPUT_FILES"])
assert page.samefile(pathlib.Path(os.environ["QUARTO_PROJECT_OUTPUT_DIR"], "index.html"))
page.write_text(page.read_text().replace("Some text", "Finished text"))
"""


@pytest.fixture
def book(tmp_path) -> Path:
    for name, text in {"_quarto.yml": BOOK, "index.qmd": "# Hello {.unnumbered}\n\nSome text.\n", "before.py": BEFORE,
                       "after.py": AFTER}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def render(book: Path) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "surveybook", "render", str(book), "--output", str(book / "site")],
                          capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_scripts_run_in_the_folder_of_the_book_before_and_after_the_render(book):
    ended = render(book)
    assert ended.returncode == 0, ended.stderr
    assert (book / "told.txt").read_text() == "['one', 'two words', 'index.qmd']"
    assert "Finished text" in (book / "site" / "index.html").read_text()


def test_a_script_that_fails_leaves_the_last_site_as_it_was(book):
    render(book)
    before = (book / "site" / "index.html").read_bytes()
    (book / "after.py").write_text(f"{AFTER}raise SystemExit('no room')", encoding="utf-8")
    ended = render(book)
    assert ended.returncode == 1
    assert "no room" in ended.stderr
    assert "_quarto.yml:4: “after.py” under post-render failed; see what it says above" in ended.stderr
    assert (book / "site" / "index.html").read_bytes() == before


@pytest.mark.parametrize("name", ["after.sh", "gone.py"])
def test_what_is_no_python_script_of_the_book_is_refused(book, name):
    (book / "after.sh").write_text("true", encoding="utf-8")
    (book / "_quarto.yml").write_text(BOOK.replace("after.py", name), encoding="utf-8")
    ended = render(book)
    assert ended.returncode == 1 and not (book / "site").exists()
    assert f"_quarto.yml:4: “{name}” under post-render is no Python script of the book" in ended.stderr


# --- finishing twice, as Quarto does when it renders a single chapter


PAGE = "<!DOCTYPE html><html lang='en'><head><title>A</title></head><body><main><h1>A</h1>{}</main></body></html>"


def test_a_page_that_is_finished_already_is_made_anew_from_what_was_rendered(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    value = '<p><span class="finding simulated" data-label="Simulated data" data-from="a.b">1</span></p>'
    for name in ("one.html", "two.html"):
        (site / name).write_text(PAGE.format(value), encoding="utf-8")
    finish(tmp_path, site)
    first = {name: (site / name).read_bytes() for name in ("one.html", "two.html")}
    (site / "one.html").write_text(PAGE.format(value), encoding="utf-8")
    finish(tmp_path, site)
    assert {name: (site / name).read_bytes() for name in first} == first
    assert first["two.html"].count(b"simulated-page") == 1


def test_a_finished_page_without_what_it_was_made_from_asks_for_a_whole_render(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "one.html").write_text(PAGE.format(""), encoding="utf-8")
    finish(tmp_path, site)
    for copy in (tmp_path / ".cache" / "store" / "rendered").iterdir():
        copy.unlink()
    with pytest.raises(Lost, match="one.html: it is finished, .* render the whole book"):
        finish(tmp_path, site)
