"""Questions that stand together: what they come to, how they are drawn, and what is refused."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import MappingProxyType

import pytest
from drawn import shown

from analysis import interviews, practitioners
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.distribution import Distribution
from surveybook.survey.evidence.battery import batteries, battery, difference
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import figures, simulation, tables, theme
from surveybook.survey.show.display import Figure
from surveybook.survey.show.figures import matrix
from surveybook.survey.show.figures.ordered import BAR, KEY
from surveybook.survey.words import text

STUDY = practitioners.study
FIGURES = {
    "ordered": (figures.ordered, "threat perception"),
    "ordered, one": (figures.ordered, "expected_likelihood"),
    "ordered, even": (figures.ordered, "maturity"),
    "yes": (figures.yes, "threat exposure"),
    "options": (figures.options, "threat perception"),
    **{f"bars {name}": (figures.bars, name) for name, question in STUDY.questions.items() if question.kind == "count"},
}
TABLES = {"constructs": tables.constructs, "missing": tables.missing, "assumptions": tables.assumptions}


@pytest.fixture(params=FIGURES.values(), ids=FIGURES)
def figure(request) -> Figure:
    function, *names = request.param
    return function(practitioners, *names)


def scales(*counts: tuple[int, ...]) -> Findings:
    """A study of questions on one scale with these counts."""
    model = STUDY.question("relevance_evasion")
    answers = tuple(f"a{place}" for place in range(len(counts[0])))
    labels = {answer: f"Answer {answer}" for answer in answers}
    if len(answers) == 3:  # of which the middle lies on no side where its words say so
        labels["a1"] = "Neither"
    questions = {}
    for number, own in enumerate(counts):
        questions[f"q{number}"] = replace(
            model, id=f"q{number}", label=f"Question {number}: how much", answers=answers,
            labels=MappingProxyType(labels), missing=MappingProxyType({}),
            distribution=Distribution(dict(zip(answers, own, strict=True)), {}, sum(own)),
        )
    return Findings(replace(STUDY, questions=MappingProxyType(questions), groups={}, hypotheses={}, responses=None))


# --- which questions


def test_a_construct_stands_for_its_questions_of_the_kind_and_a_name_for_itself():
    incidents = battery(STUDY, ["threat exposure"], "yes-no")
    assert [q.id for q in incidents.questions] == [name for name in STUDY.questions if name.startswith("incident_")]
    assert incidents.label == "Threat exposure"
    backwards = battery(STUDY, ["relevance_evasion", "relevance_poisoning", "relevance_evasion"], "ordered")
    assert [q.id for q in backwards.questions] == ["relevance_poisoning", "relevance_evasion"]
    assert battery(STUDY, ["size"], "ordered").label == "Size of the organization"


def test_among_others_a_question_is_called_by_what_differs():
    names = battery(STUDY, ["threat exposure"], "yes-no").names
    assert names["incident_evasion"] == "Fooled model"
    assert battery(STUDY, ["threat perception"], "ordered").names["relevance_supply_chain"] == "Supply chain"
    assert battery(STUDY, ["relevance_evasion"], "ordered").names == {"relevance_evasion": "Evasion: relevance"}


REFUSED = {
    "unknown": (figures.ordered, ["nothing"], "has no question and no construct called “nothing”; use one of organiz"),
    "another kind": (figures.ordered, ["sector"], "“sector” is a question of the kind nominal, and this shows"),
    "no such kind": (figures.yes, ["prior knowledge"], "has no question of the kind yes-no, only of the kind ordered"),
    "two scales": (figures.ordered, ["size", "education"], "“size” and “education” have different answers; show them"),
    "nothing named": (figures.yes, [], "nothing says what to show; name questions of the kind yes-no"),
    "no count": (figures.bars, ["size"], "“size” is a question of the kind ordered, and bars are for counts"),
}


@pytest.mark.parametrize(("show", "names", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_shown_is_refused_in_a_sentence(show, names, words):
    with pytest.raises(DataError, match=words):
        show(practitioners, *names)


def test_a_scale_with_too_many_or_too_few_answers_is_refused():
    with pytest.raises(DataError, match="has 9 answers, more than a bar can show apart; show each question with"):
        figures.ordered(scales((1,) * 9), "q0")
    with pytest.raises(DataError, match="“q0” has no scale of three or more answers; show it with figures.shares"):
        figures.ordered(scales((1, 2)), "q0")
    with pytest.raises(DataError, match="nobody answered “q1”, so it has no shares; name the others alone"):
        figures.ordered(scales((1, 2, 3), (0, 0, 0)), "q0", "q1")


def test_a_count_with_too_many_bands_asks_for_wider_ones():
    years = replace(STUDY.question("ml_years"), answers=tuple(map(str, range(13))))
    study = replace(STUDY, questions=MappingProxyType({**STUDY.questions, "ml_years": years}))
    with pytest.raises(DataError, match="“ml_years” has 13 bands, and bars are for up to 12; declare wider ones under"):
        figures.bars(Findings(study), "ml_years")


def test_options_are_not_added_up_and_answers_with_other_words_are_not_the_same():
    reasons = battery(STUDY, ["threat perception"], "multi-select")
    with pytest.raises(ValueError, match="options of which several may be chosen cannot be added up"):
        reasons.shares(["safety", "compliance"])
    named = STUDY.question("relevance_evasion")
    other = replace(named, id="other", labels=MappingProxyType({**named.labels, "very": "Very much so"}))
    study = replace(STUDY, questions=MappingProxyType({"relevance_evasion": named, "other": other}))
    with pytest.raises(DataError, match="“relevance_evasion” and “other” have different answers; show them apart"):
        battery(study, ["relevance_evasion", "other"], "ordered")


# --- what they come to


def test_several_shares_read_together_have_wider_intervals():
    """R: binom.test(22, 129, conf.level = 1 - .05/5); binom.test(89, 130, conf.level = 1 - .05/7)"""
    evasion = battery(STUDY, ["threat exposure"], "yes-no").shares(["yes"])["incident_evasion"]
    assert (evasion.count, evasion.base) == (22, 129)
    assert (evasion.interval.low, evasion.interval.high) == pytest.approx((0.0949145253535, 0.2714425613666))
    poisoning = battery(STUDY, ["threat perception"], "ordered").at_least(2)["relevance_poisoning"]
    assert (poisoning.count, poisoning.base) == (89, 130)
    assert (poisoning.interval.low, poisoning.interval.high) == pytest.approx((0.565343984258, 0.788843438357))


def test_whether_the_same_people_answer_differently_is_tested_among_those_who_answered_all():
    """R: friedman.test(m[complete.cases(m), ]) on the relevance of the seven attacks as 1 to 5; Cochran's Q by its
    formula on the five incidents as 0 and 1, p from pchisq(Q, 4, lower = FALSE)."""
    test, n = difference(STUDY, battery(STUDY, ["threat perception"], "ordered"))
    assert n == 112 and test.statistic == pytest.approx(53.2724730324) and test.p == pytest.approx(1.0340119e-09)
    test, n = difference(STUDY, battery(STUDY, ["threat exposure"], "yes-no"))
    assert n == 111 and test.statistic == pytest.approx(2.231578947368) and test.p == pytest.approx(0.693252174909)
    differ = practitioners.batteries.threat_exposure.yes_no.differ
    assert (differ.p, differ.n, differ.verdict) == ("p = 0.69", "111", "cannot be told apart")
    assert difference(STUDY, battery(STUDY, ["relevance_evasion", "relevance_poisoning"], "ordered")) is None


def test_medians_means_and_complete_answers():
    """R: median and mean of the columns, na.rm = TRUE; exposure is the sum of the five incidents."""
    assert practitioners.relevance_evasion.median == "Moderately relevant"
    assert (practitioners.exposure.median, practitioners.exposure.mean) == ("0", "0.7")  # 0.7387
    assert practitioners.exposure.some.of == "43 of 111" and practitioners.exposure.nothing.of == "68 of 111"
    assert (practitioners.ml_years.median, practitioners.ml_years.mean) == ("4", "4.8")  # 4.7737
    assert practitioners.missing.complete.of == "92 of 139"


@pytest.mark.parametrize(("counts", "median"), [
    ((2, 0, 2), "Answer a0 and Answer a2"), ((2, 1, 2), "Neither"), ((0, 0, 1), "Answer a2"), ((0, 0, 0), None)])
def test_the_median_of_a_scale_is_an_answer_or_two(counts, median):
    found = scales(counts, (1, 1, 1)).q0
    assert getattr(found, "median", None) == median if median else not hasattr(found, "median")


def test_at_least_an_answer_is_that_answer_and_all_above_it():
    levels = practitioners.relevance_poisoning.at_least
    assert [levels.slightly.count, levels.moderately.count, levels.very.count, levels.extremely.count] == [
        "110", "89", "49", "17"]


def test_the_largest_and_the_smallest_share_name_all_that_are_equal():
    most = battery(STUDY, ["threat exposure"], "yes-no")
    yes = practitioners.batteries.threat_exposure.yes_no.yes
    ranked = most.ranked(most.shares(["yes"]))
    assert (yes.most.of, yes.least.of) == (text.of(ranked[0][1]), text.of(ranked[-1][1]))
    tied = scales((1, 1, 2), (2, 2, 4), (4, 0, 0)).study
    tied = replace(tied, responses=STUDY.responses)
    assert Findings(tied).batteries.threat_perception.ordered.at_least.a2.most.title == "Question 0 and Question 1"


def test_every_battery_of_the_survey_has_findings():
    assert {(b.questions[0].construct, b.questions[0].kind) for b in batteries(STUDY)} == {
        ("organizational factor", "yes-no"), ("threat exposure", "yes-no"), ("prior knowledge", "ordered"),
        ("threat perception", "ordered"), ("threat perception", "multi-select")}
    chosen = practitioners.batteries.threat_perception.multi_select.chosen
    assert chosen.compliance.most.title == "Membership inference"


# --- what is shown


def test_a_figure_is_two_drawings_with_a_name_and_theme_colours_alone(figure):
    page = shown(figure)
    times = 1 + len(figure.others)  # shares of others may be drawn as well
    assert [svg.attributes["class"] for svg in page.css("svg")] == ["wide", "narrow"] * times
    assert len(page.css(".drawn[hidden]")) == len(figure.others) <= len(figure.table.others)
    for svg, width in zip(page.css("svg"), (theme.WIDE, theme.NARROW) * times, strict=True):
        assert svg.attributes["aria-label"].startswith("Simulated data. ")
        assert float(svg.attributes["viewBox"].split()[2]) <= width + 4
        colours = {node.attributes[name] for node in svg.css("*") for name in ("fill", "stroke")
                   if node.attributes.get(name)}
        assert all(c in ("none", "transparent") or c.startswith("var(--figure-") for c in colours), colours


def test_a_figure_says_what_was_asked_of_whom_and_how_many(figure):
    note = shown(figure).css_first(".figure-note").text()
    for words in ("Asked: ", "respondents asked, ", " answered", "Intervals: ", "95%", "Source: simulated data, "):
        assert words in note


def test_the_table_beside_a_figure_has_the_words_of_each_question_and_all_who_gave_no_answer():
    page = shown(figures.options(practitioners, "threat perception"))
    table = page.css_first("details table")
    heads = [head.text() for head in table.css("thead th")]
    questions = battery(STUDY, ["threat perception"], "multi-select").questions
    for row, question in zip(table.css("tbody tr"), questions, strict=True):
        cells = dict(zip(heads, [cell.text() for cell in row.css("th, td")], strict=True))
        assert question.wording in cells["Question as asked"]
        assert sum(int(cells[head]) for head in ("Base", "Not asked", "Skipped")) == len(STUDY.responses.respondents)


def test_only_totals_reach_a_chart_and_they_are_the_counts(figure):
    for row in figure.table.about["data"]:
        names = {re.sub("_(asked|sample)$", "", name) for name in row}
        assert names <= {"question", "label", "answer", "answer_label", "count", "base", "share", "at_least", "low",
                         "high", "level", "method"}
        if "question" in row:
            assert row["count"] == STUDY.question(row["question"]).distribution.counts[row["answer"]]


def test_the_words_of_a_figure_tell_its_ends(figure):
    assert len(figure.alt) < 200 and re.search(r"\d+ of \d+ \(\d+%", figure.told)


def rectangles(chart: dict) -> list[tuple[str, float, float, float, float]]:
    """The filled rectangles of a chart: colour, left, width, top and height."""
    return [(row["fill"], row["x"], row["x2"] - row["x"], row["y"], round(row["y2"] - row["y"], 6))
            for layer in chart["layer"] if layer["mark"]["type"] == "rect" for row in layer["data"]["values"]]


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
@pytest.mark.parametrize(
    "counts", [(1, 2, 3), (4, 3, 2, 1), (5, 1, 2, 3, 4), (1, 2, 3, 4, 5, 6), (1, 2, 3, 4, 5, 6, 7)])
def test_bars_of_a_scale_have_the_lengths_of_the_shares_and_part_at_one_line(counts, wide):
    figure = figures.ordered(scales(counts, counts[::-1]), "q0", "q1")
    pieces = [one for one in rectangles(figure.wide if wide else figure.narrow) if one[4] == BAR]
    assert len(pieces) == 2 * len(counts)
    half, high = len(counts) // 2, -(-len(counts) // 2)
    rows = sorted({one[3] for one in pieces})
    ends, lengths = set(), []
    for top, own in zip(rows, sorted([counts, counts[::-1]], key=lambda one: -sum(one[high:])), strict=True):
        low = sorted((p for p in pieces if p[3] == top and p[0] in theme.LOW), key=lambda p: p[1])
        up = sorted((p for p in pieces if p[3] == top and p[0] in theme.HIGH), key=lambda p: p[1])
        middle = [p for p in pieces if p[3] == top and p[0] == theme.MIDDLE]
        assert [len(low), len(middle), len(up)] == [half, high - half, half]
        ends |= {round(low[-1][1] + low[-1][2], 3), round(up[0][1], 3)}
        lengths += [length / count for (_, _, length, _, _), count in zip([*low, *middle, *up], own, strict=True)]
    assert len(ends) == 1 and max(lengths) - min(lengths) < 1e-3 * max(lengths)


@pytest.mark.parametrize("counts", [(0, 0, 9, 0, 0), (9, 0, 0, 0, 0), (0, 0, 0, 0, 9), (5, 0, 0, 5)])
def test_a_side_that_nobody_chose_has_no_length(counts):
    pieces = [one for one in rectangles(figures.ordered(scales(counts), "q0").wide) if one[4] == BAR]
    assert sorted(length > 0 for _, _, length, _, _ in pieces) == sorted(count > 0 for count in counts)


@pytest.mark.parametrize("counts", [(9000, 3000, 3), (1, 9000, 1), (9000, 9000, 1, 1)])
def test_where_a_side_is_too_narrow_for_its_words_all_answers_stand_below_each_other(counts):
    chart = figures.ordered(scales(counts), "q0").wide
    squares = [(left, top) for _, left, width, top, height in rectangles(chart) if width == height == KEY]
    assert len(squares) == len(counts) == len({top for _, top in squares}) and len({left for left, _ in squares}) == 1


def test_bars_of_a_count_start_at_one_line_and_are_as_high_as_the_shares():
    counts = STUDY.question("exposure").distribution.counts.values()
    bars = [one for one in rectangles(figures.bars(practitioners, "exposure").wide) if one[0] == theme.BAR]
    heights, bottoms = [one[4] for one in bars], {round(one[3] + one[4], 3) for one in bars}
    assert len(bottoms) == 1
    assert [h / heights[0] for h in heights] == pytest.approx([c / next(iter(counts)) for c in counts], abs=1e-3)


def test_a_question_without_a_construct_can_be_shown_too():
    secures = replace(interviews.study.question("secures"), kind="yes-no")
    study = replace(interviews.study, questions=MappingProxyType({**interviews.study.questions, "secures": secures}))
    figure = figures.yes(Findings(study), "secures")
    assert difference(study, battery(study, ["secures"], "yes-no")) is None
    assert figure.alt.startswith("Secures its machine learning systems today: said yes. Dot plot of one question")
    assert "Simulated" not in shown(figure).html


# --- tables


@pytest.mark.parametrize("show", TABLES.values(), ids=TABLES)
def test_a_table_is_labelled_and_carries_its_data(show):
    page = shown(show(practitioners))
    about = json.loads(page.css_first("script.report-data").text())
    assert about["simulated"] is True and len(about["data"]) == len(page.css("tbody tr"))
    assert page.css_first(".report-table").attributes["data-evidence"] == "simulated"


def test_asked_and_not_asked_are_all_respondents():
    for row in tables.missing(practitioners).about["data"]:
        parts = [row["answered"], *(row[code] or 0 for code in ("not-asked", "skipped", "cant-say"))]
        assert sum(parts) == len(STUDY.responses.respondents)


def test_the_effects_shown_are_those_of_the_model():
    rows = tables.assumptions(practitioners).rows
    assert [row[1] for row in rows].count("none") == int(practitioners.model.absent)
    assert len(rows) == int(practitioners.model.effects)
    with pytest.raises(DataError, match="the study “interviews” has no responses, so no model of them"):
        tables.assumptions(interviews)


# --- words


@pytest.mark.parametrize(("sentences", "words"), [
    (["a b c d", "a b x d"], "a b … d"), (["same words here"] * 2, "same words here"), (["a b", "c d"], ""),
    (["who knows it?", "who knows that?"], ""), (["a b c d", "a b c d e"], "a b c d …")])
def test_what_several_sentences_have_in_common(sentences, words):
    assert text.common(sentences) == words


def test_where_a_reader_can_choose_of_whom_shares_are_the_words_below_do_not_say_it():
    """They stand below the chart of each choice, and would be untrue of all but one."""
    for made in (figures.yes(practitioners, "threat exposure"), figures.bars(practitioners, "exposure")):
        assert made.others and "shares, lines" in made.reading


def test_no_line_of_a_hatch_runs_through_a_number():
    """Tiles that are wider than high on a wide page, and higher than wide on a phone."""
    chart = figures.options(practitioners, "threat perception")
    for drawn in (chart.wide, chart.narrow):
        layers = simulation.hollow(drawn)["layer"]
        numbers = [mark for layer in layers if layer["mark"]["type"] == "text" for mark in layer["data"]["values"]
                   if mark["words"].endswith("%")]
        lines = [mark for layer in layers if layer["mark"]["type"] == "rule" for mark in layer["data"]["values"]
                 if mark["color"] == theme.PAPER]
        assert len(numbers) > 40 and len(lines) > len(numbers)
        for line in lines:
            assert not [one for one in numbers if line["x"] - 12 < one["x"] < line["x2"] + 12
                        and line["y"] - 6 < one["y"] < line["y2"] + 6]


def test_names_that_are_turned_upwards_lie_beside_each_other():
    canvas = matrix.Canvas(330)
    column = 34
    high = matrix.titles(canvas, ["Decisions that cannot be relied on", "Leaks of business information"], 0, column)
    titles = [mark["words"] for marks in canvas.layers.values() for mark in marks]
    assert titles == ["Decisions that\ncannot be relied on", "Leaks of business\ninformation"]
    assert all(title.count("\n") * matrix.LINE < column for title in titles) and high > 18 * matrix.LETTER
