"""Is the report whole?  Its site is built from nothing, checked, and built once more to the same bytes.

`surveybook` refuses what is wrong with the report and says why, so the tests ask it.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def surveybook(*arguments: object, folder: Path = ROOT) -> str:
    """What a command says; the test fails with that if the command does."""
    ended = subprocess.run([sys.executable, "-m", "surveybook", *map(str, arguments)], cwd=folder, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


@pytest.fixture(scope="module")
def site() -> Path:
    """The built site: that of `make site`, if nothing has changed since."""
    surveybook("build")
    return ROOT / "site"


def test_no_page_has_a_fault(site):
    assert "no fault found" in surveybook("check", site)


def test_a_second_build_gives_the_same_bytes(site):
    assert "identical" in surveybook("verify", site)


def test_every_published_address_is_kept(site):
    """anchors.lock is empty until `make anchors`, before the first version is published."""
    locked = [line.split()[0] for line in (ROOT / "anchors.lock").read_text(encoding="utf-8").splitlines()
              if not line.startswith("#")]
    assert all((site / name.partition("#")[0]).is_file() for name in locked)
