"""Which cells are no answer, and why?  Blank ones, words such as “don't know”, and codes that tools write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from surveybook.survey.intake.wordings import fold

SKIPPED, CANT_SAY, NOT_ASKED = "skipped", "cant-say", "not-asked"
EMPTY = ""  # as if nothing stood there: the person skipped the question, or was not asked
WORDS = {
    EMPTY: "na|n/a|#n/a|nan|null|nil|-|--|---|.|..|?|#null!|#value!|#ref!|#name?|missing|not asked|not shown|"
    "nicht beantwortet|no answer|no response|not answered|sans réponse",
    SKIPPED: "skipped|prefer not to say|prefer not to answer|i prefer not to say|i'd rather not say|"
    "rather not say|i'd prefer not to say|decline to answer|declined|refused|refuse|refusal|not stated|"
    "keine angabe|keine antwort|k. a|k.a|ka|möchte ich nicht sagen|"
    "ne souhaite pas répondre|prefiero no decirlo|prefiero no responder|no contesta|ns/nc",
    CANT_SAY: "don't know|dont know|do not know|i don't know|i do not know|dk|dk/na|not sure|unsure|i'm not sure|"
    "can't say|cannot say|can't tell|no opinion|not applicable|does not apply|doesn't apply|unknown|"
    "weiß nicht|weiss nicht|weiß ich nicht|kann ich nicht sagen|kann ich nicht beurteilen|trifft nicht zu auf "
    "mich|ne sait pas|je ne sais pas|sans opinion|no sé|no lo sé|no sabe",
}
REASONS = {word: code for code, words in WORDS.items() for word in words.split("|")}
# What stands behind an answer that is none: “Unfamiliar (N/A)”
APART = re.compile(r"\((n/?a|not applicable|don't know|no opinion)\)$")
NEGATIVE = {-9, -8, -7, -6, -5, -4, -3, -2, -1, -66, -77, -88, -95, -96, -97, -98, -99, -888, -999, -9999}
LARGE = {77: 12, 88: 12, 98: 12, 99: 12, 777: 120, 888: 120, 998: 120, 999: 120, 9999: 1000, 99999: 10000}


def find_words(answers: Iterable[str], labels: Mapping[str, str] | None = None) -> dict[str, str]:
    """Of these cells those that are no answer, with the reason; `labels` are the words of codes.

    A word that could be an answer as well (“not applicable” alone) is taken as one where nothing else is there.
    """
    found = {}
    answers = list(answers)
    for one in answers:
        words = fold((labels or {}).get(one, one)) or one.strip()
        if words in REASONS:
            found[one] = REASONS[words]
        elif APART.search(words):
            found[one] = CANT_SAY
    return found if len(found) < len(answers) else {}


def find_codes(numbers: Iterable[float]) -> dict[float, str]:
    """Of the numbers of a column those that stand for no answer: negative ones below numbers that are not, and nines
    far above all others; a scale from -2 to 2 has none. -1 and -8 often mean “don't know”, the others that nothing
    was answered."""
    values = set(numbers)
    if len(values) > 3 and min(values) < -1 and values == set(range(int(min(values)), -int(min(values)) + 1)):
        return {}  # a scale with a side below zero
    found = {one: CANT_SAY if one in (-1, -8, -88) else EMPTY for one in values if one in NEGATIVE}
    left = values - set(found)
    if found and (not left or min(left) < 0):
        found = {}
        left = values
    for code, most in LARGE.items():
        rest = {one for one in left if one not in LARGE}
        if code in left and len(rest) > 1 and max(rest) <= most:
            found[float(code)] = CANT_SAY if code in (88, 98, 888, 998) else EMPTY
    return found
