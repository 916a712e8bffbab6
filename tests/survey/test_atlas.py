"""Another version of MITRE ATLAS is read whole, what changed is told, and what cannot be used is refused in a sentence.

The file of these tests is made up, in the form of the published one.
"""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
import yaml
from project import DATA

from analysis.atlas import __main__ as command
from analysis.atlas.source import COLUMNS, read_source
from surveybook.survey.data.loader import read_study
from surveybook.survey.errors import DataError

PUBLISHED = """\
id: ATLAS
name: Adversarial Threat Landscape for AI Systems
version: 9.1.0
matrices:
- id: ATLAS
  name: ATLAS Matrix
  tactics:
  - {id: AML.TA0002, name: Looking around, description: Words that stay there., object-type: tactic,
     created_date: 2022-01-24, modified_date: 2025-04-09}
  - {id: AML.TA0003, name: Getting ready, description: Words that stay there., object-type: tactic,
     created_date: 2022-01-24, modified_date: 2025-04-09}
  techniques:
  - id: AML.T0020
    name: Poison
      Training Data
    description: 'Words that stay there.'
    tactics: [AML.TA0003, AML.TA0002]
    created_date: 2021-05-13
    modified_date: 2025-04-09
    maturity: realized
    ATT&CK-reference: {id: T1596, url: 'https://attack.mitre.org/techniques/T1596/'}
  - {id: AML.T0020.000, name: "Little, by little", description: Words that stay there., subtechnique-of: AML.T0020,
     created_date: 2021-05-13, modified_date: 2021-05-13, maturity: feasible}
  mitigations:
  - id: AML.M0007
    name: Wash Data
    description: Words that stay there.
    techniques:
    - {id: AML.T0020, use: Words that stay there.}
    - {id: AML.T0020.000, use: Words that stay there.}
    ml-lifecycle:
    - Data Preparation
    - {id: AML.T0020, use: Words that stay there.}
    - Deployment
    category: [Policy]
    created_date: 2023-04-12
    modified_date: 2025-12-23
case-studies:
- id: AML.CS0002
  name: Larder Poisoning
  summary: Words that stay there.
  incident-date: 2020-01-01
  incident-date-granularity: YEAR
  procedure:
  - {tactic: AML.TA0002, technique: AML.T0020.000, description: Words that stay there.}
  - {tactic: AML.TA0003, technique: AML.T0020, description: Words that stay there.}
  target: The larder
  actor: Ann Example
  reporter: Bob Example
  case-study-type: incident
  references:
  - {title: A paper, url: 'https://example.org/'}
- id: AML.CS0003
  name: OvenTrouble
  summary: Words that stay there.
  incident-date: 2024-02-29
  incident-date-granularity: DATE
  procedure:
  - {tactic: AML.TA0002, technique: AML.T0020, description: Words that stay there.}
  target: Many kitchens
  actor: Oven
  case-study-type: exercise
"""
TABLES = {
    "cases": [
        ("AML.CS0002", "Larder Poisoning", "incident", "2020-01-01", "year", "The larder", 1),
        ("AML.CS0003", "OvenTrouble", "exercise", "2024-02-29", "date", "Many kitchens", 0),
    ],
    "procedures": [
        ("AML.CS0002", 1, "AML.TA0002", "AML.T0020.000"), ("AML.CS0002", 2, "AML.TA0003", "AML.T0020"),
        ("AML.CS0003", 1, "AML.TA0002", "AML.T0020"),
    ],
    "techniques": [
        ("AML.T0020", "", "Poison Training Data", "AML.TA0003;AML.TA0002", "realized", "2021-05-13", "2025-04-09",
         "T1596"),
        ("AML.T0020.000", "AML.T0020", "Little, by little", "", "feasible", "2021-05-13", "2021-05-13", ""),
    ],
    "tactics": [
        (1, "AML.TA0002", "Looking around", "2022-01-24", "2025-04-09"),
        (2, "AML.TA0003", "Getting ready", "2022-01-24", "2025-04-09"),
    ],
    "mitigations": [("AML.M0007", "Wash Data", "Data Preparation;Deployment", "Policy", "2023-04-12", "2025-12-23")],
    "mitigation_techniques": [("AML.M0007", "AML.T0020"), ("AML.M0007", "AML.T0020.000")],
    "slips": [
        ("AML.M0007", "ml-lifecycle", "misplaced-entry", "an entry for AML.T0020", "it was left out"),
        ("AML.CS0003", "actor", "actor-in-title", "“Oven”, while the target reads “Many kitchens”",
         "the field is not used here"),
    ],
}


@pytest.fixture
def published(tmp_path):
    """The made-up file, with one text replaced."""

    def publish(old: str = "", new: str = "") -> Path:
        assert old in PUBLISHED
        path = tmp_path / "ATLAS.yaml"
        path.write_text(PUBLISHED.replace(old, new, 1), encoding="utf-8")
        return path

    return publish


@pytest.fixture
def study(tmp_path) -> Path:
    """A copy of the study that another version may replace, with a mapping that the made-up version can keep."""
    folder = Path(shutil.copytree(DATA / "documented", tmp_path / "documented"))
    kept = [line for line in (folder / "mapping.csv").read_text(encoding="utf-8").splitlines()
            if "AML.T" not in line or "AML.T0020," in line]
    (folder / "mapping.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    return folder


def test_each_table_gets_its_rows_in_the_order_of_the_file_and_no_description(published):
    source = read_source(published(), {})
    assert source.version == "9.1.0" and list(source.rows) == list(COLUMNS)
    assert {name: list(map(tuple, rows)) for name, rows in source.rows.items()} == TABLES
    for name in COLUMNS:
        assert "Words" not in source.csv(name) and "Example" not in source.csv(name)
        header, *rows = csv.reader(source.csv(name).splitlines())
        assert tuple(header) == COLUMNS[name] and rows == [list(map(str, row)) for row in TABLES[name]]


def test_a_file_is_written_as_the_study_holds_it():
    for name, columns in COLUMNS.items():
        text = (DATA / "documented" / f"{name}.csv").read_text(encoding="utf-8")
        assert text.splitlines()[0] == ",".join(columns) and text.endswith("\n") and "\r" not in text


def test_what_changed_is_told_and_the_study_is_whole_afterwards(published, study):
    told = list(command.replace_version(study, published(), None))
    assert told[0] == "ATLAS 5.6.0, so far; ATLAS 9.1.0, read: 2 cases, 2 techniques, 1 mitigations"
    for line in ("cases: AML.CS0003 was renamed, from Bypassing Cylance's AI Malware Detection to OvenTrouble",
                 "cases: AML.CS0009 is gone, Tay Poisoning", "techniques: AML.T0020.000 was added, Little, by little",
                 "techniques: AML.T0015 is gone, Evade AI Model",
                 "mitigations: AML.M0007 was renamed, from Sanitize Training Data to Wash Data",
                 "slip: AML.M0007, ml-lifecycle: an entry for AML.T0020 (misplaced-entry); it was left out",
                 "cases.csv was written", "data/documented: complete and as declared"):
        assert line in told
    assert any(line.startswith("cases: AML.CS0002 differs, target from “VirusTotal” to “The larder”; references")
               for line in told)
    read = read_study(study)
    assert len(read.package.tables["cases"]) == 2
    descriptor = yaml.safe_load((study / "datapackage.yaml").read_text(encoding="utf-8"))
    assert descriptor["version"] == "9.1.0" and descriptor["sources"][0]["version"] == "9.1.0"
    assert "MITRE ATLAS™ 9.1.0," in descriptor["credit"] and "5.6.0" not in str(descriptor)
    assert [line for line in command.replace_version(study, published(), None) if "written" in line] == []


def test_a_new_case_is_told_as_one(published, study):
    list(command.replace_version(study, published(), None))
    more = published("- id: AML.CS0003\n  name: OvenTrouble", "- id: AML.CS0004\n  name: OvenTrouble")
    told = list(command.replace_version(study, more, None))
    assert "cases: AML.CS0004 was added, OvenTrouble" in told and "cases: AML.CS0003 is gone, OvenTrouble" in told
    assert not any("techniques:" in line for line in told)


def test_the_day_of_release_goes_into_the_descriptor(published, study):
    arguments = command.date.fromisoformat("2027-01-31")
    list(command.replace_version(study, published(), arguments))
    assert "    version: 9.1.0, released 2027-01-31\n" in (study / "datapackage.yaml").read_text(encoding="utf-8")
    list(command.replace_version(study, published("version: 9.1.0", "version: 9.2.0"), None))
    assert "    version: 9.2.0\n" in (study / "datapackage.yaml").read_text(encoding="utf-8")


def test_a_line_of_the_mapping_whose_technique_is_gone_is_named(published, tmp_path):
    folder = Path(shutil.copytree(DATA / "documented", tmp_path / "documented"))
    with pytest.raises(DataError) as refusal:
        list(command.replace_version(folder, published(), None))
    lines = str(refusal.value).splitlines()
    assert lines[0].endswith("mapping.csv: row 3: poisoning names AML.T0019, which is gone; give it another technique")
    mapped = [row["technique"] for row in csv.DictReader((folder / "mapping.csv").open(encoding="utf-8"))]
    assert len(lines) == sum(one not in ("", "AML.T0020") for one in mapped)
    with pytest.raises(DataError, match=r"mapping\.csv: row 3, column “technique”: “AML\.T0019” is in no row of"):
        read_study(folder)


REFUSED = {
    "no matrix": ("matrices:", "lists:", "the file has no “matrices”; give the file ATLAS.yaml of dist/"),
    "no version": ("version: 9.1.0", "version:", "the file has no “version”; give the file"),
    "a version in words": ("version: 9.1.0", "version: latest", "the version “latest” is none; it should be like"),
    "a list that is none": ("case-studies:\n- id", "case-studies: none\nothers:\n- id",
                            "the file has no list at “case-studies”; give the file"),
    "an entry that is none": ("  techniques:\n  - id: AML.T0020\n", "  techniques:\n  - AML.T0007\n  - id: AML.T0020\n",
                              "an entry of “techniques” (number 1) is no list of keys with values; give the file"),
    "another id": ("id: AML.CS0003", "id: CS0003", "has the id “CS0003”; it should be like AML.T0051.000"),
    "an id twice": ("id: AML.CS0003", "id: AML.CS0002", "has AML.CS0002 twice in “case-studies”; see which of them"),
    "no target": ("  target: The larder\n", "", "AML.CS0002 has no “target”; give the file"),
    "no date": ("incident-date: 2020-01-01", "incident-date: last year",
                "AML.CS0002 has “last year” as “incident-date”, which is no date; it should be like 2020-01-31"),
    "a date that is not in the calendar": ("2024-02-29", "'2023-02-29'", "AML.CS0003 has “2023-02-29” as “incident-da"),
    "an unknown technique of a step": ("technique: AML.T0020,", "technique: AML.T0021,",
                                       "a step (number 2) names the technique “AML.T0021”, which the file does not"),
    "an unknown tactic of a step": ("tactic: AML.TA0003,", "tactic: AML.TA0009,", "names the tactic “AML.TA0009”"),
    "an unknown technique of a mitigation": ("- {id: AML.T0020.000, use", "- {id: AML.T0020.009, use",
                                             "AML.M0007: a technique (number 2) names the technique “AML.T0020.009”"),
    "an unknown parent": ("subtechnique-of: AML.T0020", "subtechnique-of: AML.T0001", "AML.T0020.000 names the tech"),
    "a technique for nothing": ("    tactics: [AML.TA0003, AML.TA0002]\n", "",
                                "AML.T0020 has neither tactics nor a technique above it; see what the file means"),
    "two categories": ("category: [Policy]", "category: [Policy, Cyber]", "AML.M0007 has 2 categories, and this reads"),
    "an entry that is no phase": ("- {id: AML.T0020, use: Words that stay there.}\n    - Deployment", "- 7\n",
                                  "AML.M0007 has an entry at “ml-lifecycle” that is neither a phase nor a technique"),
    "no YAML": ("version: 9.1.0", "version: [9.1.0", "ATLAS.yaml:4: the file is not valid YAML; give the file"),
    "a kind that is not explained": ("case-study-type: exercise", "case-study-type: rumor",
                                     "AML.CS0003 has “rumor” as kind, which datapackage.yaml does not explain ("),
    "a phase that is not explained": ("- Data Preparation", "- Retirement", "AML.M0007 has “Retirement” as lifecycle"),
    "a maturity that is not explained": ("maturity: feasible", "maturity: likely", "“likely” as maturity, which data"),
}


@pytest.mark.parametrize(("old", "new", "message"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence_and_nothing_is_written(
        published, study, old, new, message):
    path, before = published(old, new), {one.name: one.read_bytes() for one in study.iterdir()}
    with pytest.raises(DataError) as refusal:
        list(command.replace_version(study, path, None))
    assert message in str(refusal.value) and str(refusal.value).startswith(str(path))
    assert "\n" not in str(refusal.value)
    assert {one.name: one.read_bytes() for one in study.iterdir()} == before


def test_the_command_says_what_is_wrong_and_ends_with_1(tmp_path, capsys, monkeypatch, published, study):
    monkeypatch.setattr(command, "FOLDER", study)
    assert command.main([str(tmp_path / "none.yaml")]) == 1
    told = capsys.readouterr().err
    assert re.fullmatch(r"\S+none\.yaml: there is no such file; give the path of ATLAS\.yaml\n", told)
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    assert command.main([str(tmp_path / "binary.yaml")]) == 1
    assert "not UTF-8 text; give the file ATLAS.yaml of dist/" in capsys.readouterr().err
    assert command.main([str(published()), "--released", "2027-01-31"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "data/documented: complete and as declared"
    with pytest.raises(SystemExit):
        command.main([str(published()), "--released", "soon"])
