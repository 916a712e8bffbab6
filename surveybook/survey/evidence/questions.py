"""What do the answers to one question say in words?  Each answer, groups of them, and what holds for the whole."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from surveybook.survey.data.codebook import WITHOUT_ORDER, Question
from surveybook.survey.data.study import Study
from surveybook.survey.estimates.equality import ALPHA, EqualShares
from surveybook.survey.estimates.sensitivity import readings
from surveybook.survey.estimates.share import WITHHELD, Share
from surveybook.survey.estimates.weighted import WeightedDistribution, WeightedShare, weighted_share
from surveybook.survey.estimates.weighting import knows_no_weights
from surveybook.survey.evidence.ledger import AGREES, ledger, repairs
from surveybook.survey.stats.domains import Domains
from surveybook.survey.words import text
from surveybook.survey.words.names import Tree, joined

HALF, NEAR = 0.5, 1e-9  # of all, and what a sum of weights may be off


def question(question: Question, study: Study) -> Tree:
    """The findings of one question: each answer, its groups, and what holds for the whole."""
    distribution, labels, shares = question.distribution, question.labels, question.distribution.shares
    silent, picked = distribution.silent, distribution.picked
    whole: Tree = {
        "label": text.declared(question.label), "locator": text.declared(question.locator),
        "asked": text.whole(distribution.asked),
        "answered": text.whole(distribution.answered), "missing": text.whole(silent),
        "answers": text.declared(text.whole(len(shares))), "picked": text.whole(len(picked)),
        "unpicked": text.whole(len(shares) - len(picked)), "sum": _sum(question), "repair": _repair(study, question),
    }
    if distribution.withheld:  # a withheld one could be the first
        hidden = text.share(Share(WITHHELD, WITHHELD), text.WITHHELD)
        whole |= {"top": hidden, "second": hidden}
    places = [] if distribution.withheld else sorted({share.value for share in shares.values()}, reverse=True)
    for name, value in zip(("top", "second"), places, strict=False):
        tied = [item for item in shares if shares[item].value == value]
        if tied:
            whole[name] = text.share(shares[tied[0]], labels[tied[0]]) | _tied([labels[item] for item in tied])
    if question.kind in WITHOUT_ORDER:  # for answers on a scale, to be equally frequent means nothing
        whole["equal"] = partial(_test, study, question, list(shares))
        whole["equal_picked"] = partial(_test, study, question, list(picked))
    if isinstance(distribution, WeightedDistribution):
        whole["effective"] = text.decimal(distribution.effective, 0)
    if question.kind == "ordered":
        whole |= scale(question)
    if question.kind == "count":
        whole |= number(question, study)
    def readings_of(item: str) -> str | partial[Tree]:
        return partial(refuse_unweighted, f"{question.id}.{item}.readings") if study.sampling else \
            _readings(question, item)

    answers: Tree = {
        item: text.share(share, labels[item]) | {"readings": readings_of(item)}
        for item, share in shares.items()
    }
    groups: Tree = {
        group.id: text.share(distribution.group(group.items), group.label)
        for group in study.groups.values() if group.question == question.id
    }
    return joined(f"{study.id}.{question.id}", whole, answers, groups)


def _tied(labels: list[str]) -> Tree:
    """The labels of answers that are equally frequent."""
    return {"label": text.listing([text.lower(label) for label in labels]), "title": text.listing(labels)}


def _readings(question: Question, item: str) -> str:
    """The share of an answer under each reading of the counts: “88% without ..., 79% ... and 89% ...”."""
    found = readings(question.distribution, item)
    return text.listing([f"{text.percent(reading.share.value)} {reading.words}" for reading in found])


def _sum(question: Question) -> str:
    """Whether the rows of a question add up to those asked, as a sentence."""
    distribution = question.distribution
    rows = distribution.asked + distribution.surplus
    asked = f"the {text.whole(distribution.asked)} {question.respondent}s asked"
    if not distribution.surplus:
        return f"The rows of the table add up to {asked}."
    more = "more" if distribution.surplus > 0 else "fewer"
    return f"The rows of the table add to {rows:,}, {abs(distribution.surplus):,} {more} than {asked}."


def _test(study: Study, question: Question, items: list[str]) -> Tree:
    """The ways to write a test that some answers are equally frequent."""
    facts: Tree = {"answers": text.whole(len(items)), "alpha": text.declared(text.percent(ALPHA))}
    if len(items) < 2 or question.distribution.withheld:
        few = "counts are withheld" if question.distribution.withheld else "fewer than two answers were given"
        return facts | {"p": "no test", "percent": "none", "leader_percent": "none", "corrected": "There is no test.",
                        "verdict": f"cannot be compared, as {few}", "order": f"cannot be judged, as {few}"}
    test = question.distribution.equal(items)
    return facts | {
        "p": _with_error(text.p_value(test.p), test.standard_error), "percent": text.chance(test.p),
        "leader_percent": _with_error(text.chance(test.leader_p), test.leader_standard_error),
        "verdict": text.evenness(test), "order": text.order(test), "corrected": _corrected(study, question, items),
    }


def _with_error(found: text.Written, standard_error: float) -> text.Written:
    """A number with the error of its simulation, where there is one."""
    if not standard_error:
        return found
    words = f"{found} (simulated, standard error {standard_error:.1g})"
    return text.Written(words, **found.exact, standard_error=float(standard_error))


def _corrected(study: Study, question: Question, items: list[str]) -> str:
    """What a test of equal shares gives if one count is corrected so that the table adds up, as a sentence."""
    if not question.distribution.surplus:
        return "The rows of the table add up, so none of the counts needs a correction."
    found: list[EqualShares] = []
    for repair in repairs(study, question):
        counts = dict(question.distribution.counts)
        counts[repair.item] += repair.change
        found.append(replace(question.distribution, counts=counts).equal(items))
    if not found:
        return "The rows of the table do not add up, and no change of a single count would mend that."
    low, high = (text.p_value(p) for p in (min(t.p for t in found), max(t.p for t in found)))
    return f"With any one count corrected so that the rows add up, the result lies between {low} and {high}."


def _repair(study: Study, question: Question) -> str:
    """What change of one count would reconcile a table with itself and with the claims about it, as a sentence."""
    entries = [entry for entry in ledger(study) if entry.question is question]
    if not question.distribution.surplus and all(entry.verdict == AGREES for entry in entries):
        return "No count needs a change."
    found = repairs(study, question)
    if not found:
        return "No change of a single count reconciles them."
    ways = [f"{question.labels[repair.item]} by {text.signed(repair.change)}" for repair in found]
    return f"Any one of these changes of a single count reconciles them: {text.listing(ways, 'or')}."


def scale(question: Question) -> Tree:
    """The findings of one question with ordered answers: its median, and the share of each answer or a higher one.

    The median is the answer in the middle of all that were given; where two stand there, both.
    """
    distribution, labels = question.distribution, question.labels
    if not distribution.answered:
        return {}
    return {
        "median": text.WITHHELD if distribution.withheld else text.listing([labels[one] for one in _middle(question)]),
        "at_least": {
            answer: text.share(distribution.group(question.answers[place:]), f"{labels[answer]} or higher")
            for place, answer in enumerate(question.answers) if place
        },
    }


def refuse_unweighted(name: str) -> Tree:
    """What stands for a finding that would treat people alike, of a study that declares its sampling."""
    raise knows_no_weights(name)


def _middle(question: Question) -> list[str]:
    """The answers in the middle of all that were given."""
    if isinstance(question.distribution, WeightedDistribution):
        reached = [question.distribution.share(question.answers[: place + 1]).share
                   for place in range(len(question.answers))]
        low, high = (next(place for place, share in enumerate(reached) if share > HALF + off) for off in (-NEAR, NEAR))
        return list(dict.fromkeys((question.answers[low], question.answers[high])))
    given = np.repeat(np.arange(len(question.answers)), list(question.distribution.counts.values()))
    return list(dict.fromkeys(question.answers[given[place]] for place in ((len(given) - 1) // 2, len(given) // 2)))


def number(question: Question, study: Study) -> Tree:
    """The findings of one count: its median and mean, and how many have one at all.

    Where small counts are withheld, so is what is computed from single answers and not from the shown bands.
    """
    assert study.responses is not None
    if study.disclosure.minimum_cell:
        first, none = question.answers[0], Share(WITHHELD, WITHHELD)
        nothing = question.distribution.shares.get(first, none) if first == "is-0" else none
        some = _others(nothing)
        return dict.fromkeys(("median", "mean", "largest"), text.WITHHELD) | {
            "some": text.share(replace(some, among=1), "at least one"),
            "nothing": text.share(replace(nothing, among=1), "none")}
    codes = study.responses.codes[question.id]
    given = codes[codes >= 0]
    if not len(given):
        return {}
    nothing, median, mean = Share(int((given == 0).sum()), len(given)), float(np.median(given)), float(given.mean())
    interval: Tree = {}
    if study.sampling:
        own = study.sampling.estimate((codes == 0)[:, None], codes >= 0)
        nothing = weighted_share(nothing.count, nothing.base, own)
        people = Domains(study.sampling, np.empty((len(codes), 0), bool), np.where(codes >= 0, 0, -1),
                         codes.astype(float))
        found, mean = people.medians()[0], people.means()[0].value
        median, inside = found.value, found.interval
        interval = {"median_interval": f"{_half(inside.low)} to {_half(inside.high)}" if inside else "none"}
    return {
        "median": _half(median), **interval, "mean": text.decimal(mean, 1),
        "largest": text.whole(int(given.max())), "some": text.share(_others(nothing), "at least one"),
        "nothing": text.share(nothing, "none"),
    }


def _half(number: float) -> str:
    """A median, which is whole or halfway between two numbers."""
    return text.decimal(number, 0 if number.is_integer() else 1)


def _others(share: Share) -> Share:
    """The share of all others."""
    rest = share.base - share.count
    return replace(share, count=rest, share=1 - share.share) if isinstance(share, WeightedShare) else \
        replace(share, count=rest)
