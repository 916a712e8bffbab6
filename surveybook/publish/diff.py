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

from surveybook.publish.build import SITE, Failed
from surveybook.publish.changes import BEGIN, CHANGES, COMPUTED, END, versions
from surveybook.publish.comparison import Difference, Shown, changed, differences, shown
from surveybook.publish.manifest import source

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


def rows(found: list[Difference], old: str, new: str) -> list[tuple[str, str, str, str]]:
    """The differences as rows of words, below their headings."""
    return [("What", "Name", old, new), *((one.kind, one.name, one.old or "–", one.new or "–") for one in found)]


def told(found: list[Difference], old: str, new: str) -> str:
    """The differences as a table to be read in a terminal; a sentence where there is none."""
    if not found:
        return f"no result, anchor or file of data differs between {old} and {new}"
    cells = rows(found, old, new)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)


def markdown(found: list[Difference], old: str, new: str) -> str:
    """The same in Markdown, where every character stands for itself."""
    if not found:
        return f"No result, anchor or file of data differs between {old} and {new}."
    cells = [[SPECIAL.sub(r"\\\1", cell) for cell in row] for row in rows(found, old, new)]
    head, *lines = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([head, "|---|---|---|---|", *lines])


def record(root: Path, found: list[Difference], old: str, new: str) -> None:
    """Write the table into CHANGES.md, below the words on the new version, in the place of an earlier table.

    Raises Failed where the file does not have that version.
    """
    path, name = root / CHANGES, new.removeprefix("v")
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    version = next((one for one in versions(text) if one.name == name), None)
    if version is None:
        raise Failed(f"{CHANGES} does not have this version; begin a section “## Version {name} "
                     f"{{#sec-version-{name.replace('.', '-')}}}” and say in words what changed")
    words = COMPUTED.sub("", text[version.start : version.end]).strip()
    computed = f"{BEGIN.format(old, new)}\n\n{markdown(found, old, new)}\n\n{END}"
    after = text[version.end :]
    path.write_text(f"{text[: version.start]}{words}\n\n{computed}\n{after and chr(10) + after}", encoding="utf-8")
