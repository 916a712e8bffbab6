"""A page's source and its outputs become one Markdown text for Pandoc, with the source line of each of its lines.

What a cell shows, in which order and form, follows Quarto; the `.cell` div around it carries what the filter needs.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import yaml

from surveybook.render.cells import SCRIPTS, SHOWN, Output, Outputs, option, steps
from surveybook.render.pieces import Cell, Inline, Place, Source, Text
from surveybook.render.problems import Problem, Refused, box

PICTURES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpeg"}
# Ids that libraries draw anew in each run: of a Styler of pandas, of great_tables (with a style sheet), of anything
RANDOM = re.compile(r"""\bid=["']?(?P<id>T_[0-9a-f]{5}(?=["'_])|[a-z]{10}(?=["'])"""
                    r"|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})")
NAMED = re.compile(r'(\s(?:id|headers|aria-labelledby)=")([^"]*)"')
ITEM = re.compile(r"([ \t]*)(?:[-*+]|\(?(?:\d+|#|[A-Za-z])[.)])[ \t]+")  # what stands before the text of an item
FLOAT = ("fig-cap", "fig-alt", "tbl-cap", "fig-align", "tbl-colwidths", "fig-subcap", "tbl-subcap", "layout",
         "layout-ncol", "layout-nrow", "layout-align", "layout-valign", "column", "fig-column", "tbl-column",
         "fig-cap-location", "tbl-cap-location")


@dataclass(frozen=True)
class Woven:
    """Markdown without front matter, the (file, line) of each of its lines, and pictures by their path in the site."""

    source: Source
    markdown: str
    lines: tuple[Place, ...]
    files: tuple[tuple[str, bytes], ...] = ()


def weave_page(source: Source, outputs: Outputs) -> Woven:
    """The page as Markdown; raises Refused, with the rest, where a cell shows what cannot be put on a page."""
    weaver = _Weaver(source)
    results = dict(zip(map(id, steps(source)), outputs.results, strict=True))
    number = 0
    for piece in source.pieces:
        if isinstance(piece, Text):
            weaver.add(piece.text, (piece.file, piece.line), advance=True)
        elif isinstance(piece, Inline):
            weaver.add(weaver.inline(piece, results[id(piece)]), (piece.file, piece.line))
        else:
            number += 1
            lines = list(weaver.cell(piece, results[id(piece)], number))
            indent = weaver.indent(piece)
            weaver.add("\n", (piece.file, piece.line))
            for text, place in lines:
                weaver.add(f"{indent}{text}\n" if text else "\n", place)
            weaver.add("\n" if lines else "", (piece.file, piece.line))
    woven = Woven(source, *weaver.done(), tuple(weaver.files))
    if weaver.problems:
        raise Refused(weaver.problems, woven)
    return woven


class _Weaver:
    def __init__(self, source: Source):
        self.source = source
        self.text: list[str] = []
        self.places: list[Place | None] = [None]
        self.files: list[tuple[str, bytes]] = []
        self.problems: list[Problem] = []
        self.ids = 0

    def add(self, text: str, place: Place, advance: bool = False) -> None:
        """Append text; a line belongs to the piece that its first character comes from."""
        self.text.append(text)
        parts = text.split("\n")
        for count, part in enumerate(parts):
            if count:
                self.places.append(None)
            if self.places[-1] is None and (part or count < len(parts) - 1):
                self.places[-1] = (place[0], place[1] + count * advance)

    def done(self) -> tuple[str, tuple[Place, ...]]:
        places = self.places if self.places[-1] else self.places[:-1]
        return "".join(self.text), tuple(place or (self.source.file, 1) for place in places)

    def indent(self, cell: Cell) -> str:
        """The white space before the lines of a cell: in a list as much as the text of its item has, as a div that is
        indented otherwise would be none."""
        if not cell.indent:
            return ""
        for line in reversed("".join(self.text[-50:]).split("\n")):
            item = ITEM.match(line)
            if item and len(item[1].expandtabs(4)) < len(cell.indent.expandtabs(4)):
                return " " * len(item[0].expandtabs(4))
            if line.strip() and not line[0].isspace():
                break
        return cell.indent if len(cell.indent.expandtabs(4)) > 3 else ""

    def inline(self, piece: Inline, outputs: tuple[Output, ...]) -> str:
        """The value of an inline expression as Markdown; an empty one shows what is written, as with Quarto."""
        if not outputs:  # of a page that could not be run to its end
            return piece.written
        ((kind, value),) = outputs[0].data.items()
        self.check(piece, outputs[0])
        if kind == "text/html":
            ticks = _fence(value, 1)
            return f"{ticks}{value}{ticks}{{=html}}" if value else piece.written
        if kind in PICTURES or kind not in SHOWN or kind in SCRIPTS:
            self.refuse(piece, f"the inline expression “{piece.code}” is {kind}", "show it from a cell")
            return ""
        if kind == "text/plain" and value[:1] in ("'", '"') and value[-1:] == value[:1]:
            # backslashes are escaped twice: Quarto does, and so they come out doubled
            value = re.sub(r"([\\`*_{}\[\]()>#+,\-.!])", r"\\\1", value[1:-1].replace("\\", "\\\\"))
        return value or piece.written

    def refuse(self, piece: Cell | Inline, what: str, remedy: str) -> None:
        self.problems.append(Problem(piece.file, piece.line, what, remedy))

    def check(self, piece: Cell | Inline, output: Output) -> None:
        """Refuse what would be another text in each build."""
        if output.kind == "display" and re.search(r" at 0x[0-9a-f]{6,}>", output.data.get("text/plain", "")):
            what = "the value shown has no text of its own, only its address in memory, which changes with every build"
            self.refuse(piece, what, "show something else, or end the line with ;")

    def stable(self, html: str) -> str:
        """HTML whose random ids are counted over the page instead, so that each build gives the same bytes.

        great_tables calls its headings by their words, which two tables have alike: there the id of the table leads.
        """
        for found in dict.fromkeys(match["id"] for match in RANDOM.finditer(html)):
            if len(found) != 10 or f"#{found} " in html:
                self.ids += 1
                html = re.sub(rf"(?<![\w-]){re.escape(found)}(?![a-z0-9-])", own := f"T_{self.ids:05}", html)
                if 'class="gt_table"' in html:
                    html = NAMED.sub(lambda of, own=own: of[1] + " ".join(
                        name if name == own else f"{own}-{name}" for name in of[2].split()) + '"', html)
        return html

    def cell(self, cell: Cell, outputs: tuple[Output, ...], number: int) -> Iterator[tuple[str, Place]]:
        """Lines of a cell's div, or of its bare output if that is Markdown `asis`; none if it shows nothing."""
        here = (cell.file, cell.line)

        def of(name: str) -> object:
            return option(self.source, cell, name)

        if not of("include"):
            return
        shown = [output for output in outputs if output.kind != "stderr" or of("warning")]
        pictured = any(PICTURES.keys() & output.data.keys() for output in shown)
        shown = [output for output in shown if not _discarded(output, pictured)] if of("output") else []
        displays = [output for output in shown if output.kind == "display"]
        if (cell.label or "").startswith("fig-") and len(displays) > 1 and not cell.options.data.get("fig-subcap"):
            what = f"the figure cell “{cell.label}” shows {len(displays)} things"
            self.refuse(cell, what, "show one figure a cell, or give each a caption: `fig-subcap: [First, Second]`")
        asis = of("output") == "asis"
        body: list[tuple[str, Place]] = []
        if of("echo") and cell.code:
            body += self.code(cell, fenced=of("echo") == "fenced")
        for index, output in enumerate(shown, 1):
            name = f"{cell.label or f'cell-{number + 1}'}-output-{index}"
            place = next((place for place, one in enumerate(displays) if one is output), -1)
            text = self.output(cell, output, asis, name, place)
            opening = self.opening(cell, output, displays)
            lines = text if asis else ["", opening, *text, ":::"]
            body += [(line, here) for line in lines]
        wrap = not asis or cell.options.data.get("classes") or any(key in cell.options.data for key in FLOAT)
        wrap = wrap or (cell.label and (len(displays) != 1 or cell.label.startswith("tbl-")))
        if not body or not wrap:
            yield from body
            return
        classes = cell.options.data.get("classes", [])
        names = [f".{name.lstrip('.')}" for name in (classes.split() if isinstance(classes, str) else classes)]
        columns = {cell.options.data.get(key) for key in ("column", "fig-column", "tbl-column")} - {None}
        names += [f".column-{column}" for column in sorted(columns)]
        pairs = {"label": None if _listing(cell) == cell.label else cell.label}
        pairs |= {key: cell.options.data.get(key) for key in FLOAT if "column" not in key}
        yield f"::: {{{' '.join(['.cell', *names, *_attributes(pairs)])}}}", here
        yield from body
        yield ":::", here

    def code(self, cell: Cell, fenced: bool) -> Iterator[tuple[str, Place]]:
        """The cell's code as a block; `echo: fenced` shows it as it stands in the file, less that option."""
        here = (cell.file, cell.line)
        lines = list(zip(cell.code.split("\n"), cell.places, strict=False))
        if fenced:
            given = [f"#| {line}" for line in _written(cell.options.data)] if cell.label else cell.written
            written = [line for line in given if not re.search(r"\|\s+echo:\s+fenced\s*$", line)]
            start = cell.places[0][1] if cell.places and cell.places[0][0] == cell.file else 0
            blank = [""] * (start - cell.line - 1 - len(cell.written)) if written else []
            lines = [(line, here) for line in ("```{python}", *written, *blank)] + lines + [("```", here)]
        fence = _fence("\n".join(line for line, _ in lines), 3)
        folds = {name: option(self.source, cell, name) for name in ("code-fold", "code-summary")}
        pairs = {name: value for name, value in folds.items() if folds["code-fold"] not in (None, False)}
        given = ("lst-cap", "code-line-numbers", "filename", "code-overflow")
        pairs |= {name: cell.options.data.get(name) for name in given}
        listing = _listing(cell)
        classes = [*([f"#{listing}"] if listing else []), ".markdown" if fenced else ".python", ".cell-code"]
        yield f"{fence} {{{' '.join([*classes, *_attributes(pairs)])}}}", here
        yield from lines
        yield fence, here

    def opening(self, cell: Cell, output: Output, displays: list[Output]) -> str:
        """The first line of an output's div."""
        names = [".cell-output", f".cell-output-{output.kind}"]
        names += [".cell-output-markdown"] if "text/markdown" in output.data else []
        if cell.label and output.kind == "display" and len(displays) > 1 and not cell.label.startswith("tbl-"):
            names.insert(0, f"#{cell.label}-{1 + next(i for i, one in enumerate(displays) if one is output)}")
        return f"::: {{{' '.join(names)}}}"

    def output(self, cell: Cell, output: Output, asis: bool, name: str, place: int) -> list[str]:
        """An output as lines of Markdown; `place` is its number among what the cell displays."""
        ((kind, value),) = output.data.items()
        if kind not in SHOWN or kind in SCRIPTS:
            what, remedy = f"the cell shows {kind}", "show it as text/markdown, text/html, a picture or text"
            if ".widget-" in kind:
                what = "the cell shows a widget, which needs a running kernel that no reader has"
                remedy = "show what it gives for one of its values"
            self.problems.append(Problem(cell.file, cell.line, what, remedy, True))
            return ["", box(kind), ""]
        self.check(cell, output)
        value = self.stable(value) if kind == "text/html" else value
        caption = "" if cell.label or output.kind != "display" else cell.options.data.get("fig-cap", "")
        if isinstance(caption, list):
            caption = caption[place] if place < len(caption) else ""
        caption = str(caption)
        caption = " ".join(caption.split("\n")).strip()
        if kind in PICTURES:
            page = PurePosixPath(self.source.file).with_suffix("")
            path = page.with_name(page.name + "_files") / "figure-html" / f"{name}.{PICTURES[kind]}"
            content = value.encode() if "<svg" in value else b64decode(value)
            self.files.append((path.as_posix(), content))
            size = {key: output.metadata.get(kind, {}).get(key) for key in ("width", "height")}
            given = {key: cell.options.data.get(key) for key in ("fig-alt", "fig-align", "fig-link")}
            pairs = _attributes({**size, **given})
            return [f"![{caption}](<{path.relative_to(page.parent)}>)" + (f"{{{' '.join(pairs)}}}" if pairs else "")]
        if asis and (kind == "text/markdown" or output.kind == "stdout"):
            lines = value.removesuffix("\n" if kind == "text/plain" else "").split("\n")
        elif kind == "text/markdown":
            lines = [*value.split("\n"), ""]
        else:
            fence = _fence(value, 3)
            lines = [fence + ("{=html}" if kind == "text/html" else ""), *value.removesuffix("\n").split("\n"), fence]
        return [*lines, "", caption, ""] if caption else lines


def _listing(cell: Cell) -> str | None:
    """The label of a cell's code, if that is a listing."""
    labelled = (cell.label or "").startswith("lst-") and "lst-cap" in cell.options.data
    return cell.options.data.get("lst-label") or (cell.label if labelled else None)


def _written(options: dict) -> Iterator[str]:
    """Options as YAML: Quarto writes those of a cell with a label anew."""
    for key, value in options.items():
        several = isinstance(value, list)
        items = [yaml.safe_dump(item, width=10**9, allow_unicode=True).split("\n")[0] for item in
                 (value if several else [value])]
        yield from [f"{key}:", *(f"  - {item}" for item in items)] if several else [f"{key}: {items[0]}"]


def _discarded(output: Output, pictured: bool) -> bool:
    """Whether a value is only what a plotting call returned beside its picture."""
    text = output.data.get("text/plain") if output.kind == "display" else None
    if text is None:
        return False
    if pictured:
        one = "\n" not in text and re.match(r"[<(\[].*?[>)\]]$|Text\([-\d]|\{.*<matplotlib\.", text.strip())
        return bool(one) or ("\n" in text and "<matplotlib." in text)
    return not text or text.startswith(("[<matplotlib", "<matplotlib", "<seaborn.", "<ggplot:"))


def _fence(text: str, least: int) -> str:
    """A run of backticks longer than any in the text."""
    return "`" * max([least, *(len(run) + 1 for run in re.findall(r"`+", text))])


def _attributes(pairs: dict) -> list[str]:
    """`key="value"` for each value that is given, as Pandoc reads it back."""
    found = []
    for key, value in pairs.items():
        if value is None:
            continue
        text = " ".join((value if isinstance(value, str) else json.dumps(value)).split("\n")).strip()
        escaped = re.sub(r'([\\"&])', r"\\\1", text)
        found.append(f'{key}="{escaped}"')
    return found
