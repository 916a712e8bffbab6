"""Which results that Quarto froze are stale?  Quarto runs this before a render (`drop`) and after it (`record`).

With `execute: freeze: auto` Quarto runs a chapter again when its text changed, and never asks for the data or the code
that its numbers come from. So `.cache/freeze.json` records what each result was made from; before a render every result
is dropped that was made from anything else, or of which that is not known.

What a chapter is made from: its text, the pages it includes, the headings of all pages (tables lead to them), Python,
and all files of the project but other pages and what is named in ASIDE. That is more than it reads: a result is
sometimes made again in vain, and never kept wrongly, as long as cells read of other pages nothing but headings, and no
files outside the project.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from surveybook.boundary import LARGEST, check_size, is_plain, walk_files
from surveybook.folders import clear_place, keep_kind, read_note

FROZEN = "_freeze"
RECORD = Path(".cache", "freeze.json")  # not in _freeze: Quarto removes there what it did not make
# No cell of a chapter uses these: chapters import the analysis, and that the first wing of the tool alone.
ASIDE = ("README.md", "CONTRIBUTING.md", "Makefile", "benchmarks", "docs", "examples", "site", "tests",
         "surveybook/publish", "surveybook/render", "surveybook/theme")
INCLUDE = re.compile(r"""\{\{<\s*include\s+(?:"([^"]+)"|'([^']+)'|(\S+))\s*>\}\}""")
PAGES = (".qmd", ".ipynb", ".md")


def drop(root: Path, site: Path) -> list[str]:
    """Remove every frozen result that was not made from what stands now; the names of their chapters."""
    keep_kind(root / FROZEN, folder=True)
    now, approved = state(root, site), read(root).get("frozen", {})
    kept, dropped = {}, []
    for name, folders in frozen(root).items():
        entry = {"made from": now.get(name), "result": content(folders)}
        if name in now and entry["result"] and approved.get(name) == entry:
            kept[name] = entry
        else:
            dropped.append(name)
            for folder in folders:
                clear_place(folder)
    write(root, {"frozen": kept, "before": now})
    return dropped


def record(root: Path, site: Path) -> None:
    """Note what the results that stand were made from, but of those for which that changed since `drop`."""
    before, after = read(root).get("before", {}), state(root, site)
    entries = {
        name: {"made from": after[name], "result": content(folders)}
        for name, folders in frozen(root).items()
        if name in after and before.get(name) == after[name]
    }
    if entries:
        write(root, {"frozen": entries})
    else:  # nothing is frozen, as where the book does not ask for it
        clear_place(root / RECORD)


def frozen(root: Path) -> dict[str, list[Path]]:
    """The folders of each frozen result, its text first, then its pictures, by chapter (`chapters/data`)."""
    texts = [path for path in sorted((root / FROZEN).glob("**/execute-results")) if path.is_dir()]
    return {
        path.parent.relative_to(root / FROZEN).as_posix(): [path, *sorted(path.parent.glob("figure-*"))]
        for path in texts
    }


def content(folders: list[Path]) -> str:
    """A frozen result as a digest; nothing for what is none, as it has a link, a pipe, or a file that is too large."""
    files = [path for folder in folders for path in (folder, *sorted(folder.rglob("*")))]
    if any(path.is_symlink() or not (path.is_dir() or path.is_file() and path.stat().st_size <= LARGEST)
           for path in files):
        return ""
    return _digest(files, folders[0].parent)


def state(root: Path, site: Path) -> dict[str, str]:
    """What each page of the project would be made from now, as a digest, by its name without the suffix."""
    files = list(walk(root, {root / name for name in (*ASIDE, FROZEN)} | {site}))
    pages = [path for path in files if path.suffix in PAGES]
    common = _digest([path for path in files if path.suffix != ".qmd"], root,
                     f"{sys.version}\0{headings(pages, root)}\0{links(root)}")
    return {
        page.relative_to(root).with_suffix("").as_posix(): _digest([page, *included(page, root)], root, common)
        for page in pages
    }


def headings(pages: list[Path], root: Path) -> str:
    """The lines of all pages that may be headings, each after its page."""
    return "\n".join(
        f"{path.relative_to(root)}: {line}" for path in pages if path.suffix == ".qmd"
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if re.match("#+ ", line)
    )


def links(root: Path) -> str:
    """Where the links to folders lead, which `walk` does not follow."""
    found = [path for here, folders, _ in os.walk(root) for path in (Path(here, name) for name in folders)
             if path.is_symlink()]
    return "\n".join(sorted(f"{path.relative_to(root)} {os.readlink(path)}" for path in found))


def walk(root: Path, aside: set[Path]) -> Iterator[Path]:
    """All plain files of the project in their order, but those aside, hidden ones at its top, and what a render or an
    editor leaves. Raises Beyond for one that is too large to be read."""
    for here, folders, names in walk_files(root):
        top, pages = here == root, {name.removesuffix(".qmd") for name in names if name.endswith(".qmd")}
        others = {path.name for path in aside if path.parent == here}
        folders[:] = [
            name for name in folders
            if name not in others and not (top and name.startswith(".")) and name != "__pycache__"
            and not (name.endswith("_files") and name.removesuffix("_files") in pages)
        ]  # fmt: skip
        for name in names:
            if name not in others and not (top and name.startswith(".")) and not name.endswith(".quarto_ipynb"):
                path = here / name
                check_size(path.relative_to(root).as_posix(), path)
                yield path


def included(page: Path, root: Path, known: frozenset[Path] = frozenset()) -> list[Path]:
    """The files that a page includes, and those that they include."""
    found: list[Path] = []
    for names in INCLUDE.findall(page.read_text(encoding="utf-8", errors="replace")):
        name = next(filter(None, names))
        path = root / name.lstrip("/") if name.startswith("/") else page.parent / name
        if is_plain(path, root.resolve()) and path not in known:
            found += [path, *included(path, root, known | {path, page})]
    return found


def read(root: Path) -> dict[str, dict]:
    """The record, or nothing if there is none that can be read: then every result is stale."""
    try:
        found = read_note(root / RECORD)
    except (OSError, ValueError):
        return {}
    return {key: value for key, value in found.items() if isinstance(value, dict)} if isinstance(found, dict) else {}


def write(root: Path, record_: dict[str, dict]) -> None:
    (root / RECORD).parent.mkdir(exist_ok=True)
    clear_place(root / RECORD)
    (root / RECORD).write_text(json.dumps(record_, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _digest(files: list[Path], root: Path, more: str = "") -> str:
    """One digest over files, with their names as seen from `root`, and a text."""
    digest = hashlib.sha256(more.encode())
    for path in files:
        content_ = path.read_bytes() if path.is_file() else b""
        digest.update(f"\0{os.path.relpath(path, root)}\0{len(content_)}\0".encode() + content_)
    return digest.hexdigest()

