"""The whole way from a book's folder to its site: read, run, weave, convert, link, write, and swap the result in."""

from __future__ import annotations

import ctypes
import json
import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import pandoc
from .book import Book, Chapter, number, open_book
from .execute import run
from .links import Links, identifiers, repeated
from .page import Page, Site
from .problems import Problem, Refused, nearest
from .references import collect, resolve
from .settings import load
from .source import read
from .weave import weave

BASE = Path(__file__).with_name("base.css")
STYLE = "site_libs/base.css"


@dataclass(frozen=True)
class Result:
    """What a build made."""

    pages: int
    figures: int
    tables: int
    seconds: float
    output: Path


def build(root: Path, output: Path | None = None, progress: Callable[[str], None] = lambda line: None,
          backend: str = "fork") -> Result:
    """Render the book in `root`; raises Refused, with every problem found, and then writes nothing."""
    start = time.monotonic()
    root = root.resolve()
    book = open_book(root, load(root / "_quarto.yml", root, "quarto"))
    output = (output or root / book.get("project", "output-dir", default="_book")).absolute()
    check_output(output, root)
    wovens = woven(book, progress, backend)
    chapters = number(book, wovens)
    pages, files, figures, tables, shared = assemble(book, chapters, progress)
    site = Site(book, pages=pages, **shared)
    made = {page.chapter.href: site.render(page).encode() for page in pages}
    made["search.json"] = json.dumps(site.search(), ensure_ascii=False, indent=2).encode()
    made |= {name: content for chapter in chapters for name, content in chapter.woven.files}
    write(output, root, made, files - set(made))
    return Result(len(pages), figures, tables, time.monotonic() - start, output)


def gather(actions: list[Callable]) -> list:
    """The results of all actions; raises one Refused with the problems of all that were refused."""
    results, problems = [], []
    for action in actions:
        try:
            results.append(action())
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return results


def woven(book: Book, progress: Callable[[str], None], backend: str) -> list:
    """Every page of the book as Markdown, its cells run."""
    path = book.root / "_variables.yml"
    variables = load(path, book.root, "variables").data if path.is_file() else {}
    sources = gather([lambda file=file: read(book.root / file, book.root, book.settings, variables)
                      for file in book.files])
    outputs = run(sources, book.root, backend, progress=progress)
    return [weave(source, output) for source, output in zip(sources, outputs, strict=True)]


def assemble(book: Book, chapters: list[Chapter], progress: Callable[[str], None]) -> tuple:
    """Pages with numbers, references and addresses settled; and the files to be copied beside them."""
    problems: list[Problem] = []
    bibliography = bibliographies(book, problems)
    holders = [c for c in chapters if re.search(r"^:::+\s*\{#refs([\s}]|.*?\})\s*$", c.markdown, re.M)]
    lister = holders[0] if holders else None
    settings = {"bibliography": bibliography, "csl": book.get("csl")}
    depth = book.get("format", "html", "toc-depth", default=3)
    jobs = [{"file": c.file, "markdown": c.markdown, "title": c.title, "number": c.number, "index": c.index,
             "subtitle": str((book.get("book", "subtitle") if c.index else c.front.get("subtitle")) or ""),
             "depth": depth, "lists": c is lister, "hides": lister is not None} for c in chapters]
    parts, keys = pandoc.convert(jobs, settings, book.root, lambda file: progress(f"  {file}"))
    cites = list(dict.fromkeys(key for part in parts for key in part["cites"]))
    texts = list(dict.fromkeys([e.text for e in book.outline if e.text] + [str(book.get("book", "title", default=""))]))
    for chapter, part in zip(chapters, parts, strict=True):
        problems += complaints(chapter, part, keys)
    if any("unknown" in found for part in parts for found in part["problems"]):
        cites = []  # citeproc would only say the same again
    last = pandoc.run({**settings, "texts": texts, "cites": cites if lister and cites else None}, book.root)
    words = dict(zip(texts, last["texts"], strict=True))
    labels, doubled = collect(chapters, parts)
    problems += doubled

    bodies = [resolve(part["body"], c, labels, problems) for c, part in zip(chapters, parts, strict=True)]
    if lister:
        place = chapters.index(lister)
        bodies[place] = bodies[place].replace("<!--references-->", last.get("references") or "")
    ids, headings = {}, {}
    for index, (chapter, part) in enumerate(zip(chapters, parts, strict=True)):
        if re.search(r'<section id="footnotes" class="level', bodies[index]):  # a heading of that name goes first
            bodies[index] = bodies[index].replace('<section id="footnotes" class="footnotes',
                                                  '<section class="footnotes')
        ids[chapter.file] = {*identifiers(bodies[index]), chapter.identifier}
        for id in [chapter.identifier] + [given["id"] for given in part["labels"] if given["kind"] == "heading"]:
            headings.setdefault(id, chapter.file)
        problems += repeated(bodies[index], chapter, {problem.what.split("”")[0][11:] for problem in doubled})
    drawn = {name for c in chapters for name, _ in c.woven.files}
    links = Links(book.root, {c.file: c for c in chapters}, ids, headings, lister.href if lister else "", drawn, problems)
    pages = []
    for chapter, part, body in zip(chapters, parts, bodies, strict=True):
        def plain(html: str, chapter=chapter) -> str:
            return resolve(html, chapter, labels, [], link=False)
        pages.append(Page(chapter, resolve(part["title"], chapter, labels, problems), plain(part["nav"]), part["text"],
                          part["subtitle"], re.sub(r"(<table\b)", r'<div class="quarto-scroll">\1',
                                                   links.rewrite(body, chapter)).replace("</table>", "</table></div>"),
                          tuple({**item, "html": plain(item["html"])} for item in part["contents"])))
    extra = attachments(book, links.files, problems)
    if problems:
        raise Refused(problems)
    found = [given["kind"] for part in parts for given in part["labels"]]
    shared = {"title": words[str(book.get("book", "title", default=""))], "parts": words, **extra}
    return tuple(pages), links.files, found.count("fig"), found.count("tbl"), shared


def complaints(chapter: Chapter, part: dict, keys: set[str]) -> list[Problem]:
    """What Pandoc and the filter found wrong with one page, with the line it stands on."""
    problems, seen = [], {}
    for found in part["problems"]:
        nth = seen.get(found["find"], -1) + 1
        seen[found["find"]] = nth
        if key := found.get("unknown"):
            what, remedy = f"the bibliography has no entry “{key}”", nearest(key, keys) + "add it, or mend the key"
            if re.search(rf"[#\s\"]{re.escape(key)}[\"\s}}]", chapter.woven.markdown):
                remedy = f"for a cross-reference the label must start with fig-, tbl-, sec- or eq- (such as fig-{key})"
            times = len(re.findall(rf"@{re.escape(key)}(?![\w-])", chapter.woven.markdown))
            problems += [chapter.problem(what, remedy, found["find"], n) for n in range(max(times, 1))]
        else:
            problems.append(chapter.problem(found["what"], found["remedy"], found["find"], nth))
    for message in part["messages"]:
        at = re.search(r"\bat line (\d+)", message)
        file, line = chapter.line(int(at[1])) if at else (chapter.file, 1)
        if "unclosed" in message:
            problems.append(Problem(file, line, "this div is never closed", "add a line `:::` after its content"))
        elif "Could not convert TeX math" in message:
            tex = message.split("math", 1)[1].split(", rendering")[0].strip()
            problems.append(chapter.problem(f"the formula {tex!r} cannot be shown", "use TeX that MathML knows",
                                            tex.split("\n")[0][:40]))
        elif "not used" in message:
            problems.append(Problem(file, line, message.split(" defined")[0].replace("Note with key", "the footnote")
                                    + " is never referred to", "refer to it, or remove it"))
        elif "Duplicate" in message and "identifier" not in message.lower():
            problems.append(Problem(file, line, message.split(" at line")[0], "keep only one of them"))
    return problems


def bibliographies(book: Book, problems: list[Problem]) -> list[str]:
    """The files of `bibliography` (and `csl`); a problem for each that is not there."""
    found = []
    for key in ("bibliography", "csl"):
        for place, name in enumerate(book.listed(key)):
            path = book.root / str(name)
            line = book.settings.line(key, place)
            if not path.is_file():
                raise Refused([Problem("_quarto.yml", line, f"there is no file {name}", f"write it or mend `{key}`")])
            if not path.resolve().is_relative_to(book.root):
                raise Refused([Problem("_quarto.yml", line, f"{name} lies outside the book's folder", "move it in")])
            found += [str(name)] if key == "bibliography" else []
    return found


def attachments(book: Book, files: set[str], problems: list[Problem]) -> dict:
    """The book's own styles, pieces of HTML and resources: noted in `files`, or put into the page."""
    def there(name: str, *keys) -> bool:
        path = book.root / name
        ok = path.is_file() and path.resolve().is_relative_to(book.root)
        if not ok:
            problems.append(Problem("_quarto.yml", book.settings.line(*keys), f"there is no file {name} in the book",
                                    "mend its name"))
        return ok

    styles = [STYLE]
    for place, name in enumerate(book.listed("format", "html", "css")):
        if there(str(name), "format", "html", "css", place):
            styles.append(str(name))
            files.add(str(name))
    pieces = {}
    for part in ("include-in-header", "include-before-body", "include-after-body"):
        text = ""
        for place, item in enumerate(book.listed("format", "html", part)):
            name = item.get("file") if isinstance(item, dict) else item
            if isinstance(item, dict) and "text" in item:
                text += item["text"]
            elif there(str(name), "format", "html", part, place):
                text += (book.root / str(name)).read_text(encoding="utf-8")
        pieces[part.split("-")[-1] if part != "include-before-body" else "before"] = text
    for pattern in book.listed("project", "resources"):
        found = [path for path in sorted(book.root.glob(str(pattern).lstrip("/"))) if path.exists()]
        for path in found:
            for one in sorted(path.rglob("*")) if path.is_dir() else [path]:
                if one.is_file() and there(one.relative_to(book.root).as_posix(), "project", "resources"):
                    files.add(one.relative_to(book.root).as_posix())
        if not found:
            problems.append(Problem("_quarto.yml", book.settings.line("project", "resources"),
                                    f"no file matches “{pattern}”", "mend or remove it"))
    return {"styles": tuple(styles), "head": pieces["header"], "before": pieces["before"], "after": pieces["body"]}


def check_output(output: Path, root: Path) -> None:
    """Refuse to write where something other than a site would be lost."""
    def refuse(what: str) -> None:
        raise Refused([Problem(str(output), 0, what, "name another folder with --output")])

    if root.is_relative_to(output):
        refuse("the output folder holds the book itself")
    if output.exists() and not output.is_dir():
        refuse("the output is a file")
    if output.is_dir() and any(output.iterdir()) and not (output / "index.html").is_file():
        refuse("the output folder holds something that is not a site")


def write(output: Path, root: Path, made: dict[str, bytes], files: set[str]) -> None:
    """Write the site beside its place, then swap it in: a build that dies leaves the last good one."""
    output.parent.mkdir(parents=True, exist_ok=True)
    for left in output.parent.glob(f".{output.name}.building-*"):
        if not alive(left.name.rpartition("-")[2]):
            shutil.rmtree(left, ignore_errors=True)
    fresh = output.with_name(f".{output.name}.building-{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        for name, content in made.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(content)
        for name, source in {STYLE: BASE, **{name: root / name for name in sorted(files)}}.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, fresh / name)
        swap(fresh, output)
    except OSError as error:
        raise Refused([Problem(str(output), 0, f"the site could not be written ({error.strerror})",
                               "make room or mend the rights of the folder; the last site is unchanged")]) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def swap(fresh: Path, output: Path) -> None:
    """Put `fresh` in the place of `output`, in one step where the system can exchange two folders."""
    if output.exists():
        at, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
        rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
        if rename and rename(at, os.fsencode(fresh), at, os.fsencode(output), exchange) == 0:
            return
        old = fresh.with_name(fresh.name.replace(".building-", ".previous-"))
        output.rename(old)
        fresh.rename(output)
        shutil.rmtree(old, ignore_errors=True)
    else:
        fresh.rename(output)


def alive(process: str) -> bool:
    """Whether the process with this number still runs."""
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
