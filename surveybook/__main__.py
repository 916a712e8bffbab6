"""`python -m surveybook`: the same as the command `surveybook`."""

import sys

from surveybook.cli import main

if __name__ == "__main__":
    sys.exit(main())
