"""What do the stored counts say?  Power, smallest detectable sizes, false alarms, wrong signs, exaggeration, coverage.

Every rate is a Share of simulated surveys, so its interval is the Monte Carlo error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import exp, pi, sqrt

from scipy.special import ndtri

from surveybook.survey.data.hypotheses import Family, Hypothesis
from surveybook.survey.design.scenarios import ASSUMED, NONE, Scenario
from surveybook.survey.design.stored import Stored
from surveybook.survey.design.summary import FalseAlarms, Truth, Verdicts
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import Share
from surveybook.survey.verdicts.plan import Row, row_for
from surveybook.survey.verdicts.test import EFFECT


@dataclass(frozen=True)
class Point:
    """One hypothesis in the surveys of one size of a scenario: what is true, and what was found."""

    truth: Truth
    verdicts: Verdicts
    loading: float

    @property
    def surveys(self) -> int:
        """All surveys, those that allowed no test included."""
        one = self.verdicts
        return one.effect + one.opposite + one.equivalent + one.inconclusive + one.no_test

    @property
    def found(self) -> int:
        """Surveys in which a relation was found, on either side."""
        return self.verdicts.effect + self.verdicts.opposite

    def share(self, word: str) -> Share:
        """How often this verdict was given; that on an effect is the power, where there is one."""
        return Share(getattr(self.verdicts, word), self.surveys)

    @property
    def coverage(self) -> Share | None:
        """How often the interval held the true size, among the surveys that had one."""
        tested = self.surveys - self.verdicts.no_test
        return Share(self.verdicts.covered, tested) if tested else None

    @property
    def wrong_sign(self) -> Share | None:
        """How often a found relation had the wrong sign (type S error; Gelman and Carlin 2014, doi
        10.1177/1745691614551642)."""
        return Share(self.verdicts.wrong_sign, self.found) if self.found else None

    @property
    def exaggeration(self) -> tuple[float, float] | None:
        """How many times larger than the truth the found sizes are on average (type M error), and the error of that."""
        if self.found < 2 or not self.truth.value:
            return None
        mean, true = self.verdicts.found_sum / self.found, abs(self.truth.value)
        variance = max(0.0, self.verdicts.found_squares / self.found - mean**2) / (self.found - 1)
        return mean / true, sqrt(variance + (mean / true * self.truth.error) ** 2) / true


@dataclass(frozen=True)
class Detectable:
    """The smallest true size that is found with the power asked for, its Monte Carlo error, and the loading behind it.

    `reached` is False where even the largest loading of the grid has less power: the size is then that of the grid.
    """

    size: float
    error: float
    loading: float
    reached: bool


@dataclass(frozen=True)
class Power:
    """The results of a design analysis by question; `respondents` is the size of the survey itself."""

    stored: Stored

    @property
    def respondents(self) -> int:
        return self.stored.design.model.respondents

    @cached_property
    def _points(self) -> dict[tuple[str, int, str], Point]:
        truths = {(truth.scenario, truth.hypothesis): truth for truth in self.stored.truths}
        scenarios = self.stored.design.scenarios
        return {
            (one.scenario, one.respondents, one.hypothesis): Point(
                truths[one.scenario, one.hypothesis], one, effect.loading if (
                    effect := scenarios[one.scenario].effect) else 0.0,
            ) for one in self.stored.verdicts
        }

    def point(self, scenario: str, hypothesis: str, respondents: int | None = None) -> Point:
        """One hypothesis in a scenario, in surveys of the size asked for, or of that of the survey itself."""
        return self._points[scenario, respondents or self.respondents, hypothesis]

    def curve(self, hypothesis: str, respondents: int | None = None) -> list[Point]:
        """The points of a hypothesis by rising loading of its own effect, from no effect on; none without an effect."""
        alone = [scenario.name for scenario in self._own(hypothesis)]
        return [self.point(name, hypothesis, respondents) for name in [NONE, *alone]] if alone else []

    @property
    def sizes(self) -> list[int]:
        """The numbers of respondents that were simulated, rising."""
        return [size.respondents for size in self.stored.design.sizes]

    def across(self, hypothesis: str, strength: int) -> list[Point]:
        """One strength of a hypothesis, by its place in the curve, in surveys of each size."""
        return [self.curve(hypothesis, n)[strength] for n in self.sizes]

    def enough(self, hypothesis: str, strength: int, word: str = EFFECT) -> int | None:
        """The smallest number of respondents that was simulated at which a verdict on a relation of this strength is
        given as often as the power asked for; None where no number is enough."""
        target = self.stored.design.power
        points = zip(self.sizes, self.across(hypothesis, strength), strict=True)
        return next((n for n, point in points if point.share(word).value >= target), None)

    def _own(self, hypothesis: str) -> Iterator[Scenario]:
        """The scenarios of the effect that the hypothesis is about."""
        return (
            one for one in self.stored.design.scenarios.values()
            if one.effect and hypothesis in one.effect.hypotheses
        )

    def detectable(self, hypothesis: str, respondents: int | None = None) -> Detectable | None:
        """The smallest size found with the power asked for: between two points, along the normal quantiles of power."""
        target = float(ndtri(self.stored.design.power))
        points = self.curve(hypothesis, respondents)
        for lower, upper in zip(points, points[1:], strict=False):
            (low, low_error), (high, high_error) = map(_quantile, (lower, upper))
            if low < target <= high:
                step = abs(upper.truth.value) - abs(lower.truth.value)
                part, slope = (target - low) / (high - low), step / (high - low)
                error = sqrt(((1 - part) * slope * low_error) ** 2 + (part * slope * high_error) ** 2
                             + ((1 - part) * lower.truth.error) ** 2 + (part * upper.truth.error) ** 2)
                loading = lower.loading + part * (upper.loading - lower.loading)
                return Detectable(abs(lower.truth.value) + part * step, error, loading, True)
        if not points:
            return None
        last = points[-1]
        return Detectable(abs(last.truth.value), last.truth.error, last.loading, False)

    def alarms(self, scenario: str = NONE) -> list[FalseAlarms]:
        """The false alarms in a scenario, family by family, and of each size by size."""
        found = [one for one in self.stored.false_alarms if one.scenario == scenario]
        families = list(dict.fromkeys(one.family for one in found))
        return sorted(found, key=lambda one: families.index(one.family))

    def false_equivalents(self, family: str, respondents: int) -> Share | None:
        """How often a relation of a family that just matters is called too small to: the highest rate of its
        hypotheses at their bounds; None where none has a bound that its answers can reach."""
        members = self.members(family)
        found = [one for one in self.stored.false_equivalents
                 if one.hypothesis in members and one.respondents == respondents]
        return max((Share(one.equivalent, one.surveys) for one in found), key=lambda one: one.value, default=None)

    def agreement(self, respondents: int | None = None) -> Share:
        """How many verdicts of the exact tests are those of their approximations, in all surveys or those of a size."""
        rows = [one for one in self.stored.agreement if respondents in (None, one.respondents)]
        return Share(sum(one.surveys for one in rows if one.exact == one.approximate), sum(one.surveys for one in rows))

    def lowest_coverage(self, hypothesis: str, respondents: int) -> Point:
        """The point whose interval holds the true size less often, of the two scenarios with all hypotheses."""
        points = [self.point(scenario, hypothesis, respondents) for scenario in (NONE, ASSUMED)]
        return min(points, key=lambda point: point.coverage.value if point.coverage else 1.0)

    def family(self, name: str) -> Family:
        """The family with this id. Raises DataError with the ids there are."""
        families = {h.family.id: h.family for h in self.stored.design.hypotheses.values()}
        if name not in families:
            raise DataError(f"no family of hypotheses is called “{name}”; use one of {', '.join(families)}")
        return families[name]

    def members(self, family: str) -> list[str]:
        """The hypotheses of a family, in their order."""
        wanted = self.family(family)
        return [name for name, h in self.stored.design.hypotheses.items() if h.family == wanted]

    def of_interest(self, hypothesis: str) -> float | None:
        """The smallest size of interest that was declared for the measure of a hypothesis, if one was."""
        return self.declared(hypothesis).family.smallest_effects.get(self.row(hypothesis).measure)

    def row(self, hypothesis: str) -> Row:
        """What the plan does with a hypothesis."""
        declared = self.declared(hypothesis)
        return row_for(declared.predictor.kind, declared.outcome.kind)

    def declared(self, hypothesis: str) -> Hypothesis:
        return self.stored.design.hypotheses[hypothesis]


def _quantile(point: Point) -> tuple[float, float]:
    """The normal quantile of the power at a point, and its error; half a survey keeps it finite."""
    power = (point.verdicts.effect + 0.5) / (point.surveys + 1)
    z = float(ndtri(power))
    return z, sqrt(power * (1 - power) / point.surveys) / (exp(-z * z / 2) / sqrt(2 * pi))
