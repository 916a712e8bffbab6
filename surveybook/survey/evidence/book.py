"""Where in the book is a section?  The ids that chapters give to headings, and those that passports will have."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from pathlib import Path

from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.data.schema import Document

HEADING = re.compile(r"^(#+) (.+?) *\{[^}\n]*#(sec-[a-z0-9-]+)[^}\n]*\}$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """A section by its id: its title, the title of its chapter, and its page as seen from the book's folder."""

    id: str
    title: str
    chapter: str
    page: str

    @property
    def address(self) -> str:
        """The address of the section, as seen from a chapter."""
        return f"../{self.page}#{self.id}"

    @property
    def words(self) -> str:
        """“Methods: Intervals of one share”, or the title of a chapter alone."""
        return self.title if self.title == self.chapter else f"{self.chapter}: {self.title}"


def read_sections(root: Path, hypotheses: Mapping[str, Hypothesis]) -> dict[str, Section]:
    """The sections of index.qmd and of chapters/*.qmd in the folder `root`, by id.

    The passport of a hypothesis is made by a cell: its section `sec-<id>` stands on the page of the section
    `sec-passports-<family>`, if there is one.
    """
    found: dict[str, Section] = {}
    for path in (root / "index.qmd", *sorted((root / "chapters").glob("*.qmd"))):
        headings = HEADING.findall(CODE.sub("", path.read_text(encoding="utf-8")))
        page = path.relative_to(root).with_suffix(".html").as_posix()
        found |= {name: Section(name, title, headings[0][1], page) for _, title, name in headings}
    for hypothesis in hypotheses.values():
        if home := found.get(f"sec-passports-{hypothesis.family.id}"):
            name = f"sec-{hypothesis.id}"
            found[name] = Section(name, hypothesis.claim, home.chapter, home.page)
    return found


def section_at(document: Document, keys: Sequence[str | int], sections: Mapping[str, Section]) -> Section:
    """The section whose id stands at `keys` of a file. Raises DataError, with file and line, if no chapter has it."""
    name = reduce(lambda value, key: value[key], keys, document.data)
    if name not in sections:
        near = get_close_matches(name, sections, n=1, cutoff=0)
        remedy = f"the nearest one is “{near[0]}”" if near else "write the chapter first"
        raise document.refusal(keys, f"no chapter has a section with the id “{name}”; {remedy}")
    return sections[name]
