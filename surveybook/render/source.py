"""A .qmd file, read strictly: front matter, text, cells and inline expressions, each with its file and line.

The rules of what is a cell, an inline expression, an include or a shortcode are Quarto's, including that an inline
expression is one wherever it stands outside a cell. What Quarto would silently show as text is refused.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from surveybook.boundary import Beyond, Missing, find_file, read_text
from surveybook.render import settings
from surveybook.render.metadata import laid_over, read_folder_settings
from surveybook.render.pieces import Cell, Chunk, Inline, Line, Piece, Place, Source, Text
from surveybook.render.problems import Problem, Refused, attempt, box
from surveybook.render.settings import Settings
from surveybook.render.shortcodes import SHORTCODE, Shortcodes, words_of

CELL = re.compile(r"(?P<indent>[ \t]*)(?P<fence>`{3,})[ \t]*\{(?P<engine>[A-Za-z][\w.]*)(?P<rest>[ ,][^}]*)?\}[ \t]*")
FENCE = re.compile(r"[ \t]*(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)")
ASTRAY = re.compile(r"^[^`]*(`{3,}|~{3,})[ \t]*\{python\b")
SHOWN = re.compile(r"([ \t]*`{3,})[ \t]*\{(\{+\w+\}+)\}[ \t]*")
OPTION = re.compile(r"#[ \t]*\| ?")
DIAGRAMS = ("mermaid", "dot")
INLINE = re.compile(r"(?<!`)`\{(?P<engine>python|r|julia)\}[ \t](?P<code>[^`\n]+)`")
UNFINISHED = re.compile(r"(?<!`)`\{python\}")
INCLUDE = re.compile(r"[ \t]*\{\{<[ \t]+include\b(?P<rest>.*?)[ \t]+>\}\}[ \t]*")
METADATA = re.compile(r"(?:^|\n[ \t]*\n)(---[ \t]*\n[\w-]+:(?:[ \t].*)?\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*\n)")
LABEL = re.compile(r"[A-Za-z][\w:.-]*")


def read_page(path: Path, root: Path, book: Settings, variables: Mapping[str, Any],
              environment: Mapping[str, str] | None = None) -> Source:
    """Read one page, for which `environment` goes over that of the process. Raises Refused with everything that is
    wrong with it, and with the rest of the page, unless it is not known where text, cells and front matter end."""
    return _Reader(path, root.resolve(), book, variables, environment or {}).source()


class _Reader:
    """Reads one page, and collects its problems on the way."""

    def __init__(self, path: Path, root: Path, book: Settings, variables: Mapping[str, Any],
                 environment: Mapping[str, str]):
        self.path, self.root, self.book = path, root, book
        self.file = os.path.relpath(root / path, root).replace(os.sep, "/")
        self.problems: list[Problem] = []
        self.lost = False  # whether a part of the page could not be read
        self.included: list[str] = []
        given = book.get("book", default={}) if self.file == "index.qmd" else {}  # the home page's are the book's
        self.above = {**book.data, **{key: given[key] for key in ("subtitle", "author", "date") if key in given}}
        self.shortcodes = Shortcodes(variables, self.above, self.refuse, os.environ | dict(environment))

    def refuse(self, place: Place | Line, what: str, remedy: str, undone: bool = False) -> None:
        file, number = (place.file, place.number) if isinstance(place, Line) else place
        self.problems.append(Problem(file, number, what, remedy, undone))

    def source(self) -> Source:
        lines = self.lines(self.root / self.path, (self.file, 0))
        folder = self.folder()
        self.above |= folder.data
        front, lines = self.front(lines)
        front = laid_over(folder, front)
        pieces = tuple(self.pieces(lines))
        first = next((piece for piece in pieces if isinstance(piece, Inline)), None)
        run = next((piece for piece in pieces if not isinstance(piece, Text)), None)
        if run and self.file.endswith(".md"):
            self.refuse((run.file, run.line), "code that is run stands in a .md file, where Quarto runs none",
                        "let the file end in .qmd")
        elif first and not ({"jupyter", "engine"} & front.data.keys() or any(isinstance(p, Cell) for p in pieces)):
            what = "the page has inline expressions and no cell, so that Quarto does not run them"
            self.refuse((first.file, first.line), what, "add a cell, or `jupyter: python3` to the front matter")
        self.labels([piece for piece in pieces if isinstance(piece, Cell) and piece.label])
        options = settings.execute_options(self.book, front)
        included = tuple(dict.fromkeys(self.included))
        source = Source(self.root / self.path, self.file, front, pieces, options, included)
        if self.problems:
            raise Refused(self.problems, None if self.lost else source)
        return source

    def labels(self, cells: list[Cell]) -> None:
        """Check what labels say of their cells, and that each names one cell."""
        seen: dict[str, Cell] = {}
        for cell in cells:
            label, place = str(cell.label), (cell.file, cell.options.line("label"))
            first = seen.setdefault(label, cell)
            if first is not cell:
                what = f"the label “{label}” is already that of the cell in {first.file}:{first.line}"
                self.refuse(place, what, "give each cell its own label")
            if not LABEL.fullmatch(label):
                self.refuse(place, f"the label “{label}” is no name", "use letters, digits, - and _")
            for caption, prefix in (("fig-cap", "fig-"), ("tbl-cap", "tbl-")):
                if caption in cell.options.data and not label.startswith(prefix):
                    what = f"the label “{label}” of a cell with {caption} does not begin with {prefix}"
                    self.refuse(place, what, f"call it {prefix}{label}, or it has no number and cannot be referred to")

    # -- files ------------------------------------------------------------------------------------------------------

    def text(self, path: Path, place: Place) -> str:
        """The text of a file inside the book; problems are noted at `place`, where it is asked for."""
        name = os.path.relpath(path, self.root).replace(os.sep, "/")
        try:
            return read_text(self.root, name)
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.refuse((name, line), "is not UTF-8 text", "save the file with the encoding UTF-8")
        except Beyond as beyond:
            self.refuse(place, f"the file {name} {beyond.what}", beyond.remedy)
        self.lost = True
        return ""

    def lines(self, path: Path, place: Place, above: tuple[Path, ...] = ()) -> list[Line]:
        """Lines of a file with those of its includes, whose paths are all relative to the page."""
        text = self.text(path, place)
        file = path.resolve().relative_to(self.root).as_posix() if above and text else self.file
        found: list[Line] = []
        for number, line in enumerate(text.split("\n") if text else [], 1):
            match = INCLUDE.fullmatch(line)
            if not match:
                found.append(Line(line, file, number))
                continue
            here = (file, number)
            words = words_of(match["rest"])
            if len(words) != 1:
                self.refuse(here, "an include takes one file", "write {{< include FILE >}}, in quotes if it has spaces")
                continue
            name = words[0]
            try:
                target = self.target(name)
            except Missing:
                what = f"the included file {name} does not exist"
                self.refuse(here, what, "correct the path, which is relative to the page")
                continue
            except Beyond as beyond:
                self.refuse(here, f"the include {name} {beyond.what}", beyond.remedy)
                continue
            if target in (*above, path.resolve()):
                self.refuse(here, f"{name} includes itself", "take one of the includes out")
            else:
                self.included.append(target.relative_to(self.root).as_posix())
                inner = self.lines(target, here, (*above, path.resolve()))
                found += inner
                found.append(Line("", file, number))  # as Quarto: what follows an include is a new paragraph
        if found and not found[-1].text and not above:
            found.pop()
        return found

    def target(self, name: str) -> Path:
        """The file an include names: relative to the page, or to the book's folder if it begins with a slash. Raises
        Beyond where that is no plain file of the book."""
        folder = "" if name.startswith("/") else posixpath.dirname(self.file)
        return find_file(self.root, posixpath.join(folder, name.lstrip("/")))

    def front(self, lines: list[Line]) -> tuple[Settings, list[Line]]:
        if not lines or lines[0].text.rstrip() != "---":
            return Settings(), lines
        end = next((i for i, line in enumerate(lines) if i and line.text.rstrip() in ("---", "...")), None)
        if end is None:
            self.lost = True
            self.refuse(lines[0], "the front matter is never closed", "end it with a line `---`")
            return Settings(), []
        body = "\n".join(line.text for line in lines)
        used = frozenset(re.findall(r"\{\{<\s*meta\s+[\"']?([^\s.\"']+)", body))
        yaml = "\n".join(line.text for line in lines[1:end])
        front = attempt(lambda: settings.parse_settings(yaml, self.file, 2, "front", used), self.problems)
        self.lost = front is None
        front = front or Settings()
        self.shortcodes.meta = {**self.above, **front.data}
        front = self.filled(front, self.file, "the front matter")
        self.shortcodes.meta = {**self.above, **front.data}
        return front, lines[end + 1 :]

    def folder(self) -> Settings:
        """What the folders of the page say of their pages."""
        return attempt(lambda: read_folder_settings(self.root, self.file), self.problems)

    def filled(self, given: Settings, file: str, where: str) -> Settings:
        """Front matter, or the options of a cell, with their shortcodes replaced."""

        def fill(value: Any, path: tuple) -> Any:
            if isinstance(value, dict):
                return {key: fill(below, (*path, key)) for key, below in value.items()}
            if isinstance(value, list):
                return [fill(below, (*path, index)) for index, below in enumerate(value)]
            if not isinstance(value, str):
                return value
            place = (file, given.line(*path))
            if INLINE.search(value):
                what = f"an inline expression stands in {where}, where it is not run"
                self.refuse(place, what, "write its value, or put a caption at the end of a ::: div")
            return SHORTCODE.sub(lambda match: self.shortcodes.value(match, place, False), value)

        return Settings(fill(given.data, ()), given.lines)

    # -- cells and blocks of code -----------------------------------------------------------------------------------

    def pieces(self, lines: list[Line]) -> Iterator[Piece]:
        text: list[Line] = []
        code: dict[int, bool] = {}  # which of `text` are lines of code blocks, and whether shortcodes work there
        index = 0
        while index < len(lines):
            line = lines[index]
            cell, fence = CELL.fullmatch(line.text), FENCE.fullmatch(line.text)
            if not cell and ASTRAY.search(line.text):
                what = "a cell does not begin and end its line"
                self.refuse(line, what, "put ```{python} on a line of its own, not in quotes or after a bullet")
            if cell or fence:
                end = self.close(lines, index, cell["fence"] if cell else fence["fence"], bool(cell))
                if end is None:
                    what = "a cell is never closed" if cell else "a block of code is never closed"
                    self.refuse(line, what, f"end it with a line {(cell or fence)['fence']}")
                    self.lost = True
                    return
                if cell and cell["engine"] == "python":
                    yield from self.text_pieces(text, code)
                    text, code = [], {}
                    yield from self.cell(cell, line, lines[index + 1 : end])
                elif cell:
                    engine = cell["engine"]
                    what, remedy = f"cells of the engine {{{engine}}} are not run", "write it in {python}"
                    if engine in DIAGRAMS:
                        what = f"a {{{engine}}} diagram is drawn by a script of Quarto's in the reader's browser"
                        remedy = "save it as SVG, and include that as a picture"
                    self.refuse(line, what, f"{remedy}, or show it only with ```{engine}", True)
                    shown = [line, *lines[index + 1 : end + 1]]
                    shown[0] = replace(line, text=f"{cell['indent']}{cell['fence']} {{.default .not-rendered}}")
                    text += [replace(line, text=cell["indent"] + box(f"{{{engine}}}")), replace(line, text="")]
                    code |= {len(text) + count: False for count in range(len(shown))}
                    text += shown
                else:
                    block = lines[index : end + 1]
                    if shown := SHOWN.fullmatch(line.text):  # to show a cell: pages.lua writes its fence
                        block[0] = replace(line, text=f'{shown[1]} {{.markdown shown="{shown[2]}"}}')
                    for inner in block[1:]:
                        nested = CELL.fullmatch(inner.text)
                        if nested and (line.text[0] != "`" or nested["fence"] == fence["fence"]):
                            what = "a cell stands inside a block of code, where it is not run"
                            remedy = "close the block before it, or open the block with more backticks"
                            self.refuse(inner, what, remedy)
                    literal = re.search(r"shortcodes\s*=\s*[\"']?false", fence["info"])
                    code |= {len(text) + count: not literal for count in range(len(block))}
                    text += block
                index = end + 1
                continue
            text.append(line)
            index += 1
        yield from self.text_pieces(text, code)

    def close(self, lines: list[Line], start: int, fence: str, cell: bool) -> int | None:
        """Index of the line that closes what opens at `start`: the same fence; for ~~~ and in lists longer ones too."""
        exact = cell or lines[start].text.startswith("`")
        for index in range(start + 1, len(lines)):
            bare = lines[index].text.strip()
            if bare == fence or (not exact and bare.startswith(fence) and set(bare) == {fence[0]}):
                return index
        return None

    def cell(self, match: re.Match, line: Line, body: list[Line]) -> Iterator[Cell]:
        if (match["rest"] or "").strip():
            self.refuse(line, "options stand in the braces of the cell", "write each as a line `#| key: value` below")
        indent = match["indent"]
        body = [Line(_dedent(inner.text, indent), inner.file, inner.number) for inner in body]
        count = next((i for i, inner in enumerate(body) if not OPTION.match(inner.text)), len(body))
        heads, code = body[:count], body[count:]
        options = Settings({}, {(): line.number})
        if heads:
            yaml = "\n".join(OPTION.sub("", head.text, count=1) for head in heads)
            first = heads[0]
            given = attempt(lambda: settings.parse_settings(yaml, first.file, first.number, "cell"), self.problems)
            options = self.filled(given or options, first.file, "the options of a cell")
        for inner in code:
            if OPTION.match(inner.text):
                self.refuse(inner, "an option stands below code", "move the `#|` lines to the top of the cell")
        while code and not code[0].text.strip():
            code.pop(0)
        while code and not code[-1].text.strip():
            code.pop()
        yield Cell(
            "\n".join(inner.text for inner in code), options, line.file, line.number,
            tuple((inner.file, inner.number) for inner in code), tuple(head.text for head in heads), indent,
        )  # fmt: skip

    # -- text: shortcodes and inline expressions --------------------------------------------------------------------

    def text_pieces(self, lines: list[Line], code: dict[int, bool]) -> Iterator[Piece]:
        """Text, each of consecutive lines of one file, and inline expressions of the lines between two cells."""
        start = 0
        while start < len(lines):
            end = start + 1
            while end < len(lines) and (lines[end].file, lines[end].number) == (
                lines[start].file,
                lines[end - 1].number + 1,
            ):
                end += 1
            chunk = Chunk(lines[start:end], {line - start: how for line, how in code.items() if start <= line < end})
            yield from self.inlines(chunk)
            start = end

    def inlines(self, chunk: Chunk) -> Iterator[Piece]:
        for match in METADATA.finditer(chunk.outside):
            what = "a block of metadata stands within the text"
            self.refuse(
                chunk.place(match.start(1)), what, "move it to the top of the page, or put a blank line after ---"
            )
        done = 0
        for match in INLINE.finditer(chunk.text):
            place = chunk.place(match.start())
            if match["engine"] != "python":
                what = f"inline expressions of the engine {{{match['engine']}}} are not run"
                self.refuse(place, what, "write it in {python}, or show it with two backticks")
                continue
            yield from self.plain(chunk, done, match.start())
            yield Inline(match["code"].strip(), *place, match[0])
            done = match.end()
        yield from self.plain(chunk, done, len(chunk.text))

    def plain(self, chunk: Chunk, begin: int, end: int) -> Iterator[Text]:
        """The text between two inline expressions, with its shortcodes replaced."""
        if begin == end:
            return
        for match in UNFINISHED.finditer(chunk.text, begin, end):
            if match.start() != begin or not begin:
                what = "an inline expression is empty, or not closed in its line"
                self.refuse(chunk.place(match.start()), what, "write `{python} expression` in one line")

        def replace(match: re.Match) -> str:
            if chunk.literal[match.start()] == 2:
                return match[0]
            value = self.shortcodes.value(match, chunk.place(match.start()), bool(chunk.literal[match.start()]))
            return value + "\n" * (match[0].count("\n") - value.count("\n"))

        # the search is bounded, not the text cut, so that positions stay those of the chunk
        parts, at = [], begin
        for match in SHORTCODE.finditer(chunk.text, begin, end):
            parts += [chunk.text[at : match.start()], replace(match)]
            at = match.end()
        yield Text("".join(parts) + chunk.text[at:end], *chunk.place(begin))

def _dedent(text: str, indent: str) -> str:
    return text[len(indent) :] if text.startswith(indent) else text.lstrip(" \t")
