"""Whoever has all that is told of two waves of the same people knows no small number of them.

The attacker knows how many people are in both waves, all counts of each, and the tables of pairs that may be shown, for
a question and for one that rests on it. From these he works out how many people at most gave which two answers.
"""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.optimize import linprog
from waves import question, waves

from surveybook.survey.data.loader import read_study
from surveybook.survey.estimates.share import known

LEAST, ABSENT = 5, "absent"
PEOPLE = {  # what people of each sort answer
    "outside": {"member": "no", "fee": "not-asked"}, "free": {"member": "yes", "fee": "no"},
    "paying": {"member": "yes", "fee": "yes"}, "silent": {"member": "yes", "fee": "skipped"},
    ABSENT: {"member": ABSENT, "fee": ABSENT}}
PAIRS = [(one, other) for one in PEOPLE for other in PEOPLE if {one, other} != {ABSENT}]
TELLING = {"yes", "no", "not-asked"}


def made_up(seed):
    """How many people are of which sort in the first wave and in the last. Of every eight seeds two have nobody who
    left or came, and few who were never members."""
    draw = random.Random(seed)
    sizes = ([0, 2, 4, 5, 6, 12, 30], [5, 6, 12, 30], [0, 6, 12, 30], [3, 6, 12, 30, 30, 30])[seed % 4]
    found = {pair: draw.choice(sizes) for pair in PAIRS}
    if seed % 8 >= 6:
        found = {pair: 0 if {ABSENT, "silent"} & {*pair} else max(count, LEAST) for pair, count in found.items()}
        found["outside", "outside"] = draw.randrange(1, LEAST)
    return found


def with_fee(descriptor):
    for resource in descriptor["resources"]:
        fee = question("fee", "yes-no", asked_if={"question": "member", "is": "yes"})
        fee["missingValues"].append({"value": "not-asked", "label": "Not asked"})
        resource["schema"]["fields"].append(fee)


def those(name, before=None, after=None):
    """The pairs of people who gave these answers to a question, as ones."""
    return np.array([all(wanted in (None, PEOPLE[one][name]) for one, wanted in zip(pair, (before, after), strict=True))
                     for pair in PAIRS], float)


def told(study):
    """All that is told: which pairs each number counts, and the number."""
    both = len(study.waves.pairs(0)[0])
    found = [(1 - those("member", ABSENT) - those("member", None, ABSENT), both)]
    for name in ("member", "fee"):
        for at, wave in enumerate(study.waves.each):
            own, people = wave.distributions[name], len(wave.responses.respondents)
            numbers = {**own.counts, **own.missing, "not-asked": people - own.asked}
            found += [(those(name, **{("before", "after")[at]: answer}), count)
                      for answer, count in numbers.items() if known(count)]
            found.append((those(name, **{("after", "before")[at]: ABSENT}), people - both))
        table, answers = study.waves.table(name, 0), study.waves.last.questions[name].answers
        if table is not None:
            found += [(those(name, answers[x], answers[y]), count) for (x, y), count in np.ndenumerate(table)]
    return found


@pytest.mark.parametrize("seed", range(16))
def test_no_small_number_of_people_who_were_asked_twice_follows(tmp_path, seed):
    people = made_up(seed)
    each = {label: [{"person": f"panel-{number:05}", **PEOPLE[pair[at]]} for number, pair in enumerate(
        pair for pair, count in people.items() for _ in range(count)) if pair[at] != ABSENT]
        for at, label in enumerate(("2024", "2026"))}
    study, true = read_study(waves(tmp_path, each, with_fee, least=LEAST, matched=True)), np.array([*people.values()])
    sums, numbers = zip(*told(study), strict=True)
    assert np.array_equal(np.array(sums) @ true, numbers)
    for name in ("member", "fee"):
        answers = {one[name] for one in PEOPLE.values()}
        for before, after in ((x, y) for x in answers for y in answers if TELLING & {x, y}):
            wanted = those(name, before, after)
            if 0 < wanted @ true < LEAST:
                found = linprog(-wanted, A_eq=np.array(sums), b_eq=numbers)
                assert found.status == 0 and -found.fun > LEAST - 1e-6, (name, before, after)
