"""How strong is each relation, and is it the one that was expected?"""

from __future__ import annotations

from itertools import groupby
from textwrap import wrap

from surveybook.survey.evidence import headlines
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables, theme
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures.canvas import Canvas, Chart, Scale, both
from surveybook.survey.show.tables.hypotheses import outcome, sized
from surveybook.survey.show.tables.hypotheses import scale as scale_of
from surveybook.survey.verdicts.test import EFFECT, OPPOSITE
from surveybook.survey.verdicts.verdict import Verdict
from surveybook.survey.words import text

# How a verdict is seen: the shape of the size, and its colour
SIGNS = {EFFECT: ("diamond", theme.MARK), OPPOSITE: ("square", theme.SECOND)}


def forest(findings: Findings, family: str = "") -> Figure:
    """The size of every hypothesis of a family, or of all families, with intervals, the smallest size that matters,
    the published outcome and the verdict. Each row names its measure, as those of different measures differ."""
    verdicts, table = findings.judgements.of(family), tables.effects(findings, family)
    words = [one.word for one in verdicts]
    counts = text.listing([f"{words.count(word)} {word}" for word in dict.fromkeys(words)])
    each = [f"{one.hypothesis.claim} {scale_of(one)}: {sized(one)}, {one.word}, {outcome(one)}." for one in verdicts]
    shapes = [f"a {shape} where the verdict is {word}" for word, (shape, _) in SIGNS.items() if word in words]
    signs = text.listing(shapes)
    reading = (f"Signs are sizes{f', {signs}' if signs else ''}. The whole line "
               "is the 95% interval of a size. The band around zero holds the sizes that were declared too small to "
               "matter; a relation that matters is ruled out where the thick part of the line lies inside the band. "
               "Above zero both answers rise together.")
    return Figure(*both(lambda wide: _forest(verdicts, wide, not family)),
                  f"{table.name}. Forest plot of {len(verdicts)} hypotheses, each with its size, interval and verdict.",
                  f"Verdicts: {counts}. {' '.join(each)}", table, table.note, headlines.of_claims(words), reading)


def _forest(verdicts: list[Verdict], wide: bool, grouped: bool) -> Chart:
    """One row below the other, families under their titles; words at the sides, or above on a narrow page."""
    canvas = Canvas(theme.WIDE if wide else theme.NARROW)
    scale = Scale.around(_values(verdicts), *((292, 470) if wide else (14, theme.NARROW - 14)))
    top = 0.0
    for title, members in groupby(verdicts, lambda one: one.hypothesis.family.title):
        if grouped:
            lines = wrap(title, 36 if wide else 48)
            for number, line in enumerate(lines):
                canvas.text(0, top + 10 + number * theme.LEADING, line, bold=True)
            top += (len(lines) - 1) * theme.LEADING + (0 if wide else 22)
        scale.mark(canvas, top + 10)
        top += 26
        start = top
        for one in members:
            below = (_beside if wide else _above)(canvas, one, scale, top)
            canvas.band(len(canvas.bands), 0, top, canvas.width, below)
            top = below
        if wide:
            scale.grid(canvas, start, top)
    return canvas.drawn(top)


def _beside(canvas: Canvas, verdict: Verdict, scale: Scale, top: float) -> float:
    """A row of a wide page, from `top` on; where it ends."""
    below = _claim(canvas, verdict, top, 38, 44)
    middle = (top + below) / 2
    canvas.text(scale.right + 14, middle - 16, verdict.word, bold=True)
    canvas.text(scale.right + 14, middle + 1, sized(verdict), size=theme.SMALL)
    end = middle
    for line in _measure(verdict):
        end += 16
        canvas.text(scale.right + 14, end, line, size=theme.SMALL, color=theme.MUTED)
    bottom = max(below, end + 8) + 14
    _marks(canvas, verdict, middle, scale)
    return bottom


def _above(canvas: Canvas, verdict: Verdict, scale: Scale, top: float) -> float:
    """A row of a narrow page, from `top` on; where it ends."""
    below = _claim(canvas, verdict, top, 44, 52)
    canvas.text(0, below + 10, verdict.word, bold=True)
    canvas.text(canvas.width, below + 10, sized(verdict), size=theme.SMALL, align="right")
    words = ", ".join(_measure(verdict))
    canvas.text(canvas.width, below + 26, words, size=theme.SMALL, color=theme.MUTED, align="right")
    scale.grid(canvas, below + 36, below + 64)
    _marks(canvas, verdict, below + 50, scale)
    return below + 80


def _claim(canvas: Canvas, verdict: Verdict, top: float, letters: int, small_letters: int) -> float:
    """The claim and what is published about it; where the words end."""
    for line in wrap(verdict.hypothesis.claim.rstrip("."), letters):
        canvas.text(0, top + 10, line)
        top += theme.LEADING
    for line in wrap(text.first_up(outcome(verdict)), small_letters):
        canvas.text(0, top + 10, line, size=theme.SMALL, color=theme.MUTED)
        top += 16
    return top + 4


def _measure(verdict: Verdict) -> list[str]:
    """The measure and its range; on which side the claim lies, where that is not above zero."""
    return [scale_of(verdict), *(["claimed below 0"] if verdict.side == "less" else [])]


def _band(verdict: Verdict) -> tuple[float, float]:
    """The sizes that were declared not to matter."""
    least = verdict.hypothesis.family.smallest_effects.get(verdict.row.measure, 0.0)
    return (-least if verdict.row.signed else 0.0), least


def _values(verdicts: list[Verdict]) -> list[float]:
    """What the scale must show."""
    intervals = [one.judged.size.interval for one in verdicts if one.judged.size]
    return [end for one in verdicts for end in _band(one)] + [end for one in intervals for end in (one.low, one.high)]


def _marks(canvas: Canvas, verdict: Verdict, y: float, scale: Scale) -> None:
    """The band, the intervals and the dot of one hypothesis."""
    low, high = _band(verdict)
    canvas.area(scale(low), y - 13, scale(high), y + 13, theme.FILL)
    size, equivalence = verdict.judged.size, verdict.judged.equivalence
    if size is None:
        return
    canvas.line(scale(size.interval.low), y, scale(size.interval.high), y, theme.MARK, 1.5)
    if equivalence:
        canvas.line(scale(equivalence.interval.low), y, scale(equivalence.interval.high), y, theme.MARK, 4)
    shape, color = SIGNS.get(verdict.word, ("circle", theme.MARK))
    canvas.sign(scale(size.value), y, color, color, shape)
