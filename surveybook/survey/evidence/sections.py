"""Where in the book is a section?  The ids that chapters give to headings, and those that passports will have."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from functools import reduce
from pathlib import Path, PurePosixPath

from surveybook.boundary import EDITORS, is_plain
from surveybook.survey.data.hypotheses import Claim
from surveybook.survey.data.schema import Document

INDEX = "SURVEYBOOK_HEADINGS"  # the environment variable that names an index of headings
HEADING = re.compile(r"^#+ (.+?) *\{[^}\n]*#(sec-[a-z0-9-]+)[^}\n]*\}$", re.MULTILINE)
INCLUDE = re.compile(r"^\{\{< include (\S+) >\}\}$", re.MULTILINE)
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


def read_sections(root: Path, claims: Iterable[Claim]) -> dict[str, Section]:
    """The sections of index.qmd and of chapters/*.qmd in the folder `root`, by id.

    The passport of a hypothesis is made by a cell: its section `sec-<id>` stands on the page of the section
    `sec-passports-<family>`, if there is one.
    """
    found: dict[str, Section] = {}
    for file, headings in _headings(root).items():
        page = PurePosixPath(file).with_suffix(".html").as_posix()
        found |= {name: Section(name, title, headings[0][0], page) for title, name in headings}
    for claim in claims:
        if home := found.get(f"sec-passports-{claim.family}"):
            found[f"sec-{claim.id}"] = Section(f"sec-{claim.id}", claim.words, home.chapter, home.page)
    return found


def _headings(root: Path) -> dict[str, list[tuple[str, str]]]:
    """Title and id of the headings that have an id `sec-...`, by file.

    A renderer that runs cells may have written an index of all headings, so that a page which shows where sections are
    depends on that and not on the text of every chapter. Without one the chapters are read.
    """
    if index := os.environ.get(INDEX):
        with suppress(OSError):
            listed = json.loads(Path(index).read_text(encoding="utf-8"))
            return {file: [(title, name) for _, title, name in headings if name.startswith("sec-")]
                    for file, headings in listed.items()}
    files = (root / "index.qmd", *(path for path in sorted((root / "chapters").glob("*.qmd"))
                                   if is_plain(path, root.resolve()) and not EDITORS.fullmatch(path.name)))
    return {path.relative_to(root).as_posix(): HEADING.findall(CODE.sub("", _text(path))) for path in files}


def _text(path: Path) -> str:
    """The text of a page with what it includes."""
    return INCLUDE.sub(lambda found: _text(path.parent / found[1]), path.read_text(encoding="utf-8"))


def section_at(document: Document, keys: Sequence[str | int], sections: Mapping[str, Section]) -> Section:
    """The section whose id stands at `keys` of a file. Raises DataError, with file and line, if no chapter has it."""
    name = reduce(lambda value, key: value[key], keys, document.data)
    if name not in sections:
        near = get_close_matches(name, sections, n=1, cutoff=0)
        remedy = f"the nearest one is “{near[0]}”" if near else "write the chapter first"
        raise document.refusal(keys, f"no chapter has a section with the id “{name}”; {remedy}")
    return sections[name]
