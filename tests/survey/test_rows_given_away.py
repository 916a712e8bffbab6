"""Rows of answers are given away only where that is proved or declared, whichever name leads to them."""

from __future__ import annotations

import itertools
import re
import shutil
from pathlib import Path

import pytest
from declared import AGREED, RULE, WHOLE, add_copy, answered, declare, declare_resource, descriptor_of, drawn
from project import SMALL

from surveybook import cli
from surveybook.publish.checks.respondents import respondents_shown
from surveybook.publish.downloads.studies import read_archive
from surveybook.publish.manifest import source
from surveybook.publish.site.study import read_studies, undisclosed
from surveybook.survey.data.loader import read_study
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables

# --- rows are given away only where that is proved or declared


def published(root: Path, name: str) -> dict[str, bytes]:
    given = read_archive(root, read_studies(root)[name], [], None).files
    return {path: content.read() for path, content in given.items()}


def test_both_wings_give_away_the_same_and_never_a_row_that_nobody_declared(tmp_path):
    read = 0
    for number, (made_up, rule, declared, more, why) in enumerate(itertools.product(
            (True, False), (WHOLE, RULE), (False, True), (None, "rows", "counts"), (False, True))):
        folder = tmp_path / str(number) / "data" / "clinic"
        (drawn if made_up else answered)(folder)
        declare(folder, simulated=made_up, disclosure=rule)
        if declared:
            declare_resource(folder, published_because=AGREED)
        if more:
            add_copy(folder, more, **({"published_because": AGREED} if why else {}))
        elif why:
            continue
        contradiction = rule is RULE and (declared or (more and why)) or (made_up and declared)
        if contradiction:
            with pytest.raises(DataError, match="published_because: "):
                read_study(folder)
            continue
        given = read_study(folder).given_away
        there = read_studies(folder.parents[1])["clinic"]
        assert there.given_away == given
        files = published(folder.parents[1], "clinic")
        assert ("responses.csv" in files) == ((made_up and rule is WHOLE) or declared)
        if more:
            assert (f"{more}.csv" in files) == why
        told = source(folder.parents[1], tmp_path / "no site", undisclosed(folder.parents[1])).inputs
        assert {name for name in told if name.endswith(".csv")} == {
            f"data/clinic/{name}" for name in files if name.endswith(".csv")}
        if "responses" not in given and not made_up and not why:
            assert not any(b"patient-001" in content for content in files.values())
        read += 1
    assert read == 21


@pytest.mark.parametrize("place", ["answers.csv", "data/raw.SAV", "data/exports/raw.xlsx", "chapters/raw.zip"])
def test_of_an_export_that_was_left_in_the_report_not_even_the_name_is_told(tmp_path, place):
    answered(tmp_path / "data" / "clinic", simulated=False)
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"patient-001")
    (tmp_path / "chapters").mkdir(exist_ok=True)
    (tmp_path / "chapters" / "one.qmd").write_text("# One", "utf-8")
    state = source(tmp_path, tmp_path / "site", undisclosed(tmp_path))
    assert place not in state.inputs and place in state.private and "chapters/one.qmd" in state.inputs


@pytest.mark.parametrize("word, simulated", [("true", True), ("True", True), ("yes", True), ("on", True),
                                             ("false", False), ("no", False), ("Off", False)])
def test_both_wings_read_the_word_alike(tmp_path, word, simulated):
    folder = (drawn if simulated else answered)(tmp_path / "data" / "clinic")
    declare(folder, simulated=simulated, disclosure=WHOLE)
    path = folder / "datapackage.yaml"
    path.write_text(re.sub("(?m)^simulated: .*", f"simulated: {word}", path.read_text("utf-8")), "utf-8")
    there = read_studies(tmp_path)["clinic"]
    assert read_study(folder).simulated == there.simulated == simulated
    assert read_study(folder).given_away == there.given_away


@pytest.mark.parametrize("why", ["", "yes", "true", "they are open data", "   a  b c d"])
def test_a_reason_for_giving_rows_away_is_one(tmp_path, why):
    folder = answered(tmp_path / "clinic", simulated=False, disclosure=WHOLE)
    declare_resource(folder, published_because=why)
    with pytest.raises(DataError, match="published_because: .* is not a reason of at least five words"):
        read_study(folder)


@pytest.mark.parametrize("path", ["../clinic/responses.csv", "/etc/passwd", "more/../../clinic/responses.csv"])
def test_no_study_lists_the_files_of_another_one(tmp_path, path):
    answered(tmp_path / "data" / "clinic", simulated=False, disclosure=RULE)
    folder = drawn(tmp_path / "data" / "residents")
    text = (folder / "datapackage.yaml").read_text("utf-8")
    (folder / "datapackage.yaml").write_text(text.replace("path: responses.csv", f"path: {path}"), "utf-8")
    with pytest.raises(DataError, match="path: .* is not a path inside the folder of the study"):
        read_study(folder)


@pytest.mark.parametrize("rule", [WHOLE, RULE], ids=["shown whole", "withheld"])
def test_a_table_that_is_not_published_is_in_no_finding_and_no_fact(tmp_path, rule):
    folder = answered(tmp_path / "data" / "clinic", simulated=False, disclosure=rule)
    add_copy(folder, "rows")
    findings = Findings(read_study(folder))
    assert not [one.source for one in findings.walk() if one.source.startswith("clinic.rows")]
    with pytest.raises(AttributeError, match="clinic has no finding “rows”"):
        findings.rows  # noqa: B018
    if rule is WHOLE:
        declare_resource(folder, "rows", published_because=AGREED)
        assert str(Findings(read_study(folder)).rows.count) == "60"


def test_no_two_tables_share_a_name_and_what_one_of_them_declares(tmp_path):
    folder = answered(tmp_path / "data" / "clinic", simulated=False, disclosure=WHOLE)
    resources = descriptor_of(folder)["resources"]
    declare(folder, resources=[*resources, resources[0] | {"published_because": AGREED}])
    with pytest.raises(DataError, match="there is a resource “responses” already; choose another name"):
        read_study(folder)


def test_one_file_under_two_names_is_as_private_as_the_stricter_one(tmp_path):
    folder = answered(tmp_path / "data" / "clinic", simulated=False, disclosure=WHOLE)
    add_copy(folder, "rows", path="./responses.csv", published_because=AGREED)
    assert "responses.csv" not in published(tmp_path, "clinic")


def test_counts_and_claims_hold_nothing_else(tmp_path):
    folder = Path(shutil.copytree(SMALL / "data" / "councils", tmp_path / "councils"))
    schema = descriptor_of(folder)["resources"][0]["schema"]
    schema["fields"].append({"name": "who", "title": "Who", "type": "string", "description": "Who said so."})
    (folder / "counts.csv").write_text("\n".join(
        f"{line},{'who' if number == 0 else f'patient-{number:03}'}"
        for number, line in enumerate((folder / "counts.csv").read_text("utf-8").splitlines())) + "\n", "utf-8")
    declare_resource(folder, "counts", schema=schema)
    with pytest.raises(DataError, match="“counts” is published and has no field “who”; put it into a table of its own"):
        read_study(folder)


def test_readers_see_why_rows_are_given_away(tmp_path):
    folder = answered(tmp_path / "data" / "clinic", simulated=False, disclosure=WHOLE)
    declare_resource(folder, published_because=AGREED)
    study = read_study(folder)
    (row,) = tables.files(Findings(study)).rows
    assert row[1].endswith(f", published because {AGREED}") and row[2] == "60"
    files = published(tmp_path, "clinic")
    assert f"published because {AGREED}".encode() in files["README.md"]
    assert files["responses.csv"] == (folder / "responses.csv").read_bytes()
    assert not list(respondents_shown(tmp_path, tmp_path))


def test_sealing_says_which_rows_stay(tmp_path, capsys, monkeypatch):
    answered(tmp_path / "data" / "clinic", simulated=False, disclosure=RULE)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["seal", "clinic"]) == 0
    assert "clinic: the rows of responses.csv are not published" in capsys.readouterr().out.splitlines()
