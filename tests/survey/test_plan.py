"""What was planned before the data were there is sealed, and every later change is an amendment that readers see."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from surveybook import cli
from surveybook.skeleton import FILES
from surveybook.survey.data.loader import inspect_study, read_study
from surveybook.survey.data.plan import FILE, seal_plan
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import sections, tables

MARCH, APRIL, MAY = date(2026, 3, 2), date(2026, 4, 3), date(2026, 5, 4)
WHY = "the desk asked for another direction"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The example of a new report, whose answers are not there yet."""
    folder = tmp_path / "data" / "readers"
    shutil.copytree(FILES / "data" / "readers", folder, ignore=shutil.ignore_patterns(".cache"))
    (folder / "responses.csv").rename(tmp_path / "responses.csv")
    (folder / "simulation.yaml").unlink()
    text, _, _ = (folder / "datapackage.yaml").read_text("utf-8").replace(
        "simulated: true", "simulated: false").partition("disclosure:\n  minimum_cell: none")
    (folder / "datapackage.yaml").write_text(
        text + "disclosure: {minimum_cell: none, reason: they agreed that every count is shown}\n", "utf-8")
    return folder


def arrive(study: Path) -> None:
    """The answers come in."""
    shutil.copyfile(study.parent.parent / "responses.csv", study / "responses.csv")


def change(study: Path, old: str, new: str, file: str = "hypotheses.yaml") -> None:
    text = (study / file).read_text("utf-8")
    assert old in text
    (study / file).write_text(text.replace(old, new, 1), "utf-8")


def test_a_plan_is_sealed_without_answers_and_holds_when_they_come(study):
    said = seal_plan(study, MARCH)
    assert re.fullmatch(r"sealed the plan of 2 hypotheses and the codebook, before any response was there; "
                        r"plan.yaml is sha256:[0-9a-f]{64}", said)
    arrive(study)
    plan = read_study(study).plan
    assert plan.sentence() == "Sealed on 2 March 2026, before any response was there. Not amended since."
    assert plan.sentence("hours-age") == plan.sentence() and not plan.amendments()


CHANGES = {
    "the claim": ("Readers who borrow", "Those who borrow", ["visits-ebooks"]),
    "the direction": ("direction: negative", "direction: any", ["visits-ebooks"]),
    "what matters": ("tau_b: 0.2", "tau_b: 0.1", ["hours-age", "visits-ebooks"]),
    "the correction": ("correction: holm", "correction: benjamini-hochberg", ["hours-age", "visits-ebooks"]),
    "a hypothesis that is gone": (
        "  - id: visits-ebooks\n    family: readers\n    claim: Readers who borrow e-books come less often.\n"
        "    predictor: ebooks\n    outcome: visits\n    direction: negative\n"
        "    origin: Whoever can borrow at home need not come.\n", "", ["hours-age", "visits-ebooks"]),
}


@pytest.mark.parametrize(("old", "new", "parts"), CHANGES.values(), ids=CHANGES)
def test_what_changed_since_is_refused_by_name_until_it_is_an_amendment(study, old, new, parts):
    seal_plan(study, MARCH)
    arrive(study)
    change(study, old, new)
    with pytest.raises(DataError, match=rf"plan\.yaml:4: entries: 1: changed since 2026-03-02: {', '.join(parts)}; "):
        read_study(study)
    with pytest.raises(DataError, match="say why in some words"):
        seal_plan(study, APRIL)
    assert seal_plan(study, APRIL, WHY).startswith(f"sealed the amendment of {' and '.join(parts)}, when 60 responses")
    plan = read_study(study).plan
    assert [(one.day, one.reason, one.responses) for one in plan.amendments(parts[-1])] == [(APRIL, WHY, 60)]
    assert plan.sentence(parts[0]) == ("Sealed on 2 March 2026, before any response was there. "
                                       f"Amended on 3 April 2026, when 60 responses were there: {WHY}.")


def test_the_questions_of_a_hypothesis_belong_to_its_plan_and_other_words_do_not(study):
    seal_plan(study, MARCH)
    arrive(study)
    change(study, "Whoever can borrow at home need not come.", "Who can borrow at home has no need to come.")
    change(study, "How often the reader came to the library last month.", "Visits.", "datapackage.yaml")
    assert read_study(study).plan
    change(study, "bands: [0, 1, 2, 4, 8]", "bands: [0, 1, 2, 4, 9]", "datapackage.yaml")
    with pytest.raises(DataError, match="changed since 2026-03-02: codebook, visits-ebooks;"):
        read_study(study)


def test_a_claim_that_came_later_is_said_to_be_no_part_of_the_plan(study):
    seal_plan(study, MARCH)
    arrive(study)
    text = (study / "hypotheses.yaml").read_text("utf-8")
    (study / "hypotheses.yaml").write_text(text + """\
  - id: seats-age
    family: readers
    claim: Older readers are more content with the places.
    predictor: age
    outcome: content_seats
    direction: any
    origin: Somebody thought of it in April.
""", "utf-8")
    seal_plan(study, APRIL, "somebody thought of it in April")
    told = read_study(study).plan.sentence("seats-age")
    assert told == ("Not in the plan that was sealed on 2 March 2026; added on 3 April 2026, when 60 responses were "
                    "there: somebody thought of it in April. Not amended since.")


def test_the_site_shows_plan_and_amendments_beside_each_verdict(study):
    seal_plan(study, MARCH)
    arrive(study)
    change(study, "direction: negative", "direction: any")
    seal_plan(study, APRIL, WHY)
    findings = Findings(read_study(study))
    assert WHY in str(findings.hypotheses.visits_ebooks.plan) and WHY in str(findings.plan)
    rows = {row[0]: row[1] for row in tables.passport(findings, "visits-ebooks").rows}
    assert rows["Plan"] == str(findings.hypotheses.visits_ebooks.plan)
    section = sections.passports(findings, "readers").markdown
    assert section.count("Plan: ") == 2 and section.index("Verdict: ") < section.index("Plan: ")
    hours, visits = (str(row) for row in tables.hypotheses(findings).rows)
    assert "as planned" in hours and "amended since the plan" in visits


def test_a_study_without_a_plan_says_nothing_of_one(study):
    arrive(study)
    findings = Findings(read_study(study))
    assert "plan" not in dir(findings) and "Plan: " not in sections.passports(findings, "readers").markdown
    assert "planned" not in str(tables.hypotheses(findings).rows)


def test_there_is_nothing_to_amend_before_a_plan_nor_to_seal_twice(study):
    with pytest.raises(DataError, match="there is no plan yet"):
        seal_plan(study, MARCH, WHY)
    seal_plan(study, MARCH)
    with pytest.raises(DataError, match="nothing changed since 2026-03-02"):
        seal_plan(study, MAY, WHY)


def test_a_plan_that_could_not_be_followed_is_not_sealed(study):
    change(study, "predictor: age", "predictor: ages")
    with pytest.raises(DataError, match="no question is called “ages”"):
        seal_plan(study, MARCH)
    assert not (study / FILE).exists()


def test_an_entry_without_its_reason_is_refused(study):
    seal_plan(study, MARCH)
    change(study, "direction: negative", "direction: any")
    seal_plan(study, APRIL, WHY)
    change(study, f"reason: {WHY}", "", FILE)
    arrive(study)
    _, faults = inspect_study(study)
    assert "an amendment has a reason" in str(faults.found[0])


def test_the_command_seals_and_verify_says_it(study, monkeypatch, capsys):
    root = study.parent.parent
    monkeypatch.chdir(root)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1772409600")  # 2 March 2026
    assert cli.main(["seal", "--reason", WHY, "readers"]) == 1
    assert cli.main(["seal", "--plan", "readers"]) == 0
    arrive(study)
    assert capsys.readouterr().out.startswith("readers: sealed the plan of 2 hypotheses")
    assert cli.main(["verify"]) == 1  # there is no site
    assert "plan of readers: Sealed on 2 March 2026, before any response was there." in capsys.readouterr().out
