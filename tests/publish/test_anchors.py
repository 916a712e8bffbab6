"""An address that was published leads somewhere for ever, or the build says how to keep it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from project import ROOT, TOOL
from selectolax.lexbor import LexborHTMLParser

from surveybook.errors import Refusal
from surveybook.publish.check import check
from surveybook.publish.pages.anchors import HEAD, add, keep, of_site
from surveybook.publish.site.edition import Edition
from surveybook.publish.site.page import Page, read_pages

PAGE = """<!DOCTYPE html><html lang="en"><head><title>{title} – Book</title></head><body>
<nav id="quarto-sidebar"><ul><li><a href="{root}index.html"><span class="menu-text">Home</span></a></li>
<li><a href="{root}chapters/one.html"><span class="menu-text">One</span></a></li>
<li><a href="{root}chapters/two.html"><span class="menu-text">Two</span></a></li></ul></nav>
<main id="quarto-document-content"><header id="title-block-header"><h1>{title}</h1></header>{body}</main>
</body></html>"""
SECTION = '<section id="{0}" class="level2"><h2>About {0}</h2><p>Text.</p></section>'
FIGURE = '<div id="{0}"><figure><p>drawn</p><figcaption>Figure&nbsp;1.1: About {0}</figcaption></figure></div>'


def page(name: str, body: str) -> Page:
    root = "../" * name.count("/")
    return Page(name, LexborHTMLParser(PAGE.format(title=name.removesuffix(".html"), root=root, body=body)))


class Book:
    """A finished book in a folder: its pages, what was published, and the aliases."""

    def __init__(self, folder: Path):
        self.folder, self.pages = folder, {}
        self.put("index.html", "")
        self.put("chapters/one.html", SECTION.format("sec-a") + FIGURE.format("fig-a"))
        self.put("chapters/two.html", SECTION.format("sec-b"))

    def put(self, name: str, body: str) -> None:
        self.pages[name] = page(name, body)

    def published(self, *addresses: str) -> Book:
        (self.folder / "anchors.lock").write_text(HEAD + "".join(f"{one} kind\n" for one in addresses), "utf-8")
        return self

    def aliases_of(self, names: dict[str, str]) -> Book:
        (self.folder / "aliases.yaml").write_text("".join(f"{old}: {new}\n" for old, new in names.items()), "utf-8")
        return self

    def keep(self) -> dict[str, Page]:
        edition = Edition(self.folder, self.folder / "site", self.pages)
        keep(edition)
        return edition.pages


@pytest.fixture
def book(tmp_path) -> Book:
    return Book(tmp_path)


# --- a missing address fails the build


def test_what_is_still_there_needs_nothing(book):
    before = {name: one.tree.html for name, one in book.pages.items()}
    book.published("chapters/one.html", "chapters/one.html#sec-a", "chapters/one.html#fig-a").keep()
    assert {name: one.tree.html for name, one in book.pages.items()} == before


def test_what_is_gone_is_named_with_its_line_and_how_to_keep_it(book):
    with pytest.raises(Refusal) as refused:
        book.published("chapters/one.html#fig-a", "chapters/one.html#fig-old", "chapters/old.html").keep()
    assert str(refused.value).splitlines() == [
        "anchors.lock:3: chapters/one.html#fig-old is gone, and others may have cited it; bring it back, or write what "
        "stands for it now into aliases.yaml: `fig-old: NEW-ID`",
        "anchors.lock:4: chapters/old.html is gone, and others may have cited it; bring it back, or write what stands "
        "for it now into aliases.yaml: `chapters/old.html: NEW-PAGE`",
    ]


def test_new_addresses_fail_nothing(book):
    book.published("chapters/one.html").keep()


def test_a_book_without_a_lock_file_has_published_nothing(book):
    book.keep()


@pytest.mark.parametrize("name", ["anchors.lock", "aliases.yaml"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, partial(os.symlink, "/dev/zero")])
def test_what_is_no_plain_file_in_the_place_of_one_is_refused(book, name, make):
    book.published("chapters/one.html#fig-a")
    (book.folder / name).unlink(missing_ok=True)
    make(book.folder / name)
    with pytest.raises(Refusal, match=f"^“{name}” is (no plain file|a symbolic link that leads out of the folder); "):
        book.keep()


def test_pages_that_quarto_has_not_made_yet_are_not_missing(book):
    del book.pages["chapters/two.html"]  # the sidebars lead to it
    book.published("chapters/two.html", "chapters/two.html#sec-b").keep()


def test_a_build_in_which_an_address_is_missing_fails_and_keeps_the_last_site(book_of_one_chapter, tmp_path):
    book = book_of_one_chapter(tmp_path / "book", "data", "# Data {#sec-data}\n\n## Verify {#sec-again}\n\nBuild it.\n")
    (book / "anchors.lock").write_text("chapters/data.html#sec-verify section\n", encoding="utf-8")
    command = [sys.executable, "-m", "surveybook", "render", str(book), "--output", str(tmp_path / "site")]
    ended = subprocess.run(command, cwd=ROOT, env=TOOL, capture_output=True, text=True)
    assert ended.returncode == 1 and not (tmp_path / "site").exists()
    assert "chapters/data.html#sec-verify is gone" in ended.stderr and "Traceback" not in ended.stderr
    (book / "aliases.yaml").write_text("sec-verify: sec-again\n", encoding="utf-8")
    ended = subprocess.run(command, cwd=ROOT, env=TOOL, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert "sec-verify" in {one.name: one for one in read_pages(tmp_path / "site")}["chapters/data.html"].targets
    assert check(tmp_path / "site") == []


# --- an alias keeps it


def test_an_old_id_stands_before_what_has_another_name_now(book):
    book.published("chapters/one.html#fig-old").aliases_of({"fig-old": "fig-a"})
    one = book.keep()["chapters/one.html"]
    mark = one.tree.css_first('[id="fig-old"]')
    assert mark.text() == "" and mark.next.attributes["id"] == "fig-a"


def test_an_alias_may_lead_to_another_one(book):
    book.published("chapters/one.html#fig-older").aliases_of({"fig-older": "fig-old", "fig-old": "fig-a"})
    book.published("chapters/one.html#fig-older", "chapters/one.html#fig-old")
    assert {"fig-older", "fig-old"} <= book.keep()["chapters/one.html"].targets


def test_aliases_in_a_circle_keep_nothing_and_end(book):
    book.published("chapters/one.html#fig-x", "chapters/one.html#fig-y")
    book.aliases_of({"fig-x": "fig-y", "fig-y": "fig-x"})
    with pytest.raises(Refusal, match="fig-x is gone"):
        book.keep()


def test_what_moved_to_another_page_leaves_a_link_there_without_an_alias(book):
    book.published("chapters/two.html#fig-a")
    link = book.keep()["chapters/two.html"].tree.css_first('a[id="fig-a"]')
    assert link.attributes["href"] == "one.html#fig-a" and link.text() == "Figure 1.1"


def test_a_page_with_another_name_leaves_a_page_that_leads_to_it_and_to_each_part(book):
    book.published("old.html", "old.html#sec-b", "old.html#fig-old", "old.html#fig-a")
    made = book.aliases_of({"old.html": "chapters/two.html", "fig-old": "fig-a"}).keep()["old.html"]
    links = {link.attributes.get("id", ""): link.attributes["href"] for link in made.content.css("a")}
    assert links == {"": "chapters/two.html", "sec-b": "chapters/two.html#sec-b",
                     "fig-old": "chapters/one.html#fig-a", "fig-a": "chapters/one.html#fig-a"}
    assert made.tree.css_first('meta[name="robots"]').attributes["content"] == "noindex"
    assert made.made and not made.tree.css("#quarto-sidebar .active")


def test_a_page_below_another_folder_keeps_its_frame(book):
    book.published("a/b/old.html").aliases_of({"a/b/old.html": "chapters/two.html"})
    made = book.keep()["a/b/old.html"]
    links = [link.attributes["href"] for link in made.tree.css("#quarto-sidebar a")]
    assert links == ["../../index.html", "../../chapters/one.html", "../../chapters/two.html"]
    assert made.content.css_first("a").attributes["href"] == "../../chapters/two.html"


def test_a_site_with_moved_parts_is_sound(book):
    book.published("chapters/old.html", "chapters/old.html#sec-b", "chapters/two.html#fig-a", "chapters/one.html#sec-z")
    for name, one in book.aliases_of({"chapters/old.html": "chapters/two.html", "sec-z": "sec-a"}).keep().items():
        path = book.folder / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(one.tree.html, encoding="utf-8")
    assert check(book.folder / "site") == []


@pytest.mark.parametrize(("alias", "message"), [
    ("fig-a: sec-a", "aliases.yaml:1: fig-a is in the book, so it needs no alias; take the line out"),
    ("fig-never: fig-a", "aliases.yaml:1: fig-never was never published, so it needs no alias; take the line out"),
    ("- fig-a", "aliases.yaml:1: it is not a list of old and new names; write each as `fig-old: fig-new`"),
    ("fig-x: [a", "aliases.yaml:2: the file is not valid YAML"),
])
def test_an_alias_that_can_do_nothing_is_refused(book, alias, message):
    (book.folder / "aliases.yaml").write_text(f"{alias}\n", encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        book.published("chapters/one.html#fig-a").keep()
    assert str(refused.value).startswith(message)


# --- the lock file


def test_new_addresses_are_added_in_order_and_none_is_taken_out(book):
    site = book.folder / "site"
    for name, one in book.pages.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(one.tree.html, encoding="utf-8")
    book.published("chapters/gone.html#fig-gone")
    assert add(book.folder, site) == 6
    lines = (book.folder / "anchors.lock").read_text(encoding="utf-8").splitlines()[1:]
    assert lines == ["chapters/gone.html#fig-gone kind", "chapters/one.html page", "chapters/one.html#fig-a figure",
                     "chapters/one.html#sec-a section", "chapters/two.html page", "chapters/two.html#sec-b section",
                     "index.html page"]
    assert add(book.folder, site) == 0


def test_without_a_site_nothing_is_locked(book):
    ended = subprocess.run([sys.executable, "-m", "surveybook", "anchors", str(book.folder / "nowhere")],
                           cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr == f"{book.folder / 'nowhere'} holds no site; build it first (make site)\n"


def test_marks_of_old_addresses_are_no_new_ones(book, tmp_path):
    book.published("chapters/one.html#fig-old", "chapters/two.html#fig-a", "old.html")
    site = tmp_path / "made"
    for name, one in book.aliases_of({"fig-old": "fig-a", "old.html": "index.html"}).keep().items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(one.tree.html, encoding="utf-8")
    locked = {line.split()[0] for line in of_site(site)}
    assert not locked & {"chapters/one.html#fig-old", "chapters/two.html#fig-a", "old.html"}


def test_the_lock_file_has_every_address_of_the_report(site, root, tmp_path):
    shutil.copy(root / "anchors.lock", tmp_path)
    assert add(tmp_path, site) == 0, "there are new ones: run make anchors"
    assert (tmp_path / "anchors.lock").read_bytes() == (root / "anchors.lock").read_bytes()
