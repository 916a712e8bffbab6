"""The rule for small counts: which others it withholds beside them, and how a study declares it."""

from __future__ import annotations

import re
import shutil

import pytest
import yaml
from project import DATA

from surveybook.survey.data.crossing import crossed
from surveybook.survey.data.disclosure import DisclosedCounts, Disclosure
from surveybook.survey.data.loader import read_study
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.suppression import Cells, bounds, withheld

K = 5


# --- the choice of what is withheld


def test_the_second_smallest_count_hides_the_smallest():
    cells = Cells({"n": 60, "a": 3, "b": 9, "c": 48}, [{"n": 1, "a": -1, "b": -1, "c": -1}], public={"n"})
    assert withheld(cells, K) == {"a", "b"}
    assert bounds("a", cells, {"a", "b"}) == (0, 12)


def test_two_small_counts_whose_sum_is_small_need_a_third():
    cells = Cells({"n": 60, "a": 1, "b": 1, "c": 8, "d": 50}, [{"n": 1, "a": -1, "b": -1, "c": -1, "d": -1}],
                  public={"n"})
    assert withheld(cells, K) == {"a", "b", "c"}


def test_what_cannot_be_hidden_is_no_reason_to_refuse():
    """Three of three people: whatever is withheld, it is known of them all."""
    assert withheld(Cells({"n": 3, "a": 3}, [{"n": 1, "a": -1}], public={"n"}), K) == {"a"}


def test_without_a_rule_nothing_is_withheld():
    study = read_study(DATA / "practitioners")
    shown = DisclosedCounts(study.responses, Disclosure(None, (), "nobody is behind a row"))
    for name in study.questions:
        assert shown.distribution(name) == study.responses.distribution(name)
    one = study.hypotheses["exposure-size"]
    assert shown.crossed(one.predictor, one.outcome) == crossed(one.predictor, one.outcome, study.responses.codes)


# --- what a study must declare


@pytest.mark.parametrize(("old", "new", "message"), [
    (r"(?m)^disclosure:\n(  .*\n)+", "", "“disclosure” is missing"),
    ("minimum_cell: none", "minimum_cell: few", "must be none or a number from 2 to 100, not “few”"),
    ("minimum_cell: none", "minimum_cell: 1", "must be none or a number from 2 to 100, not “1”"),
    (r"quasi_identifiers: \[size", "quasi_identifiers: [sise", "no question"),
])
def test_the_rule_is_checked(tmp_path, old, new, message):
    folder = shutil.copytree(DATA / "practitioners", tmp_path / "practitioners")
    path = folder / "datapackage.yaml"
    path.write_text(re.sub(old, new, path.read_text("utf-8")), "utf-8")
    with pytest.raises(DataError, match=re.escape(message)):
        read_study(folder)


def test_published_counts_cannot_be_withheld(tmp_path):
    folder = shutil.copytree(DATA / "interviews", tmp_path / "interviews")
    path = folder / "datapackage.yaml"
    path.write_text(path.read_text("utf-8").replace("minimum_cell: none", "minimum_cell: 5"), "utf-8")
    with pytest.raises(DataError, match="counts that are published cannot be withheld"):
        read_study(folder)


def test_every_study_of_the_report_says_what_it_does_with_small_counts():
    for path in DATA.glob("*/datapackage.yaml"):
        rule = yaml.safe_load(path.read_text("utf-8"))["disclosure"]
        assert rule["minimum_cell"] and len(rule["reason"].split()) > 5
