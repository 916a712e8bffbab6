"""Which letters and which separators does a text file have?  Found out, and said."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from pathlib import Path

from charset_normalizer import from_bytes

from surveybook.survey.errors import DataError

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Encodings without a mark that exports have, so that a guess among all the world's encodings is not needed
LIKELY = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "mac_roman", "shift_jis", "gb18030", "big5", "euc_kr"]
SAMPLE, LONGEST = 200, 10_000_000  # rows that tell the separator; letters of one cell


def read_delimited(path: Path) -> tuple[list[list[str]], dict]:
    """The rows of a text file with separators, and notes about its letters. Raises DataError for a damaged one."""
    text, notes = _decoded(path.read_bytes(), path)
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise DataError(
            f"{path}: row {line}: holds a NUL byte, which no text has; the file is damaged, or is no text: "
            "export it once more"
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    told, _, rest = text.partition("\n")
    if told.startswith("sep=") and len(told) == 5:  # as Excel writes it for itself
        separator, text = told[4], rest
    else:
        separator = _separator(text)
    csv.field_size_limit(LONGEST)
    head = [cell.strip() for cell in text.partition("\n")[0].split(separator)]
    quote = "'" if all(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in head) else '"'
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=separator, quotechar=quote, strict=True))
    except csv.Error as error:
        opened = _open_quote(text, separator)
        raise DataError(
            f"{path}: row {opened}: a quote that opens there does not close ({error}); double the quotes "
            "inside of answers, or export the file once more"
        ) from None
    if separator != ",":
        notes.append(f"cells are divided by {SEPARATORS.get(separator, separator)}")
    return rows, {"notes": notes}


def _decoded(content: bytes, path: Path) -> tuple[str, list[str]]:
    """The text of a file, and what it is written in where that is not UTF-8."""
    for mark, name in MARKS.items():
        if content.startswith(mark):
            try:
                return content.decode(name), [] if name == "utf-8-sig" else ["written in UTF-16"]
            except UnicodeDecodeError:
                raise DataError(
                    f"{path}: begins as {name} and goes on as something else; export it once more"
                ) from None
    head = content[:2000]
    if head[1::2].count(0) > len(head) // 3 or head[::2].count(0) > len(head) // 3:
        name = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        return content.decode(name, "replace"), ["written in UTF-16"]
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    lines, wrong = content.split(b"\n"), []
    for number, line in enumerate(lines, 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            wrong.append(number)
    right = sum(not line.isascii() for line in lines) - len(wrong)
    if right >= len(wrong):  # most lines with other letters are UTF-8: two files were put together
        mixed = [
            line.decode("utf-8") if number not in set(wrong) else line.decode("cp1252", "replace")
            for number, line in enumerate(lines, 1)
        ]
        rows = ", ".join(map(str, wrong[:5])) + (" and others" if len(wrong) > 5 else "")
        return "\n".join(mixed), [
            f"two encodings are mixed: line {rows} is not UTF-8 and was read as Windows-1252; look at its letters"
        ]
    telling = b"\n".join(lines[number - 1] for number in wrong[:2000])
    found = from_bytes(telling, cp_isolation=LIKELY).best()
    name = found.encoding if found else "cp1252"
    if telling.decode(name, "replace") == telling.decode("cp1252", "replace"):
        name = "cp1252"
    return content.decode(name, "replace"), [f"not UTF-8, and read as {name}; look at letters with accents"]


def _separator(text: str) -> str:
    """What divides the cells: that which gives most rows the same number of cells, and more than one."""
    best, most = ",", (0.0, 0)
    for separator in SEPARATORS:
        widths: Counter[int] = Counter()
        try:
            for row in csv.reader(io.StringIO(text), delimiter=separator):
                widths[len(row)] += bool(row)
                if widths.total() >= SAMPLE:
                    break
        except csv.Error:
            continue
        width, rows = widths.most_common(1)[0] if widths else (1, 0)
        found = (round(rows / max(widths.total(), 1), 1), width)
        if width > 1 and found > most:
            best, most = separator, found
    return best


def _open_quote(text: str, separator: str) -> int:
    """The row on which a quote opens that never closes: the last one that starts a cell."""
    lines = text.split("\n")
    for number in range(len(lines), 0, -1):
        if any(
            cell.startswith('"') and (len(cell) == 1 or not cell.endswith('"'))
            for cell in lines[number - 1].split(separator)
        ):
            return number
    return len(lines)
