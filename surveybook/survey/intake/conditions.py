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
    places = {one.id: _places(one) for one in questions if one.kind in ("yes-no", "ordered", "nominal")}
    for number, one in enumerate(questions):
        given = np.array([bool(cell) for cell in one.cells])
        empty = 1 - given.mean()
        if one.kept or not empty or not given.any():
            continue
        best: tuple[int, Question, str, str, int] | None = None
        strays: list[str] = []
        for earlier in questions[:number]:
            if earlier.id not in places:
                continue
            for key, answer, inside in _ways(earlier, places[earlier.id]):
                told = places[earlier.id] >= 0
                outside = int((told & ~inside).sum())
                if outside < LEAST or empty**outside > CHANCE or given[inside].mean() < ANSWERED:
                    continue
                stray = int((given & ~inside).sum())
                if not stray and (best is None or inside.sum() < best[0]):
                    best = (int(inside.sum()), earlier, key, answer, outside)
                elif stray and stray < STRAY * outside and given[inside].mean() > 0.8:
                    strays.append(
                        f"{stray} of {outside} who did not say “{earlier.answers[answer]}” to "
                        f"“{earlier.id}” answered it nevertheless"
                    )
        if best:
            _, earlier, key, answer, outside = best
            inside = next(inside for k, a, inside in _ways(earlier, places[earlier.id]) if (k, a) == (key, answer))
            one.condition = (earlier.id, key, answer)
            one.cells = [
                cell or (NOT_ASKED if not asked else "") for cell, asked in zip(one.cells, inside.tolist(), strict=True)
            ]
            said = (
                f"said less than “{earlier.answers[answer]}”"
                if key == "at_least"
                else (f"did not say “{earlier.answers[answer]}”")
            )
            one.guesses.append(
                Guess("asked", f"nobody of the {outside} who {said} to “{earlier.id}” answered it", LIKELY)
            )
            higher = " or higher" if key == "at_least" else ""
            one.asked = f"those who said “{earlier.answers[answer]}”{higher} to “{earlier.title}”"
        elif strays:
            one.guesses.append(
                Guess(
                    "asked",
                    f"it looks as if not everybody was asked, but {strays[0]}; correct these "
                    "answers, then asked_if can say so",
                    DOUBTFUL,
                )
            )


def _places(question: Question) -> np.ndarray:
    """The place of each answer in its order; -1 for none."""
    order = {value: place for place, value in enumerate(question.answers)}
    return np.array([order.get(cell, -1) for cell in question.cells])


def _ways(question: Question, places: np.ndarray) -> list[tuple[str, str, np.ndarray]]:
    """What a condition on this question can say, and who meets it."""
    answers = list(question.answers)
    ways = [("is", answer, places == number) for number, answer in enumerate(answers) if len(answers) > 1]
    if question.kind == "ordered":
        ways += [("at_least", answers[number], places >= number) for number in range(1, len(answers) - 1)]
    return [way for way in ways if way[2].any()]
