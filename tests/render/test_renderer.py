"""The renderer from a book's folder to its site: the same pages as Quarto, and a clear refusal of what is wrong.

`books/harbour.json` is a summary of what Quarto 1.9.38 makes of `books/harbour`; `books/summary.py` writes and compares
such summaries. The book in `../shared/parity` is compared in the same way where it is there.
"""

# ruff: noqa: E501 - in tables, a fault and its message stand in one line

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from project import ROOT, SHARED, files_of
from selectolax.lexbor import LexborHTMLParser
from two_chapters import CHAPTER, QUARTO, SVG, page, refusal, text_of, write_book

from surveybook.render.book import relative
from surveybook.render.build import build
from surveybook.render.headings import read_headings
from surveybook.render.page import nest
from surveybook.survey.words.text import plain

BOOKS = ROOT / "tests" / "books"
SHARED = SHARED / "parity" / "public"

specification = importlib.util.spec_from_file_location("summary", BOOKS / "summary.py")
summary = importlib.util.module_from_spec(specification)
specification.loader.exec_module(summary)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory) -> Path:
    """The site of our own book."""
    folder = tmp_path_factory.mktemp("harbour")
    book = shutil.copytree(BOOKS / "harbour", folder / "book")
    return build(book, folder / "site").output


NUMBERS = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<info><title>Numbers</title><id>numbers</id><updated>2026-01-01T00:00:00+00:00</updated></info>
<citation><layout prefix="[" suffix="]"><text variable="citation-number"/></layout></citation>
<bibliography><layout><text variable="citation-number" prefix="[" suffix="] "/><text variable="title"/></layout></bibliography>
</style>"""


@pytest.fixture
def book(tmp_path) -> Callable[..., Path]:
    """book(one="...", two="..."): a book of two chapters with these texts."""
    return partial(write_book, tmp_path / "book")


# --- the same pages as Quarto


def without_letters(pages: dict) -> dict:
    """Years of citations without their letters, which Quarto gives page by page and the renderer over the book."""
    return json.loads(re.sub(r"\b((?:19|20)\d\d)[a-z]\b", r"\1", json.dumps(pages)))


def test_our_book_differs_in_nothing_from_what_quarto_makes_of_it(harbour):
    golden = json.loads((BOOKS / "harbour.json").read_text(encoding="utf-8"))
    assert summary.compare(without_letters(golden), without_letters(summary.summarise(harbour))) == []


LAST = '<html><link rel="stylesheet" href="site_libs/base.css">the last good one</html>'


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared book is not beside this checkout")
def test_the_shared_book_differs_in_nothing_from_what_quarto_makes_of_it(tmp_path):
    made = build(shutil.copytree(SHARED / "book", tmp_path / "book"))
    golden = json.loads((SHARED / "golden.json").read_text(encoding="utf-8"))
    assert summary.compare(golden, summary.summarise(made.output)) == []
    assert (made.pages, made.figures, made.tables) == (10, 8, 12)


def test_the_comparison_sees_what_it_should(harbour):
    golden = json.loads((BOOKS / "harbour.json").read_text(encoding="utf-8"))
    golden["text/charts.html"]["floats"][0]["caption"] = "Figure 9.9: another"
    found = summary.compare(without_letters(golden), without_letters(summary.summarise(harbour)))
    assert len(found) == 1 and "Figure 9.9" in found[0]


# --- references and numbers, where Quarto's rule is worth a sentence


def test_a_reference_to_a_chapter_has_no_fragment_from_another_page_and_one_on_its_own(book):
    root = book(one="# One {#sec-one}\n\n@sec-one and @sec-two.\n")
    build(root)
    assert [link.attributes["href"] for link in page(root, "one.html").css("a.quarto-xref")] == ["#sec-one", "two.html"]


def with_references(root: Path, bib: str) -> Path:
    """The book with this bibliography and a page that lists it."""
    (root / "refs.bib").write_text(bib)
    (root / "references.qmd").write_text("# References {.unnumbered}\n\n::: {#refs}\n:::\n")
    (root / "_quarto.yml").write_text(QUARTO.replace("    - two.qmd\n", "    - two.qmd\n    - references.qmd\n"))
    return root


def test_a_year_has_the_letter_of_the_list_on_every_page(book):
    bib = "".join(f"@book{{m{n}, author={{Moss, Ada}}, title={{T{n}}}, publisher={{P}}, year={{2001}}}}\n" for n in (1, 2))
    root = with_references(book("# One\n\nSee @m2.\n", "# Two\n\nSee @m1.\n"), bib)
    build(root)
    assert text_of(root, ".citation") == ["Moss (2001b)"]
    assert text_of(root, ".citation", "two.html") == ["Moss (2001a)"]
    assert [entry[:18] for entry in text_of(root, "#refs .csl-entry", "references.html")] == ["Moss, Ada. 2001a. ", "Moss, Ada. 2001b. "]


def test_a_number_is_that_of_the_list_on_every_page(book):
    bib = "".join(f"@book{{m{n}, author={{Moss, Ada}}, title={{T{n}}}, publisher={{P}}, year={{200{n}}}}}\n" for n in (1, 2, 3))
    root = with_references(book("# One\n\n@m2 and @m3.\n", "# Two\n\n@m3, then @m1.\n"), bib)
    (root / "numbers.csl").write_text(NUMBERS)
    quarto = root / "_quarto.yml"
    quarto.write_text(f"csl: numbers.csl\n{quarto.read_text()}")
    build(root)
    assert text_of(root, ".citation") == ["[1]", "[2]"]
    assert text_of(root, ".citation", "two.html") == ["[2]", "[3]"]
    assert text_of(root, "#refs .csl-entry", "references.html") == ["[1] T2", "[2] T3", "[3] T1"]


def test_without_a_references_page_each_page_lists_what_it_cites(book):
    root = book(one="# One\n\n@moss\n")
    build(root)
    assert text_of(root, "#refs .csl-entry") == ["Moss, Ada. 2001. Peat. Bog."]
    assert page(root, "one.html").css_first(".citation a").attributes["href"] == "#ref-moss"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("@fig-a", "Figure\u00a01.1"), ("@Fig-a", "Figure\u00a01.1"), ("[-@fig-a]", "1.1"), ("-@fig-a", "1.1"),
        ("[see @fig-a and lost]", "see\u00a01.1"), ("[**Plate** @fig-a]", "Plate\u00a01.1"),
        ("[@fig-a; @sec-in]", "Figure\u00a01.1, Section 1.1"), ("[A @fig-a; and @sec-in]", "A\u00a01.1, and\u00a01.1"),
        ("@sec-two", "Chapter 2"), ("[-@sec-two]", "2"),
    ],
)  # fmt: skip
def test_a_reference_reads(book, written, shown):
    root = book(one=f"# One\n\n## In {{#sec-in}}\n\nWord {written} word.\n\n![c](a.svg){{#fig-a}}\n")
    build(root)
    assert text_of(root, "main p")[0] == f"Word {shown} word."


# --- what is wrong is refused, with file, line and remedy

FAULTS = {
    "reference to nothing": (CHAPTER + "See @fig-none.", "one.qmd:3: the reference @fig-none leads nowhere; give that label"),
    "reference, a letter off": (CHAPTER + "See @sec-twoo.", "one.qmd:3: the reference @sec-twoo leads nowhere; did you mean “sec-two”?"),
    "reference to a heading without number": (CHAPTER + "## In {#sec-in .unnumbered}\n\n@sec-in", "one.qmd:5: @sec-in refers to a heading without a number; link to it"),
    "reference and citation in one bracket": (CHAPTER + "[@sec-one; @moss]", "one.qmd:3: a cross-reference and a citation stand in one bracket, or side by side; put words"),
    "unknown citation": (CHAPTER + "A\n\n[see @mos, p. 3]", "one.qmd:5: the bibliography has no entry “mos”; did you mean “moss”?"),
    "citation in a note": (CHAPTER + "A.^[See @none2000.]", "one.qmd:3: the bibliography has no entry “none2000”"),
    "label without kind": (CHAPTER + "![A](a.svg){#pic}\n\n@pic", "one.qmd:5: the bibliography has no entry “pic”; to be referred to, a label must start with fig-"),
    "link to no chapter": (CHAPTER + "[x](gone.qmd)", "one.qmd:3: there is no chapter gone.qmd"),
    "link to a file that is no chapter": (CHAPTER + "[x](extra.qmd)", "one.qmd:3: extra.qmd is not a chapter of this book; list it"),
    "dead fragment": (CHAPTER + "[x](#none)", "one.qmd:3: this page has nothing with the id “none”"),
    "dead fragment of another page": (CHAPTER + "[x](two.qmd#sec-to)", "one.qmd:3: two.qmd has nothing with the id “sec-to”; did you mean “sec-two”?"),
    "an automatic id of a title": ("# One\n\n[x](#one)", "one.qmd:3: this page has nothing with the id “one”"),
    "dead link in raw HTML": (CHAPTER + '<a href="none.pdf">x</a>', "one.qmd:3: there is no file none.pdf"),
    "missing picture": (CHAPTER + "![](none.png)", "one.qmd:3: there is no picture none.png"),
    "missing picture in raw HTML": (CHAPTER + '<img src="none.png">', "one.qmd:3: there is no picture none.png"),
    "picture outside": (CHAPTER + "![](../a.svg)", "one.qmd:3: “../a.svg” leads out of the folder"),
    "label twice": (CHAPTER + "![A](a.svg){#fig-a}\n\n![B](a.svg){#fig-a}", "one.qmd:5: the label “fig-a” is given twice; rename"),
    "label of another chapter": (CHAPTER + "## B {#sec-two}", "two.qmd:1: the label “sec-two” is given twice (first in one.qmd:3)"),
    "id twice": (CHAPTER + "[a]{#x}\n\n[b]{#x}", "one.qmd:5: the id “x” is given twice on this page"),
    "undefined footnote": (CHAPTER + "A.[^n]", "one.qmd:3: the footnote [^n] is not defined"),
    "open div": (CHAPTER + "::: {.callout-note}\nA", "one.qmd:3: this div is never closed"),
    "equation label below": (CHAPTER + "$$ a $$\n{#eq-a}", "one.qmd:4: the label {#eq-a} stands here as text"),
    "label apart": (CHAPTER + "![A](a.svg) {#fig-a}", "one.qmd:3: the label {#fig-a} stands here as text"),
    "closed too often": (CHAPTER + "A\n\n:::\n\nB", "one.qmd:5: “:::” here neither opens nor closes a div"),
    "second title": (CHAPTER + "A\n\n# Again", "one.qmd:5: a chapter has one title, and “Again” is a second one"),
    "no title": ("Text.", "one.qmd:1: this chapter has no title"),
    "side bar": (CHAPTER + "::: {.panel-sidebar}\nA\n:::", "one.qmd:3: the class .panel-sidebar of a div is not supported"),
    "layout": (CHAPTER + '::: {layout="[wide]"}\nA\n:::', "one.qmd:3: the layout “[wide]” holds “wide”, which is no number"),
    "no such callout": (CHAPTER + "::: {.callout-hint}\nA\n:::", "one.qmd:3: the class .callout-hint of a div is not supported"),
    "callout attribute": (CHAPTER + "::: {.callout-tip colapse=true}\nA\n:::", "one.qmd:3: a callout has no attribute “colapse”"),
    "tabset without tabs": (CHAPTER + "::: {.panel-tabset}\nA\n:::", "one.qmd:3: a tabset must begin with a heading"),
    "formula": (CHAPTER + r"A $\nosuch{x}$", "one.qmd:3: the formula “\\nosuch{x}”"),
    "raw format": (CHAPTER + "```{=htlm}\n<b>\n```", "one.qmd:3: raw text of the format “htlm” would vanish"),
}  # fmt: skip


def test_words_of_data_that_look_like_marks_are_words_and_an_authors_marks_are_no_less_a_fault(book):
    """A cell writes the signs of its data as entities, which stand for themselves in headings and paragraphs alike."""
    words = "{#sec-two} ::: {#sec-a_b} @fig-none"
    told = f'print("## " + {plain(words)!r} + " {{#sec-in}}\\n\\n" + {plain(words)!r})'
    cell = f"```{{python}}\n#| output: asis\n#| echo: false\n{told}\n```\n"
    root = book(one=f"{CHAPTER}See @sec-in.\n\n{cell}", two=f"# Two {{#sec-two}}\n\n{cell.replace('sec-in', 'sec-on')}")
    build(root)
    made = page(root, "one.html").css_first("#sec-in")
    assert words in made.css_first("h2").text() and made.css_first("p").text().strip() == words
    for mark, fault in ((":::", "neither opens nor closes"), ("{#sec-two}", "stands here as text")):
        with open(root / "one.qmd", "a", encoding="utf-8") as file:
            file.write(f"\nText.\n\n{mark}\n\nMore.\n")
        assert [line for line in refusal(root) if fault in line]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_line_and_what_to_do(book, fault):
    text, message = FAULTS[fault]
    root = book(one=text + "\n")
    (root / "extra.qmd").write_text("# Extra\n")
    said = refusal(root)
    assert [line for line in said if line.startswith(message)], said
    assert all("; " in line for line in said)


LISTS = {
    "- two.qmd": ("- gone.qmd", "_quarto.yml:9: there is no file gone.qmd"),
    "two.qmd": ("one.qmd", "_quarto.yml:9: the chapter one.qmd is listed twice (first in line 8)"),
    "    - index.qmd\n": ("", "_quarto.yml:6: the chapters do not include index.qmd"),
    "- one.qmd": ("- ../one.qmd", "_quarto.yml:8: the chapter ../one.qmd leads out of"),
    "refs.bib": ("none.bib", "_quarto.yml:10: there is no file none.bib"),
}


@pytest.mark.parametrize("written", LISTS)
def test_a_fault_of_the_list_of_chapters_is_named(book, written):
    root = book()
    instead, message = LISTS[written]
    (root / "_quarto.yml").write_text(QUARTO.replace(written, instead))
    assert [line for line in refusal(root) if line.startswith(message)]


def test_all_faults_of_all_stages_are_told_at_once(book):
    root = book(
        one=CHAPTER + "@fig-none, @nobody, [x](gone.qmd), [y](#gone), ![](gone.png), @fig-cell.\n\n## A {#sec-two}\n",
        two='# Two {#sec-two}\n\n```{python}\n#| label: fig-cell\n#| fig-cap: C\nraise ValueError("no")\n```\n\n[z](one.qmd#gone)\n',
    )
    said = "\n".join(refusal(root))
    for part in ("@fig-none leads", "“nobody”", "gone.qmd", "“gone”", "gone.png", "“sec-two” is given twice", "two.qmd:6: the cell raised ValueError: no", "two.qmd:9: one.qmd has nothing"):
        assert part in said
    assert "@fig-cell leads" not in said  # its cell failed: that it is not there is no fault of the reference


def test_a_note_that_nobody_refers_to_and_a_note_in_a_note_are_no_faults(book):
    build(book(one="# One\n\nA[^a].\n\n[^a]: With^[another].\n\n[^lost]: Lost.\n"))


def test_defaults_for_callouts_hold_where_a_callout_says_nothing(book):
    root = book(
        one="---\ntitle: One\ncallout-appearance: simple\ncallout-icon: false\n---\n\n::: {.callout-tip}\nA\n:::\n\n"
        '::: {.callout-tip appearance="default" icon="true"}\nB\n:::\n'
    )
    build(root)
    classes = [node.attributes["class"].split() for node in page(root, "one.html").css(".callout")]
    assert [{"callout-style-simple", "no-icon"} <= set(names) for names in classes] == [True, False]
    assert text_of(root, ".callout-title-container") == ["Tip"]


def test_the_title_as_meta_has_its_number(book):
    root = book(one="# One *more*\n\n{{< meta title >}}!\n")
    build(root)
    assert text_of(root, "main p") == ["1\u00a0 One more!"]


SHARED_FAULTS = {
    "bad-cell-option-value": "one.qmd:4", "bad-front-matter-value": "one.qmd:3", "bad-quarto-yml-value": "_quarto.yml:19",
    "bash-cell": "one.qmd:3", "bash-cell-among-python": "one.qmd:7", "cell-without-fig-label-prefix": "one.qmd:4",
    "chapter-file-missing": "_quarto.yml:11", "chapter-listed-twice": "_quarto.yml:12", "duplicate-heading-id": "one.qmd:5",
    "duplicate-label": "one.qmd:5", "duplicate-label-across-chapters": "two.qmd:3", "duplicate-label-cells": "one.qmd:11",
    "link-missing-chapter": "one.qmd:3", "link-missing-fragment": "one.qmd:3", "link-unlisted-chapter": "one.qmd:3",
    "malformed-cell-option": "one.qmd:", "malformed-front-matter": "one.qmd:", "malformed-quarto-yml": "_quarto.yml:",
    "missing-bibliography": "_quarto.yml:12", "missing-image": "one.qmd:3", "missing-include": "one.qmd:3",
    "no-index": "_quarto.yml:9", "r-cell": "one.qmd:3", "r-cell-among-python": "one.qmd:7", "raising-cell": "one.qmd:5",
    "raising-inline": "one.qmd:7", "unclosed-cell": "one.qmd:3", "unclosed-div": "one.qmd:3", "undefined-footnote": "one.qmd:3",
    "unknown-cell-option": "one.qmd:4", "unknown-citation": "one.qmd:3", "unknown-front-matter-key": "one.qmd:3",
    "unknown-quarto-yml-key": "_quarto.yml:6", "unknown-shortcode": "one.qmd:3", "unknown-var": "one.qmd:3",
    "unresolved-xref": "one.qmd:3", "xref-heading-unnumbered": "one.qmd:5", "xref-id-without-prefix": "one.qmd:7",
    "xref-unnumbered-chapter": "one.qmd:3",
}  # fmt: skip


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared books are not beside this checkout")
def test_every_broken_shared_book_is_known():
    assert {path.name for path in (SHARED / "bad").iterdir() if path.is_dir()} == set(SHARED_FAULTS)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared books are not beside this checkout")
@pytest.mark.parametrize("name", SHARED_FAULTS)
def test_a_broken_shared_book_is_refused_at_the_right_line_and_leaves_the_last_site(name, tmp_path):
    root = shutil.copytree(SHARED / "bad" / name, tmp_path / "book")
    (root / "site").mkdir()
    (root / "site" / "index.html").write_text(LAST)
    assert any(line.startswith(SHARED_FAULTS[name]) for line in refusal(root))
    assert files_of(root / "site") == {"index.html": LAST.encode()}


# --- the output: all or nothing, and always the same


def test_two_builds_in_different_folders_are_byte_identical(harbour, tmp_path):
    book = shutil.copytree(BOOKS / "harbour", tmp_path / "an other place" / "book")
    assert files_of(build(book, tmp_path / "site").output) == files_of(harbour)


def test_jupyter_kernels_give_the_same_site_as_forked_processes(harbour, tmp_path):
    book = shutil.copytree(BOOKS / "harbour", tmp_path / "book")
    assert files_of(build(book, backend="jupyter").output) == files_of(harbour)


# --- the page


def test_pages_have_no_scripts_and_ask_no_other_host_for_anything(harbour):
    for path in harbour.rglob("*.html"):
        tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
        assert tree.css("script") == []
        for node in tree.css("link[href], img[src]"):
            assert not re.match(r"[a-z]+:|//", node.attributes.get("href") or node.attributes.get("src"))
    assert "url(" not in (harbour / "site_libs" / "base.css").read_text()


def test_every_page_has_its_tags_its_place_in_the_sidebar_and_unique_ids(harbour):
    for path in harbour.rglob("*.html"):
        tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
        assert tree.css_first("html").attributes["lang"] == "en"
        assert tree.css_first("meta[name=description]").attributes["content"]
        assert len(tree.css("#quarto-sidebar a.active[aria-current=page]")) == 1
        assert len(tree.css("h1.title")) == 1 and tree.css_first(".skip-link").attributes["href"] == "#" + tree.css_first("main").id
        ids = [node.id for node in tree.css("[id]")]
        assert len(ids) == len(set(ids))


def test_the_books_own_style_follows_the_renderers_own(harbour):
    tree = LexborHTMLParser((harbour / "text" / "tides.html").read_text(encoding="utf-8"))
    assert [node.attributes["href"] for node in tree.css("link[rel=stylesheet]")] == ["../site_libs/base.css", "../harbour.css"]


def test_the_books_own_html_styles_and_resources_go_along(book):
    root = book()
    (root / "text").mkdir()
    (root / "two.qmd").rename(root / "text" / "two.qmd")
    (root / "own").mkdir()
    (root / "own" / "own.css").write_text("p { background: url('paper.svg') } /* url(none.svg) */")
    (root / "own" / "paper.svg").write_text(SVG)
    (root / "own" / "own.js").write_text("1")
    (root / "foot.html").write_text('<p><a href="/one.qmd">One</a></p>')
    (root / "data.csv").write_text("a\n")
    (root / "_quarto.yml").write_text(QUARTO.replace("two.qmd", "text/two.qmd").replace("output-dir: site", "output-dir: site\n  resources: '*.csv'") + """\
format:
  html:
    css: own/own.css
    include-in-header:
      - text: '<script src="/own/own.js" defer></script>'
    include-after-body: foot.html
""")
    build(root)
    made = files_of(root / "site")
    assert {"own/own.css", "own/paper.svg", "own/own.js", "data.csv"} <= set(made) and "foot.html" not in made
    assert b'<script src="../own/own.js" defer>' in made["text/two.html"] and b'<a href="../one.html">One</a>' in made["text/two.html"]
    (root / "own" / "own.js").unlink()
    assert refusal(root) == ["_quarto.yml:15: there is no file own/own.js; mend its name (relative to the page), or add it"]


def test_the_search_index_has_an_entry_for_each_page_and_section(harbour):
    entries = json.loads((harbour / "search.json").read_text(encoding="utf-8"))
    found = {entry["href"]: entry for entry in entries}
    assert len(found) == len(entries)
    quays = found["text/boats.html#sec-quays"]
    assert quays["title"] == "2\u00a0 Boats, counted" and quays["section"] == "2.1 Quays: 3 in all"
    assert quays["crumbs"][0] == "On the Water" and "chapter-number" in quays["crumbs"][1]
    assert "Counted, of 22" in quays["text"] and found["text/boats.html"]["section"] == ""
    assert "text/tides.html#fn1" in found  # a heading of this page has the id “footnotes”


def test_the_command_says_what_it_made_and_fails_with_every_fault(book):
    root = book(one=CHAPTER + "![c](a.svg){#fig-a}\n")
    done = subprocess.run([sys.executable, "-m", "surveybook", "render", root], capture_output=True, text=True)
    assert done.returncode == 0 and re.fullmatch(r"3 pages, 1 figures, 0 tables in [\d.]+ s: .*index\.html\n", done.stdout)
    assert done.stderr == "making pages\n", "no page has a cell"
    quiet = {**os.environ, "QUIET": "1"}
    done = subprocess.run([sys.executable, "-m", "surveybook", "render", root], env=quiet, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    (root / "one.qmd").write_text("# One\n\n@fig-a @fig-b\n")
    done = subprocess.run([sys.executable, "-m", "surveybook", "render", root], capture_output=True, text=True)
    assert done.returncode == 1 and "2 problems; nothing was written" in done.stderr and "Traceback" not in done.stderr


# --- laws


@given(st.text(alphabet="#= \n`~{}.-ab{#x}", max_size=60))
def test_any_text_has_headings_in_their_order_or_none(text):
    end = 0
    for heading in read_headings(text):
        assert 0 <= end <= heading.start < heading.start + heading.size <= len(text.split("\n"))
        assert heading.text in text and all(word in text for word in heading.attributes)
        end = heading.start + heading.size


@given(st.lists(st.integers(1, 6), max_size=30))
def test_a_tree_made_of_depths_keeps_their_order(depths):
    def flat(items):
        for item in items:
            yield item["depth"]
            assert all(child["depth"] > item["depth"] for child in item["items"])
            yield from flat(item["items"])

    assert list(flat(nest([{"depth": depth} for depth in depths]))) == depths


@given(*[st.lists(st.sampled_from(["a", "b", "ö x"]), min_size=1, max_size=4)] * 2)
def test_a_relative_address_leads_to_its_target(page, target):
    here, there = "/".join([*page, "p.html"]), "/".join([*target, "t.html"])
    assert os.path.normpath(os.path.join(os.path.dirname(here), relative(here, there))) == there
