"""What changed between two versions of the report: in results, anchors and data?

Both versions are taken from git and built by the renderer that each brings along, with the packages that are installed
now. A build of the site cannot do that, so what is to stand on the page “Changes” is recorded in CHANGES.md.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from publishing.build import SITE, Failed
from publishing.manifest import source
from publishing.shown import Difference, Shown, changed, differences, shown

CHANGES = "CHANGES.md"
BEGIN, END = "<!-- computed: {} to {} -->", "<!-- end of what is computed -->"
SPECIAL = re.compile(r"""([\\`*_{}\[\]()#+\-.!|<>~^$@&'"])""")  # what Markdown gives a meaning


def diff(root: Path, old: str, new: str, say: Callable[[str], None]) -> list[Difference]:
    """All differences between two revisions. Raises Failed for one that git does not know or that does not build."""
    with tempfile.TemporaryDirectory(prefix="diff-") as folder:
        sides = []
        for name, revision in (("old", old), ("new", new)):
            project = checked_out(root, revision, Path(folder) / name)
            say(f"building {revision}")
            sides.append((built(project, revision), data_of(project)))
    (one, data), (other, new_data) = sides
    return [*differences(one, other), *changed("data", data, new_data)]


def checked_out(root: Path, revision: str, target: Path) -> Path:
    """The files of a revision in a folder of their own."""
    ended = subprocess.run(["git", "archive", "--format=tar", revision], cwd=root, capture_output=True)
    if ended.returncode:
        raise Failed(f"git knows no revision {revision} here; name a tag, a branch or a commit (git tag, git log)")
    with tarfile.open(fileobj=io.BytesIO(ended.stdout)) as archive:
        archive.extractall(target, filter="data")
    return target


def built(project: Path, revision: str) -> Shown:
    """What the site of a version says."""
    ended = subprocess.run([sys.executable, "-m", "renderer", ".", "--output", SITE], cwd=project, capture_output=True,
                           text=True, stdin=subprocess.DEVNULL)
    if ended.returncode:
        raise Failed(f"{ended.stderr.strip()}\nrevision {revision} does not build here; the packages of its "
                     "requirements.txt may be other ones than are installed")
    return shown(project / SITE)


def data_of(project: Path) -> dict[str, str]:
    """The hash of each file of data/."""
    inputs = source(project, project / SITE).inputs
    return {name: one["sha256"][:10] for name, one in inputs.items() if name.startswith("data/")}


def table(found: list[Difference], old: str, new: str) -> str:
    """The differences as a table in Markdown; a sentence where there is none."""
    if not found:
        return f"No result, anchor or file of data differs between {old} and {new}."
    rows = [("What", "Name", old, new), *((one.kind, one.name, one.old or "–", one.new or "–") for one in found)]
    lines = ["| " + " | ".join(SPECIAL.sub(r"\\\1", cell) for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|---|---|---|---|", *lines[1:]])


def record(root: Path, found: list[Difference], old: str, new: str) -> None:
    """Write the table into CHANGES.md, below the heading of the new version, in the place of an earlier one.

    Raises Failed where the file has no such heading.
    """
    path = root / CHANGES
    text = path.read_text(encoding="utf-8")
    heading = re.search(rf"^## Version {re.escape(new.removeprefix('v'))}\b.*$", text, re.MULTILINE)
    if heading is None:
        raise Failed(f"{CHANGES} has no heading for {new}; add “## Version {new.removeprefix('v')}” and say what changed")
    following = re.search(r"^## ", text[heading.end() :], re.MULTILINE)
    end = heading.end() + following.start() if following else len(text)
    words = re.sub(r"<!-- computed: .*?" + re.escape(END), "", text[heading.end() : end], flags=re.DOTALL).strip()
    computed = f"{BEGIN.format(old, new)}\n\n{table(found, old, new)}\n\n{END}"
    section = f"{heading[0]}\n\n{words}\n\n{computed}\n"
    path.write_text(f"{text[: heading.start()]}{section}{text[end:] and chr(10)}{text[end:]}", encoding="utf-8")
