"""Every number of the documented attacks, counted again from the files alone: plain rows and sets, nothing shared.

The rules stand here once more, on purpose: a case of a sub-technique is one of its parent too; a case is counted once
for a kind, however many of its steps belong to it; incidents are counted apart from exercises.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter
from functools import cache

import pytest
from drawn import shown
from project import DATA, ROOT
from spoiled import spoil

from analysis import documented, figures, interviews, report, tables
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.seal import seal
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.findings import Findings

FOLDER = DATA / "documented"
FIGURES = {
    "years": (figures.years,), "tactics": (figures.tactics,), "feared": (figures.feared, interviews),
    "kinds": (figures.kinds, interviews), "phases": (figures.phases, interviews),
}
TABLES = {
    **{name: (getattr(tables, name),) for name in ("years", "tactics", "maturity", "checks", "slips", "mapping")},
    **{name: (getattr(tables, name), interviews) for name in ("feared", "kinds", "phases", "mitigations")},
    **{kind: (tables.cases, interviews, kind) for kind in ("incident", "exercise")},
    "fields": (tables.fields,), "files": (tables.files,),
}
LISTED = ["poisoning", "model-stealing", "model-inversion", "backdoor", "membership-inference", "adversarial-examples",
          "reprogramming", "physical-domain", "malicious-provider", "supply-chain", "dependencies"]
NEW = ["prompt-injection", "agent-misuse"]
PHASES = ["Business and Data Understanding", "Data Preparation", "ML Model Engineering", "ML Model Evaluation",
          "Deployment", "Monitoring and Maintenance"]


# --- counting again


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CASES = {row["case"]: row for row in rows("cases")}
PARENT = {row["technique"]: row["parent"] for row in rows("techniques")}


def tally(cases) -> tuple[int, int]:
    """How many incidents and how many exercises there are among these cases, each once."""
    kinds = Counter(CASES[case]["kind"] for case in set(cases))
    return kinds["incident"], kinds["exercise"]


def year(case: str) -> int:
    return int(CASES[case]["date"].split("-")[0])


YEARS = list(range(min(map(year, CASES)), max(map(year, CASES)) + 1))


def techniques(kind: str, *readings: str) -> set[str]:
    """The techniques of a kind, with what lies below them."""
    named = {row["technique"] for row in rows("mapping") if row["attack"] == kind and row["reading"] in readings}
    return named | {one for one, parent in PARENT.items() if parent in named}


def of_kind(kind: str, *readings: str) -> set[str]:
    wanted = techniques(kind, *readings)
    return {row["case"] for row in rows("procedures") if row["technique"] in wanted}


def strict(kind: str) -> set[str]:
    return of_kind(kind, "strict")


def broad(kind: str) -> set[str]:
    return of_kind(kind, "strict", "broad")


def mitigations(kind: str, *readings: str) -> set[str]:
    wanted = techniques(kind, *readings)
    return {row["mitigation"] for row in rows("mitigation_techniques") if row["technique"] in wanted}


def phases(mitigation: str) -> list[str]:
    return next(row for row in rows("mitigations") if row["mitigation"] == mitigation)["lifecycle"].split(";")


def told(cases) -> str:
    incidents, exercises = tally(cases)
    if not incidents + exercises:
        return "no documented case"
    return (f"{incidents or 'no'} incident{'' if incidents <= 1 else 's'} and "
            f"{exercises or 'no'} exercise{'' if exercises <= 1 else 's'}")


PICKS = {row["item"]: int(row["count"]) for row in csv.DictReader(
    (DATA / "interviews" / "counts.csv").read_text(encoding="utf-8").splitlines()) if row["table"] == "attack"}


def numbers(table) -> list[list[str]]:
    """The cells of a table but for the first of each row."""
    return [list(map(str, row[1:])) for row in table.rows]


def texts(*counts: int) -> list[str]:
    return list(map(str, counts))


# --- the study is whole


def test_the_study_holds_all_57_cases_449_steps_170_techniques_16_tactics_35_mitigations_and_246_links():
    assert {name: len(rows(name)) for name in ("cases", "procedures", "techniques", "tactics", "mitigations",
                                               "mitigation_techniques")} == {
        "cases": 57, "procedures": 449, "techniques": 170, "tactics": 16, "mitigations": 35,
        "mitigation_techniques": 246}
    assert tally(CASES) == (17, 40)


def test_the_list_of_attacks_is_that_of_the_interviews_and_each_line_of_the_mapping_has_a_reason():
    assert list(PICKS) == LISTED
    assert list(dict.fromkeys(row["attack"] for row in rows("mapping"))) == [*LISTED, *NEW]
    assert all(len(row["reason"].split()) > 4 and not re.search(r"AML|\d", row["reason"]) for row in rows("mapping"))
    assert {row["reading"] for row in rows("mapping") if not row["technique"]} == {"none"}
    assert [row["attack"] for row in rows("mapping") if row["reading"] == "none"] == ["reprogramming",
                                                                                     "malicious-provider"]


def test_the_descriptor_attributes_the_source_says_what_was_changed_and_names_nobody():
    text = (FOLDER / "datapackage.yaml").read_text(encoding="utf-8")
    for words in ("MITRE ATLAS™", "© MITRE, Apache License 2.0", "5.6.0, released 2026-04-30", "changed: ids, names",
                  "were left out", "name: Apache-2.0"):
        assert words in text
    licence = (FOLDER / "SOURCE-LICENSE.txt").read_text(encoding="utf-8")
    assert "Copyright 2021-2025 MITRE" in licence and "They were changed" in licence
    assert "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION" in licence
    assert not {"description", "summary", "actor", "reporter"} & {name for row in rows("cases") for name in row}


# --- what has been documented


def test_the_years():
    table = tables.years(documented)
    assert [row[0] for row in table.rows] == texts(*YEARS)
    assert numbers(table) == [texts(*tally(case for case in CASES if year(case) == one)) for one in YEARS]
    by_year = {one: tally(case for case in CASES if year(case) == one) for one in YEARS}
    found = documented.years
    assert (found.first, found.last) == (str(YEARS[0]), str(YEARS[-1]))
    assert found.empty == " and ".join(str(one) for one in YEARS if by_year[one] == (0, 0))
    for place, name in enumerate(("incidents", "exercises")):
        most = max(counts[place] for counts in by_year.values())
        assert getattr(found, name).count == str(most)
        assert getattr(found, name).year == " and ".join(
            str(one) for one, counts in by_year.items() if counts[place] == most)


def test_the_tactics():
    steps = rows("procedures")
    for row, tactic in zip(tables.tactics(documented).rows, rows("tactics"), strict=True):
        assert row[0].startswith(tactic["name"])
        own = [step for step in steps if step["tactic"] == tactic["tactic"]]
        assert list(row[1:]) == texts(*tally(step["case"] for step in own),
                                      *tally(step["case"] for step in own if step["step"] == "1"))
    names = {row["tactic"]: row["name"] for row in rows("tactics")}
    for place, kind in enumerate(("incidents", "exercises")):
        counts = {names[one]: tally(step["case"] for step in steps if step["tactic"] == one)[place] for one in names}
        ranked = sorted(set(counts.values()), reverse=True)
        node = getattr(documented.steps, kind)
        for word, count in zip(("top", "second"), ranked[:2], strict=True):
            assert getattr(node, word).count == str(count)
            assert set(re.split(", | and ", getattr(node, word).label)) == {
                part for name, own in counts.items() if own == count for part in name.split(" and ")}


def test_the_maturity_and_the_counts_of_the_files():
    counted = {level: [row for row in rows("techniques") if row["maturity"] == level]
               for level in ("feasible", "demonstrated", "realized")}
    assert numbers(tables.maturity(documented)) == [
        texts(sum(not row["parent"] for row in own), sum(bool(row["parent"]) for row in own), len(own))
        for own in counted.values()]
    for level, own in counted.items():
        assert getattr(documented.techniques.maturity, level).count == str(len(own))
    assert (documented.cases.kind.incident.count, documented.cases.kind.exercise.count) == ("17", "40")
    for name in ("cases", "procedures", "techniques", "tactics", "mitigations"):
        assert getattr(documented, name).count == str(len(rows(name)))
    for phase in PHASES:
        name = phase.lower().replace(" ", "_")
        assert getattr(documented.mitigations.lifecycle, name).count == str(
            sum(phase in row["lifecycle"].split(";") for row in rows("mitigations")))


@pytest.mark.parametrize("kind", ["incident", "exercise"])
def test_every_case_stands_in_its_table_with_its_year_its_target_and_the_kinds_that_it_shows(kind):
    table, labels = tables.cases(documented, interviews, kind), documented.study.package.labels("mapping", "attack")
    own = sorted((case for case in CASES if CASES[case]["kind"] == kind), key=lambda case: (-year(case), case))
    assert len(table.rows) == len(own) == tally(CASES)[kind == "exercise"]
    for row, case in zip(table.rows, own, strict=True):
        assert case in row[0] and row[1:3] == [str(year(case)), CASES[case]["target"]]
        kinds = [labels[one] if case in strict(one) else f"{labels[one]} (broad reading)"
                 for one in [*LISTED, *NEW] if case in broad(one)]
        assert row[3] == ("; ".join(kinds) or "none of the kinds")


# --- feared and documented


def test_the_picks_stand_beside_the_cases_under_both_readings():
    table = tables.feared(documented, interviews)
    assert numbers(table) == [
        [str(PICKS[kind]) if kind in PICKS else "not on the list", *texts(*tally(strict(kind)), *tally(broad(kind)))]
        for kind in [*LISTED, *NEW]]


def test_each_kind_has_its_numbers_by_name():
    for kind in [*LISTED, *NEW]:
        node, years = getattr(documented.kinds, kind.replace("-", "_")), sorted(map(year, strict(kind)))
        assert [node.incidents, node.exercises] == texts(*tally(strict(kind)))
        assert [node.incidents_broad, node.exercises_broad] == texts(*tally(broad(kind)))
        assert [node.cases, node.cases_broad] == texts(len(strict(kind)), len(broad(kind)))
        assert node.told == told(strict(kind)) and node.told_broad == told(broad(kind))
        assert (node.first, node.last) == ((str(years[0]), str(years[-1])) if years else ("no year", "no year"))
        assert node.mitigations == str(len(mitigations(kind, "strict")))
        assert node.mitigations_broad == str(len(mitigations(kind, "strict", "broad")))


def words(kinds) -> str:
    """Labels as they stand in a sentence."""
    labels = documented.study.package.labels("mapping", "attack")
    low = [labels[kind][0].lower() + labels[kind][1:] for kind in kinds]
    return " and ".join(filter(None, [", ".join(low[:-1]), low[-1]])) if low else "none"


def test_what_sentences_say_of_all_kinds():
    found, every = documented.kinds, [*LISTED, *NEW]
    picked, unpicked = ([one for one in LISTED if bool(PICKS[one]) == yes] for yes in (True, False))
    for node, kinds in {
        found.disputed: [one for one in every if strict(one) != broad(one)],
        found.picked.without_incident: [one for one in picked if not tally(strict(one))[0]],
        found.picked.without_case: [one for one in picked if not broad(one)],
        found.unpicked.with_incident: [one for one in unpicked if tally(strict(one))[0]],
        found.without_technique: [one for one in every if not techniques(one, "strict", "broad")],
    }.items():
        assert (node.count, node.label) == (str(len(kinds)), words(kinds))
    assert (found.count, found.listed, found.new) == ("13", "11", "2")
    assert (found.picked.count, found.unpicked.count) == tuple(texts(len(picked), len(unpicked)))
    for node, kinds, count in (
        (found.most.picks, LISTED, PICKS.get), (found.most.incidents, every, lambda one: tally(strict(one))[0]),
        (found.most.exercises, every, lambda one: tally(strict(one))[1]),
        (found.most.mitigations, every, lambda one: len(mitigations(one, "strict"))),
    ):
        most = max(map(count, kinds))
        leading = [one for one in kinds if count(one) == most]
        assert (node.count, node.label) == (str(most), words(leading))
        assert node.told == " and ".join(told(strict(one)) for one in leading)
    assert found.most.incidents.by == "nobody" and PICKS["supply-chain"] == 0
    loose = [case for case in CASES if not any(case in broad(one) for one in every)]
    assert found.unmapped.count == str(len(loose)) and all(CASES[one]["name"] in found.unmapped.label for one in loose)


def test_every_case_is_of_one_of_three_parts_and_the_turn_is_counted_on_both_sides():
    new, old = (set().union(*map(strict, kinds)) for kinds in (NEW, LISTED))
    parts = documented.kinds.shown
    assert [parts.new.count, parts.listed.count, parts.none.count] == texts(
        len(new), len(old - new), len(CASES) - len(new | old))
    turn, first = documented.kinds.turn, min(map(year, new))
    assert turn.year == str(first)
    for node, side in ((turn.before, lambda case: year(case) < first), (turn.since, lambda case: year(case) >= first)):
        assert (node.cases, node.new) == tuple(texts(sum(map(side, CASES)), sum(map(side, new))))
        for kind in [*LISTED, *NEW]:
            assert getattr(node, kind.replace("-", "_")) == str(sum(map(side, strict(kind))))


def test_the_kinds_by_year():
    def cell(kind: str, one: int) -> str:
        incidents, exercises = tally(case for case in strict(kind) if year(case) == one)
        return f"{incidents} + {exercises}" if incidents or exercises else "0"

    assert numbers(tables.kinds(documented, interviews)) == [
        [cell(kind, one) for one in YEARS] for kind in [*LISTED, *NEW]]


def test_the_mitigations_by_phase_and_one_by_one():
    assert numbers(tables.phases(documented, interviews)) == [
        texts(*(sum(phase in phases(one) for one in mitigations(kind, "strict")) for phase in PHASES),
              len(mitigations(kind, "strict")), len(mitigations(kind, "strict", "broad")))
        for kind in [*LISTED, *NEW]]
    against = {row["mitigation"]: [kind for kind in [*LISTED, *NEW]
                                   if row["mitigation"] in mitigations(kind, "strict", "broad")]
               for row in rows("mitigations")}
    table, labels = tables.mitigations(documented, interviews), documented.study.package.labels("mapping", "attack")
    named = [one for one, kinds in against.items() if kinds]
    for row, data, one in zip(table.rows, table.about["data"], named, strict=True):
        assert one in row[0] and data["phases"] == ", ".join(phases(one))
        assert row[3] == "; ".join(labels[kind] + (" (broad reading)" if one not in mitigations(kind, "strict") else "")
                                   for kind in against[one])


def test_the_mapping_is_shown_line_by_line():
    table, names = tables.mapping(documented), {row["technique"]: row["name"] for row in rows("techniques")}
    assert len(table.rows) == len(rows("mapping"))
    for row, line in zip(table.rows, rows("mapping"), strict=True):
        assert row[3] == f"{line['reason']}."
        assert row[2] == (line["reading"] if line["technique"] else "–")
        assert row[1].startswith(names[line["technique"]]) if line["technique"] else row[1] == "none"


# --- the slips of the source


def test_the_slips_are_found_again_by_hand():
    every = [*rows("techniques"), *rows("tactics"), *rows("mitigations")]
    ends = {"year": r"\d{4}-01-01", "month": r"\d{4}-\d\d-01", "date": r"\d{4}-\d\d-\d\d"}
    pairs = Counter((row["mitigation"], row["technique"]) for row in rows("mitigation_techniques"))
    behind = Counter(row["attack_reference"] for row in rows("techniques") if row["attack_reference"])
    tactics = {row["technique"]: row["tactics"].split(";") for row in rows("techniques")}
    levels = {(True, True): "realized", (True, False): "realized", (False, True): "demonstrated",
              (False, False): "feasible"}

    def seen(technique: str) -> str:
        own = {technique} | {one for one, parent in PARENT.items() if parent == technique}
        incidents, exercises = tally(row["case"] for row in rows("procedures") if row["technique"] in own)
        return levels[bool(incidents), bool(exercises)]

    counted = [
        sum(not re.fullmatch(ends[row["date_granularity"]], row["date"]) for row in rows("cases")),
        sum(row["modified"] < row["created"] for row in every),
        sum(times > 1 for times in pairs.values()),
        sum(times > 1 for times in behind.values()),
        sum(row["tactic"] not in tactics[PARENT[row["technique"]] or row["technique"]] for row in rows("procedures")),
        sum(row["maturity"] != seen(row["technique"]) for row in rows("techniques")),
        sum(row["slip"] == "misplaced-entry" for row in rows("slips")),
        sum(row["slip"] == "actor-in-title" for row in rows("slips")),
    ]
    assert counted == [4, 2, 2, 2, 0, 0, 2, 1]
    table = tables.checks(documented)
    assert [row["slips"] for row in table.about["data"]] == counted
    assert [row["tried_on"] for row in table.about["data"]] == [
        len(CASES), len(every), len(rows("mitigation_techniques")), behind.total(), len(rows("procedures")),
        len(rows("techniques")), len(rows("mitigations")), len(CASES)]
    found = documented.checks
    assert (found.count, found.now, found.read) == ("8", "6", "2")
    assert (found.hold, found.slips) == tuple(texts(counted.count(0), sum(counted)))
    assert len(tables.slips(documented).rows) == sum(counted)


def test_a_slip_names_its_place_and_what_stands_there():
    shown_slips = [" ".join(map(str, row)) for row in tables.slips(documented).rows]
    for words in ("AML.CS0031", "2025-02-25, of which only the year is meant", "AML.M0018", "AML.M0034",
                  "an entry for AML.T0052.001", "“Ray”, while the target reads “Multiple systems”"):
        assert any(words in row for row in shown_slips)


# --- a collection is counted, and nothing else is made of it


@pytest.fixture(params=[*FIGURES.values(), *TABLES.values()], ids=[*FIGURES, *(f"table {name}" for name in TABLES)])
def made(request):
    function, *arguments = request.param
    return function(documented, *arguments)


def test_nothing_that_is_shown_has_a_share_or_an_interval_and_all_of_it_says_why(made):
    table = getattr(made, "table", made)
    said = json.dumps([made.note, table.about["data"], table.rows, getattr(made, "told", "")], ensure_ascii=False)
    assert "%" not in said and "Intervals:" not in said
    assert not {"share", "low", "high", "base", "level", "p"} & {name for row in table.about["data"] for name in row}
    assert table.about["collection"].startswith("A collection, not a sample")
    assert "MITRE ATLAS™ 5.6.0, © MITRE, Apache License 2.0" in (made.note or documented.study.credit)
    assert table.about["licence"] == "Apache-2.0" and not table.about["simulated"]
    assert "changed" in table.about["provenance"] and len(table.about["data"]) == len(table.rows) > 0


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_drawn_twice_without_a_whisker_and_tells_its_numbers(name):
    function, *arguments = FIGURES[name]
    figure = function(documented, *arguments)
    page = shown(figure)
    assert [svg.attributes["class"] for svg in page.css("svg")] == ["wide", "narrow"]
    assert len(figure.alt) < 150
    for chart in (figure.wide, figure.narrow):
        marks = {layer["mark"]["type"] for layer in chart["layer"]}
        assert marks <= {"rect", "text", "rule"} and {"rect", "text"} <= marks
        bands = list(map(float, chart["usermeta"]["bands"].split()))
        tiles = {"kinds": len(YEARS), "phases": len(PHASES)}.get(name, 1)
        assert len(bands) == 4 * tiles * len(figure.table.rows), "each number, or row, has its place in the drawing"
        for svg in page.css("svg"):
            colours = {node.attributes[key] for node in svg.css("*") for key in ("fill", "stroke")
                       if node.attributes.get(key)}
            assert all(one in ("none", "transparent") or one.startswith("var(--figure-") for one in colours), colours
    counts = {str(value) for row in figure.table.about["data"] for key, value in row.items()
              if isinstance(value, int) and value and "opening" not in key}
    assert counts <= set(re.findall(r"\d+", figure.told))


@pytest.mark.parametrize("ask", [
    lambda: figures.shares(documented, "kind"), lambda: figures.yes(documented, "kind"),
    lambda: figures.bars(documented, "kind"), lambda: figures.readings(documented, "kind", "incident"),
    lambda: tables.shares(documented, "kind"), lambda: tables.codebook(documented), lambda: tables.sums(documented),
    lambda: tables.missing(documented), lambda: tables.constructs(documented),
], ids=["shares", "yes", "bars", "readings", "table of shares", "codebook", "sums", "missing", "constructs"])
def test_whoever_asks_for_a_share_is_told_in_one_sentence_that_there_is_none(ask):
    with pytest.raises(DataError) as refusal:
        ask()
    assert str(refusal.value) == ("the study “documented” asked nobody: its cases were collected, and no share or "
                                  "interval can be made of them; count the rows of its files")


def test_no_finding_of_the_study_is_a_share():
    found = list(documented.walk())
    assert len(found) > 250
    assert not any("%" in one or {"low", "high", "base"} & set(one.exact) for one in found)


@pytest.mark.parametrize("name", ["documented", "feared"])
def test_the_chapters_speak_of_counts_alone(name):
    text = re.sub(r'synonyms="[^"]*"', "", (ROOT / "chapters" / f"{name}.qmd").read_text(encoding="utf-8"))
    assert not re.search(r"%|\bpercent|\.share\b|boxes\.share|\blikely that|\brate\b|\brisk of\b", text)


# --- what is refused


@pytest.fixture
def spoilt(tmp_path):
    """The study with one text replaced in a file, sealed, and read with all that this report finds in it."""

    def read(file: str, old: str, new: str) -> Findings:
        folder = tmp_path / "documented"
        shutil.copytree(FOLDER, folder)
        spoil(folder / file, old, new)
        seal(folder)
        study = read_study(folder)
        return Findings(study, ROOT, report.own["documented"](study, report))

    return read


REFUSED = {
    "a step of an unknown case": ("procedures.csv", "AML.CS0000,1,", "AML.CS0999,1,",
                                  "row 2, column “case”: “AML.CS0999” is in no row of cases.csv; correct it"),
    "a line for a technique that is gone": ("mapping.csv", "AML.T0024.002", "AML.T0024.009",
                                            "row 5, column “technique”: “AML.T0024.009” is in no row of techniques"),
    "an unknown tactic of a technique": ("techniques.csv", "Databases,AML.TA0002", "Databases,AML.TA0099",
                                         "row 2, column “tactics”: “AML.TA0099” is in no row of tactics.csv"),
    "a sub-technique of nothing": ("techniques.csv", "AML.T0000.000,AML.T0000,", "AML.T0000.000,AML.T9000,",
                                   "column “parent”: “AML.T9000” is in no row of techniques.csv"),
    "a date that is none": ("cases.csv", "2020-01-01,year", "early 2020,year",
                            "row 2, column “date”: “early 2020” is no date; write it as 2020-01-31"),
    "a technique that stands for nothing": ("mapping.csv", "AML.T0024.002,strict", "AML.T0024.002,none",
                                            "row 5: the reading none stands where there is no technique, and only"),
    "no technique under a reading": ("mapping.csv", "reprogramming,,none", "reprogramming,,strict",
                                     "the reading none stands where there is no technique, and only there"),
    "a kind without a line": ("mapping.csv", "reprogramming,,none", "poisoning,,none",
                              "no row is about “reprogramming”; add one"),
    "another name than the list has": ("datapackage.yaml", "label: Poisoning}", "label: Spoiling}",
                                       "no category “poisoning” with the label “Poisoning”, as the list has it"),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_together_is_refused_with_its_place(spoilt, file, old, new, message):
    with pytest.raises(DataError) as refusal:
        spoilt(file, old, new)
    assert message in str(refusal.value) and file in str(refusal.value) and "\n" not in str(refusal.value)


def test_another_count_of_a_kind_follows_from_another_line_of_the_mapping(spoilt):
    changed = spoilt("mapping.csv", "AML.T0102,broad", "AML.T0102,strict")
    assert (documented.kinds.agent_misuse.incidents, changed.kinds.agent_misuse.incidents) == ("2", "3")


def test_a_figure_of_the_cases_of_another_study_is_refused():
    with pytest.raises(DataError, match="the study “interviews” holds no documented cases"):
        figures.years(interviews)
    with pytest.raises(DataError, match="no case is called “accident”; use one of incident, exercise"):
        tables.cases(documented, interviews, "accident")
