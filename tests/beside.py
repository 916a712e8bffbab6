"""The files beside the figures and tables of a site, as they are read."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from surveybook.publish.site.page import Page, read_pages

HOSTILE = '</script><script>alert(1)</script>"\'&<b>\u202e\u200f'


def facts(site: Path, label: str) -> dict:
    return json.loads((site / "chapters" / f"{label}.json").read_text(encoding="utf-8"))


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def shown_on(site: Path) -> list[tuple[Page, str]]:
    """Every figure and table of the analysis, with its page."""
    return [(page, one.label) for page in read_pages(site) for one in page.floats]
