"""The steps that finish a site: none runs before what it needs, whoever puts them into another order."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from surveybook.publish.finish import STEPS, finish, misplaced
from surveybook.publish.site.edition import Step, Trait
from surveybook.publish.site.page import Page, read_pages

NEEDS = [(step, other) for step in STEPS for other in STEPS if step.needs & other.adds]


def test_the_order_of_the_steps_is_right():
    assert misplaced(STEPS) == []


def test_everything_that_a_step_can_need_is_added_by_one():
    assert {trait for step in STEPS for trait in step.adds} == set(Trait)


@pytest.mark.parametrize(("step", "other"), NEEDS, ids=[f"{step.name}-{other.name}" for step, other in NEEDS])
def test_a_step_before_one_that_it_needs_is_refused(step, other):
    order = [one for one in STEPS if one is not step]
    order.insert(order.index(other), step)
    said = f"{step.name} needs {next(iter(step.needs & other.adds)).name}"
    assert any(fault.startswith(said) for fault in misplaced(order))


def test_a_step_whose_need_nobody_adds_is_refused():
    without = [step for step in STEPS if Trait.TWINS not in step.adds]
    assert "cite needs TWINS, which no step adds" in misplaced(without)


def ordered_anew(draw: random.Random) -> list[Step]:
    """The steps in another order in which each has what it needs."""
    left, order = list(STEPS), []
    while left:
        free = [one for one in left if not any(one.needs & other.adds for other in left)]
        order.append(draw.choice(free))
        left.remove(order[-1])
    return order


def test_every_order_in_which_each_has_what_it_needs_is_taken():
    draw = random.Random(11)
    orders = [ordered_anew(draw) for _ in range(50)]
    assert len({tuple(one.name for one in order) for order in orders}) > 1
    assert [misplaced(order) for order in orders] == [[]] * 50


def said(page: Page) -> tuple[object, ...]:
    """What is on a page; in which order its head and the ends of its body name things means nothing."""
    return (page.content.html, sorted(node.html or "" for node in page.tree.head.iter()),
            sorted(node.html or "" for node in page.tree.body.iter() if not node.css_first("main")))


def test_a_site_is_the_same_whatever_right_order_made_it(small, tmp_path):
    draw = random.Random(12)
    book, sites = small.parent / "small book", []
    for number, order in enumerate([STEPS, *(ordered_anew(draw) for _ in range(4))]):
        site = Path(shutil.copytree(small, tmp_path / str(number)))
        finish(book, site, order)
        files = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*")
                 if path.is_file() and path.suffix != ".html" and path.name != "manifest.json"}
        sites.append((files, {page.name: said(page) for page in read_pages(site)}))
    first, *others = sites
    assert len(first[0]) > 20 and len(first[1]) > 4
    for files, pages in others:
        assert [name for name in files.keys() | first[0].keys() if files.get(name) != first[0].get(name)] == []
        assert [name for name in pages.keys() | first[1].keys() if pages.get(name) != first[1].get(name)] == []
