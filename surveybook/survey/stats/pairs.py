"""Do the same people answer differently?  Two or more answers of each person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from surveybook.survey.estimates.share import Interval
from surveybook.survey.stats.contingency import as_table
from surveybook.survey.stats.dominance import tail
from surveybook.survey.stats.result import Estimate, Tested, check_alternative, choose, normal_p, quantile_of

Matrix = Sequence[Sequence[float]]
EXACT_PEOPLE = 2000  # differences up to which the signed-rank distribution is computed


def mcnemar_test(table: Sequence[Sequence[int]], method: str = "exact", alternative: str = "two-sided") -> Tested:
    """McNemar's test; rows are the first answer, columns the second, both in the same order (yes, no).

    `statistic`: exact and mid-p: how many changed from the first to the second level of the answer; chi-squared,
    "asymptotic" without and "edwards" with the continuity correction. "greater": more changed that way than back.
    mid-p: Fagerland, Lydersen and Laake 2013 (doi 10.1186/1471-2288-13-91). Raises ValueError for chi-squared where
    nobody changed.
    """
    from scipy.stats import binom, binomtest

    choose("method", method, ("exact", "mid-p", "asymptotic", "edwards"))
    check_alternative(alternative)
    counts = as_table(table, 2, 2)
    there, back = int(counts[0, 1]), int(counts[1, 0])
    changed = there + back
    if not changed:
        if method in ("asymptotic", "edwards"):
            raise ValueError("a chi-squared test of change needs somebody who changed")
        return Tested(0.0, 1.0, "McNemar, nobody changed", alternative)
    if method in ("asymptotic", "edwards"):
        if alternative != "two-sided":
            raise ValueError("McNemar's chi-squared test is two-sided; take the exact one")
        from statsmodels.stats.contingency_tables import mcnemar

        # where as many changed back as there, there is nothing to correct (as R's mcnemar.test has it)
        found = mcnemar(counts, exact=False, correction=method == "edwards" and there != back)
        words = f"McNemar, chi-squared{' with continuity correction' if method == 'edwards' else ''}"
        return Tested(float(found.statistic), float(found.pvalue), words, df=1)
    p = float(binomtest(there, changed, 0.5, alternative=alternative).pvalue)
    tie = float(binom.pmf(there, changed, 0.5))
    mid_p = p - tie if alternative == "two-sided" else p - tie / 2
    if alternative == "two-sided" and there == back:
        mid_p = 1 - tie / 2
    return Tested(float(there), mid_p if method == "mid-p" else p, f"McNemar, {method}", alternative, mid_p=mid_p)


def change_odds(table: Sequence[Sequence[int]], level: float = 0.95) -> Estimate:
    """Conditional odds ratio of change, there over back, with its exact interval (from Clopper-Pearson)."""
    from scipy.stats import binomtest

    counts = as_table(table, 2, 2)
    there, back = int(counts[0, 1]), int(counts[1, 0])
    if not there + back:
        raise ValueError("there are no odds of change where nobody changed")
    bounds = binomtest(there, there + back).proportion_ci(level, method="exact")
    low, high = (float(one / (1 - one)) if one < 1 else math.inf for one in bounds)
    words = "exact, from Clopper-Pearson"
    return Estimate(there / back if back else math.inf, Interval(low, high, level, words))


def cochran_q(matrix: Matrix) -> Tested:
    """Cochran's Q: are several yes/no answers of the same people equally frequent?  One row of 0 and 1 a person."""
    from statsmodels.stats.contingency_tables import cochrans_q

    answers = np.asarray(matrix)
    if answers.ndim != 2 or answers.shape[1] < 2 or not np.isin(answers, (0, 1)).all():
        raise ValueError("Cochran's Q needs one row of two or more answers, 0 or 1, for each person")
    if not np.ptp(answers, axis=1).any():
        raise ValueError("Cochran's Q needs a person whose answers differ")
    found = cochrans_q(answers)
    words = "Cochran's Q, chi-squared approximation"
    return Tested(float(found.statistic), float(found.pvalue), words, df=int(found.df))


@dataclass(frozen=True)
class SignedRanks:
    """Differences of pairs as ranks of their size: `ranks` and `signs` of those that are not zero."""

    ranks: np.ndarray
    signs: np.ndarray

    @classmethod
    def of(cls, x: Sequence[float], y: Sequence[float], zeros: str = "pratt") -> SignedRanks:
        """`zeros`: "pratt" ranks pairs without a difference and then leaves them out (Pratt 1959,
        doi 10.1080/01621459.1959.10501526), "wilcox" leaves them out before."""
        from scipy.stats import rankdata

        choose("zeros", zeros, ("pratt", "wilcox"))
        if len(x) != len(y) or not len(x):
            raise ValueError(f"pairs need as many first answers as second ones, not {len(x)} and {len(y)}")
        # ten decimals, so that 0.3 - 0.2 and 0.2 - 0.1 are the same difference
        gaps = np.round(np.asarray(x, dtype=float) - np.asarray(y, dtype=float), 10)
        gaps = gaps if zeros == "pratt" else gaps[gaps != 0]
        ranks = rankdata(abs(gaps)) if len(gaps) else gaps
        return cls(ranks[gaps != 0], np.sign(gaps[gaps != 0]))

    @property
    def v(self) -> float:
        """Sum of the ranks of positive differences."""
        return float(self.ranks[self.signs > 0].sum())


def signed_rank(
    x: Sequence[float], y: Sequence[float], alternative: str = "two-sided", zeros: str = "pratt",
    method: str = "exact", continuity: bool = False,
) -> Tested:
    """Wilcoxon's signed-rank test of x - y with midranks. `statistic`: V; `z` without continuity correction.

    "exact": all signs of the ranks seen, ties and zeros included (R's coin, exactRankTests; scipy's `exact` ignores
    ties); "asymptotic": normal, with the variance for ties.
    """
    choose("method", method, ("exact", "asymptotic"))
    check_alternative(alternative)
    signed = SignedRanks.of(x, y, zeros)
    if not len(signed.ranks):
        return Tested(0.0, 1.0, "Wilcoxon signed ranks, no pair differs", alternative, z=0.0)
    mean, spread = float(signed.ranks.sum()) / 2, math.sqrt(float((signed.ranks**2).sum()) / 4)
    off = signed.v - mean
    if method == "asymptotic":
        step = {"two-sided": np.sign(off), "greater": 1, "less": -1}[alternative] / 2 if continuity else 0.0
        words = f"normal approximation, {'with' if continuity else 'no'} continuity correction"
        p, mid_p = normal_p((off - step) / spread, alternative), None
    else:
        if len(signed.ranks) > EXACT_PEOPLE:
            raise ValueError(f"the exact signed-rank test is for up to {EXACT_PEOPLE} pairs; take the asymptotic one")
        words, double = "exact", np.round(2 * signed.ranks).astype(int)
        chance = _sign_sums(double)
        p, mid_p = tail(np.arange(len(chance)) / 2, chance, signed.v, mean, alternative)
    words = f"Wilcoxon signed ranks, {zeros} zeros, {words}"
    return Tested(signed.v, p, words, alternative, z=off / spread, mid_p=mid_p)


def sign_test(x: Sequence[float], y: Sequence[float], alternative: str = "two-sided") -> Tested:
    """Exact sign test of x - y, pairs without a difference left out. `statistic`: how many differences are positive."""
    from scipy.stats import binomtest

    signs = SignedRanks.of(x, y, "wilcox").signs
    above = int((signs > 0).sum())
    p = float(binomtest(above, len(signs), 0.5, alternative=alternative).pvalue) if len(signs) else 1.0
    return Tested(float(above), p, "sign test, exact", alternative)


def matched_rank_biserial(x: Sequence[float], y: Sequence[float], level: float = 0.95) -> Estimate:
    """(V+ - V-) / (V+ + V-) of the differences that are not zero (Kerby 2014, doi 10.2466/11.IT.3.1), with Fisher's
    z interval and the spread under no effect, as R's effectsize."""
    signed = SignedRanks.of(x, y, "wilcox")
    n = len(signed.ranks)
    if not n:
        raise ValueError("a rank-biserial correlation needs a pair that differs")
    value = float((signed.ranks * signed.signs).sum()) * 2 / (n * (n + 1))
    normal = quantile_of(level)
    if abs(value) == 1:
        # all differences have one sign: Wilson's bound of the share with that sign
        inner = (n - normal**2) / (n + normal**2)
        low, high = (inner, 1.0) if value == 1 else (-1.0, -inner)
        return Estimate(value, Interval(low, high, level, "Wilson, all differences have one sign"))
    half = normal * math.sqrt((2 * n**3 + 3 * n**2 + n) / 6) / ((n**2 + n) / 2)
    low, high = math.tanh(math.atanh(value) - half), math.tanh(math.atanh(value) + half)
    return Estimate(value, Interval(low, high, level, "Fisher z, spread under no effect"))


def net_change(x: Sequence[float], y: Sequence[float], level: float = 0.95) -> Estimate:
    """Share of pairs with x above y less that with x below y, with the adjusted Wald interval of Bonett and Price
    (2012, doi 10.3102/1076998611411915): one added to either count."""
    signs = SignedRanks.of(x, y).signs
    n, up, down = len(x), int((signs > 0).sum()), int((signs < 0).sum())
    value, share, other = (up - down) / n, (up + 1) / (n + 2), (down + 1) / (n + 2)
    error = math.sqrt((share + other - (share - other) ** 2) / (n + 2))
    half = quantile_of(level) * error
    low, high = max(-1.0, share - other - half), min(1.0, share - other + half)
    return Estimate(value, Interval(min(low, value), max(high, value), level, "Bonett-Price"), error)


def pseudo_median(x: Sequence[float], y: Sequence[float], level: float = 0.95) -> Estimate:
    """Median of the means of any two differences (Hodges and Lehmann), with ordered means as interval: exact
    without ties and zeros up to 50 pairs, as R's wilcox.test, else by the normal approximation."""
    quantile_of(level)
    error = (1 - level) / 2
    gaps = np.round(np.asarray(x, dtype=float) - np.asarray(y, dtype=float), 10)
    n = len(gaps)
    means = np.sort(np.add.outer(gaps, gaps)[np.triu_indices(n)] / 2)
    sizes = abs(gaps)
    if n <= 50 and len(np.unique(sizes)) == n and sizes.all():
        chance = np.cumsum(_sign_sums(np.arange(1, n + 1)))
        skip, words = int(np.searchsorted(chance, error * (1 - 1e-12))), "exact"
    else:
        spread = math.sqrt(float((SignedRanks.of(x, y).ranks ** 2).sum()) / 4)
        skip, words = round(len(means) / 2 + float(ndtri(error)) * spread), "normal approximation"
    skip = max(1, skip)
    interval = Interval(float(means[skip - 1]), float(means[len(means) - skip]), level, f"ordered means, {words}")
    return Estimate(float(np.median(means)), interval)


def friedman(matrix: Matrix) -> Tested:
    """Friedman's test: do several ordered answers of the same people differ?  One row a person; corrected for ties."""
    from scipy.stats import friedmanchisquare

    answers = _answers(matrix)
    found = friedmanchisquare(*answers.T)
    if not np.isfinite(found.statistic):
        raise ValueError("Friedman's test needs a person whose answers differ")
    words, df = "Friedman, chi-squared approximation", answers.shape[1] - 1
    return Tested(float(found.statistic), float(found.pvalue), words, df=df)


def kendall_w(matrix: Matrix) -> float:
    """Kendall's W, how far people agree on the order of their answers: Friedman's statistic / (n (k - 1))."""
    answers = _answers(matrix)
    return friedman(matrix).statistic / (len(answers) * (answers.shape[1] - 1))


def _answers(matrix: Matrix) -> np.ndarray:
    """One row of three or more answers a person."""
    answers = np.asarray(matrix, dtype=float)
    if answers.ndim != 2 or answers.shape[1] < 3 or len(answers) < 2:
        raise ValueError("this needs two or more people with three or more answers each")
    return answers


def _sign_sums(ranks: np.ndarray) -> np.ndarray:
    """Distribution of the sum of whole ranks, each counted or not with probability one half."""
    chance = np.zeros(int(ranks.sum()) + 1)
    chance[0] = 1.0
    for rank in ranks.tolist():
        raised = np.zeros_like(chance)
        raised[rank:] = chance[: len(chance) - rank]
        chance = (chance + raised) / 2
    return chance
