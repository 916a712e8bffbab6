"""Open answers: what people wrote is coded, coders are compared, and words are shown that were cleared alone."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import yaml

from surveybook.publish.checks.respondents import free_text, read_respondents
from surveybook.publish.site.study import read_studies
from surveybook.survey.data.coding import show_codes
from surveybook.survey.data.loader import inspect_study, read_study
from surveybook.survey.data.seal import seal
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables

HOURS = "Please open longer in the evening, as I work until seven and my street is far away"
QUOTE = "Please open longer in the evening […] and [my home] is far away"
CODES = ("hours", "books", "other")
# agreed, first coder, second coder, and how many
SEEN = [("hours", "hours", "hours", 30), ("books", "books", "books", 20), ("other", "other", "other", 12),
        ("hours", "hours", "books", 6), ("books", "hours", "books", 5)]


def field(name: str, **more) -> dict:
    return {"name": name, "title": name.capitalize(), "type": "string", "description": "A column.", **more}


def question(name: str, *answers: str, **more) -> dict:
    return field(name, wording=f"What about {name}?", kind="nominal", asked="all respondents", unit="person",
                 construct="the library", origin="made up",
                 categories=[{"value": one, "label": one.capitalize()} for one in answers]) | more


def library(folder: Path, declared=None, people=None, quotes=None, seen=SEEN, least: object = 5) -> Path:
    """A study of a library in `folder`, whose readers wrote what they wish; two coders put that into codes."""
    own = folder / "data" / "library"
    own.mkdir(parents=True)
    rows = [dict(respondent=f"reader-{number:03}", branch=("north", "south")[number % 3 == 0], wishes=agreed,
                 wishes_text=f"Reader number {number} wishes for something else", a=one, b=two)
            for number, (agreed, one, two) in enumerate(
                case[:3] for case in seen for _ in range(case[3]))]
    rows[0]["wishes_text"] = HOURS
    fields = [field("respondent"), question("branch", "north", "south"), question("wishes", *CODES),
              field("wishes_text"), field("a"), field("b")]
    descriptor = {
        "name": "library", "title": "Readers of a library", "sources": [{"title": "Made up for tests"}],
        "licenses": [{"name": "CC-BY-4.0"}], "simulated": False, "credit": "made up", "provenance": "Made up.",
        "disclosure": {"minimum_cell": least, "reason": "fewer people could be known to each other, we think"},
        "coded": {"wishes": {"text": "wishes_text", "coders": {"A": "a", "B": "b"}}},
        "resources": [{"name": "responses", "title": "Responses", "path": "responses.csv", "format": "csv",
                       "mediatype": "text/csv", "encoding": "utf-8", "bytes": 0, "hash": "sha256:0",
                       "schema": {"primaryKey": ["respondent"], "fields": fields}}],
    }
    if declared:
        declared(descriptor)
    if people:
        people(rows)
    names = [one["name"] for one in fields]
    with open(own / "responses.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    (own / "datapackage.yaml").write_text(yaml.safe_dump(descriptor, sort_keys=False), encoding="utf-8")
    if quotes is not None:
        (own / "quotes.yaml").write_text(yaml.safe_dump({"quotes": quotes}, allow_unicode=True), encoding="utf-8")
    seal(own)
    return own


def cleared(quote: str = QUOTE, **more) -> dict:
    return {"quote": quote, "question": "wishes", "code": "hours", "cleared_by": "Ada Example",
            "cleared_on": "2026-03-14"} | more


def shown(own: Path) -> Findings:
    return Findings(read_study(own))


def refused(own: Path) -> list[str]:
    return [str(fault) for fault in inspect_study(own)[1].found]


# --- coders


def test_agreement_is_that_of_R(tmp_path):
    """A <- factor(rep(c("h","b","o","h","h"), c(30,20,12,6,5))); B <- factor(rep(c("h","b","o","b","b"),
    c(30,20,12,6,5))); psych::cohen.kappa(cbind(A, B)); for alpha the coincidences of Krippendorff 2011."""
    table = tables.coders(shown(library(tmp_path, least="none")), "wishes")
    *codes, both = table.about["data"]
    assert [row["code"] for row in codes] == ["Hours", "Books", "Other"]
    n, agree = 73, 62
    chance = (41 * 30 + 20 * 31 + 12 * 12) / n**2
    assert both["agreement"] == pytest.approx(agree / n)
    assert both["kappa"] == pytest.approx((agree / n - chance) / (1 - chance))
    often = (71, 51, 24)
    assert both["alpha"] == pytest.approx(1 - (2 * n - 1) * 22 / ((2 * n) ** 2 - sum(one**2 for one in often)))
    assert both["alpha_low"] < both["alpha"] < both["alpha_high"]
    assert codes[2]["kappa"] == codes[2]["alpha"] == 1 and codes[2]["alpha_low"] is None


def test_under_a_rule_the_table_of_coders_is_whole_or_codes_are_put_together(tmp_path):
    whole = tables.coders(shown(library(tmp_path / "whole")), "wishes")
    assert [row["code"] for row in whole.about["data"]] == ["Hours", "Books", "Other", "All codes"]
    rare = [*SEEN, ("other", "other", "books", 2)]
    joined = tables.coders(shown(library(tmp_path / "rare", seen=rare)), "wishes")
    assert [row["code"] for row in joined.about["data"]] == ["Hours", "Books or Other", "All codes"]
    few = tables.coders(shown(library(tmp_path / "few", seen=[*SEEN[:3], ("hours", "hours", "books", 2)])), "wishes")
    assert [row["code"] for row in few.about["data"]] == ["Hours or Books", "Other", "All codes"]
    assert [row["agreement"] for row in few.about["data"]] == [1, 1, 1]


@pytest.mark.parametrize("few", range(1, 5))
def test_no_count_of_coders_below_the_rule_is_in_what_they_are_compared_by(tmp_path, few):
    seen = [*SEEN, ("other", "books", "other", few), ("books", "books", "other", 5 - few)]
    study: Study = read_study(library(tmp_path, seen=seen))
    made = show_codes(study.codings["wishes"], study.questions["wishes"].answers, (), 5)
    assert made is not None and min(made.alone.values()) >= 5
    assert made.ordered is None or min(made.ordered.values()) >= 5


def test_codes_that_are_withheld_are_told_of_together_alone(tmp_path):
    study = read_study(library(tmp_path))
    made = show_codes(study.codings["wishes"], study.questions["wishes"].answers, ("books", "other"), 5)
    assert made is not None and made.groups == ((0,), (1, 2))


def test_texts_that_few_people_have_and_one_coder_coded_withhold_all(tmp_path):
    def one_coder(rows):
        rows[3]["b"] = ""
    table = tables.coders(shown(library(tmp_path, people=one_coder)), "wishes")
    assert "73" not in f"{table.rows} {table.note}"
    assert set(table.rows[0][1:]) == {"withheld"}


def several(descriptor):
    for one in descriptor["resources"][0]["schema"]["fields"]:
        if one["name"] in ("wishes", "a", "b"):
            one |= {"type": "list", "delimiter": ";", "itemType": "string"}
        if one["name"] == "wishes":
            one["kind"] = "multi-select"


def test_several_codes_of_a_text_are_compared_one_by_one_and_together(tmp_path):
    seen = [("hours;books", "hours;books", "books;hours", 20), ("books", "books", "hours;books", 10),
            ("other", "other", "other", 15)]
    rows = tables.coders(shown(library(tmp_path, several, seen=seen)), "wishes").about["data"]
    assert [round(row["agreement"], 4) for row in rows] == [round(35 / 45, 4), 1, 1, round(35 / 45, 4)]


def test_of_several_codes_of_a_text_none_are_told_of_together(tmp_path):
    """That 24 of 44 texts are about hours or books, 20 about hours and 7 about books, tells that 3 are about both."""
    seen = [(one, one, one, number) for one, number in {"hours": 17, "hours;books": 3, "books": 4, "other": 20}.items()]
    study = shown(library(tmp_path, several, seen=seen))
    assert not study.study.shown.withheld_answers["wishes"]
    rows = tables.coders(study, "wishes").rows
    assert rows[0][:3] == ["Hours or Books", "withheld", "withheld"] and rows[1][:3] == ["Other", "20", "100%"]


@pytest.mark.parametrize(("declared", "words"), [
    ({"wishes": {"coders": {"A": "a", "B": "c"}}}, "no column of “responses” is called “c”"),
    ({"wish": {"coders": {"A": "a", "B": "b"}}}, "did you mean “wishes”?"),
    ({"wishes": {"text": "branch", "coders": {"A": "a", "B": "b"}}}, "holds what people wrote"),
    ({"wishes": {"coders": {"A": "a"}}}, "empty or too short"),
])
def test_what_is_declared_wrong_is_told_with_its_line(tmp_path, declared, words):
    def change(descriptor):
        descriptor["coded"] = declared
    found = refused(library(tmp_path, change))
    assert any(words in one and "datapackage.yaml:" in one for one in found), found


def test_every_code_that_is_none_is_told_once_with_its_row(tmp_path):
    def slips(rows):
        rows[0]["a"] = rows[4]["a"] = "hour"
        rows[2]["b"] = "bookes"
    found = refused(library(tmp_path, people=slips))
    assert len(found) == 2
    assert "row 2, column “a”: “hour” is no code of “wishes”; did you mean “hours”? (and 1 more row)" in found[0]


# --- quotes


def test_quotes_are_shown_with_their_code_and_a_group_of_enough_people(tmp_path):
    own = library(tmp_path, quotes=[cleared(said_by={"branch": "south"})])
    table = tables.quotes(shown(own), "wishes")
    assert table.rows == [["Hours", f"“{QUOTE}”", "Branch: South"]]
    assert "cleared for publication by Ada Example" in table.note


def test_a_group_of_few_people_and_a_code_that_is_withheld_do_not_stand_beside_a_quote(tmp_path):
    few = library(tmp_path / "few", quotes=[cleared(said_by={"branch": "south"})], least=14)
    assert tables.quotes(shown(few), "wishes").rows == [["Hours", f"“{QUOTE}”"]]
    rare = library(tmp_path / "rare", quotes=[cleared("Reader number 63 wishes for something else", code="other")],
                   seen=[("hours", "hours", "hours", 30), ("books", "books", "books", 30), ("other",) * 3 + (4,)])
    assert tables.quotes(shown(rare), "wishes").rows[0][0] == "withheld"


def test_the_place_of_a_quote_does_not_tell_its_code(tmp_path):
    seen = [(one, one, one, number) for one, number in (("hours", 4), ("books", 4), ("other", 30))]
    own = library(tmp_path, seen=seen, quotes=[
        cleared("Reader number 5 wishes for something else", code="books"), cleared(),
        cleared("Reader number 9 wishes for something else", code="other")])
    assert [row[:2] for row in tables.quotes(shown(own), "wishes").rows] == [
        ["Other", "“Reader number 9 wishes for something else”"], ["withheld", f"“{QUOTE}”"],
        ["withheld", "“Reader number 5 wishes for something else”"]]


@pytest.mark.parametrize(("quote", "words"), [
    (cleared("Please open longer in the evening"), "nobody wrote this"),
    (cleared("Please open longer in the morning […]"), "nobody wrote this"),
    (cleared("[…] far away […] Please open longer in the evening […]"), "nobody wrote this"),
    (cleared("[…] away"), "fewer than 2 words"),
    (cleared(code="books"), "has not the code “books”"),
    (cleared(code="hour"), "did you mean “hours”?"),
    (cleared(said_by={"branch": "north"}), "gave other answers"),
    (cleared(row=2), "unknown key"),
    (cleared(cleared_on="yesterday"), "is not a date"),
    (cleared(f"{QUOTE} [reader-001]"), "names a respondent"),
    (cleared(f"{QUOTE} [ada@example.org]"), "can tell who somebody is"),
])
def test_a_quote_that_cannot_be_shown_is_refused_with_its_line(tmp_path, quote, words):
    (found,) = refused(library(tmp_path, quotes=[quote]))
    assert words in found and "quotes.yaml:" in found


def test_a_day_needs_no_quotes(tmp_path):
    own = library(tmp_path, quotes=[cleared()])
    text = (own / "quotes.yaml").read_text(encoding="utf-8")
    assert "'2026-03-14'" in text
    (own / "quotes.yaml").write_text(text.replace("'2026-03-14'", "2026-03-14"), encoding="utf-8")
    assert not refused(own)


def test_all_faults_of_quotes_are_told_at_once(tmp_path):
    found = refused(library(tmp_path, quotes=[cleared("Nobody wrote that"), cleared(), cleared(), cleared(code="x")]))
    assert len(found) == 3


def test_words_are_no_part_of_rows_that_are_given_away(tmp_path):
    def given(descriptor):
        descriptor["disclosure"]["minimum_cell"] = "none"
        descriptor["resources"][0]["published_because"] = "all of them agreed in writing to that"
    (found,) = refused(library(tmp_path, given))
    assert "words of people never are" in found


def test_the_scanner_lets_cleared_quotes_pass_and_nothing_else(tmp_path):
    library(tmp_path, quotes=[cleared()])
    (study,) = read_studies(tmp_path).values()
    (known,) = read_respondents(study)
    page = json.dumps([f"“{QUOTE}”"], ensure_ascii=False)
    assert not free_text(page, known)
    assert free_text(f"{page} {HOURS}", known)
    assert free_text("<p>open longer in the evening, as I work until seven and my street is far</p>", known)
    assert free_text("Reader number 7 wishes for something else", known)
    assert "hours" not in known.texts


def test_what_nobody_can_compare_or_quote_is_said_in_a_sentence(tmp_path):
    def one_coder(descriptor):
        descriptor["coded"] = {"wishes": {"text": "wishes_text"}}
        del descriptor["resources"][0]["schema"]["fields"][4:]
    own = shown(library(tmp_path, one_coder))
    with pytest.raises(DataError, match="coded by one coder"):
        tables.coders(own, "wishes")
    with pytest.raises(DataError, match="nobody is quoted"):
        tables.quotes(own, "wishes")
    with pytest.raises(DataError, match="not among the questions that hold codes; use wishes"):
        tables.coders(own, "branch")
