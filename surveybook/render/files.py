"""What a book brings along besides its chapters: bibliography, style sheets, pieces of HTML, icon, resources."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from surveybook.bibtex import limit_passed
from surveybook.boundary import EDITORS, Beyond, Missing, check_path, find_file, read_file, read_text
from surveybook.render.book import Book, Chapter, as_list
from surveybook.render.problems import Problem
from surveybook.render.settings import Settings, options

PARTS = {"head": "include-in-header", "before": "include-before-body", "after": "include-after-body"}


class Files:
    """Files named in `_quarto.yml`: each is there and lies in the book's folder, or is a problem."""

    def __init__(self, book: Book):
        self.book = book
        self.options = options(book.settings, Settings())
        self.problems: list[Problem] = []
        self.bibliography = [name for name in self.named("bibliography") if self.readable(name)]
        self.csl = next((name for name in self.named("csl") if self.there(name, "csl")), None)
        self.sources_lost = bool(self.problems)  # then no citation can be called unknown
        self.styles = [name for name in as_list(self.options.get("css")) if self.there(name, "css")]
        self.icon = next((name for name in self.named("book", "favicon") if self.there(name, "favicon")), "")
        self.logo = next((name for name in self.named("book", "sidebar", "logo") if self.there(name, "logo")), "")
        self.cover = next((name for name in self.named("book", "cover-image") if self.there(name, "cover-image")), "")
        self.pieces = {place: "".join(self.piece(key, self.options)) for place, key in PARTS.items()}
        self.copied = {*self.styles, *filter(None, (self.icon, self.logo, self.cover)), *self.resources()}
        self.copied |= {name for style in self.styles for name in self.mentioned(style)}

    def bibliographies(self, chapters: Iterable[Chapter]) -> list[str]:
        """The bibliography of the book, and those that pages have beside it: all are listed on the book's page of
        references. (Quarto takes a page's own instead of the book's, and lists none of it there.)"""
        found = list(self.bibliography)
        for chapter in chapters:
            place = chapter.woven.source.front.place(chapter.file, "bibliography")
            for name in map(str, as_list(chapter.front.get("bibliography"))):
                path = from_page(name, chapter)
                if self.readable(path, place):
                    found.append(path)
                else:
                    self.sources_lost = True
        return list(dict.fromkeys(found))

    def named(self, *keys: str) -> list[str]:
        return [str(name) for name in as_list(self.book.get(*keys))]

    def problem(self, key: str, what: str, remedy: str, place: tuple[str, int] | None = None) -> None:
        self.problems.append(Problem(*(place or self.place(key)), what, remedy))

    def place(self, key: str, chapter: Chapter | None = None) -> tuple[str, int]:
        """The file and line of a key of the book, or of a page, wherever it stands."""
        settings = chapter.woven.source.front if chapter else self.book.settings
        file, said = chapter.file if chapter else "_quarto.yml", [path for path in settings.lines if key in path]
        return settings.place(file, *min(said, key=settings.lines.__getitem__)) if said else (file, 0)

    def of_page(self, chapter: Chapter) -> tuple[list[str], dict[str, str]]:
        """The style sheets and pieces of HTML of one page: those of the book, then those that it names itself."""
        own = options(Settings(), chapter.woven.source.front)
        styles = [from_page(name, chapter) for name in as_list(own.get("css"))]
        place = self.place("css", chapter)
        styles = [name for name in styles if self.there(name, "css", place)]
        self.copied |= {*styles, *(name for style in styles for name in self.mentioned(style, place))}
        pieces = {place: self.pieces[place] + "".join(self.piece(key, own, chapter)) for place, key in PARTS.items()}
        return list(dict.fromkeys([*self.styles, *styles])), pieces

    def there(self, name: str, key: str, place: tuple[str, int] | None = None) -> bool:
        """Whether a plain file of the book has this name; if not, that is a problem."""
        try:
            find_file(self.book.root, name)
        except Missing:
            self.problem(key, f"there is no file {name}", f"write it, or mend `{key}`", place)
        except Beyond as beyond:
            self.problem(key, f"the file {name} {beyond.what}", beyond.remedy, place)
        else:
            return True
        return False

    def readable(self, name: str, place: tuple[str, int] | None = None) -> bool:
        """Whether a bibliography is there, and no more than Pandoc can be given; if not, that is a problem."""
        if not self.there(name, "bibliography", place):
            return False
        passed = limit_passed(read_file(self.book.root, name)) if name.endswith(".bib") else None
        if passed:
            self.problem("bibliography", f"the file {name} {passed[0]}", passed[1], place)
        return not passed

    def piece(self, key: str, options: dict, chapter: Chapter | None = None) -> Iterator[str]:
        """HTML for every page, or for one: a file, or `text:` as it stands."""
        place = self.place(key, chapter)
        for item in as_list(options.get(key)):
            if isinstance(item, dict) and "text" in item:
                yield str(item["text"])
            else:
                name = str(item.get("file") if isinstance(item, dict) else item)
                name = from_page(name, chapter) if chapter else name
                if self.there(name, key, place):
                    yield self.text(name, key, place)

    def text(self, name: str, key: str, place: tuple[str, int] | None = None) -> str:
        try:
            return read_text(self.book.root, name)
        except UnicodeDecodeError:
            self.problem(key, f"the file {name} is not UTF-8 text", "save it with the encoding UTF-8", place)
        except Beyond as beyond:
            self.problem(key, f"the file {name} {beyond.what}", beyond.remedy, place)
        return ""

    def mentioned(self, style: str, place: tuple[str, int] | None = None) -> Iterator[str]:
        """Files of the book that a style sheet names with `url(...)`."""
        text = self.text(style, "css", place)
        for address in re.findall(r"""url\(\s*["']?([^"')#?]+)""", re.sub(r"/\*.*?\*/", "", text, flags=re.S)):
            if not re.match(r"[a-z]+:|//", address):
                name = posixpath.normpath(posixpath.join(posixpath.dirname(style), address.strip()))
                if self.there(name, "css", place):
                    yield name

    def resources(self) -> Iterator[str]:
        """Files that `project: resources:` names, by patterns; a folder is copied whole.

        What a pattern finds that editors left, or that is no file, is passed over; a link that leads out is not.
        """
        output = self.book.get("project", "output-dir", default="_book")
        for pattern in self.named("project", "resources"):
            try:
                parts = check_path(pattern.lstrip("/")).split("/")
            except Beyond as beyond:
                self.problem("resources", f"“{pattern}” {beyond.what}", beyond.remedy)
                continue
            try:
                matches = [path.relative_to(self.book.root) for path in matching(self.book.root, parts, self.book.root)]
                found = [path for path in matches if not any(part == output or part[0] in "._" for part in path.parts)]
                below = {path: list(matching(self.book.root / path, ["**", "*"], self.book.root)) for path in found}
            except PermissionError as error:
                name = os.path.relpath(error.filename, self.book.root)
                self.problem("resources", f"the folder {name} cannot be read", "mend its rights")
                continue
            if not found:
                self.problem("resources", f"no file matches “{pattern}”", "mend or remove it")
            for path in found:
                for one in [self.book.root / path, *below[path]]:
                    name = one.relative_to(self.book.root).as_posix()
                    if one.is_file() and not EDITORS.fullmatch(one.name) and self.there(name, "resources"):
                        yield name


def from_page(name: str, chapter: Chapter) -> str:
    """The path in the book of a file that a page names."""
    folder = "" if name.startswith("/") else posixpath.dirname(chapter.file)
    return posixpath.normpath(posixpath.join(folder, name.lstrip("/")))


def matching(folder: Path, parts: Sequence[str], book: Path) -> Iterator[Path]:
    """What lies below a folder and fits a pattern, cut at its slashes, as Path.glob finds it, in the order of names.

    Nothing outside of the `book` is looked at, and behind a link only what the pattern has a part for. Raises
    PermissionError for a folder that may not be looked into.
    """
    if not parts:
        yield folder
        return
    try:
        if not folder.is_dir() or not folder.resolve().is_relative_to(book.resolve()):
            return
        for name in sorted(os.listdir(folder)):
            if parts[0] == "**":
                if (folder / name).is_dir() and not (folder / name).is_symlink():
                    yield from matching(folder / name, parts, book)
            elif fnmatchcase(name, parts[0]):
                yield from matching(folder / name, parts[1:], book)
        if parts[0] == "**":
            yield from matching(folder, parts[1:], book)
    except PermissionError:
        raise
    except (OSError, RuntimeError):  # gone in the meantime, or links in a circle
        return
