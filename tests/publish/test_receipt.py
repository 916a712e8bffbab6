"""A build that would make the site in place makes nothing; whatever could make another one is built."""

from __future__ import annotations

import compileall
import json
import os
import shutil
from pathlib import Path

import pytest

from surveybook.folders import write_file
from surveybook.publish import receipt
from surveybook.publish.build import build
from surveybook.publish.builders import Builder, choose

BOOK = {
    "_quarto.yml": "project: {type: book, output-dir: site}\nbook: {title: Small, chapters: [index.qmd]}\n",
    "index.qmd": "# Home {.unnumbered}\n\n```{python}\nimport shares\nshares.read()\n```\n",
    "shares.py": "from pathlib import Path\n\n\ndef read():\n"
                 "    return [Path(name).read_text() for name in ('OUTSIDE', 'index_files/a.csv')]\n",
    "index_files/a.csv": "answer,count\nyes,22\n",  # where a render leaves what is of no book
    "data/answers.csv": "answer,count\nyes,22\n",
}
BUILDER = "the bundled renderer"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A folder with a small book, built once, whose cell reads a file outside of the book."""
    folder = tmp_path_factory.mktemp("receipt")
    (folder / "outside.txt").write_text("22", encoding="utf-8")
    for name, text in BOOK.items():
        path = folder / "book" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("OUTSIDE", str(folder / "outside.txt")), encoding="utf-8")
    make(folder / "book")
    return folder


@pytest.fixture
def book(built) -> Path:
    """The book with its site, to be changed, and put back afterwards."""
    book, safe = built / "book", built / "safe"
    shutil.copytree(book, safe, symlinks=True)
    outside = (built / "outside.txt").read_bytes()
    yield book
    shutil.rmtree(book)
    safe.rename(book)
    (built / "outside.txt").write_bytes(outside)


def make(book: Path) -> str:
    return build(book, choose("renderer"), lambda line: None)


def unchanged(book: Path) -> str:
    return receipt.unchanged(book, book / "site", receipt.state(book, book / "site", BUILDER))


def test_folders_in_the_places_of_what_is_kept_are_no_obstacle(book):
    kept = [path for path in (book / ".cache").rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert {"receipt.json", "record.json"} <= {path.name for path in kept}
    for path in kept:
        path.unlink()
        (path / "inner").mkdir(parents=True)
    for folder in [path for path in (book / ".cache").rglob("*") if path.is_dir()]:
        (folder / ".hidden" / "inner").mkdir(parents=True)
    assert "as it was" not in make(book) and (book / "site" / "index.html").is_file()


def test_pipes_in_the_places_of_what_is_kept_are_not_waited_for(book):
    for path in [path for path in (book / ".cache").rglob("*") if path.is_file()]:
        path.unlink()
        os.mkfifo(path)
    (book / "index.qmd").write_text("# Home {.unnumbered}\n", encoding="utf-8")
    assert "as it was" not in make(book) and (book / "site" / "index.html").is_file()


def test_a_full_disk_names_the_file_that_has_no_room():
    if not Path("/dev/full").exists():
        pytest.skip("only Linux has a device that is full")
    with pytest.raises(OSError, match="No space left on device: '/dev/full'"):
        write_file(Path("/dev/full"), b"x")


def test_an_unchanged_book_is_not_built_again(book):
    before = {path: path.stat().st_mtime_ns for path in (book / "site").rglob("*")}
    assert make(book) == "site: 1 page, 0 figures, 0 tables, as it was: nothing it is made from has changed; " \
                         "open site/index.html"
    assert {path: path.stat().st_mtime_ns for path in (book / "site").rglob("*")} == before


CHANGES = {
    "a chapter": lambda book: (book / "index.qmd").write_text("# Home {.unnumbered}\n", encoding="utf-8"),
    "a module": lambda book: (book / "shares.py").write_text("def read(): return 1\n", encoding="utf-8"),
    "data, by one digit": lambda book: (book / "data" / "answers.csv").write_text("answer,count\nyes,23\n", "utf-8"),
    "a new file": lambda book: (book / "data" / "more.csv").touch(),
    "a file less": lambda book: (book / "data" / "answers.csv").unlink(),
    "a file outside that a cell read": lambda book: (book.parent / "outside.txt").write_text("23", encoding="utf-8"),
    "what a cell read where a render leaves files": lambda book: (book / "index_files" / "a.csv").write_text("2"),
    "that file, gone": lambda book: (book.parent / "outside.txt").unlink(),
    "a page of the site": lambda book: (book / "site" / "index.html").write_text("changed", encoding="utf-8"),
    "a file more in the site": lambda book: (book / "site" / "more.html").touch(),
    "a file less in the site": lambda book: next((book / "site").rglob("*.css")).unlink(),
    "no site": lambda book: shutil.rmtree(book / "site"),
    "a receipt that is cut": lambda book: os.truncate(book / receipt.FILE, 100),
    "a receipt of another kind": lambda book: (book / receipt.FILE).write_text("[]", encoding="utf-8"),
    "no receipt": lambda book: (book / receipt.FILE).unlink(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_the_site_is_made_from_counts(book, change):
    assert unchanged(book)
    change(book)
    assert not unchanged(book)


@pytest.mark.parametrize(("name", "value"), [("LIMIT", "7"), ("EXECUTE", "jupyter")])
def test_settings_in_the_environment_count(book, name, value, monkeypatch):
    monkeypatch.setenv(name, value)
    assert not unchanged(book)


def test_a_tool_that_python_compiles_while_it_runs_is_the_same(book, monkeypatch, tmp_path):
    """As one is, that was installed without being compiled: else each first build would find it changed."""
    monkeypatch.setattr(receipt, "TOOL", tmp_path)
    (tmp_path / "tool.py").touch()
    before = receipt.state(book, book / "site", BUILDER)
    compileall.compile_dir(tmp_path, quiet=1)
    assert list(tmp_path.rglob("*.pyc")) and receipt.state(book, book / "site", BUILDER) == before


def test_another_builder_another_tool_and_other_packages_count(book, monkeypatch, tmp_path):
    assert not receipt.unchanged(book, book / "site", receipt.state(book, book / "site", "Quarto 1.9.38"))
    (tmp_path / "tool.py").touch()
    monkeypatch.setattr(receipt, "TOOL", tmp_path)
    assert not unchanged(book)
    monkeypatch.undo()
    monkeypatch.setattr(receipt, "_installed", lambda: ["pandas-0.dist-info"])
    assert not unchanged(book)


def test_the_same_files_in_another_folder_are_another_book(book, tmp_path):
    moved = Path(shutil.copytree(book, tmp_path / "moved"))
    assert not unchanged(moved)


@pytest.mark.parametrize("cell", ["import os; os.system('true')", "open('written', 'w').close()"])
def test_what_cannot_be_followed_gets_no_receipt(book, cell):
    (book / "index.qmd").write_text(f"# Home {{.unnumbered}}\n\n```{{python}}\n{cell}\n```\n", encoding="utf-8")
    make(book)
    assert not (book / receipt.FILE).exists() and not unchanged(book)


def test_what_changes_while_the_book_is_built_is_built_again(book):
    class Slow(Builder):
        def command(self, book: Path, output: Path) -> list[str]:
            (book / "data" / "answers.csv").write_text("answer,count\nyes,24\n", encoding="utf-8")
            return super().command(book, output)

    CHANGES["a module"](book)
    told: list[str] = []
    build(book, Slow(**vars(choose("renderer"))), told.append)
    assert "data/answers.csv changed while the book was built; building again" in told
    assert unchanged(book)


@pytest.mark.parametrize("was", [True, False])
def test_a_receipt_goes_along_with_a_site_that_gets_its_print(tmp_path, was):
    """And one that was no more for the site before is not for the one after."""
    site, kept = tmp_path / "site", tmp_path / receipt.FILE
    site.mkdir()
    kept.parent.mkdir()
    (site / "index.html").write_text("One", encoding="utf-8")
    kept.write_text(json.dumps({"counts": "1 page", "site": receipt.content(site) if was else "another"}), "utf-8")
    with receipt.renewed(tmp_path, site):
        (site / "report.pdf").write_bytes(b"%PDF")
    told = json.loads(kept.read_text(encoding="utf-8"))
    assert (told["site"] == receipt.content(site)) == was and told["counts"] == "1 page"
