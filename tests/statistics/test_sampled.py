"""Weighted, stratified and clustered samples: shares and tests equal those of R's package survey 4.1-1.

    d <- read.csv("tests/sampled/gardens/responses.csv"); d$content[d$content == "skipped"] <- NA
    full <- svydesign(ids = ~street, strata = ~region, weights = ~weight, data = d)
    weighted <- svydesign(ids = ~1, weights = ~weight, data = d)
    streets <- svydesign(ids = ~street, weights = ~rep(1, 97), data = d)
    raked <- calibrate(svydesign(ids = ~1, weights = ~rep(1, 97), data = d), ~age + region, calfun = "raking",
                       c(97, 97 * .4, 97 * .3, 97 * .2, 97 * .3), epsilon = 1e-12)     # middle, old, young; north, ...
    N <- c(north = 8, south = 20, west = 7)[d$region]
    finite <- svydesign(ids = ~street, strata = ~region, weights = ~weight, fpc = ~N, data = d)
    people <- svydesign(ids = ~1, weights = ~weight, fpc = ~rep(300, 97), data = d)
    l <- d; l$street[l$region == "south"] <- "south-1"; options(survey.lonely.psu = "adjust")
    lonely <- svydesign(ids = ~street, strata = ~region, weights = ~weight, data = l)
    N <- c(north = 8, south = 1, west = 7)[l$region]
    certain <- svydesign(ids = ~street, strata = ~region, weights = ~weight, fpc = ~N, data = l)
    trimmed <- trimWeights(weighted, upper = 1.5 * mean(d$weight), strict = TRUE)
    both <- trimWeights(raked, upper = 1.8, strict = TRUE)
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from project import SAMPLED

from surveybook.survey.estimates.weighted import WeightedDistribution
from surveybook.survey.estimates.weighting import Sampling, effective, rake, trim
from surveybook.survey.stats import sampled
from surveybook.survey.stats.sampled import WeightedTable

ROWS = pd.read_csv(SAMPLED / "gardens" / "responses.csv", keep_default_na=False)
ROWS["often"] = np.where(ROWS["visits"] == "often", "yes", "no")
LEVELS = {
    "age": ("young", "middle", "old"), "garden": ("no", "yes"), "visits": ("never", "sometimes", "often", "daily"),
    "content": ("low", "medium", "high"), "often": ("no", "yes"),
}
ONE, EACH, STREETS = np.zeros(97, int), np.arange(97), pd.factorize(ROWS["street"])[0]
MARGINS = tuple(pd.Categorical(ROWS[name]).codes.astype(int) for name in ("age", "region"))
TARGETS = [np.array([0.3, 0.4, 0.3]), np.array([0.5, 0.2, 0.3])]
SAMPLES = {
    "full": Sampling(ROWS["weight"].to_numpy(), pd.factorize(ROWS["region"])[0], STREETS),
    "weighted": Sampling(ROWS["weight"].to_numpy(), ONE, EACH),
    "streets": Sampling(np.ones(97), ONE, STREETS),
    "raked": Sampling(rake(np.ones(97), MARGINS, TARGETS), ONE, EACH, MARGINS, np.ones(97)),
}
REGIONS = {name: number for number, name in enumerate(ROWS["region"].unique())}
LONELY = Sampling(ROWS["weight"].to_numpy(), SAMPLES["full"].strata,
                  pd.factorize(ROWS["street"].mask(ROWS["region"] == "south", "south-1"))[0])


def population(**sizes: int) -> np.ndarray:
    """How many clusters each region has, in the order of the numbers of the regions."""
    return np.array([sizes[name] for name in REGIONS], float)


SAMPLES |= {
    "finite": replace(SAMPLES["full"], population=population(north=8, south=20, west=7)),
    "people": replace(SAMPLES["weighted"], population=np.array([300.0])),
    "lonely": LONELY,
    "certain": replace(LONELY, population=population(north=8, south=1, west=7)),
    "trimmed": replace(SAMPLES["weighted"], weights=trim(ROWS["weight"].to_numpy(), 1.5)),
    "both": replace(SAMPLES["raked"], weights=trim(SAMPLES["raked"].weights, 1.8), untrimmed=SAMPLES["raked"].weights),
}


def distribution(sample: str, question: str, among: np.ndarray | None = None) -> WeightedDistribution:
    """The answers to a question in a sample."""
    given = (ROWS[question] != "skipped").to_numpy() & (True if among is None else among)
    chosen = np.stack([(ROWS[question] == level).to_numpy() & given for level in LEVELS[question]], axis=1)
    counts = dict(zip(LEVELS[question], chosen.sum(axis=0).tolist(), strict=True))
    return WeightedDistribution(counts, {}, int(given.sum()), weighted=SAMPLES[sample].estimate(chosen, given))


def table(sample: str | Sampling, first: str, second: str) -> WeightedTable:
    """The pairs of answers to two questions in a sample."""
    sample = SAMPLES[sample] if isinstance(sample, str) else sample
    given = ((ROWS[first] != "skipped") & (ROWS[second] != "skipped")).to_numpy()
    cells = [[((ROWS[first] == one) & (ROWS[second] == other)).to_numpy() for other in LEVELS[second]]
             for one in LEVELS[first]]
    counts = tuple(tuple(int(cell.sum()) for cell in line) for line in cells)
    return WeightedTable(counts, sample.estimate(np.stack(sum(cells, []), axis=1), given))


# m <- svymean(~factor(visits, levels), design, deff = "replace"); coef, SE, deff of "often"
# confint(svyciprop(~I(visits == "often"), design, method = "beta")); degf(design)
@pytest.mark.parametrize("sample, share, error, effect, low, high, df", [
    ("full", 0.278909254527086, 0.0643961983148875, 1.97942405917116, 0.149407517875730, 0.442465416680286, 12),
    ("weighted", 0.278909254527086, 0.0570794839610693, 1.55517212230284, 0.172242431169569, 0.407667667364666, 96),
    ("streets", 0.237113402061856, 0.0501734525099732, 1.335989727492775, 0.137986960958795, 0.362696558610897, 14),
    ("finite", 0.278909254527086, 0.0448567207699798, 0.960447055264300, 0.185982493174792, 0.388195776357890, 12),
    ("people", 0.278909254527086, 0.0469534414897772, 1.052333136091585, 0.190054481093173, 0.382617342877896, 96),
    ("lonely", 0.278909254527086, 0.0556631755236166, 1.478952901627900, 0.161406946726170, 0.423776938337090, 9),
    ("certain", 0.278909254527086, 0.0185085813483496, 0.163517655071293, 0.238025182760029, 0.322714083436564, 9),
    ("trimmed", 0.251991809649195, 0.0481475380829037, 1.180664826199005, 0.162229133219433, 0.360527733138531, 96),
    ("both", 0.248056315744949, 0.0492989371054233, 1.250865861173700, 0.156513680746114, 0.359832408481937, 96),
])
def test_a_share_has_the_error_the_design_effect_and_the_interval_of_the_sample(
    sample, share, error, effect, low, high, df
):
    found = distribution(sample, "visits").share(["often"])
    assert (found.value, found.error, found.design_effect) == pytest.approx((share, error, effect), rel=1e-11)
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), rel=1e-11)
    assert found.df == df
    assert (found.count, found.base, found.unweighted) == (23, 97, 23 / 97)


# svymean(~factor(content), subset(design, !is.na(content))), and svyciprop(~I(garden == "yes"), subset(design,
# region == "north"), method = "beta"), whose degf is 4
def test_those_who_answered_are_a_part_of_the_sample_whose_clusters_all_count():
    found = distribution("full", "content").share(["high"])
    assert (found.value, found.error) == pytest.approx((0.3040556993533608, 0.0713686550843956), rel=1e-11)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.159657815454818, 0.483579657209139), rel=1e-11)
    north = distribution("full", "garden", (ROWS["region"] == "north").to_numpy()).share(["yes"])
    assert (north.value, north.error, north.df) == pytest.approx((0.515486599234242, 0.142580502213533, 4), rel=1e-11)
    assert (north.interval.low, north.interval.high) == pytest.approx((0.14094146908623, 0.876957312238568), rel=1e-11)


# svymean(~I(garden == "yes"), raked, deff = "replace"); svyciprop(method = "beta"); weights(raked)[1:4]
# svyratio(~high, ~told, raked), high and told being 1 for those who answered so, or at all
def test_raked_weights_have_the_shares_of_the_population_and_a_smaller_error_for_it():
    weights = SAMPLES["raked"].weights
    assert weights[:4] == pytest.approx([1.820009674920642, 1.820009674920642, 0.885826089807652, 2.823815023388062])
    for margin, target in zip(MARGINS, TARGETS, strict=True):
        assert np.bincount(margin, weights) / 97 == pytest.approx(target)
    found = distribution("raked", "garden").share(["yes"])
    assert (found.value, found.error, found.design_effect) == pytest.approx(
        (0.5093176242071995, 0.0576518360045795, 1.2767573134474137), rel=1e-10)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.391344536168228, 0.626534407365965), rel=1e-10)
    part = distribution("raked", "content").share(["high"])
    assert (part.value, part.error) == pytest.approx((0.2456335594604837, 0.0516523525996288), rel=1e-10)


# weights(trimmed)[1:4], weights(both)[1:4]
def test_what_is_above_the_limit_goes_to_all_others_in_equal_parts():
    told = SAMPLES["trimmed"].weights
    assert told[:4] == pytest.approx([1.588174692839995, 1.519174692839994, 0.891174692839996, 1.821510309278350])
    assert SAMPLES["both"].weights[:4] == pytest.approx([1.8, 1.8, 0.975177096674500, 1.8])
    assert told.sum() == pytest.approx(ROWS["weight"].sum()) and told.max() == pytest.approx(1.5 * told.mean())
    assert trim(told, 2.5).tolist() == told.tolist()


def test_shares_that_no_weights_have_are_refused():
    with pytest.raises(ValueError, match="no weights give all of these shares at once"):
        rake(np.ones(4), [np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1])], [np.array([0.5, 0.5]), np.array([0.9, 0.1])])


# t <- svychisq(~age + content, design, statistic = "F", na.rm = TRUE): F, ndf, p; ddf counts the clusters of all
# people there, here those of the people who answered, so p of "weighted" is compared by F and ndf alone
@pytest.mark.parametrize("sample, f, d, p", [
    ("full", 0.550446593781081, 2.518761773192841, 0.621909355864997),
    ("weighted", 0.510943217052282, 3.709942605149955, None),
    ("streets", 0.338360361936843, 3.430516768529538, 0.823159041663852),
    ("raked", 0.538269531511393, 3.625416185090870, None),
])
def test_answers_without_an_order_have_the_test_of_rao_and_scott(sample, f, d, p):
    found = sampled.rao_scott(table(sample, "age", "content"))
    assert (found.statistic, found.df) == pytest.approx((f, d), rel=1e-9)
    assert p is None or found.p == pytest.approx(p, rel=1e-9)


# svychisq(~garden + often, design, statistic = "F"); svyttest(I(often == "yes") ~ garden, design): estimate, SE, p
@pytest.mark.parametrize("sample, f, p, value, error, p_t", [
    ("full", 0.375972354148389, 0.551211609434076, 0.0752912893444662, 0.1258483478249107, 0.5617759703324539),
    ("weighted", 0.435040677265001, 0.511105095084763, 0.0752912893444662, 0.1141219164277284, 0.5110141910053471),
    ("streets", 1.407154859491312, 0.255271107727785, 0.1067753001715266, 0.0928463340829743, 0.2708517038817527),
    ("raked", 0.574349358075233, 0.450392119051246, 0.0688947370035476, 0.0910595699578240, 0.4511679258317852),
    ("finite", 0.568368585596666, 0.465444421500142, 0.0752912893444662, 0.1035394191777900, 0.4823084975830188),
    ("lonely", 1.215773961363445, 0.298801564073599, 0.0752912893444662, 0.0686121906571979, 0.3044184809103074),
    ("certain", 4.926552611315004, 0.053600435977678, 0.0752912893444662, 0.0328740581693831, 0.0512412553816088),
    ("both", 0.953427140781647, 0.331302620816015, 0.0915131486117934, 0.0939336180467716, 0.3324154829131020),
])
def test_two_shares_are_compared_with_a_side(sample, f, p, value, error, p_t):
    pairs = table(sample, "garden", "often")
    both = sampled.rao_scott(pairs)
    assert (both.statistic, both.p) == pytest.approx((f, p), rel=1e-9)
    assert sampled.rao_scott(pairs, "greater").p == pytest.approx(p / 2, rel=1e-9)
    assert sampled.rao_scott(pairs, "less").p == pytest.approx(1 - p / 2, rel=1e-9)
    size = sampled.difference(pairs)
    assert (size.value, size.standard_error) == pytest.approx((value, error), rel=1e-9)
    assert sampled.compare_shares(pairs).p == pytest.approx(p_t, rel=1e-9)
    assert size.interval.low < value < size.interval.high


# mid <- function(y, w) {t <- tapply(w, y, sum); b <- cumsum(t) - t / 2; b[as.character(y)] / sum(w)}
# m <- svyglm(mid(v, w) ~ garden, design), v being 1 to 4 for visits: t and p; where all weights are equal they are
# those of svyranktest(v ~ garden, design) as well
# regTermTest(svyglm(mid(v, w) ~ age, design), ~age, df = degf(design) - 2): F and p
@pytest.mark.parametrize("sample, t, p, f, p_f", [
    ("full", 1.9968988969679906, 0.0711810802798448, 2.84138551371307, 0.10541101412323),
    ("weighted", 2.0340696867166237, 0.0447325847620937, 2.041764862674385, 0.135516775432414),
    ("streets", 2.4508443807772511, 0.0291666671616355, 2.550445328723877, 0.119391963749354),
    ("raked", 3.08454680223506639, 0.00266988062066978, 0.949120258240296, 0.390759084077127),
])
def test_ranks_are_compared_as_lumley_and_scott_do(sample, t, p, f, p_f):
    two = sampled.compare_ranks(table(sample, "garden", "visits"))
    assert (two.statistic, two.p) == pytest.approx((t, p), rel=1e-8)
    many = sampled.compare_many_ranks(table(sample, "age", "visits"))
    assert (many.statistic, many.p) == pytest.approx((f, p_f), rel=1e-8)


# m <- svymean(~p11 + ... + p43, subset(design, !is.na(content))), pij being 1 for the pair i of visits, j of content
# svycontrast(m, quote((sum of sign(i - k) sign(j - l) pij pkl) / sqrt((1 - sum pi.^2) * (1 - sum p.j^2)))): coef, SE
# and the same of garden and visits: (sum of sign(j - l) p2j p1l) / (p1. * p2.)
@pytest.mark.parametrize("sample, tau, error, delta, error_of_delta", [
    ("full", 0.5354635972870028, 0.0721623705355037, 0.266662933722545, 0.135703094077632),
    ("weighted", 0.5354635972870028, 0.0778103801544341, 0.266662933722545, 0.129927722182073),
    ("streets", 0.4816021364321171, 0.0561995158559386, 0.283447684391081, 0.113699532287573),
])
def test_tau_and_delta_have_the_error_of_the_delta_method(sample, tau, error, delta, error_of_delta):
    found = sampled.tau_b(table(sample, "visits", "content"))
    assert (found.value, found.standard_error) == pytest.approx((tau, error), rel=1e-10)
    assert sampled.tau_b(table(sample, "content", "visits")).standard_error == pytest.approx(error, rel=1e-10)
    found = sampled.cliff_delta(table(sample, "garden", "visits"))
    assert (found.value, found.standard_error) == pytest.approx((delta, error_of_delta), rel=1e-10)


@pytest.mark.parametrize("test", [sampled.rao_scott, sampled.compare_many_ranks, sampled.kendall])
def test_weights_of_another_unit_change_nothing(test):
    own, thousand = (Sampling(SAMPLES["full"].weights * scale, SAMPLES["full"].strata, STREETS) for scale in (1, 1000))
    p = [test(table(one, "age", "visits")).p for one in (own, thousand)]
    assert p[0] == pytest.approx(p[1], rel=1e-9)


def test_turning_a_table_changes_no_test():
    pairs = table("full", "age", "content")
    assert sampled.rao_scott(pairs.turned).p == pytest.approx(sampled.rao_scott(pairs).p, rel=1e-9)
    assert pairs.turned.turned == pairs


@pytest.mark.parametrize("sized", [sampled.cramers_v, sampled.epsilon_squared])
def test_a_size_without_direction_lies_in_its_interval(sized):
    found = sized(table("full", "age", "visits"))
    assert 0 <= found.interval.low <= found.value <= found.interval.high <= 1


def test_too_few_clusters_tell_nothing():
    three = Sampling(np.ones(97), np.minimum(STREETS, 1), np.minimum(STREETS, 2))
    with pytest.raises(ValueError, match="too few clusters answered"):
        sampled.rao_scott(table(three, "garden", "often"))


def test_equal_weights_are_worth_all_people_and_unequal_ones_fewer():
    assert effective(np.full(50, 3.0)) == pytest.approx(50)
    assert effective(np.array([1.0, 1.0, 4.0])) == pytest.approx(36 / 18)


def test_where_nobody_gave_an_answer_the_interval_is_that_of_the_effective_people():
    weights = SAMPLES["weighted"]
    found = WeightedDistribution({"yes": 0, "no": 97}, {}, 97, weighted=weights.estimate(
        np.column_stack([np.zeros(97, bool), np.ones(97, bool)]), np.ones(97, bool))).share(["yes"])
    assert (found.value, found.interval.low, found.design_effect) == (0, 0, None)
    assert found.interval.high == pytest.approx(1 - 0.025 ** (1 / effective(weights.weights)), rel=1e-9)  # R: qbeta


def test_what_everybody_answered_is_all_whatever_rounding_leaves():
    for seed in range(50):
        weights = np.random.default_rng(seed).random(97) + 0.1
        sample = Sampling(weights, ONE, EACH)
        yes = np.ones((97, 2), bool)
        yes[:, 1] = False
        found = WeightedDistribution({"yes": 97, "no": 0}, {}, 97, weighted=sample.estimate(yes, yes[:, 0]))
        assert found.share(["yes"]).value == 1 and found.share(["yes"]).design_effect is None


def test_where_one_cluster_answered_nothing_is_known_of_the_share():
    found = distribution("full", "garden", (ROWS["street"] == "north-1").to_numpy()).share(["yes"])
    assert (found.df, found.interval.low, found.interval.high) == (0, 0, 1)
    assert not math.isnan(found.value)


# --- what may be told beside withheld counts


def test_beside_withheld_counts_a_share_is_a_multiple_of_what_few_people_change():
    weights = np.tile([0.5, 1.5], 500)
    sample = Sampling(weights, np.zeros(1000, int), np.arange(1000))
    chosen = np.arange(1000) % 7 < 3
    exact = sample.estimate(np.column_stack([chosen, ~chosen]), np.ones(1000, bool))
    told = sample.coarsen(exact, 5)
    assert told.step == 0.01  # 5 people of 1000, whose weights differ by the mean one, change a share by 0.005
    assert told.shares[0] == pytest.approx(round(exact.shares[0], 2)) == 0.43
    other = chosen.copy()
    other[[0, 3]] = False, True  # one person more with the larger weight, one fewer with the smaller one
    one_more = sample.estimate(np.column_stack([other, ~other]), np.ones(1000, bool))
    assert one_more.shares != exact.shares and sample.coarsen(one_more, 5).shares == told.shares


def test_beside_withheld_counts_of_few_people_weighted_shares_are_withheld():
    sample = SAMPLES["weighted"]
    chosen = (ROWS["garden"] == "yes").to_numpy()
    told = sample.coarsen(sample.estimate(chosen[:, None], np.ones(97, bool)), 5)
    assert math.isnan(told.shares[0])
    found = WeightedDistribution({"yes": 44, "no": 53}, {}, 97, weighted=told)
    assert found.withheld and found.share(["yes"]).withheld and math.isnan(found.share(["yes"]).interval.low)


def test_equal_weights_tell_no_more_than_counts():
    sample = SAMPLES["streets"]
    chosen = (ROWS["garden"] == "yes").to_numpy()
    told = sample.coarsen(sample.estimate(np.column_stack([~chosen, chosen]), np.ones(97, bool)), 5)
    assert told.shares == pytest.approx((53 / 97, 44 / 97))
    assert told.covariance[0][0] * 96 / (53 * 44 / 97**2) % 0.5 == pytest.approx(0)
