"""What can a survey of this size show, and what can “no predictor found” rule out?  The design analysis in sentences,
and the words and facts that its figures and tables share with them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from surveybook.survey.data.study import Study
from surveybook.survey.design.power import Detectable, Power
from surveybook.survey.design.scenarios import ASSUMED, NONE, Size
from surveybook.survey.design.stored import read_stored
from surveybook.survey.estimates.share import Share
from surveybook.survey.evidence.about import about
from surveybook.survey.verdicts.test import EFFECT, EQUIVALENT, INCONCLUSIVE, LEVEL, OPPOSITE
from surveybook.survey.words import text
from surveybook.survey.words.names import Tree

COMPUTED = "Computed by simulating surveys and judging each by the plan, under the assumptions of the model"


@cache
def _power(folder: Path) -> Power:
    return Power(read_stored(folder))


def power_of(study: Study) -> Power:
    """The stored design analysis of a study. Raises DataError where it is missing or stale."""
    return _power(study.package.folder)


def label(power: Power, hypothesis: str) -> str:
    """A hypothesis in the words of its two questions."""
    declared = power.declared(hypothesis)
    return f"{declared.predictor.label} → {text.lower(declared.outcome.label)}"


def rate(share: Share, word: str) -> dict[str, Any]:
    """A rate of surveys as exact values, with its Monte Carlo interval."""
    return {"verdict": word, "count": share.count, "surveys": share.base, "share": share.value,
            "low": share.interval.low, "high": share.interval.high}


def size_words(found: Detectable) -> text.Written:
    """“0.214 ± 0.002”, or that no size of the grid is found so often."""
    words = f"{text.decimal(found.size, 3)} ± {text.decimal(found.error, 3)}"
    if not found.reached:
        words = f"more than {text.decimal(found.size, 2)}"
    return text.Written(words, value=found.size, error=found.error)


def facts(study: Study, made_by: Callable[..., Any], data: list[dict[str, Any]]) -> dict[str, Any]:
    """What travels with a result of the design analysis: it is simulated whatever the study is."""
    shown = about(study, made_by, data)
    return shown | {"simulated": True, "label": text.SIMULATED, "provenance": f"{COMPUTED}. No one was asked."}


def note(power: Power, more: str = "", sizes: bool = False) -> str:
    """The line below a figure or table: how it was computed, and from how many surveys."""
    where = "" if sizes else f" Surveys of {text.whole(power.respondents)} respondents."
    return f"{COMPUTED}; no answers of people.{where}{f' {text.first_up(more)}.' if more else ''}"


# --- in sentences


def design(study: Study) -> Tree:
    """The findings of the design analysis of a study: of the whole, of each family, of each hypothesis."""
    power = power_of(study)
    families = dict.fromkeys(h.family.id for h in power.stored.design.hypotheses.values())
    return _whole(power) | {
        "families": {name: _family(power, name) for name in families},
        "hypotheses": {name: _hypothesis(power, name) for name in power.stored.design.hypotheses},
    }


def _whole(power: Power) -> Tree:
    """What was simulated, and how far the approximations and the intervals can be trusted."""
    design = power.stored.design
    surveys = sum(power.point(name, next(iter(one.hypotheses)), size.respondents).surveys
                  for name, one in design.scenarios.items() for size in design.sizes)
    sizes = [text.whole(size.respondents) for size in design.sizes]
    agreement, own = power.agreement(), power.agreement(power.respondents)
    held = [power.lowest_coverage(name, power.respondents).coverage.value for name in design.hypotheses]
    return {
        "surveys": text.whole(surveys), "scenarios": text.declared(text.whole(len(design.scenarios))),
        "respondents": text.declared(text.whole(power.respondents)), "sizes": text.declared(text.listing(sizes)),
        "target": text.declared(text.percent(design.power)), "agreement": text.full(agreement),
        "agreement_own": text.full(own), "coverage": {
            "level": text.declared(text.percent(LEVEL)),
            "lowest": text.tenth(min(held)), "highest": text.tenth(max(held)),
        },
        "errors": _errors(power), "signs": _signs(power), "smaller": _highest(power, *design.sizes),
    }


def _highest(power: Power, *sizes: Size, family: str = "") -> str:
    """The highest rate at which a relation at its bound is called too small to matter, in a family or in all."""
    families = [family] if family else dict.fromkeys(h.family.id for h in power.stored.design.hypotheses.values())
    found = [power.false_equivalents(name, size.respondents) for name in families for size in sizes]
    rates = [share.value for share in found if share]
    return text.tenth(max(rates)) if rates else "none"


def _errors(power: Power) -> str:
    """How much found sizes exaggerate where the model is as assumed, as a sentence about the weakest and strongest."""
    true = [(name, power.point(ASSUMED, name)) for name in power.stored.design.hypotheses]
    found = sorted(((point.share(EFFECT).value, name, point) for name, point in true
                    if point.truth.related and point.exaggeration), key=lambda one: one[0])
    if not found:
        return "No relation of the model was found often enough to say by how much."
    (least, weak, low), (most, strong, high) = found[0], found[-1]
    return (
        f"The relation that is found most seldom ({label(power, weak)}, in {text.percent(least)} of surveys) then "
        f"looks {text.decimal(low.exaggeration[0], 1)} times as strong as it is; the one that is found most often "
        f"({label(power, strong)}, in {text.percent(most)}) {text.decimal(high.exaggeration[0], 2)} times."
    )


def _signs(power: Power) -> str:
    """How often a found relation has the wrong sign, at worst, as a clause."""
    wrong = [(one.wrong_sign.value, name) for name in power.stored.design.hypotheses
             if (one := power.point(ASSUMED, name)).truth.related and one.wrong_sign]
    worst, name = max(wrong, default=(0.0, ""))
    if not worst:
        return "none of the relations that were found had the wrong sign"
    return f"at worst {text.tenth(worst)} of the relations that were found ({label(power, name)}) had the wrong sign"


def _family(power: Power, name: str) -> Tree:
    """The false alarms of a family where nothing is true, and what its silence rules out."""
    (alarm,) = (one for one in power.alarms() if (one.family, one.respondents) == (name, power.respondents))
    shares = {word: Share(getattr(alarm, word), alarm.surveys) for word in (EFFECT, OPPOSITE, "either")}
    every = [Share(one.effect, one.surveys).value for one in power.alarms() if one.family == name]
    own = (one for one in power.stored.design.sizes if one.respondents == power.respondents)
    equal = [power.point(NONE, member).share(EQUIVALENT).value for member in power.members(name)]
    return {word: text.tenth(share.value) for word, share in shares.items()} | {
        "title": text.declared(power.family(name).title),
        "level": text.declared(text.percent(power.family(name).level)),
        "least": text.tenth(min(every)), "most": text.tenth(max(every)), "count": text.declared(text.whole(len(equal))),
        "smaller": _highest(power, *own, family=name),
        "equivalent_least": text.percent(min(equal)), "equivalent_most": text.percent(max(equal)),
    }


def _hypothesis(power: Power, name: str) -> Tree:
    """What a survey of this size can show about one hypothesis."""
    none, assumed, found = power.point(NONE, name), power.point(ASSUMED, name), power.detectable(name)
    row, least, target = power.row(name), power.of_interest(name), text.percent(power.stored.design.power)
    size = size_words(found) if found else "not simulated"
    tree: Tree = {
        "measure": text.declared(row.label), "detectable": size, "label": text.declared(label(power, name)),
        "power": text.percent(assumed.share(EFFECT).value), "true_size": text.decimal(assumed.truth.value, 2),
        "equivalent": text.percent(none.share(EQUIVALENT).value),
        "inconclusive": text.percent(none.share(INCONCLUSIVE).value),
        "left_open": text.share(none.share(INCONCLUSIVE), label(power, name)),
        "coverage": text.tenth(power.lowest_coverage(name, power.respondents).coverage.value),
        "interest": text.decimal(least, 2) if least else "none declared",
    }
    return tree | {"sentence": _detectable(power, size, row.label, target),
                   "nothing": _nothing(power, tree, row.signed)}


def _detectable(power: Power, size: str, measure: str, target: str) -> str:
    """The smallest size that is found with the power asked for, as a sentence."""
    return (f"With {text.whole(power.respondents)} respondents, {measure} must be {size} for the plan to find it in "
            f"{target} of surveys.")


def _nothing(power: Power, tree: Tree, signed: bool) -> str:
    """What the survey says where there is nothing to be found, as a sentence."""
    bounds = f"−{tree['interest']} and {tree['interest']}" if signed else f"0 and {tree['interest']}"
    return (
        f"If there is no relation at all, {tree['equivalent']} of surveys of {text.whole(power.respondents)} show that "
        f"{tree['measure']} lies between {bounds}, and {tree['inconclusive']} leave it open."
    )
