"""What is too long, too deep or no text is refused in a sentence that names the limit, whoever wrote it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from project import SMALL

from surveybook import markup
from surveybook.bibtex import limit_passed
from surveybook.document import DEEPEST, TEXT, YAML_1_1, Fault, parse_yaml
from surveybook.errors import Refusal
from surveybook.publish.finish import finish
from surveybook.publish.site.page import read_pages
from surveybook.publish.site.report import read_report
from surveybook.render.book import Book
from surveybook.render.files import Files
from surveybook.render.settings import Settings
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.seal import seal
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.sources import read_sources

PAGE = '<!DOCTYPE html>\n<html lang="en"><head><title>A</title></head><body>{}</body></html>'
DEEP = {
    "brackets": "a: " + "[" * 100_000,  # on which the library itself runs out of stack, and takes the program with it
    "braces": "a: " + "{a: " * 50_000,
    "both, closed": "a: " + "[{b: " * 60 + "1" + "}]" * 60,
    "lists in one line": "- " * 50_000 + "a",
    "keys in one line": "? " * 200 + "a",
    "indented": "".join(f"\n{' ' * depth}a:" for depth in range(150)),
    "behind closing ones in a text": "a: '" + "]" * 1000 + "'\nb: " + "[" * 100_000,
}


@pytest.mark.parametrize("loader", [YAML_1_1, TEXT])
@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_what_is_too_deep_is_refused_before_it_is_read(text, loader):
    with pytest.raises(Fault, match=f"more than {DEEPEST} levels deep"):
        parse_yaml(text, loader, "the file")


def test_what_is_just_deep_enough_is_read():
    assert parse_yaml("[" * DEEPEST + "]" * DEEPEST, YAML_1_1, "the file").data
    assert len(parse_yaml("a: '" + "[" * 1000 + "'", YAML_1_1, "the file").data["a"]) == 1000


def test_a_text_that_is_too_long_is_refused():
    with pytest.raises(Fault, match="more than 20,000,000 characters; split it"):
        parse_yaml("x" * 20_000_001, YAML_1_1, "the file")


ENTRY = "@book{a,\n  title = {A},\n}\n"
SOURCES = {
    "entries that never end": ("@book{a,\n }\n" * 200_000, {}),
    "blank lines": ("\n" * 500_000 + ENTRY + "\n" * 500_000, {"a": "A without a year"}),
    "many of one name": ("".join(ENTRY.replace("{a", f"{{k{n}") for n in range(5000)),
                         {f"k{n}": "A without a year" for n in range(5000)}),
    "lines of Windows": (ENTRY.replace("\n", "\r\n"), {"a": "A without a year"}),
    "an editor": ("@book{a,\n  editor = {Li, A.},\n  year = {2020},\n}\n", {"a": "Li 2020"}),
    "nothing but a key": ("@book{a,\n}\n", {"a": "a without a year"}),
}


@pytest.mark.parametrize(("text", "words"), SOURCES.values(), ids=SOURCES)
def test_whatever_a_bibliography_lists_its_reader_comes_to_an_end(text, words, tmp_path):
    (tmp_path / "references.bib").write_bytes(text.encode())
    assert read_sources(tmp_path / "references.bib") == words


@pytest.mark.parametrize(("content", "told"), [
    (b"@book{a,\n  title = {" + b"{" * 100, r"is more than 100 braces deep in line 2; close the braces"),
    (b"%" * 20_000_001, r"has more than 20,000,000 bytes; split it"),
    (b"@book{m\xf6ss,\n}", r"references.bib:1: not UTF-8 text; save it with the encoding UTF-8"),
])
def test_a_bibliography_that_nobody_can_read_is_refused(content, told, tmp_path):
    (tmp_path / "references.bib").write_bytes(content)
    with pytest.raises(DataError, match=told):
        read_sources(tmp_path / "references.bib")
    if b"\xf6" not in content:  # that Pandoc tells
        files = Files(Book(tmp_path, Settings({"bibliography": "references.bib"}), ()))
        assert told in str(files.problems[0]) and not files.bibliography


@pytest.mark.parametrize("unit", ["<div>", "<b>x</i>", "<div/>", "<ul><li>", "<svg><g>", "<table><tr><td>",
                                  "<P class='a>b'>x<q>"])
def test_a_page_that_no_parser_comes_to_the_end_of_is_refused_in_each_reader(unit, tmp_path):
    told = "the page has more than 512 elements in each other, at <"
    (tmp_path / "a.html").write_text(PAGE.format(unit * 100_000))
    with pytest.raises(Refusal, match=f"^a.html: {told}.*> in line 2 of its HTML; nest fewer, or close them$"):
        read_pages(tmp_path)
    with pytest.raises(Refusal, match=f"^a.html: {told}"):
        finish(tmp_path, tmp_path)


@pytest.mark.parametrize("text", [
    "<p>x" * 600, "<ul>" + "<li>x" * 600 + "</ul>", "<table>" + "<tr><td><p>x" * 600 + "</table>", "<br>x<img>" * 600,
    "<dl>" + "<dt>x<dd>y" * 600 + "</dl>", "<div><span></div>" * 600, "<svg>" + "<g/>" * 600 + "</svg>",
    "</b>" * 600 + "<div>" * 500 + "</div>" * 500])
def test_elements_after_each_other_have_no_depth(text):
    assert markup.limit_passed(PAGE.format(text)) is None


def test_a_page_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(markup, "MOST_LETTERS", 100)
    assert markup.limit_passed("x" * 101) == ("the page has more than 100 characters", "split it")


def test_escaped_braces_have_no_depth():
    assert limit_passed(b"\\{" * 1000 + b"{}" * 1000) is None


SIGNS = ["\x00", "\x01", "\x1b", "\x7f", "\ufffe", "\uffff", "\ufdd0"]


@pytest.mark.parametrize(("sign", "written"), [
    *((sign, f'"\\u{ord(sign):04x}"') for sign in SIGNS), *((sign, sign) for sign in (*SIGNS, "\ud800"))])
def test_a_character_that_nothing_can_show_is_told_with_its_line(sign, written):
    with pytest.raises(Fault, match=rf"holds the character U\+{ord(sign):04X}, which nothing can show") as told:
        parse_yaml(f"a: 1\nb: {written}\n", YAML_1_1, "the file")
    assert told.value.line == 2


@pytest.mark.parametrize(("content", "said"), [
    ("title: \x01", "CITATION.cff:1: the file holds the character U\\+0001, which nothing can show; remove it"),
    ("a: 1\ntitle: \"\\uFFFE\"", "CITATION.cff:2: the file holds the character U\\+FFFE"),
    (b"title: \xe9", "CITATION.cff:1: not UTF-8 text; save it with the encoding UTF-8"),
])  # fmt: skip
def test_a_citation_file_says_what_is_wrong_with_it(content, said, tmp_path):
    (tmp_path / "CITATION.cff").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(Refusal, match=said):
        read_report(tmp_path)


def test_a_citation_file_that_is_no_plain_file_of_the_book_is_refused(tmp_path):
    book, place = tmp_path / "book", tmp_path / "book" / "CITATION.cff"
    book.mkdir()
    assert read_report(book) is None
    shutil.copy(SMALL / "CITATION.cff", tmp_path)
    place.symlink_to("../CITATION.cff")
    for told in ("is a symbolic link that leads out of the folder; copy", "is no plain file; put a file in its place"):
        with pytest.raises(Refusal, match=f"^CITATION.cff {told}"):
            read_report(book)
        place.unlink()
        os.mkfifo(place)


# --- data


@pytest.fixture
def told(tmp_path):
    """told(file, old, new): what is said of the small study of counts with this change, sealed again."""

    def said(name: str, old: str, new: str) -> str:
        folder = Path(shutil.copytree(SMALL / "data" / "councils", tmp_path / "councils", dirs_exist_ok=True))
        file = folder / name
        file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
        seal(folder)
        with pytest.raises(DataError) as refused:
            read_study(folder, tmp_path)
        return str(refused.value).replace(f"{folder}/", "")

    return said


@pytest.mark.parametrize("number", ["1" + "0" * 15, str(2**63), "-" + "9" * 20, "0" * 20, "9" * 5000])
@pytest.mark.parametrize(("file", "cell"), [("counts.csv", "17,24"), ("claims.csv", "17,24")])
def test_a_number_that_nobody_can_count_is_refused(file, cell, number, told):
    assert f"a number of {len(number)} signs is more than anybody can count (at most 15); correct it" in told(
        file, cell, f"{number},24")


def test_a_cell_that_is_too_long_is_refused_with_the_limit(told):
    assert told("counts.csv", "Table 2", "x" * 1_000_001) == (
        "counts.csv: a cell has more than 1,000,000 characters; shorten it, or close a quote before it")


@pytest.mark.parametrize("sign", ["\x01", "\x1b", "\ufffe", "\uffff"])
def test_a_cell_that_nothing_can_show_is_refused(sign, told):
    assert told("counts.csv", "Table 2", f"Table {sign}") == (
        f"counts.csv: row 5: a cell holds the character U+{ord(sign):04X}, which nothing can show; remove it")
