"""Several questions were tested: which results still stand?  Adjusted p values of a family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from scipy.stats import rankdata
from statsmodels.stats.multitest import multipletests

from surveybook.survey.stats.counting import DRAWS, EQUAL, LISTED, SEED
from surveybook.survey.stats.result import choose

LIBRARY = {  # our word -> statsmodels' (whose default is Holm-Sidak, not Holm)
    "bonferroni": "bonferroni", "hochberg": "simes-hochberg", "hommel": "hommel",
    "benjamini-hochberg": "fdr_bh", "benjamini-yekutieli": "fdr_by",
}
METHODS = ("holm", *LIBRARY)


def adjust(p: Sequence[float | None], method: str = "holm", m: int | None = None) -> tuple[float | None, ...]:
    """Adjusted p values of a family, None where there is none.

    `m`: how many tests were declared, by default all in `p`. A test that could not be made (None) stays in m, as
    if its p were one, so that dropping a test never helps the others.
    """
    choose("method", method, METHODS)
    present = [one for one in p if one is not None and not np.isnan(one)]
    m = len(p) if m is None else m
    if m < len(present):
        raise ValueError(f"a family of {m} tests cannot have {len(present)} p values")
    if any(not 0 <= one <= 1 for one in present):
        raise ValueError("a p value lies between 0 and 1")
    if not present:
        return tuple(None for _ in p)
    padded = np.array(present + [1.0] * (m - len(present)))
    found = _holm(padded) if method == "holm" else multipletests(padded, method=LIBRARY[method])[1]
    adjusted = iter(np.minimum(1.0, found).tolist())
    return tuple(None if one is None or np.isnan(one) else next(adjusted) for one in p)


def _holm(p: np.ndarray) -> np.ndarray:
    """Holm 1979. statsmodels has it, but runs the garbage collector each time: 0.2 s where much is imported."""
    order = np.argsort(p, kind="stable")
    return np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))[np.argsort(order)]


@dataclass(frozen=True)
class MaxT:
    """Joint permutation of several outcomes: for each its standardised rank sum `z`, its own p, and the p adjusted
    for all outcomes in one step and in steps (Westfall and Young). `method`: exact or Monte Carlo."""

    z: tuple[float, ...]
    p: tuple[float, ...]
    single_step: tuple[float, ...]
    step_down: tuple[float, ...]
    method: str


def westfall_young(
    group: Sequence[int], outcomes: Sequence[Sequence[float]], draws: int = DRAWS, seed: int = SEED
) -> MaxT:
    """maxT of rank sums: one row of `outcomes` a person, one column an outcome; `group` is 1 or 0 for each person.

    People are shuffled whole, so that outcomes keep their relation (Westfall and Young 1993). All ways to choose
    the group are listed where there are no more than two million, else drawn with a seed, the one seen among them.
    """
    members, answers = np.asarray(group), np.asarray(outcomes, dtype=float)
    if answers.ndim != 2 or len(members) != len(answers) or set(np.unique(members).tolist()) != {0, 1}:
        raise ValueError("maxT needs a group of 0 and 1 for each person and a row of outcomes for each")
    n, size = len(members), int(members.sum())
    ranks = rankdata(answers, axis=0)
    centred = ranks - ranks.mean(axis=0)
    scale = np.sqrt(size * (n - size) / (n * (n - 1)) * (centred**2).sum(axis=0))
    standard = np.divide(centred, scale, out=np.zeros_like(centred), where=scale > 0)
    z = members @ standard
    order = np.argsort(-abs(z), kind="stable")
    seen = abs(z)[order] - EQUAL
    every = comb(n, size) <= LISTED
    raw, single, step, total = np.zeros(len(z)), np.zeros(len(z)), np.zeros(len(z)), 0
    for block in _memberships(n, size, every, draws, np.random.default_rng(seed)):
        value = abs(block @ standard)[:, order]
        top = np.maximum.accumulate(value[:, ::-1], axis=1)[:, ::-1]
        raw += (value >= seen).sum(axis=0)
        single += (value.max(axis=1)[:, None] >= seen).sum(axis=0)
        step += (top >= seen).sum(axis=0)
        total += len(block)
    more = 0 if every else 1
    columns = [(one + more) / (total + more) for one in (raw, single, np.maximum.accumulate(step))]
    back = np.argsort(order)
    p, once, down = (tuple(np.maximum(0, one)[back].tolist()) for one in columns)
    return MaxT(tuple(z.tolist()), p, once, down, "exact" if every else "Monte Carlo")


def _memberships(n: int, size: int, every: bool, draws: int, random: np.random.Generator):
    """Blocks of 0/1 rows, one a way to choose `size` of `n` people."""
    block = 20_000
    if every:
        chosen = np.array(list(combinations(range(n), size)), dtype=np.int32)
        for start in range(0, len(chosen), block):
            part = chosen[start : start + block]
            rows = np.zeros((len(part), n))
            np.put_along_axis(rows, part, 1.0, axis=1)
            yield rows
        return
    base = np.concatenate([np.ones(size), np.zeros(n - size)])
    for start in range(0, draws, block):
        yield random.permuted(np.tile(base, (min(block, draws - start), 1)), axis=1)
