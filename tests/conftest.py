"""What the tests share: the project's folder, copies of it, the built book, and a browser.

def test_x(project_copy, build, tmp_path):
    book = project_copy(tmp_path / "book")   # the working tree, without what is built or installed
    site = build(book)                       # its site, made by the bundled renderer
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

# No test is a race: machines are busy at times. In CI the examples are the same each time.
settings.register_profile("report", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("report")

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NO_BROWSER = "there is no Chromium on this machine; get it with: apt-get install chromium libatomic1"


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def project_copy() -> Callable[[Path], Path]:
    """Copies the working tree, new files included and all that .gitignore names left out, to a new folder."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    ignored = shutil.ignore_patterns(".git", *(line.rstrip("/").rpartition("/")[2] for line in lines))
    return lambda target: Path(shutil.copytree(ROOT, target, ignore=ignored))


@pytest.fixture(scope="session")
def build() -> Callable[..., Path]:
    """Renders a book's folder with the bundled renderer; `build(book, site)` puts the site elsewhere."""

    def built(book: Path, site: Path | None = None, **environment: str) -> Path:
        site = site or book / "site"
        ended = subprocess.run(
            [sys.executable, "-m", "renderer", str(book), "--output", str(site)],
            cwd=book,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        assert ended.returncode == 0, f"the renderer refused {book}:\n{ended.stdout}{ended.stderr}"
        return site

    return built


@pytest.fixture(scope="session")
def site(build, tmp_path_factory) -> Path:
    """This project's book, built once for all tests of a run, whichever process asks first."""
    shared = shared_folder(tmp_path_factory)
    with one_at_a_time(shared / "site.lock"):
        if not (shared / "site").exists():
            build(ROOT, shared / "site")
    return shared / "site"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium. Without one its tests are skipped, but not where CI=true promises one."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(NO_BROWSER)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator:
    """A running Chromium, driven by Playwright: one for all tests of a process, as it allows no second one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )


def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run have in common; pytest-xdist gives each one a subfolder."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    with open(lock, "w", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
