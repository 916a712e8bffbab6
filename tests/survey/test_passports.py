"""Passports: every hypothesis has a section of its own that a statistician finds complete."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from drawn import shown
from project import DATA, ROOT
from selectolax.lexbor import LexborHTMLParser

from surveybook.survey.data.loader import read_study
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.evidence.findings import Findings
from surveybook.survey.show import figures, sections, tables, theme
from surveybook.survey.show.figures.canvas import Scale
from surveybook.survey.verdicts.record import record
from surveybook.survey.words.names import Names

FAMILIES = ("exposure", "defenses", "perception")
HEAVIEST = 60_000  # bytes of a page, packed


@pytest.fixture(scope="module")
def survey() -> Findings:
    return Findings(read_study(DATA / "practitioners"), ROOT)  # verdicts are kept, as for the pages


@pytest.fixture(scope="module")
def ids(survey) -> list[str]:
    return list(survey.study.hypotheses)


@pytest.fixture(scope="module")
def made(survey) -> dict[str, str]:
    """The sections of each family, as Markdown."""
    return {family: sections.passports(survey, family).markdown for family in FAMILIES}


def parts(findings: Findings, hypothesis: str) -> dict[str, str]:
    """The rows of a passport by name."""
    return dict(tables.passport(findings, hypothesis).rows)


# --- the sections


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_gives_one_section_for_each_hypothesis_in_order(survey, made, family):
    headings = re.findall(r"^## (.*) \{#sec-(.*)\}$", made[family], re.MULTILINE)
    declared = [one for one in survey.study.hypotheses.values() if one.family.id == family]
    assert headings == [(one.claim.rstrip("."), one.id) for one in declared]


@pytest.mark.parametrize("family", FAMILIES)
def test_each_float_of_a_section_has_a_label_a_caption_and_a_reference(made, family):
    for section in re.split(r"^## ", made[family], flags=re.MULTILINE)[1:]:
        name = re.search(r"\{#sec-(.*)\}", section)[1]
        labels = re.findall(r"^::: \{#(.*)\}$", section, re.MULTILINE)
        assert labels == [f"tbl-{name}", f"tbl-counts-{name}", f"fig-choices-{name}"]
        captions = re.findall(r"^```\n\n(.*)\n:::$", section, re.MULTILINE)
        assert len(captions) == len(labels)
        for label, caption in zip(labels, captions, strict=True):
            plain = re.sub(r"\[([^\]]*)\]\{[^}]*\}", r"\1", caption)
            assert plain.endswith(".") and ". " not in plain
            assert re.search(rf"@{label}\b(?!-)", section)


def test_a_section_cites_the_source_of_a_published_outcome_and_no_other_section_does(survey, made):
    for name, hypothesis in survey.study.hypotheses.items():
        markdown, published = made[hypothesis.family.id], hypothesis.published
        section = next(part for part in markdown.split("\n## ") if f"{{#sec-{name}}}" in part)
        assert (f"[@{published.reference}]" in section) if published else ("[@" not in section)


def test_in_the_site_each_hypothesis_has_an_anchor_and_its_floats(site, ids, survey):
    paths = (site / "chapters").glob("passports-*.html")
    pages = [LexborHTMLParser(path.read_text(encoding="utf-8")) for path in paths]
    assert len(pages) == len(FAMILIES)
    for name in ids:
        (section,) = [page.css_first(f"section#sec-{name}") for page in pages if page.css_first(f"section#sec-{name}")]
        assert survey.study.hypotheses[name].claim.rstrip(".") in section.css_first("h2").text()
        for label in (f"tbl-{name}", f"tbl-counts-{name}", f"fig-choices-{name}"):
            assert section.css_first(f"#{label} figcaption")
        told = json.loads((site / "chapters" / f"tbl-{name}.json").read_text(encoding="utf-8"))
        verdict = survey.judgements.verdict(name)
        assert (told["passport"]["id"], told["passport"]["p_adjusted"]) == (name, verdict.p_adjusted)


def test_a_claim_in_the_table_leads_to_its_passport(site, ids):
    page = LexborHTMLParser((site / "chapters" / "hypotheses.html").read_text(encoding="utf-8"))
    links = [link.attributes["href"] for link in page.css("#tbl-hypotheses tbody th a")]
    assert [link.partition("#sec-")[2] for link in links] == ids
    for link in links:
        file, _, anchor = link.partition("#")
        assert f'id="{anchor}"' in (site / "chapters" / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_page_of_passports_is_light(site, family):
    page = (site / "chapters" / f"passports-{family}.html").read_bytes()
    assert len(gzip.compress(page, 9)) < HEAVIEST


# --- what a passport says


def test_a_passport_has_all_its_parts(survey, ids):
    for name in ids:
        assert list(parts(survey, name)) == [
            "Claim", "Why it is here", "Published", "Predictor", "Outcome", "Expected", "Family", "People", "Test",
            "How p is found", "Assumed", "Size", "p of the test alone", "p adjusted", "Equivalence", "Verdict",
            "Other choices", "Power", "Computed with",
        ]
        assert all(words.endswith(".") for words in parts(survey, name).values())


def test_the_same_travels_as_plain_data(survey, ids):
    for name in ids:
        page = shown(tables.passport(survey, name))
        told = json.loads(page.css_first("script.report-data").text())
        verdict, other = survey.judgements.verdict(name), survey.judgements.robustness(name)
        assert told["passport"] == json.loads(json.dumps(record(verdict, other), allow_nan=False))
        assert told["simulated"] is True and len(told["passport"]["choices"]) == other.choices + 1


def test_the_counts_add_up_to_the_people_and_those_left_out(survey, ids):
    for name in ids:
        *answers, last = tables.counts(survey, name).rows
        n, respondents = int(last[-1]), len(survey.study.responses.respondents)
        assert n == sum(int(row[-1]) for row in answers) == survey.judgements.verdict(name).n
        assert n + sum(survey.judgements.verdict(name).counts.missing.values()) == respondents


def test_a_claim_with_a_direction_is_tested_on_one_side_and_says_that_its_interval_is_not(survey, ids):
    for name in ids:
        words = parts(survey, name)["Test"]
        directed = survey.study.hypotheses[name].direction != "any"
        assert ("One-sided" in words) == directed and ("the interval is two-sided" in words) == directed
        assert "not adjusted for the family" in words


def test_p_values_say_whether_and_over_what_they_are_adjusted(survey, ids):
    for name in ids:
        told, count = parts(survey, name), survey.judgements.verdict(name).declared
        assert "not adjusted" in told["p of the test alone"]
        assert told["p adjusted"].startswith(f"Holm, over the {count} claims of the family: p ")
        assert "Benjamini and Hochberg, shown beside and not used: p " in told["p adjusted"]


@pytest.mark.parametrize("correction, told, words", [
    ("benjamini-hochberg", "Benjamini and Hochberg, over the 5 claims of the family: p ", "by Benjamini and Hochberg"),
    ("none", "Not adjusted for the 5 claims of the family: p ", "not at all (“"),
])
def test_a_family_that_is_corrected_otherwise_says_so_wherever_its_p_stand(survey, correction, told, words):
    study = survey.study
    family = study.hypotheses["exposure-size"].family
    other = replace(family, correction=correction, uncorrected="Each stands alone." if correction == "none" else "")
    changed = {name: replace(one, family=other) if one.family == family else one
               for name, one in study.hypotheses.items()}
    findings = Findings(replace(study, hypotheses=changed), ROOT)
    for name in (name for name, one in changed.items() if one.family == other):
        adjusted, verdict = parts(findings, name)["p adjusted"], findings.judgements.verdict(name)
        assert adjusted.startswith(told) and "Holm" not in adjusted
        assert ("Why: Each stands alone." in adjusted) == (correction == "none")
        assert verdict.p_adjusted == (verdict.p if correction == "none" else verdict.p_rate)
    table = tables.hypotheses(findings, "exposure")
    assert "p, adjusted" in [column.title for column in table.columns] and words in table.note
    assert "p, Holm" in [column.title for column in tables.hypotheses(findings, "defenses").columns]


def test_equivalence_is_judged_by_the_interval_of_the_size_and_is_not_adjusted(survey, ids):
    for name in ids:
        words, judged = parts(survey, name)["Equivalence"], survey.judgements.verdict(name).judged
        found = judged.equivalence
        inside = found.low <= found.interval.low and found.interval.high < found.high
        ends = [(one.low, one.high, one.level) for one in (found.interval, judged.size.interval)]
        assert ends[0] == pytest.approx(ends[1], rel=1e-12)
        assert words.startswith("The 95% interval, ") and "not adjusted" in words
        assert ("does not lie inside" not in words) == inside == (found.p < 0.025)


def test_an_interval_that_ends_near_its_bound_has_the_digits_that_tell_on_which_side(survey):
    found = survey.judgements.verdict("defenses-maturity").judged.equivalence.interval
    assert 0.2 < found.high < 0.205
    assert f"to {found.high:.3f}, does not lie inside the bounds" in parts(survey, "defenses-maturity")["Equivalence"]


def test_inconclusive_is_never_told_as_no_effect(survey, ids):
    inconclusive = [name for name in ids if survey.judgements.verdict(name).word == "inconclusive"]
    assert inconclusive
    for name in inconclusive:
        words = parts(survey, name)["Verdict"]
        assert words.startswith("Inconclusive. The simulated answers neither support the claim nor rule out ")
        assert not re.search(r"no (effect|relation)", words)


def test_how_p_is_found_is_told_with_its_error_and_seed_where_it_is_drawn(survey):
    drawn, exact = parts(survey, "defenses-exposure"), parts(survey, "exposure-public")
    assert re.match(r"Monte Carlo, 100,000 tables with the same sums, seed \d+, standard error [\d.e-]+: there are too "
                    "many tables", drawn["How p is found"])
    assert exact["How p is found"].startswith("Exact: all tables with the same sums are taken into account.")


def test_power_is_shown_where_the_study_has_a_design_analysis_and_nothing_else_is_said(survey):
    assert parts(survey, "exposure-size")["Power"] == survey.design.hypotheses.exposure_size.sentence
    planned = Findings(survey.study, ROOT)
    del planned._entries["design"]
    assert "Power" not in parts(planned, "exposure-size")
    planned._entries["design"] = Names({"hypotheses": {"exposure-size": {"sentence": "Often seen."}}}, "design")
    assert parts(planned, "exposure-size")["Power"] == "Often seen."
    assert "Power" not in parts(planned, "exposure-public")


# --- three passports at random, computed again in R 4.2.2


def test_a_mann_whitney_passport_is_that_of_r(survey):
    # y, g: the answers of perception-training; coin::wilcox_test(y ~ factor(g, c(1, 0)), distribution = "exact",
    #   alternative = "greater") |> pvalue(); wilcox.test(a, b, alternative = "greater", exact = FALSE, correct = FALSE)
    # d <- sign(outer(a, b, "-")); delta <- mean(d); v <- (n2^2 * sum((rowMeans(d) - delta)^2) + n1^2 * sum((colMeans(d)
    #   - delta)^2) - sum((d - delta)^2)) / (n1 * n2 * (n1 - 1) * (n2 - 1)); se <- sqrt(v) / (1 - delta^2)
    # tanh(atanh(delta) + c(-1, 1) * qnorm(.975) * se)
    # max(pnorm((z - atanh(-.33)) / se, lower = FALSE), pnorm((z - atanh(.33)) / se))
    verdict = survey.judgements.verdict("perception-training")
    judged, size, equivalence = verdict.judged, verdict.judged.size, verdict.judged.equivalence
    assert judged.tested.statistic == 964 and verdict.p == pytest.approx(0.576658350086, rel=1e-9)
    assert judged.approximate.p == pytest.approx(0.576307286704, rel=1e-9)
    assert (size.value, size.interval.low, size.interval.high) == pytest.approx(
        (-0.0262626262626, -0.27062637562, 0.221280599618), rel=1e-9)
    assert equivalence.p == pytest.approx(0.00677022850659, rel=1e-9)


def test_a_kendall_passport_is_that_of_r(survey):
    # x, y: the answers of defenses-exposure; cor(x, y, method = "kendall")
    # cor.test(x, y, method = "kendall", alternative = "greater", exact = FALSE)$p.value
    # ASE of tau-b by the delta method, its gradient taken numerically; tanh(atanh(tau) + c(-1, 1) * qnorm(.975) * ase /
    #   (1 - tau^2)); max(pnorm((z - atanh(-.2)) / se, lower = FALSE), pnorm((z - atanh(.2)) / se))
    # p drawn: S of r2dtable(20000, rowSums(t), colSums(t)) at least as large as seen: 0.00015
    verdict = survey.judgements.verdict("defenses-exposure")
    judged, size, equivalence = verdict.judged, verdict.judged.size, verdict.judged.equivalence
    assert judged.tested.statistic == 1225 and verdict.p == pytest.approx(0.00015, abs=3 * 0.00009)
    assert judged.approximate.p == pytest.approx(8.05616734504e-05, rel=1e-9)
    assert (size.value, size.standard_error) == pytest.approx((0.29901659245, 0.0764282290012), rel=1e-7)
    assert (size.interval.low, size.interval.high) == pytest.approx((0.14294835958, 0.44057527745), rel=1e-7)
    assert equivalence.p == pytest.approx(0.896061033104, rel=1e-7)


def test_a_kruskal_wallis_passport_is_that_of_r(survey):
    # y, g: the answers of exposure-sector; k <- kruskal.test(y, g); k$statistic / 110
    # coin::kruskal_test(y ~ factor(g), distribution = approximate(100000)) |> pvalue(): 0.90319
    # e <- k$statistic / 110; ASE of e by the delta method, its gradient taken numerically: 0.0279875937
    # se <- max(ASE / (2 * sqrt(e) * (1 - e)), 1 / sqrt(111)); tanh(atanh(sqrt(e)) + qt(.975, 104) * se)^2: the end
    # uniroot(function(l) pchisq(k$statistic, 6, l) - .025, c(0, 200), tol = 1e-12)$root / 110: 0.03557; below it is 0
    # max(pchisq(k$statistic, 6, .08 * 110), pt((atanh(sqrt(e)) - atanh(sqrt(.08))) / se, 104)): the second
    verdict = survey.judgements.verdict("exposure-sector")
    judged, size = verdict.judged, verdict.judged.size
    assert judged.tested.statistic == pytest.approx(2.2757536165, rel=1e-9)
    assert verdict.p == pytest.approx(0.90319, abs=0.004)
    assert judged.approximate.p == pytest.approx(0.892671991688, rel=1e-9)
    assert size.value == pytest.approx(0.0206886692409, rel=1e-9)
    assert (size.interval.low, size.interval.high) == pytest.approx((0, 0.1083228768003), rel=1e-6)
    assert judged.equivalence.p == pytest.approx(0.0724383265545, rel=1e-6)


@pytest.mark.parametrize("family, holm, rate", [
    ("exposure", [1, 1, 1, 1, 0.493784916905], [0.90342096579] * 4 + [0.493784916905]),
    ("defenses", [0.000319996800032, 0.00980990190098, 0.515754842452, 0.467675323247],
     [0.000319996800032, 0.00653993460065, 0.515754842452, 0.311783548831]),
    ("perception", [0.172478275217, 0.172478275217, 0.0177098229018, 0.0468995310047, 0.576658350086, 0.0355796442036,
                    0.363616363836],
     [0.0717352826472, 0.0717352826472, 0.0177098229018, 0.0218864478022, 0.576658350086, 0.0207547924521,
      0.212109545571]),
])
def test_a_family_is_adjusted_as_in_r(survey, family, holm, rate):
    # p.adjust(p, "holm"); p.adjust(p, "BH"), with p the values of the tests alone, in their order
    verdicts = survey.judgements.of(family)
    assert [one.p_adjusted for one in verdicts] == pytest.approx(holm, rel=1e-9)
    assert [one.p_rate for one in verdicts] == pytest.approx(rate, rel=1e-9)


def test_other_choices_are_those_of_r(survey):
    # x, y: the answers of perception-knowledge; coin::lbl_test(table(x, y), alternative = "greater") |> pvalue()
    # cor(x, y, method = "spearman"); cor(x, y); f <- MASS::polr(factor(y) ~ x, Hess = TRUE); summary(f)
    # pnorm(t value, lower = FALSE); value + c(-1, 1) * qnorm(.975) * std error
    frame = survey.judgements.robustness("perception-knowledge").frame.set_index("choice")
    linear = frame.loc["steps taken as equal: linear-by-linear"]
    assert (linear["p"], linear["effect"]) == pytest.approx((0.026590509849, 0.183514773145), rel=1e-9)
    assert frame.loc["Spearman's rank correlation", "effect"] == pytest.approx(0.166033771229, rel=1e-9)
    odds = frame.loc["proportional odds"]
    assert (odds["effect"], odds["low"], odds["high"], odds["p"]) == pytest.approx(
        (0.270548647462, -0.0291351406221, 0.570232435546, 0.0384121509464), rel=1e-3)


# --- the figures


@pytest.mark.parametrize("family", ["", *FAMILIES])
def test_a_forest_names_measure_range_verdict_and_published_outcome_in_every_row(survey, family):
    page, verdicts = shown(figures.forest(survey, family)), survey.judgements.of(family)
    for svg in page.css("svg"):
        words = [node.text() for node in svg.css("text")]
        assert sum(word.endswith((", −1 to 1", ", 0 to 1")) for word in words) == len(verdicts)
        assert sum(word in ("effect", "opposite", "equivalent", "inconclusive") for word in words) == len(verdicts)
        assert sum(word.lower().startswith(("published:", "not published")) for word in words) == len(verdicts)
    assert len(page.css("details tbody tr")) == len(verdicts)


def test_a_measure_without_a_sign_is_told_apart_in_its_row(survey):
    words = [node.text() for node in shown(figures.forest(survey, "exposure")).css("svg.wide text")]
    assert words.count("epsilon squared, 0 to 1") == 1 and words.count("Kendall's tau-b, −1 to 1") == 2


def test_every_choice_is_drawn_and_those_on_the_other_side_of_the_level_are_squares(survey, ids):
    for name in ids:
        found, page = survey.judgements.robustness(name), shown(figures.choices(survey, name))
        for svg in page.css("svg"):
            symbols = [node.attributes for node in svg.css("path") if node.attributes.get("stroke-width") == "2"]
            assert len(symbols) == found.choices + 1
            other = [one for one in symbols if one["stroke"] == theme.SECOND]
            assert len(other) == found.choices - found.same_side
            assert all("A" not in one["d"] for one in other), "marked by shape too, not by colour alone"
        assert len(page.css("details tbody tr")) == found.choices + 1


@pytest.mark.parametrize("figure", ["forest", "choices"])
def test_a_figure_is_drawn_twice_with_one_name_and_the_colours_of_the_theme(survey, figure):
    drawn = getattr(figures, figure)(survey, {"forest": "defenses", "choices": "defenses-size"}[figure])
    page = shown(drawn)
    assert [svg.attributes["class"] for svg in page.css("svg")] == ["wide", "narrow"]
    for svg in page.css("svg"):
        assert svg.attributes["aria-label"] == f"Simulated data. {drawn.finding} {drawn.alt}" and not svg.css("[id]")
        used = {node.attributes[key] for node in svg.css("*") for key in ("fill", "stroke") if node.attributes.get(key)}
        assert all(color in ("none", "transparent") or color.startswith("var(--figure-") for color in used)
        width = float(svg.attributes["width"])
        assert abs(width - (theme.WIDE if svg.attributes["class"] == "wide" else theme.NARROW)) <= 2


@pytest.mark.parametrize("values", [[-0.31, 0.44], [0.02, 0.08], [-2.5, -1.0], [0.0], [-40.0, 90.0]])
def test_a_scale_shows_all_values_and_zero_between_round_numbers(values):
    scale = Scale.around(values, 100, 300)
    assert scale.ticks[0] <= min(0, *values) and scale.ticks[-1] >= max(0, *values)
    assert 0 in [round(tick, 9) for tick in scale.ticks] and 2 <= len(scale.ticks) <= 7
    assert scale(scale.ticks[0]) == 100 and scale(scale.ticks[-1]) == 300
    places = [scale(value) for value in sorted(values)]
    assert places == sorted(places) and all(100 <= place <= 300 for place in places)


def test_only_totals_reach_the_figures(survey):
    respondents = set(survey.study.responses.respondents)
    for drawn in (figures.forest(survey), figures.choices(survey, "exposure-size"),
                  tables.counts(survey, "exposure-size"), tables.passport(survey, "exposure-size"),
                  tables.hypotheses(survey, "exposure")):
        markdown = drawn._repr_mimebundle_()["text/markdown"]
        assert not any(name in markdown for name in respondents)


# --- other studies


def changed(study: Study, **codes: np.ndarray) -> Study:
    """The study with other answers to some questions."""
    return replace(study, responses=replace(study.responses, codes={**study.responses.codes, **codes}))


def test_a_claim_that_allows_no_test_has_a_passport_too(survey):
    everybody = np.ones(len(survey.study.responses.respondents), int)
    findings = Findings(changed(survey.study, faces_public=everybody))
    told = parts(findings, "exposure-public")
    assert told["Verdict"].startswith("Inconclusive. The claim cannot be judged, as ")
    assert told["Other choices"] == "None is possible." and "Size" not in told
    markdown = sections.passports(findings, "exposure").markdown
    assert "{#sec-exposure-public}" in markdown and "nan" not in re.sub(r"\w*nan\w+|\w+nan\w*", "", markdown)
    assert "no test" in str(figures.forest(findings, "exposure").wide)
    data = shown(tables.passport(findings, "exposure-public")).css_first("script.report-data").text()
    assert json.loads(data, parse_constant=pytest.fail)["passport"]["test"] is None


def test_nothing_is_called_simulated_where_nothing_is(survey, made):
    document = survey.study.package.document
    flag = replace(document, data=document.data | {"simulated": False})
    real = Findings(replace(survey.study, package=replace(survey.study.package, document=flag)), ROOT)
    assert "imulated" in made["defenses"]
    assert "imulated" not in re.sub(r'"simulated": false', "", sections.passports(real, "defenses").markdown)
    assert parts(real, "defenses-size")["Verdict"].split(". ")[1].startswith("The answers ")


def test_another_family_or_hypothesis_is_refused_in_one_sentence(survey):
    with pytest.raises(DataError, match="no family called “attacks”; use one of exposure, defenses, perception"):
        sections.passports(survey, "attacks")
    with pytest.raises(DataError, match="no hypothesis called “size”; use one of exposure-size, "):
        tables.passport(survey, "size")
    with pytest.raises(DataError, match="no family called “exposure”; declare some in hypotheses.yaml"):
        figures.forest(Findings(read_study(Path(DATA / "interviews"))), "exposure")


@pytest.mark.parametrize("predictor, outcome, measure", [
    ("faces_public", "had_training", "difference of shares, −1 to 1"),
    ("sector", "role", "bias-corrected Cramer's V, 0 to 1"),
    ("had_training", "sector", "bias-corrected Cramer's V, 0 to 1"),
    ("ml_years", "had_training", "Cliff's delta, −1 to 1"),
    ("education", "sector", "epsilon squared, 0 to 1"), ("education", "ml_years", "Kendall's tau-b, −1 to 1"),
])
def test_every_pair_of_kinds_has_a_passport_in_a_study_with_one_claim(survey, predictor, outcome, measure):
    some, codebook = survey.study.hypotheses["exposure-size"], survey.study.responses.codebook
    one = replace(some, predictor=codebook[predictor], outcome=codebook[outcome], direction="any", published=None)
    findings = Findings(replace(survey.study, hypotheses={"exposure-size": one}))
    told = parts(findings, "exposure-size")
    assert told["Size"].startswith(measure) and told["Published"] == "Not published."
    declared = measure.startswith(("Cliff", "Kendall", "epsilon"))
    assert told["Equivalence"].startswith("The 95% interval" if declared else "Not tested: no smallest size")
    assert sections.passports(findings, "exposure").markdown.count("::: {#") == 3
    assert measure in [node.text() for node in shown(figures.forest(findings)).css("svg.wide text")]
