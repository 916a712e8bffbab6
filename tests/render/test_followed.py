"""Whatever a cell reads through, the cache knows of it: the page runs again, and no other."""

# ruff: noqa: E501 - in tables, an input and its message stand in one line

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from plain_book import HEAD, QUARTO, cell, make_book, write

from surveybook.render.build import build
from surveybook.render.cache import Cache
from surveybook.render.execution import run_cells
from surveybook.render.settings import Settings, read_settings
from surveybook.render.source import read_page


@pytest.fixture
def book(tmp_path) -> Callable[..., Path]:
    """book(files): a book of three pages, some of its files replaced, with a last good site."""
    return lambda files=None: make_book(tmp_path / "a book", files)


SQLITE = (
    "import sqlite3\nfor name, value in (('1', 1), ('2', 2)):\n    with sqlite3.connect(name) as base:\n"
    "        base.execute('create table t(a)'); base.execute('insert into t values(?)', (value,))\n"
)
NUMPY = "import numpy\nfor value in (1, 2): numpy.save(open(str(value), 'wb'), numpy.array([value] * 5))\n"
WAYS_TO_READ = {  # how a page's cell reads its file F, and what makes the two contents of it (default: the texts 1 and 2)
    "open": ("open('F').read()", ""),
    "pathlib": ("__import__('pathlib').Path('F').read_bytes()", ""),
    "os.open": ("import os; os.read(os.open('F', os.O_RDONLY), 99)", ""),
    "a thread": ("import threading; thread = threading.Thread(target=lambda: open('F').read()); thread.start(); thread.join()", ""),
    "another folder": ("import os; os.chdir('data'); open('../F').read()", ""),
    "an absolute path": ("import os; open(os.path.abspath('F')).read()", ""),
    "exec": ("exec(open('F').read())", ""),
    "runpy": ("import runpy; runpy.run_path('F')", ""),
    "%run": ("%run ./F", ""),
    "a list of lines": ("import linecache; linecache.getlines('F')", ""),
    "pandas, with its C parser": ("import pandas; pandas.read_csv('F', engine='c')", ""),
    "pandas, with Python's": ("import pandas; pandas.read_csv('F', engine='python')", ""),
    "numpy.loadtxt": ("import numpy; numpy.loadtxt('F')", ""),
    "numpy.fromfile": ("import numpy; numpy.fromfile('F', dtype='u1')", ""),
    "numpy.load": ("import numpy; numpy.load('F')", NUMPY),
    "numpy's maps of memory": ("import numpy; numpy.load('F', mmap_mode='r')", NUMPY),
    "SQLite": ("import sqlite3; sqlite3.connect('F').execute('select * from t').fetchall()", SQLITE),
    "SQLite by address": ("import sqlite3; sqlite3.connect('file:F?mode=ro', uri=True).execute('select * from t').fetchall()", SQLITE),
}  # fmt: skip
WAYS_TO_IMPORT = {
    "import": "import M",
    "from": "from M import VALUE",
    "within a function": "def f():\n    import M\n    return M.VALUE\nf()",
    "by its name as a text": "import importlib; importlib.import_module('M')",
    "by its file": "from importlib import util\nspec = util.spec_from_file_location('x', 'M.py')\nspec.loader.exec_module(util.module_from_spec(spec))",
    "and forgotten": "import sys, M\ndel sys.modules['M']",
    "run as a program": "import runpy; runpy.run_module('M')",
    "perhaps": "try:\n    import M, nosuch\nexcept ImportError: pass",
    "in the package": "import package.M",
    "by the package": "import packageM",
    "its data": "import pkgutil; pkgutil.get_data('package', 'M.py')",
    "its resources": "from importlib import resources; resources.files('package').joinpath('M.py').read_text()",
}  # fmt: skip


class Kept:
    """A book that was run once, each cell a page; which pages would be run again now?"""

    def __init__(self, root: Path, codes: list[str]):
        self.root = root
        write(root, {f"p{number}.qmd": cell(code) for number, code in enumerate(codes)})
        settings = Settings({"project": {"execute-dir": "project"}})
        self.sources = [read_page(Path(f"p{number}.qmd"), root, settings, {}) for number in range(len(codes))]
        time.sleep(0.1)  # what is as young as the run might have changed while it ran
        run_cells(self.sources, root, cache=Cache(root))

    def stale(self) -> set[int]:
        cache = Cache(self.root)
        return {number for number, source in enumerate(self.sources) if cache.get(source) is None}

    def stale_with(self, name: str, content: bytes | None) -> set[int]:
        """Which are stale while a file has another content, or (None) is not there."""
        path = self.root / name
        before = path.read_bytes() if path.is_file() else None
        path.unlink() if content is None else path.write_bytes(content)
        found = self.stale()
        path.unlink() if before is None else path.write_bytes(before)
        return found


def test_however_a_file_is_read_its_change_makes_that_page_run_again_and_no_other(tmp_path):
    made: dict[str, tuple[bytes, bytes]] = {"": (b"1", b"2")}
    for way in (NUMPY, SQLITE):
        folder = tmp_path / str(len(made))
        folder.mkdir()
        subprocess.run([sys.executable, "-c", way], cwd=folder, check=True)
        made[way] = ((folder / "1").read_bytes(), (folder / "2").read_bytes())
    book = tmp_path / "book"
    write(book, {f"data/f{number}": made[way][0] for number, (_, way) in enumerate(WAYS_TO_READ.values())})
    kept = Kept(book, [code.replace("F", f"data/f{number}") for number, (code, _) in enumerate(WAYS_TO_READ.values())])
    assert kept.stale() == set()
    for number, (kind, (_, way)) in enumerate(WAYS_TO_READ.items()):
        assert kept.stale_with(f"data/f{number}", made[way][1]) == {number}, kind
        assert kept.stale_with(f"data/f{number}", None) == {number}, kind
        os.utime(book / f"data/f{number}")
    assert kept.stale() == set(), "only touched"


def test_however_a_module_is_imported_its_change_makes_that_page_run_again_and_no_other(tmp_path):
    names = {kind: f"m{number}" for number, kind in enumerate(WAYS_TO_IMPORT)}
    modules = {f"{name}.py": "VALUE = 1\n" for name in names.values()}
    inside = {f"package/{name}.py": "VALUE = 1\n" for name in names.values()}
    write(tmp_path, {**modules, **inside, "package/__init__.py": ""})
    by = names["by the package"]
    write(tmp_path, {f"package{by}/__init__.py": f"from .{by} import VALUE", f"package{by}/{by}.py": "VALUE = 1\n"})
    kept = Kept(tmp_path, [code.replace("M", names[kind]) for kind, code in WAYS_TO_IMPORT.items()])
    assert kept.stale() == set()
    places = {"in the package": "package/", "its data": "package/", "its resources": "package/", "by the package": f"package{by}/"}
    for number, kind in enumerate(WAYS_TO_IMPORT):
        assert kept.stale_with(f"{places.get(kind, '')}{names[kind]}.py", b"VALUE = 2\n") == {number}, kind
    assert kept.stale_with("nosuch.py", b"") == {list(WAYS_TO_IMPORT).index("perhaps")}, "it is there now"


def test_what_is_looked_for_in_vain_and_what_is_listed_is_known_too(tmp_path):
    looks = [
        "try: open('later.csv')\nexcept OSError: pass",
        "import glob; glob.glob('data/*.csv')",
        "import os; list(os.walk('data'))",
        "import pathlib; sorted(pathlib.Path('data').rglob('*.csv'))",
        "open('outside/a.csv').read()",
        "print(1)",
    ]
    outside = tmp_path / "outside"
    write(tmp_path / "book", {"data/a.csv": "1", "data/deep/a.csv": "1"})
    write(outside, {"a.csv": "1"})
    (tmp_path / "book" / "outside").symlink_to(outside)
    kept = Kept(tmp_path / "book", looks)
    assert kept.stale() == set()
    assert kept.stale_with("later.csv", b"1") == {0}
    assert kept.stale_with("data/b.csv", b"1") == {1, 2, 3}
    assert kept.stale_with("data/deep/b.csv", b"1") == {2, 3}
    assert kept.stale_with("data/a.csv", b"2") == set(), "only its name was read"
    assert kept.stale_with("../outside/a.csv", b"2") == {4}


def test_a_file_replaced_by_an_older_one_while_the_page_runs_is_noticed(tmp_path):
    root, begun, done = tmp_path / "book", tmp_path / "begun", tmp_path / "done"
    write(root, {"new.csv": "1", "other.csv": "1", "old.csv": "2"})
    os.utime(root / "old.csv", (1e9, 1e9))
    waits = f"while not os.path.exists({str(done)!r}): time.sleep(0.02)"
    reads = f"import os, time\nopen('{{}}').read()\nopen({str(begun)!r}, 'a').close()\n{waits}"

    def replace() -> None:
        while not begun.exists():
            time.sleep(0.02)
        (root / "old.csv").replace(root / "new.csv")
        done.touch()

    somebody = threading.Thread(target=replace)
    somebody.start()
    kept = Kept(root, [reads.format("new.csv"), reads.format("other.csv")])
    somebody.join()
    assert kept.stale() == {0}


def test_an_entry_with_a_right_sum_and_a_wrong_body_is_no_entry(tmp_path):
    """Another program, or an older renderer, may have written there."""
    from surveybook.store import Store

    kept, store = Kept(tmp_path, ["print(1)"]), Store(tmp_path, "outputs", "")
    name = kept.sources[0].file
    entry = json.loads(store.read(name))
    assert kept.stale() == set()
    for body in ["7", "[]", *(json.dumps({**entry, key: value}) for key, value in {
            "results": 7, "seen": [], "depends": None, "key": "x"}.items())]:
        store.write(name, body.encode())
        assert kept.stale() == {0}, body


def test_settings_of_the_book_that_change_no_output_run_nothing(book):
    root = book({"one.qmd": HEAD + cell("print(1)")})
    build(root)
    write(root, {"_quarto.yml": QUARTO.replace("Small", "Other"), "two.qmd": "# Two {#sec-two}\n\nOther.\n"})
    told: list[str] = []
    build(root, progress=told.append)
    assert told == ["making pages"]
    assert read_settings(root / "_quarto.yml", root, "quarto").get("book", "title") == "Other"
