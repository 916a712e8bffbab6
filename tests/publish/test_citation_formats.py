"""CITATION.cff is the one source, and each format of a citation says the same to programs that are not ours."""

# ruff: noqa: E501 - pages as Quarto writes them

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from itertools import accumulate
from pathlib import Path

import pytest
import yaml
from cited import CFF, CHAPTER, HOSTILE, PLACED, REPORT, WHOLE, pandoc, part, write_report
from project import ROOT, TOOL

from surveybook.errors import Refusal
from surveybook.publish.citing import zenodo
from surveybook.publish.citing.formats import all_formats, bibtex, entry, quoted, ris, text
from surveybook.publish.site import report as citation
from surveybook.publish.site.report import Author, Report

# --- CITATION.cff is the one source


@pytest.fixture
def book(tmp_path) -> Path:
    return write_report(tmp_path)


def test_the_report_is_what_the_citation_file_says(book):
    report = citation.read_report(book)
    assert (report.title, report.version, report.date) == ("Peat & Bogs: a Survey", "1.2.0", date(2026, 3, 9))
    assert [author.full for author in report.authors] == ["Ada van der Moss", "The Bog Project"]
    assert [author.inverted for author in report.authors] == ["van der Moss, Ada", "The Bog Project"]
    assert (report.url, report.doi) == ("", "")


def test_quotation_marks_in_a_title_become_single_ones_in_a_citation():
    assert quoted("“Poisoning” leads") == "“‘Poisoning’ leads”"


def test_the_files_of_this_report_are_sound(root):
    report = citation.read_report(root)
    assert report.licence == "CC-BY-4.0" and report.code_licence == "MIT"


def test_a_version_stays_the_text_that_was_written(book):
    (book / "CITATION.cff").write_text(CFF.replace("1.2.0\ndate", "1.10\ndate"), encoding="utf-8")
    assert citation.read_report(book).version == "1.10"


@pytest.mark.parametrize(("old", "new", "message"), [
    ("date-released: 2026-03-09", "date-released: March 2026", "CITATION.cff:10: date-released is missing or wrong; write it like date-released: 2026-01-31"),
    ("license: MIT", "license: ''", "CITATION.cff:11: license is missing or wrong"),
    ("version: 1.2.0\n", "", "CITATION.cff:1: version is missing or wrong"),
    ("  - name: The Bog Project", "  - {}", "CITATION.cff:6: authors is missing or wrong"),
    ("license: MIT", "license: MIT\nurl: example.org", "CITATION.cff:12: url is missing or wrong; write it like url: https://example.org/report/ (a folder)"),
    ("license: MIT", "license: MIT\nurl: https://example.org/bogs", "CITATION.cff:12: url"),
    ("license: MIT", "license: MIT\ndoi: https://doi.org/10.5281/x", "CITATION.cff:12: doi is missing or wrong"),
    ("license: MIT", "license: [MIT", "CITATION.cff:12: the file is not valid YAML"),
    ("license: MIT", 'license: MIT\npreferred-citation: {title: Other, version: 1.2.0, date-released: 2026-03-09, license: X, authors: [{name: A}]}', "CITATION.cff:12: title is not the same above"),
    ('title: "Peat & Bogs: a Survey"', "title: Bogs", "_quarto.yml:2: title is “Peat & Bogs: a Survey”, but CITATION.cff has “Bogs”; make them the same"),
    ("given-names: Ada", "given-names: Eve", "_quarto.yml:3: author is “Ada van der Moss, The Bog Project”, but CITATION.cff has “Eve van der Moss, The Bog Project”"),
    ("date-released: 2026-03-09", "date-released: 2026-03-08", "_quarto.yml:4: date is “2026-03-09”, but CITATION.cff has “2026-03-08”"),
])
def test_what_is_wrong_is_said_with_file_and_line(book, old, new, message):
    assert old in CFF
    (book / "CITATION.cff").write_text(CFF.replace(old, new), encoding="utf-8")
    with pytest.raises(Refusal, match=f"(?m)^{re.escape(message)}"):
        citation.read_report(book)


def test_a_build_fails_where_the_settings_of_the_book_say_something_else(book_of_one_chapter, tmp_path):
    book = book_of_one_chapter(tmp_path / "book", "data", "# Data {#sec-data}\n\nAll of it.\n")
    settings = (book / "_quarto.yml").read_text(encoding="utf-8")
    title = yaml.safe_load(settings)["book"]["title"]
    (book / "_quarto.yml").write_text(settings.replace(title, "Another title"), encoding="utf-8")
    command = [sys.executable, "-m", "surveybook", "render", str(book), "--output", str(tmp_path / "site")]
    ended = subprocess.run(command, cwd=ROOT, env=TOOL, capture_output=True, text=True)
    assert ended.returncode == 1 and not (tmp_path / "site").exists()
    assert f"title is “Another title”, but CITATION.cff has “{title}”; make them the same" in ended.stderr


def test_the_file_for_zenodo_is_what_the_citation_file_gives(root):
    assert (root / ".zenodo.json").read_text(encoding="utf-8") == zenodo.metadata(citation.read_report(root)), (
        "write it again: python -m surveybook zenodo")


def test_zenodo_is_told_the_address_once_there_is_one():
    told = json.loads(zenodo.metadata(PLACED))
    assert told["creators"][0] == {"name": "van der Moss, Ada"}
    assert told["related_identifiers"][0]["identifier"] == "https://example.org/bogs/"
    assert "related_identifiers" not in json.loads(zenodo.metadata(REPORT))


# --- the formats, read by a program that is not ours


def plain(words: str) -> str:
    """Words without what Pandoc makes of quotes."""
    return re.sub("[“”]", '"', re.sub("[‘’`]", "'", words))


@pytest.mark.parametrize("kind", ["bibtex", "biblatex", "ris", "csljson"])
@pytest.mark.parametrize("title", ["Depth", "A “deep” hole", "{b} and }c{", HOSTILE.replace("{b", "{b}"), "Ärger, und = @x"])
def test_each_format_says_the_same_to_another_program(title, kind):
    one = entry(PLACED, part(title.replace("\u202e", "")), "en")
    written = all_formats(one)[{"biblatex": "bibtex", "csljson": "csl"}.get(kind, kind)]
    (found,) = pandoc(f"[{written}]" if kind == "csljson" else written, kind)
    assert found["id"] == "peat2026-fig-depth" and found["type"] == "chapter"
    if not ("}c{" in title and "bib" in kind):  # Pandoc does not know the braces by their names
        assert plain(found["title"]) == plain(f"Figure 2.1: {title}".replace("\u202e", ""))
    assert found["container-title"] == "Peat & Bogs: a Survey"
    assert found["URL"] == "https://example.org/bogs/chapters/peat.html#fig-depth"
    assert found["issued"]["date-parts"][0][0] == 2026
    first, second = found["author"]
    assert (first["family"], first["given"]) == ("Moss", "Ada")
    assert {first.get("dropping-particle"), first.get("non-dropping-particle")} == {"van der", None}
    assert second.get("literal", second.get("family")) in ("The Bog Project", "Project")


def test_bibtex_is_never_left_with_an_open_brace():
    for title in (HOSTILE, "}{", "{{}", "\\{", "a}b"):
        written = bibtex(entry(REPORT, part(title), "en"))
        depths = list(accumulate((one == "{") - (one == "}") for one in written))
        assert min(depths) == depths[-1] == 0 and 0 not in depths[written.index("{") : written.rindex("}")], title


def test_a_line_of_ris_is_a_tag_and_a_value_and_ends_as_the_format_asks():
    written = ris(entry(PLACED, part("Two\nlines\r\nER  - \u2028TY  - BOOK"), "en"))
    lines = written.split("\r\n")
    assert lines[0] == "TY  - CHAP" and lines[-2:] == ["ER  - ", ""]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) and "\n" not in line for line in lines[:-1])
    assert sum(line.startswith(("ER", "TY")) for line in lines) == 2
    assert "DA  - 2026/03/09/" in lines and "AU  - van der Moss, Ada" in lines


def test_a_name_with_commas_stays_one_name():
    named = Report(**{**REPORT.__dict__, "authors": (Author(name="Peat, Bog & Sons, Inc."), Author(family="King", given="Jo", suffix="Jr."))})
    one = entry(named, part(), "en")
    (read_,) = pandoc(bibtex(one), "bibtex")
    assert read_["author"][0] == {"literal": "Peat, Bog & Sons, Inc."}
    assert read_["author"][1] == {"family": "King", "given": "Jo", "suffix": "Jr."}
    assert "AU  - Peat Bog & Sons Inc.\r\nAU  - King, Jo, Jr.\r\n" in ris(one)


def test_plain_text_names_authors_title_report_version_date_and_address():
    assert text(entry(PLACED, part(), "en")) == (
        "Ada van der Moss and The Bog Project. “Figure 2.1: Depth.” In Peat & Bogs: a Survey, version 1.2.0, "
        "March 9, 2026. https://example.org/bogs/chapters/peat.html#fig-depth")
    assert text(entry(PLACED, CHAPTER, "en")).split(". ", 1)[1].startswith("“How deep?” In Peat & Bogs")
    assert text(entry(PLACED, WHOLE, "en")).endswith("Survey. Version 1.2.0, March 9, 2026. https://doi.org/10.5281/zenodo.1003150")


def test_without_an_address_none_is_made_up():
    for one in (part(), CHAPTER, WHOLE):
        formats = all_formats(entry(REPORT, one, "en"))
        assert not [name for name, written in formats.items() if "://" in written or "url" in written.lower() or "UR  -" in written]
        assert "Version 1.2.0, at " in json.loads(formats["csl"])["note"]
    assert text(entry(REPORT, part(), "en")).endswith("March 9, 2026. chapters/peat.html#fig-depth")


def test_a_citation_of_simulated_data_says_so_in_its_title_in_every_format():
    for name, written in all_formats(entry(REPORT, part(simulated="simulated data"), "en")).items():
        assert "Figure 2.1: Depth (simulated data)" in written, name


def test_labels_with_any_letters_give_keys_that_bibtex_takes_and_that_differ():
    keys = [entry(REPORT, part(label=label), "en").key for label in ("fig-é", "fig-e", "fig-{", "fig-א", "fig-a,b")]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", key) for key in keys)
