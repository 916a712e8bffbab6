"""Every result of the report in one file for machines, `results.json`: by name, with its value and where it stands.

* `findings`: each number or word of a sentence that the analysis computed, with the exact values it was written from,
* `estimates`: each row of a figure or table that has an interval,
* `verdicts`: each row of a table that has a verdict, and each judged hypothesis.

What a finding was written from travels in an attribute of its element (survey/words/text.py), which leaves the page
here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from selectolax.lexbor import LexborNode

from surveybook.publish.citing.formats import entry, text
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.encoding import as_json
from surveybook.publish.site.page import Float, Page, ancestors
from surveybook.publish.site.parts import Part
from surveybook.publish.site.report import Report

EXACT = "data-exact"
ANCHORS = ("sec-", "fig-", "tbl-")
OF_QUARTO = re.compile(r"-caption-[0-9a-f]{8}-[0-9a-f-]{27}$")  # ids of captions


@step(adds=[Trait.RESULTS])
def list_results(edition: Edition) -> None:
    """Write results.json, and take the exact values of the findings out of the pages."""
    report, pages = edition.report, edition.book
    content = {
        **(whole(edition, report) if report else {}),
        "findings": findings(pages),
        "estimates": [row for page in pages for shown in page.floats for row in estimates(page, shown)],
        "verdicts": [row for page in pages for shown in page.floats for row in verdicts(page, shown)],
    }
    edition.files["results.json"] = as_json(content)
    for page in edition.pages.values():
        for node in page.tree.css(f"[{EXACT}]"):
            del node.attrs[EXACT]


def whole(edition: Edition, report: Report) -> dict[str, Any]:
    """What the report is."""
    part = Part("report", "index.html", "", "", report.title, edition.extent, None)
    return {"report": report.title, "version": report.version, "licence": report.licence,
            "citation": text(entry(report, part, ""))}


def findings(pages: list[Page]) -> list[dict[str, Any]]:
    """The findings by name, each with all the places where it stands, in the order of their names."""
    found: dict[str, dict[str, Any]] = {}
    for page in pages:
        for node in page.content.css(".finding[data-from]"):
            name, place = node.attributes["data-from"] or "", {"page": page.name, "anchor": anchor(page, node)}
            entry = found.setdefault(name, finding(name, node))
            if place not in entry["places"]:
                entry["places"].append(place)
    return [found[name] for name in sorted(found)]


def finding(name: str, node: LexborNode) -> dict[str, Any]:
    """A finding as plain data."""
    study, words = name.partition(".")[0].replace("_", "-"), " ".join(node.text().split())
    written = node.attributes.get(EXACT)
    exact = json.loads(unquote(written)) if written else {}
    return {"name": name, "study": study, "simulated": bool(node.attributes.get("data-label")), "text": words,
            **measured(exact), "places": []}


def measured(exact: dict[str, Any]) -> dict[str, Any]:
    """Exact values as value, interval, n and whatever else there is."""
    left = dict(exact)
    found = {"value": left.pop("value")} if "value" in left else {}
    if "low" in left and "high" in left:
        found["interval"] = {name: left.pop(name) for name in ("low", "high", "level") if name in left}
    return found | ({"n": left.pop("base")} if "base" in left else {}) | left


def estimates(page: Page, shown: Float) -> Iterator[dict[str, Any]]:
    """The rows of a figure or table that have an interval."""
    for name, row in named(shown):
        if row.get("low") is not None and row.get("high") is not None:
            yield place(page, shown, name) | {"values": row}


def verdicts(page: Page, shown: Float) -> Iterator[dict[str, Any]]:
    """The rows of a table that have a verdict, and the judged hypothesis that a table is about."""
    if passport := shown.about.get("passport"):
        name = f"{shown.about['study']}.hypotheses.{passport['id']}".replace("-", "_")
        yield place(page, shown, "") | {"name": name, "verdict": passport["verdict"], "values": passport}
        return
    for name, row in named(shown):
        if row.get("verdict") is not None:
            yield place(page, shown, name) | {"verdict": row["verdict"], "values": row}


def place(page: Page, shown: Float, row: str) -> dict[str, Any]:
    """What a row of a figure or table is called, and where it stands."""
    question = shown.about.get("question") or {}
    return {"name": f"{shown.label}.{row}", "study": shown.about.get("study"), "question": question.get("id"),
            "simulated": bool(shown.about.get("simulated")), "function": shown.about.get("function"),
            "page": page.name, "anchor": shown.label}


def named(shown: Float) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows, each by what its first column says, or by its number where that does not tell them apart."""
    rows = shown.about["data"]
    firsts = [str(next(iter(row.values()), "")) for row in rows]
    unique = len(set(firsts)) == len(firsts)
    for number, (first, row) in enumerate(zip(firsts, rows, strict=True), 1):
        yield first if unique else str(number), row


def anchor(page: Page, node: LexborNode) -> str:
    """The id of the section, figure or table that an element stands in, or of the chapter."""
    names = (box.attributes.get("id") or "" for box in ancestors(node))
    chapter = page.content.css_first(".quarto-section-identifier[id]")
    return next((name for name in names if name.startswith(ANCHORS) and not OF_QUARTO.search(name)),
                chapter.attributes["id"] if chapter else "") or ""
