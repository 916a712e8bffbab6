"""Whatever goes wrong ends in the right site, or in one clear sentence and the last good site as it was.

Every book here is real, and so is the fault. What the parts do by themselves is tested with them: what a cell shows and
how it fails in test_execution.py, what makes a page run again in test_cache.py, how a page is read in test_source.py.
"""

# ruff: noqa: E501 - in tables, an input and its message stand in one line

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from project import ROOT

from surveybook.publish.build import Failed
from surveybook.publish.build import build as publish
from surveybook.publish.builders import choose
from surveybook.render.build import build
from surveybook.render.cache import Cache
from surveybook.render.execution import run_cells
from surveybook.render.problems import Refused
from surveybook.render.settings import Settings, read_settings
from surveybook.render.source import read_page

QUARTO = """\
project:
  type: book
  output-dir: site
  execute-dir: project
lang: en
book:
  title: "Small"
  chapters: [index.qmd, one.qmd, two.qmd]
bibliography: refs.bib
"""
HEAD = "# One {#sec-one}\n\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'
FILES: dict[str, str | bytes] = {
    "_quarto.yml": QUARTO,
    "index.qmd": "# Home {.unnumbered}\n\nWelcome.\n",
    "one.qmd": f"{HEAD}Text.\n",
    "two.qmd": "# Two {#sec-two}\n\nText.\n",
    "refs.bib": "@book{moss, author={Moss, Ada}, title={Peat}, publisher={Bog}, year={2001}}\n",
}
GOOD = '<html><link rel="stylesheet" href="site_libs/base.css">the last good one</html>'


def write(root: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def cell(code: str) -> str:
    return f"```{{python}}\n{code}\n```\n\n"


@pytest.fixture
def book(tmp_path) -> Callable[..., Path]:
    """book(files): a book of three pages, some of its files replaced, with a last good site."""

    def make(files: dict[str, str | bytes] | None = None) -> Path:
        root = tmp_path / "a book"
        write(root, FILES | {"site/index.html": GOOD} | (files or {}))
        return root

    return make


def refusal(root: Path) -> list[str]:
    """What a build says that must leave the last good site, and nothing else, where it was."""
    with pytest.raises(Refused) as refused:
        build(root)
    assert contents(root / "site") == {"index.html": GOOD.encode()}
    assert not list(root.glob(".site*"))
    said = str(refused.value).splitlines()
    assert all(len(line) < 700 and "; " in line for line in said), "what is wrong; what to do"
    return said


# --- files that are not as they should be


def css(text: str | bytes) -> dict[str, str | bytes]:
    return {"_quarto.yml": f"{QUARTO}css: look.css\n", "look.css": text}


LONG = "x" * 300
FAULTS: dict[str, tuple[dict[str, str | bytes], str]] = {
    "a chapter that is not UTF-8": ({"one.qmd": "# One\n\ncafé".encode("latin-1")}, "one.qmd:3: is not UTF-8 text"),
    "an include that is not UTF-8": ({"one.qmd": f"{HEAD}{{{{< include a.md >}}}}\n", "a.md": b"\xe4"}, "a.md:1: is not UTF-8 text"),
    "settings that are not UTF-8": ({"_quarto.yml": QUARTO.encode() + b"x: \xe4\n"}, "_quarto.yml: is not UTF-8 text"),
    "settings in UTF-16": ({"_quarto.yml": QUARTO.encode("utf-16")}, "_quarto.yml: is not UTF-8 text"),
    "variables that are not UTF-8": ({"_variables.yml": b"a: \xe4"}, "_variables.yml: is not UTF-8 text"),
    "a style sheet that is not UTF-8": (css(b"/* \xe4 */"), "_quarto.yml:10: the file look.css is not UTF-8 text"),
    "a bibliography that is not UTF-8": ({"refs.bib": b"@book{m\xf6ss}", "one.qmd": f"{HEAD}[@moss]\n"}, "refs.bib: Pandoc stopped: "),
    "a broken bibliography": ({"refs.bib": "@book{moss, author={", "one.qmd": f"{HEAD}[@moss]\n"}, "refs.bib: Pandoc stopped: "),
    "an empty chapter": ({"one.qmd": ""}, "one.qmd:1: this chapter has no title; begin it with `# Title`"),
    "a chapter of blank lines": ({"one.qmd": " \n\n\n"}, "one.qmd:1: this chapter has no title; begin it with `# Title`"),
    "a chapter that is a folder": ({"_quarto.yml": QUARTO.replace("two", "three"), "three.qmd/a": ""}, "_quarto.yml:8: the chapter three.qmd is no plain file"),
    "an included folder": ({"one.qmd": f"{HEAD}{{{{< include d >}}}}\n", "d/a": ""}, "one.qmd:3: the include d is no plain file"),
    "a code cell with NUL": ({"one.qmd": HEAD + cell("print('\0')")}, "one.qmd:3: the cell raised SyntaxError: source code string cannot contain null bytes"),
    "settings with NUL": ({"_quarto.yml": QUARTO + "x: 'a\0'\n"}, "_quarto.yml:10: _quarto.yml holds the character U+0000, which nothing can show; remove it"),
    "no settings": ({"_quarto.yml": ""}, "_quarto.yml: the chapters do not include index.qmd"),
    "settings that are a list": ({"_quarto.yml": "- a\n- b\n"}, "_quarto.yml:1: _quarto.yml must be `key: value` lines"),
    "settings that are a text": ({"_quarto.yml": "book\n"}, "_quarto.yml:1: _quarto.yml must be `key: value` lines"),
    "settings with tabs": ({"_quarto.yml": QUARTO.replace("  type", "\ttype")}, "_quarto.yml:2: _quarto.yml is not valid YAML"),
    "a key twice": ({"_quarto.yml": QUARTO + "lang: en\n"}, "_quarto.yml:10: the key “lang” stands twice"),
    "merged keys": ({"_quarto.yml": QUARTO + "a: &a {k: 1}\nb:\n  <<: *a\n"}, "_quarto.yml:12: _quarto.yml is not valid YAML (a key that is not plain text)"),
    "two documents": ({"_quarto.yml": QUARTO + "---\na: 1\n"}, "_quarto.yml:10: _quarto.yml is not valid YAML"),
    "a tag that runs code": ({"_quarto.yml": QUARTO + "x: !!python/object/apply:os.system [id]\n"}, "_quarto.yml:10: _quarto.yml is not valid YAML"),
    "brackets without end": ({"_quarto.yml": QUARTO + "x: " + "[" * 1000}, "_quarto.yml:"),
    "aliases of aliases of aliases": ({"_quarto.yml": QUARTO + "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))}, "_quarto.yml:"),
    "an include of itself": ({"one.qmd": f"{HEAD}{{{{< include a.md >}}}}\n", "a.md": "{{< include a.md >}}\n"}, "a.md:1: a.md includes itself"),
    "a link with a name too long for any file": ({"one.qmd": f"{HEAD}[x]({LONG}.html)\n"}, f"one.qmd:3: there is no file {LONG}.html"),
    "a picture with such a name": ({"one.qmd": f"{HEAD}![x]({LONG}.png)\n"}, f"one.qmd:3: there is no picture {LONG}.png"),
    "an include with such a name": ({"one.qmd": f"{HEAD}{{{{< include {LONG}.md >}}}}\n"}, "one.qmd:3: the included"),
    "a chapter with such a name": ({"_quarto.yml": QUARTO.replace("two", LONG)}, f"_quarto.yml:8: there is no file {LONG}.qmd"),
    "a chapter whose name no link can carry": ({"_quarto.yml": QUARTO.replace("two", "it's"), "it's.qmd": "# Two\n"}, "_quarto.yml:8: the name it's.qmd holds “'”"),
    "a bibliography with such a name": ({"_quarto.yml": QUARTO.replace("refs", LONG)}, f"_quarto.yml:9: there is no file {LONG}.bib"),
    "brackets in brackets": ({"one.qmd": f"{HEAD}Text.\n\n{'[' * 5000}x{']' * 5000}\n"}, "one.qmd:5: too many brackets “[” stand in each other, or are never closed, to be read in time; write \\[ for those that are text, or put them into backticks"),
    "quotations in quotations": ({"one.qmd": f"{HEAD}Text.\n\n{'> ' * 20_000}x\n"}, "one.qmd:5: more than 64 lists or quotations begin in each other; begin fewer, or put the line into backticks"),
    "lists in lists": ({"one.qmd": f"{HEAD}Text.\n\n{'- ' * 20_000}x\n"}, "one.qmd:5: more than 64 lists or quotations begin in each other"),
    "HTML in HTML": ({"one.qmd": f"{HEAD}```{{=html}}\n{'<div>' * 100_000}\n```\n"}, "one.qmd: the page has more than 512 elements in each other, at <div> in line 1 of its HTML; nest fewer, or close them"),
    "HTML in HTML of a cell": ({"one.qmd": HEAD + cell("from IPython.display import HTML\nHTML('<b>' * 100_000)")}, "one.qmd: the page has more than 512 elements in each other, at <b> in line "),
    "a resource without a name": ({"_quarto.yml": QUARTO.replace("  type", "  resources: ['']\n  type")}, "_quarto.yml:2: "),
}  # fmt: skip


@pytest.mark.parametrize(("files", "start"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_a_file_is_told_where_it_is(files, start, book):
    said = refusal(book(files))
    assert said[0].startswith(start), said


OPEN = [f"[{number}, {number + 1})" for number in range(40)]  # intervals whose brackets are never closed
BRACKETS = {
    "a few in a sentence": f"Of {' and '.join(OPEN[:12])}.", "formulas": f"Of {' and '.join(f'${one}$' for one in OPEN)}.",
    "items of a list": "\n".join(f"- {one}" for one in OPEN),
    "cells of a table": "| a | b |\n|---|---|\n" + "\n".join(f"| {one} | {one} |" for one in OPEN),
    "text": f"Of {' and '.join(OPEN)}.".replace("[", "\\["), "links": " ".join(f"[{one}](two.qmd)" for one in "abcdefghijklmnopqrst"),
}


@pytest.mark.parametrize("text", BRACKETS.values(), ids=BRACKETS)
def test_brackets_that_can_be_read_in_time_are(text, book):
    root = book({"one.qmd": f"{HEAD}{text}\n"})
    build(root)
    page = (root / "site" / "one.html").read_text(encoding="utf-8")
    assert text.startswith("[") or "[11, 12)" in page


def test_a_folder_without_a_book_is_one_sentence(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere", Path(__file__)):
        with pytest.raises(Refused, match="^_quarto.yml: is not there; restore the file, or mend its name$"):
            build(folder)


WINDOWS = f"\ufeff{HEAD}Text.\n\n{cell('print(6 * 7)')}".replace("\n", "\r\n")


def test_text_of_other_systems_is_read_as_ours(book):
    root = book({"_quarto.yml": f"\ufeff{QUARTO}".replace("\n", "\r\n"), "one.qmd": WINDOWS})
    build(root)
    page = (root / "site" / "one.html").read_text(encoding="utf-8")
    assert "<code>42</code>" in page and "\r" not in page


def test_names_with_spaces_and_other_letters_are_those_of_the_pages(book):
    name = "kapitel ö/日本 & mehr.qmd"
    files = {
        "_quarto.yml": QUARTO.replace("two.qmd", f'"{name}"'),
        name: "# Two {#sec-two}\n\n![x](<ein bild.svg>) @sec-one\n\n" + cell("import os; print(os.path.exists('daten ä.csv'))"),
        "kapitel ö/ein bild.svg": SVG, "daten ä.csv": "1", "one.qmd": f"{HEAD}@sec-two\n",
    }  # fmt: skip
    root = book(files)
    told = publish(root, choose("renderer"), lambda line: None)  # its checks follow the links
    assert told.startswith("site: 3 pages, ")
    assert {"kapitel ö/日本 & mehr.html", "kapitel ö/ein bild.svg"} <= set(contents(root / "site"))


# --- ways out of the book's folder


WAYS_OUT: dict[str, tuple[dict[str, str | bytes], str]] = {
    "an include": ({"one.qmd": f"{HEAD}{{{{< include ../secret.svg >}}}}\n"}, "one.qmd:3: the include ../secret.svg leads out of the folder"),
    "a picture": ({"one.qmd": f"{HEAD}![x](../secret.svg)\n"}, "one.qmd:3: “../secret.svg” leads out of the folder"),
    "a link": ({"one.qmd": f"{HEAD}[x](a/../../secret.svg)\n"}, "one.qmd:3: “a/../../secret.svg” leads out of the folder"),
    "a link in disguise": ({"one.qmd": f"{HEAD}[x](%2e%2e/secret.svg)\n"}, "one.qmd:3: “%2e%2e/secret.svg” leads out of the folder"),
    "HTML": ({"one.qmd": f"{HEAD}<img alt='' src='../secret.svg'>\n"}, "one.qmd:3: “../secret.svg” leads out of the folder"),
    "a chapter": ({"_quarto.yml": QUARTO.replace("two", "../two")}, "_quarto.yml:8: the chapter ../two.qmd leads out of the folder"),
    "a bibliography": ({"_quarto.yml": QUARTO.replace("refs.bib", "../secret.svg")}, "_quarto.yml:9: the file ../secret.svg leads out of the folder"),
    "an icon": ({"_quarto.yml": QUARTO.replace("  title", "  favicon: ../secret.svg\n  title")}, "_quarto.yml:7: the file ../secret.svg leads out of the folder"),
    "a resource": ({"_quarto.yml": QUARTO.replace("  type", "  resources: ../*.svg\n  type")}, "_quarto.yml:2: "),
    "a style sheet": ({"_quarto.yml": f"{QUARTO}css: ../secret.svg\n"}, "_quarto.yml:10: the file ../secret.svg leads out of the folder"),
    "a picture of a style sheet": (css("a { background: url(../secret.svg) }"), "_quarto.yml:10: the file ../secret.svg leads out of the folder"),
    "a header": ({"_quarto.yml": f"{QUARTO}format:\n  html:\n    include-in-header: ../secret.svg\n"}, "_quarto.yml:12: the file ../secret.svg leads out of the folder"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "start"), WAYS_OUT.values(), ids=WAYS_OUT)
def test_a_path_that_leads_out_is_refused(files, start, book, tmp_path):
    (tmp_path / "secret.svg").write_text(SVG)
    assert refusal(book(files))[0].startswith(start)


LINKS = {
    "a chapter": ("one.qmd", {}, "_quarto.yml:8: the chapter one.qmd is a symbolic link that leads out of the folder"),
    "an include": ("out", {"one.qmd": f"{HEAD}{{{{< include out >}}}}\n"}, "one.qmd:3: the include out is a symbolic link that leads out of the folder"),
    "a picture": ("out.svg", {"one.qmd": f"{HEAD}![x](out.svg)\n"}, "one.qmd:3: “out.svg” is a symbolic link that leads out of the folder"),
    "a bibliography": ("refs.bib", {}, "_quarto.yml:9: the file refs.bib is a symbolic link that leads out of the folder"),
    "a style sheet": ("look.css", css("") , "_quarto.yml:10: the file look.css is a symbolic link that leads out of the folder"),
    "a file in a folder of resources": ("d/out", {"_quarto.yml": QUARTO.replace("  type", "  resources: d\n  type")}, "_quarto.yml:2: the file d/out is a symbolic link that leads out of the folder"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "files", "start"), LINKS.values(), ids=LINKS)
def test_a_symbolic_link_that_leads_out_is_refused(name, files, start, book, tmp_path):
    (tmp_path / "secret").write_text("# One {#sec-one}\n")
    root = book(files)
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).unlink(missing_ok=True)
    (root / name).symlink_to(tmp_path / "secret")
    assert refusal(root)[0].startswith(start)


def test_a_folder_that_leads_out_is_refused_and_a_link_in_a_circle_ends(book, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.svg").write_text(SVG)
    root = book({"one.qmd": f"{HEAD}![x](d/a.svg)\n"})
    (root / "d").symlink_to(tmp_path / "elsewhere")
    assert refusal(root)[0].startswith("one.qmd:3: “d/a.svg” is a symbolic link that leads out of the folder")
    (root / "d").unlink()
    (root / "d").symlink_to("d")
    assert refusal(root)[0].startswith("one.qmd:3: “d/a.svg” cannot be read; mend its name, its rights, or the link that it is")


# --- cells

HOSTILE = {
    "os._exit": ("import os; os._exit(0)", "the cell ended its process with status 0"),
    "sys.exit": ("import sys; sys.exit(3)", "the cell raised SystemExit: 3"),
    "an interruption": ("raise KeyboardInterrupt", "the cell raised KeyboardInterrupt"),
    "a crash": ("import ctypes; ctypes.string_at(0)", "the cell was killed by signal 11"),
    "no end of calls": ("def f(): return f()\nf()", "the cell raised RecursionError"),
    "a closed standard output": ("import sys\nsys.stdout.close()\nprint(1)", "the cell raised ValueError: I/O operation on closed file"),
    "closed files": ("import os; os.closerange(0, 100)", "the cell "),
    "other names for what Python has": ("import builtins, json\ndel builtins.len, builtins.str\njson.dumps = None", "the cell "),
    "a great picture": ("from IPython.display import HTML\nHTML('x' * 25_000_000)", "the cell printed or showed more than 20 MB"),
    "a great value": ("'x' * 25_000_000", "the cell printed or showed more than 20 MB"),
    "a great print": ("print('x\\n' * 25_000_000)", "the cell printed or showed more than 20 MB"),
    "a great error": ("raise ValueError('x' * 50_000_000)", "the cell "),
}  # fmt: skip
HARMLESS = {
    "threads that never end": "import threading, time\nthreading.Thread(target=time.sleep, args=[1000]).start()\nprint('SHOWN')",
    "a fork that goes on": "import os\npid = os.fork()\nprint('SHOWN')",
    "a pool of processes": "from multiprocessing import Pool\nwith Pool(2) as pool: print('SHOWN', pool.map(abs, [-1]))",
    "another folder": "import os; os.chdir('/'); print('SHOWN')",
    "bytes that are no text": "import sys; sys.stdout.buffer.write(b'SHOWN \\xff\\n');",
    "control characters": "print('SHOWN \\0\\x07\\x1b[1m\\x85\\u2028')",
    "open gone": "import builtins; builtins.open = None; print('SHOWN')",
    "one long line": "print('SHOWN' + 'x' * 300_000)",
    "a name that is no text": "import os\nos.listdir(b'.'); os.close(os.open(b'\\xff', os.O_RDONLY | os.O_CREAT)); open(b'\\xff').close(); print('SHOWN')",
}  # fmt: skip


def pages(codes: list[str]) -> dict[str, str]:
    """The files of a book in which each of these cells has a page of its own, `p0.qmd`, and so on; no code is shown."""
    texts = {f"p{number}.qmd": f"# P{number}\n\n{cell(code)}" for number, code in enumerate(codes)}
    listed = QUARTO.replace("two.qmd", ", ".join(["two.qmd", *texts]))
    return {"_quarto.yml": f"{listed}execute:\n  echo: false\n", **texts}


def test_a_cell_that_fails_in_any_way_is_told_and_the_others_go_on(book):
    said = refusal(book(pages([code for code, _ in HOSTILE.values()])))
    for number, (kind, (_, start)) in enumerate(HOSTILE.items()):
        (line,) = [line for line in said if line.startswith(f"p{number}.qmd:")]
        assert line.split(": ", 1)[1].startswith(start), kind
    assert len(said) == len(HOSTILE)


def test_a_cell_that_only_behaves_strangely_is_shown(book):
    root = book(pages(list(HARMLESS.values())))
    build(root)
    for number, kind in enumerate(HARMLESS):
        assert "SHOWN" in (root / "site" / f"p{number}.html").read_text(encoding="utf-8"), kind


def test_a_cell_that_ends_the_process_of_all_cells_is_told_of_as_that(book):
    root = book({"one.qmd": HEAD + cell("import os; os.kill(os.getppid(), 9)")})
    assert refusal(root) == [
        "one.qmd: the process that runs the cells ended before this page; find what stopped it; "
        "a cell that kills other processes and a lack of memory are usual reasons"
    ]


def command(root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`surveybook render` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "surveybook", "render", str(root), *arguments],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_a_cell_that_never_ends_is_stopped_after_the_time_that_is_allowed(book):
    root = book({"one.qmd": HEAD + cell("1") + cell("while True: pass")})
    ended = command(root, LIMIT="1")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-2:] == [
        "one.qmd:7: the cell used more than 1 s of processor time; make it faster, or allow more: LIMIT=10",
        "1 problem; nothing was written",
    ]
    assert contents(root / "site") == {"index.html": GOOD.encode()}


@pytest.mark.parametrize("limit", ["soon", "0", "-1", "nan", "inf"])
def test_a_time_that_is_none_is_refused(limit, book, monkeypatch):
    monkeypatch.setenv("LIMIT", limit)
    assert refusal(book({"one.qmd": HEAD + cell("1")}))[0].startswith(f"LIMIT: “{limit}” is no number of seconds")


# --- sizes


def test_a_chapter_of_ten_megabytes_is_read_and_refused_or_made(book):
    """Pandoc takes a minute for so much prose; in a block of code it is quick."""
    line = "A line of text that is long enough to make up a chapter of ten megabytes in the end.\n"
    root = book({"one.qmd": f"{HEAD}```\n{line * (10_000_000 // len(line))}```\n\n{cell('print(6 * 7)')}"})
    build(root)
    page = (root / "site" / "one.html").read_text(encoding="utf-8")
    assert len(page) > 10_000_000 and "<code>42</code>" in page


def test_five_thousand_references_across_chapters_are_resolved(book):
    there = "".join(f"## S{n} {{#sec-s{n}}}\n\n" for n in range(50))
    here = "".join(f"See @sec-s{n % 50}.\n" + "\n" * (n % 100 == 0) for n in range(5000))
    root = book({"one.qmd": HEAD + here, "two.qmd": f"# Two {{#sec-two}}\n\n{there}"})
    build(root)
    page = (root / "site" / "one.html").read_text(encoding="utf-8")
    assert len(re.findall(r'href="two.html#sec-s\d+" class="quarto-xref"', page)) == 5000


def test_five_thousand_references_to_nothing_are_all_told(book):
    said = refusal(book({"one.qmd": HEAD + "\n".join(f"@sec-gone{n}" for n in range(5000))}))
    assert {int(re.match(r"one.qmd:(\d+): the reference @sec-gone\d+ leads nowhere", line)[1]) for line in said} == set(range(3, 5003))


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"{':' * (203 - n)} {{.box}}\n\n" for n in range(200)) + "x\n" + "".join(f"\n{':' * (n + 4)}\n" for n in range(200)),
        "".join("  " * n + "- a\n" for n in range(100)),
        "> " * 500 + "x\n",
        "<div>" * 1000 + "x" + "</div>" * 1000 + "\n",
    ],
    ids=["divs", "lists", "quotations", "HTML"],
)  # fmt: skip
def test_deep_nesting_is_rendered_or_refused(text, book):
    root = book({"one.qmd": HEAD + text})
    try:
        build(root)
    except Refused as refused:
        assert str(refused).startswith("one.qmd:")


# --- the machine: room, rights, kills, and other builds


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


# --- whatever a cell reads through, the cache knows of it

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
