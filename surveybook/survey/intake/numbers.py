"""Which cells are numbers or dates, and in which bands can numbers be shown?"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

POINT = re.compile(r"[-−+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][-+]?\d+)?")
COMMA = re.compile(r"[-−+]?(\d{1,3}([. ]\d{3})+|\d+)?(,\d+)?")
THOUSANDS = re.compile(r"[$€£]?\s*([1-9]\d{0,2}(\.\d{3})+|\d{1,3})\s*[$€£]?")  # “1.500” beside “900”, “$1.500”
UNITS = re.compile(
    r"^[$€£¥]\s*|\s*(%|€|\$|£|years?( old)?|yrs?|hours?|hrs?|h|minutes?|min|kg|cm|km|jahre?|stunden|ans|años)$",
    re.IGNORECASE,
)
# “Less than 1 year”, “More than 50 years”, “80+”: the ends of a list of numbers
BOUND = re.compile(
    r"(?P<below>less than|fewer than|under|below|<|weniger als|unter|moins de|menos de)\s*(?P<low>\d+)(\s+[a-z]+){0,2}|"
    r"(?P<above>more than|over|above|>|mehr als|über|plus de|más de)\s*(?P<high>\d+)(\s+[a-z]+){0,2}|"
    r"(?P<least>\d+)(\s+[a-z]+)?\s*(\+|or more|or older|and (over|older|more)|und (mehr|älter)|et plus|o más)"
    r"(\s+[a-z]+)?", re.IGNORECASE)
BESIDE_BOUND = 10  # numbers, at least, between the ends of such a list
DAY, YEAR = r"(0?[1-9]|[12]\d|3[01])", r"(\d{4}|\d{2})"
MONTH = r"(0?[1-9]|1[0-2])"
NAME = (
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|jän|mär|mai|okt|dez|janv|févr|mars|avr|juin|juil|août|ene|abr|"
    r"ago|dic)[a-zäéû]*\.?"
)
TIME = (r"([T ,]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(\s*[AaPp]\.?[Mm]\.?)?(\s*(Z|UTC|GMT)?([+-]\d{1,2}:?\d{0,2})?)?"
        r"(\s*[A-Z]{3,4})?)?")
DATES = {
    "2026-03-14": re.compile(rf"\d{{4}}[-/.]{MONTH}[-/.]{DAY}{TIME}"),
    "14.03.2026": re.compile(rf"{DAY}\.{MONTH}\.{YEAR}{TIME}"),
    "03/14/2026 or 14/03/2026": re.compile(rf"({DAY}[/-]{MONTH}|{MONTH}[/-]{DAY})[/-]{YEAR}{TIME}"),
    "14 March 2026": re.compile(rf"{DAY}\.?(st|nd|rd|th)?[ -]{NAME}[ ,-]+{YEAR}{TIME}", re.IGNORECASE),
    "March 14, 2026": re.compile(rf"{NAME} {DAY}(st|nd|rd|th)?,? {YEAR}{TIME}", re.IGNORECASE),
    "20260314": re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"),
    "14:30": re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(\s*[AaPp][Mm])?"),
}
MOST_BANDS, MOST_SINGLE, LEAST_SHARE = 7, 11, 0.05
FEW = 5  # people in a band, at least
EVEN_BANDS, MOST_SHARE = 4, 0.5  # bands of one width, at least, and the share of the largest of them at most
DIVIDED = 10_000  # from which on digits stand in groups
MOST_VALUES = 12  # that are not whole and stand by themselves


def read_numbers(answers: Sequence[str]) -> dict[str, float] | None:
    """Each cell as a number; None unless all are. A comma is a decimal one where no cell could hold a point."""
    if not answers:
        return None
    ends = {one: found for one in answers if (found := BOUND.fullmatch(one))}
    if ends:  # at most one at either side of many numbers
        between = read_numbers([one for one in answers if one not in ends]) if len(ends) < 3 else None
        whole = between and len(between) >= BESIDE_BOUND and all(one.is_integer() for one in between.values())
        return {one: _bound(ends[one]) if one in ends else between[one] for one in answers} if whole else None
    if all(THOUSANDS.fullmatch(one) for one in answers) and any("." in one for one in answers) and (
            len(answers) > 4 and any("." not in one for one in answers)
            or any(not one[0].isdigit() for one in answers)):
        return {one: float(re.sub(r"\D", "", one)) for one in answers}
    bare = {one: UNITS.sub("", UNITS.sub("", one)).replace("\u00a0", " ").strip() for one in answers}
    for form in (POINT, COMMA):
        if all(one and form.fullmatch(one) and any(map(str.isdigit, one)) for one in bare.values()):
            if form is POINT and _commas_are_decimal(list(bare.values())):
                continue
            return {one: _number(words, form is COMMA) for one, words in bare.items()}
    return None


def _bound(found: re.Match[str]) -> float:
    if found["below"]:
        return float(found["low"]) - 1
    return float(found["high"]) + 1 if found["above"] else float(found["least"])


def _commas_are_decimal(cells: list[str]) -> bool:
    """“1,500” beside “2,25” or “0,5”: then the comma divides the whole from its parts."""
    return (
        any("," in one for one in cells)
        and not any("." in one for one in cells)
        and any(re.fullmatch(r"[-−+]?0,\d+", one) for one in cells)
    )


def _number(words: str, comma: bool) -> float:
    words = words.replace("−", "-").replace(" ", "")
    return float(words.replace(".", "").replace(",", ".") if comma else words.replace(",", ""))


def in_digits(number: float) -> str:
    """A number with all its digits: “1500000”, “0.25”."""
    return str(int(number)) if float(number).is_integer() else f"{number:.10g}"


def divided(number: float) -> str:
    """A number as a label has it: “1,500,000”, but “1990”, which may be a year."""
    return f"{number:,.10g}" if abs(number) < 10**10 and abs(number) >= DIVIDED else in_digits(number)


def find_dates(answers: Counter[str]) -> list[str]:
    """The forms in which dates or times are written, if nearly all cells are one; nothing otherwise."""
    forms: Counter[str] = Counter()
    for one, count in answers.items():
        if form := next((name for name, known in DATES.items() if known.fullmatch(one)), None):
            forms[form] += count
    return [name for name, _ in forms.most_common()] if forms.total() > 0.9 * answers.total() else []


def find_bands(numbers: Counter[float], whole: bool) -> list[float]:
    """The least number of each band, rising, each with at least five people or one of twenty: bands of one width at
    round numbers, of which the first and the last may be wider; where numbers are too uneven for that, bands with about
    equally many people. A zero that many have stands alone."""
    values = sorted(numbers.elements())
    least, most, people = values[0], values[-1], len(values)
    enough = max(FEW, math.ceil(LEAST_SHARE * people))
    distinct = sorted(numbers)
    if len(distinct) <= MOST_BANDS and all(numbers[one] >= FEW for one in distinct):
        return distinct
    if even := _even_bands(numbers, whole, enough):
        return even
    edges = [_round_down(least, most - least, whole)]
    span, rest = most - least, values
    if least == 0 and numbers[0.0] >= max(enough, people // 8):
        edges.append(1 if whole else min(one for one in distinct if one > 0))
        rest = values if whole else values[numbers[0.0] :]
    if not whole:  # some very large ones say nothing of how fine the others are
        span = rest[9 * len(rest) // 10] - rest[len(rest) // 10] or span
    for step in range(1, MOST_BANDS):
        at = rest[step * len(rest) // MOST_BANDS]
        edges.append(_round_near(at, min(span, 4 * at) if whole and at else span, whole))  # finer of small ones
    found: list[float] = []
    for edge in sorted(set(edges)):
        if not found or edge > found[-1] and sum(n for one, n in numbers.items() if found[-1] <= one < edge) >= enough:
            found.append(edge)
    while len(found) > 1 and sum(n for one, n in numbers.items() if one >= found[-1]) < enough:
        found.pop()
    return found


def _even_bands(numbers: Counter[float], whole: bool, enough: int) -> list[float]:
    """The least number of each band of one width, the finest that gives few; nothing where there is none."""
    zero = [0.0] if min(numbers) == 0 and numbers[0.0] >= max(enough, numbers.total() // 8) else []
    rest = Counter({one: number for one, number in numbers.items() if one or not zero})
    least, most = min(rest), max(rest)
    size = 10.0 ** math.floor(math.log10((most - least) / 100 or 1))
    for step in (size * 10**power * factor for power in range(4) for factor in (1, 2, 5)):
        if whole and step < 1:
            continue
        bins: Counter[float] = Counter()
        for one, number in rest.items():
            bins[round(math.floor(round(one / step, 9)) * step, 10)] += number
        edges, single = sorted(bins), whole and step == 1
        while len(edges) > 1 and bins[edges[0]] < enough:  # the few at either end
            bins[edges[0]] += bins.pop(edges.pop(1))
        while len(edges) > 1 and (min(bins.values()) if single else bins[edges[-1]]) < enough:
            bins[edges[-2]] += bins.pop(edges.pop())
        even = [round(later - one, 9) for one, later in zip(edges[1:], edges[2:], strict=False)]
        most_bands = MOST_SINGLE if single else MOST_BANDS
        if (EVEN_BANDS <= len(edges) + len(zero) <= most_bands and set(even) <= {round(step, 9)}
                and min(bins.values()) >= enough and max(bins.values()) <= MOST_SHARE * rest.total()
                and not (single and edges[-1] < most and bins[edges[-1]] > numbers.total() / 4)):
            first = (1.0 if whole else least) if zero else max(_round_down(least, most - least, whole),
                                                               min(bins))
            return [*zero, first, *edges[1:]]
    return []


def round_up(number: float, span: float) -> int:
    """A whole number that is not below this one, and round for numbers of such a span, so that it tells less of the
    person who has the largest."""
    step = _step(span)
    if number in (10, 100):  # ends of scales, which tell of nobody
        return int(number)
    return (int(number) // step + 1) * step - (1 if step > 1 else 0)


def _step(span: float) -> int:
    """5 for numbers of which the largest and the least are some tens apart, 50 for some hundreds."""
    return max(1, 10 ** (len(str(int(abs(span)))) - 1) // 2)


def _round_down(number: float, span: float, whole: bool) -> float:
    if 0 <= number < 10:
        return number if number == 1 else 0
    step = _step(span)
    return int(math.floor(number / step) * step) if whole or step > 1 else number


def _round_near(number: float, span: float, whole: bool) -> float:
    """The nearest round number, in steps that suit the span of all."""
    raw = span / 20 or 1
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw)
    step = max(step, 1.0) if whole else step
    return round(round(number / step) * step, 10)


def name_bands(numbers: Counter[float]) -> dict[float, str]:
    """Of each number that is not whole the words of its band, in their order: numbers of which there are few stand by
    themselves, or with their neighbors where few people gave them; all others in bands from one edge to the next."""
    distinct = sorted(numbers)
    if len(distinct) <= MOST_VALUES:
        return {one: label for label, part in _neighbors(numbers) for one in part}
    edges = find_bands(numbers, False)
    if len(edges) < 2:
        edges = [distinct[0], distinct[len(distinct) // 2]]
    labels = label_bands(edges)
    if edges[0] == 0 and edges[1] == distinct[1]:  # zero stands alone
        labels[:2] = ["0", f"Above 0 to under {divided(edges[2])}" if len(edges) > 2 else "Above 0"]
    return {one: labels[max(0, sum(edge <= one for edge in edges) - 1)] for one in distinct}


def _neighbors(numbers: Counter[float]) -> list[tuple[str, list[float]]]:
    """Numbers that few people gave with their neighbors, and what each group is called."""
    enough = max(FEW, math.ceil(LEAST_SHARE * numbers.total()))
    groups: list[list[float]] = [[]]
    for one in sorted(numbers):
        if sum(numbers[other] for other in groups[-1]) >= enough:
            groups.append([])
        groups[-1].append(one)
    if len(groups) > 1 and sum(numbers[one] for one in groups[-1]) < enough:
        groups[-2:] = [groups[-2] + groups[-1]]
    if len(groups) == 1:
        groups = [[one] for one in groups[0]]
    words = [f"{divided(part[0])} to {divided(part[-1])}" if len(part) > 1 else divided(part[0]) for part in groups]
    if len(groups[0]) > 1:
        words[0] = f"Up to {divided(groups[0][-1])}"
    if len(groups[-1]) > 1:
        words[-1] = f"{divided(groups[-1][0])} or more"
    return list(zip(words, groups, strict=True))


def label_bands(edges: Sequence[float]) -> list[str]:
    """Words for bands of numbers that are not whole: “1.5 to under 3”; the first and the last are open."""
    told = [divided(edge) for edge in edges]
    if len(edges) == 1:
        return [f"{told[0]} or more"]
    return [
        f"Under {told[1]}",
        *(f"{low} to under {high}" for low, high in zip(told[1:], told[2:], strict=False)),
        f"{told[-1]} or more",
    ]
