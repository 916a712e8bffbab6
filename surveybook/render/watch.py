"""Which files of a book changed since the last look?"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from surveybook.boundary import walk_files


class Watch:
    """The files of a book, to see which of them changed; a file written again as it was has not.

    They are looked at again and again: this costs a few milliseconds, and works on every file system. A library that
    is told by the system (watchfiles) would need the same list of what is passed over and the same look at contents.
    """

    def __init__(self, root: Path):
        self.root = root
        self.known: dict[Path, tuple[tuple[int, int], bytes]] = {}

    def changed(self, aside: Path | None) -> list[str]:
        """Files changed, added or removed since the last look, but hidden ones and those below `aside`, the site."""
        found, changed = {}, []
        for here, folders, names in walk_files(self.root):
            folders[:] = [name for name in folders if name[0] != "." and name != "__pycache__" and here / name != aside]
            for path in (here / name for name in names if name[0] != "."):
                with suppress(OSError):  # gone in the meantime
                    found[path], new = self.look(path)
                    changed += [path] if new else []
        changed += [path for path in self.known if path not in found]
        self.known = found
        return sorted(path.relative_to(self.root).as_posix() for path in changed)

    def look(self, path: Path) -> tuple[tuple[tuple[int, int], bytes], bool]:
        """What is known of a file from now on, and whether its content is new."""
        status = path.stat()
        stamp, old = (status.st_mtime_ns, status.st_size), self.known.get(path)
        if old and old[0] == stamp:
            return old, False
        digest = hashlib.sha256(path.read_bytes()).digest()
        return (stamp, digest), not old or old[1] != digest
