"""What does a static host need besides the site?  What machines may read, and with a known address a map and a feed.

`url` in CITATION.cff is the address at which the site stands. Without it nothing is written that needs one.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from surveybook.boundary import Beyond, check_path, open_file, read_file
from surveybook.folders import beside, locked, read_mark, replace_folder
from surveybook.publish import changes
from surveybook.publish.build import Failed
from surveybook.publish.manifest import NAME, describe_file, listing
from surveybook.publish.site import report as citation
from surveybook.publish.site.page import DEAD, Page, read_pages

ATOM, SITEMAP = "http://www.w3.org/2005/Atom", "http://www.sitemaps.org/schemas/sitemap/0.9"
ROBOTS = "robots.txt"  # which only a site that was prepared for a host has


def publish(root: Path, site: Path, target: Path, say: Callable[[str], None] = lambda line: None) -> str:
    """Copy the site to `target` with what a host needs, and list that in the manifest; the line that sums it up.

    All of it takes the place of an earlier copy in one step, and no build runs meanwhile. Raises Failed where there is
    no finished site as its manifest lists it, or `target` is something else than an earlier copy.
    """
    refuse_to_replace(root, site, target)
    if not (site / NAME).is_file():
        raise Failed(f"{site} is no finished site; build it first (make site)")
    report = citation.read_report(root)
    if report is None:
        raise Failed(f"{citation.FILE} is not here, and the title of the report comes from it; add it")
    with locked(root, say):
        url = report.url.rstrip("/")
        with beside(target) as fresh:
            told = copy_listed(site, fresh)
            pages = [page for page in read_pages(site) if page.name in told["files"] and page.name != DEAD]
            files = {ROBOTS: robots(url), ".nojekyll": b""}
            if url:
                files |= {"sitemap.xml": sitemap(pages, url, report.date.isoformat()),
                          "feed.xml": feed(root, pages, url, report)}
            for name, content in files.items():
                (fresh / name).write_bytes(content)
            (fresh / NAME).write_bytes(listing(told, fresh))
            replace_folder(fresh, target)
    where = f"for {url}" if url else "for any address (CITATION.cff has no url, so there is no map and no feed)"
    return f"publish: {len(pages)} pages {where} in {target}; copy that folder to the host"


def copy_listed(site: Path, fresh: Path) -> dict[str, Any]:
    """Copy the files that the manifest of a site lists, a little of each at a time; the manifest. Raises Failed where
    one is not as listed."""
    try:
        told = json.loads(read_file(site, NAME))
        for name, known in told["files"].items():
            copy = fresh / check_path(name)
            copy.parent.mkdir(parents=True, exist_ok=True)
            with open_file(site, name) as file, open(copy, "wb") as written:
                shutil.copyfileobj(file, written)
            if describe_file(copy) != known:
                raise Failed(f"{site.name}/{name} is not as its manifest lists it; build the site again (make site)")
    except Beyond as beyond:
        raise Failed(f"a file of {site.name}/, {beyond}; or build the site again (make site)") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Failed(f"{site.name}/{NAME} is no manifest of a site; build the site again (make site)") from None
    return told


def refuse_to_replace(root: Path, site: Path, target: Path) -> None:
    """Refuse a target whose files would be lost, unless all of them are an earlier copy's, as its manifest says."""
    place, book, made = target.resolve(), root.resolve(), site.resolve()
    if place.is_relative_to(made) or made.is_relative_to(place):
        raise Failed(f"{target} is the built site itself, or holds it or is in it; name another folder")
    if book.is_relative_to(place):
        raise Failed(f"{target} holds the book itself; name another folder")
    if not os.path.lexists(target) or target.is_dir() and not target.is_symlink() and not any(target.iterdir()):
        return
    lost = f"{target} is something other than a published site, and would be lost; move it away"
    known = {NAME, *read_mark(target).get("files", ())}
    if target.is_symlink() or not target.is_dir() or not {ROBOTS, "index.html"} <= known:
        raise Failed(lost)
    others = [path for path in (Path(here, name) for here, folders, names in os.walk(target)
                                for name in (*names, *(one for one in folders if Path(here, one).is_symlink())))
              if path.relative_to(target).as_posix() not in known]
    empty = [Path(here) for here, folders, names in os.walk(target) if not folders and not names]
    if others or empty:
        other = min([*others, *empty]).relative_to(target)
        raise Failed(f"{target} holds {other}, which is no part of the published site, and would be lost; move it away")


def robots(url: str) -> bytes:
    """Everything may be read by machines."""
    return ("User-agent: *\nAllow: /\n" + (f"Sitemap: {url}/sitemap.xml\n" if url else "")).encode()


def sitemap(pages: list[Page], url: str, date: str) -> bytes:
    """Every page with its address, and the day of this version."""
    root = ElementTree.Element("urlset", xmlns=SITEMAP)
    for page in pages:
        entry = ElementTree.SubElement(root, "url")
        ElementTree.SubElement(entry, "loc").text = f"{url}/{page.name}"
        ElementTree.SubElement(entry, "lastmod").text = date
    return xml(root)


def feed(root: Path, pages: list[Page], url: str, report: citation.Report) -> bytes:
    """The published versions as an Atom feed (RFC 4287), each with what changed in words and a link to its section."""
    where = {name: page.name for page in pages for name in page.targets}
    known = [one for one in changes.read_versions(root) if one.date and one.anchor in where]
    atom = ElementTree.Element("feed", xmlns=ATOM)
    updated = max((one.date for one in known), default=report.date.isoformat())
    said(atom, id=f"{url}/feed.xml", title=f"{report.title}: changes", updated=f"{updated}T00:00:00Z")
    ElementTree.SubElement(atom, "link", rel="self", href=f"{url}/feed.xml")
    ElementTree.SubElement(atom, "link", rel="alternate", href=f"{url}/index.html")
    for author in report.authors:
        said(ElementTree.SubElement(atom, "author"), name=author.full)
    for one in known:
        address = f"{url}/{where[one.anchor]}#{one.anchor}"
        entry = ElementTree.SubElement(atom, "entry")
        said(entry, id=address, title=f"Version {one.name}", updated=f"{one.date}T00:00:00Z", content=one.words)
        ElementTree.SubElement(entry, "link", rel="alternate", href=address)
    return xml(atom)


def said(parent: ElementTree.Element, **parts: str) -> None:
    """Add an element with a text for each name."""
    for name, text in parts.items():
        ElementTree.SubElement(parent, name).text = text


def xml(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
