"""What tests of the survey share: a report without a study, and the simulated study with the model that draws it."""

from __future__ import annotations

from pathlib import Path

import pytest
from project import DATA
from taken import make_report

from surveybook.survey.data.loader import read_study
from surveybook.survey.data.simulation.assumptions import Model, read_model
from surveybook.survey.data.study import Study

SURVEY = DATA / "practitioners"


@pytest.fixture
def report(tmp_path) -> Path:
    """A report without a study."""
    return make_report(tmp_path / "report")


@pytest.fixture(scope="session")
def study() -> Study:
    """The simulated study of this report."""
    return read_study(SURVEY)


@pytest.fixture(scope="session")
def model(study) -> Model:
    """What draws it."""
    return read_model(SURVEY, study.responses.codebook, study.hypotheses)
