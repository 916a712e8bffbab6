"""Beside each figure and table, the same for machines and for other pages: its data, its facts, its picture.

`fig-x.csv`, `fig-x.json`, `fig-x.svg`, `fig-x.png`, and `tbl-x.csv`, `tbl-x.json`, in the folder of the page. The data
that the analysis put into the page move there, so that the page stays light.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from surveybook.errors import Refusal
from surveybook.folders import Content
from surveybook.publish.citing.formats import entry, text
from surveybook.publish.downloads.embeds import SHEET, embed, heights, stylesheet
from surveybook.publish.downloads.pictures import open_pictures, picture, png, share_work
from surveybook.publish.downloads.studies import offered
from surveybook.publish.manifest import Source
from surveybook.publish.pages.captions import describe_drawing
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.encoding import MEDIA_TYPES, as_csv, as_json
from surveybook.publish.site.page import EMBED, Float, Page, element
from surveybook.publish.site.parts import Part, words
from surveybook.publish.site.report import Report
from surveybook.publish.site.text import own_words
from surveybook.store import Store

NAME = re.compile(r"[\w.-]+")  # what can name a file on every system


@dataclass(frozen=True)
class PlacedFloat:
    """A figure or table, where it stands, and what it is called there: `part` is None where it has no caption.

    `source` is the state of the project that it was made from.
    """

    page: Page
    float: Float
    part: Part | None
    report: Report | None
    source: Source

    @property
    def number(self) -> str:
        """“Figure 2.1”, or its label where it has no number."""
        return self.part.number if self.part and self.part.number else self.float.label

    @property
    def caption(self) -> str:
        """All words of the caption: away from the page, what its marks mean must be said too."""
        return words(self.part.node).removeprefix(f"{self.number}: ") if self.part else ""

    @property
    def anchor(self) -> str:
        return f"{self.page.name}#{self.float.label}"

    @property
    def citation(self) -> str | None:
        return text(entry(self.report, self.part, self.page.language)) if self.report and self.part else None


@step(needs=[Trait.STUDIES, Trait.INDEX, Trait.DESCRIBED], adds=[Trait.COMPANIONS])
def accompany(edition: Edition) -> None:
    """Write the companions of every figure and table that has a label, and link them below it."""
    drawn, placed = open_pictures(edition.root), list(place_floats(edition))
    svgs = [picture_of(shown, drawn) for shown in placed]
    with share_work(edition.root, [svg for svg in svgs if svg]):
        for shown, svg in zip(placed, svgs, strict=True):
            page, one, made = shown.page, shown.float, companions(shown, svg, drawn)
            stem = posixpath.join(posixpath.dirname(page.name), one.label)
            edition.files.update({f"{stem}.{kind}": content for kind, content in made.items()})
            links = [link(page.leads_to(f"{stem}.{kind}"), kind, content, shown.number)
                     for kind, content in made.items()]
            links += [link(page.leads_to(name), name.rpartition(".")[2], edition.files[name], words)
                      for name, words in offered(edition, one.about).items()]
            one.frame.css_first("script.report-data").decompose()
            places = [f'<a href="#{one.label}" aria-label="Link to {escape(shown.number)}">Link</a>']
            if "svg" in made:
                edition.files[f"{stem}{EMBED}"] = framed(shown, edition.book[0].title)
                edition.files[SHEET] = stylesheet()
                places.append(embed_link(shown))
            one.frame.insert_child(element(
                f'<p class="downloads">Download: {" · ".join(links)}<br>Use: {" · ".join(places)}</p>'))
    drawn.forget_the_rest()


def place_floats(edition: Edition) -> Iterator[PlacedFloat]:
    """The figures and tables that have a label. Raises Refusal for a label that no file can have."""
    for page in edition.book:
        known = {part.label: part for part in edition.parts[page.name]}
        for one in page.floats:
            if one.label and not NAME.fullmatch(one.label):
                raise Refusal(f"{page.name}: “{one.label}” cannot name a file; use letters, digits and hyphens alone")
            if one.label:
                yield PlacedFloat(page, one, known.get(one.label), edition.report, edition.source)


def picture_of(shown: PlacedFloat, drawn: Store) -> bytes | None:
    """The drawing of a figure as a file, or None where there is none."""
    frame = shown.float.frame
    drawing = frame.css_first("svg.wide") or frame.css_first("svg")
    if drawing is None or not shown.float.label.startswith("fig-"):
        return None
    said = (shown.caption or shown.number, describe_drawing(drawing, frame), notes(shown))
    return drawn.get(json.dumps([drawing.html, *said]), lambda: picture(drawing, *said))


def companions(shown: PlacedFloat, svg: bytes | None, drawn: Store) -> dict[str, bytes]:
    """The content of each companion of a figure or table, by its kind."""
    made = {"csv": as_csv(marked(shown.float.about)), "json": as_json(facts(shown))}
    return made | ({"svg": svg, "png": drawn.get(svg, lambda: png(svg))} if svg else {})


def framed(shown: PlacedFloat, title: str) -> bytes:
    """The figure as a page that other sites show in a frame."""
    return embed(shown.page, shown.float, shown.number, shown.caption, shown.report.title if shown.report else title)


def embed_link(shown: PlacedFloat) -> str:
    """The link to that page. theme/cite.js makes it open the dialog, with the frame to copy."""
    said = f"{shown.number}: {shown.caption}"
    source = shown.float.about.get("credit") or shown.float.about.get("source") or ""
    wide, narrow = heights(shown.float.frame, said, source)
    return (f'<a class="embed-link" href="{shown.float.label}{EMBED}" title="{escape(said)}" '
            f'data-wide="{wide}" data-narrow="{narrow}" '
            f'aria-label="Embed {escape(shown.number)}">Embed</a>')


def notes(shown: PlacedFloat) -> list[str]:
    """What a picture says of itself: the source of its data, the place it was taken from, and its licence."""
    report, source, licence = shown.report, shown.float.about.get("source"), shown.float.about.get("licence")
    reading = shown.float.frame.css_first(".figure-reading")
    said = [*([own_words(reading)] if reading is not None else []), *([f"Source: {source}."] if source else [])]
    if report is not None:
        authors = ", ".join(author.full for author in report.authors)
        said.append(f"{shown.number} of {report.title}, version {report.version}, by {authors} ({shown.anchor}).")
    return [*said, f"Licence: {licence}."] if licence else said


def marked(about: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows; simulated ones say in a column of their own that they are."""
    mark = {"simulated": about["label"]} if about.get("label") else {}
    return [row | mark for row in about["data"]]


def facts(shown: PlacedFloat) -> dict[str, Any]:
    """All that a re-user must know of a figure or table, and its rows."""
    frame, about, rows = shown.float.frame, shown.float.about, shown.float.about["data"]
    note, drawing = frame.css_first(".figure-note"), frame.css_first("svg")
    return {
        "id": shown.float.label, "number": shown.number, "caption": shown.caption,
        "description": describe_drawing(drawing, frame) if drawing is not None else None,
        "reading": own_words(frame.css_first(".figure-reading")) or None,
        "note": note.text() if note is not None else None,
        "page": shown.page.name, "anchor": shown.anchor, "citation": shown.citation,
        "version": shown.report.version if shown.report else None,
        "commit": shown.source.commit or None, "changed_since_commit": shown.source.changed,
        **{name: value for name, value in about.items() if name != "data"},
        "methods": list(dict.fromkeys(row["method"] for row in rows if row.get("method"))), "data": rows,
    }


def link(href: str, kind: str, content: bytes | Content, what: str) -> str:
    """A link to a companion that says what it is, how large, and of what."""
    seen = f"{kind.upper()} {size(len(content))}"
    return (f'<a href="{escape(href)}" type="{MEDIA_TYPES[f".{kind}"]}" download '
            f'aria-label="{seen}: {escape(what)}">{seen}</a>')


def size(count: int) -> str:
    """“12 kB”, “1.4 MB”; a file is never 0 kB."""
    return f"{count / 1e6:.1f} MB" if count >= 999_500 else f"{max(1, round(count / 1000))} kB"
