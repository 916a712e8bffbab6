"""What would surveys like this one find, and how many people must one ask?  The design analysis as 100 surveys each.

Sentences are made of TEMPLATES, which theme/chances.js fills in the same way for whatever case a reader chooses. All
numbers are stored counts; nothing is drawn anew, and nothing is said of a size or a number that was not simulated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from surveybook.survey.design.power import Point, Power
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import Share
from surveybook.survey.evidence.design import label
from surveybook.survey.verdicts.plan import CLASSES
from surveybook.survey.verdicts.test import EFFECT, EQUIVALENT
from surveybook.survey.words import text

# What a survey can end in: in short, and what one and what several do if there is a relation, and if there is none
ENDS = {
    "found": ("found", ("finds it", "find it"), ("claims it all the same", "claim it all the same")),
    "open": ("left open", ("leaves it open", "leave it open"), ("leaves it open", "leave it open")),
    "small": ("too small to matter", ("calls it too small to matter", "call it too small to matter"),
              ("rules out one that would matter", "rule out one that would matter")),
    "opposite": ("opposite", ("finds the opposite", "find the opposite"),
                 ("claims the opposite", "claim the opposite")),
}
SINGLE = ("none", "under 1", "1")  # counts that are followed by what one does
TEMPLATES = {
    "there": "If this is true with a size of {size} ({measure}):",
    "nothing": "If there is no relation at all:",
    "surveys": "of 100 simulated surveys of {n} respondents, {ends}.",
    "first": "To {aim} in {target} of surveys, {n} respondents are enough ({rate}), the smallest number simulated.",
    "enough": "To {aim} in {target} of surveys, {before} respondents are too few ({rate_before}), and {n} are enough "
              "({rate}); no number between them was simulated.",
    "never": "To {aim} in {target} of surveys, even {n} respondents are too few ({rate}).",
    "find": "find a relation of this size",
    "rule_out": "rule out a relation that matters",
    "picture": "A square for each of 100 surveys, and a curve over {sizes} numbers of respondents.",
    "heading": "100 surveys of {n}",
    "curve": "Share of surveys that find it",
    "between": "{n} respondents were not simulated; they lie between {low} and {high}.",
    "beyond": "{n} respondents were not simulated; the nearest number that was is {low}.",
}
PAIRS = {"yes-no": "yes or no", "nominal": "groups", "ordered": "ordered or counted"}


@dataclass(frozen=True)
class Case:
    """A hypothesis, with a strength of its relation by its place in the curve."""

    power: Power
    hypothesis: str
    strength: int

    @property
    def points(self) -> list[Point]:
        """What was found in surveys of each size."""
        return self.power.across(self.hypothesis, self.strength)

    @property
    def related(self) -> bool:
        """Whether there is a relation: the first strength of each curve is none."""
        return self.strength > 0

    def answer(self, respondents: int) -> str:
        """What 100 surveys of a size that was simulated find, as a sentence."""
        counts = in_words(ends(self.points[self.power.sizes.index(respondents)]))
        words = [f"{counts[end]} {ENDS[end][1 if self.related else 2][counts[end] not in SINGLE]}" for end in self.ends]
        condition = TEMPLATES["there" if self.related else "nothing"].format(
            size=sizes(self.power, self.hypothesis)[self.strength], measure=self.power.row(self.hypothesis).label)
        surveys = TEMPLATES["surveys"].format(n=text.whole(respondents), ends=text.listing(words))
        return f"{condition} {surveys}"

    @property
    def ends(self) -> list[str]:
        """What a survey can say of the hypothesis: one without a direction has no opposite."""
        directed = self.power.declared(self.hypothesis).direction != "any"
        return [end for end in ENDS if directed or end != "opposite"]

    def how_many(self) -> str:
        """How many people to ask, so that surveys say what is true often enough, as a sentence."""
        if not self.related and self.power.of_interest(self.hypothesis) is None:
            return interest(self.power, self.hypothesis)  # nothing can be ruled out
        word, aim = (EFFECT, "find") if self.related else (EQUIVALENT, "rule_out")
        numbers, enough = self.power.sizes, self.power.enough(self.hypothesis, self.strength, word)
        rates = dict(zip(numbers, (text.percent(point.share(word).value) for point in self.points), strict=True))
        n = enough or numbers[-1]
        before = numbers[max(0, numbers.index(n) - 1)]
        kind = "never" if enough is None else "first" if n == numbers[0] else "enough"
        told = TEMPLATES[kind].format(
            aim=TEMPLATES[aim], target=text.percent(self.power.stored.design.power), n=text.whole(n),
            rate=rates[n], before=text.whole(before), rate_before=rates[before],
        )
        return f"{told} {interest(self.power, self.hypothesis)}"


def first_case(power: Power) -> Case:
    """The case at hand: the first hypothesis, and the smallest strength simulated that would matter, or the middle.

    Raises DataError where no relation was simulated.
    """
    name = next(iter(claims(power)), "")
    if not name:
        raise DataError("no effect of the model belongs to a hypothesis, so the design analysis simulated no relation; "
                        "name one in simulation.yaml")
    values = [abs(point.truth.value) for point in power.curve(name)]
    least = power.of_interest(name)
    return Case(power, name, next(
        (place for place, value in enumerate(values) if least and value >= least), len(values) // 2))


def claims(power: Power) -> list[str]:
    """The hypotheses that were simulated with relations of several strengths."""
    return [name for name in power.stored.design.hypotheses if power.curve(name)]


def ends(point: Point) -> dict[str, int]:
    """How many surveys ended in which way; those that allowed no test left the question open."""
    one = point.verdicts
    return {"found": one.effect, "open": one.inconclusive + one.no_test, "small": one.equivalent,
            "opposite": one.opposite}


def hundred(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts as parts of 100: the first one rounded as everywhere, the others by the largest remainders."""
    total, (first, *others) = sum(counts.values()), counts
    parts = {first: (200 * counts[first] + total) // (2 * total)}
    parts |= {end: 100 * counts[end] // total for end in others}
    rest = sorted(others, key=lambda end: -(100 * counts[end] % total))
    for end in rest[:100 - sum(parts.values())]:
        parts[end] += 1
    return parts


def in_words(counts: Mapping[str, int]) -> dict[str, str]:
    """The same in digits; what is not all or nothing never looks like it."""
    total = sum(counts.values())
    return {end: "none" if not counts[end] else "under 1" if not part else
            "over 99" if part == 100 and counts[end] < total else str(part) for end, part in hundred(counts).items()}


def tenths(count: int, total: int) -> str:
    """A share with one place, “54.8%”."""
    return f"{text.decimal(Decimal(100 * count) / total, 1)}%"


def sizes(power: Power, hypothesis: str) -> list[str]:
    """The true sizes that were simulated of a relation, from none on; their signs are those of the claim."""
    return ["0", *(text.decimal(abs(point.truth.value), 3) for point in power.curve(hypothesis)[1:])]


def interest(power: Power, hypothesis: str) -> str:
    """From which size on a relation matters, and between which simulated ones that lies, as a sentence."""
    least = power.of_interest(hypothesis)
    if least is None:
        return "No smallest size that matters was declared."
    values = [abs(point.truth.value) for point in power.curve(hypothesis)]
    above = next((place for place, value in enumerate(values) if value >= least), len(values))
    said = sizes(power, hypothesis)
    where = f"more than the largest simulated size, {said[-1]}" if above == len(values) else \
        f"between the simulated {said[above - 1]} and {said[above]}"
    return f"Here a relation matters from {text.decimal(least, 2)} on, {where}."


def pair(power: Power, hypothesis: str) -> str:
    """The kinds of answers that a hypothesis compares, as the plan of analysis has them."""
    declared = power.declared(hypothesis)
    kinds = [CLASSES[question.kind] for question in (declared.predictor, declared.outcome)]
    if kinds[0] == kinds[1]:
        return f"both {PAIRS[kinds[0]]}"
    return " with ".join(PAIRS[kind] for kind in (kinds[::-1] if power.row(hypothesis).turned else kinds))


def cases(power: Power) -> dict[str, Any]:
    """All cases as plain data, for theme/chances.js.

    `claims`: of each hypothesis its name and words, the true sizes, and `surveys`, for each size and each number of
    respondents how many surveys ended in each way (in the order of `ends`), and the interval of the share that found
    it, in tenths of a percent, as fine as words have it.
    """
    own = first_case(power)
    return {
        "sizes": power.sizes, "own": power.respondents, "target": power.stored.design.power,
        "targeted": text.percent(power.stored.design.power), "ends": ENDS, "single": SINGLE, "templates": TEMPLATES,
        "start": [claims(power).index(own.hypothesis), own.strength],
        "claims": [{
            "name": name, "label": label(power, name), "claim": power.declared(name).claim,
            "family": power.declared(name).family.title, "measure": power.row(name).label,
            "interest": interest(power, name), "sizes": sizes(power, name), "ends": Case(power, name, 0).ends,
            "bounded": power.of_interest(name) is not None,
            "surveys": [[_cell(point) for point in power.across(name, place)]
                        for place in range(len(power.curve(name)))],
        } for name in claims(power)],
    }


def _cell(point: Point) -> list[int]:
    """The surveys of one case that ended in each way, and the interval of the found ones."""
    interval = Share(point.verdicts.effect, point.surveys).interval
    return [*ends(point).values(), *(int(text.decimal(1000 * end, 0)) for end in (interval.low, interval.high))]
