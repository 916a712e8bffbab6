"""Could all answers be equally frequent?  Exact where that is cheap, else seeded Monte Carlo with its error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import bdtrc

ALPHA = 0.05  # below it a test is said to have found something
EXACT_WORK = 3e8  # multiplications that still count as cheap: a fraction of a second
DRAWS = 100_000
SEED = 20200204


@dataclass(frozen=True)
class EqualShares:
    """Result of a test that `counts` come from equally frequent answers.

    `statistic` is Pearson's chi-squared. `p` is the probability, under equal shares, of counts at least as uneven
    (chi-squared at least as large); `leader_p` that of a largest count at least as large as the one seen.
    `method` is "exact" or "Monte Carlo"; the standard errors are those of the simulation (0 where exact).
    """

    counts: tuple[int, ...]
    statistic: float
    p: float
    leader_p: float
    method: str
    standard_error: float
    leader_standard_error: float


def equal_shares(counts: Sequence[int], work: float = EXACT_WORK) -> EqualShares:
    """Test whether one-pick answers are equally frequent.

    `counts`: one count for each answer, two or more, not all zero. All multinomial tables with the same sum are
    ranked by Pearson's chi-squared, which under equal shares grows with the sum of squares; the exact p is the
    probability of those that rank at least as high (Read and Cressie 1988, doi 10.1007/978-1-4612-4578-0).
    Where that would take more than `work` multiplications, 100,000 tables are drawn with a fixed seed (ten times as
    many where the error leaves open on which side of 0.05 the p lies), and p = (b + 1) / (B + 1), so that it is
    never zero (Phipson and Smyth 2010, doi 10.2202/1544-6115.1585).
    """
    table = np.asarray(counts, dtype=np.int64)
    n, answers = int(table.sum()), len(table)
    if answers < 2 or n < 1 or (table < 0).any():
        raise ValueError("a test of equal shares needs two or more answers with counts that are not all zero")
    squares, largest = int((table**2).sum()), int(table.max())
    if answers == 2:
        p = leader_p = min(1.0, 2 * float(bdtrc(largest - 1, n, 0.5)))
    elif answers * n * squares**1.5 <= work:
        p, leader_p = _exact_p(n, answers, squares), _exact_leader_p(n, answers, largest)
    else:
        return _drawn(table, DRAWS)
    return EqualShares(tuple(table.tolist()), _statistic(table), p, leader_p, "exact", 0.0, 0.0)


def _statistic(table: np.ndarray) -> float:
    """Pearson's chi-squared against equal shares."""
    return float((table**2).sum() * len(table) / table.sum() - table.sum())


def _drawn(table: np.ndarray, draws: int) -> EqualShares:
    """The test by so many random tables."""
    answers = len(table)
    tables = np.random.default_rng(SEED).multinomial(table.sum(), np.full(answers, 1 / answers), size=draws)
    reached = ((tables**2).sum(axis=1) >= (table**2).sum(), tables.max(axis=1) >= table.max())
    p, leader_p = ((int(each.sum()) + 1) / (draws + 1) for each in reached)
    error, leader_error = (float(np.sqrt(q * (1 - q) / draws)) for q in (p, leader_p))
    if abs(p - ALPHA) < 2 * error and draws == DRAWS:
        return _drawn(table, 10 * draws)
    return EqualShares(tuple(table.tolist()), _statistic(table), p, leader_p, "Monte Carlo", error, leader_error)


def _weights(n: int, answers: int) -> np.ndarray:
    """Poisson weights of 0 ... n picks of one answer, mean n / answers; conditioning on n makes them multinomial."""
    steps = np.concatenate([[1.0], (n / answers) / np.arange(1, n + 1)])
    return np.cumprod(steps) * np.exp(-n / answers)


def _exact_p(n: int, answers: int, squares: int) -> float:
    """P(sum of squares >= squares), as what is left by the tables that stay below.

    Answer by answer, `below` holds the weight of each (picks so far, squares so far) and `every` that of the picks.
    """
    weight = _weights(n, answers)
    below, every = np.zeros((n + 1, squares)), np.ones(1)
    below[0, 0] = 1.0
    for _ in range(answers):
        following = np.zeros_like(below)
        for picks in range(min(n, int(np.sqrt(squares - 1))) + 1):
            following[picks:, picks**2 :] += weight[picks] * below[: n + 1 - picks, : squares - picks**2]
        below, every = following, np.convolve(every, weight)[: n + 1]
    return max(0.0, float(1 - below[n].sum() / every[n]))


def _exact_leader_p(n: int, answers: int, largest: int) -> float:
    """P(largest count >= largest), as what is left by the tables in which every count stays below it."""
    weight = _weights(n, answers)
    below, every = np.ones(1), np.ones(1)
    for _ in range(answers):
        below = np.convolve(below, weight[:largest])[: n + 1]
        every = np.convolve(every, weight)[: n + 1]
    return max(0.0, float(1 - (below[n] if len(below) > n else 0.0) / every[n]))
