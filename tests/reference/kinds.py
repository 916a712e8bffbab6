"""Which family of tests and sizes answers which kind of case?  Pairs, changes, and all that is neither."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace

from surveybook.publish.checks import statcheck
from surveybook.survey.estimates.equality import equal_shares
from surveybook.survey.estimates.share import Share
from surveybook.survey.stats import agreement, association, equivalence, multiplicity, regression, two_by_two
from surveybook.survey.stats.result import Estimate, Tested

from .case import Case, missing, shares_of, turned
from .changes import ordered_often, ordered_twice, yes_no_often, yes_no_twice
from .family import Family, NotOffered, Size, Test, TwoSided, refuse
from .relations import group_pair, nominal_pair, ordered_pair, several_groups, yes_no_pair
from .words import words_of


def one_share(case: Case) -> Family:
    k, n = int(case.inputs["k"]), int(case.inputs["n"])

    def exact(level: float) -> Estimate:
        """Clopper and Pearson's interval of one share is that of two at half the error."""
        share = Share(k, n, among=2, level=1 - 2 * (1 - level))
        return Estimate(share.value, replace(share.interval, level=level))

    def wilson(level: float) -> Estimate:
        return Estimate(k / n, Share(k, n, level=level).interval)

    binom, scored = case.of("binom.test"), case.function == "prop.test" or "BinomCI(" in case.call
    given = {**case.options, **case.inputs}
    declared = next((given[name] for name in ("p0", "p", "null") if name in given), None)
    claimed = declared if binom is None or declared is not None else binom.get("p", binom.get("3", 0.5))
    binomial = (Test("binom", "exact", "", TwoSided(lambda: Tested(k, equal_shares((k, n - k)).p, "exact"))),)
    # an interval without a name is R's: of binom.test; of prop.test, which corrects if it is not told otherwise; or of
    # DescTools' BinomCI, which is Wilson's if nothing else is said
    other = case.corrects("prop.test") or "method" in {*case.options, *re.findall(r"(\w+) ?=", case.call)}
    plain = ("" if other else "plain", "") if scored else ("", "plain")
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

    called = words_of(case.call) & {"holm", "bh", "bonferroni", "hochberg", "hommel", "by", "none"}
    said = case.asked | (called if len(called) == 1 else frozenset())
    values: dict[str, Callable[[], object]] = {}
    for name, method in (("holm", "holm"), ("BH", "benjamini-hochberg"), ("none", "none")):
        def number(method: str = method) -> int:
            return sum(one is not None and one <= alpha for one in adjusted(method))

        meant = ("p_adjusted", "adjusted", "p") if words_of(name) & said else ()  # by an option, or in the call
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
    "binary-ordinal": group_pair, "binary-count": group_pair, "count-binary": group_pair, "ordinal-binary": group_pair,
    "ordinal-ordinal": ordered_pair, "ordinal-count": ordered_pair, "count-ordinal": ordered_pair,
    "count-count": ordered_pair, "nominal-ordinal": several_groups, "nominal-count": several_groups,
    **dict.fromkeys(("ordinal-nominal", "count-nominal"), lambda case: several_groups(turned(case))),
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
