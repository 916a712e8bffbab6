"""The book that `_quarto.yml` describes: its pages in order, their numbers and titles, and the outline around them."""

from __future__ import annotations

import os
import posixpath
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from surveybook.boundary import Beyond, Missing, find_file
from surveybook.render.headings import read_headings
from surveybook.render.markdown import Woven
from surveybook.render.problems import Problem, Refused
from surveybook.render.settings import Settings, options

NBSP = "\u00a0"
CHAPTERS = (".qmd", ".md")  # the latter without cells
# Blocks of code, code in a line, and comments: what stands there is shown or passed over, and does nothing
SHOWN_ONLY = re.compile(r"^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^[ \t]*(?P=fence)[^\n]*$|<!--.*?-->"
                        r"|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)",
                        re.DOTALL | re.MULTILINE)
# Brackets that Pandoc tries to close: none in a formula or behind a backslash, and each paragraph, item of a list and
# cell of a table by itself
BRACKETS = re.compile(r"\\.|\$[^$\n]+\$|[\[\]|]|\n[ \t]*(?:\n|[-+*#>:]|\w{1,9}[.)][ \t])", re.DOTALL)
MOST_BRACKETS, CLOSED = 14, 1.6  # of one that is closed Pandoc tries three ways, and two of one that is not
MOST_MARKS = 64
MARKS = re.compile(rf"^(?:[ \t]*(?:>|[-+*][ \t]|\w{{1,9}}[.)][ \t])){{{MOST_MARKS + 1}}}", re.MULTILINE)


@dataclass(frozen=True)
class Entry:
    """One line of the outline: a page (`file`, with `text` if lists call it otherwise than its title), or words
    without a link (a part, “Appendices”).

    A part may be a page as well; then it has no number.
    """

    depth: int
    file: str = ""
    text: str = ""
    appendix: bool = False
    place: tuple[str, int] = ("", 0)
    part: bool = False


@dataclass(frozen=True)
class Book:
    root: Path
    settings: Settings
    outline: tuple[Entry, ...]
    refused: frozenset[str] = frozenset()  # chapters that are listed and cannot be pages

    def get(self, *keys, default=None):
        """A value of `_quarto.yml` by its path of keys."""
        value = self.settings.get(*keys)
        return default if value is None else value

    @property
    def files(self) -> list[str]:
        return [entry.file for entry in self.outline if entry.file]

    @property
    def pages(self) -> list[str]:
        """What the files become, from the site's folder."""
        return [str(PurePosixPath(file).with_suffix(".html")) for file in self.files]


@dataclass(frozen=True)
class Chapter:
    """A page of the book before Pandoc: its title taken out of the text, its number given."""

    book: Settings
    file: str
    woven: Woven
    markdown: str
    title: str
    identifier: str
    number: str
    appendix: bool
    unnumbered: bool
    unlisted: bool
    label: str = ""  # what lists of pages call it, if not by its title

    @cached_property
    def href(self) -> str:
        return str(PurePosixPath(self.file).with_suffix(".html"))

    @property
    def index(self) -> bool:
        return self.file == "index.qmd"

    @property
    def untitled(self) -> bool:
        """Whether it is a home page with a title in its front matter: the page shows the book's title instead, its
        sections are 0.1, 0.2 and so on, and its floats 1, 2."""
        return self.index and bool(self.number) and self.front.get("title") is not None

    @property
    def front(self) -> dict:
        return self.woven.source.front.data

    @property
    def facts(self) -> dict:
        """Where author and date of the page are given: for the home page, in `book`."""
        return (self.book.get("book") or {}) if self.index else self.front

    @property
    def abstract(self) -> str:
        """Markdown: that of the page, or of the book."""
        found = (data.get("abstract") for data in (self.facts, self.front, self.book.data))
        return next((text for text in found if text), "")

    def words(self, key: str) -> list[str]:
        """What a list such as `keywords` has for this page: what the book says, then the page."""
        return list(dict.fromkeys([*as_list(self.book.get(key)), *as_list(self.front.get(key))]))

    @property
    def date_format(self) -> str | None:
        return self.facts.get("date-format") or self.book.get("date-format")

    @property
    def options(self) -> dict:
        """The book's document options with the page's own."""
        return options(self.book, self.woven.source.front)

    @property
    def depth(self) -> int:
        """The lowest level of headings that show their numbers; 0 if not even the title does."""
        return 0 if self.options.get("number-sections") is False else self.options.get("number-depth", 6)

    @cached_property
    def prose(self) -> str:
        """The woven Markdown with blanks for what stands in code and in comments, its lines as they were."""
        return SHOWN_ONLY.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), self.woven.markdown)

    def tangle(self) -> Problem | None:
        """Where brackets, lists or quotations stand in each other so deep that Pandoc would not come to an end: each
        bracket takes it two or three times as long."""
        prose = self.prose
        if (place := _too_many_brackets(prose)) is not None:
            return Problem(*self.line(prose.count("\n", 0, place) + 1),
                           "too many brackets “[” stand in each other, or are never closed, to be read in time",
                           "write \\[ for those that are text, or put them into backticks")
        if found := MARKS.search(prose):
            return Problem(*self.line(prose.count("\n", 0, found.start()) + 1),
                           f"more than {MOST_MARKS} lists or quotations begin in each other",
                           "begin fewer, or put the line into backticks")
        return None

    def place(self, needle: str | re.Pattern, nth: int = 0) -> tuple[str, int]:
        """File and line of the nth place where `needle` stands in prose, or anywhere if nowhere there (or the last
        one); else of the page's first line."""
        if isinstance(needle, str):
            before = r"(?<![\w-])" if re.match(r"\w", needle) else ""
            after = r"(?![\w-])" if re.match(r"[\w-]", needle[-1:]) else ""
            needle = re.compile(before + re.escape(needle) + after)
        for text in (self.prose, self.woven.markdown) if needle.pattern else ():
            if found := list(needle.finditer(text)):
                return self.line(text.count("\n", 0, found[min(nth, len(found) - 1)].start()) + 1)
        return self.file, 1

    def line(self, number: int) -> tuple[str, int]:
        """File and line of a line of the woven Markdown."""
        lines = self.woven.lines
        return lines[min(max(number, 1), len(lines)) - 1] if lines else (self.file, 1)

    def problem(self, what: str, remedy: str, needle: str | re.Pattern = "", nth: int = 0) -> Problem:
        return Problem(*self.place(needle, nth), what, remedy)


def letters(number: int) -> str:
    """The letters of an appendix: A to Z, then AA, AB and so on."""
    more, last = divmod(number - 1, 26)
    return (letters(more) if more else "") + chr(65 + last)


def given(id: str) -> re.Pattern:
    """Where a text gives something an id."""
    return re.compile(rf"(?:#|label=\"){re.escape(id)}(?![\w-])")


def as_list(value) -> list:
    """What may be one thing, a list of things or nothing, as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def relative(page: str, target: str) -> str:
    """The shortest relative address of `target` seen from `page` (both from the book's folder), as Quarto writes it."""
    path = posixpath.relpath(target, posixpath.dirname(page) or ".")
    return path.replace("%", "%25").replace("?", "%3F").replace("#", "%23")


def open_book(root: Path, settings: Settings) -> Book:
    """The outline of the book; raises Refused, with the rest of it, if a chapter is missing, listed twice or outside,
    or there is no index."""
    problems: list[Problem] = []
    outline = read_outline(settings, problems)
    seen: dict[str, int] = {}  # file -> the line that lists it first
    wrong: set[Entry] = set()
    for entry in outline:
        if not entry.file:
            continue
        if faults := list(find_faults(entry, root, seen)):
            problems += [Problem(*entry.place, *fault) for fault in faults]
            wrong.add(entry)
        seen.setdefault(entry.file, entry.place[1])
    home = "list it first: it is the book's home page"
    if "index.qmd" not in seen:
        place = settings.place("_quarto.yml", "book", "chapters") if settings.data else ("_quarto.yml", 0)
        problems.append(Problem(*place, "the chapters do not include index.qmd", home))
    elif outline[0].file != "index.qmd":
        problems.append(Problem("_quarto.yml", seen["index.qmd"], "index.qmd is not the first chapter", home))
    book = Book(root, settings, tuple(entry for entry in outline if entry not in wrong),
                frozenset(entry.file for entry in wrong))
    if problems:
        raise Refused(problems, book)
    return book


def read_outline(settings: Settings, problems: list[Problem]) -> list[Entry]:
    """The lines of the outline as `_quarto.yml` lists them: chapters, parts with their chapters, and appendices."""
    outline: list[Entry] = []

    def add(items: list, keys: tuple, depth: int, appendix: bool) -> None:
        for number, item in enumerate(items if isinstance(items, list) else [items]):
            path = (*keys, number)
            place = settings.place("_quarto.yml", *path)
            if isinstance(item, dict) and set(item) <= {"part", "chapters"} and isinstance(item.get("part"), str):
                place = settings.place("_quarto.yml", *path, "part")
                file = posixpath.normpath(item["part"]) if item["part"].endswith(CHAPTERS) else ""
                outline.append(Entry(depth, file, "" if file else item["part"], appendix, place, bool(file)))
                add(item.get("chapters") or [], (*path, "chapters"), depth + 1, appendix)
            elif isinstance(item, dict) and set(item) <= {"href", "file", "text"} \
                    and str(file := item.get("href") or item.get("file")).endswith(CHAPTERS):
                outline.append(Entry(depth, posixpath.normpath(file), str(item.get("text") or ""), appendix, place))
            elif isinstance(item, str) and re.fullmatch("-{3,}", item):  # a line in Quarto's list of chapters
                continue
            elif isinstance(item, str) and item.endswith(CHAPTERS):
                outline.append(Entry(depth, posixpath.normpath(item), appendix=appendix, place=place))
            else:
                problems.append(Problem(*place, f"the chapter “{item}” is not the name of a .qmd or .md file",
                                        "list files that end in .qmd or .md, or parts with their chapters"))

    book = settings.data.get("book") or {}
    add(book.get("chapters") or [], ("book", "chapters"), 1, False)
    if book.get("appendices"):
        place = settings.place("_quarto.yml", "book", "appendices")
        outline.append(Entry(1, text="Appendices", appendix=True, place=place))
        add(book["appendices"], ("book", "appendices"), 2, True)
    return outline


def find_faults(entry: Entry, root: Path, seen: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Why a file that is listed cannot be a page, and what to do; `seen`: the files above it, with their lines."""
    if entry.file in seen:
        yield f"the chapter {entry.file} is listed twice (first in line {seen[entry.file]})", "remove one of the two"
    try:
        find_file(root, entry.file)
    except Missing:
        other = any(os.path.isfile(root / unicodedata.normalize(form, entry.file)) for form in ("NFC", "NFD"))
        remedy = "its name in the folder has the same letters in another form of Unicode (accents apart from " \
                 "letters): write it here as it is there, or rename the file"
        yield f"there is no file {entry.file}", remedy if other else "write it, or take it out of the list"
    except Beyond as beyond:
        yield f"the chapter {entry.file} {beyond.what}", beyond.remedy
    else:
        if mark := re.search(r"""["':\\]""", entry.file):  # its address would be read otherwise, or cut short
            yield f"the name {entry.file} holds “{mark[0]}”, which links cannot carry", "rename the file"


def number_pages(book: Book, wovens: dict[str, Woven], problems: list[Problem]) -> list[Chapter]:
    """The pages with titles and numbers: chapters 1, 2, ... across parts, appendices A, B, ...; some have none."""
    chapters, counts = [], {False: 0, True: 0}
    for entry in book.outline:
        if entry.file not in wovens:
            continue
        woven, index = wovens[entry.file], entry.file == "index.qmd"
        front, markdown = woven.source.front, woven.markdown.expandtabs(4)  # as Pandoc's own command does
        title = front.get("title")
        heading = next(read_headings(markdown), None) if title is None else None
        words = heading.attributes if heading else ()
        unnumbered = entry.part or ".unnumbered" in words or "-" in words
        if title is None and not heading and ("title",) not in front.lines:
            problems.append(Problem(entry.file, 1, "this chapter has no title", "begin it with `# Title`"))
        if heading and not index:
            lines = markdown.split("\n")  # the title leaves the text, the lines keep their numbers
            lines[heading.start:heading.start + heading.size] = [""] * heading.size
            markdown = "\n".join(lines)
        counts[entry.appendix] += not unnumbered
        count = counts[entry.appendix]
        number = "" if unnumbered else letters(count) if entry.appendix else str(count)
        text = str(title) if title is not None else heading.text if heading else ""
        identifier = heading.id if heading and not index else ""
        chapters.append(Chapter(book.settings, entry.file, woven, markdown, text, identifier, number, entry.appendix,
                                unnumbered, ".unlisted" in words, entry.text))
    return chapters


def _too_many_brackets(prose: str) -> int | None:
    """Where there are more brackets that Pandoc tries than it can."""
    opened: list[int] = []  # for each bracket that is open, how deep those in it are that were closed
    for found in BRACKETS.finditer(prose):
        mark, closed = found[0], 0
        if mark == "[":
            opened.append(0)
        elif mark == "]" and opened:
            closed = opened.pop() + 1
            if opened:
                opened[-1] = max(opened[-1], closed)
        elif mark[0] in "\n|":
            opened.clear()
        if len(opened) + CLOSED * closed > MOST_BRACKETS:
            return found.start()
    return None
