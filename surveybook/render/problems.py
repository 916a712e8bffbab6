"""What is wrong with a book, where, and what to do: collected, so that all of it is reported at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from surveybook.errors import Refusal

REFUSED = " raised DataError: "  # what a cell says of data that its author can mend


@dataclass(frozen=True, order=True)
class Problem:
    """One fault of a book: `file` relative to the book's folder, `line` from 1 (0: the file as a whole).

    `undone`: it is none of the author's, but something of Quarto that is not done here; on the page stands a box in its
    place, if it has one, for a build that goes on all the same.
    """

    file: str
    line: int
    what: str
    remedy: str
    undone: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}; {self.remedy}"


class Refused(Refusal):
    """The book cannot be rendered: carries every Problem found, sorted by file and line.

    `partial` is what was made all the same, without what is wrong, so that the next step finds what is wrong for it.
    """

    def __init__(self, problems: Iterable[Problem], partial: Any = None):
        self.problems, self.partial = sorted(set(problems)), partial
        super().__init__("\n".join(_told(self.problems)))


def _told(problems: Iterable[Problem]) -> Iterator[str]:
    """Each problem; what cells of several pages were refused in the same words, as it lies in a file that they all
    read, is told once."""
    places: dict[tuple[str, str], list[Problem]] = {}
    for one in problems:
        alike = (one.what, one.remedy) if REFUSED in one.what else (str(one), "")
        places.setdefault(alike, []).append(one)
    for first, *others in places.values():
        yield str(first)
        if others:
            yield f"  the same in {', '.join(dict.fromkeys(one.file for one in others))}"


def box(written: str) -> str:
    """The Markdown, in a line, of what stands in the place of something that is not done here."""
    ticks = "`" * (1 + max(map(len, re.findall("`+", written)), default=0))
    return f"[Not rendered here: {ticks} {' '.join(written.split())} {ticks}]{{.not-rendered}}"


def attempt(action: Callable, problems: list[Problem]) -> Any:
    """What `action` gives, or what it made all the same, its problems noted: so that one build tells all of them."""
    try:
        return action()
    except Refused as refused:
        problems += refused.problems
        return refused.partial


def nearest(name: str, known: Iterable[str]) -> str:
    """'did you mean “x”? ' for the known name closest to `name`, or an empty string."""
    found = get_close_matches(name, list(known), n=1)
    return f"did you mean “{found[0]}”? " if found else ""
