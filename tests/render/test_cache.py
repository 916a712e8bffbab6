"""A page is run again when, and only when, something that its cells depend on has changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from project import ROOT

from surveybook.render import cache as module
from surveybook.render.cache import Cache
from surveybook.render.cells import Outputs
from surveybook.render.execution import run_cells
from surveybook.render.headings import write_headings
from surveybook.render.problems import Refused
from surveybook.render.settings import Settings
from surveybook.render.source import read_page
from surveybook.store import FOLDER as STORE
from surveybook.store import Store

PAGE = """# Title

```{python}
import helper, os
print(helper.value(), open("data/a.csv").read(), sorted(os.listdir("data")))
```

Words `{python} helper.value()`.
"""
FILES = {
    "page.qmd": PAGE,
    "other.qmd": "```{python}\n1\n```\n",
    "helper.py": "import deeper\ndef value(): return deeper.VALUE\n",
    "deeper.py": "VALUE = 1\n",
    "unused.py": "VALUE = 1\n",
    "data/a.csv": "a",
    "data/b.csv": "b",
    "requirements.txt": "pandas==1\n",
    "_quarto.yml": "",
}


class Book:
    """A small book, and which of its pages were run in a build."""

    def __init__(self, root: Path):
        self.root = root
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text, encoding="utf-8")

    def build(self, **options) -> tuple[list[Outputs], set[str]]:
        settings = Settings({"project": {"execute-dir": "project"}, "execute": options})
        sources = [read_page(Path(name), self.root, settings, {}) for name in ("page.qmd", "other.qmd")]
        told: list[str] = []
        self.cache, headings = Cache(self.root), write_headings(self.root, sources)
        outputs = run_cells(sources, self.root, cache=self.cache, progress=told.append, environment=headings)
        return outputs, {line.partition(" ")[2] for line in told}

    def ran(self, **options) -> set[str]:
        return self.build(**options)[1]


@pytest.fixture
def book(tmp_path) -> Book:
    """A book that has been built once."""
    book = Book(tmp_path)
    assert book.ran() == {"page.qmd", "other.qmd"}
    return book


def test_an_unchanged_book_runs_nothing_and_gives_the_same(tmp_path):
    book = Book(tmp_path)
    first, second = book.build(), book.build()
    assert second == (first[0], set())


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("page.qmd", "print(helper", "print(0, helper"),
        ("page.qmd", "`{python} helper.value()`", "`{python} helper.value() + 1`"),
        ("page.qmd", "import helper, os", "#| error: true\nimport helper, os"),
        ("helper.py", "return", "return 1 +"),
        ("deeper.py", "1", "2"),
        ("data/a.csv", "a", "changed"),
    ],
    ids=["a cell", "an inline expression", "an option", "a module", "a module's module", "data"],
)
def test_what_one_page_depends_on_makes_that_page_run(book, name, old, new):
    book.write(name, FILES[name].replace(old, new))
    assert book.ran() == {"page.qmd"}
    assert book.ran() == set()


def test_a_new_file_in_a_folder_that_was_listed_makes_the_page_run(book):
    book.write("data/c.csv", "c")
    assert book.ran() == {"page.qmd"}


def test_what_python_compiled_in_the_meantime_is_no_new_file(tmp_path):
    book = Book(tmp_path)
    book.write("tool/naming.py", "")
    book.write("tool/__pycache__/naming.pyc", "")
    book.write("page.qmd", PAGE.replace("import helper, os", "import helper, os, pathlib\n"
                                        "list(pathlib.Path('tool').rglob('*.py')), os.listdir('tool')"))
    assert book.ran() == {"page.qmd", "other.qmd"}
    book.write("tool/__pycache__/other.pyc", "")
    assert book.ran() == set()


def test_the_first_build_of_a_fresh_checkout_keeps_what_pages_gave(tmp_path):
    """Python writes what it compiles beside the modules of the tool, while pages look through its folders."""
    ignored = shutil.ignore_patterns("__pycache__", "skeleton", "theme")
    shutil.copytree(ROOT / "surveybook", tmp_path / "surveybook", ignore=ignored)
    chapters = "project: {type: book, execute-dir: project}\nbook: {chapters: [index.qmd]}\n"
    (tmp_path / "_quarto.yml").write_text(chapters)
    (tmp_path / "index.qmd").write_text("# Page\n\n```{python}\nimport pathlib\n"
                                        "len(list(pathlib.Path('surveybook').rglob('*.py'))) > 9\n```\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-m", "surveybook", "render", str(tmp_path)]
    told = [subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stderr
            for _ in range(2)]
    assert ["1/1 index.qmd" in said for said in told] == [True, False]
    assert (tmp_path / "surveybook" / "render" / "runner" / "__pycache__").is_dir()


def test_a_file_that_is_gone_makes_the_page_run(book):
    (book.root / "deeper.py").rename(book.root / "gone.py")
    with pytest.raises(Refused, match="No module named 'deeper'"):
        book.build()


def test_what_the_tool_keeps_by_the_hash_of_all_it_depends_on_is_passed_over(book, monkeypatch):
    """Entries of surveybook.store are read and written by cells; what they are made from is followed by itself."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    asking = "from pathlib import Path\nfrom surveybook.store import Store\n" \
             "text = open('data/a.csv').read()\nprint(Store(Path.cwd(), 'kind', '1').get(text, text.upper().encode))"
    book.write("page.qmd", f"```{{python}}\n{asking}\n```\n")
    outputs, ran = book.build()
    entries = list((book.root / STORE / "kind").iterdir())
    assert ran == {"page.qmd"} and len(entries) == 1
    assert not any(".cache" in path for path in (*outputs[0].seen.read, *outputs[0].seen.written))
    assert book.ran() == set()
    entries[0].unlink()
    assert book.ran() == set(), "an entry that is gone is not missed"
    book.write("data/a.csv", "changed")
    outputs, ran = book.build()
    assert ran == {"page.qmd"} and "CHANGED" in str(outputs[0].results)


def test_cells_that_ask_where_a_section_is_depend_on_the_headings_and_on_no_prose(book):
    asking = "import json, os\nprint(json.load(open(os.environ['SURVEYBOOK_HEADINGS'])))"
    book.write("page.qmd", f"# Title {{#sec-a}}\n\n```\n# code\n```\n\n```{{python}}\n# code\n{asking}\n```\n")
    book.write("other.qmd", "Under\n=====\n\n## *Two* words {.x #sec-b}\n")
    outputs, ran = book.build()
    shown = "{'page.qmd': [[1, 'Title', 'sec-a']], 'other.qmd': [[1, 'Under', ''], [2, '*Two* words', 'sec-b']]}\n"
    assert ran == {"page.qmd"} and outputs[0].results[0][0].data["text/plain"] == shown
    book.write("other.qmd", "Under\n=====\n\nProse.\n\n## *Two* words {.x #sec-b}\n\nMore prose.\n")
    assert book.ran() == set()
    book.write("other.qmd", "Under\n=====\n\n## Other words {#sec-b}\n")
    assert book.ran() == {"page.qmd"}


def test_a_record_tells_what_was_read_and_whether_all_is_known(book, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a.csv").write_text("a")
    asking = f"import os\nos.chdir({str(outside)!r})\nopen('a.csv').read(), os.listdir()\nopen('b.csv')"
    book.write("page.qmd", f"```{{python}}\n#| error: true\n{asking}\n```\n")
    book.build()
    outputs, _ = book.build()
    record = book.cache.record(outputs)
    assert record["kept"] is True
    for name, content in ((outside, b"a.csv"), (outside / "a.csv", b"a")):
        assert record["read"][str(name)] == hashlib.sha256(content).hexdigest()
    assert record["read"][str(outside / "b.csv")] == "missing"
    assert not any(path.startswith((str(book.root), sys.prefix)) for path in record["read"])
    book.write("page.qmd", "```{python}\nimport os\nos.system('true')\n```\n")
    outputs, _ = book.build()
    assert book.cache.record(outputs)["kept"] is False


def test_the_locked_requirements_the_renderer_and_python_make_every_page_run(book, monkeypatch, tmp_path_factory):
    book.write("requirements.txt", "pandas==2\n")
    assert book.ran() == {"page.qmd", "other.qmd"}
    monkeypatch.setattr(sys, "version", "4.0")
    assert book.ran() == {"page.qmd", "other.qmd"}
    changed = tmp_path_factory.mktemp("renderer")
    (changed / "execute.py").write_text("# another renderer")
    monkeypatch.setattr(module, "__file__", str(changed / "cache.py"))
    assert book.ran() == {"page.qmd", "other.qmd"}


TOOL = {"__init__.py": "", "counting.py": "from surveybook import naming\ndef count(): return 1, naming.NAME\n",
        "naming.py": "NAME = 'a'\n", "unused.py": "", "words.yaml": "words"}
ASKING = "```{python}\nfrom surveybook.counting import count\nprint(count())\n```\n\nProse.\n"


@pytest.mark.parametrize("place", ["the book's folder", "elsewhere"])
def test_another_module_of_a_tool_that_is_developed_runs_its_cells(place, book, tmp_path_factory, monkeypatch):
    folder = book.root
    if place == "elsewhere":
        folder = tmp_path_factory.mktemp("elsewhere")
        monkeypatch.setenv("PYTHONPATH", str(folder))
    (folder / "surveybook").mkdir()
    for name, text in TOOL.items():
        (folder / "surveybook" / name).write_text(text)
    book.write("page.qmd", ASKING)
    assert book.ran() >= {"page.qmd"}
    assert book.ran() == set()
    (folder / "surveybook" / "naming.py").write_text("NAME = 'b'\n")
    outputs, ran = book.build()
    assert "page.qmd" in ran and "b" in str(outputs[0].results)
    (folder / "surveybook" / "unused.py").write_text("1")
    book.write("page.qmd", ASKING.replace("Prose", "Other prose"))
    assert book.ran() == set()


@pytest.mark.parametrize("name", ["surveybook/naming.py", "surveybook/words.yaml", "surveybook-2.dist-info",
                                  "scipy-9.dist-info"])
def test_another_version_or_content_of_what_is_installed_runs_all_cells(name, book, tmp_path_factory, monkeypatch):
    installed = tmp_path_factory.mktemp("installed")
    (installed / "surveybook").mkdir()
    for file, text in TOOL.items():
        (installed / "surveybook" / file).write_text(text)
    monkeypatch.setattr(sys, "path", [*sys.path, str(installed)])
    assert book.ran() == {"page.qmd", "other.qmd"}
    assert book.ran() == set()
    (installed / name).write_text("another")
    book.write("page.qmd", PAGE.replace("Words", "Other words"))
    assert book.ran() == {"page.qmd", "other.qmd"}
    assert book.ran() == set()


@pytest.mark.parametrize(
    "name, text",
    [
        ("page.qmd", PAGE.replace("Words", "Other words,\n\nmore of them: ")),
        ("page.qmd", PAGE.replace("import helper", "#| echo: false\nimport helper")),
        ("unused.py", "VALUE = 2\n"),
        ("data/b.csv", "changed"),
        ("new.txt", "new"),
    ],
    ids=["prose", "how a cell is shown", "a module nobody imports", "data nobody reads", "a new file"],
)
def test_what_no_cell_depends_on_runs_nothing(book, name, text):
    book.write(name, text)
    assert book.ran() == set()


def test_a_search_for_what_is_installed_reads_no_folder_of_the_book(book):
    asking = PAGE.replace("import helper", "from importlib import metadata; metadata.version('scipy')\nimport helper")
    book.write("page.qmd", asking)
    assert book.ran() == {"page.qmd"}
    book.write("new.txt", "new")
    assert book.ran() == set()


def kept(root: Path, name: str) -> Path:
    """The file that keeps the outputs of a page."""
    store = Store(root, "outputs", "")
    return store.folder / store._name(name)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-20]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"stdout", b"stdOut")),
        lambda path: path.write_bytes(b"\xff\x00" * 50),
        lambda path: path.write_text('{"key": "foreign"}'),
        lambda path: (path.unlink(), path.mkdir()),
    ],
    ids=["emptied", "cut short", "one letter changed", "not text", "not ours", "a folder"],
)
def test_a_damaged_entry_is_not_trusted(book, damage):
    before, _ = book.build()
    entry = kept(book.root, "page.qmd")
    damage(entry)
    after, ran = book.build()
    assert ran == {"page.qmd"}
    assert after == before


def test_a_module_that_every_page_imports_is_imported_once_and_counts_for_each(book):
    """Each page says the process that imported the module; what the module reads, and itself, count for both."""
    once = "import os\nWHO = os.getpid(), open('data/b.csv').read()\ndef value(): return WHO[1]\n"
    book.write("helper.py", once)
    for name in ("page.qmd", "other.qmd"):
        book.write(name, "```{python}\nimport helper\nhelper.WHO\n```\n")
    (page, other), _ = book.build()
    assert page.results == other.results
    assert book.ran() == set()
    book.write("data/b.csv", "c")
    assert book.ran() == {"page.qmd", "other.qmd"}
    book.write("helper.py", once + "# edited\n")
    assert book.ran() == {"page.qmd", "other.qmd"}
    book.write("helper.py", f"print('hello')\n{once}")
    (page, other), _ = book.build()
    assert "hello" in str(page.results) and "hello" in str(other.results)
    assert page.results != other.results, "what prints is imported by each"
    book.write("helper.py", "print('hello')\n1 / 0\n")
    with pytest.raises(Refused, match=r"(?s)other.qmd:2: the cell raised Zero.*page.qmd:2: the cell raised Zero"):
        book.build()


def test_an_entry_of_another_page_is_not_trusted(book):
    page, other = (kept(book.root, name) for name in ("page.qmd", "other.qmd"))
    page.write_bytes(other.read_bytes())
    assert book.ran() == {"page.qmd"}


@pytest.mark.parametrize(
    "code",
    ["import subprocess\nsubprocess.run(['true'])", "import os\nos.system('true')", "open('made.txt', 'w').write('x')"],
    ids=["a program", "a shell", "a written file"],
)
def test_nothing_is_kept_where_the_dependencies_cannot_be_known(book, code):
    book.write("page.qmd", f"```{{python}}\n{code}\n```\n")
    assert book.ran() == {"page.qmd"}
    assert book.ran() == {"page.qmd"}


def test_a_file_that_changes_while_cells_run_keeps_nothing(book):
    book.write("page.qmd", "```{python}\nopen('data/a.csv').read()\nimport os\nos.utime('data/a.csv')\n```\n")
    assert book.ran() == {"page.qmd"}
    assert book.ran() == {"page.qmd"}


def test_a_file_that_changes_between_the_look_at_it_and_the_run_keeps_nothing(book):
    """What was looked at has one digest, and what the cells read another: put back, the old one must not call for the
    output of the other."""
    class Slow(Cache):
        def get(self, source):
            found = super().get(source)
            book.write("data/a.csv", "between")
            return found

    settings = Settings({"project": {"execute-dir": "project"}})
    page = read_page(Path("page.qmd"), book.root, settings, {})
    book.write("helper.py", "def value(): return 'so that the page is run again'\n")
    run_cells([page], book.root, cache=Slow(book.root))
    book.write("data/a.csv", FILES["data/a.csv"])
    assert Cache(book.root).get(page) is None


def test_failures_are_never_kept(book):
    book.write("page.qmd", "```{python}\n1 / 0\n```\n")
    for _ in range(2):
        with pytest.raises(Refused):
            book.build()


def test_a_folder_that_cannot_be_written_to_costs_time_and_not_the_build(tmp_path):
    book = Book(tmp_path)
    (tmp_path / ".cache").write_text("a file in the way")
    assert book.ran() == book.ran() == {"page.qmd", "other.qmd"}


def test_no_half_written_entry_is_left(book):
    assert set((book.root / ".cache" / "store" / "outputs").iterdir()) == {
        kept(book.root, name) for name in ("page.qmd", "other.qmd")}


# -- what an edit might hide -------------------------------------------------------------------------------------------


def test_an_edit_within_the_same_second_is_seen(book):
    path = book.root / "deeper.py"
    status = path.stat()
    path.write_text("VALUE = 7\n", encoding="utf-8")  # as long as before
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    outputs, ran = book.build()
    assert "page.qmd" in ran and "7" in str(outputs[0].results)


def test_a_module_that_takes_the_place_of_another_is_seen(book):
    (book.root / "helper").mkdir()
    book.write("helper/__init__.py", "def value(): return 'a package goes before a module'\n")
    outputs, ran = book.build()
    assert ran == {"page.qmd"} and "goes before" in str(outputs[0].results)


def test_a_module_that_takes_the_place_of_one_that_a_function_imports_is_seen(tmp_path):
    book = Book(tmp_path)
    book.write("helper.py", "import colorsys\ndef value():\n    import colorsys as late\n    return late.__file__\n")
    book.build()
    book.write("colorsys.py", "")
    outputs, ran = book.build()
    assert ran == {"page.qmd"} and str(book.root / "colorsys.py") in str(outputs[0].results)
    book.write("helper.py", "def value():\n    import wave as late\n    return late.__file__\n")
    book.build()
    book.write("wave.py", "")
    outputs, ran = book.build()
    assert ran == {"page.qmd"} and str(book.root / "wave.py") in str(outputs[0].results)


def test_data_outside_the_book_are_followed(tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text("1", encoding="utf-8")
    (tmp_path / "book").mkdir()
    book = Book(tmp_path / "book")
    book.write("page.qmd", f"```{{python}}\nprint(open({str(outside)!r}).read())\n```\n")
    book.build()
    assert book.build()[1] == set()
    outside.write_text("2", encoding="utf-8")
    outputs, ran = book.build()
    assert ran == {"page.qmd"} and "2" in str(outputs[0].results)


def test_a_copied_book_does_not_trust_the_entries_it_came_with(book, tmp_path):
    other = Book.__new__(Book)
    other.root = shutil.copytree(book.root, tmp_path / "copy")
    assert other.build()[1] == {"page.qmd", "other.qmd"}
