"""What is the report called, whose is it, and which version is this?  CITATION.cff says it, and nothing else does.

The format is the Citation File Format 1.2.0 (https://doi.org/10.5281/zenodo.5171937). The file is about the project;
its `preferred-citation` is about the report. Where there is no `url` yet, the report has no absolute address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from surveybook.boundary import Beyond, Missing, find_file
from surveybook.errors import Refusal
from surveybook.publish.site.declaration import Declaration, read_declaration

FILE, SETTINGS = "CITATION.cff", "_quarto.yml"
SAME = ("title", "authors", "version", "date-released", "url", "doi")
DOI = re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+")  # as the schema of the format has it
SITE = re.compile(r"https?://[^\s?#]+/")


@dataclass(frozen=True)
class Author:
    """A person with a family name, or an organization with a name alone."""

    name: str = ""
    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    orcid: str = ""
    affiliation: str = ""

    @property
    def full(self) -> str:
        """As it is written in a sentence: “Ludwig van Beethoven”."""
        return self.name or " ".join(filter(None, (self.given, self.particle, self.family, self.suffix)))

    @property
    def inverted(self) -> str:
        """As it stands in a list: “van Beethoven, Ludwig”."""
        family = " ".join(filter(None, (self.particle, self.family)))
        return self.name or ", ".join(filter(None, (family, self.suffix, self.given)))


@dataclass(frozen=True)
class Report:
    """The report as a whole. `licence` and `code_licence` are names of SPDX; `url` ends in a slash, or is empty."""

    title: str
    authors: tuple[Author, ...]
    version: str
    date: date
    licence: str
    code_licence: str
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    url: str = ""
    doi: str = ""

    def address(self, page: str, fragment: str = "") -> str:
        """The permanent address of a place: absolute where the report has a home, else from the site's folder."""
        name = quote("" if self.url and page == "index.html" else page)
        return f"{self.url}{name}#{quote(fragment)}" if fragment else f"{self.url}{name}"


def read_report(root: Path) -> Report | None:
    """The report as CITATION.cff in `root` has it; None where a book has no such file.

    Raises Refusal for one that is no plain file of the book, for what is missing or wrong in it, and where _quarto.yml
    says something else.
    """
    try:
        find_file(root, FILE)
    except Missing:
        return None
    except Beyond as beyond:
        raise Refusal(f"{FILE} {beyond.what}; {beyond.remedy}") from None
    document = read_declaration(root / FILE)
    settings = read_declaration(root / SETTINGS) if (root / SETTINGS).is_file() else None
    faults = [*of_file(document), *(differences(document, settings) if settings else [])]
    if faults:
        raise Refusal("\n".join(faults))
    whole, report = document.data, document.get("preferred-citation") or document.data
    return Report(
        title=report["title"], authors=tuple(map(author, report["authors"])), version=report["version"],
        date=date.fromisoformat(report["date-released"]), licence=spdx(report), code_licence=spdx(whole),
        abstract=whole.get("abstract", "").strip(), keywords=tuple(whole.get("keywords", ())),
        url=report.get("url", whole.get("url", "")), doi=report.get("doi", whole.get("doi", "")),
    )


def author(entry: dict[str, str]) -> Author:
    return Author(
        entry.get("name", ""), entry.get("family-names", ""), entry.get("given-names", ""),
        entry.get("name-particle", ""), entry.get("name-suffix", ""), entry.get("orcid", ""),
        entry.get("affiliation", ""),
    )


def spdx(entry: dict[str, Any]) -> str:
    """The licence; a list of them means that one may choose."""
    found = entry["license"]
    return found if isinstance(found, str) else " OR ".join(found)


def of_file(document: Declaration) -> Iterator[str]:
    """What is missing or wrong in the file itself."""
    for place in [(), ("preferred-citation",)] if document.get("preferred-citation") else [()]:
        for key, (sound, example) in RULES.items():
            value = document.get(*place, key)
            if value is None and key in OPTIONAL:
                continue
            if not sound(value):
                yield document.fault((*place, key), f"{key} is missing or wrong; write it like {example}")
        for key in SAME if place else ():
            here, there = document.get(*place, key), document.get(key)
            if (here or there) and here != there and not (key in OPTIONAL and None in (here, there)):
                yield document.fault((*place, key), f"{key} is not the same above; make them the same")


def differences(document: Declaration, settings: Declaration) -> Iterator[str]:
    """Where the settings of the book say something else."""
    said, here = document.get("authors"), settings.get("book", "author")
    names = [author(entry).full for entry in said] if authors(said) else []
    listed = here if isinstance(here, list) else [here]
    mine = [one.get("name", "") if isinstance(one, dict) else one for one in listed]
    pairs = {"title": (settings.get("book", "title"), document.get("title")),
             "author": (", ".join(str(name) for name in mine), ", ".join(names)),
             "date": (settings.get("book", "date"), document.get("date-released"))}
    for key, (one, other) in pairs.items():
        if one != other:
            yield settings.fault(("book", key), f"{key} is “{one}”, but {FILE} has “{other}”; make them the same")


def text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def authors(value: Any) -> bool:
    """People with a family name, or organizations with a name."""
    return isinstance(value, list) and bool(value) and all(
        isinstance(one, dict) and (text(one.get("name")) or text(one.get("family-names"))) for one in value
    )


def day(value: Any) -> bool:
    try:
        return str(date.fromisoformat(value)) == value
    except (TypeError, ValueError):
        return False


OPTIONAL = {"url", "doi"}
# key -> whether a value is sound, and an example of one that is
RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "title": (text, "title: Harbours of the North"),
    "authors": (authors, "authors: [{family-names: Moss, given-names: Ada}] or [{name: The Harbour Project}]"),
    "version": (text, "version: 1.0.0"),
    "date-released": (day, "date-released: 2026-01-31"),
    "license": (lambda value: text(value) or isinstance(value, list) and all(map(text, value)), "license: CC-BY-4.0"),
    "url": (lambda value: text(value) and bool(SITE.fullmatch(value)), "url: https://example.org/report/ (a folder)"),
    "doi": (lambda value: text(value) and bool(DOI.fullmatch(value)), "doi: 10.5281/zenodo.1003150"),
}
