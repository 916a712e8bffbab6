"""In the places of the tool's own lies what it never wrote: links, pipes, sockets, devices, and files that no memory
holds. It is passed over or replaced; nothing is waited for, and nothing outside of the book's folder is touched."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from surveybook.boundary import LARGEST
from surveybook.folders import (
    OLD,
    beside,
    clear_beside,
    locked,
    may_replace,
    read_mark,
    read_note,
    replace_file,
    replace_folder,
)
from surveybook.store import Store

DEAR = {"letter": b"dear", "folder/letter": b"dear"}  # somebody's, outside of the book


def lay_socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


def lay_huge(path: Path) -> None:
    with open(path, "wb") as file:
        file.truncate(LARGEST + 1)  # nothing of it is on the disk


KINDS: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo, "a socket": lay_socket, "a file of a gigabyte": lay_huge,
    "an empty file": lambda path: path.write_bytes(b""),
    "other bytes": lambda path: path.write_bytes(bytes(range(256))),
    "a folder": lambda path: (path / "deep").mkdir(parents=True),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to a new file outside": lambda path: path.symlink_to(outside_of(path) / "new"),
    "a link to a file outside": lambda path: path.symlink_to(outside_of(path) / "letter"),
    "a link to a folder outside": lambda path: path.symlink_to(outside_of(path) / "folder"),
}


def outside_of(path: Path) -> Path:
    return next(folder for folder in path.parents if folder.name == "book").with_name("outside")


@pytest.fixture(params=KINDS)
def put(request) -> Callable[[Path], Path]:
    """put(path): something of one kind is there."""

    def make(path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        KINDS[request.param](path)
        return path

    return make


@pytest.fixture
def book(tmp_path):
    """The folder of a book, and beside it what is none of its business."""
    outside = tmp_path / "outside"
    for name, content in DEAR.items():
        (outside / name).parent.mkdir(parents=True, exist_ok=True)
        (outside / name).write_bytes(content)
    (tmp_path / "book").mkdir()
    yield tmp_path / "book"
    found = {path.relative_to(outside).as_posix(): path.read_bytes() for path in outside.rglob("*") if path.is_file()}
    assert found == DEAR


@pytest.mark.parametrize("place", ["store", "store/kind", "store/kind/ENTRY", "store/kind/ENTRY.making"])
def test_whatever_lies_in_the_store_what_is_asked_for_is_made_once_and_right(place, put, book):
    store = Store(book, "kind", "1")
    put(book / ".cache" / place.replace("ENTRY", store._name("key")))
    assert [store.get("key", lambda: b"one"), store.get("key", lambda: b"two")] == [b"one", b"one"]


@pytest.mark.parametrize("place", ["store", "store/kind"])
def test_nothing_is_forgotten_through_a_link(place, put, book):
    put(book / ".cache" / place)
    store = Store(book, "kind", "1")
    store.forget_the_rest()
    store.forget_all_but(0)


def test_whatever_lies_in_the_place_of_the_lock_it_is_one(put, book):
    place = put(book / ".cache" / "build.lock")
    with locked(book, pytest.fail):
        assert place.is_file() and not place.is_symlink()
    with locked(book, pytest.fail):
        pass


def test_what_is_no_note_is_none(put, book):
    with pytest.raises((OSError, ValueError)):
        read_note(put(book / "note.json"))


def test_whatever_lies_in_the_place_of_a_file_it_is_replaced(put, book):
    place = put(book / "note.json")
    if not place.is_dir() or place.is_symlink():
        replace_file(place, b"new")
        assert place.read_bytes() == b"new" and not place.is_symlink()


def test_what_is_no_site_has_no_mark_and_is_not_replaced(put, book):
    put(book / "site" / "manifest.json")
    put(book / "site" / "index.html")
    assert read_mark(book / "site") == {}
    assert not may_replace(book / "site", book)
    assert not may_replace(put(book / "other"), book)


def test_what_only_bears_the_name_of_what_a_build_leaves_is_no_site(put, book):
    put(book / ".site.building-1")
    left = put(book / f".site.building-2{OLD}")
    plain = left.is_dir() and not left.is_symlink()
    clear_beside(book / "site")
    assert (book / "site").is_dir() == plain and not (book / "site").is_symlink()
    with beside(book / "site") as fresh:
        (fresh / "index.html").write_text("new")
        replace_folder(fresh, book / "site")
    assert (book / "site" / "index.html").read_text() == "new"


# --- the number of a process that was killed is another one's by now


def test_what_a_killed_process_left_goes_although_its_number_is_that_of_another_one(book):
    mine = os.getppid()  # it runs, and never built anything
    (book / f".site.building-{mine}").mkdir()
    (book / f".site.building-{mine}{OLD}").mkdir()
    (book / f".site.building-{mine}{OLD}" / "index.html").write_text("good")
    clear_beside(book / "site")
    assert [path.name for path in book.iterdir()] == ["site"]
    assert (book / "site" / "index.html").read_text() == "good"


def test_what_another_process_makes_stays_while_it_runs(book, root):
    made = ("import sys\nfrom pathlib import Path\nfrom surveybook.folders import beside\n"
            "with beside(Path(sys.argv[1])) as fresh:\n    print(fresh, flush=True)\n    sys.stdin.read()\n")
    with subprocess.Popen([sys.executable, "-c", made, book / "site"], cwd=root, text=True, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as other:
        fresh = Path(other.stdout.readline().strip())
        clear_beside(book / "site")
        assert fresh.is_dir()
        other.kill()
        other.wait()
        clear_beside(book / "site")
        assert not fresh.exists()
