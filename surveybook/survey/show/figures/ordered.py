"""On which side of a scale do the answers lie?  Bars that part at the middle of the scale, which stands apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from surveybook.survey.data.codebook import Question
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import Share
from surveybook.survey.evidence import headlines
from surveybook.survey.evidence.battery import Battery, battery
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables, theme
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures.canvas import Canvas, Chart, both
from surveybook.survey.show.figures.denominators import drawn_of
from surveybook.survey.words import text

SHADES = {1: (1,), 2: (0, 2), 3: (0, 1, 2)}  # how many answers a side has -> their shades, from the inner one
LOW, MIDDLE, HIGH = -1, 0, 1
BAR, KEY, NUMBER, EDGE = 20, 10, 44, 2  # px: height of a bar, the square of a colour, room for “100%” and all around
LETTER = 6.9  # px, of small type; no letter is measured, as that differs between machines


def ordered(findings: Findings, *names: str) -> Figure:
    """The answers to several questions with one scale, which are named, or a construct that they measure.

    Answers below the middle of the scale go to the left, those above it to the right, with the interval of their sum;
    the middle stands apart. Raises DataError for a scale with more than three answers on a side.
    """
    table, asked = tables.ordered(findings, *names), battery(findings.study, names, "ordered")
    if max(asked.below, len(asked.answers) - asked.above) not in SHADES:
        raise DataError(f"the scale of “{asked.questions[0].id}” has {len(asked.answers)} answers, more than a bar can "
                        "show apart; show each question with figures.shares")
    left_out = [question for question in asked.questions if question.distribution.withheld]
    note = table.note
    if left_out:
        note += f" Not drawn, as counts are withheld: {text.listing([asked.names[one.id] for one in left_out])}."
        asked = replace(asked, questions=tuple(one for one in asked.questions if one not in left_out))
    bars = "Stacked bar" if len(asked.questions) == 1 else f"Stacked bars of {len(asked.questions)} questions, sorted,"
    sides = "answers below the middle of the scale to the left and those above" if len(asked.answers) != 3 or \
        asked.middle is not None else "lower answers to the left and the highest"
    name = f"{asked.label}. {bars} with {sides} to the right."
    order = [question for question, _ in asked.ranked(asked.at_least(asked.above))]
    return Figure(*both(lambda wide: bars_apart(asked, order, wide, not left_out)), name, _told(asked), table, note,
                  headlines.of_scales(asked), _reading(asked),
                  others=drawn_of(findings.study, asked.questions, lambda of, wide: bars_apart(
                      replace(asked, of=of), order, wide, not left_out)))


def _reading(asked: Battery) -> str:
    """How the bars are read."""
    middle = "; the answer in the middle stands apart" if asked.middle is not None else ""
    return (f"To the right stand the shares that answered {asked.upper}, sorted by their sum, with the interval of "
            f"that sum below; to the left the lower answers{middle}.")


def _told(asked: Battery) -> str:
    """What the bars show, in words: each question with how many are above, in and below the middle of the scale."""
    sides, each = _Sides(asked), []
    for question, share in asked.ranked(asked.at_least(asked.above)):
        low, middle = (text.percent(sides.sums(side)[question.id].value) for side in (LOW, MIDDLE))
        between = f"{middle} in the middle, " if sides.answers(MIDDLE) else ""
        each.append(f"{asked.names[question.id]}: {text.full(share)}, {between}{low} below")
    order = "From most to least, answered" if len(each) > 1 else "Answered"
    return f"{order} {asked.upper}: {'; '.join(each)}."


@dataclass(frozen=True)
class _Sides:
    """The answers on each side of a scale, from the inner to the outer one, and how many gave one of them."""

    asked: Battery

    def answers(self, side: int) -> tuple[str, ...]:
        asked = self.asked
        return {LOW: asked.answers[: asked.below][::-1], HIGH: asked.answers[asked.above :],
                MIDDLE: asked.answers[asked.below : asked.above]}[side]

    def fills(self, side: int) -> list[str]:
        """The colour of each answer."""
        if side == MIDDLE:
            return [theme.MIDDLE] * len(self.answers(side))
        return [(theme.LOW if side == LOW else theme.HIGH)[shade] for shade in SHADES[len(self.answers(side))]]

    def sums(self, side: int) -> dict[str, Share]:
        return self.asked.shares(self.answers(side))

    def longest(self, side: int) -> float:
        """The largest sum; above the middle with its interval, which may reach further."""
        return max(share.interval.high if side == HIGH else share.value for share in self.sums(side).values())

    @property
    def shown(self) -> tuple[int, ...]:
        """The sides that there are: a scale with an even number of answers has no middle."""
        return (LOW, HIGH) if self.asked.middle is None else (LOW, HIGH, MIDDLE)


@dataclass(frozen=True)
class _Layout:
    """Where things stand from left to right, in px. `unit`: the length of 100%; `zero`: where the bars part; `apart`:
    where those of the middle start."""

    wide: bool
    width: float
    unit: float
    zero: float
    apart: float

    @classmethod
    def of(cls, sides: _Sides, wide: bool) -> _Layout:
        """The layout in which the longest bars take up the whole width."""
        width, left, right = (theme.WIDE, 176, 62) if wide else (theme.NARROW, 0, 0)
        gap = 24 if MIDDLE in sides.shown else 0
        longest = {side: sides.longest(side) for side in sides.shown}
        unit = (width - left - right - NUMBER * len(sides.shown) - gap) / sum(longest.values())
        return cls(wide, width, unit, left + NUMBER + longest[LOW] * unit,
                   width - right - NUMBER - longest.get(MIDDLE, 0) * unit)

    def start(self, side: int) -> float:
        """Where the bars of a side begin."""
        return self.apart if side == MIDDLE else self.zero

    def letters(self, side: int | None) -> int:
        """How many letters the name of an answer can have on one side, or below each other on none."""
        room = {None: self.width, LOW: self.zero, HIGH: self.apart - self.zero, MIDDLE: self.width - self.apart}
        return int((room[side] - KEY - 18) / LETTER)


def bars_apart(asked: Battery, order: Sequence[Question], wide: bool, complete: bool) -> Chart:
    """A row for each question, in this order; its name at the left, or above the bar on a narrow page. `complete`: of
    all questions of the table."""
    sides, above = _Sides(asked), asked.at_least(asked.above)
    ranked = [(question, above[question.id]) for question in order]
    at = _Layout.of(sides, wide)
    canvas = Canvas(at.width, EDGE, exact=True)
    top = _keys(canvas, sides, at)
    names = [wrap(asked.names[question.id], 21 if wide else 32) for question, _ in ranked]
    high = max(map(len, names)) * theme.LEADING
    row, drop = (max(BAR + 16, 10 + high), 0) if wide else (BAR + 22 + high, high / 2 + 4)
    up, below = (row / 2, row / 2) if wide else (BAR / 2 + 3, BAR / 2 + 6)
    for number, ((question, share), name) in enumerate(zip(ranked, names, strict=True)):
        y = top + (number + 0.5) * row + drop
        for side in sides.shown:
            _bar(canvas, sides, side, question, at, y)
            _sum(canvas, sides, side, question, at, y)
        interval = [at.zero + end * at.unit for end in (share.interval.low, share.interval.high)]
        canvas.line(interval[0], y + BAR / 2 + 4, interval[1], y + BAR / 2 + 4, theme.INK, 2, strokeCap="round")
        for side in sides.shown[1:]:
            canvas.line(at.start(side), y - up, at.start(side), y + below, theme.MUTED, 1)
        head = y if wide else y - BAR / 2 - 4 - theme.LEADING / 2
        canvas.text(0, head - (len(name) - 1) * theme.LEADING / (2 if wide else 1), name)
        canvas.text(at.width, head, f"n = {text.whole(share.base)}", size=theme.SMALL, color=theme.MUTED, align="right")
    if complete:
        canvas.rows(top, row, len(ranked))
    return canvas.drawn(top + len(ranked) * row)


def _bar(canvas: Canvas, sides: _Sides, side: int, question: Question, at: _Layout, y: float) -> None:
    """The parts of the bar on one side, one for each answer, from the inner one."""
    answers = sides.answers(side)
    reached = [sides.asked.shares(answers[:number])[question.id].value for number in range(len(answers) + 1)]
    for start, end, fill in zip(reached, reached[1:], sides.fills(side), strict=False):
        ends = [at.start(side) + (side or 1) * share * at.unit for share in (start, end)]
        canvas.area(min(ends), y - BAR / 2, max(ends), y + BAR / 2, fill)


def _sum(canvas: Canvas, sides: _Sides, side: int, question: Question, at: _Layout, y: float) -> None:
    """The share of one side in words, beyond the end of its bar or of its interval."""
    share = sides.sums(side)[question.id]
    reach = share.interval.high if side == HIGH else share.value
    x = at.start(side) + (side or 1) * (reach * at.unit + 6)
    canvas.text(x, y, text.percent(share.value), size=theme.SMALL, align="right" if side == LOW else "left")


def _keys(canvas: Canvas, sides: _Sides, at: _Layout) -> float:
    """A square of the colour of each answer with its name; how high they are together.

    On a wide page they stand above the bars, each on its own side, the outer answer on top; on a narrow one, or where a
    side is too narrow for its words, below each other, in the order of the scale.
    """
    fills = {answer: fill for side in sides.shown
             for answer, fill in zip(sides.answers(side), sides.fills(side), strict=True)}
    stacks = {side: sides.answers(side)[::-1] for side in sides.shown}
    if not at.wide or any(len(word) > at.letters(side) for side, answers in stacks.items() for answer in answers
                          for word in sides.asked.labels[answer].split()):
        stacks = {None: sides.asked.answers}
    named = {answer: wrap(sides.asked.labels[answer], at.letters(side))
             for side, answers in stacks.items() for answer in answers}
    high = {side: sum(len(named[answer]) for answer in answers) * theme.LEADING for side, answers in stacks.items()}
    height = max(high.values())
    for side, answers in stacks.items():
        y, align = height - high[side] + theme.LEADING / 2, "right" if side == LOW else "left"
        left = 0.0 if side is None else at.start(side) + 6 * side - (KEY if side == LOW else 0)
        for answer in answers:
            canvas.area(left, y - KEY / 2, left + KEY, y + KEY / 2, fills[answer])
            canvas.text(left - 6 if side == LOW else left + KEY + 6, y, named[answer], size=theme.SMALL, align=align)
            y += len(named[answer]) * theme.LEADING
    return height + 8.0
