"""A site is made of one state of the book: what changes meanwhile is built again, or refused in a sentence."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from surveybook.publish.build import Failed, build
from surveybook.publish.builders import Builder

INPUTS = ("data/a/counts.csv", "data/a/datapackage.yaml", "chapters/one.qmd", "references.bib", "CITATION.cff",
          "theme/report.css", "analysis/shares.py")
PAGE = ('<!DOCTYPE html><html lang="en"><head><meta name="generator" content="quarto-1.9.38"><title>{0}</title></head>'
        "<body><main><h1>{0}</h1></main></body></html>")


class Reader(Builder):
    """Reads one input after the other into its page, and lets something happen before one of them."""

    def happening(self, moment: int, event: Callable[[], None]) -> Reader:
        object.__setattr__(self, "event", {moment: event})
        return self

    def command(self, book: Path, output: Path) -> list[str]:
        read = []
        for moment, name in enumerate((*INPUTS, "")):
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


def site(book: Path, moment: int, event: Callable[[], None]) -> str:
    build(book, Reader("a builder", "for a test", ()).happening(moment, event), lambda line: None)
    return (book / "site" / "index.html").read_text()


@pytest.mark.parametrize("name", INPUTS)
def test_whatever_changes_at_whatever_moment_the_site_is_of_one_state(name, book):
    for moment in range(len(INPUTS) + 1):
        put(book, name, "old")
        found = site(book, moment, lambda: put(book, name, "new"))
        assert found == PAGE.format(" ".join("new" if one == name else "old" for one in INPUTS)), moment


def test_all_that_changes_while_it_is_read_is_read_again(book):
    for moment in range(len(INPUTS) + 1):
        for name in INPUTS:
            put(book, name, "old")
        found = site(book, moment, lambda: [put(book, name, "new") for name in INPUTS])
        assert found == PAGE.format(" ".join(["new"] * len(INPUTS)))


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
