"""Numbers become text in one place, and every finding carries its own name into the page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis
from analysis import interviews
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.distribution import Distribution
from surveybook.survey.estimates.share import Share
from surveybook.survey.evidence.questions import _sum, question
from surveybook.survey.words import text
from surveybook.survey.words.names import Names, joined

PERCENT = [(22 / 25, "88%"), (1 / 8, "13%"), (57 / 200, "29%"), (23 / 40, "58%"),
           (0.0, "0%"), (1.0, "100%"), (0.004, "under 1%"), (0.996, "over 99%"),
           (0.005, "1%"), (0.994, "99%")]


@pytest.mark.parametrize(("fraction", "words"), PERCENT)
def test_percent_rounds_halves_up_and_never_hides_that_something_is_there(fraction, words):
    assert text.percent(fraction) == words


P_VALUES = [(0.1358, "p = 0.14"), (0.0344, "p = 0.034"), (0.0994, "p = 0.099"), (0.09951, "p = 0.10"),
            (0.0499, "p = 0.0499"), (0.0501, "p = 0.0501"),
            (0.0009, "p < 0.001"), (0.001, "p = 0.001"), (0.05, "p = 0.050"), (1.0, "p > 0.99"), (0.0, "p < 0.001")]


@pytest.mark.parametrize(("p", "words"), P_VALUES)
def test_a_p_value_is_never_written_as_nothing(p, words):
    assert text.p_value(p) == words


def test_a_share_in_full():
    assert text.full(Share(22, 25)) == "22 of 25 (88%, 95% interval 70% to 96%)"


def test_signs_lists_and_labels():
    assert [text.signed(n) for n in (2, 0, -3)] == ["+2", "0", "−3"]
    assert [text.listing(list(w), "or") for w in ("a", "ab", "abc")] == ["a", "a or b", "a, b or c"]
    labels = {"Model stealing": "model stealing", "ML frameworks": "ML frameworks", "United States": "United States"}
    assert {label: text.lower(label) for label in labels} == labels


@given(st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1))
def test_no_character_of_a_finding_is_taken_for_markup(words):
    shown = text.Text(words, "study.name")._repr_markdown_()
    inner = shown.removeprefix("[").removesuffix("]{.finding data-from=\"study.name\"}")
    assert not set(inner) & set("\\`*_{}[]<>|$@^~")


# --- names


def test_a_finding_knows_its_name():
    assert interviews.secures.no.of == "22 of 25"
    assert interviews.secures.no.of.source == "interviews.secures.no.of"
    assert interviews.attack.model_stealing.label == "model stealing"


def test_every_finding_has_words_and_is_found_under_its_own_name():
    findings = list(interviews.walk())
    assert len(findings) > 300
    for finding in findings:
        assert finding.strip()
        node = analysis
        for part in finding.source.split("."):
            node = getattr(node, part)
        assert node is finding


def test_an_unknown_finding_names_the_nearest():
    with pytest.raises(AttributeError, match="interviews.size has no finding “larg”; did you mean “large”"):
        _ = interviews.size.larg


def test_an_unknown_study_is_no_part_of_the_analysis():
    with pytest.raises(ImportError, match="cannot import name"):
        from analysis import questionnaires  # noqa: F401
    with pytest.raises(AttributeError, match="there is no module and data/ has no study called “questionnaires”"):
        _ = analysis.questionnaires


@pytest.mark.parametrize("name", ["class", "2nd", "a b"])
def test_an_id_that_cannot_be_a_name_is_refused(name):
    with pytest.raises(DataError, match=f"study: “{name}” cannot name a finding"):
        Names({name: "1"}, "study")


def test_two_ids_with_one_name_are_refused():
    with pytest.raises(DataError, match="“a-b” cannot name a finding"):
        Names({"a_b": "1", "a-b": "2"}, "study")


def test_an_answer_cannot_take_the_name_of_another_finding():
    with pytest.raises(DataError, match="study.size: “top” already names another finding; choose another id"):
        joined("study.size", {"top": "1"}, {"top": "2"})


def test_answers_that_are_equally_frequent_are_named_together():
    tied = replace(interviews.study.question("attack"), distribution=Distribution(
        {"poisoning": 10, "model-stealing": 10, "backdoor": 9}, {}, 29))
    found = Names(question(tied, interviews.study), "x")
    assert (found.top.label, found.top.of) == ("poisoning and model stealing", "10 of 29")
    assert found.second.label == "backdoored machine learning"


def test_what_was_picked_once_has_no_test_but_has_words():
    once = Distribution({"poisoning": 3, "backdoor": 0}, {}, 3)
    lone = replace(interviews.study.question("attack"), distribution=once)
    found = Names(question(lone, interviews.study), "x")
    assert found.equal_picked.verdict == "cannot be compared, as fewer than two answers were given"


@pytest.mark.parametrize(("asked", "words"), [
    (13, "The rows of the table add up to the 13 organizations asked."),
    (12, "The rows of the table add to 13, 1 more than the 12 organizations asked."),
    (15, "The rows of the table add to 13, 2 fewer than the 15 organizations asked."),
])
def test_whether_the_rows_add_up_is_a_sentence(asked, words):
    sized = replace(interviews.study.question("attack"), distribution=Distribution(
        {"poisoning": 10, "backdoor": 2}, {"abstained": 1}, asked))
    assert _sum(sized) == words


def test_the_test_of_the_picked_attacks_is_bounded_by_the_corrections():
    # R 4.2.2, all tables enumerated (see test_estimates.py): 9,6,4,4,3,2 -> 0.2517; 10,6,4,4,3,1 -> 0.0729
    assert interviews.attack.equal_picked.corrected == (
        "With any one count corrected so that the rows add up, the result lies between p = 0.073 and p = 0.25."
    )
