"""What do all pages share: numbers, references, citations and addresses over the whole book, outline, search index?"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape

from surveybook.markup import limit_passed
from surveybook.render.book import Book, Chapter, relative
from surveybook.render.dates import written_date
from surveybook.render.files import PARTS, Files
from surveybook.render.links import Links, identifiers, repeated
from surveybook.render.page import STYLE, Footer, Page, authors, byline, description, listed, nest, template
from surveybook.render.pandoc import Converter
from surveybook.render.problems import Problem, Refused, nearest
from surveybook.render.references import References, called, title_of
from surveybook.render.shortcodes import TITLE

REFERENCES = re.compile(r"^:::+\s*\{#refs([\s}]|.*?\})\s*$", re.M)
# A table that asks not to be processed brings its own way to scroll
TABLE = re.compile(r"<table(?![^>]*data-quarto-disable-processing).*?</table>", re.S)
KEY = re.compile(r"@([\w:.#$%&+?<>~/-]*\w)")

CONTENTS = """<div class="site-contents" id="quarto-margin-sidebar">
<nav id="TOC" role="doc-toc" aria-label="Table of contents">
<details>
<summary>{}</summary>
{}
</details>
</nav>
</div>
"""
KEYWORDS = """<div class="keywords"><div class="block-title">Keywords</div>
<p>{}</p></div>
"""


@dataclass(frozen=True)
class Site:
    """What all pages share."""

    book: Book
    files: Files
    title: dict  # html and text of the book's title
    words: dict  # the same of parts, authors and the book's description, by what is written
    pages: tuple[Page, ...]
    figures: int
    tables: int
    copied: frozenset[str]  # files of the book that go along
    notes: tuple[str, ...]  # what an author should know, and is no fault

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each page stands in reading order, by its file."""
        return {page.chapter.file: place for place, page in enumerate(self.pages)}

    @cached_property
    def sidebars(self) -> dict[str, str]:
        """The sidebar as pages of one folder see it (filled as they are rendered)."""
        return {}

    def link(self, chapter: Chapter, place: int) -> dict | None:
        """Address and label of the page at a place in reading order, seen from `chapter`."""
        if not 0 <= place < len(self.pages):
            return None
        return {"href": relative(chapter.href, self.pages[place].chapter.href), "label": self.pages[place].label}

    def sidebar(self, chapter: Chapter) -> str:
        folder = posixpath.dirname(chapter.href)
        if folder not in self.sidebars:
            items = []
            for entry in self.book.outline:
                link = self.link(chapter, self.places.get(entry.file, -1))
                label = f'<span class="menu-text">{link["label"] if link else self.words[entry.text]["html"]}</span>'
                html = f'<a href="{escape(link["href"])}">{label}</a>' if link else label
                items.append({"depth": entry.depth, "html": html})
            self.sidebars[folder] = listed(nest(items))
        own = f'<a href="{escape(posixpath.basename(relative(chapter.href, chapter.href)))}">'
        return self.sidebars[folder].replace(own, own[:-1] + ' class="active" aria-current="page">', 1)

    def render(self, page: Page) -> str:
        """The whole HTML of one page."""
        chapter, book = page.chapter, self.book
        place = self.places[chapter.file]
        given = chapter.options
        toc = [] if chapter.unlisted or given.get("toc") is False else [
            {"depth": item["depth"], "html": f'<a href="#{escape(item["id"])}">{item["html"]}</a>'}
            for item in page.contents]
        # Quarto writes the book's title as it stands in _quarto.yml beside a title with any markup or typography.
        dressed = chapter.identifier or chapter.number and not chapter.appendix or page.text != chapter.title
        name = str(book.get("book", "title", default="")) if dressed and not chapter.index else self.title["text"]
        title = name if chapter.index else f"{title_of(chapter, page.text)} – {name}"
        keywords = [self.words[word] for word in chapter.words("keywords")]
        by = authors(chapter.facts.get("author"))
        previous, following = self.link(chapter, place - 1), self.link(chapter, place + 1)
        description = chapter.front.get("description") or book.get("book", "description", default="")
        icon = self.files.icon and relative(chapter.href, self.files.icon)
        metadata = [("description", description), ("keywords", ", ".join(word["text"] for word in keywords)),
                    *(("author", self.words[author.name]["text"]) for author in by)]
        links = [("prev", previous and previous["href"]), ("next", following and following["href"]), ("icon", icon),
                 *(("stylesheet", relative(chapter.href, style)) for style in (STYLE, *page.styles))]
        logo = self.picture(chapter, self.files.logo, "sidebar-logo", ("sidebar", "logo-alt"))
        cover = self.picture(chapter, self.files.cover if chapter.index else "", "quarto-cover-image",
                             ("cover-image-alt",))
        lines = [f'<meta name="{name}" content="{escape(str(said))}">\n' for name, said in metadata if said]
        lines += [f'<link rel="{kind}" href="{escape(address)}">\n' for kind, address in links if address]
        return template().substitute(
            lang=escape(given.get("lang", "en")), tag=escape(title, quote=False), metadata="".join(lines),
            logo=logo, home=escape(relative(chapter.href, "index.html")), book=self.title["html"], **page.pieces,
            outline=self.sidebar(chapter),
            contents=CONTENTS.format(escape(given.get("toc-title", "Table of contents")), listed(nest(toc)))
            if toc else "",
            heading=self.title["html"] if chapter.index else page.heading,
            subtitle=f'<p class="subtitle">{page.subtitle}</p>\n' if page.subtitle else "",
            categories="" if given.get("title-block-categories") is False else self.categories(chapter),
            description=f'<div class="description">{text}</div>\n' if (text := self.described(chapter)) else "",
            byline=byline(by, written_date(chapter.facts.get("date"), chapter.date_format), self.words),
            keywords=KEYWORDS.format(", ".join(word["html"] for word in keywords)) if keywords else "",
            body=covered(page.body, cover), previous=turn(previous, "prev", "previous"),
            next=turn(following, "next", "next"))

    def picture(self, chapter: Chapter, file: str, name: str, words: tuple[str, ...]) -> str:
        """A picture that `book` names, with the words that it has there for it."""
        alternative = escape(str(self.book.get("book", *words, default="")))
        return f'<img src="{escape(relative(chapter.href, file))}" class="{name}" alt="{alternative}">' if file else ""

    def categories(self, chapter: Chapter) -> str:
        """What kinds of pages this one is counted to."""
        items = "".join(f'<li class="quarto-category">{self.words[name]["html"]}</li>'
                        for name in chapter.words("categories"))
        return f'<ul class="quarto-categories" aria-label="Categories">{items}</ul>\n' if items else ""

    def described(self, chapter: Chapter) -> str:
        """What stands below the home page's title; as in YAML, a block of text is a paragraph."""
        text = description(chapter)
        html = self.words[text]["html"]
        return f"<p>{html}</p>" if text.endswith("\n") else html

    def search(self) -> list[dict]:
        """The search index: one entry for each page, one for each of its second-level sections."""
        from selectolax.lexbor import LexborHTMLParser  # not needed where a book has another search

        part, found = "", []
        parts = {}
        for entry in self.book.outline:
            part = entry.text if not entry.file else part if entry.depth > 1 else ""
            parts[entry.file] = self.words[part]["text"] if part else ""
        for page in self.pages:
            chapter = page.chapter
            crumbs = [crumb for crumb in (parts[chapter.file], page.label) if crumb]
            title = self.title["text"] if chapter.index else title_of(chapter, page.text)

            def add(href: str, section: str, text: str, title: str = title, crumbs: list = crumbs) -> None:
                if text:
                    found.append({"objectID": href, "href": href, "title": title, "section": section, "text": text,
                                  "crumbs": crumbs})

            tree = LexborHTMLParser(f"<main>{page.body}</main>")
            for node in tree.css("script, style, annotation"):
                node.decompose()
            entries, first = [], ""
            for section in tree.css("section.level2, section.footnotes"):
                head = section.css_first("h2")
                name = words(head.text()) if head else ""
                if head:
                    head.decompose()
                text = words(section.text())
                first = first or f"{name} {text}"
                entries.append((f"{chapter.href}#{section.attributes.get('id') or 'fn1'}", name, text))
                section.decompose()
            add(chapter.href, "", escape(words(f"{tree.css_first('main').text()} {first}"), quote=False))
            for href, name, text in entries:
                add(href, name, escape(text, quote=False))
        return found


def words(text: str) -> str:
    """Text with its white space made single spaces (no-break ones are kept)."""
    return re.sub(r"[ \t\r\n\f]+", " ", text).strip(" ")


def covered(body: str, cover: str) -> str:
    """The home page with the picture of the book's cover, below its own heading if it begins with one."""
    begun = re.match(r"<section[^>]*>\s*<h1.*?</h1>\s*|", body, re.S).end()
    return f"{body[:begun]}<p>{cover}</p>\n{body[begun:]}" if cover else body


def from_root(html: str) -> str:
    """HTML of `_quarto.yml`, whose addresses are seen from the book's folder, for pages in any folder."""
    return re.sub(r"""(\shref=["'])(?![a-zA-Z][\w+.-]*:|[/#])""", r"\g<1>/", html)


def turn(link: dict | None, kind: str, name: str) -> str:
    """The way to the page before or after."""
    inner = f'<a href="{escape(link["href"])}" rel="{kind}"><span class="nav-page-text">{link["label"]}</span></a>' \
        if link else ""
    return f'<div class="nav-page nav-page-{name}">{inner}</div>'


def assemble_site(book: Book, chapters: list[Chapter], files: Files, failed: str, problems: list[Problem]) -> Site:
    """The site, ready to be written if `problems` is still empty; `failed` is the text of pages that are not here."""
    lister = next((chapter for chapter in chapters if REFERENCES.search(chapter.markdown)), None)
    title = str(book.get("book", "title", default=""))
    footer = Footer.of(book.get("book", "page-footer"))
    known = len(files.problems)
    converter = Converter(book.root, files.bibliographies(chapters), files.csl)
    problems += files.problems[known:]
    known = len(files.problems)
    if tangles := [tangle for chapter in chapters if (tangle := chapter.tangle())]:
        raise Refused(tangles)
    parts = converter.pages([job(chapter, book, lister) for chapter in chapters])
    for chapter, part in zip(chapters, parts, strict=True):
        problems += complaints(chapter, part, None if files.sources_lost else converter.keys)
    texts = list(dict.fromkeys([title, *(entry.text for entry in book.outline), *(
        text for chapter in chapters for text in [
            *(text for author in authors(chapter.facts.get("author")) for text in (author.name, *author.places)),
            description(chapter), *chapter.words("keywords"), *chapter.words("categories")]), *footer.texts]))
    cited = [key for part in parts for key in part["cites"] if key in converter.keys]
    cites = list(dict.fromkeys(cited + nocite(book, chapters)))
    last = converter.rest(texts, cites if lister else [])
    if lister and cites and (converter.numeric or last["lettered"]):  # as the list has them, not page by page
        parts = converter.pages([job(chapter, book, lister) | {"cited": cites} for chapter in chapters])
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
        if passed := limit_passed(body):
            problems.append(Problem(chapter.file, 0, *passed))
        bodies[chapter.file] = body
    ids = {file: identifiers(body) for file, body in bodies.items()}
    shown = {chapter.file: identifiers(part["title"]) + ids[chapter.file]
             for chapter, part in zip(chapters, parts, strict=True)}
    found = Links(book.root, chapters, shown, references.headings, lister.href if lister else "",
                  [*book.files, *book.refused], failed)
    pages = []
    for chapter, part in zip(chapters, parts, strict=True):
        problems += repeated(ids[chapter.file], chapter, references.doubled)
        body = found.rewrite(bodies[chapter.file], chapter)
        body = TABLE.sub(r'<div class="quarto-scroll">\g<0></div>', body)
        contents = [{**item, "html": references.resolve(item["html"], chapter, False)} for item in part["contents"]]
        styles, own = files.of_page(chapter)
        pieces = {place: found.rewrite(html, chapter, files.place(PARTS[place])) for place, html in own.items()}
        pieces["footer"] = found.rewrite(from_root(footer.html(words)), chapter, files.place("page-footer"))
        called = words[chapter.label]["html"] if chapter.label else references.resolve(part["nav"], chapter, False)
        pages.append(Page(chapter, found.rewrite(references.resolve(part["title"], chapter), chapter),
                          called, part["text"], part["subtitle"], body, tuple(contents), pieces, styles))
    problems += references.problems + found.problems + files.problems[known:]
    kinds = Counter(given["kind"] for part in parts for given in part["labels"])
    return Site(book, files, words[title], words, tuple(pages), kinds["fig"], kinds["tbl"],
                frozenset(files.copied | found.files),
                tuple(said for chapter, part in zip(chapters, parts, strict=True) for said in remarks(chapter, part)))


def job(chapter: Chapter, book: Book, lister: Chapter | None) -> dict:
    """What pages.lua is told of one page."""
    subtitle = book.get("book", "subtitle") if chapter.index else chapter.front.get("subtitle")
    title = title_of(chapter, str(book.get("book", "title", default="")) if chapter.index else chapter.title)
    given = chapter.options
    return {"file": chapter.file, "markdown": chapter.markdown.replace(TITLE, title), "title": chapter.title,
            "subtitle": str(subtitle or ""), "index": chapter.index, "number": chapter.number,
            "untitled": chapter.untitled,
            "numbers": chapter.depth, "depth": given.get("toc-depth", 3), "lists": chapter is lister,
            "hides": lister is not None, "appearance": given.get("callout-appearance", "default"),
            "icon": str(given.get("callout-icon", True)).lower(), "lines": given.get("code-line-numbers", False),
            "annotations": str(given.get("code-annotations", "")).lower(), "overflow": given.get("code-overflow", ""),
            "captions": {key: given[key] for key in ("fig-cap-location", "tbl-cap-location") if key in given},
            "lightbox": bool(given.get("lightbox")), "align": given.get("fig-align", ""),
            "abstract": {"text": chapter.abstract, "title": chapter.front.get("abstract-title")
                         or book.get("abstract-title", default="Abstract")},
            **called(given), "truths": truths({**book.settings.data, **chapter.front} if "-meta=" in chapter.markdown
                                              else {})}


def truths(metadata: Mapping, above: str = "") -> dict[str, bool]:
    """Whether each value of metadata, by its dotted name, counts as true for `when-meta`."""
    found = {"": False}
    for key, value in metadata.items():
        name = f"{above}{key}"
        found |= {name: bool(value)} | (truths(value, f"{name}.") if isinstance(value, Mapping) else {})
    return found


def nocite(book: Book, chapters: list[Chapter]) -> list[str]:
    """Keys that `nocite` puts into the list of references without a citation."""
    return [key for data in [book.settings.data, *(chapter.front for chapter in chapters)]
            for key in KEY.findall(str(data.get("nocite") or ""))]


def remarks(chapter: Chapter, part: dict) -> list[str]:
    """What pages.lua noted of one page, each with its line."""
    places = [(*chapter.place(note["find"]), note["what"]) for note in part["notes"]]
    return [f"{file}:{line}: {what}" for file, line, what in places]


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
            for n in range(max(1, len(re.findall(rf"@{re.escape(key)}(?![\w-])", chapter.prose)))):
                problems.append(chapter.problem(f"the bibliography has no entry “{key}”", remedy, "@" + key, n))
        else:
            problem = chapter.problem(found["what"], found["remedy"], found["find"], nth)
            problems.append(replace(problem, undone=bool(found.get("undone"))))
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
