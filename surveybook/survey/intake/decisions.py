"""What was decided about a question, why, and how sure is that?"""

from __future__ import annotations

from dataclasses import dataclass, field

MINIMUM_CELL = 5  # the rule of disclosure that people's answers begin with
SURE, LIKELY, DOUBTFUL, LOOK = range(4)
IN_WORDS = ("sure", "likely", "doubtful", "please look")
WEIGHT = "weight"  # of a column that is no question: how many people each respondent stands for
KINDS = ("yes-no", "ordered", "nominal", "multi-select", "count", WEIGHT, "leave-out")  # that an author can ask for


@dataclass(frozen=True)
class Guess:
    """Something that was decided: about what, how and why, and how much it should be looked at (SURE to LOOK)."""

    about: str
    words: str
    doubt: int


@dataclass
class Decision:
    """How the cells of a question are read. `kind`: one of the descriptor's or a weight, or empty where the column is
    left out.

    `answers`: labels in their order; `reading`: of each cell the label of its answer, or a tuple of them; `missing`: of
    each cell that is none the code. A count has `bands`, `minimum` and `maximum`, and `reading` its number as text.
    """

    kind: str
    guesses: list[Guess]
    answers: tuple[str, ...] = ()
    reading: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    bands: tuple[int, ...] = ()
    minimum: int = 0
    maximum: int = 0
    alone: str | None = None


def left_out(words: str, doubt: int = SURE) -> Decision:
    return Decision("", [Guess("left out", words, doubt)])
