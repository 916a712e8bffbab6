"""What do answers in an order, numbers and questions side by side say in words?  A part of the findings of a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from surveybook.survey.data.study import Question, Study
from surveybook.survey.estimates.equality import ALPHA
from surveybook.survey.estimates.share import WITHHELD, Share, known
from surveybook.survey.evidence.battery import Battery, batteries, difference
from surveybook.survey.words import text
from surveybook.survey.words.names import Tree, joined


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


def _middle(question: Question) -> list[str]:
    """The answers in the middle of all that were given."""
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
        some = Share(nothing.base - nothing.count, nothing.base)
        return dict.fromkeys(("median", "mean", "largest"), text.WITHHELD) | {
            "some": text.share(some, "at least one"), "nothing": text.share(replace(nothing, among=1), "none")}
    codes = study.responses.codes[question.id]
    given = codes[codes >= 0]
    if not len(given):
        return {}
    median = float(np.median(given))
    return {
        "median": text.decimal(median, 0 if median.is_integer() else 1), "mean": text.decimal(float(given.mean()), 1),
        "largest": text.whole(int(given.max())),
        "some": text.share(Share(int((given > 0).sum()), len(given)), "at least one"),
        "nothing": text.share(Share(int((given == 0).sum()), len(given)), "none"),
    }


def together(study: Study) -> Tree:
    """The findings of the questions that stand together: by construct, then by kind."""
    tree: dict[str, Tree] = {}
    for asked in batteries(study):
        construct = "".join(letter if letter.isalnum() else "_" for letter in str(asked.questions[0].construct).lower())
        tree.setdefault(construct, {})[asked.questions[0].kind] = _battery(study, asked)
    return dict(tree)


def _battery(study: Study, asked: Battery) -> Tree:
    """The findings of one battery."""
    kind = asked.questions[0].kind
    tree: Tree = {"label": asked.label, "count": text.whole(len(asked.questions))}
    if kind == "multi-select":
        return tree | {"chosen": {answer: _compared(asked, asked.shares([answer])) for answer in asked.answers}}
    if kind == "yes-no":
        tree["yes"] = _compared(asked, asked.shares(["yes"]))
    else:
        tree["at_least"] = {
            answer: _compared(asked, asked.at_least(place)) for place, answer in enumerate(asked.answers) if place
        }
    return tree | ({"differ": partial(_differ, study, asked)} if len(asked.questions) > 2 else {})


def _compared(asked: Battery, shares: Mapping[str, Share]) -> Tree:
    """The share of one answer in each question, and where it is largest and smallest, all equal ones named."""
    ranked = asked.ranked(shares)
    tree: Tree = {}
    for name, (_, extreme) in {"most": ranked[0], "least": ranked[-1]}.items():
        tied = [asked.names[question.id] for question, share in ranked if share.value == extreme.value]
        if not all(known(share.value) for share in shares.values()):  # a withheld one could be the extreme one
            tied, extreme = [text.WITHHELD], Share(WITHHELD, WITHHELD)
        small = text.listing([text.lower(one) for one in tied])
        tree[name] = text.share(extreme, text.listing(tied)) | {"label": small}
    single: Tree = {name: text.share(share, asked.names[name]) for name, share in shares.items()}
    return joined(f"the battery “{asked.label}”", tree, single)


def _differ(study: Study, asked: Battery) -> Tree:
    """Whether the same people answer the questions differently, as a test and as the predicate of a sentence."""
    found = difference(study, asked)
    if not found:
        why = "cannot be compared, as too few people answered all of them"
        return {"verdict": why, "p": "no test", "test": "none", "n": "0", "alpha": text.percent(ALPHA)}
    test, n = found[0], study.shown.number(found[1])
    verdict = "differ beyond chance" if test.p < ALPHA else "cannot be told apart"
    return {"verdict": verdict, "p": text.p_value(test.p), "test": test.method, "n": text.whole(n),
            "alpha": text.percent(ALPHA)}
