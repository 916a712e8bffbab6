"""The reports in examples/: counts and tests of two public surveys, counted again from the files by nothing of ours,
and what readers could work out of them. Their sites are built and checked, scanner and all, by .ci/run."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from project import ROOT
from statsmodels.datasets import fair
from test_attack import Survey, recovered

from surveybook.survey.data.loader import read_study
from surveybook.survey.data.responses import CODES
from surveybook.survey.data.study import Study
from surveybook.survey.intake.command import import_study
from surveybook.survey.verdicts.verdict import judge

EXAMPLES = ROOT / "examples"
REDBOOK = Path(fair.__file__).with_name("fair.csv")


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def marriages(tmp_path_factory) -> Study:
    """The study of examples/fair, whose rows come from statsmodels, as its Makefile takes them."""
    folder = tmp_path_factory.mktemp("examples") / "fair"
    shutil.copytree(EXAMPLES / "fair", folder, ignore=shutil.ignore_patterns("site", ".cache", "responses.csv"))
    shutil.copyfile(REDBOOK, folder / "export" / "fair.csv")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.suffix in (".qmd", ".yaml", ".yml")}
    list(import_study(folder, folder / "export" / "fair.csv"))
    assert {path: path.read_bytes() for path in before} == before, "what is committed is not what the command writes"
    return read_study(folder / "data" / "fair", folder)


@pytest.fixture(scope="module")
def manners() -> Study:
    return read_study(EXAMPLES / "flying" / "data" / "flying-etiquette", EXAMPLES / "flying")


def test_totals_of_the_survey_of_marriages_are_those_of_the_file(marriages):
    plain = rows(REDBOOK)
    assert len(marriages.responses.respondents) == len(plain) == 6366
    for name, codes in {"rate_marriage": (1, 2, 3, 4, 5), "religious": (1, 2, 3, 4), "educ": (9, 12, 14, 16, 17, 20),
                        "occupation": range(1, 7)}.items():
        counted = Counter(float(row[name]) for row in plain)
        assert list(marriages.questions[name].distribution.counts.values()) == [counted[code] for code in codes]
    hours = [float(row["affairs"]) for row in plain]
    assert list(marriages.questions["affairs"].distribution.counts.values()) == [
        sum(low <= hour < high for hour in hours)
        for low, high in ((0, 1e-9), (1e-9, 0.5), (0.5, 1), (1, 1.5), (1.5, 99))]


def tau_b(table: np.ndarray) -> float:
    """Kendall's tau-b of a table: pairs that agree less those that do not, by those that are not tied."""
    n, agree, against = table.sum(), 0, 0
    for i, j in np.ndindex(table.shape):
        agree += table[i, j] * table[i + 1:, j + 1:].sum()
        against += table[i, j] * table[i + 1:, :j].sum()
    tied = [n * (n - 1) / 2 - (sums * (sums - 1) / 2).sum() for sums in (table.sum(axis=0), table.sum(axis=1))]
    return float((agree - against) / np.sqrt(tied[0] * tied[1]))


def test_the_relation_of_marriages_to_affairs_is_that_of_r(marriages):
    """R 4.2: f <- read.csv("fair.csv"); b <- cut(f$affairs, c(-1, 0, .5 - 1e-9, 1 - 1e-9, 1.5 - 1e-9, 99), labels =
    FALSE); cor(f$rate_marriage, b, method = "kendall") gives -0.287507899817024."""
    found = judge(marriages, draws=0)["affairs-marriage"]
    table = np.zeros((5, 5))
    for row in rows(REDBOOK):
        table[int(row["rate_marriage"]) - 1, np.searchsorted([1e-9, 0.5, 1, 1.5], float(row["affairs"]), "right")] += 1
    assert found.judged.size.value == pytest.approx(tau_b(table), abs=1e-12)
    assert found.judged.size.value == pytest.approx(-0.287507899817024, abs=1e-12)
    assert found.n == 6366 and found.word == "effect"


def test_totals_of_the_survey_of_manners_are_those_of_the_rows(manners):
    plain = rows(EXAMPLES / "flying" / "data" / "flying-etiquette" / "responses.csv")
    assert len(plain) == 1040
    for name, question in manners.questions.items():
        counted = Counter(row[name] for row in plain)
        told = question.distribution.counts
        assert all(number == counted[answer] for answer, number in told.items() if not np.isnan(number))
        assert all(counted[answer] > 0 for answer, number in told.items() if np.isnan(number))
    assert sum(row["how_often_do_you_travel_by_plane"] == "never" for row in plain) == sum(
        row["ever_recline_seat_fly"] == "not-asked" for row in plain) == 166


def test_what_parents_hold_of_babies_is_that_of_r(manners):
    """R 4.2, of the 188 parents (p) and 657 others (n) with both answers, from 1 to 3: mean(sign(outer(p, n, "-")))
    gives -0.186413096279025."""
    found = judge(manners, draws=0)["baby-parents"]
    scale = ("no-not-at-all-rude", "yes-somewhat-rude", "yes-very-rude")
    given = {"no": Counter(), "yes": Counter()}
    for row in rows(EXAMPLES / "flying" / "data" / "flying-etiquette" / "responses.csv"):
        if row["children_under_18"] in given and row["rude_bring_baby"] in scale:
            given[row["children_under_18"]][scale.index(row["rude_bring_baby"])] += 1
    size = sum(np.sign(one - other) * a * b for (one, a), (other, b) in product(
        given["yes"].items(), given["no"].items())) / (188 * 657)
    assert [group.total() for group in given.values()] == [657, 188]
    assert found.judged.size.value == pytest.approx(size, abs=1e-12)
    assert found.judged.size.value == pytest.approx(-0.186413096279025, abs=1e-12)


@dataclass
class Asked(Survey):
    """Two questions of a study, and those that decide who was asked: what the attack takes for a whole survey."""

    study: Study
    names: tuple[str, str]

    def __post_init__(self):
        asked = [self.study.questions[name].condition for name in self.names]
        known = dict.fromkeys([*(one.question for one in asked if one), *self.names])
        self.responses, self.rule, self.shown = self.study.responses, self.study.disclosure, self.study.shown
        self.codebook = {name: self.responses.codebook[name] for name in known}
        self.pairs = [self.names]

    def patterns(self) -> dict[str, np.ndarray]:
        levels = [[*range(len(one.answers)), *(CODES[code] for code in one.missing)] for one in self.codebook.values()]
        codes = {name: np.array(column, np.int32)
                 for name, column in zip(self.codebook, zip(*product(*levels), strict=True), strict=True)}
        possible = np.ones(len(next(iter(codes.values()))), bool)
        for name, one in self.codebook.items():
            if one.condition:
                earlier = self.codebook[one.condition.question]
                asked = np.isin(codes[earlier.id], [earlier.answers.index(value) for value in one.condition.answers])
                possible &= (codes[name] != CODES["not-asked"]) == asked
        return {name: code[possible] for name, code in codes.items()}


@pytest.mark.parametrize("example", ["marriages", "manners"])
def test_no_small_count_can_be_worked_out_of_an_example(example, request):
    study = request.getfixturevalue(example)
    pairs = [*((one.predictor.id, one.outcome.id) for one in study.hypotheses.values()), *study.crossed]
    assert len(pairs) > 3 and study.disclosure.minimum_cell == 5
    for names in pairs:
        assert not recovered(Asked(study, names)), names
