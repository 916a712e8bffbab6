"""A site of a page or two, written by hand."""

from __future__ import annotations

from pathlib import Path

MARK = '<meta name="generator" content="quarto-1.9.38">'
GOOD = f"""<!DOCTYPE html><html lang="en"><head>{MARK}<title>A Book</title></head><body>
<nav><a href="#" role="button"></a><h2>Contents</h2></nav>
<main><h1 id="top-heading">A Book</h1><p>{{}}</p></main></body></html>"""


def page(content: str = "Text.", html: str = GOOD) -> str:
    return html.replace("{}", content)


def site_of(folder: Path, files: dict[str, str] | None = None) -> Path:
    """A site with an index page, and what else is given by path."""
    for name, text in {"index.html": page(), **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
