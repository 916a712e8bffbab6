"""A .qmd file, read strictly: front matter, text, cells and inline expressions, each with its file and line.

The rules of what is a cell, an inline expression, an include or a shortcode are Quarto's, including that an inline
expression is one wherever it stands outside a cell. What Quarto would silently show as text is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from renderer import settings
from renderer.problems import Problem, Refused, nearest
from renderer.settings import Settings

Place = tuple[str, int]

CELL = re.compile(r"(?P<indent>[ \t]*)(?P<fence>`{3,})[ \t]*\{(?P<engine>[A-Za-z][\w.]*)(?P<rest>[ ,][^}]*)?\}[ \t]*")
FENCE = re.compile(r"[ \t]*(?P<fence>`{3,}|~{3,})(?P<info>.*)")
ASTRAY = re.compile(r"(`{3,}|~{3,})[ \t]*\{python\b")
OPTION = re.compile(r"#[ \t]*\| ?")
INLINE = re.compile(r"(?<!`)`\{(?P<engine>python|r|julia)\}[ \t](?P<code>(?:(?!\n[ \t]*\n)[^`])+)`")
INCLUDE = re.compile(r"[ \t]*\{\{<[ \t]+include\b(?P<rest>.*?)[ \t]+>\}\}[ \t]*")
SHORTCODE = re.compile(r"\{\{\{<(?P<escaped>.*?)>\}\}\}|\{\{</\*(?P<commented>.*?)\*/>\}\}|\{\{<(?P<call>.*?)>\}\}")
SPAN = re.compile(r"\\.|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n)[\s\S])+?(?<!`)(?P=ticks)(?!`)", re.DOTALL)
NAMED = {"var": "_variables.yml", "meta": "_quarto.yml or front matter"}
ELSEWHERE = "include env pagebreak kbd video embed contents brand version placeholder lipsum"  # other shortcodes of Quarto


@dataclass(frozen=True)
class Text:
    """Markdown of consecutive lines of one file; shortcodes are already replaced (never changing the lines)."""

    text: str
    file: str
    line: int


@dataclass(frozen=True)
class Inline:
    """An inline expression; `written` is what stands in the file, shown when the value is empty (as Quarto does)."""

    code: str
    file: str
    line: int
    written: str


@dataclass(frozen=True)
class Cell:
    """A Python cell: its code without option lines, the place of each line of code, and the options."""

    code: str
    options: Settings
    file: str
    line: int  # of the opening fence
    places: tuple[Place, ...] = ()
    written: tuple[str, ...] = ()  # the option lines as they stand in the file
    indent: str = ""

    @property
    def label(self) -> str | None:
        return self.options.data.get("label")


Piece = Text | Inline | Cell


@dataclass(frozen=True)
class Source:
    """One page of the book; `file` is its path from the book's folder, `included` the files it takes in."""

    path: Path
    file: str
    front: Settings
    pieces: tuple[Piece, ...]
    options: dict  # of its cells, where they do not say it themselves: settings.execute_options
    included: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Line:
    text: str
    file: str
    number: int


def read(path: Path, root: Path, book: Settings, variables: Mapping[str, Any]) -> Source:
    """Read one page; raises Refused with everything that is wrong with it."""
    return _Reader(path, root.resolve(), book, variables).source()


class _Reader:
    """Reads one page, and collects its problems on the way."""

    def __init__(self, path: Path, root: Path, book: Settings, variables: Mapping[str, Any]):
        self.path, self.root, self.book, self.variables = path, root, book, variables
        self.file = (root / path).relative_to(root).as_posix()
        self.problems: list[Problem] = []
        self.included: list[str] = []
        self.meta: dict[str, Any] = {}

    def refuse(self, place: Place | _Line, what: str, remedy: str) -> None:
        file, number = (place.file, place.number) if isinstance(place, _Line) else place
        self.problems.append(Problem(file, number, what, remedy))

    def source(self) -> Source:
        lines = self.lines(self.root / self.path, (self.file, 0))
        front, lines = self.front(lines)
        self.meta = {**self.book.data, **front.data}
        pieces = tuple(self.pieces(lines))
        seen: dict[str, int] = {}
        for cell in pieces:
            if isinstance(cell, Cell) and isinstance(cell.label, str):
                if cell.label in seen:
                    line = cell.line + cell.options.line("label") - 1
                    what = f"the label “{cell.label}” is already that of the cell in line {seen[cell.label]}"
                    self.refuse((cell.file, cell.options.line("label") or line), what, "give each cell its own label")
                seen.setdefault(cell.label, cell.line)
        if self.problems:
            raise Refused(self.problems)
        options = settings.execute_options(self.book, front)
        return Source(self.root / self.path, self.file, front, pieces, options, tuple(dict.fromkeys(self.included)))

    # -- files ------------------------------------------------------------------------------------------------------

    def text(self, path: Path, place: Place) -> str:
        """The text of a file inside the book; problems are noted at `place`, where it is asked for."""
        try:
            inside = path.resolve().is_relative_to(self.root)
            if inside:
                return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
            self.refuse(place, f"{path.name} lies outside the book's folder", "move it into the folder")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            name = path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name
            self.refuse((name, line), "is not UTF-8 text", "save the file with the encoding UTF-8")
        except (OSError, ValueError, RuntimeError):
            shown = path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name
            self.refuse(place, f"the file {shown} cannot be read", "correct the path or restore the file")
        return ""

    def lines(self, path: Path, place: Place, above: tuple[Path, ...] = ()) -> list[_Line]:
        """Lines of a file with those of its includes, whose paths are all relative to the page."""
        text = self.text(path, place)
        file = path.resolve().relative_to(self.root).as_posix() if above and text else self.file
        found: list[_Line] = []
        for number, line in enumerate(text.split("\n") if text else [], 1):
            match = INCLUDE.fullmatch(line)
            if not match:
                found.append(_Line(line, file, number))
                continue
            here = (file, number)
            words = match["rest"].split()
            if len(words) != 1:
                self.refuse(here, "an include takes one file", "write {{< include FILE >}}")
                continue
            name = words[0].strip("\"'")
            target = self.root / name.lstrip("/") if name.startswith("/") else self.root / self.path.parent / name
            if ".." in Path(name).parts and not target.resolve().is_relative_to(self.root):
                self.refuse(here, f"the include {name} leads out of the book's folder", "include files of the book only")
            elif target.resolve() in (*above, path.resolve()):
                self.refuse(here, f"{name} includes itself", "take one of the includes out")
            elif not target.is_file():
                self.refuse(here, f"the included file {name} does not exist", "paths are relative to the page; correct it")
            else:
                self.included.append(target.resolve().relative_to(self.root).as_posix())
                inner = self.lines(target, here, (*above, path.resolve()))
                if inner and inner[0].text.rstrip() == "---":
                    self.refuse(inner[0], "an included file has front matter", "move it to the page that includes it")
                found += inner
                found.append(_Line("", file, number))  # as Quarto: what follows an include is a new paragraph
        if found and not found[-1].text and not above:
            found.pop()
        return found

    def front(self, lines: list[_Line]) -> tuple[Settings, list[_Line]]:
        if not lines or lines[0].text.rstrip() != "---":
            return Settings(), lines
        end = next((i for i, line in enumerate(lines) if i and line.text.rstrip() in ("---", "...")), None)
        if end is None:
            self.refuse(lines[0], "the front matter is never closed", "end it with a line `---`")
            return Settings(), []
        body = "\n".join(line.text for line in lines)
        used = frozenset(re.findall(r"\{\{<\s*meta\s+[\"']?([^\s.\"']+)", body))
        try:
            yaml = "\n".join(line.text for line in lines[1:end])
            return settings.load_text(yaml, self.file, 2, "front", used), lines[end + 1 :]
        except Refused as refused:
            self.problems += refused.problems
            return Settings(), lines[end + 1 :]

    # -- cells and blocks of code -----------------------------------------------------------------------------------

    def pieces(self, lines: list[_Line]) -> Iterator[Piece]:
        text: list[_Line] = []
        code: set[int] = set()  # which of `text` are lines of code blocks, where Markdown means nothing
        index = 0
        while index < len(lines):
            line = lines[index]
            cell, fence = CELL.fullmatch(line.text), FENCE.fullmatch(line.text)
            if cell or (fence and not ("`" in fence["info"] and fence["fence"][0] == "`")):
                end = self.close(lines, index, cell["fence"] if cell else fence["fence"], bool(cell))
                if end is None:
                    what = "a cell is never closed" if cell else "a block of code is never closed"
                    self.refuse(line, what, f"end it with a line {(cell or fence)['fence']}")
                    return
                if cell and cell["engine"] == "python":
                    yield from self.text_pieces(text, code)
                    text, code = [], set()
                    yield from self.cell(cell, line, lines[index + 1 : end])
                elif cell:
                    what = f"cells of the engine {{{cell['engine']}}} are not run"
                    self.refuse(line, what, f"write it in {{python}}, or show it only with ```{cell['engine']}")
                else:
                    raw = lines[index : end + 1]
                    for inner in raw[1:]:
                        nested = CELL.fullmatch(inner.text)
                        if nested and (line.text[0] != "`" or nested["fence"] == fence["fence"]):
                            what = "a cell stands inside a block of code, where it is not run"
                            self.refuse(inner, what, "close the block before it, or open the block with more backticks")
                    if "shortcodes=false" not in re.sub(r"\s|[\"']", "", fence["info"]):
                        code.update(range(len(text), len(text) + len(raw)))
                    else:
                        raw = [_Line(re.sub(r"\{\{(?=<)|(?<=>)\}\}", lambda m: _HIDE[m[0]], x.text), x.file, x.number) for x in raw]
                        code.update(range(len(text), len(text) + len(raw)))
                    text += raw
                index = end + 1
                continue
            if ASTRAY.search(line.text) and not re.search(r"`[^`]*" + ASTRAY.pattern, line.text):
                self.refuse(line, "a cell does not begin its line", "put ```{python} on a line of its own, outside quotes and bullets")
            text.append(line)
            index += 1
        yield from self.text_pieces(text, code)

    def close(self, lines: list[_Line], start: int, fence: str, cell: bool) -> int | None:
        """Index of the line that closes the block opened at `start`: the same fence; for ~~~ and in lists as Pandoc, or longer."""
        exact = cell or lines[start].text.startswith("`")
        for index in range(start + 1, len(lines)):
            bare = lines[index].text.strip()
            if bare == fence or (not exact and bare.startswith(fence) and set(bare) == {fence[0]}):
                return index
        return None

    def cell(self, match: re.Match, line: _Line, body: list[_Line]) -> Iterator[Cell]:
        if (match["rest"] or "").strip():
            self.refuse(line, "options stand in the braces of the cell", "write each as a line `#| key: value` below")
        indent = match["indent"]
        body = [_Line(_dedent(inner.text, indent), inner.file, inner.number) for inner in body]
        count = next((i for i, inner in enumerate(body) if not OPTION.match(inner.text)), len(body))
        heads, code = body[:count], body[count:]
        options = Settings({}, {(): line.number})
        if heads:
            try:
                yaml = "\n".join(OPTION.sub("", head.text, count=1) for head in heads)
                options = settings.load_text(yaml, heads[0].file, heads[0].number, "cell")
            except Refused as refused:
                self.problems += refused.problems
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

    def text_pieces(self, lines: list[_Line], code: set[int]) -> Iterator[Piece]:
        """Text (each of one file) and inline expressions of the lines between two cells."""
        start = 0
        while start < len(lines):
            end = start + 1
            while end < len(lines) and (lines[end].file, lines[end].number) == (lines[start].file, lines[end - 1].number + 1):
                end += 1
            chunk = "".join(line.text + "\n" for line in lines[start:end])
            blocks = [end_ for end_ in _offsets(lines[start:end])]
            spans = [(blocks[i - start], blocks[i - start + 1]) for i in code if start <= i < end]
            yield from self.inlines(chunk, spans, lines[start])
            start = end

    def inlines(self, chunk: str, code: list[tuple[int, int]], first: _Line) -> Iterator[Piece]:
        outside = list(chunk)
        for begin, end in code:
            outside[begin:end] = re.sub(r"[^\n]", "\n", chunk[begin:end])
        spans = code + [m.span() for m in SPAN.finditer("".join(outside)) if m["ticks"]]
        done = 0
        for match in INLINE.finditer(chunk):
            line = first.number + chunk.count("\n", 0, match.start())
            if match["engine"] != "python":
                what = f"inline expressions of the engine {{{match['engine']}}} are not run"
                self.refuse((first.file, line), what, "write it in {python}, or show it with two backticks")
                continue
            yield from self.plain(chunk, done, match.start(), spans, first)
            yield Inline(match["code"].strip(), first.file, line, match[0])
            done = match.end()
        yield from self.plain(chunk, done, len(chunk), spans, first)

    def plain(self, chunk: str, begin: int, end: int, spans: list[tuple[int, int]], first: _Line) -> Iterator[Text]:
        if begin == end:
            return
        line = first.number + chunk.count("\n", 0, begin)
        opened = re.search(r"(?<!`)`\{python\}", chunk[begin:end])
        if opened and not chunk[begin:end].startswith("`{python}"):
            at = line + chunk.count("\n", begin, begin + opened.start())
            self.refuse((first.file, at), "an inline expression is empty or never closed", "write `{python} expression`")

        def replace(match: re.Match) -> str:
            at = begin + match.start()
            place = (first.file, first.number + chunk.count("\n", 0, at))
            inside = any(b <= at < e for b, e in spans)
            return self.shortcode(match, place, inside)

        yield Text(_show(SHORTCODE.sub(replace, chunk[begin:end])), first.file, line)

    def shortcode(self, match: re.Match, place: Place, code: bool) -> str:
        literal = match["escaped"] if match["escaped"] is not None else match["commented"]
        if literal is not None:
            shown = "{{<" + literal + ">}}"
            return shown if code else re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", shown)
        words = [a or b or c for a, b, c in re.findall(r"\"([^\"]*)\"|'([^']*)'|(\S+)", match["call"])]
        name = words[0] if words else ""
        if name not in NAMED:
            if code and name not in ELSEWHERE.split():
                return match[0]  # Quarto, too, shows it as it is
            if name == "include":
                self.refuse(place, "an include stands within a line", "put it on a line of its own")
            else:
                remedy = f"{nearest(name, [*NAMED, 'include'])}use include, var or meta, or write {{{{{{< … >}}}}}} to show it"
                self.refuse(place, f"unknown shortcode “{name}”", remedy)
            return ""
        values = self.variables if name == "var" else self.meta
        if len(words) != 2:
            self.refuse(place, f"the shortcode {name} takes one name", f"write {{{{< {name} NAME >}}}}")
            return ""
        value: Any = values
        for key in words[1].split("."):
            known = list(value) if isinstance(value, Mapping) else []
            if isinstance(value, list) and key.isdigit() and 0 < int(key) <= len(value):
                value = value[int(key) - 1]
            elif key in known:
                value = value[key]
            else:
                remedy = f"{nearest(key, known)}define it in {NAMED[name]}, or correct the name"
                self.refuse(place, f"unknown {name} “{words[1]}”", remedy)
                return ""
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, (Mapping, list)) or value is None or "\n\n" in str(value).strip():
            self.refuse(place, f"the {name} “{words[1]}” is no single text", "name one of the values below it")
            return ""
        return _plain(value) if code else _markdown(value)


_HIDE = {"{{": "\ue000", "}}": "\ue001"}  # shortcodes of a block with shortcodes=false, out of the way for a moment


def _show(text: str) -> str:
    return text.replace("\ue000", "{{").replace("\ue001", "}}")


def _markdown(value: Any) -> str:
    """A value as the Markdown of one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split("\n")).strip()


def _plain(value: Any) -> str:
    """A value inside code: its text without the marks of emphasis and code."""
    return re.sub(r"(\*{1,3}|_{1,3}|`+)(\S(?:.*?\S)?)\1", r"\2", _markdown(value))


def _dedent(text: str, indent: str) -> str:
    return text[len(indent) :] if text.startswith(indent) else text.lstrip(" \t")


def _offsets(lines: list[_Line]) -> Iterator[int]:
    total = 0
    yield total
    for line in lines:
        total += len(line.text) + 1
        yield total
