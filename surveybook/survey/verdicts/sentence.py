"""What does a verdict mean for the claim?  One plain sentence, computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveybook.survey.data.crossing import Table
from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.stats import association
from surveybook.survey.stats.sampled import WeightedTable, same_order
from surveybook.survey.verdicts.plan import Row
from surveybook.survey.words import text

if TYPE_CHECKING:
    from surveybook.survey.verdicts.test import Judged


def meaning(
    word: str, hypothesis: Hypothesis, row: Row, table: Table | WeightedTable, judged: Judged, evidence: str
) -> str:
    """The sentence for a verdict's word. Of simulated answers it says so itself, wherever it may be copied to."""
    if judged.trouble:
        return f"The claim cannot be judged, as {judged.trouble}."
    size, least, level = judged.size, hypothesis.family.smallest_effects.get(row.measure), hypothesis.family.level
    seen = reading(row, hypothesis, table, size.value) if size else f"its size is not known, as {judged.no_size}"
    bound = f"{row.label} of {text.decimal(least, 2)}" if least else ""
    who = answers(evidence)
    if word == "effect":
        small = judged.equivalence is not None and judged.equivalence.shown
        yet = f"; yet the relation is smaller than the smallest one that was declared to matter ({bound})"
        return f"{who} support the claim: {seen}{yet if small else ''}."
    if word == "opposite":
        return f"{who} speak against the claim: {seen}, the other way round than claimed and beyond chance."
    if word == "equivalent":
        return (f"{who} do not support the claim, and rule out a relation as strong as the smallest one that was "
                f"declared to matter ({bound}): {seen}.")
    without = (f"nor rule out a relation that matters ({bound})" if least
               else "nor rule it out, as no smallest effect was declared for this measure")
    if judged.tested.p < level:
        chance = "beyond chance if this were the only claim, but not among all claims of its family"
    elif judged.other and judged.other.p < level:
        chance = ("the other way round than claimed, beyond chance if this were the only claim, but not among all "
                  "claims of its family")
    else:
        chance = "which chance alone could give"
    return f"{who} neither support the claim {without}: {seen}, {chance}."


def answers(evidence: str) -> str:
    """Whose answers a sentence is about, as its first words."""
    return "The simulated answers" if evidence == "simulated" else "The answers"


def reading(row: Row, hypothesis: Hypothesis, table: Table | WeightedTable, value: float) -> str:
    """The size in everyday words, without its error."""
    first, second = (f"“{question.label}”" for question in (hypothesis.predictor, hypothesis.outcome))
    if row.measure == "cliff_delta":
        group, scale = (second, first) if row.turned else (first, second)
        return (f"of one person who said yes to {group} and one who said no, the first has the higher answer to "
                f"{scale} in {text.percent((value + 1) / 2)} of all such pairs (ties counted half)")
    if row.measure == "tau_b":
        try:
            alike = same_order(table) if isinstance(table, WeightedTable) else \
                (association.measure(table, "gamma").value + 1) / 2
        except ValueError:
            return f"no two people differ in both {first} and {second}"
        return (f"in {text.percent(alike)} of all pairs of people who differ in both {first} and {second}, the one who "
                "is higher in the first is higher in the second")
    if row.measure == "epsilon_squared":
        groups, scale = (second, first) if row.turned else (first, second)
        if isinstance(table, WeightedTable):
            return f"{groups} accounts for {text.percent(value)} of the variance of the weighted ranks of {scale}"
        sums = [sum(line) for line in (zip(*table, strict=True) if row.turned else table)]
        chance = (sum(map(bool, sums)) - 1) / (sum(sums) - 1)  # the mean of H without a relation is k - 1
        return (f"{groups} accounts for {text.percent(value)} of the variance of the ranks of {scale} (chance alone "
                f"gives {text.percent(chance)} on average)")
    if row.measure == "risk_difference":
        points, more = text.decimal(abs(value) * 100, 0), "more" if value >= 0 else "less"
        return f"who said yes to {first} said yes to {second} {more} often, by {points} percentage points"
    return f"{row.label} of {first} and {second} is {text.decimal(value, 2)} on a scale from 0 to 1"
