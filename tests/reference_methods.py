"""Which function of `analysis` answers which reference value: one function a kind of case.

Each takes a `Case` and gives the quantities it can compute, by the names that the cases use, as functions without
arguments, so that only what is asked for is computed. What a case means is read from its inputs, options and the
names of the expected values, never from its id.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from surveybook.survey.estimates.equality import equal_shares
from surveybook.survey.stats import (
    agreement,
    association,
    bayes,
    binary,
    consistency,
    counting,
    disclosure,
    dominance,
    equivalence,
    latent,
    missing,
    models,
    multinomial,
    multiplicity,
    nominal,
    odds,
    paired,
    power,
    proportion,
    raking,
    ranks,
    resampling,
    several,
)
from surveybook.survey.stats.result import Estimate

Quantities = dict[str, Callable[[], object]]
SIDES = {
    "two.sided": "two-sided", "two_sided": "two-sided", "t": "two-sided", "l": "less", "g": "greater",
    "increasing": "greater", "decreasing": "less",
}
ENOUGH = 400_000  # draws: a Monte Carlo error well below the tolerances of the cases


@dataclass(frozen=True)
class Case:
    """What a case gives and asks: inputs, options, names of expected values."""

    inputs: Mapping
    options: Mapping
    keys: frozenset[str]

    @property
    def side(self) -> str:
        side = self.options.get("alternative", "two-sided")
        return SIDES.get(side, side)

    @property
    def level(self) -> float:
        names = ("conf", "conf_level", "level")
        return float(next((self.options[name] for name in names if name in self.options), 0.95))

    def option(self, name: str, otherwise: object = None) -> object:
        return self.options.get(name, otherwise)

    @property
    def table(self) -> np.ndarray:
        """The table given, or counted from two answers of each person, or from shares of two groups."""
        if "table" in self.inputs:
            return np.asarray(self.inputs["table"])
        if "k1" in self.inputs:
            k1, n1, k2, n2 = shares_of(self)
            return np.array([[k1, n1 - k1], [k2, n2 - k2]])
        return counting.cross(*missing.complete(self.inputs["x"], self.inputs["y"]))[0]

    @property
    def groups(self) -> ranks.Groups:
        """Two groups: from their answers, or a table with one row for each."""
        if "table" in self.inputs:
            return ranks.Groups.from_table(self.inputs["table"], self.inputs.get("values"))
        x, y = ([one for one in self.inputs[name] if not missing.is_missing(one)] for name in ("x", "y"))
        return ranks.Groups.of(x, y)


def bounds(estimate: Estimate) -> list[float]:
    return [estimate.interval.low, estimate.interval.high]


def shares_of(case: Case) -> tuple[int, int, int, int]:
    return tuple(int(case.inputs[name]) for name in ("k1", "n1", "k2", "n2"))


def binary_binary(case: Case) -> Quantities:
    table, options = case.table, case.options
    rule = str(case.option("tsmethod", "")).lower()
    fixed = str(case.option("fixed", "rows"))

    def tested():
        if "lambda" in options or "correction" in options or ("df" in case.keys and "pooled" not in options):
            return chi()
        if "pooled" in options or ("fixed" in options and "statistic" in case.keys):
            return binary.barnard(table, case.side, fixed, bool(case.option("pooled", True)))
        if "fixed" in options:
            return boschloo()
        return exact(bool(case.option("midp", False)))

    def chi():
        asked = case.option("correction", False)
        correction = "n-1" if str(asked).upper() == "N-1" else "yates" if asked is True else "none"
        return binary.chi_squared(table, correction, str(case.option("lambda", "")) == "log-likelihood")

    def boschloo():
        return binary.boschloo(table, case.side, fixed)

    def exact(mid: bool = False):
        return binary.fisher(table, case.side, rule or ("central" if mid else "minlike"), mid)

    def conditional() -> Estimate:
        return odds.conditional(table, case.level, case.side, rule or "central", bool(case.option("midp", False)))

    def conditional_bounds() -> list[float]:
        # R's exact2x2 gives these bounds to four decimals
        coarse = rule in ("minlike", "blaker") and case.side == "two-sided" and not case.option("midp", False)
        return [round(one, 4) if coarse and math.isfinite(one) else one for one in bounds(conditional())]

    def sample() -> Estimate:
        return odds.odds(table, case.level)

    def shares(method: str = "newcombe") -> Estimate:
        (a, b), (c, d) = np.asarray(table).tolist()
        return odds.difference(a, a + b, c, c + d, case.level, method)

    # an odds ratio beside a p is that of Fisher's test; alone it is the sample's, with Wald's interval
    wald = {"or", "odds_ratio"} & case.keys and not {"or_cond_mle", "p"} & case.keys
    ratio = sample if wald else conditional
    return {
        "p": lambda: tested().p, "statistic": lambda: tested().statistic, "df": lambda: tested().df,
        "p_exact": lambda: exact().p, "p_fisher": lambda: exact().p, "p_midp": lambda: exact(True).p,
        "midp": lambda: exact(True).p, "p_boschloo": lambda: boschloo().p,
        "p_barnard": lambda: binary.barnard(table, case.side, fixed).p,
        "p_minlike": lambda: binary.fisher(table, two_sided="minlike").p,
        "p_central": lambda: binary.fisher(table, two_sided="central").p,
        "p_blaker": lambda: binary.fisher(table, two_sided="blaker").p,
        "chi2": lambda: chi().statistic, "p_chi2": lambda: chi().p, "G": lambda: chi().statistic,
        "or_cond_mle": lambda: conditional().value, "or_cond": lambda: conditional().value,
        "or_cond_ci": conditional_bounds,
        "or_ci": (lambda: bounds(sample())) if wald else conditional_bounds,
        "or": lambda: ratio().value, "odds_ratio": lambda: ratio().value, "or_wald_ci": lambda: bounds(sample()),
        "or_haldane": lambda: sample().value, "or_haldane_ci": lambda: bounds(sample()),
        "rr": lambda: odds.risk_ratio(table, case.level).value,
        "rr_ci": lambda: bounds(odds.risk_ratio(table, case.level)),
        "rd": lambda: shares().value, "risk_difference": lambda: shares().value, "diff": lambda: shares().value,
        "rd_ci": lambda: bounds(shares()), "newcombe": lambda: bounds(shares()),
        "miettinen_nurminen": lambda: bounds(shares("miettinen-nurminen")), "mee": lambda: bounds(shares("mee")),
        "phi": lambda: association.measure(table, "tau_b", interval="wald").value,
        "yule_q": lambda: association.measure(table, "gamma", interval="wald").value,
        **cramer(case),
    }


def cramer(case: Case) -> Quantities:
    def v(corrected: bool = False) -> Estimate:
        return nominal.cramers_v(case.table, case.level, corrected)

    return {
        "V": lambda: v().value, "cramer_v": lambda: v().value, "cramers_v": lambda: v().value,
        "V_bias_corrected": lambda: v(True).value, "V_corrected": lambda: v(True).value, "V_adj": lambda: v(True).value,
        "V_ci": lambda: bounds(v()), "V_ci_ncchisq": lambda: bounds(v()),
        "T": lambda: nominal.coefficient(case.table, "tschuprow"),
        "tschuprow": lambda: nominal.coefficient(case.table, "tschuprow"),
        "C": lambda: nominal.coefficient(case.table, "pearson"),
    }


def nominal_nominal(case: Case) -> Quantities:
    def chi():
        return nominal.chi_squared(case.table, str(case.option("lambda", "")) == "log-likelihood")

    def exact():
        return nominal.fisher_freeman_halton(case.table, ENOUGH)

    def permuted():
        return nominal.permuted_chi_squared(case.table, ENOUGH)

    fisher = bool({"mc", "exact", "method"} & set(case.options)) or not {"statistic", "df", "chi2"} & case.keys
    simulated = bool({"simulate", "simulate_p_value"} & set(case.options))
    tested = permuted if simulated else exact if fisher else chi
    return {
        "p": lambda: tested().p, "statistic": lambda: chi().statistic, "chi2": lambda: chi().statistic,
        "df": lambda: chi().df, "p_chi2": lambda: chi().p, "p_chisq": lambda: chi().p, "p_asym": lambda: chi().p,
        "p_exact": lambda: exact().p, "p_fisher": lambda: exact().p, "p_mc": lambda: exact().p,
        "p_perm": lambda: permuted().p, "p_chisq_mc": lambda: permuted().p, "p_chi2_mc": lambda: permuted().p,
        "G": lambda: nominal.chi_squared(case.table, True).statistic,
        "p_G": lambda: nominal.chi_squared(case.table, True).p,
        "min_expected": lambda: nominal.smallest_expected(case.table), **cramer(case),
    }


def paired_binary(case: Case) -> Quantities:
    def test(method: str):
        return paired.mcnemar_test(case.table, method, case.side if method in ("exact", "mid-p") else "two-sided")

    plain = "exact" if case.option("exact") or case.option("method") == "exact" or "statistic" not in case.keys else (
        "edwards" if case.option("correction") else "asymptotic"
    )
    if case.option("midp"):
        plain = "mid-p"
    return {
        "statistic_cc": lambda: test("edwards").statistic, "p_cc": lambda: test("edwards").p,
        "statistic": lambda: test("edwards" if plain == "edwards" else "asymptotic").statistic,
        "df": lambda: 1,
        "p": lambda: test("asymptotic" if plain == "exact" and "p_exact" in case.keys else plain).p,
        "p_asym": lambda: test("asymptotic").p, "p_exact": lambda: test("exact").p,
        "p_midp": lambda: test("mid-p").p, "midp": lambda: test("mid-p").p,
        "b": lambda: int(np.asarray(case.table)[0][1]), "c": lambda: int(np.asarray(case.table)[1][0]),
        "or": lambda: paired.change_odds(case.table, case.level).value,
        "or_cond": lambda: paired.change_odds(case.table, case.level).value,
        "or_ci": lambda: bounds(paired.change_odds(case.table, case.level)),
    }


def paired_binary_k(case: Case) -> Quantities:
    def test():
        return paired.cochran_q(case.inputs["matrix"])

    return {
        "statistic": lambda: test().statistic, "Q": lambda: test().statistic, "df": lambda: test().df,
        "p": lambda: test().p,
    }


def binary_ordinal(case: Case) -> Quantities:
    if "successes" in case.inputs:
        return trend(case)
    if "dependent" in case.options or ("d" in case.keys and "x" in case.inputs):
        return somers(case)
    groups, side = case.groups, case.side
    munzel = "distribution" in case.options or "p_hat" in case.keys
    continuity = case.option("use_continuity", case.option("correct", True))

    def exact(two_sided: str | None = None):
        return ranks.mann_whitney(groups, side, two_sided=two_sided or str(case.option("two_sided", "absdev")))

    def normal(corrected: bool):
        return ranks.mann_whitney(groups, side, "asymptotic", corrected)

    def asked():
        method = str(case.option("method", ""))
        if method.startswith("exact") or (not method and max(groups.sizes) < 50 and not groups.tied):
            return exact()
        return normal(bool(continuity))

    def brunner():
        return dominance.brunner_munzel(groups, side, str(case.option("distribution", "t")))

    def superior() -> Estimate:
        return dominance.superiority(groups, case.level, str(case.option("distribution", "t")))

    def delta(method: str = "fisherz_cliff") -> Estimate:
        return dominance.cliff_delta(groups, case.level, method)

    def shift() -> Estimate:
        return dominance.hodges_lehmann(groups, case.level, side)

    tested = brunner if munzel else asked
    return {
        "U": lambda: groups.u, "W": lambda: groups.u, "z": lambda: asked().z,
        "p": lambda: tested().p, "statistic": lambda: tested().statistic, "df": lambda: tested().df,
        "p_exact": lambda: exact().p, "p_exactRankTests": lambda: exact().p, "p_coin": lambda: exact().p,
        "p_absdev": lambda: exact("absdev").p, "p_twice_min": lambda: exact("twice_min").p,
        "midp": lambda: exact().mid_p, "p_midp": lambda: exact().mid_p,
        "p_asym_cc": lambda: normal(True).p, "p_asym": lambda: normal(False).p, "p_asym_nocc": lambda: normal(False).p,
        "p_perm_meandiff_exact": lambda: ranks.mean_difference(groups, side).p,
        "p_perm_meandiff": lambda: ranks.mean_difference(groups, side).p,
        "mean_diff": lambda: ranks.mean_difference(groups, side).statistic,
        "p_hat": lambda: superior().value, "ci_phat": lambda: bounds(superior()),
        "p_hat_ci": lambda: bounds(superior()),
        "p_bm": lambda: brunner().p,
        "delta": lambda: delta().value, "rank_biserial": lambda: delta().value, "vda": lambda: (delta().value + 1) / 2,
        "auc": lambda: (delta().value + 1) / 2, "var": lambda: dominance.cliff_variance(groups),
        "ci_cliff_t": lambda: bounds(delta("cliff_t")), "ci_cliff_normal": lambda: bounds(delta("cliff_normal")),
        "ci_effectsize": lambda: bounds(delta("tanh_null")), "ci_fisherz_cliff": lambda: bounds(delta()),
        "ci_bm_tanh": lambda: bounds(delta("bm_tanh")), "ci_wald": lambda: bounds(delta("wald")),
        "hl": lambda: shift().value, "hl_ci": lambda: bounds(shift()),
    }


def trend(case: Case) -> Quantities:
    def test():
        inputs = case.inputs
        return ranks.trend(inputs["successes"], inputs["totals"], inputs.get("scores"), case.side)

    return {
        "chi2": lambda: test().statistic, "statistic": lambda: test().statistic, "df": lambda: 1, "p": lambda: test().p,
        "z_abs": lambda: abs(test().z), "z": lambda: test().z,
    }


def somers(case: Case) -> Quantities:
    name = "somers_rows" if case.option("dependent", "y") in ("x", "row", "rows") else "somers_columns"

    def found() -> Estimate:
        return association.measure(case.table, name, case.level, "wald")

    return {
        "d": lambda: found().value, "ci": lambda: bounds(found()), "d_ci": lambda: bounds(found()),
        "se": lambda: found().standard_error, "ase": lambda: found().standard_error,
    }


def count_binary(case: Case) -> Quantities:
    """Two groups' counts, or one count and one 0/1 answer for each person."""
    fitted = {"irr", "theta", "alpha", "poisson_irr", "poisson_p", "pearson_dispersion", "quasi_p"} & case.keys
    return counts_model(case) if fitted else binary_ordinal(case)


def counts_model(case: Case) -> Quantities:
    predictors = case.inputs.get("X") or {"x": case.inputs["x"]}
    first, y = next(iter(predictors)), case.inputs["y"]

    def negative():
        return models.negative_binomial(y, predictors, case.level)

    def poisson(quasi: bool = False):
        return models.poisson(y, predictors, case.level, quasi)

    def ratio(model: models.Model) -> list[float]:
        return [math.exp(model[first].wald.low), math.exp(model[first].wald.high)]

    return {
        "irr": lambda: negative()[first].ratio, "irr_ci": lambda: ratio(negative()), "p": lambda: negative()[first].p,
        "theta": lambda: 1 / negative().dispersion, "alpha": lambda: negative().dispersion,
        "llf": lambda: negative().log_likelihood, "lr_p": lambda: negative().p,
        "coef": lambda: [one.value for one in negative().coefficients],
        "se": lambda: [one.standard_error for one in negative().coefficients],
        "poisson_irr": lambda: poisson()[first].ratio, "poisson_irr_ci": lambda: ratio(poisson()),
        "poisson_p": lambda: poisson()[first].p, "poisson_se": lambda: poisson()[first].standard_error,
        "poisson_llf": lambda: poisson().log_likelihood, "pearson_dispersion": lambda: poisson().dispersion,
        "quasi_p": lambda: poisson(True)[first].p, "quasi_se": lambda: poisson(True)[first].standard_error,
        "quasi_irr_ci": lambda: ratio(poisson(True)),
    }


def logistic(case: Case) -> Quantities:
    predictors, y = case.inputs["X"], case.inputs["y"]
    named: Quantities = {}
    for name in predictors:
        def wald(name: str = name) -> list[float]:
            interval = models.logistic(y, predictors, case.level)[name].wald
            return [interval.low, interval.high]

        def profile(name: str = name) -> list[float]:
            interval = models.profile(y, predictors, name, case.level)
            return [interval.low, interval.high]

        named |= {
            f"wald_ci_{name}": wald, f"profile_ci_{name}": profile,
            f"or_wald_ci_{name}": lambda wald=wald: np.exp(wald()).tolist(),
            f"or_profile_ci_{name}": lambda profile=profile: np.exp(profile()).tolist(),
        }
    return {**named, **model_values(lambda: models.logistic(y, predictors, case.level))}


def model_values(fit: Callable[[], models.Model]) -> Quantities:
    return {
        "coef": lambda: [one.value for one in fit().coefficients],
        "se": lambda: [one.standard_error for one in fit().coefficients],
        "z": lambda: [one.value / one.standard_error for one in fit().coefficients],
        "p": lambda: [one.p for one in fit().coefficients], "or": lambda: [one.ratio for one in fit().coefficients],
        "thresholds": lambda: list(fit().thresholds), "llf": lambda: fit().log_likelihood,
        "llf_null": lambda: fit().null_log_likelihood, "lr_p": lambda: fit().p, "n": lambda: fit().n,
        "lr_chi2": lambda: 2 * (fit().log_likelihood - fit().null_log_likelihood), "lr_df": lambda: fit().df,
        "aic": lambda: 2 * (len(fit().coefficients) + len(fit().thresholds)) - 2 * fit().log_likelihood,
    }


def proportional_odds(case: Case) -> Quantities:
    link = {"logistic": "logit"}.get(str(case.option("link", "logit")), str(case.option("link", "logit")))
    return model_values(lambda: models.proportional_odds(case.inputs["y"], case.inputs["X"], link, case.level))


def ordinal_ordinal(case: Case) -> Quantities:
    table, side, options = case.table, case.side, case.options

    def found(name: str, interval: str = "wald") -> Estimate:
        return association.measure(table, name, case.level, interval)

    def kendall(method: str | None = None, continuity: bool | None = None):
        method = method or str(case.option("method", ""))
        if method not in ("exact", "asymptotic", "permutation"):
            untied = table.max() == 1 and len(set(table.shape)) == 1
            method = "permutation" if method else "exact" if untied and table.sum() < 50 else "asymptotic"
        corrected = bool(case.option("continuity", False)) if continuity is None else continuity
        return association.kendall(table, side, method, corrected, draws=ENOUGH)

    def spearman(method: str):
        return association.spearman(table, side, method, draws=ENOUGH)

    def linear():
        return association.linear_by_linear(table, case.inputs.get("row_scores"), case.inputs.get("col_scores"), side)

    def two_step(method: str = "two-step") -> Estimate:
        return latent.polychoric(table, method)

    scored = "scores" in options or "chi2" in case.keys
    ranked = "spearman" in str(case.option("method", "")) or ("rho" in case.keys and not {"tau", "tau_b"} & case.keys)
    tested = linear if scored else (lambda: spearman("t")) if ranked else kendall
    quantities: Quantities = {
        "p": lambda: tested().p, "z": lambda: tested().z, "chi2": lambda: linear().statistic, "df": lambda: 1,
        "M2": lambda: linear().statistic, "rho": lambda: spearman("t").statistic, "p_t": lambda: spearman("t").p,
        "p_exact": lambda: (spearman if ranked else kendall)("exact").p,
        "p_perm": lambda: (spearman if ranked else kendall)("permutation").p,
        "p_mc": lambda: (spearman if ranked else kendall)("permutation").p,
        "p_asym": lambda: kendall("asymptotic").p, "p_continuity": lambda: kendall("asymptotic", True).p,
        "S": lambda: kendall("asymptotic").statistic, "kendall_p": lambda: kendall("asymptotic").p,
        "T": lambda: (kendall("asymptotic").statistic + table.sum() * (table.sum() - 1) / 2) / 2,
        "tau": lambda: found("tau_b").value, "ci": lambda: bounds(found("tau_b")),
        "n": lambda: int(table.sum()), "r": lambda: association.pearson(*counting.spread(table)).value,
        "rho_two_step": lambda: two_step().value, "rho_ml": lambda: two_step("ml").value,
        "se_ml": lambda: two_step("ml").standard_error,
    }
    names = {
        "tau_b": "tau_b", "tau_c": "tau_c", "gamma": "gamma", "somers_row": "somers_rows",
        "somers_col": "somers_columns", "somers_column": "somers_columns",
    }
    for word, name in names.items():
        quantities |= {
            word: lambda name=name: found(name).value, f"{word}_ci": lambda name=name: bounds(found(name)),
            f"{word}_ci_fisherz": lambda name=name: bounds(found(name, "fisherz")),
            f"{word}_ase": lambda name=name: found(name).standard_error,
        }
    return quantities


def ordinal_count(case: Case) -> Quantities:
    def test(ties: bool = True):
        return association.jonckheere(case.table, case.side, ties)

    more = counts_model(case) if {"irr", "theta", "poisson_irr"} & case.keys else {}
    return {
        **ordinal_ordinal(case), "JT": lambda: test().statistic, "statistic": lambda: test().statistic,
        "p_DescTools": lambda: test(False).p, **({"p": lambda: test().p} if "JT" in case.keys else {}), **more,
    }


def nominal_ordinal(case: Case) -> Quantities:
    given = case.inputs.get("groups")
    if given is None and "table" not in case.inputs:
        labels, values = case.inputs["x"], case.inputs["y"]
        given = {str(one): [y for x, y in zip(labels, values, strict=True) if x == one] for one in sorted(set(labels))}
    if isinstance(given, Mapping):
        given = {name: given[name] for name in sorted(given)}
    elif given is not None:
        given = {str(number): group for number, group in enumerate(given, 1)}
    table = case.table if given is None else counting.stack(*given.values())[0]
    names = [str(number + 1) for number in range(len(table))] if given is None else list(given)
    adjustments = {
        "holm": "holm", "bonferroni": "bonferroni", "hochberg": "hochberg", "hommel": "hommel",
        "bh": "benjamini-hochberg", "fdr": "benjamini-hochberg", "by": "benjamini-yekutieli",
    }
    asked = str(case.option("p_adjust", "holm")).lower()

    def test(method: str = "asymptotic"):
        return several.kruskal_wallis(table, method, ENOUGH)

    def pairs(adjustment: str = "holm"):
        return several.dunn(table, adjustment)

    compared = "pairs" in case.keys or "p_adjust" in case.options
    quantities: Quantities = {
        "H": lambda: test().statistic, "statistic": lambda: test().statistic, "chi2": lambda: test().statistic,
        "df": lambda: test().df,
        "p": (lambda: [one.p for one in pairs()]) if compared else lambda: test().p,
        "p_exact": lambda: test("permutation").p, "p_perm": lambda: test("permutation").p,
        "p_mc": lambda: test("permutation").p, "p_asym": lambda: test().p,
        "epsilon2": lambda: several.epsilon2(table, case.level, 100).value,
        "epsilon2_ci": lambda: bounds(several.epsilon2(table, case.level)),
        "eta2_H": lambda: several.eta2(table), "eta2": lambda: several.eta2(table),
        "pairs": lambda: [[names[one.first], names[one.second]] for one in pairs()],
        "z": lambda: [one.z for one in pairs()],
        "p_adj": lambda: [one.adjusted for one in pairs(adjustments.get(asked, asked))],
    }
    for word, adjustment in adjustments.items():
        for key in (f"p_{word}", f"p_{word.upper()}"):
            quantities[key] = lambda adjustment=adjustment: [one.adjusted for one in pairs(adjustment)]
    return quantities


def paired_ordinal(case: Case) -> Quantities:
    centre = case.inputs.get("mu", 0)
    x, y = missing.complete(case.inputs["x"], case.inputs.get("y") or [centre] * len(case.inputs["x"]))
    side = case.side

    def test(zeros: str, method: str, continuity: bool = False):
        return paired.signed_rank(x, y, side, zeros, method, continuity)

    def asked():
        zeros, method = str(case.option("zero_method", case.option("zeros", "wilcox"))), str(case.option("method", ""))
        gaps = [round(abs(a - b), 10) for a, b in zip(x, y, strict=True)]
        plain = len(set(gaps)) == len(gaps) and 0 not in gaps and len(gaps) < 50
        exact = method.startswith("exact") or (not method and plain)
        return test(zeros.lower(), "exact" if exact else "asymptotic", bool(case.option("correct", True)))

    def middle() -> Estimate:
        return paired.pseudo_median(x, y, case.level)

    return {
        "V": lambda: paired.SignedRanks.of(x, y, "wilcox").v, "p": lambda: asked().p,
        "statistic": lambda: asked().statistic,
        "n_nonzero": lambda: len(paired.SignedRanks.of(x, y, "wilcox").ranks),
        "n_zero": lambda: len(x) - len(paired.SignedRanks.of(x, y, "wilcox").ranks),
        "p_exact": lambda: test("wilcox", "exact").p, "p_wilcox_exact": lambda: test("wilcox", "exact").p,
        "p_exactRankTests": lambda: test("wilcox", "exact").p, "p_pratt_exact": lambda: test("pratt", "exact").p,
        "p_wilcox_cc": lambda: test("wilcox", "asymptotic", True).p,
        "p_asym_cc": lambda: test("wilcox", "asymptotic", True).p,
        "p_wilcox_nocc": lambda: test("wilcox", "asymptotic").p, "p_asym": lambda: test("wilcox", "asymptotic").p,
        "p_pratt_asym": lambda: test("pratt", "asymptotic").p, "z_pratt": lambda: test("pratt", "asymptotic").z,
        "z_wilcox": lambda: test("wilcox", "asymptotic").z, "z": lambda: test("wilcox", "asymptotic").z,
        "rank_biserial": lambda: paired.matched_rank_biserial(x, y, case.level).value,
        "rank_biserial_ci": lambda: bounds(paired.matched_rank_biserial(x, y, case.level)),
        "p_sign": lambda: paired.sign_test(x, y, side).p, "sign_p": lambda: paired.sign_test(x, y, side).p,
        "n_pos": lambda: int(paired.sign_test(x, y).statistic),
        "net": lambda: paired.net_change(x, y, case.level).value,
        "hl": lambda: middle().value, "pseudomedian": lambda: middle().value, "hl_ci": lambda: bounds(middle()),
    }


def paired_ordinal_k(case: Case) -> Quantities:
    matrix = case.inputs["matrix"]
    side = case.side if case.side != "two-sided" else "greater"

    def page(method: str | None = None):
        method = method or str(case.option("method", "exact"))
        return paired.page(matrix, side, method if method in ("exact", "asymptotic") else "exact")

    def test():
        return page() if "L" in case.keys else paired.friedman(matrix)

    return {
        "chi2": lambda: paired.friedman(matrix).statistic, "statistic": lambda: test().statistic, "p": lambda: test().p,
        "df": lambda: paired.friedman(matrix).df, "kendall_W": lambda: paired.kendall_w(matrix),
        "W": lambda: paired.kendall_w(matrix), "W_from_chi2": lambda: paired.kendall_w(matrix),
        "L": lambda: page().statistic, "p_exact": lambda: page("exact").p, "p_asym": lambda: page("asymptotic").p,
    }


def one_proportion(case: Case) -> Quantities:
    k, n = int(case.inputs["k"]), int(case.inputs["n"])
    claim = case.inputs.get("p0", case.option("p0"))
    words = {
        "wilson": "wilson", "wilsoncc": "wilson-continuity", "wilson_cc": "wilson-continuity", "jeffreys": "jeffreys",
        "jeffreys_bcd_edge": "jeffreys-edge", "clopper_pearson": "clopper-pearson", "exact": "clopper-pearson",
        "agresti_coull": "agresti-coull", "midp": "mid-p", "wald": "wald", "ci": "clopper-pearson",
    }

    def interval(method: str) -> list[float]:
        one_sided = method in ("wilson", "wilson-continuity", "clopper-pearson")
        return bounds(proportion.share(k, n, case.level, method, case.side if one_sided else "two-sided"))

    return {
        **{word: lambda method=method: interval(method) for word, method in words.items()},
        "est": lambda: k / n, "estimate": lambda: k / n,
        "p": lambda: proportion.claimed(k, n, float(claim), case.side, str(case.option("tsmethod", "minlike"))).p,
        "p_central": lambda: proportion.claimed(k, n, float(claim), two_sided="central").p,
    }


def proportion_difference(case: Case) -> Quantities:
    def found(method: str = "newcombe") -> Estimate:
        return odds.difference(*shares_of(case), case.level, method)

    words = {
        "newcombe": "newcombe", "score": "newcombe", "miettinen_nurminen": "miettinen-nurminen",
        "mn": "miettinen-nurminen", "mee": "mee", "wald": "wald", "agresti_caffo": "agresti-caffo",
        "ac": "agresti-caffo",
    }
    rest = {key: value for key, value in binary_binary(case).items() if key in ("or", "rr", "rr_ci", "p_fisher", "phi")}
    return {
        **rest, **{word: lambda method=method: bounds(found(method)) for word, method in words.items()},
        "diff": lambda: found().value,
    }


def several_proportions(case: Case) -> Quantities:
    def intervals(method: str) -> list[list[float]]:
        return [bounds(one) for one in multinomial.shares(case.inputs["counts"], case.level, method)]

    words = {
        "sison_glaz": "sison-glaz", "sison_glaz_DescTools": "sison-glaz", "goodman_formula": "goodman",
        "goodman": "goodman", "goodman_DescTools": "goodman", "quesenberry_hurst": "quesenberry-hurst",
        "bonferroni": "bonferroni",
    }
    return {word: lambda method=method: intervals(method) for word, method in words.items()}


def one_sample(case: Case) -> Quantities:
    if "x" in case.inputs:
        return paired_ordinal(case)
    counts = case.inputs["counts"]
    shares = next((case.inputs[name] for name in ("p0", "p", "probs", "shares") if name in case.inputs), None)

    def test():
        return proportion.goodness_of_fit(counts, shares)

    return {
        "chi2": lambda: test().statistic, "statistic": lambda: test().statistic, "df": lambda: test().df,
        "p": lambda: test().p, "p_exact": lambda: equal_shares(counts).p,
    }


def families(case: Case) -> Quantities:
    if "Y" in case.inputs:
        def joint() -> multiplicity.MaxT:
            return multiplicity.westfall_young(case.inputs["group"], case.inputs["Y"], ENOUGH)

        return {
            "z": lambda: list(joint().z), "p_raw": lambda: list(joint().p),
            "p_maxT_single": lambda: list(joint().single_step), "p_maxT_stepdown": lambda: list(joint().step_down),
        }
    p = case.inputs["p"]
    present = sum(not missing.is_missing(one) for one in p)
    declared = case.inputs.get("m", case.option("m", case.option("n")))
    methods = {
        "holm": "holm", "hochberg": "hochberg", "hommel": "hommel", "bonferroni": "bonferroni",
        "BH": "benjamini-hochberg", "fdr": "benjamini-hochberg", "BY": "benjamini-yekutieli",
    }
    alpha = float(case.option("alpha", 0.05))

    def adjusted(method: str) -> list[float]:
        # R drops a missing p from the family unless the size of the family is declared
        return list(multiplicity.adjust(p, method, present if declared is None else int(declared)))

    quantities: Quantities = {}
    for word, method in methods.items():
        quantities[word] = lambda method=method: adjusted(method)
        quantities[f"reject_{word}"] = lambda method=method: sum(
            one is not None and one <= alpha for one in adjusted(method)
        )
    return quantities


def bayes_factor(case: Case) -> Quantities:
    inputs = case.inputs
    if "table" in inputs:
        prior = float(case.option("a", 1))
        sampling = {
            "poisson": "poisson", "jointMulti": "joint", "hypergeom": "hypergeometric", "indepMulti_rows": "rows",
            "indepMulti_cols": "columns", "indepMulti_columns": "columns",
        }
        asked = str(case.option("sampleType", "jointMulti"))
        if asked == "indepMulti":
            asked += f"_{case.option('fixedMargin', 'rows')}"
        quantities: Quantities = {
            "bf10": lambda: bayes.contingency(inputs["table"], sampling[asked], prior),
            **{f"bf10_{word}": lambda plan=plan: bayes.contingency(inputs["table"], plan, prior)
               for word, plan in sampling.items()},
        }
    elif "k" in inputs:
        named = re.search(r"\(\s*([\d.]+)\s*,\s*([\d.]+)\s*\)", str(case.option("prior", "Beta(1,1)")))
        a, b = (float(one) for one in named.groups()) if named else (1.0, 1.0)
        quantities = {"bf10": lambda: bayes.share(inputs["k"], inputs["n"], inputs["p0"], a, b)}
    else:
        x, y = missing.complete(inputs["x"], inputs["y"])
        widths = {"medium.narrow": 27**-0.5, "medium": 1 / 3, "wide": 3**-0.5, "ultrawide": 1.0}
        r = association.pearson(x, y).value
        tau = association.measure(case.table, "tau_b", interval="wald").value
        if "rscale" in case.options:
            scale = case.option("rscale")
            width = float(scale) if isinstance(scale, (int, float)) else widths[str(scale).split(" ")[0]]
            quantities = {"bf10": lambda: bayes.pearson(r, len(x), width)}
        else:
            width = float(case.option("kappa", 1))
            quantities = {"bf10": lambda: bayes.kendall(tau, len(x), width, case.side)}
        quantities |= {"r": lambda: r, "tau_b": lambda: tau}
    opposite = {
        name.replace("bf10", "bf01"): lambda value=value: 1 / value()
        for name, value in quantities.items() if "bf10" in name
    }
    return quantities | opposite


def equivalent(case: Case) -> Quantities:
    inputs, options = case.inputs, case.options
    method = str(case.option("method", "")).lower()
    alpha = float(case.option("alpha", 0.05))
    null = options.get("null", options.get("sesoi", options.get("bound", 0.2)))
    low, high = sorted(null) if isinstance(null, (list, tuple)) else (-abs(null), abs(null))
    low, high = float(case.option("low", low)), float(case.option("high", high))

    def found() -> equivalence.Equivalence:
        if "k1" in inputs:
            return equivalence.shares(*shares_of(case), low, high, alpha, method.replace("_", "-") or "wald")
        if method in ("brunner-munzel", "brunner_munzel", "bm", "prob_superior", "fisherz_cliff", "cliff", "delta"):
            rank = "brunner-munzel" if method[0] in "bp" else "fisherz_cliff"
            return equivalence.delta(case.groups, low, high, alpha, rank)
        if method in ("pearson", "spearman"):
            x, y = missing.complete(inputs["x"], inputs["y"])
            linear = method == "pearson"
            value = association.pearson(x, y).value if linear else association.spearman(case.table).statistic
            return equivalence.correlation(value, low, high, equivalence.ERRORS[method](len(x)), alpha)
        variance = "ase1" if "ase1" in method or "fisherz" in method else "fieller"
        return equivalence.tau_b(case.table, low, high, alpha, variance)

    def error() -> float:
        name = method if method in equivalence.ERRORS else "kendall"
        return equivalence.ERRORS[name](int(np.asarray(case.table).sum()))

    outside = str(case.option("alternative", "")).startswith("min")
    return {
        "p": lambda: found().p_outside if outside else found().p, "p_tost": lambda: found().p,
        "p_lower": lambda: found().p_low, "p_upper": lambda: found().p_high, "se_z": error,
        "ci90": lambda: [found().interval.low, found().interval.high],
        "ci": lambda: [found().interval.low, found().interval.high],
        **{name: lambda: found().value for name in ("tau", "tau_b", "rho", "r", "diff", "delta", "estimate")},
        "p_hat": lambda: (found().value + 1) / 2,
    }


def printed_statistic(case: Case) -> Quantities:
    inputs = case.inputs
    if "text" in inputs:
        def checked() -> tuple[consistency.Printed, ...]:
            return consistency.check_text(inputs["text"], float(case.option("alpha", 0.05)))

        return {
            "computed_p": lambda: [one.recomputed.p for one in checked()],
            "error": lambda: [one.error for one in checked()],
            "decision_error": lambda: [one.decision_error for one in checked()], "n": lambda: len(checked()),
        }
    kind = str(inputs["type"])
    kind = {"f": "F", "chi": "chi2", "chisq": "chi2", "x2": "chi2", "q": "Q"}.get(kind.lower(), kind)
    one_sided = bool(case.option("one_tailed", case.option("one_sided", False)))

    def again() -> consistency.Recomputed:
        decimals = int(inputs.get("decimals") or 2)
        return consistency.recompute(
            kind, float(inputs["statistic"]), inputs.get("df1"), inputs.get("df2"), decimals, one_sided
        )

    return {"p": lambda: again().p, "p_interval": lambda: [again().low, again().high]}


def rule(case: Case) -> str:
    asked = str(case.option("rounding", "either")).lower()
    return "half-up" if asked in ("half-up", "half up", "up") else "half-even" if "even" in asked else "either"


def printed_mean(case: Case) -> Quantities:
    inputs = case.inputs

    def possible() -> bool:
        decimals = inputs.get("decimals")
        return consistency.grim(inputs["mean"], int(inputs["n"]), int(inputs.get("items") or 1), rule(case), decimals)

    return {"consistent": possible}


def printed_percentage(case: Case) -> Quantities:
    inputs = case.inputs
    if "pct" in inputs or "pcts" in inputs:
        percents = inputs.get("pcts") or [inputs["pct"]]
        decimals, most = int(inputs.get("decimals") or 0), int(inputs.get("n_max") or inputs.get("n") or 0)
        found = consistency.bases_behind(percents, most, decimals, rule(case))
        # where the number of bases is asked for too, the cases list those up to forty alone
        some = [n for n in found if n <= 40] if any(key.startswith("n_count") for key in case.keys) else list(found)
        return {
            "n_possible": lambda: some, "n_pairs": lambda: sum(len(one) for counts in found.values() for one in counts),
            f"n_count_le_{most}": lambda: len(found), "n_count": lambda: len(found),
            "consistent": lambda: int(inputs.get("n") or most) in found,
        }
    sizes = inputs["n"] if isinstance(inputs["n"], list) else [inputs["n"]]

    def attainable(decimals: int) -> object:
        found = [consistency.different_percentages(int(n), decimals) for n in sizes]
        return found if isinstance(inputs["n"], list) else found[0]

    return {
        "attainable_integer_pcts": lambda: attainable(0), "attainable_0dec": lambda: attainable(0),
        "attainable_1dec": lambda: attainable(1), "attainable_2dec": lambda: attainable(2),
    }


def printed_partition(case: Case) -> Quantities:
    found = consistency.partition(case.inputs["counts"], int(case.inputs["n"]), bool(case.option("exclusive", True)))
    return {"sum": lambda: found.sum, "consistent": lambda: found.consistent, "excess": lambda: found.excess}


def resampled(case: Case) -> Quantities:
    values, statistic = case.inputs["x"], str(case.option("statistic", "mean"))

    def found(method: str) -> Estimate:
        draws = int(case.option("B", resampling.RESAMPLES))
        return resampling.bootstrap(values, statistic, case.level, method, draws)

    return {
        statistic: lambda: float(resampling.STATISTICS[statistic](values)), "perc": lambda: bounds(found("percentile")),
        "bca": lambda: bounds(found("bca")), "accel": lambda: resampling.acceleration(values, statistic),
    }


def raked(case: Case) -> Quantities:
    def fitted() -> list:
        return raking.rake(case.inputs["seed"], case.inputs["row"], case.inputs["col"]).tolist()

    return {"fitted": fitted, "loglin_fit": fitted}


def hidden_normal(case: Case) -> Quantities:
    found = latent.copula(float(case.inputs["latent_rho"]), case.inputs["pa"], case.inputs["pb"])
    return {
        "cell_probs": lambda: found.probabilities.tolist(), "pearson": lambda: found.pearson,
        "pearson_GenOrd": lambda: found.pearson, "tau_b": lambda: found.tau_b,
    }


def detectable(case: Case) -> Quantities:
    inputs = case.inputs
    strength, alpha = float(case.option("power", 0.8)), float(case.option("alpha", 0.05))
    quantities: Quantities = {}
    for key in case.keys:
        if named := re.fullmatch(r"cohen_h_(\d+)_(\d+)", key):
            quantities[key] = lambda n1=int(named[1]), n2=int(named[2]): power.cohen_h(n1, n2, strength, alpha)
        elif named := re.fullmatch(r"cohen_w_df(\d+)", key):
            quantities[key] = lambda df=int(named[1]): power.cohen_w(int(inputs["n"]), df, strength, alpha)
        elif named := re.fullmatch(r"p2_given_p1_(\d+)pct_balanced", key):
            first, size = int(named[1]) / 100, inputs["n"] / 2
            quantities[key] = lambda first=first, size=size: power.second_share(first, size, strength, alpha)
    return {
        "pearson_r": lambda: power.correlation(int(inputs["n"]), strength, alpha),
        "cohen_h": lambda: power.cohen_h(int(inputs["n1"]), int(inputs["n2"]), strength, alpha), **quantities,
    }


def reliability(case: Case) -> Quantities:
    inputs = case.inputs
    if "X" in inputs:
        items = list(inputs["X"].values()) if isinstance(inputs["X"], Mapping) else np.transpose(inputs["X"])
        return {"alpha": lambda: agreement.cronbach(items)}
    coders = [inputs[name] for name in sorted(name for name in inputs if re.fullmatch(r"r\d+", name))]
    quantities: Quantities = {
        f"kripp_{scale}": lambda scale=scale: agreement.krippendorff(coders, scale)
        for scale in ("nominal", "ordinal", "interval", "ratio")
    }
    for word, weights in (("kappa", "none"), ("kappa_linear", "linear"), ("kappa_quadratic", "quadratic")):
        quantities[word] = lambda weights=weights: agreement.kappa(*coders, weights, case.level).value
        quantities[f"{word}_ci"] = lambda weights=weights: bounds(agreement.kappa(*coders, weights, case.level))
    return quantities


def recognisable(case: Case) -> Quantities:
    found = disclosure.anonymity(*(case.inputs[name] for name in case.option("qi", list(case.inputs))))
    below = {key: int(key.rpartition("_")[2]) for key in case.keys if re.fullmatch(r"records_below_\d+", key)}
    return {
        "min_k": lambda: found.k, "sample_uniques": lambda: found.unique, "n_cells": lambda: len(found.sizes),
        **{key: lambda least=least: found.below(least) for key, least in below.items()},
    }


def unanswered(case: Case) -> Quantities:
    inputs = case.inputs
    if "x" in inputs and "y" in inputs:
        return ordinal_ordinal(case)

    def number(*names: str) -> int:
        return int(next(inputs[name] for name in names if name in inputs))

    def found() -> missing.Bounds:
        if "x" in inputs:
            given = [one for one in inputs["x"] if not missing.is_missing(one)]
            return missing.share_bounds(int(sum(given)), len(given), len(inputs["x"]), case.level)
        count = number("k", "yes", "successes", "count")
        asked = number("n_total", "N", "total", "asked", "n")
        if "n_missing" in inputs or "missing" in inputs:
            lost = number("n_missing", "missing")
            if not {"n_total", "N", "total", "asked"} & set(inputs):
                asked = number("n_obs", "n_observed", "observed", "n") + lost
            return missing.share_bounds(count, asked - lost, asked, case.level)
        answered = number("n_obs", "n_observed", "observed", "answered", "n")
        return missing.share_bounds(count, answered, asked, case.level)

    def named(key: str) -> object:
        part = "envelope_" if re.search("envelope|wilson|ci", key) else ""
        low, high = getattr(found(), f"{part}low"), getattr(found(), f"{part}high")
        return low if re.search("low|min", key) else high if re.search("up|high|max", key) else [low, high]

    known = [key for key in case.keys if re.search("bound|manski|worst|envelope|wilson|low|up|high|min|max", key)]
    return {key: lambda key=key: named(key) for key in known}


KINDS: dict[str, Callable[[Case], Quantities]] = {
    "binary-binary": binary_binary, "nominal-nominal": nominal_nominal, "paired-binary": paired_binary,
    "paired-binary-k": paired_binary_k, "binary-ordinal": binary_ordinal, "count-binary": count_binary,
    "binary~ordinal": logistic, "ordinal~mixed": proportional_odds, "ordinal-ordinal": ordinal_ordinal,
    "ordinal-count": ordinal_count, "nominal-ordinal": nominal_ordinal, "paired-ordinal": paired_ordinal,
    "paired-ordinal-k": paired_ordinal_k, "proportion": one_proportion, "proportion-difference": proportion_difference,
    "multinomial": several_proportions, "ordinal-1sample": one_sample, "multiplicity": families, "bayes": bayes_factor,
    "equivalence": equivalent, "statcheck": printed_statistic, "grim": printed_mean,
    "grim-percent": printed_percentage, "partition-check": printed_partition, "bootstrap": resampled,
    "synthetic-ipf": raked, "synthetic-copula": hidden_normal, "sensitivity": detectable, "reliability": reliability,
    "disclosure": recognisable, "missing": unanswered,
}


def quantities(kind: str, case: Case) -> Callable[[str], object]:
    """The value of each name that a case of this kind asks for; KeyError for one that nothing here computes.

    A name with a side at its end, as `p_less`, is that of the same case with that alternative.
    """
    if kind not in KINDS:
        raise KeyError(f"no method for cases of the kind {kind!r}")
    known = KINDS[kind](case)

    def value(key: str) -> object:
        if key in known:
            return known[key]()
        stem, _, side = key.rpartition("_")
        if side in ("less", "greater", "twosided") and stem:
            other = replace(case, options={**case.options, "alternative": {"twosided": "two-sided"}.get(side, side)})
            sided = KINDS[kind](other)
            if stem in sided:
                return sided[stem]()
        raise KeyError(f"no method for {key!r} of the kind {kind!r}")

    return value
