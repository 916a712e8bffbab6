"""Which place has each answer on its scale?  Told from numbers, from times, and from words such as “very” and “not”."""

from __future__ import annotations

import os.path
import re

from surveybook.survey.intake.languages import (
    COUNTS,
    LESS,
    MODIFIERS,
    MORE,
    NEUTRAL,
    NEVER,
    NOT,
    NOT_AT_ALL,
    NOT_VERY,
    OPPOSITE_BEGINNINGS,
    OPPOSITES,
    SELDOM,
    UNITS,
)

NOTHING = re.compile(r"(i )?(do|did|does) ?(not|n't)\b|(i )?don't\b")  # “did not drive”: it does not apply, or none
WORDS = re.compile(r"[\u4e00-\u9fff]|[^\W\d_]+|\d+")  # a Chinese sign is a word
SIGNS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")  # written without spaces
EVERY = re.compile(r"(every|alle|tous les|toutes les|cada|ogni|om de|co|每)\b(?! (day|tag))")
FEWER = r"less|fewer|at most|rarer|seltener|weniger|moins|menos|meno\b|minder|rzadziej|реже|不到|以下"
OFTENER = (r"more|at least|mindestens|ofter|mehr als|plus d|au moins|mas de|al menos|czesciej|чаще|"
           r"以上")
BASE = 2.0  # how strong an adjective is by itself
Placed = tuple[list[float], str] | None


def leading(answers: list[str]) -> Placed:
    """“1 - not at all”, “2”, “3 (very)”."""
    found = [re.match(r"(-?\d+)(?=$|\s*[-=:.)(]\s*\D|\s+\D)", one) for one in answers]
    words = [re.sub(r"^-?\d+", "", one).strip() for one in answers]
    if (
        not all(found)
        or not any(words)
        or any(re.match(r"(-|to\b|or\b|bis\b)\s*\d|\+|or more|or less", one) for one in words)
    ):
        return None
    return [float(one[1]) for one in found if one], ""


def least(answers: list[str]) -> Placed:
    """“18-29”, “under 18”, “> 60”, “$100,000 - $149,999”, “60+”: the lower end of each."""
    places = []
    for one in answers:
        plain = re.sub(r"(?<=\d)[, .](?=\d{3}\b)", "", one)
        plain = re.sub(
            r"(\d)\s*(?:'|ft\b\.?|feet\b)\s*(\d+)?(?:\"|''| ?in\b\.?)?",
            lambda found: str(int(found[1]) * 12 + int(found[2] or 0)),
            plain,
        )
        numbers = [
            float(digits.replace(",", ".")) * (1000 if unit else 1)
            for digits, unit in re.findall(r"(\d+(?:[.,]\d+)?)\s*(k\b)?", plain)
        ]
        if not numbers:
            none = one in NEVER or re.match(r"(no|none|zero|0|kein\w*|aucune?|ningun\w*|nessun\w*)\b", one)
            if (none or NOTHING.match(one)) and -1.0 not in places:
                places.append(-1.0)
                continue
            return None
        lowest = numbers[0]
        if re.search(LESS, plain) and len(numbers) == 1:
            lowest -= 0.5
        elif re.search(MORE, plain):
            lowest += 0.5
        places.append(lowest)
    worded = {re.sub(r"[\d.,\s$€£+<>=-]+", " ", one).strip() for one in answers}
    return (places, "") if len(worded) <= 6 and all(len(one.split()) <= 6 for one in worded) else None


def rate(answers: list[str]) -> Placed:
    """“Once a year or less”, “A few times per week”, “Every day”: times a year; all but “never” and “less often” name a
    time."""
    places = []
    for one in answers:
        if one in NEVER or one == "none":
            places.append(-1.0)
            continue
        if one in SELDOM:
            places.append(0.3)
            continue
        words = WORDS.findall(one)
        unit = next((UNITS[key] for word in words for key in (word, word.rstrip("s")) if key in UNITS), None)
        if unit is None:
            return None
        number = max((_count(word) for word in words if _is_count(word)), default=1.0)
        often = unit / number if number > 1 and EVERY.match(one) else unit * number
        if re.search(FEWER, one):
            often *= 0.9
        elif re.search(OFTENER, one):
            often *= 1.1
        places.append(often)
    return (places, "") if sum(place >= 0.5 for place in places) > 1 else None


def _is_count(word: str) -> bool:
    return word.isdigit() or word in COUNTS


def _count(word: str) -> float:
    return float(word) if word.isdigit() else float(COUNTS[word])


def strength(answers: list[str]) -> Placed:
    """“Very unfavorably” to “Very favorably”; “Plutôt satisfait”: one adjective, or two that are opposites,
    with words beside it."""
    all_words = {word for one in answers for word in [*one.split(), one]}
    places, bases, moved, opposed = [], [], False, False
    for one in answers:
        if NEUTRAL.match(one):
            places.append(0.0)
            moved = moved or not one.startswith("neither")
            continue
        strong, below, base = _modified(re.sub(r"^(yes |no (?=not\b))", "", one))
        moved = moved or strong != BASE or below in (NOT_AT_ALL, NOT_VERY)
        positive = _opposite(base, all_words)
        opposed = opposed or positive != base and not base.endswith(positive)
        places.append(
            -4.5 if below is NOT_AT_ALL
            else -0.5 if below is NOT_VERY
            else -strong if (below is NOT) != (positive != base)
            else strong
        )
        bases.append(positive)
    if len(answers) < 3 and not moved or opposed and not moved:
        return None  # two words, or a left and a right side, are no scale by themselves
    shared = os.path.commonprefix(bases)
    longest = max(map(len, bases), default=0)
    same = len(set(bases)) == 1 or len(shared) >= 5 and longest - len(shared) <= 2  # satisfait, satisfaite
    return (places, "") if bases and all(bases) and same else None


def _modified(words: str) -> tuple[float, tuple[str, ...], str]:
    """How strong the words beside an adjective make it, which kind of “not” is among them, and the adjective."""
    below: tuple[str, ...] = ()
    if re.search(r"\bnot\b.*\bat all$", words):
        below, words = NOT_AT_ALL, re.sub(r"\bnot\b|\bat all$", " ", words).strip()
    for kind in (NOT_AT_ALL, NOT_VERY):
        if not below and (rest := _without(words, kind)) is not None:
            below, words = kind, rest[1]
    strong = BASE
    if (rest := _without(words, tuple(MODIFIERS))) is not None:
        strong, words = MODIFIERS[rest[0]], rest[1]
    if not below and (rest := _without(words, NOT)) is not None:
        below, words = NOT, rest[1]
    return strong, below, words


def _without(words: str, phrases: tuple[str, ...]) -> tuple[str, str] | None:
    """The first of these phrases that stands in the words, at their beginning if it can be, and the words without it;
    None if there is none, or nothing else."""
    for where in (r"^{}\b", r"\b{}\b"):
        for phrase in sorted(phrases, key=len, reverse=True):
            if SIGNS.match(phrase):
                found = words[len(phrase):] if words.startswith(phrase) else words
            else:
                found = " ".join(re.sub(where.format(re.escape(phrase)), " ", words, count=1).split())
            if found and found != words:
                return phrase, found
    return None


def _opposite(base: str, all_words: set[str]) -> str:
    """The adjective in whose place this one stands on the lower side: “good” of “bad”, “satisfied” of “dissatisfied”,
    where an answer has it; else itself."""
    if (higher := OPPOSITES.get(base)) and any(higher in word for word in all_words):
        return higher
    words = base.split()
    for place, word in enumerate(words):
        higher = OPPOSITES.get(word)
        if higher and higher in all_words:
            return " ".join([*words[:place], higher, *words[place + 1 :]])
    for beginning in OPPOSITE_BEGINNINGS:
        rest = base.removeprefix(beginning)
        if rest != base and len(rest) > 3 and rest.split()[0] in all_words:
            return rest
    return base


def times(answers: list[str]) -> Placed:
    """“Once”, “Twice”, “Three times”, “More than five times”."""
    places = []
    for one in answers:
        words = WORDS.findall(one)
        counted = [_count(word) for word in words if _is_count(word)]
        if re.search(r"\bnot\b|\bno\b|\bnever\b", one) and -1.0 not in places:
            places.append(-1.0)
            continue
        if not counted or len(words) > 7:
            return None
        places.append(
            counted[-1] + (0.5 if re.search(r"more|over", one) else -0.5 if re.search(r"less|under", one) else 0)
        )
    return (places, "") if sum(place > -1 for place in places) > 1 else None  # one number alone orders nothing
