"""Where may a path that a file of the author's names lead?  To a plain file of the book, and nowhere else.

Chapters, settings, what they include, show and bring along, resources and declarations of a study, published addresses
and what a manifest lists all go through here, so that none of them reads, publishes or writes what lies outside, or
waits for a pipe.
"""

from __future__ import annotations

import errno
import os
import posixpath
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from surveybook.errors import Refusal

ODD = re.compile(r"[\x00-\x1f\x7f\\]")  # a file may have them in its name; on the web they are something else
# Lock files, backups and unsaved text of Emacs, Vim, LibreOffice and others: of no book
EDITORS = re.compile(r"\.#.*|#.*#|.*~|\..*\.sw[a-z]|\.~lock\..*#|4913", re.DOTALL)
LARGEST = 1_000_000_000  # bytes of a file
MOST_LETTERS = 20_000_000  # of a text


class Beyond(Refusal):
    """A path that leads to no file of the book: the path, what is wrong with it, and what to do."""

    def __init__(self, name: str, what: str, remedy: str):
        self.name, self.what, self.remedy = name, what, remedy
        super().__init__(f"“{ODD.sub('?', name)}” {what}; {remedy}")


class Missing(Beyond):
    """A path that could be one of the book, and where nothing is."""


def check_path(name: str) -> str:
    """A relative path in its shortest form, if it stays below the folder that it starts from.

    Raises Beyond for one that leads out, also where a web server reads it (`%2e%2e/`), is absolute, or an address.
    """
    if ODD.search(name):
        raise Beyond(name, "holds a backslash or a control character", "write it with / between plain names")
    if "://" in name:
        raise Beyond(name, "is an address, and no file here", "save the file beside the others, and write its name")
    plain = name
    while (read := unquote(plain)) != plain:
        plain = read
    for one in (name, plain):
        short = posixpath.normpath(one)
        if ODD.search(one) or one.startswith("/") or short == ".." or short.startswith("../"):
            raise Beyond(name, "leads out of the folder", "name a file in it, by its path from there")
    return posixpath.normpath(name)


def find_file(folder: Path, name: str, book: Path | None = None) -> Path:
    """The plain file with the path `name` from `folder`. A link is followed inside of the `book`, by default `folder`.

    Raises Beyond for what check_path refuses, a link that leads out of the book, a folder, a pipe, a socket, a device,
    or a file of more than LARGEST bytes; Missing where there is nothing, or a link to nothing.
    """
    path = folder / check_path(name)
    try:
        real = path.resolve(strict=True)
        kind = real.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise Missing(name, "is not there", "restore the file, or mend its name") from None
    except (OSError, RuntimeError, ValueError) as error:  # links in a circle, no right to look
        if getattr(error, "errno", 0) == errno.ENAMETOOLONG:  # no file has such a name
            raise Missing(name, "is not there", "restore the file, or mend its name") from None
        raise Beyond(name, "cannot be read", "mend its name, its rights, or the link that it is") from None
    if not real.is_relative_to((book or folder).resolve()):
        raise Beyond(name, "is a symbolic link that leads out of the folder", "copy the file itself to its place")
    if not stat.S_ISREG(kind):
        raise Beyond(name, "is no plain file", "put a file in its place, or name another one")
    check_size(name, real)
    return real


def check_size(name: str, path: Path, most: int = LARGEST) -> None:
    """Raises Beyond for a file at `path` that has more bytes than are read."""
    if path.stat().st_size > most:
        raise Beyond(name, f"has more than {most:,} bytes", "split it, or keep it outside of the book")


def open_file(folder: Path, name: str, book: Path | None = None) -> BinaryIO:
    """The file that find_file finds, to be read from its beginning. Raises as it does."""
    real = find_file(folder, name, book)
    with suppress(OSError):  # opened by its own name: whoever watches what is read sees the link as well
        descriptor = os.open(folder / check_path(name), os.O_RDONLY | os.O_NONBLOCK)
        if os.path.samestat(os.fstat(descriptor), real.stat()):  # not what took its place in the meantime
            return os.fdopen(descriptor, "rb")
        os.close(descriptor)
    raise Beyond(name, "cannot be read", "mend its rights")


def read_file(folder: Path, name: str, book: Path | None = None) -> bytes:
    """What the file holds that find_file finds. Raises as it does."""
    with suppress(OSError), open_file(folder, name, book) as file:
        return file.read()
    raise Beyond(name, "cannot be read", "mend its rights")


def read_text(folder: Path, name: str, book: Path | None = None) -> str:
    """The same as text, its lines ended as here. Raises UnicodeDecodeError, of its bytes, for what is not UTF-8, and
    Beyond for more than any page has."""
    check_size(name, find_file(folder, name, book), MOST_LETTERS)
    return read_file(folder, name, book).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def read_own(path: Path) -> str:
    """The text of a file whose name the tool knows, as read_text. A link is followed inside of the book: the nearest
    folder above that has a _quarto.yml, or without one the folder of the file."""
    above = (one for one in path.absolute().parents if (one / "_quarto.yml").is_file())
    return read_text(path.parent, path.name, next(above, path.parent))


def is_plain(path: Path, book: Path) -> bool:
    """Whether a plain file is at `path`, or a link to one in `book`, a resolved path; never waits or raises."""
    with suppress(OSError, RuntimeError, ValueError):
        kind = path.lstat().st_mode
        if stat.S_ISLNK(kind):
            real = path.resolve(strict=True)
            kind = real.stat().st_mode if real.is_relative_to(book) else 0
        return stat.S_ISREG(kind)
    return False


def walk_files(book: Path) -> Iterator[tuple[Path, list[str], list[str]]]:
    """As os.walk, in the order of names: each folder with its folders, a list to shorten, and its plain files.

    Passed over is what editors leave, links to folders (those of the book are walked where they are), links that lead
    out or nowhere, pipes, sockets and devices.
    """
    top = book.resolve()
    for folder, folders, names in os.walk(book):
        here = Path(folder)
        folders[:] = sorted(name for name in folders if not (here / name).is_symlink())
        names = [name for name in names if not EDITORS.fullmatch(name) and is_plain(here / name, top)]
        yield here, folders, sorted(names)
