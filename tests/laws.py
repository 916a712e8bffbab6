"""Answers and tables for laws that hold for all of them, drawn at random, and what is asked of an estimate."""

from __future__ import annotations

import math

import hypothesis
import numpy as np
from hypothesis import strategies as st

answers = st.lists(st.integers(1, 5), min_size=2, max_size=30)
few = st.lists(st.integers(1, 4), min_size=1, max_size=4)
squares = st.lists(st.integers(0, 12), min_size=4, max_size=4).map(lambda c: [c[:2], c[2:]])
people = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=4, max_size=40)
p_values = st.lists(st.floats(0, 1), min_size=1, max_size=12)
levels = st.sampled_from([0.8, 0.95, 0.99])
sides = st.sampled_from(["two-sided", "less", "greater"])
MIRROR = {"less": "greater", "greater": "less", "two-sided": "two-sided"}


def given(*strategies, examples: int = 30):
    """hypothesis.given with few examples, as the laws are simple, and without a time limit, which a busy machine
    misses."""
    return lambda test: hypothesis.settings(deadline=None, max_examples=examples)(hypothesis.given(*strategies)(test))


def full(table) -> bool:
    return bool(np.sum(table, axis=0).all() and np.sum(table, axis=1).all())


def holds(estimate, least=-math.inf, most=math.inf) -> bool:
    """Whether the interval is one, has the estimate in it and stays inside its bounds, up to rounding."""
    low, high, slack = estimate.interval.low, estimate.interval.high, 1e-9
    return least - slack <= low <= estimate.value + slack and estimate.value - slack <= high <= most + slack
