"""Pages that Quarto made serve all readers: by keys, on a phone, under the policy. Quarto itself is not needed here.

The frame below is that of a chapter as Quarto 1.9 writes it, with what its scripts do in the browser in their place.
"""

from __future__ import annotations

import pytest
from project import PHONE, ROOT, WIDE
from selectolax.lexbor import LexborHTMLParser

from surveybook.publish.downloads.results import anchor
from surveybook.publish.downloads.twins import plain
from surveybook.publish.pages.frame import add_surroundings
from surveybook.publish.pages.navigation import add_navigation
from surveybook.publish.pages.policy import protect
from surveybook.publish.pages.quarto import mend_quarto
from surveybook.publish.pages.theme import add_scripts
from surveybook.publish.site.edition import Edition
from surveybook.publish.site.page import Page
from surveybook.publish.site.text import own_words

FRAME = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="generator" content="quarto-1.9.38"><title>A Book</title>
<script src="site_libs/quarto-nav/quarto-nav.js"></script>
<script src="site_libs/quarto-html/quarto.js" type="module"></script>
<script src="site_libs/bootstrap/bootstrap.min.js"></script>
<link rel="stylesheet" href="theme/report.css">
</head><body class="nav-sidebar floating">
<header id="quarto-header" class="headroom fixed-top"><nav class="quarto-secondary-nav">
<button type="button" class="quarto-btn-toggle btn" data-bs-toggle="collapse" role="button"
 data-bs-target=".quarto-sidebar-collapse-item" aria-label="Toggle sidebar navigation"><i class="bi"></i></button>
<a class="flex-grow-1" role="button" data-bs-toggle="collapse" data-bs-target=".quarto-sidebar-collapse-item"
 aria-label="Toggle sidebar navigation"></a></nav></header>
<div id="quarto-content">
<nav id="quarto-sidebar" class="sidebar sidebar-navigation"><ul>
<li class="sidebar-item sidebar-item-section"><div class="sidebar-item-container">
<a class="sidebar-item-text sidebar-link" data-bs-toggle="collapse" data-bs-target="#quarto-sidebar-section-1"
 role="button" aria-expanded="true"><span class="menu-text">Peat &amp; bogs</span></a>
<a class="sidebar-item-toggle" data-bs-toggle="collapse" data-bs-target="#quarto-sidebar-section-1" role="button"
 aria-expanded="true" aria-label="Toggle section"><i class="bi bi-chevron-right"></i></a></div>
<ul id="quarto-sidebar-section-1" class="collapse show"><li><a href="index.html" class="active">One</a></li></ul></li>
<li class="sidebar-item sidebar-item-section"><div class="sidebar-item-container">
<a href="part.html" class="sidebar-item-text sidebar-link">A part with a page</a>
<a class="sidebar-item-toggle" data-bs-toggle="collapse" data-bs-target="#quarto-sidebar-section-2" role="button"
 aria-expanded="true" aria-label="Toggle section"></a></div>
<ul id="quarto-sidebar-section-2"></ul></li></ul></nav>
<div id="quarto-margin-sidebar" class="sidebar margin-sidebar"><nav id="TOC" role="doc-toc">
<h2 id="toc-title">Table of contents</h2><ul><li><a href="#sec-a" class="nav-link">The first</a></li></ul></nav></div>
<main id="quarto-document-content"><h1>A Book</h1><p><a id="here" href="#sec-a">Below</a></p>
<section id="sec-a"><h2>The first</h2></section></main>
<nav class="page-navigation"><a href="b.html" class="pagination-link" aria-label="Bogs">2&nbsp; Bogs</a></nav>
</div></body></html>
"""
# quarto-nav.js: a style of its own, and addresses without “index.html”. bootstrap.min.js: what folds is pressed.
NAV = """document.addEventListener("DOMContentLoaded", () => {
  const id = "quarto-target-style";
  const style = document.getElementById(id)
    ?? document.head.appendChild(Object.assign(document.createElement("style"), { id }));
  style.appendChild(document.createTextNode("section:target::before { content: ''; }"));
  if (location.protocol !== "file:") for (const link of document.querySelectorAll("a")) {
    if (!link.href) continue;
    link.dataset.originalHref = link.href;
    link.href = link.href.replace(/\\/index\\.html/, "/");
  }
  addEventListener("click", ({ target }) => {
    const fold = target.closest("[data-bs-toggle]")?.dataset.bsTarget;
    if (fold) (window.folded ??= []).push(fold);
  });
});
"""
# quarto.js: the table of contents gives way to a menu, and comes back
MENU = """window.convert = () => {
  const beside = document.getElementById("quarto-margin-sidebar");
  for (const child of beside.children) child.style.opacity = 0;
  const menu = document.createElement("div");
  menu.className = "zindex-over-content quarto-sidebar-toggle headroom-target";
  menu.innerHTML = '<div class="quarto-sidebar-toggle-title">Table of contents</div>'
    + '<div class="sidebar quarto-sidebar-toggle-contents"><nav><a href="#sec-a">The first</a></nav></div>';
  beside.parentElement.prepend(menu);
  menu.onclick = () => menu.classList.toggle("expanded");
};
window.back = () => {
  document.querySelector(".quarto-sidebar-toggle").remove();
  document.querySelector("#TOC").style.opacity = 1;
};
"""


@pytest.fixture
def made(tmp_path):
    """The page after the steps of the finish that concern its frame."""
    edition = Edition(ROOT, tmp_path, {"index.html": Page("index.html", LexborHTMLParser(FRAME))})
    for step in (mend_quarto, add_scripts, protect):
        step(edition)
    files = {"index.html": edition.pages["index.html"].tree.html, "site_libs/quarto-nav/quarto-nav.js": NAV,
             "site_libs/quarto-html/quarto.js": MENU, "site_libs/bootstrap/bootstrap.min.js": "",
             "theme/report.css": (ROOT / "surveybook" / "theme" / "report.css").read_text(encoding="utf-8")}
    for name, content in {**files, **edition.files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return edition.pages["index.html"]


@pytest.fixture
def shown(made, browser, tmp_path):
    """The page in a browser, from a host, which notes what the policy refuses."""
    from benchmarks.host import hosted

    with hosted(tmp_path) as address, browser.new_context(viewport=WIDE) as surroundings:
        page = surroundings.new_page()
        page.said = []
        page.on("console", lambda message: message.type == "error" and "favicon" not in str(message.location)
                and page.said.append(message.text))
        page.goto(f"{address}/index.html", wait_until="load")
        yield page


def reached(page, what: str, times: int = 20) -> bool:
    """Whether the Tab key comes to an element."""
    for _ in range(times):
        page.keyboard.press("Tab")
        if page.evaluate("(what) => document.activeElement.matches(what)", what):
            return True
    return False


@pytest.fixture
def framed(tmp_path):
    """The page with the bar and the list of chapters."""
    edition = Edition(ROOT, tmp_path, {"index.html": Page("index.html", LexborHTMLParser(FRAME))})
    for step in (mend_quarto, add_surroundings, add_navigation):
        step(edition)
    return edition.pages["index.html"].tree


def test_what_quarto_puts_around_the_text_becomes_one_bar_and_one_list(framed):
    first, bar = framed.css("body > *")[:2]
    assert first.attributes["class"] == "skip-link" and bar.attributes["class"] == "report-bar"
    assert framed.css("[data-bs-toggle], #quarto-header, #quarto-margin-sidebar, #toc-title") == []
    assert framed.css_first(".report-menu").attributes["popovertarget"] == framed.css_first("nav[popover]").id


def test_the_list_has_parts_that_fold_without_scripts_and_the_contents_below_their_page(framed):
    part, linked = framed.css("#quarto-sidebar > ul > li")
    assert part.css_first("details[open] > summary .menu-text").text() == "Peat & bogs"
    here = part.css_first("details a.active[aria-current=page]")
    assert here.text() == "One" and here.next.id == "TOC" and here.next.css_first("a").attributes["href"] == "#sec-a"
    assert linked.css_first("details") is None and linked.css_first("a").text() == "A part with a page"


def test_a_link_to_the_next_page_is_called_what_it_shows(made):
    assert "aria-label" not in made.tree.css_first(".page-navigation a").attributes


def test_nothing_but_the_first_script_is_waited_for(made):
    waited = [node for node in made.tree.css("script[src]")
              if "defer" not in node.attributes and node.attributes.get("type") != "module"]
    assert waited == []


def test_the_style_that_quarto_adds_asks_for_nothing_that_the_policy_refuses(shown):
    assert "section:target" in shown.evaluate("document.querySelector('#quarto-target-style').textContent")
    assert shown.said == []


def test_a_place_on_the_first_page_stays_on_it(shown):
    shown.click("#here")
    shown.wait_for_url("**/index.html#sec-a")


def test_the_menu_of_contents_is_opened_by_keys_and_nothing_unseen_is_reached(shown):
    shown.evaluate("window.convert()")
    assert not reached(shown, ".quarto-sidebar-toggle-contents a, #TOC a")
    shown.evaluate("document.activeElement.blur()")
    assert reached(shown, ".quarto-sidebar-toggle-title")
    title = shown.get_by_role("button", name="Table of contents")
    assert title.get_attribute("aria-expanded") == "false"
    shown.keyboard.press("Enter")
    assert title.get_attribute("aria-expanded") == "true"
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.matches('.quarto-sidebar-toggle-contents a')")
    shown.evaluate("window.back()")
    assert reached(shown, "#TOC a")


def test_on_a_phone_the_breadcrumbs_can_be_touched(browser):
    crumbs = "".join(f"<li><a href='x.html'>{name}</a></li>" for name in ("The interviews", "Which attack they fear"))
    with browser.new_context(viewport=PHONE) as surroundings:
        page = surroundings.new_page()
        page.set_content(f"<body class='nav-sidebar'><nav class='quarto-page-breadcrumbs'><ol>{crumbs}</ol></nav>")
        page.add_style_tag(path=ROOT / "surveybook" / "theme" / "report.css")
        assert all(link.bounding_box()["height"] >= 24 for link in page.locator("a").all())  # WCAG 2.2, 2.5.8


def test_a_page_of_the_renderer_has_no_script_for_quarto(site):
    text = (site / "index.html").read_text(encoding="utf-8")
    assert "theme/sidebar.js" in text and "theme/quarto.js" not in text


UNSEEN = """<html lang="en"><head><title>T</title></head><body><main id="quarto-document-content">
<nav class="quarto-page-breadcrumbs"><ol><li>The part</li></ol></nav><h1>Title</h1>
<section id="sec-a" class="level2"><h2>The first</h2><p>Its words.</p>
<figure id="tbl-x"><figcaption id="tbl-x-caption-0ceaefa1-69ba-4598-a22c-09a6ac19f8ca">Of
<span class="finding" data-from="a.b">22</span></figcaption></figure></section>
<div id="refs" style="display: none"><div id="ref-one">Somebody. 2020. A cited work.</div></div></main></body></html>"""


def test_what_quarto_hides_is_no_text_and_its_own_ids_are_no_anchors():
    page = Page("a.html", LexborHTMLParser(UNSEEN))
    assert own_words(page.content) == "Title The first Its words. Of 22"
    twin = plain(page)
    assert "Its words." in twin and "cited work" not in twin and "The part" not in twin
    assert anchor(page, page.tree.css_first(".finding")) == "tbl-x"
