"""What surrounds the text of every page, whoever made it?

A way past the navigation, and at the end the edition: version, commit, data, how to verify it. A page that no chapter
makes takes the frame of the book's first one: header, sidebar, styles.
"""

from __future__ import annotations

import posixpath
from html import escape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from surveybook.publish.manifest import NAME as MANIFEST
from surveybook.publish.manifest import Source
from surveybook.publish.site.addresses import split_address
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import MADE, Page, element

VERIFY = "verify.html"  # where a browser verifies the site
SKIP = '<a class="skip-link" href="#quarto-document-content">Skip to the text</a>'
VERIFYING = "section.how-to-verify[id]"  # the section that tells how to verify a copy, by the class of its heading
# What belongs to the page that lends its frame
ITS_OWN = ("#TOC, .page-navigation, .quarto-page-breadcrumbs, link[rel=prev], link[rel=next], link[rel=canonical], "
           "meta[name=description], meta[name=keywords], meta[name=author], meta[name^=dc], meta[name^=citation], "
           "meta[property], meta[name^=twitter], link[rel=alternate], script[type='application/ld+json']")


def framed(edition: Edition, name: str, title: str, body: str, heading: str = "") -> Page:
    """A page called `name` with this title and body (HTML), added to the edition."""
    first = edition.book[0]
    tree = LexborHTMLParser(first.tree.html or "")
    for node in tree.css(ITS_OWN):
        node.decompose()
    html = tree.css_first("html")
    html.attrs[MADE] = ""
    if "data-rendered" in html.attributes:
        del html.attrs["data-rendered"]
    book = tree.css_first("head > title")
    book.replace_with(element(f"<title>{escape(title)} – {escape(book.text().rpartition(' – ')[2])}</title>"))
    header = f'<h1 class="title">{escape(heading or title)}</h1>'
    fill(tree.css_first("main"),
         f'<header id="title-block-header" class="quarto-title-block default">{header}</header>{body}')
    for link in tree.css("[aria-current]"):
        del link.attrs["aria-current"]
    for link in tree.css("#quarto-sidebar .active"):
        unmark(link)
    page = edition.pages[name] = Page(name, tree)
    move(page, first.name)
    return page


def fill(main: LexborNode, body: str) -> None:
    """Put other content into the main element."""
    kept = {name: value for name, value in main.attributes.items() if name != "class"}
    kept["class"] = " ".join(one for one in (main.attributes.get("class") or "").split() if one != "simulated")
    attributes = "".join(f' {name}="{escape(value or "")}"' for name, value in kept.items())
    main.replace_with(element(f"<main{attributes}>{body}</main>"))


def unmark(link: LexborNode) -> None:
    link.attrs["class"] = " ".join(one for one in (link.attributes["class"] or "").split() if one != "active")


def move(page: Page, origin: str) -> None:
    """Make the frame's relative addresses, written on the page `origin`, right for where this page stands."""
    for node in page.tree.css("[data-root]"):
        node.attrs["data-root"] = "../" * page.name.count("/")
    here, there = posixpath.dirname(page.name), posixpath.dirname(origin)
    if here == there:
        return
    frame = [node for node in page.tree.css("[href], [src]") if node.parent is not None]
    inside = {node.mem_id for node in page.content.css("[href], [src]")}
    for node in frame:
        for attribute in ("href", "src"):
            written = node.attributes.get(attribute) or ""
            parts = split_address(written)
            if not written or parts.scheme or parts.netloc or not parts.path or node.mem_id in inside:
                continue
            target = posixpath.relpath(posixpath.join(there, parts.path), here or ".")
            node.attrs[attribute] = parts._replace(path=target).geturl()
    offset = page.tree.css_first('meta[name="quarto:offset"]')
    if offset is not None:
        offset.attrs["content"] = posixpath.relpath(".", here or ".") + "/"


def link_in_sidebar(edition: Edition, name: str, words: str) -> None:
    """Lead to a page from the end of every sidebar, in the form that its other entries have."""
    for page in edition.pages.values():
        entries = [entry for entry in page.tree.css("#quarto-sidebar li") if len(entry.css("a[href]")) == 1
                   and not entry.css("ul")]
        if not entries:
            continue
        own = element(entries[-1].html or "")
        link = own.css_first("a[href]")
        link.attrs["href"] = page.leads_to(name)
        if "active" in (link.attributes.get("class") or "").split():
            unmark(link)
        if "aria-current" in link.attributes:
            del link.attrs["aria-current"]
        if page.name == name:
            link.attrs["class"] = f"{link.attributes.get('class') or ''} active".strip()
            link.attrs["aria-current"] = "page"
        shown = link.css_first(".menu-text") or link
        shown.inner_html = escape(words)
        page.tree.css_first("#quarto-sidebar ul").insert_child(own)


@step(needs=[Trait.INDEX, Trait.CITATIONS, Trait.ADDRESSES, Trait.NOTES], adds=[Trait.FRAMES])
def add_surroundings(edition: Edition) -> None:
    """Put a way past the navigation where there is none, and one first heading on each page."""
    for page in edition.pages.values():
        if page.tree.css_first(".skip-link") is None and page.tree.css_first("#quarto-document-content") is not None:
            page.tree.body.first_child.insert_before(element(SKIP))
        name_landmarks(page)
        head_once(page)


def name_landmarks(page: Page) -> None:
    """Tell the places of navigation apart: Quarto gives some no name, and calls links that fold a part such places."""
    for selector, name in (("#quarto-sidebar", "Chapters"), (".page-navigation", "Previous and next page")):
        for place in page.tree.css(f"{selector}:not([aria-label])"):
            place.attrs["aria-label"] = name
    for link in page.tree.css('a[role="navigation"]'):
        link.attrs["role"] = "button"


def head_once(page: Page) -> None:
    """Leave one first heading: where a front page opens with a chapter of its own, the title of the book is none."""
    first = page.content.css_first("#title-block-header h1.title")
    if first is not None and len(page.content.css("h1")) == 2:
        first.replace_with(element(f'<p class="title">{first.inner_html}</p>'))


@step(needs=[Trait.CITATIONS, Trait.ADDRESSES], adds=[Trait.FOOTERS])
def add_footer(edition: Edition) -> None:
    """Tell at the end of each page which edition it is from."""
    where = next(((page.name, section.id or "") for page in edition.book
                  if (section := page.content.css_first(VERIFYING)) is not None), None)
    for page in edition.pages.values():
        links = [(page.leads_to(*where), "Verify")] if where else []
        links += [(page.leads_to(VERIFY), "Verify this copy")] if VERIFY in edition.pages else []
        links.append((page.leads_to(MANIFEST), "Manifest"))
        said = [*stated(edition.source), *(f'<a href="{href}">{words}</a>' for href, words in links)]
        page.tree.body.insert_child(
            element(f'<section class="edition" aria-label="Edition"><p>{" · ".join(said)}</p></section>')
        )


def stated(state: Source) -> list[str]:
    """What is known of the edition, as HTML."""
    commit = f"commit <code>{state.commit[:10]}</code>" if state.commit else "commit not known"
    return [
        *([f"Version {escape(state.version)}"] if state.version else []),
        commit + (" with later changes" if state.changed else ""),
        f"data <code>{state.data[:10]}</code>",
    ]
