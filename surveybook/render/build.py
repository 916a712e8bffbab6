"""The whole way from a book's folder to its site: read, run, weave, convert, link, write."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

from surveybook.boundary import Beyond, read_file
from surveybook.folders import locked, replace_file
from surveybook.processes import BUNDLED, STARTER, claims
from surveybook.render.book import Book, number_pages, open_book
from surveybook.render.cache import Cache
from surveybook.render.cells import Outputs, steps
from surveybook.render.execution import run_cells
from surveybook.render.files import Files
from surveybook.render.headings import write_headings
from surveybook.render.markdown import Woven, weave_page
from surveybook.render.metadata import read_book_settings, read_environment
from surveybook.render.output import refuse_to_overwrite, write_site
from surveybook.render.page import STYLE
from surveybook.render.pieces import Cell, Source
from surveybook.render.problems import Problem, Refused, attempt
from surveybook.render.settings import passed_in_cell, passed_over, read_settings
from surveybook.render.site import Site, assemble_site
from surveybook.render.source import read_page
from surveybook.render.watch import Watch

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
          backend: str = "fork", record: Path | None = None,
          wrote: Callable[[list[str]], None] | None = None, lenient: bool = False) -> Result:
    """Render the book in `root`; raises Refused, with every problem found, and then writes nothing.

    `record` is a file for what the cells depended on (Cache.record). `wrote` is told which files of the book scripts
    and cells wrote. A `lenient` build goes on where only something is not done here: each is told, and stands in a box.
    Where the site is put beside the book, other builds are waited for; those in .cache/ are parts of one.
    """
    start = time.monotonic()
    root = root.resolve()
    problems: list[Problem] = []
    settings = attempt(lambda: read_book_settings(root), problems)
    if settings is None:  # what is no YAML says nothing of the pages
        raise Refused(problems)
    output = (output or root / settings.get("project", "output-dir", default="_book")).absolute()
    with turn(root, output, progress):
        book = attempt(lambda: open_book(root, settings), problems)
        environment = attempt(lambda: read_environment(root), problems)
        if extra := passed_over(book.settings):
            progress(f"passed over, as it changes no web page: {', '.join(dict.fromkeys(extra))}")
        refuse_to_overwrite(output, root)
        watch = Watch(root) if wrote else None
        if watch:
            watch.changed(output)
        attempt(lambda: run_scripts(book, "pre-render", output, environment), problems)
        if watch:
            wrote(watch.changed(output))
        files, cache = Files(book), Cache(root)
        problems += files.problems
        wovens, outputs, failed = weave_all(book, progress, backend, cache, environment, problems)
        if wrote:
            wrote([name for one in outputs for name in one.seen.written])
        progress("making pages")
        chapters = number_pages(book, wovens, problems)
        site = attempt(lambda: assemble_site(book, chapters, files, failed, problems), problems)
        if faults := [problem for problem in problems if not (lenient and problem.undone)]:
            raise Refused(faults)
        for said in [*(f"not rendered here: {problem}" for problem in sorted(set(problems))), *site.notes]:
            progress(said)
        made = {name: content for woven in wovens.values() for name, content in woven.files}
        write_site(output, *files_of(site, made), lambda fresh: run_scripts(book, "post-render", fresh, environment))
        if record:
            replace_file(record, json.dumps(cache.record(outputs), indent=1).encode())
    return Result(len(site.pages), site.figures, site.tables, time.monotonic() - start, output)


@contextmanager
def turn(root: Path, output: Path, progress: Progress) -> Iterator[None]:
    """Wait for other builds of this book, unless this one is a part of one, or puts its site somewhere else."""
    alone = output.is_relative_to(root) and not output.is_relative_to(root / ".cache") and os.access(root, os.W_OK)
    with locked(root, progress) if alone else nullcontext():
        yield


def files_of(site: Site, pictures: dict[str, bytes]) -> tuple[dict[str, bytes], dict[str, Path]]:
    """What is written into the site by name: contents that were made, and files that are copied."""
    made = {page.chapter.href: site.render(page).encode() for page in site.pages}
    if site.book.get("book", "search", default=True):
        made["search.json"] = json.dumps(site.search(), ensure_ascii=False, indent=2).encode()
    made |= pictures
    copied = {name: site.book.root / name for name in sorted(site.copied)} | {STYLE: BASE}
    return made, {name: path for name, path in copied.items() if name not in made}


def weave_all(book: Book, progress: Progress, backend: str, cache: Cache, environment: dict[str, str],
              problems: list[Problem]) -> tuple[dict[str, Woven], list[Outputs], str]:
    """Every page as Markdown, its cells run; the outputs; and the text of the pages that failed, whose labels are not
    known.

    A page whose cells failed is woven without their outputs, so that its text is still checked.
    """
    path = book.root / "_variables.yml"
    read = attempt(lambda: read_settings(path, book.root, "variables"), problems) if path.is_file() else None
    variables = read.data if read else {}
    sources: list[Source] = []
    failed = ""
    for file in book.files:
        path = book.root / file
        count = len(problems)
        source = attempt(lambda path=path: read_page(path, book.root, book.settings, variables, environment),
                         problems)
        if source:
            sources.append(source)
        if len(problems) > count:
            with suppress(Beyond):
                failed += read_file(book.root, file).decode("utf-8", "replace")
    headings = write_headings(book.root, sources)
    outputs = attempt(lambda: dict(enumerate(run_cells(sources, book.root, backend, None, progress, cache,
                                                       environment | headings))), problems) or {}
    for cell in (piece for source in sources for piece in steps(source) if isinstance(piece, Cell)):
        for said in passed_in_cell(cell.options):
            progress(f"{cell.file}:{said}")
    wovens = {}
    for place, source in enumerate(sources):
        output = outputs.get(place) or (None if steps(source) else Outputs(source.file))
        woven = attempt(lambda source=source, output=output: weave_page(
            source, output or Outputs(source.file, tuple(() for _ in steps(source)))), problems)
        if not output or not woven:
            failed += source.path.read_text(encoding="utf-8")
        if woven:
            wovens[source.file] = woven
    return wovens, list(outputs.values()), failed


def run_scripts(book: Book, key: str, output: Path, environment: dict[str, str]) -> None:
    """Run the scripts under `key` in their order, each in the book's folder and told where the site is.

    Raises Refused for one that is no Python script of the book, or that fails: what it printed says why.
    """
    declared = book.get("project", key, default=[])
    made = [os.path.relpath(output / name, book.root) for name in book.pages]
    told = {"QUARTO_PROJECT_DIR": str(book.root), "QUARTO_PROJECT_RENDER_ALL": "1"} | (
        {"QUARTO_PROJECT_INPUT_FILES": "\n".join(book.files)} if key == "pre-render" else
        {"QUARTO_PROJECT_OUTPUT_FILES": "\n".join(made), "QUARTO_PROJECT_ROOT": str(book.root)})
    for script in [declared] if isinstance(declared, str) else declared:
        name, *arguments = shlex.split(script)
        place = book.settings.place("_quarto.yml", "project", key)
        if not name.endswith(".py") or not (book.root / name).is_file():
            raise Refused([Problem(*place, f"“{name}” under {key} is no Python script of the book",
                                   "name one, or take it out")])
        ended = subprocess.run(
            [sys.executable, name, *arguments], cwd=book.root, stdin=subprocess.DEVNULL, stdout=sys.stderr,
            env={**os.environ, **environment, "QUARTO_PROJECT_OUTPUT_DIR": str(output), **told, BUNDLED: "1",
                 STARTER: str(os.getpid())},
            pass_fds=claims(),
        )
        if ended.returncode:
            raise Refused([Problem(*place, f"“{script}” under {key} failed", "see what it says above")])
