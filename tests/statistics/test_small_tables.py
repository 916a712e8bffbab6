"""Verdicts on the smallest tables: perfect and empty relations, tiny samples, one person in a group.

Expected values are R's (4.2.2); the call stands beside each.
"""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from surveybook.survey.data.codebook import MISSING, Declared
from surveybook.survey.data.hypotheses import Family, Hypothesis
from surveybook.survey.stats import association, equivalence
from surveybook.survey.stats.multiplicity import adjust
from surveybook.survey.verdicts.plan import row_for
from surveybook.survey.verdicts.sentence import meaning
from surveybook.survey.verdicts.test import EFFECT, EQUIVALENT, INCONCLUSIVE, Corrected, judge_tables
from surveybook.survey.words import text
from tests.verdicts import judge_codes

LEAST = {"tau_b": 0.2, "cliff_delta": 0.33, "epsilon_squared": 0.08, "risk_difference": 0.2, "cramers_v": 0.2}
DIAGONAL = np.eye(5, dtype=int).tolist()
GROUPS = [[1, 0, 1, 1], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 2, 0], [0, 1, 0, 0], [1, 0, 1, 0], [1, 0, 1, 2],
          [0, 0, 2, 0], [0, 2, 1, 0], [1, 1, 0, 1], [0, 0, 2, 0]]


def question(name: str, kind: str, levels: int) -> Declared:
    answers = ("no", "yes") if kind == "yes-no" else tuple(f"a{level}" for level in range(levels))
    return Declared(
        id=name, label=name, kind=kind, asked="all", description="", wording=None, unit="person",
        respondent="respondent", locator="", answers=answers,
        labels=MappingProxyType({answer: answer for answer in answers}), missing=MappingProxyType(dict(MISSING)),
        bands=(), maximum=None,
    )


def claim(
    kinds: tuple[str, str], table, direction: str = "any", correction: str = "holm", least: dict[str, float] = LEAST
) -> Hypothesis:
    family = Family("f", "F", "?", correction, 0.05, MappingProxyType(least), "r")
    return Hypothesis("h", family, "c", question("first", kinds[0], len(table)),
                      question("second", kinds[1], len(table[0])), direction, "o", None)


def judge(kinds: tuple[str, str], table, direction: str = "any") -> Corrected:
    table = tuple(map(tuple, table))
    return judge_tables({"h": table}, {"h": claim(kinds, table, direction)}, 10_000, 1)["h"]


ORDERED, GROUPED, TWO = ("ordered", "ordered"), ("nominal", "ordered"), ("yes-no", "ordered")

# what, kinds, table, direction, p, its relative tolerance, word
CASES = [
    # cor.test(1:5, 1:5, method = "kendall", alternative = "greater")
    ("P1", ORDERED, DIAGONAL, "positive", 1 / 120, 1e-9, EFFECT),
    # cor.test(1:3, 1:3, method = "kendall", alternative = "greater")
    ("P3", ORDERED, np.eye(3, dtype=int).tolist(), "positive", 1 / 6, 1e-9, INCONCLUSIVE),
    # cor.test(..., method = "kendall", exact = FALSE): tau 0, p 1
    ("D1", ORDERED, [[0, 8, 0], [8, 0, 8], [0, 8, 0]], "any", 1.0, 1e-9, INCONCLUSIVE),
    # kruskal.test: H 0, p 1
    ("K1", GROUPED, [[1, 1, 0, 2], [0, 0, 1, 0]], "any", 1.0, 1e-9, INCONCLUSIVE),
    # coin::wilcox_test(distribution = "exact"): p = 0.05
    ("M2", TWO, [[1, 38], [1, 0]], "any", 0.05, 0, INCONCLUSIVE),
    # coin::wilcox_test(distribution = "exact", alternative = "less"): p = 0.05, which is not below it
    ("M1", TWO, [[2, 1, 0, 0], [0, 0, 2, 1]], "positive", 0.05, 0, INCONCLUSIVE),
    # kruskal.test: H 4.683, H / 23 = 0.204; a bound of 0.08
    ("K2", GROUPED, GROUPS, "any", None, 0, INCONCLUSIVE),
    # coin::wilcox_test(distribution = "exact"): ranks 1.5 or 2 | 2 and 3
    ("Z1", TWO, [[1, 0, 0], [0, 1, 1]], "any", 2 / 3, 1e-9, INCONCLUSIVE),
]


@pytest.mark.parametrize(("name", "kinds", "table", "direction", "p", "near", "word"), CASES)
def test_a_small_table_keeps_its_p(name, kinds, table, direction, p, near, word):
    found = judge(kinds, table, direction)
    assert found.judged.trouble == ""
    assert p is None or found.judged.tested.p == pytest.approx(p, rel=near, abs=0)
    assert found.word == word
    size = found.judged.size
    assert -1 <= size.interval.low <= size.value <= size.interval.high <= 1
    assert size.interval.high - size.interval.low > 0.1, "so few people say little"


def test_a_perfect_relation_of_many_is_an_effect():
    # cor.test(x, x, method = "kendall", alternative = "greater"), each of five answers 20 times: tau 1, p 9e-36
    found = judge(ORDERED, (20 * np.eye(5, dtype=int)).tolist(), "positive")
    assert (found.word, found.judged.size.value) == (EFFECT, 1.0)
    # (0.025)^(1/50) * 2 - 1: fifty pairs of different people, all of which go one way
    assert found.judged.size.interval.low == pytest.approx(2 * 0.025 ** (1 / 50) - 1)
    assert found.judged.approximate.p == pytest.approx(9e-36, rel=0.06)


def test_a_verdict_never_contradicts_its_own_interval():
    found = judge(GROUPED, GROUPS)  # a size of 0.204, a bound of 0.08
    assert 0.08 < found.judged.size.value < found.judged.equivalence.interval.high
    assert found.word == INCONCLUSIVE


@pytest.mark.parametrize("kinds", [("yes-no", "yes-no"), TWO, ORDERED, GROUPED, ("nominal", "nominal")])
def test_the_law_holds_on_random_small_tables(kinds):
    random = np.random.default_rng(11)
    shape = tuple(2 if kind == "yes-no" else 4 for kind in kinds)
    words = set()
    for _ in range(150):
        table = random.multinomial(int(random.integers(0, 60)), random.dirichlet(np.full(math.prod(shape), 0.5)))
        found = judge_tables({"h": (rows := tuple(map(tuple, table.reshape(shape).tolist())))},
                             {"h": claim(kinds, rows)}, 0, 1)["h"]
        one = found.judged
        words.add(found.word)
        if one.trouble:
            continue
        assert math.isfinite(one.tested.p) and math.isfinite(one.size.value)
        assert -1 <= one.size.interval.low <= one.size.interval.high <= 1
        assert one.size.interval.low - 1e-12 <= one.size.value <= one.size.interval.high + 1e-12
        if found.word == EQUIVALENT:
            assert one.equivalence.low <= one.equivalence.interval.low
            assert one.equivalence.interval.high < one.equivalence.high
            assert one.equivalence.low <= one.size.value < one.equivalence.high
    assert INCONCLUSIVE in words


@pytest.mark.parametrize("n", [4, 5, 7, 10, 20])
def test_the_interval_of_tau_b_holds_the_truth_of_few_people(n):
    """Answers on five levels of two traits with a correlation of 0.6."""
    random, cuts = np.random.default_rng(n), [-1.2, -0.4, 0.4, 1.2]

    def draw(size):
        x = random.standard_normal(size)
        return np.searchsorted(cuts, x), np.searchsorted(cuts, 0.6 * x + 0.8 * random.standard_normal(size))

    def tables(first, second):
        place = np.arange(len(first))[:, None] * 25 + first * 5 + second
        return np.bincount(place.ravel(), minlength=25 * len(first)).reshape(-1, 5, 5)

    true = association.measures(tables(*draw((1, 400_000)))[0])[0]
    held = []
    for table in tables(*draw((600, n))):
        if min((table.sum(axis=0) > 0).sum(), (table.sum(axis=1) > 0).sum()) > 1:
            found = association.measure(table.tolist()).interval
            held.append(found.low <= true <= found.high)
    assert np.mean(held) >= 0.94


def test_shares_are_wrongly_called_equivalent_in_at_most_five_percent_at_the_bound():
    from scipy.stats import binom
    yes, no = np.meshgrid(np.arange(21), np.arange(21), indexing="ij")
    said = np.maximum(*equivalence.newcombe_ps(yes, np.full_like(yes, 20), no, np.full_like(no, 20), 0.2)) < 0.025
    for share in np.linspace(0, 0.8, 41):
        chances = np.outer(binom.pmf(np.arange(21), 20, share + 0.2), binom.pmf(np.arange(21), 20, share))
        assert chances[said].sum() <= 0.05
    one = equivalence.newcombe(10, 150, 9, 150, 0.2, 0.025)
    assert one.shown and one.p < 0.05
    with pytest.raises(ValueError, match="too few to rule anything out"):
        equivalence.newcombe(1, 9, 1, 9, 0.5)


def test_a_family_may_be_corrected_otherwise_or_not_at_all():
    assert adjust([0.01, 0.04, None], "none") == (0.01, 0.04, None)
    # p.adjust(c(0.01, 0.04, 1), "BH")
    assert adjust([0.01, 0.04, None], "benjamini-hochberg") == pytest.approx((0.03, 0.06, None))


def test_evidence_against_a_claim_is_not_told_as_chance():
    table = tuple(map(tuple, [[2, 4, 8], [4, 6, 4], [9, 4, 2]]))
    hypothesis = claim(ORDERED, table, "positive")
    judged = judge(ORDERED, table, "positive").judged
    assert judged.other.p < 0.05
    said = meaning(INCONCLUSIVE, hypothesis, row_for(*ORDERED), table, judged, "real")
    assert "chance alone" not in said and "the other way round than claimed" in said
    chance = meaning(INCONCLUSIVE, hypothesis, row_for(*ORDERED), table,
                     replace(judged, other=replace(judged.other, p=0.4)), "real")
    assert "which chance alone could give" in chance


@pytest.mark.parametrize(("value", "limit", "places"), [
    (-0.2029, -0.2, 3), (-0.23, -0.2, 2), (0.06, 0.2, 2), (0.19996, 0.2, 5), (0.2, 0.2, 2),
])
def test_rounding_does_not_hide_on_which_side_of_a_bound_a_number_lies(value, limit, places):
    assert text.places_apart(value, limit) == places


def test_a_question_that_everybody_skipped_is_one_sentence():
    hypothesis = claim(ORDERED, [[0, 0], [0, 0]])
    codes = {"first": np.array([0, 1, 1, 0]), "second": np.full(4, -2)}
    found = judge_codes({"h": hypothesis}, codes, "real")["h"]
    assert found.word == INCONCLUSIVE
    assert found.sentence == "The claim cannot be judged, as fewer than three people gave both answers."
