"""What would 100 surveys like this find, and how does that change with the number of people asked?  One chart.

It shows the case at hand: surveys of as many as were asked, and the first hypothesis. Where scripts run, readers choose
hypothesis, strength and number (theme/chances.js, which draws the same at the same places).
"""

from __future__ import annotations

from math import log

from surveybook.survey.evidence import headlines
from surveybook.survey.evidence.chances import TEMPLATES, Case, cases, ends, first_case, hundred, in_words
from surveybook.survey.evidence.design import power_of
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import theme
from surveybook.survey.show.display import Choices, Figure
from surveybook.survey.show.figures.canvas import Canvas, Chart, both
from surveybook.survey.show.tables.chances import TITLES, chances
from surveybook.survey.words import text
from surveybook.survey.words.course import course

EDGE = 4  # px around all
SQUARE, STEP, TOP = 12, 15, 26  # px: a survey, from one to the next, and above them
SIDE = 10 * STEP
LEFT, HIGH = 42, 184  # px beside and of the plot
LOOKS = {"found": (theme.MARK, theme.MARK), "open": (theme.PAPER, theme.MUTED), "small": (theme.MIDDLE, theme.MIDDLE),
         "opposite": (theme.PAPER, theme.SECOND)}  # of squares: fill and outline; the opposite one is crossed


def power(findings: Findings) -> Figure:
    """What surveys find, and how many people must be asked: a square for each of 100 surveys, and how often a relation
    is found by the number of respondents. A reader chooses hypothesis, strength and number where scripts run."""
    found = power_of(findings.study)
    case = first_case(found)
    table, claim = chances(findings, case), found.declared(case.hypothesis).claim
    along = course([f"{text.whole(n)} respondents" for n in found.sizes],
                   [point.share("effect").value for point in case.points])
    answers = [case.answer(found.respondents), case.how_many()]
    return Figure(
        *both(lambda wide: _drawn(case, wide)),
        TEMPLATES["picture"].format(sizes=len(found.sizes)),
        f"{' '.join(answers)} The share of surveys that find it {along}." if along else " ".join(answers),
        table, table.note, headlines.of_power(found),
        "Each square is one of 100 surveys. The curve joins what was simulated, with intervals of the simulation; the "
        "broken line is the power asked for.",
        Choices("chances", [f"“{claim}” {answers[0]}", answers[1]], cases(found)),
    )


def _drawn(case: Case, wide: bool) -> Chart:
    """The squares, what they stand for, and the curve beside or below them."""
    canvas = Canvas(theme.WIDE - 2 * EDGE if wide else theme.NARROW - 2 * EDGE, EDGE, exact=True)
    own = case.power.respondents
    counts = ends(case.points[case.power.sizes.index(own)])
    canvas.text(0, 10, TEMPLATES["heading"].format(n=text.whole(own)), size=theme.SMALL)
    _squares(canvas, hundred(counts))
    at = (0, TOP + SIDE + 16) if wide else (SIDE + 16, TOP + 10)
    for row, end in enumerate(case.ends):
        y = at[1] + row * 18
        _square(canvas, at[0], y - SQUARE / 2, end)
        canvas.text(at[0] + 20, y, f"{TITLES[end]}: {in_words(counts)[end]}", size=theme.SMALL)
    canvas.corner = (SIDE + 70, 0) if wide else (0, TOP + SIDE + 26)
    _curve(canvas, case, canvas.width - canvas.corner[0] - 14)
    return canvas.drawn(canvas.corner[1] + TOP + HIGH + 46)


def _squares(canvas: Canvas, parts: dict[str, int]) -> None:
    """A square for each of 100 surveys, row by row."""
    for place, end in enumerate(end for end, part in parts.items() for _ in range(part)):
        _square(canvas, place % 10 * STEP, TOP + place // 10 * STEP, end)


def _square(canvas: Canvas, x: float, y: float, end: str) -> None:
    fill, edge = LOOKS[end]
    canvas.area(x, y, x + SQUARE, y + SQUARE, fill, edge)
    if end == "opposite":
        canvas.line(x, y, x + SQUARE, y + SQUARE, edge, 1.5)


def _curve(canvas: Canvas, case: Case, width: float) -> None:
    """How often the relation is found, by the number of respondents on a scale of logarithms."""
    numbers, target = case.power.sizes, case.power.stored.design.power
    apart = log(numbers[-1] / numbers[0]) or 1

    def y(share: float) -> float:
        return TOP + HIGH * (1 - share)

    places = [LEFT + 10 + log(n / numbers[0]) / apart * (width - LEFT - 24) for n in numbers]
    canvas.text(0, 10, TEMPLATES["curve"], size=theme.SMALL)
    for share, said in {0: "0%", target: text.percent(target), 1: "100%"}.items():
        if share != target:
            canvas.rule(LEFT, y(share), width, y(share))
        canvas.text(LEFT - 6, y(share), said, size=theme.SMALL, color=theme.MUTED, align="right")
    canvas.broken(LEFT, width, y(target))
    shares = [point.share("effect") for point in case.points]
    canvas.curve([(x, y(share.value)) for x, share in zip(places, shares, strict=True)], theme.MUTED, 1)
    for n, x, share in zip(numbers, places, shares, strict=True):
        mine = n == case.power.respondents
        canvas.line(x, y(share.interval.low), x, y(share.interval.high), theme.MARK, 2)
        (canvas.sign if mine else canvas.dot)(x, y(share.value), theme.MARK)
        canvas.text(x, TOP + HIGH + 14, text.whole(n), size=theme.SMALL, align="center", bold=mine,
                    color=theme.INK if mine else theme.MUTED)
    canvas.text((LEFT + width) / 2, TOP + HIGH + 32, "respondents", size=theme.SMALL, color=theme.MUTED, align="center")
    canvas.columns(places, LEFT / 2, width, TOP, TOP + HIGH)
