"""Make a rendered book a site to read, cite and verify.  Quarto and the renderer run this after the render.

Each step is a function of an Edition: it changes the parsed pages in place, and adds files. They run in this order, as
a later one may build on what an earlier one put into a page.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # started by its path, from the folder of the book

from selectolax.lexbor import LexborHTMLParser  # noqa: E402

from publishing.anchors import keep  # noqa: E402
from publishing.captions import raise_captions  # noqa: E402
from publishing.cite import cite  # noqa: E402
from publishing.companions import accompany  # noqa: E402
from publishing.crate import describe_site  # noqa: E402
from publishing.datasets import describe_data  # noqa: E402
from publishing.edition import Edition, Refused  # noqa: E402
from publishing.footer import add_footer  # noqa: E402
from publishing.glossary import link_terms  # noqa: E402
from publishing.head import describe  # noqa: E402
from publishing.labels import label  # noqa: E402
from publishing.manifest import NAME, builder_of, manifest  # noqa: E402
from publishing.notes import note_addresses  # noqa: E402
from publishing.pages import Page, names  # noqa: E402
from publishing.pristine import digest, rendered  # noqa: E402
from publishing.quarto import mend_quarto  # noqa: E402
from publishing.results import list_results  # noqa: E402
from publishing.scripts import add_scripts  # noqa: E402
from publishing.search import add_search  # noqa: E402
from publishing.security import protect  # noqa: E402
from publishing.studies import publish_studies  # noqa: E402
from publishing.styles import join_styles  # noqa: E402
from publishing.surroundings import add_surroundings  # noqa: E402
from publishing.told import refer_to_words  # noqa: E402
from publishing.twins import twin  # noqa: E402

STEPS: tuple[Callable[[Edition], None], ...] = (
    raise_captions,
    refer_to_words,
    label,
    describe_data,
    link_terms,
    add_search,
    keep,
    publish_studies,
    accompany,
    twin,
    list_results,
    cite,
    describe,
    note_addresses,
    add_surroundings,
    mend_quarto,
    add_scripts,
    join_styles,
    add_footer,
    protect,
    describe_site,
)


def finish(root: Path, site: Path) -> None:
    """Finish the site in place. Raises Refused for what cannot be finished; then no file of the site has changed."""
    texts = rendered(root, names(site), site)
    edition = Edition(root, site, {name: Page(name, LexborHTMLParser(text)) for name, text in texts.items()})
    for name, page in edition.pages.items():
        page.tree.css_first("html").attrs["data-rendered"] = digest(texts[name])
    for step in STEPS:
        step(edition)
    for name in set(names(site)) - set(edition.pages):  # made by an earlier run, and by this one no more
        (site / name).unlink()
    pages = {name: (page.tree.html or "").encode() + b"\n" for name, page in edition.pages.items()}
    for name, content in {**pages, **edition.files}.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(content)
    (site / NAME).write_bytes(manifest(root, site, edition.source, builder_of(edition.pages)))


def main() -> int:
    root = Path.cwd()
    try:
        finish(root, root / os.environ.get("QUARTO_PROJECT_OUTPUT_DIR", "site"))
    except Refused as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
