"""What does a reference case give and ask?  Its answers as tables, and what it says of the test."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from surveybook.survey.stats.contingency import spread

from .calls import Call, calls_in
from .words import FORMS, Words, words_of

ALTERNATIVES = {"two.sided": "two-sided", "two_sided": "two-sided", "t": "two-sided", "l": "less", "g": "greater"}
NUMBERS = {"conf", "level", "conf_level", "alpha", "alternative", "b", "seed", "draws", "n", "m", "null", "low", "high",
           "rounding", "exclusive", "workspace", "p0", "mu", "bound", "sesoi", "conf_int", "one_tailed", "one_sided",
           "decimals", "paired"}  # fmt: skip
MEANS = {"fixed": "boschloo", "scores": "linear", "dependent": "somers", "pooled": "barnard"}  # whatever their value
RANKED = {"wilcox.test", "wilcox.exact", "cor.test"}
DEFAULTED = RANKED | {"mcnemar.test", "chisq.test", "prop.test"}
"""Functions of which it is known what R does where it is not told whether to correct, and those that are ranked to be
exact."""
SAYING = {"alternative", "correct", "exact", "method", "distribution", "conf.level", "zero.method", "simulate.p.value",
          "continuity", "cond.row", "p.adjust.method", "tsmethod", "midp"}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What a case gives and asks: inputs, options, names of expected values, the call in R."""

    inputs: Mapping
    options: Mapping
    keys: frozenset[str]
    call: str = ""

    @cached_property
    def calls(self) -> list[Call]:
        """The calls of the source; where it has none, the functions that the options name."""
        return calls_in(self.call) or calls_in(" ".join(map(str, self.options.values())))

    @property
    def function(self) -> str:
        """The only test that the source calls."""
        return self.calls[0].function if len(self.calls) == 1 else ""

    def of(self, *functions: str) -> dict[str, object] | None:
        """What the only call of these functions was told, with what the options say instead; None if it is not one."""
        found = [dict(call.told) for call in self.calls if call.function in functions]
        return {**found[0], **self.options} if len(found) == 1 else None

    @property
    def told(self) -> dict[str, object]:
        """What the options say, and the call in R if it is one."""
        said = self.of(self.function) or {} if self.function else {}
        return {name: value for name, value in said.items() if name in SAYING and value is not None} | {**self.options}

    def corrects(self, *functions: str) -> bool:
        """Whether one of these functions of R corrects for continuity, as it does where it is not told otherwise."""
        told = self.of(*functions)
        return told is not None and told.get("correct") is not False

    @property
    def side(self) -> str:
        side = str(self.told.get("alternative", "two-sided"))
        return ALTERNATIVES.get(side, side)

    @property
    def level(self) -> float:
        names = ("conf", "conf.level", "conf_level", "level")
        return float(next((self.told[name] for name in names if name in self.told), 0.95))

    @property
    def tested(self) -> Words:
        """What the only test that the source calls is named for; it need not be known."""
        if self.function == "cor.test":
            return words_of(str((self.of("cor.test") or {}).get("method", "pearson") or ""))
        if self.function == "spearman_test":  # coin's is normal
            return frozenset({self.function})
        if self.function == "exact2x2":
            return frozenset({"fisher"})
        if self.function == "wilcoxsign_test" and "wilcox" not in words_of(str(self.told.get("zero.method"))):
            return frozenset({"pratt"})
        named = words_of(re.sub("(?<=[a-z])(?=[A-Z])", " ", self.function)) - FORMS
        return named if named or not self.function else frozenset({self.function})

    @property
    def asked(self) -> Words:
        """What the options say of the test, as words; those that tell numbers or how a case is counted say nothing."""
        said: Words = frozenset()
        for name, value in self.told.items():
            key = re.sub(r"[^a-z0-9]+", "_", name.lower())
            corrected = re.search("correct|continuity|yates", key)
            if key in NUMBERS or corrected and self.function in DEFAULTED and name not in self.options:
                continue
            if key == "exact" and self.function in RANKED and (value or name not in self.options):
                continue  # R is not exact where there are ties
            if self.function and value == self.function:
                continue
            if key in MEANS:
                said |= {MEANS[key]}
            elif key == "variant":
                said |= words_of(f"tau {value}")
            elif value is False and corrected:
                said |= {"nocc"}
            elif value is True and corrected:
                said |= {"cc"}
            elif value is False and key == "exact":  # R's wilcox.test then corrects, if it is not told otherwise
                told = re.search("correct|continuity|yates", " ".join(self.told))
                said |= {"asym"} if told or self.function != "wilcox.test" else {"asym", "cc"}
            elif value is False:
                continue
            elif value is True:
                said |= words_of(key.replace("_", " "))
            elif isinstance(value, str) and value.lower() not in ("auto", "default", "none"):
                said |= words_of(value) if value != "approximate" else {"mc"}
        return said

    @property
    def table(self) -> np.ndarray:
        """The table given, or counted from two answers of each person, or from two shares."""
        if "table" in self.inputs:
            return counts_of(self.inputs["table"])
        if "k1" in self.inputs:
            k1, n1, k2, n2 = shares_of(self)
            return np.array([[k1, n1 - k1], [k2, n2 - k2]])
        first, second = self.vectors
        return np.array(cross(first, second, *(self.levels(*one) for one in (("x", first), ("y", second)))))

    @property
    def yes_no_table(self) -> np.ndarray:
        """The same of two yes/no answers, which are two levels also where everybody gave the same one."""
        if {"table", "k1"} & self.inputs.keys():
            return self.table
        first, second = self.vectors
        levels = [self.levels(*one) for one in (("x", first), ("y", second))]
        return np.array(cross(first, second, *(both(mine, other) for mine, other in (levels, levels[::-1]))))

    def levels(self, which: str, answers: Sequence) -> list:
        """The levels of an answer: as the case declares them, else those that were given."""
        said = {**self.options, **self.inputs}
        names = (f"{which}_levels", f"levels_{which}", "levels")
        return list(next((said[name] for name in names if name in said), sorted(set(answers))))

    @property
    def vectors(self) -> tuple[list, list]:
        """The two answers of each person, those left out who gave only one; of a table, their numbers."""
        if "table" in self.inputs:
            return tuple((1 + one).tolist() for one in spread(self.table))
        first, second = next((self.inputs[one], self.inputs[other]) for one, other in PAIRED if one in self.inputs)
        both = [pair for pair in zip(first, second, strict=True) if not any(map(missing, pair))]
        return [one for one, _ in both], [other for _, other in both]

    @property
    def two_groups(self) -> np.ndarray:
        """A row of counts for each of two groups: from a table, from their answers, or from two answers of each person
        of which one is the group: 0 or 1, or named so (the groups are then in that order, as R has it)."""
        if "table" in self.inputs:
            table = counts_of(self.inputs["table"])
            return table if len(table) == 2 else table.T
        if "groups" in self.inputs:
            groups = self.inputs["groups"]
            groups = [groups[name] for name in sorted(groups)] if isinstance(groups, Mapping) else groups
        elif "x" in self.inputs and not self._split:
            groups = [self.inputs["x"], self.inputs["y"]]
        else:
            split, answers = self.vectors if self._split != "y" else self.vectors[::-1]
            people = list(zip(split, answers, strict=True))
            groups = [[answer for group, answer in people if group == which] for which in sorted(set(split))]
        groups = [[answer for answer in group if not missing(answer)] for group in groups]
        return stack(groups, self.levels("y", [answer for group in groups for answer in group]))

    @property
    def _split(self) -> str:
        """Which of two lists is the group of each person, x or y; neither where they are the answers of two groups."""
        lists = {name: self.inputs.get(name, ()) for name in "xy"}
        if len(lists["x"]) != len(lists["y"]):
            return ""
        if formula := re.search(r"\b([xy]) ~ (?:[\w.]+\()?([xy])\b", self.call):
            return formula[2]
        worded = [name for name, answers in lists.items() if all(isinstance(one, str) for one in answers)]
        coded = [name for name, answers in lists.items() if set(answers) - {None} == {0, 1}]
        if len(lists["x"]) < ENOUGH or re.search(r"\(x, y\b", self.call):  # two groups can be of the same size
            coded = []
        return next((names[0] for names in (worded, coded) if len(names) == 1), "")


ENOUGH = 8  # people, of whom two groups hardly are as many
PAIRED = (("x", "y"), ("before", "after"), ("first", "second"), ("a", "b"), ("pre", "post"), ("group", "value"),
          ("group", "y"))  # fmt: skip


def missing(answer: object) -> bool:
    return answer is None or answer != answer


def counts_of(table: Sequence | Mapping) -> np.ndarray:
    """A table, also where its rows or columns are named."""
    rows = table.values() if isinstance(table, Mapping) else table
    return np.asarray([[*row.values()] if isinstance(row, Mapping) else row for row in rows])


def cross(first: Sequence, second: Sequence, rows: Sequence = (), columns: Sequence = ()) -> list[list[int]]:
    """A row for each level of the first answer, a column for each of the second: those given, or those that were."""
    both = Counter(zip(first, second, strict=True))
    return [[both[row, column] for column in columns or sorted(set(second))] for row in rows or sorted(set(first))]


def both(mine: list, other: list) -> list:
    """Two levels, where one may have been given by nobody."""
    known = next((pair for pair in ([0, 1], ["no", "yes"], other) if set(mine) < set(pair) and len(pair) == 2), mine)
    return [*known, *[None] * (2 - len(known))]


def stack(answers: Collection[Sequence], levels: Sequence = ()) -> np.ndarray:
    """A row for each group, a column for each level: those given, or those that any of them gave."""
    levels = levels or sorted({one for group in answers for one in group})
    return np.array([[Counter(group)[level] for level in levels] for group in answers])


def turned(case: Case) -> Case:
    """The case with its two answers exchanged."""
    inputs = dict(case.inputs)
    if "table" in inputs:
        inputs["table"] = counts_of(inputs["table"]).T
    if "x" in inputs:
        inputs["x"], inputs["y"] = inputs["y"], inputs["x"]
    return replace(case, inputs=inputs)


def shares_of(case: Case) -> tuple[int, int, int, int]:
    return tuple(int(case.inputs[name]) for name in ("k1", "n1", "k2", "n2"))
