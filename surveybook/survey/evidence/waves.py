"""What do the waves of a survey say in words?  Which there are, what moved between them, and what changed.

    STUDY.waves.sentence             which waves there are, of how many people, and whether these are the same
    STUDY.waves.moved                what of the questionnaire moved, in one sentence
    STUDY.waves.change.QUESTION      how the answers to a question changed up to the last wave
"""

from __future__ import annotations

from collections import Counter

from surveybook.survey.data.change import NUMBER, SCALE, SHARE, Change, changed
from surveybook.survey.data.grouping import LEVEL
from surveybook.survey.data.questionnaire import ANSWERS, CONDITION, GONE, KIND, NEW, REASONS, REWORDED
from surveybook.survey.data.study import Study
from surveybook.survey.data.waves import Waves
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import Share
from surveybook.survey.stats.change import Changed
from surveybook.survey.stats.multiplicity import adjust
from surveybook.survey.words import text
from surveybook.survey.words.names import Tree

# What is said of questions that moved in some way, of one and of several
MOVED = {NEW: ("is new", "are new"), GONE: ("was dropped", "were dropped"),
         REWORDED: ("was reworded", "were reworded"), ANSWERS: ("has other answers", "have other answers"),
         REASONS: ("may be unanswered for other reasons", "may be unanswered for other reasons"),
         CONDITION: ("was put to others", "were put to others"),
         KIND: ("is answered in another way", "are answered in another way")}


def waves(study: Study, own: Waves) -> Tree:
    """The findings of the waves of a study."""
    def of(name: str) -> str:
        try:
            return of_change(changed(study, name))
        except DataError:
            return "This question cannot be compared with an earlier wave."

    return {"sentence": text.declared(sentence(own)), "moved": text.declared(moved(own)),
            "change": {name: of(name) for name in own.last.questions}}


def sentence(own: Waves) -> str:
    """Which waves there are, and of whom."""
    told = [f"{one.label} ({text.whole(len(one.responses.respondents))} respondents{f', {one.day}' if one.day else ''})"
            for one in own.each]
    if not own.matched:
        return f"The waves are {text.listing(told)}; each asked other people."
    back = "" if own.rule.minimum_cell else f", and {text.whole(len(own.pairs(0)[0]))} of the first are in the last"
    return f"The waves are {text.listing(told)}; the same people were asked again{back}."


def moved(own: Waves) -> str:
    """What of the questionnaire moved between the waves, in one sentence."""
    found = {one.question: set() for _, _, one in own.moved}
    for _, _, one in own.moved:
        found[one.question].add(one.what)
    kinds = Counter(kind for kinds in found.values() for kind in kinds)
    if not kinds:
        return "The questionnaire is the same in all waves."
    parts = [f"{text.whole(kinds[kind])} {MOVED[kind][kinds[kind] > 1]}" for kind in MOVED if kinds[kind]]
    asked = len({name for one in own.each for name in one.questions})
    return f"Of {text.whole(asked)} questions {text.listing(parts)}."


def family(changes: list[Change]) -> list[float | None]:
    """The adjusted p of all steps of some questions, in their order: Holm, over all that could be tested."""
    steps = [step for one in changes for part in one.parts for step in part.steps]
    tested = [at for at, step in enumerate(steps) if step.changed]
    found = dict(zip(tested, adjust([steps[at].changed.p for at in tested]), strict=True))
    return [found.get(at) for at in range(len(steps))]


def size(change: Change, own: Changed) -> str:
    """A change in words: “+17 points”, “delta +0.15”."""
    if change.kind == SHARE:
        return f"{_in_points(own.size.value)} points"
    named = {NUMBER: "", SCALE: "net " if change.waves.matched else "delta "}[change.kind]
    return f"{named}{signed(own.size.value)}"


def span(change: Change, own: Changed) -> str:
    """The interval of a change."""
    if not own.size.interval:
        return "none"
    bounds = (own.size.interval.low, own.size.interval.high)
    return " to ".join(_in_points(one) if change.kind == SHARE else signed(one) for one in bounds)


def signed(value: float) -> str:
    """“+0.12”."""
    words = text.decimal(value, 2)
    return words if words[0] == "−" or words == "0.00" else f"+{words}"


def _in_points(value: float) -> str:
    words = text.decimal(100 * value, 0)
    return words if words[0] in "0−" else f"+{words}"


def of_change(change: Change) -> str:
    """What changed up to the last wave since the first with which it is compared, in one sentence; nothing of what may
    not be told."""
    adjusted, found = iter(family([change])), []
    for part in change.parts:
        p, *_ = [next(adjusted) for _ in part.steps]
        if part.steps[0].changed and p is not None:
            found.append((part, part.steps[0].since, part.steps[0].changed, p))
    if not found:
        return f"“{change.question.label}”: no change may be told."
    ways = {part.label: "rose" if own.size.value > 0 else "fell" for part, _, own, p in found
            if p < LEVEL and own.size.value}
    (part, since, own, _), *_ = found
    head = f"“{change.question.label}”: from {change.waves.each[since].label} to {change.waves.last.label}"
    if len(change.parts) > 1:
        told = text.listing([f"“{label}” {way}" for label, way in ways.items()]) or "no answer changed"
        return f"{head} {told} beyond chance."
    before, after = part.values[since], part.values[-1]
    said = "no change can be told from chance"
    if ways:
        said = f"{'the share' if change.kind == SHARE else 'answers'} {ways[part.label]}"
        if isinstance(before, Share) and isinstance(after, Share):
            said += f" from {text.percent(before.value)} to {text.percent(after.value)}"
    return f"{head} {said}, {size(change, own)} (95% interval {span(change, own)})."


def measure(change: Change) -> str:
    """What a change is, and why no other measure is taken."""
    if change.kind == SHARE:
        return "Changes of shares are in points of a hundred."
    if change.kind == NUMBER:
        return "Changes of means are in the unit of the number."
    assert change.kind == SCALE
    return ("“Net” is the share of people who answered higher than before less the share who answered lower."
            if change.waves.matched else
            "“Delta” is Cliff’s: how much more often an answer of the last wave is higher than one of the earlier wave "
            "than lower, if one of each is drawn.")
