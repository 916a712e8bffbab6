"""How much more likely are the answers with a relation than without one?  Bayes factors (BF10; BF01 = 1 / BF10).

They move with the prior and with what is thought fixed, so print a range over both, never one number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.integrate import quad
from scipy.special import betaln, gammaln, hyp2f1, logsumexp
from scipy.stats import norm

from surveybook.survey.stats.counting import as_table, listed
from surveybook.survey.stats.result import choose

SAMPLING = ("poisson", "joint", "rows", "columns", "hypergeometric")


def contingency(table: Sequence[Sequence[int]], sampling: str = "joint", prior: float = 1.0) -> float:
    """Relation against independence in a table (Gunel and Dickey 1974, doi 10.1093/biomet/61.3.545; Jamil and
    others 2017, doi 10.3758/s13428-016-0739-8), as R's BayesFactor has it.

    `sampling`: what was fixed beforehand: nothing ("poisson"), n ("joint"), the people in each row or column, or
    both margins ("hypergeometric"). `prior`: the concentration in each cell.
    """
    choose("sampling", sampling, SAMPLING)
    if prior <= 0:
        raise ValueError(f"a prior concentration is positive, not {prior}")
    counts = as_table(table)
    r, c = counts.shape
    cells, rows, columns = counts.ravel(), counts.sum(axis=1), counts.sum(axis=0)
    n, both = int(counts.sum()), (r - 1) * (c - 1)
    if sampling == "hypergeometric":
        every = listed(counts)
        if every is None:
            raise ValueError("a Bayes factor with both margins fixed is for small tables only")

        def relation(tables: np.ndarray) -> np.ndarray:
            return (gammaln(tables + prior) - gammaln(tables + 1.0)).sum(axis=(1, 2))

        null = gammaln(rows + 1.0).sum() + gammaln(columns + 1.0).sum() - gammaln(n + 1.0) - gammaln(cells + 1.0).sum()
        return float(np.exp(relation(counts[None])[0] - logsumexp(relation(every.tables)) - null))

    def evidence(margin: np.ndarray, weight: float) -> float:
        """Log evidence of a Dirichlet prior with one weight for all."""
        return _dirichlet(margin + weight) - _dirichlet(np.full(len(margin), weight))

    # without a relation the prior loses a degree of freedom for each one that independence takes away;
    # a margin that is fixed tells nothing, so it weighs as much with a relation as without
    row_weight = prior * c - (0 if sampling == "rows" else c - 1)
    column_weight = prior * r - (0 if sampling == "columns" else r - 1)
    if min(row_weight, column_weight) <= 0:
        raise ValueError(f"a prior concentration of {prior} is too small for a table of {r} x {c}")
    logarithm = evidence(cells, prior) - evidence(rows, row_weight) - evidence(columns, column_weight)
    if sampling == "poisson":
        shape, rate = prior * r * c, prior * r * c / n
        logarithm -= (
            gammaln(n + shape - both) + gammaln(shape) - gammaln(shape - both) - gammaln(n + shape)
            + both * math.log1p(1 / rate)
        )
    return float(np.exp(logarithm))


def share(count: int, base: int, claim: float, a: float = 1.0, b: float = 1.0) -> float:
    """Another share, with a Beta(a, b) prior, against the one that was claimed."""
    if not 0 <= count <= base or not 0 < claim < 1:
        raise ValueError("a Bayes factor of a share needs a count in its base and a claim between 0 and 1")
    free = betaln(count + a, base - count + b) - betaln(a, b)
    return float(np.exp(free - count * math.log(claim) - (base - count) * math.log1p(-claim)))


def kendall(tau: float, n: int, width: float = 1.0, direction: str = "two-sided") -> float:
    """Relation against none from Kendall's tau: its asymptotic likelihood with a stretched beta prior (van Doorn and
    others 2018, doi 10.1080/00031305.2016.1264998). `direction` keeps the half of the prior above or below 0."""
    choose("direction", direction, ("two-sided", "less", "greater"))
    seen = tau * math.sqrt(9 * n * (n - 1) / (4 * n + 10))
    low, high = {"two-sided": (-1, 1), "less": (-1, 0), "greater": (0, 1)}[direction]

    def weight(value: float) -> float:
        log_prior = math.log(math.pi) - 2 / width * math.log(2) - betaln(1 / width, 1 / width)
        prior = math.exp(log_prior) * math.cos(math.pi * value / 2) ** (2 / width - 1)
        return prior * float(norm.pdf(seen, 1.5 * math.sqrt(n) * value))

    peak = min(max(seen / (1.5 * math.sqrt(n)), low), high)
    points = [peak] if low < peak < high else None
    total, _ = quad(weight, low, high, points=points, epsabs=0, epsrel=1e-10, limit=400)
    return float(total / norm.pdf(seen)) * (1 if direction == "two-sided" else 2)


def pearson(r: float, n: int, width: float = 1 / 3) -> float:
    """Relation against none from Pearson's r with a stretched beta prior of this width (Ly, Verhagen and Wagenmakers
    2016, doi 10.1016/j.jmp.2015.06.004, in closed form); R's BayesFactor calls 1/3 medium."""
    start = 1 / width
    logarithm = (
        (1 - 2 * start) * math.log(2) + math.log(math.pi) / 2 - betaln(start, start)
        + gammaln((2 * start + n - 1) / 2) - gammaln((2 * start + n) / 2)
    )
    return float(np.exp(logarithm) * hyp2f1((n - 1) / 2, (n - 1) / 2, (2 * start + n) / 2, r * r))


def _dirichlet(weights: np.ndarray) -> float:
    """Logarithm of the Dirichlet distribution's constant."""
    return float(gammaln(weights).sum() - gammaln(weights.sum()))
