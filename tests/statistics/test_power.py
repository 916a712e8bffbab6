"""What is told of the design analysis follows from its counts, and is true of surveys that are simulated anew."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis import figures, practitioners, tables
from surveybook.survey.design.power import Detectable, Point, Power
from surveybook.survey.design.run import run
from surveybook.survey.design.scenarios import ASSUMED, NONE, Size
from surveybook.survey.design.summary import Truth, Verdicts
from surveybook.survey.evidence.design import power_of, size_words
from surveybook.survey.words.text import SIMULATED

SHOWN = [tables.detectable, tables.nothing, tables.exaggeration, tables.coverage, tables.alarms, tables.power,
         tables.how_many, figures.alarms, figures.power]


@pytest.fixture(scope="module")
def power() -> Power:
    return power_of(practitioners.study)


def point(value: float = 0.2, error: float = 0.0, **counts: float) -> Point:
    """A made-up point of 100 surveys."""
    zero = dict.fromkeys(("effect", "opposite", "equivalent", "inconclusive", "no_test", "covered", "wrong_sign",
                          "found_sum", "found_squares"), 0)
    told = zero | counts
    told["inconclusive"] = 100 - told["effect"] - told["opposite"] - told["equivalent"] - told["no_test"]
    return Point(Truth("s", "h", True, value, error, 1000), Verdicts("s", 139, "h", **told), 0.3)


# --- rates


def test_rates_are_shares_of_the_surveys_they_are_about():
    one = point(effect=40, opposite=10, no_test=20, covered=76, wrong_sign=10)
    assert (one.surveys, one.found) == (100, 50)
    assert (one.share("effect").count, one.share("effect").base) == (40, 100)
    assert (one.coverage.count, one.coverage.base) == (76, 80)  # of those that had an interval
    assert (one.wrong_sign.count, one.wrong_sign.base) == (10, 50)  # of those that found something


def test_nothing_found_has_neither_sign_nor_exaggeration():
    assert point().wrong_sign is None and point().exaggeration is None
    assert point(no_test=100).coverage is None


def test_exaggeration_is_the_mean_found_size_over_the_true_one_with_its_error():
    # R: x <- c(.3, .4, .5); c(mean(x) / .2, sd(x) / sqrt(3) / .2)   2.0000000 0.2886751
    sizes = (0.3, 0.4, 0.5)
    one = point(effect=3, found_sum=sum(sizes), found_squares=sum(size**2 for size in sizes))
    assert one.exaggeration == pytest.approx((2.0, 0.2886751), abs=1e-6)
    less_sure = replace(one, truth=replace(one.truth, error=0.05)).exaggeration
    assert less_sure[0] == one.exaggeration[0] and less_sure[1] > one.exaggeration[1]


# --- the smallest size that is found


@pytest.mark.parametrize("name", ["exposure-size", "perception-training"])
def test_a_size_that_is_said_to_be_found_four_times_in_five_is(power, name):
    """Surveys simulated anew, with the loading between those of the grid, and another seed."""
    found, design = power.detectable(name), power.stored.design
    near = next(one for one in design.scenarios.values() if one.effect and name in one.effect.hypotheses)
    pair = (near.effect.source, near.effect.to)
    between = replace(near, model=near.model.with_effects({pair: found.loading}))
    fresh = replace(design, seed=1, sizes=(Size(power.respondents, 2, 2000),), scenarios={near.name: between})
    (rows,) = run(fresh, [between], 1)
    (truth,) = (row for row in rows if isinstance(row, Truth) and row.hypothesis == name)
    (counts,) = (row for row in rows if isinstance(row, Verdicts) and row.hypothesis == name)
    assert truth.value == pytest.approx(found.size, abs=0.01)
    assert counts.effect / 2000 == pytest.approx(design.power, abs=0.04)


def test_a_size_that_no_loading_of_the_grid_reaches_is_said_to_be_larger(power):
    found = power.detectable("exposure-size", 28)
    largest = power.curve("exposure-size", 28)[-1].truth.value
    assert not found.reached and found.size == largest
    assert size_words(found).startswith("more than ")


def test_larger_surveys_find_smaller_sizes(power):
    sizes = [power.detectable("exposure-size", n).size for n in (139, 300, 1000)]
    assert sizes[0] > sizes[1] > sizes[2]


def test_the_error_of_a_size_is_written_beside_it():
    assert size_words(Detectable(0.2461, 0.0019, 0.45, True)) == "0.246 ± 0.002"


def test_a_curve_begins_without_an_effect_and_rises_with_it(power):
    for name in power.stored.design.hypotheses:
        curve = power.curve(name)
        assert curve[0].truth.scenario == NONE and curve[0].truth.value == 0
        assert [one.loading for one in curve] == sorted(one.loading for one in curve)
        assert abs(curve[-1].truth.value) == max(abs(one.truth.value) for one in curve)


# --- what is shown


@pytest.mark.parametrize("shown", SHOWN, ids=lambda one: one.__name__)
def test_whatever_is_shown_says_that_it_was_computed_and_that_nobody_was_asked(shown):
    check_label(shown(practitioners))


def check_label(shown) -> None:
    table = getattr(shown, "table", shown)
    assert table.label == SIMULATED and table.about["simulated"]
    assert table.about["provenance"].startswith("Computed by simulating surveys")
    assert table.about["provenance"].endswith("No one was asked.")
    assert "no answers of people" in shown.note
    assert table.about["data"] and len(table.rows) <= len(table.about["data"])
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_every_rate_travels_with_its_counts():
    for shown in (tables.nothing, tables.alarms, tables.coverage):
        for row in shown(practitioners).about["data"]:
            assert row["share"] == row["count"] / row["surveys"]
            assert row["low"] <= row["share"] <= row["high"]


def test_only_what_is_true_can_be_exaggerated(power):
    shown = {row["hypothesis"] for row in tables.exaggeration(practitioners).about["data"]}
    assert shown == {name for name in power.stored.design.hypotheses if power.point(ASSUMED, name).truth.related}


def test_sentences_hold_numbers_of_the_counts(power):
    told = practitioners.design.hypotheses.exposure_size
    none = power.point(NONE, "exposure-size")
    assert f"{100 * none.verdicts.equivalent / none.surveys:.0f}% of surveys of 139 show" in told.nothing
    assert told.detectable in told.sentence and "139 respondents" in told.sentence
    for finding in practitioners.design.walk():
        assert finding and "nan" not in finding.split() and "None" not in finding


def test_a_family_that_does_not_exist_is_refused(power):
    with pytest.raises(ValueError, match="no family of hypotheses is called “defence”; use one of exposure, defenses"):
        power.members("defence")
