"""A Markdown twin of each page, `x.md` beside `x.html`, and `llms.txt`, which lists them: for machines that read.

Pandoc writes them, from what a reader sees: the text, all numbers, the tables, and each drawing as a link to its
picture with what it shows in words.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from surveybook.errors import Refusal
from surveybook.pandoc import find_pandoc
from surveybook.publish.citing.metadata import answer
from surveybook.publish.pages.labels import WORD
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.marks import CELLS, DRAWN, MARK, lower
from surveybook.publish.site.page import Page, ancestors, element, label_of
from surveybook.publish.site.text import HIDDEN
from surveybook.store import Store, version_of

SCRIPT = Path(__file__).with_name("twins.lua")
# All that makes a twin of a page
MAKER = version_of(Path(__file__).parents[1], "pypandoc_binary", "selectolax") + SCRIPT.read_text(encoding="utf-8")
WORKERS = os.cpu_count() or 1
# What is not text, and what only holds text together
APART = f"script, style, button, dialog, template, .anchorjs-link, details:not(.fold) > summary, {HIDDEN}"
MEANT = {"href", "src", "alt", "rowspan", "colspan", "start"}
HOLDERS = ["span", "div", "section", "header", "details", "figure"]

NOTES = f".{MARK}[data-label] > .figure-note"
TOLD, NUMBER = f".report-figure.{MARK} .told", re.compile(r"\d")
# A number in the words of a figure, with what stands in brackets behind it
SHARE = re.compile(r"[−+]?\d[\d,]*(?:\.\d+)?%?(?: of \d[\d,]*)?(?: \([^()]*\d[^()]*\))?")


@step(needs=[Trait.LABELS, Trait.TERMS, Trait.ADDRESSES, Trait.COMPANIONS], adds=[Trait.TWINS])
def twin(edition: Edition) -> None:
    """Write the twin of each page and link it in the head; list all of them in llms.txt."""
    kept, pages = Store(edition.root, "twins", MAKER), edition.book
    keys = [json.dumps([page.name, page.content.inner_html]) for page in pages]
    made = dict(zip((page.name for page in pages), map(kept.read, keys), strict=True))
    missing = [number for number, page in enumerate(pages) if made[page.name] is None]
    with ThreadPoolExecutor(WORKERS) as pool:  # of programs, each of which begins once for its share of the pages
        shares = [missing[start::WORKERS] for start in range(min(WORKERS, len(missing)))]
        texts = [[plain(pages[number]) for number in share] for share in shares]
        for share, answers in zip(shares, pool.map(markdown, texts), strict=True):
            for number, content in zip(share, answers, strict=True):
                made[pages[number].name] = content
                kept.write(keys[number], content)
    kept.forget_the_rest()
    for page in pages:
        edition.files[name_of(page)] = made[page.name]
        href = posixpath.basename(name_of(page))
        page.tree.head.insert_child(element(
            f'<link rel="alternate" type="text/markdown" href="{escape(href)}" title="This page as Markdown">'
        ))
    edition.files["llms.txt"] = listing(edition).encode()


def name_of(page: Page) -> str:
    return page.name.removesuffix(".html") + ".md"


def plain(page: Page) -> str:
    """The main part of a page as the plainest HTML that has all of its text."""
    main = LexborHTMLParser(f"<main>{page.content.inner_html}</main>").css_first("main")
    for node in main.css(APART):
        node.decompose()
    for other in main.css("svg.narrow, .drawn[hidden]"):
        other.decompose()
    for svg in main.css("svg"):
        svg.replace_with(element(f"<p>{image(svg)}</p>"))
    mark_numbers(main)
    for caption in main.css("figcaption"):
        caption.replace_with(element(f"<p><strong>{' '.join(caption.inner_html.split())}</strong></p>"))
    for title in main.css(".fold > summary"):
        title.replace_with(element(f"<p><strong>{title.inner_html}</strong></p>"))
    for link in main.css('a[href^="#"]'):
        link.attrs["href"] = posixpath.basename(page.name) + (link.attributes["href"] or "")
    for kind in main.css(".evidence"):
        kind.replace_with(element(f"<strong>{kind.text().strip()}:</strong>"))
    for place in main.css(".place"):
        place.replace_with(f"({place.text().strip()})")
    for node in main.css(":not(math, math *)"):
        for name in [name for name in node.attributes if name not in MEANT]:
            del node.attrs[name]
    main.unwrap_tags(HOLDERS)
    return main.inner_html or ""


def mark_numbers(main: LexborNode) -> None:
    """Say at each number of a simulated study that it is simulated: whoever cites it from here sees no colour."""
    for word in main.css(f".{WORD}"):
        word.decompose()
    for node in main.css(DRAWN):
        if MARK not in node.text().lower():
            mark, after = f" ({lower(node.attributes['data-label'] or MARK)})", node.next
            if after is not None and after.tag == "-text" and after.text().startswith("”"):  # what is said ends there
                after.replace_with(f"”{mark}{after.text()[1:]}")
            else:
                node.insert_after(mark)
    for cell in main.css(CELLS):
        if NUMBER.search(cell.text()) and MARK not in cell.text().lower():
            cell.insert_child(f" ({MARK})")
    for note in main.css(NOTES):
        note.first_child.insert_before(f"{note.parent.attributes['data-label'] or ''}. ")
    for told in main.css(TOLD):
        told.inner_html = SHARE.sub(rf"\g<0> ({MARK})", told.inner_html or "")


def image(svg: LexborNode) -> str:
    """A drawing as a link to its picture, where it has one, with its words."""
    words = escape(svg.attributes.get("aria-label") or "")
    label = next((label_of(box) for box in ancestors(svg) if label_of(box)), "")
    return f'<img src="{escape(label)}.svg" alt="{words}">' if label else words


def markdown(pages: Sequence[str]) -> list[bytes]:
    """Pages of HTML as Markdown of GitHub's kind. Raises Refusal where Pandoc is not there, or does not come to an
    end."""
    ended = None
    if pandoc := find_pandoc():
        ended = subprocess.run([pandoc, "lua", SCRIPT], input=json.dumps(pages).encode(), capture_output=True)
    if not ended or ended.returncode:
        raise Refusal("the Pandoc of the package pypandoc-binary is not there, or was ended; install the locked "
                      "requirements, and build again")
    return [content.encode() for content in json.loads(ended.stdout)]


def listing(edition: Edition) -> str:
    """The file llms.txt (https://llmstxt.org): what the report is, its pages, its data."""
    report = edition.report
    data = ["results.json", *(name for name in sorted(edition.files) if re.fullmatch(r"data/[^/]+\.(zip|xlsx)", name))]
    lines = [
        f"# {report.title if report else edition.book[0].title}",
        f"> {report.abstract}" if report and report.abstract else "",
        "Each page has a twin in Markdown. Beside each figure and table stand its data, such as `fig-x.csv` and "
        "`fig-x.json`. Values of a simulated study are marked as simulated data; no person gave them as an answer.",
        "## Pages", "\n".join(entry(page) for page in edition.book),
        "## Data", "\n".join(f"- [{name}]({name}): {DATA[name.rpartition('.')[2]]}" for name in data),
    ]
    return "\n\n".join(filter(None, lines)) + "\n"


DATA = {"json": "every result of the report by name, with its exact value and its place",
        "zip": "all files of a study", "xlsx": "the tables of a study as sheets of a workbook"}


def entry(page: Page) -> str:
    """A page in the list, with the question it starts with and its answer."""
    written = page.tree.css_first("meta[name=description]")
    said, text = answer(page) if written is None else ("", written.attributes.get("content") or "")
    return f"- [{page.title}]({name_of(page)})" + (f": {text}" if text else "") + (f" ({said})" if said else "")
