"""Is the site in place the one that a build would make now?  Then nothing needs to be built.

A build leaves a receipt, `.cache/receipt.json`: everything that the site was made from, and the files it consists of.
It counts only if all of that is as it was: every file of the book's folder, what else its cells read, the state of
git that the pages name, this tool, Python, what is installed beside it, and every byte of the site.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from surveybook.folders import clear_place, digest, read_note, replace_file
from surveybook.publish.builders import RECORD
from surveybook.publish.freeze import FROZEN, walk
from surveybook.publish.manifest import INPUTS, git

FILE = Path(".cache", "receipt.json")
TOOL = Path(__file__).resolve().parents[1]
MADE = {"site", "public", "report.pdf", FROZEN}  # by the tool, and read by nothing
STATES = {"commit": "the state of git", "installed": "what is installed", "tool": "this tool"}
SETTINGS = ("EXECUTE", "LIMIT", "SOURCE_DATE_EPOCH")  # in the environment


def unchanged(root: Path, site: Path, now: dict[str, Any]) -> str:
    """What the site holds, in words, if it is the one that would be made of the state `now`; else nothing."""
    try:
        told = read_note(root / FILE)
        same = (told["more"] == {path: digest(root / path) for path in told["more"]}
                and told["state"] == now and told["site"] == content(site))
        return str(told["counts"]) if same else ""
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""


def write(root: Path, site: Path, made_from: dict[str, Any], counts: str) -> None:
    """Leave a receipt for the site that was made from a state. Not where the cells did what cannot be followed: then
    there is none."""
    clear_place(root / FILE)
    try:
        record = read_note(root / RECORD)
    except (OSError, ValueError):
        return
    if record["kept"]:
        more = {path: read for path, read in record["read"].items() if str(root / path) not in made_from["files"]}
        told = {"counts": counts, "state": made_from, "more": more, "site": content(site)}
        replace_file(root / FILE, json.dumps(told).encode())


@contextmanager
def renewed(root: Path, site: Path) -> Iterator[None]:
    """Where the receipt is for the site as it is, it is for the site as it is afterwards."""
    try:
        told = read_note(root / FILE)
        valid = told["site"] == content(site)
    except (OSError, ValueError, KeyError, TypeError):
        valid = False
    yield
    if valid:
        replace_file(root / FILE, json.dumps({**told, "site": content(site)}).encode())


def state(root: Path, site: Path, builder: str) -> dict[str, Any]:
    """Everything that a site is made from, but what its cells read besides, such as hidden files, or outside."""
    aside = {root / name for name in MADE} | {site}
    return {
        "builder": builder, "python": [sys.version, sys.prefix, platform.machine()], "root": str(root),
        "settings": {name: os.environ.get(name, "") for name in SETTINGS},
        "installed": _installed(),
        "tool": {} if TOOL.is_relative_to(root) else _digests(path for path in sorted(TOOL.rglob("*"))
                                                              if path.is_file() and path.suffix != ".pyc"),
        "commit": [git(root, "rev-parse", "HEAD"), git(root, "status", "--porcelain", "--", *INPUTS)],
        "files": _digests(walk(root, aside)),
    }


def stamps_of(root: Path, site: Path) -> dict[str, Any]:
    """When each file of the book's folder was last written, and which it is: so that one is seen that was changed and
    put back."""
    found = {}
    for path in walk(root, {root / name for name in MADE} | {site}):
        with suppress(OSError):  # gone in the meantime
            status = path.stat()
            found[str(path)] = [status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]
    return {"root": str(root), "files": found}


def changed_meanwhile(root: Path) -> list[str]:
    """Files that cells read, here or elsewhere, and that changed while they ran, as the renderer tells."""
    try:
        return list(read_note(root / RECORD)["changed"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What differs between two states: files by their names, all else by what it is."""
    one, other = before["files"], after["files"]
    found = [path.removeprefix(f"{before['root']}{os.sep}") for path in sorted({*one, *other})
             if one.get(path) != other.get(path)]
    return found + [STATES.get(key, key) for key in before if key != "files" and before[key] != after[key]]


def listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:3])}{f' and {len(names) - 3} more' if len(names) > 3 else ''}"


def content(site: Path) -> str:
    """One digest for all files of a site, with their names."""
    found = {path.relative_to(site).as_posix(): digest(path) for path in site.rglob("*") if not path.is_dir()}
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


def _installed() -> list[str]:
    """What is installed beside this Python, each with its version."""
    folders = [Path(folder) for folder in sys.path if folder.endswith(("site-packages", "dist-packages"))]
    return sorted({path.name for folder in folders if folder.is_dir() for path in folder.glob("*.dist-info")})


def _digests(paths: Iterable[Path]) -> dict[str, str]:
    return {str(path): digest(path) for path in paths}
