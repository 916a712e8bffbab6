"""The same people, asked twice or more: which function of the tool answers which reference value?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from surveybook.survey.stats import pairs
from surveybook.survey.stats.result import Estimate, Tested

from .calls import FEW, rank_form
from .case import Case
from .family import Family, Size, Test, TwoSided, halved
from .words import words_of


def yes_no_twice(case: Case) -> Family:
    """The same people, yes or no, twice."""
    table = case.yes_no_table

    def changed(method: str) -> Callable[[str], Tested]:
        def run(side: str) -> Tested:
            return pairs.mcnemar_test(table, method, side)

        return run if method in ("exact", "mid-p") else TwoSided(lambda: run("two-sided"))

    # p beside a chi-squared statistic is of one without correction, if R's own is not meant; alone it is the exact one
    beside = frozenset().union(*map(words_of, case.keys))
    chi = {"statistic", "df", "chi2"} & beside or case.function == "mcnemar.test"
    corrected = case.function == "mcnemar.test" and case.corrects("mcnemar.test") and "cc" not in beside
    return Family(
        (
            Test("mcnemar binom", "exact", "", changed("exact")),
            Test("mcnemar binom", "midp exact", "", changed("mid-p")),
            Test("mcnemar", "asym nocc", "chi2", changed("asymptotic")),
            Test("mcnemar", "asym cc", "chi2", changed("edwards")),
        ),
        (Size("or estimate", "plain exact clopperpearson", lambda level: pairs.change_odds(table, level), "mcnemar"),),
        {"n": lambda: int(table.sum()), "b": lambda: int(table[0][1]), "c": lambda: int(table[1][0]), 
            **dict.fromkeys(("n_discordant", "discordant"), lambda: int(table[0][1] + table[1][0]))},
        "mcnemar", {"mcnemar": f"asym {'cc' if corrected else 'nocc'}" if chi else "exact"},
    )  # fmt: skip


def yes_no_often(case: Case) -> Family:
    """The same people, yes or no, several times."""
    test = TwoSided(lambda: pairs.cochran_q(case.inputs["matrix"]))
    return Family((Test("cochran", "asym", "q chi2", test),), main="cochran")


def ordered_twice(case: Case) -> Family:
    """The same people, on a scale, twice; or once, against a centre."""
    if "x" in case.inputs and "y" not in case.inputs:
        centre = {**(case.of("wilcox.test", "wilcox.exact") or case.options), **case.inputs}.get("mu", 0)
        case = replace(case, inputs={**case.inputs, "y": [centre] * len(case.inputs["x"])})
    x, y = case.vectors

    def signed(zeros: str, method: str, continuity: bool = False) -> Callable[[str], Tested]:
        return lambda side: pairs.signed_rank(x, y, side, zeros, method, continuity)

    gaps = [round(abs(one - other), 10) for one, other in zip(x, y, strict=True)]
    untied = len(set(gaps)) == len(gaps) and 0 not in gaps
    signs = pairs.SignedRanks.of(x, y, "wilcox").signs
    unsaid = rank_form(case.function, case.told, untied, len(gaps) < FEW)
    nouns = "signedrank wilcox"
    # what R solves for where it is not exact is no median of means
    solved = case.function == "wilcox.test" and unsaid != "exact"
    return Family(
        (
            Test(nouns, "exact", "v", signed("wilcox", "exact")), Test(nouns, "asym cc", "v", signed(
                "wilcox", "asymptotic", True)),
            Test(nouns, "asym nocc", "v", signed("wilcox", "asymptotic")),
            Test(nouns, "midp exact", "", halved(signed("wilcox", "exact"))),
            Test("pratt signedrank", "exact", "", signed("pratt", "exact")),
            Test("pratt signedrank", "asym nocc", "", signed("pratt", "asymptotic")),
            Test("pratt signedrank", "asym cc", "", signed("pratt", "asymptotic", True)),
            Test("sign binom dixon", "exact", "s pos plus", lambda side: pairs.sign_test(x, y, side)),
        ),
        (
            Size("rankbiserial matched", "plain fisher fisherz",
                 lambda level: pairs.matched_rank_biserial(x, y, level)),
            Size("net", "plain bonett price", lambda level: pairs.net_change(x, y, level)),
            *([] if solved else [
                Size("pseudomedian", "plain", lambda level: pairs.pseudo_median(x, y, level), "signedrank")
            ]),
        ),
        {
            "n_nonzero": lambda: len(signs), "n_zero": lambda: len(x) - len(signs),
            "n_pos": lambda: int((signs > 0).sum()), "n_neg": lambda: int((signs < 0).sum()), "n": lambda: len(x),
        },
        "signedrank" if not {"S", "statistic"} & case.keys else "",
        {"signedrank": unsaid, "wilcox": unsaid, "pratt": "asym nocc", "sign": "exact"},
    )  # fmt: skip


def ordered_often(case: Case) -> Family:
    """The same people, on a scale, several times."""
    if {"L", "page"} & case.keys:
        return Family()
    matrix = case.inputs["matrix"]
    return Family(
        (Test("friedman", "asym", "chi2 q", TwoSided(lambda: pairs.friedman(matrix))),),
        (Size("w kendall", "", lambda level: Estimate(pairs.kendall_w(matrix), None)),),
        {"n": lambda: len(matrix), "W_from_chi2": lambda: pairs.kendall_w(matrix)}, "friedman",
    )
