"""The whole report as one tagged PDF, printed by the Chromium of the machine.

It prints twice: only what is printed tells the sheet on which a chapter starts, and the table of contents names it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from surveybook.publish.build import Failed
from surveybook.publish.manifest import NAME
from surveybook.publish.pages.theme import THEME
from surveybook.publish.printing.book import whole
from surveybook.publish.printing.contents import numbered
from surveybook.publish.site import report as citation
from surveybook.publish.site.edition import Edition
from surveybook.publish.site.page import read

FILE = "report.pdf"
STYLE = THEME / "pdf.css"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PRINTING = (
    "--headless", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage", "--no-first-run",
    "--no-pdf-header-footer", "--generate-pdf-document-outline",
)
LONGEST = 1800  # seconds that printing may take, on a busy machine too

DESTINATION = re.compile(rb"/([^\s/\[\]<>()]+)\s*\[(\d+) 0 R\s*/XYZ")
CLOCK = re.compile(rb"(/(?:CreationDate|ModDate) \(D:)\d{14}\+00'00'")


def pdf(root: Path, site: Path, target: Path) -> str:
    """Print the finished `site` of the book in `root` to the file `target`; the line that sums it up.

    Raises Failed where there is no finished site or no Chromium, or where that prints nothing.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise Failed("there is no Chromium on this machine, which prints the report; install it "
                     "(on Debian: apt-get install chromium)")
    if not (site / NAME).is_file():
        raise Failed(f"{site} is no finished site; build it first (make site)")
    report = citation.read(root)
    edition = Edition(root, site, {page.name: page for page in read(site)})
    html = whole(edition.book, site, STYLE.read_text(encoding="utf-8"), report.url if report else "")
    with tempfile.TemporaryDirectory(prefix="pdf-") as folder:
        sheets = leaves(printed(browser, html, Path(folder)))
        content = printed(browser, numbered(html, sheets), Path(folder))
    if report:
        content = CLOCK.sub(rb"\g<1>%b000000+00'00'" % f"{report.date:%Y%m%d}".encode(), content)
    target.write_bytes(content)
    return f"pdf: {len(sheets_of(content))} sheets in {target}"


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
    order = {number: sheet for sheet, number in enumerate(sheets_of(content), 1)}
    named = re.search(rb"/Dests (\d+) 0 R", content)
    places = DESTINATION.findall(thing(content, int(named[1]))) if named else []
    return {name_in(place): order[int(number)] for place, number in places if int(number) in order}


def sheets_of(content: bytes) -> list[int]:
    """The objects of a PDF that are its sheets, in their order."""
    root = re.search(rb"/Type /Catalog\s*/Pages (\d+) 0 R", content)

    def below(number: int) -> list[int]:
        found = re.search(rb"/Kids \[([^\]]*)\]", thing(content, number))
        kids = re.findall(rb"(\d+) 0 R", found[1]) if found else []
        return [sheet for kid in kids for sheet in below(int(kid))] if found else [number]

    return below(int(root[1])) if root else []


def thing(content: bytes, number: int) -> bytes:
    """One object of a PDF, as Chromium writes those that are no streams: as plain text."""
    start = content.find(b"\n%d 0 obj" % number)
    return content[start : content.find(b"endobj", start)] if start >= 0 else b""


def name_in(written: bytes) -> str:
    """A name as it was before PDF wrote some of its bytes as `#xx`."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), written).decode("utf-8", "replace")
