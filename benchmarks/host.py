"""How does a page arrive from a static host?  A server of one folder that compresses what is text, as such hosts do."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TEXT = ("text/", "application/json", "application/javascript", "application/xml", "image/svg+xml")
HOUR = 3600  # seconds that a browser may keep a file: what hosts of repositories say, to the order of magnitude


class StaticHost(SimpleHTTPRequestHandler):
    """A file with its type and its length, compressed where the browser takes that; and no header beyond these, so
    that a page has only the policy that stands in it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        content, kind = path.read_bytes(), self.guess_type(str(path))
        packed = kind.startswith(TEXT) and "gzip" in self.headers.get("Accept-Encoding", "")
        if packed:
            content = gzip.compress(content, 6, mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith(TEXT) else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", f"max-age={HOUR}")
        if packed:
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """The measurement tells what matters."""


@contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine; the address that it has there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(StaticHost, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
