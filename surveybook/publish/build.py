"""Build the site so that a failure costs nothing: render beside it, check, and only then swap it in."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from surveybook.errors import Refusal
from surveybook.folders import claimed, clear_beside, clear_place, locked, may_replace, replace_folder, unclaimed
from surveybook.processes import CLAIM
from surveybook.publish.builders import RECORD, Builder
from surveybook.publish.receipt import changed_meanwhile, differences, listed, stamps_of, state, unchanged, write

SITE = "site"
WORK, PREFIX = ".cache", "build-"  # ignored by git, and never looked into by either builder
TIMES = 3  # that a book which changes while it is built is built


class Failed(Refusal):
    """The site was not built: one sentence; what went wrong in detail was already shown."""


def build(root: Path, builder: Builder, say: Callable[[str], None]) -> str:
    """Render the book in `root` and put it at `root/site`; the line that sums it up. The last good site stays
    as it is if the render fails or the checks find anything, and if it is what would be made now."""
    started = time.monotonic()
    say(f"builder: {builder.name} ({builder.reason})")
    site = root / SITE
    refuse_to_overwrite(site)
    with locked(root, say), workplace(root) as folder, claimed(folder) as claim:
        before = state(root, site, builder.name)
        if counts := unchanged(root, site, before):
            return f"{SITE}: {counts}, as it was: nothing it is made from has changed; open {SITE}/index.html"
        stamps = stamps_of(root, site)
        again: list[str] = []
        for _ in range(TIMES):
            counts = render(root, builder, folder / SITE, say, claim)
            after_stamps, after = stamps_of(root, site), state(root, site, builder.name)
            changed = differences(before, after)
            touched = sorted({*differences(stamps, after_stamps), *changed_meanwhile(root)})
            # what each build finds touched, and as it was, is written by the book itself
            if not changed and touched in ([], again):
                break
            again, before, stamps = touched, after, after_stamps
            say(f"{listed(changed or touched)} changed while the book was built; building again")
            shutil.rmtree(folder / SITE)
        else:
            raise Failed(f"{listed(changed or touched)} changed while the book was built, {TIMES} times; build again "
                         f"once that has come to an end; {kept(site)}")
        replace_folder(folder / SITE, site)
        write(root, site, before, counts)
    seconds = time.monotonic() - started
    return f"{SITE}: {counts} in {seconds:.1f} s with {builder.name}; open {SITE}/index.html"


def render(root: Path, builder: Builder, fresh: Path, say: Callable[[str], None], claim: int) -> str:
    """Have the book rendered into `fresh`, and check that; what it holds, in words. All programs of the builder get
    the `claim` on its folder. Raises Failed for what is wrong."""
    site = root / SITE
    clear_place(root / RECORD)
    ended = subprocess.run(
        builder.command(root, fresh),
        cwd=builder.folder or root,
        env={**os.environ, **dict(builder.environment), CLAIM: str(claim)},
        pass_fds=(claim,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # its closing line names the temporary folder; progress is on stderr
    )
    if ended.returncode:
        raise Failed(f"{builder.name} could not render the book; {kept(site)}")
    if not (fresh / "index.html").is_file():
        raise Failed(f"{builder.name} ended well but made no index.html; {kept(site)}")
    say("checks: links, ids, headings, names, requests")
    # what checks pages is not needed where nothing is built
    from surveybook.publish.check import VERSION, check_pages
    from surveybook.publish.site.page import count_pages, read_pages
    from surveybook.store import Store

    pages = read_pages(fresh)
    if findings := check_pages(pages, fresh, root, Store(root, "checks", VERSION)):
        told = "\n".join(map(str, findings))
        raise Failed(f"{told}\n{faults(len(findings))} in the new pages; {kept(site)}")
    return str(count_pages(pages))


def refuse_to_overwrite(site: Path) -> None:
    """A file or a link of that name, or a folder with something other than a site, is somebody's work."""
    if not may_replace(site, site.parent):
        raise Failed(f"{site.name} is something other than a built site, and would be lost; move it away")


@contextmanager
def workplace(root: Path) -> Iterator[Path]:
    """A folder of this build alone, and gone after it: what a build that was killed had started may still be running,
    and then writes into another one, which goes with the first build that ends after it."""
    clear_beside(root / SITE)
    clear_work(root)
    try:
        yield Path(tempfile.mkdtemp(prefix=PREFIX, dir=root / WORK))
    finally:
        clear_work(root)


def clear_work(root: Path) -> None:
    """Remove the folders of builds that are gone, with all that they had started: who still writes would make one
    anew."""
    for left in sorted((root / WORK).glob(f"{PREFIX}*")):
        with unclaimed(left) as free:
            if free:
                shutil.rmtree(left, ignore_errors=True)


def kept(site: Path) -> str:
    return f"{site.name}/ is as it was" if site.exists() else f"there is no {site.name}/ yet"


def faults(number: int) -> str:
    return "1 fault" if number == 1 else f"{number} faults"
