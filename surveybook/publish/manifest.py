"""What is the site made of, and what from?  `manifest.json` lists every file and input with its SHA-256, and the tools.

Whoever has a copy of the site can compare it with the manifest; whoever has the project as well can build it again and
compare all (verify.py). It holds no date and no place, so that the same project gives the same bytes anywhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from surveybook.boundary import Beyond, Missing, is_plain, read_own
from surveybook.document import TEXT, read_document
from surveybook.errors import Refusal
from surveybook.folders import Content
from surveybook.publish.freeze import walk

NAMED = re.compile(r"[\w.-]+")  # what is asked for
NAME, TOOL = "manifest.json", "surveybook"
# What no site is made from: what explains, tests or starts the project, and what is made itself
NO_INPUT = ("README.md", "CONTRIBUTING.md", "Makefile", "benchmarks", "docs", "examples", "requirements-dev.txt",
            "requirements-uv.txt", "tests", "site", "public", "report.pdf", "_freeze")
# What answers are exported as: beside a study with private rows, a file of such a kind could hold the same rows
EXPORTS = (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".sav", ".por", ".dta", ".parquet", ".zip")
# The same for git, and what is hidden or compiled by Python: a test that is not committed changes no page
INPUTS = (".", ":(exclude).*", ":(exclude)*__pycache__*", *(f":(exclude){name}" for name in NO_INPUT))


@dataclass(frozen=True)
class Source:
    """The state of the project. `commit` is empty where git does not know; `changed`: some file differs from it.

    `inputs`: what may be told of each file; `private`: the files of which nothing is told.
    """

    version: str
    commit: str
    changed: bool
    inputs: dict[str, dict[str, Any]]
    private: tuple[str, ...]

    @property
    def data(self) -> str:
        """One hash for all files of data/ that are published."""
        lines = [f"{one['sha256']}  {name}\n" for name, one in self.inputs.items() if name.startswith("data/")]
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def source(root: Path, site: Path, undisclosed: Mapping[str, Content | None]) -> Source:
    """What the project in `root` is made of now, without the `site` that is made from it.

    `undisclosed`: the files of which less is told than their bytes (site/study.py); None: nothing at all. Where there
    are such files, nothing is told either of tables that lie outside of the studies, as an export that was left there.
    """
    cited = root / "CITATION.cff"
    plain = is_plain(cited, root.resolve())
    known = read_document(cited, TEXT, cited.name).data if plain else {}
    files = walk(root, {root / name for name in NO_INPUT} | {site})
    told = {}
    for path in files:  # of what is reached by a link as little is told as of the file itself
        name = path.relative_to(root).as_posix()
        real = path.resolve().relative_to(root.resolve()).as_posix() if path.is_symlink() else name
        less = [undisclosed[one] for one in (name, real) if one in undisclosed]
        told[name] = None if None in less else describe_file(less[0] if less else path)
    if None in undisclosed.values():
        told |= {name: None for name in told if name not in undisclosed and Path(name).suffix.lower() in EXPORTS
                 and not (root.joinpath(*Path(name).parts[:2]) / "datapackage.yaml").is_file()}
    inputs = {name: what for name, what in told.items() if what is not None}
    commit = git(root, "rev-parse", "--verify", "HEAD")
    changed = bool(commit and git(root, "status", "--porcelain", "--", *INPUTS))
    return Source(str(known.get("version") or ""), commit, changed, dict(sorted(inputs.items())),
                  tuple(sorted(told.keys() - inputs.keys())))


def git(root: Path, *arguments: str) -> str:
    """What git says about the project, or nothing where there is no git, or where `root` is not what it keeps. Raises
    Refusal where somebody ended git, which then says nothing of either."""

    def said(*words: str) -> str:
        ended = subprocess.run(["git", "--no-optional-locks", *words], cwd=root, capture_output=True, text=True,
                               stdin=subprocess.DEVNULL)
        if ended.returncode < 0:
            raise Refusal(f"git was killed by signal {-ended.returncode} before it said what it keeps; build again")
        return ended.stdout.strip() if ended.returncode == 0 else ""

    try:
        top = said("rev-parse", "--show-toplevel")
        return said(*arguments) if top and Path(top).resolve() == root.resolve() else ""
    except OSError:
        return ""


def describe_file(content: Path | Content) -> dict[str, Any]:
    """The size and the hash of a file, which is read a little at a time."""
    with content.open("rb") if isinstance(content, Path) else content.open() as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return {"bytes": file.seek(0, os.SEEK_END), "sha256": sha256}


def files_of(site: Path) -> dict[str, dict[str, Any]]:
    """Every file of a site but the manifest, by its path."""
    found = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
    return {name: describe_file(found[name]) for name in sorted(found) if name != NAME}


def packages(root: Path) -> dict[str, str]:
    """The versions of what the project asks for by name in pyproject.toml; without one, of the tool and what it asks
    for."""
    found = {}
    for name in sorted(one[0] for one in map(NAMED.match, asked_for(root) or [TOOL, *needed()]) if one):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def asked_for(root: Path) -> list[str]:
    """What pyproject.toml asks for, if there is one that asks for anything. Raises Refusal for one that is no TOML."""
    try:
        told = tomllib.loads(read_own(root / "pyproject.toml"))
        return [str(one).strip() for one in told.get("project", {}).get("dependencies", [])]
    except Missing:
        return []
    except (Beyond, ValueError, AttributeError, TypeError) as error:
        raise Refusal(f"pyproject.toml cannot be read ({' '.join(str(error).split())}); correct it") from None


def needed() -> list[str]:
    """What the tool asks for, but for what its extras do; nothing where it is not installed."""
    try:
        return [one for one in requires(TOOL) or () if "extra ==" not in one]
    except PackageNotFoundError:
        return []


def manifest(root: Path, site: Path, state: Source, builder: str) -> bytes:
    """The manifest of a site whose files are all written."""
    content = {
        "version": state.version,
        "commit": state.commit or None,
        "changed_since_commit": state.changed if state.commit else None,
        "builder": builder,
        "python": platform.python_version(),
        "packages": packages(root),
        "data_sha256": state.data,
        "inputs": state.inputs,
    }
    return listing(content, site)


def listing(content: dict[str, Any], site: Path) -> bytes:
    """A manifest that says this, with the files of `site` as they are now."""
    return (json.dumps({**content, "files": files_of(site)}, indent=1) + "\n").encode()
