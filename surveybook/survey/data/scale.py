"""Which numbers do the answers on a scale stand for, and which of them are at its ends?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from surveybook.survey.data.codebook import Declared
from surveybook.survey.errors import DataError
from surveybook.survey.words.text import listing

NUMBERED = re.compile(r"\s*(\d+)(?:\s*[-–—=.:(]?\s*[^\d]*)?")  # “7”, “10 (extremely likely)”, “1 – not at all”
RECOMMEND = tuple(range(11))  # the scale of the net promoter score
# An answer that lies on neither side, and the lower one of two sides, in the languages of surveys
NEUTRAL = re.compile(
    r"\b(neither|neutral|undecided|unsure|uncertain|indifferent|same|no (change|opinion|difference)|unchanged|half|"
    r"maybe|perhaps|ok(ay)?|so.so|average|depends|teils|weder|unentschieden|gleich|vielleicht|ni|neutre|peut-être|igual|"
    r"quizás?)\b", re.IGNORECASE)
OPPOSED = re.compile(r"(no|nein|non|worse|less|fewer|schlechter|weniger|moins|pire|menos|peor)\b|(dis|un|in)(?=\w{4})",
                     re.IGNORECASE)
SHORT = 4  # answers from which on two at each end are read together


@dataclass(frozen=True)
class Scale:
    """`values`: the number of each answer, the one that its label begins with where these rise by one, else its place
    from one on (`numbered` says which). `lower`, `upper`: the places of the answers at each end. `promoters`: whether
    it runs from 0 to 10, where 9 and 10 are read as promoters and 0 to 6 as detractors (Reichheld 2003, Harvard
    Business Review 81 (12), 46).
    """

    values: tuple[int, ...]
    numbered: bool
    lower: tuple[int, ...]
    upper: tuple[int, ...]
    promoters: bool

    @property
    def middle(self) -> tuple[int, ...]:
        """The places between the ends."""
        return tuple(range(len(self.lower), self.upper[0]))


def scale_of(question: Declared) -> Scale:
    """The scale of a question with ordered answers: two answers at each end, one of fewer than four.

    Raises DataError for a question of another kind, or with fewer than three answers.
    """
    answers = len(question.answers)
    if question.kind != "ordered" or answers < 3:
        raise DataError(f"“{question.id}” has no scale of three or more answers, so no ends that could be compared; "
                        "name an ordered question, or show it with tables.crossed")
    found = [NUMBERED.fullmatch(question.labels[answer]) for answer in question.answers]
    numbers = tuple(int(one[1]) if one else -1 for one in found)
    numbered = -1 not in numbers and numbers == tuple(range(numbers[0], numbers[0] + answers))
    values = numbers if numbered else tuple(range(1, answers + 1))
    ends = 2 if answers >= SHORT else 1
    promoters = numbered and values == RECOMMEND
    return Scale(values, numbered, tuple(range(7 if promoters else ends)),
                 tuple(range(answers - ends, answers)), promoters)


def is_neutral(labels: Sequence[str]) -> bool:
    """Whether the answer in the middle of a scale lies on neither side of it. Of five and more answers it is read so;
    of three, as in “a little, some, a lot”, only where its words or those of the lowest say that there are sides, and
    it does not begin as the highest does, as in “no, not at all; yes, somewhat; yes, very”."""
    if len(labels) > 3:
        return True
    first = [re.split(r"\W", label.casefold(), maxsplit=1)[0] for label in labels]
    return bool(NEUTRAL.search(labels[len(labels) // 2])
                or OPPOSED.match(labels[0]) and first[len(labels) // 2] != first[-1])


def named(question: Declared, places: tuple[int, ...]) -> str:
    """Some answers of a question in words: “Fairly” or “Very”; of many their first and their last."""
    labels = [f"“{question.labels[question.answers[place]]}”" for place in places]
    return listing(labels, "or") if len(labels) < 3 else f"{labels[0]} to {labels[-1]}"
