"""Whoever is cited can be looked up: in the text, in docstrings, and in tables that lead to the list of references."""

from __future__ import annotations

import re

import pytest

from surveybook.survey.evidence.sources import read_sources

ENTRY = re.compile(r"^@\w+\{([^,]+),\n(.*?)^\}", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def bibliography(root) -> dict[str, str]:
    """Key -> the entry as it stands in references.bib."""
    text = (root / "references.bib").read_text(encoding="utf-8")
    found = ENTRY.findall(text)
    assert len(found) == len({key for key, _ in found}) == len(re.findall("^@", text, re.MULTILINE))
    return dict(found)


def dois(text: str) -> list[str]:
    """The DOIs that a docstring names, without what ends the sentence."""
    found = []
    for doi in re.findall(r"\bdoi\s+(10\.\S+)", text):
        while doi[-1] in ".,;:" or doi.count(")") > doi.count("("):
            doi = doi[:-1]
        found.append(doi)
    return found


def test_a_doi_ends_where_it_ends():
    assert dois("(1956, doi 10.1/a.b). Next (doi 10.2/(SICI)1(2)3:4<5::A>6.0.CO;2-I), and doi\n10.3/c; d") == [
        "10.1/a.b", "10.2/(SICI)1(2)3:4<5::A>6.0.CO;2-I", "10.3/c",
    ]


def test_every_doi_in_the_code_is_in_the_references_with_a_year_that_the_code_names(root, bibliography):
    by_doi = {doi: body for body in bibliography.values() if (doi := "".join(re.findall(r"doi = \{(.*)\}", body)))}
    checked = 0
    for path in sorted((root / "surveybook" / "survey").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for doi in dois(text):
            assert doi in by_doi, f"{path.name}: references.bib has no entry with the doi {doi}"
            year = re.search(r"year = \{(\d+)\}", by_doi[doi])[1]
            assert year in text, f"{path.name}: {doi} is of {year}"
            checked += 1
    assert checked > 15


def test_no_doi_stands_twice(bibliography):
    found = re.findall(r"doi = \{(.*)\}", "".join(bibliography.values()))
    assert len(found) == len(set(found))


def test_every_key_that_a_chapter_cites_has_an_entry(root, bibliography):
    for path in [root / "index.qmd", *sorted((root / "chapters").glob("*.qmd"))]:
        for key in re.findall(r"(?<![\w.])@([a-z]+\d{4}[a-z]*)", path.read_text(encoding="utf-8")):
            assert key in bibliography, f"{path.name}: @{key}"


def test_entries_are_told_apart_by_as_many_authors_as_it_takes(tmp_path):
    path = tmp_path / "sources.bib"
    entries = {
        "one": ("Moss, Ada and Reed, Bo and Fern, Cy", 2001), "two": ("Moss, Ada and Rush, Di and Fern, Cy", 2001),
        "three": ("Moss, Ada and Reed, Bo", 2002), "four": ("{Peat Board}", 2003),
        "five": ("Moss, Ada and others", 2004),
    }
    path.write_text("".join(
        f"@misc{{{key},\n  author = {{{authors}}},\n  year = {{{year}}}\n}}\n"
        for key, (authors, year) in entries.items()
    ), encoding="utf-8")
    assert read_sources(path) == {
        "one": "Moss, Reed and others 2001", "two": "Moss, Rush and others 2001", "three": "Moss and Reed 2002",
        "four": "Peat Board 2003", "five": "Moss and others 2004",
    }


def test_no_two_sources_of_this_report_have_the_same_name(root):
    words = list(read_sources(root / "references.bib").values())
    assert len(words) == len(set(words)) > 50
