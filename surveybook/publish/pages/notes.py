"""Where does a link lead, on paper?  Each link to another host gets a number, and the page a list of the addresses.

Chromium makes no footnotes, so the list stands at the end of the text. The number is an attribute, and the list is
hidden: theme/report.css shows both on paper alone, so whoever reads the page on a screen, or hears it, meets neither.
"""

from __future__ import annotations

from html import escape

from selectolax.lexbor import LexborNode

from surveybook.publish.site.addresses import Address
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import Page, ancestors, element

REFERENCE = "csl-entry"  # the class of an entry of the bibliography, which says where it is found


@step(needs=[Trait.CITATIONS, Trait.TWINS, Trait.COMPANIONS, Trait.DESCRIPTIONS], adds=[Trait.NOTES])
def note_addresses(edition: Edition) -> None:
    """Number the links of each page that leave the site, and put the list at the end of its text."""
    for page in edition.pages.values():
        note(page)


def note(page: Page) -> None:
    """Number the addresses of a page in their order, each once, and list them."""
    numbers: dict[str, int] = {}
    for link in page.tree.css("main a[href]"):
        address = (link.attributes["href"] or "").strip()
        local = ":" not in address and not address.startswith("//")  # most are, and need not be taken apart
        if not local and Address(address, link, fetched=False).remote and not readable(link, address):
            link.attrs["data-note"] = str(numbers.setdefault(address, len(numbers) + 1))
    if numbers:
        items = "".join(f"<li>{escape(address)}</li>" for address in numbers)
        page.content.insert_child(element(
            f'<section class="addresses" role="doc-endnotes" hidden><h2>Addresses</h2><ol>{items}</ol></section>'
        ))


def readable(link: LexborNode, address: str) -> bool:
    """Whether paper tells the address of a link anyway: as its words, by an id that is its last part, or in the
    bibliography."""
    words = link.text().strip()
    if words and any(letter.isdigit() for letter in words) and address.rpartition("/")[2] == words:
        return True
    cited = any(REFERENCE in (box.attributes.get("class") or "").split() for box in ancestors(link))
    return cited or bare(link.text()) == bare(address)


def bare(address: str) -> str:
    """An address without what is often left out where it is to be read."""
    return address.strip().partition("//")[2].rstrip("/") or address.strip().rstrip("/")
