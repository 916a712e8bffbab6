"""The rule that recomputes shares and intervals from what a page prints: what it finds, and what it leaves alone."""

from __future__ import annotations

import random

import pytest
from checked import finding, table, told
from scipy.stats import binomtest

from surveybook.publish.checks.shares import methods, tail, wilson

# --- shares and intervals


REMEDY = "print all of them from one estimate"
SHARES = {
    "a percentage of other counts": ("22 of 25 (89%)", "it is 88%"),
    "a percentage beside a dot": ("10 of 29 · 35%", "it is 34.48%"),
    "a percentage that looks like nothing": ("1 of 1,000 (0%)", "it is 0.1%"),
    "a percentage that looks like all": ("999 of 1,000 (100%)", "it is 99.9%"),
    "words for less than there is": ("1 of 100 (under 1%)", "it is 1%"),
    "more than there are": ("26 of 25 (104%)", "26 of 25 is no share"),
    "an interval of other counts": ("22 of 25 (88%, 95% interval 71% to 96%)", "no method gives this interval"),
    "an interval of another level": ("22 of 25 (88%, 90% interval 70% to 96%)", "no method gives this interval"),
}


@pytest.mark.parametrize(("text", "what"), SHARES.values(), ids=SHARES)
def test_a_share_in_a_sentence_that_does_not_recompute_is_found(text, what, tmp_path):
    assert told(tmp_path, finding(text)) == [f"#here <p>: “{text}”: {what}; {REMEDY}"]


def test_a_share_in_a_label_for_screen_readers_is_recomputed_too(tmp_path):
    drawing = '<svg role="img" aria-label="Bars. Yes, 3 of 25 (13%)."><text>3 of 25 · 12%</text></svg>'
    (found,) = told(tmp_path, drawing)
    assert "“3 of 25 (13%)”: it is 12%" in found


HEADS = ["Answer", "Count", "Base", "Share", "95% interval"]
TABLES = {
    "a share of other counts": (
        (["Yes", "3", "25", "13%", "4% to 30%"], ["No", "22", "25", "88%", "70% to 96%"]),
        "“Yes”, 13% of 3 and 25: it is 12%",
    ),
    "an interval of other counts": (
        (["Yes", "3", "25", "12%", "5% to 30%"], ["No", "22", "25", "88%", "70% to 96%"]),
        "“Yes”, 12% of 3 and 25: no method gives the interval 5% to 30%",
    ),
    # the first row for one share, the others for three at once
    "intervals of different methods": (
        (["a", "16", "28", "57%", "39% to 73%"], ["b", "10", "28", "36%", "16% to 60%"],
         ["c", "2", "28", "7%", "under 1% to 27%"]),
        "no one method gives the intervals of all rows",
    ),
}


@pytest.mark.parametrize(("rows", "what"), TABLES.values(), ids=TABLES)
def test_a_share_in_a_table_that_does_not_recompute_is_found(rows, what, tmp_path):
    assert told(tmp_path, table(HEADS, *rows)) == [f"#here <table>: {what}; {REMEDY}"]


def test_beside_a_weighted_share_the_unweighted_one_is_recomputed(tmp_path):
    heads = ["Answer", "Count", "Base", "Unweighted", "Weighted", "95% interval", "Design effect"]
    right, wrong = (["Yes", "44", "97", share, "49%", "35% to 63%", "1.5"] for share in ("45%", "49%"))
    assert told(tmp_path, table(heads, right)) == []
    assert told(tmp_path, table(heads, wrong)) == [
        f"#here <table>: “Yes”, 49% of 44 and 97: it is 45.36%; {REMEDY}"]


def test_a_weighted_share_is_nothing_or_all_where_its_count_is(tmp_path):
    heads = ["Answer", "Count", "Base", "Unweighted", "Weighted", "95% interval", "Design effect"]
    nobody, all_ = ["Never", "0", "97", "0%", "0%", "", ""], ["Ever", "97", "97", "100%", "100%", "", ""]
    assert told(tmp_path, table(heads, nobody, all_)) == []
    nobody[4] = "2%"
    assert told(tmp_path, table(heads, nobody, all_)) == [
        f"#here <table>: “Never”, 0% of 0 and 97: weighted it is 2%, and the count says that it is not; {REMEDY}"]


GROUPS = {  # what one cell of a group says, in a table whose bases stand in a row
    "a weighted share": ("18% (10; 20%) B", None), "a share with letters": ("10 (20%) AC", None),
    "words": ("withheld", None),
    "another count": ("18% (11; 20%) B", "“Often, Young (A)”, 20% of 11 and 51: it is 21.57%"),
    "another share": ("18% (10; 18%)", "“Often, Young (A)”, 18% of 10 and 51: it is 19.61%"),
    "another share with letters": ("10 (21%) AC", "“Often, Young (A)”, 21% of 10 and 51: it is 19.61%"),
    "more than all": ("18% (52; 100%)", "“Often, Young (A)”, 100% of 52 and 51: 52 of 51 is no share"),
    "nobody, but weighted": ("18% (0; 0%)", "“Often, Young (A)”, 0% of 0 and 51: weighted it is 18%, and the count "
                                            "says that it is not"),
}


@pytest.mark.parametrize(("cell", "what"), GROUPS.values(), ids=GROUPS)
def test_a_count_and_a_share_in_one_cell_of_a_group_are_recomputed(cell, what, tmp_path):
    made = table(["Visits", "Young (A)", "All"], ["Often", cell, "28% (23; 24%)"], ["Base", "51", "97"],
                 ["Effective n", "38", "72"])
    assert told(tmp_path, made) == ([f"#here <table>: {what}; {REMEDY}"] if what else [])
    beside = table(["Group", "Base", "High"], ["Young", "51", cell])
    words = what and what.replace("Often, Young (A)", "Young, High")
    assert told(tmp_path, beside) == ([f"#here <table>: {words}; {REMEDY}"] if what else [])


SCALE = ["Question", "Low", "High", "“High” or higher", "95% interval of these", "Base", "Skipped"]
ROW = ["Knowledge", "33 (24%)", "102 (76%)", "102 (76%)", "68% to 82%", "135", "4"]


@pytest.mark.parametrize(("place", "shown", "what"), [
    (1, "33 (25%)", "“Knowledge, Low”, 25% of 33 and 135: it is 24.44%"),
    (3, "101 (76%)", "“Knowledge, “High” or higher”, 76% of 101 and 135: it is 74.81%"),
    (4, "68% to 83%", "“Knowledge, “High” or higher”, 76% of 102 and 135: no method gives the interval 68% to 83%"),
])  # fmt: skip
def test_a_share_in_a_table_of_a_scale_is_recomputed_from_its_base(place, shown, what, tmp_path):
    assert told(tmp_path, table(SCALE, ROW)) == []
    changed = [*ROW[:place], shown, *ROW[place + 1 :]]
    assert told(tmp_path, table(SCALE, changed)) == [f"#here <table>: {what}; {REMEDY}"]


NOTE = ("<div class='report-table'><p class='figure-note'>“Rides?” Asked: all, yes or no. "
        "Base: {} respondents asked, {}. Intervals: 95%.</p></div>")


@pytest.mark.parametrize(("asked", "parts"), [
    ("70", "50 answered, skipped 8, 12 to whom it did not apply"), ("1,070", "1,050 answered, can’t say 20"),
    ("70 of 90", "70 answered"), ("70", "50 answered, how many it did not apply to withheld"),
    ("70", "50 answered, did not want to say, for reasons of 1 kind, 9"),  # a label with a comma is not taken apart
])
def test_those_asked_are_those_who_answered_and_those_who_did_not(asked, parts, tmp_path):
    assert told(tmp_path, NOTE.format(asked, parts)) == []


@pytest.mark.parametrize("parts", ["50 answered, skipped 8, 11 to whom it did not apply", "71 answered"])
def test_parts_that_do_not_add_up_to_those_asked_are_found(parts, tmp_path):
    (found,) = told(tmp_path, NOTE.format(70, parts))
    assert found.endswith(f"the parts do not add up to those asked; {REMEDY}")


def test_the_share_without_an_answer_is_of_those_to_whom_it_applied(tmp_path):
    heads = ["Question", "Asked", "Did not apply", "Answered", "Skipped", "No answer, of those to whom it applied"]
    assert told(tmp_path, table(heads, ["Children", "70", "12", "50", "8", "14%"], ["Town", "70", "–", "70", "–", "0%"],
                                ["Age", "withheld", "withheld", "50", "8", "withheld"])) == []
    (found,) = told(tmp_path, table(heads, ["Children", "70", "12", "50", "8", "11%"]))
    assert found == f"#here <table>: “Children”, 11%: it is 13.79%; {REMEDY}"
    before = [heads[0], heads[1], *heads[3:5], "No answer, of those asked"]
    assert told(tmp_path, table(before, ["Town", "70", "62", "8", "11%"])) == []


def test_what_recomputes_is_left_alone(tmp_path):
    sound = "".join(map(finding, [
        "22 of 25 (88%, 95% interval 70% to 96%)", "10 of 29 (34%, 95% interval 13% to 62%)", "1 of 8 (13%)",
        "1 of 1,000 (under 1%)", "999 of 1,000 (over 99%)", "0 of 3 (0%)", "13 of 15 agree",
    ]))
    assert told(tmp_path, sound + table(HEADS, ["a", "suppressed", "28", "suppressed", "suppressed"])) == []


def test_few_of_very_many_have_an_interval_too():
    # > pbinom(21303, 21375, c(0.995, 1 - 1e-6), lower.tail = FALSE)
    assert tail(21304, 21375, 0.995) == pytest.approx(0.000139695975505, rel=1e-8)
    assert tail(21304, 21375, 1 - 1e-6) == pytest.approx(1, abs=1e-12)
    assert {2, 13, 100} <= methods(71, 21375, "95", "under 1", "under 1")


def test_the_intervals_are_those_of_an_independent_implementation():
    draw = random.Random(7)
    for _ in range(100):
        base = draw.randint(1, 300)
        count = draw.choice([0, base, draw.randint(0, base)])
        level, among = draw.choice([0.9, 0.95, 0.99]), draw.randint(2, 20)
        one = binomtest(count, base).proportion_ci(level, method="wilson")
        exact = binomtest(count, base).proportion_ci(1 - (1 - level) / among, method="exact")
        assert wilson(count, base, 1 - level) == pytest.approx((one.low, one.high), abs=1e-12)
        half = pytest.approx((1 - level) / among / 2, rel=1e-9)
        assert count == 0 or tail(count, base, float(exact.low)) == half
        assert count == base or tail(base - count, base, 1 - float(exact.high)) == half


def percent(share: float) -> str:
    """A bound as the report prints it."""
    whole = round(100 * share)
    return "under 1" if share > 0 and not whole else "over 99" if share < 1 and whole == 100 else str(whole)


def test_the_methods_are_those_whose_interval_is_printed_so():
    draw = random.Random(8)
    for _ in range(20):
        base = draw.randint(5, 60)
        count = draw.choice([0, base, draw.randint(0, base)])
        intervals = {k: binomtest(count, base).proportion_ci(1 - 0.05 / k, method="exact" if k > 1 else "wilson")
                     for k in range(1, 31)}
        printed = {k: (percent(float(one.low)), percent(float(one.high))) for k, one in intervals.items()}
        low, high = printed[draw.randint(1, 30)]
        found = {k for k in methods(count, base, "95", low, high) if k <= 30}
        assert found == {k for k, one in printed.items() if one == (low, high)}
