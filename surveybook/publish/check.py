"""Is a built site sound?  The same rules whichever builder made it; those for one page alone are in checks/."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import surveybook
from surveybook.publish.checks import embeds, evidence, p_values, pictures, policy, prose, shares, structure
from surveybook.publish.checks.links import dead_or_remote
from surveybook.publish.checks.respondents import respondents_shown
from surveybook.publish.checks.rule import Rule
from surveybook.publish.checks.weight import too_heavy
from surveybook.publish.checks.withheld import withheld_told
from surveybook.publish.site.page import Page, read_pages
from surveybook.store import Store, version_of

VERSION = version_of(Path(surveybook.__file__).parent, "selectolax")
LABELS = ("fig-", "tbl-", "sec-", "eq-")
RULES: tuple[Rule, ...] = (
    structure.title_and_language,
    structure.duplicate_ids,
    structure.one_h1,
    structure.skipped_levels,
    structure.links_to_nothing,
    structure.unresolved,
    pictures.pictures_without_name,
    pictures.figures_without_text,
    pictures.tables_without_scope,
    policy.policy,
    prose.typed_digits,
    prose.objects_in_words,
    shares.shares_in_words,
    shares.shares_in_tables,
    shares.bases,
    shares.unanswered,
    p_values.statistics,
    p_values.adjusted,
    evidence.sentences_that_hide_it,
    evidence.drawings_that_hide_it,
    embeds.linked_data,
)


@dataclass(frozen=True, order=True)
class Finding:
    """One fault of a page: `place` is the nearest id and the element."""

    page: str
    place: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.page}: {self.place}: {self.what}; {self.remedy}"


def check(site: Path, book: Path = Path()) -> list[Finding]:
    """All faults of the site, sorted by page; `book` is the folder whose `data/` it was made from."""
    return check_pages(read_pages(site), site, book)


def check_pages(read_pages: Sequence[Page], site: Path, book: Path = Path(), kept: Store | None = None
                ) -> list[Finding]:
    """The same of a site whose pages are read; `kept`: what was found on pages that are as they were."""
    pages = {page.name: page for page in read_pages}
    if "index.html" not in pages:
        return [Finding("index.html", "the page", "it is not there", "build the site first (make site)")]
    found = {Finding(page.name, *fault) for page in pages.values() for fault in page_faults(page, site, kept)}
    if kept:
        kept.forget_the_rest()
    found |= {Finding(page.name, *fault) for page in pages.values()
              for fault in (*too_heavy(page, site), *evidence.twin_that_hides_it(page, site))}
    found |= {Finding(*fault) for fault in (*respondents_shown(site, book), *withheld_told(site, book),
                                            *dead_or_remote(site, pages), *embeds.unsound_embeds(site, pages))}
    return sorted({*found, *not_text(site), *labels_on_two_pages(list(pages.values()))})


def page_faults(page: Page, site: Path, kept: Store | None) -> list[tuple[str, str, str]]:
    """The faults that a page has by itself, whatever else is in the site."""

    def look() -> bytes:
        return json.dumps([fault for rule in RULES for fault in rule(page)]).encode()

    content = page.name.encode() + b"\0" + (site / page.name).read_bytes() if kept else b""
    return [tuple(fault) for fault in json.loads(kept.get(content, look) if kept else look())]


def not_text(site: Path) -> Iterator[Finding]:
    """Pages and style sheets are UTF-8, as browsers would read them wrongly otherwise."""
    for path in sorted([*site.rglob("*.html"), *site.rglob("*.css")]):
        try:
            path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            name = path.relative_to(site).as_posix()
            yield Finding(name, "the file", "it is not UTF-8 text", "save it with the encoding UTF-8")


def labels_on_two_pages(pages: list[Page]) -> Iterator[Finding]:
    """A label names one thing in the whole book; Quarto silently lets the last one win."""
    first: dict[str, str] = {}
    for page in pages:
        moved = {node.attributes["id"] for node in page.tree.css("a.moved[id]")}  # keeps an old address alive
        for name in sorted({name for name in page.ids if name.startswith(LABELS)} - moved):
            holder = first.setdefault(name, page.name)
            if holder != page.name:
                yield Finding(page.name, f"#{name}", f"{holder} has this label too", "rename one of them")
