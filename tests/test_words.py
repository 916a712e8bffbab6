"""Numbers become text in one place, and every finding carries its own name into the page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import analysis
from analysis import interviews, text
from analysis.errors import DataError
from analysis.findings import Names
from analysis.share import Share

PERCENT = [(22 / 25, "88%"), (1 / 8, "13%"), (0.0, "0%"), (1.0, "100%"), (0.004, "under 1%"), (0.996, "over 99%"),
           (0.005, "1%"), (0.994, "99%")]


@pytest.mark.parametrize(("fraction", "words"), PERCENT)
def test_percent_rounds_halves_up_and_never_hides_that_something_is_there(fraction, words):
    assert text.percent(fraction) == words


P_VALUES = [(0.1358, "p = 0.14"), (0.0344, "p = 0.034"), (0.0994, "p = 0.099"), (0.09951, "p = 0.10"),
            (0.0009, "p < 0.001"), (0.001, "p = 0.001"), (1.0, "p = 1.00"), (0.0, "p < 0.001")]


@pytest.mark.parametrize(("p", "words"), P_VALUES)
def test_a_p_value_is_never_written_as_nothing(p, words):
    assert text.p_value(p) == words


def test_a_share_in_full():
    assert text.full(Share(22, 25)) == "22 of 25 (88%, 95% interval 70% to 96%)"


def test_signs_lists_and_labels():
    assert [text.signed(n) for n in (2, 0, -3)] == ["+2", "0", "−3"]
    assert [text.listing(list(w), "or") for w in ("a", "ab", "abc")] == ["a", "a or b", "a, b or c"]
    assert [text.lower(w) for w in ("Model stealing", "ML frameworks", "")] == ["model stealing", "ML frameworks", ""]


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
    with pytest.raises(ImportError, match="no module and data/ no study called|cannot import name"):
        from analysis import interview  # noqa: F401


@pytest.mark.parametrize("name", ["class", "2nd", "a b"])
def test_an_id_that_cannot_be_a_name_is_refused(name):
    with pytest.raises(DataError, match=f"study: “{name}” cannot name a finding"):
        Names({name: "1"}, "study")


def test_two_ids_with_one_name_are_refused():
    with pytest.raises(DataError, match="“a-b” cannot name a finding"):
        Names({"a_b": "1", "a-b": "2"}, "study")
