"""The chapters on the attacks: counts are those of the files, names lead somewhere, and faults are refused.

What is counted here is counted from the CSV files alone, with nothing of the analysis.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import yaml
from project import DATA, ROOT
from selectolax.lexbor import LexborHTMLParser
from spoiled import refused, spoiled

import analysis
from analysis import attacks, report, sections, tables, today
from analysis.profiles.declaration import CONCERNS, Profiles, read_profiles
from analysis.profiles.tables import attack_cases, attack_mitigations, attack_names, attack_techniques
from surveybook.survey.errors import DataError

FILE = DATA / "attacks.yaml"
TEXT = FILE.read_text(encoding="utf-8")
DECLARED = yaml.load(TEXT, Loader=yaml.CSafeLoader)  # read once more, by nothing of ours
ENTRIES = {entry["attack"]: entry for entry in DECLARED["attacks"]}
NEWER = ("prompt-injection", "agent-misuse")


def rows(path: str) -> list[dict[str, str]]:
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- counted anew

CASES = {row["case"]: row for row in rows("documented/cases.csv")}
TECHNIQUES = {row["technique"]: row for row in rows("documented/techniques.csv")}
MITIGATIONS = {row["mitigation"]: row for row in rows("documented/mitigations.csv")}
MAPPING, STEPS = rows("documented/mapping.csv"), rows("documented/procedures.csv")
AGAINST = rows("documented/mitigation_techniques.csv")
PICKS = {row["item"]: int(row["count"]) for row in rows("interviews/counts.csv") if row["table"] == "attack"}
GAPS = {row["gap"] for row in rows("interviews/gaps.csv")}


def mapped(attack: str, *readings: str) -> set[str]:
    """The techniques of an attack under these readings, with those below them."""
    own = {row["technique"] for row in MAPPING if row["attack"] == attack and row["reading"] in readings}
    return own | {key for key, row in TECHNIQUES.items() if row["parent"] in own}


def shown(attack: str, *readings: str) -> set[str]:
    return {step["case"] for step in STEPS if step["technique"] in mapped(attack, *readings)}


def named(attack: str, *readings: str) -> set[str]:
    return {row["mitigation"] for row in AGAINST if row["technique"] in mapped(attack, *readings)}


def of_kind(cases: set[str], kind: str) -> int:
    return sum(CASES[case]["kind"] == kind for case in cases)


def years(cases: set[str]) -> list[int]:
    return sorted(int(CASES[case]["date"][:4]) for case in cases)


each_attack = pytest.mark.parametrize("attack", list(dict.fromkeys(row["attack"] for row in MAPPING)))


# --- what is there


def test_each_attack_of_the_list_and_the_two_newer_kinds_have_a_chapter():
    assert list(ENTRIES) == [*PICKS, *NEWER]
    book = (ROOT / "_quarto.yml").read_text(encoding="utf-8")
    for attack in ENTRIES:
        text = (ROOT / "chapters" / f"attack-{attack}.qmd").read_text(encoding="utf-8")
        assert f"chapters/attack-{attack}.qmd" in book
        assert f'sections.attack(attacks, "{attack}")' in text and f"#sec-attack-{attack}}}" in text
        assert len(text.splitlines()) < 25  # all else is made by one function


def test_every_source_can_be_looked_up_and_is_read_once():
    keys = set(re.findall(r"(?m)^@\w+\{(\w+),", (ROOT / "references.bib").read_text(encoding="utf-8")))
    gaps = yaml.safe_load((DATA / "gaps-today.yaml").read_text(encoding="utf-8"))["sources"]
    assert set(DECLARED["sources"]) <= keys and not set(DECLARED["sources"]) & set(gaps)
    named = {one["source"] for entry in ENTRIES.values() for one in (*entry["names"], *entry["read"])}
    assert set(DECLARED["sources"]) <= named <= set(DECLARED["sources"]) | set(gaps)


@each_attack
def test_an_example_is_a_case_that_shows_the_attack_or_made_up(attack):
    case = ENTRIES[attack].get("case")
    assert case is None or case in shown(attack, "strict", "broad")
    made = sections.attack(attacks, attack).markdown
    if case:
        assert f"*A documented {CASES[case]['kind']}.*" in made and f"https://atlas.mitre.org/studies/{case}" in made
    else:
        assert "*An example that we made up.*" in made


@each_attack
def test_a_chapter_says_what_the_attack_is_before_anything_else_and_once(attack, site):
    tree = LexborHTMLParser((site / "chapters" / f"attack-{attack}.html").read_text(encoding="utf-8"))
    first = next(node for node in tree.css("main p") if "where was it seen?" in node.text())
    said = " ".join(ENTRIES[attack]["means"].split())
    assert " ".join(first.text().split()).partition("where was it seen? ")[2].startswith(said)
    assert " ".join(tree.css_first("main").text().split()).count(said) == 1
    assert said.partition(". ")[0] in tree.css_first('meta[name="description"]').attributes["content"]


# --- counts


def test_the_index_has_the_counts_of_the_files():
    made = tables.attack_index(attacks)
    assert len(made.rows) == len(made.about["data"]) == len(ENTRIES)
    for row, data in zip(made.rows, made.about["data"], strict=True):
        attack, strict = data["attack"], shown(data["attack"], "strict")
        assert data["picks"] == PICKS.get(attack)
        assert (data["incidents"], data["exercises"]) == (of_kind(strict, "incident"), of_kind(strict, "exercise"))
        assert data["cases_broad"] == len(shown(attack, "strict", "broad"))
        assert (data["first"], data["last"]) == ((years(strict)[0], years(strict)[-1]) if strict else (None, None))
        assert data["gaps"].split(", ") == [one["gap"] for one in ENTRIES[attack]["gaps"]]
        assert row[1:4] == [str(PICKS[attack]) if attack in PICKS else "–", str(data["incidents"]),
                            str(data["exercises"])]
        assert row[4] == ("in an incident" if data["incidents"] else "in exercises" if strict else "in no case")
        assert f"../chapters/attack-{attack}.html#sec-attack-{attack}" in row[0]
        assert all(f"../chapters/gaps-today.html#sec-gap-{one['gap']}" in row[6] for one in ENTRIES[attack]["gaps"])


def test_the_numbers_in_sentences_are_those_of_the_files():
    strict = {attack: shown(attack, "strict") for attack in ENTRIES}
    incident = [attack for attack, cases in strict.items() if of_kind(cases, "incident")]
    nowhere = [attack for attack, cases in strict.items() if not cases]
    assert attacks.count == str(len(ENTRIES))
    assert attacks.seen.incident.count == str(len(incident))
    assert attacks.seen.nowhere.count == str(len(nowhere))
    assert attacks.seen.exercise.count == str(len(ENTRIES) - len(incident) - len(nowhere))
    assert nowhere == ["model-inversion", "membership-inference", "reprogramming", "malicious-provider"]
    extents = [one["extent"] for one in DECLARED["sources"].values()]
    assert attacks.sources.count == str(len(extents))
    assert all(getattr(attacks.sources, one) == str(extents.count(one)) for one in ("itself", "part", "report"))


@each_attack
def test_the_cases_of_an_attack_are_those_with_a_step_of_it_from_the_last_to_the_first(attack):
    strict, both = shown(attack, "strict"), shown(attack, "strict", "broad")
    data = attack_cases(attacks, attacks.profiles.profiles[attack]).about["data"]
    assert {row["case"] for row in data} == both
    assert {row["case"] for row in data if row["reading"] == "strict"} == strict
    assert [row["year"] for row in data] == years(both)[::-1]
    assert all((row["name"], row["kind"]) == (CASES[row["case"]]["name"], CASES[row["case"]]["kind"]) for row in data)


@each_attack
def test_the_mitigations_of_an_attack_stand_in_each_of_their_phases(attack):
    strict, both = named(attack, "strict"), named(attack, "strict", "broad")
    data = attack_mitigations(attacks, attacks.profiles.profiles[attack]).about["data"]
    found = {row["phase"]: set(row["mitigations"].split(", ")) for row in data}
    wanted = {phase: {key for key in both if phase in MITIGATIONS[key]["lifecycle"].split(";")}
              for row in MITIGATIONS.values() for phase in row["lifecycle"].split(";")}
    assert found == {phase: own for phase, own in wanted.items() if own}
    assert {row["phase"]: row["strict"] for row in data} == {phase: len(own & strict) for phase, own in found.items()}


@each_attack
def test_the_techniques_of_an_attack_are_those_of_the_mapping(attack):
    made = attack_techniques(attacks, attacks.profiles.profiles[attack]).about["data"]
    own = [row for row in MAPPING if row["attack"] == attack and row["technique"]]
    assert [(row["technique"], row["reading"], row["reason"]) for row in made] == [
        (row["technique"], row["reading"], row["reason"]) for row in own]
    for row in made:
        below = {row["technique"]} | {key for key, one in TECHNIQUES.items() if one["parent"] == row["technique"]}
        cases = {step["case"] for step in STEPS if step["technique"] in below}
        assert (row["incidents"], row["exercises"]) == (of_kind(cases, "incident"), of_kind(cases, "exercise"))


# --- what is said


@each_attack
def test_a_chapter_says_all_that_was_judged_and_what_is_not_known(attack):
    entry, made = ENTRIES[attack], sections.attack(attacks, attack).markdown
    parts = [f"sec-attack-{attack}-{part}" for part in ("feared", "cases", "names", "defend", "gaps", "read")]
    assert re.findall(r"(?m)^## .*[{ ]#([a-z-]+)\}$", made) == parts
    wanted = ["names", *(["cases"] if shown(attack, "strict", "broad") else []),
              *(["techniques"] if mapped(attack, "strict", "broad") else []),
              *(["mitigations"] if named(attack, "strict", "broad") else [])]
    assert sorted(re.findall(rf"::: \{{#tbl-attack-{attack}-([a-z]+)\}}", made)) == sorted(wanted)
    assert all(f"(@sec-gap-{one['gap']})" in made for one in entry["gaps"])
    assert all(f"@{one['source']}" in made for one in (*entry["names"], *entry["read"]))
    assert made.count("\n- ") == len(entry["log"]) + len(entry["gaps"]) + len(entry["read"]) + 3
    assert ("how many practitioners consider it relevant" if attack in PICKS else "whether it asked about") in made
    assert all((words in made.partition("Of these,")[2].partition("in our judgement")[0]) == (key in entry["concerns"])
               for key, words in CONCERNS.items())
    assert ("No documented case shows it, under either reading" in made) == (not shown(attack, "strict", "broad"))
    assert ("names no attack that fits it well" in made) != any(one["source"] == "eu2024" for one in entry["names"])


@each_attack
def test_other_attacks_that_the_same_cases_show_are_named(attack):
    strict = shown(attack, "strict")
    others = {other for other in ENTRIES if other != attack and strict & shown(other, "strict")}
    line = re.search(r"Some of these cases show another attack as well: .*", sections.attack(attacks, attack).markdown)
    assert set(re.findall(r"@sec-attack-([a-z-]+)", line[0] if line else "")) == others


@each_attack
def test_the_names_of_an_attack_are_told_with_their_fit(attack):
    made = attack_names(attacks, attacks.profiles.profiles[attack])
    names = ENTRIES[attack]["names"]
    assert [row[2] for row in made.rows] == [DECLARED["fits"][one["fit"]] for one in names]
    assert all(one["name"].split("&")[0].strip() in row[0] and one.get("id", "") in row[0]
               for row, one in zip(made.rows, names, strict=True))
    assert "udgement" in made.note and "udgement" in made.about["source"]


@pytest.mark.parametrize("phase", ["development", "deployment", "attack"])
def test_a_gap_names_the_attacks_that_fall_into_it(phase):
    for part in re.split("(?m)^### ", sections.gaps(today, phase, attacks).markdown)[1:]:
        gap = re.search(r"#sec-gap-([a-z-]+)", part)[1]
        wanted = {attack for attack, entry in ENTRIES.items() if gap in (one["gap"] for one in entry["gaps"])}
        assert set(re.findall(r"@sec-attack-([a-z-]+)", part)) == wanted


def test_every_gap_has_an_attack_that_falls_into_it():
    assert {one["gap"] for entry in ENTRIES.values() for one in entry["gaps"]} == GAPS


def test_an_attack_without_a_chapter_is_refused():
    with pytest.raises(DataError, match="no attack is called “evasion”; use one of poisoning, model-stealing"):
        sections.attack(attacks, "evasion")


# --- in the built pages


@each_attack
def test_a_page_links_to_its_cases_its_gaps_and_back(attack, site):
    tree = LexborHTMLParser((site / "chapters" / f"attack-{attack}.html").read_text(encoding="utf-8"))
    links = {node.attributes["href"] for node in tree.css("main a[href]")}
    assert {f"https://atlas.mitre.org/studies/{case}" for case in shown(attack, "strict", "broad")} <= links
    assert any(link.endswith("attack-index.html#sec-attack-index") or link.endswith("attack-index.html")
               for link in links)
    assert all(any(link.endswith(f"gaps-today.html#sec-gap-{one['gap']}") for link in links)
               for one in ENTRIES[attack]["gaps"])
    kinds = {node.attributes["data-evidence"] for node in tree.css("main [data-evidence]")}
    assert kinds <= {"recomputed", "unknown"} and "unknown" in kinds  # nothing here is simulated


@pytest.mark.parametrize("page", ["attacks", "feared", "gaps-today"])
def test_the_chapters_before_lead_to_the_attacks(page, site):
    tree = LexborHTMLParser((site / "chapters" / f"{page}.html").read_text(encoding="utf-8"))
    assert any("attack-index.html" in (node.attributes["href"] or "") for node in tree.css("main a[href]"))


# --- what is refused


def read(path: Path) -> Profiles:
    return read_profiles(path, lambda name: getattr(analysis, name), today.judgement, report.references())


def test_the_file_itself_is_read(tmp_path):
    assert list(read(spoiled(FILE, tmp_path, "judged", "judged")[0]).profiles) == list(ENTRIES)


FAULTS = {  # what stands there, what is written instead, and what is said of it; always of the same line
    "an attack": ("- attack: backdoor", "- attack: backdoors", "no attack of the mapping is called “backdoors”"),
    "an attack twice": ("- attack: backdoor", "- attack: poisoning", "“poisoning” stands above already"),
    "a case": ("case: AML.CS0009", "case: AML.CS0999", "no case of ATLAS is called “AML.CS0999”"),
    "the form of a case": ("case: AML.CS0009", "case: CS0009", "“CS0009” is not an id of a case of ATLAS"),
    "a case of another attack": ("case: AML.CS0009", "case: AML.CS0056", "AML.CS0056 does not show this attack"),
    "a gap": ("{gap: code-analysis", "{gap: code-analysys", "no gap of the study is called “code-analysys”; did you"),
    "a source": ("{source: shan2022", "{source: shan2023", "no source is called “shan2023”; did you mean"),
    "a source nobody can look up": ("  owaspllm2025:\n", "  owaspllm2026:\n", "has no entry “owaspllm2026”"),
    "a source of the gaps": ("  owaspllm2025:\n", "  eu2024:\n", "gaps-today.yaml says already how it was read"),
    "a fit": ("fit: same}", "fit: exact}", "“exact” is not known here"),
    "a concern": ("concerns: [decisions, bias]", "concerns: [decision]", "“decision” is not known here; did you mean"),
    "a study": ("study: interviews", "study: interview", "data/ has no study “interview”; name one of its folders"),
    "a collection": ("collection: documented", "collection: atlas", "data/ has no study “atlas”"),
    "a key": ("    example: >-", "    examples: >-", "unknown key; did you mean “example”?"),
    "a number in our own words": ("    means: >-\n      An attacker changes", "    means: >-\n      1 attacker changes",
                                  "is not words without digits, which stand with what a source gives"),
    "an address": ("addresses: [https://studylibfr", "addresses: [studylibfr", "is not an address that begins with"),
}


@pytest.mark.parametrize(("old", "new", "trouble"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_refused_with_file_and_line(old, new, trouble, tmp_path):
    path, line = spoiled(FILE, tmp_path, old, new)
    refused(lambda: read(path), f"{path}:{line}: ", trouble)


def test_an_attack_that_is_missing_is_refused(tmp_path):
    path = tmp_path / FILE.name
    path.write_text(TEXT[:TEXT.index("  - attack: agent-misuse")], encoding="utf-8")
    with pytest.raises(DataError, match="the attack “agent-misuse” is missing; add it"):
        read(path)


def test_attacks_in_another_order_are_refused(tmp_path):
    text = TEXT.replace("- attack: prompt-injection", "- attack: x").replace(
        "- attack: agent-misuse", "- attack: prompt-injection")
    path = tmp_path / FILE.name
    path.write_text(text.replace("- attack: x", "- attack: agent-misuse"), encoding="utf-8")
    with pytest.raises(DataError, match="the mapping has “prompt-injection” here; bring them into its order"):
        read(path)


def test_a_source_that_nothing_needs_is_refused(tmp_path):
    path = tmp_path / FILE.name
    path.write_text(TEXT.replace("source: oecd2025", "source: mitre2026"), encoding="utf-8")
    with pytest.raises(DataError, match="oecd2025: no attack needs it"):
        read(path)
