"""A study that declares weights, strata or clusters: everything uses them and says so, or refuses in one sentence."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
import yaml
from project import SAMPLED

from surveybook.publish.checks.respondents import read_respondents
from surveybook.publish.site.study import read_studies
from surveybook.survey.data.loader import inspect_study, read_study
from surveybook.survey.data.seal import seal
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import figures, tables
from surveybook.survey.show.sampled import FIGURES, TABLES

GARDENS = SAMPLED / "gardens"


@pytest.fixture(scope="module")
def gardens() -> Findings:
    return Findings(read_study(GARDENS))


def changed(folder: Path, declared=None, cells=None, rows=None) -> Path:
    """A copy of the study in `folder`: `declared` changes its descriptor, `cells` (row, column -> text) and `rows`
    (of all rows as dictionaries) its responses."""
    own = folder / "data" / "gardens"
    shutil.copytree(GARDENS, own)
    descriptor = yaml.safe_load((own / "datapackage.yaml").read_text(encoding="utf-8"))
    if declared:
        declared(descriptor)
    named = {one for one in descriptor["sampling"].values() if isinstance(one, str)}
    (resource,) = descriptor["resources"]
    fields = [one for one in resource["schema"]["fields"]
              if declared is None or "kind" in one or one["name"] in {"respondent", *named} or descriptor.get("keeps")]
    resource["schema"]["fields"], columns = fields, [one["name"] for one in fields]
    descriptor.pop("keeps", None)
    (own / "datapackage.yaml").write_text(yaml.safe_dump(descriptor, sort_keys=False), encoding="utf-8")
    with open(own / "responses.csv", encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    for (row, column), text in (cells or {}).items():
        people[row - 2][column] = text
    if rows:
        people = rows(people)
    with open(own / "responses.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(people)
    seal(own)
    return own


def sampling(**told):
    """A change of what is declared of the sample, None to take something out; columns that nothing names go as well."""
    def change(descriptor):
        descriptor["sampling"] = {name: one for name, one in (descriptor["sampling"] | told).items() if one is not None}
    return change


def of(declared=None, **sample):
    """The same, and all columns stay."""
    def change(descriptor):
        sampling(**sample)(descriptor)
        descriptor["keeps"] = True
        if declared:
            declared(descriptor)
    return change


# --- what is shown


def test_the_columns_of_the_sample_are_no_questions(gardens):
    assert list(gardens.study.questions) == ["age", "garden", "visits", "content", "plants", "region"]
    assert gardens.sampling == "weights in “weight”, 3 strata by “region” and 15 clusters by “street”"


def test_a_table_has_unweighted_beside_weighted_shares_and_the_note_what_they_cost(gardens):
    table = tables.shares(gardens, "garden")
    assert [column.title for column in table.columns] == [
        "Answer", "Count", "Base", "Unweighted", "Weighted", "95% interval", "Design effect"]
    assert table.rows[1] == ["Yes", "44", "97", "45%", "49%", "35% to 63%", "1.5"]
    assert ("Shares are weighted, counts are of people. Sample: weights in “weight”, 3 strata by “region” and 15 "
            "clusters by “street”; design effect 1.5, so that n is worth 64 people drawn singly (effective n); by the "
            "weights alone effective n is 72.") in table.note
    assert table.about["sampling"] == str(gardens.sampling)
    (_, row) = table.about["data"]
    assert row["share_unweighted"] == 44 / 97 and row["design_effect"] == pytest.approx(1.5, abs=0.05)


@pytest.mark.parametrize("show, names", [
    ("shares", ["visits"]), ("shares", ["plants"]), ("yes", ["garden"]), ("ordered", ["content"]),
    ("options", ["plants"]),
])
def test_figures_draw_and_tell_weighted_shares(gardens, show, names):
    figure = getattr(figures, show)(gardens, *names)
    assert "Shares are weighted" in figure.note and "Shares are weighted" in figure.table.note
    assert "weighted" in figure.told and not figure.others
    told = gardens.study.question(names[0]).distribution
    shares = {row["answer"]: row["share"] for row in figure.table.about["data"]}
    assert shares == {answer: told.share([answer]).value for answer in shares}
    assert all(abs(share - told.counts[answer] / told.answered) > 1e-6 for answer, share in shares.items())


def test_a_sentence_tells_weighted_shares_and_counts_of_people(gardens):
    assert gardens.garden.yes.full == "49% weighted (95% interval 35% to 63%; 44 of 97 people)"
    assert gardens.garden.yes.of == "44 of 97"
    assert gardens.visits.median == "Sometimes" and gardens.visits.effective == "72"
    assert gardens.missing.complete.percent == "94%"


def test_every_verdict_says_which_test_of_a_sample_it_rests_on_and_stands_beside_the_unweighted_one(gardens):
    found = {one.hypothesis.id: one for one in gardens.judgements.of()}
    assert {name: one.row.test for name, one in found.items()} == {
        "garden-visits": "Lumley-Scott rank test", "visits-content": "test of Kendall's tau-b in a sample",
        "region-garden": "Rao-Scott test", "region-visits": "Lumley-Scott rank test"}
    assert found["garden-visits"].p == pytest.approx(0.0711810802798448 / 2, rel=1e-8)  # R: svyglm of midranks
    assert found["visits-content"].word == "effect"
    table = tables.choices(gardens, "garden-visits")
    assert [row[0] for row in table.rows] == ["as planned",
                                              "not weighted, as if all were drawn one by one with the same chance"]
    passport = dict(tables.passport(gardens, "garden-visits").rows)
    assert "Weights, strata and clusters of the sample are taken into account" in passport["Assumed"]
    assert "on their own account" not in passport["Assumed"]
    assert "test and size weight them" in tables.counts(gardens, "garden-visits").note
    assert "Tests and sizes are of a sample with weights" in tables.hypotheses(gardens).note


def test_clusters_alone_widen_intervals_and_change_no_share(tmp_path):
    found = Findings(read_study(changed(tmp_path, sampling(weight=None, strata=None, clusters="street"))))
    assert found.sampling == "15 clusters by “street”"
    share = found.study.question("visits").distribution.share(["often"])
    assert share.value == pytest.approx(23 / 97)
    # R: svyciprop(~I(visits == "often"), svydesign(ids = ~street, weights = ~rep(1, 97)), method = "beta")
    assert (share.interval.low, share.interval.high) == pytest.approx((0.137986960958795, 0.362696558610897))
    assert "by the weights alone" not in tables.shares(found, "visits").note


def test_shares_to_rake_to_become_those_of_the_sample(tmp_path):
    margins = {"age": {"young": 0.3, "middle": 0.3, "old": 0.4}, "region": {"north": 0.5, "south": 0.2, "west": 0.3}}
    found = Findings(read_study(changed(tmp_path, sampling(weight=None, strata=None, clusters=None, rake=margins))))
    assert found.sampling == "raked to “Age” and “Region”"
    for name, shares in margins.items():
        told = found.study.question(name).distribution
        assert {answer: told.share([answer]).value for answer in shares} == pytest.approx(shares)


def test_what_is_known_of_the_population_narrows_intervals_and_the_line_below_says_so(tmp_path):
    sizes = {"north": 8, "south": 20, "west": 7}
    found = Findings(read_study(changed(tmp_path, sampling(population=sizes, trim=2.5))))
    assert found.sampling == ("weights in “weight”, trimmed to 2.5 times their mean, 3 strata by “region”, 15 clusters "
                              "by “street” and drawn without replacement from a population of 35 clusters")
    assert found.sampling in tables.shares(found, "visits").note
    weights = found.study.sampling.weights
    assert weights.max() == pytest.approx(2.5 * weights.mean())


def test_a_stratum_with_one_cluster_is_used_and_the_line_below_says_how(tmp_path):
    found = Findings(read_study(changed(tmp_path, cells={(row, "street"): "south-1" for row in SOUTH})))
    assert "3 strata by “region” (where one has a single cluster, its distance from the mean of all counts) and 12 " \
        "clusters by “street”" in tables.shares(found, "visits").note
    # R: svyciprop of “lonely” in tests/statistics/test_sampled.py
    interval = found.study.question("visits").distribution.share(["often"]).interval
    assert (interval.low, interval.high) == pytest.approx((0.161406946726170, 0.423776938337090), rel=1e-9)


# --- what knows no weights


@pytest.mark.parametrize("show", [
    lambda of: tables.readings(of, "garden", "yes"), lambda of: figures.readings(of, "garden", "yes"),
    lambda of: of.garden.yes.readings, lambda of: of.region.equal, lambda of: tables.claims(of),
    lambda of: figures.power(of),
])
def test_what_knows_no_weights_refuses_in_one_sentence(gardens, show):
    with pytest.raises(DataError, match="knows no weights, strata or clusters, and would be wrong for a study that"):
        show(gardens)


def test_whatever_is_shown_and_is_not_named_as_knowing_weights_refuses(gardens):
    for module, known in ((figures, FIGURES), (tables, TABLES)):
        assert known <= set(module.__all__)
        for name in set(module.__all__) - known:
            with pytest.raises(DataError, match=f"{name} knows no weights"):
                getattr(module, name)(gardens)


# --- what is wrong


with open(GARDENS / "responses.csv", encoding="utf-8") as _file:
    _regions = {row: line.split(",")[6] for row, line in enumerate(_file, 1) if row > 1}
    ROWS_OF = {name: [row for row, own in _regions.items() if own == name] for name in ("north", "south", "west")}
    SOUTH = ROWS_OF["south"]
HALF = {"age": {"young": 0.5, "middle": 0.5, "old": 0.0}}
WRONG = {
    "no such column": (of(weight="wheight"), {}, "no column of “responses” is called “wheight”"),
    "a text as weight": (sampling(weight="street", clusters=None), {},
                         "“street” is a question or a text, and a weight is a number"),
    "no weight": (None, {(4, "weight"): ""}, "row 4, column “weight”: the weight is missing"),
    "zero": (None, {(4, "weight"): "0"}, "row 4, column “weight”: a weight of 0 counts nobody"),
    "below zero": (None, {(4, "weight"): "-1.5"}, "row 4, column “weight”: a weight of -1.5 is below 0"),
    "a comma": (None, {(4, "weight"): "1,5"}, "row 4, column “weight”: “1,5” is not a number"),
    "all equal": (None, {(row, "weight"): "2.5" for row in range(2, 99)}, "all weights in “weight” are equal"),
    "half of all": (None, {(9, "weight"): "900"}, "row 9, column “weight”: this respondent has more than half"),
    "an empty stratum": (sampling(strata="street", clusters=None), {(5, "street"): ""},
                         "row 5, column “street”: the cell is empty"),
    "a stratum with one respondent": (sampling(clusters=None), {(row, "region"): "north" for row in SOUTH[1:]},
                                      "the stratum “south” has one respondent"),
    "strata of one cluster": (None, {(row, "street"): name for name, rows in ROWS_OF.items() for row in rows},
                              "each stratum of “region” has one cluster"),
    "a limit without weights": (sampling(weight=None, trim=3), {}, "trim: no weights are declared"),
    "a limit below all": (sampling(trim=0.5), {}, "0.5 is too small, the least is 1.5"),
    "one population of strata": (sampling(population=40), {},
                                 "population: give the number of clusters of each stratum of “region” by its name"),
    "strata that are not declared": (sampling(strata=None, population={"a": 8, "b": 20}), {},
                                     "no strata are declared; give one number, of all clusters"),
    "no such stratum": (sampling(population={"north": 8, "souht": 20, "west": 7}), {},
                        "no stratum of “region” is called “souht”; did you mean “south”?"),
    "a stratum without a number": (sampling(population={"north": 8, "south": 20}), {},
                                   "lacks the number of clusters of “west”"),
    "more than all": (sampling(population={"north": 4, "south": 20, "west": 7}), {},
                      "north: 5 clusters are in the sample, more than the 4 of the population"),
    "all of them": (sampling(population={"north": 5, "south": 4, "west": 6}), {},
                    "everybody of the population is in the sample, so that nothing is uncertain"),
    "a part of one": (sampling(population=0.5), {}, "must be a whole number, or one for each stratum by its name"),
    "a cluster in two strata": (None, {(98, "street"): "north-1"}, "“north-1” is in two of the strata of “region”"),
    "clusters of one": (sampling(strata=None, clusters="respondent"), {}, "no two respondents have the same"),
    "one cluster": (None, {(row, "street"): "one" for row in range(2, 99)}, "all respondents have the same “street”"),
    "no such question": (sampling(rake={"ages": {"a": 0.5, "b": 0.5}}), {}, "no question is called “ages”"),
    "several answers": (sampling(rake={"plants": {"herbs": 0.5, "trees": 0.5}}), {}, "is of the kind multi-select"),
    "no such answer": (sampling(rake={"garden": {"no": 0.5, "yess": 0.5}}), {},
                       "no answer of “garden” is called “yess”"),
    "an answer without share": (sampling(rake={"age": {"young": 0.5, "middle": 0.5}}), {}, "lacks a share of “old”"),
    "no sum of one": (sampling(rake={"garden": {"no": 50.0, "yes": 0.5}}), {}, "50.0 is "),
    "a sum below one": (sampling(rake={"garden": {"no": 0.3, "yes": 0.5}}), {}, "the shares add up to 0.8"),
    "no answer": (sampling(rake={"content": {"low": 0.3, "medium": 0.3, "high": 0.4}}), {},
                  "6 of 97 respondents gave no answer to “content”"),
    "nobody counts": (sampling(rake=HALF), {}, "and a share of 0 would count none of them"),
    "drawn answers": (lambda told: told.update(simulated=True), {}, "answers that a model draws are drawn alike"),
    "few people and a rule": (lambda told: told["disclosure"].update(minimum_cell=5, reason="they could be known"), {},
                              "with 97 respondents and weights as unequal as these"),
    "groups": (of(lambda told: told.update(crossed={"age": ["visits"]})), {},
               "where no weighted share of a group is told"),
    "a number that is no weight": (of(weight=None), {}, "a number with a fraction is no answer"),
}


@pytest.mark.parametrize("declared, cells, words", WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_sample_is_told_in_one_sentence(tmp_path, declared, cells, words):
    own = changed(tmp_path, declared, cells)
    _, faults = inspect_study(own)  # what `surveybook check-study` tells
    (told,) = [str(one) for one in faults.found if words in str(one)]
    assert told.startswith(f"{own}/")


def test_a_study_whose_sample_is_wrong_is_not_read(tmp_path):
    with pytest.raises(DataError, match="“weight”: a weight of 0 counts nobody"):
        read_study(changed(tmp_path, cells={(4, "weight"): "0"}))


# --- what may be told


def test_no_weight_and_no_cluster_reaches_what_is_shown_and_the_scanner_looks_for_the_rows(tmp_path, gardens):
    shown = [tables.shares(gardens, "visits"), tables.codebook(gardens), tables.files(gardens),
             tables.passport(gardens, "garden-visits")]
    told = " ".join(one._repr_mimebundle_()["text/markdown"] for one in shown)
    assert "north-1" not in told and "1.449" not in told
    (study,) = read_studies(changed(tmp_path).parents[1]).values()
    (people,) = read_respondents(study)
    assert "r001" in people.names and people.columns  # all of them, those of the sample among them


def test_beside_withheld_counts_weighted_shares_are_withheld_with_them_and_else_in_steps(tmp_path):
    def rule(descriptor):
        descriptor["disclosure"].update(minimum_cell=5, reason="fewer people could be known to each other")

    def more(people):
        copies = [one | {"respondent": f"{one['respondent']}-{copy}", "street": f"{one['street']}-{copy}"}
                  for copy in range(6) for one in people]
        return [one | {"content": "low" if place < 3 else "medium" if place < 300 else "high"}
                for place, one in enumerate(copies)]

    study = read_study(changed(tmp_path, rule, rows=more))
    few = study.question("content").distribution
    assert few.share(["low"]).withheld and few.share(["high"]).withheld  # 3, and what would give them away
    told = study.question("visits").distribution
    assert told.weighted.step == 0.05
    for share in told.shares.values():
        assert share.value * 20 == pytest.approx(round(share.value * 20))
        assert share.design_effect == pytest.approx(2.5)  # one for all answers, rounded up
    rows = {row[0]: row[1:] for row in tables.shares(Findings(study), "content").rows}
    assert rows["Low"] == rows["High"] == ["withheld", "582", "withheld", "withheld", "withheld", "withheld"]
    assert "as counts are withheld, shares are multiples of 5%" in tables.shares(Findings(study), "visits").note
    for verdict in Findings(study).judgements.of():
        if verdict.judged.tested:
            assert f"{verdict.p:.1g}" == f"{verdict.p:.10g}" or verdict.p < 1e-4
            assert verdict.judged.size.value * 10 == pytest.approx(round(verdict.judged.size.value * 10))
