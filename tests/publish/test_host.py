"""What is published is what was built, whole at every moment, and in the place of nothing but an earlier copy."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import threading
from pathlib import Path

import pytest
from project import CITATION

from surveybook import folders
from surveybook.publish import host
from surveybook.publish.build import Failed
from surveybook.publish.host import publish
from surveybook.publish.manifest import listing

PAGE = "<!DOCTYPE html><html lang='en'><head><title>{0}</title></head><body><main>{0}</main></body></html>"
TOLD = {"builder": "by hand", "data_sha256": "", "inputs": {}}


def make_site(site: Path, text: str) -> None:
    shutil.rmtree(site, ignore_errors=True)
    (site / "chapters").mkdir(parents=True)
    for name in ("index.html", *(f"chapters/{number}.html" for number in range(20))):
        (site / name).write_text(PAGE.format(text))
    (site / "manifest.json").write_bytes(listing(TOLD, site))


@pytest.fixture
def book(tmp_path, monkeypatch) -> Path:
    (tmp_path / "CITATION.cff").write_text(CITATION)
    make_site(tmp_path / "site", "old")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def published(book: Path, target: str = "public") -> str:
    return publish(book, Path("site"), Path(target))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("target", ["site", "site/", "site/chapters", "site/new", ".", "..", "data/.."])
def test_the_site_itself_and_what_holds_it_are_no_place_to_publish_to(target, book):
    (book / "data").mkdir()
    before = contents(book)
    with pytest.raises(Failed, match="name another folder"):
        published(book, target)
    assert contents(book) == before


OTHERS = {
    "a file": lambda place: place.write_text("dear"),
    "a folder with a letter": lambda place: (place.mkdir(), (place / "letter.txt").write_text("dear")),
    "a web application": lambda place: (
        place.mkdir(), (place / "manifest.json").write_text('{"name": "App", "icons": [], "start_url": "."}'),
        (place / "index.html").write_text("app"), (place / "robots.txt").write_text("")),
    "a list of files by another program": lambda place: (
        place.mkdir(), (place / "manifest.json").write_text('{"files": {"index.html": {}, "robots.txt": {}}}')),
    "a manifest that is none": lambda place: (place.mkdir(), (place / "manifest.json").write_text("[" * 9999)),
    "a built site": lambda place: make_site(place, "another"),
    "a link": lambda place: place.symlink_to("elsewhere"),
    "a link to a folder": lambda place: place.symlink_to("data"),
    "a pipe": os.mkfifo,
}


@pytest.mark.parametrize("make", OTHERS.values(), ids=OTHERS)
def test_what_bears_another_mark_or_none_is_not_replaced(make, book):
    (book / "data").mkdir()
    make(book / "public")
    before = contents(book)
    with pytest.raises(Failed, match="public is something other than a published site, and would be lost; move"):
        published(book)
    assert contents(book) == before


@pytest.mark.parametrize("name", ["CNAME", ".git/HEAD", "chapters/notes.txt", "empty/", "link"])
def test_what_others_put_beside_an_earlier_copy_is_not_lost(name, book):
    published(book)
    path = book / "public" / name
    path.parent.mkdir(exist_ok=True)
    path.mkdir() if name.endswith("/") else path.symlink_to("x") if name == "link" else path.write_text("mine")
    before = contents(book / "public")
    with pytest.raises(Failed, match=rf"public holds {name.rstrip('/')}, which is no part of the published site"):
        published(book)
    assert contents(book / "public") == before


def test_an_empty_folder_and_an_earlier_copy_are_replaced(book):
    (book / "public").mkdir()
    published(book)
    make_site(book / "site", "new")
    assert published(book) == "publish: 21 pages for any address (CITATION.cff has no url, so there is no map and no " \
                              "feed) in public; copy that folder to the host"
    assert b"new" in (book / "public" / "index.html").read_bytes()
    assert sorted(path.name for path in book.iterdir()) == [".cache", "CITATION.cff", "public", "site"]


def test_only_what_the_manifest_lists_is_published_and_only_as_it_lists_it(book):
    (book / "site" / "secret.html").symlink_to("/etc/passwd")
    (book / "site" / "lies-there.txt").write_text("not declared")
    published(book)
    assert not {"secret.html", "lies-there.txt"} & set(contents(book / "public"))
    before = contents(book / "public")
    (book / "site" / "index.html").write_text("changed")
    with pytest.raises(Failed, match=r"site/index.html is not as its manifest lists it; build the site again"):
        published(book)
    for name in ("../CITATION.cff", "/etc/passwd", "secret.html", "chapters"):
        told = json.loads((book / "site" / "manifest.json").read_text())
        told["files"] = {name: {"bytes": 1, "sha256": ""}}
        (book / "site" / "manifest.json").write_text(json.dumps(told))
        with pytest.raises(Failed, match=rf"a file of site/, “{name}” .*; "):
            published(book)
    assert contents(book / "public") == before


@pytest.mark.parametrize("exchange", [True, False])
def test_a_copy_that_fails_at_any_moment_leaves_the_earlier_one_whole(exchange, book, monkeypatch):
    published(book)
    before = contents(book / "public")
    make_site(book / "site", "new")
    if not exchange:
        monkeypatch.setattr(folders.ctypes, "CDLL", lambda name: None)
    write, copy, left = Path.write_bytes, shutil.copyfileobj, [0]

    def use_disk(path):
        left[0] -= ".public.building" in str(path)
        if left[0] == -1:
            raise OSError(28, "No space left on device")

    def writing(self, content):
        use_disk(self)
        return write(self, content)

    def copying(source, file):
        use_disk(file.name)
        return copy(source, file)

    monkeypatch.setattr(Path, "write_bytes", writing)
    monkeypatch.setattr(shutil, "copyfileobj", copying)
    for moment in (0, 5, 22, 23):
        left[0] = moment
        with pytest.raises(OSError, match="No space"):
            published(book)
        assert contents(book / "public") == before
        assert not list(book.glob(".public*"))
    left[0] = 1000
    published(book)
    assert b"new" in (book / "public" / "index.html").read_bytes()


def test_publishing_waits_for_a_build_and_says_so(book):
    (book / ".cache").mkdir()
    said, waits = [], threading.Event()
    with open(book / ".cache" / "build.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        one = threading.Thread(target=lambda: publish(
            book, Path("site"), Path("public"), lambda line: (said.append(line), waits.set())))
        one.start()
        assert waits.wait()
        assert not (book / "public").exists()
        make_site(book / "site", "new")
        fcntl.flock(lock, fcntl.LOCK_UN)
    one.join()
    assert said == ["another build of this folder is running; waiting for its end"]
    assert b"new" in (book / "public" / "index.html").read_bytes()
    assert host.ROBOTS in contents(book / "public")
