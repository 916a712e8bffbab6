"""A small book in two states, with the site that is made of each, and what is found of a site."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import Stopped

ROOT = Path(__file__).resolve().parents[2]
SMALL = ROOT / "tests" / "books" / "small"
# What is another one in the new state: data, descriptor (sealed again), chapter, bibliography, citation file
EDITS = {
    "data/councils/counts.csv": (("native,11,", "native,10,"), ("mixed,9,", "mixed,10,")),
    "data/councils/datapackage.yaml": (("title: ", "title: New "),),
    "chapters/residents.qmd": (("Their ages are in", "How old they are is in"),),
    "references.bib": (("pages = {1--9}", "pages = {1--8}"),),
    "CITATION.cff": (("A made-up report", "A report that is made up"),),
}
Entries = dict[str, str]


@dataclass(frozen=True)
class State:
    """One state of the book: the content of its files, and the entries of its site."""

    name: str
    files: dict[str, bytes]
    folder: Path  # in which it was built
    site: Entries

    def put(self, book: Path) -> None:
        """Have a book stand in this state."""
        for name, content in self.files.items():
            (book / name).write_bytes(content)

    def copy(self, book: Path) -> Path:
        """A copy of the book, built where it is now: of what is kept some is kept for a folder."""
        shutil.copytree(self.folder, book, symlinks=True)
        check_build(book)
        return book


States = tuple[State, State]


@dataclass
class Trial:
    """What was tried: faults, each said at once, and at last all of it in a few words."""

    say: Callable[[str], None]
    told: str = ""
    faults: list[str] = field(default_factory=list)

    def fault(self, what: str) -> None:
        self.faults.append(what)
        self.say(f"FAULT: {what}")


def make_states(folder: Path) -> States:
    """The book as it is, and as it is after an edit of each kind of its inputs."""
    return make_state("old", folder / "old", {}), make_state("new", folder / "new", EDITS)


def make_state(name: str, book: Path, edits: dict[str, tuple[tuple[str, str], ...]]) -> State:
    shutil.copytree(SMALL, book, ignore=shutil.ignore_patterns(".cache", "__pycache__", "site"))
    for path, words in edits.items():
        text = (book / path).read_text(encoding="utf-8")
        for old, new in words:
            if old not in text:
                raise ValueError(f"{path} has no “{old}”")
            text = text.replace(old, new, 1)
        (book / path).write_text(text, encoding="utf-8")
    run_tool(book, "seal", "councils")
    files = {path.relative_to(book).as_posix(): path.read_bytes() for path in book.rglob("*")
             if path.is_file() and path.name[0] != "." and "__pycache__" not in path.parts}
    check_build(book)
    return State(name, files, book, entries(book / "site"))


def check_build(book: Path) -> None:
    """Build the book, while nothing happens to it. Raises Stopped where that fails."""
    ended = run_tool(book, "build")
    if ended.returncode:
        raise Stopped(f"the book that all should happen to cannot be built: {last_line(ended)}")


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "surveybook", *words]


def environment(book: Path) -> dict[str, str]:
    """That of the tool of this folder, which is no part of the book."""
    known = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**known, "PYTHONPATH": str(ROOT), "BUILDER": "renderer", "TMPDIR": str(book.parent)}


def run_tool(book: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the tool in the folder of a book, to its end."""
    return subprocess.run(command(*words), cwd=book, env=environment(book), capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, errors="replace")


def entries(folder: Path) -> Entries:
    """All that lies in a folder, by name: files by their digests, links and all else by what they are."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            found[path.relative_to(folder).as_posix()] = "no plain file"
        elif path.is_file():
            found[path.relative_to(folder).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def state_of(site: Path, states: States) -> State | None:
    """The state of which a folder holds the whole site; None: of neither."""
    found = entries(site)
    return next((state for state in states if state.site == found), None)


def flip_bit(path: Path, choice: random.Random) -> None:
    """One bit of a file is another one, if it has any."""
    if content := bytearray(path.read_bytes()):
        content[choice.randrange(len(content))] ^= 1 << choice.randrange(8)
        path.write_bytes(content)


def last_line(ended: subprocess.CompletedProcess[str]) -> str:
    return (ended.stderr.strip().splitlines() or ["it said nothing"])[-1]
