"""Which words belong to a drawing, and where do they stand?  Its caption above it, the others below it.

A caption says what the figure finds, as its function has it from the numbers it draws. What is shown and how the marks
are read, which is what authors write as a caption, stands below the drawing in a quiet line.
"""

from __future__ import annotations

import re
from html import escape

from selectolax.lexbor import LexborNode

from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import drawings, element, label_of

FINDING, READING = "data-finding", "data-reading"  # what the analysis says for the caption of a figure
NUMBER = re.compile(r"(?:Figure|Table)(?:&nbsp;|\s)(?:[A-Z]\.)?[\d.]+:\s+")
SEMICOLON = re.compile(r"((&#?\w+)?);\s")


@step(needs=[Trait.DRAWINGS], adds=[Trait.CAPTIONS])
def raise_captions(edition: Edition) -> None:
    """Make the caption the first thing in each figure of the analysis, as it is in a table, and let it say the finding.

    Builders write it below, where the note and the numbers of a figure would come between the two.
    """
    for page in edition.pages.values():
        for figure in page.content.css("figure:has(.report-figure)"):
            caption, frame = figure.css_first("figcaption"), figure.css_first(".report-figure")
            if caption is None:
                continue
            if caption.mem_id != figure.first_child.mem_id:
                figure.first_child.insert_before(caption, move=True)
            if finding := frame.attributes.get(FINDING):
                say_finding(caption, frame, finding)


def say_finding(caption: LexborNode, frame: LexborNode, finding: str) -> None:
    """Put what a figure finds into its caption, and the caption that its author wrote below the drawing: what is shown,
    and how the marks are read, once."""
    written = (caption.inner_html or "").strip()
    number = NUMBER.match(written)
    shown = written[number.end():] if number else written
    if reading := frame.attributes.get(READING):
        shown = f"{before_semicolon(shown).rstrip('. ')}. {escape(reading)}"
    note = frame.css_first(".figure-note")
    line = element(f'<p class="figure-reading">{shown}</p>')
    note.insert_before(line) if note is not None else frame.insert_child(line)
    caption.inner_html = f'{number[0] if number else ""}<span class="figure-finding">{escape(finding)}</span>'
    for name in (FINDING, READING):
        if name in frame.attributes:
            del frame.attrs[name]


def before_semicolon(html: str) -> str:
    """What stands before the first semicolon of a text, but for those that end an entity."""
    end = next((found.end(1) for found in SEMICOLON.finditer(html) if not found[2]), len(html))
    return html[:end]


@step(needs=[Trait.DRAWINGS], adds=[Trait.DESCRIBED])
def refer_to_words(edition: Edition) -> None:
    """Tie the drawings of each labelled figure to its words, for those who hear the page."""
    for page in edition.pages.values():
        for box in page.content.css("[id^=fig-]:has(.told)"):
            words, name = box.css_first(".told"), f"told-{label_of(box)}"
            words.attrs["id"] = name
            for drawing in drawings(box):
                drawing.attrs["aria-describedby"] = name


def describe_drawing(drawing: LexborNode, frame: LexborNode) -> str:
    """What is drawn and what it shows: the name of a drawing, and the words in its frame."""
    words = frame.css_first(".told")
    return " ".join(filter(None, [drawing.attributes.get("aria-label"), words.text() if words is not None else ""]))
