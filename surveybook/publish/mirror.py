"""A copy of a site that stands on the web: its manifest, and every file that this lists, fetched into a folder.

What is not listed cannot be seen from outside. Whoever answers may be anybody: no name leads out of the folder, and no
more is read of a file than its manifest says that it has.
"""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

from surveybook.boundary import Beyond, check_path
from surveybook.errors import Refusal
from surveybook.publish.manifest import NAME

ADDRESS = re.compile(r"https?://", re.IGNORECASE)
PATIENCE = 60  # seconds without an answer
MOST = 50_000_000  # bytes of a manifest, which has some hundred for each file
AT_ONCE = 8


def is_address(name: str) -> bool:
    """Whether a site is named by its address on the web, and not by its folder."""
    return bool(ADDRESS.match(name))


def fetch_site(address: str, folder: Path) -> Path:
    """Fetch the site at `address`, that of its folder or of its first page, into the empty `folder`, and give that.

    A file that is listed and not to be had is missing in it; of one that is longer than listed, one byte too many is
    there. Raises Refusal where no manifest can be had, or it lists what no site has.
    """
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise Refusal(f"{address} is no address ({error}); correct it") from None
    path = parts.path.rpartition("/")[0] if parts.path.endswith((".html", "/", NAME)) else parts.path
    home = parts._replace(path=f"{path}/", query="", fragment="").geturl()
    try:
        content = read_address(home + NAME, MOST)
        files = dict(json.loads(content)["files"])
        sizes = {checked(name): int(one["bytes"]) for name, one in files.items()}
    except (OSError, http.client.HTTPException) as error:
        raise Refusal(f"{home}{NAME} cannot be had ({said(error)}); name the address of a site that has one") from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refusal(f"{home}{NAME} cannot be read as a manifest ({type(error).__name__}: {error})") from None
    (folder / NAME).write_bytes(content)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda name: fetch_file(home, name, sizes[name], folder), sizes))
    return folder


def checked(name: str) -> str:
    """A name of a manifest, if it is one of a file in the site's folder; raises ValueError for others."""
    try:
        plain = check_path(name)
    except Beyond:
        plain = ""
    if plain in ("", ".", NAME) or plain != name or ":" in name:  # a drive, on other systems
        raise ValueError(f"{name!r} is no file in a site")
    return name


def fetch_file(home: str, name: str, size: int, folder: Path) -> None:
    """One file of a site; nothing where it is not there. An empty one that is hidden, which many hosts keep to
    themselves, counts as there."""
    try:
        content = read_address(home + quote(name), size)
    except (OSError, http.client.HTTPException):
        if size or not name.startswith("."):
            return
        content = b""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def read_address(address: str, most: int) -> bytes:
    """What stands at an address of the web: all of it, or one byte more than `most`."""
    asked = urllib.request.Request(address, headers={"User-Agent": "surveybook", "Accept-Encoding": "identity"})
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
        if not is_address(answer.url):
            raise urllib.error.URLError(f"it leads to {answer.url}")
        return answer.read(max(most, 0) + 1)


def said(error: Exception) -> str:
    """Why something could not be had, in few words."""
    return str(getattr(error, "reason", "") or error) or type(error).__name__
