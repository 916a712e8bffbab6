"""What is told of a build: in place on a terminal, a line each elsewhere, nothing to whoever asks for quiet."""

from __future__ import annotations

import io

import pytest

from surveybook.render.progress import CLEAR, Progress

LINES = ["1/2 index.qmd", "2/2 a-chapter-with-a-very-long-name.qmd"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(stream: io.StringIO, quiet: bool = False) -> str:
    with Progress(quiet, stream) as say:
        for line in LINES:
            say(line)
    return stream.getvalue()


def test_elsewhere_each_line_stands_by_itself():
    assert told(io.StringIO()) == "".join(f"{line}\n" for line in LINES)


def test_on_a_terminal_each_line_takes_the_place_of_the_one_before_and_none_is_left(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    written = told(Terminal())
    assert written == f"{CLEAR}1/2 index.qmd{CLEAR}2/2 a-chapter-with…{CLEAR}"
    assert max(map(len, written.split(CLEAR))) < 20, "a line that is broken could not be taken back"


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_nothing_is_told_to_whoever_asks_for_quiet(stream):
    assert told(stream(), quiet=True) == ""
