"""What can be worked out of a survey by somebody who has all that is published of it?

The attack knows nothing of how counts are chosen. Its unknowns are how many people gave each combination of answers to
all questions; every published count is a sum of them, and counts of answers are no unknowns of their own. Whole-number
programs give the least and the largest number of people that any answer, and any pair of answers to two questions,
could have. Test, size, interval and p are made from the published cross table alone, so that they add nothing to it
(test_disclosure.py looks at that in a site).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, product

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from surveybook.survey.data import disclosure, sums
from surveybook.survey.data.codebook import Condition, Counting, Declared
from surveybook.survey.data.disclosure import DisclosedCounts, Disclosure
from surveybook.survey.data.responses import CANT_SAY, CODES, NOT_ASKED, SKIPPED, Responses, column, counted
from surveybook.survey.estimates.distribution import NOT_APPLICABLE
from surveybook.survey.estimates.recoding import recoded
from surveybook.survey.estimates.share import known


def declared(name: str, kind: str, answers: tuple[str, ...], missing: tuple[str, ...], **more) -> Declared:
    labels = {one: one for one in (*answers, *missing)}
    return Declared(
        id=name, label=name, kind=kind, asked="all", description="", wording=None, unit="person", respondent="person",
        locator="", answers=answers, labels=labels, missing=dict.fromkeys(missing, ""), **more,
    )


class Survey:
    """A survey drawn at random, and the possible combinations of answers to it."""

    def __init__(self, seed: int, by: bool = False):
        rng = self.rng = np.random.default_rng([20261128, seed])
        n = int(rng.choice([7, 12, 20, 35, 60, 110, 110, 220, 220]))
        self.codebook: dict[str, Declared] = {}
        codes: dict[str, np.ndarray] = {}
        silence = float(rng.choice([0, 0, 0.03, 0.12]))
        telling = (NOT_APPLICABLE,) if seed % 3 == 0 else ()
        kind_of_all = str(rng.choice(["mixed", "mixed", "yes-no"]))
        for number in range(int(rng.integers(2, 5))):
            name = f"q{number}"
            kind = "yes-no" if kind_of_all == "yes-no" else str(rng.choice(["yes-no", "ordered", "nominal"]))
            answers = ("no", "yes") if kind == "yes-no" else tuple("abcd"[: int(rng.integers(2, 5))])
            given = rng.choice(len(answers), size=n, p=rng.dirichlet(np.full(len(answers), 0.8)))
            if number and rng.random() < 0.5:  # follows an earlier one, which leaves empty and small cells
                given = np.where(rng.random(n) < 0.8, np.maximum(codes["q0"], 0) % len(answers), given)
            given = np.where(rng.random(n) < silence, rng.choice([SKIPPED, CANT_SAY], size=n), given)
            if telling and not number:
                given = np.where(rng.random(n) < 0.06, CODES[NOT_APPLICABLE], given)
            condition = None
            if number and rng.random() < 0.2:
                condition = Condition("q0", (self.codebook["q0"].answers[0],))
                given = np.where(codes["q0"] == 0, given, NOT_ASKED)
            missing = (("not-asked",) if condition else ()) + ("skipped", "cant-say") + (() if number else telling)
            self.codebook[name] = declared(name, kind, answers, missing, condition=condition)
            codes[name] = given.astype(np.int32)
        if len(self.codebook) < 3 and (by or rng.random() < 0.4):
            chosen = (rng.random((n, 3)) < rng.uniform(0.05, 0.6, size=3)).astype(np.int32)
            chosen[~chosen.any(axis=1), seed % 3] = 1  # who answers chooses one at least
            self.codebook["many"] = declared("many", "multi-select", ("r", "s", "t"), ("skipped",))
            codes["many"] = np.where((rng.random(n) < silence)[:, None], SKIPPED, chosen).astype(np.int32)
        self._count(codes)
        self.responses = Responses(tuple(map(str, range(n))), self.codebook, codes)
        single = [one for one, question in self.codebook.items() if question.kind != "multi-select"]
        pairs = list(combinations(single, 2))
        rng.shuffle(pairs)
        self.pairs = [(str(a), str(b)) for a, b in pairs[: int(rng.integers(1, 5))]]
        if by:  # every other question by the first ones, as a study crosses them
            self.pairs = [(other, name) for name in single[: int(rng.integers(1, 3))] for other in self.codebook
                          if other != name]
        sensitive = (("cant-say",) if rng.random() < 0.2 else ()) + telling
        self.rule = Disclosure(int(rng.choice([3, 5, 8])), (), "real people answered", sensitive)
        self.shown = DisclosedCounts(self.responses, self.rule, self.pairs)

    def _count(self, codes: dict[str, np.ndarray]) -> None:
        """Add a count of the answers to the questions of yes and no, or to the one of which several can be chosen."""
        sources = [name for name, one in self.codebook.items() if one.kind == "yes-no" and not one.condition]
        if "many" in self.codebook and self.rng.random() < 0.6:
            counting = Counting(("many",), ("r", "s", "t"), "any")
            most = 3
        elif len(sources) > 1 and self.rng.random() < 0.8:
            counting = Counting(tuple(sources), ("yes",), str(self.rng.choice(["any", "all"])))
            most = len(sources)
        else:
            return
        bands = tuple(range(most + 1)) if self.rng.random() < 0.7 else (0, 1)
        names = tuple(f"from-{one}" for one in bands)
        self.codebook["count"] = declared("count", "count", names, ("skipped", "cant-say"), bands=bands, maximum=most,
                                          counting=counting)
        codes["count"] = counted(counting, self.codebook, codes)

    def patterns(self) -> dict[str, np.ndarray]:
        """Every combination of answers that anybody could give, as codes."""
        base = {name: one for name, one in self.codebook.items() if not one.counting}
        levels = []
        for one in base.values():
            missing = [CODES[code] for code in one.missing]
            if one.kind == "multi-select":
                levels.append([*list(product((0, 1), repeat=3))[1:], *((code,) * 3 for code in missing)])
            else:
                levels.append([*range(len(one.answers)), *missing])
        rows = list(product(*levels))
        codes = {name: np.array([row[place] for row in rows], np.int32) for place, name in enumerate(base)}
        possible = np.ones(len(rows), bool)
        for name, one in base.items():
            if one.condition:
                possible &= (codes[name] != NOT_ASKED) == (codes[one.condition.question] == 0)
        codes = {name: code[possible] for name, code in codes.items()}
        for name, one in self.codebook.items():
            if one.counting:
                codes[name] = counted(one.counting, self.codebook, codes)
        return codes


def parts(question: Declared, code: np.ndarray) -> dict[str, np.ndarray]:
    """Who gave each answer to a question, or none for each reason, who was asked and who answered."""
    given = column(code)
    if question.kind == "multi-select":
        found = {answer: chosen == 1 for answer, chosen in zip(question.answers, code.T, strict=True)}
    else:
        band = np.searchsorted(question.bands, given, side="right") - 1 if question.bands else given
        found = {answer: (given >= 0) & (band == place) for place, answer in enumerate(question.answers)}
    reasons = {reason: given == CODES[reason] for reason in question.missing if reason != "not-asked"}
    return found | reasons | {"asked": given != NOT_ASKED, "answered": given >= 0}


@dataclass
class Attack:
    """Published sums of the numbers of people with each combination of answers, and `worlds` that fit them: the numbers
    as they could be."""

    survey: Survey
    sums: list[np.ndarray] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    worlds: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self):
        self.patterns = self.survey.patterns()
        self.learn(np.ones(len(next(iter(self.patterns.values())))), len(self.survey.responses.respondents))
        self.of = {name: parts(one, self.patterns[name]) for name, one in self.survey.codebook.items()}
        for name in self.survey.codebook:
            told = self.survey.shown.distribution(name)
            numbers = {**told.counts, **told.missing, "asked": told.asked, "answered": told.answered}
            for part, number in numbers.items():
                self.learn(self.of[name][part], number)

    def learn(self, who: np.ndarray, number: float) -> None:
        if known(number):
            self.sums.append(np.asarray(who, float))
            self.values.append(number)

    def learn_tables(self) -> None:
        """The cross tables, whose lines say which answers they put together."""
        for names in self.survey.pairs:
            first, second = (self.survey.codebook[name] for name in names)
            table = self.survey.shown.crossed(first, second)
            both = self.of[first.id]["answered"] & self.of[second.id]["answered"]
            self.learn(both, table.n)
            reason = np.maximum(*(np.where(column(self.patterns[one.id]) < 0, column(self.patterns[one.id]), -99)
                                  for one in (first, second)))
            for code, number in table.missing.items():
                self.learn(~both & (reason == CODES[code]), number)
            for label, line in zip(table.rows, table.table, strict=True):
                for other, number in zip(table.columns, line, strict=True):
                    self.learn(self.named(first, label) & self.named(second, other), number)
            for other, number in zip(table.columns, table.bases, strict=False):  # of each group, how many answered
                self.learn(self.of[first.id]["answered"] & self.named(second, other), number)

    def named(self, question: Declared, label: str) -> np.ndarray:
        """Who gave one of the answers that a line is named by."""
        answers, rest = [], label
        while rest:
            answers.append(max((one for one in question.answers if rest.startswith(question.labels[one])),
                               key=lambda one: len(question.labels[one])))
            rest = rest.removeprefix(question.labels[answers[-1]]).removeprefix(", ").removeprefix(" or ")
        return np.any([self.of[question.id][answer] for answer in answers], axis=0)

    def limits(self, who: np.ndarray, enough: float = np.inf) -> tuple[int, int]:
        """The least and the largest number that these people could be. Two worlds that are known already are proof
        where `enough` numbers lie between them; then there may be more."""
        for sign in (-1, 1):  # the largest first, for nobody at all is soon known to be possible
            seen = [int(world[who].sum()) for world in self.worlds]
            if seen and max(seen) - min(seen) + 1 >= enough:
                break
            told = LinearConstraint(np.array(self.sums), self.values, self.values)
            solved = milp(sign * np.asarray(who, float), integrality=1, constraints=told, bounds=Bounds(0, np.inf))
            assert solved.status == 0, "the published counts contradict each other"
            world = np.round(solved.x)
            assert (np.array(self.sums) @ world == self.values).all(), "a world that does not fit what is published"
            self.worlds.append(world)
        seen = [int(world[who].sum()) for world in self.worlds]
        return min(seen), max(seen)


def recovered(survey: Survey) -> list[tuple]:
    """The counts that are not published, and are known to be one of fewer numbers than the rule asks for; of pairs of
    answers, crossed or not, only those that the cross tables tell, not what follows from each question alone."""
    attack, before, least = Attack(survey), Attack(survey), survey.rule.minimum_cell
    attack.learn_tables()
    n, found = len(survey.responses.respondents), []
    true = {name: parts(one, survey.responses.codes[name]) for name, one in survey.codebook.items()}
    for name, question in survey.codebook.items():
        told = survey.shown.distribution(name)
        numbers = {**told.counts, **told.missing, "asked": told.asked, "answered": told.answered}
        for part, number in numbers.items():
            size = int(true[name][part].sum())
            sensitive = part in question.answers or part in survey.rule.nonresponse
            if known(number):
                assert number == size and not (sensitive and 0 < size < least), (name, part, size)
                continue
            if question.counting and (not sensitive or not size):
                continue  # zeros, and how many gave no answer, are no secret: of some counts nothing is told at all
            low, high = attack.limits(attack.of[name][part], min(least, n + 1))
            if high - low + 1 < min(least, n + 1):
                found.append((name, part, size, low, high))
    for names in combinations(survey.codebook, 2):
        first, second = (survey.codebook[name] for name in names)
        for one, other in product(first.answers, second.answers):
            who = attack.of[first.id][one] & attack.of[second.id][other]
            size = int((true[first.id][one] & true[second.id][other]).sum())
            if size >= least:
                continue
            low, high = attack.limits(who, least)
            if high - low + 1 < least and (low, high) != before.limits(who):
                found.append((*names, one, other, size, low, high))
    return found


@pytest.mark.parametrize("seed", [
    *range(12), *(pytest.param(one, marks=pytest.mark.exhaustive) for one in range(12, 240)),
])
def test_nothing_withheld_can_be_worked_out(seed):
    assert not recovered(Survey(seed))


@pytest.mark.parametrize("seed", [
    *range(8), *(pytest.param(one, marks=pytest.mark.exhaustive) for one in range(8, 240)),
])
def test_nothing_can_be_worked_out_of_all_questions_by_some_of_them(seed):
    assert not recovered(Survey(seed, by=True))


def test_a_group_whose_rest_was_not_asked_is_not_told():
    """Where all but two of a group were asked, the two are those who gave the other answer to the question before."""
    condition = Condition("drives", ("yes",))
    codebook = {
        "sex": declared("sex", "nominal", ("f", "m"), ()), "drives": declared("drives", "yes-no", ("no", "yes"), ()),
        "belt": declared("belt", "yes-no", ("no", "yes"), ("not-asked",), condition=condition),
    }
    sex, drives, belt = (np.repeat(code, [2, 10, 12, 18, 9, 9]).astype(np.int32) for code in (
        [0, 0, 0, 1, 1, 1], [0, 1, 1, 0, 1, 1], [NOT_ASKED, 0, 1, NOT_ASKED, 0, 1]))
    responses = Responses(tuple(map(str, range(60))), codebook, {"sex": sex, "drives": drives, "belt": belt})
    shown = DisclosedCounts(responses, Disclosure(5, (), "real people answered"), [("sex", "belt")])
    assert shown.distribution("belt").asked == 40  # twenty were not asked, which is no secret
    table = shown.crossed(codebook["sex"], codebook["belt"])
    assert table.trouble and not known(table.n)
    assert not shown.withheld_answers["belt"]


def chosen_by(numbers: dict[str, int], groups: str) -> tuple[DisclosedCounts, dict[str, Declared]]:
    """The counts of a question with three options; `numbers`: how many people of a group chose which options."""
    codebook = {"many": declared("many", "multi-select", ("r", "s", "t"), ("skipped",), alone="t"),
                "by": declared("by", "nominal", tuple(groups), ())}
    people = [one for one, number in numbers.items() for _ in range(number)]
    codes = {"many": np.array([[int(option in one) for option in "rst"] for one in people], np.int32),
             "by": np.array([groups.index(one[0]) for one in people], np.int32)}
    responses = Responses(tuple(map(str, range(len(people)))), codebook, codes)
    return DisclosedCounts(responses, Disclosure(5, (), "real people answered"), [("many", "by")]), codebook


def test_whoever_answers_chooses_an_option_so_that_a_small_one_needs_another_beside_it():
    """Of 62 people 51 chose r and 7 others t, so that 4 at least chose s: that it is withheld tells that it is 4."""
    shown, _ = chosen_by({"a r": 31, "b r": 20, "a t": 7, "a s": 4}, "ab")
    assert shown.withheld_answers["many"] == ["s", "t"]


def test_in_a_group_whoever_chose_no_option_that_is_told_chose_one_that_is_not():
    """In the whole sample r and s are more than all people, but in group a 4 are left, who chose t."""
    shown, codebook = chosen_by({"a r": 10, "a s": 10, "a t": 4, "b rs": 20, "b r": 8, "b s": 8, "b t": 16}, "ab")
    assert not shown.withheld_answers["many"]
    assert shown.crossed(codebook["many"], codebook["by"]).trouble


def test_a_band_that_is_known_to_have_enough_people_needs_another_beside_it():
    """Seven people are left, of whom five at least are in a band, as bands are made so: one or two did not answer."""
    codebook = {"visits": declared("visits", "count", ("from-0", "from-3", "from-6", "from-9"), (NOT_APPLICABLE,),
                                   bands=(0, 3, 6, 9), maximum=12)}
    codes = {"visits": np.repeat([0, 3, 6, 9, CODES[NOT_APPLICABLE]], [20, 5, 15, 9, 2]).astype(np.int32)}
    responses = Responses(tuple(map(str, range(51))), codebook, codes)
    shown = DisclosedCounts(responses, Disclosure(5, (), "real people answered", (NOT_APPLICABLE,)))
    hidden = shown.withheld_answers["visits"]
    assert NOT_APPLICABLE in hidden and sum((codes["visits"] == number).sum() - 5 for number in (0, 3, 6, 9)
                                            if f"from-{number}" in hidden) + 2 >= 5


def test_the_attack_finds_what_is_not_guarded(monkeypatch):
    """Each part of the guard left out, so that the attack is known to be one."""
    monkeypatch.setattr(sums, "_tie", lambda *_: None)  # sums over questions
    assert recovered(Survey(53))
    monkeypatch.undo()
    monkeypatch.setattr(DisclosedCounts, "_told_by_others", lambda *_: False)  # a count beside what it counts
    assert recovered(Survey(14))
    monkeypatch.undo()
    monkeypatch.setattr(disclosure, "recoded", lambda table, _, *sides: recoded(table, 1, *sides))
    assert recovered(Survey(18))
