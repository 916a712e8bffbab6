"""What does it look like?  Each function draws one figure from the estimates of a study.

| question | file |
|---|---|
| How large are the shares? | dots, parts |
| On which side of a scale do the answers lie? | ordered |
| How are numbers distributed? | bars |
| Which option goes with which question? | matrix |
| How did each group answer? | groups |
| How did answers change? | waves |
| How strong is each relation? | forest |
| Would another choice have changed the verdict? | choices |
| What can a survey of this size find, and how often is it wrong? | chances, design |
| Of whom are the shares that a chart shows? | denominators |
| Where do lines, dots and words lie in a drawing? | canvas |
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from surveybook.survey.estimates.share import known
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables
from surveybook.survey.show.display import Figure, Table
from surveybook.survey.show.figures import bars as _bars
from surveybook.survey.show.figures import dots, matrix
from surveybook.survey.show.figures import ordered as _ordered
from surveybook.survey.show.figures.chances import power
from surveybook.survey.show.figures.choices import choices
from surveybook.survey.show.figures.design import alarms
from surveybook.survey.show.figures.forest import forest
from surveybook.survey.show.figures.groups import crossed, means, scores
from surveybook.survey.show.figures.waves import change
from surveybook.survey.show.sampled import FIGURES, refuse_others


def _unless_withheld(
    draw: Callable[..., Figure], table: Callable[..., Table], *, whole: bool = False
) -> Callable[..., Figure]:
    """The function that draws a figure, for studies that withhold counts as well: without a share that may be shown
    there is one sentence instead. `whole`: only questions of which every share is known can be drawn."""

    @wraps(draw)
    def drawn(findings: Findings, *names: str) -> Figure:
        if findings.study.disclosure.minimum_cell:
            twin = table(findings, *names)
            shares: dict[object, list[bool]] = {}
            for row in twin.about["data"]:
                shares.setdefault(row.get("question"), []).append(known(row["share"]))
            if not any((all if whole else any)(one) for one in shares.values()):
                words = f"{twin.name}. Nothing is drawn, as every share is withheld."
                return Figure({}, {}, words, "", twin, twin.note)
        return draw(findings, *names)

    return drawn


bars = _unless_withheld(_bars.bars, tables.shares)
options = _unless_withheld(matrix.options, tables.options)
ordered = _unless_withheld(_ordered.ordered, tables.ordered, whole=True)
readings = _unless_withheld(dots.readings, tables.readings)
shares = _unless_withheld(dots.shares, tables.shares)
yes = _unless_withheld(dots.yes, tables.yes)

__all__ = [
    "alarms", "bars", "change", "choices", "crossed", "forest", "means", "options", "ordered", "power", "readings",
    "scores", "shares", "yes",
]

refuse_others(globals(), FIGURES, "figures")
