"""Who was not asked a question?  Told from whole groups of people who left it empty, which chance does not do."""

from __future__ import annotations

import numpy as np

from surveybook.survey.intake.decisions import DOUBTFUL, LIKELY, Guess
from surveybook.survey.intake.questions import Question
from surveybook.survey.intake.silence import NOT_ASKED

LEAST = 5  # people who were not asked
CHANCE = 1e-4  # of a group that left the question empty by chance, as often as all others leave it empty
ANSWERED = 0.5  # least share of those who were asked that answered
STRAY = 0.02  # share of those who seem not to be asked that may have answered, for the condition to be told but not set


def find_conditions(questions: list[Question]) -> None:
    """Give each question its condition, where there is one, and the cells of those who were not asked their code.

    The loader knows conditions on one answer of an earlier question, or on one and all above it.
    """
    gave = np.stack([_bits(one.cells.each(bool)) for one in questions])
    able = [one for one in questions if one.kind in ("yes-no", "ordered", "nominal")]
    groups = {one.id: _groups(one, gave) for one in able}
    people, totals = len(questions[0].cells), _count(gave).tolist()
    for number, (one, total) in enumerate(zip(questions, totals, strict=True)):
        empty = 1 - total / people
        if one.kept or not empty or not total:
            continue
        best: tuple[int, Question, str, str, int] | None = None
        strays: list[str] = []
        for earlier in questions[:number]:
            if earlier.id not in groups:
                continue
            sizes, answered = groups[earlier.id]
            for key, answer, inside in _ways(earlier):
                within, told = int(sizes[inside].sum()), int(answered[inside, number].sum())
                outside = int(sizes.sum()) - within
                if not within or outside < LEAST or empty**outside > CHANCE or told / within < ANSWERED:
                    continue
                stray = total - told
                if not stray and (best is None or within < best[0]):
                    best = (within, earlier, key, answer, outside)
                elif stray and stray < STRAY * outside and told / within > 0.8:
                    strays.append(f"{stray} of {outside} who did not say “{earlier.answers[answer]}” to "
                                  f"“{earlier.id}” answered it nevertheless")
        if best:
            _, earlier, key, answer, outside = best
            places, inside = next((_places(earlier), to) for k, a, to in _ways(earlier) if (k, a) == (key, answer))
            one.condition = (earlier.id, key, answer)
            one.cells = one.cells.fill(~np.isin(places, np.arange(len(earlier.answers))[inside]), NOT_ASKED)
            said, higher = ("said less than", " or higher") if key == "at_least" else ("did not say", "")
            who = f"the {outside} who {said} “{earlier.answers[answer]}” to “{earlier.id}”"
            one.guesses.append(Guess("asked", f"nobody of {who} answered it", LIKELY))
            one.asked = f"those who said “{earlier.answers[answer]}”{higher} to “{earlier.title}”"
        elif strays:
            why = (f"it looks as if not everybody was asked, but {strays[0]}; correct these answers, then asked_if can "
                   "say so")
            one.guesses.append(Guess("asked", why, DOUBTFUL))


def _places(question: Question) -> np.ndarray:
    """The place of each answer in its order; -1 for none."""
    order = {value: place for place, value in enumerate(question.answers)}
    return question.cells.each(lambda cell: order.get(cell, -1))


def _groups(question: Question, gave: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many people gave each answer, and how many of them answered each question, shape (answers, questions)."""
    places = _places(question)
    own = [_bits(places == answer) for answer in range(len(question.answers))]
    return np.array([_count(one) for one in own]), np.array([_count(one & gave) for one in own])


def _bits(truth: np.ndarray) -> np.ndarray:
    """Truth values of all people, 64 in each number."""
    packed = np.packbits(truth)
    return np.concatenate([packed, np.zeros(-len(packed) % 8, np.uint8)]).view(np.uint64)


def _count(bits: np.ndarray) -> np.ndarray:
    """How many people are told of by each row of bits."""
    return np.bitwise_count(bits).sum(axis=-1, dtype=np.int64)


def _ways(question: Question) -> list[tuple[str, str, slice]]:
    """What a condition on this question can say, and the places of the answers that meet it."""
    answers = list(question.answers)
    ways = [("is", answer, slice(number, number + 1)) for number, answer in enumerate(answers) if len(answers) > 1]
    if question.kind == "ordered":
        ways += [("at_least", answers[number], slice(number, None)) for number in range(1, len(answers) - 1)]
    return ways
