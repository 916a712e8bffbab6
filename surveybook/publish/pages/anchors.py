"""Do all addresses that were ever published still lead somewhere?  anchors.lock lists them, aliases.yaml saves them.

A build in which one is missing fails. What has another name or page now keeps its old address by an alias: an empty
element with the old id, a note on the page where it stood, or a page in the place of the old one. An id stands for one
thing in the whole book, so what only moved to another page needs no alias.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from surveybook.boundary import Beyond, Missing, check_path, read_text
from surveybook.errors import Refusal
from surveybook.publish.pages.frame import framed
from surveybook.publish.site.declaration import read_declaration
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import Page, element, read_pages

LOCK, ALIASES = "anchors.lock", "aliases.yaml"
KINDS = {"sec-": "section", "fig-": "figure", "tbl-": "table", "eq-": "equation", "nte-": "note", "tip-": "note",
         "wrn-": "note", "imp-": "note", "cau-": "note"}
HEAD = "# Every address that was published, and what it is. `make anchors` adds new ones; none is ever taken out.\n"

Place = tuple[str, str]  # a page and an id, empty for the page itself


@dataclass(frozen=True)
class PublishedPlace:
    """A published place: its page, its id (empty for the page itself), and its line in the lock file."""

    page: str
    label: str
    line: int

    def __str__(self) -> str:
        return f"{self.page}#{self.label}" if self.label else self.page


@step(needs=[Trait.INDEX, Trait.LABELS], adds=[Trait.ADDRESSES])
def keep(edition: Edition) -> None:
    """Make every published address lead somewhere. Raises Refusal for those that do not."""
    book = {page.name: page for page in edition.book}
    listed = {name for page in book.values() for name in page.outline}  # Quarto may not have made all of them yet
    published = [one for one in locked(edition.root) if one.page in book or one.page not in listed]
    here = {name: labels(page) for name, page in book.items()}
    lost = [one for one in published if one.page not in book or one.label and one.label not in here[one.page]]
    places = {label: name for name in book for label in here[name]}
    aliases = read_aliases(edition.root, published, {*book, *places})
    found = {one: target(one, aliases, places, book) for one in lost}
    if faults := [fault(one) for one, place in found.items() if place is None]:
        raise Refusal("\n".join(faults))
    for name in sorted({one.page for one in found}):
        gone = {one.label: place for one, place in found.items() if one.page == name and place}
        put_on(edition, book[name], gone) if name in book else redirect(edition, name, gone)


def target(one: PublishedPlace, aliases: dict[str, str], places: dict[str, str], book: dict[str, Page]) -> Place | None:
    """Page and id that stand for a lost address now; None if nothing does."""
    name = one.label or one.page
    for _ in aliases:  # an alias may lead to another one
        name = aliases.get(name, name)
    if one.label:
        return (places[name], name) if name in places else None
    return (name, "") if name in book else None


def put_on(edition: Edition, page: Page, here: dict[str, Place]) -> None:
    """Keep old ids on the page where they stood."""
    for label, (name, new) in here.items():
        if name == page.name:
            mark = element(f'<span id="{escape(label)}" class="alias"></span>')
            page.tree.css_first(f'[id="{new}"]').insert_before(mark)
    if moved := {label: place for label, place in here.items() if place[0] != page.name}:
        page.content.insert_child(element(notes(edition, page, moved)))


def redirect(edition: Edition, name: str, here: dict[str, Place]) -> None:
    """Put a page in the place of one that has another name now. A script goes on at once; without, links lead on."""
    new, _ = here.pop("", None) or next(iter(here.values()))
    title = edition.parts[new][0].title
    page = framed(edition, name, "This page has moved", "")
    page.tree.head.insert_child(element('<meta name="robots" content="noindex">'))
    page.content.insert_child(element(
        f'<p>It is now <a class="moved-page" href="{escape(page.leads_to(new))}">{escape(title)}</a>.</p>'))
    if here:
        page.content.insert_child(element(notes(edition, page, here)))


def notes(edition: Edition, page: Page, moved: dict[str, Place]) -> str:
    """A link for each id that is on another page now."""
    names = {part.label: part.name for name in {name for name, _ in moved.values()} for part in edition.parts[name]}
    links = "".join(
        f'<li><a id="{escape(label)}" class="moved" href="{escape(page.leads_to(name, new))}">'
        f"{escape(names.get(new, new))}</a></li>" for label, (name, new) in moved.items())
    return f'<section class="moved-parts"><p>What stood here is now on another page:</p><ul>{links}</ul></section>'


def labels(page: Page) -> dict[str, str]:
    """The published ids of a page with their kinds; not those that only lead on."""
    named = {node.id or "" for node in page.content.css("[id]:not(.alias):not(.moved)")}
    return {label: kind for label in sorted(named) for prefix, kind in KINDS.items() if label.startswith(prefix)}


def locked(root: Path) -> Iterator[PublishedPlace]:
    """The published addresses; none where there is no lock file. Raises Refusal for one that no page can have, and for
    what is no plain file in its place, without which nothing that was published would be missed."""
    for number, entry in enumerate(_read(root, LOCK).splitlines(), 1):
        if entry.strip() and not entry.startswith("#"):
            page, _, label = entry.split()[0].partition("#")
            try:
                whole = check_path(page) == page and page.endswith(".html") and not page.startswith(".")
            except Beyond:
                whole = False
            if not whole:
                raise Refusal(f"{LOCK}:{number}: “{page}” is the address of no page of a site; write its path from "
                              "there, such as chapters/one.html")
            yield PublishedPlace(page, label, number)


def _read(root: Path, name: str) -> str:
    try:
        return read_text(root, name)
    except Missing:
        return ""
    except UnicodeDecodeError:
        raise Refusal(f"{name}:1: not UTF-8 text; save it with the encoding UTF-8") from None


def read_aliases(root: Path, published: list[PublishedPlace], live: set[str]) -> dict[str, str]:
    """Old id or page -> new one. `live`: the pages and ids of the book.

    Raises Refusal for those that can do nothing.
    """
    if not _read(root, ALIASES):
        return {}
    document = read_declaration(root / ALIASES)
    said = document.data or {}
    if not isinstance(said, dict) or not all(isinstance(new, str) for new in said.values()):
        raise Refusal(f"{ALIASES}:1: it is not a list of old and new names; write each as `fig-old: fig-new`")
    known = {one.label or one.page for one in published}
    faults = []
    for old in said:
        why = f"{old} is in the book" if old in live else f"{old} was never published" if old not in known else ""
        if why:
            faults.append(document.fault((old,), f"{why}, so it needs no alias; take the line out"))
    if faults:
        raise Refusal("\n".join(faults))
    return said


def fault(one: PublishedPlace) -> str:
    old = one.label or one.page
    new = "NEW-ID" if one.label else "NEW-PAGE"
    return (f"{LOCK}:{one.line}: {one} is gone, and others may have cited it; bring it back, or write what stands "
            f"for it now into {ALIASES}: `{old}: {new}`")


def add(root: Path, site: Path) -> int:
    """Add the addresses of a built site that the lock file does not have yet; how many they were.

    Raises Refusal where there is no site.
    """
    if not (site / "index.html").is_file():
        raise Refusal(f"{site} holds no site; build it first (make site)")
    path, before = root / LOCK, _read(root, LOCK).splitlines()
    entries = {entry for entry in before if entry.strip() and not entry.startswith("#")}
    known = {entry.split()[0] for entry in entries}
    new = {entry for entry in of_site(site) if entry.split()[0] not in known}
    path.write_text(HEAD + "".join(f"{entry}\n" for entry in sorted(entries | new)), encoding="utf-8")
    return len(new)


def of_site(site: Path) -> Iterator[str]:
    """Every address of a built site with its kind, as a line of the lock file."""
    for page in read_pages(site):
        if page.tree.css_first("main") and not page.made:
            yield f"{page.name} page"
            yield from (f"{page.name}#{label} {kind}" for label, kind in labels(page).items())
