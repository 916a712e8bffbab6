"""How can one question be answered?  Decided from its cells and its heading, each time with the reason and the doubt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from surveybook.survey.intake.numbers import find_bands, find_dates, label_bands, read_numbers, round_up
from surveybook.survey.intake.options import MOST, divide, exclusive
from surveybook.survey.intake.scales import Scale, find_scale
from surveybook.survey.intake.silence import SKIPPED, find_codes, find_words
from surveybook.survey.intake.wordings import fold, quoted, spellings
from surveybook.survey.words.text import first_up

SURE, LIKELY, DOUBTFUL, LOOK = range(4)
IN_WORDS = ("sure", "likely", "doubtful", "please look")
YES = {"yes", "y", "true", "ja", "oui", "sí", "si", "sim", "tak", "checked", "selected", "1"}
NO = {"no", "n", "false", "nein", "non", "não", "nie", "unchecked", "not selected", "0"}
KINDS = ("yes-no", "ordered", "nominal", "multi-select", "count", "leave-out")  # that an author can ask for
IDENTIFIER = re.compile(
    r"\b(e-?mails?|e-?mail address|ip( ?address)?|phone|telephone|mobile|uuid|guid|token|user ?id|respondent ?id|"
    r"participant ?id|case ?id|record ?id|response ?id|first name|last name|full name|your name|surname|street|"
    r"latitude|longitude|lat|lon|gps|device ?id|passport|birth ?date|date of birth|iban|url)\b|^(id|name|nr|no|index|"
    r"serial|case|key|code)$|_id$", re.IGNORECASE | re.MULTILINE)
LOOKS = re.compile(r"[^@\s]+@[^@\s]+\.\w+|\d{1,3}(\.\d{1,3}){3}|https?://\S+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{20,}|"
                   r"R_[A-Za-z0-9]{10,}|\+?\d[\d ()/-]{8,}\d|uuid:\S+", re.IGNORECASE)
WEIGHT = re.compile(r"\b(weights?|weighting|wt|wgt|gewicht|gewichtung|pweight|pond[eé]ration|peso)\b|^w$|_wt$|weight$",
                    re.IGNORECASE | re.MULTILINE)
COUNTED = re.compile(r"\b(how many|number of|count of|times|years|age|children|hours|minutes|days|wie viele|anzahl|alter|"
                     r"combien|cuánt[oa]s)\b", re.IGNORECASE)
RATED = re.compile(r"\b(rate|rating|rank|scale|satisf|agree|likely|likelihood|important|importance|score|extent|stars?|"
                   r"recommend|bewert|zufrieden|note)", re.IGNORECASE)
OPEN = re.compile(r"\b(other|please specify|comment|comments|describe|explain|tell us|in your own words|feedback|why|"
                  r"suggestions?|anything else|sonstiges|bitte angeben|kommentar|_text|- text)\b|_TEXT$|_other$",
                  re.IGNORECASE | re.MULTILINE)
WRITTEN = "people wrote it in words of their own, which can tell who they are"
FEW = 3  # people who gave an answer in words of their own, below which it is put together with others
RARE = "Another answer"


@dataclass(frozen=True)
class Guess:
    """Something that was decided: about what, how and why, and how much it should be looked at (SURE to LOOK)."""

    about: str
    words: str
    doubt: int


@dataclass
class Decision:
    """How the cells of a question are read. `kind`: one of the descriptor's, or empty where the column is left out.

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


def decide(counts: Counter[str], heading: str, labels: Mapping[str, str], wanted: str = "") -> Decision:
    """How a question with these cells is answered. `labels`: words of its codes, where the file has them; `wanted`: the
    kind that its author asked for."""
    if wanted == "leave-out":
        return left_out("as you asked")
    if not counts:
        return left_out("it is empty")
    if not wanted and (why := _personal(counts, heading, labels)):
        return why
    guesses: list[Guess] = []
    missing = find_words(counts, labels)
    numbers = read_numbers([one for one in counts if one not in missing])
    if numbers and not labels:
        found = find_codes(numbers.values())
        missing |= {one: found[number] for one, number in numbers.items() if number in found}
    if missing:
        guesses.append(Guess("missing", f"{quoted(labels.get(one, one) for one in missing)} taken as no answer", LIKELY))
    given = Counter({one: number for one, number in counts.items() if one not in missing})
    if not given:
        return left_out("no cell holds an answer")
    made = _decide(given, heading, labels, wanted, {one: numbers[one] for one in given} if numbers else None)
    made.guesses[:0] = guesses if made.kind else []
    made.missing = missing | made.missing
    return made


def _personal(counts: Counter[str], heading: str, labels: Mapping[str, str]) -> Decision | None:
    """Why a column is left out at once: it would tell who somebody is, or when one answered."""
    looks = sum(number for one, number in counts.items() if LOOKS.fullmatch(one))
    if looks > 0.5 * counts.total():
        return left_out("its cells are addresses, numbers or keys of single people")
    if forms := find_dates(counts):
        if forms == ["20260314"] and len(counts) < 0.5 * counts.total():
            return None
        several = f"dates in {len(forms)} forms ({', '.join(forms)})" if len(forms) > 1 else f"dates or times ({forms[0]})"
        return left_out(f"it holds {several}, which can tell who somebody is; put them into classes to use them",
                        LIKELY if len(forms) > 1 else SURE)
    unlike = len(counts) > 0.95 * counts.total() and counts.total() > 4
    if IDENTIFIER.search(heading) and not labels and (len(counts) > 0.5 * counts.total() or "name" in heading.lower()):
        return left_out("its heading says that it names somebody or something")
    if unlike and all(re.fullmatch(r"\d+", one) for one in counts) and _running(counts):
        return left_out("its numbers run on from row to row, as identifiers do")
    if WEIGHT.search(heading) and (found := read_numbers(list(counts))) and min(found.values()) >= 0 and len(counts) > 3:
        return left_out("it is a weight, and shares are not weighted yet: look at the section on limits", LOOK)
    return None


def _running(counts: Counter[str]) -> bool:
    numbers = sorted(map(int, counts))
    return numbers[-1] - numbers[0] < 1.2 * len(numbers) and len(numbers) > 10 or numbers[0] > 10**6


def _decide(given: Counter[str], heading: str, labels: Mapping[str, str], wanted: str,
            numbers: dict[str, float] | None) -> Decision:
    """As decide, of the cells that are answers."""
    if labels and set(given) <= set(labels) and wanted in ("", "yes-no", "ordered", "nominal"):
        return _labelled(given, labels, wanted)
    same = spellings(given)
    merged = [one for one in given if same[one] != one]
    guesses = [Guess("answers", f"{quoted(merged)} taken as {quoted(dict.fromkeys(same[one] for one in merged))}: they "
                                "differ in case, spaces or the stop at the end alone", LIKELY)] if merged else []
    words: Counter[str] = Counter()
    for one, number in given.items():
        words[same[one]] += number
    if wanted in ("", "yes-no") and (found := _yes_no(words, wanted)):
        return _with(found, guesses, same)
    if formulas := [one for one in words if one[:1] == "=" and not wanted]:
        guesses.append(Guess("answers", f"{quoted(formulas)} is a formula and no answer; taken as none", LOOK))
        rest = Counter({one: number for one, number in words.items() if one not in formulas})
        if not rest:
            return left_out("its cells are formulas; export their values")
        made = _with(_decide(rest, heading, labels, wanted, read_numbers(list(rest))), guesses, same)
        made.missing = dict.fromkeys((one for one in given if same[one] in formulas), SKIPPED)
        return made
    if len(words) == 1 and not wanted:
        return left_out(f"all who answered gave the same answer, {quoted(words)}", LIKELY)
    once = sum(number == 1 for number in words.values())
    if not wanted and not numbers and OPEN.search(heading) and once > len(words) / 2:
        return left_out(WRITTEN, LIKELY)
    if wanted in ("", "multi-select") and not numbers and (found := _several(words, wanted)):
        return _with(found, guesses, same)
    if numbers and wanted in ("", "count", "ordered"):
        return _with(_number(words, numbers, heading, wanted), guesses, same)
    unlike = once > len(words) / 2 and len(words) > 4
    scale = find_scale(list(words), known=unlike) if wanted in ("", "ordered") and len(words) <= 25 else None
    if scale:
        return _with(_ordered(scale), guesses, same)
    if wanted == "ordered":
        return _with(_ordered(Scale(tuple(words), "the order of their first rows, as no other can be told", LOOK)),
                     guesses, same)
    return _with(_nominal(words, heading, wanted), guesses, same)


def _with(made: Decision, guesses: list[Guess], same: Mapping[str, str]) -> Decision:
    """The decision, whose cells may be written in other ways as well."""
    made.guesses[:0] = guesses
    made.reading = {one: made.reading[word] for one, word in same.items() if word in made.reading}
    return made


def _labelled(given: Counter[str], labels: Mapping[str, str], wanted: str) -> Decision:
    """A question whose codes have words in the file: all of them are answers, in the order of the codes."""
    silent = find_words(labels, labels)
    words = {code: label for code, label in labels.items() if code in given or code not in silent}
    folded = [fold(label) for label in words.values()]
    if wanted in ("", "yes-no") and len(words) == 2 and set(folded) & YES and set(folded) & NO:
        return _yes(words, "the file has words for its codes", SURE)
    scale = find_scale(list(dict.fromkeys(words.values()))) if wanted in ("", "ordered") else None
    if scale is not None:
        same = scale.answers == tuple(words.values())
        turned = "" if same else "; the codes of the file run another way"
        return Decision("ordered", [Guess("order", f"the file has words for its codes, and their order is that of "
                                                   f"{scale.reason}{turned}", SURE if same else LIKELY)],
                        scale.answers, dict(words))
    kind = wanted or "nominal"
    doubt = LIKELY if kind == "nominal" and len(words) < 4 else DOUBTFUL
    return Decision(kind, [Guess("kind", "the file has words for its codes, in which no order can be told"
                                 if kind == "nominal" else "in the order of the codes of the file", doubt)],
                    tuple(dict.fromkeys(words.values())), dict(words))


def _yes_no(words: Counter[str], wanted: str) -> Decision | None:
    folded = {fold(one): one for one in words}
    if not folded.keys() <= YES | NO or len(words) > 2 or len(words) == 1 and not wanted:
        return None
    digits = folded.keys() <= {"0", "1"}
    return _yes({one: one for one in words}, "its answers are 0 and 1; 1 is taken as yes" if digits else
                f"its answers are {quoted(words)}", DOUBTFUL if digits and not wanted else SURE)


def _yes(words: Mapping[str, str], why: str, doubt: int) -> Decision:
    own = {fold(label) in YES: label for label in words.values()}
    labels = [first_up(own[said]) if said in own and len(own[said]) > 1 and fold(own[said]) not in ("true", "false") else word
              for said, word in ((False, "No"), (True, "Yes"))]
    reading = {one: labels[fold(label) in YES] for one, label in words.items()}
    return Decision("yes-no", [Guess("kind", why, doubt)], tuple(labels), dict(reading))


def _several(words: Counter[str], wanted: str) -> Decision | None:
    found = divide(words)
    if not found:
        return None
    kept, rare = found.options, set()
    times: Counter[str] = Counter()
    for one, parts in found.cells.items():
        times.update(dict.fromkeys(parts, words[one]))
    seldom = [one for one in found.options if times[one] < FEW]
    guesses = [Guess("kind", f"cells hold several answers with “{found.between.strip() or 'a new line'}” between them",
                     LIKELY if found.between.startswith(",") else SURE)]
    if found.joined:
        guesses.append(Guess("answers", f"{quoted(found.joined)} is one answer with a comma in it, as its parts always "
                                        "stand together", DOUBTFUL))
    if len(seldom) > max(2, len(found.options) // 4) and not wanted:
        rare, kept = set(seldom), tuple(one for one in found.options if one not in seldom) + (RARE,)
        guesses.append(_written(len(seldom)))
    reading = {one: tuple(dict.fromkeys(RARE if part in rare else part for part in parts))
               for one, parts in found.cells.items()}
    return Decision("multi-select", guesses, kept, dict(reading), alone=exclusive(kept))


def _written(number: int) -> Guess:
    return Guess("answers", f"{number} answers that fewer than {FEW} people gave look as if written by themselves; they "
                            f"are put together as “{RARE}”, and their words are not kept", DOUBTFUL)


def _ordered(scale: Scale) -> Decision:
    return Decision("ordered", [Guess("order", f"told by {scale.reason}", scale.doubt)], scale.answers,
                    {one: one for one in scale.answers})


def _number(words: Counter[str], numbers: dict[str, float], heading: str, wanted: str) -> Decision:
    """Numbers: a scale of few, a count, or bands where they are not whole or below zero."""
    values: Counter[float] = Counter()
    for one, number in words.items():
        values[numbers[one]] += number
    whole = all(value.is_integer() for value in values)
    few = sorted(values)
    rated = bool(RATED.search(heading)) and not re.search(r"how many|number of", heading, re.IGNORECASE)
    short = whole and 2 < len(few) <= 11 and few[0] in (0, 1) and few[-1] in (3, 4, 5, 6, 7, 10)
    if wanted != "count" and (short and (rated or not COUNTED.search(heading) and few[0] == 1) or wanted == "ordered"
                              and len(few) <= 15):
        labels = {value: f"{value:g}" for value in (range(int(few[0]), int(few[-1]) + 1) if short else few)}
        ranks = bool(re.search(r"\brank", heading, re.IGNORECASE))
        words_for = ("ranks: the first is the lowest here, so “or higher” means later" if ranks else
                     "taken as a scale on which the highest is the most; give its ends their words")
        return Decision("ordered", [Guess("kind", f"numbers from {few[0]:g} to {few[-1]:g}, {words_for}",
                                          LOOK if ranks else DOUBTFUL)],
                        tuple(labels.values()), {one: labels[numbers[one]] for one in words})
    if whole and few[0] >= 0 and few[-1] < 2**31 - 1:
        edges = [int(edge) for edge in find_bands(values, True)]
        low, high = min(edges[0], int(few[0])), round_up(few[-1])
        if len(edges) > 1 and edges == list(range(edges[0], edges[-1] + 1)) and len(edges) == len(few):
            high = max(int(few[-1]), edges[-1])
        elif len(edges) < 2:
            edges = [low, int(few[-1])] if few[-1] > low else [low, low + 1]
        edges[0] = low
        return Decision("count", [Guess("kind", "whole numbers" + ("" if len(few) < 9 else ", in bands with about equally "
                                                                   "many people"), LIKELY)], (),
                        {one: str(int(numbers[one])) for one in words}, bands=tuple(edges), minimum=low, maximum=high)
    edges = find_bands(values, False)
    if len(edges) < 2 and len(few) > 1:
        edges = [few[0], few[len(few) // 2]]
    labels = [f"{one:g}" for one in edges] if len(edges) == len(few) else label_bands(edges)
    reading = {one: labels[max(0, sum(edge <= numbers[one] for edge in edges) - 1)] for one in words}
    return Decision("ordered", [Guess("kind", "numbers that are not whole, or below zero, in bands with about equally many "
                                              "people; name other bounds where others are usual", DOUBTFUL)],
                    tuple(labels), dict(reading))


def _nominal(words: Counter[str], heading: str, wanted: str) -> Decision:
    """Words without an order: answers that were offered, or what people wrote."""
    once = [one for one, number in words.items() if number < FEW]
    often = [one for one in words if one not in once]
    longest = sum(len(one) * number for one, number in words.items()) / words.total()
    written = len(often) < 2 or sum(words[one] for one in often) < 0.5 * words.total() or len(often) > MOST
    if not wanted and (written and (len(words) > 12 or len(words) > words.total() / 3)
                       or longest > 60 and len(words) > 15 or OPEN.search(heading) and len(once) > len(often)):
        return left_out(WRITTEN, SURE if longest > 30 else LIKELY)
    guesses = []
    kept = [one for one, _ in sorted(words.items(), key=lambda pair: -pair[1])]
    reading = {one: one for one in words}
    if len(once) > max(2, len(often)) and len(often) > 1:
        kept = [one for one in kept if one in often] + [RARE]
        reading = {one: one if one in often else RARE for one in words}
        guesses.append(_written(len(once)))
    doubt = SURE if len(kept) > 2 and len(kept) < 8 else LIKELY
    if 3 <= len(kept) <= 7 and any(re.match(r"(very|somewhat|a little|never|always|low|high|less|more)\b", fold(one))
                                   for one in kept):
        guesses.append(Guess("kind", "no order can be told; if the answers have one, write kind: ordered and put them into "
                                     "it", LOOK))
    else:
        guesses.append(Guess("kind", f"{len(kept)} answers without an order that could be told", doubt))
    return Decision("nominal", guesses, tuple(kept), reading)
