"""Any question by any other one: as counted from the file alone, as R has the tests, and what is withheld stays so.

The study is that of the skeleton. Its answers are counted from the CSV file here, with nothing of the survey.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from drawn import shown
from project import DATA, ROOT

from surveybook.survey.data.codebook import Declared, Question
from surveybook.survey.data.disclosure import DisclosedCounts, Disclosure
from surveybook.survey.data.grouping import grouped
from surveybook.survey.data.loader import inspect_study, read_study
from surveybook.survey.data.responses import SKIPPED, Responses
from surveybook.survey.data.scale import is_neutral, scale_of
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import known
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.evidence.withheld import advice
from surveybook.survey.show import figures, tables
from surveybook.survey.stats.columns import compare_columns, larger_than, two_shares
from surveybook.survey.stats.groups import dunn, kruskal_wallis
from surveybook.survey.stats.scores import mean, net_score

READERS = ROOT / "surveybook" / "skeleton" / "report" / "data" / "readers"
K = 5


def rows() -> list[dict[str, str]]:
    with (READERS / "responses.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


MISSING = {"skipped", "cant-say", "not-asked"}


def both(question: str, by: str) -> list[tuple[str, str]]:
    """The answers of those who gave both."""
    return [(row[question], row[by]) for row in rows() if row[question] not in MISSING and row[by] not in MISSING]


def changed(folder: Path, **edits: str) -> Path:
    """The study with other words in its descriptor: each old one by its new one, and keys at its end."""
    made = folder / "readers"
    shutil.copytree(READERS, made)
    path = made / "datapackage.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("minimum_cell: none", f"minimum_cell: {edits.get('least', 'none')}")
    path.write_text(text + edits.get("more", ""), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def readers() -> Findings:
    return Findings(read_study(READERS))


PAIRS = "\ncrossed:\n  age: [ebooks, visits, content_hours]\n  branch: [content_hours, devices]\n"


@pytest.fixture(scope="module")
def protected(tmp_path_factory) -> Findings:
    """The same study with a rule, and some pairs declared."""
    return Findings(read_study(changed(tmp_path_factory.mktemp("protected"), least=str(K), more=PAIRS)))


# --- tests and intervals, as R has them


def test_two_shares_are_compared_as_r_does():
    # > N1 <- function(t) { n <- sum(t); x <- chisq.test(t, correct = FALSE)$statistic
    # +   pchisq(x * (n - 1) / n, 1, lower.tail = FALSE) }
    # > N1(rbind(c(22, 18), c(10, 35))); N1(rbind(c(22, 18), c(5, 25))); N1(rbind(c(10, 35), c(5, 25)))
    assert two_shares(22, 40, 10, 45) == pytest.approx(0.00196898860694)
    assert two_shares(22, 40, 5, 30) == pytest.approx(0.00120689509946)
    assert two_shares(10, 45, 5, 30) == pytest.approx(0.55833653750818)
    # fewer than one is expected: > fisher.test(rbind(c(1, 2), c(0, 4)))$p.value
    assert two_shares(1, 3, 0, 4) == pytest.approx(0.428571428571)
    assert two_shares(0, 9, 0, 4) == two_shares(9, 9, 4, 4) == 1.0


def test_columns_are_a_family_by_row_and_the_larger_one_has_the_letter():
    found = compare_columns([22, 10, 5, 0], [40, 45, 30, 0])
    assert [(one.first, one.second) for one in found] == [(0, 1), (0, 2), (1, 2)]  # nobody is in the last one
    # > p.adjust(c(0.00196898860694, 0.00120689509946, 0.55833653750818), "holm")
    assert [one.adjusted for one in found] == pytest.approx([0.00393797721388, 0.00362068529838, 0.55833653750818])
    assert larger_than(found, 4, 0.05) == ((1, 2), (), (), ())
    assert larger_than(found, 4, 0.0038) == ((2,), (), (), ())
    assert larger_than(compare_columns([9, 9], [9, 9]), 2, 0.05) == ((), ())


def test_a_net_score_has_the_interval_of_tango():
    # > tango <- function(b, c, n) { z <- qnorm(.975); d <- (b - c) / n
    # +   g <- function(x, s) { B <- -b - c + (2 * n - b + c) * x
    # +     q <- (sqrt(pmax(0, B^2 + 8 * n * c * x * (1 - x))) - B) / (4 * n)
    # +     b - c - n * x - s * z * sqrt(n * pmax(0, 2 * q + x * (1 - x))) }
    # +   root <- function(from, to, s) uniroot(g, c(from, to), s = s, tol = 1e-13)$root
    # +   c(root(-1 + 1e-9, d, 1), root(d, 1 - 1e-9, -1)) }
    # > tango(12, 2, 50); tango(50, 20, 100); tango(3, 3, 10); tango(0, 5, 6)
    for counts, low, high in (((12, 2, 50), 0.0611124061863, 0.3447087482821),
                              ((50, 20, 100), 0.139551416142, 0.443393066336),
                              ((3, 3, 10), -0.444217809096, 0.444217809096),
                              ((0, 5, 6), -0.969946630252, -0.117720472179)):
        found = net_score(*counts)
        assert found.value == pytest.approx((counts[0] - counts[1]) / counts[2])
        assert (found.interval.low, found.interval.high) == pytest.approx((low, high), abs=1e-8)
    for upper, lower in ((4, 1), (5, 0), (0, 0)):  # the ends exchanged, the sign changes
        one, other = net_score(upper, lower, 5), net_score(lower, upper, 5)
        assert (one.interval.low, one.interval.high) == pytest.approx((-other.interval.high, -other.interval.low))
        assert -1 <= one.interval.low < one.value + 1e-12 and one.value - 1e-12 < one.interval.high <= 1
        assert one.interval.high - one.interval.low > 0.1  # also where all answer the same
    assert net_score(24, 4, 100).interval.low > net_score(12, 2, 50).interval.low


def test_a_mean_has_the_interval_of_student_and_says_when_that_is_rough():
    # > x <- rep(1:5, c(3, 5, 9, 2, 1)); t.test(x)$conf.int; sd(x)
    found = mean([3, 5, 9, 2, 1], [1, 2, 3, 4, 5])
    assert (found.value, found.deviation) == pytest.approx((2.65, 1.03998987849))
    assert (found.interval.low, found.interval.high) == pytest.approx((2.16326975433, 3.13673024567))
    assert not found.rough and mean([19, 1], [0, 30]).rough and not mean([190, 200], [0, 30]).rough
    assert mean([7], [2]).interval is None and mean([0, 1], [1, 4]).interval is None
    assert not known(mean([3, float("nan")], [1, 2]).value)
    with pytest.raises(ValueError, match="somebody"):
        mean([0, 0], [1, 2])


def test_dunn_is_as_its_formulas_in_r():
    # > g <- rep(c("a", "b", "c"), c(8, 6, 7)); x <- c(1,1,2,2,3,3,3,4, 2,3,4,4,4,4, 1,1,1,2,2,3,4)
    # > r <- rank(x); n <- length(x); t <- table(x); s2 <- n * (n + 1) / 12 - sum(t^3 - t) / (12 * (n - 1))
    # > m <- tapply(r, g, mean); k <- tapply(r, g, length)
    # > z <- c((m["b"] - m["a"]) / sqrt(s2 * (1 / k["a"] + 1 / k["b"])), ...)
    # > p <- 2 * pnorm(-abs(z)); p.adjust(p, "holm")
    table = [[2, 2, 3, 1], [0, 1, 1, 4], [3, 2, 1, 1]]
    found = dunn(table)
    assert [one.z for one in found] == pytest.approx([1.81634302755, -0.59989151543, -2.32122559588])
    assert [one.p for one in found] == pytest.approx([0.0693177687732, 0.5485785373085, 0.0202746714441])
    assert [one.adjusted for one in found] == pytest.approx([0.1386355375464, 0.5485785373085, 0.0608240143323])
    # > kruskal.test(x, factor(g))
    tested = kruskal_wallis(table)
    assert (tested.statistic, tested.df, tested.p) == pytest.approx((5.7919344, 2, 0.05524557))


# --- what is shown, counted from the file alone


def test_a_cross_table_has_the_counts_of_the_file(readers):
    made = tables.crossed(readers, "content_hours", by="branch")
    given = Counter(both("content_hours", "branch"))
    labels = {"market": "At the market", "station": "At the station", "bus": "The book bus"}
    answers = {"not-at-all": "Not at all", "a-little": "A little", "fairly": "Fairly", "very": "Very"}
    found = {(row["answer"], row["group"]): (row["count"], row["base"]) for row in made.about["data"]}
    for group, name in labels.items():
        base = sum(number for (_, own), number in given.items() if own == group)
        for answer, label in answers.items():
            assert found[label, name] == (given[answer, group], base)
    assert [column.title for column in made.columns[1:]] == [f"{name} ({letter})" for name, letter in
                                                             zip(labels.values(), "ABC", strict=True)] + ["All"]
    whole = sum(given.values())
    assert made.rows[-1][0] == "Base" and made.rows[-1][-1] == str(whole)
    cell = made.rows[2][1]
    count, base = found["Fairly", "At the market"]
    assert cell == f"{count} ({int(100 * count / base + 0.5)}%)"
    assert f"{whole} who answered both, left out: skipped 3, could not say 1" in made.note


def test_of_yes_or_no_there_is_a_row_for_each_group(readers):
    made = tables.crossed(readers, "ebooks", by="branch")
    given = Counter(both("ebooks", "branch"))
    groups = ("market", "station", "bus")
    bases = [sum(number for (_, own), number in given.items() if own == group) for group in groups]
    assert [(row[1], row[2]) for row in made.rows[:3]] == [
        (str(given["yes", group]), str(base)) for group, base in zip(groups, bases, strict=True)]
    assert made.rows[3][:3] == ["All", str(sum(given["yes", one] for one in groups)), str(sum(bases))]


def test_of_several_answers_shares_are_of_people(readers):
    made = tables.crossed(readers, "devices", by="age")
    given = both("devices", "age")
    for row in made.about["data"]:
        if row["group"] == "Under 20 years":
            people = [devices.split(";") for devices, age in given if age == "under-20"]
            name = {"An e-book reader": "reader", "A phone": "phone", "A tablet": "tablet", "A computer": "computer"}
            assert (row["count"], row["base"]) == (sum(name[row["answer"]] in one for one in people), len(people))
    assert "not asked 35" in made.note and "Several answers could be chosen" in made.note


def test_means_are_of_the_numbers_and_scores_of_the_ends(readers):
    made = tables.means(readers, "visits", by="branch").about["data"]
    for row, branch in zip(made, ("market", "station", "bus", None), strict=True):
        numbers = [int(one) for one, own in both("visits", "branch") if branch in (own, None)]
        assert row["base"] == len(numbers) and row["mean"] == pytest.approx(np.mean(numbers))
        assert row["deviation"] == pytest.approx(np.std(numbers, ddof=1))
    scale = ["not-at-all", "a-little", "fairly", "very"]
    scored = tables.scores(readers, "content_hours", by="branch").about["data"]
    counted = tables.means(readers, "content_hours", by="branch").about["data"]
    for row, other, branch in zip(scored, counted, ("market", "station", "bus", None), strict=True):
        places = [scale.index(one) for one, own in both("content_hours", "branch") if branch in (own, None)]
        upper, lower = sum(place > 1 for place in places), sum(place < 2 for place in places)
        assert (row["upper"], row["lower"], row["base"]) == (upper, lower, len(places))
        assert row["net"] == pytest.approx((upper - lower) / len(places))
        assert other["mean"] == pytest.approx(np.mean(places) + 1)


def test_groups_by_a_number_are_its_bands(readers):
    made = grouped(readers.study, "ebooks", "visits")
    given = both("ebooks", "visits")
    lows = (0, 1, 2, 4, 8, 32)
    expected = [sum(low <= int(visits) < high for _, visits in given)
                for low, high in zip(lows, lows[1:], strict=False)]
    assert made.bases.tolist() == [one for one in expected if one]


def test_differences_are_those_of_dunn_over_the_numbers(readers):
    made = tables.differences(readers, "visits", by="branch")
    given = both("visits", "branch")
    levels = sorted({int(one) for one, _ in given})
    table = [[sum(int(one) == level and own == branch for one, own in given) for level in levels]
             for branch in ("market", "station", "bus")]
    assert [row["p_holm"] for row in made.about["data"]] == pytest.approx([one.adjusted for one in dunn(table)])
    assert f"H = {kruskal_wallis(table).statistic:.2f} with 2 degrees of freedom" in made.note
    assert "none was declared before the answers were read" in made.note


def test_letters_stand_where_groups_differ():
    """A made-up study in which one group answers otherwise: so is the table, and the sentence above the figure."""
    rng = np.random.default_rng(20261128)
    group = np.repeat([0, 1, 2], 80).astype(np.int32)
    yes = (rng.random(240) < np.array([0.2, 0.7, 0.25])[group]).astype(np.int32)
    study = made_up({"group": ("nominal", ("a", "b", "c"), group), "reads": ("yes-no", ("no", "yes"), yes)})
    made = grouped(study, "reads", "group")
    assert made.larger([1]) == ["", "AC", ""] and made.larger([0]) == ["B", "", "B"]
    table = tables.crossed(Findings(study), "reads", by="group")
    assert [row[-1] for row in table.rows] == ["", "AC", "", ""]
    assert [row["larger_than"] for row in table.about["data"]] == [None, "a, c", None, None]
    other = made_up({"group": ("nominal", ("a", "b", "c"), group), "place": ("nominal", ("home", "bus"), yes)})
    assert figures.crossed(Findings(other), "place", by="group").finding == (
        "Groups can be told apart by 2 of 2 answers: “home” and “bus”.")
    figure = figures.crossed(Findings(study), "reads", by="group")
    assert re.match(r"“b” \(\d+%\) lies above “[ac]” \(\d+%\); 2 of 3 pairs of groups can be told apart\.",
                    figure.finding)


def made_up(questions: dict):
    """The study of the skeleton with other questions and answers, that nobody published."""
    from dataclasses import replace
    from types import MappingProxyType

    study = read_study(READERS)
    codebook = {
        name: Declared(id=name, label=name, kind=kind, asked="all", description="", wording=f"What is {name}?",
                       unit="person", respondent="person", locator="", answers=answers,
                       labels={one: one for one in (*answers, "skipped")}, missing={"skipped": ""})
        for name, (kind, answers, _) in questions.items()
    }
    codes = {name: given for name, (_, _, given) in questions.items()}
    responses = Responses(tuple(map(str, range(len(next(iter(codes.values())))))), codebook, codes)
    asked = {name: Question(**vars(one), distribution=responses.distribution(name)) for name, one in codebook.items()}
    return replace(study, responses=responses, questions=MappingProxyType(asked), hypotheses={})


# --- scales


@pytest.mark.parametrize(("labels", "values", "promoters"), [
    (tuple(map(str, range(11))), tuple(range(11)), True),
    (("0 (not at all likely)", *map(str, range(1, 10)), "10 - extremely likely"), tuple(range(11)), True),
    (("1 = bad", "2", "3", "4", "5 = good"), (1, 2, 3, 4, 5), False),
    (("bad", "fair", "good"), (1, 2, 3), False),
    (("0 to 9", "10 to 19", "20 to 29"), (1, 2, 3), False),  # bands are no numbers
    (("1", "2", "4", "8"), (1, 2, 3, 4), False),
])
def test_numbers_of_a_scale(labels, values, promoters):
    answers = tuple(f"a{place}" for place in range(len(labels)))
    question = Declared(id="q", label="q", kind="ordered", asked="", description="", wording="", unit="", respondent="",
                        locator="", answers=answers, labels=dict(zip(answers, labels, strict=True)), missing={})
    found = scale_of(question)
    assert (found.values, found.promoters) == (values, promoters)
    ends = 1 if len(labels) < 4 else 2
    assert len(found.upper) == ends and len(found.lower) == (7 if promoters else ends)


def test_from_nought_to_ten_is_the_net_promoter_score():
    rng = np.random.default_rng(7)
    given, group = rng.integers(0, 11, 300).astype(np.int32), rng.integers(0, 2, 300).astype(np.int32)
    given[:5] = SKIPPED
    study = Findings(made_up({"recommend": ("ordered", tuple(f"is-{one}" for one in range(11)), given),
                              "member": ("yes-no", ("no", "yes"), group)}))
    labels = study.study.questions["recommend"].labels
    object.__setattr__(study.study.questions["recommend"], "labels",
                       {key: key.removeprefix("is-") for key in labels})
    table = tables.scores(study, "recommend", by="member")
    own = given[5:][group[5:] == 1]
    assert table.about["data"][1]["net"] == pytest.approx(np.mean(own >= 9) - np.mean(own <= 6))
    assert "Promoters (9 and 10)" in [column.title for column in table.columns]
    figure = figures.crossed(study, "recommend", by="member")
    named = ", ".join(f"{row[0].title()} {row[4]}" for row in table.rows)
    assert figure.note.endswith(f"Net promoter scores: {named}.")
    assert "Detractors, 0 to 6" in str(figure.wide) and "Passives, 7 and 8" in str(figure.wide)


# --- figures


@pytest.mark.parametrize(("function", "question", "by", "marks"), [
    (figures.crossed, "ebooks", "branch", "Dot plot of 3 groups and of all"),
    (figures.crossed, "content_hours", "branch", "Stacked bars of 3 groups and of all"),
    (figures.crossed, "branch", "age", "Tiles with a row for each of 3 answers and a column for each of 4 groups"),
    (figures.crossed, "devices", "age", "Tiles with a row for each of 4 answers"),
    (figures.crossed, "visits", "age", "Tiles with a row for each of 5 answers"),
    (figures.means, "visits", "age", "Dot plot of 4 groups"),
    (figures.means, "content_hours", "age", "Dot plot of 4 groups"),
    (figures.scores, "content_hours", "age", "Dot plot of 4 groups"),
])
def test_a_figure_of_groups_is_drawn_told_and_labelled(readers, function, question, by, marks):
    figure = function(readers, question, by=by)
    page = shown(figure)
    assert marks in figure.alt and figure.told
    assert [svg.attributes["class"] for svg in page.css("svg")] == ["wide", "narrow"]
    assert all(svg.attributes["aria-label"].startswith("Simulated data") for svg in page.css("svg"))
    assert "Simulated data" in page.css_first("svg").text()  # written behind the marks
    assert figure.table.about["simulated"] and "simulated data" in figure.note
    assert "for each of" not in figure.reading


def test_a_name_that_begins_with_a_number_is_no_number(readers):
    text = str(shown(figures.crossed(readers, "ebooks", by="age")).html)
    found = re.search(r'<text[^>]*fill="([^"]*)"[^>]*>20 to 39 years', text)
    assert found and "simulated" not in found[1]


# --- what may be shown


def test_of_a_protected_study_no_small_count_is_told(protected):
    for function, question, by in ((tables.crossed, "ebooks", "age"), (tables.crossed, "content_hours", "age"),
                                   (tables.crossed, "content_hours", "branch"), (tables.crossed, "devices", "branch"),
                                   (tables.crossed, "visits", "age"), (tables.scores, "content_hours", "age"),
                                   (tables.means, "content_hours", "age"), (tables.differences, "visits", "age")):
        made = function(protected, question, by=by)
        for row in made.about["data"]:
            counts = [row[key] for key in ("count", "base", "upper", "lower") if key in row]
            assert all(one is None or not known(one) or one == 0 or one >= K for one in counts), row
            if known(row.get("count")) and known(row.get("base")):
                assert row["base"] - row["count"] == 0 or row["base"] - row["count"] >= K or not row["count"]
        assert "Counts below 5" in made.note


def test_means_and_scores_are_made_of_what_is_shown(protected):
    """Where answers are put together, nothing that needs them apart is told."""
    study = protected.study
    made = grouped(study, "content_hours", "age")
    assert any(" or " in name for name in (*made.answers, *made.names)), "answers are put together here"
    apart = [len(way) == 1 for way in made.crossed.ways[0]]
    assert all(known(one.value) for one in made.means()) == all(apart)
    upper = made.box(made.scale.upper)
    rows_ = made.places(made.scale.upper)
    assert all(known(share.value) for share in upper) == (rows_ is not None)
    assert grouped(study, "visits", "age").numbers is None  # bands are told, and no single numbers
    assert all(not known(one.value) for one in grouped(study, "visits", "age").means())


def test_who_asks_for_an_undeclared_pair_is_told_what_to_declare(protected, readers):
    with pytest.raises(DataError, match=r"“ebooks” is not declared to be shown by “branch”, and “readers” withholds "
                                        r"small counts, .* add `crossed: \{branch: \[ebooks\]\}` to its descriptor"):
        tables.crossed(protected, "ebooks", by="branch")
    assert tables.crossed(readers, "ebooks", by="branch").rows  # of a study that withholds nothing
    first = next(iter(protected.study.hypotheses.values()))  # a hypothesis is declared anyhow, the other way round too
    for one, other in ((first.predictor.id, first.outcome.id), (first.outcome.id, first.predictor.id)):
        assert tables.crossed(protected, one, by=other).rows


def test_hypotheses_keep_their_tables_whatever_is_crossed(protected, tmp_path):
    alone = read_study(changed(tmp_path, least=str(K)))
    for one in alone.hypotheses.values():
        pair = one.predictor, one.outcome
        assert alone.shown.crossed(*pair) == protected.study.shown.crossed(*pair)


def test_the_author_is_told_what_is_put_together(protected):
    told = list(advice(protected.study))
    assert "“ebooks” by “age” is shown with answers put together: 2 for the 4 of “age”" in told
    assert any(line.startswith("“devices” by “branch” is not shown, as its counts are withheld") for line in told)
    assert not any("“content_hours” by “age”" in line for line in told)  # as the hypothesis on both says it


def test_options_of_few_people_are_withheld_and_the_others_shown():
    rng = np.random.default_rng(3)
    group = np.repeat([0, 1, 2], 60).astype(np.int32)
    chosen = np.column_stack([rng.random(180) < share for share in (0.5, 0.4, 0.06, 0.6)]).astype(np.int32)
    answers, codebook = ("a", "b", "c", "d"), {}
    for name, kind, own in (("many", "multi-select", answers), ("group", "nominal", ("x", "y", "z"))):
        codebook[name] = Declared(id=name, label=name, kind=kind, asked="all", description="", wording="", unit="",
                                  respondent="", locator="", answers=own, labels={one: one for one in own}, missing={})
    responses = Responses(tuple(map(str, range(180))), codebook, {"many": chosen, "group": group})
    shown_ = DisclosedCounts(responses, Disclosure(K, (), "people"), [("many", "group")])
    table = shown_.crossed(codebook["many"], codebook["group"])
    true = np.array([[chosen[group == place, option].sum() for place in range(3)] for option in range(4)])
    assert 0 < true[2].min() < K and table.bases == (60, 60, 60) and not table.trouble
    assert [all(map(known, line)) for line in table.table] == [True, True, False, True]
    assert [table.table[option] for option in (0, 1, 3)] == [tuple(true[option]) for option in (0, 1, 3)]


# --- what is refused


@pytest.mark.parametrize(("question", "by", "words"), [
    ("ebooks", "ebooks", "“ebooks” is not shown by its own answers"),
    ("ebooks", "devices", "of “devices” several answers may be chosen, so they part nobody in groups"),
    ("ebook", "age", "the study “readers” has no question is called “ebook”; use one of age, branch"),
    ("ebooks", "ages", "has no question is called “ages”"),
])
def test_a_pair_that_makes_no_groups_is_refused(readers, question, by, words):
    for function in (tables.crossed, figures.crossed, tables.means):
        with pytest.raises(DataError) as refused:
            function(readers, question, by=by)
        assert words in str(refused.value)


def test_what_has_no_order_has_no_scores_and_no_ranks(readers):
    for function in (tables.scores, tables.means, figures.scores, figures.means):
        with pytest.raises(DataError, match="“branch” has no scale of three or more answers"):
            function(readers, "branch", by="age")
    with pytest.raises(DataError, match="“branch” has no order"):
        tables.differences(readers, "branch", by="age")


def test_printed_counts_and_collections_have_no_groups():
    printed, collected = Findings(read_study(DATA / "interviews")), Findings(read_study(DATA / "documented"))
    with pytest.raises(DataError, match="has printed counts alone, which do not say who gave which two answers"):
        tables.crossed(printed, "secures", by="attack")
    with pytest.raises(DataError, match="asked nobody"):
        figures.crossed(collected, "kind", by="year")


@pytest.mark.parametrize(("more", "words"), [
    ("crossed: {age: [ebook]}", "crossed: age: 1: no question is called “ebook”; did you mean “ebooks”?"),
    ("crossed: {ages: [ebooks]}", "crossed: ages: no question is called “ages”; did you mean “age”?"),
    ("crossed: {devices: [ebooks]}", "crossed: devices: of “devices” several answers may be chosen"),
    ("crossed: {age: [visits, age]}", "a question is not shown by its own answers; remove it"),
    ("crossed: {age: []}", "crossed"), ("crossed: [age]", "crossed"),
])
def test_a_wrong_declaration_is_one_sentence_with_its_line(tmp_path, more, words):
    folder = changed(tmp_path, more=f"\n{more}\n")
    with pytest.raises(DataError) as refused:
        read_study(folder)
    assert words in str(refused.value) and re.search(r"datapackage\.yaml:\d+: ", str(refused.value))
    _, faults = inspect_study(folder)
    assert [str(one) for one in faults.found] == [str(refused.value)]


@pytest.mark.parametrize(("labels", "neutral"), [
    (("A little", "Some", "A lot"), False), (("Low", "Medium", "High"), False),
    (("Novice", "Skilled", "Expert"), False), (("Never", "Sometimes", "Always"), False),
    (("Disagree", "Neutral", "Agree"), True), (("No", "Maybe", "Yes"), True),
    (("Worse", "About the same", "Better"), True), (("Unfavourable", "Mixed", "Favourable"), True),
    (("Stimme nicht zu", "Teils, teils", "Stimme zu"), True),
    (("Never", "Rarely", "Sometimes", "Often", "Always"), True),
    (("No, not at all rude", "Yes, somewhat rude", "Yes, very rude"), False),
])
def test_the_middle_of_three_answers_is_neutral_where_their_words_say_so(labels, neutral):
    assert is_neutral(labels) is neutral
