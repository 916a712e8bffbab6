"""Whatever goes wrong ends in the right site, or in one clear sentence and the last good site as it was.

Every book here is real, and so is the fault. What the parts do by themselves is tested with them: what a cell shows and
how it fails in test_execution.py, what makes a page run again in test_cache.py, how a page is read in test_source.py.
"""

# ruff: noqa: E501 - in tables, an input and its message stand in one line

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from plain_book import GOOD, HEAD, QUARTO, SVG, cell, command, contents, make_book, refusal

from surveybook.publish.build import build as publish
from surveybook.publish.builders import choose
from surveybook.render.build import build
from surveybook.render.problems import Refused


@pytest.fixture
def book(tmp_path) -> Callable[..., Path]:
    """book(files): a book of three pages, some of its files replaced, with a last good site."""
    return lambda files=None: make_book(tmp_path / "a book", files)


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
