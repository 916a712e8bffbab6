"""Groups of a weighted sample: shares, means, scores and letters equal those of R's package survey 4.1-1.

    d <- read.csv("tests/sampled/gardens/responses.csv"); d$often <- as.numeric(d$visits == "often")
    d$v <- match(d$visits, c("never", "sometimes", "often", "daily"))
    d$net <- (d$v > 2) - (d$v < 3)
    full <- svydesign(ids = ~street, strata = ~region, weights = ~weight, data = d)
    group <- subset(full, age == "young")      # and "middle", "old"
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from project import SAMPLED

from surveybook.survey.data.grouping import Groups, grouped
from surveybook.survey.data.loader import read_study
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.weighting import Sampling
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import figures, tables
from surveybook.survey.stats.domains import Domains

OFTEN = 2


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(SAMPLED / "gardens")


@pytest.fixture(scope="module")
def visits(study) -> Groups:
    return grouped(study, "visits", "age")


# s <- svyciprop(~often, group, method = "beta"); coef(s), SE(s), confint(s), degf(group)
SHARES = [
    (0.1816596463928312, 0.0443534979841582, 0.0957654533320806, 0.2991300062180258, 11),
    (0.2602156980227681, 0.1155207163565111, 0.0598471648502706, 0.5818819148276366, 9),
    (0.369044083329798, 0.112985706860234, 0.147754957042572, 0.640297904848026, 10),
]


def test_shares_are_of_domains_whose_own_clusters_count_for_their_freedom(visits):
    for share, (value, error, low, high, df) in zip(visits.shares([OFTEN]), SHARES, strict=False):
        assert (share.value, share.error, share.df) == pytest.approx((value, error, df), rel=1e-9)
        alone = replace(share, among=1).interval
        assert (alone.low, alone.high) == pytest.approx((low, high), rel=1e-9)
    assert [share.count for share in visits.shares([OFTEN])] == [10, 6, 7, 23]


# m <- svymean(~v, group); coef(m), SE(m) (those of svyby(~v, ~age, full, svymean)), confint(m, df = degf(group))
# the same of ~net
def test_means_and_net_scores_have_the_interval_of_their_domain(visits):
    for mean, value, low, high in zip(visits.means(), (2.248088428621254, 1.990832834032354, 2.642984428698715),
                                      (1.747292524225269, 1.480084748121872, 1.948593695316017),
                                      (2.748884333017238, 2.501580919942837, 3.337375162081412), strict=False):
        assert (mean.value, mean.interval.low, mean.interval.high) == pytest.approx((value, low, high), rel=1e-9)
    for net, value, low, high in zip(visits.net(), (-0.299653904971427, -0.361593768723787, 0.276761848190420),
                                     (-0.724965187518062, -0.947243379244825, -0.277221991754336),
                                     (0.125657377575208, 0.224055841797252, 0.830745688135175), strict=False):
        assert (net.value, net.interval.low, net.interval.high) == pytest.approx((value, low, high), rel=1e-9)


# full$variables$c <- match(d$content, c("low", "medium", "high")), 9 for "skipped"; s <- subset(full, c < 9)
# svymean(~c, s), sqrt(svyvar(~c, s)), and of subset(s, garden == "yes")
def test_the_deviation_of_a_mean_is_that_of_svyvar(study):
    mean = dict(zip(("no", "yes", "all"), grouped(study, "content", "garden").means(), strict=True))
    assert (mean["yes"].value, mean["yes"].deviation) == pytest.approx((2.1959935926941982, 0.7035012480841151))
    assert (mean["all"].value, mean["all"].deviation) == pytest.approx((1.9936237948791948, 0.7882094494137143))


def test_answers_put_together_have_the_share_of_those_who_gave_any_of_them(visits):
    put = [shares.weighted.shares for _, shares in visits.distributions([[0, 1], [OFTEN, 3]])]
    assert put == [pytest.approx((low.value, high.value)) for low, high in
                   zip(visits.shares([0, 1]), visits.shares([OFTEN, 3]), strict=True)]
    assert [own.counts for _, own in visits.distributions([[0, 1], [OFTEN, 3]])][0] == {"0": 33, "1": 18}


# two <- subset(full, age %in% c("young", "middle")), and so on; svychisq(~age + often, two, statistic = "F")$p.value
# p.adjust(p, "holm")
def test_letters_rest_on_the_test_of_rao_and_scott_of_each_pair(visits):
    found = visits.compare([OFTEN])
    assert [one.p for one in found] == pytest.approx([0.420615208451578, 0.0881788809725372, 0.493053454573603])
    assert [one.adjusted for one in found] == pytest.approx([0.841230416903155, 0.264536642917612, 0.841230416903155])
    assert found[0].difference == pytest.approx(SHARES[1][0] - SHARES[0][0])


# mid <- function(y, w) {t <- tapply(w, y, sum); b <- cumsum(t) - t / 2; b[as.character(y)] / sum(w)}
# k <- d$age %in% c("young", "middle"); d$r <- 0; d$r[k] <- mid(d$v[k], d$weight[k]);
# d$g <- as.numeric(d$age == "middle")
# coef(summary(svyglm(r ~ g, subset(svydesign(...), k))))[2, ]: t and p, and so on; p.adjust(p, "holm")
def test_which_groups_differ_rests_on_the_rank_test_of_lumley_and_scott_of_each_pair(study, visits):
    found = visits.domains.compare_ranks()
    assert [one.z for one in found] == pytest.approx([-1.32346054027915, 1.62806613225273, 2.40372795404633], rel=1e-9)
    assert [one.p for one in found] == pytest.approx([0.212530007316204, 0.131788097966588, 0.0350008930702364])
    assert [one.adjusted for one in found] == pytest.approx([0.263576195933176, 0.263576195933176, 0.105002679210709])
    table = tables.differences(Findings(study), "visits", by="age")
    assert table.rows[2] == ["In the middle and Old", "not told apart", "2.40", "0.035", "0.11"]
    assert [row["p_holm"] for row in table.about["data"]] == [one.adjusted for one in found]
    # regTermTest(svyglm(mid(v, w) ~ age, full), ~age, df = degf(full) - 2)
    assert "Lumley and Scott, F = 2.84 with 2 degrees of freedom, p = 0.11" in table.note
    assert "Dunn" not in table.note and "Weighted; counts are of people" in table.note


def test_people_who_answered_all_alike_are_not_told_apart_and_have_no_interval():
    """Where nothing varies no error is known; in R svychisq and svymean give no number, or an error of zero."""
    sample = Sampling(np.tile([1.0, 2.0], 10), np.zeros(20, int), np.arange(20))
    group, yes = np.repeat([0, 1], 10), np.repeat([True, False], 10)
    domains = Domains(sample, np.column_stack([~yes, yes]), group, yes.astype(float))
    assert [one.p for one in domains.compare([0])] == [1.0]
    assert [(one.z, one.p) for one in domains.compare_ranks()] == [(0.0, 1.0)]
    assert [mean.interval is None for mean in domains.means()] == [True, True, False]
    assert [(one.interval.low, one.interval.high) for one in domains.net([1], [0])][:2] == [(-1, 1), (-1, 1)]
    assert [one.p for one in replace(domains, chosen=np.ones((20, 1), bool)).compare([0])] == [1.0]


def test_people_of_no_group_change_no_share_and_weights_of_another_unit_nothing(visits):
    whole = visits.domains
    scaled = replace(whole, sampling=replace(whole.sampling, weights=1000 * whole.sampling.weights))
    assert [one.p for one in scaled.compare([OFTEN])] == pytest.approx([one.p for one in whole.compare([OFTEN])])
    fewer = replace(whole, group=np.where(whole.group == 2, -1, whole.group))
    assert [one.value for one in fewer.shares([OFTEN], 1)][:2] == [one.value for one in whole.shares([OFTEN], 1)][:2]


def test_tables_have_the_unweighted_beside_the_weighted_and_say_so(study):
    found = Findings(study)
    table = tables.crossed(found, "visits", by="age")
    assert table.rows[OFTEN][:2] == ["Often", "18% (10; 20%)"]
    assert [row[0] for row in table.rows[-2:]] == ["Base", "Effective n"]
    young = study.responses.codes["age"] == 0
    own = study.sampling.weights[young]
    assert table.rows[-1][1] == str(round(own.sum() ** 2 / (own**2).sum()))
    for made in (table, tables.means(found, "visits", by="age"), tables.scores(found, "visits", by="age")):
        assert "Weighted; counts are of people. Sample: weights in “weight”, 3 strata by “region” and 15" in made.note
    assert "Rao and Scott’s test" in table.note and "N − 1" not in table.note
    first = tables.means(found, "visits", by="age").about["data"][0]
    counts = [13, 20, 10, 8]
    assert first["mean_unweighted"] == pytest.approx(np.average([1, 2, 3, 4], weights=counts))
    assert tables.scores(found, "visits", by="age").about["data"][0]["net_unweighted"] == pytest.approx((18 - 33) / 51)
    # a multiple answer, bars, and dots are drawn of the same shares
    for question in ("plants", "visits", "garden"):
        figure = figures.crossed(found, question, by="age")
        assert "weighted" in figure.told and figure.wide
    assert figures.means(found, "visits", by="age").wide and figures.scores(found, "visits", by="age").wide


def test_beside_withheld_counts_no_weighted_share_of_a_group_is_told(study):
    """Also not of the two questions of a hypothesis, whose cross table is shown: with known weights, an exact share
    would say which of a few people gave an answer."""
    ruled = replace(study, disclosure=replace(study.disclosure, minimum_cell=5))
    assert any({one.predictor.id, one.outcome.id} == {"garden", "visits"} for one in ruled.hypotheses.values())
    for show in (tables.crossed, tables.means, tables.scores, figures.crossed, figures.means, figures.scores):
        with pytest.raises(DataError, match="“gardens” is weighted and withholds small counts"):
            show(Findings(ruled), "visits", by="garden")
