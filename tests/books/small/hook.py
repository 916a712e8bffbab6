"""Quarto and the renderer run this before and after a render, as _quarto.yml asks: the tool does the work."""

import sys

sys.path[0] = ""  # the folder of the report, where the tool lies if it is not installed

from surveybook.cli import main  # noqa: E402

sys.exit(main(["hook", *sys.argv[1:]]))
