"""How are rows written, so that nothing is lost, and a spreadsheet runs none of it?"""

from __future__ import annotations

import csv
import io
import json
import math
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

FORMULA = "=+-@＝＋－＠"  # what makes a spreadsheet compute a cell, in half and in full width
INFINITE = {math.inf: "Infinity", -math.inf: "-Infinity"}  # the words that Python, R and JavaScript read back


def as_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as CSV (RFC 4180): UTF-8 with a header, numbers unrounded, nothing for what is missing.

    Text that a spreadsheet would take for a formula, or that starts with a control character, gets a `'` before it.
    The columns are those of all rows, in the order in which they come up.
    """
    rows = list(rows)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(map(harmless, columns))
    writer.writerows([cell(row.get(name)) for name in columns] for row in rows)
    return encoded(text.getvalue())


def as_json(value: Any) -> bytes:
    """Plain data as JSON: numbers unrounded, and text exactly as it is."""
    return encoded(json.dumps(finite(value), ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def cell(value: Any) -> str:
    """A value as the cell of a CSV file."""
    if isinstance(value, str):
        return harmless(value)
    plain = finite(value)
    return "" if plain is None else plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: blanks and unseen characters before a sign do not hide it."""
    first = next((sign for sign in text if unicodedata.category(sign)[0] not in "CZ"), "")
    control = text[:1] and unicodedata.category(text[0]) == "Cc"
    return f"'{text}" if control or (first and first in FORMULA) else text


def finite(value: Any) -> Any:
    """Plain data without what JSON cannot write: what is no number is missing, what has no end is a word."""
    if isinstance(value, float) and not math.isfinite(value):
        return INFINITE.get(value)
    if isinstance(value, Mapping):
        return {name: finite(entry) for name, entry in value.items()}
    return [finite(entry) for entry in value] if isinstance(value, list | tuple) else value


def encoded(text: str) -> bytes:
    """As UTF-8; half of a character that lost its other half shows as a question mark."""
    return text.encode("utf-8", "replace")
