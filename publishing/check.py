"""Is a built site sound? Links, ids, names, headings, requests: the same rules whichever builder made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from selectolax.lexbor import LexborNode

from publishing import addresses
from publishing.pages import HEADINGS, Page, ancestors, read

LABELS = ("fig-", "tbl-", "sec-", "eq-")
# Ids that Quarto itself may give twice: not a fault of the book.
QUARTO_IDS = ("quarto-", "toc-", "footnotes")
# Analysis marks the tables it makes with this, so that Quarto leaves them as they are.
OWN_TABLE = "table[data-quarto-disable-processing]"

# A rule's answer for one fault of a page: where, what, what to do.
Fault = tuple[str, str, str]
Rule = Callable[[Page], Iterator[Fault]]


@dataclass(frozen=True, order=True)
class Finding:
    """One fault of a page: `place` is the nearest id and the element."""

    page: str
    place: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.page}: {self.place}: {self.what}; {self.remedy}"


def check(site: Path) -> list[Finding]:
    """All faults of the site, sorted by page."""
    pages = {page.name: page for page in read(site)}
    if "index.html" not in pages:
        return [Finding("index.html", "the page", "it is not there", "build the site first (make site)")]
    found = {Finding(page.name, *fault) for page in pages.values() for rule in RULES for fault in rule(page)}
    found |= set(not_text(site))
    return sorted(found | set(dead_or_remote(site, pages)) | set(labels_on_two_pages(list(pages.values()))))


def not_text(site: Path) -> Iterator[Finding]:
    """Pages and style sheets that browsers would read wrongly."""
    for path in sorted([*site.rglob("*.html"), *site.rglob("*.css")]):
        try:
            path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            name = path.relative_to(site).as_posix()
            yield Finding(name, "the file", "it is not UTF-8 text", "save it with the encoding UTF-8")


def dead_or_remote(site: Path, pages: dict[str, Page]) -> Iterator[Finding]:
    """Links and fragments that lead nowhere, and anything that is fetched from another host."""
    for page in pages.values():
        for address in addresses.of_page(page):
            wrong = addresses.fault(address, page.name, site, pages)
            if wrong and not home_of_quarto(address):
                yield Finding(page.name, place(address.node), *wrong)
    for sheet in sorted(site.rglob("*.css")):
        name = sheet.relative_to(site).as_posix()
        for written in addresses.of_css(sheet.read_text(encoding="utf-8", errors="replace")):
            if wrong := addresses.fault(addresses.Address(written, None, fetched=True), name, site, pages):
                yield Finding(name, "url()", *wrong)


def home_of_quarto(address: addresses.Address) -> bool:
    """Quarto's navigation leads home by the folder's name (`../`)."""
    return set(address.written) <= set("./") and not any(box.tag == "main" for box in ancestors(address.node))


def labels_on_two_pages(pages: list[Page]) -> Iterator[Finding]:
    """A label names one thing in the whole book; Quarto silently lets the last one win."""
    first: dict[str, str] = {}
    for page in pages:
        moved = {node.attributes["id"] for node in page.tree.css("a.moved[id]")}  # keeps an old address alive
        for name in sorted({name for name in page.ids if name.startswith(LABELS)} - moved):
            holder = first.setdefault(name, page.name)
            if holder != page.name:
                yield Finding(page.name, f"#{name}", f"{holder} has this label too", "rename one of them")


def title_and_language(page: Page) -> Iterator[Fault]:
    title = page.tree.css_first("head > title")
    if title is None or not title.text().strip():
        yield "<head>", "the page has no title", "give the chapter a title"
    if not (page.tree.css_first("html").attributes.get("lang") or "").strip():
        yield "<html>", "the page does not say its language", "set lang in _quarto.yml"


def duplicate_ids(page: Page) -> Iterator[Fault]:
    for name, times in Counter(page.ids).items():
        if times > 1 and not name.startswith(QUARTO_IDS):
            yield f"#{name}", f"{times} elements have this id", "rename all but one"


def pictures_without_name(page: Page) -> Iterator[Fault]:
    for image in page.tree.css("img"):
        if "alt" not in image.attributes:
            yield place(image), "the image has no alternative text", "write one (fig-alt for a figure)"
    for drawing in page.tree.css("svg[role=img]"):
        if not name_of(drawing, page):
            yield place(drawing), "the drawing has no accessible name", "give it an aria-label or a title"


def one_h1(page: Page) -> Iterator[Fault]:
    """The index may have two, as Quarto makes it: the book's title in a header, and its own heading."""
    top = page.content.css("h1")
    in_header = any(box.tag == "header" for node in top for box in ancestors(node))
    if not top:
        yield "<main>", "the page has no h1", "start it with a # heading or a title"
    elif len(top) > (2 if page.name == "index.html" and in_header else 1):
        yield place(top[-1]), f"the page has {len(top)} h1 headings", "keep one # heading"


def skipped_levels(page: Page) -> Iterator[Fault]:
    headings = [node for node in page.content.traverse() if node.tag in HEADINGS]
    for before, after in zip(headings, headings[1:], strict=False):
        if int(after.tag[1]) > int(before.tag[1]) + 1:
            yield place(after), f"an {after.tag} follows an {before.tag}", "use the next level, skip none"


def tables_without_scope(page: Page) -> Iterator[Fault]:
    """Only tables that analysis makes; those written in Markdown are as Pandoc makes them."""
    for table in page.tree.css(OWN_TABLE):
        heads = table.css("th")
        bare = sum(not cell.attributes.get("scope") for cell in heads)
        if not heads:
            yield place(table), "the table has no header cells", "use th for the first row and column"
        if bare:
            yield place(table), f"header cells without scope ({bare})", "give each th scope=col or scope=row"


def links_to_nothing(page: Page) -> Iterator[Fault]:
    for link in page.content.css("a[href]"):
        mine = link.attributes
        if mine.get("aria-hidden") == "true" or "role" in mine:  # Quarto's line anchors, tabs and toggles
            continue
        if (mine["href"] or "").strip() in ("", "#"):
            yield place(link), "the link leads nowhere", "give it an address"
        pictures = [image.attributes.get("alt") for image in link.css("img")]
        drawings = [name_of(drawing, page) for drawing in link.css("svg")]
        names = [link.text(), mine.get("aria-label"), mine.get("title"), *pictures, *drawings]
        if not any((name or "").strip() for name in names):
            yield place(link), "the link has no text", "say where it leads"


def unresolved(page: Page) -> Iterator[Fault]:
    """What Quarto only warns of: a cross-reference or a citation whose target does not exist."""
    for node in page.tree.css(".quarto-unresolved-ref"):
        yield place(node), f"the cross-reference {node.text()} has no target", "correct the label"
    for node in page.content.css(".citation strong"):
        if node.text().endswith("?"):
            yield place(node), f"{node.text()[:-1]} is cited but unknown", "add it to references.bib"


RULES: tuple[Rule, ...] = (
    title_and_language,
    duplicate_ids,
    pictures_without_name,
    one_h1,
    skipped_levels,
    tables_without_scope,
    links_to_nothing,
    unresolved,
)


def name_of(drawing: LexborNode, page: Page) -> str:
    """The accessible name of an SVG: its label, the elements that label it, or its title."""
    if label := (drawing.attributes.get("aria-label") or "").strip():
        return label
    labelled = (drawing.attributes.get("aria-labelledby") or "").split()
    named = [node.text() for node in page.tree.css("[id]") if labelled and node.attributes["id"] in labelled]
    title = [node.text() for node in drawing.css("title") if node.parent == drawing]
    return " ".join([*named, *title]).strip()


def place(node: LexborNode) -> str:
    """Where an element stands, as it can be found in the page's source: `#sec-x <img src='a.png'>`."""
    near = next((box.attributes["id"] for box in ancestors(node) if box.attributes.get("id")), None)
    shown = {name: node.attributes.get(name) for name in ("src", "href", "class", "role")}
    tag = f"<{' '.join([node.tag, *(f'{name}={value!r}' for name, value in shown.items() if value)])}>"
    tag = tag if len(tag) <= 80 else f"{tag[:77]}...>"
    return f"#{near} {tag}" if near else tag
