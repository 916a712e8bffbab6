"""How can one question be answered?  Decided from its cells and its heading, with the reason and the doubt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping

from surveybook.survey.intake import languages
from surveybook.survey.intake.decisions import (
    DOUBTFUL,
    LIKELY,
    LOOK,
    MINIMUM_CELL,
    SURE,
    WEIGHT,
    Decision,
    Guess,
    left_out,
)
from surveybook.survey.intake.numbers import BOUND, in_digits, read_numbers
from surveybook.survey.intake.options import MOST, divide, exclusive
from surveybook.survey.intake.places import NOTHING
from surveybook.survey.intake.privacy import OPEN, POSTAL, WRITTEN, decide_weight, find_personal
from surveybook.survey.intake.quantities import COUNTED, UNORDERED, decide_number
from surveybook.survey.intake.scales import CODE, Scale, find_scale
from surveybook.survey.intake.silence import NOT_APPLICABLE, SKIPPED, find_codes, find_short_codes, find_words
from surveybook.survey.intake.wordings import alphabetic, bare, fold, plain, quoted, spellings
from surveybook.survey.words.text import first_up

YES = {"yes", "y", "true", "checked", "selected", "ever", "1"} | languages.YES
NO = {"no", "n", "false", "unchecked", "not selected", "never", "0"} | languages.NO
FEW = 3  # people who gave an answer in words of their own, below which it is put together with others
RARE = "Another answer"
LISTED, MOST_LETTERS = 15, 40  # of a long list such as that of countries: the answers shown, and letters of one
OTHER = "-oth-"  # how LimeSurvey writes that an answer was written


def decide(
    counts: Counter[str], heading: str, labels: Mapping[str, str], wanted: str = "", apart: bool = False
) -> Decision:
    """How a question with these cells is answered. `labels`: words of its codes, where the file has them; `wanted`: the
    kind that its author asked for; `apart`: whether “N/A” is no empty cell, as the file has these as well."""
    if wanted == "leave-out":
        return left_out("as you asked")
    if not counts:
        return left_out("it is empty")
    if wanted == WEIGHT:
        return decide_weight(counts)
    if not wanted and (why := find_personal(counts, heading, labels)):
        return why
    if POSTAL.search(heading) and not wanted:
        wanted = "nominal"
    guesses: list[Guess] = []
    missing = find_words(counts, labels, apart)
    numbers = read_numbers([one for one in counts if one not in missing])
    if ends := [one for one in numbers or () if BOUND.fullmatch(one)]:
        told = ", ".join(f"“{one}” counts as {in_digits(numbers[one])}" for one in ends)
        guesses.append(Guess("answers", f"{told}, as all other answers are numbers", DOUBTFUL))
    if numbers and not labels and not _has_sides(counts, numbers):
        found = find_codes(numbers.values())
        if not found and not COUNTED.search(heading) and all(one.is_integer() for one in numbers.values()):
            found = find_short_codes({number: counts[one] for one, number in numbers.items()})
        missing |= {one: found[number] for one, number in numbers.items() if number in found}
    for silent, told in ((False, "to whom it did not apply"), (True, "no answer")):
        if found := [labels.get(one, one) for one in missing if (missing[one] != NOT_APPLICABLE) is silent]:
            guesses.append(Guess("missing", f"{quoted(found)} taken as {told}", LIKELY))
    given = Counter({one: number for one, number in counts.items() if one not in missing})
    if not given:
        return left_out("no cell holds an answer")
    made = _decide(given, heading, labels, wanted, {one: numbers[one] for one in given} if numbers else None)
    made.guesses[:0] = guesses if made.kind else []
    made.missing = missing | made.missing
    return made


def _has_sides(counts: Counter[str], numbers: Mapping[str, float]) -> bool:
    """Whether -1 is the lower side of a scale from -1 to 1, as one of ten people and more gave it, and no code."""
    lower = sum(counts[one] for one, number in numbers.items() if number == -1)
    return set(numbers.values()) == {-1, 0, 1} and lower > 0.1 * counts.total()


def _decide(
    given: Counter[str], heading: str, labels: Mapping[str, str], wanted: str, numbers: dict[str, float] | None
) -> Decision:
    """As decide, of the cells that are answers."""
    if labels and len(given) == 1 and not wanted:
        same = quoted(labels.get(one, one) for one in given)
        return left_out(f"all who answered gave the same answer, {same}", LIKELY)
    if labels and set(given) <= set(labels) and wanted in ("", "yes-no", "ordered", "nominal"):
        return _labelled(given, labels, wanted)
    if labels and wanted in ("", "multi-select") and (several := _spaced(given, labels)):
        return several
    same, guesses, words = spellings(given), [], Counter()
    if merged := [one for one in given if same[one] != one]:
        why = (f"{quoted(merged)} taken as {quoted(dict.fromkeys(same[one] for one in merged))}: they differ in case, "
               "spaces or the stop at the end alone")
        guesses.append(Guess("answers", why, LIKELY))
    for one, number in given.items():
        words[same[one]] += number
    coded = not wanted and bool(UNORDERED.search(heading)) and bool(numbers)
    if wanted in ("", "yes-no") and not coded and (found := _yes_no(words, wanted)):
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
    if not wanted and not numbers and OPEN.search(bare(heading)) and once > len(words) / 2:
        return left_out(WRITTEN, LIKELY)
    if wanted in ("", "multi-select") and not numbers and (found := _several(words, wanted)):
        return _with(found, guesses, same)
    if numbers and wanted in ("", "count", "ordered"):
        return _with(_name_ends(decide_number(words, numbers, heading, wanted), labels), guesses, same)
    unlike = once > len(words) / 2 and len(words) > 4
    scale = find_scale(list(words), known=unlike) if wanted in ("", "ordered") and len(words) <= 25 else None
    if scale:
        return _with(_ordered(scale), guesses, same)
    if not wanted and (found := _beside_scale(list(words))):
        made = _with(_ordered(found[1]), guesses, same)
        why = f"“{found[0]}” taken as to whom it did not apply, as all others stand on a scale"
        made.guesses.append(Guess("missing", why, LOOK))
        made.missing = {one: NOT_APPLICABLE for one in given if same[one] == found[0]}
        return made
    if wanted == "ordered":
        scale = Scale(tuple(words), "the order of their first rows, as no other can be told", LOOK)
        return _with(_ordered(scale), guesses, same)
    return _with(_nominal(words, heading, wanted), guesses, same)


def _name_ends(made: Decision, labels: Mapping[str, str]) -> Decision:
    """A scale of numbers, some of which have a word in the file, as its ends often do: “0 (left)”."""
    told = {one: f"{one} ({word})" for one in made.answers if (word := labels.get(one, one)) != one
            and not word.startswith(one)}
    told |= {one: labels[one] for one in made.answers if labels.get(one, one) != one and one not in told}
    if made.kind != "ordered" or not told:
        return made
    made.answers = tuple(told.get(one, one) for one in made.answers)
    made.reading = {cell: told.get(read, read) for cell, read in made.reading.items()}
    return made


def _beside_scale(words: list[str]) -> tuple[str, Scale] | None:
    """The one answer that says that a question does not apply, and the usual scale of all others."""
    for one in words:
        if NOTHING.match(fold(one)) and len(words) > 3:
            scale = find_scale([other for other in words if other != one], known=True)
            return (one, scale) if scale else None
    return None


def _with(made: Decision, guesses: list[Guess], same: Mapping[str, str]) -> Decision:
    """The decision, whose cells may be written in other ways as well."""
    made.guesses[:0] = guesses
    made.reading = {one: made.reading[word] for one, word in same.items() if word in made.reading}
    return made


def _labelled(given: Counter[str], labels: Mapping[str, str], wanted: str) -> Decision:
    """A question whose codes have words in the file: all of them are answers, in the order of the codes."""
    silent = find_words(labels, labels)
    words = {code: label for code, label in labels.items() if code in given or code not in silent}
    folded = [plain(label) for label in words.values()]
    if wanted in ("", "yes-no") and len(words) == 2 and set(folded) & YES and set(folded) & NO:
        return _yes(words, "the file has words for its codes", SURE)
    scale = find_scale(list(dict.fromkeys(words.values()))) if wanted in ("", "ordered") else None
    if scale is not None:
        coded = tuple(dict.fromkeys(words.values()))
        if scale.doubt and scale.answers not in (coded, coded[::-1]):  # whoever gave the codes knows better
            why = "the order of the codes of the file, as the words alone would tell another one"
            return Decision("ordered", [Guess("order", why, DOUBTFUL)], coded, dict(words))
        same = scale.answers == coded
        turned = "" if same else "; the codes of the file run another way"
        why = f"the file has words for its codes, and their order is that of {scale.reason}{turned}"
        return Decision("ordered", [Guess("order", why, SURE if same else LIKELY)], scale.answers, dict(words))
    kind = wanted or "nominal"
    doubt = SURE if kind == "ordered" else LIKELY if len(words) < 4 else DOUBTFUL
    why = "the file has words for its codes, in which no order can be told" if kind == "nominal" else \
        "in the order of the codes of the file"
    return Decision(kind, [Guess("kind", why, doubt)], tuple(dict.fromkeys(words.values())), dict(words))


def _yes_no(words: Counter[str], wanted: str) -> Decision | None:
    bare = {one: re.sub(r"^([01])\.0$", r"\1", one) for one in words}
    folded = {plain(label): one for one, label in bare.items()}
    if not folded.keys() <= YES | NO or len(words) > 2 or len(words) == 1 and not wanted:
        return None
    digits = folded.keys() <= {"0", "1"}
    why = "its answers are 0 and 1; 1 is taken as yes" if digits else f"its answers are {quoted(words)}"
    return _yes(bare, why, DOUBTFUL if digits and not wanted else SURE)


def _yes(words: Mapping[str, str], why: str, doubt: int) -> Decision:
    own = {plain(label) in YES: label for label in words.values()}
    labels = [first_up(own[said])
              if said in own and fold(own[said]) not in ("true", "false", "y", "n", "x", "0", "1") else word
              for said, word in ((False, "No"), (True, "Yes"))]
    reading = {one: labels[plain(label) in YES] for one, label in words.items()}
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
    why = f"cells hold several answers with “{found.between.strip() or 'a new line'}” between them"
    guesses = [Guess("kind", why, LIKELY if found.between.startswith(",") else SURE)]
    if found.joined:
        why = (f"{quoted(found.joined)} is one answer with “{found.between}”, as its parts always stand together or "
               "its later ones begin with a small letter")
        guesses.append(Guess("answers", why, DOUBTFUL))
    if len(seldom) > max(2, len(found.options) // 4) and not wanted:
        rare = _rare(times, seldom)
        kept = (*(one for one in found.options if one not in rare), RARE)
        guesses.append(_written(len(rare)))
    reading = {one: tuple(dict.fromkeys(RARE if part in rare else part for part in parts))
               for one, parts in found.cells.items()}
    return Decision("multi-select", guesses, kept, dict(reading), alone=exclusive(kept))


def _spaced(given: Counter[str], labels: Mapping[str, str]) -> Decision | None:
    """A question whose cells hold several codes with blanks between them, as forms of XLSForm write them; None where a
    cell holds anything else."""
    cells = {one: tuple(dict.fromkeys(one.split())) for one in given}
    if not all(code in labels for codes in cells.values() for code in codes):
        return None
    offered = {code: label for code, label in labels.items()
               if code not in find_words(labels, labels) or any(code in codes for codes in cells.values())}
    answers = tuple(dict.fromkeys(offered.values()))
    reading = {one: tuple(dict.fromkeys(labels[code] for code in codes)) for one, codes in cells.items()}
    why = "cells hold several codes with blanks between them"
    return Decision("multi-select", [Guess("kind", why, SURE)], answers, dict(reading), alone=exclusive(answers))


def _ordered(scale: Scale) -> Decision:
    guess = Guess("order", f"told by {scale.reason}", scale.doubt)
    return Decision("ordered", [guess], scale.answers, {one: one for one in scale.answers})


def _nominal(words: Counter[str], heading: str, wanted: str) -> Decision:
    """Words without an order: answers that were offered, or what people wrote."""
    once = [one for one, number in words.items() if number < FEW]
    often = [one for one in words if one not in once]
    longest = sum(len(one) * number for one, number in words.items()) / words.total()
    written = len(often) < 2 or sum(words[one] for one in often) < 0.5 * words.total() or len(often) > MOST
    if len(often) > MOST and longest < MOST_LETTERS and not OPEN.search(bare(heading)) and sum(
            words[one] for one in often) > 0.9 * words.total():
        kept = sorted({one for one, _ in words.most_common(LISTED)} - _rare(words, ()), key=alphabetic)
        why = f"of {len(words)} answers of a list the {len(kept)} that most people gave, and all others together"
        return Decision("nominal", [Guess("answers", why, DOUBTFUL)], (*kept, RARE),
                        {one: one if one in kept else RARE for one in words})
    if not wanted and (
        written
        and (len(words) > 12 or len(words) > words.total() / 3)
        or longest > 60
        and len(words) > 15
        or OPEN.search(bare(heading))
        and len(once) > len(often)
    ):
        return left_out(WRITTEN, SURE if longest > 30 else LIKELY)
    guesses = []
    kept = sorted(words, key=alphabetic)
    if sum(bool(CODE.fullmatch(one)) for one in kept) >= len(kept) - 1:
        kept.sort(key=lambda one: (not CODE.fullmatch(one), one))
    reading = {one: one for one in words}
    if len(once) > max(2, len(often)) and len(often) > 1:
        rare = _rare(words, once)
        kept = [one for one in kept if one not in rare] + [RARE]
        reading = {one: RARE if one in rare else one for one in words}
        guesses.append(_written(len(rare)))
    doubt = SURE if len(kept) > 2 and len(kept) < 8 else LIKELY
    if all(CODE.fullmatch(one) or one == OTHER for one in kept):
        guesses.append(Guess("answers", "they are codes whose words the file has not; export the words, or give them "
                                        "their labels", LOOK))
    elif 3 <= len(kept) <= 7 and any(
        re.match(r"(very|somewhat|a little|never(?![ -]married)|always|low|high|less|more)\b", fold(one))
        for one in kept
    ):
        why = "no order can be told; if the answers have one, write kind: ordered and put them into it"
        guesses.append(Guess("kind", why, LOOK))
    else:
        guesses.append(Guess("kind", f"{len(kept)} answers without an order that could be told", doubt))
    return Decision("nominal", guesses, tuple(kept), reading)


def _rare(times: Counter[str], once: Collection[str]) -> set[str]:
    """The answers that are put together where some are: all that fewer people gave than may be told of, and more until
    these are as many, as the rule by which answers are put together would tell what is withheld of the others; only
    those that were given `once` or so, where nothing else would be left."""
    found: set[str] = set()
    for one, number in sorted(times.items(), key=lambda pair: (pair[1], pair[0])):
        if number >= MINIMUM_CELL and sum(times[other] for other in found) >= MINIMUM_CELL:
            return found
        found.add(one)
    return set(once)


def _written(number: int) -> Guess:
    why = (f"{number} answers that few people gave, most of which look as if written by themselves, are put together "
           f"as “{RARE}”, and their words are not kept")
    return Guess("answers", why, DOUBTFUL)
