"""Which day does a date of a book name, and how is it written on the page?

The forms are those of Quarto: its five styles, or a pattern of day.js (https://day.js.org/docs/en/display/format).
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from surveybook.clock import given_day

MOVING = ("today", "now", "last-modified")  # they name another day at every build
FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%B %d, %Y", "%d %B %Y", "%B %Y")
STYLES = {"full": "dddd, MMMM D, YYYY", "long": "MMMM D, YYYY", "medium": "MMM D, YYYY", "short": "M/D/YY",
          "iso": "YYYY-MM-DD"}
PATTERN = re.compile(r"\[([^\]]*)\]|Y{4}|YY|M{1,4}|Do|D{1,2}|d{1,4}|Q|H{1,2}|h{1,2}|m{1,2}|s{1,2}|SSS|A|a|ZZ?")


def day(value: Any) -> date | None:
    """The day that a date names. Today is the day that SOURCE_DATE_EPOCH says, and none without it."""
    if value in MOVING:
        return given_day()
    for form in FORMS:
        with suppress(ValueError, TypeError):
            return datetime.strptime(value, form).date()
    return None


def written_date(value: Any, form: Any = None) -> str:
    """`2026-03-14` as `March 14, 2026`, or in the form that `date-format` asks for; nothing for no date."""
    found = day(value)
    return PATTERN.sub(lambda mark: _part(found, mark), STYLES.get(form or "long", str(form))) if found else ""


def _part(found: date, mark: re.Match) -> str:
    """What one mark of a pattern stands for; a date has no hours."""
    if mark[1] is not None:
        return mark[1]
    number = found.day
    ending = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    weekday = f"{found:%A}"
    return {
        "YYYY": f"{found.year:04}", "YY": f"{found:%y}", "M": str(found.month), "MM": f"{found:%m}",
        "MMM": f"{found:%b}", "MMMM": f"{found:%B}", "D": str(number), "DD": f"{found:%d}", "Do": f"{number}{ending}",
        "d": f"{found:%w}", "dd": weekday[:2], "ddd": weekday[:3], "dddd": weekday,
        "Q": str((found.month + 2) // 3), "H": "0", "HH": "00", "h": "12", "hh": "12", "m": "0", "mm": "00", "s": "0",
        "ss": "00", "SSS": "000", "A": "AM", "a": "am", "Z": "+00:00", "ZZ": "+0000",
    }.get(mark[0], mark[0])
