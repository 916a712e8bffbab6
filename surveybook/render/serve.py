"""Show a book while it is written: `surveybook serve` builds it, serves it on this machine only, builds it
again when a file is saved, and has the browser load the page anew. What is wrong with the book is shown above the last
good page. The files of the site stay as they were built: what the browser needs is added to what is sent.
"""

from __future__ import annotations

import hashlib
import html
import os
import re
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from surveybook.render.build import build
from surveybook.render.metadata import read_book_settings
from surveybook.render.problems import Problem, Refused
from surveybook.render.progress import Progress

HOST, PORT = "127.0.0.1", 4300
EVERY = 0.4  # seconds between two looks at the files
OWN = re.compile(rf"(localhost|{re.escape(HOST)})(:\d+)?", re.IGNORECASE)  # what this server is called
EVENTS = "/.renderer/events"
# A hidden tab listens no more: browsers hold but six connections to a host.
SCRIPT = """<script>(() => {
  let events;
  const listen = () => {
    events?.close();
    if (document.hidden) return;
    events = new EventSource("%s");
    events.onmessage = event => { if (event.data !== "%s") location.reload(); };
  };
  document.addEventListener("visibilitychange", listen);
  listen();
})();</script>"""
OVERLAY = """<details open id="renderer-problems" role="alert" style="position: fixed; z-index: 2147483647; left: 0;
right: 0; bottom: 0; max-height: 70vh; overflow: auto; padding: 1rem; background: #fff4f2; color: #1f1f1f;
border-top: 4px solid #b3261e; font: 1rem/1.5 system-ui, sans-serif">
<summary style="font-weight: bold; cursor: pointer">{}</summary>
<pre style="margin: 1rem 0 0; background: none; color: inherit; white-space: pre-wrap; font-size: 0.9rem">{}</pre>
</details>"""
# A policy on what a page may run is for readers; it would stop the script that loads the page anew.
POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')
NOTHING = '<!DOCTYPE html><html lang="en"><head><title>{0}</title></head><body><p>{0}</p></body></html>'


@dataclass
class Preview:
    """What the browser is to show: the site, and what is wrong with the book since; each change has a version."""

    site: Path | None = None
    problems: list[str] = field(default_factory=list)
    version: str = "start"
    news: threading.Condition = field(default_factory=threading.Condition)

    def change(self, site: Path | None, problems: list[str]) -> None:
        with self.news:
            self.site, self.problems, self.version = site, problems, str(time.time_ns())
            self.news.notify_all()

    def page(self, text: bytes) -> bytes:
        """A page as it is sent: with what reloads it and, if there are any, the problems."""
        more = SCRIPT % (EVENTS, self.version)
        if count := len(self.problems):
            heading = f"{count} problem{'s' * (count != 1)}; the pages stay as they were until this is mended"
            more += OVERLAY.format(heading, html.escape("\n".join(self.problems)))
        text = POLICY.sub(b"", text)
        before, end, after = text.rpartition(b"</body>")
        return (before + more.encode() + end + after) if end else text + more.encode()


class Handler(SimpleHTTPRequestHandler):
    """Answers with the files of the site, pages completed, and with the events that tell of new versions."""

    timeout = 600  # seconds that somebody may say nothing, or take nothing

    def __init__(self, *arguments, preview: Preview):
        self.preview = preview
        super().__init__(*arguments, directory=str(preview.site or os.devnull))

    def parse_request(self) -> bool:
        """The one gate for every method: a page of another site, whose name was made to lead here, is refused."""
        if not super().parse_request():
            return False
        if [host for host in self.headers.get_all("Host", [""]) if not OWN.fullmatch(host)]:
            self.send_error(HTTPStatus.FORBIDDEN)
            return False
        return True

    def do_GET(self) -> None:
        name = self.name()
        if name == EVENTS:
            self.tell()
        elif (path := self.file(name)) is None or path.suffix == ".html":
            self.show(path)
        else:
            getattr(super(), f"do_{self.command}")()

    do_HEAD = do_GET

    def name(self) -> str:
        """What is asked for, without what a browser adds to it."""
        return re.split("[?#]", self.path, maxsplit=1)[0]

    def file(self, name: str) -> Path | None:
        """The file or folder that is asked for; None if there is none, or it can be none."""
        with suppress(OSError, ValueError):  # a name that is too long; a zero in it
            path = Path(self.translate_path(name))
            path = path / "index.html" if path.is_dir() and name.endswith("/") else path
            return path if path.exists() else None
        return None

    def show(self, path: Path | None) -> None:
        """Send a page, or say that there is none: which is a page too, so that it is replaced once there is one."""
        try:
            status, text = (HTTPStatus.OK, path.read_bytes()) if path else (HTTPStatus.NOT_FOUND, self.nothing())
        except OSError:  # gone in the meantime, or a folder
            status, text = HTTPStatus.NOT_FOUND, self.nothing()
        text = self.preview.page(text)
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def nothing(self) -> bytes:
        """The page that says that there is none."""
        return NOTHING.format(f"There is no page {html.escape(self.name())}.").encode("utf-8", "replace")

    def tell(self) -> None:
        """Send the version shown now, and each one that follows, as long as somebody listens."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        told = ""
        while self.command != "HEAD":
            with self.preview.news:
                self.preview.news.wait_for(lambda known=told: self.preview.version != known, timeout=15)
                told, news = self.preview.version, self.preview.version != told
            self.wfile.write(f"retry: 1000\ndata: {told}\n\n".encode() if news else b": still here\n\n")
            self.wfile.flush()

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_) -> None:
        """Requests are not worth a line."""


class Server(ThreadingHTTPServer):
    """Answers many at once: what a browser asks for waits in a queue until it is taken."""

    request_queue_size = 1024
    daemon_threads = True

    def __init__(self, port: int, preview: Preview):
        super().__init__((HOST, port), lambda *arguments: Handler(*arguments, preview=preview))

    def handle_error(self, *_) -> None:
        """A browser that goes away, or says nothing, is not worth a line."""


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
        for folder, folders, names in os.walk(self.root):
            here = Path(folder)
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


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def rebuild(root: Path, output: Path | None, preview: Preview) -> None:
    """Build the book, and show it or what is wrong with it."""
    try:
        with Progress() as progress:
            result = build(root, output, progress)
    except Refused as refused:
        problems = [str(problem) for problem in refused.problems]
    except Exception as error:  # a fault of the renderer; the next edit may well be free of it
        problems = [f"The renderer failed on this book ({type(error).__name__}: {error}); undo the last edit"]
    else:
        say(f"{result.pages} pages in {result.seconds:.1f} s")
        preview.change(result.output, [])
        return
    say("\n".join([*problems, f"{len(problems)} problem{'s' * (len(problems) != 1)}; nothing was written"]))
    preview.change(preview.site, problems)


def place(root: Path, output: Path | None) -> Path | None:
    """Where the site is, if that is known before the first build."""
    with suppress(Refused):
        settings = read_book_settings(root)
        return output or root / settings.get("project", "output-dir", default="_book")
    return None


def serve(root: Path, output: Path | None, port: int) -> None:
    """Build and serve until interrupted; raises Refused if there is no book, or the port is taken."""
    if not (root / "_quarto.yml").is_file():
        raise Refused([Problem(str(root), 0, "there is no _quarto.yml in this folder", "name the folder of a book")])
    preview, watch = Preview(place(root, output)), Watch(root)
    try:
        server = Server(port, preview)
    except (OSError, OverflowError):
        what = f"the port {port} cannot be had, perhaps because another program serves on it"
        raise Refused([Problem(HOST, 0, what, "name another one with --port")]) from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    watch.changed(preview.site)
    rebuild(root, output, preview)
    say(f"http://{HOST}:{server.server_port}/ shows the book; Ctrl-C ends this")
    while True:
        time.sleep(EVERY)
        if changed := watch.changed(preview.site):
            say(f"changed: {', '.join(changed)}")
            rebuild(root, output, preview)
