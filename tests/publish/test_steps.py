"""The steps that finish a site: none runs before what it needs, whoever puts them into another order."""

from __future__ import annotations

import random

import pytest

from surveybook.publish.finish import STEPS, misplaced
from surveybook.publish.site.edition import Step, Trait

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
