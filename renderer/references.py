"""Cross-references: what every label of the book is called, and the text and address of each reference to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .book import NBSP, Chapter, relative
from .problems import Problem, nearest

NAMES = {"fig": "Figure", "tbl": "Table", "eq": "Equation", "nte": "Note", "wrn": "Warning", "tip": "Tip",
         "imp": "Important", "cau": "Caution"}
PLACEHOLDER = re.compile(r'<a class="quarto-xref" data-to="([^"]*)" data-bare="([01])">(.*?)</a>', re.S)


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
    if chapter.unnumbered or chapter.index:
        return text
    return f"Appendix {chapter.number} — {text}" if chapter.appendix else f"{chapter.number}{NBSP} {text}"


def collect(chapters: Sequence[Chapter], parts: Sequence[dict]) -> tuple[dict[str, Label], list[Problem]]:
    """All labels of the book by id, and a problem for each that is given twice."""
    labels: dict[str, Label] = {}
    problems = []
    for chapter, part in zip(chapters, parts, strict=True):
        found = [Label(chapter, chapter.identifier, "sec", chapter.number, title_of(chapter, part["text"]),
                       chapter.unnumbered, True)] if chapter.identifier else []
        for given in part["labels"]:
            kind = "sec" if given["kind"] == "heading" else given["kind"]
            found.append(Label(chapter, given["id"], kind, given["number"], given["text"],
                               given.get("unnumbered", False)))
        here: Counter[str] = Counter()
        for label in found:
            here[label.id] += 1
            if label.kind == "sec" and not label.id.startswith("sec-"):
                continue
            first = labels.setdefault(label.id, label)
            if first is not label:
                file, line = first.chapter.place("#" + label.id) if first.chapter is not chapter else ("", 0)
                where = f" (first in {file}:{line})" if file else ""
                problems.append(chapter.problem(f"the label “{label.id}” is given twice{where}", "rename one of them",
                                                label.id, here[label.id] - 1))
    return labels, problems


def text_of(label: Label, prefix: str, bare: bool, by_title: bool) -> str:
    """What a reference says: `Figure 2.1`, `Section 1.5`, `see 4.1`, or on an unnumbered page a section's title."""
    lead = f"{prefix}" if prefix else ""
    if label.kind == "sec" and by_title:
        return lead + label.text.replace("&", "&amp;").replace("<", "&lt;")
    if bare:
        return lead + label.number
    if label.kind == "sec":
        name = "Section" if not label.whole else "Appendix" if label.chapter.appendix else "Chapter"
        return f"{name} {label.number}"
    return f"{NAMES[label.kind]}{NBSP}{label.number}"


def resolve(html: str, chapter: Chapter, labels: dict[str, Label], problems: list[Problem], link: bool = True) -> str:
    """`html` with each placeholder of a reference replaced by a link (or by its text alone)."""
    seen: Counter[str] = Counter()

    def replace(match: re.Match) -> str:
        id, bare, prefix = match[1], match[2] == "1", match[3]
        label = labels.get(id)
        nth, seen[id] = seen[id], seen[id] + 1
        needle = id[1:]  # the first letter may be written large
        if label is None:
            problems.append(chapter.problem(f"the reference @{id} leads nowhere", nearest(id, labels) +
                                            "give that label to something, or mend the reference", needle, nth))
            return match[0]
        if label.unnumbered:
            problems.append(chapter.problem(f"@{id} refers to a heading without a number",
                                            f"link to it instead: `[title]({label.chapter.file}#{id})`", needle, nth))
            return match[0]
        text = text_of(label, prefix, bare, chapter.unnumbered)
        if not link:
            return text
        here = label.chapter is chapter
        href = "" if here else relative(chapter.href, label.chapter.href)
        fragment = "" if label.whole and not here else "#" + id
        return f'<a href="{href}{fragment}" class="quarto-xref">{text}</a>'

    return PLACEHOLDER.sub(replace, html)
