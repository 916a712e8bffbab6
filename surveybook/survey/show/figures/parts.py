"""How is a whole divided among answers?  One bar of all who answered, and below it what each of its parts is.

Where they are few, each of them is a square of its own: in the bar where there are few answers, and in a row for each
answer where there are many.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from textwrap import wrap

from surveybook.survey.estimates.share import Share
from surveybook.survey.show import theme
from surveybook.survey.show.figures.canvas import Canvas, Chart
from surveybook.survey.words import text

Labelled = Sequence[tuple[str, Share]]

FEW = 40  # people up to whom each has a square of their own
IN_ONE = 3  # answers without an order up to which they are parts of one bar
SQUARE, GAP, BAR, KEY = 20, 4, 30, 12  # px: a square, between two, the height of a bar, the square of a colour
EDGE = 2
# From the lowest answer of a scale to the highest
SCALE = (theme.STEPS[1], theme.STEPS[2], *theme.HIGH)
APART = (theme.HIGH[1], theme.MIDDLE, theme.LOW[1])  # of answers without an order


def fills(answers: int, kind: str) -> Sequence[str]:
    """The colour of each part; of yes and no the strong one is that of yes, which stands last."""
    return SCALE[-answers:] if kind == "ordered" else APART[:answers][:: -1 if kind == "yes-no" else 1]


def bar(each: Labelled, silent: Sequence[tuple[str, float]], kind: str, wide: bool) -> Chart:
    """All who answered as one bar, of squares where they are few, and with them those who did not; the parts below.

    `silent`: why some gave no answer, and how many; they are shown as empty squares.
    """
    width = theme.WIDE if wide else theme.NARROW
    canvas, colors = Canvas(width, EDGE, exact=True), fills(len(each), kind)
    counts, base = [share.count for _, share in each], each[0][1].base
    few = base + sum(count for _, count in silent) <= FEW
    keys = [(color, theme.PAPER, label, _words(share)) for color, (label, share) in zip(colors, each, strict=True)]
    if few:
        keys += [(theme.PAPER, theme.MUTED, label, text.whole(count)) for label, count in silent if count]
        squares = [color for color, count in zip(colors, counts, strict=True) for _ in range(int(count))]
        squares += [theme.PAPER] * int(sum(count for _, count in silent))
        across = len(squares) if wide else ceil(len(squares) / 2)
        step = min(SQUARE + GAP, width / across)
        for place, color in enumerate(squares):
            left, top = place % across * step, place // across * step
            canvas.area(left, top, left + step - GAP, top + step - GAP, color, theme.MUTED if color == theme.PAPER
                        else color)
        bottom = ceil(len(squares) / across) * step
    else:
        left = 0.0
        for color, count in zip(colors, counts, strict=True):
            canvas.area(left, 0, left + count / base * width, BAR, color, theme.PAPER)
            left += count / base * width
        bottom = BAR + GAP
    y = bottom + theme.LEADING
    for row, (color, edge, label, words) in enumerate(keys):
        lines = wrap(label, 60 if wide else 26)
        canvas.area(0, y - KEY / 2, KEY, y + KEY / 2, color, edge)
        canvas.text(KEY + 8, y, lines)
        canvas.text(width, y, words, align="right")
        high = max(1, len(lines)) * theme.LEADING + 7
        if row < len(each):
            canvas.band(row, 0, y - high / 2, width, y + high / 2)
        y += high
    return canvas.drawn(y - theme.LEADING / 2)


def rows(each: Labelled, wide: bool) -> Chart:
    """A row of squares for each answer, one for each who gave it."""
    width, left, letters = (theme.WIDE, 292, 36) if wide else (theme.NARROW, 0, 26)
    canvas = Canvas(width, EDGE, exact=True)
    most, beside = max(share.count for _, share in each), 8 * max(len(_words(share)) for _, share in each)
    step = min(SQUARE + GAP, (width - left - (beside + 20 if wide else 0)) / max(most, 1))
    top = 0.0
    for row, (label, share) in enumerate(each):
        lines = wrap(label, letters)
        head = len(lines) * theme.LEADING
        high = max(step + 10, head + 8) if wide else head + (step if share.count else 0) + 12
        middle = top + high / 2 if wide else top + theme.LEADING / 2
        canvas.text(0, middle - ((len(lines) - 1) * theme.LEADING / 2 if wide else 0), lines)
        y = middle - (step - GAP) / 2 if wide else top + head + 2
        for place in range(int(share.count)):
            canvas.area(left + place * step, y, left + (place + 1) * step - GAP, y + step - GAP, theme.BAR)
        words = _words(share)
        canvas.text(left + most * step + 10 if wide else width, middle, words, align="left" if wide else "right")
        canvas.band(row, 0, top, width, top + high)
        top += high
    return canvas.drawn(top)


def _words(share: Share) -> str:
    """“22 of 25 · 88%”."""
    return f"{text.of(share)} · {text.percent(share.value)}"
