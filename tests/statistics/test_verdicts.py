"""Verdicts: from a declared hypothesis to its test, size, word and sentence, and whether other choices agree."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.stats import binom

from surveybook.survey.data.crossing import crossed
from surveybook.survey.data.hypotheses import VARIABLES
from surveybook.survey.data.responses import CANT_SAY, NOT_ASKED, SKIPPED
from surveybook.survey.errors import DataError
from surveybook.survey.stats import groups
from surveybook.survey.verdicts.plan import row_for
from surveybook.survey.verdicts.record import record
from tests.verdicts import answers, family, hypothesis, judge_codes, question, related, verdict

# --- the plan


@pytest.mark.parametrize("kinds", list(product(VARIABLES, VARIABLES)))
def test_the_plan_has_a_test_for_every_pair_of_kinds_that_can_be_declared(kinds):
    row = row_for(*kinds)
    assert row.test and row.why and row.measure and row.label
    assert row.signed == ("nominal" not in kinds)


@pytest.mark.parametrize("kind", ["multi-select", "one-pick"])
def test_another_kind_is_refused_in_one_sentence(kind):
    with pytest.raises(DataError, match=f"no test for a predictor of the kind {kind} and an outcome of the kind count"):
        row_for(kind, "count")
    with pytest.raises(DataError, match="no test for a predictor of the kind ordered"):
        judge_codes({"a": hypothesis(("ordered", kind))}, {"x": np.zeros(5), "y": np.zeros(5)}, "real")


# --- reference values


def table(counts: list[list[int]]) -> tuple[list[int], list[int]]:
    rows, columns = np.indices(np.shape(counts))
    flat = np.ravel(counts)
    return np.repeat(rows.ravel(), flat).tolist(), np.repeat(columns.ravel(), flat).tolist()


def test_yes_no_by_yes_no():
    # t <- matrix(c(12, 5, 4, 11), 2, byrow = TRUE); fisher.test(t, alternative = "greater")$p.value; fisher.test(t)
    x, y = table([[12, 5], [4, 11]])
    found = verdict(("yes-no", "yes-no"), x, y)
    assert found.p == pytest.approx(0.0159761941327016, rel=1e-9) and found.method == "exact"
    assert verdict(("yes-no", "yes-no"), x, y, "any").p == pytest.approx(0.0319523882654032, rel=1e-9)
    # Newcombe's interval of 11/15 - 5/17 from prop.test(.., correct = FALSE)$conf.int of each
    size = found.judged.size
    assert size.value == pytest.approx(0.4392156862745097)
    assert (size.interval.low, size.interval.high) == pytest.approx((0.0925211349593039, 0.6648043068048386))
    assert found.word == "effect" and "more often, by 44 percentage points" in found.sentence


def test_yes_no_by_ordered():
    # y <- c(3,4,4,5,2,5); n <- c(1,2,3,3,2,4,1); r <- rank(c(y, n)); all <- combn(13, 6, function(i) sum(r[i]))
    # mean(all >= sum(r[1:6])); mean(abs(all - 42) >= abs(sum(r[1:6]) - 42)); mean(sign(outer(y, n, "-")))
    # wilcox.test(y, n, alternative = "greater", exact = FALSE, correct = FALSE)$p.value
    x, y = [1] * 6 + [0] * 7, [2, 3, 3, 4, 1, 4, 0, 1, 2, 2, 1, 3, 0]
    found = verdict(("yes-no", "ordered"), x, y)
    assert found.judged.tested.statistic == 35 and found.p == pytest.approx(0.0308857808857809)
    assert verdict(("yes-no", "ordered"), x, y, "any").p == pytest.approx(0.0617715617715618)
    assert found.judged.approximate.p == pytest.approx(0.0206947020045747)
    assert found.judged.size.value == pytest.approx(2 / 3)
    assert "in 83% of all such pairs" in found.sentence


def test_ordered_by_ordered():
    # x <- c(1,1,2,2,2,3,3,4); z <- c(2,1,1,3,2,3,4,4); S of all 2520 distinct orders of z, share of S >= 17
    # cor(x, z, method = "kendall"); cor.test(x, z, method = "kendall", exact = FALSE, alternative = "greater")$p.value
    x, y = [0, 0, 1, 1, 1, 2, 2, 3], [1, 0, 0, 2, 1, 2, 3, 3]
    found = verdict(("ordered", "count"), x, y)
    assert found.judged.tested.statistic == 17 and found.p == pytest.approx(1 / 60) and found.method == "exact"
    assert verdict(("ordered", "count"), x, y, "any").p == pytest.approx(1 / 30)
    assert found.judged.size.value == pytest.approx(0.723568051144936)
    assert found.judged.approximate.p == pytest.approx(0.0117860482368401)


def test_nominal_by_ordered():
    # g <- c(1,1,1,2,2,2,2,3,3,3); v <- c(1,2,2,3,3,4,2,1,1,2); k <- kruskal.test(v, g); k$statistic; k$p.value
    # H of all 12600 distinct orders of v, share of H >= k$statistic; k$statistic / 9
    x, y = [0, 0, 0, 1, 1, 1, 1, 2, 2, 2], [0, 1, 1, 2, 2, 3, 1, 0, 0, 1]
    found = verdict(("nominal", "ordered"), x, y, "any")
    assert found.judged.tested.statistic == pytest.approx(5.7575)
    assert found.p == pytest.approx(0.0614285714285714) and found.method == "exact"
    assert found.judged.approximate.p == pytest.approx(0.0562049751612386)
    assert found.judged.size.value == pytest.approx(0.639722222222222)


def test_nominal_by_nominal():
    # m <- matrix(c(6,1,2,1,5,2,0,2,6), 3, byrow = TRUE); fisher.test(m)$p.value; chisq.test(m, correct = FALSE)$p.value
    x, y = table([[6, 1, 2], [1, 5, 2], [0, 2, 6]])
    found = verdict(("nominal", "nominal"), x, y, "any")
    assert found.p == pytest.approx(0.0073853983280187)
    assert found.judged.approximate.p == pytest.approx(0.00466279212297458)
    assert found.judged.equivalence is None  # no smallest effect is declared for Cramer's V


def test_families_are_adjusted_as_in_r():
    # p.adjust(p, "holm"); p.adjust(p, "BH"): for p = .01, .03, .04 these are .03 .06 .06 and .03 .04 .04
    answers = {name: related(60, strength, 3) for name, strength in {"a": 0.45, "b": 0.3, "c": 0.15}.items()}
    declared, codes = {}, {}
    for name, (x, y) in answers.items():
        one = hypothesis(("ordered", "ordered"), name=name)
        first, second = question(f"x{name}", "ordered"), question(f"y{name}", "ordered")
        declared[name] = replace(one, predictor=first, outcome=second)
        codes |= {f"x{name}": x, f"y{name}": y}
    found = judge_codes(declared, codes, "real", 0)
    low, mid, high = sorted(found.values(), key=lambda one: one.p)
    assert low.p_adjusted == pytest.approx(3 * low.p) and low.p_rate <= low.p_adjusted
    assert mid.p_adjusted == pytest.approx(max(3 * low.p, 2 * mid.p))
    assert high.p_adjusted == pytest.approx(max(mid.p_adjusted, high.p))
    assert mid.p_rate == pytest.approx(min(1.5 * mid.p, high.p))


# --- laws


PAIRS = [("yes-no", "yes-no"), ("yes-no", "ordered"), ("ordered", "count"), ("nominal", "ordered"),
         ("nominal", "yes-no")]


def either(kinds: tuple[str, str], direction: str = "positive") -> str:
    return "any" if "nominal" in kinds else direction


@pytest.mark.parametrize("kinds", PAIRS)
def test_the_order_of_the_respondents_changes_nothing(kinds):
    x, y = answers(kinds)
    order = np.random.default_rng(5).permutation(len(x))
    first, second = (verdict(kinds, a, b, either(kinds)) for a, b in ((x, y), (x[order], y[order])))
    assert record(first) == record(second)


@pytest.mark.parametrize("kinds", PAIRS)
def test_it_does_not_matter_which_answer_is_called_the_predictor(kinds):
    x, y = answers(kinds)
    first = verdict(kinds, x, y, either(kinds), levels=3)
    second = verdict(kinds[::-1], y, x, either(kinds), levels=3)
    assert first.p == pytest.approx(second.p, rel=1e-9)
    if kinds != ("yes-no", "yes-no"):  # a difference of shares is one of the outcome
        assert first.judged.size.value == pytest.approx(second.judged.size.value)


@pytest.mark.parametrize("kinds", [("ordered", "ordered"), ("ordered", "yes-no"), ("count", "ordered")])
def test_the_reversed_scale_turns_the_sign_and_a_two_sided_p_stays(kinds):
    x, y = answers(kinds)
    first, second = (verdict(kinds, column, y, "any", levels=3) for column in (x, x.max() - x))
    assert first.method == second.method == "exact" and first.p == pytest.approx(second.p)
    size, mirrored = first.judged.size, second.judged.size
    assert size.value == pytest.approx(-mirrored.value) != 0
    assert (size.interval.low, size.interval.high) == pytest.approx((-mirrored.interval.high, -mirrored.interval.low))
    claimed = [verdict(kinds, column, y, way, levels=3) for column, way in ((x, "positive"), (x.max() - x, "negative"))]
    assert claimed[0].p == pytest.approx(claimed[1].p)


def test_people_who_were_not_asked_change_nothing():
    x, y = answers(("ordered", "ordered"))
    more = verdict(("ordered", "ordered"), [*x, 1, NOT_ASKED], [*y, NOT_ASKED, NOT_ASKED])
    assert (more.counts.table, more.p) == ((before := verdict(("ordered", "ordered"), x, y)).counts.table, before.p)
    assert more.n == before.n == 24 and more.counts.missing["not-asked"] == 2


def test_whoever_gave_no_answer_is_counted_once_by_reason():
    x, y = [0, 1, 2, NOT_ASKED, SKIPPED, CANT_SAY, CANT_SAY, 1], [0, 1, 2, SKIPPED, CANT_SAY, CANT_SAY, 1, NOT_ASKED]
    counts = crossed(question("x", "ordered"), question("y", "count"), {"x": np.array(x), "y": np.array(y)})
    assert counts.n == 3 and dict(counts.missing) == {"not-asked": 2, "skipped": 1, "cant-say": 2, "not-applicable": 0}
    assert counts.columns == ("0", "1", "2") and len(counts.rows) == 5


@pytest.mark.parametrize("kinds", PAIRS)
def test_twice_as_many_respondents_narrow_the_interval(kinds):
    x, y = answers(kinds, 60)
    once, twice = (verdict(kinds, np.tile(x, k), np.tile(y, k), either(kinds), 0).judged.size for k in (1, 2))
    assert twice.interval.high - twice.interval.low < once.interval.high - once.interval.low
    if kinds != ("nominal", "yes-no"):  # what the corrected V takes off depends on n, and so does H / (n - 1) a little
        assert once.value == pytest.approx(twice.value, abs=0.01)


def test_where_draws_leave_the_side_of_the_level_open_ten_times_as_many_are_made():
    x, y = related(100, 0.2, 4)
    before = verdict(("ordered", "ordered"), x, y, draws=1_000)
    assert before.judged.draws == 1_000 and before.p != pytest.approx(0.05, abs=0.02)
    after = verdict(("ordered", "ordered"), x, y, draws=1_000, of=family(level=before.p))
    assert after.judged.draws == 10_000
    assert after.judged.tested.standard_error < before.judged.tested.standard_error


# --- the words


@pytest.mark.parametrize("kinds", PAIRS)
def test_a_strong_relation_is_an_effect(kinds):
    x, y = answers(kinds, 100, 0.8)
    assert verdict(kinds, x, y, either(kinds), levels=3).word == "effect"


@pytest.mark.parametrize("kinds", [pair for pair in PAIRS if "nominal" not in pair])
def test_a_strong_relation_the_other_way_round_speaks_against_the_claim(kinds):
    x, y = answers(kinds, 100, 0.8)
    found = verdict(kinds, x, y, "negative", levels=3)
    assert found.word == "opposite" and found.p > 0.99 and found.p_other < 0.001
    assert found.sentence.startswith("The answers speak against the claim: ")
    assert verdict(kinds, x, y, "any", levels=3).word == "effect"


@pytest.mark.parametrize("kinds", [("yes-no", "ordered"), ("ordered", "count"), ("nominal", "ordered")])
def test_many_answers_without_a_relation_are_equivalent_to_none_and_few_are_inconclusive(kinds):
    many = verdict(kinds, *answers(kinds, 3_000, 0.0, 2), either(kinds), 0, 3)
    assert many.word == "equivalent" and "rule out a relation" in many.sentence
    few = verdict(kinds, *answers(kinds, 20, 0.0, 2), either(kinds), levels=3)
    assert few.word == "inconclusive" and "neither support the claim nor rule out" in few.sentence


def test_a_small_effect_of_many_says_that_it_is_small():
    found = verdict(("ordered", "ordered"), *related(5_000, 0.12, 2), draws=0)
    assert found.word == "effect" and found.judged.equivalence.p < 0.05
    assert "smaller than the smallest one that was declared to matter" in found.sentence


def test_without_a_smallest_effect_nothing_is_equivalent():
    x, y = answers(("yes-no", "yes-no"), 3_000, 0.0, 2)
    found = verdict(("yes-no", "yes-no"), x, y)
    assert found.word == "inconclusive" and "no smallest effect was declared" in found.sentence


@pytest.mark.parametrize("x, y", [([1] * 30, [0, 1] * 15), ([0, 1], [0, 1]), ([NOT_ASKED] * 9, [1] * 9)])
def test_a_claim_that_allows_no_test_stays_in_its_family(x, y):
    codes = {"x": np.array(x), "y": np.array(y), "z": np.array(related(len(x), 0.7, 1)[1])}
    declared = {"a": hypothesis(("ordered", "ordered"))}
    found = judge_codes(declared, codes, "real")["a"]
    assert (found.word, found.p, found.p_adjusted, found.method) == ("inconclusive", None, None, "none")
    assert found.sentence.startswith("The claim cannot be judged, as ") and json.dumps(record(found))
    x2, y2 = related(60, 0.6, 1)
    pad = np.full(60 - len(x), SKIPPED) if len(x) < 60 else []
    codes = {"x": np.array([*x, *pad]), "y": np.array([*y, *pad]), "v": x2, "w": y2}
    declared["b"] = replace(declared["a"], id="b", predictor=question("v", "ordered"), outcome=question("w", "ordered"))
    both = judge_codes(declared, codes, "real")
    assert both["b"].p_adjusted == pytest.approx(2 * both["b"].p) and both["b"].declared == 2


def test_the_interval_of_epsilon_squared_holds_its_level_without_a_relation():
    random, covered, samples = np.random.default_rng(3), 0, 300
    for _ in range(samples):
        counts = np.zeros((7, 5), int)
        np.add.at(counts, (random.integers(7, size=139), np.minimum(random.poisson(1, 139), 4)), 1)
        covered += groups.epsilon_squared(tuple(map(tuple, counts.tolist()))).interval.low == 0
    assert covered >= binom.ppf(0.001, samples, 0.95)
