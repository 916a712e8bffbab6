"""A copy of a site that stands on the web: its manifest, and every file that this lists, fetched into a folder.

What is not listed cannot be seen from outside. Whoever answers may be anybody: no name leads out of the folder, no
answer to another host, no more is read of a file than its manifest says that it has, and nothing is unpacked.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urlsplit

from surveybook.boundary import Beyond, check_path
from surveybook.errors import Refusal
from surveybook.folders import write_file
from surveybook.publish.manifest import NAME

ADDRESS = re.compile(r"https?://", re.IGNORECASE)
PATIENCE = 60  # seconds without an answer
LONGEST = 3600  # seconds for a whole site
MOST = 50_000_000  # bytes of a manifest, which has some hundred for each file
MOST_FILES = 100_000
MOST_BYTES = 5_000_000_000  # of all files
LONGEST_NAME = 255  # bytes between two slashes, as file systems have it
AT_ONCE = 8
PIECE = 1 << 16  # bytes between two looks at the clock


def is_address(name: str) -> bool:
    """Whether a site is named by its address on the web, and not by its folder."""
    return bool(ADDRESS.match(name))


def fetch_site(address: str, folder: Path) -> Path:
    """Fetch the site at `address`, that of its folder or of its first page, into the empty `folder`, and give that.

    A file that is listed and not to be had is missing in it; of one that is longer than listed, one byte too many is
    there. Raises Refusal where no manifest can be had, it lists what no site has or more than anybody publishes, or it
    all takes too long.
    """
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise Refusal(f"{address} is no address ({error}); correct it") from None
    path = parts.path.rpartition("/")[0] if parts.path.endswith((".html", "/", NAME)) else parts.path
    home = parts._replace(path=f"{path}/", query="", fragment="").geturl()
    until = time.monotonic() + LONGEST
    try:
        fetch(home + NAME, folder / NAME, MOST, until)
        sizes = listed_sizes((folder / NAME).read_bytes())
    except (OSError, http.client.HTTPException) as error:
        raise Refusal(f"{home}{NAME} cannot be had ({said(error)}); name the address of a site that has one") from None
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise Refusal(f"{home}{NAME} cannot be read as a manifest ({type(error).__name__}: {error})") from None
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda name: fetch_file(home, name, sizes[name], folder, until), sizes))
    return folder


def listed_sizes(content: bytes) -> dict[str, int]:
    """How many bytes each file has that a manifest lists. Raises ValueError and others for what no site has."""
    if len(content) > MOST:
        raise ValueError(f"it has more than {MOST:,} bytes")
    sizes = {checked(name): int(one["bytes"]) for name, one in dict(json.loads(content)["files"]).items()}
    if len(sizes) > MOST_FILES or sum(sizes.values()) > MOST_BYTES or min(sizes.values(), default=0) < 0:
        raise ValueError(f"{len(sizes):,} files of {sum(sizes.values()):,} bytes; at most {MOST_FILES:,} of "
                         f"{MOST_BYTES:,} are fetched")
    for name in sizes:
        if above := next((str(one) for one in PurePosixPath(name).parents if str(one) in sizes), ""):
            raise ValueError(f"{above!r} is a file, and {name!r} would lie in it")
    return sizes


def checked(name: str) -> str:
    """A name of a manifest, if it is one of a file in the site's folder; raises ValueError for others."""
    try:
        plain = check_path(name)
    except Beyond:
        plain = ""
    long = max(map(len, name.encode().split(b"/"))) > LONGEST_NAME
    if plain in ("", ".", NAME) or plain != name or ":" in name or long:  # a drive, on other systems
        raise ValueError(f"{name!r} is no file in a site")
    return name


def fetch_file(home: str, name: str, size: int, folder: Path, until: float) -> None:
    """One file of a site; nothing where it is not there. An empty one that is hidden, which many hosts keep to
    themselves, counts as there."""
    place = folder / name
    try:
        fetch(home + quote(name), place, size, until)
    except (OSError, http.client.HTTPException):
        if size or not name.startswith("."):
            place.unlink(missing_ok=True)
        else:
            write_file(place, b"")


def fetch(address: str, place: Path, most: int, until: float) -> None:
    """Have `place` hold what stands at an address of the web: all of it, or one byte more than `most`."""
    asked = urllib.request.Request(address, headers={"User-Agent": "surveybook", "Accept-Encoding": "identity"})
    left, late = most + 1, lambda: time.monotonic() > until
    asking = urllib.request.build_opener(Staying, Bounded(until))
    try:
        with asking.open(asked, timeout=PATIENCE) as answer:
            write_file(place, b"")
            while left and not late() and (piece := answer.read1(min(left, PIECE))):
                with open(place, "ab") as file:
                    left -= file.write(piece)
    except (OSError, http.client.HTTPException):
        if not late():
            raise
    if late():
        raise Refusal(f"{address} cannot be had, as the site took more than {LONGEST} s; save a copy of it, and verify "
                      f"that")


def bounded(kind: type[http.client.HTTPConnection], until: float) -> type[http.client.HTTPConnection]:
    """A connection whose other side may take until then for the head of its answer, however slowly it drips: what is
    waited for otherwise is each byte of it."""

    class Connection(kind):
        def connect(self) -> None:
            super().connect()
            self.clock = threading.Timer(max(0.0, until - time.monotonic()), self.end, [self.sock])
            self.clock.daemon = True
            self.clock.start()

        def close(self) -> None:  # once there is a head, whose answer goes on
            if clock := getattr(self, "clock", None):
                clock.cancel()
            super().close()

        @staticmethod
        def end(connected: socket.socket) -> None:
            with suppress(OSError):
                connected.shutdown(socket.SHUT_RDWR)

    return Connection


class Bounded(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Asks by http and by https, and waits until then."""

    def __init__(self, until: float):
        super().__init__()
        self.until = until

    def do_open(self, kind, asked, **options):
        return super().do_open(bounded(kind, self.until), asked, **options)


class Staying(urllib.request.HTTPRedirectHandler):
    """Follows an answer that leads elsewhere on the same host, and no other; nor one from https to http."""

    def redirect_request(self, asked, answer, code, words, headers, address):
        here, there = urlsplit(asked.full_url), urlsplit(address)
        if there.netloc != here.netloc or there.scheme not in ("https", here.scheme):
            raise urllib.error.URLError(f"it leads to another host, {address}")
        return super().redirect_request(asked, answer, code, words, headers, address)


def said(error: Exception) -> str:
    """Why something could not be had, in few words, of which some may be those of a server."""
    words = str(getattr(error, "reason", "") or error) or type(error).__name__
    return "".join(one if one.isprintable() else "?" for one in words[:200])
