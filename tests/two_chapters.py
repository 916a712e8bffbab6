"""A book of two chapters with a picture and a bibliography, and what a page of it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from surveybook.render.build import build
from surveybook.render.problems import Refused

QUARTO = """\
project:
  type: book
  output-dir: site
book:
  title: "Small"
  chapters:
    - index.qmd
    - one.qmd
    - two.qmd
bibliography: refs.bib
"""
CHAPTER = "# One {#sec-one}\n\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>'


def refusal(root: Path) -> list[str]:
    with pytest.raises(Refused) as refused:
        build(root)
    return str(refused.value).splitlines()


def page(root: Path, name: str) -> LexborHTMLParser:
    return LexborHTMLParser((root / "site" / name).read_text(encoding="utf-8"))


def text_of(root: Path, selector: str, name: str = "one.html") -> list[str]:
    return [re.sub(r"[ \n]+", " ", node.text()).strip() for node in page(root, name).css(selector)]


def write_book(
    root: Path, one: str = "# One {#sec-one}\n\nText.\n", two: str = "# Two {#sec-two}\n\nText.\n"
) -> Path:
    """A book whose chapters have these texts, in a new folder."""
    texts = {
        "_quarto.yml": QUARTO, "index.qmd": "# Home {.unnumbered}\n\nWelcome.\n", "one.qmd": one, "two.qmd": two,
        "refs.bib": "@book{moss, author={Moss, Ada}, title={Peat}, publisher={Bog}, year={2001}}\n", "a.svg": SVG,
    }
    root.mkdir()
    for name, text in texts.items():
        (root / name).write_text(text, encoding="utf-8")
    return root
