"""The whole report as one tagged PDF, printed by the Chromium of the machine.

It prints twice: only what is printed tells the sheet on which a chapter starts, and the table of contents names it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from surveybook.folders import beside, locked, replace_file, replace_folder
from surveybook.publish import receipt
from surveybook.publish.build import Failed
from surveybook.publish.manifest import NAME, listing
from surveybook.publish.pages.theme import THEME
from surveybook.publish.printing.book import whole
from surveybook.publish.printing.contents import numbered
from surveybook.publish.site import report as citation
from surveybook.publish.site.edition import Edition
from surveybook.publish.site.page import read_pages

FILE = "report.pdf"
STYLE = THEME / "pdf.css"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PRINTING = (
    "--headless", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage", "--no-first-run",
    "--no-pdf-header-footer", "--generate-pdf-document-outline",
)
LONGEST = 1800  # seconds that printing may take, on a busy machine too

# The only bytes that differ between two prints. They are written over by as many, so that no place in the file moves;
# pypdf would write all of the file anew. A print of midnight is by this command.
CLOCK = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}\+00'00'")
OURS = re.compile(rb"/Producer \(Skia/PDF.*?\)\s*/CreationDate \(D:\d{8}000000\+00'00'\)", re.DOTALL)
NO_DAY = date(1970, 1, 1)
EDITION = b'<section class="edition" aria-label="Edition"><p>'  # where the link to the print stands on a page
LINK = re.compile(rb'<a class="whole-report" href="[^"<>]*">[^<>]*</a> \xc2\xb7 ')


def pdf(root: Path, site: Path, target: Path) -> str:
    """Print the finished `site` of the book in `root` to the file `target`; the line that sums it up.

    Raises Failed where there is no finished site or no Chromium, or where that prints nothing, and where something else
    than an earlier print is at `target`.
    """
    if os.path.lexists(target) and not is_print(target):
        raise Failed(f"{target} is something other than a printed report, and would be lost; move it away")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise Failed("there is no Chromium on this machine, which prints the report; install it "
                     "(on Debian: apt-get install chromium)")
    if not (site / NAME).is_file():
        raise Failed(f"{site} is no finished site; build it first (make site)")
    report = citation.read_report(root)
    edition = Edition(root, site, {page.name: page for page in read_pages(site)})
    html = whole(edition.book, site, STYLE.read_text(encoding="utf-8"), report)
    with tempfile.TemporaryDirectory(prefix="pdf-") as folder:
        sheets = leaves(printed(browser, html, Path(folder)))
        content = printed(browser, numbered(html, sheets), Path(folder))
    day = report.date if report else NO_DAY
    replace_file(target, CLOCK.sub(rb"\g<1>%b000000+00'00'" % f"{day:%Y%m%d}".encode(), content))
    return f"pdf: {count_sheets(content)} sheets in {target}"


def is_print(path: Path) -> bool:
    """Whether a file is what this command printed."""
    return not path.is_symlink() and path.is_file() and bool(OURS.search(path.read_bytes()))


def link_print(root: Path, site: Path, file: Path, say: Callable[[str], None] = lambda line: None) -> str:
    """Put a print into the site that it was made of, with a link to it at the end of each page, in one step.

    The next build leaves it out, unless nothing has changed. The line that sums it up.
    """
    content = file.read_bytes()
    with locked(root, say), beside(site) as fresh:
        shutil.copytree(site, fresh, dirs_exist_ok=True)
        add_print(fresh, content)
        with receipt.renewed(root, site):
            replace_folder(fresh, site)
    return f"pdf: linked at the end of each page of {site.name}/"


def add_print(site: Path, content: bytes) -> None:
    """Write a print into a finished site, in the place of an earlier one, with its links and in its manifest."""
    (site / FILE).write_bytes(content)
    words = f"The whole report as PDF, {max(1, round(len(content) / 1e6))} MB"
    for path in sorted(site.rglob("*.html")):
        html = LINK.sub(b"", path.read_bytes())
        up = "../" * (len(path.relative_to(site).parts) - 1)
        link = f'<a class="whole-report" href="{up}{FILE}">{words}</a> · '.encode()
        path.write_bytes(html.replace(EDITION, EDITION + link, 1))
    (site / NAME).write_bytes(listing(json.loads((site / NAME).read_bytes()), site))


def printed(browser: str, html: str, folder: Path) -> bytes:
    """What Chromium prints of a page."""
    page, result = folder / "report.html", folder / FILE
    page.write_text(html, encoding="utf-8")
    result.unlink(missing_ok=True)
    root = ["--no-sandbox"] if os.geteuid() == 0 else []  # in a container; there it starts no other way
    command = [browser, *PRINTING, *root, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={result}",
               page.as_uri()]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise Failed(f"{browser} printed nothing in {LONGEST} seconds; try again on a less busy machine") from None
    if ended.returncode or not result.is_file():
        last = (ended.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise Failed(f"{browser} printed nothing ({last}); see whether it starts, and install it anew if not")
    return result.read_bytes()


def leaves(content: bytes) -> dict[str, int]:
    """The sheet, counted from 1, on which each place of a PDF is that some link leads to."""
    read = PdfReader(BytesIO(content))
    sheets = {name: read.get_destination_page_number(place) for name, place in read.named_destinations.items()}
    return {name.removeprefix("/"): sheet + 1 for name, sheet in sheets.items() if sheet is not None}


def count_sheets(content: bytes) -> int:
    return len(PdfReader(BytesIO(content)).pages)
