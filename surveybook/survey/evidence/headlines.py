"""What does a figure find, in one sentence?  The headline of shares, of a scale, of claims, of a design.

Every sentence is made from the estimates that the figure draws. One share is called larger than another only where
their intervals do not touch: intervals that hold together with 95% then give the right order with at least 95%,
however the answers depend on each other. Of everything else the intervals do not tell, whatever another test may say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from surveybook.survey.data.codebook import Question
from surveybook.survey.data.grouping import LEVEL, Groups
from surveybook.survey.design.power import Power
from surveybook.survey.estimates.share import Share, known
from surveybook.survey.evidence.battery import Battery
from surveybook.survey.verdicts.test import EFFECT, EQUIVALENT, INCONCLUSIVE, OPPOSITE
from surveybook.survey.words import text

Labelled = Sequence[tuple[str, Share]]
HALF = 0.5
# What is said of the claims with a verdict, of one and of several
REST = "another-answer"  # the value of all answers together that few gave
CLAIMS = {EFFECT: "supported", OPPOSITE: "found the other way round", EQUIVALENT: "found to be too weak to matter",
          INCONCLUSIVE: "left open"}


def of_question(question: Question) -> str:
    """The answers to one question; nothing where a count that could change the sentence is withheld, or where nobody
    answered."""
    shares, labels = question.distribution.shares, question.labels
    each = [(labels[item], share) for item, share in shares.items()]
    if question.distribution.withheld or not each:
        return ""
    if len(each) == 2 and question.distribution.one_each:
        return of_two(each, question.label)
    if question.kind in ("ordered", "count"):
        return _of_scale(question, each)
    rest = {labels.get(question.alone or ""), labels.get(REST)}
    given = [(label, share) for label, share in each if label not in rest] or each
    return f"{'Of single answers, ' if REST in shares and len(given) < len(each) else ''}{leading(given)}."


def of_two(each: Labelled, asked: str) -> str:
    """Two answers to what is asked that exclude each other."""
    (first, share), (second, _) = sorted(each, key=lambda one: -one[1].value)
    if share.interval.low > HALF:
        return f"{_answer(first, asked)} is what most answered: {text.counted(share)}."
    if share.value == HALF:
        each_has = text.counted(share) if share.is_weighted else text.of(share)
        return f"“{first}” and “{second}” have {each_has} each."
    return f"“{first}” leads with {text.counted(share)}, but cannot be told apart from half."


def _answer(label: str, asked: str) -> str:
    """An answer by its label; yes and no with what was asked, as they say nothing alone."""
    return f"“{asked}: {text.lower(label)}”" if label.lower() in ("yes", "no") else f"“{label}”"


def leading(each: Labelled, has: str = "leads with") -> str:
    """Which share is the largest, and from how many others its interval does not tell it apart."""
    most = max(share.value for _, share in each)
    first = [(label, share) for label, share in each if share.value == most]
    words = text.listing([f"“{label}”" for label, _ in first])
    (_, share), several = first[0], len(first) > 1
    said = f"{words} {_plural(has) if several else has} {text.counted(share)}{' each' if several else ''}"
    it = "them" if several else "it"
    near = [label for label, one in each if one.value < most and one.interval.high >= share.interval.low]
    if len(each) == len(first):
        return f"{said}, and none can be told apart" if several else said
    if not near:
        return f"{said}, clearly ahead of {'all others' if len(each) - len(first) > 1 else 'the other'}"
    if len(near) == len(each) - len(first) and len(near) > 1:
        return f"{said}, but the order is no ranking, as the intervals do not tell {it} apart from any other"
    whom = f"“{near[0]}”" if len(near) == 1 else f"{text.whole(len(near))} others"
    return f"{said}, but the intervals do not tell {it} apart from {whom}"


def clearly_first(each: Labelled) -> bool:
    """Whether the interval of the largest share lies above those of all others."""
    ranked = sorted(each, key=lambda one: -one[1].value)
    return len(ranked) > 1 and ranked[0][1].interval.low > max(share.interval.high for _, share in ranked[1:])


def _of_scale(question: Question, each: Labelled) -> str:
    """Answers in an order: where their middle lies, and which is the most frequent."""
    answers = list(question.distribution.counts)
    middle = next(place for place, _ in enumerate(answers)
                  if question.distribution.share(answers[: place + 1]).value >= HALF)
    label, share = max(each, key=lambda one: one[1].value)
    median = f"The middle answer is “{each[middle][0]}”"
    if clearly_first(each):
        return f"{median}, and “{label}” is clearly the most frequent one with {text.percent(share.value)}." \
            if label != each[middle][0] else f"{median}, which is clearly the most frequent one as well " \
            f"({text.percent(share.value)})."
    return f"{median}, and no answer stands out as the most frequent one."


def of_yes(asked: Battery) -> str:
    """Several questions that were answered with yes or no."""
    shares = asked.shares(["yes"])
    if any(share.withheld for share in shares.values()):
        return ""
    each = [(asked.names[name], share) for name, share in shares.items()]
    if len(each) == 1:
        return f"{text.counted(each[0][1])} said yes."
    return f"{leading(each, 'has the most yes,')}."


def of_scales(asked: Battery) -> str:
    """Questions with one scale: which has the most answers in its upper part, or of one alone how many gave one."""
    shares = asked.at_least(asked.above)
    if any(share.withheld for share in shares.values()):
        return ""
    if len(asked.questions) > 1:
        each = [(asked.names[name], share) for name, share in shares.items()]
        return f"Rated {asked.upper}, {leading(each)}."
    (share,) = shares.values()
    low, high = share.interval.low, share.interval.high
    side = "more than half" if low > HALF else "fewer than half" if high < HALF else "which may be half of all or not"
    return f"{text.counted(share)} answered {asked.upper}, {side}."


def of_options(asked: Battery) -> str:
    """Several questions with the same options: in how many of them one option is clearly chosen most often."""
    if any(question.distribution.withheld for question in asked.questions):
        return ""
    found = [question for question in asked.questions
             if clearly_first([(item, share) for item, share in question.distribution.shares.items()])]
    of = f"{text.whole(len(found)) if found else 'none'} of {text.whole(len(asked.questions))} rows"
    rest = "" if len(found) == len(asked.questions) else ", elsewhere the first cannot be told apart from the next"
    return f"In {of}, one option is clearly chosen most often{rest}."


def of_groups(made: Groups, answers: list[int]) -> str:
    """Groups by the share of some answers, the rows of their table: which pair lies furthest apart beyond chance."""
    pairs = made.compare(answers)
    apart = [one for one in pairs if one.adjusted < LEVEL and one.difference]
    if not pairs:
        return ""
    if not apart:
        return "The two groups cannot be told apart." if len(pairs) == 1 else "No two groups can be told apart."
    most, shares = max(apart, key=lambda one: abs(one.difference)), made.shares(answers)
    larger, smaller = (most.second, most.first) if most.difference > 0 else (most.first, most.second)
    (first, high), (second, low) = ((made.names[one], text.percent(shares[one].value)) for one in (larger, smaller))
    rest = f"; {len(apart)} of {len(pairs)} pairs of groups can be told apart" if len(pairs) > 1 else ""
    return f"“{first}” ({high}) lies above “{second}” ({low}){rest}."


def of_rows(made: Groups, answers: list[int]) -> str:
    """Groups by each of the answers that are told: how many of these any two groups give differently, beyond chance."""
    apart = [place for place in answers if any(made.larger([place]))]
    told = "" if len(answers) == len(made.answers) else " that are shown"
    if not apart:
        return f"No two groups can be told apart by any of the answers{told}."
    named = f": {text.listing([f'“{made.answers[place]}”' for place in apart])}" if len(apart) < 3 else ""
    return f"Groups can be told apart by {len(apart)} of {len(answers)} answers{told}{named}."


def of_readings(label: str, asked: str, shares: Sequence[Share]) -> str:
    """One answer to what is asked under several readings of the counts."""
    if not all(known(share.value) for share in shares):
        return ""
    low, high = min(share.value for share in shares), max(share.value for share in shares)
    side = ", more than half in every reading" if min(share.interval.low for share in shares) > HALF else ""
    shares = f"{text.percent(low)} to {text.percent(high)}"
    return f"{_answer(label, asked)} is the answer of {shares}, depending on who is counted{side}."


def of_claims(words: Sequence[str]) -> str:
    """The verdicts on several claims: “Of 5 claims, none is supported and 3 are left open.”"""
    counts = Counter(words)
    parts = [f"{counts[word] or 'none'} {'is' if counts[word] <= 1 else 'are'} {said}"
             for word, said in CLAIMS.items() if counts[word] or word == EFFECT]
    if len(words) == 1:
        return f"The one claim is {CLAIMS[words[0]]}."
    return f"Of {text.whole(len(words))} claims, {text.listing(parts)}."


def of_choices(same: int, others: int, level: float) -> str:
    """In how many other choices p lies on the same side of the level as planned."""
    if not others:
        return "No other choice gives a result."
    if same == others:
        return f"Whichever choice is made, p lies on the same side of {text.percent(level)} as planned."
    return f"In {same} of {others} other choices, p lies on the same side of {text.percent(level)} as planned."


def of_power(power: Power) -> str:
    """How many relations that just matter would be found with the power asked for."""
    asked = [(name, power.of_interest(name)) for name in power.stored.design.hypotheses if power.curve(name)]
    least = {name: size for name, size in asked if size is not None}
    if not least:
        return ""
    found = [name for name, size in least.items()
             if (one := power.detectable(name)) and one.reached and one.size <= size]
    return (f"With {text.whole(power.respondents)} respondents, {len(found) or 'none'} of {len(least)} relations of "
            f"the smallest size that matters would be found in {text.percent(power.stored.design.power)} of surveys.")


def of_alarms(power: Power) -> str:
    """Whether any family claims something where nothing is true more often than its level, beyond simulation noise."""
    over = {one.family: None for one in power.alarms() for word in (EFFECT, OPPOSITE)
            if Share(getattr(one, word), one.surveys).interval.low > power.family(one.family).level}
    if not over:
        return "No family gives clearly more false alarms than its level allows, in surveys of any size."
    titles = text.listing([f"“{power.family(one).title}”" for one in over])
    return f"False alarms are more frequent than the level in {titles}."


def _plural(verb: str) -> str:
    """“leads with” as it is said of several."""
    return {"leads": "lead", "has": "have"}[verb.split()[0]] + verb[len(verb.split()[0]):]
