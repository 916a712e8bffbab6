"""The addresses in a page: chapters to pages, files to be copied, and every one that leads nowhere."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Sequence
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote

from surveybook.boundary import Beyond, Missing, find_file
from surveybook.render.book import Chapter, given, relative
from surveybook.render.problems import Problem, nearest
from surveybook.render.references import may_give

TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>|<[a-zA-Z](?:[^\"'<>]|\"[^\"]*\"|'[^']*')*>", re.S)
ADDRESS = re.compile(r"(\s(?:href|src|poster|data)\s*=\s*)(\"[^\"]*\"|'[^']*')")
IDENTIFIER = re.compile(r"\sid\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")


def tags(html: str) -> list[str]:
    """The opening tags of a page, in order, without those in comments, scripts and styles."""
    return [match[0] for match in TAG.finditer(html) if not match[0].startswith("<!--") and not match[1]]


def identifiers(html: str) -> Counter[str]:
    """How often each id stands in a piece of HTML."""
    return Counter(unescape(found[1] or found[2] or "") for tag in tags(html) if (found := IDENTIFIER.search(tag)))


class Links:
    """Rewrites the addresses of all pages; notes what must be copied and what is wrong."""

    def __init__(self, root: Path, chapters: Sequence[Chapter], ids: dict[str, Counter[str]], headings: dict[str, str],
                 references: str, listed: Sequence[str] = (), failed: str = ""):
        self.root = root
        self.chapters = {chapter.file: chapter for chapter in chapters}
        self.made = {chapter.href: chapter for chapter in chapters}
        self.ids = {chapter.file: {*ids[chapter.file], chapter.identifier} for chapter in chapters}
        self.headings = headings  # id of a heading -> the first page that has it
        self.references = references  # the page that lists the references, or ""
        self.listed = set(listed)
        self.drawn = {name for chapter in chapters for name, _ in chapter.woven.files}
        self.failed = failed  # text of pages that are not here: what it may label is not reported
        self.problems: list[Problem] = []
        self.files: set[str] = set()

    def rewrite(self, html: str, chapter: Chapter, origin: tuple[str, int] | None = None) -> str:
        """`html` with every address as the page needs it; `origin`: where the HTML is from, if not from the page."""
        seen: Counter[str] = Counter()

        def address(found: re.Match) -> str:
            url, opened = unescape(found[2][1:-1]), found.string
            if 'role="doc-biblioref"' in opened:
                list_ = self.references if self.references != chapter.href else ""
                new = (relative(chapter.href, list_) if list_ else "") + url
            else:
                nth, seen[url] = seen[url], seen[url] + 1
                new = self.resolve(url, chapter, not re.match(r"<(a|area)\s", opened), nth, origin)
            return f'{found[1]}"{escape(new)}"'

        def tag(match: re.Match) -> str:
            if match[0].startswith("<!--"):
                return match[0]
            opened, mark, rest = match[0].partition(">") if match[1] else (match[0], "", "")
            return ADDRESS.sub(address, opened) + mark + rest  # scripts and styles: only their own tag

        return TAG.sub(tag, html)

    def resolve(self, url: str, chapter: Chapter, picture: bool, nth: int,
                origin: tuple[str, int] | None = None) -> str:
        """The address as the page needs it; the same address, and a problem, if it leads nowhere."""
        def refuse(what: str, remedy: str) -> str:
            if origin:
                self.problems.append(Problem(*origin, what, remedy))
                return url
            needle = next((n for n in (url, unquote(url), posixpath.basename(path)) if n in chapter.woven.markdown), "")
            self.problems.append(chapter.problem(what, remedy, needle, nth))
            return url

        path, mark, fragment = url.strip().partition("#")
        if ELSEWHERE.match(path):
            return url
        if not path:
            return self.here(fragment, chapter, refuse) if fragment else url
        query = path.partition("?")[1] + path.partition("?")[2]
        path = unquote(path.partition("?")[0])
        base = "" if path.startswith("/") else posixpath.dirname(chapter.file)
        target = posixpath.normpath(posixpath.join(base, path.lstrip("/")))
        page = self.chapters.get(target) or self.made.get(target)
        if page and not picture:
            id = unquote(fragment)
            if id and id not in self.ids[page.file] and not may_give(self.failed, id):
                return refuse(f"{page.file} has nothing with the id “{fragment}”",
                              nearest(fragment, self.ids[page.file]) + "mend the part after #")
            return relative(chapter.href, page.href) + query + mark + fragment
        if target in self.drawn:
            return relative(chapter.href, target)
        if target in self.listed:  # a page that failed
            return url
        try:
            file = find_file(self.root, target)
        except Missing:
            file = None
        except Beyond as beyond:
            return refuse(f"“{url}” {beyond.what}", beyond.remedy)
        if target.endswith(".qmd"):
            return refuse(*((f"{target} is not a chapter of this book", "list it in _quarto.yml, or remove the link")
                            if file else
                            (f"there is no chapter {target}", nearest(target, self.chapters) + "mend the link")))
        if not file:
            kind = "picture" if re.search(r"\.(svg|png|jpe?g|gif|webp|avif)$", target, re.I) else "file"
            return refuse(f"there is no {kind} {target}", "mend its name (relative to the page), or add it")
        self.files.add(target)
        return relative(chapter.href, target) + query + mark + fragment

    def here(self, fragment: str, chapter: Chapter, refuse: Callable[[str, str], str]) -> str:
        """An address within the page; as in Quarto, a heading of another page is found by its id alone."""
        id = unquote(fragment)
        if id in self.ids[chapter.file] or may_give(self.failed, id):
            return "#" + fragment
        if id in self.headings:
            page = self.chapters[self.headings[id]]
            return relative(chapter.href, page.href) + ("" if page.identifier == id else "#" + fragment)
        return refuse(f"this page has nothing with the id “{id}”",
                      nearest(id, self.ids[chapter.file]) + "mend the part after #, or give something that id")


def repeated(ids: Counter[str], chapter: Chapter, labels: set[str]) -> list[Problem]:
    """Ids that stand more than once in the body of a page (labels are reported by themselves)."""
    counted = ids.copy()
    if chapter.identifier:
        counted[chapter.identifier] += 1
    return [chapter.problem(f"the id “{id}” is given twice on this page", "rename one of the two", given(id), 1)
            for id, times in sorted(counted.items())
            if times > 1 and id and id not in labels and not re.fullmatch(r"fn(ref)?\d+", id)]  # of notes within notes
