"""What does Lighthouse say of the built site?  Four scores for pages of each kind, and every audit below the full one.

Lighthouse comes from npm, at one version, into `.cache/`; it drives the machine's Chromium, and asks only localhost.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.host import hosted
from benchmarks.measure import Stopped, load, machine
from benchmarks.table import table
from surveybook.publish.printing.pdf import BROWSERS

ROOT = Path(__file__).resolve().parent.parent
VERSION = "12.8.2"  # the last that Node.js 18 and 20 run
INSTALLED = ROOT / ".cache" / f"lighthouse-{VERSION}"
PROGRAM = INSTALLED / "node_modules" / "lighthouse" / "cli" / "index.js"
PAGES = ("index.html", "chapters/attacks.html", "chapters/hypotheses.html", "chapters/design.html",
         "chapters/passports-exposure.html", "chapters/glossary.html", "chapters/gaps-today.html",
         "chapters/attack-prompt-injection.html", "chapters/checklist.html")  # fmt: skip
SCREENS = {"mobile": (), "desktop": ("--preset=desktop",)}
CATEGORIES = {"performance": "performance", "accessibility": "accessibility", "best-practices": "best practices",
              "seo": "search engines"}  # fmt: skip
# Headless, and silent towards everybody but the page
FLAGS = ("--headless=new --disable-background-networking --disable-component-update --disable-dev-shm-usage "
         "--disable-gpu --disable-sync --no-first-run")
LONGEST = 300  # seconds that one page may take


@dataclass(frozen=True)
class Audit:
    """An audit with less than its full score, 0 to 1; `weight` is its part of the score of its category, which may be
    none. `found` is what Lighthouse says that it found, such as “Est savings of 12 KiB”."""

    category: str
    name: str
    title: str
    score: float
    weight: float
    found: str


@dataclass(frozen=True)
class Visit:
    """One page on one screen: the scores of the categories, 0 to 1, None where an audit failed to run; the audits below
    full score; and what Lighthouse takes the machine's speed to be, where 1000 is an office computer."""

    page: str
    screen: str
    scores: dict[str, float | None]
    audits: tuple[Audit, ...]
    speed: float


def report(say: Callable[[str], None], site: Path, pages: Sequence[str] = PAGES) -> None:
    """Measure the pages of a built site and print the tables. Raises Stopped where something is missing."""
    missing = [name for name in pages if not (site / name).is_file()]
    if missing:
        raise Stopped(f"{site} has no {missing[0]}, so nothing is measured; build the site first (make site)")
    browser, program = chromium(), installed(say)
    say(f"machine: {machine()}; load at the start: {load()}")
    with hosted(site) as address:
        visits = [visit(program, browser, address, page, screen) for screen in SCREENS for page in pages]
    say(f"Lighthouse {VERSION}; load at the end: {load()}\n")
    say(scores_table(visits) + "\n")
    say(audits_table(visits) if any(one.audits for one in visits) else "Every audit has its full score.")


def chromium() -> str:
    """The Chromium to drive: the one that CHROME_PATH names, or that of the machine."""
    found = next(filter(None, map(shutil.which, (os.environ.get("CHROME_PATH", ""), *BROWSERS))), None)
    if found is None:
        raise Stopped("there is no Chromium on this machine, which Lighthouse drives; install it (on Debian: "
                      "apt-get install chromium), or name one by CHROME_PATH")
    return found


def installed(say: Callable[[str], None]) -> list[str]:
    """The command that starts Lighthouse, which npm installs the first time."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Stopped("Lighthouse needs Node.js 18 or newer with npm, and they are not on this machine; install them "
                      "(on Debian: apt-get install nodejs npm)")
    if not PROGRAM.is_file():
        say(f"lighthouse: installing version {VERSION} with npm (about a minute the first time)")
        INSTALLED.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--prefix", str(INSTALLED), "--no-save", "--no-package-lock", "--no-audit",
                   "--no-fund", "--ignore-scripts", f"lighthouse@{VERSION}"]  # fmt: skip
        ended = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if ended.returncode or not PROGRAM.is_file():
            raise Stopped(f"npm could not install lighthouse@{VERSION}: {last_words(ended.stderr)}; "
                          "see whether npm reaches its registry")
    return [node, str(PROGRAM)]


def visit(program: Sequence[str], browser: str, address: str, page: str, screen: str) -> Visit:
    """Let Lighthouse load one page."""
    root = " --no-sandbox" if os.geteuid() == 0 else ""  # in a container; there it starts no other way
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as folder:
        written = Path(folder) / "report.json"
        command = [*program, f"{address}/{page}", "--quiet", "--output=json", f"--output-path={written}",
                   "--no-enable-error-reporting", f"--chrome-flags={FLAGS}{root}", *SCREENS[screen]]  # fmt: skip
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, stdin=subprocess.DEVNULL,
                                   env={**os.environ, "CHROME_PATH": browser, "TMPDIR": folder})
        except subprocess.TimeoutExpired:
            raise Stopped(f"Lighthouse said nothing of {page} in {LONGEST} seconds; try again on a less busy "
                          "machine") from None
        if ended.returncode or not written.is_file():
            raise Stopped(f"Lighthouse could not measure {page}: {last_words(ended.stderr)}")
        return read(page, screen, json.loads(written.read_text(encoding="utf-8")))


def last_words(said: str) -> str:
    return (said.strip().splitlines() or ["it gave no reason"])[-1]


def read(page: str, screen: str, result: dict) -> Visit:
    """What a report of Lighthouse says."""
    scores = {name: result["categories"][name]["score"] for name in CATEGORIES}
    return Visit(page, screen, scores, tuple(below_full(result)), result["environment"]["benchmarkIndex"])


def below_full(result: dict) -> Iterator[Audit]:
    """Audits that do not apply to a page, or that a person must make, have no score."""
    for category in CATEGORIES:
        for part in result["categories"][category]["auditRefs"]:
            audit = result["audits"][part["id"]]
            if audit["score"] is not None and audit["score"] < 1:
                yield Audit(category, part["id"], audit["title"], audit["score"], part["weight"],
                            audit.get("displayValue", ""))


def scores_table(visits: Sequence[Visit]) -> str:
    """The scores out of 100, a row for each page and screen, and how fast the machine was just then."""
    rows = [[f"{one.page}, {one.screen}", *(hundred(one.scores[name]) for name in CATEGORIES), f"{one.speed:.0f}"]
            for one in visits]
    return table(["page", *CATEGORIES.values(), "speed"], rows)


def hundred(score: float | None) -> str:
    return "–" if score is None else f"{100 * score:.0f}"


def audits_table(visits: Sequence[Visit]) -> str:
    """The audits below full score: how many pages, the least score, and what was found there."""
    found: dict[tuple[str, str], list[tuple[Audit, Visit]]] = {}
    for one in visits:
        for audit in one.audits:
            found.setdefault((audit.category, audit.name), []).append((audit, one))
    rows = []
    for those in found.values():
        least, where = min(those, key=lambda pair: pair[0].score)
        rows.append([f"{least.title} ({least.name})", f"{least.weight:g}", f"{len(those)} of {len(visits)}",
                     hundred(least.score), f"{least.found or 'no number'}, {where.page}, {where.screen}"])
    return table(["audit", "weight", "pages", "least score", "there"], rows)
