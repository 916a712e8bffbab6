"""How did each group answer?  Dots, bars or tiles by group, and means and scores with their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from surveybook.survey.data.codebook import Question
from surveybook.survey.data.grouping import ALL, Groups, grouped
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.distribution import Distribution
from surveybook.survey.estimates.share import Interval, Share, known
from surveybook.survey.evidence import headlines
from surveybook.survey.evidence.battery import Battery
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables, theme
from surveybook.survey.show.display import Figure, Table
from surveybook.survey.show.figures.canvas import STEPS, Canvas, Chart, Scale, both
from surveybook.survey.show.figures.dots import dots
from surveybook.survey.show.figures.matrix import EDGE, TILE, titles
from surveybook.survey.show.figures.ordered import bars_apart
from surveybook.survey.show.tables.groups import LETTERED, means_of, points, title
from surveybook.survey.words import text

SIDES = 7  # answers of a scale whose bars part in the middle
MOST = 10  # groups that can stand side by side
BEYOND = "Letters name the groups whose share is smaller, beyond chance."
PROMOTERS = ("Detractors, 0 to 6", "Passives, 7 and 8", "Promoters, 9 and 10")


def crossed(findings: Findings, question: str, by: str) -> Figure:
    """The answers to one question in the groups that the answers to another one make.

    Of a question of yes or no dots with intervals, of a scale bars that part at its middle, one for each group and for
    all; of a scale from 0 to 10 the bars are detractors, passives and promoters. All others are tiles, a row for each
    answer and a column for each group. Raises DataError for more groups than can stand side by side.
    """
    made, table = grouped(findings.study, question, by), tables.crossed(findings, question, by)
    if made.question.kind == "yes-no":
        return _yes(made, table)
    asked = _side_by_side(made)
    if asked:
        return _bars(made, asked, table)
    if len(made.names) > MOST:
        raise DataError(f"“{by}” makes {len(made.names)} groups, and {MOST} can stand side by side; put its answers "
                        "together in the descriptor, or show them with tables.crossed")
    return _tiles(made, table)


def _yes(made: Groups, table: Table) -> Figure:
    """A dot for each group and for all."""
    shares = made.box((made.question.answers.index("yes"),))
    if not any(known(share.value) for share in shares):
        return nothing(table)
    each = list(zip((*made.names, ALL), shares, strict=True))
    told = "; ".join(f"{name}: {text.full(share)}" for name, share in each)
    rows = made.places((made.question.answers.index("yes"),)) or []
    return Figure(*both(lambda wide: dots(each, wide)),
                  f"{table.name}. Dot plot of {text.whole(len(made.names))} groups and of all.", f"{told}.", table,
                  _unlettered(table), headlines.of_groups(made, rows),
                  "Dots are shares of those who answered, lines their 95% intervals, which hold for all of them "
                  "together.")


def _side_by_side(made: Groups) -> Battery | None:
    """The groups and all as questions with one scale; None where its answers are not told, have no order, or are too
    many to be told apart."""
    if made.question.kind != "ordered" or made.withheld:
        return None
    names, parts = made.answers, []
    if made.scale_or_none and made.scale_or_none.promoters:
        scale = made.scale_or_none
        rows = [made.places(part) for part in (scale.lower, scale.middle, scale.upper)]
        if all(row is not None for row in rows):
            names, parts = PROMOTERS, [row or [] for row in rows]
    if not 2 < len(names) <= SIDES:
        return None
    each = list(made.distributions(parts))
    ids = tuple(each[0][1].counts)
    labels = dict(zip(ids, names, strict=True))
    return Battery(title(made), tuple(
        _as_question(made.question, number, name, own, labels) for number, (name, own) in enumerate(each)))


def _as_question(question: Question, number: int, name: str, own: Distribution, labels: dict[str, str]) -> Question:
    """The answers of one group, as a question of its own that stands among others."""
    return replace(question, id=f"group-{number}", label=name.replace(": ", " – "), answers=tuple(own.counts),
                   labels=labels, missing={}, distribution=own)


def _bars(made: Groups, asked: Battery, table: Table) -> Figure:
    """A bar for each group and for all, parted at the middle of the scale."""
    net = ""
    if asked.answers and asked.labels[asked.answers[-1]] == PROMOTERS[-1]:
        scores = zip(asked.questions, made.net(), strict=True)
        net = " Net promoter scores: " + ", ".join(
            f"{asked.names[question.id]} {points(one.value)}" for question, one in scores) + "."
    above = asked.at_least(asked.above)
    told = "; ".join(f"{asked.names[question.id]}: {text.full(above[question.id])}" for question in asked.questions)
    upper = [*range(len(made.answers))][-len(_upper_rows(made, asked)):]
    middle = "; the answer in the middle stands apart" if asked.middle is not None else ""
    return Figure(
        *both(lambda wide: bars_apart(asked, asked.questions, wide, complete=False)),
        f"{table.name}. Stacked bars of {text.whole(len(made.names))} groups and of all, parted at the middle of the "
        "scale.", f"Answered {asked.upper}: {told}.{net}", table, f"{_unlettered(table)}{net}",
        headlines.of_groups(made, upper),
        f"To the right stand the shares that answered {asked.upper}, with the interval of their sum below; to the left "
        f"the lower answers{middle}. Intervals hold for all bars together.",
    )


def _unlettered(table: Table) -> str:
    """The note of a table, for a figure without letters."""
    return table.note.removeprefix(LETTERED).lstrip()


def _upper_rows(made: Groups, asked: Battery) -> list[int]:
    """The rows of the table that lie above the middle of what is drawn."""
    if asked.labels[asked.answers[-1]] == PROMOTERS[-1]:
        return made.places(made.scale.upper) or []
    return list(range(asked.above, len(made.answers)))


def _tiles(made: Groups, table: Table) -> Figure:
    """A tile for each answer of each group."""
    shares = [made.shares([place]) for place in range(len(made.answers))]
    if not any(known(share.value) for row in shares for share in row):
        return nothing(table)
    letters = [[*made.larger([place]), ""] for place in range(len(made.answers))]
    told = []
    for place, (name, letter) in enumerate(zip((*made.names, ALL), (*made.letters, ""), strict=True)):
        ranked = sorted((row[place] for row in shares if known(row[place].value)), key=lambda one: -one.value)
        first = next(label for label, row in zip(made.answers, shares, strict=True) if row[place] is ranked[0])
        told.append(f"{name}{f' ({letter})' if letter else ''}: {text.lower(first)}, {text.full(ranked[0])}")
    hidden = " “–”: withheld." if made.withheld else ""
    rows = [place for place, row in enumerate(shares) if known(row[0].value)]
    return Figure(
        *both(lambda wide: _drawn(made, shares, letters, wide)),
        f"{table.name}. Tiles with a row for each of {len(made.answers)} answers and a column for each of "
        f"{len(made.names)} groups and for all.",
        f"The answer given most often, and by how many. {'; '.join(told)}.", table, f"{table.note}{hidden}",
        headlines.of_rows(made, rows),
        "Each tile is the share of its column’s base that gave the answer, in a stronger color where it is larger. "
        + BEYOND,
    )


def _drawn(made: Groups, shares: Sequence[Sequence[Share]], letters: Sequence[Sequence[str]], wide: bool) -> Chart:
    """A row of tiles for each answer, a column for each group and for all; answers at the left, or above their tiles on
    a narrow page."""
    width, left = (theme.WIDE, 190) if wide else (theme.NARROW, 0)
    heads = [*(f"{name} ({letter})" for name, letter in zip(made.names, made.letters, strict=True)), ALL]
    canvas, column = Canvas(width, EDGE, exact=True), (width - left) / len(heads)
    top = titles(canvas, heads, left, column)
    named = [wrap(answer, 23 if wide else 44) for answer in made.answers]
    any_letters = any(own for line in letters for own in line)
    for number, (name, row) in enumerate(zip(named, shares, strict=True)):
        above = 0 if wide else len(name) * theme.LEADING + 4
        tile = max(TILE + (8 if any_letters else 0), len(name) * theme.LEADING + 6 if wide else 0)
        y = top + above + tile / 2
        for place, share in enumerate(row):
            x = left + place * column
            step = 0 if share.withheld else min(int(share.value * len(theme.STEPS)), len(theme.STEPS) - 1)
            canvas.area(x + 1, y - tile / 2 + 1, x + column - 1, y + tile / 2 - 1, theme.STEPS[step], theme.LINE)
            drop = 7 if letters[number][place] else 0
            canvas.text(x + column / 2, y - drop, "–" if share.withheld else text.percent(share.value),
                        size=theme.SMALL if column > 34 else 10.5, color=theme.ON_STEPS[step], align="center")
            if drop:
                canvas.text(x + column / 2, y + 9, letters[number][place], size=10.5, bold=True,
                            color=theme.ON_STEPS[step], align="center")
            canvas.band(number * len(heads) + place, x, y - tile / 2, x + column, y + tile / 2)
        canvas.text(0, y - (len(name) - 1) * theme.LEADING / 2 if wide else top + theme.LEADING / 2 + 2, name)
        top += above + tile
    canvas.text(0, top + theme.LEADING, "Base", size=theme.SMALL, color=theme.MUTED)
    top += 0 if wide else theme.LEADING
    for place, share in enumerate(shares[0]):
        canvas.text(left + (place + 0.5) * column, top + theme.LEADING, text.whole(share.base),
                    size=theme.SMALL if column > 34 else 10.5, color=theme.MUTED, align="center")
    below = 2 if made.domains else 1  # the table has a row of bases too, and of a weighted study one of effective n
    canvas.bands[(len(named) + below) * len(heads) - 1] = (0, 0, 0, 0)
    return canvas.drawn(top + 2 * theme.LEADING)


@dataclass(frozen=True)
class _Point:
    """What is drawn of one group: a value with its interval, in words."""

    name: str
    value: float
    interval: Interval | None
    words: str


def means(findings: Findings, question: str, by: str) -> Figure:
    """The mean of a number, or of answers on a scale, in each group and in all: dots with their intervals.

    Raises DataError for a question that is neither.
    """
    made, table = grouped(findings.study, question, by), tables.means(findings, question, by)
    found = means_of(made)
    each = [_Point(name, one.value, one.interval, f"{text.decimal(one.value, 1)} · n = {text.whole(one.n)}")
            for name, one in zip((*made.names, ALL), found, strict=True)]
    if made.question.kind == "ordered":
        ticks: Sequence[float] = made.scale.values
    else:
        most = max([0.0, *(one.interval.high if one.interval else one.value for one in found if known(one.value))])
        ticks = rising(most)
    told = "; ".join(f"{row[0]}: {row[2]}, interval {row[3]}" for row in table.rows)
    return _points(each, ticks, f"{table.name}. Dot plot of {text.whole(len(made.names))} groups and of all.", told,
                   table, "Dots are means, lines their 95% intervals, each for one group.")


def scores(findings: Findings, question: str, by: str) -> Figure:
    """How many more of each group answer at the upper end of a scale than at the lower one: dots with their intervals.

    From 0 to 10 it is the net promoter score. Raises DataError for a question without a scale.
    """
    made, table = grouped(findings.study, question, by), tables.scores(findings, question, by)
    bases = made.bases.tolist()
    each = [_Point(name, 100 * one.value, _hundredfold(one.interval), f"{points(one.value)} · n = {text.whole(base)}")
            for name, one, base in zip((*made.names, ALL), made.net(), (*bases, made.bases.sum()), strict=True)]
    told = "; ".join(f"{row[0]}: {row[4]}, interval {row[5]}" for row in table.rows)
    return _points(each, (-100, -50, 0, 50, 100),
                   f"{table.name}. Dot plot of {text.whole(len(made.names))} groups and of all.", told, table,
                   "Dots are net scores in points of a hundred, lines their 95% intervals, each for one group.")


def _hundredfold(interval: Interval | None) -> Interval | None:
    return replace(interval, low=100 * interval.low, high=100 * interval.high) if interval else None


def rising(most: float) -> list[float]:
    """Round numbers from zero up to at least the largest one."""
    step = next((step for step in (*STEPS, 200, 500, 1000) if most / step <= 6), max(most / 6, 1))
    return [step * number for number in range(max(1, math.ceil(most / step)) + 1)]


def _points(each: Sequence[_Point], ticks: Sequence[float], alt: str, told: str, table: Table, reading: str) -> Figure:
    """Dots with their intervals, and the same in words."""
    if not any(known(one.value) for one in each):
        return nothing(table)
    return Figure(*both(lambda wide: _dotted(each, ticks, wide)), alt, f"{told}.", table, table.note, "", reading)


def _dotted(each: Sequence[_Point], ticks: Sequence[float], wide: bool) -> Chart:
    """A row for each group; its name at the left, or above its dot on a narrow page."""
    width, left, right = (theme.WIDE, 250, 110) if wide else (theme.NARROW, 20, 20)
    canvas, scale = Canvas(width, EDGE, exact=True), Scale(ticks, left, width - right)
    names = [wrap(one.name, 32 if wide else 28) for one in each]
    high = max(map(len, names)) * theme.LEADING
    row = max(34.0, high + 10) if wide else high + 34.0
    bottom = 6 + row * len(each)
    for tick in ticks:
        canvas.rule(scale(tick), 6, scale(tick), bottom)
    scale.mark(canvas, bottom + 12, short)
    for number, (one, name) in enumerate(zip(each, names, strict=True)):
        middle = 6 + (number + 0.5) * row
        y = middle if wide else middle + high / 2 + 2
        head = middle - (len(name) - 1) * theme.LEADING / 2 if wide else middle - row / 2 + 10
        canvas.text(0, head, name)
        canvas.text(width, middle if wide else head, one.words, size=theme.SMALL, color=theme.MUTED, align="right")
        if not known(one.value):
            continue
        if one.interval:
            canvas.interval(scale(one.interval.low), scale(one.interval.high), y)
        canvas.sign(scale(one.value), y, theme.MARK)
    canvas.rows(6, row, len(each))
    return canvas.drawn(bottom + 24)


def short(tick: float) -> str:
    """A number of a scale, with a place where it is not whole."""
    return text.decimal(tick, 0 if float(tick).is_integer() else 1)


def nothing(table: Table) -> Figure:
    """One sentence where no count may be shown."""
    return Figure({}, {}, f"{table.name}. Nothing is drawn, as its counts are withheld.", "", table, table.note)
