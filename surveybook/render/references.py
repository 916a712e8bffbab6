"""Cross-references: what every label of the book is called, and the text and address of each reference to it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from surveybook.render.book import NBSP, Chapter, given, relative
from surveybook.render.problems import Problem, nearest

NAMES = {"fig": "Figure", "tbl": "Table", "lst": "Listing", "eq": "Equation", "nte": "Note", "wrn": "Warning",
         "tip": "Tip", "imp": "Important", "cau": "Caution", "thm": "Theorem", "lem": "Lemma", "cor": "Corollary",
         "prp": "Proposition", "cnj": "Conjecture", "def": "Definition", "exm": "Example", "exr": "Exercise",
         "rem": "Remark", "sol": "Solution"}
PLACEHOLDER = re.compile(r'<a class="quarto-xref" data-to="([^"]*)" data-bare="([01])(2?)">(.*?)</a>', re.S)


@dataclass(frozen=True)
class Label:
    """Something that can be referred to: a float, an equation, a callout, a section or a chapter."""

    chapter: Chapter
    id: str
    kind: str
    number: str
    text: str = ""
    unnumbered: bool = False
    whole: bool = False


def title_of(chapter: Chapter, text: str) -> str:
    """A page's title with its number, as tags and references on unnumbered pages show it."""
    if chapter.unnumbered or chapter.index or not (chapter.depth or chapter.appendix):
        return text
    return f"Appendix {chapter.number} — {text}" if chapter.appendix else f"{chapter.number}{NBSP} {text}"


def called(options: dict) -> dict:
    """What pages.lua is told of names: those that captions of this page have instead of the usual ones, and the kinds
    that the author defines. (Each has an empty key, as an empty mapping would be a list for Lua.)"""
    given = options.get("crossref") or {}
    own = {one.get("key", ""): one.get("caption-prefix") or one.get("reference-prefix", "")
           for one in given.get("custom") or []}
    titles = {key.removesuffix("-title"): value for key, value in given.items() if key.endswith("-title")}
    return {"names": {"": "", **titles, **own}, "kinds": {"": False, **dict.fromkeys(own, True)}}


def name_of(kind: str, options: dict) -> str:
    """What a reference calls a kind of thing."""
    given = options.get("crossref") or {}
    own = {one.get("key"): one.get("reference-prefix") for one in given.get("custom") or []}
    return given.get(f"{kind}-prefix") or own.get(kind) or NAMES[kind]


def text_of(label: Label, prefix: str, bare: bool, by_title: bool, options: dict) -> str:
    """What a reference says: `Figure 2.1`, `Section 1.5`, `see 4.1`, or on an unnumbered page a section's title."""
    lead = f"{prefix}" if prefix else ""
    if label.kind == "heading" and by_title:
        return lead + label.text.replace("&", "&amp;").replace("<", "&lt;")
    if bare:
        return lead + label.number
    if label.kind == "heading":
        name = "Section" if not label.whole else "Appendix" if label.chapter.appendix else "Chapter"
        return f"{name} {label.number}"
    return f"{name_of(label.kind, options)}{NBSP}{label.number}"


def may_give(text: str, id: str) -> bool:
    """Whether the text of pages that failed seems to give something this id (which is then not missed)."""
    return re.search(rf"(?:[{{\s]#|label:\s*[\"']?){re.escape(id)}(?![\w-])", text) is not None


class References:
    """The labels of the whole book, and what is wrong with them and with the references to them."""

    def __init__(self, chapters: Sequence[Chapter], parts: Sequence[dict], failed: str = ""):
        self.labels: dict[str, Label] = {}
        self.headings: dict[str, str] = {}  # id of a heading -> the first page that has it
        self.doubled: set[str] = set()
        self.problems: list[Problem] = []
        self.failed = failed  # text of pages that are not here: what it may label is not reported
        for chapter, part in zip(chapters, parts, strict=True):
            self.collect(chapter, part)

    def collect(self, chapter: Chapter, part: dict) -> None:
        found = [Label(chapter, one["id"], one["kind"], one["number"], one["text"], bool(one.get("unnumbered")),
                       bool(one.get("whole")))
                 for one in part["labels"]]
        if chapter.identifier:
            found.insert(0, Label(chapter, chapter.identifier, "heading", chapter.number,
                                  title_of(chapter, part["text"]), chapter.unnumbered, True))
        here: Counter[str] = Counter()
        for label in found:
            here[label.id] += 1
            if label.kind == "heading":
                self.headings.setdefault(label.id, chapter.file)
                if not label.id.startswith("sec-"):
                    continue
            first = self.labels.setdefault(label.id, label)
            if first is not label:
                self.doubled.add(label.id)
                file, line = first.chapter.place(given(label.id))
                where = "" if first.chapter is chapter else f" (first in {file}:{line})"
                self.problems.append(chapter.problem(f"the label “{label.id}” is given twice{where}",
                                                     "rename one of them", given(label.id), here[label.id] - 1))

    def resolve(self, html: str, chapter: Chapter, link: bool = True) -> str:
        """`html` with each placeholder of a reference replaced by a link (or by its text alone)."""
        seen: Counter[str] = Counter()

        def replace(match: re.Match) -> str:
            id, bare, linked, prefix = match[1], match[2] == "1", match[3], match[4]
            label = self.labels.get(id) or self.labels.get(unicodedata.normalize("NFD", id))
            nth, seen[id] = seen[id], seen[id] + 1
            if label is None or label.unnumbered:
                if link and not may_give(self.failed, id):
                    self.problems.append(self.unresolved(chapter, id, label, nth))
                return id
            if label.number == "0":  # refused where it stands, and no further fault here
                return id
            text = text_of(label, prefix, bare, chapter.unnumbered or not chapter.depth, chapter.options)
            if linked or not link:  # no link within a link
                return f'<span class="quarto-xref">{text}</span>' if link else text
            here = label.chapter is chapter
            href = "" if here else relative(chapter.href, label.chapter.href)
            fragment = "" if label.whole and not here else "#" + id
            return f'<a href="{href}{fragment}" class="quarto-xref">{text}</a>'

        return PLACEHOLDER.sub(replace, html)

    def unresolved(self, chapter: Chapter, id: str, label: Label | None, nth: int) -> Problem:
        needle = re.compile(rf"@[{id[0].upper()}{id[0]}]{re.escape(id[1:])}(?![\w-])")
        if label is None:
            return chapter.problem(f"the reference @{id} leads nowhere", nearest(id, self.labels) +
                                   "give that label to something, or mend the reference", needle, nth)
        return chapter.problem(f"@{id} refers to a heading without a number",
                               f"link to it instead: `[title]({label.chapter.file}#{id})`", needle, nth)
