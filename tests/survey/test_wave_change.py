"""What is shown of waves: figures, tables and sentences say the same, and nothing that a wave withholds."""

from __future__ import annotations

import json

import pytest
from drawn import shown
from waves import MOODS, field, paired, question, spread, waves

from surveybook.publish.checks.respondents import read_respondents, respondents_shown
from surveybook.publish.checks.shares import shares_in_tables
from surveybook.publish.site.page import Page
from surveybook.publish.site.study import read_studies
from surveybook.survey.data.loader import read_study
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import figures, tables
from surveybook.survey.stats.multiplicity import adjust

BEFORE = {"member": {"yes": 40, "no": 80}, "mood": dict(zip(MOODS, (24, 36, 30, 20, 10), strict=True)),
          "visits": {"0": 60, "1": 40, "5": 20}, "branch": {"north": 70, "south": 30, "west": 20},
          "media": {"books;films": 50, "books": 40, "music": 30}}
AFTER = {"member": {"yes": 66, "no": 54}, "mood": dict(zip(MOODS, (10, 20, 30, 30, 30), strict=True)),
         "visits": {"0": 50, "1": 40, "5": 30}, "branch": {"north": 40, "south": 30, "west": 50},
         "media": {"books;films": 50, "books": 20, "music": 50}}


def rows(counts):
    """Rows in which each question was answered so, whatever the others were."""
    columns = {name: [one[name] for one in spread(name, own)] for name, own in counts.items()}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return Findings(read_study(waves(tmp_path_factory.mktemp("two"), {"2024": rows(BEFORE), "2026": rows(AFTER)})))


def test_a_table_has_each_wave_with_its_base_and_the_change_with_interval_and_p(library):
    table = tables.change(library, "member", "mood", "visits")
    assert table.rows[0] == ["Member", "2024", "120", "40 (33%)", "26% to 42%", "+22 points", "+9 to +33", "< 0.001",
                             "0.001"]
    assert table.rows[1][:5] == ["Member", "2026", "120", "66 (55%)", "46% to 64%"]
    assert [row[5].split()[0] for row in table.rows[2::2]] == ["delta", "+0.42"]
    assert "(interval of the change: Newcombe)" in table.note
    assert "“Delta” is Cliff’s" in table.note and "Welch’s t test" in table.note


def test_p_values_are_adjusted_over_all_changes_of_a_table(library):
    data = tables.change(library, "member", "branch", "mood").about["data"]
    tested = [row for row in data if row["p"] is not None]
    assert len(tested) == 5
    assert [row["p_holm"] for row in tested] == pytest.approx(list(adjust([row["p"] for row in tested])))
    assert tested[0]["p_holm"] > tables.change(library, "member").about["data"][0]["p_holm"]


@pytest.mark.parametrize("name", [*AFTER])
def test_a_figure_draws_what_its_table_has(library, name):
    figure = figures.change(library, name)
    assert figure.wide and figure.narrow and figure.finding.startswith(f"“{name.capitalize()}”: from 2024 to 2026")
    assert figure.told.count(", 2024: ") == figure.told.count(", 2026: ") == len(figure.table.rows) / 2
    page = shown(figure)
    assert json.dumps(figure.wide).count("respondent-") == 0 and page.css_first("table") is not None


def test_the_finding_says_what_changed_beyond_chance(library):
    assert figures.change(library, "member").finding == (
        "“Member”: from 2024 to 2026 the share rose from 33% to 55%, +22 points (95% interval +9 to +33).")
    assert figures.change(library, "branch").finding == (
        "“Branch”: from 2024 to 2026 “North” fell and “West” rose beyond chance.")
    assert "no change can be told from chance" in figures.change(library, "visits").finding
    assert library.waves.change.member == figures.change(library, "member").finding


def test_several_waves_are_all_shown_and_compared_with_the_first_and_the_one_before(tmp_path):
    each = {str(year): spread("member", {"yes": 30 + year - 2020, "no": 40}) for year in (2020, 2022, 2024, 2026)}
    table = tables.change(Findings(read_study(waves(tmp_path, each))), "member")
    assert [row[1] for row in table.rows] == [*each] and [row[5] == "–" for row in table.rows] == [False, True, False,
                                                                                                  True]
    assert "the one before the last" in table.note


def test_of_the_same_people_it_is_said_how_many_are_compared(tmp_path):
    each = paired("member", {("no", "no"): 50, ("no", "yes"): 20, ("yes", "no"): 8, ("yes", "yes"): 42})
    each["2026"] = [*each["2026"], {"person": "somebody new", "member": "yes"}]
    library = Findings(read_study(waves(tmp_path, each, matched=True)))
    table = tables.change(library, "member")
    assert "those who answered in both waves (120)" in table.note and "McNemar’s exact test" in table.note
    assert table.rows[1][2:4] == ["121", "63 (52%)"]
    assert library.waves.sentence == ("The waves are 2024 (120 respondents) and 2026 (121 respondents); the same "
                                      "people were asked again, and 120 of the first are in the last.")


def test_a_reason_to_compare_what_moved_is_shown(tmp_path):
    def change(descriptor):
        field(descriptor, 0, "member")["wording"] = "Are you a member?"
        descriptor["waves"]["same"] = {"member": "it asks for the same card"}

    library = Findings(read_study(waves(tmp_path, {"2024": rows(BEFORE), "2026": rows(AFTER)}, change)))
    assert "“Member” moved between waves, and is compared because it asks for the same card." in \
        figures.change(library, "member").note


# --- the questionnaire


def test_what_moved_is_told_one_by_one_and_in_a_sentence(tmp_path):
    def change(descriptor):
        before, after = (one["schema"]["fields"] for one in descriptor["resources"])
        before.append(question("fax", "yes-no"))
        after.append(question("app", "yes-no"))
        field(descriptor, 0, "member")["wording"] = "Are you a member?"
        field(descriptor, 0, "branch")["categories"].reverse()
        field(descriptor, 1, "media")["categories"].append({"value": "games", "label": "Games"})
        field(descriptor, 1, "visits")["missingValues"].append({"value": "cant-say", "label": "Could not say"})
        field(descriptor, 1, "mood")["asked"] = "members"

    library = Findings(read_study(waves(tmp_path, {"2024": rows(BEFORE), "2026": rows(AFTER)}, change)))
    found = tables.questionnaire(library)
    assert [(row[0], row[2], row[3]) for row in found.rows] == [
        ("Member", "reworded", "“Are you a member?” became “What of member?”"),
        ("Mood", "condition", "Was asked of all readers, now of members"),
        ("Visits", "reasons for no answer", "An answer could be missing as “skipped”, now as “skipped” or “cant-say”"),
        ("Branch", "answers", "In another order"), ("Media", "answers", "New: “Games”"),
        ("App", "new", "Was not asked before"), ("Fax", "dropped", "Was not asked again")]
    assert library.waves.moved == (
        "Of 7 questions 1 is new, 1 was dropped, 1 was reworded, 2 have other answers, 1 may be unanswered for other "
        "reasons and 1 was put to others.")
    assert library.waves.change.app == library.waves.change.member == (
        "This question cannot be compared with an earlier wave.")


def test_where_nothing_moved_that_is_said(library):
    assert tables.questionnaire(library).rows == [["No question", "–", "nothing", "–"]]
    assert library.waves.moved == "The questionnaire is the same in all waves."


def test_a_study_without_waves_says_so_in_a_sentence(tmp_path):
    one = Findings(read_study(waves(tmp_path, {"2026": rows(AFTER)}, lambda told: told.pop("waves"))))
    for show in (lambda: tables.change(one, "member"), lambda: figures.change(one, "member"),
                 lambda: tables.questionnaire(one)):
        with pytest.raises(DataError, match="“library” has no earlier wave"):
            show()


# --- what may be shown


def test_a_withheld_share_is_neither_shown_nor_drawn_nor_compared(tmp_path):
    each = {"2024": spread("member", {"yes": 3, "no": 60}), "2026": spread("member", {"yes": 30, "no": 33})}
    library = Findings(read_study(waves(tmp_path, each, least=5)))
    table, figure = tables.change(library, "member"), figures.change(library, "member")
    assert table.rows[0][3:] == ["withheld", "withheld", "withheld", "–", "–", "–"]
    assert table.about["data"][0]["change"] is None and table.about["data"][0]["count"] is None
    (signs,) = (layer["data"]["values"] for layer in figure.wide["layer"] if layer["mark"]["type"] == "point")
    assert len(signs) == 1
    assert figure.finding == "“Member”: no change may be told."


@pytest.mark.parametrize("matched", [False, True])
def test_the_scanner_knows_the_rows_and_names_of_earlier_waves(tmp_path, matched):
    each = {label: [one | {"person": f"panel-{number:05}"} for number, one in enumerate(own)]
            for label, own in (("2024", rows(BEFORE)), ("2026", rows(AFTER)))}
    waves(tmp_path, each, matched=matched)
    (study,) = read_studies(tmp_path).values()
    assert study.private == {"responses-2024.csv", "responses.csv"}
    first, last = read_respondents(study)
    assert "responses-2024-00001" in first.names and "responses-00001" in last.names
    for one in (first, last):
        assert ("panel-00007" in one.names) == matched
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<p>Read by responses-2024-00003.</p>", encoding="utf-8")
    ((name, _, what, _),) = respondents_shown(site, tmp_path)
    assert name == "index.html" and "“responses-2024-00003” names a respondent of “library”" in what
    descriptor = study.published()["datapackage.yaml"].read()
    assert b"panel" not in descriptor and b"responses-2024.csv" not in descriptor


def test_the_numbers_of_a_table_pass_the_check_of_shares(library):
    assert not list(shares_in_tables(Page("index.html", shown(tables.change(library, "branch", "member")))))
