"""Which versions of the report are there, what does CHANGES.md say of each, and what changed between two of them?

Differences are those of results, anchors and data. Both versions are taken from git and built by the tool that each
brings along, with the packages that are installed now. A build of the site cannot do that, so what is to stand on the
page “Changes” is recorded in CHANGES.md.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from surveybook.boundary import Beyond, Missing, read_own
from surveybook.publish.build import SITE, Failed
from surveybook.publish.builders import PLACE
from surveybook.publish.comparison import Difference, SiteContent, compare_content, compare_names, read_content
from surveybook.publish.manifest import source
from surveybook.publish.site.study import undisclosed

CHANGES = "CHANGES.md"
HEADING = re.compile(r"^## Version (?P<name>\S+) \{#(?P<anchor>[a-z0-9-]+)\}$", re.MULTILINE)
DATE = re.compile(r"^Published (\d{4}-\d{2}-\d{2})\.$", re.MULTILINE)
BEGIN, END = "<!-- computed: {} to {} -->", "<!-- end of what is computed -->"
COMPUTED = re.compile(rf"<!-- computed: .*?{re.escape(END)}", re.DOTALL)
SPECIAL = re.compile(r"""([\\`*_{}\[\]()#+\-.!|<>~^$@&'"])""")  # what Markdown gives a meaning


@dataclass(frozen=True)
class Version:
    """One version: its name, the id of its heading, the day it was published (empty before that), what changed in
    words, and where its section stands in the text, from the heading on."""

    name: str
    anchor: str
    date: str
    words: str
    start: int
    end: int


def split_versions(text: str) -> list[Version]:
    """All versions in the text of CHANGES.md, in its order, the newest first."""
    headings = list(HEADING.finditer(text))
    starts = [*(one.start() for one in headings), len(text)]
    found = []
    for heading, end in zip(headings, starts[1:], strict=True):
        body = COMPUTED.sub("", text[heading.end() : end])
        date = DATE.search(body)
        found.append(Version(heading["name"], heading["anchor"], date[1] if date else "", DATE.sub("", body).strip(),
                             heading.start(), end))
    return found


def read_versions(root: Path) -> list[Version]:
    """The versions of the project in `root`; none where it has no CHANGES.md."""
    return split_versions(read_changes(root))


def read_changes(root: Path) -> str:
    """The text of CHANGES.md; nothing where there is none. Raises Failed for what is no such text of the project."""
    try:
        return read_own(root / CHANGES)
    except Missing:
        return ""
    except Beyond as beyond:
        raise Failed(f"{CHANGES} {beyond.what}; {beyond.remedy}") from None
    except UnicodeDecodeError:
        raise Failed(f"{CHANGES}: not UTF-8 text; save it with the encoding UTF-8") from None


def diff(root: Path, old: str, new: str, say: Callable[[str], None]) -> list[Difference]:
    """All differences between two revisions. Raises Failed for one that git does not know or that does not build."""
    with tempfile.TemporaryDirectory(prefix="diff-") as folder:
        sides = []
        for name, revision in (("old", old), ("new", new)):
            project = checked_out(root, revision, Path(folder) / name)
            say(f"building {revision}")
            sides.append((built(project, revision), data_of(project)))
    (one, data), (other, new_data) = sides
    return [*compare_content(one, other), *compare_names("data", data, new_data)]


def checked_out(root: Path, revision: str, target: Path) -> Path:
    """The files of a revision in a folder of their own."""
    ended = subprocess.run(["git", "archive", "--format=tar", revision], cwd=root, capture_output=True)
    if ended.returncode:
        raise Failed(f"git knows no revision {revision} here; name a tag, a branch or a commit (git tag, git log)")
    with tarfile.open(fileobj=io.BytesIO(ended.stdout)) as archive:
        archive.extractall(target, filter="data")
    return target


def built(project: Path, revision: str) -> SiteContent:
    """What the site of a version says."""
    folder, program = tool_of(project)
    ended = subprocess.run([sys.executable, "-m", *program, str(project), "--output", str(project / SITE)], cwd=folder,
                           capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if ended.returncode:
        raise Failed(f"{ended.stderr.strip()}\nrevision {revision} does not build here; the packages of its "
                     "requirements.txt may be other ones than are installed")
    return read_content(project / SITE)


def tool_of(project: Path) -> tuple[Path, list[str]]:
    """The program that builds a version, and the folder to start it in: what it brings along, else this one."""
    if (project / "surveybook").is_dir():
        return project, ["surveybook", "render"]
    return (project, ["renderer"]) if (project / "renderer").is_dir() else (PLACE, ["surveybook", "render"])


def data_of(project: Path) -> dict[str, str]:
    """The hash of each file of data/ that is published."""
    inputs = source(project, project / SITE, undisclosed(project)).inputs
    return {name: one["sha256"][:10] for name, one in inputs.items() if name.startswith("data/")}


def list_rows(found: list[Difference], old: str, new: str) -> list[tuple[str, str, str, str]]:
    """The differences as rows of words, below their headings."""
    return [("What", "Name", old, new), *((one.kind, one.name, one.old or "–", one.new or "–") for one in found)]


def write_table(found: list[Difference], old: str, new: str) -> str:
    """The differences as a table to be read in a terminal; a sentence where there is none."""
    if not found:
        return f"no result, anchor or file of data differs between {old} and {new}"
    cells = list_rows(found, old, new)
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)


def markdown(found: list[Difference], old: str, new: str) -> str:
    """The same in Markdown, where every character stands for itself."""
    if not found:
        return f"No result, anchor or file of data differs between {old} and {new}."
    cells = [[SPECIAL.sub(r"\\\1", cell) for cell in row] for row in list_rows(found, old, new)]
    head, *lines = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([head, "|---|---|---|---|", *lines])


def record(root: Path, found: list[Difference], old: str, new: str) -> None:
    """Write the table into CHANGES.md, below the words on the new version, in the place of an earlier table.

    Raises Failed where the file does not have that version.
    """
    path, name = root / CHANGES, new.removeprefix("v")
    text = read_changes(root)
    version = next((one for one in split_versions(text) if one.name == name), None)
    if version is None:
        raise Failed(f"{CHANGES} does not have this version; begin a section “## Version {name} "
                     f"{{#sec-version-{name.replace('.', '-')}}}” and say in words what changed")
    words = COMPUTED.sub("", text[version.start : version.end]).strip()
    computed = f"{BEGIN.format(old, new)}\n\n{markdown(found, old, new)}\n\n{END}"
    after = text[version.end :]
    path.write_text(f"{text[: version.start]}{words}\n\n{computed}\n{after and chr(10) + after}", encoding="utf-8")
