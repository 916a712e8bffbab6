"""The tool knows nothing of this report: no word of it stands there, and a report of something else builds."""

from __future__ import annotations

import re

from project import ROOT

TOOL = ROOT / "surveybook"
KINDS = {".py", ".lua", ".js", ".css", ".yaml", ".html", ".json"}
# Words of this report, each as a whole word, in whatever case, also as a part of a name_of_several
WORDS = (
    "practitioners?", "interview(s|ed)?", "machine.learning", "attack(s|ed)?", "adversarial", "poisoning", "evasion",
    "model.stealing", "kumar[0-9]*", "grosse[0-9]*", "mlsec", "personas?", "sectors?", "incidents?", "exposure",
    "defen[cs]es?", "organi[sz]ations?", "life.?cycle", "sec-gaps", "sec-design", "gaps.csv", "139",
)
# Where such a word may stand, by the name of a file, and what it means there
ALLOWED = {
    ("datasets.py", "organization"): "a type of schema.org",
    ("metadata.py", "organization"): "a type of schema.org",
    ("crate.py", "organization"): "a type of schema.org",
    ("citation.py", "organization"): "what an entity is in CITATION.cff",
    ("citation.py", "organizations"): "what entities are in CITATION.cff",
    ("formats.py", "organization"): "what an entity is in CITATION.cff",
}


def words_of_the_report(text: str) -> set[str]:
    pattern = rf"(?<![a-z0-9])({'|'.join(WORDS)})(?![a-z0-9])"
    return {found[1] for found in re.finditer(pattern, text.lower())}


def test_no_word_of_this_report_stands_in_the_tool():
    files = [path for path in sorted(TOOL.rglob("*")) if path.suffix in KINDS and "vendor" not in path.parts]
    assert len(files) > 100
    found = {(path.name, word) for path in files
             for word in words_of_the_report(path.read_text(encoding="utf-8"))}
    assert found == set(ALLOWED)
