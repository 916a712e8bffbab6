"""The survey: its codebook, its responses, its hypotheses, the model that draws it, and the label of drawn data."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml
from drawn import shown
from project import DATA, ROOT, as_real
from project import SMALL as BOOK
from scipy.stats import kendalltau, norm

from analysis import figures, tables
from surveybook.survey.data import seal
from surveybook.survey.data.codebook import KINDS, read_codebook
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.package import read_descriptor
from surveybook.survey.data.responses import CANT_SAY, NOT_ASKED, SKIPPED
from surveybook.survey.data.simulation import latents, simulate
from surveybook.survey.data.simulation.assumptions import Model, read_model
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import theme

SURVEY = DATA / "practitioners"
ATTACKS = ("poisoning", "backdoor", "evasion", "model_stealing", "model_inversion", "membership_inference",
           "supply_chain")



@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(SURVEY)


@pytest.fixture(scope="module")
def model(study) -> Model:
    return read_model(SURVEY, study.responses.codebook, study.hypotheses)


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the survey that a test may spoil."""
    return Path(shutil.copytree(SURVEY, tmp_path / "practitioners"))


def change(folder: Path, file: str, old: str, new: str) -> int:
    """Replace a text in a file of the study and return the line on which it stood."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")
    return text[: text.index(old)].count("\n") + 1


def write(folder: Path, alter: Callable[[list[dict[str, str]]], object]) -> None:
    """Change the rows of the responses, each a dictionary, and seal the file."""
    path = folder / "responses.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = list(rows[0])
    alter(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    seal.seal(folder)


# --- the codebook


def test_the_survey_has_every_construct_that_the_published_relations_name(study):
    constructs = {question.construct for question in study.questions.values()}
    assert constructs == {
        "organizational factor", "threat exposure", "expected likelihood to become a target", "implemented defenses",
        "individual factor", "prior knowledge", "threat perception",
    }
    names = {"size", "sector", "maturity", "faces_public", "third_party_models", "expected_likelihood", "defenses",
             "role", "ml_years", "education", "knowledge_ml_security", "knowledge_security", "knowledge_ml",
             "had_training", "exposure", "defenses_count", "attacks_relevant"}
    names |= {f"incident_{kind}" for kind in ("evasion", "poisoning", "data_leak", "model_copy", "supply_chain")}
    names |= {f"{part}_{attack}" for part in ("relevance", "reasons") for attack in ATTACKS}
    assert set(study.questions) == names


def test_every_question_says_what_a_reader_needs(study):
    for question in study.questions.values():
        assert question.origin.startswith("our operationalization of "), question.id
        assert question.unit in ("organization", "person") and question.kind in KINDS
        assert question.wording is None if question.counting else question.wording.rstrip()[-1] in "?.", question.id
        assert question.description.endswith(".") and question.asked and question.answers
        assert set(question.labels) == {*question.answers, *question.missing}


def test_the_codebook_has_a_column_for_everything_that_is_asked(study):
    asked = [name for name, question in study.questions.items() if not question.counting]
    assert list(study.package.tables["responses"]) == ["respondent", *asked]


def test_a_question_on_reasons_is_asked_of_those_who_hold_the_attack_relevant(study):
    for attack in ATTACKS:
        condition = study.questions[f"reasons_{attack}"].condition
        assert condition.question == f"relevance_{attack}"
        assert condition.answers == ("moderately", "very", "extremely")


# --- the responses


def test_139_respondents_answered_and_each_has_a_name_of_its_own(study):
    assert len(study.responses.respondents) == len(set(study.responses.respondents)) == 139
    assert study.responses.respondents[0] == "SYN-001"


def test_answers_are_typed_with_every_declared_answer_in_its_order(study):
    answers = study.responses.answers
    for name, question in study.questions.items():
        if question.kind == "multi-select":
            assert {str(answers[f"{name}.{option}"].dtype) for option in question.answers} == {"boolean"}
        elif question.kind == "count":
            assert str(answers[name].dtype) == "Int64"
        else:
            assert tuple(answers[name].cat.categories) == question.answers
            assert answers[name].cat.ordered == (question.kind == "ordered")


def test_what_is_missing_keeps_its_reason(study):
    answers, missing = study.responses.answers, study.responses.missing
    assert list(missing["size"].cat.categories) == ["not-asked", "skipped", "cant-say"]
    for name, question in study.questions.items():
        column = f"{name}.{question.answers[0]}" if question.kind == "multi-select" else name
        assert (answers[column].isna() == missing[name].notna()).all(), name
        found = {reason for reason, count in missing[name].value_counts().items() if count}
        assert found <= set(question.missing), name
    assert {"skipped", "cant-say"} <= set(missing["exposure"].dropna())


def test_shares_are_of_those_who_were_asked_and_answered(study):
    rows, asked = study.package.missing["responses"], study.questions["reasons_evasion"].distribution
    codes = rows["reasons_evasion"].value_counts().to_dict()
    assert asked.asked == 139 - codes["not-asked"] and asked.missing == {"skipped": codes.get("skipped", 0)}
    assert asked.answered == asked.asked - codes.get("skipped", 0)
    assert {share.base for share in asked.shares.values()} == {asked.answered}


def test_options_that_several_can_choose_have_shares_of_their_own_that_add_to_nothing(study):
    defenses = study.questions["defenses"].distribution
    rows = study.package.tables["responses"]["defenses"].dropna()
    assert defenses.counts["monitoring"] == sum("monitoring" in chosen for chosen in rows)
    assert sum(defenses.counts.values()) > defenses.answered == len(rows)
    assert {share.among for share in defenses.shares.values()} == {10}
    for forbidden in (lambda: defenses.group(["monitoring"]), defenses.equal):
        with pytest.raises(ValueError, match="several may be chosen"):
            forbidden()


def test_one_way_leads_from_either_kind_of_data_to_figures_tables_and_sentences(study):
    findings = Findings(study)
    for name, question in study.questions.items():
        table = tables.shares(findings, name)
        distribution = question.distribution
        assert {row["answer"]: row["count"] for row in table.about["data"]} == distribution.counts
        base = f"{distribution.asked}( of 139)? respondents asked, {distribution.answered} answered"
        assert re.search(base, table.note)
        assert (question.wording or question.description) in table.note
        answer = question.answers[0]
        of = getattr(getattr(findings, name), answer.replace("-", "_")).of
        assert of == f"{distribution.counts[answer]} of {distribution.answered}"
    assert len(tables.codebook(findings).rows) == len(study.questions)
    assert all(row[1].partition(" Asked: ")[0].rstrip("”")[-1] in ".?!…:" for row in tables.codebook(findings).rows)
    for name in ("size", "sector", "defenses", "ml_years", "exposure", "had_training"):  # one of each kind
        assert figures.shares(findings, name).note == tables.shares(findings, name).note


# --- a small survey, in which everything can be counted by hand

SMALL = """
name: small
title: A small survey
sources: [{title: Made up}]
licenses: [{name: CC0-1.0}]
simulated: false
credit: nobody
provenance: Made up.
disclosure: {minimum_cell: none, reason: Nobody stands behind a row that was made up.}
resources:
  - name: responses
    title: Responses
    path: responses.csv
    bytes: 0
    hash: none
    schema:
      primaryKey: [id]
      fields:
        - {name: id, title: Id, type: string, description: Id., constraints: {required: true}}
        - name: seen
          title: Seen
          type: string
          description: Seen.
          categories: [{value: "no", label: "No"}, {value: "yes", label: "Yes"}]
          missingValues: [{value: skipped, label: Skipped}, {value: cant-say, label: Can't say}]
          wording: Seen?
          kind: yes-no
          asked: all
          unit: person
          construct: sight
          origin: ours
        - name: heard
          title: Heard
          type: string
          description: Heard.
          categories: [{value: "no", label: "No"}, {value: "yes", label: "Yes"}]
          missingValues: [{value: skipped, label: Skipped}, {value: cant-say, label: Can't say}]
          wording: Heard?
          kind: yes-no
          asked: all
          unit: person
          construct: hearing
          origin: ours
        - name: how
          title: How
          type: list
          delimiter: ";"
          description: How.
          categories: [{value: eyes, label: Eyes}, {value: glass, label: Glass}, {value: none, label: None}]
          exclusive: none
          missingValues: [{value: not-asked, label: Not asked}, {value: skipped, label: Skipped}]
          wording: How?
          kind: multi-select
          asked: those who saw
          asked_if: {question: seen, is: "yes"}
          unit: person
          construct: sight
          origin: ours
        - name: times
          title: Times
          type: integer
          description: Times.
          constraints: {minimum: 0, maximum: 9}
          bands: [0, 1, 5]
          missingValues: [{value: skipped, label: Skipped}]
          wording: How often?
          kind: count
          asked: all
          unit: person
          construct: sight
          origin: ours
derived:
  - {name: any_missing, title: Senses, description: Senses., unit: person, construct: senses, origin: ours,
     counts: {of: [seen, heard], is: "yes"}, missing_if: any}
  - {name: all_missing, title: Senses, description: Senses., unit: person, construct: senses, origin: ours,
     counts: {of: [seen, heard], is: "yes"}, missing_if: all}
  - {name: ways, title: Ways, description: Ways., unit: person, construct: sight, origin: ours,
     counts: {of: [how]}, missing_if: any}
"""
ROWS = ["a,yes,yes,eyes;glass,0", "b,yes,no,none,4", "c,yes,skipped,skipped,5", "d,no,cant-say,not-asked,9",
        "e,cant-say,skipped,not-asked,skipped", "f,cant-say,cant-say,not-asked,1"]


@pytest.fixture
def small(tmp_path) -> Callable[..., Study]:
    """A survey with the given rows."""

    def made(*rows: str, descriptor: str = SMALL) -> Study:
        folder = tmp_path / "small"
        folder.mkdir(exist_ok=True)
        (folder / "datapackage.yaml").write_text(descriptor, encoding="utf-8")
        (folder / "responses.csv").write_text("\n".join(["id,seen,heard,how,times", *rows, ""]), encoding="utf-8")
        seal.seal(folder)
        return read_study(folder)

    return made


def test_a_third_study_is_a_folder_and_nothing_else(small):
    questions = small(*ROWS).questions
    assert dict(questions["seen"].distribution.counts) == {"no": 1, "yes": 3}
    assert dict(questions["seen"].distribution.missing) == {"skipped": 0, "cant-say": 2}
    how = questions["how"].distribution
    assert (how.asked, how.answered, dict(how.missing)) == (3, 2, {"skipped": 1})
    assert dict(how.counts) == {"eyes": 1, "glass": 1, "none": 1}
    assert dict(questions["times"].distribution.counts) == {"is-0": 1, "from-1": 2, "from-5": 2}
    assert questions["times"].labels["from-5"] == "5 to 9"


def test_a_derived_count_is_missing_as_declared(small):
    codes = small(*ROWS).responses.codes
    assert codes["any_missing"].tolist() == [2, 1, SKIPPED, CANT_SAY, SKIPPED, CANT_SAY]
    assert codes["all_missing"].tolist() == [2, 1, 1, 0, SKIPPED, CANT_SAY]
    assert codes["ways"].tolist() == [2, 0, SKIPPED, NOT_ASKED, NOT_ASKED, NOT_ASKED]


def test_people_who_were_not_asked_change_nothing(small):
    before = small(*ROWS).questions["how"].distribution
    after = small(*ROWS, "g,no,no,not-asked,0", "h,no,no,not-asked,0").questions["how"].distribution
    assert before == after


def test_the_order_of_the_rows_changes_nothing(small):
    before = {name: q.distribution for name, q in small(*ROWS).questions.items()}
    assert {name: q.distribution for name, q in small(*reversed(ROWS)).questions.items()} == before


def test_a_question_that_nobody_answered_has_no_shares(small):
    study = small("a,no,no,not-asked,0", "b,skipped,no,not-asked,0")
    assert study.questions["how"].distribution.shares == {}
    assert Findings(study).how.answered == "0"
    with pytest.raises(DataError, match="nobody answered “how”, so it has no shares; show another question"):
        tables.shares(Findings(study), "how")


# --- what is refused in the responses


def cell(column: str, value: str, where: Callable[[dict[str, str]], bool] = lambda row: True) -> Callable:
    """Writes a value into a column of the first row for which this holds."""

    def altered(rows: list[dict[str, str]]) -> None:
        next(row for row in rows if where(row))[column] = value

    return altered


def irrelevant(row: dict[str, str]) -> bool:
    return row["relevance_evasion"] in ("not-at-all", "slightly")


def relevant(row: dict[str, str]) -> bool:
    return row["relevance_evasion"] == "very"


FIRST = r"row 2, column "
REFUSED = {
    "an unknown answer": (cell("size", "larg"), FIRST + "“size”: “larg” is not declared; did you mean “large”?"),
    "an answer of another question": (cell("size", "finance"), FIRST + "“size”: “finance” is not declared; use one of"),
    "a list with an unknown option": (
        cell("defenses", "monitoring;red-team"),
        FIRST + "“defenses”: “red-team” is not declared; did you mean “red-teaming”?",
    ),
    "a list with an option twice": (
        cell("defenses", "monitoring;monitoring"), FIRST + "“defenses”: “monitoring” stands twice; remove one of them"
    ),
    "none beside something": (
        cell("defenses", "monitoring;none"), FIRST + "“defenses”: “none” excludes all other answers; keep it alone"
    ),
    "a missing code inside a list": (
        cell("defenses", "monitoring;skipped"), FIRST + "“defenses”: “skipped” is not declared"
    ),
    "an empty list": (cell("defenses", ""), FIRST + "“defenses”: the cell is empty; fill it in, or say why"),
    "an empty answer": (
        cell("size", ""), FIRST + "“size”: the cell is empty; fill it in, or say why it is missing: skipped"
    ),
    "a count too large": (cell("ml_years", "51"), FIRST + "“ml_years”: 51 is above 50; correct the number"),
    "a count too small": (cell("ml_years", "-1"), FIRST + "“ml_years”: -1 is below 0; correct the number"),
    "a count in words": (
        cell("ml_years", "many"), FIRST + "“ml_years”: “many” is not a whole number; write it in digits alone, or as"
    ),
    "a missing code that is not declared": (
        cell("size", "cant-say"), FIRST + "“size”: “cant-say” is not declared; use one of"
    ),
    "a missing code of nobody": (cell("ml_years", "n/a"), FIRST + "“ml_years”: “n/a” is not a whole number"),
    "an answer to a question that was not asked": (
        cell("reasons_evasion", "safety", irrelevant),
        "column “reasons_evasion”: the question was not asked, as it is for those who said moderately or very or",
    ),
    "no answer to a question that was asked": (
        cell("reasons_evasion", "not-asked", relevant),
        "column “reasons_evasion”: the question was asked, as it is for those who said moderately or very or",
    ),
    "a respondent twice": (
        cell("respondent", "SYN-002"), "row 3: repeats row 2 (SYN-002); remove one of them"
    ),
    "a respondent without a name": (cell("respondent", ""), FIRST + "“respondent”: the cell is empty; fill it in"),
    "no respondents": (list.clear, "row 1: there is no respondent below the header; add the responses"),
}


@pytest.mark.parametrize(("alter", "message"), REFUSED.values(), ids=REFUSED)
def test_a_spoilt_response_is_refused_with_its_place_and_a_remedy(copy, alter, message):
    write(copy, alter)
    with pytest.raises(DataError) as refusal:
        read_study(copy)
    assert str(refusal.value).startswith(f"{copy / 'responses.csv'}: ") and message in str(refusal.value)
    assert "\n" not in str(refusal.value)


# --- what is refused in the three YAML files: each message begins with file and line

SPOILT = {
    # the codebook
    "a misspelt key of a question": (
        "datapackage.yaml", "          wording: About how", "          wordin: About how",
        "resources: responses: schema: fields: size: wordin: unknown key; did you mean “wording”?",
    ),
    "an unknown kind": ("datapackage.yaml", "kind: nominal", "kind: nominl", "“nominl” is not known here; did you"),
    "a condition on an unknown question": (
        "datapackage.yaml", "{question: relevance_poisoning,", "{question: relevance_poison,",
        "reasons_poisoning: asked_if: question: no earlier question is called “relevance_poison”; did you mean",
    ),
    "a condition on a later question": (
        "datapackage.yaml", "{question: relevance_poisoning,", "{question: reasons_evasion,",
        "no earlier question is called “reasons_evasion”",
    ),
    "a condition on an unknown answer": (
        "datapackage.yaml", "{question: relevance_poisoning, at_least: moderately}",
        "{question: relevance_poisoning, at_least: moderate}",
        "at_least: no answer of “relevance_poisoning” is called “moderate”; did you mean “moderately”?",
    ),
    "a condition without an order": (
        "datapackage.yaml", "{question: relevance_poisoning, at_least: moderately}",
        "{question: sector, at_least: finance}", "at_least: “sector” has no order; write “is” instead",
    ),
    "a missing code of no kind": (
        "datapackage.yaml", "{value: skipped, label: Skipped}", "{value: skiped, label: Skipped}",
        "value: “skiped” is not known here; did you mean “skipped”?",
    ),
    "not asked without a condition": (
        "datapackage.yaml", "{value: skipped, label: Skipped}", "{value: not-asked, label: Skipped}",
        "size: missingValues: “asked_if” and the missing code “not-asked” belong together; give both",
    ),
    "an order where there is none": (
        "datapackage.yaml", "kind: nominal", "kind: ordered", "“categoriesOrdered: true” stands for the kind ordered",
    ),
    "a count of an unknown question": (
        "datapackage.yaml", "of: [incident_evasion,", "of: [incident_evade,",
        "derived: exposure: counts: of: no question is called “incident_evade”; did you mean “incident_evasion”?",
    ),
    "a count of different questions": (
        "datapackage.yaml", "of: [incident_evasion,", "of: [size,", "must be questions with the same answers",
    ),
    "a count of an unknown answer": (
        "datapackage.yaml", 'is: "yes"', 'is: "yess"', "counts: is: no answer of “incident_evasion” is called “yess”",
    ),
    "a question with the name of another": (
        "datapackage.yaml", "- name: exposure", "- name: size", "size: there is a question “size” already",
    ),
    "a name that is none": ("datapackage.yaml", "name: sector", "name: my-sector", "“my-sector” cannot name a"),
    "bands that do not rise": (
        "datapackage.yaml", "bands: [0, 2, 5", "bands: [0, 5, 2", "bands: must rise from 0 to at most 50; correct",
    ),
    "an answer that YAML takes for no text": (
        "datapackage.yaml", '{value: "no", label: "No"}', '{value: no, label: "No"}',
        "value: must be a text, and without quotes no or false is a truth value; put it in quotes",
    ),
    "a key twice": (
        "datapackage.yaml", "simulated: true", "simulated: true\nsimulated: false", "the key “simulated” stands twice",
    ),
    # the hypotheses
    "an unknown predictor": (
        "hypotheses.yaml", "predictor: maturity", "predictor: maturty",
        "hypotheses: exposure-maturity: predictor: no question is called “maturty”; did you mean “maturity”?",
    ),
    "an unknown outcome": (
        "hypotheses.yaml", "outcome: defenses_count", "outcome: defense_count", "did you mean “defenses_count”?",
    ),
    "an outcome that is not one number": (
        "hypotheses.yaml", "outcome: defenses_count", "outcome: defenses",
        "outcome: “defenses” is of the kind multi-select; count its answers under `derived`",
    ),
    "an unknown family": (
        "hypotheses.yaml", "family: defenses", "family: defences", "no family is called “defences”; did you mean",
    ),
    "an unknown published relation": (
        "hypotheses.yaml", "published: exposure-defenses", "published: exposure-defense", "no published relation is",
    ),
    "a direction between answers without an order": (
        "hypotheses.yaml", "direction: any", "direction: positive", "“sector” has no order, so no direction; write any",
    ),
    "an unknown direction": (
        "hypotheses.yaml", "direction: positive", "direction: upward", "direction: “upward” is not known here; use one",
    ),
    "a result": (
        "hypotheses.yaml", "    direction: positive", "    direction: positive\n    p: 0.03",
        "hypotheses: exposure-size: p: unknown key; ",
    ),
    "a published outcome that is not published": (
        "hypotheses.yaml", "outcome: supported", "outcome: strongly supported", "is not known here; did you mean",
    ),
    "two hypotheses of one name": (
        "hypotheses.yaml", "id: exposure-sector", "id: exposure-size", "there is a hypothesis with this id already",
    ),
    "one hypothesis twice": (
        "hypotheses.yaml", "predictor: sector\n    outcome: exposure\n    direction: any",
        "predictor: size\n    outcome: exposure\n    direction: any",
        "exposure-sector: has the predictor and outcome of “exposure-size”; remove one of them",
    ),
    "a smallest effect of no measure": (
        "hypotheses.yaml", "smallest_effects: &smallest {tau_b: 0.2, ", "smallest_effects: &smallest {tau: 0.2, ",
        "tau: unknown key; did you mean “tau_b”",
    ),
    "no correction without a reason": (
        "hypotheses.yaml", "correction: holm", "correction: none",
        "families: exposure: say under `uncorrected` why nothing is corrected where the correction is none, and only",
    ),
    "a reason for no correction where there is one": (
        "hypotheses.yaml", "correction: holm", "correction: holm\n    uncorrected: Each claim stands for itself.",
        "families: exposure: say under `uncorrected` why nothing is corrected where the correction is none, and only",
    ),
    "an unknown correction": (
        "hypotheses.yaml", "correction: holm", "correction: bonferroni", "correction: “bonferroni” is not known here",
    ),
    "an unknown question that a hypothesis holds equal": (
        "hypotheses.yaml", "id: exposure-size", "id: exposure-size\n    hold_equal: siez",
        "exposure-size: hold_equal: no question is called “siez”; did you mean “size”?",
    ),
    # the model
    "an assumption about an unknown question": (
        "simulation.yaml", "  maturity:\n", "  maturty:\n", "questions: maturty: no question is called “maturty”; did",
    ),
    "an assumption about an unknown answer": (
        "simulation.yaml", "{micro: ", "{mikro: ", "margin: mikro: no answer of “size” is called “mikro”; did you mean",
    ),
    "shares that do not add to one": (
        "simulation.yaml", "{micro: 0.14", "{micro: 0.24", "questions: size: margin: the shares add to 1.1; make them",
    ),
    "an answer without a share": (
        "simulation.yaml", "{micro: 0.14, ", "{", "questions: size: margin: the answer “micro” has no share; add it",
    ),
    "an assumption without a reason": (
        "simulation.yaml", "prefix: SYN\nreason:", "prefix: SYN\nresaon:", "resaon: unknown key; did you mean “reason”",
    ),
    "an effect on an unknown latent": (
        "simulation.yaml", "to: threat_exposure", "to: thread_exposure", "no factor or question is called",
    ),
    "an effect for an unknown hypothesis": (
        "simulation.yaml", "[exposure-size]", "[exposure-siez]", "no hypothesis is called “exposure-siez”; did you",
    ),
    "a loading that is too large": (
        "simulation.yaml", "loading: 0.45", "loading: 1.45", "1.45 is too large, the most is 1; correct the number",
    ),
    "loadings that explain too much": (
        "simulation.yaml", "loading: 0.45", "loading: 0.99", "the loadings of “defending” explain 1.10 of its variance",
    ),
    "loadings in a circle": (
        "simulation.yaml", "to: threat_exposure\n    loading: 0.0", "to: size\n    loading: 0.0", "in a circle (size, ",
    ),
    "a missing code that the question does not allow": (
        "simulation.yaml", "missing: {cant-say: 0.02}", "missing: {cant-say: 0.02, not-asked: 0.1}",
        "not-asked: unknown key",
    ),
}


@pytest.mark.parametrize(("file", "old", "new", "message"), SPOILT.values(), ids=SPOILT)
def test_a_spoilt_description_is_refused_with_file_and_line(copy, file, old, new, message):
    line = change(copy, file, old, new)
    with pytest.raises(DataError) as refusal:
        study = read_study(copy)
        read_model(copy, study.responses.codebook, study.hypotheses)
    told = re.fullmatch(rf"{re.escape(str(copy / file))}:(\d+): (.*)", str(refusal.value))
    assert told and message in told[2], str(refusal.value)
    if "explain" not in message and "circle" not in message:
        assert abs(int(told[1]) - line) <= 9, f"line {line}: {refusal.value}"


def test_the_line_of_a_message_is_that_of_the_fault(copy):
    line = change(copy, "hypotheses.yaml", "predictor: maturity", "predictor: maturty")
    with pytest.raises(DataError, match=rf"hypotheses\.yaml:{line}: "):
        read_study(copy)


def test_a_question_without_wording_is_refused(copy):
    change(copy, "datapackage.yaml", "          wording: About how", "          example: About how")
    with pytest.raises(DataError, match="size: the key “wording” is missing; every question states it"):
        read_study(copy)


def test_a_study_needs_counts_or_responses(copy):
    change(copy, "datapackage.yaml", "  - name: responses", "  - name: rows")
    with pytest.raises(DataError, match=r"datapackage\.yaml:\d+: resources: there is no resource “counts” and none"):
        read_study(copy)


# --- the hypotheses


def test_every_hypothesis_is_whole(study):
    families = {}
    for name, hypothesis in study.hypotheses.items():
        assert name == hypothesis.id and hypothesis.claim.endswith(".") and hypothesis.origin.endswith(".")
        assert hypothesis.predictor is study.responses.codebook[hypothesis.predictor.id]
        families.setdefault(hypothesis.family.id, []).append(hypothesis)
        assert set(hypothesis.family.smallest_effects) == {"tau_b", "cliff_delta", "epsilon_squared"}
        assert hypothesis.origin.startswith("Ours;") == (hypothesis.published is None)
    assert {name: len(members) for name, members in families.items()} == {"exposure": 5, "defenses": 4, "perception": 7}


def test_only_what_is_published_is_called_published(study):
    outcomes = {(h.family.id, h.predictor.construct, h.published.outcome)
                for h in study.hypotheses.values() if h.published}
    assert outcomes == {
        ("exposure", "organizational factor", "no factor was found to be one"),
        ("defenses", "threat exposure", "supported"),
        ("defenses", "expected likelihood to become a target", "supported"),
        ("perception", "prior knowledge", "supported"),
    }
    assert {h.published.read_in for h in study.hypotheses.values() if h.published} == {"abstract"}


def test_a_hypothesis_holds_no_result():
    declared = yaml.safe_load((SURVEY / "hypotheses.yaml").read_text(encoding="utf-8"))
    keys = {"id", "family", "claim", "predictor", "outcome", "direction", "origin", "published"}
    assert all(set(hypothesis) <= keys for hypothesis in declared["hypotheses"])


def test_every_hypothesis_has_its_effect_in_the_model_and_every_effect_its_hypotheses(study, model):
    served = [name for effect in model.effects for name in effect.hypotheses]
    assert sorted(served) == sorted(study.hypotheses)


# --- the model and its draw


def test_the_responses_are_the_bytes_that_the_model_gives():
    assert simulate.simulated(SURVEY).encode() == (SURVEY / "responses.csv").read_bytes()


def test_another_process_with_other_hashes_draws_the_same_bytes():
    code = ("import hashlib; from pathlib import Path; from surveybook.survey.data.simulation import simulate; "
            "print(hashlib.sha256(simulate.simulated(Path('data/practitioners')).encode()).hexdigest())")
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
                         env={"PYTHONHASHSEED": "7", "PATH": "", "OMP_NUM_THREADS": "1"})
    sealed = yaml.safe_load((SURVEY / "datapackage.yaml").read_text(encoding="utf-8"))["resources"][0]["hash"]
    assert ran.stdout.strip() == sealed.removeprefix("sha256:")


def test_another_seed_draws_others():
    assert simulate.simulated(SURVEY, seed=1) != simulate.simulated(SURVEY, seed=2) != simulate.simulated(SURVEY)


def test_drawn_responses_are_read_without_complaint_for_any_seed_and_number(copy):
    for n, seed in ((1, 3), (28, 4), (1000, 5)):
        text = (copy / "simulation.yaml").read_text(encoding="utf-8")
        text = re.sub(r"(?m)^respondents: .*", f"respondents: {n}", re.sub(r"(?m)^seed: .*", f"seed: {seed}", text))
        (copy / "simulation.yaml").write_text(text, encoding="utf-8")
        simulate.simulate(copy)
        assert len(read_study(copy).responses.respondents) == n


def test_what_is_read_is_what_was_drawn(study, model):
    codebook = study.responses.codebook
    drawn = latents.answer(model, codebook, latents.draw(model, 139, model.seed))
    assert list(drawn) == list(study.responses.codes)
    for name, code in drawn.items():
        assert (code == study.responses.codes[name]).all(), name


@pytest.fixture(scope="module")
def many(model) -> dict[str, np.ndarray]:
    return latents.draw(model, 40_000, 1)


def test_every_latent_is_standard_normal_and_the_answers_have_the_assumed_margins(study, model, many):
    for name, latent in many.items():
        assert abs(latent.mean()) < 0.025 and abs(latent.std() - 1) < 0.02, name
    codes = latents.answer(model, study.responses.codebook, many)
    for name, margin in model.margins.items():
        given = codes[name][codes[name] >= 0]
        values = list(range(len(margin))) if study.questions[name].kind != "count" else [int(n) for n in margin]
        shares = [(given == value).mean() for value in values]
        assert np.allclose(shares, list(margin.values()), atol=0.015), name


def test_loadings_are_correlations_where_nothing_else_leads_there(many):
    def correlation(one: str, other: str) -> float:
        return float(np.corrcoef(many[one], many[other])[0, 1])

    assert correlation("threat_exposure", "incident_evasion") == pytest.approx(0.7, abs=0.02)
    assert correlation("size", "maturity") == pytest.approx(0.25, abs=0.02)
    assert correlation("threat_exposure", "defending") == pytest.approx(0.45, abs=0.02)
    assert correlation("size", "threat_exposure") == pytest.approx(0, abs=0.02)


def taus(study: Study, model: Model, n: int = 40_000) -> dict[str, float]:
    codes = latents.answer(model, study.responses.codebook, latents.draw(model, n, 2))
    found = {}
    for name, hypothesis in study.hypotheses.items():
        x, y = codes[hypothesis.predictor.id], codes[hypothesis.outcome.id]
        both = (x >= 0) & (y >= 0)
        found[name] = kendalltau(x[both], y[both]).statistic
    return found


def test_the_effects_are_in_the_model_where_they_are_published_and_nowhere_else(study, model):
    found = taus(study, model)
    published = {name for name, h in study.hypotheses.items() if h.published and h.published.outcome == "supported"}
    correlated = {"perception-training", "perception-security", "perception-years"}  # by way of the knowledge
    for name, tau in found.items():
        if name in published:
            assert tau > 0.15, name
        elif name not in correlated:
            assert abs(tau) < 0.02, name


def test_effects_can_be_switched_off_all_at_once_or_set_one_by_one(study, model):
    assert all(abs(tau) < 0.02 for tau in taus(study, model.scaled(0)).values())
    one = taus(study, model.scaled(0).with_effects({("size", "threat_exposure"): 0.6}))
    assert one["exposure-size"] > 0.15
    assert all(abs(tau) < 0.02 for name, tau in one.items() if name not in ("exposure-size", "exposure-maturity"))
    with pytest.raises(DataError, match="no effect of “size” on “perception”; declare it in simulation.yaml"):
        model.with_effects({("size", "perception"): 0.1})


def test_a_part_of_the_questions_is_drawn_as_among_all(study, model):
    wanted = ["size", "incident_evasion", "incident_poisoning", "incident_data_leak", "incident_model_copy",
              "incident_supply_chain", "defenses"]
    part = latents.draw(model, 50, 9, wanted)
    whole = latents.draw(model, 50, 9)
    assert len(part) < len(whole) / 2
    assert all((part[name] == whole[name]).all() for name in part)
    codes = latents.answer(model, study.responses.codebook, part)
    assert set(codes) == {*wanted, "exposure", "defenses_count"}


def test_the_thresholds_are_those_of_the_normal_distribution():
    assert latents._threshold(0.975) == pytest.approx(norm.ppf(0.975), abs=1e-8)


def test_real_responses_are_never_replaced_by_drawn_ones(copy):
    line = change(copy, "datapackage.yaml", "simulated: true", "simulated: false")
    before = (copy / "responses.csv").read_bytes()
    with pytest.raises(DataError, match=f"datapackage.yaml:{line}: simulated: real responses are not replaced"):
        simulate.simulate(copy)
    assert (copy / "responses.csv").read_bytes() == before


def test_drawing_again_changes_nothing(copy):
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    assert simulate.simulate(copy) == "practitioners: 139 respondents drawn; nothing changed"
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before


# --- the label


SHOWN = {
    "figure": lambda findings: figures.shares(findings, next(iter(findings.study.questions))),
    "table": lambda findings: tables.shares(findings, next(iter(findings.study.questions))),
    "codebook": tables.codebook,
    "files": tables.files,
    "sums": tables.sums,
}


@pytest.fixture(scope="module", params=["interviews", "practitioners"])
def either(request, tmp_path_factory) -> dict[bool, Findings]:
    """The findings of each kind of study, with the flag `simulated` and without it, and nothing else changed."""
    found = {}
    for simulated in (True, False):
        folder = shutil.copytree(DATA / request.param, tmp_path_factory.mktemp("flag") / request.param)
        path = folder / "datapackage.yaml"
        text = path.read_text(encoding="utf-8")
        text = text.replace("simulated: false", "simulated: true") if simulated else as_real(text)
        path.write_text(text, encoding="utf-8")
        found[simulated] = Findings(read_study(folder), ROOT)  # verdicts are kept by the answers
    return found


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_the_flag_puts_the_label_on_everything_that_is_shown(either, show):
    page = shown(show(either[True]))
    (element,) = page.css(".report-figure, .report-table")
    assert "simulated" in element.attributes["class"].split()
    assert element.attributes["data-evidence"] == "simulated"
    assert page.css_first(".table-scroll").attributes["aria-label"].startswith("Simulated data. ")
    assert json.loads(page.css_first("script.report-data").text())["simulated"] is True
    for drawing in page.css("svg"):
        assert drawing.attributes["aria-label"].startswith("Simulated data. ")
        assert "Simulated data" in [text.text() for text in drawing.css("text")]


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_without_the_flag_there_is_no_label_and_the_numbers_are_the_same(either, show):
    labelled, bare = show(either[True]), show(either[False])
    words = bare._repr_mimebundle_()["text/markdown"].replace('"simulated": false', "")
    assert not re.search("simulat", words, re.IGNORECASE), re.findall(".{40}imulat.{40}", words)
    rows = [[row.text() for row in shown(thing).css("tbody tr")] for thing in (labelled, bare)]
    unlike = [other for one, other in zip(*rows, strict=True) if one != other]
    assert rows[0] and all("responses.csv" in row and "not published" in row for row in unlike)
    assert len(unlike) <= (show is SHOWN["files"]), "the rows of real answers are not given away; all else is the same"


def test_every_finding_of_a_simulated_study_says_so_in_its_span_and_no_other_does(either):
    simulated, real = either[True], either[False]
    mark = ']{.finding .simulated data-label="Simulated data" title="Simulated data" data-from='
    for finding in simulated.walk():
        assert mark in finding._repr_markdown_()
        kind = "simulated" if finding.evidence == "simulated" else "declared"
        assert finding._repr_markdown_().endswith(f' data-evidence="{kind}"}}')
    assert all("]{.finding data-from=" in finding._repr_markdown_() for finding in real.walk())
    assert not any("simulat" in finding.lower() for finding in real.walk())
    sentences = {"source", "provenance", "answers"}
    for one, other in zip(simulated.walk(), real.walk(), strict=True):
        assert one.source == other.source
        plain = one.replace("The simulated answers", "The answers")
        assert plain == other or one.source.rpartition(".")[2] in sentences


def test_what_was_said_before_any_answer_is_not_called_drawn(either):
    """Real answers to the same questions would change nothing of it."""
    said = {one.source for one in either[True].walk() if one.evidence == "declared"}
    study = either[True].study
    assert {f"{study.id}.provenance", *(f"{study.id}.{name}.label" for name in study.questions)} <= said
    assert not {f"{study.id}.{name}.answered" for name in study.questions} & said


def test_a_simulated_picture_says_so_behind_its_marks_which_are_hollow_and_where_they_were(either):
    dotted = {"interviews": lambda findings: figures.readings(findings, "secures", "no"),
              "practitioners": lambda findings: figures.shares(findings, "defenses")}[either[True].study.id]

    def drawn(simulated: bool) -> list:
        return [svg for show in (SHOWN["figure"], dotted) for svg in shown(show(either[simulated])).css("svg")]

    for one, other in zip(drawn(True), drawn(False), strict=True):
        assert one.attributes["viewBox"] == other.attributes["viewBox"]
        behind, texts = one.css_first("g").css("text"), [text.text() for text in one.css("text")]
        assert behind and {text.text() for text in behind} == {"Simulated data"}
        assert texts[len(behind):] == [text.text() for text in other.css("text")]
        left, top, width, height = map(float, one.attributes["viewBox"].split())
        rows = sorted({float(text.attributes["y"]) for text in behind})
        assert all(after - before <= 100 for before, after in zip([top, *rows], [*rows, top + height], strict=True))
        assert "var(--figure-mark" not in one.html
        lines = one.css(f'line[stroke="{theme.PAPER}"]')  # of a hatch
        dots = [node for node in one.css("path") if "A" in (node.attributes.get("d") or "")]
        assert {(dot.attributes["fill"], dot.attributes["stroke"]) for dot in dots} <= {(theme.PAPER, theme.SIMULATED)}
        assert bool(lines) != bool(dots) and theme.PAPER not in "".join(node.html for node in other.css("line"))


def test_real_responses_take_every_label_away_and_every_number_is_computed_anew(copy, study):
    before = {finding.source: str(finding) for finding in Findings(study, ROOT).walk()}
    (copy / "responses.csv").write_text(
        simulate.simulated(copy, seed=4).replace("SYN-", "R"), encoding="utf-8", newline=""
    )
    path = copy / "datapackage.yaml"
    path.write_text(as_real(path.read_text(encoding="utf-8")), encoding="utf-8")
    seal.seal(copy)
    real = read_study(copy)
    findings = Findings(real)
    for name, question in real.questions.items():
        rows = real.package.tables["responses"]
        if question.kind in ("yes-no", "ordered", "nominal"):
            counts = rows[name].value_counts()
            assert dict(question.distribution.counts) == {item: counts.get(item, 0) for item in question.answers}
        words = tables.shares(findings, name)._repr_mimebundle_()["text/markdown"].replace('"simulated": false', "")
        assert not re.search("simulat", words, re.IGNORECASE), name
    picture = figures.shares(findings, "exposure")._repr_mimebundle_()["text/markdown"]
    assert "Simulated" not in picture and "simulated\"" not in picture.replace('"simulated": false', "")
    after = {finding.source: str(finding) for finding in findings.walk()}
    assert not any(re.search("simulat", words, re.IGNORECASE) for words in after.values())
    moved = [name for name in real.questions
             if real.questions[name].distribution != study.questions[name].distribution]
    assert len(moved) == len(real.questions)
    assert after["practitioners.exposure.is_0.of"] != before["practitioners.exposure.is_0.of"]


def test_the_codebook_can_be_read_without_the_responses(copy):
    (copy / "responses.csv").unlink()
    assert "exposure" in read_codebook(read_descriptor(copy, "study"))


# --- read once


def test_what_is_kept_of_the_responses_is_what_is_read(tmp_path):
    folder = Path(shutil.copytree(DATA / "practitioners", tmp_path / "data" / "practitioners"))
    plain, first, kept = read_study(folder).responses, *(read_study(folder, tmp_path).responses for _ in range(2))
    for one in (first, kept):
        assert tuple(one.respondents) == plain.respondents and one.codes.keys() == plain.codes.keys()
        for name, code in plain.codes.items():
            assert one.codes[name].dtype == code.dtype and (one.codes[name] == code).all(), name
        assert one.answers.equals(plain.answers) and one.missing.equals(plain.missing)


def test_a_row_that_changed_is_read_and_refused_where_the_old_one_is_kept(tmp_path):
    folder = Path(shutil.copytree(BOOK / "data" / "residents", tmp_path / "data" / "residents"))
    read_study(folder, tmp_path)
    path = folder / "responses.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",yes", ",perhaps", 1), encoding="utf-8", newline="")
    with pytest.raises(DataError, match="not the one whose hash"):
        read_study(folder, tmp_path)
    seal.seal(folder)
    with pytest.raises(DataError, match="“perhaps” is not declared"):
        read_study(folder, tmp_path)
