"""The verdicts on all that a study declares, other choices beside them, and what pages can name of both."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest
from project import DATA, ROOT
from scipy.stats import binom

from surveybook.survey.data.codebook import MISSING
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.responses import CANT_SAY
from surveybook.survey.data.simulation import latents
from surveybook.survey.data.simulation.assumptions import read_model
from surveybook.survey.data.study import Study
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.verdicts.plan import row_for
from surveybook.survey.verdicts.record import Judgements, record
from surveybook.survey.verdicts.robustness import Robustness, lowest, robustness
from surveybook.survey.verdicts.test import WORDS
from surveybook.survey.verdicts.verdict import Verdict, judge
from tests.verdicts import answers, hypothesis, judge_codes

SURVEY = DATA / "practitioners"


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(SURVEY)


@pytest.fixture(scope="module")
def verdicts(study) -> dict[str, Verdict]:
    """The verdicts of the survey, with all draws."""
    return judge(study)


@pytest.fixture(scope="module")
def robust(study, verdicts) -> dict[str, Robustness]:
    return {name: robustness(study, verdict) for name, verdict in verdicts.items()}

# --- every real hypothesis


def test_every_declared_hypothesis_gets_a_verdict_in_its_order(study, verdicts):
    assert list(verdicts) == list(study.hypotheses)
    for one in verdicts.values():
        assert one.word in WORDS == ("effect", "opposite", "equivalent", "inconclusive")
        assert one.sentence.endswith(".") and one.sentence[0].isupper() and not one.judged.trouble
        assert one.n + sum(one.counts.missing.values()) == len(study.responses.respondents)
        assert set(one.counts.missing) == set(MISSING)
        assert one.judged.size.interval.low <= one.judged.size.value <= one.judged.size.interval.high
        assert one.judged.size.interval.level == 0.95
        assert one.judged.equivalence.interval.level == pytest.approx(0.95)
        assert one.evidence == "simulated" and "scipy 1" in one.engine
        assert one.published is one.hypothesis.published


def test_a_claim_with_a_direction_is_tested_on_that_side_alone(verdicts):
    for one in verdicts.values():
        assert one.side == {"positive": "greater", "negative": "less", "any": "two-sided"}[one.hypothesis.direction]
        assert one.judged.tested.alternative == one.side


def test_each_p_is_exact_or_drawn_with_an_error_and_its_approximation_is_near(verdicts):
    methods = {one.method.split(",")[0] for one in verdicts.values()}
    assert methods == {"exact", "Monte Carlo"}
    for one in verdicts.values():
        assert 0 < one.p <= 1 and one.judged.approximate.p == pytest.approx(one.p, abs=0.02)
        if one.method != "exact":
            assert one.judged.draws >= 100_000 and 0 < one.judged.tested.standard_error < 0.002


def test_p_values_are_adjusted_within_their_family_and_never_fall(verdicts):
    for name in {one.hypothesis.family.id for one in verdicts.values()}:
        members = sorted((v for v in verdicts.values() if v.hypothesis.family.id == name), key=lambda v: v.p)
        assert {one.declared for one in members} == {len(members)}
        adjusted = [one.p_adjusted for one in members]
        assert adjusted == sorted(adjusted)
        assert adjusted[0] == pytest.approx(min(1, members[0].p * len(members)))
        for one in members:
            rounding = 1 + 1e-12
            assert one.p <= one.p_rate * rounding and one.p_rate <= one.p_adjusted * rounding and one.p_adjusted <= 1


def test_a_record_holds_what_is_needed_to_compute_the_verdict_again(verdicts):
    for name in ("exposure-public", "defenses-exposure"):
        told = json.loads(json.dumps(record(verdicts[name])))
        hypothesis = verdicts[name].hypothesis
        row = row_for(hypothesis.predictor.kind, hypothesis.outcome.kind)
        test = told["test"]
        counts = tuple(map(tuple, told["table"]["counts"]))
        again = row.tested(counts, test["side"], test["draws"] or 1, test["seed"] or 1)
        assert again.p == test["p"] == verdicts[name].p and told["evidence"] == "simulated"


def test_a_record_holds_the_other_choices_too(verdicts, robust):
    for name, one in verdicts.items():
        told = json.loads(json.dumps(record(one, robust[name]), allow_nan=False))
        assert told["choices"][0]["p"] == one.p and len(told["choices"]) == robust[name].choices + 1


def test_real_responses_are_called_real(study):
    document = study.package.document
    flag = replace(document, data=document.data | {"simulated": False})
    real = replace(study, package=replace(study.package, document=flag))
    assert {one.evidence for one in judge(real, 0).values()} == {"real"}


def test_without_effects_a_family_raises_a_false_alarm_no_more_often_than_its_level(study):
    model = read_model(SURVEY, study.responses.codebook, study.hypotheses).scaled(0)
    names = sorted({part for h in study.hypotheses.values() for q in (h.predictor, h.outcome)
                    for part in (q.counting.questions if q.counting else [q.id])})
    seeds, alarms, wrong = 100, dict.fromkeys(("exposure", "defenses", "perception"), 0), 0
    for seed in range(seeds):
        codes = latents.answer(model, study.responses.codebook, latents.draw(model, 139, seed, names))
        found = judge_codes(study.hypotheses, codes, "simulated", draws=0).values()
        for name in {one.hypothesis.family.id for one in found if one.word == "effect"}:
            alarms[name] += 1
        wrong += len({one.hypothesis.family.id for one in found if one.word == "opposite"})
    for name, count in alarms.items():
        assert count <= binom.ppf(0.999, seeds, 0.05), name
    assert wrong <= binom.ppf(0.999, 3 * seeds, 0.05)


# --- other choices


def test_every_hypothesis_is_tried_under_other_choices_and_each_gives_a_result(study, verdicts, robust):
    for name, found in robust.items():
        frame, planned = found.frame, verdicts[name]
        assert list(frame) == ["about", "choice", "measure", "n", "effect", "low", "high", "p", "note"]
        assert frame["choice"].is_unique and frame.loc[0, "choice"] == "as planned"
        assert (frame.loc[0, "p"], frame.loc[0, "n"]) == (planned.p, planned.n)
        assert not frame["note"].any() and found.choices == len(frame) - 1 >= 10
        assert ((frame["low"] <= frame["effect"]) & (frame["effect"] <= frame["high"])).all()
        assert (frame["about"] == "people").sum() == len(study.questions["sector"].answers)
        assert 0 <= found.same_side <= found.choices
        assert (found.same_sign is None) == (name == "exposure-sector")
        smaller = frame.loc[frame["about"] == "people", "n"]
        assert (smaller < planned.n).all()


def test_cant_say_can_be_the_lowest_answer_and_counts_follow(study):
    codes, changed = study.responses.codes, lowest(study.responses.codebook, study.responses.codes)
    unsure = codes["relevance_poisoning"] == CANT_SAY
    assert unsure.any() and (changed["relevance_poisoning"][unsure] == 0).all()
    assert (changed["attacks_relevant"] >= 0).sum() > (codes["attacks_relevant"] >= 0).sum()
    known = codes["attacks_relevant"] >= 0
    assert (changed["attacks_relevant"][known] == codes["attacks_relevant"][known]).all()
    assert (changed["sector"] == codes["sector"]).all()


@pytest.mark.parametrize("direction", ["positive", "negative"])
@pytest.mark.parametrize("kinds", [("yes-no", "yes-no"), ("yes-no", "count"), ("ordered", "yes-no"),
                                   ("ordered", "ordered"), ("count", "ordered")])
def test_all_choices_look_to_the_same_side(study, kinds, direction):
    x, y = answers(kinds, 139, 0.75, 6)
    codes = {name: study.responses.codes[name] for name in ("size", "sector")} | {"x": x, "y": y}
    codebook = {name: study.responses.codebook[name] for name in ("size", "sector")}
    claim = hypothesis(kinds, direction, levels=3)
    declared = {"claim": replace(claim, leave_out=codebook["sector"], hold_equal=codebook["size"])}
    codebook |= {"x": declared["claim"].predictor, "y": declared["claim"].outcome}
    made_up = replace(study, hypotheses=declared,
                      responses=replace(study.responses, codes=codes, codebook=codebook))
    found = robustness(made_up, judge(made_up, 2_000)["claim"])
    assert not found.frame["note"].any() and found.same_sign == found.same_side == found.choices
    assert (found.frame["p"] < 0.05).all() == (direction == "positive")
    assert (found.frame["p"] > 0.95).all() == (direction == "negative")
    assert {"test", "missing", "people", "regression"} - {"missing"} <= set(found.frame["about"])


# --- in the findings


def test_a_page_can_name_every_part_of_a_verdict_and_the_label_goes_with_it(study, verdicts):
    tree = Findings(study, ROOT).hypotheses
    assert tree.count == str(len(verdicts))
    for name, one in verdicts.items():
        node = getattr(tree, name.replace("-", "_"))
        assert (node.verdict, node.sentence, node.n) == (one.word, one.sentence, str(one.n))
        assert node.p.startswith("p ") and " to " in node.interval and node.p_adjusted.startswith("p ")
    part = tree.exposure_size.robust
    assert part.agree.endswith(f"of {part.choices}")
    for finding in (tree.exposure_size.p, part.sentence, tree.words.effect):
        assert "{.finding .simulated " in finding._repr_markdown_()


def test_what_is_kept_is_what_was_computed_and_is_not_computed_again(study, verdicts, robust, tmp_path, monkeypatch):
    names = [name for name, one in verdicts.items() if one.hypothesis.family.id == "exposure"]
    for repeated in (False, True):
        if repeated:
            monkeypatch.setattr("surveybook.survey.verdicts.record.judge_tables", None)
            monkeypatch.setattr("surveybook.survey.verdicts.record.robustness", None)
        judgements = Judgements(study, tmp_path)
        assert {one.hypothesis.id: one for one in judgements.of("exposure")} == {name: verdicts[name] for name in names}
        for name in names:
            found, expected = judgements.robustness(name), robust[name]
            pd.testing.assert_frame_equal(found.frame, expected.frame)
            assert replace(found, frame=None) == replace(expected, frame=None)


def test_other_answers_or_declarations_are_judged_anew(study, tmp_path):
    def kept(study: Study) -> list[float | None]:
        return [one.p for one in Judgements(study, tmp_path).of("exposure")]

    name = study.hypotheses["exposure-size"].outcome.id
    codes = {**study.responses.codes, name: study.responses.codes[name][::-1].copy()}
    other = replace(study, responses=replace(study.responses, codes=codes))
    level = replace(study.hypotheses["exposure-size"].family, level=0.01)
    stricter = replace(study, hypotheses={
        name: replace(one, family=level) for name, one in study.hypotheses.items() if one.family.id == "exposure"
    })
    assert kept(study) != kept(other) and kept(study) == kept(stricter)
    assert len(list((tmp_path / ".cache" / "store" / "verdicts").iterdir())) == 3


def test_nothing_is_judged_before_a_page_asks(study, monkeypatch):
    asked = []
    monkeypatch.setattr("surveybook.survey.verdicts.record.judge",
                        lambda study, family, judging: asked.append(family) or judge(study, 0, 1, family))
    found = Findings(study)
    assert found.size.asked == "139" and found.hypotheses.count == "16" and found.families.exposure.count == "5"
    assert asked == []
    assert found.hypotheses.exposure_size.verdict and found.families.exposure.verdicts.sentence
    assert asked == ["exposure"]
