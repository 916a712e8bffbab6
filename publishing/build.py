"""Build the site so that a failure costs nothing: render beside it, check, and only then swap it in."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from publishing.builders import Builder
from publishing.check import check
from publishing.pages import count, read

SITE = "site"
# Beside the site, on the same file system, ignored by git, and never looked into by either builder.
WORK = ".cache"


class Failed(Exception):
    """The site was not built: one sentence; what went wrong in detail was already shown."""


def build(root: Path, builder: Builder, say: Callable[[str], None]) -> str:
    """Render the book in `root` and put it at `root/site`; the line that sums it up. The last good site stays
    as it is if the render fails or the checks find anything."""
    started = time.monotonic()
    say(f"builder: {builder.name} ({builder.reason})")
    site, fresh = root / SITE, root / WORK / "site"
    with only_build(root, say):
        recover(root)
        shutil.rmtree(fresh, ignore_errors=True)
        ended = subprocess.run(
            builder.command(fresh.relative_to(root)),
            cwd=root,
            env={**os.environ, **dict(builder.environment)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # its closing line names the temporary folder; progress is on stderr
        )
        if ended.returncode:
            raise Failed(f"{builder.name} could not render the book; {kept(site)}")
        if not (fresh / "index.html").is_file():
            raise Failed(f"{builder.name} ended well but made no index.html; {kept(site)}")
        say("checks: links, ids, headings, names, requests")
        if findings := check(fresh):
            told = "\n".join(map(str, findings))
            raise Failed(f"{told}\n{faults(len(findings))} in the new pages; {kept(site)}")
        counts = count(read(fresh))
        swap(root, fresh)
    seconds = time.monotonic() - started
    return f"{SITE}: {counts} in {seconds:.1f} s with {builder.name}; open {SITE}/index.html"


def swap(root: Path, fresh: Path) -> None:
    """Put the fresh site in the place of the old one: two renames, nothing is copied."""
    old = root / WORK / "site-before"
    shutil.rmtree(old, ignore_errors=True)
    if (root / SITE).exists():
        (root / SITE).rename(old)
    fresh.rename(root / SITE)
    shutil.rmtree(old, ignore_errors=True)


def recover(root: Path) -> None:
    """Bring the last good site back if a build was killed between the two renames."""
    old = root / WORK / "site-before"
    if old.exists() and not (root / SITE).exists():
        old.rename(root / SITE)


@contextmanager
def only_build(root: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other build of this folder runs. The system drops the lock even if a build is killed."""
    (root / WORK).mkdir(exist_ok=True)
    with open(root / WORK / "build.lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another build of this folder is running; waiting for its end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kept(site: Path) -> str:
    return f"{site.name}/ is as it was" if site.exists() else f"there is no {site.name}/ yet"


def faults(number: int) -> str:
    return "1 fault" if number == 1 else f"{number} faults"
