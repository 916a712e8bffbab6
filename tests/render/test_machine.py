"""The machine fails a build: no room, no rights, a kill, another build; the last good site is as it was."""

# ruff: noqa: E501 - in tables, an input and its message stand in one line

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from plain_book import GOOD, HEAD, QUARTO, cell, command, contents, make_book, refusal, write
from project import ROOT

from surveybook.publish.build import Failed
from surveybook.publish.build import build as publish
from surveybook.publish.builders import choose
from surveybook.render.build import build


@pytest.fixture
def book(tmp_path) -> Callable[..., Path]:
    """book(files): a book of three pages, some of its files replaced, with a last good site."""
    return lambda files=None: make_book(tmp_path / "a book", files)


def test_no_room_for_a_file_is_one_sentence_wherever_it_is_missing(book):
    """A file of more than 30 kB cannot be written by these processes: the disk is full from there on."""
    root = book({"one.qmd": f"{HEAD}[data](data.bin)\n\n{cell('print(1)')}", "data.bin": os.urandom(100_000)})

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    for words in (["render", str(root)], ["build", str(root)]):
        ended = subprocess.run(
            [sys.executable, "-m", "surveybook", *words],
            cwd=ROOT, env={**os.environ, "BUILDER": "renderer"}, capture_output=True, text=True, preexec_fn=full,
        )  # fmt: skip
        assert ended.returncode == 1
        assert re.search(r"^\S.*site: the site could not be written \(File too large\); make room, or ", ended.stderr, re.MULTILINE)
        assert "Traceback" not in ended.stderr
        assert contents(root / "site") == {"index.html": GOOD.encode()}
        assert not list(root.glob(".site*")) + list((root / ".cache").glob("build-*"))


def test_no_room_for_the_cache_costs_time_and_not_the_build(book):
    root = book({"one.qmd": HEAD + cell("#| include: false\n'y ' * 50_000")})

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))  # room for the pages, not for what is kept of the cell

    for _ in range(2):
        ended = subprocess.run([sys.executable, "-m", "surveybook", "render", root], cwd=ROOT, capture_output=True, text=True, preexec_fn=full)
        assert ended.returncode == 0, ended.stderr
        assert "3/3 one.qmd" in ended.stderr, "it is run again each time"
    assert not [name for name in contents(root / ".cache") if "tmp" in name or "/." in name]


@pytest.mark.parametrize("folder", ["nowhere", "a file"])
def test_a_missing_folder_for_temporary_files_is_no_hindrance(folder, book, tmp_path):
    (tmp_path / "a file").write_text("")
    root = book({"one.qmd": HEAD + cell("print(1)")})
    ended = command(root, TMPDIR=str(tmp_path / folder))
    assert ended.returncode == 0, ended.stderr


@pytest.fixture
def read_only() -> Iterator[Callable[[Path], None]]:
    """read_only(folder): from now on nothing can be written there; for root, who may write anywhere, by a mount."""
    undo: list[Callable[[], object]] = []

    def make(folder: Path) -> None:
        if os.geteuid():
            undo.append(lambda: folder.chmod(0o755))
            folder.chmod(0o555)
            return
        mounts = [["mount", "--bind", folder, folder], ["mount", "-o", "remount,bind,ro", folder]]
        if not shutil.which("mount") or any(subprocess.run(mount, capture_output=True).returncode for mount in mounts):
            subprocess.run(["umount", folder], capture_output=True)
            pytest.skip("root can write everywhere here, and may not mount")
        undo.append(lambda: subprocess.run(["umount", folder], check=True))

    yield make
    for action in undo:
        action()


def test_a_read_only_folder_is_one_sentence_and_its_book_can_be_rendered_elsewhere(book, read_only, tmp_path):
    root = book({"one.qmd": HEAD + cell("print(1)")})
    read_only(root)
    (line,) = refusal(root)
    assert re.fullmatch(r".*/site: the site could not be written \((Read-only file system|Permission denied)\); .*; the last site is unchanged", line)
    with pytest.raises(OSError, match="Read-only file system|Permission denied"):
        publish(root, choose("renderer"), lambda line: None)
    assert build(root, tmp_path / "out").pages == 3


@pytest.fixture
def unprivileged() -> tuple[str, ...]:
    """The words before a command so that it may read no more than its rights say, also for root."""
    alone = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
    if alone and (not shutil.which(alone[0]) or subprocess.run([*alone, "true"], capture_output=True).returncode):
        pytest.skip("root can read everything here, and may not give that up")
    return alone


UNREADABLE = {"one.qmd": r"one\.qmd.*mend its rights", "refs.bib": r"“refs\.bib” cannot be read; mend its rights",
              "_quarto.yml": r"_quarto\.yml: cannot be read; mend its rights",
              "d": r"_quarto\.yml:2: the folder d cannot be read; mend its rights"}


@pytest.mark.parametrize(("name", "said"), UNREADABLE.items(), ids=UNREADABLE)
def test_what_may_not_be_read_is_one_sentence_and_never_left_out(name, said, book, unprivileged):
    root = book({"_quarto.yml": QUARTO.replace("  type", "  resources: [d]\n  type"), "d/a": "a"})
    (root / name).chmod(0)
    ended = subprocess.run([*unprivileged, sys.executable, "-m", "surveybook", "render", root], cwd=ROOT,
                           capture_output=True, text=True)
    (root / name).chmod(0o755)
    assert ended.returncode == 1 and "make room" not in ended.stderr and "Traceback" not in ended.stderr
    assert re.search(f"^.*{said}", ended.stderr, re.MULTILINE), ended.stderr
    assert contents(root / "site") == {"index.html": GOOD.encode()}


def test_a_killed_build_leaves_a_whole_site_and_its_late_child_does_not_meet_the_next(book, tmp_path_factory):
    """The builder outlives a `make site` that is killed; what it writes late is nowhere near the next site."""
    go = tmp_path_factory.mktemp("late") / "go"
    waits = f"while not os.path.exists({str(go)!r}): time.sleep(0.02)"
    root = book({"one.qmd": HEAD + cell(f"import os, time\nopen('begun', 'w').close()\n{waits}\nprint('SLOW')")})
    killed = subprocess.Popen(
        [sys.executable, "-m", "surveybook", "build", root],
        cwd=ROOT, env={**os.environ, "BUILDER": "renderer"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while not (root / "begun").exists():
        assert killed.poll() is None
        time.sleep(0.02)
    late = [int(one) for one in Path(f"/proc/{killed.pid}/task/{killed.pid}/children").read_text().split()]
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert late and contents(root / "site") == {"index.html": GOOD.encode()}
    write(root, {"one.qmd": HEAD + cell("print('NEXT')")})
    publish(root, choose("renderer"), lambda line: None)
    go.touch()
    while any(Path(f"/proc/{one}").exists() and ") Z " not in Path(f"/proc/{one}/stat").read_text() for one in late):
        time.sleep(0.02)
    assert "NEXT" in (root / "site" / "one.html").read_text(encoding="utf-8")
    publish(root, choose("renderer"), lambda line: None)
    assert not list((root / ".cache").glob("build-*")), "what it left is gone with one more build"


SCRIPT = """import os, time
from pathlib import Path
told, site = Path({told!r}), Path(os.environ["QUARTO_PROJECT_OUTPUT_DIR"])
if not told.exists():  # the first time
    told.write_text(str(os.getpid()))
    while not told.with_name("go").exists():
        time.sleep(0.02)
    for number in range(3):  # whatever became of its folder
        (site / str(number)).mkdir(parents=True)
        (site / str(number) / "late.html").write_text("late")
"""


@pytest.mark.parametrize("killed", ["the command", "the renderer"])
def test_a_script_that_outlives_a_killed_build_leaves_nothing_after_the_next_one(killed, book, tmp_path):
    """It was started at the moment of the kill, say, and goes on writing while the next build runs."""
    told = tmp_path / "told"
    waits = f"""import os, time
from pathlib import Path
late = Path({str(told)!r})
late.with_name("go").touch()
while Path(f"/proc/{{late.read_text()}}").exists() and ") Z " not in Path(f"/proc/{{late.read_text()}}/stat").read_text():
    time.sleep(0.02)
"""
    root = book({"_quarto.yml": QUARTO.replace("  type", "  post-render: after.py\n  type"),
                 "after.py": SCRIPT.format(told=str(told))})
    build = subprocess.Popen(
        [sys.executable, "-m", "surveybook", "build", root],
        cwd=ROOT, env={**os.environ, "BUILDER": "renderer"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while not told.exists() or not told.read_text():
        assert build.poll() is None
        time.sleep(0.02)
    renderer = int(Path(f"/proc/{build.pid}/task/{build.pid}/children").read_text())
    os.kill(build.pid if killed == "the command" else renderer, signal.SIGKILL)
    build.wait()
    while Path(f"/proc/{renderer}").exists() and ") Z " not in Path(f"/proc/{renderer}/stat").read_text():
        time.sleep(0.02)
    write(root, {"one.qmd": HEAD + cell(waits + "print('NEXT')")})
    publish(root, choose("renderer"), lambda line: None)
    assert "NEXT" in (root / "site" / "one.html").read_text(encoding="utf-8")
    assert not list((root / ".cache").glob("build-*"))


def test_builds_killed_at_many_moments_leave_the_old_site_or_the_new_one(book):
    root = book({"one.qmd": HEAD + cell("print('OLD')")})
    build(root)
    old = contents(root / "site")
    write(root, {"one.qmd": HEAD + cell("print('NEW')")})
    for hundredths in range(5, 125, 12):
        shutil.rmtree(root / ".cache", ignore_errors=True)
        process = subprocess.Popen([sys.executable, "-m", "surveybook", "render", root], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(hundredths / 100)
        process.kill()
        process.wait()
        now = contents(root / "site")
        assert now == old or (b"NEW" in now["one.html"] and now.keys() == old.keys())
    build(root)
    assert b"NEW" in contents(root / "site")["one.html"]
    assert not list(root.glob(".site*"))


def test_the_cache_may_vanish_while_a_build_runs(book):
    root = book({"one.qmd": HEAD + cell("import shutil\nshutil.rmtree('.cache', ignore_errors=True)\nprint(6 * 7)")})
    for _ in range(2):
        build(root)
        assert "<code>42</code>" in (root / "site" / "one.html").read_text(encoding="utf-8")


def test_a_builder_that_refuses_leaves_the_site_of_publishing_too(book):
    root = book({"one.qmd": f"{HEAD}@fig-none\n"})
    with pytest.raises(Failed, match="the bundled renderer could not render the book; site/ is as it was"):
        publish(root, choose("renderer"), lambda line: None)
    assert contents(root / "site") == {"index.html": GOOD.encode()}
