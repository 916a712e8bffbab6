"""The tool knows nothing of this report: no word of it stands there, and a report of something else builds."""

from __future__ import annotations

import json
import re

from project import ROOT
from selectolax.lexbor import LexborHTMLParser

from surveybook.cli import main

TOOL = ROOT / "surveybook"
KINDS = {".py", ".lua", ".js", ".css", ".yaml", ".html", ".json"}
# Words of this report, each as a whole word, in whatever case, also as a part of a name_of_several
WORDS = (
    "practitioners?", "interview(s|ed)?", "machine.learning", "attack(s|ed)?", "adversarial", "poisoning", "evasion",
    "model.stealing", "kumar[0-9]*", "grosse[0-9]*", "mlsec", "personas?", "sectors?", "incidents?", "exposure",
    "defen[cs]es?", "organi[sz]ations?", "life.?cycle", "sec-gaps", "sec-design", "gaps.csv", "139",
)
# Which of them stand in a wing of the tool all the same, and what they mean there
ALLOWED = {
    ("publish", "organization"): "a type of schema.org, and what an author may be in CITATION.cff",
    ("publish", "organizations"): "what authors may be in CITATION.cff",
    ("survey", "personas"): "people, in headings of Spanish exports",
    ("survey", "sector"): "a heading of exports whose codes have no order",
}


def words_of_the_report(text: str) -> set[str]:
    pattern = rf"(?<![a-z0-9])({'|'.join(WORDS)})(?![a-z0-9])"
    return {found[1] for found in re.finditer(pattern, text.lower())}


def test_no_word_of_this_report_stands_in_the_tool():
    files = [path for path in sorted(TOOL.rglob("*")) if path.suffix in KINDS and "vendor" not in path.parts]
    assert len(files) > 100
    found = {(path.relative_to(TOOL).parts[0], word) for path in files
             for word in words_of_the_report(path.read_text(encoding="utf-8"))}
    assert found == set(ALLOWED)


def test_a_report_of_something_else_is_without_fault_and_says_no_word_of_this_one(small):
    assert main(["check", str(small)]) == 0
    pages = sorted(small.rglob("*.html"))
    said = {path.relative_to(small).as_posix(): LexborHTMLParser(path.read_text(encoding="utf-8")) for path in pages}
    for page in said.values():
        page.strip_tags(["script", "style"])
    found = {name: words_of_the_report(page.body.text(separator=" ")) for name, page in said.items()}
    assert len(found) > 3 and not any(found.values()), found


def test_a_study_that_declares_no_other_choices_has_only_those_of_every_study(small):
    records = [json.loads(path.read_text(encoding="utf-8")) for path in small.rglob("tbl-*.json")]
    choices = [record["passport"]["choices"] for record in records if "passport" in record]
    assert choices
    for about in ({choice["about"] for choice in one} for one in choices):
        assert about <= {"plan", "test", "missing", "regression"}
    assert not any("adjusted" in choice["choice"] for one in choices for choice in one)

