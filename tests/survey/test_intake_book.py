"""What was imported is a report at once: its chapters are built, and no check finds a fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from taken import EXPORTS, SHOWN, make_report

from surveybook.publish.check import check_pages
from surveybook.publish.site.page import read_pages
from surveybook.survey.intake.command import import_study

STUDIES = {"museum": "qualtrics.csv", "farms": "kobo.csv"}  # that of LimeSurvey is in tests/book/test_tutorial.py


@pytest.fixture(scope="module")
def site(build, tmp_path_factory) -> Path:
    """A report with two studies, as they were imported."""
    report = make_report(tmp_path_factory.mktemp("imported") / "report")
    for name, file in STUDIES.items():
        list(import_study(report, EXPORTS / file, name, f"The {name} of 2014"))
    return build(report)


def test_no_check_finds_a_fault(site):
    assert [str(one) for one in check_pages(read_pages(site), site)] == []


@pytest.mark.parametrize("name", STUDIES)
def test_sample_answers_hypotheses_limits_and_codebook_are_pages_with_what_they_promise(site, name):
    for part, shown in SHOWN.items():
        page = (site / "chapters" / f"{name}{part}.html").read_text(encoding="utf-8")
        assert shown in page and f"The {name} of twenty fourteen" in page


def test_nothing_of_a_single_person_is_in_the_site(site):
    for path in site.rglob("*"):
        if path.suffix in (".html", ".json", ".csv", ".txt", ".md", ".yaml"):
            text = path.read_text(encoding="utf-8", errors="replace")
            for telling in ("my cousin", "10.0.1", "aaaa-4bbb", "respondent-0001"):
                assert telling not in text, f"{path} holds “{telling}”"
