"""`python -m tests.reference CASES.json`."""

import sys

from .comparison import main

sys.exit(main(sys.argv[1:]))
