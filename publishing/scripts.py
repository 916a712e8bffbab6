"""Give every page the scripts of the theme: each of theme/*.js, beside the site's own files.

Pages are complete without them. What stands in theme/vendor is copied, and loaded by a script that needs it.
"""

from __future__ import annotations

import posixpath

from publishing.edition import Edition, element

BEFORE_PAINT = "mode.js"  # decides how the page looks; all others wait until it is read


def add_scripts(edition: Edition) -> None:
    """Copy the scripts, and name them in the head of each page."""
    folder = edition.root / "theme"
    for path in sorted(folder.rglob("*.js")):
        edition.files[f"theme/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
    for page in edition.pages.values():
        for path in sorted(folder.glob("*.js")):
            address = posixpath.relpath(f"theme/{path.name}", posixpath.dirname(page.name) or ".")
            if path.name == BEFORE_PAINT:
                page.tree.css_first("head > title").insert_before(element(f'<script src="{address}"></script>'))
            else:
                page.tree.head.insert_child(element(f'<script src="{address}" defer></script>'))
