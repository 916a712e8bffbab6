"""A figure in a frame of another site: it shows under that site's strict policy, asks no third host, and nothing in it
scrolls at the height that the dialog says."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

FIGURE = "fig-attack"
PAGE = "chapters/attacks.html"


@pytest.fixture
def foreign():
    """Serves what is put into it, under a policy that allows frames of one host and nothing else."""
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", f"default-src 'none'; frame-src {self.server.allowed}")
            self.end_headers()
            self.wfile.write(self.server.content.encode())

        def log_message(self, *said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("width", "scheme", "shown"), [(900, "light", "wide"), (900, "dark", "wide"),
                                                        (360, "light", "narrow")])
def test_a_figure_shows_on_a_foreign_page_as_the_dialog_says(opened, foreign, width, scheme, shown):
    with opened(PAGE, "http", viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        home = page.evaluate("location.origin")
        page.locator(f"#{FIGURE} .embed-link").click()
        assert page.locator("dialog [value=embed]").is_checked()
        snippet = page.locator("#cite-text").input_value()
        assert page.get_by_text("no public address yet").is_visible()
        foreign.allowed = home
        foreign.content = f"<!DOCTYPE html><title>A blog</title><body>{snippet}</body>"
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"http://127.0.0.1:{foreign.server_address[1]}/")
        frame = page.frame_locator("iframe")
        frame.locator(f"svg.{shown}").wait_for()
        page.frames[1].wait_for_load_state("load")  # with its style; the page did not wait for a lazy frame
        assert not frame.locator(f"svg.{'narrow' if shown == 'wide' else 'wide'}").is_visible()
        size = frame.locator("html").evaluate("({ scrollHeight, scrollWidth, clientHeight, clientWidth }) => "
                                              "[scrollHeight, scrollWidth, clientHeight, clientWidth]")
        assert size[:2] == size[2:]
        paper = frame.locator("body").evaluate("(body) => getComputedStyle(body).backgroundColor")
        assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}[scheme]
        hosts = {"/".join(url.split("/")[:3]) for url in asked if "favicon" not in url}
        assert hosts == {home, f"http://127.0.0.1:{foreign.server_address[1]}"}


def test_a_fold_is_open_again_after_going_back(opened):
    with opened(PAGE, "http") as page:
        fold = f"#{FIGURE} details"
        page.locator(f"{fold} summary").click()
        page.evaluate("""new Promise((kept) => {
          const look = () => (history.state?.folds?.length === 1 ? kept() : setTimeout(look, 20));
          look();
        })""")
        page.goto(page.url.replace("attacks.html", "limits.html"))
        page.go_back()
        page.locator(f"{fold}[open]").wait_for()


def test_the_dialog_of_a_figure_has_a_sentence_and_that_of_a_chapter_has_none(opened):
    with opened(PAGE, "http") as page:
        page.locator(f"#{FIGURE} .cite-link").click()
        page.locator("dialog [value=sentence]").check()
        assert "data: Kumar and others (2020)" in page.locator("#cite-text").input_value()
        page.locator(".cite-close").click()
        page.locator("#title-block-header .cite-link").click()
        assert page.locator("dialog [value=text]").is_checked()
        assert not page.locator("dialog [value=sentence]").is_visible()
        assert not page.locator("dialog [value=embed]").is_visible()
