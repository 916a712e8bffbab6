"""How are numbers shown?  As a scale of few, as counts in bands, or in bands where they are not whole."""

from __future__ import annotations

import re
from collections import Counter

from surveybook.survey.intake.decisions import DOUBTFUL, LIKELY, LOOK, Decision, Guess, left_out
from surveybook.survey.intake.numbers import find_bands, in_digits, name_bands, round_up

COUNTED = re.compile(
    r"\b(how many|number of|count of|times|years|age|children|hours|minutes|days|members|people|persons|wie viele|"
    r"wieviele|anzahl|alter|jahre|stunden|minuten|kinder|personen|combien|ans|âge|heures|enfants|personnes|cuánt[oa]s|"
    r"edad|años|horas|hijos|personas|quant[oaie]s?|età|idade|anni|ile|wiek|lat|godzin|сколько|возраст|hoeveel)\b",
    re.IGNORECASE,
)
RATED = re.compile(
    r"\b(rate|rating|rank|scale|satisf|agree|likely|likelihood|important|importance|score|extent|stars?|"
    r"recommend|bewert|zufrieden|note|educ|bildung|schooling|grade|class|income|ideolog|liberal|conservat|trust)",
    re.IGNORECASE,
)
# Questions whose numbers are codes of words without an order
UNORDERED = re.compile(
    r"^(.*\byour )?(sex|gender|race|ethnic(ity| group| origin)?|religion|marital([ _]status)?|married|"
    r"region|country|state|province|birthplace|occupation\w*|treatment|mode|brand|group|"
    r"industry|sector|department|faculty|geschlecht|bundesland|familienstand|sexe|sexo|género|genre|płeć)[ _]?\d*\W*$",
    re.IGNORECASE | re.MULTILINE,
)
YEAR = re.compile(r"^(survey )?(year|wave|round|jahr|welle|année|año)$", re.IGNORECASE | re.MULTILINE)
MOST_CODES = 12  # that can stand without their words


def decide_number(words: Counter[str], numbers: dict[str, float], heading: str, wanted: str) -> Decision:
    """Numbers: codes of words, a scale of few, a count, or bands where they are not whole or below zero."""
    values: Counter[float] = Counter()
    for one, number in words.items():
        values[numbers[one]] += number
    few = sorted(values)
    whole = all(value.is_integer() for value in few)
    counted = bool(COUNTED.search(heading))
    rated = bool(RATED.search(heading)) and not re.search(r"how many|number of", heading, re.IGNORECASE)
    unordered = UNORDERED.search(heading) and whole and len(few) > 1
    # three codes are as often owner, tenant and other as they are steps
    if not wanted and (unordered or not counted and (few == [1, 2] or few == [1, 2, 3] and not rated)):
        return _codes(words, numbers, few)
    if wanted != "count" and (scale := _scale(few, heading, rated, counted, wanted)):
        labels, meaning = scale
        why = f"numbers from {few[0]:g} to {few[-1]:g}, taken as {meaning}"
        return Decision("ordered", [Guess("kind", why, DOUBTFUL)], tuple(labels.values()),
                        {one: labels[numbers[one]] for one in words})
    if whole and few[0] >= 0 and few[-1] < 2**31 - 1:
        return _count(values, few, {one: str(int(numbers[one])) for one in words}, counted)
    bands = name_bands(values)
    why = "numbers that are not whole, or below zero, shown in bands; name other bounds where others are usual"
    return Decision("ordered", [Guess("kind", why, DOUBTFUL)], tuple(dict.fromkeys(bands.values())),
                    {one: bands[numbers[one]] for one in words})


def _codes(words: Counter[str], numbers: dict[str, float], few: list[float]) -> Decision:
    """Numbers that stand for words without an order."""
    if len(few) > MOST_CODES:
        return left_out(f"its {len(few)} numbers are codes whose words the file has not; export the words", LOOK)
    why = "its numbers are codes whose words the file has not; give the answers their labels"
    return Decision("nominal", [Guess("kind", why, LOOK)], tuple(map(in_digits, few)),
                    {one: in_digits(numbers[one]) for one in words})


def _scale(
    few: list[float], heading: str, rated: bool, counted: bool, wanted: str
) -> tuple[dict[float, str], str] | None:
    """The labels of numbers that are steps of a scale, ranks or years, in their order, and what they are taken as."""
    whole = all(value.is_integer() for value in few)
    short = whole and 2 < len(few) <= 11 and few[0] in (0, 1) and few[-1] in (3, 4, 5, 6, 7, 10, 11)
    full = len(few) == few[-1] - few[0] + 1 and (few[0] == 1 or few[-1] == 10)  # 1 to 5, 0 to 10
    sides = whole and 3 <= len(few) <= 11 and few[0] == -few[-1]
    years = whole and YEAR.search(heading) and 2 < len(few) <= 15
    asked = wanted == "ordered" and len(few) <= 15
    if not (short and (rated or not counted and full) or sides or years or asked):
        return None
    labels = {value: in_digits(value) for value in (range(int(few[0]), int(few[-1]) + 1) if short else few)}
    if re.search(r"\brank", heading, re.IGNORECASE) and few[0] == 1:
        return {value: place(int(value)) for value in reversed(labels)}, "ranks, of which the first is the highest"
    return labels, "years" if years else "a scale on which the highest is the most; give its ends their words"


def place(number: int) -> str:
    """“1st”, “2nd”, “11th”."""
    end = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number}{end}"


def _count(values: Counter[float], few: list[float], reading: dict[str, str], counted: bool) -> Decision:
    """Whole numbers from zero on, with the bands in which they are shown."""
    edges = [int(edge) for edge in find_bands(values, True)]
    low, high = min(edges[0], int(few[0])), round_up(few[-1], few[-1] - few[0])
    if len(edges) > 1 and edges == list(range(edges[0], edges[-1] + 1)) and len(edges) == len(few):
        high = max(int(few[-1]), edges[-1])
    elif len(edges) < 2:
        edges = [low, int(few[-1])] if few[-1] > low else [low, low + 1]
    edges[0] = low
    coded = len(few) < 5 and not counted
    more = ", shown in bands" if len(few) > 8 else \
        "; if they are codes of words, write kind: nominal and give the answers their labels" if coded else ""
    return Decision("count", [Guess("kind", f"whole numbers{more}", DOUBTFUL if coded else LIKELY)], (), reading,
                    bands=tuple(edges), minimum=low, maximum=high)
