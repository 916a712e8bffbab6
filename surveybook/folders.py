"""How does a file or a folder take the place of another, so that there is a whole one at every moment?

Who may do so, where several processes want to? And what do files hold and folders list, as digests, to see whether they
are what they were?
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import glob
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

from surveybook.boundary import LARGEST, read_file
from surveybook.errors import Refusal

MANIFEST = "manifest.json"  # of a finished site: what it was made from, and its files
OURS = re.compile(rb'<link rel="stylesheet" href="site_libs/base\.css">|<html[^>]* data-rendered="')  # in index.html
QUARTOS = re.compile(rb'<meta name="generator" content="quarto-')
OLD = "-previous"  # what a folder that is put aside for a moment ends in


@dataclass(frozen=True)
class Content:
    """What a file holds, without holding it: what opens it, at its beginning, and its `size` in bytes."""

    open: Callable[[], BinaryIO]
    size: int

    @staticmethod
    def of(content: bytes) -> Content:
        """What is held already."""
        return Content(partial(io.BytesIO, content), len(content))

    def read(self) -> bytes:
        with self.open() as file:
            return file.read()

    def __len__(self) -> int:
        return self.size


def replace_file(path: Path, content: bytes) -> None:
    """Have `path` hold `content`: written beside it, then renamed. A file that holds it already stays untouched.

    Raises OSError where that cannot be done. What is left by a process that was killed begins with a dot.
    """
    with suppress(OSError):
        if path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content:  # no pipe
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


def read_note(path: Path) -> Any:
    """What the tool noted as JSON in a file of its own. Raises OSError or ValueError where it cannot be read, or is
    something else, and never waits for a pipe in its place."""
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    return json.loads(path.read_text(encoding="utf-8"))


def write_file(path: Path, content: bytes | Content) -> None:
    """Write a file of a folder that nobody reads yet. Raises OSError that names the file, as one for a full disk does
    not by itself."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            with content.open() as source, open(path, "wb") as file:
                shutil.copyfileobj(source, file)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def keep_kind(path: Path, folder: bool = False) -> None:
    """Have nothing at a place that is the tool's own but a plain file, or a `folder`: a pipe would be waited for, and a
    link may lead to what is somebody else's."""
    if path.is_symlink() or path.exists() and not (path.is_dir() if folder else path.is_file()):
        clear_place(path)


def clear_place(path: Path) -> None:
    """Have nothing at a place that is the tool's own: a file goes, a link, and a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def beside(place: Path) -> Iterator[Path]:
    """A folder in which this process makes what will take the `place` of another one: on the same file system, hidden,
    claimed, and gone afterwards. What processes that were killed left there is cleared away before."""
    clear_beside(place)
    fresh = place.with_name(f".{place.name}.building-{token_hex(4)}")
    fresh.mkdir(parents=True)
    try:
        with claimed(fresh):
            fresh.stat()  # not cleared away by another process before it was claimed
            yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def read_mark(folder: Path) -> dict[str, Any]:
    """The manifest of a finished site in its folder; empty where there is none, or that of another program."""
    try:
        told = json.loads(read_file(folder, MANIFEST))
        return told if {"builder", "data_sha256", "inputs"} <= told.keys() and isinstance(told["files"], dict) else {}
    except (Refusal, ValueError, KeyError, AttributeError, RecursionError):
        return {}


def may_replace(place: Path, book: Path) -> bool:
    """Whether nothing is lost where a site of a book takes this place: nothing is there, an empty folder, or a site
    that was made by this tool, or by Quarto in the folder of the book; no link."""
    if place.is_symlink() or not place.is_dir():
        return not os.path.lexists(place)
    try:
        page = read_file(place, "index.html")
    except Refusal:
        page = b""
    return bool(not any(place.iterdir()) or read_mark(place) or OURS.search(page)
                or QUARTOS.search(page) and place.resolve().is_relative_to(book.resolve()))


def replace_folder(fresh: Path, place: Path) -> None:
    """Put the folder `fresh` in the place of another: in one step where the system can exchange two folders, else with
    the other one put aside for a moment. What was there is gone afterwards, and so is `fresh`.

    A folder from another file system is copied beside the place first.
    """
    if fresh.parent != place.parent:
        with beside(place) as copy:
            try:
                fresh.rename(copy)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                shutil.copytree(fresh, copy, symlinks=True, dirs_exist_ok=True)
            replace_folder(copy, place)
        return
    if not place.exists():
        fresh.rename(place)
        return
    here, exchange = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    if rename is None or rename(here, os.fsencode(fresh), here, os.fsencode(place), exchange):
        old = fresh.with_name(fresh.name + OLD)
        place.rename(old)
        fresh.rename(place)
        shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(fresh, ignore_errors=True)


def clear_beside(place: Path) -> None:
    """Remove what processes that were killed left beside a place; what they had put aside for a moment goes back.

    Whether they still run is told by their claims: their numbers may be those of others by now.
    """
    for left in sorted(place.parent.glob(f".{glob.escape(place.name)}.building-*")):
        with unclaimed(left.with_name(left.name.removesuffix(OLD))) as free:
            if not free or left.is_symlink() or not left.is_dir():
                continue
            if left.name.endswith(OLD) and not place.exists():
                left.rename(place)
            else:
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def claimed(folder: Path) -> Iterator[int]:
    """Claim a folder for this process and all that are given the descriptor, until the last of them is gone."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def unclaimed(folder: Path) -> Iterator[bool]:
    """Whether all processes that claimed a folder, or were given the claim, are gone; none can claim it meanwhile."""
    with ExitStack() as ended:
        free = True
        with suppress(OSError):  # none is there, or on a file system without locks
            descriptor = os.open(folder, os.O_RDONLY | os.O_NONBLOCK)  # a pipe would be waited for
            ended.callback(os.close, descriptor)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                free = False
        yield free


@contextmanager
def locked(root: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other process builds or publishes the report in `root`, and keep them waiting.

    The system drops the lock however a process ends.
    """
    folder = root / ".cache"
    folder.mkdir(exist_ok=True)
    place = folder / "build.lock"
    keep_kind(place)
    with open(place, "a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another build of this folder is running; waiting for its end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(path: Path) -> str:
    """The SHA-256 of what a file holds, or of the names in a folder, hidden ones left out; “missing” for neither."""
    try:
        if not path.is_dir() and not path.is_file():  # a pipe would be waited for
            return "missing"
        if path.is_dir():
            return hashlib.sha256(listing(path).encode()).hexdigest()
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "missing"


def listing(folder: Path) -> str:
    """The names in a folder, one a line, less those that a build itself leaves there."""
    return "\n".join(sorted(name for name in os.listdir(folder) if name[0] != "." and name != "__pycache__"))
