"""What takes long to make is made once, and kept below the report's .cache/ by the hash of all that it depends on.

    drawings = Store(root, "drawings", version_of(folder_of_the_code_that_draws, "altair", "vl-convert-python"))
    svg = drawings.get(specification, lambda: draw(specification))

An entry is never wrong, only missing: whoever asks names all that it depends on. That is why the watch over what a
page's cells read and write passes over this folder; what an entry was made from has to be read by whoever asks for it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

from surveybook.boundary import LARGEST
from surveybook.folders import keep_kind

FOLDER = Path(".cache", "store")  # in the folder of a report
Key = str | bytes


@dataclass(frozen=True)
class Store:
    """The entries of one `kind`, files of `.cache/store/KIND`: a checksum, then the content.

    `version`: what all of them depend on. Several processes may use the same folder at the same time.
    """

    root: Path
    kind: str
    version: str
    used: set[str] = field(default_factory=set)

    @property
    def folder(self) -> Path:
        return self.root / FOLDER / self.kind

    def get(self, key: Key | Callable[[], Key], make: Callable[[], bytes]) -> bytes:
        """What `make()` gave when this `key` was first asked for; `key` names the whole input, in whatever words.

        Where `make` reads files, `key` is a function that looks at them: what is made while they change is not kept.
        Two processes that ask at once make it once. Where the folder cannot be written to, it is made each time.
        """
        known = key() if callable(key) else key
        name = self._name(known)
        self.used.add(name)
        content = _read(self.folder / name)
        if content is None:
            with _alone(self.folder / f"{name}.making") as making:
                content = _read(self.folder / name) if making else None
                if content is None:
                    content = make()
                    if making and (not callable(key) or key() == known):
                        _write(making, self.folder / name, content)
        return content

    def read(self, key: Key) -> bytes | None:
        """What is kept under a `key`, if there is something whole."""
        self.used.add(name := self._name(key))
        return _read(self.folder / name)

    def write(self, key: Key, content: bytes) -> bool:
        """Keep something under a `key`, in the place of what was there; whether that could be done."""
        self.used.add(name := self._name(key))
        with _alone(self.folder / f"{name}.making") as making:
            return making is not None and _write(making, self.folder / name, content)

    def has(self, key: Key) -> bool:
        """Whether there is an entry, which may still be damaged."""
        return (self.folder / self._name(key)).exists()

    def forget_the_rest(self) -> None:
        """Remove what was not asked for through this object."""
        self._forget(self._others())

    def forget_all_but(self, number: int) -> None:
        """Remove all but the entries made last, for a store that no single process sees all uses of."""
        with suppress(OSError):  # another process may be removing them as well
            self._forget(sorted(self._others(), key=lambda path: path.stat().st_mtime_ns, reverse=True)[number:])

    def _others(self) -> list[Path]:
        """What was not asked for; nothing where the folder is a link to somebody else's."""
        linked = os.path.islink(self.folder) or os.path.islink(self.folder.parent)
        return [] if linked else [path for path in self.folder.glob("*") if path.name not in self.used]

    def _name(self, key: Key) -> str:
        version, key = (part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
                        for part in (self.version, key))
        return hashlib.sha256(hashlib.sha256(version).digest() + key).hexdigest()

    @staticmethod
    def _forget(paths: list[Path]) -> None:
        for path in paths:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def version_of(folder: Path, *distributions: str) -> str:
    """What the modules in a folder and below compute with: a hash of their sources and schemas, with the versions of
    Python and of these distributions. To be taken when the modules are imported, so that it is that of what was
    imported."""
    made = [sys.version, *map(version, distributions), _sources(folder)]
    return hashlib.sha256(repr(made).encode()).hexdigest()


@cache  # several modules ask for those of the whole tool
def _sources(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.json")]):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _sum(name: str, content: bytes) -> bytes:
    """The checksum of an entry, of its name as well, so that no entry passes for another one."""
    return hashlib.sha256(name.encode() + content).digest()


def _read(path: Path) -> bytes | None:
    """The content of an entry; None where there is none, or it is damaged or another one's."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:  # a pipe would be waited for
            return None
        entry = path.read_bytes()
    except OSError:
        return None
    return entry[32:] if entry[:32] == _sum(path.name, entry[32:]) else None


def _write(making: Path, path: Path, content: bytes) -> bool:
    """Put an entry in its place in one step, through the file `making`; whether that could be done."""
    with suppress(OSError):
        keep_kind(path)  # a folder would be in the way
        making.write_bytes(_sum(path.name, content) + content)
        making.replace(path)
        return True
    return False


@contextmanager
def _alone(path: Path) -> Iterator[Path | None]:
    """A file that no other process has at the same time, to write to; None where it cannot be had."""
    descriptor = None
    with suppress(OSError):
        for folder in (path.parent.parent, path.parent):
            keep_kind(folder, folder=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        keep_kind(path)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # ends with the process, however that ends
    try:
        yield path if descriptor is not None else None
    finally:
        if descriptor is not None:
            with suppress(OSError):
                path.unlink(missing_ok=True)  # a process that waits for it finds the entry, or makes a new one
            os.close(descriptor)
