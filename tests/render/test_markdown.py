"""A page and its outputs become Markdown: what is shown, in which form, and from which line of the source."""

# ruff: noqa: E501 - in tables, an input and its message stand in one line

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveybook.render.cells import Output, Outputs, steps
from surveybook.render.markdown import Woven, weave_page
from surveybook.render.pieces import Inline, Text
from surveybook.render.problems import Refused
from surveybook.render.settings import Settings
from surveybook.render.source import read_page


@pytest.fixture
def woven(tmp_path):
    """woven(text, *outputs): the page with these outputs (each an Output, or a tuple of them) of its steps."""

    def make(text: str, *outputs: Output | tuple[Output, ...], book: dict | None = None) -> Woven:
        if "{python} x" in text and "```{python}" not in text:
            text += cell("include: false")  # a page without any cell may have no inline expressions
        (tmp_path / "page.qmd").write_text(text, encoding="utf-8")
        source = read_page(Path("page.qmd"), tmp_path, Settings(book or {}), {})
        results = [(one,) if isinstance(one, Output) else one for one in outputs]
        results += [()] * (len(steps(source)) - len(results))
        return weave_page(source, Outputs(source.file, tuple(results)))

    return make


def out(text: str, kind: str = "text/plain") -> Output:
    return Output("display", {kind: text})


def said(text: str, kind: str = "stdout") -> Output:
    return Output(kind, {"text/plain": text})


def lines(page: Woven) -> list[str]:
    return [line for line in page.markdown.split("\n") if line]


def cell(*options: str, code: str = "x") -> str:
    return "\n".join(["```{python}", *(f"#| {option}" for option in options), code, "```\n"])


STDOUT = ["::: {.cell-output .cell-output-stdout}", "```", "a", "```", ":::"]
DISPLAY = ["::: {.cell-output .cell-output-display}", "```", "1", "```", ":::"]
CODE = ["``` {.python .cell-code}", "x", "```"]

# -- cells -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options, outputs, shown",
    [
        ([], (said("a\n"), out("1")), ["::: {.cell}", *CODE, *STDOUT, *DISPLAY, ":::"]),
        (["echo: false"], (said("a\n"),), ["::: {.cell}", *STDOUT, ":::"]),
        (["include: false"], (said("a\n"),), []),
        (["output: false"], (said("a\n"),), ["::: {.cell}", *CODE, ":::"]),
        (["echo: false", "output: false"], (said("a\n"),), []),
        (["echo: false"], (), []),
        (["echo: false", "warning: false"], (said("w", "stderr"),), []),
        (["echo: false"], (said("w", "stderr"),), ["::: {.cell}", "::: {.cell-output .cell-output-stderr}", "```", "w", "```", ":::", ":::"]),
        (["echo: false", "output: asis"], (said("## A\n"),), ["## A"]),
        (["echo: false", "output: asis"], (out("1"),), ["```", "1", "```"]),
        (["echo: false", "output: asis", "label: a"], (said("## A\n"),), ['::: {.cell label="a"}', "## A", ":::"]),
        (["echo: false"], (out("*m*", "text/markdown"),), ["::: {.cell}", "::: {.cell-output .cell-output-display .cell-output-markdown}", "*m*", ":::", ":::"]),
        (["echo: false"], (out("<b>", "text/html"),), ["::: {.cell}", "::: {.cell-output .cell-output-display}", "```{=html}", "<b>", "```", ":::", ":::"]),
        (["echo: false"], (said("E: m", "error"),), ["::: {.cell}", "::: {.cell-output .cell-output-error}", "```", "E: m", "```", ":::", ":::"]),
        (["echo: false", "label: a"], (out("1"), out("1")), ['::: {.cell label="a"}', DISPLAY[0].replace("{", "{#a-1 "), *DISPLAY[1:], DISPLAY[0].replace("{", "{#a-2 "), *DISPLAY[1:], ":::"]),
        (["code-fold: true", "output: false"], (), ["::: {.cell}", '``` {.python .cell-code code-fold="true"}', "x", "```", ":::"]),
        (["code-fold: show", 'code-summary: "A \\"b\\" & c"'], (), ["::: {.cell}", '``` {.python .cell-code code-fold="show" code-summary="A \\"b\\" \\& c"}', "x", "```", ":::"]),
        (["echo: fenced", "code-fold: false"], (), ["::: {.cell}", "```` {.markdown .cell-code}", "```{python}", "#| code-fold: false", "x", "```", "````", ":::"]),
        (["label: fig-a", "fig-cap: |", "  Two", "  lines", "fig-alt: Alt", "echo: false"], (out("1"),), ['::: {.cell label="fig-a" fig-cap="Two lines" fig-alt="Alt"}', *DISPLAY, ":::"]),
        (["tbl-colwidths: [1, 2]", "label: tbl-a", "echo: false"], (out("1"),), ['::: {.cell label="tbl-a" tbl-colwidths="[1, 2]"}', *DISPLAY, ":::"]),
        (["classes: [a, .b]", "echo: false"], (out("1"),), ["::: {.cell .a .b}", *DISPLAY, ":::"]),
        (["echo: false"], (out("<matplotlib.lines.Line2D>"),), []),
    ],
)  # fmt: skip
def test_options_decide_what_is_shown_and_how(woven, options, outputs, shown):
    assert lines(woven(cell(*options), outputs)) == shown


def test_the_pages_and_the_books_options_hold_where_a_cell_has_none(woven):
    text = "---\nexecute:\n  echo: true\ncode-fold: true\n---\n" + cell() + "\n" + cell("echo: false")
    shown = lines(woven(text, said("a"), said("a"), book={"execute": {"echo": False, "warning": False}}))
    assert shown.count('``` {.python .cell-code code-fold="true"}') == 1


def test_code_and_output_with_fences_get_longer_ones(woven):
    shown = lines(woven(cell(code='print("```")'), said("````\n")))
    assert shown[1:4] == ["```` {.python .cell-code}", 'print("```")', "````"]
    assert shown[5:8] == ["`````", "````", "`````"]


def test_a_cell_in_a_list_stays_in_its_item(woven):
    shown = woven("- item\n\n  ```{python}\n  x\n  ```\n", said("a\n")).markdown.split("\n")
    assert all(not line or line.startswith(("- ", "  ")) for line in shown)
    assert "  ::: {.cell}" in shown


def test_pictures_become_files_beside_the_page(woven):
    picture = Output("display", {"image/png": "eA=="}, {"image/png": {"width": 30}})
    page = woven(cell("label: fig-a", "fig-alt: Alt", "echo: false"), picture)
    assert page.files == (("page_files/figure-html/fig-a-output-1.png", b"x"),)
    assert '![](<page_files/figure-html/fig-a-output-1.png>){width="30" fig-alt="Alt"}' in lines(page)
    assert woven(cell(), out("<svg></svg>", "image/svg+xml")).files[0][1] == b"<svg></svg>"


@pytest.mark.parametrize(
    "text, outputs, message",
    [
        (cell("label: fig-a"), (out("1"), out("2")), "page.qmd:1: the figure cell “fig-a” shows 2 things; show one figure a cell, or give each a caption: `fig-subcap: [First, Second]`"),
        (cell(), (out("x", "application/javascript"),), "page.qmd:1: the cell shows application/javascript; show it as text/markdown, text/html, a picture or text"),
        (cell(), (out("<A object at 0x7f1234567890>"),), "page.qmd:1: the value shown has no text of its own, only its address in memory, which changes with every build; show something else, or end the line with ;"),
        ("A\n`{python} x`\n", (out("<svg>", "image/svg+xml"),), "page.qmd:2: the inline expression “x” is image/svg+xml; show it from a cell"),
    ],
)  # fmt: skip
def test_what_cannot_be_put_on_a_page_is_refused(woven, text, outputs, message):
    with pytest.raises(Refused) as caught:
        woven(text, outputs)
    assert str(caught.value) == message


# -- inline expressions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "output, shown",
    [
        (out("640"), "640"),
        (out("'64.4%'"), r"64\.4%"),
        (out("'*not* <b> & [x]'"), r"\*not\* <b\> & \[x\]"),
        (out("'a -- b ...'"), r"a \-\- b \.\.\."),
        (out("'it\\'s'"), r"it\\\\'s"),
        (out("[1, 'two']"), "[1, 'two']"),
        (out("**bold**", "text/markdown"), "**bold**"),
        (out("<b>x</b>", "text/html"), "`<b>x</b>`{=html}"),
        (out("''"), "`{python} x`"),
    ],
)
def test_values_in_a_sentence_are_escaped_as_by_quarto(woven, output, shown):
    assert woven("A `{python} x` b\n", output).markdown.rstrip() == f"A {shown} b"


# -- lines -------------------------------------------------------------------------------------------------------------


def test_each_line_of_markdown_knows_where_it_comes_from(woven, tmp_path):
    (tmp_path / "part.md").write_text("Included\n")
    text = "---\ntitle: A\n---\n\nB `{python} x`\nC\n\n" + cell("echo: true") + "\nD\n\n{{< include part.md >}}\nE\n"
    page = woven(text, out("1"), (said("s\n"), out("*m*\n\nn", "text/markdown")))
    origin = {line: place for line, place in zip(page.markdown.split("\n"), page.lines, strict=False) if line}
    assert origin["B 1"] == ("page.qmd", 5)
    assert origin["C"] == ("page.qmd", 6)
    assert origin["x"] == ("page.qmd", 10)
    assert origin["s"] == origin["n"] == origin["::: {.cell}"] == ("page.qmd", 8)
    assert origin["D"] == ("page.qmd", 13)
    assert origin["Included"] == ("part.md", 1)
    assert origin["E"] == ("page.qmd", 16)


@given(st.lists(st.sampled_from(["A\n", "\n", "B ", "`{python} x`", "`{python} y` ", cell(), "\n\n"]), max_size=9))
def test_there_are_as_many_places_as_lines(tmp_path_factory, parts):
    folder = tmp_path_factory.getbasetemp()
    (folder / "lines.qmd").write_text("---\njupyter: python3\n---\n" + "".join(parts))
    try:
        source = read_page(Path("lines.qmd"), folder, Settings(), {})
    except Refused:
        return
    results = tuple((out("a\nb" if isinstance(piece, Inline) else "1\n2"),) for piece in steps(source))
    page = weave_page(source, Outputs(source.file, results))
    assert len(page.lines) == page.markdown.count("\n") + (not page.markdown.endswith("\n") and page.markdown != "")
    if all(isinstance(piece, Text) for piece in source.pieces):
        assert page.lines == tuple(("lines.qmd", number) for number in range(4, len(page.lines) + 4))
