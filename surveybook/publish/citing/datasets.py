"""Whose data does a page show?  Each study as a Dataset of schema.org, for search engines, on the pages that show it.

Runs while the facts about each figure and table still stand on the pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from surveybook.publish import lines
from surveybook.publish.citing.citation import read
from surveybook.publish.citing.metadata import linked_data
from surveybook.publish.site.edition import Edition, floats
from surveybook.publish.site.page import Page

DESCRIPTOR = "datapackage.yaml"
ORGANIZATION, PERSON = "Organization", "Person"


def describe_data(edition: Edition) -> None:
    """Put the Dataset of every study that a page shows into its head."""
    report = read(edition.root)
    paths = sorted((edition.root / "data").glob(f"*/{DESCRIPTOR}"))
    packages = {path.parent.name: lines.read(path).data for path in paths}
    for page in edition.book:
        for study in studies(page, packages):
            url = report.address(page.name) if report and report.url else ""
            linked_data(page, dataset(study, packages[study], url))


def studies(page: Page, known: Iterable[str]) -> list[str]:
    """The studies that figures, tables and findings of a page come from."""
    shown = {one.about.get("study") for one in floats(page)}
    shown |= {(value.attributes.get("data-from") or "").partition(".")[0].replace("_", "-")
              for value in page.content.css(".finding")}
    return [name for name in known if name in shown]


def dataset(study: str, package: dict[str, Any], url: str) -> dict[str, Any]:
    """A descriptor (https://datapackage.org) in the words of schema.org."""
    simulated = package.get("simulated") == "true"
    title = package.get("title", study)
    description = " ".join(package.get("description", "").split())
    found = {
        "@context": "https://schema.org", "@type": "Dataset",
        "name": f"{title} (simulated data)" if simulated else title,
        "description": f"Simulated data. {description}" if simulated else description,
        "identifier": study, "version": package.get("version", ""), "url": url,
        "license": [licence.get("path", licence.get("name")) for licence in package.get("licenses", ())],
        "creator": [{"@type": PERSON if "givenName" in one or "familyName" in one else ORGANIZATION,
                     "name": one["title"]} for one in package.get("contributors", ())],
        "isBasedOn": [source["path"] for source in package.get("sources", ()) if "path" in source],
        "keywords": package.get("keywords", []), "isAccessibleForFree": True,
    }
    return {name: value for name, value in found.items() if value}
