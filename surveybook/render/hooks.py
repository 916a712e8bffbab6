"""Run the project's own scripts, `pre-render` and `post-render` of _quarto.yml, as Quarto does."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from surveybook.render.book import Book
from surveybook.render.problems import Problem, Refused


def run(book: Book, key: str, output: Path) -> None:
    """Run the scripts under `key` in their order, each in the book's folder and told where the site is.

    Raises Refused for one that is no Python script of the book, or that fails: what it printed says why.
    """
    declared = book.get("project", key, default=[])
    for script in [declared] if isinstance(declared, str) else declared:
        name, *arguments = shlex.split(script)
        line = book.settings.line("project", key)
        if not name.endswith(".py") or not (book.root / name).is_file():
            raise Refused([Problem("_quarto.yml", line, f"“{name}” under {key} is no Python script of the book",
                                   "name one, or take it out")])
        ended = subprocess.run(
            [sys.executable, name, *arguments], cwd=book.root, stdin=subprocess.DEVNULL, stdout=sys.stderr,
            env={**os.environ, "QUARTO_PROJECT_OUTPUT_DIR": str(output)},
        )
        if ended.returncode:
            raise Refused([Problem("_quarto.yml", line, f"“{script}” under {key} failed", "see what it says above")])
