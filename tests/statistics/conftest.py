"""What tests of the design analysis share."""

from __future__ import annotations

import pytest
from project import DATA

from surveybook.survey.design.scenarios import Design, read_design


@pytest.fixture(scope="session")
def design() -> Design:
    """That of the simulated study of this report."""
    return read_design(DATA / "practitioners")
