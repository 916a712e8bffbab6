"""How long does the site take to build: this book after each kind of edit, and generated books of growing length?"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.generated import write_book
from benchmarks.measure import Run, Stopped, load, machine, run
from benchmarks.table import table

ROOT = Path(__file__).resolve().parent.parent
BUILT = (".git", ".venv", ".cache", ".quarto", "_freeze", ".*_cache", ".hypothesis", "__pycache__", "*_files")
TARGETS = {
    "cold": 10.0, "unchanged": 0.6, "prose of one chapter": 1.5, "cell of one chapter": 3.0,
    "a count that ten pages show": 6.0,
}  # fmt: skip
SIZES = {10: 3, 100: 3, 400: 1}  # pages of a generated book, and how often it is built
MEGABYTE = 1e6


@dataclass(frozen=True)
class Builder:
    """A way to build a book: its name, its command, which gets the book's folder, and its environment."""

    name: str
    command: Callable[[Path], list[str]]
    environment: tuple[tuple[str, str], ...] = ()

    def build(self, book: Path, start: Path) -> Run:
        """Build the book, the program started in the folder `start`."""
        return run(self.command(book), start, dict(self.environment))


def make(builder: str) -> Callable[[Path], list[str]]:
    """What people type, with the environment of this project: whatever the book's folder is, nothing is installed."""
    asked = ["make", "--silent", f"VENV={VENV}", "-o", str(VENV / "site.stamp"), "site", f"BUILDER={builder}"]
    return lambda book: [*asked, "-C", str(book)]


VENV = Path(sys.prefix)
RENDERER = Builder("the bundled renderer", lambda book: [sys.executable, "-m", "surveybook", "render", str(book)])
SITE = Builder("make site", make("renderer"))


def quarto() -> Builder | None:
    """Quarto, where it is installed."""
    program = shutil.which("quarto")
    if not program:
        return None
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return Builder(
        f"Quarto {version}", lambda book: [program, "render", str(book), "--to", "html"],
        (("QUARTO_PYTHON", sys.executable),),
    )  # fmt: skip


def report(quick: bool, repeat: int, against: str, say: Callable[[str], None]) -> None:
    """Measure everything in one run and print the tables; `against`: a revision that is measured in turns with this."""
    say(f"machine: {machine()}; load at the start: {load()}\n")
    other = quarto()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        books, grown = [(SITE, copy(Path(folder, "ours")))], {}
        if against:
            then = archived(against, Path(folder, "then"))
            books.append((Builder(f"make site at {against}", make("renderer")), then))
        if other:
            books.append((Builder(f"make site with {other.name}", make("quarto")), copy(Path(folder, "theirs"))))
        say(edits_table(edits(books, repeat)) + "\n")
        for pages in [pages for pages in SIZES if not (quick and pages > 100)]:
            grown |= generated(Path(folder), pages, other if pages == min(SIZES) else None)
        say(growth_table(grown) + "\n")
    if not other:
        say("There is no quarto on PATH, so it was not measured.")
    say(f"load at the end: {load()}")


def edits(books: list[tuple[Builder, Path]], repeat: int) -> dict[tuple[str, str], list[Run]]:
    """Runs of copies of this project's book, by builder and what came before; builders and kinds take turns, so that a
    busy minute of the machine hits all of them."""
    runs: dict[tuple[str, str], list[Run]] = {}
    for number in range(repeat):
        for what in TARGETS:
            for builder, book in books:
                with edited(book, what, number):
                    runs.setdefault((builder.name, what), []).append(builder.build(book, book))
    return runs


@contextmanager
def edited(book: Path, what: str, number: int) -> Iterator[None]:
    """The book after an edit, or as it was, or as in a fresh checkout; what comes next finds it as it was before."""
    chapter, changed = longest(book), {}
    text = chapter.read_text(encoding="utf-8")
    if what == "cold":
        forget(book)
    elif what.startswith("prose"):
        changed[chapter] = prose_edited(text, number)
    elif what.startswith("cell"):
        changed[chapter] = cell_edited(text, number)
    elif what.startswith("a count"):
        changed |= count_edited(book, number)
    before = {path: path.read_text(encoding="utf-8") for path in changed}
    for path, new in changed.items():
        path.write_text(new, encoding="utf-8")
    yield
    for path, old in before.items():
        path.write_text(old, encoding="utf-8")


def copy(target: Path) -> Path:
    """The project without what is built or installed: neither an edit nor a build touches the working tree."""
    book = Path(shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*BUILT)))
    forget(book)  # its site; a folder of the tool has the same name
    return book


def archived(revision: str, target: Path) -> Path:
    """The project as it was at a revision. Raises Stopped for one that git does not know."""
    ended = subprocess.run(["git", "archive", "--format=tar", revision], cwd=ROOT, capture_output=True)
    if ended.returncode:
        raise Stopped(f"git knows no revision {revision} here; name a tag, a branch or a commit")
    with tarfile.open(fileobj=io.BytesIO(ended.stdout)) as archive:
        archive.extractall(target, filter="data")
    return target


def forget(book: Path) -> None:
    """Remove what earlier builds left, as in a fresh checkout."""
    for left in [*(book / name for name in ("site", ".cache", ".quarto", "_freeze")), *book.rglob("__pycache__")]:
        shutil.rmtree(left, ignore_errors=True)


def longest(book: Path) -> Path:
    """The chapter with the most cells: its edit is the dearest."""
    return max(sorted(book.glob("chapters/*.qmd")), key=lambda path: path.read_text(encoding="utf-8").count("```{py"))


def prose_edited(text: str, number: int) -> str:
    """A sentence more at the end, another one each time; without a digit, which would be a typed result."""
    return f"{text}\nThis sentence is {'very ' * number}new.\n"


def cell_edited(text: str, number: int) -> str:
    """A comment more in the last cell: the code is another one, its result the same."""
    return re.sub(r"(?s)(.*```\{python\}.*?)\n```", rf"\1\n# edit {number}\n```", text, count=1)


def count_edited(book: Path, number: int) -> dict[Path, str]:
    """One count of the interviews, another one each time, and the descriptor that seals the file."""
    counts, descriptor = book / "data" / "interviews" / "counts.csv", book / "data" / "interviews" / "datapackage.yaml"
    old = counts.read_text(encoding="utf-8")
    new = re.sub(r"(?m)^build,scratch,\d,", f"build,scratch,{(1, 3, 4, 5, 6, 7, 8, 9)[number % 8]},", old)
    one, other = (hashlib.sha256(text.encode()).hexdigest() for text in (old, new))
    return {counts: new, descriptor: descriptor.read_text(encoding="utf-8").replace(one, other)}


def generated(folder: Path, pages: int, other: Builder | None) -> dict[tuple[str, int], list[Run]]:
    """Runs of a generated book from nothing, by builder and pages."""
    runs: dict[tuple[str, int], list[Run]] = {}
    for number in range(SIZES[pages]):
        for builder in filter(None, [RENDERER, other]):
            book = write_book(folder / f"{pages}-{number}-{builder.name}", pages)
            runs.setdefault((builder.name, pages), []).append(builder.build(book, ROOT))
    return runs


def edits_table(runs: dict[tuple[str, str], list[Run]]) -> str:
    """What was built, how long it took, and whether the target is met."""
    rows = []
    for (builder, what), those in runs.items():
        target = TARGETS[what] if builder == SITE.name else None
        met = (" (met)" if middle(those) <= target else " (missed)") if target else ""
        rows.append([
            f"{builder}: {what}", *spread(run.seconds for run in those), f"{middle_of(run.work for run in those):.2f}",
            f"{max(run.memory for run in those) / MEGABYTE:.0f}", f"{target:g}{met}" if target else "",
        ])  # fmt: skip
    return table(["this book", "median s", "min s", "max s", "CPU s", "peak MB", "target s"], rows)


def growth_table(runs: dict[tuple[str, int], list[Run]]) -> str:
    """What a book of each length costs, in total and a page."""
    rows = []
    for (builder, pages), those in runs.items():
        memory = max(run.memory for run in those) / MEGABYTE
        rows.append([
            f"{builder}: {pages} pages", *spread(run.seconds for run in those),
            f"{1000 * middle(those) / pages:.0f}", f"{middle_of(run.work for run in those):.2f}",
            f"{memory:.0f}", f"{memory / pages:.1f}",
        ])  # fmt: skip
    headings = ["generated book, cold", "median s", "min s", "max s", "ms a page", "CPU s", "peak MB", "MB a page"]
    return table(headings, rows)


def middle(runs: list[Run]) -> float:
    return middle_of(run.seconds for run in runs)


def middle_of(numbers: Iterable[float]) -> float:
    return statistics.median(numbers)


def spread(numbers: Iterable[float]) -> list[str]:
    """Median, least and most."""
    known = list(numbers)
    return [f"{number:.2f}" for number in (statistics.median(known), min(known), max(known))]
