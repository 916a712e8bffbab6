"""Which day is it?  A report names its own, so that a build of tomorrow gives the same bytes."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime


def given_day() -> date | None:
    """The day that SOURCE_DATE_EPOCH says (https://reproducible-builds.org/specs/source-date-epoch/); None without."""
    moment = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(moment), UTC).date() if moment.isdecimal() else None


def today() -> date:
    """The day that is given, or that of this machine."""
    return given_day() or date.today()
