"""The ledger finds by itself what does not agree, by how much, and what would make it agree."""

from __future__ import annotations

import shutil

import pytest
from project import DATA

from surveybook.survey.data import seal
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.study import Study
from surveybook.survey.evidence.ledger import AGREES, DIFFERS, UNCHECKABLE, ledger, repairs


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(DATA / "interviews")


@pytest.fixture
def altered(tmp_path):
    """The interview study with some counts changed."""

    def alter(*changes: tuple[str, str]) -> Study:
        folder = shutil.copytree(DATA / "interviews", tmp_path / "interviews")
        text = (folder / "counts.csv").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (folder / "counts.csv").write_text(text, encoding="utf-8")
        seal.seal(folder)
        return read_study(folder)

    return alter


def entry(study: Study, claim: str):
    return next(e for e in ledger(study) if e.claim["claim"] == claim)


# --- what the source holds: facts/interviews lists the verdict on each claim

VERDICTS = {
    "sensitive": DIFFERS, "other-fields": AGREES, "type-total": DIFFERS, "pick-total": DIFFERS, "mlaas": AGREES,
    "scratch": AGREES, "toolkits": AGREES, "no-tools-text": AGREES, "no-tools-intro": DIFFERS,
    "important": UNCHECKABLE, "headcount": UNCHECKABLE, "knowledge": UNCHECKABLE,
}


def test_every_claim_has_its_verdict(study):
    assert {e.claim["claim"]: e.verdict for e in ledger(study)} == VERDICTS


@pytest.mark.parametrize("claim", ["type-total", "pick-total"])
def test_the_tables_of_fields_and_of_attacks_add_to_29_with_28_organizations(study, claim):
    found = entry(study, claim)
    assert (found.share.count, found.question.distribution.asked, found.difference) == (29, 28, 1)
    assert found.question.distribution.surplus == 1


def test_23_rather_than_22_organizations_are_in_sensitive_fields(study):
    found = entry(study, "sensitive")
    assert (found.share.count, found.share.base, found.difference) == (23, 28, 1)
    assert found.mends == ("if one of the rows were 1 lower",)


def test_25_of_28_needs_the_silent_ones_counted_as_no(study):
    found = entry(study, "no-tools-intro")
    assert (found.share.count, found.share.base, found.difference) == (22, 25, -3)
    assert found.mends == ("if “No satisfactory answer” (3) is counted as “No”",)


def test_what_no_table_counts_is_said_to_be_uncheckable(study):
    found = entry(study, "important")
    assert found.share is None and found.reason == "no published table counts it"


# --- what one change of a count would do


def test_the_fields_are_reconciled_by_one_organization_less_in_any_sensitive_field(study):
    found = repairs(study, study.questions["type"])
    assert [(r.item, r.change) for r in found] == [
        (item, -1) for item in ("cybersecurity", "healthcare", "government", "consulting", "banking")
    ]


def test_a_repair_does_repair(study, altered):
    changed = altered(("type,healthcare,5,", "type,healthcare,4,"))
    assert changed.questions["type"].distribution.surplus == 0
    verdicts = {e.claim["claim"]: e.verdict for e in ledger(changed)}
    assert verdicts == VERDICTS | {"sensitive": AGREES, "type-total": AGREES}
    assert repairs(changed, changed.questions["type"]) == [], "what is whole needs no repair"


def test_claims_that_contradict_each_other_have_no_repair(study):
    assert repairs(study, study.questions["secures"]) == []


# --- another count, another verdict


def test_a_claim_that_agreed_no_longer_does(altered):
    found = entry(altered(("build,scratch,2,", "build,scratch,4,")), "scratch")
    assert (found.verdict, found.difference, found.mends) == (DIFFERS, 2, ("if the row were 2 lower",))


def test_most_must_be_more_than_half(altered):
    found = entry(altered(("build,frameworks,16,", "build,frameworks,9,"), ("service,10,", "service,17,")), "toolkits")
    assert found.verdict == DIFFERS
    assert "that is not “most”" in found.reason


def test_fewer_than_printed_can_still_be_most(altered):
    found = entry(altered(("build,frameworks,16,", "build,frameworks,15,"), ("service,10,", "service,11,")), "toolkits")
    assert found.verdict == DIFFERS
    assert "most" not in found.reason


def test_a_row_left_out_is_found_as_a_mend(altered):
    found = entry(altered(("type,translation,1,", "type,translation,2,"), ("type,publishing,1,", "type,publishing,2,"),
                          ("type,agriculture,1,", "type,agriculture,0,")), "other-fields")
    assert found.difference == 1
    assert found.mends == ("if “Social media analytics” (1) is left out", "if “Urban planning” (1) is left out",
                           "if “Food processing” (1) is left out")


def test_a_row_added_is_found_as_a_mend(altered):
    found = entry(altered(("type,translation,1,", "type,translation,0,"), ("type,banking,2,", "type,banking,1,")),
                  "other-fields")
    assert found.difference == -1
    assert found.mends == ("if “Banking” (1) is added",)
