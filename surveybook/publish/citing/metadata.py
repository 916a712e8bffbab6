"""What does a page tell programs about itself?  Reference managers, search engines, and whoever shows a link to it.

Highwire tags as Google Scholar and Zotero read them, JSON-LD (schema.org), Dublin Core, Open Graph, and the links of
signposting (https://signposting.org). What needs an absolute address is left out while the report has none.
"""

from __future__ import annotations

import posixpath
import re
from html import escape

from surveybook.publish.citing.formats import SUFFIXES, TYPES, entry
from surveybook.publish.citing.linked_data import SPDX, article, put
from surveybook.publish.citing.links import beside
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.encoding import MEDIA_TYPES
from surveybook.publish.site.marks import describe_extent
from surveybook.publish.site.page import Page, append
from surveybook.publish.site.parts import Part
from surveybook.publish.site.report import Report
from surveybook.publish.site.text import own_words

# What builders write of this themselves; Quarto's title of a chapter holds its markup.
REPLACED = ('meta[name^="citation_"], meta[property^="og:"], meta[name^="twitter:"], meta[name^="dcterms."], '
            'meta[name^="DC."], link[rel=canonical]')
LONGEST = 300  # characters of a description: a question and its answer, as a rule
OPENING = "p:not(.simulated-page, .subtitle, .author, .date)"
SENTENCE = re.compile(r"(?<=[.?!]) (?=[A-Z])")

Tags = list[tuple[str, dict[str, str]]]


# Needs what a page is about (labels, terms), where it stands, and the files that belong to it
@step(needs=[Trait.LABELS, Trait.TERMS, Trait.ADDRESSES, Trait.COMPANIONS, Trait.STUDIES, Trait.CITATIONS, Trait.TWINS],
      adds=[Trait.DESCRIPTIONS])
def describe(edition: Edition) -> None:
    """Write the head of every page of the book."""
    report = edition.report
    if report is None:
        return
    for page in edition.pages.values():
        for node in page.tree.css(REPLACED):
            node.decompose()
    for page in edition.book:
        part = next(iter(edition.parts[page.name]), None)
        if part is not None:
            add(page, tags(report, page, part))
            found = downloads(edition, page)
            add(page, [*picture(report, found), *signposts(edition, report, page, found)])
            put(page, article(report, page, part))
    for page in edition.pages.values():
        add(page, summary(page, report.title))
        if report.url and page.made:
            moved = page.tree.css_first("a.moved-page")
            add(page, [canonical(report, page.resolve(moved.attributes["href"] or "") if moved else page.name)])


def tags(report: Report, page: Page, part: Part) -> Tags:
    """What the page is: a chapter of the report, or the report itself."""
    language = page.language
    one = entry(report, part, language)
    day, address = f"{report.date:%Y/%m/%d}", report.address(page.name) if report.url else ""
    names = [author.full for author in report.authors]
    pairs = [
        ("citation_title", one.title),
        # Zotero takes the last word of a name without a comma for a family name; with one at its end it stays whole
        *(("citation_author", author.inverted + ("," if author.name else "")) for author in report.authors),
        ("citation_publication_date", day),
        # Zotero takes a chapter of a book by the first, Google Scholar by the second; a report by the institution
        *([("citation_book_title", one.container), ("citation_inbook_title", one.container)] if one.container else
          [("citation_technical_report_institution", names[0])]),
        ("citation_public_url", address), ("citation_doi", one.doi), ("citation_language", language),
        ("DC.title", one.title), *(("DC.creator", name) for name in names), ("DC.date", report.date.isoformat()),
        ("DC.type", "BookItem" if one.container else "Report"), ("DC.identifier", address), ("DC.language", language),
        ("DC.rights", report.licence), ("DCTERMS.isPartOf", one.container),
    ]
    found: Tags = [("link", {"rel": "schema.DC", "href": "http://purl.org/dc/elements/1.1/"}),
                   ("link", {"rel": "schema.DCTERMS", "href": "http://purl.org/dc/terms/"})]
    found += [("meta", {"name": name, "content": value}) for name, value in pairs if value]
    # never “website” or “book”: Zotero would believe it more than all of the above
    graph = {"og:title": one.title, "og:type": "article", "og:url": address, "og:site_name": one.container}
    found += [("meta", {"property": name, "content": value}) for name, value in graph.items() if value]
    return [*found, canonical(report, page.name)] if report.url else found


def summary(page: Page, book: str) -> Tags:
    """What the page is about, once for search engines and once for who shows a link to it."""
    text = description(page, book)
    found: Tags = [("meta", {"property": "og:description", "content": text})]
    written = page.tree.css_first("meta[name=description]") is not None
    return found if written else [("meta", {"name": "description", "content": text}), *found]


def description(page: Page, book: str) -> str:
    """The author's description of a page, or as many of its first sentences as are short enough, at least one; of a
    page without sentences, its title. Simulated values in them are called so.

    A chapter opens with its question and its answer.
    """
    written = page.tree.css_first("meta[name=description]")
    if written is not None:
        return written.attributes.get("content") or ""
    said, text = answer(page)
    if not text:
        return f"{page.title}: a page of “{book}”."
    return f"{said[:1].upper()}{said[1:]}. {text}" if said else text


def answer(page: Page) -> tuple[str, str]:
    """What must be said of simulated values in the first paragraph of a page, and as many of its first sentences as are
    short enough with that, at least one; two empty texts for a page without sentences."""
    opening = page.content.css_first(OPENING)
    first, *others = SENTENCE.split(own_words(opening)) if opening is not None else [""]
    if opening is None or not first:
        return "", ""
    said = describe_extent(opening)
    text = first
    for sentence in others:
        if len(text) + len(sentence) + len(said) > LONGEST:
            break
        text = f"{text} {sentence}"
    return said, text


def canonical(report: Report, name: str) -> tuple[str, dict[str, str]]:
    return "link", {"rel": "canonical", "href": report.address(name)}


def picture(report: Report, downloads: list[str]) -> Tags:
    """The first picture of a page that can be taken along, for those who show a link to the page."""
    found = next((name for name in downloads if name.endswith(".png")), None)
    return [("meta", {"property": "og:image", "content": report.address(found)})] if found and report.url else []


def signposts(edition: Edition, report: Report, page: Page, downloads: list[str]) -> Tags:
    """Where a program finds what belongs to a page: how to cite it, its records, its licence, its files, the whole."""
    absolute = report.address(page.name) if report.url else ""
    cite_as = f"https://doi.org/{report.doi}" if report.doi and page.name == "index.html" else absolute
    found = [("link", {"rel": "cite-as", "href": cite_as})] if cite_as else []
    found += [("link", {"rel": "describedby", "href": page.leads_to(beside(page, name)), "type": TYPES[name]})
              for name in SUFFIXES if beside(page, name) in edition.files]
    found += [("link", {"rel": "license", "href": SPDX + report.licence})] if " " not in report.licence else []
    for name in downloads:
        kind = MEDIA_TYPES.get(posixpath.splitext(name)[1], "application/octet-stream")
        found.append(("link", {"rel": "item", "href": page.leads_to(name), "type": kind}))
    if page.name != "index.html":
        found.append(("link", {"rel": "collection", "href": page.leads_to("index.html"), "type": "text/html"}))
    return found


def downloads(edition: Edition, page: Page) -> list[str]:
    """The files that earlier steps made and that the text of a page links to."""
    linked = (page.resolve(link.attributes["href"] or "") for link in page.content.css("a[href]"))
    return [name for name in dict.fromkeys(linked) if name in edition.files]


def add(page: Page, tags: Tags) -> None:
    def written(attributes: dict[str, str]) -> str:
        return " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())

    append(page.tree.head, "".join(f"<{tag} {written(attributes)}>" for tag, attributes in tags))
