"""Waves of a weighted, stratified or clustered sample: changes are those of R's package “survey”.

> library(survey)
> made <- function(wave) { i <- 0:44; data.frame(wave = wave, member = as.numeric((i*7 + wave*3) %% 5 < 2 + wave),
+   mood = (i*3 + wave*2 + i %/% 7) %% 5 + 1, visits = (i*i + wave) %% 7, branch = (i*5 + wave*(i %/% 4)) %% 3,
+   weight = 0.5 + ((i*13 + wave*5) %% 11)/5, stratum = i %% 3, cluster = paste(wave, i %% 3, (i %/% 3) %% 5)) }
> a <- made(0); b <- made(1); a$weight <- a$weight/mean(a$weight); b$weight <- b$weight/mean(b$weight)
> d <- rbind(a, b); d$level <- interaction(d$wave, d$stratum)
> s <- svydesign(ids = ~cluster, strata = ~level, weights = ~weight, data = d)
"""

from __future__ import annotations

import pytest
from drawn import shown
from waves import MOODS, waves

from surveybook.publish.checks.shares import shares_in_tables
from surveybook.publish.site.page import Page
from surveybook.survey.data.change import changed
from surveybook.survey.data.loader import read_study
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import figures, tables

BRANCHES = ("north", "south", "west")
ASIDE = [{"name": "weight", "title": "Weight", "type": "number", "description": "A weight."},
         *({"name": name, "title": name, "type": "string", "description": "How people were drawn."}
           for name in ("stratum", "cluster"))]


def made(wave: int) -> list[dict[str, str]]:
    return [{"member": "yes" if (i * 7 + wave * 3) % 5 < 2 + wave else "no",
             "mood": MOODS[(i * 3 + wave * 2 + i // 7) % 5], "visits": str((i * i + wave) % 7),
             "branch": BRANCHES[(i * 5 + wave * (i // 4)) % 3], "media": "books;films" if i % 2 else "books",
             "weight": f"{0.5 + (i * 13 + wave * 5) % 11 / 5:.1f}", "stratum": f"s{i % 3}",
             "cluster": f"c{wave}-{i % 3}-{i // 3 % 5}"} for i in range(45)]


def study(folder, sampling=("weight", "strata", "clusters"), change=None, each=None, **options):
    columns = {"weight": "weight", "strata": "stratum", "clusters": "cluster"}

    def declare(descriptor):
        descriptor["sampling"] = {key: columns[key] for key in sampling}
        for resource in descriptor["resources"]:
            named = descriptor["sampling"].values()
            resource["schema"]["fields"] += [dict(one) for one in ASIDE if one["name"] in named]
        if change:
            change(descriptor)

    return read_study(waves(folder, each or {"2024": made(0), "2026": made(1)}, declare, **options))


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return study(tmp_path_factory.mktemp("weighted"))


def of(study, name, place=0):
    return changed(study, name).parts[place].steps[0].changed


def test_the_change_of_a_share_is_that_of_svyttest(library):
    # > svyttest(member ~ wave, s)
    found = of(library, "member")
    assert (found.size.value, found.p) == pytest.approx((0.176118072960, 0.395979946830), abs=1e-9)
    assert found.size.standard_error == pytest.approx(0.203608404879, abs=1e-9)  # SE(svycontrast(svyby(...), c(-1, 1)))
    inside = found.size.interval
    assert (inside.low, inside.high) == pytest.approx((-0.245078003338, 0.597314149258), abs=1e-9)
    # > svyttest(I(branch == 0) ~ wave, s), and so on
    own = [(of(library, "branch", place).size.value, of(library, "branch", place).p) for place in range(3)]
    assert own == [pytest.approx(one, abs=1e-9) for one in (
        (0.1908103592314, 0.0091726058981), (-0.0908939014202, 0.1197696353442), (-0.0999164578112, 0.0955984095459))]


def test_the_change_of_a_mean_is_that_of_svyttest(library):
    # > svyttest(visits ~ wave, s)
    found = of(library, "visits")
    assert (found.size.value, found.p) == pytest.approx((1.01762183235867, 0.00178494828985), abs=1e-9)
    inside = found.size.interval
    assert (inside.low, inside.high) == pytest.approx((0.421545894952, 1.613697769766), abs=1e-9)


def test_the_change_on_a_scale_is_that_of_svyranktest_with_midranks(library):
    # > d$rank <- sapply(d$mood, function(m) (sum(w[d$mood < m]) + sum(w[d$mood == m])/2)/sum(w))  # w <- d$weight
    # > summary(svyglm(rank ~ wave, s))$coefficients, as svyranktest has it, whose ranks of ties follow the rows
    # > sum(outer(wa, wb) * sign(outer(a$mood, b$mood, function(x, y) y - x)))/sum(wa)/sum(wb)
    found = of(library, "mood")
    assert (found.size.value, found.p) == pytest.approx((0.0403341687552, 0.703932974663), abs=1e-9)
    # > svymean(~mood, svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = b))
    mean = changed(library, "mood").parts[0].values[-1]
    assert mean.value == pytest.approx(2.931851852, abs=1e-8)
    # > qt(0.975, 12) * 0.16884
    assert mean.interval.high - mean.value == pytest.approx(0.36787, abs=1e-4)


def test_weights_alone_are_enough(tmp_path):
    # > svyttest(member ~ wave, svydesign(ids = ~1, strata = ~wave, weights = ~weight, data = d))
    found = of(study(tmp_path, ("weight",)), "member")
    assert (found.size.value, found.p) == pytest.approx((0.176118072960, 0.127556481217), abs=1e-9)


def test_a_wave_weighs_as_much_whatever_its_weights_add_up_to(tmp_path):
    many = [row | {"weight": f"{float(row['weight']) * 1000:.0f}"} for row in made(1)]
    found, same = study(tmp_path / "a", each={"2024": made(0), "2026": many}), study(tmp_path / "b")
    for name in ("member", "mood", "visits"):
        assert of(found, name).size.value == pytest.approx(of(same, name).size.value, abs=1e-12)
        assert of(found, name).p == pytest.approx(of(same, name).p, abs=1e-12)


def test_weights_that_are_nearly_equal_give_nearly_the_plain_shares(library):
    member = changed(library, "member").parts[0].values
    assert all(one.is_weighted for one in member) and member[0].unweighted == 18 / 45


def test_figures_and_tables_say_so_and_the_check_recomputes_the_counts(library):
    found = Findings(library)
    table = tables.change(found, "member", "mood", "branch", "media")
    assert table.rows[0][:4] == ["Member", "2024", "45", "41% (18; 40%)"]
    assert "Weighted; counts are of people. In brackets" in table.note and "clusters by “cluster”" in table.note
    assert "t test of the weighted samples" in table.note and "rank test of Lumley and Scott" in table.note
    assert not list(shares_in_tables(Page("index.html", shown(table))))
    assert "from 2024 to 2026 no change can be told from chance" in figures.change(found, "member").finding
    assert "“North” rose" in found.waves.change.branch and tables.questionnaire(found).rows


def test_where_everybody_gave_the_same_answer_there_is_no_test(tmp_path):
    same = [[row | {"member": "yes"} for row in made(wave)] for wave in (0, 1)]
    step = changed(study(tmp_path, each=dict(zip(("2024", "2026"), same, strict=True))), "member").parts[0].steps[0]
    assert step.changed is None and step.trouble == "all gave the same answer"


@pytest.mark.parametrize(("change", "options", "message"), [
    (lambda one: one["sampling"].update(rake={"member": {"no": 0.5, "yes": 0.5}}), {}, "rake: it is that of one year"),
    (lambda one: one["sampling"].update(population=4000), {}, "population: it is that of one year"),
    (None, {"matched": True}, "matched_by: no test of the same people knows weights"),
    (None, {"least": 5}, "small counts are withheld, and weighted changes could tell of them"),
])
def test_what_no_test_here_can_compare_is_refused(tmp_path, change, options, message):
    with pytest.raises(DataError, match=message):
        study(tmp_path, change=change, **options)


def test_an_earlier_wave_needs_its_own_weights(tmp_path):
    def forget(descriptor):
        fields = descriptor["resources"][0]["schema"]["fields"]
        fields[:] = [one for one in fields if one["name"] != "weight"]

    with pytest.raises(DataError, match="weight"):
        study(tmp_path / "a", change=forget)
    low = [row | {"weight": "0.0"} if n == 3 else row for n, row in enumerate(made(0))]
    with pytest.raises(DataError, match="responses-2024.csv: row 5, column “weight”: a weight of 0 counts nobody"):
        study(tmp_path / "b", each={"2024": low, "2026": made(1)})


def test_clusters_of_both_waves_are_refused(tmp_path):
    again = [row | {"cluster": row["cluster"].replace("c1", "c0")} for row in made(1)]
    with pytest.raises(DataError, match="“c0-0-0” is a cluster in “responses-2024” and in the last wave"):
        study(tmp_path, each={"2024": made(0), "2026": again})


def test_the_numbers_of_a_sentence_are_weighted_too(library):
    found = Findings(library).visits
    # > svyquantile(~visits, s, .5, qrule = "school"); svymean(~visits, s)  # of the last wave
    # > sapply(0:6, function(v) confint(svymean(~I(visits <= v), s), df = degf(s))[2, ])
    # 1: .030 .263, 2: .259 .654, 3: .580 .789, so that half of all could be reached at 2 or 3
    assert (found.median, found.median_interval, found.mean) == ("3", "2 to 3", "3.0")
    assert found.largest == "5" and found.some.percent == "100%" and found.nothing.count == "0"
