"""Which function of the tool answers which reference value: one family of tests and sizes for each kind of case."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from surveybook.publish.checks import statcheck
from surveybook.survey.estimates.equality import equal_shares
from surveybook.survey.estimates.share import Share
from surveybook.survey.stats import (
    agreement,
    association,
    categories,
    contingency,
    dominance,
    equivalence,
    groups,
    multiplicity,
    pairs,
    regression,
    two_by_two,
)
from surveybook.survey.stats.result import Estimate, Tested

from .reference_calls import FEW, exact_by_r, rank_form
from .reference_names import (
    RANKED,
    SIDES,
    Case,
    Family,
    NotOffered,
    Size,
    Test,
    TwoSided,
    bounds,
    counts_of,
    missing,
    shares_of,
    stack,
    words_of,
)

LISTED = 1290  # pairs below which R lists the ways of Spearman's test, or nearly so


def exactly(test: Callable[[str], Tested]) -> Callable[[str], Tested]:
    """A test, unless its tables are too many to be listed."""

    def run(side: str) -> Tested:
        tested = test(side)
        if tested.mid_p is None:
            raise NotOffered("an exact p of so many tables, which are drawn")
        return tested

    return run


def halved(test: Callable[[str], Tested]) -> Callable[[str], Tested]:
    """A test by its mid-p."""
    return lambda side: replace(tested := exactly(test)(side), p=tested.mid_p)


def negated(estimate: Estimate, turn: Callable[[float], float]) -> Estimate:
    """An estimate on another scale, where a low value is a high one if `turn` falls."""
    low, high = sorted(map(turn, bounds(estimate)))
    return Estimate(turn(estimate.value), replace(estimate.interval, low=low, high=high))


def yes_no_pair(case: Case) -> Family:
    given = case.yes_no_table
    columns = case.told.get("fixed") == "columns" or case.told.get("cond.row") is False
    table = given.T if columns else given  # the same odds
    (a, b), (c, d) = given.tolist()

    def fisher(side: str) -> Tested:
        return two_by_two.fisher(table, side)

    # an odds ratio beside Fisher's p is the one given the margins, which the tool does not have
    names = [words_of(key) - SIDES.keys() for key in case.keys]
    conditional = case.function == "fisher.test" or any(
        words & {"cond", "mle"} or {"p"} <= words <= {"p", "exact", "fisher"} for words in names
    )
    return Family(
        (
            Test("fisher", "exact minlike", "", fisher), Test("fisher", "midp exact minlike", "", halved(fisher)),
            Test("boschloo", "exact", "", lambda side: two_by_two.boschloo(table, side)),
            Test("chi2", "nocc asym pearson", "chi2 statistic df",
                 TwoSided(lambda: two_by_two.chi_squared(table, "none"))),
            Test("chi2", "n1 asym", "chi2 statistic df", TwoSided(lambda: two_by_two.chi_squared(table, "n-1"))),
            Test("g", "nocc asym", "g", TwoSided(lambda: categories.chi_squared(table, likelihood=True))),
        ),
        (
            Size("or", f"wald sample haldane {'' if conditional else 'plain'}",
                 lambda level: two_by_two.odds_ratio(table, level)),
            Size("difference", "newcombe", lambda level: two_by_two.difference(a, a + b, c, c + d, level)),
            Size("difference", "agresticaffo",
                 lambda level: two_by_two.difference(a, a + b, c, c + d, level, "agresti-caffo")),
            Size("v bias adjusted", "plain ncchisq noncentral", lambda level: categories.cramers_v(table, level)),
            Size("phi tau", "fisher fisherz", lambda level: association.measure(table, "tau_b", level)),
            Size("yule q gamma", "fisher fisherz", lambda level: association.measure(table, "gamma", level)),
        ),
        {**corrected_v(case, table), **({"or": refuse("the odds ratio given the margins")} if conditional else {})},
        "fisher", {"chi2": two_by_two_form(case)},
        {"exact": "fisher", "midp": "fisher", "n1": "chi2", "pearson": "chi2"},
    )  # fmt: skip


def two_by_two_form(case: Case) -> str:
    """The form of chi-squared that R takes for a table of 2 x 2."""
    return "cc" if case.corrects("chisq.test", "prop.test") else "nocc"


def refuse(what: str) -> Callable[[], object]:
    """What stands for a value that the tool does not have, though it has one of that name."""

    def refused() -> object:
        raise NotOffered(what)

    return refused


def corrected_v(case: Case, table: np.ndarray) -> dict[str, Callable[[], object]]:
    """V without its correction is not offered, under none of its names; and how many there are."""
    plain = refuse("Cramer's V without the correction of its bias")
    named = {} if case.asked & {"bias", "adjusted"} else {"V": plain, "phi_c": plain}
    return {**named, "n": lambda: int(np.sum(table))}


def nominal_pair(case: Case) -> Family:
    table = case.table
    two = table.shape == (2, 2)  # only there does R correct for continuity

    def fisher(side: str) -> Tested:
        return TwoSided(lambda: categories.fisher_freeman_halton(table))(side)

    def permuted(side: str) -> Tested:
        return TwoSided(lambda: categories.permuted_chi_squared(table))(side)

    return Family(
        (
            Test("fisher", "exact", "", exactly(fisher)), Test("fisher", "mc perm", "", fisher),
            Test("chi2", f"asym nocc pearson {'' if two else 'cc'}", "chi2 statistic df",
                 TwoSided(lambda: categories.chi_squared(table))),
            Test("chi2", "exact", "chi2", exactly(permuted)), Test("chi2", "mc perm", "chi2", permuted),
            Test("g", "asym nocc", "g", TwoSided(lambda: categories.chi_squared(table, likelihood=True))),
        ),
        (Size("v bias adjusted", "plain ncchisq noncentral", lambda level: categories.cramers_v(table, level)),),
        corrected_v(case, table), "fisher",
        {"chi2": f"asym {two_by_two_form(case) if two else ''}"},
        {"exact": "fisher", "perm": "chi2", "asym": "chi2"},
    )  # fmt: skip


def group_pair(case: Case) -> Family:
    """Yes/no by ordered or count: two groups."""
    if "successes" in case.inputs:
        return Family()
    table = case.two_groups

    def ranked(side: str) -> Tested:
        return dominance.mann_whitney(table, side)

    def delta(method: str) -> Callable[[float], Estimate]:
        return lambda level: dominance.cliff_delta(table, level, method)

    def as_share(turn: Callable[[float], float]) -> Callable[[float], Estimate]:
        def share(level: float) -> Estimate:
            try:
                return negated(dominance.cliff_delta(table, level, "bm_t"), turn)
            except ValueError:  # it is the interval that cannot be had
                return Estimate(turn(delta_of(table)), None)

        return share

    untied, few = bool((table.sum(axis=0) <= 1).all()), bool(table.sum(axis=1).max() < FEW)
    names = "delta rankbiserial"
    return Family(
        (
            Test("mannwhitney wilcox wilcoxon", "exact midranks absdev", "u w", exactly(ranked)),
            Test("mannwhitney wilcox wilcoxon", "mc perm midranks absdev", "u w", ranked),
            Test("mannwhitney wilcox wilcoxon", "asym nocc", "u w",
                 lambda side: dominance.mann_whitney(table, side, "asymptotic")),
            Test("mannwhitney wilcox", "midp exact", "", halved(ranked)),
            Test("bm t", "asym", "", TwoSided(lambda: dominance.brunner_munzel(table))),
            Test("linear", "asym", "linear", lambda side: association.linear_by_linear(
                table, range(2, 0, -1), range(table.shape[1]), side)),
            Test("kruskal", "asym", "h chi2", TwoSided(lambda: groups.kruskal_wallis(table))),
        ),
        (
            Size(f"{names} cliff", "fisherz fisher", delta("fisherz_cliff"), "mannwhitney"),
            Size(names, "bmtanh", delta("bm_tanh")), Size(names, "bm", delta("bm_t")),
            Size("vda auc cles superiority", "bm", as_share(lambda value: (value + 1) / 2)),
            Size("phat hat", "phat hat plain bm", as_share(lambda value: (1 - value) / 2), "bm"),
        ),
        {
            "var": lambda: float(dominance.cliff_deltas(table)[1]), "p_hat": lambda: 1 - (delta_of(table) + 1) / 2,
            **({} if "cc" in case.asked else {"z": lambda: ranked(case.side).z}),
            **dict.fromkeys(("U", "W", *(["statistic"] if case.function in RANKED else [])),
                            lambda: dominance.pairs_won(table)),
        },
        "mannwhitney",
        dict.fromkeys(("mannwhitney", "wilcox"), rank_form(case.function, case.told, untied, few)),
    )  # fmt: skip


def delta_of(table: np.ndarray) -> float:
    return dominance.cliff_delta(table).value


def ordered_pair(case: Case) -> Family:
    """Ordered or count by ordered or count."""
    table = case.table
    scores = ([*range(1, len(table) + 1)], [*range(1, table.shape[1] + 1)])
    if "table" not in case.inputs:
        first, second = case.vectors
        scores = tuple(
            levels if all(isinstance(one, (int, float)) for one in levels) else [*range(len(levels))]
            for levels in (case.levels("x", first), case.levels("y", second))
        )
    given = [case.inputs.get(name) for name in ("row_scores", "col_scores")]
    rows, columns = (mine or other for mine, other in zip(given, scores, strict=True))
    if case.function == "lbl_test":  # coin's asks of a factor of two levels whether it is the first
        rows, columns = ([-one for one in levels] if len(levels) == 2 else levels for levels in (rows, columns))

    def kendall(method: str) -> Callable[[str], Tested]:
        return lambda side: association.kendall(table, side, method)

    def pearson(level: float) -> Estimate:
        first, second = contingency.spread(table)
        return association.pearson(np.array(scores[0])[first], np.array(scores[1])[second], level)

    def squares() -> float:
        """Spearman's S of R, the sum of squared differences of ranks that rho would have without ties."""
        n = int(table.sum())
        return (n**3 - n) * (1 - association.spearman(table).statistic) / 6

    n = int(table.sum())
    untied = table.shape == (n, n) and table.max() == 1
    correcting = "cc" if case.told.get("continuity") is True else ""
    kendall_exact = exact_by_r(case.told, untied, n < FEW)
    unsaid = {"kendall": "exact" if kendall_exact else f"asym {correcting or 'nocc'}",
              "spearman": "exact" if exact_by_r(case.told, untied, n < LISTED) else f"asym {correcting}"}
    said = case.asked | case.tested
    spearman = "spearman" in said - {"kendall"} if {"spearman", "kendall"} & said else "rho" in case.keys
    values: dict[str, Callable[[], object]] = {"n": lambda: n}
    if untied:
        values["T"] = lambda: (association.kendall(table).statistic + n * (n - 1) / 2) / 2
    if spearman and not correcting:
        values["S"] = squares
    if {"spearman", "kendall"} & said and not correcting:  # what R's cor.test prints as the statistic
        values["statistic"] = squares if spearman else values["T"] if kendall_exact else (
            lambda: association.kendall(table).z)
    return Family(
        (
            Test("kendall tau", "asym nocc", "" if spearman else "s", kendall("asymptotic")),
            Test("kendall tau", "exact", "" if spearman else "s", exactly(kendall("permutation"))),
            Test("kendall tau", "mc perm", "" if spearman else "s", kendall("permutation")),
            Test("spearman rho t", "asym t nocc", "", lambda side: association.spearman(table, side)),
            Test("chi2", "asym nocc", "" if "linear" in case.asked else "chi2",
                 TwoSided(lambda: categories.chi_squared(table))),
            Test("linear", "asym nocc", "linear chi2",
                 lambda side: association.linear_by_linear(table, rows, columns, side)),
        ),
        (
            Size("tau", "fisher fisherz", lambda level: association.measure(table, "tau_b", level), "kendall"),
            Size("gamma goodman kruskal", "fisher fisherz", lambda level: association.measure(table, "gamma", level)),
            Size("r cor pearson", "plain fisher fisherz", pearson, "pearson"),
            Size("rho", "", lambda level: Estimate(association.spearman(table).statistic, None), "spearman"),
        ),
        values, "kendall" if not {"statistic", "rho", "JT"} & case.keys else "", unsaid,
        {"t": "spearman"},
    )  # fmt: skip


def several_groups(case: Case) -> Family:
    """Nominal by ordered or count."""
    given = case.inputs.get("groups")
    if given is None and "table" not in case.inputs:
        labels, values = case.vectors
        given = {str(one): [y for x, y in zip(labels, values, strict=True) if x == one] for one in sorted(set(labels))}
    if isinstance(given, Mapping):
        given = {name: given[name] for name in sorted(given)}
    elif given is not None:
        given = {str(number): group for number, group in enumerate(given, 1)}
    table = counts_of(case.inputs["table"]) if given is None else stack(list(given.values()))
    names = [str(number + 1) for number in range(len(table))] if given is None else list(given)

    def permuted(side: str) -> Tested:
        return TwoSided(lambda: groups.kruskal_wallis(table, "permutation"))(side)

    def compared(what: str) -> Callable[[], list[float]]:
        return lambda: [getattr(one, what) for one in groups.dunn(table)]

    values: dict[str, Callable[[], object]] = {}
    asked = case.asked
    about = asked.union(words_of(case.call), *map(words_of, case.keys))
    if about & {"dunn", "pairs"} or {"p_adjust", "p.adjust"} & set(case.options):
        adjusted = {"p_holm": compared("adjusted"), "holm": compared("adjusted")}
        if "holm" in asked:
            adjusted |= {name: compared("adjusted") for name in ("p.adj", "p_adjusted", "p.adjusted")}
        values = {
            **adjusted, "pairs": lambda: [[names[one.first], names[one.second]] for one in groups.dunn(table)],
            "z": compared("z"), "statistic": compared("z"), "p": compared("p"),
        }
        values |= {f"dunn_{name}": value for name, value in values.items()}
    return Family(
        (
            Test("kruskal", "asym", "h chi2", TwoSided(lambda: groups.kruskal_wallis(table))),
            Test("kruskal", "exact", "h chi2", exactly(permuted)), Test("kruskal", "mc perm", "h chi2", permuted),
        ),
        (Size("epsilon2", "ncchisq noncentral", lambda level: groups.epsilon_squared(table, level)),),
        values, "kruskal", {"kruskal": "asym"},
    )


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
            Test("mcnemar", "midp exact", "", changed("mid-p")),
            Test("mcnemar", "asym nocc", "chi2", changed("asymptotic")),
            Test("mcnemar", "asym cc", "chi2", changed("edwards")),
        ),
        (Size("or estimate", "plain exact clopperpearson", lambda level: pairs.change_odds(table, level), "mcnemar"),),
        {"b": lambda: int(table[0][1]), "c": lambda: int(table[1][0]), 
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
        case = replace(case, inputs={**case.inputs, "y": [case.inputs.get("mu", 0)] * len(case.inputs["x"])})
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
        {"W_from_chi2": lambda: pairs.kendall_w(matrix)}, "friedman",
    )


def one_share(case: Case) -> Family:
    k, n = int(case.inputs["k"]), int(case.inputs["n"])

    def exact(level: float) -> Estimate:
        """Clopper and Pearson's interval of one share is that of two at half the error."""
        share = Share(k, n, among=2, level=1 - 2 * (1 - level))
        return Estimate(share.value, replace(share.interval, level=level))

    def wilson(level: float) -> Estimate:
        return Estimate(k / n, Share(k, n, level=level).interval)

    binom, scored = case.of("binom.test"), case.function == "prop.test"
    declared = case.inputs.get("p0", case.options.get("p0"))
    claimed = declared if binom is None or declared is not None else binom.get("p", binom.get("3", 0.5))
    binomial = (Test("binom", "exact", "", TwoSided(lambda: Tested(k, equal_shares((k, n - k)).p, "exact"))),)
    # an interval without a name is R's: of binom.test, or of prop.test, which corrects if it is not told otherwise
    plain = ("" if case.corrects("prop.test") else "plain", "") if scored else ("", "plain")
    intervals = (f"wilson {plain[0]}", f"clopperpearson exact {plain[1]}") if case.side == "two-sided" else ("", "")
    names = "share estimate phat prop proportion"
    return Family(
        binomial if claimed == 0.5 else (),
        (Size(names, intervals[0], wilson), Size(names, intervals[1], exact, "binom")),
        {"n": lambda: n, **dict.fromkeys(("estimate", "p_hat"), lambda: k / n)}, "binom",
    )  # fmt: skip


def share_pair(case: Case) -> Family:
    """Two shares; without a p, the case is about their difference."""
    family = yes_no_pair(case)
    return replace(family, main="") if not {"p"} & case.keys else family


def one_sample(case: Case) -> Family:
    if "x" in case.inputs:
        return ordered_twice(case)
    equal = equal_shares(case.inputs["counts"])
    if any(name in case.inputs for name in ("p0", "p", "probs", "shares")):
        return Family()
    return Family(
        (
            Test("multinom", "exact", "", TwoSided(lambda: Tested(equal.statistic, equal.p, equal.method))),
        ),
        values={"chi2": lambda: equal.statistic, "statistic": lambda: equal.statistic,
                "p_exact": (lambda: equal.p) if equal.method == "exact" else refuse("an exact p: tables are drawn")},
    )  # fmt: skip


def families(case: Case) -> Family:
    """Adjusted p. R drops a missing one from the family unless the size of the family is declared."""
    if "p" not in case.inputs:
        return Family()
    p = case.inputs["p"]
    present = [one for one in p if not missing(one)]
    declared = int(case.inputs.get("m", case.options.get("m", case.options.get("n", len(present)))))
    alpha = float(case.options.get("alpha", 0.05))

    def adjusted(method: str) -> list[float | None]:
        found = iter(multiplicity.adjust([*present, *[None] * (declared - len(present))], method))
        return [None if missing(one) else next(found) for one in p]

    values: dict[str, Callable[[], object]] = {}
    for name, method in (("holm", "holm"), ("BH", "benjamini-hochberg"), ("none", "none")):
        def number(method: str = method) -> int:
            return sum(one is not None and one <= alpha for one in adjusted(method))

        meant = ("p_adjusted", "adjusted", "p") if words_of(name) & case.asked else ()  # by an option, or in the call
        for spelled in (name, f"p_{name}", f"{name}_adjusted", f"p_{name}_adjusted", *meant):
            values[spelled] = lambda method=method: adjusted(method)
        values |= {f"reject_{name}": number, f"n_reject_{name}": number}
    return Family(values=values)


def equivalent(case: Case) -> Family:
    inputs, options, asked = case.inputs, case.options, case.asked
    null = options.get("null", options.get("sesoi", options.get("bound", 0.2)))
    low, high = sorted(null) if isinstance(null, (list, tuple)) else (-abs(null), abs(null))
    limits = (float(options.get("low", low)), float(options.get("high", high)), float(options.get("alpha", 0.05)))

    if "k1" in inputs:
        if "agresticaffo" not in asked:  # R's is Wald's, and the tool's Agresti and Caffo's
            return Family(sizes=(Size("difference", "", lambda level: two_by_two.difference(*shares_of(case), level)),))
        found = equivalence.shares(*shares_of(case), *limits)
    elif asked & {"cliff", "delta", "fisherz"} and not asked & {"tau", "kendall"}:
        found = equivalence.delta(case.two_groups, *limits)
    elif asked & {"ase1", "se", "fisherz"}:
        found = equivalence.tau_b(case.table, *limits)
    else:  # TOSTER's variance takes no ties into account
        return Family(sizes=(Size("tau", "", lambda level: association.measure(case.table, "tau_b", level)),))
    size = Size("tau difference delta estimate", "plain", lambda level: Estimate(found.value, found.interval))
    return Family(sizes=(size,), values={
        "p": lambda: found.p, "p_tost": lambda: found.p, "p_lower": lambda: found.p_low,
        "p_upper": lambda: found.p_high, "ci90": lambda: [found.interval.low, found.interval.high],
    })  # fmt: skip


def printed(case: Case) -> Family:
    """Statistics that a text prints."""
    inputs = case.inputs
    if "text" in inputs:
        checked = statcheck.check_text(inputs["text"], float(case.options.get("alpha", 0.05)))
        return Family(values={
            "computed_p": lambda: [one.recomputed.p for one in checked],
            "error": lambda: [one.error for one in checked],
            "decision_error": lambda: [one.decision_error for one in checked], "n": lambda: len(checked),
        })  # fmt: skip
    kinds = {"f": "F", "chi": "chi2", "chisq": "chi2", "x2": "chi2", "q": "Q"}
    kind = kinds.get(inputs["type"].lower(), inputs["type"])
    half = bool(case.options.get("one_tailed", case.options.get("one_sided", False)))
    again = statcheck.recompute(kind, float(inputs["statistic"]), inputs.get("df1"), inputs.get("df2"),
                                int(inputs.get("decimals") or 2), half)  # fmt: skip
    return Family(values={"p": lambda: again.p, "p_interval": lambda: [again.low, again.high]})


def model(fit: Callable[..., dict[str, regression.Coefficient]], whole: bool) -> Callable[[Case], Family]:
    """The coefficients of a regression, by predictor; all in one list if `whole`, as R has no intercept there."""

    def made(case: Case) -> Family:
        predictors = case.inputs["X"]
        if case.options.get("link", "logit") not in ("logit", "logistic"):
            return Family()

        def one(name: str) -> regression.Coefficient:
            return fit(case.inputs["y"], predictors, case.level)[name]

        getters: dict[str, Callable[[regression.Coefficient], object]] = {
            "coef": lambda found: found.value, "se": lambda found: found.standard_error, "p": lambda found: found.p,
            "or": lambda found: math.exp(found.value), "z": lambda found: found.value / found.standard_error,
            "wald_ci": lambda found: [found.wald.low, found.wald.high],
            "or_wald_ci": lambda found: [math.exp(found.wald.low), math.exp(found.wald.high)],
        }
        values = {
            f"{word}_{name}": lambda get=get, name=name: get(one(name))
            for word, get in getters.items() for name in predictors
        }
        if whole:
            values |= {word: lambda get=get: [get(one(name)) for name in predictors] for word, get in getters.items()}
        return Family(values=values)

    return made


def coders(case: Case) -> Family:
    ratings = [case.inputs[name] for name in sorted(name for name in case.inputs if re.fullmatch(r"r\d+", name))]
    if not ratings:
        return Family()

    def kappa(weights: str) -> Callable[[float], Estimate]:
        return lambda level: agreement.kappa(*ratings, weights, level)

    def alpha(scale: str) -> Callable[[float], Estimate]:
        return lambda level: Estimate(agreement.krippendorff(ratings, scale), None)

    weights = next(iter(case.asked & {"linear", "quadratic"}), "none")
    scale = next(iter(case.asked & {"nominal", "ordinal", "interval", "ratio"}), "nominal")
    return Family(sizes=(
        Size("kappa cohen", "plain", kappa(weights)), Size("kripp alpha", "", alpha(scale)),
        *(Size(word, "kappa plain", kappa(word)) for word in ("linear", "quadratic")),
        *(Size(word, "kripp alpha", alpha(word)) for word in ("nominal", "ordinal", "interval", "ratio")),
    ))  # fmt: skip


KINDS: dict[str, Callable[[Case], Family]] = {
    "binary-binary": yes_no_pair, "proportion-difference": share_pair,
    "nominal-nominal": nominal_pair, "binary-nominal": nominal_pair, "nominal-binary": nominal_pair,
    "binary-ordinal": group_pair, "binary-count": group_pair, "count-binary": group_pair,
    "ordinal-ordinal": ordered_pair, "ordinal-count": ordered_pair, "count-ordinal": ordered_pair,
    "count-count": ordered_pair, "nominal-ordinal": several_groups, "nominal-count": several_groups,
    "paired-binary": yes_no_twice, "paired-binary-k": yes_no_often, "paired-ordinal": ordered_twice,
    "paired-count": ordered_twice, "paired-ordinal-k": ordered_often, "proportion": one_share,
    "ordinal-1sample": one_sample, "multiplicity": families, "equivalence": equivalent, "statcheck": printed,
    "binary~ordinal": model(regression.logistic, whole=False),
    "ordinal~mixed": model(regression.proportional_odds, whole=True), "reliability": coders,
}  # fmt: skip


def compute(kind: str, case: Case, name: str) -> object:
    """The value that a case of this kind means by a name. Raises NotOffered for what the tool does not have."""
    if kind not in KINDS:
        raise NotOffered(f"cases of the kind {kind}")
    return KINDS[kind](case).value(case, name)
