"""Could all answers be equally frequent?  Exact where that is cheap, else seeded Monte Carlo with its error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

EXACT_WORK = 2e8  # multiplications that still count as cheap: a fraction of a second
DRAWS = 100_000
SEED = 20200204


@dataclass(frozen=True)
class EqualShares:
    """Result of a test that `counts` come from equally frequent answers.

    `statistic` is Pearson's chi-squared. `p` is the probability, under equal shares, of counts at least as uneven
    (chi-squared at least as large); `leader_p` that of a largest count at least as large as the one seen.
    `method` is "exact" or "Monte Carlo"; `standard_error` is the Monte Carlo error of `p` (0 where exact).
    """

    counts: tuple[int, ...]
    statistic: float
    p: float
    leader_p: float
    method: str
    standard_error: float


def equal_shares(counts: Sequence[int], work: float = EXACT_WORK) -> EqualShares:
    """Test whether one-pick answers are equally frequent.

    `counts`: one count for each answer, two or more, not all zero. All multinomial tables with the same sum are
    ranked by Pearson's chi-squared, which under equal shares grows with the sum of squares; the exact p is the
    probability of those that rank at least as high (Read and Cressie 1988, doi 10.1007/978-1-4612-4578-0).
    Where that would take more than `work` multiplications, 100,000 tables are drawn with a fixed seed and
    p = (b + 1) / (B + 1), so that it is never zero (Phipson and Smyth 2010, doi 10.2202/1544-6115.1585).
    """
    table = np.asarray(counts, dtype=np.int64)
    n, answers = int(table.sum()), len(table)
    if answers < 2 or n < 1 or (table < 0).any():
        raise ValueError("a test of equal shares needs two or more answers with counts that are not all zero")
    squares, largest = int((table**2).sum()), int(table.max())
    statistic = squares * answers / n - n
    if answers * n**2 / 2 * n**2 <= work:
        return EqualShares(
            tuple(table.tolist()), statistic, _exact_tail(n, answers, squares),
            _exact_leader(n, answers, largest), "exact", 0.0,
        )
    draws = np.random.default_rng(SEED).multinomial(n, np.full(answers, 1 / answers), size=DRAWS)
    p = (int(((draws**2).sum(axis=1) >= squares).sum()) + 1) / (DRAWS + 1)
    leader_p = (int((draws.max(axis=1) >= largest).sum()) + 1) / (DRAWS + 1)
    error = float(np.sqrt(p * (1 - p) / DRAWS))
    return EqualShares(tuple(table.tolist()), statistic, p, leader_p, "Monte Carlo", error)


def _weights(n: int, answers: int) -> np.ndarray:
    """Poisson weights of 0 ... n picks of one answer, mean n / answers; conditioning on n makes them multinomial."""
    steps = np.concatenate([[1.0], (n / answers) / np.arange(1, n + 1)])
    return np.cumprod(steps) * np.exp(-n / answers)


def _exact_tail(n: int, answers: int, squares: int) -> float:
    """P(sum of squares >= squares): answer by answer, the weight of each (picks so far, squares so far)."""
    weight = _weights(n, answers)
    reached = np.zeros((n + 1, n * n + 1))
    reached[0, 0] = 1.0
    for _ in range(answers):
        following = np.zeros_like(reached)
        for picks in range(n + 1):
            shift = picks * picks
            following[picks:, shift:] += weight[picks] * reached[: n + 1 - picks, : n * n + 1 - shift]
        reached = following
    return float(reached[n, squares:].sum() / reached[n].sum())


def _exact_leader(n: int, answers: int, largest: int) -> float:
    """P(largest count >= largest), from the tables in which every count stays below it."""
    weight = _weights(n, answers)
    below, every = np.ones(1), np.ones(1)
    for _ in range(answers):
        below = np.convolve(below, weight[:largest])[: n + 1]
        every = np.convolve(every, weight)[: n + 1]
    return float(1 - (below[n] if len(below) > n else 0.0) / every[n])
