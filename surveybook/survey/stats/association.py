"""Do two ordered answers rise together?  Rank correlations, their intervals and tests.

Every function takes a table of counts whose rows and columns are in order (from vectors: `counting.cross`).
Permutation tests list or draw the tables with the same margins.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations

import numpy as np
from scipy.stats import kendalltau, norm, spearmanr
from statsmodels.stats.contingency_tables import Table

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.counting import DRAWS, EXTREME, SEED, as_table, midranks, permutation, spread, trim
from surveybook.survey.stats.result import Estimate, Tested, check_alternative, choose, fisher_z, normal_p, tails

MEASURES = ("tau_b", "tau_c", "gamma", "somers_columns", "somers_rows")
BLOCK = 4096  # tables at once, which a processor keeps near
ENUMERATED = 9  # people whose orders are listed in full for Spearman's exact p, as R does


def concordance(tables: np.ndarray) -> np.ndarray:
    """Concordant less discordant pairs (Kendall's S) of each of many tables (table x row x column)."""
    found = np.zeros(len(tables), dtype=np.int64)
    for start in range(0, len(tables), BLOCK):
        part = slice(start, start + BLOCK)
        # tables innermost, so that each step goes along many of them
        cells = np.ascontiguousarray(np.moveaxis(tables[part], 0, -1), dtype=np.int64)
        below = np.zeros(cells.shape[1:], dtype=np.int64)
        for row in cells[::-1]:
            upto = np.cumsum(below, axis=0)
            found[part] += (row * (upto[-1] - 2 * upto + below)).sum(axis=0)  # what lies to the right less to the left
            below += row
    return found


def measure(
    table: Sequence[Sequence[int]], name: str = "tau_b", level: float = 0.95, interval: str = "fisherz"
) -> Estimate:
    """A measure of ordinal association with its interval; `standard_error` is the ASE1 (not that under no relation).

    tau_b, tau_c (Stuart), gamma (Goodman and Kruskal), somers_columns: Somers' d of the columns given the rows;
    somers_rows: of the rows given the columns. Interval "fisherz" (default) is on the scale of Fisher's z, "wald"
    symmetric and cut at -1 and 1. The ASE1 is the delta method over multinomial counts (Brown and Benedetti 1977,
    doi 10.1080/01621459.1977.10480995), the same as SAS prints.
    """
    choose("measure", name, MEASURES)
    choose("interval", interval, ("fisherz", "wald"))
    tails(level)
    counts = trim(as_table(table))
    if min(counts.shape) < 2:
        raise ValueError("association needs two different answers to both questions")
    value, error = _measured(counts, name)
    quantile = float(norm.ppf((1 + level) / 2))
    if interval == "fisherz":
        return Estimate(value, fisher_z(value, error, quantile, level, "Fisher z, ASE1"), error)
    low, high = max(-1.0, value - quantile * error), min(1.0, value + quantile * error)
    return Estimate(value, Interval(low, high, level, "Wald, ASE1"), error)


def kendall(
    table: Sequence[Sequence[int]], alternative: str = "two-sided", method: str = "asymptotic",
    continuity: bool = False, draws: int = DRAWS, seed: int = SEED,
) -> Tested:
    """Kendall's test of no relation. `statistic`: S, concordant less discordant pairs.

    "asymptotic": normal, with the variance for ties (as R's cor.test with exact = FALSE). "exact": without ties
    only (scipy). "permutation": over the tables with the same margins, exact or drawn.
    """
    choose("method", method, ("asymptotic", "exact", "permutation"))
    check_alternative(alternative)
    counts = trim(as_table(table))
    s, spread_s = int(concordance(counts[None])[0]), math.sqrt(float(kendall_variance(counts)))
    if method == "permutation":
        found = permutation(
            counts, concordance, "Kendall's S, permutation", draws, seed, alternative=alternative,
            extreme=EXTREME[alternative],
        )
        z = s / spread_s if spread_s else 0.0
        return Tested(s, found.p, found.method, alternative, None, z, found.mid_p, found.standard_error)
    if method == "exact":
        if counts.max() > 1 or len(set(counts.shape)) > 1 or counts.sum() != len(counts):
            raise ValueError("Kendall's exact test has no ties; take the permutation test")
        x, y = spread(counts)
        p = float(kendalltau(x, y, variant="b", method="exact", alternative=alternative).pvalue)
        return Tested(s, p, "Kendall's S, exact", alternative, z=s / spread_s)
    if not spread_s:
        return Tested(s, 1.0, "Kendall's S, normal approximation", alternative, z=0.0)
    shown = np.sign(s) * (abs(s) - 1) if continuity else s
    words = f"Kendall's S, normal approximation, {'with' if continuity else 'no'} continuity correction"
    return Tested(s, normal_p(shown / spread_s, alternative), words, alternative, z=float(shown / spread_s))


def kendall_variance(tables: np.ndarray) -> np.ndarray:
    """Variance of S under no relation, given the ties (Kendall 1970, as R's cor.test), of one or of many tables."""
    n = tables.sum(axis=(-2, -1)).astype(float)
    rows, columns = tables.sum(axis=-1).astype(float), tables.sum(axis=-2).astype(float)

    def cubic(ties: np.ndarray) -> np.ndarray:
        return (ties * (ties - 1) * (2 * ties + 5)).sum(axis=-1)

    pairs = [(ties * (ties - 1)).sum(axis=-1) for ties in (rows, columns)]
    triples = [(ties * (ties - 1) * (ties - 2)).sum(axis=-1) for ties in (rows, columns)]
    # with one person there is no pair, with two no triple: the sums above are zero then, whatever they are divided by
    variance = (n * (n - 1) * (2 * n + 5) - cubic(rows) - cubic(columns)) / 18
    variance = variance + pairs[0] * pairs[1] / (2 * n * np.maximum(n - 1, 1))
    return variance + triples[0] * triples[1] / (9 * n * np.maximum(n - 1, 1) * np.maximum(n - 2, 1))


def jonckheere(table: Sequence[Sequence[int]], alternative: str = "two-sided", ties: bool = True) -> Tested:
    """Jonckheere-Terpstra test that answers (columns) rise with the group (rows). `statistic`: JT.

    JT = (S + pairs of people in different groups) / 2, so it is Kendall's test. `ties` False takes the variance
    without ties in the answers, as R's DescTools does.
    """
    counts = trim(as_table(table))
    s = int(concordance(counts[None])[0])
    sizes, n = counts.sum(axis=1).astype(float), float(counts.sum())
    across = (n * n - float((sizes**2).sum())) / 2
    if ties:
        p, z = (found := kendall(counts, alternative)).p, found.z
    else:
        variance = (n * n * (2 * n + 3) - float((sizes**2 * (2 * sizes + 3)).sum())) / 72
        z = s / 2 / math.sqrt(variance)
        p = normal_p(z, alternative)
    words = f"Jonckheere-Terpstra, normal approximation{'' if ties else ', ties ignored'}"
    return Tested((s + across) / 2, p, words, alternative, z=z)


def spearman(
    table: Sequence[Sequence[int]], alternative: str = "two-sided", method: str = "t", draws: int = DRAWS,
    seed: int = SEED,
) -> Tested:
    """Spearman's rank correlation. `statistic`: rho.

    "t": Student's t (scipy). "exact": without ties, all orders listed up to 9 people, above that the Edgeworth
    series AS 89 (Best and Roberts 1975, doi 10.2307/2347111), two-sided as twice the tail, all as R's cor.test.
    "permutation": over the tables with the same margins, exact or drawn.
    """
    choose("method", method, ("t", "exact", "permutation"))
    check_alternative(alternative)
    counts = trim(as_table(table))
    if min(counts.shape) < 2:
        raise ValueError("a rank correlation needs two different answers to both questions")
    x, y = spread(counts)
    found = spearmanr(x, y, alternative=alternative)
    rho = float(found.statistic)
    if method == "t":
        return Tested(rho, float(found.pvalue), "Spearman, t approximation", alternative, df=float(counts.sum() - 2))
    if method == "permutation":
        left, right = (midranks(counts.sum(axis=axis)) - (counts.sum() + 1) / 2 for axis in (1, 0))

        def product(tables: np.ndarray) -> np.ndarray:
            return np.einsum("i,tij,j->t", left, tables, right)

        drawn = permutation(
            counts, product, "Spearman, permutation", draws, seed, alternative=alternative,
            extreme=EXTREME[alternative],
        )
        return Tested(rho, drawn.p, drawn.method, alternative, None, None, drawn.mid_p, drawn.standard_error)
    if counts.max() > 1 or len(set(counts.shape)) > 1 or counts.sum() != len(counts):
        raise ValueError("Spearman's exact test has no ties; take the permutation test")
    n = len(counts)
    squares = int(((x - y) ** 2).sum())
    low, high = _spearman_tail(n, squares, False), _spearman_tail(n, squares, True)
    # a small sum of squared differences is a high correlation
    p = {"greater": low, "less": high, "two-sided": min(1.0, 2 * min(low, high))}[alternative]
    return Tested(rho, p, f"Spearman, {'exact' if n <= ENUMERATED else 'Edgeworth series'}", alternative)


def linear_by_linear(
    table: Sequence[Sequence[int]], row_scores: Sequence[float] | None = None,
    column_scores: Sequence[float] | None = None, alternative: str = "two-sided",
) -> Tested:
    """Mantel's linear-by-linear test, M2 = (n - 1) r^2, of scores 1, 2, 3 ... or those given. z is its signed root."""
    counts = as_table(table)
    rows = np.arange(1.0, counts.shape[0] + 1) if row_scores is None else np.asarray(row_scores, dtype=float)
    columns = np.arange(1.0, counts.shape[1] + 1) if column_scores is None else np.asarray(column_scores, dtype=float)
    if len(set(rows[counts.sum(axis=1) > 0])) < 2 or len(set(columns[counts.sum(axis=0) > 0])) < 2:
        raise ValueError("association needs two different answers to both questions")
    z = float(Table(counts, shift_zeros=False).test_ordinal_association(rows, columns).zscore)
    return Tested(z * z, normal_p(z, alternative), "linear-by-linear association", alternative, df=1, z=z)


def pearson(x: Sequence[float], y: Sequence[float], level: float = 0.95) -> Estimate:
    """Pearson's correlation with Fisher's z interval, 1 / sqrt(n - 3)."""
    r = float(np.corrcoef(np.asarray(x, dtype=float), np.asarray(y, dtype=float))[0, 1])
    error, quantile = 1 / math.sqrt(len(x) - 3), float(norm.ppf((1 + level) / 2))
    return Estimate(r, fisher_z(r, error * (1 - r * r), quantile, level, "Fisher z"), error)


def population(probabilities: np.ndarray, name: str = "tau_b") -> float:
    """The measure of a table of probabilities."""
    choose("measure", name, MEASURES)
    return _measured(np.asarray(probabilities, dtype=float), name)[0]


def measures(tables: np.ndarray, name: str = "tau_b") -> tuple[np.ndarray, np.ndarray]:
    """Value and ASE1 of a measure, of a table or of each of many (table x row x column) without empty answers.

    With probabilities p it is P - Q over a scale; the ASE1 comes from the gradient of both. nan where it is zero.
    """
    n = tables.sum(axis=(-2, -1))
    p = tables / n[..., None, None]
    above, before = np.cumsum(p, axis=-2) - p, np.cumsum(p[..., ::-1, :], axis=-2)[..., ::-1, :] - p
    concordant = _beside(above, left=True) + _beside(before, left=False)
    discordant = _beside(above, left=False) + _beside(before, left=True)
    rows, columns = p.sum(axis=-1), p.sum(axis=-2)

    def total(cells: np.ndarray) -> np.ndarray:
        return cells.sum(axis=(-2, -1))

    slope = concordant - discordant
    gap, slope = total(p * slope), 2 * slope
    left, right = 1 - (rows**2).sum(axis=-1), 1 - (columns**2).sum(axis=-1)
    left_slope, right_slope = -2 * rows[..., :, None], -2 * columns[..., None, :]
    smaller = min(tables.shape[-2:])
    if name == "gamma":
        scale, scale_slope = total(p * (concordant + discordant)), 2 * (concordant + discordant)
    elif name == "tau_c":
        scale, scale_slope = np.full_like(gap, (smaller - 1) / smaller), np.zeros_like(p)
    elif name == "tau_b":
        scale = np.sqrt(left * right)
        weights = [np.divide(side, 2 * scale, out=np.zeros_like(scale), where=scale > 0) for side in (right, left)]
        scale_slope = left_slope * weights[0][..., None, None] + right_slope * weights[1][..., None, None]
    else:
        scale, scale_slope = (left, left_slope) if name == "somers_columns" else (right, right_slope)
    whole = np.where(scale > 0, scale, np.nan)
    value = gap / whole
    gradient = (slope - value[..., None, None] * scale_slope) / whole[..., None, None]
    weighted = p * gradient
    variance = (total(weighted * gradient) - total(weighted) ** 2) / n
    return value, np.sqrt(np.maximum(0.0, variance))


def _measured(table: np.ndarray, name: str) -> tuple[float, float]:
    """Value and ASE1 of a measure of one table."""
    value, error = map(float, measures(table, name))
    if math.isnan(value):
        raise ValueError("gamma needs a pair of people who differ in both answers")
    return value, error


def _beside(p: np.ndarray, left: bool) -> np.ndarray:
    """For each place of a row, the sum of what lies to its left or to its right."""
    return np.cumsum(p, axis=-1) - p if left else np.cumsum(p[..., ::-1], axis=-1)[..., ::-1] - p


def _spearman_tail(n: int, squares: int, upper: bool) -> float:
    """P(sum of squared rank differences <= squares), or >= where `upper`."""
    if n <= ENUMERATED:
        orders = np.array(list(permutations(range(n))), dtype=np.int16)
        every = ((orders - np.arange(n, dtype=np.int16)) ** 2).sum(axis=1)
        return float(np.mean(every >= squares) if upper else np.mean(every <= squares))
    # AS 89 gives P(S >= s); sums are even, so that P(S <= s) = 1 - P(S >= s + 2)
    b = 1 / n
    x = (6 * ((squares if upper else squares + 2) - 1) * b / (n * n - 1) - 1) * math.sqrt(n - 1)
    y = x * x
    u = x * b * (
        0.2274 + b * (0.2531 + 0.1745 * b)
        + y * (-0.0758 + b * (0.1033 + 0.3932 * b)
               - y * b * (0.0879 + 0.0151 * b - y * (0.0072 - 0.0831 * b + y * b * (0.0131 - 4.6e-4 * y))))
    )
    above = min(1.0, max(0.0, u / math.exp(y / 2) + float(norm.sf(x))))
    return above if upper else 1 - above
