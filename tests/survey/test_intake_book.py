"""What was imported is a report at once: its chapters are built, and no check finds a fault."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from project import ROOT, SMALL

from surveybook.publish.check import check_pages
from surveybook.publish.site.page import read_pages
from surveybook.survey.intake.command import import_study

EXPORTS = {"bicycles": "limesurvey.csv", "museum": "qualtrics.csv", "farms": "kobo.csv"}
SHOWN = {"": "of the respondents answered", "-answers": "report-figure", "-hypotheses": "report-table",
         "-limits": "report-table", "-codebook": "report-table"}


@pytest.fixture(scope="module")
def site(build, tmp_path_factory) -> Path:
    """A report with three studies, as they were imported."""
    report = tmp_path_factory.mktemp("imported") / "report"
    shutil.copytree(SMALL, report, ignore=shutil.ignore_patterns(".cache", "__pycache__", "data", "chapters"))
    settings = report / "_quarto.yml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    settings.write_text("".join(line for line in lines if "chapters/" not in line), encoding="utf-8")
    (report / "index.qmd").write_text("# Front {#sec-front .unnumbered}\n\nA report.\n", encoding="utf-8")
    for name, file in EXPORTS.items():
        list(import_study(report, ROOT / "tests" / "exports" / file, name, f"The {name} of 2014"))
    return build(report)


def test_no_check_finds_a_fault(site):
    assert [str(one) for one in check_pages(read_pages(site), site)] == []


@pytest.mark.parametrize("name", EXPORTS)
def test_sample_answers_hypotheses_limits_and_codebook_are_pages_with_what_they_promise(site, name):
    for part, shown in SHOWN.items():
        page = (site / "chapters" / f"{name}{part}.html").read_text(encoding="utf-8")
        assert shown in page and f"The {name} of twenty fourteen" in page


def test_nothing_of_a_single_person_is_in_the_site(site):
    for path in site.rglob("*"):
        if path.suffix in (".html", ".json", ".csv", ".txt", ".md", ".yaml"):
            text = path.read_text(encoding="utf-8", errors="replace")
            for telling in ("in street", "said colleague", "my cousin", "10.0.1", "aaaa-4bbb", "respondent-0001"):
                assert telling not in text, f"{path} holds “{telling}”"
