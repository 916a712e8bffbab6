"""A made-up report that is cited, with letters in its title that mean something somewhere, and parts of it."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path

import pypandoc

from surveybook.publish.site.parts import Part
from surveybook.publish.site.report import Author, Report

HOSTILE = '100% & $5 #1 _a_ {b ~c^ \\d "q" </script><script>alert(1)</script> שלום\u202e <b>é -- `x`'
REPORT = Report(
    "Peat & Bogs: a Survey", (Author(family="Moss", given="Ada", particle="van der"), Author(name="The Bog Project")),
    "1.2.0", date(2026, 3, 9), "CC-BY-4.0", "MIT",
)
PLACED = Report(**{**REPORT.__dict__, "url": "https://example.org/bogs/", "doi": "10.5281/zenodo.1003150"})
CFF = """cff-version: 1.2.0
message: Cite it.
type: software
title: "Peat & Bogs: a Survey"
abstract: On peat.
authors:
  - {family-names: Moss, given-names: Ada, name-particle: van der}
  - name: The Bog Project
version: 1.2.0
date-released: 2026-03-09
license: MIT
"""
BOOK = """book:
  title: "Peat & Bogs: a Survey"
  author: [Ada van der Moss, The Bog Project]
  date: 2026-03-09
"""


def part(title: str = "Depth", **changes: object) -> Part:
    usual = {"kind": "figure", "page": "chapters/peat.html", "label": "fig-depth", "number": "Figure 2.1",
             "simulated": ""}
    return Part(title=title, node=None, **{**usual, **changes})


WHOLE = part("Peat & Bogs: a Survey", kind="report", page="index.html", label="", number="")
CHAPTER = part("How deep?", kind="chapter", label="sec-peat", number="Chapter 2")


def write_report(folder: Path) -> Path:
    """The files that say what is cited."""
    (folder / "CITATION.cff").write_text(CFF, encoding="utf-8")
    (folder / "_quarto.yml").write_text(BOOK, encoding="utf-8")
    return folder


def pandoc(written: str, kind: str) -> list[dict]:
    ended = subprocess.run([pypandoc.get_pandoc_path(), "-f", kind, "-t", "csljson"], input=written, text=True,
                           capture_output=True, check=True)
    assert ended.stderr == ""
    return json.loads(ended.stdout)
