"""What a design analysis says of 100 surveys, and of how many people to ask, is what its stored counts say.

The counts are read here as plain CSV, and nothing of the tool computes what is expected.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest
import yaml
from project import ROOT

from analysis import figures, practitioners, tables
from surveybook.survey.evidence.chances import ENDS, SINGLE, Case, cases, claims, ends, first_case, hundred, in_words
from surveybook.survey.evidence.design import power_of

FOLDER = ROOT / "data" / "practitioners"
PLAN = yaml.load((FOLDER / "design.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
SIZES, TARGET = [size["respondents"] for size in PLAN["sizes"]], Fraction(str(PLAN["power"]["target"]))
# Each hypothesis and the one after which the scenarios of its effect are called
OWN = {name: effect["hypotheses"][0]
       for effect in yaml.safe_load((FOLDER / "simulation.yaml").read_text(encoding="utf-8"))["effects"]
       for name in effect["hypotheses"]}
COUNTS = ("effect", "opposite", "equivalent", "inconclusive", "no_test")


def read(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / "design" / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@pytest.fixture(scope="module")
def stored() -> dict[tuple[str, float, int], dict[str, int]]:
    """The counts of each hypothesis, each loading of its own effect (0: none), and each number of respondents.

    A scenario is called after the first hypothesis of its effect; the others of its effect share it.
    """
    found = {}
    for row in read("verdicts.csv"):
        scenario, _, loading = row["scenario"].partition(" ")
        name = row["hypothesis"]
        if scenario == "none" or scenario == OWN.get(name):
            key = name, float(loading or 0), int(row["respondents"])
            found[key] = {count: int(row[count]) for count in COUNTS}
    return found


def answers() -> Iterator[str]:
    """The lines of the survey itself, one for each respondent."""
    with (FOLDER / "responses.csv").open(encoding="utf-8") as file:
        yield from list(file)[1:]


def percent(share: Fraction) -> str:
    """A share as the tables write it."""
    if 0 < share < Fraction(1, 200):
        return "under 1%"
    return "over 99%" if Fraction(199, 200) <= share < 1 else f"{int(100 * share + Fraction(1, 2))}%"


def found(counts: dict[str, int]) -> Fraction:
    return Fraction(counts["effect"], sum(counts.values()))


# --- the tables


def test_every_cell_of_the_table_of_power_is_counted(stored):
    table, rows = tables.power(practitioners), {}
    for row in table.about["data"]:
        rows.setdefault((row["hypothesis"], row["loading"]), row["enough"])
    assert len(table.rows) == len(rows) == len({key[:2] for key in stored})
    assert [column.title.replace("\u00a0", " ") for column in table.columns[3:-1]] == [f"n = {n:,}" for n in SIZES]
    for cells, ((name, loading), told) in zip(table.rows, rows.items(), strict=True):
        shares = [found(stored[name, loading, n]) for n in SIZES]
        assert list(cells[3:-1]) == [percent(share) for share in shares]
        enough = next((n for n, share in zip(SIZES, shares, strict=True) if share >= TARGET), None)
        if loading:
            assert told == enough and cells[-1] == (f"{enough:,}" if enough else f"> {SIZES[-1]:,}")
        else:
            assert told is None and cells[-1] == "–"


def test_every_row_of_what_travels_with_it_is_a_row_of_the_counts(stored):
    for row in tables.power(practitioners).about["data"]:
        counts = stored[row["hypothesis"], row["loading"], row["respondents"]]
        assert (row["count"], row["surveys"]) == (counts["effect"], sum(counts.values()))
        assert (row["found"], row["small"], row["opposite"]) == (
            counts["effect"], counts["equivalent"], counts["opposite"])
        assert row["open"] == counts["inconclusive"] + counts["no_test"]


def test_what_is_too_few_and_what_is_enough_holds_for_all_hypotheses_of_a_row(stored):
    kinds = {h: (row["answers"], row["measure"]) for h, row in kinds_of().items()}
    seen = 0
    for row in tables.how_many(practitioners).about["data"]:
        members = [name for name, kind in kinds.items() if kind == (row["answers"], row["measure"])]
        assert len(members) == row["hypotheses"]
        few, enough = ([found(stored[name, row["loading"], n]) for name in members] if n else []
                       for n in (row["too_few"], row["enough"]))
        assert all(share < TARGET for share in few) and all(share >= TARGET for share in enough)
        below = [n for n in SIZES if row["enough"] is None or n < row["enough"]]
        assert not below or any(found(stored[name, row["loading"], below[-1]]) < TARGET for name in members)
        above = SIZES[SIZES.index(row["too_few"]) + 1:] if row["too_few"] else SIZES
        assert not above or row["enough"] is None or any(
            found(stored[name, row["loading"], above[0]]) >= TARGET for name in members)
        sizes = [abs(float(truth["value"])) for truth in read("truths.csv") if truth["hypothesis"] in members
                 and truth["scenario"].endswith(f" {row['loading']:g}") and float(truth["value"])
                 and truth["scenario"].partition(" ")[0] == OWN[truth["hypothesis"]]]
        assert (row["smallest_size"], row["largest_size"]) == (min(sizes), max(sizes))
        seen += 1
    assert seen == len(set(kinds.values())) * len(PLAN["loadings"]["grid"])


def kinds_of() -> dict[str, dict[str, str]]:
    """The kinds of the answers of each hypothesis, as the words of the table of power have them, and its measure."""
    table = tables.power(practitioners)
    names = list(dict.fromkeys(row["hypothesis"] for row in table.about["data"]))
    words = list(dict.fromkeys((cells[0], cells[1]) for cells in table.rows))
    power = power_of(practitioners.study)
    return {name: {"answers": answers, "measure": power.row(name).label}
            for name, (_, answers) in zip(names, words, strict=True)}


# --- what is said


def test_the_figure_shows_the_survey_itself_and_the_smallest_simulated_size_that_matters(stored):
    power, figure = power_of(practitioners.study), figures.power(practitioners)
    case = first_case(power)
    values = [abs(point.truth.value) for point in power.curve(case.hypothesis)]
    least = power.of_interest(case.hypothesis)
    assert case.hypothesis == claims(power)[0] and values[case.strength] >= least > values[case.strength - 1]
    counts = stored[case.hypothesis, case.points[0].loading, power.respondents]
    assert f"{percent(found(counts))[:-1]} find it" in figure.choices.answers[0]
    assert [row["respondents"] for row in figure.table.about["data"]] == SIZES
    for row, cells in zip(figure.table.about["data"], figure.table.rows, strict=True):
        own = stored[case.hypothesis, row["loading"], row["respondents"]]
        tenths = int(1000 * found(own) + Fraction(1, 2))
        assert cells[1].startswith(f"{tenths // 10}.{tenths % 10}% (")
        assert row["count"] == own["effect"]


def test_every_sentence_tells_the_counts_of_its_case(stored):
    power = power_of(practitioners.study)
    for name in claims(power):
        for strength, point in enumerate(power.curve(name)):
            case = Case(power, name, strength)
            for n in SIZES:
                counts = stored[name, point.loading, n]
                said, word = case.answer(n), percent(found(counts))[:-1] if counts["effect"] else "none"
                verb = ENDS["found"][1 if strength else 2][word not in SINGLE]
                assert f"of {n:,} respondents, {word} {verb}, " in said
                assert (ENDS["opposite"][1 if strength else 2][0].split()[-1] in said) == (
                    power.declared(name).direction != "any")
            assert re.findall("[0-9,]+(?= (?:respondents )?are (?:too few|enough))", case.how_many())


def test_parts_of_a_hundred_are_a_hundred_and_nothing_never_looks_like_something():
    for counts in ([0, 2000, 0, 0], [1, 1999, 0, 0], [669, 667, 664, 0], [1, 1, 1, 9997], [1095, 904, 0, 1],
                   [1, 1, 1, 0]):
        named = dict(zip(ENDS, counts, strict=True))
        parts = hundred(named)
        assert sum(parts.values()) == 100
        assert all(abs(100 * named[end] / sum(counts) - part) <= 1 for end, part in parts.items())
        for end, words in in_words(named).items():
            assert (words == "none") == (named[end] == 0)
            assert words != "100" or named[end] == sum(counts)
    assert hundred({"found": 1095, "open": 904, "small": 0, "opposite": 1})["found"] == 55  # as everywhere: half up


def test_the_cases_for_a_script_are_all_that_was_simulated(stored):
    power = power_of(practitioners.study)
    told = json.loads(json.dumps(cases(power)))
    assert told["sizes"] == SIZES and told["own"] == len(list(answers())) and told["own"] in SIZES
    for name, claim in zip(claims(power), told["claims"], strict=True):
        for point, row in zip(power.curve(name), claim["surveys"], strict=True):
            for n, cell in zip(SIZES, row, strict=True):
                counts = stored[name, point.loading, n]
                assert cell[:4] == [counts["effect"], counts["inconclusive"] + counts["no_test"],
                                    counts["equivalent"], counts["opposite"]]
                share = found(counts)
                assert cell[4] <= 1000 * share + 1 and cell[5] >= 1000 * share - 1
                assert ends(power.point(point.truth.scenario, name, n)) == dict(zip(ENDS, cell[:4], strict=True))
