"""`surveybook serve`: what an author sees in the browser and in the terminal while writing."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from surveybook.render.serve import EVENTS, Builds, Preview, Server
from surveybook.render.watch import Watch

SETTINGS = """\
project:
  type: book
  output-dir: site
book:
  title: "A Small Book"
  author: "Nobody"
  chapters:
    - index.qmd
    - two.qmd
format:
  html:
    css: own.css
"""
PATIENCE = 600.0  # seconds: what is waited for comes at last, however busy the machine is


class Serving:
    """A server of a book, what it says, and a browser without a window."""

    def __init__(self, book: Path, root: Path, *arguments: str):
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "surveybook", "serve", str(book), "--port", "0", *arguments],
            cwd=root, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        threading.Thread(target=lambda: self.said.extend(self.process.stderr), daemon=True).start()
        self.port = int(self.until(r"http://127\.0\.0\.1:(\d+)/ shows the book")[1])

    def until(self, pattern: str, after: int = 0) -> re.Match:
        """Wait until the terminal shows this, in a line with this number or later."""
        return until(lambda: re.search(pattern, "".join(self.said[after:])), lambda: "".join(self.said))

    def get(self, path: str = "/index.html") -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE) as answer:
            return answer.read().decode()

    def events(self) -> Iterator[str]:
        """The versions told to a browser that listens."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{EVENTS}", timeout=PATIENCE) as answer:
            assert answer.headers["Content-Type"] == "text/event-stream"
            for line in answer:
                if line.startswith(b"data: "):
                    yield line.decode().removeprefix("data: ").strip()

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


def until(seen: Callable, told: Callable[[], str] = lambda: "") -> object:
    start = time.monotonic()
    while not (found := seen()):
        assert time.monotonic() - start < PATIENCE, told()
        time.sleep(0.05)
    return found


@pytest.fixture
def book(tmp_path) -> Path:
    folder = tmp_path / "a book"
    folder.mkdir()
    pages = {"index.qmd": "# One {.unnumbered}\n\nFirst words.\n", "two.qmd": "# Two\n\nSee [one](index.qmd).\n"}
    for name, text in {"_quarto.yml": SETTINGS, "own.css": "p { margin: 0 }\n", **pages}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def serve(book, root) -> Iterator[Callable[..., Serving]]:
    started: list[Serving] = []

    def start(*arguments: str) -> Serving:
        started.append(Serving(book, root, *arguments))
        return started[-1]

    yield start
    for serving in started:
        serving.process.kill()
        serving.process.wait()


def save(page: Path, text: str) -> None:
    """As editors do, so that nobody meets a file of which half is written."""
    half = page.with_name(f".{page.name}.half")  # hidden: not watched
    half.write_text(text, encoding="utf-8")
    half.replace(page)


def test_a_saved_edit_is_built_and_told_to_the_browser(serve, book):
    serving = serve()
    assert "First words." in serving.get() and "First words." in serving.get("/")
    events = serving.events()
    first = next(events)
    assert f'"{first}"' in serving.get(), "the page knows its version"
    save(book / "index.qmd", "# One {.unnumbered}\n\nBetter words.\n")
    second = next(events)
    assert second != first
    assert "Better words." in serving.get() and f'"{second}"' in serving.get()
    assert "changed: index.qmd\n" in serving.said


def test_a_fault_is_shown_above_the_last_good_page_until_it_is_mended(serve, book):
    serving = serve()
    events = serving.events()
    next(events)
    built = (book / "site" / "index.html").read_bytes()
    save(book / "index.qmd", "# One {.unnumbered}\n\nSee [<b>gone</b>](gone.qmd).\n")
    next(events)
    page = serving.get()
    assert "First words." in page and 'id="renderer-problems"' in page
    assert "1 problem; the pages stay as they were" in page
    assert "index.qmd:3: " in page and "gone.qmd" in page
    assert (book / "site" / "index.html").read_bytes() == built
    assert 'id="renderer-problems"' in serving.get("/two.html"), "on every page"
    serving.until(r"index\.qmd:3: .*\n1 problem; nothing was written")
    save(book / "index.qmd", "# One {.unnumbered}\n\nMended words.\n")
    next(events)
    page = serving.get()
    assert "Mended words." in page and "renderer-problems" not in page


def test_a_book_that_is_broken_at_first_is_shown_once_it_is_mended(serve, book):
    save(book / "_quarto.yml", SETTINGS.replace("title:", "tittle:"))
    serving = serve()
    with pytest.raises(urllib.error.HTTPError) as missing:
        serving.get()
    page = missing.value.read().decode()
    assert missing.value.code == 404 and "tittle" in page and EVENTS in page
    events = serving.events()
    next(events)
    save(book / "_quarto.yml", SETTINGS)
    next(events)
    assert "First words." in serving.get()


def test_an_open_page_shows_edits_and_faults_by_itself(serve, book, chromium):
    from playwright.sync_api import expect, sync_playwright

    serving = serve()
    expect.set_options(timeout=1000 * PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"], timeout=1000 * PATIENCE)
        page = browser.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(f"http://127.0.0.1:{serving.port}/")
        main, problems = page.locator("main"), page.locator("#renderer-problems pre")
        expect(main).to_contain_text("First words.")
        save(book / "index.qmd", "# One {.unnumbered}\n\nBetter words.\n")
        expect(main).to_contain_text("Better words.")
        save(book / "index.qmd", "# One {.unnumbered}\n\nSee [it](gone.qmd).\n")
        expect(problems).to_contain_text("index.qmd:3: ")
        expect(main).to_contain_text("Better words.")
        page.locator("#renderer-problems summary").click()
        expect(problems).to_be_hidden()
        save(book / "index.qmd", "# One {.unnumbered}\n\nMended words.\n")
        expect(main).to_contain_text("Mended words.")
        expect(problems).to_have_count(0)
        browser.close()


def test_what_scripts_and_cells_write_is_no_edit(serve, book):
    cell = '\n```{python}\nimport time\nopen("cell.csv", "w").write(str(time.time_ns()))\n```\n'
    save(book / "two.qmd", f"# Two\n\n{{{{< include _stamp.md >}}}}\n{cell}")
    save(book / "stamp.py", 'import time\nopen("_stamp.md", "w").write(f"Made at {time.time_ns()}.")\n')
    save(book / "_quarto.yml", SETTINGS.replace("output-dir: site", "output-dir: site\n  pre-render: stamp.py"))
    serving = serve()
    save(book / "own.css", "p { margin: 1px }\n")
    serving.until("changed: own.css")
    serving.until(r"(?s)changed: own\.css.*pages in")
    save(book / "own.css", "p { margin: 2px }\n")
    serving.until(r"(?s)changed: own\.css.*changed: own\.css.*pages in")
    said = "".join(serving.said)
    assert said.count("changed: ") == 2 and said.count("pages in") == 3


def test_a_save_ends_the_build_that_runs(serve, book):
    serving = serve()
    events, begun = serving.events(), book / ".begun"  # hidden: not watched
    first = next(events)
    save(book / "two.qmd", f"# Two\n\n```{{python}}\nopen({str(begun)!r}, 'w').close()\nwhile True: pass\n```\n")
    until(begun.exists)
    save(book / "two.qmd", "# Two\n\nMended.\n")
    assert next(events) != first and "Mended." in serving.get("/two.html")
    assert "".join(serving.said).count("pages in") == 2, "the first build, and the last state"


def test_twenty_saves_in_a_row_are_one(book, monkeypatch):
    saves, builds = iter([[], *[["two.qmd"]] * 20, []]), []
    monkeypatch.setattr("surveybook.render.serve.time.sleep", lambda seconds: None)
    watch = Watch(book)
    watch.changed = lambda aside: next(saves)

    class Counting(Builds):
        def build(self) -> set[str]:
            builds.append(next(saves) if builds else None)
            return set()

    with pytest.raises(StopIteration):  # where the second build has begun, nothing is left to be seen
        Counting(book, None, Preview(), watch).attend("")
    assert builds == [None]


def test_open_pages_are_told_how_far_a_build_is(serve, book):
    preview = Preview()
    preview.tell("building: 1/2 two.qmd")
    assert preview.doing == "building: 1/2 two.qmd" and "renderer-doing" in preview.page(b"<body></body>").decode()
    preview.change(book, [])
    assert preview.doing == ""


def test_what_a_problem_says_is_text_and_never_markup():
    shown = Preview()
    shown.change(None, ["index.qmd:1: <script>alert('x')</script> & more; remove it"])
    page = shown.page(b"<html><body>Words.</body></html>").decode()
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; more" in page and "<script>alert" not in page
    assert page.endswith("</body></html>") and page.startswith("<html><body>Words.")


def test_the_files_of_the_site_are_as_the_renderer_writes_them(serve, build, book, root, tmp_path):
    serving = serve()
    assert EVENTS in serving.get() and EVENTS in serving.get("/two.html")
    serving.interrupt()
    other = build(shutil.copytree(book, tmp_path / "copy", ignore=shutil.ignore_patterns("site", ".cache")),
                  PYTHONPATH=str(root))  # fmt: skip
    for path in sorted(path for path in other.rglob("*") if path.is_file()):
        assert (book / "site" / path.relative_to(other)).read_bytes() == path.read_bytes(), path
    assert not any(EVENTS in path.read_text(encoding="utf-8") for path in (book / "site").glob("*.html"))


def test_other_files_are_sent_as_they_are_and_nothing_from_outside_the_site(serve, book):
    serving = serve()
    assert serving.get("/own.css") == "p { margin: 0 }\n"
    save(book / "secret.html", "secret")
    for path in ("/../secret.html", "/%2e%2e/secret.html", "/..%2fsecret.html", "//etc/passwd", "/none.css"):
        with pytest.raises(urllib.error.HTTPError) as missing:
            serving.get(path)
        assert missing.value.code == 404 and b"secret<" not in missing.value.read()


def test_it_listens_on_this_machine_only(serve):
    """No process but one that asks 127.0.0.1 gets an answer, whatever other addresses the machine has."""
    if not Path("/proc/net/tcp").exists():
        pytest.skip("only Linux tells who listens where")
    port = serve().port
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if " 0A " in line]
    assert [address for address in listening if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]
    if Path("/proc/net/tcp6").exists():
        assert f":{port:04X} " not in Path("/proc/net/tcp6").read_text()


def test_pages_of_other_sites_get_nothing_by_a_name_that_leads_here(serve):
    serving = serve()
    for host, status in {"localhost": 200, "127.0.0.1": 200, "other.example": 403}.items():
        asked = urllib.request.Request(f"http://127.0.0.1:{serving.port}/", headers={"Host": f"{host}:{serving.port}"})
        try:
            assert urllib.request.urlopen(asked, timeout=PATIENCE).status == status
        except urllib.error.HTTPError as refused:
            assert refused.code == status


# --- whoever asks, and whatever


@pytest.fixture
def shown(tmp_path, capfd) -> Iterator[int]:
    """The port of a server of a site, which says nothing in the terminal."""
    for name in ("index.html", "folder/other.html", "folder/own.css", "page.html/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Words.", encoding="utf-8")
    server = Server(0, Preview(tmp_path))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    assert capfd.readouterr() == ("", "")


def ask(port: int, request: bytes, host: bytes = b"localhost") -> bytes:
    """The whole answer to a request, as it stands."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as asked:
        asked.sendall(request + b" HTTP/1.1\r\n" + (b"Host: %b\r\n" % host if host else b"") + b"\r\n")
        return b"".join(iter(lambda: asked.recv(1 << 16), b""))


METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "x"]
FOREIGN = [b"", b"other.example", b"[::1", b"[::1]", b"localhost.other.example", b"localhost:x", b"127.0.0.1@x",
           b"\xff", b"localhost\r\nHost: other.example"]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_passes_one_gate(method, shown):
    for host in FOREIGN:
        for place in (b"/", b"/folder/", EVENTS.encode()):
            assert ask(shown, method.encode() + b" " + place, host).startswith(b"HTTP/1.0 403 ")
    own = ask(shown, method.encode() + b" /", b"LocalHost:4300")
    assert own.startswith(b"HTTP/1.0 200 " if method in ("GET", "HEAD") else b"HTTP/1.0 501 ")


def test_a_question_without_content_is_answered_as_the_one_with_it(shown):
    for place in (b"/", b"/index.html", b"/folder", b"/folder/", b"/folder/own.css", b"/none", b"/page.html"):
        with_it, _, content = ask(shown, b"GET " + place).partition(b"\r\n\r\n")
        without, _, nothing = ask(shown, b"HEAD " + place).partition(b"\r\n\r\n")
        assert re.sub(rb"Date: .*", b"", with_it) == re.sub(rb"Date: .*", b"", without) and nothing == b""
        assert bool(content) or b" 301 " in with_it
    assert ask(shown, b"HEAD " + EVENTS.encode()).startswith(b"HTTP/1.0 200 ")


GARBAGE = [b"/%00", b"/a%00.html", b"/" + b"x" * 5000, b"/" + b"x/" * 5000, b"/" + b"x" * 70_000, b"//[", b"http://[::1/x",
           b"/%ff%fe", b"/\xff\xfe", b"/%", b"/..%2f..%2fetc%2fpasswd", b"/%2e%2e/%2e%2e/etc/passwd", b"*",
           b"/\x1b[2J", b"/%0d%0aX:%201", b"/page.html/", b"/<script>"]


@pytest.mark.parametrize("place", GARBAGE, ids=repr)
def test_garbage_is_answered(place, shown):
    for method in (b"GET ", b"HEAD "):
        answer = ask(shown, method + place)
        assert re.match(rb"HTTP/1\.0 (404|414) |(?s:.*)Error code: 4", answer) and b"<script>." not in answer
        assert b"root:" not in answer and b"\nX: 1" not in answer


def test_a_link_out_of_the_site_a_pipe_and_a_device_are_no_files_of_it(shown, tmp_path):
    (tmp_path / "out.css").symlink_to("/etc/passwd")
    (tmp_path / "etc").symlink_to("/etc")
    (tmp_path / "zero.css").symlink_to("/dev/zero")
    (tmp_path / "loop.css").symlink_to("loop.css")
    os.mkfifo(tmp_path / "pipe.css")
    os.mkfifo(tmp_path / "pipe.html")
    (tmp_path / "in.css").symlink_to("index.html")
    for name in (b"out.css", b"etc/passwd", b"etc", b"zero.css", b"loop.css", b"pipe.css", b"pipe.html"):
        assert ask(shown, b"GET /" + name).startswith(b"HTTP/1.0 404 "), name
    assert ask(shown, b"GET /in.css").startswith(b"HTTP/1.0 200 ")


def test_five_hundred_who_ask_at_once_are_all_answered(shown):
    asked = [socket.create_connection(("127.0.0.1", shown), PATIENCE) for _ in range(500)]
    for one in asked:
        one.sendall(b"GET /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n")
    for one in asked:
        assert one.recv(12) == b"HTTP/1.0 200"
        one.close()


def test_many_who_begin_and_never_ask_keep_nobody_waiting(shown, monkeypatch):
    monkeypatch.setattr("surveybook.render.serve.WAITING", 20)
    begun = []
    for number in range(100):
        begun.append(socket.create_connection(("127.0.0.1", shown), PATIENCE))
        begun[-1].sendall(b"GET /index.html HTTP/1.1\r\nX: x"[:number % 30])
    assert ask(shown, b"GET /index.html").startswith(b"HTTP/1.0 200 ")
    for one in begun[:75]:  # the first ones were ended
        with suppress(ConnectionError):
            one.settimeout(PATIENCE)
            assert one.recv(1) == b""
    begun[-1].sendall(b"GET /index.html HTTP/1.1\r\nX: x\r\nHost: localhost\r\n\r\n"[99 % 30:])
    assert begun[-1].recv(12) == b"HTTP/1.0 200"
    for one in begun:
        one.close()


def test_ctrl_c_ends_it_in_one_word(serve):
    serving = serve()
    events = serving.events()
    next(events)
    assert serving.interrupt() == 0
    serving.until(r"ended\n\Z")
    assert "Traceback" not in "".join(serving.said)


def test_ctrl_c_while_a_cell_runs_ends_it_and_leaves_no_process(serve, book):
    serving = serve()
    number = book / ".number"  # hidden: not watched
    cell = f"import os, pathlib, time\npathlib.Path({str(number)!r}).write_text(str(os.getpid()))\ntime.sleep(6000)"
    save(book / "two.qmd", f"# Two\n\n```{{python}}\n{cell}\n```\n")
    until(lambda: number.exists() and number.read_text())
    assert serving.interrupt() == 0
    until(lambda: not Path(f"/proc/{number.read_text()}").exists())
    assert "Traceback" not in "".join(serving.said)


def test_a_port_that_is_taken_is_one_sentence(book, root):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "surveybook", "serve", str(book), "--port", port]
        ended = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 1
    assert ended.stderr == (
        f"127.0.0.1: the port {port} cannot be had, perhaps because another program serves on it; "
        "name another one with --port\n"
    )


def test_a_folder_without_a_book_is_one_sentence(root, tmp_path):
    command = [sys.executable, "-m", "surveybook", "serve", str(tmp_path), "--port", "0"]
    ended = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 1
    assert ended.stderr == f"{tmp_path}: there is no _quarto.yml in this folder; name the folder of a book\n"


# --- which files count


@pytest.fixture
def watch(book) -> Watch:
    watch = Watch(book)
    assert watch.changed(book / "site") == ["_quarto.yml", "index.qmd", "own.css", "two.qmd"]
    return watch


def test_changed_new_and_removed_files_count(watch, book):
    assert watch.changed(book / "site") == []
    save(book / "index.qmd", "# Another\n")
    save(book / "new.csv", "1\n")
    (book / "two.qmd").unlink()
    assert watch.changed(book / "site") == ["index.qmd", "new.csv", "two.qmd"]
    assert watch.changed(book / "site") == []


def test_a_file_written_again_as_it_was_does_not_count(watch, book):
    """So a cell that writes the same file at every build does not start the next build."""
    os.utime(book / "index.qmd", (1, 1))
    assert watch.changed(book / "site") == []


@pytest.mark.parametrize("name", ["site/index.html", ".cache/x", ".git/HEAD", ".two.qmd.swp", "__pycache__/x.pyc"])
def test_what_builds_and_editors_leave_does_not_count(name, watch, book):
    (book / name).parent.mkdir(exist_ok=True)
    save(book / name, "x")
    assert watch.changed(book / "site") == []
