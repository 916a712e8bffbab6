"""How are rows, data and files written, so that nothing is lost, and no spreadsheet and no browser runs any of it?"""

from __future__ import annotations

import codecs
import csv
import io
import json
import math
import os
import re
import shutil
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import cache, lru_cache
from typing import Any, BinaryIO

from surveybook.folders import Content

# What the files of a site are, by the end of their names: what a machine knows of that differs from the next one's
MEDIA_TYPES = {
    ".bib": "application/x-bibtex", ".csv": "text/csv", ".html": "text/html", ".json": "application/json",
    ".md": "text/markdown", ".png": "image/png", ".ris": "application/x-research-info-systems",
    ".svg": "image/svg+xml", ".txt": "text/plain", ".yaml": "application/yaml", ".zip": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FORMULA = "=+-@＝＋－＠"  # what makes a spreadsheet compute a cell, in half and in full width
DAY = re.compile(r"\d{1,4}[-/]\d{1,4}", re.ASCII)  # what it takes for a day or month, though it is a span or a ratio
OLDEST = date(1980, 1, 1)  # that an archive can hold
SINGLE = {str, int, float, bool, type(None)}
INFINITE = {math.inf: "Infinity", -math.inf: "-Infinity"}  # the words that Python, R and JavaScript read back


def as_csv(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as CSV (RFC 4180): UTF-8 with a header, numbers unrounded, nothing for what is missing.

    It begins with the byte order mark without which Excel takes UTF-8 for another encoding (`utf-8-sig` in Python).
    Text that a spreadsheet would take for a formula or a day, such as `2-4`, or that starts with a control character,
    gets a `'` before it.
    The columns are those of all rows, in the order in which they come up.
    """
    rows = list(rows)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(map(harmless, columns))
    writer.writerows([cell(row.get(name)) for name in columns] for row in rows)
    return codecs.BOM_UTF8 + encoded(text.getvalue())


def as_json(value: Any) -> bytes:
    """Plain data as JSON: numbers unrounded, and text exactly as it is."""
    return encoded(json_text(value, "  ") + "\n")


def json_text(value: Any, step: str, margin: str = "\n") -> str:
    """Plain data as JSON, each level indented by a step more; what is no number is missing, what has no end is a word.

    The same as json.dumps writes it, which takes ten times as long where it indents: what holds nothing but single
    values is written at once, with the indentation as what stands between two of them.
    """
    if type(value) not in (dict, list):
        plain = finite(value)
        return json_text(plain, step, margin) if type(plain) in (dict, list) else one_value(plain)
    first, last = "{}" if type(value) is dict else "[]"
    if not value:
        return first + last
    inner = margin + step
    values = value.values() if type(value) is dict else value
    if SINGLE.issuperset(map(type, values)):
        with suppress(ValueError):  # there is one that is no number, or without end
            return f"{first}{inner}{encoder(inner)(value)[1:-1]}{margin}{last}"
    written = [json_text(one, step, inner) for one in values]
    if type(value) is dict:
        written = [f"{quoted(name)}: {one}" for name, one in zip(value, written, strict=True)]
    return f"{first}{inner}{f',{inner}'.join(written)}{margin}{last}"


one_value = json.JSONEncoder(ensure_ascii=False).encode


@cache
def encoder(inner: str) -> Callable[[Any], str]:
    """Writes single values with this between them."""
    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(f",{inner}", ": ")).encode


@lru_cache(maxsize=None, typed=True)  # a few names, each written thousands of times; 1 is another one than true
def quoted(name: Any) -> str:
    """The name of a field."""
    return one_value(name if isinstance(name, str) else json.dumps(name))


def cell(value: Any) -> str:
    """A value as the cell of a CSV file."""
    if isinstance(value, str):
        return harmless(value)
    if type(value) is int or type(value) is float and math.isfinite(value):
        return repr(value)
    plain = finite(value)
    return "" if plain is None else plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula or a day: blanks and unseen characters before a sign hide none."""
    if text[:1].isalnum():
        return f"'{text}" if DAY.fullmatch(text) else text
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


def zip_files(files: Mapping[str, Content], day: date) -> Content:
    """Files by their paths, in their order, as a zip archive of a day (from 1980 on): the same wherever it is made, as
    they are stored and not compressed. What comes out of a compressor differs between its versions. It lies in a
    temporary file."""
    made = tempfile.TemporaryFile()  # noqa: SIM115  (it goes with what is returned)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, (day.year, day.month, day.day, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # as on Unix, readable for all
            entry.file_size = content.size
            with content.open() as source, archive.open(entry, "w") as place:
                shutil.copyfileobj(source, place)

    def opened() -> BinaryIO:
        made.seek(0)
        return open(os.dup(made.fileno()), "rb")

    return Content(opened, made.tell())


def encoded(text: str) -> bytes:
    """As UTF-8; half of a character that lost its other half shows as a question mark."""
    return text.encode("utf-8", "replace")
