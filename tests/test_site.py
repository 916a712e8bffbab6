"""The built site as a reader gets it: from a server or a folder, on a phone, in the dark, without scripts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from publishing.pages import float_labels, read
from publishing.search import entries_of

ROOT = Path(__file__).resolve().parent.parent
WAYS = ("http", "file")
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


def listed(entries: list) -> Iterator[str]:
    """The chapters that `_quarto.yml` lists, in order: plain, as `file:`, or below a `part:`."""
    for entry in entries:
        if isinstance(entry, str):
            yield entry
        else:
            yield from (value for key, value in entry.items() if key in ("part", "file"))
            yield from listed(entry.get("chapters", []))


def book_pages() -> list[str]:
    book = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))["book"]
    chapters = [*listed(book["chapters"]), *listed(book.get("appendices", []))]
    return [Path(name).with_suffix(".html").as_posix() for name in chapters if name.endswith(".qmd")]


PAGES = book_pages()


def test_the_site_has_the_pages_that_the_book_lists_and_no_other(site):
    assert sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html")) == sorted(PAGES)


# --- the same input gives the same bytes


def contents(site: Path) -> dict[str, bytes]:
    return {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_two_builds_in_different_folders_and_surroundings_are_byte_identical(site, project_copy, build, tmp_path):
    book = project_copy(tmp_path / "another folder")
    other = contents(build(book, PYTHONHASHSEED="7", TZ="Asia/Kathmandu", LANG="C", LC_ALL="C", COLUMNS="40"))
    one = contents(site)
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == []


# --- in a browser


class Plain(SimpleHTTPRequestHandler):
    """A plain static server; only the icon that browsers ask every host for is not reported as missing."""

    def do_GET(self) -> None:
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *arguments) -> None:
        """The tests tell what went wrong; the server's log would only be noise."""


@pytest.fixture(scope="session")
def addresses(site) -> Iterator[dict[str, str]]:
    """Where the site starts: on a plain static server, and in its folder."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Plain, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {"http": f"http://127.0.0.1:{server.server_port}", "file": site.as_uri()}
    server.shutdown()


@pytest.fixture(scope="session")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )


@pytest.fixture
def opened(browser, addresses):
    """Opens a page of the site: `opened(page, way, **context)` gives a tab that notes requests and errors."""

    @contextmanager
    def tab(name: str, way: str = "http", **context):
        with browser.new_context(**{"viewport": WIDE, **context}) as surroundings:
            page = surroundings.new_page()
            page.requested, page.said = [], []
            page.on("request", lambda request: page.requested.append(request.url))
            page.on("requestfailed", lambda request: page.said.append(f"{request.url} failed"))
            page.on("console", lambda message: message.type == "error" and page.said.append(message.text))
            page.on("pageerror", lambda error: page.said.append(str(error)))
            page.goto(f"{addresses[way]}/{name}", wait_until="load")
            yield page

    return tab


def seen_figures(page) -> set[str]:
    """The labels of the figures whose picture takes up room on the screen."""
    return {
        figure.get_attribute("id")
        for figure in page.locator("main [id^='fig-']:has(figcaption)").all()
        for box in [picture.bounding_box() for picture in figure.locator("svg, img").all()]
        if box and min(box["width"], box["height"]) >= 40
    }


@pytest.fixture(scope="session")
def figures(site) -> dict[str, set[str]]:
    """The labels of the figures of each page, as parsed."""
    return {page.name: {label for label in float_labels(page) if label.startswith("fig-")} for page in read(site)}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_its_figures_says_no_error_and_asks_no_other_host(name, way, opened, addresses, figures):
    with opened(name, way) as page:
        page.wait_for_timeout(100)  # for what a script asks late
        mine = (addresses[way], "data:")
        assert [url for url in page.requested if not url.startswith(mine)] == []
        assert page.said == []
        assert page.locator("h1").first.is_visible()
        assert seen_figures(page) == figures[name]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_works_without_javascript(name, opened, figures):
    with opened(name, java_script_enabled=False) as page:
        assert page.locator("h1").first.is_visible()
        assert seen_figures(page) == figures[name]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(name, opened, figures):
    with opened(name, viewport=PHONE) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert seen_figures(page) == figures[name]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_dark_where_the_reader_wants_it(name, opened):
    background = "getComputedStyle(document.body).backgroundColor"
    with opened(name, color_scheme="light") as page:
        assert brightness(page.evaluate(background)) > 0.8
        page.emulate_media(color_scheme="dark")
        assert brightness(page.evaluate(background)) < 0.2


def brightness(colour: str) -> float:
    """The mean of red, green and blue in `rgb(r, g, b)`, from 0 to 1; a see-through colour shows white."""
    parts = [float(part) for part in colour[colour.index("(") + 1 : -1].split(",")]
    return 1.0 if parts[3:] == [0.0] else sum(parts[:3]) / 3 / 255


# --- search


@pytest.mark.parametrize("way", WAYS)
def test_the_search_finds_sections_leads_to_them_and_says_what_it_found(way, opened, addresses):
    with opened(PAGES[2], way) as page:
        page.keyboard.press("/")
        page.keyboard.type("membership infer")
        first = page.locator(".report-search-results a").first
        first.wait_for()
        assert "place" in page.locator("[role=status]").inner_text()
        first.click()
        page.wait_for_load_state()
        assert page.url.startswith(addresses[way]) and "#" in page.url
        assert page.locator(f"[id='{page.url.partition('#')[2]}']").count() == 1
        assert page.said == []


def test_the_search_says_when_it_finds_nothing_and_escape_clears_it(opened):
    with opened(PAGES[0]) as page:
        page.locator("#report-search").fill("<b>zzzz</b>")
        page.get_by_text("Nothing found for “<b>zzzz</b>”.").wait_for()
        page.keyboard.press("Escape")
        assert page.locator("#report-search").input_value() == ""
        assert page.locator(".report-search-results li").count() == 0


def test_without_scripts_there_is_no_box_that_does_nothing(opened):
    with opened(PAGES[0], java_script_enabled=False) as page:
        assert not page.locator("#report-search").is_visible()


def test_every_entry_of_the_search_leads_somewhere(site):
    entries = [entry for page in read(site) for entry in entries_of(page)]
    targets = {page.name: page.targets for page in read(site)}
    assert len(entries) > 60 and len({entry["id"] for entry in entries}) == len(entries)
    for entry in entries:
        name, _, fragment = entry["href"].partition("#")
        assert fragment in targets[name] | {""} and entry["title"], entry
