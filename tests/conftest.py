"""What the tests share: the project's folder, copies of it, the built book, and a browser.

def test_x(project_copy, build, tmp_path):
    book = project_copy(tmp_path / "book")   # the working tree, without what is built or installed
    site = build(book)                       # its site, made by the bundled renderer
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from fnmatch import fnmatch
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import settings
from project import FRAME, ROOT, SLOW, SMALL, TOOL, WIDE
from server import served
from xdist.scheduler import LoadFileScheduling

from surveybook.publish.printing.pdf import BROWSERS
from surveybook.store import FOLDER as STORE

# No test is a race: machines are busy at times. In CI the examples are the same each time.
settings.register_profile("report", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("report")

# A shell has what it runs in the background ignore Ctrl-C, and what a test starts and interrupts would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

PATIENCE = 180_000  # ms: what a test waits for comes at last, however busy the machine is
LEFT = "net::ERR_ABORTED"  # the page was left before an answer came, which is no fault of it
SHELL = "chromium-headless-shell"  # the same engine without windows: half the work to start it and to open a page
NO_BROWSER = "there is no Chromium on this machine; get it with: apt-get install chromium libatomic1"


KINDS = ("unit", "book", "browser")
NEEDS = {"build": "book", "chromium": "browser"}  # by fixture


def pytest_configure(config: pytest.Config) -> None:
    """Where processes share the tests, each reads them from another folder on, as what one has compiled the others
    find: the asserts of all tests take eight seconds."""
    first = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % len(config.args)
    config.args[:] = config.args[first:] + config.args[:first]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it needs. Files that need most come first, and before their like those with slow tests, so
    that nobody waits for them in the end; in turns with those that only compute, as browsers and builds are waited
    for."""
    most: dict[Path, tuple[int, bool]] = {}
    for item in items:
        kinds = {item.path.parent.name, *(NEEDS.get(name) for name in item.fixturenames)}
        kind = max((KINDS.index(one) for one in KINDS if one in kinds), default=0)
        item.add_marker(KINDS[kind])
        before, slow = most.get(item.path, (0, False))
        most[item.path] = max(kind, before), slow or any(map(item.get_closest_marker, ("slow", "exhaustive")))
    ordered = sorted(sorted(most), key=lambda path: most[path], reverse=True)
    needy = [path for path in ordered if most[path][0]]
    plain = [path for path in ordered if not most[path][0]]
    turns = [path for pair in zip_longest(needy, plain) for path in pair]
    items.sort(key=lambda item: turns.index(item.path))


def pytest_xdist_make_scheduler(config: pytest.Config, log) -> LoadFileScheduling:
    """Where processes share the tests (`-n`), a file goes to one of them, so that its fixtures are made once."""
    config.option.loadscopereorder = False
    return LoadFileScheduling(config, log)


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def project_copy() -> Callable[[Path], Path]:
    """Copies the working tree, new files included and all that .gitignore names left out, to a new folder."""
    lines = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split()]
    anywhere = shutil.ignore_patterns(".git", *(line.removeprefix("**/") for line in lines if not line.startswith("/")))
    here = [str(ROOT) + line for line in lines if line.startswith("/")]

    def ignored(folder: str, names: list[str]) -> set[str]:
        left_out = {name for name in names if any(fnmatch(os.path.join(folder, name), line) for line in here)}
        return left_out | anywhere(folder, names)

    return lambda target: Path(shutil.copytree(ROOT, target, ignore=ignored, dirs_exist_ok=True))


@pytest.fixture(scope="session")
def small_copy() -> Callable[[Path], Path]:
    """Copies the small book: a made-up report of both kinds of studies that is built in seconds."""
    return lambda target: Path(shutil.copytree(SMALL, target, ignore=shutil.ignore_patterns(".cache", "__pycache__")))


@pytest.fixture(scope="session")
def book_of_one_chapter(small_copy) -> Callable[[Path, str, str], Path]:
    """book_of_one_chapter(folder, name, text): the small book with this chapter in the place of its own."""

    def made(folder: Path, name: str, text: str) -> Path:
        book = small_copy(folder)
        settings = re.sub(r"( *- )chapters/.*\n(?: *- chapters/.*\n)*", rf"\1chapters/{name}.qmd\n",
                          (book / "_quarto.yml").read_text(encoding="utf-8"))
        (book / "_quarto.yml").write_text(settings, encoding="utf-8")
        (book / "index.qmd").write_text(f"# Front {{#sec-front .unnumbered}}\n\nSee @sec-{name}.\n", encoding="utf-8")
        shutil.rmtree(book / "chapters")
        (book / "chapters").mkdir()
        (book / "chapters" / f"{name}.qmd").write_text(text, encoding="utf-8")
        return book

    return made


@pytest.fixture(scope="session")
def small(build, small_copy, tmp_path_factory) -> Path:
    """The site of the small book, built once for all tests of a run."""
    return once(tmp_path_factory, "small", lambda folder: build(small_copy(folder.parent / "small book"), folder))


@pytest.fixture(scope="session")
def site(build, tmp_path_factory) -> Path:
    """This project's book, built once for all tests of a run, whichever process asks first."""
    return once(tmp_path_factory, "site", lambda folder: build(ROOT, folder))


@pytest.fixture(scope="session")
def workshop(site, project_copy, tmp_path_factory) -> Callable[[], AbstractContextManager[Path]]:
    """A copy of the project to change and to build: `with workshop() as book`. There is one for a whole run, put back
    as it was before each use, with what builds of `site` kept, so that one runs again only what it must."""
    book = once(tmp_path_factory, "workshop", lambda folder: shutil.copytree(ROOT / STORE, folder / STORE))

    @contextmanager
    def opened() -> Iterator[Path]:
        with one_at_a_time(book.parent / "workshop in use.lock"):
            for left in [path for path in book.iterdir() if path.name != ".cache"]:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            yield project_copy(book)

    return opened


@pytest.fixture(scope="session")
def build() -> Callable[..., Path]:
    """Renders a book's folder with the bundled renderer; `build(book, site)` puts the site elsewhere. A book that does
    not bring the tool along is rendered with this one."""

    def built(book: Path, site: Path | None = None, **environment: str) -> Path:
        site = site or book / "site"
        ended = subprocess.run(
            [sys.executable, "-m", "surveybook", "render", str(book), "--output", str(site)],
            cwd=book,
            env={**(os.environ if (book / "surveybook").is_dir() else TOOL), **environment},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        assert ended.returncode == 0, f"the renderer refused {book}:\n{ended.stdout}{ended.stderr}"
        return site

    return built


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium. Without one its tests are skipped, but not where CI=true promises one."""
    found = next(filter(None, map(shutil.which, (SHELL, *BROWSERS))), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(NO_BROWSER)
    return found


@pytest.fixture(scope="module")  # as long as it is there, nothing else can run an event loop
def browser(chromium: str) -> Iterator:
    """A running Chromium, driven by Playwright: one for all tests of a process, as it allows no second one."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
            timeout=PATIENCE,
        )
        new_context = running.new_context

        def patient(**settings):
            context = new_context(**settings)
            context.set_default_timeout(PATIENCE)
            if SLOW:
                make_slow(context)
            return context

        running.new_context = patient
        yield running


def make_slow(context) -> None:
    """Have the scripts and the layout of all new tabs take SLOW times as long."""
    new_page = context.new_page

    def slow():
        page = new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
        return page

    context.new_page = slow


@pytest.fixture(scope="session")
def addresses(site) -> Iterator[dict[str, str]]:
    """Where the site starts: on a plain static server, and in its folder."""
    with served(site) as address:
        yield {"http": address, "file": site.as_uri()}


@pytest.fixture(scope="module")
def opened(browser, addresses) -> Iterator[Callable[..., AbstractContextManager]]:
    """Opens a page of the site: `with opened(name, way, **settings) as page` notes requests and errors. Tabs of the
    same settings and way share what the browser keeps, and one that is free opens the next page: a new tab, for which
    the browser starts a process, takes longer than all the rest."""
    with ExitStack() as contexts:
        known, free = {}, defaultdict(list)

        @contextmanager
        def tab(name: str, way: str = "http", **settings) -> Iterator:
            settings = {"viewport": WIDE, **settings}
            if (key := repr((way, sorted(settings.items())))) not in known:
                known[key] = contexts.enter_context(browser.new_context(**settings))
            page = free[key].pop() if free[key] else contexts.enter_context(noting(known[key]))
            page.requested.clear()
            page.said.clear()
            show(page, f"{addresses[way]}/{name}", settings)
            yield page
            put_back(page, settings)
            free[key].append(page)

        yield tab


def show(page, address: str, settings: dict) -> None:
    """Open a page, until all of it is there and its scripts have begun with what they do before it is painted."""
    page.goto(address, wait_until="load")
    if settings.get("java_script_enabled", True):
        page.evaluate(FRAME)


def put_back(page, settings: dict) -> None:
    """Make of a tab what it was when it was opened, but for the page in it."""
    page.mouse.move(0, 0)
    page.set_viewport_size(settings["viewport"])
    page.emulate_media(media="null", color_scheme=settings.get("color_scheme", "light"),
                       forced_colors=settings.get("forced_colors", "none"), reduced_motion="no-preference")


@pytest.fixture
def newcomer(browser, addresses) -> Callable[..., AbstractContextManager]:
    """Opens a page as `opened` does, for somebody who was never there, and whose choices nobody else remembers."""

    @contextmanager
    def tab(name: str, **settings) -> Iterator:
        with browser.new_context(**{"viewport": WIDE, **settings}) as context, noting(context) as page:
            show(page, f"{addresses['http']}/{name}", settings)
            yield page

    return tab


@contextmanager
def noting(context) -> Iterator:
    """A new tab that notes what it asks for and which errors are told."""
    page = context.new_page()
    page.requested, page.said = [], []
    page.on("request", lambda request: page.requested.append(request.url))
    page.on("requestfailed", lambda asked: asked.failure != LEFT and page.said.append(f"{asked.url} failed"))
    page.on("console", lambda message: message.type == "error" and page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    try:
        yield page
    finally:
        page.close()


def once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that `make` makes, once for all processes of this run; pytest-xdist gives each one a subfolder."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with one_at_a_time(shared / f"{name}.lock"):
        if not (shared / name).exists():
            make(shared / name)
    return shared / name


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    with open(lock, "w", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
