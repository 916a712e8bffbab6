"""Outputs of earlier runs, used again when, and only when, nothing that a page's cells depend on has changed.

An entry depends on the code of the page's cells and inline expressions (not on its prose), the modules they imported
and the files and folders they read, but those of Python and the system; on the locked requirements, what is installed,
Python and the renderer itself. The watch over the cells passes over what is installed, so that the tool, if it is, is
depended on as a whole. Where the dependencies cannot be known (a program was started, a connection opened, a file
written) nothing is kept. A Cache looks at each file once: make a new one for each build.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from surveybook.folders import digest, listing, replace_file
from surveybook.render.cells import Output, Outputs, Seen, task
from surveybook.render.source import Source


class Cache:
    """The entries of one book, one a page, in `.cache/renderer/` of its folder."""

    def __init__(self, root: Path, folder: Path | None = None):
        self.root = root.resolve()
        self.folder = folder or self.root / ".cache" / "renderer"
        own = sorted(Path(__file__).parent.glob("*.py"))
        locked = sorted([*self.root.glob("requirements*.txt"), *self.root.glob("_environment*")])
        place = (sys.version, sys.implementation.name, platform.machine(), sys.prefix, str(self.root))
        self.base = _digest(*place, *(path.read_bytes() for path in [*own, *locked]), *_installed(self.root))
        self.digests: dict[str, str] = {}
        self.kept: set[str] = set()  # pages that have an entry which holds now
        for left in self.folder.glob(".*"):  # of a build that was killed
            with suppress(OSError):  # a folder is of nobody's making, and in nobody's way
                left.unlink()

    def get(self, source: Source) -> Outputs | None:
        """The outputs kept for a page, if all they depend on is as it was; whatever else is found is no entry."""
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            sum_, _, body = self._path(source).read_text(encoding="utf-8").partition("\n")
            entry = json.loads(body) if sum_ == _digest(body) else {}
            if entry["key"] == self._key(source) and entry["depends"] == {
                path: self.digest(path) for path in entry["depends"]
            }:
                results = tuple(tuple(Output(**output) for output in outputs) for outputs in entry["results"])
                seen = Seen(**{kind: tuple(paths) for kind, paths in entry["seen"].items()})
                self.kept.add(source.file)
                return Outputs(source.file, results, seen)
        return None

    def put(self, source: Source, outputs: Outputs, started: float) -> None:
        """Keep a page's outputs, run after the time `started`, if it is known what they depend on."""
        seen = outputs.seen
        depends = sorted({*seen.read, *seen.modules})
        if seen.beyond or seen.written or any(self._changed(path, started) for path in depends):
            return
        entry = {
            "key": self._key(source),
            "depends": {path: self.digest(path) for path in depends},
            "results": [[asdict(output) for output in result] for result in outputs.results],
            "seen": asdict(seen),
        }
        body = json.dumps(entry, sort_keys=True)
        with suppress(OSError, ValueError):  # a folder that cannot be written to costs time, not the build
            replace_file(self._path(source), f"{_digest(body)}\n{body}".encode())
            self.kept.add(source.file)

    def record(self, outputs: Sequence[Outputs]) -> dict:
        """What the outputs of all pages depend on beyond this environment and what lies open in the book's folder.

        `kept`: whether each of them has an entry, so that nothing but files was looked at. `outside`: what files hold,
        or folders list (a name a line, but hidden ones), as a SHA-256; "missing" if there is nothing.
        """
        seen = {path for one in outputs for path in (*one.seen.read, *one.seen.modules)}
        paths = {path for path in seen if path.startswith((os.sep, ".")) and not path.startswith(".cache" + os.sep)}
        kept = all(one.file in self.kept for one in outputs if one.results)
        return {"kept": kept, "outside": {path: digest(self.root / path) for path in sorted(paths)}}

    def digest(self, path: str) -> str:
        """What a file holds or a folder lists, as a digest; each is looked at once."""
        if path not in self.digests:
            whole = self.root / path
            try:
                self.digests[path] = _digest(listing(whole) if whole.is_dir() else whole.read_bytes())
            except OSError:
                self.digests[path] = "missing"
        return self.digests[path]

    def _changed(self, path: str, started: float) -> bool:
        """Whether a file changed since the run began, so that the run may have read something else."""
        with suppress(OSError):
            status = (self.root / path).stat()
            return max(status.st_mtime, status.st_ctime) >= started
        return False

    def _key(self, source: Source) -> str:
        return _digest(self.base, json.dumps(task(source, self.root) | {"cwd": _folder(source)}, sort_keys=True))

    def _path(self, source: Source) -> Path:
        name = re.sub(r"[^\w.-]", "-", source.file, flags=re.ASCII)
        return self.folder / f"{name}-{_digest(source.file)[:12]}.json"


def _installed(root: Path) -> Iterator[bytes]:
    """What is installed, by name and version, and all of the tool where it is not a part of the book's folder."""
    for folder in map(Path, dict.fromkeys(sys.path[not sys.flags.safe_path:])):  # the first is where this was started
        with suppress(OSError):
            names = sorted(name for name in os.listdir(folder) if name.endswith(("-info", ".pth")))
            yield from ["\n".join(names).encode()] if names else []
        tool = folder / "surveybook"
        if folder.resolve() != root:
            for path in sorted(tool.rglob("*")) if tool.is_dir() else ():
                if path.is_file() and path.suffix != ".pyc":
                    yield str(path.relative_to(tool)).encode() + b"\n" + path.read_bytes()


def _folder(source: Source) -> str:
    """The working directory of a page's cells, from the book's folder."""
    return "." if source.options.get("execute-dir") == "project" else os.path.dirname(source.file)


def _digest(*parts: str | bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
