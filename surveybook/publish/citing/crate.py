"""What is on the site, whose is it, and under which licence?  `ro-crate-metadata.json` says it to archives.

It follows RO-Crate 1.2 (https://w3id.org/ro/crate/1.2). The pages and the files beside them are its files; each study
is a dataset of its own. What only serves to show a page (styles, scripts, the search) is left out.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from surveybook.publish import lines
from surveybook.publish.citing.citation import Author, Report, read
from surveybook.publish.downloads.studies import DESCRIPTOR, archive_of, shown, simulated
from surveybook.publish.site.edition import Edition
from surveybook.publish.site.encoding import as_json
from surveybook.publish.site.parts import parts

CRATE, ROOT = "ro-crate-metadata.json", "./"
SPDX = "https://spdx.org/licenses/"
FORMATS = {
    ".bib": "application/x-bibtex", ".csv": "text/csv", ".html": "text/html", ".json": "application/json",
    ".md": "text/markdown", ".png": "image/png", ".ris": "application/x-research-info-systems",
    ".svg": "image/svg+xml", ".txt": "text/plain", ".yaml": "application/yaml", ".zip": "application/zip",
}
Entity = dict[str, Any]


def describe_site(edition: Edition) -> None:
    """Write the metadata of the crate; a book without CITATION.cff has no author and no licence to name."""
    if report := read(edition.root):
        content = {"@context": "https://w3id.org/ro/crate/1.2/context", "@graph": graph(edition, report)}
        edition.files[CRATE] = as_json(content)


def graph(edition: Edition, report: Report) -> list[Entity]:
    """All entities: the crate itself, then its studies and files, then who and what they refer to."""
    files = [file(name, words) for name, words in sorted(named(edition).items())]
    packages = [descriptor_of(edition, name) for name in shown(edition)]
    studies = [dataset(package, [path for path in sorted(edition.files) if path.startswith(f"data/{package['name']}/")])
               for package in packages]
    sources = {source["path"]: " ".join(source["title"].split())
               for package in packages for source in package["sources"] if "path" in source}
    inside = {part["@id"] for study in studies for part in study["hasPart"]}
    authors = [author(number, one) for number, one in enumerate(report.authors, 1)]
    root = {
        "@id": ROOT, "@type": "Dataset", "name": report.title, "description": report.abstract,
        "version": report.version, "datePublished": report.date.isoformat(), "license": licence(report.licence),
        "author": [{"@id": author["@id"]} for author in authors], "mainEntity": {"@id": "index.html"},
        "hasPart": [{"@id": part["@id"]} for part in (*studies, *files) if part["@id"] not in inside],
    }
    descriptor = {"@id": CRATE, "@type": "CreativeWork", "about": {"@id": ROOT},
                  "conformsTo": {"@id": "https://w3id.org/ro/crate/1.2"}}
    licences = {one["license"]["@id"] for one in (root, *studies)}
    works = {**sources, **{name: name.removeprefix(SPDX) for name in licences}}
    named_works = [{"@id": name, "@type": "CreativeWork", "name": words} for name, words in sorted(works.items())]
    return [descriptor, root, *studies, *files, *authors, *named_works]


def author(number: int, one: Author) -> Entity:
    return {"@id": one.orcid or f"#author-{number}", "@type": "Organization" if one.name else "Person",
            "name": one.full}


def licence(name: str) -> Entity:
    """A reference to a licence by its SPDX name."""
    return {"@id": f"{SPDX}{quote(name)}"}


def named(edition: Edition) -> dict[str, str]:
    """Path -> what it is called, of every page and of every file that the edition adds."""
    found = {name: name for name in edition.files if posixpath.splitext(name)[1] in FORMATS}
    found |= {name: page.title for name, page in edition.pages.items()}
    for page in edition.book:
        for part in parts(page):
            stem = posixpath.join(posixpath.dirname(page.name), part.label)
            words = f"{part.number}: {part.title}" if part.number else part.title
            found |= {f"{stem}.{kind}": words for kind in ("csv", "json", "svg", "png") if f"{stem}.{kind}" in found}
        twin = page.name.removesuffix(".html") + ".md"
        found |= {twin: page.title} if twin in found else {}
    return {name: words for name, words in found.items() if name != "search.json"}


def file(name: str, words: str) -> Entity:
    return {"@id": quote(name), "@type": "File", "name": words,
            "encodingFormat": FORMATS[posixpath.splitext(name)[1]]}


def descriptor_of(edition: Edition, name: str) -> Entity:
    return lines.read(edition.root / "data" / name / DESCRIPTOR).data


def dataset(package: Mapping[str, Any], paths: list[str]) -> Entity:
    """A study with its files."""
    name = package["name"]
    return {
        "@id": f"data/{quote(name)}/", "@type": "Dataset",
        "name": f"{package['title']} (simulated data)" if simulated(package) else package["title"],
        "description": " ".join(package["description"].split()), "version": package["version"],
        "license": licence(package["licenses"][0]["name"]), "keywords": package.get("keywords", []),
        "isBasedOn": [{"@id": source["path"]} for source in package["sources"] if "path" in source],
        "distribution": {"@id": quote(archive_of(name))}, "hasPart": [{"@id": quote(path)} for path in paths],
    }
