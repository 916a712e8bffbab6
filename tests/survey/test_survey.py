"""The survey: its codebook, its responses, its hypotheses, and a small one that can be counted by hand."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from project import DATA
from project import SMALL as BOOK

from analysis import figures, tables
from surveybook.survey.data import seal
from surveybook.survey.data.codebook import KINDS
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.responses import CANT_SAY, NOT_ASKED, SKIPPED
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.findings import Findings

SURVEY = DATA / "practitioners"
ATTACKS = ("poisoning", "backdoor", "evasion", "model_stealing", "model_inversion", "membership_inference",
           "supply_chain")


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
    assert list(missing["size"].cat.categories) == ["not-asked", "skipped", "cant-say", "not-applicable"]
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
