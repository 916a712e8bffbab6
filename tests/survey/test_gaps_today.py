"""What of the gaps exists today: names lead somewhere, counts are those of the file, and faults are refused."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from drawn import shown
from project import DATA, ROOT
from spoiled import refused, spoiled

import analysis
from analysis import attacks, figures, report, sections, tables, today
from analysis.gaps_today.declaration import VERDICTS, read_judgement
from analysis.gaps_today.findings import Today
from surveybook.survey.errors import DataError

FILE = DATA / "gaps-today.yaml"
TEXT = FILE.read_text(encoding="utf-8")
DECLARED = yaml.load(TEXT, Loader=yaml.CSafeLoader)  # read once more, by nothing of ours
PHASES = ("development", "deployment", "attack")


def rows(path: str) -> list[dict[str, str]]:
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


GAPS = {row["gap"]: row for row in rows("interviews/gaps.csv")}
ATLAS = {row[name]: row for name in ("tactic", "technique", "mitigation")
         for row in rows(f"documented/{'tactics' if name == 'tactic' else name + 's'}.csv")}
DOCUMENTED = yaml.load((DATA / "documented/datapackage.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
FIELDS = [field for resource in DOCUMENTED["resources"] for field in resource["schema"]["fields"]
          if field["name"] == "lifecycle"]
LABELS = {one["value"]: one["label"] for one in FIELDS[0]["categories"]}
ENTRIES = {entry["gap"]: entry for entry in DECLARED["gaps"]}


# --- what is there


def test_each_gap_of_the_interviews_is_judged_once_in_their_order():
    assert list(ENTRIES) == list(GAPS) == [gap.id for gap in today.judgement.gaps]
    for gap in today.judgement.gaps:
        row, entry = GAPS[gap.id], ENTRIES[gap.id]
        assert (gap.missing, gap.counterpart, gap.phase) == (row["missing"], row["counterpart"], row["phase"])
        assert (gap.verdict, gap.hurts, gap.thin) == (entry["verdict"], entry["hurts"], entry.get("thin", ""))


def test_the_numbers_in_sentences_are_those_of_the_file():
    verdicts = Counter(entry["verdict"] for entry in DECLARED["gaps"])
    assert today.gaps == str(len(GAPS))
    for verdict in VERDICTS:
        node = getattr(today.verdicts, verdict.replace(" ", "_"))
        assert node.count == str(verdicts[verdict])
        assert len(re.split(", | and (?!logging)", node.label)) == max(1, verdicts[verdict])
        for phase in PHASES:
            number = sum(entry["verdict"] == verdict and GAPS[gap]["phase"] == phase for gap, entry in ENTRIES.items())
            assert getattr(getattr(today.phases, phase), verdict.replace(" ", "_")) == str(number or "none")
    unnamed = [gap for gap, entry in ENTRIES.items() if not any("atlas" in one for one in entry["exists"])]
    assert today.unnamed.count == str(len(unnamed)) and "forensics" in unnamed
    assert today.thin.count == str(sum("thin" in entry for entry in DECLARED["gaps"]))
    extents = Counter(source["extent"] for source in DECLARED["sources"].values())
    assert today.sources.count == str(extents.total())
    assert {name: str(count) for name, count in extents.items()} == {
        name: getattr(today.sources, name) for name in ("itself", "part", "report")}


def test_what_atlas_says_is_taken_from_there():
    for gap in today.judgement.gaps:
        for one, declared in zip(gap.exists, ENTRIES[gap.id]["exists"], strict=True):
            if one.atlas:
                assert one.date == ATLAS[one.atlas]["created"]
            if one.kind == "mitigation":
                assert one.name == ATLAS[one.atlas]["name"]
                named = ATLAS[one.atlas]["lifecycle"].split(";")
                assert [phase for phase, label in LABELS.items() if label.lower() in one.gives.lower()] == [
                    phase for phase in LABELS if phase in named]
            else:
                assert (one.name, one.gives) == (declared["name"], declared["gives"])


def test_every_source_can_be_looked_up_and_says_something_of_a_gap():
    keys = set(re.findall(r"(?m)^@\w+\{(\w+),", (ROOT / "references.bib").read_text(encoding="utf-8")))
    assert set(DECLARED["sources"]) <= keys
    assert {one["source"] for entry in DECLARED["gaps"] for one in entry["exists"]} == set(DECLARED["sources"])
    for source in DECLARED["sources"].values():
        assert source["read"] <= DECLARED["judged"]


def test_nothing_that_exists_is_younger_than_the_judgement():
    assert all(one.date <= today.judgement.judged for gap in today.judgement.gaps for one in gap.exists)


# --- what is shown


def test_the_picture_has_each_gap_with_its_verdict_as_a_sign_and_a_word():
    figure = figures.judged(today)
    for svg in shown(figure).css("svg"):
        words = [node.text() for node in svg.css("text")]
        assert all(words.count(gap.label) == 1 for gap in today.judgement.gaps)
        found = Counter(word.lower() for word in words)
        assert {verdict: found[verdict] for verdict in VERDICTS} == Counter(
            {verdict: 0 for verdict in VERDICTS}) | Counter(entry["verdict"] for entry in DECLARED["gaps"])
    for gap in today.judgement.gaps:
        assert f"{gap.label.lower()} {gap.verdict}" in figure.told.lower()


def test_the_table_of_the_figure_says_what_is_drawn_and_not_the_other_table_again():
    shown = figures.judged(today).table
    assert [row[0] for row in shown.rows] == [gap.label for gap in today.judgement.gaps]
    assert all(gap.verdict in row[2].lower() for gap, row in zip(today.judgement.gaps, shown.rows, strict=True))
    assert "What can be pointed at" not in [column.title for column in shown.columns]


def test_no_two_verdicts_have_the_same_shape_and_outline():
    from analysis.gaps_today.figures import SHAPES

    assert set(SHAPES) == set(VERDICTS)
    looks = [(shape, fill) for shape, fill, _ in SHAPES.values()]
    assert len(set(looks)) == len(VERDICTS)


@pytest.mark.parametrize("table", [tables.judged, tables.meanings, tables.literature], ids=lambda made: made.__name__)
def test_a_table_has_its_rows_and_says_that_it_is_a_judgement(table):
    made = table(today)
    number = {"judged": len(GAPS), "meanings": len(VERDICTS), "literature": len(DECLARED["sources"])}[table.__name__]
    assert len(made.rows) == len(made.about["data"]) == number
    assert "udgement" in made.note and "udgement" in made.about["source"]


@pytest.mark.parametrize("phase", PHASES)
def test_each_gap_has_a_section_with_all_that_was_judged(phase):
    text = sections.gaps(today, phase, attacks).markdown
    own = [gap for gap in today.judgement.gaps if gap.phase == phase]
    assert re.findall(r"\{#(sec-[a-z-]+)[ }]", text) == [f"sec-gap-{gap.id}" for gap in own]
    assert re.findall(r"::: \{#(tbl-[a-z-]+)\}", text) == [f"tbl-gap-{gap.id}" for gap in own]
    for gap, part in zip(own, re.split("(?m)^### ", text)[1:], strict=True):
        assert f"**Our judgement: {gap.verdict}.**" in part
        assert all(f"@{key}" in part for key in gap.sources)
        assert part.count("\n- ") == len(gap.quarter) + len(gap.log)
        assert ("The sources are thin" in part) == bool(gap.thin)


def test_a_phase_that_no_gap_has_is_refused():
    with pytest.raises(DataError, match="no gap is of the phase “use”; use one of development, deployment, attack"):
        sections.gaps(today, "use", attacks)


# --- what is refused


def judge(path: Path) -> Today:
    references = report.references()
    return Today(read_judgement(path, lambda name: getattr(analysis, name), references), references)


def test_the_file_itself_is_read(tmp_path):
    assert judge(spoiled(FILE, tmp_path, "judged", "judged")[0]).gaps == today.gaps


FAULTS = {  # what stands there, what is written instead, and what is said of it; always of the same line
    "a verdict": ("    verdict: closed", "    verdict: shut", "“shut” is not known here"),
    "an id": ("atlas: AML.M0024", "atlas: AML.M9924", "no tactic, technique or mitigation of ATLAS is called “AML.M99"),
    "the form of an id": ("atlas: AML.M0024", "atlas: M0024", "“M0024” is not an id of ATLAS"),
    "a source": ("source: mitre2024", "source: mitre2025", "no source is called “mitre2025”; did you mean"),
    "a source nobody can look up": ("  avid2026:\n", "  avid2027:\n", "references.bib has no entry “avid2027”; add it"),
    "a gap": ("- gap: forensics", "- gap: forensic", "no gap of the study is called “forensic”; did you mean"),
    "a gap twice": ("- gap: forensics", "- gap: incident-response", "“incident-response” stands above already"),
    "a study": ("study: interviews", "study: interview", "data/ has no study “interview”; name one of its folders"),
    "a key": ("    reason: >-", "    reasons: >-", "unknown key; did you mean “reason”?"),
    "a date of ATLAS": ("atlas: AML.TA0000,", "date: \"2021\", atlas: AML.TA0000,", "ATLAS says it of AML.TA0000"),
    "a date": ("date: \"2024-10-02\"", "date: October", "“October” is not a year, a month or a day"),
    "no date": ("date: \"2024-10-02\", ", "", "the key “date” is missing; ATLAS does not say it"),
    "a mitigation without an id": ("{kind: mitigation, atlas: AML.M0024, source", "{kind: mitigation, source",
                                   "a mitigation is one of ATLAS; give its id at “atlas”"),
    "a number in our own words": ("    hurts: >-\n      Without a shared", "    hurts: >-\n      Without 1 shared",
                                  "is not words without digits, which stand with what a source gives"),
    "an address": ("addresses: [https://github.com/avidml/avid-db]", "addresses: [github.com/avidml/avid-db]",
                   "is not an address that begins with https://"),
}


@pytest.mark.parametrize(("old", "new", "trouble"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_refused_with_file_and_line(old, new, trouble, tmp_path):
    path, line = spoiled(FILE, tmp_path, old, new)
    refused(lambda: judge(path), f"{path}:{line}: ", trouble)


def test_a_gap_that_is_not_judged_is_refused(tmp_path):
    path = tmp_path / FILE.name
    path.write_text(TEXT[:TEXT.index("  - gap: remediation")], encoding="utf-8")
    with pytest.raises(DataError, match="the gap “remediation” is missing; add it, “cannot tell” is a verdict too"):
        judge(path)


def test_gaps_in_another_order_are_refused(tmp_path):
    text = TEXT.replace("- gap: forensics", "- gap: x").replace("- gap: remediation", "- gap: forensics")
    path = tmp_path / FILE.name
    path.write_text(text.replace("- gap: x", "- gap: remediation"), encoding="utf-8")
    with pytest.raises(DataError, match="the study has “forensics” here; bring them into its order"):
        judge(path)


def test_a_source_that_no_gap_needs_is_refused(tmp_path):
    path, _ = spoiled(FILE, tmp_path, "source: shan2022", "source: pawelczyk2025")
    with pytest.raises(DataError, match="shan2022: no gap needs it"):
        judge(path)


def test_a_gap_of_which_nothing_was_read_itself_says_so(tmp_path):
    path = tmp_path / FILE.name
    path.write_text(TEXT.replace("extent: itself", "extent: report"), encoding="utf-8")
    with pytest.raises(DataError, match="no source was read itself; say at “thin” what that leaves open"):
        judge(path)
