"""A site is made of one state of the book: what changes meanwhile is built again, or refused in a sentence.

A small builder reads each input once, and something happens at each moment between; by tests marked exhaustive it reads
each three times, and the real one, which takes seconds, is met at 20 moments for each kind of input.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from project import ROOT, files_of

from surveybook.publish.build import Failed, build
from surveybook.publish.builders import Builder

INPUTS = ("data/a/counts.csv", "data/a/datapackage.yaml", "chapters/one.qmd", "references.bib", "CITATION.cff",
          "theme/report.css", "analysis/shares.py")
TIMES = pytest.mark.parametrize("times", [1, pytest.param(3, marks=pytest.mark.exhaustive)])  # that each is read
EDITS = {  # of the small book; its manifest lists each of them, and most are seen on its pages
    "data": ("data/councils/counts.csv", "Table 2", "Table 3"),
    "descriptor": ("data/councils/datapackage.yaml", "title: Councils", "title: New councils"),
    "chapter": ("chapters/residents.qmd", "Their ages are in", "How old they are is in"),
    "bibliography": ("references.bib", "pages = {1--9}", "pages = {1--8}"),
    "citation file": ("CITATION.cff", "A made-up report", "A report that is made up"),
    "theme": ("look.css", "navy", "green"),
    "module": ("analysis/__init__.py", "What the chapters", "What all chapters"),
}
PAGE = ('<!DOCTYPE html><html lang="en"><head><meta name="generator" content="quarto-1.9.38"><title>{0}</title></head>'
        "<body><main><h1>{0}</h1></main></body></html>")


class Reader(Builder):
    """Reads one input after the other into its page, so many times, and lets something happen before one of them."""

    times = 1

    def happening(self, moment: int, event: Callable[[], None], times: int = 1) -> Reader:
        object.__setattr__(self, "times", times)
        object.__setattr__(self, "event", {moment: event})
        return self

    def command(self, book: Path, output: Path) -> list[str]:
        read = []
        for moment, name in enumerate((*INPUTS * self.times, "")):
            self.event.get(moment, lambda: None)()
            read += [word(book, name)] if name else []
        output.mkdir(parents=True)
        (output / "index.html").write_text(PAGE.format(" ".join(read)))
        return ["true"]


def put(book: Path, name: str, word: str) -> None:
    (book / name).write_text(f"resources: [] # {word}")


def word(book: Path, name: str) -> str:
    return (book / name).read_text().split()[-1]


@pytest.fixture
def book(tmp_path) -> Path:
    for name in INPUTS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        put(tmp_path, name, "old")
    return tmp_path


def site(book: Path, moment: int, event: Callable[[], None], times: int = 1) -> str:
    build(book, Reader("a builder", "for a test", ()).happening(moment, event, times), lambda line: None)
    return (book / "site" / "index.html").read_text()


@TIMES
@pytest.mark.parametrize("name", INPUTS)
def test_whatever_changes_at_whatever_moment_the_site_is_of_one_state(name, times, book):
    for moment in range(len(INPUTS) * times + 1):
        put(book, name, "old")
        found = site(book, moment, lambda: put(book, name, "new"), times)
        assert found == PAGE.format(" ".join("new" if one == name else "old" for one in INPUTS * times)), moment


@TIMES
def test_all_that_changes_while_it_is_read_is_read_again(times, book):
    for moment in range(len(INPUTS) * times + 1):
        for name in INPUTS:
            put(book, name, "old")
        found = site(book, moment, lambda: [put(book, name, "new") for name in INPUTS], times)
        assert found == PAGE.format(" ".join(["new"] * len(INPUTS) * times))


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", EDITS)
def test_whatever_changes_while_the_small_copy_is_built_its_site_is_of_one_state(kind, small_copy, tmp_path):
    """The moments are parts of the time that a build took; wherever they fall, there are but two sites."""
    book, moments = small_copy(tmp_path / "book"), int(os.environ.get("MOMENTS", "20"))
    name, old, new = EDITS[kind]
    (book / "look.css").write_text("em { color: navy }\n")
    settings = (book / "_quarto.yml").read_text()
    (book / "_quarto.yml").write_text(settings.replace("theme: default", "theme: default\n    css: look.css"))
    texts = [(book / name).read_text(), (book / name).read_text().replace(old, new, 1)]

    def start(*words: str) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, "-m", "surveybook", *words], cwd=book, stdout=subprocess.DEVNULL,
                                env={**os.environ, "PYTHONPATH": str(ROOT), "BUILDER": "renderer"})

    sealed, sites, longest = [], [], 0.0
    for text in texts:
        (book / name).write_text(text)
        assert start("seal", "councils").wait() == 0
        sealed.append([(one, one.read_bytes()) for one in (book / name, book / "data/councils/datapackage.yaml")])
        began = time.monotonic()
        assert start("build").wait() == 0
        sites.append(files_of(book / "site"))
        longest = time.monotonic() - began
    assert sites[0] != sites[1]
    for moment in range(moments):
        for path, content in sealed[moment % 2]:
            path.write_bytes(content)
        building = start("build")
        time.sleep(longest * moment / moments)
        for path, content in sealed[1 - moment % 2]:
            path.write_bytes(content)
        if building.wait() == 0:
            assert files_of(book / "site") in sites, moment
        else:  # the two files that it wrote did not fit in between
            assert start("build").wait() == 0
        assert start("build").wait() == 0 and files_of(book / "site") == sites[1 - moment % 2], moment


def test_what_is_changed_and_put_back_is_read_again(book):
    """The page saw what stood there for a moment, and both looks at the files the same."""
    events = iter([lambda: put(book, INPUTS[0], "moment")])

    class Restoring(Reader):
        def command(self, book: Path, output: Path) -> list[str]:
            next(events, lambda: None)()
            made = super().command(book, output)
            if word(book, INPUTS[0]) != "old":
                put(book, INPUTS[0], "old")
            return made

    build(book, Restoring("a builder", "for a test", ()).happening(-1, lambda: None), lambda line: None)
    assert "moment" not in (book / "site" / "index.html").read_text()


def test_a_book_that_never_rests_is_refused_in_a_sentence_and_the_site_stays(book):
    site(book, -1, lambda: None)
    before = (book / "site" / "index.html").read_text()
    words = iter("abcdefgh")
    with pytest.raises(Failed, match=r"data/a/counts.csv changed while the book was built, 3 times; build again once "
                                     r"that has come to an end; site/ is as it was"):
        site(book, 1, lambda: put(book, INPUTS[0], next(words)))
    assert (book / "site" / "index.html").read_text() == before


def test_a_book_that_writes_the_same_file_at_each_build_is_built(book):
    assert "old" in site(book, 3, lambda: (book / "made.txt").write_text("by the book itself"))
    os.utime(book / INPUTS[0])
    assert "old" in site(book, 3, lambda: (book / "made.txt").write_text("by the book itself"))
