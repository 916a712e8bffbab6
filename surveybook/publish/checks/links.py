"""Which addresses of a site are dead, and which are asked of another host?"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from surveybook.publish.checks.rule import FileFault, place
from surveybook.publish.site.addresses import Address, of_css, of_page, resolve_address
from surveybook.publish.site.page import Page, ancestors


def dead_or_remote(site: Path, pages: dict[str, Page]) -> Iterator[FileFault]:
    """Every link and fragment leads somewhere, and nothing is fetched from another host."""
    known = list_files(site)
    for page in pages.values():
        for address in of_page(page.tree):
            wrong = fault(address, page.name, known, pages)
            if wrong and not home_of_quarto(address):
                yield (page.name, place(address.node), *wrong)
    for sheet in sorted(site.rglob("*.css")):
        name = sheet.relative_to(site).as_posix()
        for written in of_css(sheet.read_text(encoding="utf-8", errors="replace")):
            if wrong := fault(Address(written, None, fetched=True), name, known, pages):
                yield (name, "url()", *wrong)


def home_of_quarto(address: Address) -> bool:
    """Quarto's navigation leads home by the folder's name (`../`)."""
    return set(address.written) <= set("./") and not any(box.tag == "main" for box in ancestors(address.node))


@dataclass(frozen=True)
class Files:
    """The names of all files and folders of a site, by their paths from its folder."""

    files: frozenset[str]
    folders: frozenset[str]


def list_files(site: Path) -> Files:
    """What is in the folder of a site, found by one walk."""
    files, folders = set(), {"."}
    for folder, inside, names in os.walk(site, followlinks=True):
        here = os.path.relpath(folder, site)
        folders |= {posixpath.normpath(posixpath.join(here, name)) for name in inside}
        files |= {posixpath.normpath(posixpath.join(here, name)) for name in names
                  if os.path.isfile(os.path.join(folder, name))}
    return Files(frozenset(files), frozenset(folders))


def fault(address: Address, source: str, known: Files, pages: dict[str, Page]) -> tuple[str, str] | None:
    """What is wrong with an address in the file `source` of the site, and what to do; None if nothing.

    A file is there under just its name: upper and lower case differ on most servers.
    """
    try:
        urlsplit(address.written)
    except ValueError as error:  # a bracket that is never closed, for instance
        return f"{address.written} is no address ({error})", "correct it"
    if address.remote and address.fetched:
        return (
            f"the page asks another host for {address.written}",
            "keep a copy in the project and use that, or take it out",
        )
    if address.scheme == "file":
        return f"{address.written} is a place on one machine", "use a path from the page"
    if not address.local or not (address.path or address.fragment):
        return None
    if address.path.startswith("/"):
        return (
            f"{address.written} starts at the root of the host, so it is dead in a folder or from file://",
            "write the path from the page",
        )
    target = resolve_address(address.written, source)
    if target.startswith(".."):
        return f"{address.written} leads out of the site", "link to a page or file of the site"
    if target in known.folders:
        return f"{address.written} is a folder", "link to a file in it, such as its index.html"
    if target not in known.files:
        return f"{address.written} does not exist", "correct the address, or add the file to the book"
    page = pages.get(target)
    if page and address.fragment not in ("", "top") and address.fragment not in page.targets:
        return f"{address.written} points to an id that {target} does not have", "correct the id, or give it"
    return None
