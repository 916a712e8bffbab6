"""Show a book while it is written: `surveybook serve` builds it, serves it on this machine only, builds it
again when a file is saved, and has the browser load the page anew. What is wrong with the book is shown above the last
good page. The files of the site stay as they were built: what the browser needs is added to what is sent.
"""

from __future__ import annotations

import html
import os
import re
import socket
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from surveybook.render.metadata import LOCAL, read_book_settings
from surveybook.render.problems import Problem, Refused
from surveybook.render.progress import Progress
from surveybook.render.watch import Watch
from surveybook.render.work import Work

HOST, PORT = "127.0.0.1", 4300
EVERY = 0.4  # seconds between two looks at the files
QUIET = 0.15  # seconds without a save before a build begins
WAITING = 600  # connections that have asked nothing yet, and are kept: browsers open some before they need them
TICK = 0.1  # seconds between two looks at a build that runs
OWN = re.compile(rf"(localhost|{re.escape(HOST)})(:\d+)?", re.IGNORECASE)  # what this server is called
EVENTS, DOING = "/.renderer/events", "/.renderer/doing"
# A hidden tab listens no more: browsers hold but six connections to a host.
SCRIPT = """<script>(() => {
  let events = [];
  const show = event => {
    let box = document.getElementById("renderer-doing");
    if (!box) {
      box = document.createElement("div");
      box.id = "renderer-doing";
      box.setAttribute("role", "status");
      box.style.cssText = "position: fixed; z-index: 2147483646; right: 1rem; bottom: 1rem; padding: 0.4rem 0.8rem;"
        + "background: #1f1f1f; color: #fff; font: 0.9rem system-ui, sans-serif; border-radius: 4px";
      document.body.append(box);
    }
    box.textContent = event.data;
    box.hidden = !event.data;
  };
  const listen = () => {
    for (const one of events) one.close();
    events = document.hidden ? [] : [new EventSource("%s"), new EventSource("%s")];
    if (document.hidden) return;
    events[0].onmessage = event => { if (event.data !== "%s") location.reload(); };
    events[1].onmessage = show;
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
    doing: str = ""  # what the build that runs is at
    news: threading.Condition = field(default_factory=threading.Condition)

    def change(self, site: Path | None, problems: list[str]) -> None:
        with self.news:
            self.site, self.problems, self.version, self.doing = site, problems, str(time.time_ns()), ""
            self.news.notify_all()

    def tell(self, doing: str) -> None:
        """Say on the open pages how far the build is."""
        with self.news:
            self.doing = " ".join(doing.split())
            self.news.notify_all()

    def page(self, text: bytes) -> bytes:
        """A page as it is sent: with what reloads it and, if there are any, the problems."""
        more = SCRIPT % (EVENTS, DOING, self.version)
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
        self.server.heard(self.request)
        if [host for host in self.headers.get_all("Host", [""]) if not OWN.fullmatch(host)]:
            self.send_error(HTTPStatus.FORBIDDEN)
            return False
        return True

    def do_GET(self) -> None:
        name = self.name()
        if name in (EVENTS, DOING):
            self.tell("version" if name == EVENTS else "doing")
        elif (path := self.file(name)) is None or path.suffix == ".html":
            self.show(path)
        else:
            getattr(super(), f"do_{self.command}")()

    do_HEAD = do_GET

    def name(self) -> str:
        """What is asked for, without what a browser adds to it."""
        return re.split("[?#]", self.path, maxsplit=1)[0]

    def file(self, name: str) -> Path | None:
        """The file or folder of the site that is asked for; None if there is none, or it can be none: for a pipe one
        would wait, a link may lead to what is nobody else's business."""
        with suppress(OSError, ValueError, RuntimeError):  # a name that is too long; a zero in it; links in a circle
            path = Path(self.translate_path(name))
            path = path / "index.html" if path.is_dir() and name.endswith("/") else path
            within = path.resolve().is_relative_to(Path(self.directory).resolve())
            return path if within and (path.is_file() or path.is_dir()) else None
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

    def tell(self, what: str) -> None:
        """Send what there is now, and each one that follows, as long as somebody listens."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        told, first = "", True
        while self.command != "HEAD":
            with self.preview.news:
                if not first:
                    self.preview.news.wait_for(lambda known=told: getattr(self.preview, what) != known, timeout=15)
                news, first = first or getattr(self.preview, what) != told, False
                told = getattr(self.preview, what)
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
        self.silent: dict[socket.socket, None] = {}  # as they came
        self.lock = threading.Lock()
        super().__init__((HOST, port), lambda *arguments: Handler(*arguments, preview=preview))

    def process_request(self, request: socket.socket, address: Any) -> None:
        """Answer in a thread of its own. Of more that say nothing than are kept, the one that came first has to go, so
        that nobody can hold all places."""
        with self.lock:
            self.silent[request] = None
            first = next(iter(self.silent)) if len(self.silent) > WAITING else None
        if first:
            with suppress(OSError):
                first.shutdown(socket.SHUT_RDWR)  # which ends its thread
            self.heard(first)
        super().process_request(request, address)

    def heard(self, request: socket.socket) -> None:
        """This one has asked something, or is gone."""
        with self.lock:
            self.silent.pop(request, None)

    def shutdown_request(self, request: socket.socket) -> None:
        self.heard(request)
        super().shutdown_request(request)

    def handle_error(self, *_) -> None:
        """A browser that goes away, or says nothing, is not worth a line."""


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


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
    address = f"http://{HOST}:{server.server_port}/ shows the book; Ctrl-C ends this"
    Builds(root, output, preview, watch).attend(address)


class Builds:
    """One build after another, each of the last state of the files: a save ends the one that runs.

    What scripts and cells write while a build runs is no edit. Where neither they nor their system calls say that they
    wrote a file, it is known by changing in two builds in a row.
    """

    def __init__(self, root: Path, output: Path | None, preview: Preview, watch: Watch):
        self.root, self.output, self.preview, self.watch = root, output, preview, watch
        self.left: set[str] = set()  # what changed while the last build ran, and nobody said who wrote it
        self.ends = 0  # how many builds in a row a save ended: the fifth goes on, as a script may write a page

    def attend(self, address: str) -> None:
        """Build whenever something changed, until interrupted."""
        self.watch.changed(self.preview.site)
        changed = self.build()
        say(address)
        while True:
            if not changed:
                time.sleep(EVERY)
                changed = set(self.watch.changed(self.preview.site))
                continue
            while more := self.quiet():  # who saves all files at once saves one after the other
                changed |= more
            say(f"changed: {', '.join(sorted(changed))}")
            changed = self.build()

    def quiet(self) -> set[str]:
        time.sleep(QUIET)
        return set(self.watch.changed(self.preview.site))

    def build(self) -> set[str]:
        """Build once; gives what was edited meanwhile. A page that is saved ends the build at once."""
        work, changed, edited = Work(self.root, self.output), set(), set()
        try:
            with Progress() as progress:
                while not work.ended and not (edited and self.ends < 4):
                    time.sleep(TICK)
                    for kind, what in work.messages():
                        if kind == "said":
                            progress(what)
                            self.preview.tell(f"building: {what}")
                        else:
                            self.show(kind, what)
                    changed |= set(self.watch.changed(self.preview.site))
                    edited = {name for name in changed - work.wrote if self.is_page(name)}
        finally:
            work.end()
        self.ends = 0 if work.ended else self.ends + 1
        if not work.ended:
            self.preview.tell("building anew, as a file was saved")
            return changed - work.wrote
        left = changed - work.wrote
        again, self.left = left & self.left, left
        if again:
            say(f"changes with every build, and is no edit: {', '.join(sorted(again))}")
        return left - again

    def is_page(self, name: str) -> bool:
        """Whether a file is one that is written by hand: text of a page, code, or settings."""
        written = name.endswith((".qmd", ".md", ".py")) and not Path(name).name.startswith("_")
        return written or name in ("_quarto.yml", LOCAL)

    def show(self, kind: str, what: Any) -> None:
        """Show what was built, or what is wrong with it."""
        if kind == "built":
            say(f"{what.pages} pages in {what.seconds:.1f} s")
            self.preview.change(what.output, [])
        else:
            say("\n".join([*what, f"{len(what)} problem{'s' * (len(what) != 1)}; nothing was written"]))
            self.preview.change(self.preview.site, what)
