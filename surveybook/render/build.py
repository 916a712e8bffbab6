"""The whole way from a book's folder to its site: read, run, weave, convert, link, write."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from surveybook.render import hooks
from surveybook.render import output as site_folder
from surveybook.render.assemble import assemble
from surveybook.render.book import Book, number, open_book
from surveybook.render.cache import Cache
from surveybook.render.cells import Outputs, steps
from surveybook.render.execute import run
from surveybook.render.files import Files
from surveybook.render.headings import write_headings
from surveybook.render.page import STYLE
from surveybook.render.problems import Problem, Refused
from surveybook.render.settings import load
from surveybook.render.source import Source, read
from surveybook.render.weave import Woven, weave

BASE = Path(__file__).with_name("base.css")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Result:
    """What a build made."""

    pages: int
    figures: int
    tables: int
    seconds: float
    output: Path


def build(root: Path, output: Path | None = None, progress: Progress = lambda line: None,
          backend: str = "fork", record: Path | None = None) -> Result:
    """Render the book in `root`; raises Refused, with every problem found, and then writes nothing.

    `record` is a file for what the cells depended on (Cache.record).
    """
    start = time.monotonic()
    root = root.resolve()
    book = open_book(root, load(root / "_quarto.yml", root, "quarto"))
    output = (output or root / book.get("project", "output-dir", default="_book")).absolute()
    site_folder.check(output, root)
    hooks.run(book, "pre-render", output)
    files = Files(book)
    problems = files.problems
    cache = Cache(root)
    wovens, outputs, failed = weave_all(book, progress, backend, cache, problems)
    progress("making pages")
    site = assemble(book, number(book, wovens, problems), files, failed, problems)
    if problems:
        raise Refused(problems)
    made = {page.chapter.href: site.render(page).encode() for page in site.pages}
    if book.get("book", "search", default=True):
        made["search.json"] = json.dumps(site.search(), ensure_ascii=False, indent=2).encode()
    made |= {name: content for woven in wovens.values() for name, content in woven.files}
    copied = {name: root / name for name in sorted(site.copied)} | {STYLE: BASE}
    copied = {name: path for name, path in copied.items() if name not in made}
    site_folder.write(output, made, copied, lambda fresh: hooks.run(book, "post-render", fresh))
    if record:
        record.write_text(json.dumps(cache.record(outputs), indent=1), encoding="utf-8")
    return Result(len(site.pages), site.figures, site.tables, time.monotonic() - start, output)


def attempt(action: Callable, problems: list[Problem]):
    """What `action` gives, or None, its problems noted: so that one build tells all that is wrong."""
    try:
        return action()
    except Refused as refused:
        problems += refused.problems
        return None


def weave_all(book: Book, progress: Progress, backend: str, cache: Cache, problems: list[Problem]
              ) -> tuple[dict[str, Woven], list[Outputs], str]:
    """Every page as Markdown, its cells run; the outputs; and the text of the pages that failed, whose labels are not
    known.

    A page whose cells failed is woven without their outputs, so that its text is still checked.
    """
    path = book.root / "_variables.yml"
    variables = attempt(lambda: load(path, book.root, "variables").data, problems) if path.is_file() else {}
    sources: list[Source] = []
    failed = ""
    for file in book.files:
        source = attempt(lambda file=file: read(book.root / file, book.root, book.settings, variables or {}), problems)
        if source:
            sources.append(source)
        else:
            failed += (book.root / file).read_text(encoding="utf-8", errors="replace")
    headings = write_headings(book.root, sources)
    try:
        outputs = dict(enumerate(run(sources, book.root, backend, None, progress, cache, headings)))
    except Refused as refused:
        problems += refused.problems
        outputs = getattr(refused, "partial", {})
    wovens = {}
    for place, source in enumerate(sources):
        output = outputs.get(place) or (None if steps(source) else Outputs(source.file))
        woven = attempt(lambda source=source, output=output: weave(
            source, output or Outputs(source.file, tuple(() for _ in steps(source)))), problems)
        if not output or not woven:
            failed += source.path.read_text(encoding="utf-8")
        if woven:
            wovens[source.file] = woven
    return wovens, list(outputs.values()), failed
