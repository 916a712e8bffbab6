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
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from surveybook.folders import digest
from surveybook.render.cells import Output, Outputs, Seen, task
from surveybook.render.pieces import Source
from surveybook.store import Store


class Cache:
    """The entries of one book, one a page, in its store."""

    def __init__(self, root: Path):
        self.root = root.resolve()
        self.store = Store(self.root, "outputs", "")
        own = sorted(Path(__file__).parent.glob("*.py"))
        locked = sorted(filter(Path.is_file, [*self.root.glob("requirements*.txt"), *self.root.glob("_environment*")]))
        place = (sys.version, sys.implementation.name, platform.machine(), sys.prefix, str(self.root))
        self.base = _digest(*place, *(path.read_bytes() for path in [*own, *locked]), *_installed(self.root))
        self.start()
        self.kept: set[str] = set()  # pages that have an entry which holds now

    def start(self) -> None:
        """From now on files are looked at: what changes later may be seen by some and not by others."""
        self.started = _clock(self.store.folder)
        self.digests: dict[str, str] = {}

    def get(self, source: Source) -> Outputs | None:
        """The outputs kept for a page, if all they depend on is as it was; whatever else is found is no entry."""
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            entry = json.loads(self.store.read(source.file) or "{}")
            if entry["key"] == self._key(source) and entry["depends"] == {
                path: self.digest(path) for path in entry["depends"]
            }:
                results = tuple(tuple(Output(**output) for output in outputs) for outputs in entry["results"])
                seen = Seen(**{kind: tuple(paths) for kind, paths in entry["seen"].items()})
                self.kept.add(source.file)
                return Outputs(source.file, results, seen)
        return None

    def put(self, source: Source, outputs: Outputs) -> None:
        """Keep a page's outputs, if it is known what they depend on, and none of that changed since the start."""
        seen = outputs.seen
        depends = sorted({*seen.read, *seen.modules})
        if seen.beyond or seen.written or any(self._changed(path) for path in depends):
            return
        entry = {
            "key": self._key(source),
            "depends": {path: self.digest(path) for path in depends},
            "results": [[asdict(output) for output in result] for result in outputs.results],
            "seen": asdict(seen),
        }
        if self.store.write(source.file, json.dumps(entry, sort_keys=True).encode()):
            self.kept.add(source.file)

    def record(self, outputs: Sequence[Outputs]) -> dict:
        """What the outputs of all pages depend on beyond this environment.

        `kept`: whether each of them has an entry, so that nothing but files was looked at. `read`: what files hold, or
        folders list (a name a line, but hidden ones), as a SHA-256; "missing" if there is nothing. `changed`: files
        among them that did so since the start.
        """
        seen = {path for one in outputs for path in (*one.seen.read, *one.seen.modules)}
        paths = {path for path in seen if not path.startswith(".cache" + os.sep)}
        kept = all(one.file in self.kept for one in outputs if one.results)
        changed = [path for path in sorted(paths) if (self.root / path).is_file() and self._changed(path)]
        return {"kept": kept, "read": {path: digest(self.root / path) for path in sorted(paths)}, "changed": changed}

    def digest(self, path: str) -> str:
        """What a file holds or a folder lists, as a digest; each is looked at once."""
        if path not in self.digests:
            self.digests[path] = digest(self.root / path)
        return self.digests[path]

    def _changed(self, path: str) -> bool:
        """Whether a file changed since the start, so that its digest and the run may be of something else."""
        with suppress(OSError):
            status = os.stat(os.path.join(self.root, path))  # some ten thousand times in a cold build
            return max(status.st_mtime_ns, status.st_ctime_ns) >= self.started
        return False

    def _key(self, source: Source) -> str:
        return _digest(self.base, json.dumps(task(source, self.root) | {"cwd": _folder(source)}, sort_keys=True))


def _clock(folder: Path) -> int:
    """The time that the file system gives to what is written now, in ns, once it is later than that of what was."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:

            def now() -> int:
                file.write(b".")
                file.flush()
                return os.fstat(file.fileno()).st_mtime_ns

            first = later = now()
            for _ in range(50):  # systems count in steps of some milliseconds
                if (later := now()) != first:
                    break
                time.sleep(0.001)
            return later
    return time.time_ns()


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
