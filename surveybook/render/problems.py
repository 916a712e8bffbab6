"""What is wrong with a book, where, and what to do: collected, so that all of it is reported at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from surveybook.errors import Refusal


@dataclass(frozen=True, order=True)
class Problem:
    """One fault of a book: `file` relative to the book's folder, `line` from 1 (0: the file as a whole)."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}; {self.remedy}"


class Refused(Refusal):
    """The book cannot be rendered: carries every Problem found, sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def nearest(name: str, known: Iterable[str]) -> str:
    """'did you mean “x”? ' for the known name closest to `name`, or an empty string."""
    found = get_close_matches(name, list(known), n=1)
    return f"did you mean “{found[0]}”? " if found else ""
