"""What does a name such as `p_chi2`, `Kruskal-Wallis chi-squared` or `conf.low` say?  It is read as words.

This is the one place where spellings are known.
"""

from __future__ import annotations

import re

Words = frozenset[str]

PHRASES = {  # what is written -> the word that families know, longest first
    "p value": "p", "pvalue": "p", "p val": "p", "pval": "p", "pr": "p", "mid p": "midp", "p mid": "midp",
    "pmid": "midp",
    "conf int": "ci", "confint": "ci", "confidence interval": "ci", "ci90": "ci", "ci95": "ci", "ci99": "ci",
    "conf low": "low", "conf high": "high", "ci low": "low", "ci high": "high", "ci lower": "low", "ci upper": "high",
    "lower": "low", "lwr": "low", "lcl": "low", "upper": "high", "upr": "high", "ucl": "high",
    "test statistic": "statistic", "stat": "statistic", "parameter": "df", "dof": "df",
    "standard error": "se", "std error": "se", "stderr": "se", "ase": "se", "ase1": "se",
    "est": "estimate", "value": "estimate",
    "lo": "low", "hi": "high", "two sided": "both", "twosided": "both", "two tailed": "both", "2 sided": "both",
    "2sided": "both", "two": "both",
    "x squared": "chi2", "x2": "chi2", "chi squared": "chi2", "chisquared": "chi2", "chi square": "chi2",
    "chisq": "chi2", "chi sq": "chi2", "chi 2": "chi2", "pearson chi2": "chi2", "chisq test": "chi2",
    "prop test": "chi2",
    "log likelihood": "g", "likelihood ratio": "g", "gtest": "g", "g test": "g", "g2": "g", "lr": "g",
    "fisher test": "fisher", "fisher exact": "fisher exact", "fisher z": "fisherz", "fishers z": "fisherz",
    "freeman halton": "fisher", "n 1": "n1", "campbell": "n1",
    "asymptotic": "asym", "asymp": "asym", "approximate": "asym", "approx": "asym", "normal": "asym",
    "permutation": "perm", "permuted": "perm", "monte carlo": "mc", "simulate": "mc", "simulated": "mc", "sim": "mc",
    "simulate p value": "mc", "exactranktests": "exact", "exact with ties": "exact", "exact ties": "exact",
    "no continuity": "nocc", "uncorrected": "nocc", "continuity": "cc", "yates": "cc", "edwards": "cc",
    "no cc": "nocc", "ffh": "fisher", "bc": "bias", "bias corrected": "bias", "corrected": "bias", "adj": "adjusted",
    "adjust": "adjusted",
    "bergsma": "bias", "unadj": "p",
    "tau b": "tau", "taub": "tau", "kendall tau": "tau", "odds ratio": "or", "oddsratio": "or",
    "risk difference": "difference", "rd": "difference", "diff": "difference", "prop diff": "difference",
    "cramers": "v", "cramer": "v", "cramers v": "v", "cramer v": "v", "cramerv": "v", "yule q": "q yule",
    "mann whitney": "mannwhitney", "mwu": "mannwhitney", "wilcox test": "wilcox", "wilcoxon": "wilcox",
    "signed rank": "signedrank", "wilcoxsign test": "signedrank", "signrank": "signedrank",
    "sign test": "sign", "signtest": "sign", "brunner munzel": "bm", "brunnermunzel": "bm",
    "r rank biserial": "rankbiserial", "rank biserial": "rankbiserial",
    "r rb": "rankbiserial", "rrb": "rankbiserial", "rb": "rankbiserial",
    "a12": "vda", "a": "vda", "prob superiority": "superiority", "p superiority": "superiority",
    "prob sup": "superiority", "rs": "rho", "r s": "rho", "u1": "u", "cliff delta": "delta", "cliffs delta": "delta",
    "bm tanh": "bmtanh",
    "linear by linear": "linear", "lbl": "linear", "lbl test": "linear", "m2": "linear", "mantel": "linear",
    "kruskal wallis": "kruskal", "kw": "kruskal", "epsilon squared": "epsilon2", "epsilon 2": "epsilon2",
    "eps2": "epsilon2", "epsilon sq": "epsilon2", "eps sq": "epsilon2", "rank epsilon squared": "epsilon2",
    "rank epsilon2": "epsilon2",
    "cochran q": "q", "cochranq": "q", "cochran qtest": "cochran", "kendall w": "w kendall", "kendalls w": "w kendall",
    "pseudo median": "pseudomedian", "hl": "pseudomedian", "hodges lehmann": "pseudomedian",
    "net change": "net", "newcomb": "newcombe", "clopper pearson": "clopperpearson", "agresti caffo": "agresticaffo",
    "ac": "agresticaffo",
    "benjamini hochberg": "bh", "fdr": "bh", "krippendorff": "kripp", "krippendorffs": "kripp",
    "squared": "quadratic", "equal": "linear", "cohens": "cohen",
}  # fmt: skip
SPOKEN = re.compile(r"\b(" + "|".join(sorted(map(re.escape, PHRASES), key=len, reverse=True)) + r")\b")
SIDES = {"both": "two-sided", "less": "less", "greater": "greater"}
FORMS = {"exact", "asym", "perm", "mc", "midp", "nocc", "cc", "t", "n1"}  # of a test
EMPTY = {"test", "rank", "with", "ties", "sum", "of", "the", "conf", "int", "paired", "coefficient", "one", "sided"}


def words_of(written: str) -> Words:
    """The words of a name, an option or a call, however it spells them."""
    plain = re.sub(r"[’']s\b", "", written.replace("Z.", "z ")).lower()
    plain = " ".join(re.findall(r"[a-z0-9]+", plain))
    for _ in range(2):  # phrases made of phrases: chisq test
        plain = SPOKEN.sub(lambda found: PHRASES[found[1]], plain)
    return frozenset(plain.split()) - EMPTY
