"""How did answers change?  A dot with its interval for each wave, those of one answer below each other."""

from __future__ import annotations

from surveybook.survey.data.change import SCALE, changed
from surveybook.survey.estimates.share import Share, known
from surveybook.survey.evidence import waves as words
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures.canvas import both
from surveybook.survey.show.figures.dots import dots
from surveybook.survey.show.figures.groups import Point, draw_points, nothing, rising
from surveybook.survey.stats.scores import Mean
from surveybook.survey.words import text


def change(findings: Findings, question: str) -> Figure:
    """The answers to a question in each wave of the study: dots with their intervals, and the change in words.

    Of yes or no the share of yes, of a scale or a number the mean, of other questions the share of each answer. Raises
    DataError as tables.change.
    """
    made, table = changed(findings.study, question), tables.change(findings, question)
    told = "; ".join(f"{row[0]}, {row[1]}: {row[3]}" + ("" if row[6] == "–" else f", change {row[5]} ({row[6]})")
                     for row in table.rows)
    alt = f"{table.name}. Dot plot of {text.whole(len(made.waves.each))} waves."
    values = [(part, wave.label, value) for part in made.parts
              for wave, value in zip(made.waves.each, part.values, strict=True) if value is not None]
    if not any(known(value.value) for _, _, value in values):
        return nothing(table)
    finding = words.of_change(made)
    if made.kind not in (SCALE, "number"):
        each = [(label if len(made.parts) == 1 else f"{part.label}, {label}", value) for part, label, value in values
                if isinstance(value, Share)]
        together = ", which hold for all answers of a wave together" if len(made.parts) > 1 else ""
        return Figure(*both(lambda wide: dots(each, wide)), alt, f"{told}.", table, table.note, finding,
                      f"Dots are shares of those who answered in each wave, lines their 95% intervals{together}.")
    found = [(label, value) for _, label, value in values if isinstance(value, Mean)]
    points = [Point(label, one.value, one.interval, f"{text.decimal(one.value, 1)} · n = {text.whole(one.n)}")
              for label, one in found]
    ticks = made.scale.values if made.scale else rising(max(
        [0.0, *(one.interval.high if one.interval else one.value for _, one in found if known(one.value))]))
    return draw_points(points, ticks, alt, told, table, "Dots are means, lines their 95% intervals, each for one wave.",
                       finding)
