"""What a page may run and show: its policy holds in a browser, from a server and from a folder."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from server import served

from surveybook.publish.check import check
from surveybook.publish.pages.policy import policy, protect, scripts
from surveybook.publish.site.edition import Edition
from surveybook.publish.site.page import Page, read_pages
from surveybook.render.serve import Preview

# A page as Quarto writes them: scripts and styles in the page, handlers and styles in attributes, a script of a
# library that fills an empty style element
QUARTO = """<!DOCTYPE html>
<html lang="en"><head>
<meta charset="utf-8"><meta name="generator" content="quarto-1.9.38"><title>A Book</title>
<style>p { color: rgb(1, 2, 3); }\r\nem { color: rgb(4, 5, 6); }</style>
<link rel="stylesheet" href="site_libs/own.css"><script src="site_libs/anchor.min.js"></script>
<script id="after" type="application/javascript">window.inline = "ran";</script>
</head><body><main><h1 id="h">A Book</h1>
<p id="p">Text, <em id="e">marked</em>.</p>
<p id="strong" style="color: rgb(7, 8, 9)">A style that is stronger than any selector.</p>
<div id="refs" style="display: none">Hidden.</div>
<table><colgroup><col style="width: 40%"><col style="width: 60%"></colgroup><tbody><tr><td>a</td><td>b</td></tr></table>
<button id="b" onclick="if (window.quartoToggleHeadroom) { window.quartoToggleHeadroom(); }">Press</button>
<a id="a" href="#h" onclick="window.quartoToggleReader(); return false;">Stay</a>
<script type="application/json" class="report-data">{"onclick": "<b>"}</script>
</main></body></html>
"""
LIBRARY = """const style = document.createElement("style");
document.head.appendChild(style);
style.sheet.insertRule("h1 { color: rgb(10, 11, 12); }", 0);
window.quartoToggleHeadroom = () => { window.said = "</script>"; };
window.quartoToggleReader = () => { window.followed = 1; };
document.addEventListener("DOMContentLoaded", () => { document.getElementById("h").style.margin = "7px"; });
"""
ATTACKS = """<script>window.attacked = 1</script><script src="https://bad.example/x.js"></script>
<img src="x:" alt="" onerror="window.attacked = 2"><iframe src="https://bad.example/"></iframe>
<img src="https://bad.example/x.png" alt=""><style>h1 { color: red !important; }</style>"""


# Text that would like to be code, where builders pass it on: in a title block, a list of sources, out of the text
WRITTEN = {
    "a handler": "<svg onload='window.attacked = 1'></svg>",
    "a handler of Quarto's and more": '<b onclick="window.quartoOpenSearch(); window.attacked = 1">x</b>',
    "a handler of another event": '<img src="x:" alt="" onerror="window.quartoOpenSearch();">',
    "a script": "<script>window.attacked = 1</script>",
    "a script of a library": '<script type="module">window.attacked = 1</script>',
    "a script that left the text": "</main></body><script>window.attacked = 1</script>",
    "a script in a picture": "<svg><script>window.attacked = 1</script></svg>",
    "a script that left a list": "</div></section></main><div><script>window.attacked = 1</script></div>",
}


def protected(folder: Path, html: str = QUARTO) -> Path:
    """A site with one protected page."""
    edition = Edition(folder, folder, {"index.html": Page("index.html", LexborHTMLParser(html))})
    protect(edition)
    files = {"index.html": edition.pages["index.html"].tree.html, "site_libs/anchor.min.js": LIBRARY,
             "site_libs/own.css": "main p#strong#strong { color: red; }"}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(params=["http", "file"])
def opened(request, browser):
    """opened(site): a tab that shows its first page, from a server or from its folder, and notes what is refused."""
    with ExitStack() as left_open:

        def tab(site: Path):
            address = left_open.enter_context(served(site)) if request.param == "http" else site.as_uri()
            page = left_open.enter_context(browser.new_context()).new_page()
            page.said, page.requested = [], []
            page.on("console", lambda message: message.type == "error" and page.said.append(message.text))
            page.on("pageerror", lambda error: page.said.append(str(error)))
            page.on("request", lambda asked: page.requested.append(asked.url))
            page.goto(f"{address}/index.html", wait_until="load")
            return page

        yield tab


def colour(page, identity: str) -> str:
    return page.evaluate(f"getComputedStyle(document.getElementById({identity!r})).color")


def test_a_page_of_quarto_runs_and_looks_as_before(opened, tmp_path):
    page = opened(protected(tmp_path))
    assert [line for line in page.said if "favicon" not in line and "404" not in line] == []
    assert page.evaluate("window.inline") == "ran"
    assert [colour(page, one) for one in ("p", "e", "h", "strong")] == [
        "rgb(1, 2, 3)", "rgb(4, 5, 6)", "rgb(10, 11, 12)", "rgb(7, 8, 9)",
    ]  # fmt: skip
    assert not page.locator("#refs").is_visible()
    assert page.evaluate("document.getElementById('h').style.margin") == "7px"
    left, right = (page.locator("td").nth(place).bounding_box()["width"] for place in (0, 1))
    assert right > left
    page.click("#b")
    assert page.evaluate("window.said") == "</script>"
    page.click("#a")
    assert page.evaluate("[window.followed, location.hash]") == [1, ""]


def test_what_is_put_into_a_page_later_neither_runs_nor_asks_anybody(opened, tmp_path):
    site = protected(tmp_path)
    text = (site / "index.html").read_text(encoding="utf-8")
    (site / "index.html").write_text(text.replace("</main>", f"{ATTACKS}</main>"), encoding="utf-8")
    page = opened(site)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestIdleCallback(() => done())))")
    assert page.evaluate("window.attacked") is None
    assert colour(page, "h") == "rgb(10, 11, 12)"
    while sum("Content Security Policy" in line for line in page.said) < 5:
        page.wait_for_event("console")


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_text_that_would_like_to_be_code_gets_no_leave_and_is_found(text, tmp_path):
    site = protected(tmp_path / "hostile", QUARTO.replace("marked</em>.", f"marked</em>. {text}"))
    (plain,) = read_pages(protected(tmp_path / "plain"))
    (page,) = read_pages(site)
    before, after = (one.tree.css_first("meta[http-equiv]").attributes["content"] for one in (plain, page))
    assert before == after
    assert [one for one in check(site) if one.what.startswith("the policy ")]


def test_the_checks_find_nothing_to_refuse_on_a_protected_page(tmp_path):
    found = [str(finding) for finding in check(protected(tmp_path))]
    assert [line for line in found if "policy" in line or "Policy" in line] == []


def test_every_page_of_the_site_has_a_policy_that_allows_its_own_files_alone(root, site):
    mode = (root / "surveybook" / "theme" / "mode.js").read_text(encoding="utf-8")
    for page in read_pages(site):
        (meta,) = page.tree.css('head > meta[http-equiv="Content-Security-Policy"]')
        content = meta.attributes["content"]
        assert content == policy(page)
        assert content.startswith("default-src 'none'; script-src 'self'") and "unsafe" not in content
        # the one that runs before anything is painted; the page for dead addresses has no script at all
        assert [node.text() for node in scripts(page)] == ([mode] if page.name != "404.html" else [])
        assert not page.tree.css("[style]"), page.name
        # the widths of the columns of a written table move into a page, and what its printed sheets say stands there
        moved = [node.text() for node in page.tree.css("style")] if page.name != "404.html" else []
        assert all(text.startswith(("[data-style=", "@page ")) for text in moved), page.name


def test_the_encoding_still_stands_within_the_first_kilobyte(site):
    for page in read_pages(site):
        assert b"<meta charset=" in (site / page.name).read_bytes()[:1024]


def test_while_a_book_is_written_its_pages_can_be_loaded_anew(tmp_path):
    sent = Preview().page((protected(tmp_path) / "index.html").read_bytes())
    assert b"Content-Security-Policy" not in sent and b"EventSource" in sent
