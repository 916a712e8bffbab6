"""What the index of the search holds: an entry a section, with its synonyms and what it must say of its values."""

from __future__ import annotations

import json
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from surveybook.publish.pages.search import INDEX, add_search, entries_of, synonyms_of
from surveybook.publish.site.edition import Edition
from surveybook.publish.site.page import Page

REAL = '<span class="finding">4</span>'
SIMULATED = '<span class="finding simulated" data-label="Simulated data">4</span>'
BOOK = """<nav id="quarto-sidebar"><p>Chapters</p></nav><main><h1>1 Peat</h1><p>Before.</p>
<section id="sec-bog" class="level2" data-synonyms="mire,  fen , ">
<h2 data-synonyms="mire,  fen , ">1.1 Bogs</h2><p>Wet {bog}.</p>
<section id="sec-term-moss" class="level3" data-synonyms="sphagnum"><h3>Moss</h3><p>Green {moss}.</p></section>
</section>
<section id="sec-end" class="level2"><h2>1.2 End</h2>
<p>A <span data-synonyms="spade, shovel">tool</span>.</p></section></main>"""


def page(bog: str = REAL, moss: str = REAL) -> Page:
    return Page("chapters/peat.html", LexborHTMLParser(BOOK.format(bog=bog, moss=moss)))


def test_an_entry_holds_where_its_section_stands_its_synonyms_and_its_own_text():
    whole, bog, moss, end = entries_of(page())
    assert whole["href"] == "chapters/peat.html" and whole["text"] == "1 Peat Before."
    assert (bog["section"], bog["within"], bog["synonyms"]) == ("1.1 Bogs", "", "mire, fen")
    assert (moss["title"], moss["within"], moss["section"]) == ("1 Peat", "1.1 Bogs", "Moss")
    assert moss["synonyms"] == "sphagnum" and "Green" in moss["text"] and "Green" not in bog["text"]
    assert end["synonyms"] == ""


def test_the_words_of_tables_and_of_lists_of_works_are_kept_apart():
    """They tell of many things, so they count for less."""
    cells = "<table><tbody><tr><td>Sedge</td></tr></tbody></table><div id='refs'>Kelley 1999</div>"
    moss = next(entry for entry in entries_of(page(moss=REAL + cells)) if entry["section"] == "Moss")
    assert moss["cells"] == "Sedge Kelley 1999" and "Sedge" not in moss["text"] and "Green" in moss["text"]


def test_a_term_and_words_in_a_sentence_have_synonyms_everywhere_and_another_heading_for_itself():
    assert synonyms_of(page()) == [["Moss", "sphagnum"], ["tool", "spade", "shovel"]]


def test_a_section_says_of_its_own_values_that_they_are_simulated_and_each_one_of_a_page_with_no_others():
    assert [entry["label"] for entry in entries_of(page())] == [""] * 4
    assert [entry["label"] for entry in entries_of(page(moss=SIMULATED))] == ["Simulated data", "", "Simulated data",
                                                                            ""]
    assert {entry["label"] for entry in entries_of(page(SIMULATED, SIMULATED))} == {"Simulated data"}


def test_the_index_is_one_script_for_all_pages():
    edition = Edition(Path(), Path(), {"chapters/peat.html": page()})
    add_search(edition)
    content = edition.files[INDEX].decode().removeprefix("window.reportSearchIndex = ").rstrip(";\n")
    assert json.loads(content) == {"entries": entries_of(page()), "synonyms": synonyms_of(page())}
    box = edition.pages["chapters/peat.html"].tree.css_first("#quarto-sidebar > .report-search")
    assert box.attributes["data-root"] == "../"
