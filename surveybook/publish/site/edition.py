"""The rendered site on its way to readers: what every step of surveybook/publish/finish.py works on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from pathlib import Path

from surveybook.folders import Content
from surveybook.publish.manifest import Source, source
from surveybook.publish.site.marks import VALUES, describe_extent
from surveybook.publish.site.page import Page
from surveybook.publish.site.parts import Part, read_parts
from surveybook.publish.site.report import Report, read_report
from surveybook.publish.site.study import Study, read_studies, undisclosed


@dataclass(frozen=True)
class Edition:
    """A site between render and release.

    `pages` by name, parsed; the steps change them in place. `files`: what they add or replace, content by path from the
    site's folder. `root` is the folder of the book, `site` that of the rendered site. What can be read of them is read
    once, when it is first asked for, and shared by all steps.
    """

    root: Path
    site: Path
    pages: dict[str, Page]
    files: dict[str, bytes | Content] = field(default_factory=dict)

    @cached_property
    def book(self) -> list[Page]:
        """The pages that the builder made, in the order in which the book is read: that of its sidebar."""
        found = {name: page for name, page in self.pages.items() if not page.made and page.tree.css_first("main")}
        first = found.get("index.html")
        listed = first.outline if first else []
        return [found[name] for name in dict.fromkeys(["index.html", *listed, *found]) if name in found]

    @cached_property
    def report(self) -> Report | None:
        """What CITATION.cff says; None where a book has no such file."""
        return read_report(self.root)

    @cached_property
    def studies(self) -> dict[str, Study]:
        """The studies of the book, by name."""
        return read_studies(self.root)

    @cached_property
    def shown(self) -> list[Study]:
        """The studies of which a page shows something, by name."""
        names = {one.about.get("study") for page in self.pages.values() for one in page.floats}
        return [study for name, study in sorted(self.studies.items()) if name in names]

    @cached_property
    def extent(self) -> str:
        """What a citation of the whole book must say: “simulated data”, “partly simulated data”, or nothing."""
        said = [describe_extent(page.content) for page in self.book if page.content.css_first(VALUES)]
        found = next(filter(None, said), "").removeprefix("partly ")
        return f"partly {found}" if found and any(one != found for one in said) else found

    @cached_property
    def parts(self) -> dict[str, list[Part]]:
        """What can be cited on each page of the book, by the name of the page."""
        return {page.name: list(read_parts(page, self.extent)) for page in self.book}

    @cached_property
    def source(self) -> Source:
        """The state of the project that the site is made from."""
        return source(self.root, self.site, undisclosed(self.root))

    @cached_property
    def builder(self) -> str:
        """Which program made the pages."""
        made = next((page.quarto for page in self.pages.values() if page.quarto), "")
        return f"Quarto {made}" if made else "the bundled renderer"

    def content(self, name: str) -> bytes | None:
        """A file of the site as it will be, or None."""
        if name in self.files:
            held = self.files[name]
            return held if isinstance(held, bytes) else held.read()
        path = self.site / name
        return path.read_bytes() if path.is_file() else None


class Trait(Enum):
    """What a step can add to a site, and a later one need."""

    DRAWINGS = auto()  # charts that are drawn
    CAPTIONS = auto()  # where figures have them: above
    DESCRIBED = auto()  # drawings that refer to their words
    LABELS = auto()  # captions and pages that say what is simulated
    TERMS = auto()  # links to the glossary
    INDEX = auto()  # what can be searched, of text that nothing was added to but terms and labels
    ADDRESSES = auto()  # whatever was published leads somewhere
    STUDIES = auto()  # files of studies
    COMPANIONS = auto()  # files beside figures and tables, whose data leave the pages
    TWINS = auto()  # pages as Markdown
    RESULTS = auto()  # the file of results, whose exact values leave the pages
    VERIFICATION = auto()  # the page that verifies all files
    CITATIONS = auto()  # the page of citations, links to it, and files of citations
    DESCRIPTIONS = auto()  # what pages tell programs, of text and files that stand
    NOTES = auto()  # addresses for paper
    FRAMES = auto()  # what surrounds the text
    NAVIGATION = auto()  # the bar and the list of chapters, made of the frames
    FOOTERS = auto()  # the edition, at the end of each page
    DATASETS = auto()  # what pages tell programs of the studies that they show
    SCRIPTS = auto()
    STYLES = auto()
    DEAD = auto()  # what is shown at addresses where nothing is
    CRATE = auto()  # what the site tells programs of all its files
    POLICIES = auto()  # after everything that they must allow


@dataclass(frozen=True)
class Step:
    """A step from the rendered site to the finished one: it changes pages in place, and adds files.

    Every step that adds what another one needs must run before that one.
    """

    run: Callable[[Edition], None]
    needs: frozenset[Trait]
    adds: frozenset[Trait]

    def __call__(self, edition: Edition) -> None:
        self.run(edition)

    @property
    def name(self) -> str:
        return self.run.__name__


def step(*, needs: Iterable[Trait] = (), adds: Iterable[Trait] = ()) -> Callable[[Callable[[Edition], None]], Step]:
    """Make a function of an edition a step."""
    return lambda run: Step(run, frozenset(needs), frozenset(adds))
