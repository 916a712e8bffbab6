"""What may stand in _quarto.yml, in front matter and in cell options; all else is refused with its line and a remedy."""

# ruff: noqa: E501 - in tables, an input and its message stand in one line

from __future__ import annotations

import csv
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from project import ROOT, SHARED

from surveybook.render.dates import written_date
from surveybook.render.keys import CELL, EXECUTE, FOREIGN, FRONT, HTML, INNER, OF_BOOK, OF_KNITR, ON_PAPER, QUARTO
from surveybook.render.problems import Refused
from surveybook.render.settings import (
    Settings,
    execute_options,
    options,
    parse_settings,
    passed_over,
    read_settings,
)

BROKEN = SHARED / "parity" / "public" / "bad"


def refused(text: str, kind: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        parse_settings(text, "file", 1, kind)
    return str(caught.value).split("\n")


def test_values_and_their_lines_are_known():
    settings = parse_settings("title: A\n\nexecute:\n  echo: false\nformat:\n  html:\n    toc: true\n", "page.qmd", 2, "front")
    assert settings.data["execute"] == {"echo": False}
    assert settings.line("execute", "echo") == 5
    assert settings.line("format", "html", "toc") == 8
    assert settings.line("execute", "no such key") == 4, "an unlisted key counts as its parent"
    assert settings.get("format", "html", "toc") is True
    assert settings.get("format", "pdf", "toc", default="none") == "none"


@pytest.mark.parametrize(
    "written, value",
    [
        ("yes", "yes"), ("2026-03-14", "2026-03-14"), ("1:30", "1:30"), ("4.20", 4.2), ("010", 10), ("0x1f", 31), ("1e3", 1000.0),
        ("-3", -3), ("~", None), ("", None), ("True", True), ('"true"', "true"), ("1_000", "1_000"),
    ],
)  # fmt: skip
def test_yaml_is_read_as_version_1_2_like_quarto(written, value):
    found = parse_settings(f"key: {written}", "_variables.yml", 1, "variables").data["key"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "kind, text, message",
    [
        ("cell", "echo: maybe", "file:1: “echo” is “maybe”; it must be true or false or “fenced” here"),
        ("cell", "label:", "file:1: “label” is empty; it must be text here"),
        ("cell", "fig-capp: x", "file:1: unknown key “fig-capp” in a cell's options; did you mean “fig-cap”? correct or remove it"),
        ("cell", "echo: true\necho: false", "file:2: the key “echo” stands twice in a cell's options; keep one of them"),
        ("front", "toc: perhaps", "file:1: “toc” is “perhaps”; it must be true or false here"),
        ("front", "date: today", "file:1: “date” is “today”; that changes with every build: write a date such as 2026-03-14, or set SOURCE_DATE_EPOCH"),
        ("front", "- a", "file:1: front matter must be `key: value` lines; write one key and its value a line"),
        ("front", "title: A\nexecute:\n  ecko: true", "file:3: unknown key “ecko” in execute; did you mean “echo”? correct or remove it"),
        ("front", "format:\n  pfd: default", "file:2: unknown key “pfd” in format; correct or remove it"),
        ("front", "filters: [a]", "file:1: the key “filters” in front matter changes a page of Quarto, and is not done here; remove it, or render the book with Quarto"),
        ("quarto", "book:\n  chapterz: 3", "file:2: unknown key “chapterz” in book; did you mean “chapters”? correct or remove it"),
        ("quarto", "project:\n  type: website", "file:2: “type” is “website”; it must be “book” here"),
        ("quarto", "bibliografy: a.bib", "file:1: unknown key “bibliografy” in _quarto.yml; did you mean “bibliography”? correct or remove it"),
        ("quarto", "book:\n  keywords: [sea]", "file:2: the key “keywords” does not stand below book, in Quarto either; write it at the top of the file"),
        ("quarto", "website:\n  title: A", "file:1: the key “website” in _quarto.yml changes a page of Quarto, and is not done here; remove it, or render the book with Quarto"),
        ("quarto", "book:\n  chapters:\n    - index.qmd\n    - 7", "file:4: “chapters” is “7”; it must be text or a list of keys here"),
        ("quarto", "profile:\n  default: draft", "file:1: the key “profile” makes several books of these files, and a site is made from one; put what differs on your machine into _quarto.yml.local, or render the book with Quarto"),
        ("quarto", "lang: de", "file:1: “lang” is “de”; it must be “en” or “en-GB” or “en-US” here"),
        ("quarto", "book:\n  author:\n    - name: A\n      orcit: 1", "file:4: unknown key “orcit” in book.author; did you mean “orcid”? correct or remove it"),
        ("cell", "output-location: slide", "file:1: the key “output-location” in a cell's options changes a page of Quarto, and is not done here; remove it, or render the book with Quarto"),
        ("quarto", "format:\n  html:\n    html-math-method: katex", "file:3: “html-math-method” is “katex”; it must be “mathml” here"),
    ],
)  # fmt: skip
def test_each_fault_has_its_message(kind, text, message):
    assert refused(text, kind) == [message]


@pytest.mark.parametrize(
    "text, line",
    [
        ('fig-cap: "never closed\necho: [', 1),
        ('echo: true\nfig-cap: "never closed\nlabel: "x"\n', 2),
        ("echo: [", 1),
        ("label: a: b", 1),
        ("? [a]: b", 1),
        ("x: &x {y: *x}", 1),
        ("eval: !expr x", 1),
        ("label: \x00", 1),
        ("echo: true\n\tlabel: x", 2),
        ("<<: {a: 1}", 1),
    ],
)
def test_bad_yaml_is_told_with_the_line_to_mend(text, line):
    (message,) = refused(text, "cell")
    assert re.match(rf"file:{line}: a cell's options (is not valid YAML \(|holds the character U\+0000)", message)


def test_all_faults_are_told_at_once():
    assert len(refused("echo: maybe\nnosuch: 1\nwarning: 2", "cell")) == 3


def test_what_changes_no_web_page_is_passed_over_and_said():
    text = "documentclass: book\nformat:\n  html:\n    theme: [cosmo, brand]\n  pdf:\n    papersize: a4\nbook:\n  repo-url: x\n  license: MIT\nnumber-offset: 3\n"
    assert passed_over(parse_settings(text, "_quarto.yml", 1, "quarto")) == ["documentclass", "number-offset", "format pdf", "repo-url", "license", "theme brand"]
    assert passed_over(parse_settings("format:\n  html:\n    toc: true\n", "_quarto.yml", 1, "quarto")) == []


@pytest.mark.parametrize("key", ["renderings", "cap-location", "panel", "comments", "output-location"])
def test_a_key_of_quarto_is_never_taken_for_a_slip_of_the_pen(key):
    (said,) = refused(f"{key}: 2", "cell")
    assert "did you mean" not in said and "is not done here" in said


def test_own_keys_of_the_book_are_metadata_and_own_keys_of_a_page_only_if_it_uses_them():
    assert parse_settings("survey:\n  season: Winter", "_quarto.yml", 1, "quarto").data["survey"] == {"season": "Winter"}
    assert parse_settings("format:\n  html:\n    code-background: true", "_quarto.yml", 1, "quarto").data["format"]
    assert parse_settings("season: Winter", "page.qmd", 2, "front", frozenset({"season"})).data == {"season": "Winter"}
    assert refused("season: Winter", "front") == ["file:1: unknown key “season” in front matter; correct or remove it"]
    assert parse_settings('date: ""', "page.qmd", 2, "front").data["date"] == "", "none is given"


def test_a_file_that_is_missing_or_not_utf8_is_refused(tmp_path):
    (tmp_path / "_quarto.yml").write_bytes(b"book: \xff")
    with pytest.raises(Refused, match="_quarto.yml: is not UTF-8 text; save it with the encoding UTF-8"):
        read_settings(tmp_path / "_quarto.yml", tmp_path, "quarto")
    with pytest.raises(Refused, match="_variables.yml: is not there; restore the file, or mend its name"):
        read_settings(tmp_path / "_variables.yml", tmp_path, "variables")


def test_a_page_overrides_the_book_and_format_html_the_top_level():
    book = Settings({"toc": True, "format": {"html": {"toc": False, "code-fold": True}}, "execute": {"echo": False}})
    page = Settings({"code-fold": "show", "execute": {"warning": False}})
    assert options(book, page) == {"toc": False, "code-fold": "show"}
    given = execute_options(book, page)
    assert (given["echo"], given["warning"], given["output"], given["code-fold"]) == (False, False, True, "show")
    assert execute_options(Settings(), Settings())["echo"] is True, "Quarto shows code unless told otherwise"


@pytest.mark.parametrize(
    "name, message",
    [
        ("bad-quarto-yml-value", "_quarto.yml:19: “number-sections” is “perhaps”"),
        ("malformed-quarto-yml", "_quarto.yml:6: _quarto.yml is not valid YAML"),
        ("unknown-quarto-yml-key", "_quarto.yml:6: unknown key “chapterz” in book; did you mean “chapters”?"),
    ],
)
def test_broken_books_are_refused_at_their_true_line(name, message):
    if not BROKEN.is_dir():
        pytest.skip("the broken books are not here")
    with pytest.raises(Refused) as caught:
        read_settings(BROKEN / name / "_quarto.yml", BROKEN / name, "quarto")
    assert str(caught.value).startswith(message)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=9), inner, max_size=3),
    max_leaves=9,
)


@given(st.dictionaries(st.text(min_size=1, max_size=9), VALUES, max_size=4))
def test_any_mapping_is_accepted_or_refused_and_never_another_error(data):
    text = yaml.safe_dump(data)
    for kind in ("quarto", "front", "cell", "variables"):
        try:
            parse_settings(text, "file", 1, kind)
        except Refused as refused:
            assert refused.problems


@given(st.text(alphabet=st.sampled_from("ab:-[]{}\"'#&*!|>%@?, \n\t1~é\x00\x85"), max_size=40))
def test_any_text_is_accepted_or_refused_and_never_another_error(text):
    try:
        parse_settings(text, "file", 1, "variables")
    except Refused as refused:
        assert all(1 <= problem.line <= text.count("\n") + 2 for problem in refused.problems)


@pytest.mark.parametrize("written", ["2026-03-14", "2026/03/14", "03/14/2026", "March 14, 2026", "14 March 2026"])
def test_a_date_may_be_written_in_several_ways(written):
    assert written_date(parse_settings(f"date: {written}", "page.qmd", 1, "front").data["date"]) == "March 14, 2026"


def test_each_key_of_quarto_is_done_or_refused_or_changes_no_page_as_the_table_says():
    """The keys are those of the schema that Quarto 1.9.38 brings along (document-*.yml, cell-*.yml, book-schema)."""
    lists = {"document": ({**QUARTO, **FRONT, **EXECUTE, **HTML}, ON_PAPER), "cell": (CELL, OF_KNITR),
             "book": (QUARTO["book"], OF_BOOK)}
    with open(ROOT / "docs" / "quarto-keys.csv", encoding="utf-8") as table:
        for row in csv.DictReader(table):
            done, passed = lists[row["place"]]
            here = "without effect" if row["key"] in passed else "done" if row["key"] in done else \
                "refused" if row["key"] in FOREIGN | INNER else "unknown"
            assert here == row["here"], row


@pytest.mark.parametrize("key", ["chapter-note", "seasons", "progres"])
def test_a_key_of_the_authors_own_is_no_slip_because_a_format_for_paper_has_one_like_it(key):
    assert parse_settings(f"{key}: 3", "_quarto.yml", 1, "quarto").data[key] == 3
