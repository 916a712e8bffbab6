"""Who says that a question does not apply is told from others, in the base of no share, and counted."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from project import ROOT
from taken import taken_in, write

from surveybook.survey.data.codebook import read_codebook
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.package import read_descriptor
from surveybook.survey.data.responses import CODES
from surveybook.survey.data.simulation.assumptions import read_model
from surveybook.survey.data.simulation.latents import answer, draw
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.sensitivity import readings
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.intake.kinds import decide
from surveybook.survey.intake.silence import find_words
from surveybook.survey.show import figures, tables

HEADER = "Do your children like the library?,How often do you borrow a bicycle?,Where do you live?"
# 30 yes, 20 no, 12 to whom it does not apply, 8 who left it empty
ROWS = [f"{answer},{('Never', 'Sometimes', 'Often', 'Does not apply')[n % 4]},{('North', 'South')[n % 2]}"
        for n, answer in enumerate(["Yes"] * 30 + ["No"] * 20 + ["N/A"] * 12 + [""] * 8)]


@pytest.fixture
def study(report):
    return taken_in(report, write(report, "\n".join([HEADER, *ROWS, ""])))[0]


# --- which words


@pytest.mark.parametrize("word", [
    "Not applicable", "Does not apply.", "Doesn’t apply to me", "Nicht zutreffend", "Entfällt",
    "Trifft nicht zu auf mich", "Sans objet", "Ne s'applique pas", "No aplica", "Niet van toepassing",
    "Not applicable - I have no children", "N/A (no children)", "I have no children (N/A)",
    "Not applicable, as I live alone",
])
def test_that_a_question_does_not_apply_is_known_in_many_words(word):
    assert find_words(["Yes", "No", word]) == {word: "not-applicable"}


def test_na_is_an_answer_where_a_file_has_empty_cells_too(report):
    assert find_words(["Yes", "No", "N/A"]) == {"N/A": ""}
    assert find_words(["Yes", "No", "N/A"], apart=True) == {"N/A": "not-applicable"}
    assert find_words(["1", "2", "9"], {"1": "Yes", "2": "No", "9": "N/A"}) == {"9": "not-applicable"}
    full, _ = taken_in(report, write(report, "\n".join([HEADER, *(row for row in ROWS if row[0] != ","), ""])))
    assert dict(full.responses.distribution("children_like_library").missing) == {"skipped": 12}


def test_what_a_tool_writes_where_a_question_was_not_shown_says_nothing_of_a_person(report):
    path = ROOT / "tests" / "exports" / "limesurvey.csv"
    assert "N/A" in path.read_text("utf-8-sig")
    assert not any("not-applicable" in one.missing for one in taken_in(report, path)[0].questions.values())


@pytest.mark.parametrize("scale", [
    ("Applies fully", "Applies in part", "Does not apply"), ("Trifft zu", "Trifft eher zu", "Nicht zutreffend"),
    ("Applied to me very much", "Applied to me to some degree", "Did not apply to me at all"),
])
def test_that_something_does_not_apply_is_an_answer_beside_others_that_say_it_does(scale):
    assert find_words(scale) == {}


@pytest.mark.parametrize("word", ["Unfamiliar (N/A)", "Don't know", "No opinion", "I have no view (don't know)"])
def test_not_to_know_is_another_thing(word):
    assert find_words(["Yes", "No", word]) == {word: "cant-say"}


def test_the_guess_says_which_words_were_taken_as_what():
    found = decide(Counter({"Yes": 9, "No": 8, "Not applicable": 3, "Don't know": 2}), "Do you ride?", {})
    assert found.kind == "yes-no" and found.missing == {"Not applicable": "not-applicable", "Don't know": "cant-say"}
    assert [one.words for one in found.guesses if one.about == "missing"] == [
        "“Not applicable” taken as to whom it did not apply", "“Don't know” taken as no answer"]


# --- in no share, and counted


def test_they_are_in_the_base_of_no_share_and_lack_no_answer(study):
    told = study.questions["children_like_library"].distribution
    assert (told.asked, told.answered, dict(told.missing)) == (70, 50, {"skipped": 8, "not-applicable": 12})
    assert (told.silent, told.applied) == (8, 58)
    # > prop.test(30, 50, correct = FALSE)$conf.int
    share = told.shares["yes"]
    assert (share.interval.low, share.interval.high) == pytest.approx((0.4618143775, 0.7239161027), abs=1e-9)
    # whoever skipped it could have said yes or no; to whom it does not apply could not
    assert [(one.share.count, one.share.base) for one in readings(told, "yes")] == [(30, 50), (30, 58), (38, 58)]
    assert Findings(study).children_like_library.missing == "8"
    assert study.responses.distribution("borrow_bicycle").missing["not-applicable"] == 17


def test_captions_and_tables_say_to_how_many_it_did_not_apply(study):
    found = Findings(study)
    note = figures.shares(found, "children_like_library").note
    assert "Base: 70 respondents asked, 50 answered, skipped 8, 12 to whom it did not apply." in note
    crossed = tables.crossed(found, "children_like_library", by="borrow_bicycle").note
    assert "left out: skipped 6, 25 to whom it did not apply." in crossed or "withheld" in crossed
    table = tables.missing(found)
    assert [column.title for column in table.columns] == [
        "Question", "Asked", "Did not apply", "Answered", "Skipped", "No answer, of those to whom it applied"]
    assert table.rows[0][1:] == ["70", "12", "50", "8", "14%"] and table.rows[2][2] == "–"
    assert "Did not apply: asked, but it did not apply to them" in tables.codebook(found).rows[0][-1]


# --- what may be known


def descriptor(study) -> Path:
    return study.package.folder / "datapackage.yaml"


def test_that_a_question_does_not_apply_is_as_telling_as_an_answer(report):
    rows = [row for n, row in enumerate(ROWS) if not row.startswith("N/A") or n % 6 == 0]
    made, _ = taken_in(report, write(report, "\n".join([HEADER, *rows, ""])))
    told = made.questions["children_like_library"].distribution
    assert made.disclosure.nonresponse == ("not-applicable",)
    assert made.responses.distribution("children_like_library").missing["not-applicable"] == 2
    assert told.missing["not-applicable"] != told.missing["not-applicable"]  # not a number
    note = figures.shares(Findings(made), "children_like_library").note
    assert "how many it did not apply to withheld" in note and Findings(made).missing.complete.of == "withheld"


def test_a_model_says_how_often_a_question_does_not_apply(tmp_path):
    folder = tmp_path / "readers"
    shutil.copytree(ROOT / "surveybook" / "skeleton" / "report" / "data" / "readers", folder)
    path, model = folder / "datapackage.yaml", folder / "simulation.yaml"
    path.write_text(path.read_text("utf-8").replace("{value: cant-say,", "{value: not-applicable,"), "utf-8")
    codebook, claims = read_codebook(read_descriptor(folder)), ["hours-age", "visits-ebooks"]
    name = next(one.id for one in codebook.values() if "not-applicable" in one.missing)
    with pytest.raises(DataError, match="has the missing code “not-applicable”; say how often it is given"):
        read_model(folder, codebook, claims)
    rate = "missing:\n  not-applicable: {rate: 0.2, reason: Some of them never come in.}\n"
    model.write_text(model.read_text("utf-8").replace("\nmissing:\n", f"\n{rate}"), "utf-8")
    drawn = read_model(folder, codebook, claims)
    codes = answer(drawn, codebook, draw(drawn, 4000, 1))
    share = (codes[name] == CODES["not-applicable"]).mean()
    assert share == pytest.approx(0.2, abs=4 * (0.2 * 0.8 / 4000) ** 0.5)


def test_a_loader_takes_no_other_word_for_it(study):
    path = descriptor(study)
    path.write_text(path.read_text("utf-8").replace("{value: not-applicable", "{value: na"), "utf-8")
    with pytest.raises(DataError, match="not-applicable"):
        read_study(study.package.folder)
