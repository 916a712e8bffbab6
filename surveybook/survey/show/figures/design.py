"""How often does the plan raise a false alarm?  Curves of the design analysis, as small multiples."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from textwrap import wrap

from surveybook.survey.data.hypotheses import Family
from surveybook.survey.design.power import FalseAlarms, Power
from surveybook.survey.estimates.share import Share
from surveybook.survey.evidence import headlines
from surveybook.survey.evidence.design import power_of
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables, theme
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures.canvas import Canvas, Chart, both
from surveybook.survey.words import text

LEFT, TOP, PLOT, BOTTOM = 40, 48, 130, 44  # px around and in a panel
EDGE = 4  # px around all panels
CEILING = 0.12  # the top of the scale of false alarms

def alarms(findings: Findings) -> Figure:
    """How often a family claims something where nothing is true, by size of survey: a panel for each family."""
    found, table = power_of(findings.study), tables.alarms(findings)
    families = {one.family: [other for other in found.alarms() if other.family == one.family]
                for one in found.alarms()}
    told = "; ".join(f"{found.family(name).title}: {_alarms_told(each)}" for name, each in families.items())
    return Figure(
        *both(lambda wide: _panels(found, list(families.values()), wide)),
        f"False alarms. Curves of {len(families)} families over the size of the survey.",
        f"The share of surveys that claim an effect, over all numbers of respondents. {told}.", table,
        table.note, headlines.of_alarms(found),
        "Intervals are those of the simulation; the broken line is the level of the family.",
    )


def _alarms_told(alarms: Sequence[FalseAlarms]) -> str:
    """The false alarms of a family in words; how they differ from size to size is noise."""
    values = [_share(one, "effect").value for one in alarms]
    return f"{text.tenth(min(values))} to {text.tenth(max(values))}"


def _share(alarms: FalseAlarms, verdict: str) -> Share:
    """The share of surveys in which the family claims an effect, or its opposite."""
    return Share(getattr(alarms, verdict), alarms.surveys)


def _panels(found: Power, families: Sequence[Sequence[FalseAlarms]], wide: bool) -> Chart:
    """A panel for each family, side by side as many as fit."""
    columns, gap, high = 2 if wide else 1, 36, TOP + PLOT + BOTTOM
    each = ((theme.WIDE if wide else theme.NARROW) - 8 - gap * (columns - 1)) / columns
    canvas = Canvas(columns * each + gap * (columns - 1), EDGE, exact=True)
    for number, alarms in enumerate(families):
        canvas.corner = (number % columns * (each + gap), number // columns * high)
        _panel(canvas, found.family(alarms[0].family), alarms, each)
    return canvas.drawn(high * ceil(len(families) / columns))


def _panel(canvas: Canvas, family: Family, alarms: Sequence[FalseAlarms], width: float) -> None:
    """The false alarms of a family, and its level as a broken line."""
    for number, line in enumerate(wrap(family.title, int(width / 7))[:2]):
        _text(canvas, 0, 10 + number * theme.LEADING, line, color=theme.INK)
    for share, said in {0: "0%", family.level: text.percent(family.level), 0.1: "10%"}.items():
        canvas.rule(LEFT, _y(share), width, _y(share))
        _text(canvas, LEFT - 6, _y(share), said, "right")
    canvas.broken(LEFT, width, _y(family.level))
    step = (width - LEFT) / len(alarms)
    middles = [LEFT + (number + 0.5) * step for number in range(len(alarms))]
    canvas.columns(middles, LEFT / 2, width, TOP, TOP + PLOT)
    for verdict, color, aside in (("effect", theme.MARK, -4), ("opposite", theme.SECOND, 4)):
        places = [(middle + aside, _share(one, verdict)) for middle, one in zip(middles, alarms, strict=True)]
        canvas.curve([(x, _y(share.value)) for x, share in places], color, 1.5)
        for x, share in places:
            canvas.line(x, _y(share.interval.low), x, _y(share.interval.high), color, 2)
            canvas.dot(x, _y(share.value), color)
    _text(canvas, LEFT + 4, _y(CEILING) + 6, "effect", color=theme.MARK)
    _text(canvas, LEFT + 60, _y(CEILING) + 6, "opposite", color=theme.SECOND)
    for middle, one in zip(middles, alarms, strict=True):
        _text(canvas, middle, TOP + PLOT + 12, text.whole(one.respondents), "center")
    _text(canvas, (LEFT + width) / 2, TOP + PLOT + 29, "respondents", "center")


def _text(canvas: Canvas, x: float, y: float, said: str, align: str = "left", color: str = theme.MUTED) -> None:
    canvas.text(x, y, said, size=theme.SMALL, align=align, color=color)


def _y(share: float) -> float:
    """The height of a share in a panel, cut at its top."""
    return TOP + PLOT * (1 - min(share, CEILING) / CEILING)
