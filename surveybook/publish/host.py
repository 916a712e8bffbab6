"""What does a static host need besides the site?  What machines may read, and with a known address a map and a feed.

`url` in CITATION.cff is the address at which the site stands. Without it nothing is written that needs one.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

from surveybook.publish import changes
from surveybook.publish.build import Failed
from surveybook.publish.manifest import NAME, listing
from surveybook.publish.site import report as citation
from surveybook.publish.site.page import DEAD, Page, read_pages

ATOM, SITEMAP = "http://www.w3.org/2005/Atom", "http://www.sitemaps.org/schemas/sitemap/0.9"
ROBOTS = "robots.txt"  # which only a site that was prepared for a host has


def publish(root: Path, site: Path, target: Path) -> str:
    """Copy the site to `target` with what a host needs, and list that in the manifest; the line that sums it up.

    Raises Failed where there is no finished site, or `target` is something else than an earlier copy.
    """
    if not (site / NAME).is_file():
        raise Failed(f"{site} is no finished site; build it first (make site)")
    if target.exists() and not (target / NAME).is_file():
        raise Failed(f"{target} is something other than a published site, and would be lost; move it away")
    report = citation.read_report(root)
    if report is None:
        raise Failed(f"{citation.FILE} is not here, and the title of the report comes from it; add it")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(site, target)
    url = report.url.rstrip("/")
    pages = [page for page in read_pages(site) if page.name != DEAD]
    files = {ROBOTS: robots(url), ".nojekyll": b""}
    if url:
        files |= {"sitemap.xml": sitemap(pages, url, report.date.isoformat()),
                  "feed.xml": feed(root, pages, url, report)}
    for name, content in files.items():
        (target / name).write_bytes(content)
    (target / NAME).write_bytes(listing(json.loads((site / NAME).read_text(encoding="utf-8")), target))
    where = f"for {url}" if url else "for any address (CITATION.cff has no url, so there is no map and no feed)"
    return f"publish: {len(pages)} pages {where} in {target}; copy that folder to the host"


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
