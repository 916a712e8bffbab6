"""Which cells are no answer, and why?  Blank ones, words such as “don't know”, and codes that tools write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from surveybook.survey.estimates.distribution import NOT_APPLICABLE
from surveybook.survey.intake import languages
from surveybook.survey.intake.wordings import fold, plain

SKIPPED, CANT_SAY, NOT_ASKED = "skipped", "cant-say", "not-asked"
EMPTY = ""  # as if nothing stood there: the person skipped the question, or was not asked
WORDS = {
    EMPTY: "na|n/a|#n/a|nan|null|nil|-|--|---|.|..|?|#null!|#value!|#ref!|#name?|missing|not asked|not shown|"
    "nicht beantwortet|no answer|no response|not answered|sans réponse|sin respuesta|brak danych|无|未填|(跳过)|(空)",
    SKIPPED: "skipped|prefer not to say|prefer not to answer|i prefer not to say|i'd rather not say|"
    "rather not say|i'd prefer not to say|prefer not to disclose|decline to answer|decline to state|declined|refused|"
    "refuse|refusal|refuse to answer|not stated|undisclosed|" + languages.SKIPPED,
    CANT_SAY: "don't know|dont know|do not know|i don't know|i do not know|dk|dk/na|not sure|unsure|i'm not sure|"
    "can't say|cannot say|can't tell|can't choose|no opinion|unknown|"
    "haven't thought about it|" + languages.CANT_SAY,
    NOT_APPLICABLE: "not applicable|does not apply|doesn't apply|does not apply to me|doesn't apply to me|"
    "this does not apply to me|not applicable to me|inapplicable|iap|not relevant to me|" + languages.NOT_APPLICABLE,
}
REASONS = {plain(word) or word: code for code, words in WORDS.items() for word in words.split("|")}
# What says so beside another one alone, as in “NS/NC”: by themselves these letters can mean anything
BESIDE = {"ns": CANT_SAY, "nc": SKIPPED, "nr": SKIPPED, "ref": SKIPPED, "rf": SKIPPED, "na": CANT_SAY}
VOLUNTEERED = re.compile(r"\b(vol|volunteered)\b\.?")  # “(VOL.) Don't know”, as polls write it
OR = re.compile(r"\s*/\s*|,\s+|\s+(?:or|and|oder|ou|o|lub)\s+")
NO_ANSWER = {"n/a", "n.a", "n. a"}  # what some write into empty cells, and others offer as an answer
# What stands before the reason, “N/A - I have no children”, or behind an answer that is none, “No car (N/A)”
BEFORE = re.compile(r"(n/a|not applicable|nicht zutreffend|no aplica)\s*([(:,;/-]|because\b|as i\b)")
BEHIND = re.compile(r"(?P<words>.*)\((?P<why>n/?a|not applicable|don't know|no opinion)\)$")
UNFAMILIAR = re.compile(r"(unfamiliar|not familiar|never heard|don't know|do not know)\b")
# “Applies fully”, beside which “does not apply” is the end of a scale
APPLIES = re.compile(r"\b(appl(y|ies|ied)|zutreffend|trifft\b.*\bzu|s'applique|aplica|van toepassing)\b")
NEGATIVE = {-9, -8, -7, -6, -5, -4, -3, -2, -1, -66, -77, -88, -95, -96, -97, -98, -99, -888, -999, -9999}
SHORT_SHARE = 0.25  # of people, at most, that gave a code for no answer beside a short scale
LARGE = {77: 12, 88: 12, 98: 12, 99: 12, 777: 120, 888: 120, 998: 120, 999: 120, 9999: 1000, 99999: 10000}
LONGEST = 300  # letters of words that say why there is no answer


def find_words(answers: Iterable[str], labels: Mapping[str, str] | None = None, apart: bool = False) -> dict[str, str]:
    """Of these cells those that are no answer, with the reason; `labels` are the words of codes. `apart`: whether “N/A”
    says that a question does not apply, as the label of a code always does.

    A word that could be an answer as well (“not applicable” alone) is taken as one where nothing else is there, and so
    is “does not apply” where another answer says that it applies.
    """
    answers, labels = list(answers), labels or {}
    words = {one: fold(labels.get(one, one)) or one.strip() for one in answers}
    found = {one: why for one, own in words.items() if (why := _reason(own, apart or one in labels)) is not None}
    if any(one not in found and APPLIES.search(own) for one, own in words.items()):
        found = {one: why for one, why in found.items() if not (why == NOT_APPLICABLE and APPLIES.search(words[one]))}
    return found if len(found) < len(answers) else {}


def _reason(words: str, apart: bool) -> str | None:
    """Why these words are no answer; None if they are one. Of “DK/Refused” the first reason counts."""
    if len(words) > LONGEST:
        return None
    words = VOLUNTEERED.sub(" ", words).strip()
    if words in NO_ANSWER:
        return NOT_APPLICABLE if apart else EMPTY
    if (whole := REASONS.get(plain(words) or words)) is not None:
        return whole
    if BEFORE.match(words):
        return NOT_APPLICABLE
    if behind := BEHIND.match(words):
        unknown = behind["why"] in ("don't know", "no opinion") or UNFAMILIAR.match(behind["words"])
        return CANT_SAY if unknown else NOT_APPLICABLE
    parts = [REASONS.get(plain(part), BESIDE.get(plain(part))) for part in OR.split(words)]
    return parts[0] if len(parts) > 1 and None not in parts else None


def says_so_apart(cells: Mapping[str, int]) -> bool:
    """Whether a column has “N/A” beside empty cells, so that it is not what the file has for these."""
    return bool(cells.get("")) and any(fold(one) in NO_ANSWER for one in cells)


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


def find_short_codes(counts: Mapping[float, int]) -> dict[float, str]:
    """Of whole numbers those that stand for no answer beside few codes that follow each other: the 8 and 9 of 1, 2, 3,
    4, 8, 9. No number stands for an answer there that has so large a gap below it and that so few people gave."""
    left = sorted(one for one in counts if one not in (7, 8, 9))
    if not 2 <= len(left) <= 6 or left != [float(one) for one in range(int(left[0]), int(left[-1]) + 1)] or (
            left[0] not in (0, 1)):
        return {}
    found = [one for one in counts if one in (7, 8, 9)]
    few = sum(counts[one] for one in found) < SHORT_SHARE * sum(counts.values())
    apart = bool(found) and min(found) >= left[-1] + 2
    return {one: CANT_SAY if one == 8 or one == 7 and 8 not in found else SKIPPED for one in found} if (
        few and apart) else {}
