"""The first use of a term on a page leads to its explanation, and nothing else on the page changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from surveybook.publish.pages.glossary import link_terms, terms
from surveybook.publish.site.edition import Edition
from surveybook.publish.site.page import Page, read_pages

GLOSSARY = """<main><h1>Glossary</h1>
<section id="sec-term-model-stealing"><h3>Model stealing</h3><p>Someone copies
a model (Moss 2014).</p></section>
<section id="sec-term-backdoor"><h3>Backdoor</h3><p>A hidden &lt;trigger&gt;, "once".</p></section></main>"""


def linked(text: str, name: str = "chapters/a.html") -> LexborHTMLParser:
    """The page after the step."""
    pages = {"glossary.html": GLOSSARY, name: f"<main><h1>A backdoor</h1>{text}</main>"}
    edition = Edition(Path(), Path(), {name: Page(name, LexborHTMLParser(html)) for name, html in pages.items()})
    link_terms(edition)
    return edition.pages[name].tree


def test_the_first_use_leads_to_the_explanation_and_tells_it():
    tree = linked("<p>Before, model stealing &amp; more. Model stealing again.</p><p>Model stealing.</p>")
    (link,) = tree.css("a.term")
    assert link.attributes["href"] == "../glossary.html#sec-term-model-stealing"
    assert link.attributes["title"] == "Someone copies a model."
    assert tree.css_first("p").text() == "Before, model stealing & more. Model stealing again."


def test_plurals_and_capitals_are_uses_and_parts_of_words_are_none():
    assert [a.text() for a in linked("<p>They fear Backdoors.</p>").css("a.term")] == ["Backdoors"]
    assert not linked("<p>backdoored, a pre-backdoor, mybackdoor</p>").css("a.term")


def test_a_word_of_a_longer_name_is_no_use():
    assert not linked("<p>Restrict Backdoor Loading</p>").css("a.term")
    assert linked("<p>Then. Backdoor detection, or A Model Stealing Tool</p>").css("a.term:nth-of-type(2)")


@pytest.mark.parametrize("text", [
    '<p><a href="x.html">a backdoor</a></p>', "<p><code>backdoor</code></p>",
    '<p><span class="finding" data-from="a.b">backdoor</span></p>', "<table><tr><td><p>backdoor</p></td></tr></table>",
    "<h2>The backdoor</h2>", '<p class="figure-note">backdoor</p>', "<script>var backdoor</script>",
])
def test_what_is_no_plain_sentence_stays_as_it_is(text):
    assert not linked(text).css("a.term")


def test_the_explanation_is_text_whatever_it_holds():
    tree = linked("<p>A backdoor.</p>")
    assert tree.css_first("a.term").attributes["title"] == 'A hidden <trigger>, "once".'
    assert LexborHTMLParser(tree.html).html == tree.html and not tree.css("trigger")


def test_the_report_explains_the_attacks_and_leads_to_them(site):
    edition = Edition(Path(), site, {page.name: page for page in read_pages(site)})
    assert {"Poisoning", "Backdoor", "Evasion", "Model stealing", "Membership inference"} <= set(terms(edition))
    for page in edition.pages.values():
        links = [link.attributes["href"] for link in page.content.css("a.term")]
        assert len(links) == len(set(links)), page.name
    assert any(page.content.css("a.term") for page in edition.pages.values())
