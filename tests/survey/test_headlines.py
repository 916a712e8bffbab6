"""The caption of a figure says what its numbers show, and nothing that chance alone could have made.

Which share is clearly larger is worked out here anew, with scipy and counting.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from scipy.stats import beta

from analysis import figures, interviews, practitioners
from surveybook.survey.estimates.share import Share
from surveybook.survey.evidence import headlines
from surveybook.survey.evidence.battery import battery
from surveybook.survey.verdicts.test import EFFECT, EQUIVALENT, INCONCLUSIVE, OPPOSITE


def bounds(count: int, base: int, among: int) -> tuple[float, float]:
    """Clopper and Pearson's interval of one of so many shares.

    R> binom.test(count, base, conf.level = 1 - 0.05 / among)$conf.int
    """
    tail = 0.05 / among / 2
    low = beta.ppf(tail, count, base - count + 1) if count else 0
    return low, beta.ppf(1 - tail, count + 1, base - count) if count < base else 1


def claimed(counts: list[int], base: int) -> str:
    return headlines.leading([(f"A{place}", Share(count, base, len(counts))) for place, count in enumerate(counts)])


@pytest.mark.parametrize("seed", range(60))
def test_a_share_leads_clearly_only_where_its_interval_touches_no_other(seed):
    draw = random.Random(seed)
    base, answers = draw.choice([20, 60, 400, 3000]), draw.randint(3, 8)
    counts = [draw.randint(0, base) for _ in range(answers)] if seed % 2 else \
        [max(0, base // 2 - draw.randint(0, 9)) for _ in range(answers)]
    said, most = claimed(counts, base), max(counts)
    low = bounds(most, base, answers)[0]
    near = sum(count < most and bounds(count, base, answers)[1] >= low for count in counts)
    tied = counts.count(most)
    assert f"{most:,} of {base:,}" in said and all(f"“A{n}”" in said for n, one in enumerate(counts) if one == most)
    assert ("clearly ahead" in said) == (near == 0 and tied < answers)
    if near == answers - tied and near > 1:
        assert "the order is no ranking" in said
    elif near > 1:
        assert re.search(rf"the intervals do not tell (it|them) apart from {near} others$", said)
    elif near == 1:
        assert re.search(r"the intervals do not tell (it|them) apart from “A\d”$", said)


def test_swapping_two_answers_changes_their_names_and_nothing_else():
    one, other = claimed([30, 20, 2], 60), claimed([20, 30, 2], 60)
    assert other == one.replace("A0", "A#").replace("A1", "A0").replace("A#", "A1")


def test_answers_that_nobody_tells_apart_are_no_ranking():
    assert claimed([7, 7, 7], 21) == "“A0”, “A1” and “A2” lead with 7 of 21 (33%) each, and none can be told apart"
    assert claimed([8, 7, 6], 21).endswith(
        "but the order is no ranking, as the intervals do not tell it apart from any other")


def test_more_than_half_is_said_only_where_the_interval_lies_above_half():
    def said(first: int, second: int) -> str:
        both = first + second
        return headlines.of_two([("Yes", Share(first, both)), ("No", Share(second, both))], "Secured")

    assert said(3, 22) == "“Secured: no” is what most answered: 22 of 25 (88%)."
    # R> prop.test(18, 28, correct = FALSE)$conf.int: 0.4580 to 0.7929
    assert said(18, 10) == "“Yes” leads with 18 of 28 (64%), but cannot be told apart from half."
    assert said(5, 5) == "“Yes” and “No” have 5 of 10 each."


def test_the_middle_answer_is_the_one_that_half_give_or_a_lower_one():
    for name in ("size", "maturity", "education", "exposure", "defenses_count", "ml_years"):
        question = practitioners.study.question(name)
        given = sorted(place for place, answer in enumerate(question.answers)
                       for _ in range(int(question.distribution.counts[answer])))
        middle = question.labels[question.answers[given[(len(given) - 1) // 2]]]
        assert headlines.of_question(question).startswith(f"The middle answer is “{middle}”"), name


def test_what_is_withheld_has_no_headline():
    question = practitioners.study.question("sector")
    counts = dict(question.distribution.counts)
    hidden = replace(question.distribution, counts=counts | {next(iter(counts)): float("nan")})
    assert headlines.of_question(replace(question, distribution=hidden)) == ""


def test_claims_are_counted_by_their_verdicts():
    assert headlines.of_claims([EFFECT, INCONCLUSIVE, INCONCLUSIVE]) == (
        "Of 3 claims, 1 is supported and 2 are left open.")
    assert headlines.of_claims([EQUIVALENT, OPPOSITE]) == (
        "Of 2 claims, none is supported, 1 is found the other way round and 1 is found to be too weak to matter.")
    assert headlines.of_claims([INCONCLUSIVE]) == "The one claim is left open."


def test_a_battery_is_cut_where_the_study_counts_its_answers():
    """What counts as relevant is declared once, with the number of relevant attacks."""
    asked = battery(practitioners.study, ["threat perception"], "ordered")
    counted = practitioners.study.question("attacks_relevant").counting.answers
    assert asked.answers[asked.above:] == tuple(counted) and asked.middle is None
    shares = {name: sum(asked_of.distribution.counts[answer] for answer in counted)
              for name, asked_of in ((one.id, one) for one in asked.questions)}
    rows = figures.ordered(practitioners, "threat perception").table.about["data"]
    order = list(dict.fromkeys(row["question"] for row in rows))
    values = [shares[name] / practitioners.study.question(name).distribution.answered for name in order]
    assert values == sorted(values, reverse=True)
    plain = battery(practitioners.study, ["prior knowledge"], "ordered")
    assert plain.middle == len(plain.answers) // 2


@pytest.mark.parametrize("name", ["sector", "role", "defenses"])
def test_answers_without_an_order_are_sorted_and_none_of_these_comes_last(name):
    question = practitioners.study.question(name)
    rows = figures.shares(practitioners, name).table.about["data"]
    counts = [row["count"] for row in rows if row["answer"] != question.alone]
    assert counts == sorted(counts, reverse=True) and len(rows) == len(question.answers)
    assert question.alone in (None, rows[-1]["answer"])


def test_alternative_texts_begin_with_the_finding():
    drawn = figures.shares(interviews, "attack")
    words = drawn._repr_mimebundle_()["text/markdown"]
    assert f'"description": "{drawn.finding} {drawn.alt}"' in words
    assert drawn.finding.startswith("“Poisoning” leads with 10 of 29 (34%), but the order is no ranking")
