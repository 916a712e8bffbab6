"""How are numbers shown?  As a scale of few, as counts in bands, or in bands where they are not whole."""

from __future__ import annotations

import re
from collections import Counter

from surveybook.survey.intake.decisions import DOUBTFUL, LIKELY, LOOK, Decision, Guess
from surveybook.survey.intake.numbers import find_bands, name_bands, round_up

COUNTED = re.compile(
    r"\b(how many|number of|count of|times|years|age|children|hours|minutes|days|wie viele|anzahl|alter|"
    r"combien|cuánt[oa]s)\b",
    re.IGNORECASE,
)
RATED = re.compile(
    r"\b(rate|rating|rank|scale|satisf|agree|likely|likelihood|important|importance|score|extent|stars?|"
    r"recommend|bewert|zufrieden|note)",
    re.IGNORECASE,
)


def decide_number(words: Counter[str], numbers: dict[str, float], heading: str, wanted: str) -> Decision:
    """Numbers: a scale of few, a count, or bands where they are not whole or below zero."""
    values: Counter[float] = Counter()
    for one, number in words.items():
        values[numbers[one]] += number
    whole = all(value.is_integer() for value in values)
    few = sorted(values)
    if few == [1, 2] and not wanted and not COUNTED.search(heading):
        why = "its codes are 1 and 2, whose words the file has not; give the answers their labels"
        return Decision("nominal", [Guess("kind", why, LOOK)], ("1", "2"), {one: f"{numbers[one]:g}" for one in words})
    rated = bool(RATED.search(heading)) and not re.search(r"how many|number of", heading, re.IGNORECASE)
    short = whole and 2 < len(few) <= 11 and few[0] in (0, 1) and few[-1] in (3, 4, 5, 6, 7, 10)
    if wanted != "count" and (
        short and (rated or not COUNTED.search(heading) and few[0] == 1) or wanted == "ordered" and len(few) <= 15
    ):
        labels = {value: f"{value:g}" for value in (range(int(few[0]), int(few[-1]) + 1) if short else few)}
        ranks = bool(re.search(r"\brank", heading, re.IGNORECASE))
        words_for = (
            "ranks: the first is the lowest here, so “or higher” means later"
            if ranks
            else "taken as a scale on which the highest is the most; give its ends their words"
        )
        return Decision(
            "ordered",
            [Guess("kind", f"numbers from {few[0]:g} to {few[-1]:g}, {words_for}", LOOK if ranks else DOUBTFUL)],
            tuple(labels.values()),
            {one: labels[numbers[one]] for one in words},
        )
    if whole and few[0] >= 0 and few[-1] < 2**31 - 1:
        edges = [int(edge) for edge in find_bands(values, True)]
        low, high = min(edges[0], int(few[0])), round_up(few[-1], few[-1] - few[0])
        if len(edges) > 1 and edges == list(range(edges[0], edges[-1] + 1)) and len(edges) == len(few):
            high = max(int(few[-1]), edges[-1])
        elif len(edges) < 2:
            edges = [low, int(few[-1])] if few[-1] > low else [low, low + 1]
        edges[0] = low
        return Decision(
            "count",
            [
                Guess(
                    "kind",
                    "whole numbers" + ("" if len(few) < 9 else ", in bands with about equally many people"),
                    LIKELY,
                )
            ],
            (),
            {one: str(int(numbers[one])) for one in words},
            bands=tuple(edges),
            minimum=low,
            maximum=high,
        )
    bands = name_bands(values)
    reading = {one: bands[numbers[one]] for one in words}
    return Decision(
        "ordered",
        [
            Guess(
                "kind",
                "numbers that are not whole, or below zero, in bands with about equally many "
                "people; name other bounds where others are usual",
                DOUBTFUL,
            )
        ],
        tuple(dict.fromkeys(bands.values())),
        dict(reading),
    )
