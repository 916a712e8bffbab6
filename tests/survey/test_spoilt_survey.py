"""What is wrong with a survey is refused: in its responses, and in each file of YAML that declares it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from project import DATA
from spoiled import rewrite_rows, spoil

from surveybook.survey.data.loader import read_study
from surveybook.survey.data.simulation.assumptions import read_model
from surveybook.survey.errors import DataError

SURVEY = DATA / "practitioners"


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of the survey that a test may spoil."""
    return Path(shutil.copytree(SURVEY, tmp_path / "practitioners"))


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
    rewrite_rows(copy, alter)
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
    line = spoil(copy / file, old, new)
    with pytest.raises(DataError) as refusal:
        study = read_study(copy)
        read_model(copy, study.responses.codebook, study.hypotheses)
    told = re.fullmatch(rf"{re.escape(str(copy / file))}:(\d+): (.*)", str(refusal.value))
    assert told and message in told[2], str(refusal.value)
    if "explain" not in message and "circle" not in message:
        assert abs(int(told[1]) - line) <= 9, f"line {line}: {refusal.value}"


def test_the_line_of_a_message_is_that_of_the_fault(copy):
    line = spoil(copy / "hypotheses.yaml", "predictor: maturity", "predictor: maturty")
    with pytest.raises(DataError, match=rf"hypotheses\.yaml:{line}: "):
        read_study(copy)


def test_a_question_without_wording_is_refused(copy):
    spoil(copy / "datapackage.yaml", "          wording: About how", "          example: About how")
    with pytest.raises(DataError, match="size: the key “wording” is missing; every question states it"):
        read_study(copy)


def test_a_study_needs_counts_or_responses(copy):
    spoil(copy / "datapackage.yaml", "  - name: responses", "  - name: rows")
    with pytest.raises(DataError, match=r"datapackage\.yaml:\d+: resources: there is no resource “counts” and none"):
        read_study(copy)
