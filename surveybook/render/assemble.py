"""All pages together: numbers, references, citations and addresses settled over the whole book."""

from __future__ import annotations

import re
from collections import Counter

from surveybook.render.book import Book, Chapter, as_list
from surveybook.render.files import PARTS, Files
from surveybook.render.links import Links, repeated
from surveybook.render.page import Page, Site, abstract, authors
from surveybook.render.pandoc import Converter
from surveybook.render.problems import Problem, nearest
from surveybook.render.references import References, title_of
from surveybook.render.source import TITLE

REFERENCES = re.compile(r"^:::+\s*\{#refs([\s}]|.*?\})\s*$", re.M)
# A table that asks not to be processed brings its own way to scroll
TABLE = re.compile(r"<table(?![^>]*data-quarto-disable-processing).*?</table>", re.S)
KEY = re.compile(r"@([\w:.#$%&+?<>~/-]*\w)")


def assemble(book: Book, chapters: list[Chapter], files: Files, failed: str, problems: list[Problem]) -> Site:
    """The site, ready to be written if `problems` is still empty; `failed` is the text of pages that are not here."""
    lister = next((chapter for chapter in chapters if REFERENCES.search(chapter.markdown)), None)
    title = str(book.get("book", "title", default=""))
    converter = Converter(book.root, files.bibliography, files.csl)
    parts = converter.pages([job(chapter, book, lister) for chapter in chapters])
    for chapter, part in zip(chapters, parts, strict=True):
        problems += complaints(chapter, part, None if files.sources_lost else converter.keys)
    texts = list(dict.fromkeys([title, *(entry.text for entry in book.outline), *(
        text for chapter in chapters for text in [
            *authors(chapter.facts.get("author")), abstract(chapter), *as_list(chapter.front.get("keywords"))])]))
    cited = [key for part in parts for key in part["cites"] if key in converter.keys]
    cites = list(dict.fromkeys(cited + nocite(book, chapters)))
    last = converter.rest(texts, cites if lister else [])
    converter.forget()
    words = dict(zip(texts, last["texts"], strict=True))

    references = References(chapters, parts, failed)
    bodies = {}
    for chapter, part in zip(chapters, parts, strict=True):
        body = references.resolve(part["body"], chapter)
        if '<section id="footnotes" class="level' in body:  # a heading of that name: the list of notes yields
            body = body.replace('<section id="footnotes" class="footnotes', '<section class="footnotes')
        if chapter is lister:
            body = body.replace("<!--references-->", last.get("references") or "")
        bodies[chapter.file] = body
    shown = {chapter.file: part["title"] + bodies[chapter.file] for chapter, part in zip(chapters, parts, strict=True)}
    found = Links(book.root, chapters, shown, references.headings, lister.href if lister else "",
                  book.files, failed)
    pages = []
    for chapter, part in zip(chapters, parts, strict=True):
        problems += repeated(bodies[chapter.file], chapter, references.doubled)
        body = found.rewrite(bodies[chapter.file], chapter)
        body = TABLE.sub(r'<div class="quarto-scroll">\g<0></div>', body)
        contents = [{**item, "html": references.resolve(item["html"], chapter, False)} for item in part["contents"]]
        pieces = {place: found.rewrite(html, chapter, ("_quarto.yml", files.line(PARTS[place])))
                  for place, html in files.pieces.items()}
        pages.append(Page(chapter, found.rewrite(references.resolve(part["title"], chapter), chapter),
                          references.resolve(part["nav"], chapter, False), part["text"], part["subtitle"], body,
                          tuple(contents), pieces))
    problems += references.problems + found.problems
    kinds = Counter(given["kind"] for part in parts for given in part["labels"])
    return Site(book, files, words[title], words, tuple(pages), kinds["fig"], kinds["tbl"],
                frozenset(files.copied | found.files))


def job(chapter: Chapter, book: Book, lister: Chapter | None) -> dict:
    """What pages.lua is told of one page."""
    subtitle = book.get("book", "subtitle") if chapter.index else chapter.front.get("subtitle")
    title = title_of(chapter, str(book.get("book", "title", default="")) if chapter.index else chapter.title)
    given = chapter.options
    return {"file": chapter.file, "markdown": chapter.markdown.replace(TITLE, title), "title": chapter.title,
            "subtitle": str(subtitle or ""), "index": chapter.index, "number": chapter.number,
            "numbers": chapter.depth, "depth": given.get("toc-depth", 3), "lists": chapter is lister,
            "hides": lister is not None, "appearance": given.get("callout-appearance", "default"),
            "icon": str(given.get("callout-icon", True)).lower()}


def nocite(book: Book, chapters: list[Chapter]) -> list[str]:
    """Keys that `nocite` puts into the list of references without a citation."""
    return [key for data in [book.settings.data, *(chapter.front for chapter in chapters)]
            for key in KEY.findall(str(data.get("nocite") or ""))]


def complaints(chapter: Chapter, part: dict, keys: set[str] | None) -> list[Problem]:
    """What Pandoc and pages.lua found wrong with one page, each with its line (`keys`: the bibliography)."""
    problems: list[Problem] = []
    seen: Counter[str] = Counter()
    for found in part["problems"]:
        nth, seen[found["find"]] = seen[found["find"]], seen[found["find"]] + 1
        if (key := found.get("unknown")) and keys is None:
            continue
        if key:
            remedy = nearest(key, keys) + "add it, or mend the key"
            if re.search(rf"(?:#|label=\"){re.escape(key)}[\"\s}}]", chapter.woven.markdown):
                remedy = f"to be referred to, a label must start with fig-, tbl-, sec- or eq- (such as fig-{key})"
            for n in range(max(1, len(re.findall(rf"@{re.escape(key)}(?![\w-])", chapter.woven.markdown)))):
                problems.append(chapter.problem(f"the bibliography has no entry “{key}”", remedy, "@" + key, n))
        else:
            problems.append(chapter.problem(found["what"], found["remedy"], found["find"], nth))
    for message in part["messages"]:
        at = re.search(r"\bat line (\d+)", message)
        file, line = chapter.line(int(at[1]) if at else 1)
        if "unclosed" in message:
            problems.append(Problem(file, line, "this div is never closed", "add a line `:::` after its content"))
        elif "Could not convert TeX math" in message:
            tex = message.split("TeX math", 1)[1].split(", rendering as TeX")[0].strip()
            problems.append(chapter.problem(f"the formula “{tex}” cannot be shown as MathML",
                                            "use TeX that Pandoc knows", tex.split("\n")[0]))
        elif again := re.search(r"Duplicate (note|link) reference '(.*)'", message):
            problems.append(Problem(file, line, f"“{again[2]}” is defined twice", "remove one of the two"))
    return problems
