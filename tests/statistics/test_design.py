"""The design analysis: many simulated surveys at once say what each would say alone, on any number of workers."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from types import MappingProxyType

import numpy as np
import pytest
from joblib import parallel_config
from project import DATA

from surveybook.survey.data.codebook import MISSING, Declared
from surveybook.survey.data.hypotheses import Family, Hypothesis
from surveybook.survey.data.responses import CANT_SAY, NOT_ASKED, SKIPPED
from surveybook.survey.design.approximations import TWINS
from surveybook.survey.design.chunks import Simulated, responses, simulate, task
from surveybook.survey.design.judgement import judge_surveys
from surveybook.survey.design.relation import related
from surveybook.survey.design.run import chunks, run, simulated
from surveybook.survey.design.scenarios import ASSUMED, NONE, Chunk, Design, Scenario, Size
from surveybook.survey.design.summary import Digests, FalseAlarms, Truth, Verdicts
from surveybook.survey.stats import categories
from surveybook.survey.verdicts.plan import ROWS
from surveybook.survey.verdicts.test import WORDS
from tests.verdicts import judge_codes

SURVEY = DATA / "practitioners"
KINDS = ("yes-no", "nominal", "ordered", "count")
LEAST = {"tau_b": 0.2, "cliff_delta": 0.33, "epsilon_squared": 0.08, "risk_difference": 0.2, "cramers_v": 0.3}
LEVELS = {"yes-no": np.arange(2), "nominal": np.arange(4), "ordered": np.arange(5), "count": np.array([0, 1, 2, 5, 20])}


@pytest.fixture(scope="module")
def small(design) -> Design:
    """A few surveys of two sizes, in small chunks."""
    return replace(design, sizes=(Size(12, 30, 20), Size(40, 30, 20)), people=480)


def question(name: str, kind: str) -> Declared:
    answers = ("no", "yes") if kind == "yes-no" else tuple(map(str, LEVELS[kind]))
    return Declared(
        id=name, label=name, kind=kind, asked="all", description="", wording=None, unit="person",
        respondent="respondent", locator="", answers=answers,
        labels=MappingProxyType({answer: answer for answer in answers}),
        missing=MappingProxyType(dict(MISSING)), bands=(0,) if kind == "count" else (),
        maximum=20 if kind == "count" else None,
    )


def claims(least: Mapping[str, float] = LEAST) -> dict[str, Hypothesis]:
    """A claim for every pair of kinds, in both orders and every direction that it can have, in two families."""
    found = {}
    for number, (first, second) in enumerate(product(KINDS, KINDS)):
        for direction in ("any",) if "nominal" in (first, second) else ("positive", "negative", "any"):
            family = Family(f"family {number % 2}", "Title", "Question?", "holm", 0.05, least, "Reason.")
            name = f"{first} {second} {direction}"
            found[name] = Hypothesis(
                name, family, "A claim.", question(f"x {first}", first), question(f"y {second}", second), direction,
                "Made up.", None,
            )
    return found


def answers(n: int, surveys: int, seed: int) -> dict[str, np.ndarray]:
    """Answers of every kind, related or not, with missing ones, answers nobody gave, and surveys where all agree."""
    random = np.random.default_rng(seed)
    codes = {}
    behind = random.normal(size=(surveys, n))
    for name, kind in product("xy", KINDS):
        levels = LEVELS[kind]
        weight = random.uniform(-1, 1, (surveys, 1))
        latent = weight * behind + np.sqrt(1 - weight**2) * random.normal(size=(surveys, n))
        cuts = np.sort(random.normal(scale=1.5, size=(surveys, 1, len(levels) - 1)), axis=2)
        code = levels[(latent[:, :, None] > cuts).sum(axis=2)]
        gone = random.uniform(size=(surveys, n)) < random.choice([0, 0.1, 0.9], size=(surveys, 1))
        code[gone] = random.choice([NOT_ASKED, SKIPPED, CANT_SAY], size=int(gone.sum()))
        code[random.uniform(size=surveys) < 0.03] = SKIPPED
        code[random.uniform(size=surveys) < 0.03] = levels[1]
        codes[f"{name} {kind}"] = code.ravel()
    return codes


# --- many surveys at once say what each says alone


@pytest.mark.parametrize(("n", "surveys"), [(1, 3), (2, 10), (3, 10), (5, 15), (9, 15), (28, 10), (139, 4), (1000, 2)])
@pytest.mark.parametrize("least", [LEAST, {}], ids=["bounds", "no bounds"])
def test_a_survey_among_many_has_the_verdicts_it_has_alone(n, surveys, least):
    hypotheses, codes = claims(least), answers(n, surveys, seed=n)
    levels = {name: LEVELS[name.split()[1]] for name in codes}
    together = judge_surveys(hypotheses, codes, levels, surveys)
    for survey in range(surveys):
        mine = {name: code[survey * n : (survey + 1) * n] for name, code in codes.items()}
        for name, alone in judge_codes(hypotheses, mine, "simulated", draws=0).items():
            one, at = together[name], (n, survey, name, alone.counts.table)
            assert WORDS[one.words[survey]] == alone.word, at
            assert int(one.tables[survey].sum()) == alone.n, at
            numbers = [getattr(one.found, key)[survey] for key in ("p", "value", "low", "high", "equivalence")]
            numbers += [one.adjusted[survey], one.other[survey]]
            if alone.judged.trouble:
                assert np.isnan(numbers).all(), at
                continue
            size, equal = alone.judged.size, alone.judged.equivalence
            expected = [alone.p, size.value, size.interval.low, size.interval.high, equal.p if equal else np.nan]
            # the root in V makes 1e-8 of 1e-16
            assert numbers == pytest.approx([*expected, alone.p_adjusted, alone.p_other], 1e-8, 1e-7, nan_ok=True), at


def test_random_surveys_meet_every_verdict_and_every_trouble():
    hypotheses = claims()
    words, troubles = set(), set()
    for n in (1, 3, 9, 139):
        for one in judge_codes(hypotheses, answers(n, 1, seed=n), "simulated", draws=0).values():
            words.add(one.word)
            troubles.add(one.judged.trouble)
    assert words == set(WORDS) and len(troubles) > 2


def test_every_row_of_the_plan_has_its_twin():
    assert TWINS.keys() == ROWS.keys()


def test_the_responses_of_a_chunk_are_those_that_its_model_draws(design):
    """The same path as that of responses.csv: people of many surveys are people of one draw."""
    chunk = Chunk(NONE, 139, 4, 0)
    _, codes = responses(task(design, chunk))
    assert {len(code) for code in codes.values()} == {4 * 139}
    for name in {q.id for h in design.hypotheses.values() for q in (h.predictor, h.outcome)}:
        assert (codes[name] >= 0).mean() > 0.7, name


def test_noncentralities_are_those_of_r():
    # R: f <- function(p) uniroot(function(l) pchisq(25, 6, l) - p, c(0, 200), tol = 1e-13)$root; c(f(.975), f(.025))
    low, high = categories.noncentralities(np.array([25.0, 1.0]), np.array([6.0, 6.0]), 0.95)
    assert [low[0], high[0]] == pytest.approx([5.38057055499193, 42.52199066640964], rel=1e-9)
    assert [low[1], high[1]] == [0, 0]  # pchisq(1, 6) is below both ends


# --- which hypotheses are true


def test_without_effects_no_hypothesis_is_true_and_with_them_those_are_that_the_model_names(design):
    def true(scenario: str) -> set[str]:
        one = design.scenarios[scenario]
        return {name for name, h in one.hypotheses.items() if related(h, one.model, design.codebook)}

    assert true(NONE) == set()
    assumed = true(ASSUMED)
    for effect in design.model.effects:
        if effect.loading:
            assert set(effect.hypotheses) <= assumed
    # knowledge goes with training, other knowledge and years, so these go with perception as well
    assert {"perception-training", "perception-security", "perception-years"} <= assumed
    assert not any(name.startswith("exposure-") for name in assumed)
    assert not {"defenses-size", "defenses-maturity"} & assumed
    # size goes with maturity in the model, so an effect of size alone shows in both
    assert true("exposure-size 0.3") == {"exposure-size", "exposure-maturity", "exposure-public"}


def test_an_answer_that_is_missing_for_a_reason_behind_both_makes_a_relation(design):
    """Selection: if who is asked depends on both answers, those who are left show a relation."""
    hypothesis, model = design.hypotheses["exposure-size"], design.scenarios[NONE].model
    loadings = {name: dict(parents) for name, parents in model.loadings.items()}
    loadings["unsure"] |= {"size": 0.5}
    assert not related(hypothesis, replace(model, loadings=loadings), design.codebook)
    loadings["unsure"] |= {"threat_exposure": 0.5}
    assert related(hypothesis, replace(model, loadings=loadings), design.codebook)


def test_what_the_model_says_is_found_in_many_people(design):
    """One survey of very many: sizes are near zero where there is no relation, and clear where there is."""
    whole = replace(design, people=200_000, sizes=(Size(200_000, 1, 1),))
    (chunk,) = whole.chunks(whole.scenarios[ASSUMED], whole.sizes[0])
    for name, one in simulate(task(whole, chunk)).outcomes.items():
        hypothesis = design.hypotheses[name]
        if not related(hypothesis, design.model, design.codebook):
            assert one.low[0] < 0.005 and abs(one.value[0]) < 0.015, name
        else:
            assert WORDS[one.words[0]] == "effect" and one.value[0] > 0.03, name


# --- what is kept


def rows_of(design: Design, scenario: str, kind: type, workers: int = 1) -> list:
    (rows,) = run(design, [design.scenarios[scenario]], workers)
    return [row for row in rows if isinstance(row, kind)]


def test_counts_of_a_scenario_add_up_to_its_surveys(small):
    for scenario, surveys in ((NONE, 30), (ASSUMED, 30), ("exposure-size 0.3", 20)):
        rows = rows_of(small, scenario, Verdicts)
        assert len(rows) == 2 * len(small.scenarios[scenario].hypotheses)
        for row in rows:
            assert row.effect + row.opposite + row.equivalent + row.inconclusive + row.no_test == surveys
            assert row.covered <= surveys - row.no_test and row.wrong_sign <= row.effect + row.opposite
            assert row.found_squares <= row.found_sum <= row.effect + row.opposite


def test_a_scenario_with_one_effect_has_the_families_of_its_hypotheses_alone(design):
    assert {h.family.id for h in design.scenarios["exposure-size 0.3"].hypotheses.values()} == {"exposure"}
    assert {h.family.id for h in design.scenarios[NONE].hypotheses.values()} == {"exposure", "defenses", "perception"}


def test_false_alarms_keep_the_level_of_their_family(design):
    """Without any effect, an effect is claimed in at most 5% of the surveys of each family (within three errors).

    The same holds for the other side. That the approximations hold the level is what is shown: nothing makes it so.
    """
    many = replace(design, sizes=(Size(139, 2000, 2),))
    rows = rows_of(many, NONE, FalseAlarms)
    assert {row.family: row.without for row in rows} == {"exposure": 5, "defenses": 4, "perception": 7}
    for row in rows:
        error = 3 * np.sqrt(0.05 * 0.95 / row.surveys)
        assert 0.02 < row.effect / row.surveys < 0.05 + error, row
        assert row.opposite / row.surveys < 0.05 + error, row
        assert max(row.effect, row.opposite) <= row.either <= row.effect + row.opposite


def test_true_sizes_have_an_error_and_grow_with_the_loading(small):
    sizes = []
    for loading in ("0.1", "0.3", "0.6"):
        (truth,) = (t for t in rows_of(small, f"exposure-size {loading}", Truth) if t.hypothesis == "exposure-size")
        assert truth.related and 0 < truth.error < 0.2
        sizes.append(truth.value)
    assert sizes[0] < sizes[1] < sizes[2]


def test_a_digest_row_has_one_digest_for_each_chunk(small):
    (row, _) = rows_of(small, NONE, Digests)
    assert len(row.digests.split()) == len(list(small.chunks(small.scenarios[NONE], small.sizes[0])))


def test_all_scenarios_can_be_drawn(design):
    """The grid of loadings fits the model of every effect."""
    for scenario in design.scenarios.values():
        assert isinstance(scenario, Scenario) and min(scenario.model.noise().values()) >= 0


# --- the same bits, whoever computes


def digests(design: Design, workers: int | None = None, wanted: list[Chunk] | None = None) -> list[str]:
    return [one.digest for one in simulated(design, wanted or part(design), workers)]


def part(design: Design) -> list[Chunk]:
    return chunks(design, [design.scenarios[NONE], design.scenarios["defenses-exposure 0.3"]])


def test_any_number_of_workers_gets_the_same(small):
    assert digests(small, 1) == digests(small, 2)


def test_any_order_gets_the_same(small):
    assert digests(small, 1, part(small)[::-1])[::-1] == digests(small, 1)


def test_a_chunk_does_not_depend_on_what_else_is_simulated(small):
    """A scenario more or less, or more surveys, leave the chunks that there were as they are."""
    scenarios = {name: one for name, one in small.scenarios.items() if name in (NONE, "defenses-exposure 0.3")}
    more = replace(small, scenarios=scenarios, sizes=(replace(small.sizes[1], whole=90, single=90),))
    before = {one.chunk: one.digest for one in simulated(small, part(small), 1)}
    after = {one.chunk: one.digest for one in simulated(more, part(more), 1)}
    shared = before.keys() & after.keys()
    assert len(shared) > 2 and all(before[chunk] == after[chunk] for chunk in shared)


def test_chunks_differ_from_each_other(small):
    found = digests(small, 1)
    assert len(set(found)) == len(found) == len(part(small))


def test_a_digest_sees_a_single_verdict_count_or_size(small):
    one = simulate(task(small, part(small)[0]))

    def changed(**parts: np.ndarray) -> Simulated:
        outcomes = dict(one.outcomes)
        outcomes["exposure-size"] = replace(outcomes["exposure-size"], **parts)
        return replace(one, outcomes=outcomes)

    mine = one.outcomes["exposure-size"]
    words, value, pooled = mine.words.copy(), mine.value.copy(), mine.pooled.copy()
    words[0], pooled[0, 0] = (words[0] + 1) % len(WORDS), pooled[0, 0] + 1
    value[np.isfinite(value).argmax()] += 0.01
    assert len({one.digest, *(changed(**{k: v}).digest for k, v in
                              {"words": words, "value": value, "pooled": pooled}.items())}) == 4
    nearly = np.where(np.isnan(mine.value), np.nan, mine.value + 1e-13)  # as another machine may have it
    assert changed(value=nearly).digest == one.digest


@pytest.fixture(scope="module")
def cluster() -> Iterator:
    """A Dask cluster of two processes on this machine, without dashboards."""
    distributed = pytest.importorskip("distributed")
    import dask

    patient = {"distributed.comm.timeouts.connect": "600s", "distributed.comm.timeouts.tcp": "600s"}
    with dask.config.set({"distributed.scheduler.allowed-failures": 10, **patient}), distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None,
        worker_dashboard_address=None,
    ) as local, distributed.Client(local) as client:
        client.wait_for_workers(2)
        yield client


def test_a_cluster_gets_the_same(small, cluster):
    with parallel_config(backend="dask"):
        assert digests(small) == digests(small, 1)


def test_a_cluster_that_loses_a_worker_gets_the_same(small, cluster):
    """One of the two is killed when the first chunk has come back and others are under way."""
    expected, before = digests(small, 1), cluster.run(os.getpid)
    with parallel_config(backend="dask"):
        found = simulated(small, part(small))
        got = [next(found).digest]
        os.kill(min(before.values()), signal.SIGKILL)
        got += [one.digest for one in found]
    assert got == expected
    while len(after := set(cluster.run(os.getpid, on_error="ignore").values())) < 2 or after == set(before.values()):
        cluster.wait_for_workers(2)
