"""How does every page look, and what moves on it?  The style sheet, the scripts and the icon that the tool brings.

They are put beside the site's own files, in `theme/`. A book's own style sheets come after that of the theme.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from surveybook.publish.site.addresses import of_css
from surveybook.publish.site.edition import Edition, Trait, step
from surveybook.publish.site.page import LIBRARIES, Page, append, element

THEME = Path(__file__).resolve().parents[2] / "theme"
BEFORE_PAINT = "mode.js"  # decides how a page looks, and so stands in it: nothing is painted before it has run
QUARTO = "quarto.js"  # only where Quarto's own scripts are
# Only where a figure has choices for readers; only on the page that verifies
CHOICES = {"chances.js": '.report-choices[data-script="chances"]', "verify.js": "#verify-copy"}
STYLE, ICON = "theme/report.css", "theme/icon.svg"
SHEETS = ("report.css", "navigation.css", "paper.css")  # one job each; a site has them as one
JOINED = "theme/book.css"
BUILDERS = f'head > link[rel="stylesheet"][href*="{LIBRARIES}/"]'


@step(needs=[Trait.ADDRESSES, Trait.CITATIONS, Trait.FRAMES], adds=[Trait.SCRIPTS])
def add_scripts(edition: Edition) -> None:
    """Copy the scripts, and name them in the head of each page, which is complete without them.

    All but the first wait until the page is read. What is in vendor/ is copied for the scripts that load it.
    """
    paths = [path for path in sorted(THEME.rglob("*.js")) if path.name != BEFORE_PAINT]
    edition.files.update({f"theme/{path.relative_to(THEME).as_posix()}": path.read_bytes() for path in paths})
    names = [path.name for path in paths if path.parent == THEME]
    first = element(f"<script>{(THEME / BEFORE_PAINT).read_text(encoding='utf-8')}</script>")
    for page in edition.pages.values():
        page.tree.css_first("head > title").insert_before(first)
        asked = [name for name in names if name != QUARTO or page.quarto]
        asked = [name for name in asked if page.tree.css_first(CHOICES.get(name, "*")) is not None]
        append(page.tree.head, "".join(
            f'<script src="{page.leads_to(f"theme/{name}")}" defer></script>' for name in asked))


@step(needs=[Trait.ADDRESSES, Trait.CITATIONS], adds=[Trait.STYLES])
def add_styles(edition: Edition) -> None:
    """Give each page the style sheet of the theme, and its icon if it has none; then join the style sheets."""
    edition.files[STYLE] = b"\n".join((THEME / name).read_bytes() for name in SHEETS)
    edition.files[ICON] = (THEME / "icon.svg").read_bytes()
    for page in edition.pages.values():
        style = element(f'<link rel="stylesheet" href="{page.leads_to(STYLE)}">')
        links, builders = page.tree.css('head > link[rel="stylesheet"]'), page.tree.css(BUILDERS)
        if builders:
            builders[-1].insert_after(style)
        elif links:
            links[0].insert_before(style)
        else:
            page.tree.head.insert_child(style)
        if page.tree.css_first("head > link[rel~=icon]") is None:
            icon = element(f'<link rel="icon" href="{page.leads_to(ICON)}">')
            page.tree.css_first("head > title").insert_after(icon)
        join_styles(edition, page)


def join_styles(edition: Edition, page: Page) -> None:
    """Write the style sheets of a page, in their order, as one: a browser paints nothing before it has read them all.

    Only where all of them are plain text of the site; Quarto's own name other files, and stay as they are.
    """
    links = page.tree.css('head > link[rel="stylesheet"]')
    sheets = [edition.content(page.resolve(link.attributes["href"] or "")) for link in links]
    if len(sheets) < 2 or any(sheet is None or names_files(sheet) for sheet in sheets):
        return
    joined = b"\n".join(sheet for sheet in sheets if sheet is not None)
    if edition.files.setdefault(JOINED, joined) != joined:
        return  # a page of another look keeps its own
    links[0].insert_before(element(f'<link rel="stylesheet" href="{page.leads_to(JOINED)}">'))
    for link in links:
        link.decompose()


@cache
def names_files(sheet: bytes) -> bool:
    """Whether a style sheet asks for other files."""
    return any(of_css(sheet.decode()))
