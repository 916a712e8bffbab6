"""Make a rendered book a site to read, cite and verify.  Quarto and the renderer run this after the render.

Each step is a function of an Edition: it changes the parsed pages in place, and adds files. It names what it needs of
earlier steps and what it adds, so that no order but a right one runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from surveybook.folders import write_file
from surveybook.publish.citing.linked_data import describe_data, describe_site
from surveybook.publish.citing.links import cite
from surveybook.publish.citing.metadata import describe
from surveybook.publish.downloads.companions import accompany
from surveybook.publish.downloads.results import list_results
from surveybook.publish.downloads.studies import publish_studies
from surveybook.publish.downloads.twins import twin
from surveybook.publish.manifest import NAME, manifest
from surveybook.publish.pages.anchors import keep
from surveybook.publish.pages.captions import raise_captions, refer_to_words
from surveybook.publish.pages.dead import add_dead_page
from surveybook.publish.pages.drawings import draw_charts
from surveybook.publish.pages.frame import add_footer, add_surroundings
from surveybook.publish.pages.glossary import link_terms
from surveybook.publish.pages.labels import label
from surveybook.publish.pages.navigation import add_navigation
from surveybook.publish.pages.notes import note_addresses
from surveybook.publish.pages.paper import add_running_heads
from surveybook.publish.pages.policy import protect
from surveybook.publish.pages.quarto import mend_quarto
from surveybook.publish.pages.search import add_search
from surveybook.publish.pages.theme import add_scripts, add_styles
from surveybook.publish.pages.verification import add_verification
from surveybook.publish.site.edition import Edition, Step
from surveybook.publish.site.originals import digest, rendered
from surveybook.publish.site.page import list_pages, parse_page

STEPS: tuple[Step, ...] = (
    draw_charts,
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
    add_verification,
    cite,
    describe,
    note_addresses,
    add_surroundings,
    mend_quarto,
    add_navigation,
    add_scripts,
    add_styles,
    add_running_heads,
    add_footer,
    add_dead_page,
    protect,
    describe_site,
)


def misplaced(steps: Sequence[Step]) -> list[str]:
    """What is wrong with an order of steps: each that comes before one that adds what it needs, or that nobody adds."""
    found, done = [], set()
    for number, step in enumerate(steps):
        later = {trait: one.name for one in steps[number:] for trait in one.adds}
        found += [f"{step.name} needs {trait.name}, which {later[trait]} adds after it" for trait in step.needs
                  if trait in later]
        found += [f"{step.name} needs {trait.name}, which no step adds" for trait in step.needs - done - later.keys()]
        done |= step.adds
    return sorted(found)


def finish(root: Path, site: Path, steps: Sequence[Step] = STEPS) -> None:
    """Finish the site in place. Raises Refusal for what cannot be finished; then no file of the site has changed."""
    texts = rendered(root, list_pages(site), site)
    edition = Edition(root, site, {name: parse_page(name, text) for name, text in texts.items()})
    for name, page in edition.pages.items():
        page.tree.css_first("html").attrs["data-rendered"] = digest(texts[name])
    if faults := misplaced(steps):
        raise ValueError("; ".join(faults))
    for step in steps:
        step(edition)
    for name in set(list_pages(site)) - set(edition.pages):  # made by an earlier run, and by this one no more
        (site / name).unlink()
    pages = {name: (page.tree.html or "").encode() + b"\n" for name, page in edition.pages.items()}
    for name, content in {**pages, **edition.files}.items():
        write_file(site / name, content)
    write_file(site / NAME, manifest(root, site, edition.source, edition.builder))

