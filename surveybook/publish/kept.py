"""What takes long to make is made once, and kept in .cache under the hash of all that it is made from."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Kept:
    """The things of one kind: `kept(key, make)` is what `make()` gave when it was first asked for by this key.

    The key names the whole input and the version of what makes it.
    """

    folder: Path
    used: set[str] = field(default_factory=set)

    def __call__(self, key: str, make: Callable[[], bytes]) -> bytes:
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        self.used.add(name)
        path = self.folder / name
        try:
            return path.read_bytes()
        except OSError:
            content = make()
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")  # another build may be at the same place
        fresh.write_bytes(content)
        fresh.replace(path)
        return content

    def forget_the_rest(self) -> None:
        """Remove what was not asked for this time."""
        for path in self.folder.glob("*"):
            if path.name not in self.used:
                path.unlink(missing_ok=True)
