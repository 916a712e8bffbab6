"""Give every page the scripts of the theme: each of theme/*.js, beside the site's own files.

Pages are complete without them. The one that decides how a page looks stands in it, as nothing is painted before it
has run; all others wait until the page is read. What is in theme/vendor is copied, for the scripts that load it.
"""

from __future__ import annotations

import posixpath

from publishing.edition import Edition, element
from publishing.pages import made_by_quarto

BEFORE_PAINT = "mode.js"
QUARTO = "quarto.js"  # only where Quarto's own scripts are


def add_scripts(edition: Edition) -> None:
    """Copy the scripts, and name them in the head of each page."""
    folder = edition.root / "theme"
    first = folder / BEFORE_PAINT
    for path in sorted(set(folder.rglob("*.js")) - {first}):
        edition.files[f"theme/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
    for page in edition.pages.values():
        if first.is_file():
            script = element(f"<script>{first.read_text(encoding='utf-8')}</script>")
            page.tree.css_first("head > title").insert_before(script)
        for path in sorted(set(folder.glob("*.js")) - {first}):
            if path.name != QUARTO or made_by_quarto(page):
                address = posixpath.relpath(f"theme/{path.name}", posixpath.dirname(page.name) or ".")
                page.tree.head.insert_child(element(f'<script src="{address}" defer></script>'))
