"""How does a reader cite a part of the report?  A link beside each heading and caption, files, and a page of them all.

The link leads to its entry on the page of citations; theme/cite.js makes it open a dialog, from the data block that
stands at the end of each page. A book without CITATION.cff has nothing to cite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from selectolax.lexbor import LexborNode

from surveybook.markup import script_text
from surveybook.publish.citing.formats import FORMATS, SUFFIXES, Citation, all_formats, csl, entry, sentence
from surveybook.publish.pages.frame import framed, link_in_sidebar
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.encoding import json_text
from surveybook.publish.site.page import Page, element
from surveybook.publish.site.parts import Part
from surveybook.publish.site.report import Report

CITE = "cite.html"
WORDS = "Cite"


@dataclass(frozen=True)
class Cited:
    """A part, its citation, the citation in every format, and a sentence with its number if it is a figure or table."""

    part: Part
    entry: Citation
    formats: dict[str, str]
    sentence: str

    @property
    def anchor(self) -> str:
        """Its id on the page of citations."""
        return f"cite-{self.part.label or self.part.page.removesuffix('.html').replace('/', '-')}"


# The links are no text of the report: what is made of its text needs them not to be there yet
# and nothing that it adds to pages belongs to another one in the same frame
@step(needs=[Trait.INDEX, Trait.TWINS, Trait.ADDRESSES, Trait.VERIFICATION], adds=[Trait.CITATIONS])
def cite(edition: Edition) -> None:
    """Put a link beside everything that can be cited; add the page of citations, and the files beside each page."""
    report = edition.report
    if report is None:
        return
    listed = [(page, cited(report, page, edition.parts[page.name])) for page in edition.book]
    framed(edition, CITE, WORDS, body(report, listed), "Cite the report, or a part of it")
    for page, found in listed:
        for one in found:
            put_beside(one.part.node, link(page, one))
        if found:
            page.tree.body.insert_child(element(block(found)))
            edition.files.update(files(page, found))
    link_in_sidebar(edition, CITE, WORDS)


def cited(report: Report, page: Page, parts: Sequence[Part]) -> list[Cited]:
    """The parts of a page with their citations."""
    entries = [(part, entry(report, part, page.language)) for part in parts]
    return [Cited(part, one, all_formats(one), sentence(report, part)) for part, one in entries]


def link(page: Page, one: Cited) -> str:
    """The link beside a part. Its name starts with what is seen of it, and tells which part it is about."""
    name = "Cite the report" if one.part.kind == "report" else f"Cite {one.part.name}"
    return (f'<a class="cite-link" href="{page.leads_to(CITE, one.anchor)}" aria-label="{escape(name)}">{WORDS}</a>')


def put_beside(node: LexborNode, control: str) -> None:
    """Put a link beside a heading, in one row with it but not inside it; or after a caption."""
    if node.tag in ("figcaption", "caption"):
        (node if node.tag == "figcaption" else node.parent).insert_after(element(control))
    else:
        node.insert_before(element(f'<div class="cite-row">{control}</div>'))
        node.prev.first_child.insert_before(node, move=True)


def block(found: list[Cited]) -> str:
    """What the dialog shows: JSON in which no character can end the script element."""
    content = {
        one.anchor: {**one.formats, "address": one.entry.address, "place": f"#{quote(one.part.label)}",
                     **({"sentence": one.sentence} if one.sentence else {})} for one in found
    }
    return f'<script type="application/json" id="report-citations">{script_text(content, sort_keys=True)}</script>'


def files(page: Page, found: list[Cited]) -> dict[str, bytes]:
    """All citations of a page, a file for each format."""
    together = {
        "bibtex": "\n".join(one.formats["bibtex"] for one in found),
        "ris": "\r\n".join(one.formats["ris"] for one in found),
        "csl": json_text([csl(one.entry) for one in found], " ") + "\n",
    }
    return {beside(page, name): content.encode() for name, content in together.items()}


def beside(page: Page, name: str) -> str:
    """The file of a format beside a page; `.csl.json`, as other files of a page are JSON too."""
    return page.name.removesuffix(".html") + SUFFIXES[name]


def body(report: Report, listed: list[tuple[Page, list[Cited]]]) -> str:
    """The page of citations, in the order of the book."""
    return "".join([
        f"<p>Every chapter, section, figure and table of the report has an address that stays, and a citation. "
        f"This is version {escape(report.version)} of the report.</p>",
        "" if report.url else "<p>The report has no permanent place on the web yet, so the addresses here start at the "
                              "folder of the site.</p>",
        *(chapter(page, found) for page, found in listed if found),
    ])


def chapter(page: Page, found: list[Cited]) -> str:
    """The citations of one page, folded: an address, a search in the page, and print open what they lead to."""
    links = ", ".join(f'<a href="{escape(beside(page, name))}" download>{FORMATS[name]}</a>' for name in SUFFIXES)
    title = found[0].part.title if found[0].part.kind == "report" else " ".join(
        filter(None, (found[0].part.number and f"{found[0].part.number}:", found[0].part.title)))
    return (f'<details class="citations"><summary><h2>{escape(title)}</h2></summary>'
            f"<p>All citations of this page as files: {links}.</p>" + "".join(map(item, found)) + "</details>")


def item(one: Cited) -> str:
    """One citation in all formats."""
    part = one.part
    place = f"{part.page}#{part.label}" if part.label else part.page
    title = f"{part.number}: {part.title}" if part.number else part.title
    shown = "".join(f"<dt>{FORMATS[name]}</dt><dd><pre>{escape(one.formats[name])}</pre></dd>" for name in SUFFIXES)
    return (f'<section id="{escape(one.anchor)}" class="citation-entry">'
            f'<h3><a href="{escape(place)}">{escape(title)}</a></h3><p>{escape(one.formats["text"])}</p>'
            + (f"<p>In a sentence: {escape(one.sentence)}</p>" if one.sentence else "") +
            f"<details><summary>Other formats</summary><dl>{shown}</dl></details></section>")
