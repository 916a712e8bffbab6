"""What stands in ordinary books and was once passed over in silence, or refused in wrong words or the wrong place."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from surveybook.render.build import build
from surveybook.render.problems import Refused

QUARTO = 'project:\n  type: book\nbook:\n  title: "Harbour"\n  chapters: [index.qmd, a.qmd]\n'
MASTS = "![Masts](m.svg){#fig-masts}"


@pytest.fixture
def book(tmp_path):
    """book(text, {"name": "text"}): a book of a home page and a.qmd with this text, and with these files beside."""

    def make(text: str, files: dict[str, str] | None = None) -> Path:
        given = {"_quarto.yml": QUARTO, "index.qmd": "# Hello {.unnumbered}\n", "a.qmd": text, "m.svg": "<svg/>"}
        for name, content in {**given, **(files or {})}.items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        return tmp_path

    return make


def shown(root: Path) -> LexborHTMLParser:
    return LexborHTMLParser((build(root).output / "a.html").read_text(encoding="utf-8"))


def faults(root: Path) -> list[str]:
    with pytest.raises(Refused) as refused:
        build(root)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize("text", [f"{MASTS}\nThe masts.", f"{MASTS} {MASTS[:-1]}-2}}", f"- Here {MASTS}\n- more",
                                  f"| a |\n|---|\n| {MASTS} |"])
def test_a_labelled_picture_among_other_things_is_refused_where_it_stands(book, text):
    found = faults(book(f"# One\n\n{text}\n\nSee @fig-masts.\n"))
    assert found and all(said.startswith("a.qmd:") and "where it gets no number" in said for said in found)
    assert found[0].startswith(f"a.qmd:{3 + text.split(MASTS)[0].count(chr(10))}: ")


def test_one_alone_in_an_item_is_a_figure_as_with_quarto(book):
    page = shown(book(f"# One\n\n- {MASTS}\n- more\n\nSee @fig-masts.\n"))
    assert " ".join(page.css_first("li figcaption").text().split()) == "Figure 1.1: Masts"


def test_faults_in_code_and_comments_are_none_and_those_behind_them_have_their_lines(book):
    text = ("# One\n\nWrite `@fig-gone`.\n\n```\n@fig-gone @nokey\n```\n\n<!-- [x](gone.qmd)\n-->\n\n"
            "Now @fig-gone.\n\n[x](gone.qmd)\n")
    assert [said.split(": ")[0] for said in faults(book(text))] == ["a.qmd:12", "a.qmd:14"]


def test_a_heading_in_a_comment_is_no_title(book):
    assert shown(book("<!--\n# Old title\n-->\n\n# New title\n\nText.\n")).css_first("h1").text().endswith("New title")


@pytest.mark.parametrize(("before", "indent"), [("1. Count:", 4), ("- Count:", 2), ("- Count:", 4), ("10. Count:", 4),
                                                ("-   Count:", 2)])
def test_a_cell_in_an_item_shows_its_output_there(book, before, indent):
    space = " " * indent
    text = f"# One\n\n{before}\n\n{space}```{{python}}\n{space}#| echo: false\n{space}print(3)\n{space}```\n\nAfter.\n"
    page = shown(book(text))
    assert page.css_first("li .cell-output").text().strip() == "3" and page.css_first("li").text().find("After") < 0


def test_words_after_a_reference_in_brackets_are_left_out_as_quarto_does_and_the_author_is_told(book):
    told: list[str] = []
    build(book(f"# One\n\n{MASTS}\n\nHigh [@fig-masts, left panel].\n"), progress=told.append)
    assert [line for line in told if line.startswith("a.qmd:5: the words “left panel” after a reference")]


def test_a_label_and_a_name_in_another_form_of_unicode_are_told_so(book):
    apart = unicodedata.normalize("NFD", "über")
    (said,) = faults(book(f"# One\n\n![Over](m.svg){{#fig-{apart}}}\n\nSee @fig-über.\n"))
    assert "accent that is written apart" in said
    root = book("# One\n", {"_quarto.yml": QUARTO.replace("a.qmd", "über.qmd"), f"{apart}.qmd": "# Over\n"})
    assert "the same letters in another form of Unicode" in faults(root)[0]


def test_random_ids_of_tables_are_counted_so_that_two_builds_are_alike(book):
    cell = ('```{python}\nfrom IPython.display import HTML\nfrom uuid import uuid4\nimport random\n'
            'name = "T_" + uuid4().hex[:5]\nword = "".join(random.SystemRandom().choices("abcdefghij", k=10))\n'
            'HTML(f"<style>#{name}_row0 b {{}} #{word} p {{}}</style><p id=\\"{name}_row0\\">a</p>"\n'
            '     f"<p id=\\"{word}\\">b</p><p id=\\"{uuid4()}\\">c</p><p id=\\"anchorages\\">d</p>")\n```\n')
    root = book(f"# One\n\n{cell}")
    page = shown(root)
    names = [node.id for node in page.css("main p[id]")]
    assert names == ["T_00001_row0", "T_00002", "T_00003", "anchorages"] and "#T_00001_row0 b" in page.html
    for kept in (root / ".cache" / "store" / "outputs").iterdir():
        kept.unlink()
    assert shown(root).html == page.html


def test_a_formula_stands_once_in_the_search_index(book):
    site = build(book("# One\n\n## Height $h$ of masts\n\nWith $k$ claims.\n")).output
    index = (site / "search.json").read_text(encoding="utf-8")
    assert "Height h of masts" in index and "With k claims." in index


def test_the_colors_of_a_brand_are_refused(book):
    assert faults(book("# One\n", {"_brand.yml": "color: {}\n"})) == [
        "_brand.yml: the colors and type of a brand are not done here; put them into a style sheet under `css`, and "
        "remove the file"]


def test_what_is_wrong_with_settings_pages_and_references_is_told_at_once_and_each_thing_once(book):
    text = ("---\ntoc: maybe\nsubtitle: Low {{< meta gone >}}\n---\n\n# One\n\n{{< fa star >}}\n\n"
            "{{< include part.md >}}\n\n```{python}\n#| echo: perhaps\n1 / 0\n```\n\n@fig-none [x](gone.qmd)\n")
    other = "# Two\n\n{{< include part.md >}}\n\n[a](lost.qmd) [b](lost.qmd)\n"
    root = book(text, {"b.qmd": other, "part.md": "Seen {{< video x >}}.\n", "_quarto.yml":
                       QUARTO.replace("a.qmd", "a.qmd, b.qmd, lost.qmd") + "toc: perhaps\n"})
    places = "_quarto.yml:5 _quarto.yml:6 a.qmd:2 a.qmd:3 a.qmd:8 a.qmd:13 a.qmd:14 a.qmd:17 a.qmd:17 part.md:1"
    assert [said.split(": ")[0] for said in faults(root)] == places.split()


def test_of_a_page_that_is_cut_short_only_the_cut_is_told(book):
    root = book("# One\n\n```{python}\n1\n\n## Quay {#sec-quay}\n",
                {"index.qmd": "# Hello {.unnumbered}\n\n@sec-quay\n"})
    assert [said.split(":")[1] for said in faults(root)] == ["3"]


UNDONE = ("# One\n\n{{< fa star >}} shines.\n\n```{mermaid}\nflowchart LR\n  A --> B\n```\n\n"
          "::: {.panel-sidebar}\nBeside.\n:::\n\nEnd.\n")


def test_what_is_not_done_here_is_refused_and_in_a_lenient_build_stands_in_boxes_and_is_listed(book):
    settings = QUARTO + "fontsize: 12pt\nlang: de\n"
    root = book(UNDONE, {"_quarto.yml": settings})
    places = ["_quarto.yml:6", "_quarto.yml:7", "a.qmd:3", "a.qmd:5", "a.qmd:10"]
    assert [said.split(": ")[0] for said in faults(root)] == places
    told: list[str] = []
    page = LexborHTMLParser((build(root, progress=told.append, lenient=True).output / "a.html").read_text("utf-8"))
    said = [line.removeprefix("not rendered here: ") for line in told if line.startswith("not rendered here: ")]
    assert [line.split(": ")[0] for line in said] == places
    boxes = [" ".join(node.text().split()) for node in page.css(".not-rendered")]
    assert boxes == ["Not rendered here: {{< fa star >}}", "Not rendered here: {mermaid}", "flowchart LR A --> B",
                     "Not rendered here as it is meant Beside."]
    assert "End." in page.body.text()


def test_a_lenient_build_refuses_what_is_wrong_with_the_book_itself(book):
    root = book(UNDONE + "\n@fig-none\n")
    with pytest.raises(Refused) as refused:
        build(root, lenient=True)
    assert [str(problem).split(": ")[0] for problem in refused.value.problems] == ["a.qmd:16"]
