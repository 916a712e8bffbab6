"""Does a finished site hold anything of a respondent?  Names, rows, rare combinations, and what confirms a guess.

For every file of a study in the book's `data/` that is not given away (site/study.py). What is looked for comes from
the file itself: a site that is right has nothing of it in any of its files, archives included.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any

from surveybook.folders import Content
from surveybook.publish.checks.rule import FileFault
from surveybook.publish.site.rows import count_rows
from surveybook.publish.site.study import RESPONSES, Study, read_studies

ARCHIVES = {".zip", ".xlsx"}
TEXT = ARCHIVES | {".html", ".csv", ".json", ".svg", ".md", ".txt", ".js", ".xml", ".bib", ".ris", ".yaml", ".jsonld"}
LEAST_LETTERS = 4  # of a name that can be told from other words
CELLS = 6  # answers next to each other, as a row has them
DIGITS = 10  # of a hash that no other file has
NEAR = 400  # characters from the name of a file to its size
AT_ONCE = 1 << 20  # bytes of a file
LONGEST = 20_000  # letters of a line that can be a row
TABLE_ROW, TABLE_CELL = re.compile(r"(?s)<tr.*?</tr>"), re.compile(r"(?s)<t[dh][^>]*>(.*?)</t[dh]>")
TAG = re.compile(r"<[^>]*>")
TABLES = r"\.(?:csv|parquet)"  # the end of the name of another file
FREE = 20  # letters that make an answer free text: no category has so many and is not declared
WORDS = 8  # in a row that two people hardly write alike
WORD, MARKED = re.compile(r"\w+"), re.compile(r"\[[^\[\]]*\]")  # what stands in a quote for other words


@dataclass(frozen=True)
class Respondents:
    """What tells the respondents in a table of a study: their `names`, `texts` that somebody wrote and `excerpts` of
    them, but for quotes that were cleared, and the `rare` combinations of answers (their labels) with how many have
    them; and what tells of the file itself: beginnings of its `digests`, and its `size` near its name. `columns`: what
    a cell of each column may be, in the order of the file, None for anything: answers next to each other are looked for
    in the file."""

    study: Study
    table: str
    path: str
    names: frozenset[str]
    columns: Mapping[str, frozenset[str] | None]
    texts: frozenset[str]
    rare: Mapping[frozenset[str], int]
    digests: frozenset[str] = frozenset()
    size: re.Pattern[str] | None = None
    excerpts: frozenset[int] = frozenset()

    @cached_property
    def telling(self) -> frozenset[str]:
        """All answers that are part of a rare combination."""
        return frozenset().union(*self.rare)

    @cached_property
    def several_words(self) -> list[str]:
        """The names that are more than one word."""
        return sorted(name for name in self.names if " " in name)

    @cached_property
    def lists(self) -> frozenset[tuple[str, ...]]:
        """Answers of one question in their order, as every codebook has them."""
        return frozenset(piece for own in self.columns.values() if own for piece in pieces(list(own)))

    def starts(self, piece: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """The columns next to each other in which a row could have such cells."""
        names = list(self.columns)
        for start in range(len(names) - CELLS + 1):
            own = names[start : start + CELLS]
            if all(self.columns[name] is None or cell in self.columns[name]
                   for name, cell in zip(own, piece, strict=True)):
                yield tuple(own)


def respondents_shown(site: Path, book: Path) -> Iterator[FileFault]:
    """No file of a site holds a name, a row, a text or a rare combination of answers of a respondent.

    The file, the place in it, what stands there, and what to do.
    """
    known = [one for study in read_studies(book).values() for one in read_respondents(study)]
    if not known:
        return
    found: dict[tuple[str, ...], dict[str, str]] = {}  # pieces -> the file and the place in it
    for name, content in files(site):
        text = content.decode("utf-8", "replace")
        for spot, cells in records(text):
            for piece in set(pieces(cells)):
                found.setdefault(piece, {}).setdefault(name, spot)
        for one in known:
            yield from ((name, *fault) for fault in faults(text, one))
    for one in known:
        yield from rows_shown(found, one)


def rows_shown(found: Mapping[tuple[str, ...], Mapping[str, str]], known: Respondents) -> Iterator[FileFault]:
    """Where a site has a piece of a row: in each file the first."""
    wanted: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for piece in found.keys() - known.lists:
        for columns in known.starts(piece):
            wanted.setdefault(columns, set()).add(piece)
    if not wanted:
        return
    counted = count_rows(known.study, known.path, list(wanted.items()))
    spots = {name: spot for counts in counted for piece in counts for name, spot in found[piece].items()}
    for name, spot in sorted(spots.items()):
        yield name, spot, f"a row of a respondent of “{known.study.name}” stands here", "publish counts alone"


def read_respondents(study: Study) -> Iterator[Respondents]:
    """The respondents of a study, once for each of its files that is not given away; none where all are."""
    for resource in study.descriptor["resources"]:
        if posixpath.normpath(resource["path"]) in study.private:
            yield read_table(study, resource)


def read_table(study: Study, resource: Mapping[str, Any]) -> Respondents:
    """The respondents in one file. Of a table beside the responses its texts are no answers, and its columns no
    questions."""
    fields, path = resource["schema"]["fields"], resource["path"]
    labels = {field["name"]: dict(map(labelled, field.get("categories", ()))) for field in fields}
    keys = [field["name"] for field in fields if field["name"] in study.identifiers]
    columns = {field["name"]: cells_of(field) for field in fields if field["name"] not in keys}
    answers = resource["name"] in study.answered
    written = [name for name in columns if answers and not labels[name] and name not in study.codes]
    known = [name for name in (study.descriptor.get("disclosure") or {}).get("quasi_identifiers", ())
             if answers and labels.get(name)]
    together, *alone = count_rows(study, path, [
        (known if len(known) > 1 else [], None), *(([name], None) for name in (*keys, *written))])
    cells = {name: {cell for (cell,) in counts} for name, counts in zip((*keys, *written), alone, strict=True)}
    texts, quotes = set().union(*map(cells.get, written)), study.quotes
    parts = {name: (content.size, set(digests(content))) for name, content in study.parts(path)}
    return Respondents(
        study, "the responses" if resource["name"] == RESPONSES else f"the table “{resource['name']}”", path,
        names=frozenset(name for key in keys for name in cells[key] if len(name) >= LEAST_LETTERS),
        columns=columns,
        texts=frozenset(cell for cell in texts if len(cell) >= FREE
                        and not any(" ".join(cell.split()) in quote for quote in quotes)),
        rare=rare(together, known, labels, study.least),
        digests=frozenset(one[:DIGITS] for _, sums in parts.values() for one in sums),
        size=size_near_name({name: size for name, (size, _) in parts.items()}),
        excerpts=excerpts_of_people(study, [cell for name in written if name in study.texts for cell in cells[name]]),
    )


def cells_of(field: Mapping[str, Any]) -> frozenset[str] | None:
    """What a cell of a column may be; None for anything."""
    if not field.get("categories") or field.get("type") != "string":
        return None
    return frozenset(value for key in ("categories", "missingValues") for value, _ in map(labelled, field.get(key, ())))


def size_near_name(sizes: Mapping[str, int]) -> re.Pattern[str]:
    """What finds the size of one of these files behind its name, with no other file's name between them."""
    return re.compile("|".join(rf"{re.escape(name)}(?:(?!{TABLES})[\s\S]){{0,{NEAR}}}?(?<![\w.]){size}(?![\w.])"
                               for name, size in sizes.items()))


def excerpts_of_people(study: Study, texts: Iterable[str]) -> frozenset[int]:
    """Pieces of what people wrote, but for words that stand in the codebook or in a quote, and are everybody's."""
    public = [json.dumps(study.descriptor, ensure_ascii=False, default=str),
              *(part for quote in study.quotes for part in MARKED.split(quote))]
    own = frozenset(one for text in texts for one in excerpts(text, WORDS))
    return own.difference(*(excerpts(one, 1) for one in public))


def labelled(category: str | Mapping[str, str]) -> tuple[str, str]:
    """An answer and its label; the standard allows a plain value for both."""
    return (category, category) if isinstance(category, str) else (category["value"],
                                                                   category.get("label", category["value"]))


def digests(content: Content) -> Iterator[str]:
    """The hashes of a file that one meets, that of git among them."""
    sums = [hashlib.new(name, usedforsecurity=False) for name in ("md5", "sha1", "sha256", "sha512")]
    git = hashlib.sha1(b"blob %d\0" % content.size, usedforsecurity=False)
    with content.open() as file:
        while piece := file.read(AT_ONCE):
            for one in (*sums, git):
                one.update(piece)
    for found in sums:
        yield from (found.hexdigest(), base64.b64encode(found.digest()).decode())
    yield git.hexdigest()


def pieces(cells: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Answers next to each other that are not all alike, from each place on."""
    for start in range(len(cells) - CELLS + 1):
        piece = tuple(cells[start : start + CELLS])
        if len(set(piece)) > 2:
            yield piece


def rare(
    found: Mapping[tuple[str, ...], int], names: list[str], labels: Mapping[str, Mapping[str, str]], least: int
) -> dict[frozenset[str], int]:
    """The combinations of answers to all quasi-identifiers that fewer than `least` respondents have; those without any
    answer tell of nobody."""
    return {
        frozenset(labels[name].get(value, value) for name, value in zip(names, values, strict=True)): count
        for values, count in found.items()
        if values and count < least and any(value in labels[name] for name, value in zip(names, values, strict=True))
    }


def files(site: Path) -> Iterator[tuple[str, bytes]]:
    """Every file that can hold words, those in archives as well, by its name in the site."""
    for path in sorted(path for path in site.rglob("*") if path.is_file() and path.suffix in TEXT):
        name = path.relative_to(site).as_posix()
        if path.suffix not in ARCHIVES:
            yield name, path.read_bytes()
            continue
        with zipfile.ZipFile(path) as archive:
            for inner in sorted(archive.namelist()):
                yield f"{name}/{inner}", archive.read(inner)


def faults(text: str, known: Respondents) -> Iterator[tuple[str, str, str]]:
    """What a file has of the respondents of one study: the place, what, and the remedy."""
    words = set(re.findall(r"[\w-]+", text))
    for name in sorted(known.names & words) or [name for name in known.several_words if name in text]:
        what = f"“{name}” names a respondent of “{known.study.name}”"
        yield line_of(text, name), what, "take it out of what is published"
        break  # one is enough to act on
    for digest in sorted(known.digests):
        if digest in text:
            yield (line_of(text, digest), f"the hash of {known.table} of “{known.study.name}” stands here",
                   "publish no hash of a file that is not published")
            break
    if known.size and (found := known.size.search(text)):
        yield (line_of(text, found[0]), f"the size of {known.table} of “{known.study.name}” stands here",
               "publish no size of a file that is not published")
    plain = unescape(text)
    if answer := free_text(plain, known):
        yield (line_of(plain, answer), f"a text of a respondent of “{known.study.name}” stands here",
               "publish no free text but quotes that were cleared")
    for spot, cells in records(text):
        said = known.telling.intersection(cells)
        held = next((combination for combination in known.rare if combination <= said), None) if len(said) > 1 else None
        if held:
            yield (spot, f"only {known.rare[held]} respondents of “{known.study.name}” are {', '.join(sorted(held))}",
                   f"put answers together until {known.study.least} have each combination")
            break


def excerpts(text: str, step: int) -> Iterator[int]:
    """Words in a row, by their hash, one piece of them after `step` words."""
    words = [word.casefold() for word in WORD.findall(text)]
    for start in range(0, len(words) - WORDS + 1, step):
        yield hash(tuple(words[start:start + WORDS]))


def free_text(plain: str, known: Respondents) -> str:
    """What a file has of the texts of respondents, but for quotes that were cleared; nothing where it has none."""
    if found := next((answer for answer in sorted(known.texts) if answer in plain), ""):
        return found
    if not known.excerpts:
        return ""
    words = list(WORD.finditer(plain))
    folded = [word[0].casefold() for word in words]
    return next((plain[words[start].start():words[start + WORDS - 1].end()]
                 for start in range(len(words) - WORDS + 1)
                 if hash(tuple(folded[start:start + WORDS])) in known.excerpts), "")


def records(text: str) -> Iterator[tuple[str, list[str]]]:
    """What belongs together in a file, with its place: objects of JSON, rows of tables, lines of CSV."""
    if text.lstrip().startswith(("{", "[")):
        with suppress(ValueError):
            yield from objects(json.loads(text))
            return
    for number, row in enumerate(TABLE_ROW.findall(text), 1):
        yield f"table row {number}", [unescape(TAG.sub("", cell)) for cell in TABLE_CELL.findall(row)]
    for number, line in enumerate(text.splitlines(), 1):
        if max(map(line.count, ",;\t")) >= CELLS - 1 and len(line) < LONGEST:
            mark = max(",;\t", key=line.count)
            yield f"line {number}", next(csv.reader([line], delimiter=mark))


def objects(value: object, spot: str = "entry") -> Iterator[tuple[str, list[str]]]:
    """The plain values of each object or list inside JSON."""
    if isinstance(value, dict | list):
        inside = list(value.items() if isinstance(value, dict) else enumerate(value))
        yield spot, [str(one) for _, one in inside if not isinstance(one, dict | list)]
        for name, one in inside:
            yield from objects(one, f"{spot}.{name}")


def line_of(text: str, words: str) -> str:
    return f"line {text.count(chr(10), 0, text.index(words)) + 1}"
