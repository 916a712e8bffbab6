"""What do the pages and the whole site say in the words of schema.org?  For search engines, and for archives.

Each page carries what it is, and the studies that it shows. `ro-crate-metadata.json` lists all that is on the site, as
RO-Crate 1.2 asks for (https://w3id.org/ro/crate/1.2): pages and the files beside them, each study as a dataset of its
own. What only serves to show a page (styles, scripts, the search) is left out.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from surveybook.markup import script_text
from surveybook.publish.citing.formats import entry
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.encoding import MEDIA_TYPES, as_json
from surveybook.publish.site.page import Page, append
from surveybook.publish.site.parts import Part
from surveybook.publish.site.report import Author, Report
from surveybook.publish.site.study import Study

CONTEXT, SPDX = "https://schema.org", "https://spdx.org/licenses/"
CRATE, ROOT = "ro-crate-metadata.json", "./"
COMPANIONS = ("csv", "json", "svg", "png", "embed.html")
Entity = dict[str, Any]


@step(adds=[Trait.DATASETS])
def describe_data(edition: Edition) -> None:
    """Put the Dataset of every study that a page shows into its head."""
    report = edition.report
    for page in edition.book:
        for study in studies_of(page, edition.studies.values()):
            home = report.url if report else ""
            archive = (f"{home}{quote(study.archive)}" if home else page.leads_to(study.archive)) \
                if study in edition.shown else ""
            put(page, dataset(study, report.address(page.name) if report and report.url else "", archive))


def put(page: Page, content: Entity) -> None:
    """Put a JSON-LD block into the head of a page."""
    append(page.tree.head, f'<script type="application/ld+json">{script_text(content, sort_keys=True)}</script>')


def studies_of(page: Page, known: Iterable[Study]) -> list[Study]:
    """The studies that figures, tables and findings of a page come from."""
    shown = {one.about.get("study") for one in page.floats}
    shown |= {(value.attributes.get("data-from") or "").partition(".")[0].replace("_", "-")
              for value in page.content.css(".finding")}
    return [study for study in known if study.name in shown]


def dataset(study: Study, url: str, archive: str = "") -> Entity:
    """A study as a Dataset, by the address of the `archive` that holds all of it: from the page, while the report has
    no public one."""
    package = study.descriptor
    return {"@context": CONTEXT, "@type": "Dataset", **full({
        "name": study.title, "description": f"Simulated data. {study.description}" if study.simulated else
        study.description, "identifier": study.name, "version": package.get("version", ""), "url": url,
        "license": [licence.get("path", licence.get("name")) for licence in package.get("licenses", ())],
        "creator": [{"@type": "Person" if "givenName" in one or "familyName" in one else "Organization",
                     "name": one["title"]} for one in package.get("contributors", ())],
        "isBasedOn": [source["path"] for source in package.get("sources", ()) if "path" in source],
        "keywords": package.get("keywords", []), "isAccessibleForFree": True,
        "@id": archive and f"{archive}#{quote(study.name)}",
        "distribution": archive and [
            {"@type": "DataDownload", "encodingFormat": "application/zip", "contentUrl": archive}],
    })}


def article(report: Report, page: Page, part: Part) -> Entity:
    """A page: the report itself, or a chapter of it."""
    one = entry(report, part, page.language)
    common = {
        "author": [full({**agent(author), "@id": author.orcid}) for author in report.authors],
        "datePublished": report.date.isoformat(), "version": report.version, "license": SPDX + report.licence,
        "inLanguage": page.language,
    }
    home = report.address("index.html") if report.url else page.leads_to("index.html")
    whole = {"@type": "Report", "@id": home, "name": report.title,
             "url": report.address("index.html") if report.url else "",
             "sameAs": f"https://doi.org/{report.doi}" if report.doi else ""}
    if one.container:
        found = {"@type": "ScholarlyArticle", "@id": report.address(page.name) if report.url else
                 page.leads_to(page.name), "headline": one.title, "name": one.title, **common,
                 "url": report.address(page.name) if report.url else "", "isPartOf": full(whole)}
    else:
        found = {**whole, "name": one.title, "abstract": report.abstract, "keywords": list(report.keywords), **common}
    return {"@context": CONTEXT, **full(found)}


def agent(author: Author) -> Entity:
    return {"@type": "Organization" if author.name else "Person", "name": author.full}


def full(fields: Entity) -> Entity:
    """The fields that hold something."""
    return {name: value for name, value in fields.items() if value}


@step(needs=[Trait.CITATIONS, Trait.COMPANIONS, Trait.TWINS, Trait.RESULTS, Trait.STUDIES, Trait.LABELS,
             Trait.ADDRESSES, Trait.SCRIPTS, Trait.STYLES], adds=[Trait.CRATE])
def describe_site(edition: Edition) -> None:
    """Write the metadata of the crate; a book without CITATION.cff has no author and no licence to name."""
    if edition.report:
        content = {"@context": "https://w3id.org/ro/crate/1.2/context", "@graph": graph(edition, edition.report)}
        edition.files[CRATE] = as_json(content)


def graph(edition: Edition, report: Report) -> list[Entity]:
    """All entities: the crate itself, then its studies and files, then who and what they refer to."""
    files = [file(name, words) for name, words in sorted(named(edition).items())]
    studies = [member(study, [path for path in sorted(edition.files) if path.startswith(f"data/{study.name}/")])
               for study in edition.shown]
    sources = {source["path"]: " ".join(source["title"].split())
               for study in edition.shown for source in study.descriptor["sources"] if "path" in source}
    inside = {part["@id"] for study in studies for part in study["hasPart"]}
    authors = [{"@id": one.orcid or f"#author-{number}", **agent(one)} for number, one in enumerate(report.authors, 1)]
    root = {
        "@id": ROOT, "@type": "Dataset", "name": report.title, "description": report.abstract or report.title,
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


def licence(name: str) -> Entity:
    """A reference to a licence by its SPDX name."""
    return {"@id": f"{SPDX}{quote(name)}"}


def named(edition: Edition) -> dict[str, str]:
    """Path -> what it is called, of every page and of every file that the edition adds."""
    found = {name: name for name in edition.files if posixpath.splitext(name)[1] in MEDIA_TYPES}
    found |= {name: page.title for name, page in edition.pages.items()}
    for page in edition.book:
        for part in edition.parts[page.name]:
            stem = posixpath.join(posixpath.dirname(page.name), part.label)
            words = f"{part.number}: {part.title}" if part.number else part.title
            found |= {f"{stem}.{kind}": words for kind in COMPANIONS if f"{stem}.{kind}" in found}
        twin = page.name.removesuffix(".html") + ".md"
        found |= {twin: page.title} if twin in found else {}
    return {name: words for name, words in found.items() if name != "search.json"}


def file(name: str, words: str) -> Entity:
    return {"@id": quote(name), "@type": "File", "name": words,
            "encodingFormat": MEDIA_TYPES[posixpath.splitext(name)[1]]}


def member(study: Study, paths: list[str]) -> Entity:
    """A study with its files, as a part of the crate."""
    package = study.descriptor
    return {
        "@id": f"data/{quote(study.name)}/", "@type": "Dataset", "name": study.title, "description": study.description,
        **({"version": package["version"]} if "version" in package else {}),
        "license": licence(package["licenses"][0]["name"]),
        "keywords": package.get("keywords", []),
        "isBasedOn": [{"@id": source["path"]} for source in package["sources"] if "path" in source],
        "distribution": {"@id": quote(study.archive)}, "hasPart": [{"@id": quote(path)} for path in paths],
    }
