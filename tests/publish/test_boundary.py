"""No path of an author's leads out of the book, and nothing in its folder stops a build that is not of the book."""

from __future__ import annotations

import os
import posixpath
import socket
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from project import ROOT

from surveybook.boundary import (
    LARGEST,
    MOST_LETTERS,
    Beyond,
    Missing,
    check_path,
    find_file,
    is_plain,
    read_file,
    read_own,
    read_text,
    walk_files,
)
from surveybook.errors import Refusal
from surveybook.publish.changes import read_versions
from surveybook.publish.freeze import walk
from surveybook.publish.manifest import packages, source
from surveybook.publish.pages.anchors import locked
from surveybook.publish.receipt import state
from surveybook.publish.site.declaration import read_declaration
from surveybook.publish.site.study import read_studies, undisclosed
from surveybook.render.book import Book, Chapter
from surveybook.render.files import Files
from surveybook.render.links import Links
from surveybook.render.markdown import Woven
from surveybook.render.problems import Refused
from surveybook.render.settings import Settings
from surveybook.render.source import Source, read_page
from surveybook.render.watch import Watch
from surveybook.survey.data.hypotheses import read_hypotheses
from surveybook.survey.data.loader import inspect_study
from surveybook.survey.data.package import Package, read_descriptor, read_tables
from surveybook.survey.data.plan import read_plan
from surveybook.survey.data.quotes import read_quotes
from surveybook.survey.data.schema import Document, read_yaml
from surveybook.survey.data.seal import seal
from surveybook.survey.errors import DataError, Faults
from surveybook.survey.evidence.report import Report

SECRET = "SECRET"
PIECES = ("..", ".", "a", "b.csv", "", "%2e%2e", "%2E%2e%2f", "%252e%252e", "/", "..\\", "~", "out", "loop", "pipe",
          "dir", "in", "socket", "nothing", "\x00", "\n", "C:", "file://", "‥", "．．", "..;", "a" * 300)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A book's folder with everything that may lie in one, beside a secret."""
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.csv").write_text(SECRET)
    book = outside / "book"
    (book / "a" / "a").mkdir(parents=True)
    for name in ("a/b.csv", "b.csv", "%2e%2e"):
        (book / name).write_text("mine")
    odd(book, outside)
    return book


def odd(book: Path, outside: Path) -> None:
    """What editors, links, pipes and sockets leave in a folder."""
    (book / "out").symlink_to(outside / "secret.csv")
    (book / "dir").symlink_to(outside)
    (book / "loop").symlink_to("loop")
    (book / "up").symlink_to("..")
    (book / "again").symlink_to(".")
    (book / "in").symlink_to("b.csv")
    (book / "nothing").symlink_to("never-there")
    (book / ".#b.csv").symlink_to("me@host.1:2")
    (book / "#b.csv#").write_text("unsaved")
    (book / "b.csv~").write_text("backup")
    (book / ".b.csv.swp").write_bytes(b"b0VIM")
    os.mkfifo(book / "pipe")
    here = os.getcwd()
    os.chdir(book)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
    os.chdir(here)


NAMES = st.builds(lambda between, pieces: between.join(pieces), st.sampled_from(["/", "//", "\\", "%2f"]),
                  st.lists(st.sampled_from(PIECES), max_size=6))


def look(folder: Path, name: str) -> None:
    try:
        short = check_path(name)
        assert not short.startswith(("/", "../")) and short != ".."
        assert read_file(folder, name) == b"mine"
        assert find_file(folder, name).is_relative_to(folder)
    except Beyond as beyond:
        said = str(beyond)
        assert "\n" not in said and SECRET not in said and beyond.remedy


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES)
def test_no_path_reads_outside(folder, name):
    look(folder, name)


@pytest.mark.exhaustive
@settings(max_examples=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES)
def test_no_path_of_thousands_reads_outside(folder, name):
    look(folder, name)


# --- the same for each place of a book where the renderer takes a path

EMPTY = Woven(Source(Path(), "", Settings(), (), {}), "", ())
LOOKED: list[list[str]] = []  # while something is watched: what it opens and lists


@cache  # a hook cannot be taken back
def watch() -> None:
    def note(event: str, of: tuple) -> None:
        if LOOKED and event in ("open", "os.listdir", "os.scandir", "os.walk") and isinstance(of[0], str | os.PathLike):
            LOOKED[0].append(os.fspath(of[0]))

    sys.addaudithook(note)


@contextmanager
def kept_within(book: Path) -> Iterator[None]:
    """Nothing outside of the book's folder is opened or listed, and nothing waited for, meanwhile."""
    watch()
    LOOKED.append([])
    try:
        yield
    finally:
        looked = LOOKED.pop()
    allowed = [book.resolve(), ROOT, *map(Path, (sys.prefix, sys.base_prefix))]  # the tool loads itself meanwhile
    assert [one for one in looked if not any(Path(os.path.realpath(one)).is_relative_to(at) for at in allowed)] == []


def render_paths(book: Path, name: str) -> None:
    """Have the renderer take a path wherever an author can write one."""
    settings = Settings({
        "bibliography": name, "csl": name, "css": name, "book": {
            "favicon": name, "cover-image": name, "sidebar": {"logo": name}},
        "format": {"html": dict.fromkeys(("include-in-header", "include-before-body", "include-after-body"),
                                         {"file": name})},
        "project": {"resources": [name, posixpath.join(name, "*"), posixpath.join(name, "**", "*.csv")],
                    "output-dir": "site"}})
    with kept_within(book):
        files = Files(Book(book, settings, ()))
        read, told = "".join(files.pieces.values()), files.problems
        taken = {*files.copied, *files.bibliography, *filter(None, [files.csl])}
        for page in (Path("page.qmd"), Path("a/page.qmd")):
            (book / page).write_text(f'{{{{< include "{name}" >}}}}', encoding="utf-8", errors="replace")
            try:
                source = read_page(page, book, Settings(), {})
                read, taken = f"{read}{source.pieces}", taken | set(source.included)
            except Refused as refused:
                told = [*told, *refused.problems]
            finally:
                (book / page).unlink()
            chapter = Chapter(Settings(), page.as_posix(), EMPTY, "", "A", "", "", False, False, False)
            links = Links(book, [chapter], {chapter.file: Counter()}, {}, "")
            for tag in ("img src", "a href", "object data", "video poster"):
                links.rewrite(f'<{tag}="{escape(name)}">', chapter)
            told, taken = [*told, *links.problems], taken | links.files
        assert {read_file(book, one) for one in taken} <= {b"mine"}
    assert SECRET not in f"{read}{told}"


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=NAMES)
def test_no_path_of_a_book_makes_the_renderer_look_outside(folder, name):
    render_paths(folder, name)


@pytest.mark.exhaustive
@settings(max_examples=5000, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=NAMES)
def test_no_path_of_thousands_makes_the_renderer_look_outside(folder, name):
    render_paths(folder, name)


@pytest.mark.parametrize("name", ["out", "dir/secret.csv", "loop", "up/secret.csv", "pipe", "socket", "a", ".", "",
                                  "../secret.csv", "/etc/passwd", "%2e%2e/secret.csv", "a\\b.csv", "file:///etc/passwd"])
def test_what_is_no_plain_file_of_the_book_is_refused(name, folder):
    with pytest.raises(Beyond) as refused:
        read_file(folder, name)
    assert not isinstance(refused.value, Missing)


def test_links_within_the_book_are_followed(folder):
    assert read_file(folder, "in") == read_file(folder, "again/b.csv") == b"mine"
    with pytest.raises(Missing):
        read_file(folder, "nothing")


def test_whatever_lies_in_the_folder_the_book_is_its_plain_files(folder):
    names = {path.relative_to(folder).as_posix() for path in walk(folder, set())}
    assert names == {"%2e%2e", "a/b.csv", "b.csv", "in"}
    assert {here.name for here, _, _ in walk_files(folder)} == {"book", "a"}
    assert set(source(folder, folder / "site", {}).inputs) == names
    assert Watch(folder).changed(None) == sorted(names)
    assert not is_plain(folder / "pipe", folder) and not is_plain(folder / "out", folder)


# --- what an author's files name


@pytest.fixture
def book(small_copy, tmp_path) -> Path:
    (tmp_path / "secret.csv").write_text(SECRET)
    return small_copy(tmp_path / "book")


PATHS = ["../../../secret.csv", "/etc/passwd", "../../index.qmd", "%2e%2e/%2e%2e/index.qmd", "link.csv", "pipe.csv"]


@pytest.mark.parametrize("path", PATHS)
def test_a_resource_that_is_no_file_of_its_study_is_refused_with_its_line_and_never_published(path, book):
    study = book / "data" / "councils"
    (study / "link.csv").symlink_to("../../../secret.csv")
    os.mkfifo(study / "pipe.csv")
    descriptor = study / "datapackage.yaml"
    text = descriptor.read_text(encoding="utf-8")
    descriptor.write_text(text.replace("path: counts.csv", f'path: "{path}"'), encoding="utf-8")
    for read in (lambda: read_tables(read_descriptor(study, "study")), lambda: seal(study)):
        with pytest.raises(DataError, match=r"datapackage.yaml:\d+: resources: counts: path: “.*; ") as refused:
            read()
        assert SECRET not in str(refused.value)
    with pytest.raises(Refusal, match=r"^data/councils/datapackage.yaml: a file of the study, “"):
        read_studies(book)["councils"].published()


def test_a_declaration_that_is_a_link_out_is_not_published(book):
    for name in ("notes.yaml", "design.yaml"):
        (book / "data" / "councils" / name).symlink_to("/etc/passwd")
    with pytest.raises(Refusal, match="“design.yaml” is a symbolic link that leads out of the folder; copy the file"):
        read_studies(book)["councils"].published()
    (book / "data" / "councils" / "design.yaml").unlink()
    assert set(read_studies(book)["councils"].published()) == {"claims.csv", "counts.csv", "datapackage.yaml"}


def test_a_study_that_lies_elsewhere_is_refused(book, tmp_path):
    (book / "data" / "councils").rename(tmp_path / "councils")
    (book / "data" / "councils").symlink_to(tmp_path / "councils")
    with pytest.raises(Refusal, match="“data/councils/datapackage.yaml” is a symbolic link that leads out"):
        read_studies(book)


def test_of_a_private_file_a_link_tells_as_little(book):
    descriptor = book / "data" / "residents" / "datapackage.yaml"
    text = descriptor.read_text(encoding="utf-8").replace("simulated: true", "simulated: false")
    descriptor.write_text(text, encoding="utf-8")
    (book / "copy.csv").symlink_to("data/residents/responses.csv")
    found = source(book, book / "site", undisclosed(book))
    assert {"copy.csv", "data/residents/responses.csv"} <= set(found.private)


@pytest.mark.parametrize("page", ["/tmp/evil.html", "../evil.html", "a/../../evil.html", "%2e%2e/evil.html",
                                  "a\\..\\evil.html", "manifest.json", ".htaccess", "a//b.html"])
def test_a_published_address_is_that_of_a_page_of_the_site(page, tmp_path):
    (tmp_path / "anchors.lock").write_text(f"# head\nindex.html page\n{page}#sec-a section\n", encoding="utf-8")
    with pytest.raises(Refusal, match=r"^anchors.lock:3: .*; "):
        list(locked(tmp_path))


# --- files that no memory holds


@pytest.mark.parametrize("name", ["export.csv", "chapters/one.qmd", "data/hypotheses.yaml", "look.css"])
def test_a_file_that_is_too_large_is_refused_wherever_it_lies_and_never_read(name, tmp_path, monkeypatch):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    with open(path, "wb") as file:
        file.truncate(LARGEST + 1)  # nothing of it is on the disk
    others = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda one: pytest.fail("was read") if one == path else others(one))
    said = f"“{name}” has more than 1,000,000,000 bytes; split it, or keep it outside of the book"
    for read in (lambda: state(tmp_path, tmp_path / "site", "renderer"), lambda: read_file(tmp_path, name)):
        with pytest.raises(Beyond) as refused:
            read()
        assert str(refused.value) == said


def test_a_page_has_less_than_data_may_have(tmp_path):
    with open(tmp_path / "one.qmd", "wb") as file:
        file.truncate(MOST_LETTERS + 1)
    with pytest.raises(Beyond, match="has more than 20,000,000 bytes"):
        read_text(tmp_path, "one.qmd")
    assert len(read_file(tmp_path, "one.qmd")) == MOST_LETTERS + 1


OTHERS = {
    "a symbolic link that leads out of the folder": lambda path: path.symlink_to("../../../secret.yaml"),
    "not there": lambda path: path.symlink_to("nowhere"),
    "no plain file": os.mkfifo,
    "20,000,000 bytes": lambda path: os.truncate(os.open(path, os.O_WRONLY | os.O_CREAT), MOST_LETTERS + 1),
}


@pytest.mark.parametrize(("said", "lay"), OTHERS.items(), ids=OTHERS)
def test_a_declaration_that_is_not_of_the_book_is_refused_and_none_is_taken_for_left_out(said, lay, tmp_path):
    study = tmp_path / "book" / "data" / "readers"
    study.mkdir(parents=True)
    (tmp_path / "secret.yaml").write_text("entries: []")
    (tmp_path / "book" / "_quarto.yml").write_text("project:")
    for name in ("datapackage.yaml", "hypotheses.yaml", "plan.yaml", "quotes.yaml"):
        lay(study / name)
    package = Package(Document(path=study / "datapackage.yaml"), {}, {})
    for read in (lambda: read_yaml(study / "datapackage.yaml", "study"), lambda: read_hypotheses(study, {}, Faults()),
                 lambda: read_plan(study, Document()), lambda: read_quotes(package, {}, None, Faults()),
                 lambda: read_declaration(study / "datapackage.yaml")):
        with pytest.raises(Refusal, match=rf"[a-z]+\.yaml: (is|has more than) {said}; .*"):
            read()


@pytest.mark.parametrize(("text", "asked"), [
    ("", []), ("[tool.ruff]\nline-length = 100", []), ("[project]\nname = 'x'", []),
    ("[project]\ndependencies = [' pyyaml>=6', 'numpy @ git+https://host/x', '@']", ["numpy", "pyyaml"])])
def test_what_a_report_asks_for_is_said_and_else_what_the_tool_does(text, asked, tmp_path):
    (tmp_path / "pyproject.toml").write_text(text)
    assert list(packages(tmp_path)) == (asked or list(packages(ROOT / "tests" / "books" / "small")))


@pytest.mark.parametrize("text", [b"[project", b"project = 1", b"\xe9"])
def test_what_is_no_list_of_what_a_report_asks_for_is_one_sentence(text, tmp_path):
    (tmp_path / "pyproject.toml").write_bytes(text)
    with pytest.raises(Refusal, match=r"^pyproject\.toml cannot be read \(.*\); correct it$"):
        packages(tmp_path)


@pytest.mark.parametrize(("said", "lay"), OTHERS.items(), ids=OTHERS)
def test_a_list_of_changes_that_is_not_of_the_book_is_refused(said, lay, tmp_path):
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    (tmp_path / "secret.yaml").write_text("## Version 9.9.9 {#sec-x}")
    assert read_versions(tmp_path / "a" / "b" / "c") == []
    (tmp_path / "CHANGES.md").write_text("# Changes of another kind")
    assert read_versions(tmp_path) == []
    lay(tmp_path / "a" / "b" / "c" / "CHANGES.md")
    with suppress(Refusal):  # a link to nothing is no list
        assert read_versions(tmp_path / "a" / "b" / "c") == [] and said == "not there"


@pytest.mark.parametrize("text", ["- a", "null", "7", "!!set {a, b}"])
def test_all_that_is_wrong_with_a_study_is_told_where_its_descriptor_has_no_keys(text, tmp_path):
    (tmp_path / "datapackage.yaml").write_text(text)
    study, faults = inspect_study(tmp_path)
    assert study is None and [str(one).partition("must be keys with values, not ")[1] for one in faults.found] == [
        "must be keys with values, not "]


def test_a_declaration_may_be_a_link_within_the_book(tmp_path):
    for name in ("a", "b"):
        (tmp_path / "data" / name).mkdir(parents=True)
    (tmp_path / "_quarto.yml").write_text("project:")
    (tmp_path / "data" / "a" / "plan.yaml").write_text("x")
    (tmp_path / "data" / "b" / "plan.yaml").symlink_to("../a/plan.yaml")
    assert read_own(tmp_path / "data" / "b" / "plan.yaml") == "x"


def test_a_descriptor_that_is_no_plain_file_is_said_and_no_study_left_out(tmp_path):
    (tmp_path / "data" / "readers").mkdir(parents=True)
    os.mkfifo(tmp_path / "data" / "readers" / "datapackage.yaml")
    with pytest.raises(DataError, match="datapackage.yaml: is no plain file; put a file in its place, or name another"):
        Report(tmp_path).named("readers")
