"""A plain static server of a folder, as tests of a site need one: `with served(site) as address`."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from project import SLOW


@contextmanager
def served(site: Path, handler: type[SimpleHTTPRequestHandler] | None = None) -> Iterator[str]:
    """The address of the folder, as long as it is asked for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler or Plain, directory=str(site)))
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Plain(SimpleHTTPRequestHandler):
    """Files as they are; only the icon that browsers ask every host for is not reported as missing."""

    def do_GET(self) -> None:
        time.sleep(0.3 if SLOW else 0)
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *arguments) -> None:
        """The tests tell what went wrong; the server's log would only be noise."""
