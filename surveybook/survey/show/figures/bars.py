"""How are numbers distributed?  Bars from zero, one for each band of a count."""

from __future__ import annotations

from textwrap import wrap

from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import Share
from surveybook.survey.evidence import headlines
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables, theme
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures.canvas import Canvas, Chart, both
from surveybook.survey.show.figures.denominators import drawn_of
from surveybook.survey.words import text

EDGE = 2  # px around the drawing
MOST = 12  # bands that can stand side by side on a phone
PLOT = 190  # px, the height of the longest bar or interval


def bars(findings: Findings, question: str) -> Figure:
    """How many respondents have each number: bars for the shares of the bands of a count, lines for their intervals.

    Raises DataError for a question that is no count, and for one with too many bands.
    """
    asked = findings.study.question(question)
    if asked.kind != "count":
        raise DataError(f"“{question}” is a question of the kind {asked.kind}, and bars are for counts; "
                        "show it with figures.shares")
    if len(asked.answers) > MOST:
        raise DataError(f"“{question}” has {len(asked.answers)} bands, and bars are for up to {MOST}; "
                        "declare wider ones under “bands” in the descriptor")
    table = tables.shares(findings, question)
    shares = [(asked.labels[band], share) for band, share in asked.distribution.shares.items()]
    each = "; ".join(f"{label}: {text.full(share)}" for label, share in shares)
    others = drawn_of(findings.study, [asked], lambda of, wide: _bars(
        [(label, of.share(share, question)) for label, share in shares], wide))
    return Figure(
        *both(lambda wide: _bars(shares, wide)), f"{text.stopped(asked.label)} Bars of {len(shares)} bands.",
        f"{each}.", table, table.note, headlines.of_question(asked),
        f"Bars are {'weighted ' if findings.study.sampling else ''}shares"
        f"{'' if others else ' of those who answered'}, lines intervals that hold for all bands together.",
        others=others,
    )


def _bars(shares: list[tuple[str, Share]], wide: bool) -> Chart:
    """A column for each band; its share above it, the numbers of the band below the line."""
    column = min((theme.WIDE if wide else theme.NARROW) / len(shares), 84)
    width, gap = column * len(shares), max(2.0, column * 0.12)
    canvas = Canvas(width, EDGE, exact=True)
    labels = [wrap(label, max(2, int((column - gap) / 7))) for label, _ in shares]
    unit = PLOT / max(share.interval.high for _, share in shares if not share.withheld)
    zero = 24 + PLOT
    height = zero + 8 + max(map(len, labels)) * theme.LEADING
    for number, (label, (_, share)) in enumerate(zip(labels, shares, strict=True)):
        left, middle = number * column, (number + 0.5) * column
        drawn = [0.0, 0.0, 0.0] if share.withheld else [share.value, share.interval.low, share.interval.high]
        value, low, high = (zero - part * unit for part in drawn)
        canvas.area(left + gap, value, left + column - gap, zero, theme.BAR)
        canvas.line(middle, high, middle, low, theme.INK, 2, strokeCap="round")
        canvas.text(middle, high - 12, text.percent(share.value), size=theme.SMALL, align="center")
        canvas.text(middle, zero + 6 + theme.LEADING / 2, label, size=theme.SMALL, color=theme.MUTED, align="center")
        canvas.band(number, left, 0, left + column, height)
    canvas.line(0, zero, width, zero, theme.MUTED, 1)
    return canvas.drawn(height)
