"""The rules for chapters hold in every chapter: short cells, labelled floats, explicit ids, and no typed results."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from project import ROOT

from surveybook.publish.checks.prose import NAMES, sentences, typed_digits
from surveybook.publish.site.page import read_pages

CHAPTERS = [ROOT / "index.qmd", *sorted((ROOT / "chapters").glob("*.qmd"))]
TO_LOOK_UP = {"data", "methods", "glossary", "rebuild", "changes", "checklist"}  # have no finding of their own
CELL = re.compile(r"^```\{python\}\n(.*?)^```$", re.DOTALL | re.MULTILINE)
OPTION = re.compile(r"^#\| ?(.*)$", re.MULTILINE)
LABEL = re.compile(r"(fig|tbl)-[a-z0-9]+(-[a-z0-9]+)*")
INLINE = re.compile(r"`\{python\} ([^`]*)`")

each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


@dataclass(frozen=True)
class Cell:
    """The options and the code of a cell."""

    options: dict
    code: str


def cells(path: Path) -> list[Cell]:
    found = CELL.findall(path.read_text(encoding="utf-8"))
    return [
        Cell(yaml.safe_load("\n".join(OPTION.findall(cell))) or {}, OPTION.sub("", cell).strip("\n")) for cell in found
    ]


def floats(path: Path) -> list[Cell]:
    """The cells that show one figure or table; others make a box, or sections, whose floats test_passports.py reads."""
    return [cell for cell in cells(path)[1:] if not cell.code.startswith(("sections.", "boxes."))]


def prose(path: Path) -> str:
    """A chapter without its cells, other code and mathematics."""
    text = CELL.sub("", path.read_text(encoding="utf-8"))
    text = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", "", text, flags=re.DOTALL)


@each_chapter
def test_a_chapter_opens_with_one_import_line_and_a_title(path):
    opening = re.match(r"(```\{python\}\nfrom analysis import [a-z]+(, [a-z]+)*\n```\n\n)?# [^\n]+\n", path.read_text())
    assert opening, "first the cell with the import line, if any, then the title"
    assert len(re.findall(r"^# ", prose(path), re.MULTILINE)) == 1


@each_chapter
def test_every_heading_has_an_id_of_its_own(path):
    headings = re.findall(r"^#+ .*$", prose(path), re.MULTILINE)
    assert headings
    for heading in headings:
        assert re.search(r"\{[^}]*#sec-[a-z0-9]+(-[a-z0-9]+)*\}$", heading), f"{heading}: add {{#sec-...}}"


def test_ids_are_unique_over_the_book():
    ids = [i for path in CHAPTERS for i in re.findall(r"\{[^}\n]*#([a-z]+-[a-z0-9-]+)", prose(path))]
    ids += [cell.options["label"] for path in CHAPTERS for cell in floats(path)]
    assert len(ids) == len(set(ids)) > 50


@each_chapter
def test_a_cell_is_one_call_with_names_and_strings(path):
    for cell in cells(path)[1:]:
        assert 1 <= len(cell.code.splitlines()) <= 3, cell.code
        (statement,) = ast.parse(cell.code).body
        assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call), cell.code
        call = statement.value
        assert isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name), cell.code
        assert call.func.value.id in ("boxes", "figures", "tables", "sections"), cell.code
        for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
            assert isinstance(argument, ast.Name | ast.Attribute) or (
                isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ), f"{cell.code}: an argument must be a name or a string"


@each_chapter
def test_a_chapter_gives_its_answer_in_a_box_before_its_first_section(path):
    opening = path.read_text(encoding="utf-8").partition("\n## ")[0]
    assert ("\nboxes." in opening) != (path.stem in TO_LOOK_UP), "a chapter with findings opens with one of them"


@each_chapter
def test_every_shown_cell_has_a_label_and_a_caption_of_one_sentence_without_numbers(path):
    for cell in floats(path):
        label = cell.options["label"]
        assert LABEL.fullmatch(label), f"{label}: use fig- or tbl- and kebab case"
        assert (label[:3] == "fig") == cell.code.startswith("figures."), f"{label}: named for another kind"
        caption = cell.options[f"{label[:3]}-cap"]
        assert caption.endswith(".") and ". " not in caption and not re.search(r"\d", caption), caption
        assert set(cell.options) <= {"label", "fig-cap", "tbl-cap"}, cell.options


@each_chapter
def test_a_cell_that_makes_sections_gives_them_as_they_are_and_has_nothing_to_label(path):
    for cell in cells(path)[1:]:
        if cell not in floats(path):
            assert cell.options == ({"output": "asis"} if cell.code.startswith("sections.") else {}), cell.code


@each_chapter
def test_every_float_and_equation_is_referred_to(path):
    labels = [cell.options["label"] for cell in floats(path)]
    labels += re.findall(r"\{#(eq-[a-z-]+)\}", path.read_text(encoding="utf-8"))
    for label in labels:
        assert re.search(rf"@{label}\b(?!-)", prose(path)), f"{path.name}: nothing refers to @{label}"


@each_chapter
def test_inline_expressions_are_names(path):
    for expression in INLINE.findall(prose(path)):
        assert re.fullmatch(r"[a-z_]+(\.[a-z_][a-z0-9_]*)+", expression), f"{expression}: use a finding by its name"


@each_chapter
def test_no_result_is_typed(path):
    typed = INLINE.sub("", prose(path))
    typed = re.sub(r"\{\{<.*?>\}\}|\[@[^\]]*\]|@[a-z]+-?[a-z0-9-]+|\{#[^}]*\}|`[^`]*`", "", typed)
    typed = NAMES.sub("", re.sub(r'synonyms="[^"]*"', "", typed))  # what readers may look for is no result
    assert not re.search(r"\d", typed), re.findall(r"[^\n]*\d[^\n]*", typed)


@each_chapter
def test_one_sentence_stands_on_one_line(path):
    for line in prose(path).splitlines():
        bare = INLINE.sub("x", re.sub(r"\{\{<.*?>\}\}", "x", line))
        assert not re.search(r"[a-z)\]`*][.?!] [A-Z@`]", bare.removeprefix("- ")), f"{path.name}: split “{line}”"


def test_every_chapter_stands_in_the_book():
    book = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))["book"]
    listed = re.findall(r"'([a-z/-]+\.qmd)'", str(book["chapters"]))
    assert sorted(listed) == sorted([*(p.relative_to(ROOT).as_posix() for p in CHAPTERS), "references.qmd"])


def test_the_table_of_tests_is_the_plan_of_the_analysis():
    from surveybook.survey.verdicts.plan import ROWS

    lines = (ROOT / "chapters" / "methods.qmd").read_text(encoding="utf-8").splitlines()
    shown = {tuple(line.strip("| ").split(" | ")[1:]) for line in lines if line.startswith("| ")}
    assert {(row.test, row.label) for row in ROWS.values()} <= shown


# --- in the built pages


def test_every_digit_of_a_built_sentence_comes_from_a_finding(site):
    checked = 0
    for page in read_pages(site):
        assert list(typed_digits(page)) == [], page.name
        checked += sum(1 for _ in sentences(page))
    assert checked > 100


def test_every_finding_in_a_page_says_what_the_analysis_says(site):
    import analysis

    seen = 0
    for page in read_pages(site):
        for node in page.tree.css(".finding"):
            value = analysis
            for part in node.attributes["data-from"].split("."):
                value = getattr(value, part)
            plain = {"“": '"', "”": '"', "’": "'", "–": "--"}
            shown = "".join(plain.get(c, c) for c in node.text())
            assert shown == "".join(plain.get(c, c) for c in value), node.html
            seen += 1
    assert seen > 60
