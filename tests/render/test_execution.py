"""Cells run as in a Jupyter kernel, in forked processes and in real kernels alike; each failure is told at its line."""

# ruff: noqa: E501 - in tables, an input and its message stand in one line

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import pytest
from project import ROOT

from surveybook.render import runner
from surveybook.render.cells import Limits, Output, Outputs
from surveybook.render.execution import run_cells
from surveybook.render.problems import Refused
from surveybook.render.settings import Settings, read_settings
from surveybook.render.source import read_page

PUBLIC = ROOT.parent / "shared" / "parity" / "public"


@pytest.fixture
def book(tmp_path):
    """book(files, settings, **how): the Outputs of the pages (*.qmd) among the files of a book."""

    def make(files: dict[str, str], settings: Settings | None = None, **how) -> list[Outputs]:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        pages = [Path(name) for name in files if name.endswith(".qmd")]
        return run_cells([read_page(page, tmp_path, settings or Settings(), {}) for page in pages], tmp_path, **how)

    return make


@pytest.fixture
def cells(book):
    """cells(*codes): what each of these cells of one page shows, as (kind, text) pairs."""

    def make(*codes: str, **how) -> list[list[tuple[str, str]]]:
        (outputs,) = book({"page.qmd": page(*codes)}, **how)
        return [[(one.kind, *one.data.values()) for one in result] for result in outputs.results]

    return make


@pytest.fixture
def failure(book):
    """failure(files): the messages that running these pages gives."""

    def make(files: dict[str, str], **how) -> list[str]:
        with pytest.raises(Refused) as caught:
            book(files, **how)
        return str(caught.value).split("\n")

    return make


def page(*codes: str) -> str:
    return "\n".join(f"```{{python}}\n{code}\n```\n" for code in codes)


# -- what cells show ---------------------------------------------------------------------------------------------------


def test_the_last_value_is_shown_unless_a_semicolon_ends_it(cells):
    assert cells("1\n2", "3;", "None", "x = 4", "x") == [[("display", "2")], [], [], [], [("display", "4")]]


def test_prints_that_follow_each_other_are_one_output_and_standard_error_follows(cells):
    code = "import sys\nprint(1)\nprint(2, file=sys.stderr)\nprint(3)\ndisplay('x')\nprint(4)"
    assert cells(code) == [[("stdout", "1\n3\n"), ("stderr", "2\n"), ("display", "'x'"), ("stdout", "4\n")]]


def test_output_of_other_programs_is_caught(cells):
    assert cells("import os\nos.system('echo from outside');")[0] == [("stdout", "from outside\n")]


def test_warnings_carry_no_path_of_this_machine(cells):
    ((output,),) = cells("import warnings\nwarnings.warn('careful')")
    assert output == ("stderr", "UserWarning: careful\n  warnings.warn('careful')\n")


@pytest.mark.parametrize(
    "methods, shown",
    [
        ({"html": "'<b>'", "markdown": "'*b*'", "svg": "'<svg/>'"}, "text/html"),
        ({"markdown": "'*b*'", "svg": "'<svg/>'", "png": "b'x'"}, "text/markdown"),
        ({"svg": "'<svg/>'", "png": "b'x'"}, "image/svg+xml"),
        ({"png": "b'x'"}, "image/png"),
        ({"latex": "'$x$'"}, "text/markdown"),
        ({"latex": "'text'"}, "text/plain"),
    ],
)
def test_of_several_media_types_the_one_that_quarto_shows_is_kept(book, methods, shown):
    body = "\n".join(f"    def _repr_{name}_(self): return {value}" for name, value in methods.items())
    (outputs,) = book({"page.qmd": page(f"class A:\n    def __repr__(self): return 'A'\n{body}\nA()")})
    assert list(outputs.results[0][0].data) == [shown]


def test_a_shown_thing_can_be_changed_and_taken_back(cells):
    code = "from IPython.display import clear_output\ndisplay(1, display_id='a')\ndisplay(2)\n"
    assert cells(code + "display(9, display_id='a', update=True);") == [[("display", "9"), ("display", "2")]]
    assert cells(code + "clear_output()\nprint(3)") == [[("stdout", "3\n")]]


def test_options_decide_what_runs(cells):
    assert cells("#| eval: false\nx = 1", "'x' in dir()") == [[], [("display", "False")]]


def test_an_allowed_error_is_shown_without_paths_and_the_page_goes_on(book):
    files = {"page.qmd": page("#| error: true\nimport helper\nhelper.fail()", "2"), "helper.py": "def fail():\n    1 / 0\n"}
    first, second = book(files)[0].results
    lines = first[0].data["text/plain"].split("\n")
    assert first[0].kind == "error"
    assert (lines[0], lines[-1]) == ("ZeroDivisionError: division by zero",) * 2
    assert "File helper.py:2, in fail()" in lines
    assert second == (Output("display", {"text/plain": "2"}),)


def test_inline_expressions_share_the_names_of_the_cells_in_the_order_of_the_page(book):
    text = "`{python} 1 + 1`\n\n" + page("x = 'a'") + "\n`{python} x` `{python} print('lost') or 3`\n"
    values = [[*result[0].data.values()] for result in book({"page.qmd": text})[0].results if result]
    assert values == [["2"], ["'a'"], ["3"]]


def test_output_that_is_no_text_can_be_written_all_the_same(cells):
    code = "import os\nos.write(1, b'\\xff\\n')\nfrom IPython.display import Markdown\nMarkdown('\\ud800')"
    assert cells(code) == [[("stdout", "\ufffd\n"), ("display", "\\ud800")]]


def test_each_page_starts_afresh(book):
    first, second = book({"one.qmd": page("x = 1"), "two.qmd": page("'x' in dir()")})
    assert second.results[0][0].data == {"text/plain": "False"}


@pytest.mark.parametrize("where, folder", [("project", "."), ("file", "text")])
def test_cells_run_in_the_books_folder_or_in_that_of_their_page(book, tmp_path, where, folder):
    code = "import os, helper\nprint(os.getcwd(), helper.name)"
    files = {"text/page.qmd": page(code), "helper.py": "name = '.'", "text/helper.py": "name = 'text'"}
    outputs = book(files, Settings({"project": {"execute-dir": where}}))
    assert outputs[0].results[0][0].data["text/plain"] == f"{(tmp_path / folder).resolve()} {folder}\n"


def test_cells_see_neither_the_renderer_nor_its_folder(cells, monkeypatch):
    monkeypatch.delenv("PYTHONPATH", raising=False)
    ((output,),) = cells("try:\n    import warm\nexcept ImportError:\n    print('not here')")
    assert output == ("stdout", "not here\n")


def test_output_is_the_same_every_time(cells):
    code = "print({'a', 'b', 'c', 'd'}, hash('text'))"
    assert cells(code) == cells(code)


def test_each_page_that_was_run_is_told_and_counted(book):
    told = []
    book({"a.qmd": page("1", "2"), "b.qmd": "No cell.\n", "c.qmd": page("3")}, progress=told.append)
    assert sorted(told) in (["2/3 a.qmd", "3/3 c.qmd"], ["2/3 c.qmd", "3/3 a.qmd"])


def test_what_a_page_depended_on_is_known(book):
    code = "import os, helper\nopen('data.csv').read()\nos.listdir('more');"
    files = {"page.qmd": page(code), "helper.py": "import deeper", "deeper.py": "", "data.csv": "", "more/a": ""}
    seen = book(files, Settings({"project": {"execute-dir": "project"}}))[0].seen
    assert {"deeper.py", "helper.py", "helper/__init__.py"} <= set(seen.modules), "a folder helper would take its place"
    assert seen.read == ("data.csv", "deeper.py", "helper.py", "more")
    assert seen.beyond == seen.written == ()


# -- what fails --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code, message",
    [
        ("x = 1\nraise ValueError('no such town')", "page.qmd:3: the cell raised ValueError: no such town; correct it, or set `error: true` to show the error"),
        ("#| echo: true\ndef f():\n    1 / 0\nf()", "page.qmd:4: the cell raised ZeroDivisionError: division by zero; correct it, or set `error: true` to show the error"),
        ("from helper import f\nf()", "page.qmd:3: the cell raised KeyError: 'k'; correct it, or set `error: true` to show the error"),
        ("x = 1\nx = (", "page.qmd:3: the cell raised SyntaxError: incomplete input; correct it, or set `error: true` to show the error"),
        ("import nosuch", "page.qmd:2: the cell raised ModuleNotFoundError: No module named 'nosuch'; correct it, or set `error: true` to show the error"),
        ("exit()", "page.qmd:2: the cell raised SystemExit; correct it, or set `error: true` to show the error"),
        ("class A:\n    def _repr_html_(self): 1 / 0\nA()", "page.qmd:3: the cell raised ZeroDivisionError: division by zero; correct it, or set `error: true` to show the error"),
        ("import os\nos._exit(3)", "page.qmd:1: the cell ended its process with status 3; let it run to its end"),
        ("import os\nos.kill(os.getpid(), 9)", "page.qmd:1: the cell was killed by signal 9; find what stopped it; a lack of memory is a usual reason"),
        ("input()", "page.qmd:2: the cell raised EOFError: EOF when reading a line; correct it, or set `error: true` to show the error"),
    ],
)  # fmt: skip
def test_a_failing_cell_is_told_with_its_line(failure, code, message):
    assert failure({"page.qmd": page(code), "helper.py": "def f():\n    raise KeyError('k')"}) == [message]


def test_a_failing_inline_expression_is_told_with_its_line(failure):
    expected = "page.qmd:3: the inline expression “nosuch” raised NameError: name 'nosuch' is not defined; correct it"
    assert failure({"page.qmd": "A\n\nB `{python} nosuch`\n" + page("1")}) == [expected]


def test_a_failure_in_an_included_file_is_told_there(failure):
    files = {"page.qmd": "A\n\n{{< include part.md >}}\n", "part.md": page("1 / 0")}
    assert failure(files)[0].startswith("part.md:2: the cell raised ZeroDivisionError")


def test_the_failures_of_all_pages_are_told_and_the_other_pages_outputs_are_kept(book):
    with pytest.raises(Refused) as caught:
        book({"a.qmd": page("1 / 0"), "b.qmd": page("2"), "c.qmd": page("nosuch")})
    assert [problem.file for problem in caught.value.problems] == ["a.qmd", "c.qmd"]
    assert list(caught.value.partial) == [1]


def test_a_cell_that_never_ends_is_stopped_with_all_that_it_started(failure, tmp_path):
    code = "import subprocess\nchild = subprocess.Popen(['sleep', '6000'])\nopen('pid', 'w').write(str(child.pid))\nwhile True: pass"
    assert failure({"page.qmd": page(code)}, limits=Limits(1.5)) == [
        "page.qmd:1: the cell used more than 1.5 s of processor time; make it faster, or allow more: LIMIT=15"
    ]
    assert gone(int((tmp_path / "pid").read_text()))


@pytest.mark.parametrize("backend", ["fork", "jupyter"])
def test_a_cell_that_waits_is_stopped_by_the_clock_alone(failure, backend):
    """It uses no processor time, as on a machine that is so busy that nothing goes on."""
    said = failure({"page.qmd": page("import time\ntime.sleep(300)")}, backend=backend, limits=Limits(100, clock=1))
    assert said[0].startswith("page.qmd:1: the cell was not done after 1 s; find what it waits for")


def test_what_programs_use_that_a_cell_starts_is_its_own(failure):
    code = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'while True: pass'])"
    (message,) = failure({"page.qmd": page(code)}, limits=Limits(1))
    assert message.startswith("page.qmd:1: the cell used more than 1 s of processor time")


def gone(pid: int) -> bool:
    """Whether a process ends within ten minutes (one that is dead and not yet collected has ended)."""
    state = Path(f"/proc/{pid}/stat")
    for _ in range(12_000):
        if not state.exists() or ") Z " in state.read_text():
            return True
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes under /proc")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_a_build_that_is_stopped_leaves_no_cell_running(tmp_path, end):
    (tmp_path / "page.qmd").write_text(page("import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(6000)"))
    program = (
        "from pathlib import Path; from surveybook.render.execution import run_cells; from surveybook.render.source import read_page;"
        "from surveybook.render.settings import Settings; import sys; root = Path(sys.argv[1]);"
        "run_cells([read_page(Path('page.qmd'), root, Settings(), {})], root)"
    )
    build = subprocess.Popen([sys.executable, "-c", program, tmp_path], cwd=ROOT, stderr=subprocess.DEVNULL)
    note = tmp_path / "pid"
    while build.poll() is None and not (note.exists() and note.read_text()):
        time.sleep(0.05)
    build.send_signal(end)
    build.wait()
    assert gone(int(note.read_text()))


STUBBORN = """import os, signal, subprocess
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "6000"])
open("pids", "w").write(f"{os.getpid()} {child.pid} {os.getppid()}\\n")
while True: pass"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes under /proc")
@pytest.mark.parametrize("killed", ["the runner", "the group", "who asked"])
def test_cells_end_with_who_runs_them_however_that_dies(killed, tmp_path):
    task = {"root": str(tmp_path), "limits": asdict(Limits(1e5, 1e6)), "workers": 1,
            "jobs": [{"cwd": str(tmp_path), "setup": "", "steps": [{"code": STUBBORN, "error": False}]}]}
    with subprocess.Popen([sys.executable, "-P", Path(runner.__file__).with_name("__main__.py")], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                          start_new_session=True, text=True) as process:
        process.stdin.write(json.dumps(task) + "\n")
        process.stdin.flush()
        note = tmp_path / "pids"
        for _ in range(12_000):  # ten minutes
            if note.exists() and note.read_text().endswith("\n"):
                break
            time.sleep(0.05)
        if killed == "who asked":
            process.send_signal(signal.SIGSTOP)  # it can do nothing itself
            process.stdin.close()
        else:
            (os.killpg if killed == "the group" else os.kill)(process.pid, signal.SIGKILL)
        assert [gone(int(pid)) for pid in note.read_text().split()] == [True, True, True]


def test_a_module_that_never_ends_is_told_where_a_cell_imports_it(failure):
    files = {"page.qmd": page("import endless"), "endless.py": "while True: pass"}
    (message,) = failure(files, limits=Limits(0.5))
    assert message.startswith("page.qmd:1: the cell used more than 0.5 s of processor time")


@pytest.mark.parametrize("code", ["print('x' * 50_000_000)", "while True: print('x' * 1000)"])
def test_a_cell_that_prints_too_much_is_stopped(failure, code):
    assert failure({"page.qmd": page(code)}) == ["page.qmd:1: the cell printed or showed more than 20 MB; show less"]


# -- both back ends ----------------------------------------------------------------------------------------------------

SHOWS = [
    "print(1)\nprint({'a', 'b', 'c'})",
    "import sys\nprint('out')\nprint('err', file=sys.stderr)\ndisplay({'b': 1})\nprint('more')",
    "import warnings\nwarnings.warn('careful')",
    "#| error: true\nimport helper\nhelper.fail()",
    "#| error: true\nx = (",
    "#| eval: false\nnosuch",
    "list(range(40))",
    "from IPython.display import HTML, Markdown, Math, SVG\ndisplay(HTML('<b>'), Markdown('*m*'), Math('x'))\nSVG('<svg></svg>')",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "print('\\x1b[31mred\\x1b[0m\\rover')",
    "x = 1;",
]  # fmt: skip


def test_real_kernels_give_the_same_outputs(book):
    text = page(*SHOWS) + "\n`{python} x` `{python} 'a*b'` `{python} Markdown('*m*')` `{python} Math('x')`\n"
    files = {"page.qmd": text, "helper.py": "def fail():\n    raise ValueError('two\\nlines')\n"}
    forked, real = (book(files, backend=backend)[0] for backend in ("fork", "jupyter"))
    assert real.results == forked.results
    assert real.seen.beyond, "what a kernel reads is not known, so its outputs are never kept"


@pytest.mark.parametrize(
    "code, start",
    [
        ("x = 1\n1 / 0", "page.qmd:3: the cell raised ZeroDivisionError: division by zero;"),
        ("while True: pass", "page.qmd:1: the cell used more than 3 s of processor time;"),
        ("import os\nos._exit(3)", "page.qmd:1: the cell "),
    ],
)
def test_real_kernels_fail_with_the_same_messages(failure, code, start):
    (message,) = failure({"page.qmd": page(code)}, backend="jupyter", limits=Limits(3))
    assert message.startswith(start)


@pytest.mark.parametrize(
    "name, start",
    [
        ("raising-cell", "one.qmd:5: the cell raised ValueError: no such town;"),
        ("raising-inline", "one.qmd:7: the inline expression “missing_name” raised NameError: name 'missing_name'"),
    ],
)
def test_broken_books_fail_at_their_true_line(name, start):
    if not PUBLIC.is_dir():
        pytest.skip("the broken books are not here")
    root = PUBLIC / "bad" / name
    with pytest.raises(Refused) as caught:
        run_cells([read_page(Path("one.qmd"), root, read_settings(root / "_quarto.yml", root, "quarto"), {})], root)
    assert str(caught.value).startswith(start)


def test_an_unknown_back_end_is_an_error(cells):
    with pytest.raises(ValueError, match="unknown back end 'nosuch'"):
        cells("1", backend="nosuch")


def test_the_processes_of_pages_end_although_their_runner_was_killed_and_forgotten_first():
    """By who kills it with a group of processes; the number of the runner is nobody's then."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    page = subprocess.Popen(["sleep", "6000"], start_new_session=True)
    reading, writing = os.pipe()
    script = f"from surveybook.render.runner.pages import Guard; Guard.keep({reading}, {gone.pid})"
    guard = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.DEVNULL, pass_fds=[reading], cwd=ROOT)
    os.write(writing, f"+{page.pid}\n".encode())
    while select.select([reading], [], [], 0)[0]:  # until it has read that, and looks for the runner
        time.sleep(0.01)
    time.sleep(0.1)
    os.close(writing)
    assert guard.wait() == 0 and page.wait() == -signal.SIGKILL
    os.close(reading)


# A module that reads what it is asked for, once, and keeps it as a list that pages may change
KEEPER = """import os
_kept = {}
def __getattr__(name):
    if name.startswith("_"): raise AttributeError(name)
    if name not in _kept:
        _kept[name] = [open(f"{name}.txt").read(), os.urandom(8).hex()]
        READS
    return _kept[name]
"""


@pytest.mark.parametrize("reads", ["shared", "print('read', end=' ')", "open('log', 'a').close()", "os.system('true')",
                                   "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()"])
def test_what_pages_import_is_read_once_for_them_and_only_what_they_import_counts(book, reads):
    pages = {"a": ("from keeper import one\none", "one.append('a')"), "b": ("from keeper import one\none",),
             "c": ("from keeper import two, one\none",), "d": ("from keeper import two, one\none",),
             "e": ("import keeper\nkeeper._kept",)}
    keeper = {"keeper.py": KEEPER.replace("READS", "pass" if reads == "shared" else reads), "one.txt": "1", "two.txt": "2"}
    outputs = dict(zip(pages, book(keeper | {f"{name}.qmd": page(*codes) for name, codes in pages.items()}), strict=True))
    shown = {name: "".join(one.data["text/plain"] for one in made.results[0]) for name, made in outputs.items()}
    said = "read " if "print" in reads else ""
    assert len({shown[name].removeprefix(said) for name in "abcd"}) == (1 if reads == "shared" else 4)
    assert all(len(shown[name].split()) == 2 + said.count(" ") * (2 if name in "cd" else 1) for name in "abcd")
    assert shown["e"] == "{}"  # nobody's reading is there but a page's own
    read = {name: {"one.txt", "two.txt"} & set(made.seen.read) for name, made in outputs.items()}
    assert read == {"a": {"one.txt"}, "b": {"one.txt"}, "e": set()} | dict.fromkeys("cd", {"one.txt", "two.txt"})
