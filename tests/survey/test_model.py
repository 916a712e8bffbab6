"""The model of a simulated survey, and the responses that are drawn from it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from project import DATA, ROOT
from scipy.stats import kendalltau, norm
from spoiled import spoil

from surveybook.survey.data.loader import read_study
from surveybook.survey.data.simulation import latents, simulate
from surveybook.survey.data.simulation.assumptions import Model
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError

SURVEY = DATA / "practitioners"


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the survey that a test may spoil."""
    return Path(shutil.copytree(SURVEY, tmp_path / "practitioners"))


def test_the_responses_are_the_bytes_that_the_model_gives():
    assert simulate.simulated(SURVEY).encode() == (SURVEY / "responses.csv").read_bytes()


def test_another_process_with_other_hashes_draws_the_same_bytes():
    code = ("import hashlib; from pathlib import Path; from surveybook.survey.data.simulation import simulate; "
            "print(hashlib.sha256(simulate.simulated(Path('data/practitioners')).encode()).hexdigest())")
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
                         env={"PYTHONHASHSEED": "7", "PATH": "", "OMP_NUM_THREADS": "1"})
    sealed = yaml.safe_load((SURVEY / "datapackage.yaml").read_text(encoding="utf-8"))["resources"][0]["hash"]
    assert ran.stdout.strip() == sealed.removeprefix("sha256:")


def test_another_seed_draws_others():
    assert simulate.simulated(SURVEY, seed=1) != simulate.simulated(SURVEY, seed=2) != simulate.simulated(SURVEY)


def test_drawn_responses_are_read_without_complaint_for_any_seed_and_number(copy):
    for n, seed in ((1, 3), (28, 4), (1000, 5)):
        text = (copy / "simulation.yaml").read_text(encoding="utf-8")
        text = re.sub(r"(?m)^respondents: .*", f"respondents: {n}", re.sub(r"(?m)^seed: .*", f"seed: {seed}", text))
        (copy / "simulation.yaml").write_text(text, encoding="utf-8")
        simulate.simulate(copy)
        assert len(read_study(copy).responses.respondents) == n


def test_what_is_read_is_what_was_drawn(study, model):
    codebook = study.responses.codebook
    drawn = latents.answer(model, codebook, latents.draw(model, 139, model.seed))
    assert list(drawn) == list(study.responses.codes)
    for name, code in drawn.items():
        assert (code == study.responses.codes[name]).all(), name


@pytest.fixture(scope="module")
def many(model) -> dict[str, np.ndarray]:
    return latents.draw(model, 40_000, 1)


def test_every_latent_is_standard_normal_and_the_answers_have_the_assumed_margins(study, model, many):
    for name, latent in many.items():
        assert abs(latent.mean()) < 0.025 and abs(latent.std() - 1) < 0.02, name
    codes = latents.answer(model, study.responses.codebook, many)
    for name, margin in model.margins.items():
        given = codes[name][codes[name] >= 0]
        values = list(range(len(margin))) if study.questions[name].kind != "count" else [int(n) for n in margin]
        shares = [(given == value).mean() for value in values]
        assert np.allclose(shares, list(margin.values()), atol=0.015), name


def test_loadings_are_correlations_where_nothing_else_leads_there(many):
    def correlation(one: str, other: str) -> float:
        return float(np.corrcoef(many[one], many[other])[0, 1])

    assert correlation("threat_exposure", "incident_evasion") == pytest.approx(0.7, abs=0.02)
    assert correlation("size", "maturity") == pytest.approx(0.25, abs=0.02)
    assert correlation("threat_exposure", "defending") == pytest.approx(0.45, abs=0.02)
    assert correlation("size", "threat_exposure") == pytest.approx(0, abs=0.02)


def taus(study: Study, model: Model, n: int = 40_000) -> dict[str, float]:
    codes = latents.answer(model, study.responses.codebook, latents.draw(model, n, 2))
    found = {}
    for name, hypothesis in study.hypotheses.items():
        x, y = codes[hypothesis.predictor.id], codes[hypothesis.outcome.id]
        both = (x >= 0) & (y >= 0)
        found[name] = kendalltau(x[both], y[both]).statistic
    return found


def test_the_effects_are_in_the_model_where_they_are_published_and_nowhere_else(study, model):
    found = taus(study, model)
    published = {name for name, h in study.hypotheses.items() if h.published and h.published.outcome == "supported"}
    correlated = {"perception-training", "perception-security", "perception-years"}  # by way of the knowledge
    for name, tau in found.items():
        if name in published:
            assert tau > 0.15, name
        elif name not in correlated:
            assert abs(tau) < 0.02, name


def test_effects_can_be_switched_off_all_at_once_or_set_one_by_one(study, model):
    assert all(abs(tau) < 0.02 for tau in taus(study, model.scaled(0)).values())
    one = taus(study, model.scaled(0).with_effects({("size", "threat_exposure"): 0.6}))
    assert one["exposure-size"] > 0.15
    assert all(abs(tau) < 0.02 for name, tau in one.items() if name not in ("exposure-size", "exposure-maturity"))
    with pytest.raises(DataError, match="no effect of “size” on “perception”; declare it in simulation.yaml"):
        model.with_effects({("size", "perception"): 0.1})


def test_a_part_of_the_questions_is_drawn_as_among_all(study, model):
    wanted = ["size", "incident_evasion", "incident_poisoning", "incident_data_leak", "incident_model_copy",
              "incident_supply_chain", "defenses"]
    part = latents.draw(model, 50, 9, wanted)
    whole = latents.draw(model, 50, 9)
    assert len(part) < len(whole) / 2
    assert all((part[name] == whole[name]).all() for name in part)
    codes = latents.answer(model, study.responses.codebook, part)
    assert set(codes) == {*wanted, "exposure", "defenses_count"}


def test_the_thresholds_are_those_of_the_normal_distribution():
    assert latents._threshold(0.975) == pytest.approx(norm.ppf(0.975), abs=1e-8)


def test_real_responses_are_never_replaced_by_drawn_ones(copy):
    line = spoil(copy / "datapackage.yaml", "simulated: true", "simulated: false")
    before = (copy / "responses.csv").read_bytes()
    with pytest.raises(DataError, match=f"datapackage.yaml:{line}: simulated: real responses are not replaced"):
        simulate.simulate(copy)
    assert (copy / "responses.csv").read_bytes() == before


def test_drawing_again_changes_nothing(copy):
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    assert simulate.simulate(copy) == "practitioners: 139 respondents drawn; nothing changed"
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before
