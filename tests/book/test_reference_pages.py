"""The reference says what the code says now, and nothing that can be typed goes without words."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from project import ROOT

import surveybook
from docs import declarations, names, reference
from docs.words import Wordless, anchor
from surveybook.survey.evidence.report import Report

LINK = re.compile(r"\]\(([^)#\s]*)#?([^)\s]*)\)")


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return reference.pages()


def test_the_pages_are_what_the_code_says_now(pages):
    stored = {path.name: path.read_text(encoding="utf-8") for path in reference.FOLDER.iterdir()}
    assert stored == pages, "write them anew: python -m docs.reference"


def test_every_link_leads_to_one_heading(pages):
    headings = {name: [anchor(one) for one in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
                for name, text in pages.items()}
    assert all(len(found) == len(set(found)) for found in headings.values())
    assert sum(len(LINK.findall(text)) for text in pages.values()) > 100
    for name, text in pages.items():
        for page, heading in LINK.findall(text):
            assert not heading or heading in headings[page or name], f"{name}: {page}#{heading}"
            assert (page or name) in pages


def test_every_node_that_has_words_holds_findings(pages):
    assert re.findall(r"^## (.+)$", pages["names.md"], re.MULTILINE) == list(names.NODES)


def test_every_kind_of_function_and_every_schema_is_there(pages):
    assert "## surveybook seal" in pages["commands.md"]
    assert {f"### {family}.{one}" for family, one in (("figures", "bars"), ("tables", "shares"), ("boxes", "whole"),
                                                      ("sections", "passports"))} <= set(
        pages["functions.md"].splitlines())
    for path in (ROOT / "surveybook" / "schemas").iterdir():
        assert f"\n## {path.name.removesuffix('.schema.json')}\n" in pages["declarations.md"]


# --- what has no words is refused


def parser(**words: str) -> argparse.ArgumentParser:
    """A parser of one command with one argument, each with the words that it is given."""
    whole = argparse.ArgumentParser(description="A tool.", epilog="It ends.")
    command = whole.add_subparsers().add_parser("mow", help=words.get("help"), description=words.get("description"))
    command.add_argument("--lawn", help=words.get("lawn"))
    return whole


def rule(page: object) -> Iterator[str]:
    yield from ()


def function(findings: object) -> None:
    pass


WHOLE = {"help": "mow", "description": "Mow a lawn.", "lawn": "which one"}


@pytest.mark.parametrize(("left_out", "named"), [
    ("help", "mow has no words"), ("description", "surveybook mow has no words"),
    ("lawn", "mow --lawn LAWN has no words"),
])
def test_a_command_without_words_is_refused(monkeypatch, left_out, named):
    monkeypatch.setattr(reference, "parser", lambda: parser(**WHOLE))
    assert list(reference.commands())
    monkeypatch.setattr(reference, "parser", lambda: parser(**WHOLE | {left_out: ""}))
    with pytest.raises(Wordless, match=f"^{named}"):
        list(reference.commands())


def test_a_function_without_words_is_refused(monkeypatch):
    monkeypatch.setitem(reference.FAMILIES, "mowers", SimpleNamespace(__name__="analysis.mowers", function=function))
    with pytest.raises(Wordless, match=r"^mowers\.function has no words"):
        list(reference.functions())


def test_a_name_of_a_report_without_words_is_refused(monkeypatch):
    monkeypatch.setattr(Report, "mow", function, raising=False)
    with pytest.raises(Wordless, match=r"^Report\.mow has no words"):
        list(reference.functions())


def test_a_rule_without_words_is_refused(monkeypatch):
    monkeypatch.setattr(reference, "rules", lambda: [rule])
    with pytest.raises(Wordless, match=r"rule has no words"):
        list(reference.checks())


@pytest.mark.parametrize(("schema", "named"), [
    ({"properties": {}}, "lawn: the file"),
    ({"description": "A lawn.", "properties": {"size": {"type": "integer"}}}, "lawn: size"),
    ({"description": "A lawn.", "properties": {"kind": {"enum": ["wet"], "description": "Which."}}}, "lawn: kind: wet"),
    ({"description": "A lawn.", "properties": {"beds": {"description": "Its beds.", "type": "array", "items": {
        "description": "A bed.", "properties": {"size": {"type": "integer"}}}}}}, "lawn: beds[].size"),
])
def test_a_key_without_words_is_refused(monkeypatch, schema, named):
    monkeypatch.setitem(declarations.SCHEMAS, "lawn", "lawn.yaml")
    with pytest.raises(Wordless, match=f"^{re.escape(named)} has no words"):
        list(declarations.Declarations("lawn", schema).parts())


def test_a_schema_that_no_page_lists_is_refused(monkeypatch):
    monkeypatch.delitem(declarations.SCHEMAS, "design")
    with pytest.raises(Wordless, match=r"design\.schema\.json has no words"):
        list(declarations.page())


def test_a_node_of_findings_without_words_is_refused(monkeypatch):
    monkeypatch.delitem(names.NODES, "STUDY.QUESTION")
    with pytest.raises(Wordless, match=r"STUDY\.QUESTION has no words"):
        names.Patterns(Report(ROOT))


# --- what changed in the tool


def test_the_tool_has_changes_of_its_own_and_they_begin_with_its_version():
    text = (ROOT / "surveybook" / "CHANGES.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\S+)", text, re.MULTILINE)
    assert versions[0] == surveybook.__version__
    assert versions == sorted(set(versions), key=lambda name: [int(part) for part in name.split(".")], reverse=True)
