"""Two answers of each person: which function of the tool answers which reference value?"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from surveybook.survey.stats import association, categories, contingency, dominance, groups, two_by_two
from surveybook.survey.stats.result import Estimate, Tested

from .calls import FEW, exact_by_r, rank_form
from .case import RANKED, Case, counts_of, stack
from .family import Family, Size, Test, TwoSided, bounds, exactly, halved, refuse
from .words import SIDES, words_of

LISTED = 1290  # pairs below which R lists the ways of Spearman's test, or nearly so


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


def corrected_v(case: Case, table: np.ndarray) -> dict[str, Callable[[], object]]:
    """V without its correction is not offered, under none of its names; and how many there are."""
    plain = refuse("Cramer's V without the correction of its bias")
    corrected = case.asked & {"bias", "adjusted"} or re.search(r"(bias\.correct|adjust) = TRUE", case.call)
    named = {} if corrected else {"V": plain, "phi_c": plain}
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
            **{name: lambda people=people: int(people.sum())
               for name, people in (("n", table), ("n1", table[0]), ("n2", table[1]))},
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
            Size(f"tau {'cor' if 'kendall' in said else ''}", "fisher fisherz",
                 lambda level: association.measure(table, "tau_b", level), "kendall"),
            Size("gamma goodman kruskal", "fisher fisherz", lambda level: association.measure(table, "gamma", level)),
            Size(f"r pearson {'' if {'kendall', 'spearman'} & said else 'cor'}", "plain fisher fisherz", pearson,
                 "pearson"),
            Size(f"rho {'cor' if 'spearman' in said else ''}", "",
                 lambda level: Estimate(association.spearman(table).statistic, None), "spearman"),
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
        sign = -1 if what == "z" and case.function == "dunnTest" else 1  # FSA's is positive where the first is higher
        return lambda: [sign * getattr(one, what) for one in groups.dunn(table)]

    values: dict[str, Callable[[], object]] = {"n": lambda: int(table.sum())}
    asked = case.asked
    about = asked.union(words_of(case.call), *map(words_of, case.keys))
    if about & {"dunn", "pairs"} or {"p_adjust", "p.adjust"} & set(case.options):
        adjusted = {"p_holm": compared("adjusted"), "holm": compared("adjusted")}
        if "holm" in asked or case.function in ("dunn_test", "dunnTest") and not asked:  # as they do by default
            adjusted |= {name: compared("adjusted") for name in ("p.adj", "p_adjusted", "p.adjusted")}
        values |= {
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
