"""What the tests know of this project's book: its pages in order, and the screens they are looked at on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
SMALL = ROOT / "tests" / "books" / "small"  # a made-up report with both kinds of studies, built in seconds
SAMPLED = ROOT / "tests" / "sampled"  # made-up surveys whose people were not asked with equal chances
TOOL = {**os.environ, "PYTHONPATH": str(ROOT)}  # what a process needs that works with the tool on another book
SHARED = ROOT.parent / "shared"  # reference cases and books, where they lie beside the checkout
STRANGE = {"PYTHONHASHSEED": "7", "TZ": "Asia/Kathmandu", "LANG": "C", "LC_ALL": "C", "COLUMNS": "40"}  # surroundings
SLOW = float(os.environ.get("SLOW", 0))  # how many times as long pages take as here, with each answer 300 ms late
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
# A frame has begun: what a page left for its first one is done, and it has been told of another size or other colors
FRAME = "() => new Promise(requestAnimationFrame)"

# Of a made-up report
CITATION = """cff-version: 1.2.0
message: Cite it.
type: software
title: "A & B"
abstract: On both.
authors:
  - name: "N"
version: "1.2.0"
date-released: "2026-01-02"
license: MIT
"""


def as_real(descriptor: str) -> str:
    """The descriptor of a simulated survey, saying that people gave the answers and agreed to every count."""
    return descriptor.replace("simulated: true", "simulated: false").replace(
        "No person is behind any row", "All who answered agreed to that, as none of it is delicate")


def files_of(folder: Path) -> dict[str, bytes]:
    """What every file below a folder holds, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def listed(entries: list) -> Iterator[str]:
    """The chapters that `_quarto.yml` lists, in order: plain, as `file:`, or below a `part:`."""
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        else:
            yield from (value for key, value in entry.items() if key in ("part", "file"))
            yield from listed(entry.get("chapters", []))


def book_pages() -> list[str]:
    book = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))["book"]
    chapters = [*listed(book["chapters"]), *listed(book.get("appendices", []))]
    return [Path(name).with_suffix(".html").as_posix() for name in chapters if name.endswith(".qmd")]


PAGES = [*book_pages(), "cite.html", "verify.html"]
