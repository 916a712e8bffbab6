"""How is a number written in a sentence?  The only place where anything is rounded."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Self
from urllib.parse import quote

from surveybook.survey.estimates.equality import ALPHA, EqualShares
from surveybook.survey.estimates.share import Interval, Share, known

WITHHELD = "withheld"  # stands for every number that may not be shown
SIMULATED = "Simulated data"  # stands by everything that is made from drawn responses
# Kinds of evidence, as they are marked: printed by a source, computed anew from what it prints, made from drawn
# responses, said before there was any, known to nobody that we could read, and our judgement
PUBLISHED, RECOMPUTED, DRAWN, DECLARED, UNKNOWN, JUDGED = (
    "published", "recomputed", "simulated", "declared", "unknown", "judged")

# Characters that Pandoc's Markdown gives a meaning: as entities they stand for themselves everywhere
SPECIAL = {ord(c): f"&#{ord(c)};" for c in "\\`*_{}[]<>#|$@^~&:'\""}


def plain(words: str) -> str:
    """Words as Markdown that shows just them: no sign has a meaning, and dashes and dots stay as many as they are."""
    return words.translate(SPECIAL).replace("--", "&#45;&#45;").replace("...", "&#46;&#46;&#46;")


class Written(str):
    """A number in words or digits that keeps the `exact` values it was written from, by name."""

    exact: dict[str, float | str]
    evidence = RECOMPUTED

    def __new__(cls, words: str, **exact: float | str) -> Self:
        written = super().__new__(cls, words)
        written.exact = exact
        return written


class Printed(Written):
    """What a source prints, and we cannot compute."""

    evidence = PUBLISHED


class Judged(Written):
    """What nobody counted, and we judge."""

    evidence = JUDGED


class Declared(Written):
    """Words or a number that were there before any answer, such as how many claims a plan has: never simulated."""

    evidence = DECLARED


class Text(str):
    """A finding as it stands in a sentence; `source` is its name. Shows itself as a Markdown span that carries it.

    One of a `simulated` study says so by the class of its span, and by `data-evidence` whether it was drawn or
    declared. The `exact` values of a number travel in an attribute that publishing takes out of the page.
    """

    source: str
    simulated: bool
    evidence: str  # one of the kinds above
    exact: dict[str, float | str]

    def __new__(cls, words: str, source: str, simulated: bool = False) -> Text:
        text = super().__new__(cls, words)
        text.source, text.simulated, text.exact = source, simulated, getattr(words, "exact", {})
        kind = getattr(words, "evidence", RECOMPUTED)
        if simulated and kind != DECLARED:
            kind = DRAWN
        text.evidence = RECOMPUTED if kind == DECLARED and not simulated else kind
        return text

    def _repr_markdown_(self) -> str:
        mark = f' .simulated data-label="{SIMULATED}" title="{SIMULATED}"' if self.simulated else ""
        exact = f' data-exact="{quote(json.dumps(self.exact))}"' if self.exact else ""
        evidence = f' data-evidence="{self.evidence}"' if self.simulated else ""
        return f'[{plain(self)}]{{.finding{mark} data-from="{self.source}"{exact}{evidence}}}'


def declared(words: str) -> Declared:
    """Words or a number as what was there before any answer."""
    return Declared(words, **getattr(words, "exact", {}))


def whole(number: float | None) -> Written:
    """“10,000”."""
    if not known(number):
        return Written(WITHHELD)
    number = int(number)
    return Written(f"{number:,}", value=int(number))


def exact(number: float | None) -> float | str:
    """A number as it stands in data, or the word for one that may not be shown."""
    return number if known(number) else WITHHELD


def decimal(value: float | Decimal, places: int) -> Written:
    """A number with so many places, halves rounded away from zero, with a proper minus sign."""
    if not known(value):
        return Written(WITHHELD)
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return Written(f"{abs(rounded) if rounded == 0 else rounded}".replace("-", "−"), value=float(value))


def percent(fraction: float) -> Written:
    """A fraction in whole percent; what is not all or nothing never looks like it."""
    if not known(fraction):
        return Written(WITHHELD)
    words = f"{decimal(Decimal(repr(fraction)) * 100, 0)}%"  # in floating point 8.5 could come out as 8.499...
    if 0 < fraction < 0.005:
        words = "under 1%"
    elif 0.995 <= fraction < 1:
        words = "over 99%"
    return Written(words, value=float(fraction))


def places_apart(value: float, limit: float, least: int = 2, most: int = 6) -> int:
    """How many places show on which side of a limit a value lies; `most` at last, for a value that lies on it."""
    for places in range(least, most):
        shown, bound = (Decimal(decimal(one, places).replace("−", "-")) for one in (value, limit))
        if value == limit or (shown < bound) == (value < limit) and (shown > bound) == (value > limit):
            return places
    return most


def tenth(fraction: float) -> Written:
    """A fraction in percent with one place, as rates that are near none or all need it: “4.1%”."""
    return Written(f"{decimal(100 * fraction, 1)}%", value=fraction)


def chance(probability: float) -> Written:
    """A probability in whole percent; none is ever quite zero."""
    return Written(percent(max(probability, 1e-9)), value=float(probability))


def of(share: Share) -> Written:
    """“22 of 25”."""
    if share.withheld:
        return Written(WITHHELD)
    return Written(f"{whole(share.count)} of {whole(share.base)}", **estimate(share))


def span(interval: Interval) -> Written:
    """“70% to 96%”."""
    if not known(interval.low):
        return Written(WITHHELD)
    return Written(f"{percent(interval.low)} to {percent(interval.high)}", **bounds(interval))


def counted(share: Share) -> Written:
    """“22 of 25 (88%)”; of a weighted sample “84% weighted, 22 of 25 people”, as the one does not follow from the
    other."""
    if share.withheld:
        return Written(WITHHELD)
    words = f"{percent(share.value)} weighted, {of(share)} people" if share.is_weighted else \
        f"{of(share)} ({percent(share.value)})"
    return Written(words, **estimate(share))


def effect(design_effect: float | None) -> str:
    """A design effect: “1.4”; a dash where there is none, as all gave the same answer."""
    return "–" if design_effect is None else decimal(design_effect, 1)


def beside(share: Share) -> str:
    """A share beside its mark: “22 of 25 · 88%”, or “84%” of a weighted sample."""
    if share.withheld:
        return whole(share.count)
    return percent(share.value) if share.is_weighted else f"{of(share)} · {percent(share.value)}"


def full(share: Share) -> Written:
    """“22 of 25 (88%, 95% interval 70% to 96%)”; “84% weighted (95% interval 70% to 96%; 22 of 25 people)”."""
    if share.withheld:
        return Written(WITHHELD)
    level = percent(share.interval.level)
    interval = f"{level} interval {span(share.interval)}"
    words = f"{percent(share.value)} weighted ({interval}; {of(share)} people)" if share.is_weighted else \
        f"{of(share)} ({percent(share.value)}, {interval})"
    return Written(words, **estimate(share))


def estimate(share: Share) -> dict[str, float | str]:
    """The exact values of a share, by name."""
    return {"value": share.value, "count": share.count, "base": share.base, **bounds(share.interval)}


def bounds(interval: Interval) -> dict[str, float | str]:
    """The exact values of an interval, by name."""
    return {"low": interval.low, "high": interval.high, "level": interval.level, "method": interval.method}


def p_value(p: float) -> Written:
    """“p = 0.14”, “p = 0.034”: two places, below 0.1 three, and four where three would hide the side of the threshold.

    Below 0.001 and above 0.99 only that is said.
    """
    places = 2 if p >= 0.0995 else 3
    if decimal(p, places) == decimal(ALPHA, places) and p != ALPHA:
        places = 4
    words = f"p = {decimal(p, places)}"
    if p < 0.001:
        words = "p < 0.001"
    elif p > 0.99:
        words = "p > 0.99"
    return Written(words, value=float(p))


def signed(number: int) -> Written:
    """“+1”, “−3”, “0”."""
    return Written(f"+{number}" if number > 0 else f"{number}".replace("-", "−"), value=int(number))


def listing(words: list[str], join: str = "and") -> str:
    """“a, b and c”."""
    return f"{', '.join(words[:-1])} {join} {words[-1]}" if len(words) > 1 else "".join(words)


def lower(label: str) -> str:
    """A label inside a sentence: its first letter small, unless a later capital shows that it is a name (“AI”)."""
    return label[:1].lower() + label[1:] if label[1:] == label[1:].lower() else label


def first_up(words: str) -> str:
    """Words as they stand at the start of a sentence."""
    return words[:1].upper() + words[1:]


def spread(numbers: Iterable[float]) -> str:
    """The smallest and the largest of some numbers: “3 to 8”, or “3”; nothing of them if any may not be shown."""
    found = sorted(numbers)
    if not all(map(known, found)):
        return WITHHELD
    return whole(found[0]) if found[0] == found[-1] else f"{whole(found[0])} to {whole(found[-1])}"


def common(sentences: Sequence[str]) -> str:
    """What several sentences have in common at their start and their end, with “…” for where they differ.

    Nothing where they share less than three words.
    """
    split = [sentence.split() for sentence in sentences]
    if len(set(sentences)) == 1:
        return sentences[0]
    shortest = min(map(len, split))
    start = next((n for n in range(shortest) if len({words[n] for words in split}) > 1), shortest)
    end = next((n for n in range(shortest - start) if len({words[-1 - n] for words in split}) > 1), shortest - start)
    if start + end < 3:
        return ""
    first = split[0]
    return " ".join([*first[:start], "…", *first[len(first) - end:]])


def share(found: Share, label: str) -> dict[str, str]:
    """The ways to write a share in a sentence, by name."""
    interval = found.interval
    shown = percent(found.value) if found.withheld else Written(percent(found.value), **estimate(found))
    return {
        "label": lower(label), "title": label, "count": whole(found.count), "base": whole(found.base),
        "of": of(found), "percent": shown, "low": percent(interval.low),
        "high": percent(interval.high), "interval": span(interval), "full": full(found),
    }


def stopped(words: str) -> str:
    """Words as a sentence: with a stop, unless they end with a sign that is one, as a question does."""
    return words if words[-1:] in (".", "?", "!", "？", "。") else f"{words}."


def evenness(test: EqualShares) -> str:
    """What a test of equal shares says, as the predicate of a sentence about the answers."""
    return "are not equally frequent" if test.p < ALPHA else "cannot be told apart from equally frequent ones"


def order(test: EqualShares) -> str:
    """What a test of equal shares means for the order of the answers, as the predicate of a sentence about it."""
    if test.p < ALPHA:
        return "shows differences beyond chance, though not which neighbours differ"
    return "should not be taken as a ranking"
