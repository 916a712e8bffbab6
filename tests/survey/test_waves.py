"""Waves of one survey: compared where the question is the same, by the right test, and never more than may be shown.

Expected values from R 4.2.2, the call beside each.
"""

from __future__ import annotations

import random

import pytest
import yaml
from waves import MOODS, field, paired, question, spread, waves

from surveybook.survey.data.change import changed
from surveybook.survey.data.loader import inspect_study, read_study
from surveybook.survey.data.seal import seal
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.share import known
from surveybook.survey.evidence.waves import family

TWO = {"2024": [{"member": "yes"}, {"member": "no"}], "2026": [{"member": "yes"}, {"member": "no"}]}


def only(study, name, part=0):
    """The one step of one part of a change."""
    (step,) = changed(study, name).parts[part].steps
    assert step.changed, step.trouble
    return step.changed


def close(found, expected):
    assert found == pytest.approx(expected, abs=1e-9)


# --- what is kept


def test_answers_of_an_earlier_wave_are_kept_and_its_file_is_not_read_again(tmp_path, monkeypatch):
    folder = waves(tmp_path, {"2024": spread("member", {"yes": 40, "no": 80}),
                              "2026": spread("member", {"yes": 66, "no": 64})})
    first, kept = read_study(folder), read_study(folder, tmp_path)
    monkeypatch.setattr("surveybook.survey.data.package.read_table", lambda *_, **__: pytest.fail("a file was read"))
    again = read_study(folder, tmp_path)
    for other in (kept, again):
        for one, same in zip(first.waves.each, other.waves.each, strict=True):
            assert repr(same.distributions) == repr(one.distributions) and same.day == one.day
            assert list(same.responses.respondents) == list(one.responses.respondents)
            assert (same.responses.codes["member"] == one.responses.codes["member"]).all()
    assert repr(only(again, "member")) == repr(only(first, "member"))


# --- independent samples


def test_a_share_of_two_samples_has_newcombes_interval_and_the_test_of_campbell(tmp_path):
    study = read_study(waves(tmp_path, {"2024": spread("member", {"yes": 40, "no": 80}),
                                        "2026": spread("member", {"yes": 66, "no": 64})}))
    found = only(study, "member")
    # t <- chisq.test(rbind(c(66, 40), c(64, 80)), correct = FALSE); pchisq(t$statistic * 249 / 250, 1, lower = FALSE)
    close(found.p, 0.00541157666677)
    # Newcombe's method 10, from Wilson's limits of 66/130 and 40/120 (prop.test(., correct = FALSE)$conf.int)
    close((found.size.interval.low, found.size.interval.high), (0.051811392294, 0.289349735337))
    close(found.size.value, 66 / 130 - 40 / 120)


def test_answers_in_an_order_are_compared_by_ranks_and_shown_as_means(tmp_path):
    before, after = (14, 28, 30, 18, 10), (8, 20, 30, 25, 17)
    study = read_study(waves(tmp_path, {label: spread("mood", dict(zip(MOODS, counts, strict=True)))
                                        for label, counts in (("2024", before), ("2026", after))}))
    found = only(study, "mood")
    # xa <- rep(1:5, c(8, 20, 30, 25, 17)); xb <- rep(1:5, c(14, 28, 30, 18, 10))
    # 2 * wilcox.test(xa, xb, exact = FALSE)$statistic / 1e4 - 1; wilcox.test(., exact = FALSE, correct = FALSE)$p.value
    close(found.size.value, 0.1932)
    assert found.p == pytest.approx(0.0152064189172, abs=1e-3)  # exact here, by a normal approximation there
    values = changed(study, "mood").parts[0].values
    close([one.value for one in values], [sum((n + 1) * count for n, count in enumerate(own)) / 100
                                          for own in (before, after)])


def test_numbers_of_two_samples_are_compared_by_welch(tmp_path):
    before, after = (10, 12, 8, 5, 5), (4, 9, 12, 9, 6)
    study = read_study(waves(tmp_path, {label: spread("visits", {str(n): one for n, one in enumerate(counts)})
                                        for label, counts in (("2024", before), ("2026", after))}))
    found = only(study, "visits")
    # f <- rep(0:4, c(10, 12, 8, 5, 5)); s <- rep(0:4, c(4, 9, 12, 9, 6)); t.test(s, f)
    close((found.p, found.size.value), (0.0700093804085, 0.525))
    close((found.size.interval.low, found.size.interval.high), (-0.0439579906404, 1.0939579906404))


# --- the same people


def test_a_share_of_the_same_people_has_tangos_interval_and_mcnemars_test(tmp_path):
    table = {("no", "no"): 50, ("no", "yes"): 20, ("yes", "no"): 8, ("yes", "yes"): 42}
    study = read_study(waves(tmp_path, paired("member", table), matched=True))
    found = only(study, "member")
    close(found.p, 0.0356981381774)  # binom.test(20, 28)$p.value
    # the roots in D of (b - c - n D) / sqrt(n (2 q + D (1 - D))) = -+ qnorm(.975), with q as in Tango (1998), eq. 7
    close((found.size.interval.low, found.size.interval.high), (0.0143835570824, 0.1888350113287))
    assert changed(study, "member").parts[0].steps[0].people == 120


PEOPLE = ((5, 3, 1), (1, 6, 4), (0, 2, 8))  # a row for each answer before


def test_answers_in_an_order_of_the_same_people_are_compared_by_direction(tmp_path):
    table = {(MOODS[x], MOODS[y]): count for x, row in enumerate(PEOPLE) for y, count in enumerate(row)}
    found = only(read_study(waves(tmp_path, paired("mood", table), matched=True)), "mood")
    close(found.p, 0.2265625)  # binom.test(8, 11)$p.value: 8 went up, 3 down
    close(found.size.value, 5 / 30)
    # u <- 9/32; d <- 4/32; u - d + c(-1, 1) * qnorm(.975) * sqrt((u + d - (u - d)^2) / 32), Bonett and Price (2012)
    close((found.size.interval.low, found.size.interval.high), (-0.0578474537278, 0.3703474537278))


def test_numbers_of_the_same_people_are_compared_by_a_paired_t_test(tmp_path):
    table = {(str(x), str(y)): count for x, row in enumerate(PEOPLE) for y, count in enumerate(row)}
    found = only(read_study(waves(tmp_path, paired("visits", table), matched=True)), "visits")
    # p <- matrix(c(5,3,1,1,6,4,0,2,8), 3, byrow = TRUE); b <- rep(rep(0:2, each = 3), c(t(p)))
    # a <- rep(rep(0:2, 3), c(t(p))); t.test(a, b, paired = TRUE)
    close((found.p, found.size.value), (0.1099685221280, 0.2))
    close((found.size.interval.low, found.size.interval.high), (-0.0480775344593, 0.4480775344593))


def test_options_and_answers_without_an_order_are_compared_one_by_one(tmp_path):
    table = {("books;films", "books"): 6, ("books", "books;music"): 9, ("films", "music"): 4, ("music", "films"): 1}
    study = read_study(waves(tmp_path, paired("media", table), matched=True))
    sizes = {part.answer: only(study, "media", n).size.value for n, part in enumerate(changed(study, "media").parts)}
    assert sizes == pytest.approx({"books": 0, "films": -9 / 20, "music": 12 / 20})
    found = [only(study, "media", n) for n in range(3)]
    # binom.test(1, 11)$p.value; binom.test(13, 14)$p.value; p.adjust(c(1, ., .), "holm")
    close([one.p for one in found], [1, 0.01171875, 0.0018310546875])
    close(family([changed(study, "media")]), [1, 0.0234375, 0.0054931640625])
    # the roots in D as in Tango's interval above, of n = 20 and b, c = 0, 0; 1, 10; 13, 1 (uniroot, tol = 1e-13)
    close([bound for one in found for bound in (one.size.interval.low, one.size.interval.high)],
          [-0.161125158053, 0.161125158053, -0.673826312962, -0.145238248633, 0.268297903155, 0.795448697709])
    table = {("north", "south"): 5, ("south", "south"): 5, ("west", "north"): 2}
    study = read_study(waves(tmp_path / "two", paired("branch", table), matched=True))
    sizes = [only(study, "branch", n).size.value for n in range(3)]
    assert sizes == pytest.approx([-3 / 12, 5 / 12, -2 / 12])


def test_only_those_who_answered_twice_are_compared(tmp_path):
    each = {"2024": [{"person": "ada", "member": "no"}, {"person": "bob", "member": "yes"}, {"person": "cleo"},
                     {"person": "", "member": "yes"}],
            "2026": [{"person": "cleo", "member": "yes"}, {"person": "bob", "member": "no"},
                     {"person": "ada", "member": "yes"}, {"person": "dan", "member": "yes"}, {"member": "no"}]}
    (part,) = changed(read_study(waves(tmp_path, each, matched=True)), "member").parts
    assert (part.steps[0].people, part.steps[0].changed.size.value) == (2, 0)
    assert [share.base for share in part.values] == [3, 5]  # all who answered in each wave


# --- which waves, and which questions


def test_the_last_of_several_waves_is_compared_with_the_first_and_the_one_before(tmp_path):
    each = {str(year): spread("member", {"yes": 10 + n, "no": 10}) for n, year in enumerate((2020, 2022, 2024, 2026))}
    study = read_study(waves(tmp_path, each))
    (part,) = changed(study, "member").parts
    assert [step.since for step in part.steps] == [0, 2]
    assert [share.count for share in part.values] == [10, 11, 12, 13]
    assert study.questions["member"].distribution.counts["yes"] == 13  # the study itself is the last wave


def reworded(descriptor):
    field(descriptor, 0, "member")["wording"] = "Are you a member?"


@pytest.mark.parametrize(("change", "words"), [
    (reworded, "reworded: “Are you a member?” became “What of member?”"),
    (lambda one: field(one, 0, "member")["missingValues"].append({"value": "cant-say", "label": "Could not say"}),
     "missing as “skipped” or “cant-say”, now as “skipped”"),
    (lambda one: field(one, 0, "member").update(asked="members"), "was asked of members, now of all readers"),
    (lambda one: field(one, 0, "member")["categories"][1].update(label="Of course"), "“Of course” is now called “Yes”"),
])
def test_a_question_that_moved_is_compared_only_with_a_reason(tmp_path, change, words):
    rows = {"2024": spread("member", {"yes": 3, "no": 3}), "2026": spread("member", {"yes": 3, "no": 3})}
    with pytest.raises(DataError, match="cannot be compared with 2024") as refused:
        changed(read_study(waves(tmp_path, rows, change)), "member")
    assert words in str(refused.value) and "“same”" in str(refused.value)

    def told(descriptor):
        change(descriptor)
        descriptor["waves"]["same"] = {"member": "it asks for the same thing"}

    assert only(read_study(waves(tmp_path / "same", rows, told)), "member").size.value == 0


def test_a_question_that_rests_on_one_that_moved_moved_too(tmp_path):
    def change(descriptor):
        reworded(descriptor)
        for one in descriptor["resources"]:
            one["schema"]["fields"].append(question("fee", "yes-no", asked_if={"question": "member", "is": "yes"}))
            one["schema"]["fields"][-1]["missingValues"].append({"value": "not-asked", "label": "Not asked"})

    rows = [{"member": "yes", "fee": "yes"}, {"member": "no", "fee": "not-asked"}]
    with pytest.raises(DataError, match="it rests on “member”, which moved"):
        changed(read_study(waves(tmp_path, {"2024": rows, "2026": rows}, change)), "fee")


def test_an_answer_that_is_new_has_no_change(tmp_path):
    def change(descriptor):
        field(descriptor, 0, "branch")["categories"].pop()
        descriptor["waves"]["same"] = {"branch": "the branch in the west is new"}

    rows = spread("branch", {"north": 5, "south": 6})
    study = read_study(waves(tmp_path, {"2024": rows, "2026": [*rows, *spread("branch", {"west": 4})]}, change))
    *_, west = changed(study, "branch").parts
    assert west.values[0] is None and west.steps[0].trouble == "not an answer then"


# --- what is refused


def declared(**keys):
    return lambda descriptor: descriptor["waves"].update(keys)


def files(*names):
    return lambda descriptor: [one.update(resource=name) for one, name in
                               zip(descriptor["waves"]["files"], names, strict=True)]


@pytest.mark.parametrize(("change", "words"), [
    (lambda one: one.update(simulated=True), "of one wave"),
    (files("responses", "responses-2024"), "the last wave is the study itself"),
    (files("responses-2042", "responses"), "did you mean “responses-2024”?"),
    (files("responses", "responses"), "“responses” stands twice"),
    (lambda one: one["waves"]["files"][0].update(label="one that is far too long for a figure"), "at most 20"),
    (lambda one: one["waves"]["files"][0].update(label="2026"), "“2026” stands twice"),
    (declared(matched_by="member"), "“member” is a question"),
    (declared(matched_by="nobody"), "no column of “responses"),
    (declared(same={"member": "it is the same question"}), "is the same in every wave"),
    (declared(same={"members": "it is the same question"}), "did you mean “member”?"),
    (lambda one: [own.update(date=day) for own, day in zip(one["waves"]["files"], ("2026-05-01", "2024-05-01"),
                                                           strict=True)], "in the order of time"),
])
def test_what_is_declared_wrong_is_refused_with_its_line(tmp_path, change, words):
    own = waves(tmp_path, TWO, change)
    with pytest.raises(DataError) as refused:
        read_study(own)
    assert words in str(refused.value) and "datapackage.yaml:" in str(refused.value)
    assert any(words in str(fault) for fault in inspect_study(own)[1].found)


@pytest.mark.parametrize("wave", [0, 1])
def test_who_is_who_is_never_given_away(tmp_path, wave):
    def change(descriptor):
        descriptor["resources"][wave]["published_because"] = "everybody agreed to it in writing"

    read_study(waves(tmp_path / "apart", TWO, change))
    with pytest.raises(DataError, match="“person” in these rows names people in every wave"):
        read_study(waves(tmp_path, paired("member", {("yes", "no"): 3}), change, matched=True))


def test_rows_of_any_wave_show_every_count_that_is_withheld(tmp_path):
    def change(descriptor):
        descriptor["resources"][0]["published_because"] = "everybody agreed to it in writing"
        descriptor["resources"][1]["schema"]["fields"] = [descriptor["resources"][1]["schema"]["fields"][0],
                                                          question("app", "yes-no")]

    with pytest.raises(DataError, match="show every count that “disclosure” withholds"):
        read_study(waves(tmp_path, TWO, change, least=5))


def test_nobody_stands_in_a_wave_twice(tmp_path):
    own = waves(tmp_path, {"2024": [{"person": "ada"}, {"person": "bob"}, {"person": "ada"}],
                           "2026": [{"person": "ada"}]}, matched=True)
    with pytest.raises(DataError, match=r"responses-2024.csv: row 4, column “person”: the same person"):
        read_study(own)


def test_an_earlier_wave_may_be_parquet(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    each = paired("member", {("no", "no"): 5, ("no", "yes"): 4, ("yes", "yes"): 3})
    own = waves(tmp_path, each, matched=True)
    expected = only(read_study(own), "member")
    duckdb.sql(f"COPY (FROM read_csv('{own}/responses-2024.csv', all_varchar=true)) TO '{own}/responses-2024.parquet'")
    (own / "responses-2024.csv").unlink()
    path = own / "datapackage.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("responses-2024.csv", "responses-2024.parquet"), "utf-8")
    seal(own)
    assert only(read_study(own), "member") == expected
    assert only(read_study(own, tmp_path), "member") == expected  # as a report keeps it


def test_rows_of_an_earlier_wave_are_checked_as_those_of_the_last(tmp_path):
    own = waves(tmp_path, {"2024": [{"member": "perhaps"}], "2026": [{"member": "yes"}]})
    with pytest.raises(DataError, match=r"responses-2024.csv: row 2, column “member”"):
        read_study(own)


def test_a_study_without_waves_and_a_new_question_say_so(tmp_path):
    def change(descriptor):
        descriptor["resources"][1]["schema"]["fields"].append(question("card", "yes-no"))

    with pytest.raises(DataError, match="was asked in no wave before 2026"):
        changed(read_study(waves(tmp_path, TWO, change)), "card")
    with pytest.raises(DataError, match="has no earlier wave"):
        changed(read_study(waves(tmp_path / "one", {"2026": TWO["2026"]}, lambda one: one.pop("waves"))), "member")


def test_a_day_without_quotes_is_the_day(tmp_path):
    own = waves(tmp_path, TWO)
    path = own / "datapackage.yaml"
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    told["waves"]["files"][0]["date"] = "2024-05-01"
    path.write_text(yaml.safe_dump(told, sort_keys=False).replace("'2024-05-01'", "2024-05-01"), encoding="utf-8")
    assert read_study(own).waves.each[0].day == "2024-05-01"


# --- what may be shown


def test_a_wave_withholds_what_the_rule_says_and_no_change_tells_it(tmp_path):
    study = read_study(waves(tmp_path, {"2024": spread("member", {"yes": 3, "no": 40}),
                                        "2026": spread("member", {"yes": 20, "no": 20})}, least=5))
    (part,) = changed(study, "member").parts
    assert part.values[0].withheld and not part.values[1].withheld
    assert part.steps[0].changed is None and not part.steps[0].trouble


def test_bands_are_compared_where_numbers_may_not_be_told(tmp_path):
    def bands(descriptor):
        for wave in (0, 1):
            field(descriptor, wave, "visits")["bands"] = [0, 1, 4]

    def others(descriptor):
        bands(descriptor)
        field(descriptor, 0, "visits")["bands"] = [0, 5]

    rows = {"2024": spread("visits", {"0": 20, "2": 20, "7": 10}),
            "2026": spread("visits", {"0": 10, "3": 20, "9": 20})}
    study = read_study(waves(tmp_path, rows, bands, least=5))
    found = changed(study, "visits")
    assert [part.label for part in found.parts] == ["0", "1 to 3", "4 to 9"]
    assert [part.steps[0].changed.size.value for part in found.parts] == pytest.approx([-0.2, 0.0, 0.2])
    with pytest.raises(DataError, match="put together in other bands"):
        changed(read_study(waves(tmp_path / "others", rows, others, least=5)), "visits")
    assert only(read_study(waves(tmp_path / "open", rows, others)), "visits").size.value == pytest.approx(2.6)


@pytest.mark.parametrize("seed", range(30))
def test_whatever_is_told_of_the_same_people_no_small_count_follows(tmp_path, seed):
    """Who gave which two answers, or one answer in one wave alone, may be worked out from what is told: then there are
    enough of them."""
    draw = random.Random(seed)
    sizes = [0, 2, 4, 5, 6, 12, 30]
    table = {(x, y): draw.choice(sizes[3:] if seed % 2 else sizes) for x in ("yes", "no", "skipped")
             for y in ("yes", "no", "skipped")}
    (part,) = changed(read_study(waves(tmp_path, paired("member", table), least=5, matched=True)), "member").parts
    (step,) = part.steps
    small = [pair for pair, count in table.items() if count < 5 and pair != ("skipped", "skipped")
             and not (count == 0 and "skipped" in pair)]
    assert step.changed is None or not small
    assert (step.changed is not None) == (not small) or any(share.withheld for share in part.values)


@pytest.mark.parametrize(("lost", "alone", "told"), [(6, 0, True), (2, 0, False), (6, 2, False), (6, 7, True)])
def test_the_table_of_the_same_people_is_used_only_if_it_may_be_shown(tmp_path, lost, alone, told):
    each = paired("member", {("no", "no"): 30, ("no", "yes"): 12, ("yes", "no"): lost, ("yes", "yes"): 30})
    each["2024"] = [*each["2024"], *({"person": f"once-{n:05}", "member": "yes"} for n in range(alone)),
                    *({"person": f"gone-{n:05}", "member": "no"} for n in range(alone))]
    (part,) = changed(read_study(waves(tmp_path, each, least=5, matched=True)), "member").parts
    (step,) = part.steps
    assert all(not share.withheld for share in part.values)
    assert (step.changed is not None) == told and known(step.people) == told
