"""What ordinary books hold beside text and figures.

What is expected is what stood on the page of Quarto 1.9.38, word for word, where nothing else is said.
"""

# ruff: noqa: E501 - a page of Markdown stands in few lines

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from surveybook.render.build import build
from surveybook.render.problems import Refused

QUARTO = 'project:\n  type: book\nbook:\n  title: "Harbour"\n  chapters: [index.qmd, a.qmd, b.md, refs.qmd]\n'
FILES = {
    "index.qmd": "# Hello {.unnumbered}\n", "b.md": "# Two {#sec-two}\n\nSee @sec-two.\n", "m.svg": "<svg/>",
    "refs.qmd": "# References {.unnumbered}\n\n::: {#refs}\n:::\n",
    "one.bib": "@book{reef, title={Reefs}, author={Ada Reef}, year={1801}}\n",
    "two.bib": "@book{tide, title={Tides}, author={Bea Tide}, year={1968}}\n",
}


@pytest.fixture
def shown(tmp_path):
    """shown(text, more settings): the page that a.qmd becomes with this text."""

    def make(text: str, settings: str = "", **files: str) -> LexborHTMLParser:
        for name, content in {**FILES, "_quarto.yml": QUARTO + settings, "a.qmd": text, **files}.items():
            (tmp_path / name).write_text(content, encoding="utf-8")
        return LexborHTMLParser((build(tmp_path).output / "a.html").read_text(encoding="utf-8"))

    return make


def said(page: LexborHTMLParser, selector: str) -> list[str]:
    return [re.sub(r"\s+", " ", node.text()).strip() for node in page.css(f"main {selector}")]


def test_what_is_for_other_formats_stays_away_with_its_headings_and_labels(shown):
    page = shown('# One\n\n::: {.content-visible when-format="html"}\nHere.\n:::\n\n'
                 '::: {.content-visible when-format="pdf"}\n## Paper {#sec-paper}\n:::\n\n'
                 '::: {.content-hidden unless-format="pdf"}\nNever.\n:::\n\n'
                 '::: {.content-visible when-meta="who"}\nFor writers.\n:::\n\n'
                 'A [span]{.content-visible when-format="html"} and [not]{.content-hidden when-format="html"}.\n\n## Quay\n',
                 "who: writers\n")
    assert said(page, "p") == ["Here.", "For writers.", "A span and ."] and said(page, "h2") == ["1.1 Quay"]


def test_theorems_are_numbered_by_their_kind_and_proofs_are_not(shown):
    page = shown("# One\n\n::: {#thm-line}\n\n## Line\n\nIt is straight.\n\n:::\n\n::: {#def-x name=\"Ecks\"}\nA letter.\n:::\n\n"
                 "::: {#exm-l}\n- a list\n:::\n\n::: {.proof}\nBy *hand*.\n:::\n\n::: {#rem-r}\nSo far.\n:::\n\n"
                 "::: {.remark}\nOn.\n:::\n\nSee @thm-line, @def-x, @rem-r.\n")
    assert said(page, "p") == ["Theorem 1.1 (Line) It is straight.", "Definition 1.1 (Ecks) A letter.", "Example 1.1",
                               "Proof. By hand.", "Remark 1.1. So far.", "Remark. On.",
                               "See Theorem 1.1, Definition 1.1, Remark 1.1."]


def test_listings_have_captions_above_and_numbers_of_their_own(shown):
    page = shown('# One\n\n```{#lst-one .python lst-cap="Code *one*"}\nx = 1\n```\n\n::: {#lst-two}\n\n```python\ny = 2\n```\n\n'
                 "Code two\n:::\n\n```{python}\n#| lst-label: lst-three\n#| lst-cap: Code three\nz = 3\n```\n\n"
                 "See @lst-one, @lst-three.\n")
    assert said(page, "figcaption") == ["Listing 1.1: Code one", "Listing 1.2: Code two", "Listing 1.3: Code three"]
    assert said(page, "figure + p, div + p")[-1] == "See Listing 1.1, Listing 1.3."


PARTS = ("# One\n\n::: {#fig-el layout-ncol=2}\n\n![Surus](m.svg){#fig-surus}\n\n![Hanno](m.svg){#fig-hanno}\n\n"
         "Elephants\n:::\n\n")


def test_parts_of_a_figure_have_letters_and_stand_side_by_side(shown):
    page = shown(f"{PARTS}See @fig-el, @fig-surus and [-@fig-hanno].\n\n![Lone](m.svg){{#fig-lone}}\n")
    assert said(page, "figcaption") == ["(a) Surus", "(b) Hanno", "Figure 1.1: Elephants", "Figure 1.2: Lone"]
    assert "See Figure 1.1, Figure 1.1 (a) and 1.1 (b)." in said(page, "p")
    assert len(page.css(".quarto-layout-row")) == 1 and len(page.css(".quarto-layout-cell")) == 2


def test_tables_that_a_cell_shows_are_parts_of_its_table(shown):
    page = shown('# One\n\n```{python}\n#| label: tbl-two\n#| tbl-cap: Main\n#| tbl-subcap: ["One", "Two"]\n'
                 "#| layout-ncol: 2\n#| echo: false\nfrom IPython.display import Markdown, display\n"
                 'display(Markdown("|a|\\n|--|\\n|1|"))\ndisplay(Markdown("|b|\\n|--|\\n|2|"))\n```\n\n@tbl-two-2\n')
    assert said(page, "figcaption") == ["Table 1.1: Main", "(a) One", "(b) Two"] and "Table 1.1 (b)" in said(page, "p")


def test_more_captions_than_parts_are_refused(shown):
    with pytest.raises(Refused, match="a.qmd:3: the cell “tbl-two” shows 1 things, and has 2 captions for parts"):
        shown('# One\n\n```{python}\n#| label: tbl-two\n#| tbl-subcap: ["One", "Two"]\n'
              'from IPython.display import Markdown\nMarkdown("|a|\\n|--|\\n|1|")\n```\n')


@pytest.mark.parametrize(("layout", "rows"), [('layout="[[40,-20,40], [100]]"', [3, 1]), ("layout-nrow=2", [2, 1]),
                                              ("layout-ncol=2", [2, 1]), ('layout="[70,30]"', [2])])
def test_blocks_stand_in_the_rows_that_are_asked_for(shown, layout, rows):
    page = shown(f"# One\n\n::: {{{layout}}}\n![A](m.svg)\n\n![B](m.svg)\n\n![C](m.svg)\n:::\n")
    assert [len(row.css(".quarto-layout-cell")) for row in page.css(".quarto-layout-row")] == rows


def test_notes_of_code_leave_the_code_and_stand_below_it(shown):
    page = shown("# One\n\n```python\nboats = 3  # <1>\nmasts = boats * 2  # <2>\ny = 2  # <1>\n```\n\n1. Counted in the *harbour*.\n"
                 "2. Two on each.\n\nAfter.\n\n```{python}\na = 1  # <1>\nprint(a)\n```\n\n1. One.\n\n```sql\nselect 1 -- <1>\n```\n")
    assert [node.text().rstrip() for node in page.css("main pre")] == [
        "1boats = 3\n2masts = boats * 2\ny = 2", "1a = 1\nprint(a)", "1", "select 1"]
    assert said(page, "dt") == ["1", "2", "1"] and said(page, "dd") == ["Counted in the harbour.", "Two on each.", "One."]


def test_lines_of_code_have_numbers_where_it_is_asked_for(shown):
    page = shown('# One\n\n```{.python code-line-numbers="true"}\na = 1\n```\n\n```python\nb = 1\n```\n')
    assert ["number-lines" in node.attributes["class"] for node in page.css("pre.sourceCode")] == [True, False]


def test_what_stands_beside_the_text_follows_its_paragraph(shown):
    page = shown("# One\n\nText [a note]{.aside} more.\n\n::: {.column-margin}\nBeside.\n:::\n\n::: {.column-page}\nWide.\n:::\n\n"
                 "![Own](m.svg){#fig-own .column-margin}\n\nA [word]{.remark}.\n")
    assert said(page, "p, .column-margin")[:3] == ["Text more.", "a note", "Beside."]
    assert page.css_first("#fig-own.column-margin") and page.css_first("span.remark").text() == "word"


def test_names_of_captions_and_references_are_the_authors(shown):
    page = shown("# One\n\n![Masts](m.svg){#fig-m}\n\n| a |\n|---|\n| 1 |\n\n: Boats {#tbl-b}\n\n::: {#dia-x}\n![](m.svg)\n\n"
                 "Ways.\n:::\n\nSee @fig-m, @tbl-b, @dia-x.\n",
                 'crossref:\n  fig-title: "Fig."\n  tbl-prefix: "Tab."\n  custom:\n    - kind: float\n      key: dia\n'
                 "      reference-prefix: Diagram\n      caption-prefix: Drawing\n")
    assert said(page, "figcaption") == ["Fig. 1.1: Masts", "Table 1.1: Boats", "Drawing 1.1: Ways."]
    assert said(page, "p")[-1] == "See Figure 1.1, Tab. 1.1, Diagram 1.1."


def test_a_page_may_have_sources_of_its_own_which_the_list_of_the_book_has_too(shown, tmp_path):
    """Quarto takes them instead of those of the book, and the link to the list then leads nowhere."""
    page = shown("---\nbibliography: two.bib\nparams:\n  who: sailors\n---\n\n# One\n\nFor {{< meta params.who >}}: @reef, @tide.\n",
                 "bibliography: one.bib\n")
    assert said(page, "p") == ["For sailors: Reef (1801), Tide (1968)."]
    assert "Tides" in (tmp_path / "_book" / "refs.html").read_text(encoding="utf-8")
    assert ">Chapter 2</a>" in (tmp_path / "_book" / "b.html").read_text(encoding="utf-8")


def test_code_that_is_run_has_no_place_in_a_chapter_of_plain_markdown(shown):
    with pytest.raises(Refused, match=r"b\.md:3: code that is run stands in a \.md file"):
        shown("# One\n", **{"b.md": "# Two\n\n```{python}\n1\n```\n"})


def test_a_table_that_pandas_captions_is_counted(shown):
    page = shown('# One\n\n```{python}\n#| echo: false\nfrom IPython.display import HTML\n'
                 'HTML(\'<table id="T_ab12c"><caption>Own words</caption><tr><td>1</td></tr></table>\')\n```\n\n'
                 "```{python}\n#| echo: false\n#| label: tbl-own\nHTML('<table id=\"T_ab12d\"><caption>Mine</caption>"
                 "<tr><td>1</td></tr></table>')\n```\n\n| n |\n|---|\n| 1 |\n\n: Counted {#tbl-n}\n\nSee @tbl-n.\n")
    assert said(page, "figcaption") == ["Table 1.1: Own words", "Table 1.2: Mine", "Table 1.3: Counted"]
    assert said(page, "p")[-1] == "See Table 1.3."


def test_keys_of_other_engines_in_a_cell_change_nothing_and_the_author_is_told(tmp_path, shown):
    shown("# One\n")
    (tmp_path / "a.qmd").write_text("# One\n\n```{python}\n#| fig-width: 6\n#| tags: [x]\n1\n```\n", encoding="utf-8")
    told: list[str] = []
    build(tmp_path, progress=told.append)
    assert [line for line in told if line.startswith("a.qmd:")] == [
        "a.qmd:4: passed over, as Quarto passes it over in a cell of Python: fig-width",
        "a.qmd:5: passed over, as Quarto passes it over in a cell of Python: tags"]


def test_a_picture_that_ends_a_figure_stands_where_its_caption_would(shown):
    page = shown("# One\n\n::: {#fig-x}\nWords.\n\n![](m.svg)\n:::\n\nSee @fig-x.\n")
    assert said(page, "figcaption") == ["Figure 1.1:"] and page.css_first("figcaption img")


def test_a_line_in_the_list_of_chapters_is_none_of_them(shown):
    page = shown("# One\n", **{"_quarto.yml": QUARTO.replace("a.qmd, b.md", "a.qmd, '-----', b.md")})
    assert len(page.css(".site-sidebar li")) == 4


def test_a_widget_is_refused_as_nothing_runs_it_on_a_page(shown):
    view = "application/vnd.jupyter.widget-view+json"
    with pytest.raises(Refused, match=r"a\.qmd:3: the cell shows a widget, which needs a running kernel"):
        shown(f"# One\n\n```{{python}}\ndisplay({{'{view}': {{}}, 'text/plain': 'IntSlider()'}}, raw=True)\n```\n")


def test_tables_that_call_their_headings_alike_have_ids_of_their_own(shown):
    """As great_tables writes them, with an id drawn anew each time."""
    table = ("class Table:\n    def __init__(self, id): self.id = id\n    def _repr_html_(self):\n"
             "        return (f'<div id=\"{self.id}\"><style>#{self.id} table {{}}</style><table class=\"gt_table\">'\n"
             "                '<tr><th id=\"a\">a</th></tr><tr><td headers=\"a\">1</td></tr></table></div>')\n")
    page = shown(f"# One\n\n```{{python}}\n{table}Table('abcdefghij')\n```\n\n"
                 "```{python}\nTable('klmnopqrst')\n```\n")
    assert [node.id for node in page.css("th")] == ["T_00001-a", "T_00002-a"]
    assert [node.attributes["headers"] for node in page.css("td")] == ["T_00001-a", "T_00002-a"]


def test_a_table_may_be_written_as_a_list_of_rows(shown):
    page = shown("# One\n\n::: {#tbl-depths .list-table widths=\"1,3\" aligns=\"l,r\"}\nDepths *now*\n\n* - Quay\n  - Feet\n"
                 "* - []{colspan=2} none\n:::\n\n::: {tbl-colwidths=\"[20,80]\"}\n| a | b |\n|---|---|\n| 1 | 2 |\n:::\n\n@tbl-depths\n")
    assert said(page, "figcaption") == ["Table 1.1: Depths now"] and said(page, "th") == ["Quay", "Feet", "a", "b"]
    assert said(page, "td[colspan='2']") == ["none"] and said(page, "ul") == []
    assert [col.attributes["style"].split()[1] for col in page.css("col")] == ["25%", "75%", "20%", "80%"]


def test_tables_drawn_with_lines_fill_the_page(shown):
    page = shown("# One\n\n+-----+-----+-----+\n| a   | b   | c   |\n+=====+=====+=====+\n| 1   | 2   | 3   |\n+-----+-----+-----+\n\n"
                 "----- -----------\n a     b\n----- -----------\n 1     2\n\n 3     4\n-----------------\n")
    assert [table.attributes.get("style") for table in page.css("main table")] == [None, None]
    assert [col.attributes["style"] for col in page.css("col")] == [f"width: {n}%" for n in (33, 33, 33, 33, 66)]


def test_a_list_table_that_is_none_is_refused_where_it_stands(shown):
    with pytest.raises(Refused, match="a.qmd:8: the table is no list of rows"):
        shown("# One\n\n::: {.list-table}\n- - a\n:::\n\n::: {.list-table}\nWords\n:::\n")


def test_captions_stand_above_or_below_as_page_cell_and_div_say(shown):
    cell = "```{python}\n#| label: tbl-cell\n#| tbl-cap: Cell\n#| tbl-cap-location: top\nfrom IPython.display import Markdown\n" \
           "Markdown('|b|\\n|-|\\n|2|')\n```\n"
    page = shown("---\ntitle: One\nfig-cap-location: top\ntbl-cap-location: bottom\n---\n\n![A](m.svg){#fig-a}\n\n"
                 '![B](m.svg){#fig-b fig-cap-location="bottom"}\n\n![C](m.svg)\n\n| a |\n|---|\n| 1 |\n\n: D {#tbl-d}\n\n'
                 f"| a |\n|---|\n| 1 |\n\n: E\n\n{cell}")
    figures = [[child.tag for child in figure.iter() if child.tag != "-text"] for figure in page.css("main figure")]
    assert [first[0] == "figcaption" for first in figures] == [True, False, False, False, True]
    assert len(page.css("figure.caption-first")) == 1 and len(page.css("table.caption-last")) == 1


@pytest.mark.parametrize(("value", "code", "notes"), [
    ("below", "1x = 1", ["Sail"]), ("hover", "x = 1", ["Sail"]), ("none", "x = 1", []), ("false", "x = 1 # <1>", [])])
def test_notes_for_lines_of_code_are_shown_as_the_page_asks(shown, value, code, notes):
    page = shown(f"---\ntitle: One\ncode-annotations: {value}\n---\n\n```python\nx = 1 # <1>\n```\n1. Sail\n")
    assert said(page, "pre") == [code] and said(page, "dd") == notes and len(page.css("main ol")) == (value == "false")


def test_code_has_the_name_of_its_file_once_wraps_and_is_a_listing_by_the_label_of_its_cell(shown):
    page = shown('# One\n\n```{.python #lst-a lst-cap="Sails" filename="sail.py" code-overflow="wrap"}\nx = 1\n```\n\n'
                 '```{python}\n#| label: lst-b\n#| lst-cap: Masts\n#| filename: mast.py\ny = 2\n```\n\n@lst-a, @lst-b\n')
    assert said(page, ".code-with-filename-file") == ["sail.py", "mast.py"] and len(page.css("pre.code-overflow-wrap")) == 1
    assert said(page, "figcaption") == ["Listing 1.1: Sails", "Listing 1.2: Masts"]
    assert said(page, "p")[-1] == "Listing 1.1, Listing 1.2"


def test_pictures_lead_where_they_are_asked_to_and_keys_breaks_and_attributes_of_callouts_are_kept(shown):
    page = shown('# One\n\n![A](m.svg){#fig-a .lightbox}\n\n![B](m.svg){fig-link="b.md"}\n\nPress {{< kbd Ctrl--* >}}.\n\n'
                 '{{< pagebreak >}}\n\n::: {.callout-tip data-tide="low" style="color: red"}\nA\n:::\n')
    assert [link.attributes["href"] for link in page.css("main a") if link.css("img")] == ["m.svg", "b.html"]
    assert said(page, "kbd") == ["Ctrl--*"] and len(page.css("main > .page-break")) == 1
    assert page.css_first(".callout").attributes["data-tide"] == "low"


def test_categories_keywords_and_an_abstract_stand_above_the_text_and_figures_where_the_page_has_them(shown):
    page = shown("---\ntitle: One\ncategories: [ships, sea]\nkeywords: tide\nabstract: |\n  Of *masts*.\n\n  And sails.\n"
                 "fig-align: right\n---\n\n![A](m.svg)\n\n![B](m.svg){#fig-b fig-align=\"left\"}\n\n![](m.svg)\n",
                 "categories: sea\nkeywords: [wave]\nabstract-title: Summary\n")
    assert said(page, ".quarto-category") == ["sea", "ships"] and said(page, ".keywords p") == ["wave, tide"]
    assert said(page, ".abstract .block-title, .abstract > p") == ["Summary", "Of masts.", "And sails."]
    assert [image.attributes.get("class") for image in page.css("main img")] == [
        "quarto-figure-right", "quarto-figure-left", None]
