"""What is no plain file of a copy is found, and a copy that stands on the web is fetched, whoever answers."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from gzip import compress
from pathlib import Path

import pytest
from server import Plain, served

from surveybook.errors import Refusal
from surveybook.publish import mirror
from surveybook.publish.manifest import listing
from surveybook.publish.verify import verify


def told_by(folder: Path, site: Path | str) -> tuple[bool, list[str]]:
    said: list[str] = []
    return verify(folder, site, said.append), said


def listed_site(folder: Path) -> Path:
    """A site of three files with its manifest, in a folder that is no report."""
    site = folder / "site"
    for name, text in {"index.html": "One", "a b/ü#?.css": "p {}", ".nojekyll": ""}.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    (site / "manifest.json").write_bytes(listing({"inputs": {}}, site))
    return site


def faults(folder: Path, site: Path | str) -> list[str]:
    """What is not as the manifest lists it; nothing where all is."""
    same, said = told_by(folder, site)
    found = [line for line in said if not line.startswith(("note: ", "manifest: ", "fetching ", "nothing was built"))]
    assert same == (not found)
    return found


def linked(site: Path, name: str, target: str) -> str:
    (site / name).unlink(missing_ok=True)
    (site / name).symlink_to(target)
    return f"{name}: it is a link, and a site has plain files only"


def piped(site: Path) -> str:
    os.mkfifo(site / "pipe.html")
    return "pipe.html: it is a pipe, and a site has plain files only"


def emptied(site: Path) -> str:
    (site / "a b" / "none").mkdir()
    return "a b/none: it is an empty folder, and a site has plain files only"


STRANGE = {
    "a linked folder": lambda site: linked(site, "login", "/tmp"),
    "a link to nothing": lambda site: linked(site, "gone.html", "nowhere"),
    "a link to itself": lambda site: linked(site, "loop", "loop"),
    "a page replaced by a link to the same": lambda site: linked(site, "index.html", "copy.html"),
    "a pipe": piped,
    "an empty folder": emptied,
}


@pytest.mark.parametrize("put", STRANGE.values(), ids=STRANGE)
def test_what_is_no_plain_file_is_found_and_not_opened(put, tmp_path):
    site = listed_site(tmp_path)
    assert faults(tmp_path, site) == []
    assert put(site) in faults(tmp_path, site)


@pytest.mark.parametrize("name", ["\x1b[2Jx.html", "a\nidentical: b", "\u202ex", "\x9b31m", os.fsdecode(b"\xff")])
def test_names_do_nothing_to_the_terminal(name, tmp_path):
    site = listed_site(tmp_path)
    (site / name).write_text("")
    (line,) = faults(tmp_path, site)
    assert line.isprintable() and line.encode() and line.endswith(": it is there and not listed in manifest.json")


@pytest.mark.parametrize("place", ["", "/", "/index.html", "/manifest.json", "/?x#y"])
def test_a_site_on_the_web_is_compared_with_its_manifest(place, tmp_path):
    with served(listed_site(tmp_path)) as address:
        assert faults(tmp_path, f"{address}{place}") == []


def test_what_differs_on_the_web_is_found(tmp_path):
    site = listed_site(tmp_path)
    (site / "index.html").write_text("One and more", encoding="utf-8")
    (site / "a b" / "ü#?.css").unlink()
    (site / ".nojekyll").unlink()  # hosts keep hidden files to themselves
    with served(site) as address:
        assert faults(tmp_path, address) == ["a b/ü#?.css: it is listed in manifest.json and not there",
                                             "index.html: it is not the file that manifest.json lists"]


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a/../../x", "a\\x", "C:x", "a//x", "", ".", "x\n", "manifest.json"])
def test_a_manifest_on_the_web_writes_nothing_outside(name, tmp_path):
    site = listed_site(tmp_path)
    (site / "manifest.json").write_text(json.dumps({"inputs": {}, "files": {name: {"bytes": 1, "sha256": "0"}}}))
    with served(site) as address, pytest.raises(Refusal, match="is no file in a site"):
        told_by(tmp_path, address)


@pytest.mark.parametrize("content", [
    None, "[]", "{", "[" * 100_000, '{"files": {"x": {"bytes": "many"}}}', '{"files": {"x": {"bytes": Infinity}}}',
    '{"files": {"x": {"bytes": -1}}}', '{"files": {"x": {"bytes": 9000000000}}}', '{"files": {"x": {"bytes": 1%s}}}'
    % ("0" * 5000), '{"files": {"x": {"bytes": 1}, "x/y": {"bytes": 1}}}', '{"files": {"\\ud800": {"bytes": 1}}}',
    '{"files": {"%s": {"bytes": 1}}}' % ("x" * 256), "\x1f\x8b\x08"])
def test_what_is_no_site_on_the_web_is_one_sentence(content, tmp_path):
    site = listed_site(tmp_path)
    (site / "manifest.json").unlink()
    if content is not None:
        (site / "manifest.json").write_text(content)
    with served(site) as address, pytest.raises(Refusal, match=r"manifest\.json cannot be (had|read)"):
        told_by(tmp_path, address)


class Lying(Plain):
    """Says of index.html what `lies` makes of it."""

    lies: Callable[[Lying], None]

    def do_GET(self) -> None:
        if self.path == "/index.html":
            type(self).lies(self)
        else:
            super().do_GET()

    def answer(self, status: int, content: bytes = b"", **headers: str) -> None:
        self.send_response(status, "\x1b[2J")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(content)


def pour(one: Lying) -> None:
    """A body without end."""
    one.answer(200)
    with suppress(ConnectionError):
        while True:
            one.wfile.write(bytes(1 << 16))


LIES = {
    "a body without end": pour,
    "a length that is too long": lambda one: one.answer(200, b"On", Content_Length="999"),
    "a length that is too short": lambda one: one.answer(200, b"One", Content_Length="2"),
    "a length that is none": lambda one: one.answer(200, b"Two", Content_Length="-7"),
    "packed zeros": lambda one: one.answer(200, compress(bytes(9_000_000)), Content_Encoding="gzip"),
    "chunks that are none": lambda one: one.answer(200, b"zz\r\nOne", Transfer_Encoding="chunked"),
    "another host": lambda one: one.answer(302, Location="http://127.0.0.2/index.html"),
    "another port of the host": lambda one: one.answer(301, Location="http://127.0.0.1:1/index.html"),
    "a file of the machine": lambda one: one.answer(302, Location="file:///etc/passwd"),
    "itself": lambda one: one.answer(302, Location="/index.html"),
    "no status": lambda one: one.wfile.write(b"One"),
    "an error": lambda one: one.answer(500),
}


@pytest.mark.parametrize("lies", LIES.values(), ids=LIES)
def test_a_server_that_lies_is_found_and_keeps_nobody(lies, tmp_path):
    site = listed_site(tmp_path)
    with served(site, type("Liar", (Lying,), {"lies": lies, "protocol_version": "HTTP/1.0"})) as address:
        assert [line.partition(":")[0] for line in faults(tmp_path, address)] == ["index.html"]


@pytest.mark.parametrize(("lies", "told"), [
    (LIES["another host"], r"cannot be had \(it leads to another host, http://127.0.0.2/index.html\); name"),
    (LIES["an error"], r"cannot be had \(\?\[2J\); name"),
    (pour, "cannot be read as a manifest .*more than 70,000 bytes")])
def test_of_a_manifest_it_is_said(lies, told, tmp_path, monkeypatch):
    monkeypatch.setattr(mirror, "MOST", 70_000)

    class Liar(Lying):
        def do_GET(self) -> None:
            lies(self)

    with served(tmp_path, Liar) as address, pytest.raises(Refusal, match=told):
        told_by(tmp_path, address)


def test_a_site_that_takes_too_long_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(mirror, "LONGEST", -1)
    with served(listed_site(tmp_path)) as address, pytest.raises(Refusal, match="took more than -1 s; save a copy"):
        told_by(tmp_path, address)


@pytest.mark.parametrize("slow", ["/manifest.json", "/index.html"])
@pytest.mark.parametrize("begin", [b"", b"HTTP/1.0 200 OK\r\nX: "], ids=["no word", "a head without end"])
def test_a_site_whose_answer_drips_is_left(slow, begin, tmp_path, monkeypatch):
    monkeypatch.setattr(mirror, "LONGEST", 1)

    class Dripping(Plain):
        def do_GET(self) -> None:
            if self.path != slow:
                return super().do_GET()
            with suppress(OSError):  # until the one who asks is gone
                self.wfile.write(begin)
                while True:
                    self.wfile.write(b"x" * bool(begin))
                    time.sleep(0.02)
                    if not begin and not self.connection.recv(1):
                        break

    with served(listed_site(tmp_path), Dripping) as address, pytest.raises(Refusal, match="took more than 1 s"):
        told_by(tmp_path, address)


def test_an_address_where_nobody_answers_is_one_sentence(tmp_path):
    with served(tmp_path) as address:
        pass
    for wrong in (address, "http://[::1", "https://"):
        with pytest.raises(Refusal, match="cannot be had|is no address"):
            told_by(tmp_path, wrong)
