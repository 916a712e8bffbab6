"""A study can be a collection, of which nothing is a share: one of finds in a museum, which nobody was asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveybook.survey.data.loader import read_study
from surveybook.survey.data.seal import seal
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import tables

DESCRIPTOR = """\
name: finds
title: Finds in a museum
sources: [{title: A museum}]
licenses: [{name: CC0-1.0}]
resources:
  - name: finds
    title: The finds, one row for each
    path: finds.csv
    published_because: its rows are things and no row is about a person
    bytes: 0
    hash: "sha256:0"
    schema:
      fields:
        - {name: find, title: Find, type: string, description: Its number., constraints: {required: true}}
        - name: age
          title: Age
          type: string
          description: When it was made.
          categories: [{value: Iron Age, label: Iron Age}, {value: "Bronze Age, late", label: Late Bronze Age}]
        - {name: beside, title: Beside, type: list, delimiter: ";", description: What lay beside it.}
      primaryKey: [find]
      foreignKeys: [{fields: [beside], reference: {fields: [find]}}]
  - name: marks
    title: Marks on them, one row for each
    path: marks.csv
    published_because: its rows are marks and no row is about a person
    bytes: 0
    hash: "sha256:0"
    schema:
      fields:
        - {name: find, title: Find, type: string, description: The find., constraints: {required: true}}
        - name: kinds
          title: Kinds
          type: list
          delimiter: ";"
          description: What kinds of marks it has.
          categories: [{value: cut, label: Cut}, {value: paint, label: Paint}]
      primaryKey: []
      foreignKeys: [{fields: [find], reference: {resource: finds, fields: [find]}}]
simulated: false
credit: a museum
provenance: The finds were counted in the museum.
collection:
  rows: finds
  unit: find
  chosen: by a museum, from what was brought to it
"""
FINDS = "find,age,beside\n1,Iron Age,2;3\n2,Iron Age,\n3,\"Bronze Age, late\",2\n"
MARKS = "find,kinds\n1,cut;paint\n1,cut;paint\n3,cut\n2,\n"


@pytest.fixture
def museum(tmp_path):
    """The study, with one text replaced in one of its files."""

    def made(old: str = "", new: str = "", file: str = "datapackage.yaml", **more: str) -> Path:
        folder = tmp_path / "finds"
        folder.mkdir()
        texts = {"datapackage.yaml": DESCRIPTOR, "finds.csv": FINDS, "marks.csv": MARKS, **more}
        assert old in texts[file]
        texts[file] = texts[file].replace(old, new, 1)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        seal(folder)
        return folder

    return made


def test_rows_are_counted_by_name_those_with_lists_in_each_of_their_values(museum):
    found = Findings(read_study(museum()))
    assert (found.finds.count, found.marks.count) == ("3", "4")
    assert (found.finds.age.iron_age.count, found.finds.age.bronze_age_late.count) == ("2", "1")
    assert (found.marks.kinds.cut.count, found.marks.kinds.paint.count) == ("3", "2")
    assert found.finds.age.bronze_age_late.label == "Late Bronze Age"
    assert not any({"low", "base"} & set(one.exact) or "%" in one for one in found.walk())


def test_what_was_collected_and_how_stands_beside_all_that_is_shown(museum):
    found = Findings(read_study(museum()))
    words = ("A collection, not a sample: finds collected by a museum, from what was brought to it; they are counted, "
             "and no share or interval is made of them")
    assert found.collected == words
    assert tables.files(found).about["collection"] == words
    with pytest.raises(AttributeError, match="has no finding “units”"):
        _ = found.units


def test_of_a_collection_nobody_was_asked(museum):
    study = read_study(museum())
    assert not study.questions
    for ask in (lambda: study.question("age"), lambda: tables.shares(Findings(study), "age"),
                lambda: tables.ordered(Findings(study), "age"), lambda: tables.codebook(Findings(study))):
        with pytest.raises(DataError, match="^the study “finds” asked nobody: its finds were collected, and no share "
                                            "or interval can be made of them; count the rows of its files$"):
            ask()


def test_what_only_a_report_finds_stands_below_the_name_of_the_study(museum):
    study = read_study(museum())
    assert Findings(study, own={"oldest": {"label": "an axe"}}).oldest.label == "an axe"
    with pytest.raises(DataError, match="finds: “marks” already names another finding; choose another id"):
        Findings(study, own={"marks": "two"})


DECLARED = {
    "no such rows": ("  rows: finds", "  rows: find", "collection: rows: no resource is called “find”; did you mean"),
    "no unit": ("  unit: find\n", "", "collection: the key “unit” is missing; every collection states it"),
    "no word on how": ("by a museum, from what was brought to it", "by chance", "is not how they were chosen, in at"),
    "questions": ("collection:", "questions: {}\ncollection:", "questions: of a collection nobody was asked; remove"),
    "groups": ("collection:", "groups: {}\ncollection:", "groups: of a collection nobody was asked; remove this key"),
    "a rule for counts": ("collection:", "disclosure: {minimum_cell: 5, reason: none}\ncollection:",
                          "disclosure: counts that are published cannot be withheld; write minimum_cell: none"),
    "a table of counts": ("  - name: marks", "  - name: counts", "resources: counts: of a collection nobody was asked"),
    "a table of claims": ("  - name: marks", "  - name: claims", "resources: claims: of a collection nobody was asked"),
    "a reference to no file": ("{resource: finds, fields", "{resource: find, fields",
                               "reference: resource: no resource is called “find”; did you mean “finds”?"),
    "a reference to no column": ("finds, fields: [find]}}]\nsim", "finds, fields: [number]}}]\nsim",
                                 "reference: fields: no field of “finds” is called “number”; use one of find, age"),
    "a reference from no column": ("foreignKeys: [{fields: [find], ", "foreignKeys: [{fields: [finding], ",
                                   "fields: no field is called “finding”; did you mean “find”?"),
}


@pytest.mark.parametrize(("old", "new", "message"), DECLARED.values(), ids=DECLARED)
def test_a_collection_that_is_declared_otherwise_is_refused(museum, old, new, message):
    with pytest.raises(DataError) as refusal:
        read_study(museum(old, new))
    assert message in str(refusal.value) and "\n" not in str(refusal.value)
    assert ".yaml:" in str(refusal.value)


def test_a_collection_tests_no_hypotheses(museum):
    with pytest.raises(DataError, match="a collection cannot test hypotheses; remove hypotheses.yaml, or the coll"):
        read_study(museum(**{"hypotheses.yaml": "families: []\n"}))


def test_a_study_that_holds_nothing_is_told_of_collections_too(museum):
    with pytest.raises(DataError, match="add the table of one of them, or say under “collection” what was collected"):
        read_study(museum(DESCRIPTOR[DESCRIPTOR.index("collection:"):], ""))


REFERENCES = {
    "a cell": ("3,cut", "4,cut", "marks.csv", "row 4, column “find”: “4” is in no row of finds.csv; correct it, or"),
    "a part of a list": ("2;3", "2;5", "finds.csv", "row 2, column “beside”: “5” is in no row of finds.csv; corr"),
}


@pytest.mark.parametrize(("old", "new", "file", "message"), REFERENCES.values(), ids=REFERENCES)
def test_a_reference_to_a_row_that_is_not_there_is_refused(museum, old, new, file, message):
    with pytest.raises(DataError) as refusal:
        read_study(museum(old, new, file))
    assert f"{file}: {message}" in str(refusal.value) and "\n" not in str(refusal.value)


def test_rows_may_repeat_only_where_the_descriptor_says_so(museum):
    folder = museum()
    assert len(read_study(folder).package.tables["marks"]) == 4
    text = (folder / "datapackage.yaml").read_text(encoding="utf-8")
    (folder / "datapackage.yaml").write_text(text.replace("      primaryKey: []\n", ""), encoding="utf-8")
    with pytest.raises(DataError, match="row 3: repeats row 2"):
        read_study(folder)


def test_answers_are_named_in_kebab_case_while_other_tables_keep_the_words_of_their_source(museum):
    folder = museum("  - name: finds\n", "  - name: counts\n")
    with pytest.raises(DataError, match=r"datapackage\.yaml:19: .* “Iron Age” is not a name in kebab case; correct it"):
        read_study(folder)
