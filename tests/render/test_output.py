"""What a build writes: all of a site or nothing of it, always the same, and only anew what has changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from project import files_of
from two_chapters import CHAPTER, QUARTO, SVG, refusal, write_book

from surveybook.render import output as writer
from surveybook.render.build import Result, build
from surveybook.render.problems import Refused


@pytest.fixture
def book(tmp_path) -> Callable[..., Path]:
    """book(one="...", two="..."): a book of two chapters with these texts."""
    return partial(write_book, tmp_path / "book")


def start(root: Path) -> subprocess.Popen:
    """A build of its own process."""
    return subprocess.Popen([sys.executable, "-m", "surveybook", "render", root], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def test_a_refused_build_leaves_the_last_site_and_nothing_else(book):
    root = book()
    build(root)
    before = files_of(root / "site")
    (root / "one.qmd").write_text("# One\n\n@fig-none\n")
    refusal(root)
    assert files_of(root / "site") == before
    assert [path.name for path in root.iterdir() if "building" in path.name] == []


def test_a_full_disk_is_one_sentence_and_leaves_the_last_site(book, monkeypatch):
    root = book()
    build(root)
    before = files_of(root / "site")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writer.shutil, "copyfile", full)
    [said] = refusal(root)
    assert "could not be written (No space left on device)" in said
    assert files_of(root / "site") == before


def test_a_folder_that_cannot_be_written_is_one_sentence(book, tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(Refused, match="could not be written"):
        build(book(), tmp_path / "taken" / "site")


def test_what_a_killed_build_left_is_removed_by_the_next(book):
    root = book()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = root / f".site.building-{dead.pid}"
    left.mkdir()
    (left / "index.html").write_text("half")
    build(root)
    assert not left.exists()


def test_a_build_killed_at_any_moment_leaves_a_whole_site(book):
    root = book()
    build(root)
    before = files_of(root / "site")
    (root / "one.qmd").write_text(CHAPTER + "Changed.\n")
    shutil.rmtree(root / ".cache")
    for seconds in (0.05, 0.2, 0.4, 0.6, 0.8):
        process = start(root)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()
        process.wait()
        after = files_of(root / "site")
        assert after == before or b"Changed." in after["one.html"] and set(after) == set(before)


def test_two_builds_at_once_end_in_one_whole_site(book):
    root = book()
    results: list[Result] = []
    threads = [threading.Thread(target=lambda: results.append(build(root))) for _ in range(2)]
    processes = [start(root) for _ in range(2)]
    threads[0].start()
    threads[0].join()
    assert [process.wait() for process in processes] == [0, 0]
    assert results and sorted(files_of(root / "site")) == [
        "index.html", "one.html", "search.json", "site_libs/base.css", "two.html"]
    assert [path.name for path in root.iterdir() if path.name.startswith(".site")] == []


def test_a_folder_that_is_no_site_is_not_written_over(book, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear")
    root = book()
    for target in (tmp_path / "home", root, tmp_path):
        with pytest.raises(Refused, match="name another folder with --output"):
            build(root, target)
    assert (tmp_path / "home" / "letter.txt").read_text() == "dear"


def test_a_symbolic_link_that_leads_out_is_refused(book, tmp_path):
    root = book(one=CHAPTER + "![](out.svg)\n")
    (tmp_path / "secret.svg").write_text(SVG)
    os.symlink(tmp_path / "secret.svg", root / "out.svg")
    assert refusal(root)[0].startswith("one.qmd:3: “out.svg” is a symbolic link that leads out of the folder")


def test_names_with_spaces_and_other_letters_are_found(book):
    root = book(one=CHAPTER + "[x](<kapitel ö/mein text.qmd#sec-ö>) ![](kapitel%20ö/ein%20bild.svg) "
                "@sec-ö [d](<kapitel ö/d.csv>)\n")
    folder = root / "kapitel ö"
    folder.mkdir()
    text = "# Ö\n\n## Ö {#sec-ö}\n\n![](<ein bild.svg>) [back](../one.qmd)\n"
    (folder / "mein text.qmd").write_text(text, encoding="utf-8")
    (folder / "ein bild.svg").write_text(SVG)
    (folder / "d.csv").write_text("a\n")
    (root / "_quarto.yml").write_text(QUARTO.replace("- two.qmd", '- "kapitel ö/mein text.qmd"'), encoding="utf-8")
    build(root)
    assert {"kapitel ö/mein text.html", "kapitel ö/ein bild.svg", "kapitel ö/d.csv"} <= set(files_of(root / "site"))


def test_a_big_chapter_and_thousands_of_references_are_rendered(book):
    many = "".join(f"## S{n} {{#sec-{n}}}\n\n@sec-{(7 * n) % 2000}\n\n" for n in range(2000))
    root = book(one=CHAPTER + many, two="# Two {#sec-two}\n\n" + "A *word* and another word of it.\n\n" * 12_000)
    build(root)
    html = (root / "site" / "one.html").read_text(encoding="utf-8")
    assert html.count('class="quarto-xref"') == 2000


# --- building again


def test_an_unchanged_page_is_not_converted_again_and_a_damaged_entry_is_not_trusted(book):
    root = book()
    build(root)
    before, kept = files_of(root / "site"), answers(root)
    build(root)
    assert answers(root) == kept
    for entry in kept:
        entry.write_bytes(entry.read_bytes().replace(b"Text", b"Lies"))
    build(root)
    assert files_of(root / "site") == before
    (root / "one.qmd").write_text(CHAPTER + "Changed.\n")
    kept = answers(root)
    build(root)
    assert len(answers(root)) == len(kept) and len(answers(root).items() & kept.items()) == len(kept) - 1


def answers(root: Path) -> dict[Path, int]:
    """What Pandoc's answers are kept in, and when each was written."""
    return {path: path.stat().st_mtime_ns for path in (root / ".cache" / "store" / "pandoc").iterdir()}
