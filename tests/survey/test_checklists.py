"""The reporting checklists are whole, and each item is answered by a section that exists or says why it is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from project import DATA
from selectolax.lexbor import LexborHTMLParser

from analysis import tables
from surveybook.render.book import open_book
from surveybook.render.headings import write_headings
from surveybook.render.settings import read_settings
from surveybook.render.source import read_page
from surveybook.survey.data.hypotheses import read_claims
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.checklists import ANSWERED, ANSWERS, Reporting, read_checklists
from surveybook.survey.evidence.sections import Section, read_sections
from surveybook.survey.evidence.sources import read_sources
from surveybook.survey.show.display import table_html

FOLDER = DATA / "checklists"
TEXT = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))}
REFERENCES = read_sources(DATA.parent / "references.bib")
CLAIMS = read_claims(DATA / "practitioners" / "hypotheses.yaml")
# The sections that the files name, whether or not their chapters are written
NAMED = {
    name: Section(name, "A section", "A chapter", "chapters/a.html")
    for text in TEXT.values() for name in re.findall(r"section: (sec-[a-z-]+)", text)
}


@pytest.fixture(scope="module")
def reporting() -> Reporting:
    return Reporting(read_checklists(FOLDER, NAMED, REFERENCES), REFERENCES)


# --- the lists are whole

ITEMS = {
    "aapor": [str(number) for number in range(1, 12)],  # the code of 2021, section III.A
    "coreq": [str(number) for number in range(1, 33)],  # Tong, Sainsbury and Craig 2007, table 1
    "cross": [  # Sharma and others 2021, table 1
        "1a", "1b", "2", "3", "4", "5a", "5b", "5c", "5d", "6a", "6b", "6c", "6d", "7a", "7b", "7c", "8", "9a", "9b",
        "10a", "10b", "10c", "10d", "10e", "10f", "10g", "11a", "11b", "11c", "11d", "12", "13a", "13b", "13c", "14",
        "15", "16", "17", "18", "19",
    ],
    "sampl": [str(number) for number in range(1, 61)],  # our numbers: the guidelines have none
}


def test_every_checklist_has_every_item(reporting):
    found = {name: [item.id for item in one.items] for name, one in reporting.checklists.items()}
    assert found == ITEMS


def test_every_section_that_answers_an_item_stands_in_a_chapter():
    sections = read_sections(DATA.parent, CLAIMS)
    assert set(NAMED) <= set(sections)


def test_the_answers_of_a_checklist_add_up(reporting):
    for name, checklist in reporting.checklists.items():
        numbers = getattr(reporting, name)
        parts = [int(getattr(numbers, answer.replace(" ", "_"))) for answer in ANSWERS.values()]
        assert sum(parts) == int(numbers.items) == len(checklist.items)


def test_what_nobody_was_asked_for_is_not_said_to_be_answered(reporting):
    """The respondents are simulated: their recruitment, consent and response rate cannot be told."""
    cross = {item.id: item for item in reporting.checklists["cross"].items}
    assert ANSWERED not in {cross[name].answer for name in ("6b", "7a", "7b", "9a", "11c")}


# --- what is refused

FIRST = '  - {id: "12", topic: Participants, asks: How many took part., section: sec-organizations}\n'
REFUSED = {
    "an item without an answer": (
        ", section: sec-organizations}", "}",
        "items: 12: has no answer; give it one of section, not_published, does_not_apply"),
    "an item with two answers": (
        ", section: sec-organizations}", ", section: sec-organizations, not_published: Nobody says it.}",
        "items: 12: has 2 answers; give it one of"),
    "a section that no chapter has": (
        "section: sec-organizations}", "section: sec-organisations}",
        "items: 12: section: no chapter has a section with the id “sec-organisations”; the nearest one is "
        "“sec-organizations”"),
    "an item twice": ('{id: "12"', '{id: "11"', "an item with this id stands above; remove one of them"),
    "an empty reason": (
        "section: sec-organizations}", 'not_published: ""}', "is empty or too short; fill it in"),
    "an unknown key": (
        "section: sec-organizations}", "sections: sec-organizations}", "unknown key; did you mean “section”?"),
    "an id that is no section": (
        "section: sec-organizations}", "section: organizations}", "is not the id of a section"),
}


@pytest.mark.parametrize(("old", "new", "message"), REFUSED.values(), ids=REFUSED)
def test_an_item_that_leads_nowhere_is_refused_with_its_line(tmp_path, old, new, message):
    assert FIRST in TEXT["coreq"]
    path = tmp_path / "coreq.yaml"
    path.write_text(TEXT["coreq"].replace(FIRST, FIRST.replace(old, new)), encoding="utf-8")
    line = TEXT["coreq"][: TEXT["coreq"].index(FIRST)].count("\n") + 1
    with pytest.raises(DataError, match=rf"^{re.escape(f'{path}:{line}: ')}.*{re.escape(message)}"):
        read_checklists(tmp_path, NAMED, REFERENCES)


@pytest.mark.parametrize(("old", "new", "message"), [
    ("reference: tong2007", "reference: tong2070", ":8: reference: references.bib has no entry “tong2070”; add it"),
    ("name: coreq", "name: corec", ":5: name: “corec” is not the name of its file; make them the same"),
])
def test_a_checklist_that_nobody_can_look_up_is_refused(tmp_path, old, new, message):
    path = tmp_path / "coreq.yaml"
    path.write_text(TEXT["coreq"].replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(f"{path}{message}")):
        read_checklists(tmp_path, NAMED, REFERENCES)


# --- the sections of the book


@pytest.fixture
def book(tmp_path) -> Path:
    (tmp_path / "chapters").mkdir()
    (tmp_path / "index.qmd").write_text("# Short {.unnumbered #sec-short}\n\n## Sure {#sec-sure}\n", encoding="utf-8")
    (tmp_path / "chapters" / "a.qmd").write_text(
        "# One {#sec-one}\n\n```\n## Code {#sec-code}\n```\n\n## Part of it {#sec-part}\n", encoding="utf-8"
    )
    return tmp_path


def test_a_section_is_found_with_its_page_and_its_titles(book):
    (book / "chapters" / ".#a.qmd").symlink_to("me@host.1:2")  # an editor has the page open
    found = read_sections(book, [])
    assert list(found) == ["sec-short", "sec-sure", "sec-one", "sec-part"]
    assert found["sec-part"].address == "../chapters/a.html#sec-part"
    assert (found["sec-one"].words, found["sec-part"].words) == ("One", "One: Part of it")
    assert found["sec-sure"].address == "../index.html#sec-sure"


def test_a_passport_is_a_section_once_its_page_is_written(book):
    assert "sec-exposure-size" not in read_sections(book, CLAIMS)
    (book / "chapters" / "passes.qmd").write_text("# Passports {#sec-passports-exposure}\n", encoding="utf-8")
    found = read_sections(book, CLAIMS)
    assert found["sec-exposure-size"].address == "../chapters/passes.html#sec-exposure-size"
    assert "sec-defenses-size" not in found


def test_sections_are_the_same_from_an_index_of_headings(monkeypatch, tmp_path):
    root = DATA.parent
    book = open_book(root, read_settings(root / "_quarto.yml", root, "quarto"))
    sources = [read_page(root / file, root, book.settings, {}) for file in book.files]
    expected = read_sections(root, CLAIMS)
    for name, value in write_headings(tmp_path, sources).items():
        monkeypatch.setenv(name, value)
    assert read_sections(tmp_path, CLAIMS) == expected and "sec-exposure-size" in expected


# --- what is shown


def test_each_item_is_shown_with_a_link_to_its_section_or_with_a_reason(reporting):
    for name, checklist in reporting.checklists.items():
        page = LexborHTMLParser(table_html(tables.checklist(reporting, name)))
        rows = page.css("tbody tr")
        shared = {item.reason for item in checklist.items if item.reason}
        assert len(rows) == len(shared) + sum(item.section is not None for item in checklist.items)
        for item in checklist.items:
            (row,) = (row for row in rows if f"{item.asks} {item.id} · " in row.css_first("th").text())
            answer = row.css_first("td")
            if item.section:
                assert answer.css_first("a").attributes["href"] == item.section.address
            else:
                assert answer.text().endswith(f": {item.reason}")


def test_a_checklist_names_the_paper_that_it_follows(reporting):
    assert "Tong and others 2007" in tables.checklist(reporting, "coreq").note
