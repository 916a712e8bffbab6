"""Render a book: `python -m renderer BOOK [--output DIR]`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from .build import build
from .problems import Refused


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m renderer", description="Render a Quarto book without Quarto.")
    parser.add_argument("book", type=Path, help="folder with the book's _quarto.yml")
    parser.add_argument("--output", type=Path, help="folder for the site (default: output-dir of _quarto.yml)")
    parser.add_argument("--execute", choices=["fork", "jupyter"], default=os.environ.get("EXECUTE", "fork"),
                        help="run cells in forked processes, or in Jupyter kernels")
    given = parser.parse_args(arguments)
    try:
        result = build(given.book, given.output, lambda line: print(line, file=sys.stderr, flush=True), given.execute)
    except Refused as refused:
        count = len(refused.problems)
        print(f"{refused}\n{count} problem{'s' * (count != 1)}; nothing was written", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        return 130
    print(f"{result.pages} pages, {result.figures} figures, {result.tables} tables in {result.seconds:.1f} s: "
          f"{result.output / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
