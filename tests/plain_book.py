"""A book of three pages without cells, with a last good site; what a build says that must leave that where it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from project import ROOT

from surveybook.render.build import build
from surveybook.render.problems import Refused

QUARTO = """\
project:
  type: book
  output-dir: site
  execute-dir: project
lang: en
book:
  title: "Small"
  chapters: [index.qmd, one.qmd, two.qmd]
bibliography: refs.bib
"""
HEAD = "# One {#sec-one}\n\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'
FILES: dict[str, str | bytes] = {
    "_quarto.yml": QUARTO,
    "index.qmd": "# Home {.unnumbered}\n\nWelcome.\n",
    "one.qmd": f"{HEAD}Text.\n",
    "two.qmd": "# Two {#sec-two}\n\nText.\n",
    "refs.bib": "@book{moss, author={Moss, Ada}, title={Peat}, publisher={Bog}, year={2001}}\n",
}
GOOD = '<html><link rel="stylesheet" href="site_libs/base.css">the last good one</html>'


def write(root: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def cell(code: str) -> str:
    return f"```{{python}}\n{code}\n```\n\n"


def make_book(root: Path, files: dict[str, str | bytes] | None = None) -> Path:
    """A book of three pages in the folder `root`, some of its files replaced, with a last good site."""
    write(root, FILES | {"site/index.html": GOOD} | (files or {}))
    return root


def refusal(root: Path) -> list[str]:
    """What a build says that must leave the last good site, and nothing else, where it was."""
    with pytest.raises(Refused) as refused:
        build(root)
    assert contents(root / "site") == {"index.html": GOOD.encode()}
    assert not list(root.glob(".site*"))
    said = str(refused.value).splitlines()
    assert all(len(line) < 700 and "; " in line for line in said), "what is wrong; what to do"
    return said


def command(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`surveybook render` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "surveybook", "render", str(root), *arguments],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
