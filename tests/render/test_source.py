"""Pages are read strictly: each cell, inline expression, include and shortcode is known with its place, or refused."""

# ruff: noqa: E501 - in tables, an input and its message stand in one line

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from project import SHARED

from surveybook.render.pieces import Cell, Inline, Source, Text
from surveybook.render.problems import Refused
from surveybook.render.settings import Settings, read_settings
from surveybook.render.source import read_page

BROKEN = SHARED / "parity" / "public" / "bad"
LAST = "\n\n```{python}\n```\n"
VARIABLES = {"edition": 4.2, "sent": 640, "mark": "*grey*", "deep": {"er": "low"}, "list": ["x", "y"], "on": True}
AUTHOR = "Ann <svg onload='f()'> O'Hara & @sec-x"
BOOK = Settings({"book": {"title": "The Book", "author": AUTHOR}, "survey": {"season": "Winter"}})


@pytest.fixture
def page(tmp_path):
    """page(text, **files): the Source of a page in `text/page.qmd` of a book with these files."""

    def make(text: str | bytes, files: dict[str, str] | None = None) -> Source:
        if isinstance(text, str) and "`{python} " in text and "```{python}" not in text:
            text += LAST  # a page without any cell may have no inline expressions
        for name, content in {"text/page.qmd": text, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_page(Path("text/page.qmd"), tmp_path, BOOK, VARIABLES)

    return make


@pytest.fixture
def refused(page):
    """The messages that a page is refused with, without the page's name."""

    def make(text: str | bytes, files: dict[str, str] | None = None) -> list[str]:
        with pytest.raises(Refused) as caught:
            page(text, files)
        return [line.removeprefix("text/page.qmd:") for line in str(caught.value).split("\n")]

    return make


def shown(source: Source) -> str:
    """The text of a page, expressions as {{...}} and cells as [...]."""
    marks = {Text: lambda p: p.text, Inline: lambda p: "{{" + p.code + "}}", Cell: lambda p: f"[{p.code}]"}
    return "".join(marks[type(piece)](piece) for piece in source.pieces).rstrip("\n").removesuffix("[]").rstrip("\n")


# -- front matter ------------------------------------------------------------------------------------------------------


def test_front_matter_is_settings_with_lines_and_its_shortcodes_replaced(page):
    source = page('---\ntitle: "Edition {{< var edition >}}"\nsubtitle: Two\n---\n\nText.\n')
    assert source.front.data == {"title": "Edition 4.2", "subtitle": "Two"}
    assert source.front.line("subtitle") == 3
    assert source.pieces == (Text("\nText.\n", "text/page.qmd", 5),)


@pytest.mark.parametrize(
    "text, message",
    [
        ("---\ntitle: A\n", "1: the front matter is never closed; end it with a line `---`"),
        ("---\ntitle: A\nnosuch: 1\n---\n", "3: unknown key “nosuch” in front matter; correct or remove it"),
        ("---\ntitle: `{python} x`\n---\n", None),
        ('---\ntitle: "`{python} x`"\n---\n', "2: an inline expression stands in the front matter, where it is not run; write its value, or put a caption at the end of a ::: div"),
        ("A\n\n---\ntoc: false\n---\n", "3: a block of metadata stands within the text; move it to the top of the page, or put a blank line after ---"),
    ],
)  # fmt: skip
def test_faults_of_front_matter(refused, text, message):
    messages = refused(text)
    assert messages == [message] or (message is None and "not valid YAML" in messages[0])


def test_rules_and_headings_made_of_dashes_are_no_metadata(page):
    assert shown(page("A\n\n---\n\nB\n\nTitle\n---\n")) == "A\n\n---\n\nB\n\nTitle\n---"


# -- cells -------------------------------------------------------------------------------------------------------------


def test_a_cell_has_code_options_and_the_place_of_each_line(page):
    source = page("# A\n\n```{python}\n#| label: fig-a\n#| fig-cap: |\n#|   Two\n#|   lines\n\nx = 1\nx\n```\nAfter\n")
    before, cell, after = source.pieces
    assert cell.code == "x = 1\nx"
    assert cell.label == "fig-a"
    assert cell.options.data["fig-cap"] == "Two\nlines"
    assert cell.options.line("fig-cap") == 5
    assert cell.line == 3
    assert cell.places == (("text/page.qmd", 9), ("text/page.qmd", 10))
    assert (before.line, after.line) == (1, 12)


def test_a_cell_in_a_list_is_freed_of_its_indentation(page):
    cell = page("- item\n\n  ```{python}\n  #| echo: true\n  if x:\n      y\n  ```\n").pieces[1]
    assert (cell.code, cell.indent, cell.options.data) == ("if x:\n    y", "  ", {"echo": True})


@pytest.mark.parametrize(
    "text",
    [
        "````md\n```{python}\n1\n```\n````",
        "```python\n1\n```",
        "```{.python #id}\n1\n```",
        "~~~ sql\nSELECT 1\n~~~",
        "```{=html}\n<b>\n```",
        "Text with ``` inside and ```{python}` too.",
    ],
)
def test_what_is_no_cell_stays_text(page, text):
    assert shown(page(text)) == text


@pytest.mark.parametrize(
    "text, message",
    [
        ("```{python}\n1\n", "1: a cell is never closed; end it with a line ```"),
        ("```{python}\n1\n````\n", "1: a cell is never closed; end it with a line ```"),
        ("A\n\n```\n1\n", "3: a block of code is never closed; end it with a line ```"),
        ("```{r}\n1\n```", "1: cells of the engine {r} are not run; write it in {python}, or show it only with ```r"),
        ("```{mermaid}\n1\n```", "1: a {mermaid} diagram is drawn by a script of Quarto's in the reader's browser; save it as SVG, and include that as a picture, or show it only with ```mermaid"),
        ("```{bash}\n1\n```", "1: cells of the engine {bash} are not run; write it in {python}, or show it only with ```bash"),
        ("```{python, echo=FALSE}\n1\n```", "1: options stand in the braces of the cell; write each as a line `#| key: value` below"),
        ("```{python} x\n1\n```", "1: a cell does not begin and end its line; put ```{python} on a line of its own, not in quotes or after a bullet"),
        ("~~~{python}\n1\n~~~", "1: a cell does not begin and end its line; put ```{python} on a line of its own, not in quotes or after a bullet"),
        ("> ```{python}\n> 1\n> ```", "1: a cell does not begin and end its line; put ```{python} on a line of its own, not in quotes or after a bullet"),
        ("~~~\n```{python}\n1\n```\n~~~", "2: a cell stands inside a block of code, where it is not run; close the block before it, or open the block with more backticks"),
        ("```{python}\n1\n#| echo: true\n```", "3: an option stands below code; move the `#|` lines to the top of the cell"),
        ("```{python}\n#| echo: maybe\n1\n```", "2: “echo” is “maybe”; it must be true or false or “fenced” here"),
        ("```{python}\n#| label: a b\n1\n```", "2: the label “a b” is no name; use letters, digits, - and _"),
        ("```{python}\n#| label: bars\n#| fig-cap: A\n1\n```", "2: the label “bars” of a cell with fig-cap does not begin with fig-; call it fig-bars, or it has no number and cannot be referred to"),
        ("```{python}\n#| label: a\n1\n```\n\n```{python}\n#| label: a\n2\n```", "7: the label “a” is already that of the cell in text/page.qmd:1; give each cell its own label"),
    ],
)  # fmt: skip
def test_faults_of_cells(refused, text, message):
    assert refused(text) == [message]


# -- inline expressions ------------------------------------------------------------------------------------------------


def test_inline_expressions_are_found_wherever_text_can_stand(page):
    source = page("# A `{python} a`\n\n- b `{python} b.c` and **`{python} d[0]`**\n\n| `{python} e` |\n|---|\n")
    found = [(piece.code, piece.line) for piece in source.pieces if isinstance(piece, Inline)]
    assert found == [("a", 1), ("b.c", 3), ("d[0]", 3), ("e", 5)]


@pytest.mark.parametrize("text", ["``{python} x``", "`python x`", "`{python}`x", "`{other} x`"])
def test_what_is_no_inline_expression_stays_text(page, text):
    if text == "`{python}`x":
        with pytest.raises(Refused):
            page(text)
    else:
        assert shown(page(text)) == text


def test_inline_expressions_are_run_in_blocks_of_code_too_as_quarto_does(page):
    assert shown(page("```\n`{python} x`\n```")) == "```\n{{x}}\n```"


def test_of_two_expressions_that_touch_only_the_first_is_one_as_with_quarto(page):
    assert shown(page("`{python} a``{python} b`")) == "{{a}}`{python} b`"


@pytest.mark.parametrize(
    "text, message",
    [
        ("A\n`{python} x\n", "2: an inline expression is empty, or not closed in its line; write `{python} expression` in one line"),
        ("`{python} `", "1: an inline expression is empty, or not closed in its line; write `{python} expression` in one line"),
        ("`{python} a +\nb`", "1: an inline expression is empty, or not closed in its line; write `{python} expression` in one line"),
        ("A `{r} x`", "1: inline expressions of the engine {r} are not run; write it in {python}, or show it with two backticks"),
    ],
)  # fmt: skip
def test_faults_of_inline_expressions(refused, text, message):
    assert refused(text) == [message]


def test_a_page_without_cells_has_no_inline_expressions_unless_it_names_its_engine(tmp_path):
    (tmp_path / "page.qmd").write_text("A\n\n`{python} 1`\n")
    with pytest.raises(Refused) as caught:
        read_page(Path("page.qmd"), tmp_path, BOOK, {})
    expected = (
        "page.qmd:3: the page has inline expressions and no cell, so that Quarto does not run them; "
        "add a cell, or `jupyter: python3` to the front matter"
    )
    assert str(caught.value) == expected
    (tmp_path / "page.qmd").write_text("---\njupyter: python3\n---\n`{python} 1`\n")
    assert read_page(Path("page.qmd"), tmp_path, BOOK, {}).pieces[0] == Inline("1", "page.qmd", 4, "`{python} 1`")


# -- shortcodes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text, becomes",
    [
        ("{{< var sent >}} letters", "640 letters"),
        ('{{< var "sent" >}} {{< var mark >}}', "640 *grey*"),
        ("{{< var deep.er >}} {{< var list.2 >}} {{< var on >}}", "low y true"),
        ("{{< meta book.title >}}, {{< meta survey.season >}}", "The Book, Winter"),
        ("{{< meta book.author >}}.", "Ann &#60;svg onload='f()'&#62; O'Hara &#38; &#64;sec-x."),
        ("[a](https://x.example/{{< var sent >}})", "[a](https://x.example/640)"),
        ("`{{< var mark >}}`", "`grey`"),
        ("```\n{{< var mark >}} {{< nosuch >}}\n```", "```\ngrey {{< nosuch >}}\n```"),
        ("```{shortcodes=false}\n{{< var mark >}}\n```", "```{shortcodes=false}\n{{< var mark >}}\n```"),
        ("`{{{< var mark >}}}`", "`{{< var mark >}}`"),
        ("{{{< var mark >}}}", r"\{\{\< var mark \>\}\}"),
        ("{{< var\nsent >}}\nnext", "640\n\nnext"),
    ],
)
def test_shortcodes_become_their_value(page, text, becomes):
    assert shown(page(text)) == becomes


@pytest.mark.parametrize(
    "text, message",
    [
        ("A\n\n{{< var snet >}}", "3: unknown var “snet”; did you mean “sent”? define it in _variables.yml, or correct the name"),
        ("{{< var deep.no >}}", "1: unknown var “deep.no”; define it in _variables.yml, or correct the name"),
        ("{{< meta nosuch >}}", "1: unknown meta “nosuch”; define it in _quarto.yml or in front matter, or correct the name"),
        ("{{< var deep >}}", "1: the var “deep” is no single text; name one of the values below it"),
        ("{{< var >}}", "1: the shortcode var takes one name; write {{< var NAME >}}"),
        ("{{< nosuch x >}}", "1: unknown shortcode “nosuch”; use include, var or meta, or write {{{< … >}}} to show it"),
        ("{{< video a.mp4 >}}", "1: the shortcode “video” of Quarto is not done here; use include, var or meta, or write {{{< … >}}} to show it"),
        ("{{< var sent", "1: a shortcode is never closed; end it with >}}, or write \\{{< to show it"),
        ("A {{< include x.qmd >}}", "1: an include stands within a line; put it on a line of its own"),
    ],
)  # fmt: skip
def test_faults_of_shortcodes(refused, text, message):
    assert refused(text) == [message]


# -- includes ----------------------------------------------------------------------------------------------------------


def test_captions_in_cell_options_may_have_shortcodes_and_no_inline_expressions(page, refused):
    assert page('```{python}\n#| label: fig-a\n#| fig-cap: "{{< var sent >}}"\n1\n```').pieces[0].options.data["fig-cap"] == "640"
    assert refused('```{python}\n#| label: fig-a\n#| fig-cap: "`{python} n`"\n1\n```') == [
        "3: an inline expression stands in the options of a cell, where it is not run; write its value, or put a caption at the end of a ::: div"
    ]


def test_includes_are_relative_to_the_page_even_when_nested(page):
    files = {"text/a.qmd": "A\n{{< include b/b.qmd >}}\n", "text/b/b.qmd": "B `{python} b`\n", "c.qmd": "C"}
    source = page("Before\n\n{{< include a.qmd >}}\n\n{{< include /c.qmd >}}\nAfter" + LAST, files)
    places = {piece.text.strip(): (piece.file, piece.line) for piece in source.pieces if isinstance(piece, Text)}
    assert places["A"] == ("text/a.qmd", 1)
    assert places["C"] == ("c.qmd", 1)
    assert places["After"] == ("text/page.qmd", 5)
    assert [(piece.file, piece.line) for piece in source.pieces if isinstance(piece, Inline)] == [("text/b/b.qmd", 1)]
    assert source.included == ("text/a.qmd", "text/b/b.qmd", "c.qmd")


def test_names_of_included_files_may_have_spaces_and_any_letters(page):
    assert shown(page('{{< include "ein Stück.md" >}}', {"text/ein Stück.md": "Text"})) == "Text"


def test_code_can_be_included_in_a_cell(page):
    cell = page("```{python}\n{{< include code.py >}}\ny\n```", {"text/code.py": "x = 1\n"}).pieces[0]
    assert cell.code.split() == ["x", "=", "1", "y"]
    assert cell.places[0] == ("text/code.py", 1)
    assert cell.places[-1] == ("text/page.qmd", 3)


@pytest.mark.parametrize(
    "name, message",
    [
        ("gone.qmd", "2: the included file gone.qmd does not exist; correct the path, which is relative to the page"),
        ("../../x.qmd", "2: the include ../../x.qmd leads out of the folder; name a file in it, by its path from there"),
        ("page.qmd", "2: page.qmd includes itself; take one of the includes out"),
        ("a b.qmd", "2: an include takes one file; write {{< include FILE >}}, in quotes if it has spaces"),
    ],
)
def test_faults_of_includes(refused, name, message):
    assert refused(f"A\n{{{{< include {name} >}}}}\n") == [message]


def test_a_circle_of_includes_is_told_where_it_closes(refused):
    files = {"text/a.qmd": "{{< include b.qmd >}}", "text/b.qmd": "B\n\n{{< include a.qmd >}}"}
    assert refused("{{< include a.qmd >}}", files) == ["text/b.qmd:3: a.qmd includes itself; take one of the includes out"]


def test_a_link_that_leads_out_of_the_book_is_not_followed(page, tmp_path_factory, tmp_path):
    outside = tmp_path_factory.mktemp("outside") / "secret.qmd"
    outside.write_text("secret")
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "link.qmd").symlink_to(outside)
    with pytest.raises(Refused, match="text/page.qmd:1: the include link.qmd is a symbolic link that leads out of the folder"):
        page("{{< include link.qmd >}}")


# -- files -------------------------------------------------------------------------------------------------------------


def test_text_of_windows_is_read(page):
    source = page(b"\xef\xbb\xbf---\r\ntitle: A\r\n---\r\n\r\n```{python}\r\n1\r\n```\r\n")
    assert source.front.data == {"title": "A"}
    assert source.pieces[-1].code == "1"


def test_other_encodings_are_refused_at_their_line(refused):
    assert refused("A\nB\xe9\n".encode("latin-1")) == ["2: is not UTF-8 text; save the file with the encoding UTF-8"]


def test_a_page_that_is_missing_or_lies_elsewhere_is_refused(tmp_path, tmp_path_factory):
    with pytest.raises(Refused, match="gone.qmd: the file gone.qmd is not there"):
        read_page(Path("gone.qmd"), tmp_path, BOOK, {})
    (tmp_path_factory.mktemp("other") / "page.qmd").write_text("secret")
    other = tmp_path_factory.getbasetemp() / "other0" / "page.qmd"
    with pytest.raises(Refused, match="page.qmd leads out of the folder; name a file in it"):
        read_page(other, tmp_path, BOOK, {})


def test_all_faults_of_a_page_are_told_at_once(refused):
    assert len(refused("{{< var a >}}\n\n```{r}\n```\n\n```{python}\n#| echoo: 1\n```\n\n`{python} `\n")) == 4


def test_a_large_page_is_read_in_time_linear_in_its_length(page):
    text = "Words with `code`, a `{python} x` and {{< var sent >}} here.\n\n" * 30_000  # 2 MB
    assert len(page(text).pieces) == 60_002


@pytest.mark.parametrize(
    "name, messages",
    [
        ("bad-cell-option-value", ["one.qmd:4: “echo” is “maybe”"]),
        ("bad-front-matter-value", ["one.qmd:3: “toc” is “perhaps”"]),
        ("bash-cell", ["one.qmd:3: cells of the engine {bash} are not run"]),
        ("bash-cell-among-python", ["one.qmd:7: cells of the engine {bash} are not run"]),
        ("cell-without-fig-label-prefix", ["one.qmd:4: the label “bars” of a cell with fig-cap does not begin with fig-"]),
        ("duplicate-label-cells", ["one.qmd:11: the label “fig-a” is already that of the cell in one.qmd:3"]),
        ("malformed-cell-option", ["one.qmd:4: a cell's options is not valid YAML"]),
        ("malformed-front-matter", ["one.qmd:2: front matter is not valid YAML"]),
        ("missing-include", ["one.qmd:3: the included file _gone.qmd does not exist"]),
        ("r-cell", ["one.qmd:3: cells of the engine {r} are not run"]),
        ("r-cell-among-python", ["one.qmd:7: cells of the engine {r} are not run"]),
        ("unclosed-cell", ["one.qmd:3: a cell is never closed"]),
        ("unknown-cell-option", ["one.qmd:4: unknown key “nosuch-option”", "one.qmd:5: unknown key “fig-capp”"]),
        ("unknown-front-matter-key", ["one.qmd:3: unknown key “nosuchkey”", "one.qmd:5: unknown key “ecko”"]),
        ("unknown-shortcode", ["one.qmd:3: unknown shortcode “nosuch”"]),
        ("unknown-var", ["one.qmd:3: unknown meta “nosuch”", "one.qmd:3: unknown var “nosuch”"]),
    ],
)  # fmt: skip
def test_broken_books_are_refused_at_their_true_line(name, messages):
    book = BROKEN / name
    if not book.is_dir():
        pytest.skip("the broken books are not here")
    with pytest.raises(Refused) as caught:
        read_page(Path("one.qmd"), book, read_settings(book / "_quarto.yml", book, "quarto"), {})
    found = str(caught.value).split("\n")
    assert len(found) == len(messages)
    assert all(line.startswith(start) for line, start in zip(found, messages, strict=True))


# -- laws --------------------------------------------------------------------------------------------------------------

PARTS = ["```", "````", "~~~", "{python}", "{r}", "{=html}", "`", "``", "`{python} x`", "#| echo: true", "#| label: a", "---",
         "title: A", "{{< var sent >}}", "{{<", ">}}", "{{{<", ">}}}", "{{< include page.qmd >}}", " ", "  ", "- ", "> ", "x = 1",
         "é", "\\", "\t", "\r\n", "\n", "\n", "\n", "\n\n", "```{python}\n", "\n```\n"]  # fmt: skip
ANYTHING = st.lists(st.sampled_from(PARTS) | st.text(max_size=3), max_size=25).map("".join)


def write(source: Source) -> str:
    """A page that reads as this one: its cells and expressions, and its text."""
    parts = []
    for piece in source.pieces:
        if isinstance(piece, Text):
            parts.append(piece.text)
        elif isinstance(piece, Inline):
            parts.append(piece.written)
        else:
            fence = "`" * 60
            lines = [*piece.written, *piece.code.split("\n")]
            parts.append("".join(f"{piece.indent}{line}\n" for line in [fence + "{python}", *lines, fence]))
    return "".join(parts)


def attempt(folder: Path, text: str) -> Source | None:
    text = "---\njupyter: python3\n---\n" + text
    (folder / "page.qmd").write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    try:
        return read_page(Path("page.qmd"), folder, Settings(), VARIABLES)
    except Refused as refused:
        assert refused.problems
        return None


@settings(max_examples=100, deadline=None)
@given(text=ANYTHING)
def test_any_text_is_refused_or_reads_as_the_same_cells_again(tmp_path_factory, text):
    folder = tmp_path_factory.getbasetemp()
    first = attempt(folder, text)
    if first is None:
        return
    again = attempt(folder, write(first))
    assert again or "{{" in text, "only a shortcode's value may read otherwise"
    if again:
        codes = [[p.code for p in source.pieces if isinstance(p, (Cell, Inline))] for source in (first, again)]
        assert codes[0] == codes[1]
    count = len(re.split("\r\n|\r|\n", text)) + 3
    assert all(4 <= piece.line <= count for piece in first.pieces)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    folder = tmp_path_factory.getbasetemp()
    (folder / "bytes.qmd").write_bytes(content)
    try:
        read_page(Path("bytes.qmd"), folder, Settings(), {})
    except Refused as refused:
        assert refused.problems
