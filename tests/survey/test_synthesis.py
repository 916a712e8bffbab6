"""The sources side by side: every name in data/synthesis.yaml leads somewhere, and nothing simulated becomes advice."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml
from project import DATA, ROOT, as_real
from selectolax.lexbor import LexborHTMLParser
from spoiled import spoiled

import analysis
from analysis import tables
from surveybook.survey.data import seal
from surveybook.survey.data.hypotheses import read_claims
from surveybook.survey.data.loader import read_study
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.evidence.sections import Section, read_sections
from surveybook.survey.evidence.sources import read_sources
from surveybook.survey.evidence.synthesis import (
    ANSWERS,
    CONTRADICTS,
    COUNT,
    SILENT,
    SIMULATED,
    STATEMENT,
    SUPPORTS,
    Evidence,
    Synthesis,
    read_synthesis,
)
from surveybook.survey.show.display import table_html

FILE = DATA / "synthesis.yaml"
TEXT = FILE.read_text(encoding="utf-8")
EXEMPT = "[grosse2023.organizations, practitioners.design.hypotheses.exposure_size.nothing]"  # a list of evidence
REFERENCES = read_sources(DATA.parent / "references.bib")
CLAIMS = read_claims(DATA / "practitioners" / "hypotheses.yaml")
# The sections that the file names, and that of the design analysis, whether or not their chapters are written
NAMED = {name: Section(name, "A section", "A chapter", "chapters/a.html")
         for name in ["sec-design", *re.findall(r"sec-[a-z-]+", TEXT)]}


def study(name: str) -> Findings:
    return getattr(analysis, name)


def read(path: Path = FILE, studies=study) -> Synthesis:
    return read_synthesis(path, studies, NAMED, REFERENCES)


@pytest.fixture(scope="module")
def synthesis() -> Synthesis:
    return read()


@pytest.fixture(scope="module")
def evidence(synthesis) -> Evidence:
    return Evidence(synthesis, NAMED, REFERENCES)


# --- what is there


def test_every_section_that_is_named_stands_in_a_chapter():
    sections = read_sections(DATA.parent, CLAIMS)
    assert set(NAMED) <= set(sections)


def test_every_hypothesis_is_linked_to_the_interviews_and_every_published_relation_to_something(synthesis):
    linked = {link.subject.id for link in synthesis.links if hasattr(link.subject, "id")
              and link.fact.source == "kumar2020"}
    assert linked == set(analysis.practitioners.study.hypotheses)
    relations = yaml.safe_load((DATA / "practitioners" / "hypotheses.yaml").read_text(encoding="utf-8"))["published"]
    assert {link.subject.relation for link in synthesis.links if not hasattr(link.subject, "id")} == {
        relation["relation"] for relation in relations.values()
    }


def test_knowledge_and_mental_models_are_shown_from_both_sides(synthesis):
    of_knowledge = [link for link in synthesis.links if link.fact.name == "bieringer2021.depth"]
    assert {link.says for link in of_knowledge} == {CONTRADICTS}
    assert "knowledge" in synthesis.sources["grosse2023"].facts


def test_the_two_surveys_of_practitioners_are_kept_apart(evidence):
    assert (evidence.sources.grosse2023.n, evidence.sources.grosse2024.n) == ("139", "271")


def test_what_kind_of_evidence_it_is_follows_from_what_it_is_made_of(synthesis):
    kinds = {piece.name: piece.kind for point in [*synthesis.consequences, *synthesis.illustrations]
             for piece in point.evidence}
    assert kinds["kumar2020.unsecured"] == COUNT
    assert kinds["kumar2020.platforms"] == STATEMENT
    assert kinds["kumar2020.gap-forensics"] == STATEMENT
    assert kinds["exposure-size"] == SIMULATED
    assert synthesis.sources["dsit2024"].facts["users"].kind == COUNT


def test_every_gap_of_a_study_is_a_fact_of_its_source(synthesis):
    gaps = [name for name in synthesis.sources["kumar2020"].rows]
    assert gaps == [f"gap-{gap}" for gap in analysis.interviews.study.others["gaps"]["gap"]]


def test_a_number_of_the_interviews_is_the_finding_and_follows_the_data(synthesis, tmp_path):
    assert synthesis.sources["kumar2020"].facts["unsecured"].number == analysis.interviews.secures.no.of
    folder = Path(shutil.copytree(DATA / "interviews", tmp_path / "interviews"))
    counts = folder / "counts.csv"
    text = counts.read_text(encoding="utf-8").replace("secures,no,22,", "secures,no,21,")
    counts.write_text(text.replace("abstained,3,", "abstained,4,"), encoding="utf-8")
    seal.seal(folder)
    changed = Findings(read_study(folder))
    found = read(studies=lambda name: changed if name == "interviews" else study(name))
    assert found.sources["kumar2020"].facts["unsecured"].number == "21 of 24"


# --- the numbers in sentences


def test_the_links_are_counted_as_they_stand_in_the_file(evidence):
    links = [link for link in yaml.safe_load(TEXT)["links"] if "hypothesis" in link]
    counted = {says: str(sum(link["says"] == says for link in links)) for says in (SUPPORTS, CONTRADICTS, SILENT)}
    assert {says: getattr(evidence.links, says) for says in counted} == counted
    assert evidence.links.count == str(len(links))
    assert int(evidence.links.on_counts) + int(evidence.links.on_words) == int(evidence.links.telling)
    families = [getattr(evidence.families, name) for name in dir(evidence.families)]
    assert sum(int(family.count) for family in families) == len(links)


def test_hypotheses_that_no_source_speaks_to_are_counted(evidence):
    says: dict[str, set[str]] = {}
    for link in yaml.safe_load(TEXT)["links"]:
        says.setdefault(link.get("hypothesis", ""), set()).add(link["says"])
    del says[""]
    assert evidence.hypotheses.only_silent == str(sum(types == {"silent"} for types in says.values()))
    assert evidence.hypotheses.count == str(len(says))


# --- what is refused

REFUSED = {
    "an unknown hypothesis": (
        "- hypothesis: exposure-size", "- hypothesis: exposure-sise",
        "hypothesis: no hypothesis is called “exposure-sise”; did you mean “exposure-size”?"),
    "an unknown relation": (
        "relation: exposure-defenses", "relation: exposure-defense", "no relation is called “exposure-defense”"),
    "an unknown fact": ("fact: kumar2020.size", "fact: kumar2020.sise", "no fact is called “kumar2020.sise”"),
    "an unknown type": ("says: silent", "says: mute", "“mute” is not known here; use one of supports, contradicts"),
    "a link to nothing": ("- hypothesis: exposure-size\n", "-\n", "must name either a hypothesis or a relation"),
    "a finding that is not there": (
        "finding: interviews.size.large.of", "finding: interviews.size.huge.of",
        "there is no finding “interviews.size.huge.of”: interviews.size has no finding “huge”"),
    "a finding of a study that is not there": (
        "finding: interviews.size.large.of", "finding: interview.size.large.of", "there is no finding “interview.size"),
    "a name that holds several findings": (
        "finding: interviews.size.large.of", "finding: interviews.size.large",
        "“interviews.size.large” holds several findings; name one of base, count"),
    "a number that is typed beside its finding": (
        "finding: interviews.size.large.of,", "finding: interviews.size.large.of, printed: 18 of 28,",
        "has a finding and a printed number; keep the one that we can recompute"),
    "a typed size of a study that we hold": (
        "    study: interviews\n", "    study: interviews\n    n: 28\n",
        "interviews tells how many were asked; take n and unit out"),
    "an unknown source": ("  dsit2024:", "  dsit2042:", "references.bib has no entry “dsit2042”; add it"),
    "an unknown section": (
        "section: sec-size}", "section: sec-sise}",
        "no chapter has a section with the id “sec-sise”; the nearest one is “sec-size”"),
    "an unknown study": ("study: interviews", "study: interview", "data/ has no study “interview”"),
    "an unknown survey": ("survey: practitioners", "survey: practitioner", "data/ has no study “practitioner”"),
    "an unknown audience": ("audience: auditors", "audience: editors", "no audience is called “editors”"),
    "evidence that is not there": (
        EXEMPT, "[grosse2023.organisations]", "no fact and no hypothesis is called"),
    "advice from simulated data alone": (
        EXEMPT, "[exposure-size, exposure-sector]",
        "rests on simulated data alone, which say nothing about the world; add published evidence, or move it"),
    "an unknown key": ("    says: silent\n", "    says: silent\n    result: none\n", "unknown key"),
}


@pytest.mark.parametrize(("old", "new", "message"), REFUSED.values(), ids=REFUSED)
def test_a_name_that_leads_nowhere_is_refused_with_its_line(tmp_path, old, new, message):
    path, line = spoiled(FILE, tmp_path, old, new)
    with pytest.raises(DataError, match=re.escape(message)) as refusal:
        read(path)
    named = int(re.match(rf"{re.escape(str(path))}:(\d+): ", str(refusal.value))[1])
    assert -1 <= line - named <= 4, refusal.value  # the key itself, or where the entry that holds it begins


def test_a_hypothesis_without_a_link_to_the_interviews_is_refused(tmp_path):
    old = re.search(r"  - hypothesis: exposure-size\n(    .*\n)+", TEXT)[0]
    path, _ = spoiled(FILE, tmp_path, old, "")
    with pytest.raises(DataError, match="the hypothesis “exposure-size” has no link to a fact of kumar2020; add one"):
        read(path)


def test_a_published_relation_without_a_link_is_refused(tmp_path):
    old = re.search(r"  - relation: likelihood-defenses\n(    .*\n)+", TEXT)[0]
    path, _ = spoiled(FILE, tmp_path, old, "")
    with pytest.raises(DataError, match="the published relation “likelihood-defenses” has no link; add one"):
        read(path)


def test_two_links_between_the_same_two_are_refused(tmp_path):
    old = re.search(r"  - hypothesis: exposure-size\n(    .*\n)+", TEXT)[0]
    path, _ = spoiled(FILE, tmp_path, old, old + old)
    with pytest.raises(DataError, match="links the same two as a link above; remove one of them"):
        read(path)


# --- what is shown


def html(table) -> LexborHTMLParser:
    return LexborHTMLParser(table_html(table))


def test_each_link_is_shown_with_its_claim_its_source_and_its_reason(evidence):
    page = html(tables.links(evidence, "perception"))
    rows = page.css("tbody tr")
    assert len(rows) == sum(
        getattr(link.subject, "family", None) is not None and link.subject.family.id == "perception"
        for link in evidence.synthesis.links
    )
    for row in rows:
        claim, stated, judged = row.css("th, td")
        assert claim.text().strip()
        assert stated.css_first("a[href^='../references.html#ref-']")
        assert re.match(r"[✓✗–] (Supports|Contradicts|Silent)\. \S", judged.text())


def test_each_consequence_shows_the_kind_and_the_source_of_all_it_rests_on(evidence):
    for audience in evidence.synthesis.audiences:
        table = tables.consequences(evidence, audience)
        assert not table.about["simulated"]
        for item in html(table).css("li"):
            assert re.search(r"Published (count|statement)|Design analysis", item.css_first(".place").text())
            assert item.css_first("a")


def test_illustrations_carry_the_label_and_consequences_do_not(evidence):
    table = tables.illustrations(evidence)
    assert table.label == "Simulated data"
    assert analysis.practitioners.hypotheses.exposure_size.sentence in html(table).text()
    assert not any(tables.consequences(evidence, audience).label for audience in evidence.synthesis.audiences)


def test_with_real_respondents_the_hypotheses_become_evidence_and_the_label_goes(tmp_path):
    folder = Path(shutil.copytree(DATA / "practitioners", tmp_path / "practitioners"))
    descriptor = folder / "datapackage.yaml"
    text = descriptor.read_text(encoding="utf-8")
    assert "simulated: true" in text
    descriptor.write_text(as_real(text), encoding="utf-8")
    real = Findings(read_study(folder), ROOT)
    path, _ = spoiled(FILE, tmp_path, EXEMPT, "[exposure-size, exposure-sector]")
    found = read(path, lambda name: real if name == "practitioners" else study(name))
    assert {piece.kind for point in found.illustrations for piece in point.evidence} == {ANSWERS}
    assert tables.illustrations(Evidence(found, NAMED, REFERENCES)).label == ""


def test_no_fact_is_read_out_of_rows_that_are_not_published(tmp_path):
    folder = Path(shutil.copytree(DATA / "interviews", tmp_path / "interviews"))
    descriptor = folder / "datapackage.yaml"
    descriptor.write_text(re.sub("(?m)^ *published_because: .*\n", "", descriptor.read_text("utf-8")), "utf-8")
    private = Findings(read_study(folder))
    with pytest.raises(DataError, match="no table of “interviews” whose rows are published is called “gaps”"):
        read(FILE, lambda name: private if name == "interviews" else study(name))


def test_every_fact_with_a_number_is_marked_as_a_count_in_the_data_of_the_table(evidence):
    data = tables.sources(evidence).about["data"]
    assert {row["basis"] for row in data if row["number"]} == {COUNT}
    assert {row["basis"] for row in data if not row["number"]} == {STATEMENT}
