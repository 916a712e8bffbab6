"""How often do simultaneous intervals of all shares of a question hold together, with as few answers as there are?

Well-known approximations for many answers (Goodman 1965, Sison and Glaz 1995) against the intervals of the report
(Clopper-Pearson with Bonferroni's correction): tables are drawn as if the shares found were the true ones.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from analysis import interviews
from benchmarks.table import table
from surveybook.survey.estimates.distribution import Distribution
from surveybook.survey.estimates.share import Share

DRAWS, SEED, LEVEL = 2000, 20261123, 0.95
Intervals = Callable[[np.ndarray], np.ndarray]


def ours(counts: np.ndarray) -> np.ndarray:
    """The intervals of the report: a row (low, high) for each count."""
    n, k = int(counts.sum()), len(counts)
    found = {count: Share(count, n, among=k, level=LEVEL).interval for count in {int(count) for count in counts}}
    return np.array([(found[int(count)].low, found[int(count)].high) for count in counts])


def goodman(counts: np.ndarray) -> np.ndarray:
    return theirs(counts, "goodman")


def sison_glaz(counts: np.ndarray) -> np.ndarray:
    return theirs(counts, "sison-glaz")


def theirs(counts: np.ndarray, method: str) -> np.ndarray:
    """The intervals of statsmodels."""
    from statsmodels.stats.proportion import multinomial_proportions_confint

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that counts below five are too few is what is measured
        return multinomial_proportions_confint(counts, alpha=1 - LEVEL, method=method)


METHODS: Mapping[str, Intervals] = {"report": ours, "Goodman": goodman, "Sison-Glaz": sison_glaz}


def simulate(distribution: Distribution, methods: Mapping[str, Intervals] = METHODS, draws: int = DRAWS,
             seed: int = SEED) -> dict[str, tuple[float, float]]:  # fmt: skip
    """For each method, how often all its intervals held the true shares, and their mean width (fractions).

    All three methods treat answers alike whatever their order, so tables that differ only in that are evaluated once.
    """
    counts = np.array(list(distribution.counts.values()))
    n = int(counts.sum())
    true = counts / n
    tables = np.random.default_rng(seed).multinomial(n, true, size=draws)
    order = np.argsort(tables, axis=1, kind="stable")
    kinds, which = np.unique(np.take_along_axis(tables, order, axis=1), axis=0, return_inverse=True)
    sorted_true = true[order]
    results = {}
    with ProcessPoolExecutor() as pool:  # Sison and Glaz take some ten milliseconds a table
        for name, method in methods.items():
            intervals = np.array(list(pool.map(method, kinds, chunksize=32)))[which.ravel()]
            low, high = intervals[..., 0], intervals[..., 1]
            held = ((low <= sorted_true) & (sorted_true <= high)).all(axis=1)
            results[name] = (float(held.mean()), float((high - low).mean()))
    return results


def rows(draws: int = DRAWS) -> Iterator[list[str]]:
    """One row for each question with more than two answers (two are one share and its complement)."""
    for name, question in interviews.study.questions.items():
        distribution = question.distribution
        if len(distribution.counts) > 2:
            found = simulate(distribution, draws=draws)
            yield [
                name, str(distribution.answered), str(len(distribution.counts)),
                *(f"{found[method][0]:.1%}" for method in METHODS),
                *(f"{100 * found[method][1]:.1f}" for method in METHODS),
            ]  # fmt: skip


def report(say: Callable[[str], None]) -> None:
    """Simulate every question and print the table."""
    start = time.monotonic()
    headings = ["question", "n", "k", *(f"{name} holds" for name in METHODS), *(f"{name} width" for name in METHODS)]
    say(f"Promise: {LEVEL:.0%}. {DRAWS:,} draws a question, seed {SEED}; widths in percentage points.\n")
    say(table(headings, list(rows())))
    say(f"\n{time.monotonic() - start:.0f} s")
