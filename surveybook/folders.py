"""How does a file or a folder take the place of another, so that there is a whole one at every moment?

And what do files hold and folders list, as digests, to see whether they are what they were?
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Have `path` hold `content`: written beside it, then renamed. A file that holds it already stays untouched.

    Raises OSError where that cannot be done. What is left by a process that was killed begins with a dot.
    """
    with suppress(OSError):
        if path.read_bytes() == content:
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise


def write_file(path: Path, content: bytes) -> None:
    """Write a file of a folder that nobody reads yet. Raises OSError that names the file, as one for a full disk does
    not by itself."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def clear_place(path: Path) -> None:
    """Have nothing at a place that is the tool's own: a file goes, a link, and a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def replace_folder(fresh: Path, place: Path, old: Path) -> None:
    """Put the folder `fresh` in the place of another: in one step where the system can exchange two folders, else with
    the other one put at `old` for a moment. It is then where `fresh` was, if there was any."""
    if not place.exists():
        fresh.rename(place)
        return
    here, exchange = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    if rename is None or rename(here, os.fsencode(fresh), here, os.fsencode(place), exchange):
        place.rename(old)
        fresh.rename(place)
        old.rename(fresh)


def digest(path: Path) -> str:
    """The SHA-256 of what a file holds, or of the names in a folder, hidden ones left out; “missing” for neither."""
    try:
        return hashlib.sha256(listing(path).encode() if path.is_dir() else path.read_bytes()).hexdigest()
    except OSError:
        return "missing"


def listing(folder: Path) -> str:
    """The names in a folder, one a line, less those that a build itself leaves there."""
    return "\n".join(sorted(name for name in os.listdir(folder) if name[0] != "." and name != "__pycache__"))
