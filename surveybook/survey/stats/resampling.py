"""How far off could a value be for which there is no formula?  Seeded bootstrap."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import stats

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.counting import SEED
from surveybook.survey.stats.result import Estimate, choose, tails

RESAMPLES = 10_000
STATISTICS = {"mean": np.mean, "median": np.median}


def bootstrap(
    values: Sequence[float], statistic: str = "mean", level: float = 0.95, method: str = "percentile",
    draws: int = RESAMPLES, seed: int = SEED,
) -> Estimate:
    """Mean or median with a percentile or BCa interval (scipy.stats.bootstrap, seeded).

    On answers that are few whole numbers BCa moves by a step with the rule for ties (scipy counts them half, R's
    boot not at all), so an interval with a formula is to be preferred.
    """
    choose("statistic", statistic, tuple(STATISTICS))
    choose("method", method, ("percentile", "bca"))
    tails(level)
    seen = np.asarray(values, dtype=float)
    if len(seen) < 2 or (seen == seen[0]).all():
        raise ValueError("a bootstrap needs two different answers")
    measure = STATISTICS[statistic]
    found = stats.bootstrap(
        (seen,), measure, n_resamples=draws, batch=max(1, 2_000_000 // len(seen)), vectorized=True,
        confidence_level=level, method={"percentile": "percentile", "bca": "BCa"}[method],
        rng=np.random.default_rng(seed),
    )
    low, high = (float(one) for one in found.confidence_interval)
    interval = Interval(low, high, level, f"bootstrap, {method}")
    return Estimate(float(measure(seen)), interval, float(found.standard_error))


def acceleration(values: Sequence[float], statistic: str = "mean") -> float:
    """The skewness that BCa corrects for, by leaving out one answer after the other (Efron 1987)."""
    choose("statistic", statistic, tuple(STATISTICS))
    seen = np.asarray(values, dtype=float)
    left = np.array([STATISTICS[statistic](np.delete(seen, place)) for place in range(len(seen))])
    off = left.mean() - left
    return float((off**3).sum() / (6 * (off**2).sum() ** 1.5)) if off.any() else 0.0


def bootstrap_table(
    table: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray], level: float, draws: int = RESAMPLES,
    seed: int = SEED,
) -> Interval:
    """Percentile interval of a statistic of tables, each row (a group) drawn anew with its size kept.

    `statistic` maps tables (table x row x column) to one number each; draws for which it is not a number are left
    out. Widened to the statistic seen, which a percentile interval of a value that cannot be negative may miss.
    """
    below, above = tails(level)
    random = np.random.default_rng(seed)
    sizes = table.sum(axis=1)
    rows = [random.multinomial(size, row / size, size=draws) for size, row in zip(sizes, table, strict=True)]
    values = statistic(np.stack(rows, axis=1))
    seen = float(statistic(table[None])[0])
    low, high = np.quantile(values[np.isfinite(values)], [below, 1 - above])
    return Interval(min(float(low), seen), max(float(high), seen), level, "bootstrap, percentile")
