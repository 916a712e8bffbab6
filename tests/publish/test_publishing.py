"""Publishing: which builder is taken, that a failure costs nothing, and the commands as a person starts them."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from sites import page, site_of

from surveybook.errors import Refusal
from surveybook.folders import may_replace
from surveybook.publish.build import Failed, build
from surveybook.publish.builders import Builder, NoBuilder, choose
from surveybook.publish.downloads import twins
from surveybook.publish.downloads.twins import markdown
from surveybook.publish.manifest import git
from surveybook.render.output import refuse_to_overwrite
from surveybook.render.problems import Refused

# --- the choice of a builder

NO_QUARTO = "BUILDER=quarto, but there is no quarto on PATH; install Quarto 1.6 or newer, or use BUILDER=renderer"


def program(folder: Path, name: str, code: str) -> Path:
    """A small Python program that can be started by its name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(code, encoding="utf-8")
    path = folder / name
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{path}.py" "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return path


def quarto(folder: Path, version: str, then: str = "") -> Path:
    return program(
        folder,
        "quarto",
        f"import os, pathlib, sys\nif sys.argv[1:] == ['--version']: print({version!r}); sys.exit()\n{then}",
    )


@pytest.fixture
def path(tmp_path, monkeypatch) -> Path:
    """The only folder on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "bin"


def test_without_quarto_the_bundled_renderer_is_taken(path):
    builder = choose()
    assert (builder.name, builder.reason) == ("the bundled renderer", "there is no quarto on PATH")
    assert builder.command(Path("/book"), Path("/book/out")) == [
        sys.executable, "-m", "surveybook", "render", "/book", "--output", "/book/out",
        "--record", "/book/.cache/record.json",
    ]  # fmt: skip


@pytest.mark.parametrize("version", ["1.6.0", "1.9.38", "1.10.1", "2.0.0", "99.9.9"])
def test_a_quarto_that_is_new_enough_is_taken(version, path):
    there = quarto(path, version)
    builder = choose()
    assert (builder.name, builder.reason) == (f"Quarto {version}", f"found at {there}")
    assert builder.command(Path("/book"), Path("/book/out")) == [
        str(there), "render", "--to", "html", "--output-dir", "out",
    ]  # fmt: skip


def test_a_quarto_that_is_too_old_is_passed_over_with_the_reason(path):
    there = quarto(path, "1.5.57")
    assert choose().name == "the bundled renderer"
    assert choose().reason == f"{there} is Quarto 1.5.57, and 1.6 or newer is needed"


def test_a_quarto_that_does_not_run_is_passed_over_with_the_reason(path):
    there = program(path, "quarto", "raise SystemExit(1)")
    assert choose().reason == f"{there} is a quarto that does not tell its version, and 1.6 or newer is needed"


def test_the_renderer_can_be_forced(path):
    quarto(path, "1.9.38")
    assert (choose("renderer").name, choose("renderer").reason) == (
        "the bundled renderer",
        "BUILDER=renderer",
    )


def test_quarto_can_be_forced(path):
    quarto(path, "1.9.38")
    assert (choose("quarto").name, choose("quarto").reason) == ("Quarto 1.9.38", "BUILDER=quarto")


def test_a_forced_quarto_that_is_missing_is_said_in_one_sentence(path):
    with pytest.raises(NoBuilder) as refused:
        choose("quarto")
    assert str(refused.value) == NO_QUARTO


def test_a_forced_quarto_that_is_too_old_is_said_in_one_sentence(path):
    there = quarto(path, "1.5.57")
    with pytest.raises(NoBuilder) as refused:
        choose("quarto")
    assert str(refused.value) == (
        f"BUILDER=quarto, but {there} is Quarto 1.5.57; install Quarto 1.6 or newer, or use BUILDER=renderer"
    )


def test_another_builder_is_refused(path):
    with pytest.raises(NoBuilder) as refused:
        choose("hugo")
    assert str(refused.value) == "BUILDER=hugo is not a builder; use BUILDER=quarto or BUILDER=renderer"


# --- the build: a failure costs nothing


WRITE = "import pathlib, sys\nout = pathlib.Path(sys.argv[-1])\nout.mkdir(parents=True, exist_ok=True)\n"


def builder(tmp_path: Path, code: str) -> Builder:
    return Builder("a builder", "for a test", (str(program(tmp_path / "bin", "make-pages", code)), "OUTPUT"))


def writing(html: str) -> str:
    return f"{WRITE}(out / 'index.html').write_text({html!r}, encoding='utf-8')"


@pytest.fixture
def book(tmp_path) -> Path:
    """A folder with a site that was built before."""
    site_of(tmp_path / "book" / "site", {"index.html": page("the last good site"), "old.html": page()})
    return tmp_path / "book"


def files(site: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in site.rglob("*") if path.is_file()}


def test_a_sound_build_takes_the_place_of_the_old_site_whole(book, tmp_path):
    said: list[str] = []
    line = build(book, builder(tmp_path, writing(page("new"))), said.append)
    assert files(book / "site") == {"index.html": page("new")}
    assert said[0] == "builder: a builder (for a test)"
    assert re.match(r"site: 1 page, 0 figures, 0 tables in \d+\.\d s", line)
    assert line.endswith(" s with a builder; open site/index.html")
    assert sorted(path.name for path in (book / ".cache").iterdir()) == ["build.lock", "store"]


FAILURES = {
    "the builder fails": (
        writing(page("new")) + "\nraise SystemExit(3)",
        "a builder could not render the book; site/ is as it was",
    ),
    "the builder makes nothing": (WRITE, "a builder ended well but made no index.html; site/ is as it was"),
    "the checks find a fault": (
        writing(page("new").replace(' lang="en"', "")),
        "index.html: <html>: the page does not say its language; set lang in _quarto.yml\n"
        "1 fault in the new pages; site/ is as it was",
    ),
}


@pytest.mark.parametrize(("code", "message"), FAILURES.values(), ids=FAILURES)
def test_a_failed_build_leaves_the_last_good_site(code, message, book, tmp_path):
    before = files(book / "site")
    with pytest.raises(Failed) as failed:
        build(book, builder(tmp_path, code), lambda line: None)
    assert str(failed.value) == message
    assert files(book / "site") == before


def test_a_build_killed_between_its_two_renames_gives_the_site_back(book, tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (book / "site").rename(book / f".site.building-{dead.pid}-previous")
    with pytest.raises(Failed):
        build(book, builder(tmp_path, "raise SystemExit(1)"), lambda line: None)
    assert "the last good site" in files(book / "site")["index.html"]


def test_a_cache_on_another_file_system_is_as_good(book, tmp_path, monkeypatch):
    """A folder cannot be renamed from there; it is copied, and then swapped in."""
    rename = Path.rename

    def renamed(self, target):
        if ".cache" in self.parts and ".cache" not in Path(target).parts:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", renamed)
    build(book, builder(tmp_path, writing(page("new"))), lambda line: None)
    assert files(book / "site") == {"index.html": page("new")}
    assert sorted(path.name for path in book.iterdir()) == [".cache", "site"]


def test_what_a_killed_build_left_is_removed_by_the_next(book, tmp_path):
    site_of(book / ".cache" / "build-of-the-killed" / "site", {"left.html": page()})
    build(book, builder(tmp_path, writing(page("new"))), lambda line: None)
    assert files(book / "site") == {"index.html": page("new")}
    assert sorted(path.name for path in (book / ".cache").iterdir()) == ["build.lock", "store"]


def test_the_site_is_whole_at_every_moment_of_the_swap(book, tmp_path):
    looks, marks = 0, []

    def swap() -> None:
        while len(marks) < 10 or looks < 1000:
            marks.append("ab"[len(marks) % 2])
            build(book, builder(tmp_path, writing(page(f"site {marks[-1]}"))), lambda line: None)

    builds = threading.Thread(target=swap)
    builds.start()
    while builds.is_alive():
        assert (book / "site" / "index.html").is_file()
        looks += 1
    assert files(book / "site") == {"index.html": page(f"site {marks[-1]}")}


def test_where_folders_cannot_be_exchanged_the_site_is_swapped_in_two_steps(book, tmp_path, monkeypatch):
    monkeypatch.setattr("surveybook.folders.ctypes.CDLL", lambda name: None)
    build(book, builder(tmp_path, writing(page("new"))), lambda line: None)
    assert files(book / "site") == {"index.html": page("new")}
    assert sorted(path.name for path in (book / ".cache").iterdir()) == ["build.lock", "store"]


OTHERS = {
    "a file": lambda place: place.write_text("dear"),
    "a folder": lambda place: site_of(place, {"letter.txt": "dear"}) and (place / "index.html").unlink(),
    "a site of somebody else": lambda place: site_of(place, {"index.html": "<html><p>data-rendered</p></html>"}),
    "a page that is no file": lambda place: place.joinpath("index.html").mkdir(parents=True),
    "a web application": lambda place: site_of(place, {"index.html": "app", "manifest.json": '{"name": "App"}'}),
    "a link": lambda place: place.symlink_to("nowhere"),
    "a link to a site": lambda place: place.symlink_to(site_of(place.with_name("another"))),
    "a pipe": os.mkfifo,
}


@pytest.mark.parametrize("make", OTHERS.values(), ids=OTHERS)
def test_what_is_no_site_is_not_thrown_away_for_one(make, book, tmp_path):
    shutil.rmtree(book / "site")
    make(book / "site")
    before = [(path, path.lstat().st_mtime_ns) for path in sorted(book.rglob("*"))]
    with pytest.raises(Failed, match="site is something other than a built site, and would be lost; move it away"):
        build(book, builder(tmp_path, writing(page("new"))), lambda line: None)
    with pytest.raises(Refused, match="; name another folder with --output"):
        refuse_to_overwrite(book / "site", book)
    assert [(path, path.lstat().st_mtime_ns) for path in sorted(book.rglob("*"))] == before


def test_what_quarto_made_of_this_book_is_replaced_and_of_another_one_not(book):
    for place, may in ((book / "site", True), (book.parent / "another" / "_site", False)):
        assert may_replace(site_of(place), book) == may
    assert may_replace(book / "new", book)


# --- the commands, as a person starts them


def publishing(root: Path, *arguments: str, folder: Path | None = None, **environment: str):
    return subprocess.run(
        [sys.executable, "-m", "surveybook", *arguments],
        cwd=folder or root,
        env={**os.environ, "PYTHONPATH": str(root), **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_quarto_is_given_the_output_folder_and_this_python_and_shows_its_progress(root, book, tmp_path):
    quarto(
        tmp_path / "bin",
        "1.9.38",
        f"""
assert sys.argv[1:-1] == ['render', '--to', 'html', '--output-dir'], sys.argv
assert sys.argv[-1].startswith(os.path.join('.cache', 'build-')) and os.path.basename(sys.argv[-1]) == 'site', sys.argv
assert os.environ['QUARTO_PYTHON'] == {sys.executable!r}
assert pathlib.Path.cwd() == pathlib.Path({str(book)!r})
print('[1/1] index.qmd', file=sys.stderr)
out = pathlib.Path(sys.argv[-1]); out.mkdir(parents=True)
(out / 'index.html').write_text({page("by Quarto")!r}, encoding='utf-8')
""",
    )
    ended = publishing(root, "build", folder=book, PATH=str(tmp_path / "bin"))
    assert ended.returncode == 0, ended.stderr
    assert f"builder: Quarto 1.9.38 (found at {tmp_path / 'bin' / 'quarto'})" in ended.stdout
    assert ended.stderr == "[1/1] index.qmd\n"
    last = ended.stdout.splitlines()[-1]
    assert last.startswith("site: 1 page, 0 figures, 0 tables in ")
    assert last.endswith(" s with Quarto 1.9.38; open site/index.html")
    assert "by Quarto" in (book / "site" / "index.html").read_text(encoding="utf-8")


def test_a_forced_builder_that_is_missing_is_one_line_and_no_stack_trace(root, book, tmp_path):
    ended = publishing(root, "build", folder=book, PATH=str(tmp_path / "bin"), BUILDER="quarto")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f"{NO_QUARTO}\n"


def test_a_folder_that_cannot_be_used_is_one_sentence(root, book):
    (book / ".cache").write_text("a file in the way")
    ended = publishing(root, "build", folder=book, BUILDER="renderer")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert ended.stderr.startswith(f"{book / '.cache'} cannot be used (File exists); make room, or mend the rights")


def test_a_book_can_be_built_from_any_folder(root, book, tmp_path):
    (book / "_quarto.yml").write_text("project: {type: book}\nlang: en\nbook: {title: T, chapters: [index.qmd]}\n")
    (book / "index.qmd").write_text("# Home {.unnumbered}\n\nFrom afar.\n")
    ended = publishing(root, "build", str(book), folder=tmp_path, BUILDER="renderer")
    assert ended.returncode == 0, ended.stderr
    assert "From afar." in (book / "site" / "index.html").read_text(encoding="utf-8")


def test_an_output_that_nobody_reads_to_its_end_is_no_stack_trace(root, book, tmp_path):
    quarto(tmp_path / "bin", "1.9.38", "raise SystemExit(1)")
    command = [sys.executable, "-m", "surveybook", "build"]
    environment = {**os.environ, "PYTHONPATH": str(root), "PATH": str(tmp_path / "bin")}
    read, write = os.pipe()
    os.close(read)
    ended = subprocess.run(command, cwd=book, env=environment, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (ended.returncode, ended.stderr) == (-signal.SIGPIPE, "")


def test_a_stopped_build_ends_its_builder_and_leaves_the_last_good_site(root, book, tmp_path):
    before = files(book / "site")
    quarto(tmp_path / "bin", "1.9.38", "print(os.getpid(), file=sys.stderr, flush=True)\nimport time; time.sleep(6000)")
    with subprocess.Popen(
        [sys.executable, "-m", "surveybook", "build"],
        cwd=book,
        env={**os.environ, "PYTHONPATH": str(root), "PATH": str(tmp_path / "bin")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout.readline().startswith("builder: Quarto")
        process = int(running.stderr.readline())
        running.terminate()
        _, told = running.communicate()
    assert (running.returncode, told) == (1, "stopped; the last good site is as it was\n")
    assert files(book / "site") == before
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


STARTS = """import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], env={**os.environ, "SURVEYBOOK_STARTER": sys.argv[2] or
    str(os.getpid())}, stdout=subprocess.PIPE)
print(child.pid, flush=True)
child.stdout.readline()
sys.exit() if sys.argv[2] else os.kill(os.getpid(), 9)"""
LASTS = "from surveybook.processes import end_with_starter; end_with_starter(); print(1, flush=True); input()"


@pytest.mark.parametrize("starter", ["", "1"], ids=["its own", "another"])
def test_the_renderer_ends_with_the_build_that_started_it(starter, root):
    with subprocess.Popen([sys.executable, "-c", STARTS, LASTS, starter], cwd=root, text=True, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as running:
        child = psutil.Process(int(running.stdout.readline()))
        if starter:  # it goes on, until it has what it waits for
            running.wait()
            assert child.is_running()
            running.stdin.write("\n")
            running.stdin.flush()
        assert not psutil.wait_procs([child], 600)[1]


def test_git_that_is_killed_is_no_folder_without_git(root, tmp_path, monkeypatch):
    (tmp_path / "git").write_text("#!/bin/sh\nkill -9 $$\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(Refusal, match="git was killed by signal 9 before it said what it keeps; build again"):
        git(root, "rev-parse", "HEAD")


def test_twins_are_made_by_the_pandoc_of_the_wheel_or_not_at_all(tmp_path, monkeypatch):
    """pypandoc takes the newest that tells its version, so another one where somebody ended it."""
    other = tmp_path / "pandoc"
    other.write_text("#!/bin/sh\necho pandoc 99.0\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert markdown(["<p>Words</p>", "<p>More</p>"]) == [b"Words\n", b"More\n"]
    other.write_text("#!/bin/sh\nkill -9 $$\n")
    for found in (str(other), ""):
        monkeypatch.setattr(twins, "find_pandoc", lambda found=found: found)
        with pytest.raises(Refusal, match="the Pandoc of the package pypandoc-binary is not there, or was ended; inst"):
            markdown(["<p>Words</p>"])


def test_two_builds_of_a_folder_do_not_meet(book, tmp_path):
    said: list[str] = []
    begun, go = tmp_path / "begun", tmp_path / "go"
    slowly = f"""import os, time
open({str(begun)!r}, "w").close()
while not os.path.exists({str(go)!r}): time.sleep(0.01)
"""
    programs = {"a": slowly + writing(page("first")), "b": writing(page("second"))}
    first, second = (threading.Thread(target=build, args=(book, builder(tmp_path / name, program), said.append))
                     for name, program in programs.items())
    first.start()
    while not begun.exists():
        time.sleep(0.01)
    second.start()
    while "another build of this folder is running; waiting for its end" not in said:
        time.sleep(0.01)
    go.touch()
    first.join()
    second.join()
    assert files(book / "site") == {"index.html": page("second")}


def test_the_check_says_what_it_looked_at_and_fails_only_on_a_fault(root, tmp_path):
    good = publishing(root, "check", str(site_of(tmp_path / "good")))
    assert (good.returncode, good.stdout) == (0, "check: 1 page, 0 figures, 0 tables; no fault found\n")
    bad = publishing(root, "check", str(site_of(tmp_path / "bad", {"index.html": page("<img src='data:,'>")})))
    assert bad.returncode == 1
    assert bad.stdout.splitlines()[-1] == "check: 1 page, 0 figures, 0 tables; 1 fault"
