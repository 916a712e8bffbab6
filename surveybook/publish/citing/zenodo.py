"""What will Zenodo say of a release?  `.zenodo.json`, made from CITATION.cff by `surveybook zenodo`.

The keys are those of Zenodo's deposit metadata (https://developers.zenodo.org).
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from surveybook.errors import Refusal
from surveybook.publish.site import report as citation
from surveybook.publish.site.report import Author, Report

FILE = ".zenodo.json"


def write(root: Path) -> str:
    """Write the file of the report in `root`; a line that says so. Raises Refusal where there is no CITATION.cff."""
    report = citation.read_report(root)
    if report is None:
        raise Refusal(f"{citation.FILE} is not here, and all that Zenodo is told comes from it; add it")
    (root / FILE).write_text(metadata(report), encoding="utf-8")
    return f"{FILE}: written from {citation.FILE}"


def metadata(report: Report) -> str:
    """The content of the file. A report is deposited, with the licence of its text and data."""
    code = f"The code is under the licence {report.code_licence}." if report.code_licence != report.licence else ""
    home = {"identifier": report.url, "relation": "isIdenticalTo", "resource_type": "publication-report"}
    fields = {
        "title": report.title, "upload_type": "publication", "publication_type": "report",
        "description": f"<p>{escape(report.abstract, quote=False)}</p>" if report.abstract else "",
        "creators": list(map(creator, report.authors)), "version": report.version,
        "publication_date": report.date.isoformat(), "access_right": "open", "license": report.licence.lower(),
        "keywords": list(report.keywords),
        "notes": code, "related_identifiers": [home] if report.url else [],
    }
    return json.dumps({name: value for name, value in fields.items() if value}, ensure_ascii=False, indent=2) + "\n"


def creator(author: Author) -> dict[str, Any]:
    fields = {"name": author.inverted, "affiliation": author.affiliation, "orcid": author.orcid.rpartition("/")[2]}
    return {name: value for name, value in fields.items() if value}
