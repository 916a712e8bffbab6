"""Quarto and the renderer run this before and after a render, as _quarto.yml asks: the tool does the work."""

import sys

from surveybook.cli import main

sys.exit(main(["hook", *sys.argv[1:]]))
