"""The data of every study are whole and as declared; whatever is not is refused with one sentence."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import frictionless
import pytest
import spoiled
import yaml
from project import DATA

from surveybook.survey.data import seal
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.package import read_descriptor, read_tables
from surveybook.survey.data.schema import read_yaml
from surveybook.survey.errors import DataError

STUDIES = sorted(path.parent for path in DATA.glob("*/datapackage.yaml"))


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_every_study_follows_the_data_package_standard(folder):
    report = frictionless.validate(folder / "datapackage.yaml")
    assert report.valid, report.to_summary()


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_every_study_is_read_without_complaint(folder):
    study = read_study(folder)
    assert study.questions or study.collection


@pytest.mark.parametrize(
    "path", [path for folder in STUDIES for path in sorted(folder.glob("*.yaml"))],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_every_yaml_file_of_a_study_is_as_its_schema_has_it(path):
    schema = {"datapackage.yaml": "study"}.get(path.name, path.stem)
    assert read_yaml(path, schema).data


# --- the interview study is whole


def test_the_interviews_have_every_published_count():
    study = read_study(DATA / "interviews")
    counts = {name: tuple(q.distribution.counts.values()) for name, q in study.questions.items()}
    assert counts == {
        "size": (18, 10),
        "type": (10, 5, 4, 2, 2, 1, 1, 1, 1, 1, 1),
        "build": (16, 10, 2),
        "secures": (3, 22),
        "attack": (10, 6, 4, 4, 3, 2, 0, 0, 0, 0, 0),
    }
    assert dict(study.questions["secures"].distribution.missing) == {"abstained": 3}
    assert {q.distribution.asked for q in study.questions.values()} == {28}


def test_the_interviews_have_every_gap_and_every_claim():
    study = read_study(DATA / "interviews")
    phases = study.others["gaps"].groupby("phase", sort=False).size().to_dict()
    assert phases == {"development": 5, "deployment": 3, "attack": 4}
    printed = study.claims[["claim", "printed_count", "printed_base"]].astype(object)
    assert [tuple(row) for row in printed.where(printed.notna(), None).itertuples(index=False)] == [
        ("sensitive", 22, 28), ("other-fields", 6, 28), ("type-total", 28, None), ("pick-total", 28, None),
        ("mlaas", 10, None), ("scratch", 2, None), ("toolkits", 16, 28), ("no-tools-text", 22, 25),
        ("no-tools-intro", 25, 28), ("important", 28, 28), ("headcount", 6, 28), ("knowledge", 5, 28),
    ]


# --- what is refused


@pytest.fixture
def study(tmp_path) -> Path:
    """A copy of the interview study that a test may spoil."""
    return Path(shutil.copytree(DATA / "interviews", tmp_path / "interviews"))


def spoil(folder: Path, old: str, new: str, file: str = "counts.csv", sealed: bool = True) -> None:
    """Replace a text in a file of the study, and by default say that the change is meant."""
    spoiled.spoil(folder / file, old, new)
    if sealed:
        seal.seal(folder)


REFUSED = {
    "a missing column": ("table,item,count", "table,count", "row 1: the column “item” is missing; add it"),
    "an extra column": ("unit,locator", "unit,locator,note", "row 1: the column “note” is not declared; remove it"),
    "a column twice": ("table,item,count", "table,item,item,count", "row 1: the column “item” stands twice"),
    "an undeclared answer": (
        "size,large,", "size,larg,", "row 2, column “item”: “larg” is not declared; did you mean “large”?"
    ),
    "an answer of another question": (
        "size,large,", "size,poisoning,", "row 2, column “item”: “poisoning” is not declared as an answer of “size”"
    ),
    "an undeclared table": ("size,large,", "sizes,large,", "row 2, column “table”: “sizes” is not declared; did you"),
    "a negative count": ("large,18,", "large,-18,", "row 2, column “count”: -18 is below 0; correct the number"),
    "a count that is not whole": (
        "large,18,", "large,18.5,", "row 2, column “count”: “18.5” is not a whole number; write it in digits"
    ),
    "a count in words": ("large,18,", "large,many,", "row 2, column “count”: “many” is not a whole number"),
    "an empty count": ("large,18,", "large,,", "row 2, column “count”: the cell is empty; fill it in"),
    "a count above its base": (
        "large,18,28", "large,29,28", "row 2, column “count”: 29 is above its base 28; correct one of them"
    ),
    "a base of nobody": ("large,18,28", "large,0,0", "row 2, column “base”: 0 is below 1; correct the number"),
    "two bases of one question": (
        "small-medium,10,28", "small-medium,10,27", "row 3, column “base”: “27” differs from the first row of “size”"
    ),
    "a row twice": (
        "size,small-medium,10", "size,large,10", "row 3: repeats row 2 (size, large); remove one of them"
    ),
    "a row too short": ("size,large,18,28,organization,Table I", "size,large,18", "row 2: 3 cells instead of 6"),
    "a row too long": ("Table I\n", "Table I,more\n", "row 2: 7 cells instead of 6; give each column one cell"),
    "an answer without a row": (
        "build,scratch,2,28,organization,Table III\n", "", "the answer “scratch” of “build” has no row; add it"
    ),
    "an open quote": ("size,small-medium", "size,\"small-medium", "not CSV"),
}


@pytest.mark.parametrize(("old", "new", "message"), REFUSED.values(), ids=REFUSED)
def test_a_spoilt_count_is_refused_with_its_place_and_a_remedy(study, old, new, message):
    spoil(study, old, new)
    with pytest.raises(DataError) as refusal:
        read_study(study)
    assert f"{study / 'counts.csv'}: {message}" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_changed_byte_is_refused_with_the_name_of_the_file(study):
    spoil(study, "large,18,", "large,17,", sealed=False)
    with pytest.raises(DataError, match=r"counts\.csv: the file is not the one whose hash .* declares; restore it"):
        read_study(study)


@pytest.mark.parametrize("file", ["counts.csv", "gaps.csv", "claims.csv"])
def test_every_file_of_the_study_is_sealed(study, file):
    (study / file).write_bytes((study / file).read_bytes() + b"\n")
    with pytest.raises(DataError, match=file):
        read_study(study)


def test_another_encoding_is_refused_with_its_row(study):
    path = study / "gaps.csv"
    path.write_bytes(path.read_bytes().replace(b"Remediation", "Abhilfe für alle".encode("latin-1"), 1))
    seal.seal(study)
    with pytest.raises(DataError, match=r"gaps\.csv: row 13: not UTF-8; save the file in the encoding UTF-8"):
        read_study(study)


def test_a_missing_file_is_refused(study):
    (study / "gaps.csv").unlink()
    with pytest.raises(DataError, match=r"gaps\.csv: the file is missing; restore it"):
        read_study(study)


DESCRIPTORS = {
    "an unknown key of a question": (
        "    kind: one-pick", "    kinds: one-pick", "questions: size: kinds: unknown key; did you mean “kind”?"
    ),
    "an unknown key of the study": (
        "credit: Kumar", "credits: Kumar", "datapackage.yaml:226: credits: unknown key; did you mean “credit”?"
    ),
    "an unknown key of a field": (
        "          title: Count\n", "          titel: Count\n",
        "datapackage.yaml:85: resources: counts: schema: fields: count: titel: unknown key; did you mean “title”?",
    ),
    "an unknown kind": ("    kind: one-pick", "    kind: rating", "size: kind: “rating” is not known here; use one-"),
    "a question that is not described": ("\n  size:\n", "\n  sizes:\n", "is called “sizes”; did you mean “size”?"),
    "an answer that is no category": ("[large, small", "[huge, small", "is called “huge”"),
    "a group of an unknown answer": (
        "banking]\n  other", "bank]\n  other", "groups: sensitive: items: no answer of “type” is called “bank”; did"
    ),
    "no word on simulation": ("simulated: false\n", "", "the key “simulated” is missing"),
    "a doubtful word on simulation": ("simulated: false", "simulated: maybe", "simulated: must be true or false, not"),
    "no YAML": ("name: interviews", "name: [interviews", "the file is not valid YAML"),
}


@pytest.mark.parametrize(("old", "new", "message"), DESCRIPTORS.values(), ids=DESCRIPTORS)
def test_a_spoilt_descriptor_is_refused(study, old, new, message):
    spoil(study, old, new, "datapackage.yaml", sealed=False)
    with pytest.raises(DataError) as refusal:
        read_study(study)
    assert message in str(refusal.value) and "datapackage.yaml" in str(refusal.value)


def test_a_claim_about_an_unknown_answer_is_refused(study):
    spoil(study, "build,scratch,", "build,scratched,", "claims.csv")
    with pytest.raises(DataError, match=r"claims\.csv: row 7, column “items”: no answer of “build” is called"):
        read_study(study)


CLAIMS = {
    "an answer twice": ("no,Section II.A", "no no,Section II.A", "column “items”: names no answer, or one twice"),
    "no answer": ("build,scratch,", "build,,", "column “items”: names no answer, or one twice"),
    "an unknown question": ("stated,build,scratch", "stated,built,scratch", "column “table”: no question is called"),
    "an empty number": (",,2,,stated", ",,,,stated", "column “printed_count”: the cell is empty"),
}


@pytest.mark.parametrize(("old", "new", "message"), CLAIMS.values(), ids=CLAIMS)
def test_a_spoilt_claim_is_refused(study, old, new, message):
    spoil(study, old, new, "claims.csv")
    with pytest.raises(DataError, match=re.escape(message)):
        read_study(study)


def test_a_word_without_a_rule_is_refused(study):
    spoil(study, "{value: most, label", "{value: few, label", "datapackage.yaml", sealed=False)
    spoil(study, ",most,", ",few,", "claims.csv")
    with pytest.raises(DataError, match="column “quantifier”: no rule says when “few” holds; use one of most"):
        read_study(study)


def test_a_study_has_the_name_of_its_folder(study):
    with pytest.raises(DataError, match="“interviews” is not the name of its folder; make them the same"):
        read_study(study.rename(study.with_name("talks")))


def test_a_byte_order_mark_is_refused_with_a_remedy(study):
    spoil(study, "gap,phase", "\ufeffgap,phase", "gaps.csv")
    with pytest.raises(DataError, match=r"gaps\.csv: row 1: begins with a byte order mark; save the file as UTF-8"):
        read_study(study)


# --- sealing


def test_sealing_changes_only_the_lines_of_size_and_hash(study):
    before = (study / "datapackage.yaml").read_text(encoding="utf-8").splitlines()
    spoil(study, "large,18,", "large,7,")
    after = (study / "datapackage.yaml").read_text(encoding="utf-8").splitlines()
    changed = [new.split(":")[0].strip() for old, new in zip(before, after, strict=True) if old != new]
    assert changed == ["bytes", "hash"]
    assert read_study(study).questions["size"].distribution.counts["large"] == 7


def test_sealing_what_is_sealed_changes_nothing(study):
    before = (study / "datapackage.yaml").read_bytes()
    assert seal.seal(study) == []
    assert (study / "datapackage.yaml").read_bytes() == before


def test_a_descriptor_without_a_place_for_the_hash_cannot_be_sealed(study):
    path = study / "datapackage.yaml"
    descriptor = yaml.safe_load(path.read_text(encoding="utf-8"))
    del descriptor["resources"][0]["hash"]
    path.write_text(yaml.safe_dump(descriptor), encoding="utf-8")
    with pytest.raises(DataError, match=r"counts\.csv has no lines `bytes:` and `hash:`"):
        seal.seal(study)


# --- another package: the reader knows nothing of interviews


def test_any_package_can_be_read(tmp_path):
    (tmp_path / "rows.csv").write_text("name,size\na,1\nb,\n", encoding="utf-8")
    (tmp_path / "datapackage.yaml").write_text(
        "name: other\ntitle: Other\nresources:\n  - name: rows\n    path: rows.csv\n    bytes: 0\n    hash: none\n"
        "    schema:\n      fields:\n        - {name: name, type: string}\n        - {name: size, type: integer}\n",
        encoding="utf-8",
    )
    seal.seal(tmp_path)
    rows = read_tables(read_descriptor(tmp_path, "package")).tables["rows"]
    assert rows["name"].tolist() == ["a", "b"] and rows["size"].tolist()[0] == 1 and rows["size"].isna().tolist()[1]
    assert rows.index.tolist() == [2, 3], "rows are numbered as in the file"
