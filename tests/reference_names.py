"""What does a reference case mean by a name such as `p_chi2`, `Kruskal-Wallis chi-squared` or `conf.low`?

A name is read as words (`words_of`, the one place where spellings are known): what is asked for (p, statistic, df, z,
interval, a bound), and words that tell the test or size and its form. What a case's options and its R call say of the
test is read the same way. A test answers only if it is known by every word; nothing else ever stands in for it: then
the statistic is `NotOffered`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from surveybook.survey.stats.contingency import spread
from surveybook.survey.stats.result import Estimate, Tested

from .reference_calls import STANDARDIZED, Call, calls_in

Words = frozenset[str]


class NotOffered(LookupError):
    """The tool does not have the statistic; the message says why."""


# --- words

PHRASES = {  # what is written -> the word that families know, longest first
    "p value": "p", "pvalue": "p", "p val": "p", "pval": "p", "pr": "p", "mid p": "midp", "p mid": "midp",
    "pmid": "midp",
    "conf int": "ci", "confint": "ci", "confidence interval": "ci", "ci90": "ci", "ci95": "ci", "ci99": "ci",
    "conf low": "low", "conf high": "high", "ci low": "low", "ci high": "high", "ci lower": "low", "ci upper": "high",
    "lower": "low", "lwr": "low", "lcl": "low", "upper": "high", "upr": "high", "ucl": "high",
    "test statistic": "statistic", "stat": "statistic", "parameter": "df", "dof": "df",
    "standard error": "se", "std error": "se", "stderr": "se", "ase": "se", "ase1": "se",
    "est": "estimate", "value": "estimate",
    "lo": "low", "hi": "high", "two sided": "both", "twosided": "both", "two tailed": "both", "2 sided": "both",
    "2sided": "both", "two": "both",
    "x squared": "chi2", "x2": "chi2", "chi squared": "chi2", "chisquared": "chi2", "chi square": "chi2",
    "chisq": "chi2", "chi sq": "chi2", "chi 2": "chi2", "pearson chi2": "chi2", "chisq test": "chi2",
    "prop test": "chi2",
    "log likelihood": "g", "likelihood ratio": "g", "gtest": "g", "g test": "g", "g2": "g", "lr": "g",
    "fisher test": "fisher", "fisher exact": "fisher exact", "fisher z": "fisherz", "fishers z": "fisherz",
    "freeman halton": "fisher", "n 1": "n1", "campbell": "n1",
    "asymptotic": "asym", "asymp": "asym", "approximate": "asym", "approx": "asym", "normal": "asym",
    "permutation": "perm", "permuted": "perm", "monte carlo": "mc", "simulate": "mc", "simulated": "mc", "sim": "mc",
    "simulate p value": "mc", "exactranktests": "exact", "exact with ties": "exact", "exact ties": "exact",
    "no continuity": "nocc", "uncorrected": "nocc", "continuity": "cc", "yates": "cc", "edwards": "cc",
    "no cc": "nocc", "ffh": "fisher", "bc": "bias", "bias corrected": "bias", "corrected": "bias", "adj": "adjusted",
    "adjust": "adjusted",
    "bergsma": "bias", "unadj": "p",
    "tau b": "tau", "taub": "tau", "kendall tau": "tau", "odds ratio": "or", "oddsratio": "or",
    "risk difference": "difference", "rd": "difference", "diff": "difference", "prop diff": "difference",
    "cramers": "v", "cramer": "v", "cramers v": "v", "cramer v": "v", "cramerv": "v", "yule q": "q yule",
    "mann whitney": "mannwhitney", "mwu": "mannwhitney", "wilcox test": "wilcox", "wilcoxon": "wilcox",
    "signed rank": "signedrank", "wilcoxsign test": "signedrank", "signrank": "signedrank",
    "sign test": "sign", "signtest": "sign", "brunner munzel": "bm", "brunnermunzel": "bm",
    "r rank biserial": "rankbiserial", "rank biserial": "rankbiserial",
    "r rb": "rankbiserial", "rrb": "rankbiserial", "rb": "rankbiserial",
    "a12": "vda", "a": "vda", "prob superiority": "superiority", "p superiority": "superiority",
    "prob sup": "superiority", "rs": "rho", "r s": "rho", "u1": "u", "cliff delta": "delta", "cliffs delta": "delta",
    "bm tanh": "bmtanh",
    "linear by linear": "linear", "lbl": "linear", "lbl test": "linear", "m2": "linear", "mantel": "linear",
    "kruskal wallis": "kruskal", "kw": "kruskal", "epsilon squared": "epsilon2", "epsilon 2": "epsilon2",
    "eps2": "epsilon2", "epsilon sq": "epsilon2", "eps sq": "epsilon2", "rank epsilon squared": "epsilon2",
    "rank epsilon2": "epsilon2",
    "cochran q": "q", "cochranq": "q", "cochran qtest": "cochran", "kendall w": "w kendall", "kendalls w": "w kendall",
    "pseudo median": "pseudomedian", "hl": "pseudomedian", "hodges lehmann": "pseudomedian",
    "net change": "net", "newcomb": "newcombe", "clopper pearson": "clopperpearson", "agresti caffo": "agresticaffo",
    "ac": "agresticaffo",
    "benjamini hochberg": "bh", "fdr": "bh", "krippendorff": "kripp", "krippendorffs": "kripp",
    "squared": "quadratic", "equal": "linear", "cohens": "cohen",
}  # fmt: skip
SPOKEN = re.compile(r"\b(" + "|".join(sorted(map(re.escape, PHRASES), key=len, reverse=True)) + r")\b")
SIDES = {"both": "two-sided", "less": "less", "greater": "greater"}
EMPTY = {"test", "rank", "with", "ties", "sum", "of", "the", "conf", "int", "paired", "coefficient", "one", "sided"}


def words_of(written: str) -> Words:
    """The words of a name, an option or a call, however it spells them."""
    plain = re.sub(r"[’']s\b", "", written.replace("Z.", "z ")).lower()
    plain = " ".join(re.findall(r"[a-z0-9]+", plain))
    for _ in range(2):  # phrases made of phrases: chisq test
        plain = SPOKEN.sub(lambda found: PHRASES[found[1]], plain)
    return frozenset(plain.split()) - EMPTY


# --- what a case is

ALTERNATIVES = {"two.sided": "two-sided", "two_sided": "two-sided", "t": "two-sided", "l": "less", "g": "greater"}
NUMBERS = {"conf", "level", "conf_level", "alpha", "alternative", "b", "seed", "draws", "n", "m", "null", "low", "high",
           "rounding", "exclusive", "workspace", "p0", "mu", "bound", "sesoi", "conf_int", "one_tailed", "one_sided",
           "decimals", "paired"}  # fmt: skip
MEANS = {"fixed": "boschloo", "scores": "linear", "dependent": "somers", "pooled": "barnard"}  # whatever their value
FORMS = {"exact", "asym", "perm", "mc", "midp", "nocc", "cc", "t", "n1"}


RANKED = {"wilcox.test", "wilcox.exact", "cor.test"}
DEFAULTED = RANKED | {"mcnemar.test", "chisq.test", "prop.test"}
"""Functions of which it is known what R does where it is not told whether to correct, and those that are ranked to be
exact."""
SAYING = {"alternative", "correct", "exact", "method", "distribution", "conf.level", "zero.method", "simulate.p.value",
          "continuity", "cond.row", "p.adjust.method"}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """What a case gives and asks: inputs, options, names of expected values, the call in R."""

    inputs: Mapping
    options: Mapping
    keys: frozenset[str]
    call: str = ""

    @cached_property
    def calls(self) -> list[Call]:
        return calls_in(self.call)

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
        if self.function == "wilcoxsign_test" and "wilcox" not in words_of(str(self.told.get("zero.method"))):
            return frozenset({"pratt"})
        return words_of(re.sub("(?<=[a-z])(?=[A-Z])", " ", self.function)) - FORMS

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
            return counts_of(self.inputs["table"])
        if "groups" in self.inputs:
            groups = self.inputs["groups"]
            groups = [groups[name] for name in sorted(groups)] if isinstance(groups, Mapping) else groups
        elif "x" in self.inputs and not self._has_people:
            groups = [self.inputs["x"], self.inputs["y"]]
        else:
            split, answers = self.vectors
            if "group" not in self.inputs and set(split) != {0, 1}:
                split, answers = answers, split
            people = list(zip(split, answers, strict=True))
            groups = [[answer for group, answer in people if group == which] for which in sorted(set(split))]
        return stack([[answer for answer in group if not missing(answer)] for group in groups])

    @property
    def _has_people(self) -> bool:
        """Whether two lists are answers of the same people, of which one is yes or no, and not of two groups."""
        x, y = self.inputs["x"], self.inputs["y"]
        one, other = (set(answers) - {None} == {0, 1} for answers in (x, y))
        said = re.search(r"\b(y ~ x|x ~ y)\b", self.call) or len(x) >= 8 and not re.search(r"\(x, y\b", self.call)
        return len(x) == len(y) and one != other and said


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


def stack(answers: Collection[Sequence]) -> np.ndarray:
    """A row for each group, a column for each level that any of them gave."""
    levels = sorted({one for group in answers for one in group})
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


# --- families


@dataclass(frozen=True)
class Test:
    """A test: what it is called, its `forms` (exact, asym, ...), the `symbols` of its statistic, and how it is run for
    a side."""

    nouns: str
    forms: str
    symbols: str
    run: Callable[[str], Tested]

    @property
    def words(self) -> Words:
        return frozenset(f"{self.nouns} {self.forms} {self.symbols}".split())


@dataclass(frozen=True)
class TwoSided:
    """A test that has no other sides."""

    test: Callable[[], Tested]

    def __call__(self, side: str) -> Tested:
        if side != "two-sided":
            raise NotOffered(f"a side of a test that has none ({side})")
        return self.test()


@dataclass(frozen=True)
class Size:
    """A size: what it is called, what its interval is called (with "plain" where that is the only one of its name),
    and how it is estimated at a level. `of`: the test beside which R prints it."""

    names: str
    intervals: str
    run: Callable[[float], Estimate]
    of: str = ""


@dataclass(frozen=True)
class Family:
    """What the tool has for one kind of case. Of several tests of one name the first answers. `main`: the noun of the
    test that is meant where nothing says which; `unsaid`: the forms that R takes where a noun comes without one.
    `forms`: the noun that a form means where it comes without one. `values`: what is neither a test nor a size, by the
    words of its names."""

    tests: tuple[Test, ...] = ()
    sizes: tuple[Size, ...] = ()
    values: Mapping[str, Callable[[], object]] = field(default_factory=dict)
    main: str = ""
    unsaid: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)

    def value(self, case: Case, name: str) -> object:
        """The value that a case means by a name. Raises NotOffered for what the tool does not have."""
        words = words_of(name)
        for spelled, value in self.values.items():
            if words == words_of(spelled) or name == spelled:
                return value()
        side = next((SIDES[word] for word in words if word in SIDES), case.side)
        rest = words - SIDES.keys()
        rest = rest - {"estimate"} or rest
        roles = rest & {"p", "statistic", "df", "z", "ci", "low", "high", "se"} or ({"p"} if "midp" in rest else set())
        if roles & {"ci", "low", "high", "se"}:
            return self._interval(case, rest - {"ci", "low", "high", "se"}, rest, name)
        if not roles and "statistic" not in rest:
            if (size := self._size(case, rest)) is not None:
                return size
            roles = {"statistic"}
        family = self._sided() if words & SIDES.keys() else self
        tested = family._test(case, rest - {"p", "statistic", "df", "z"}, name).run(side)
        role = next(role for role in ("p", "df", "z", "statistic") if role in roles)
        if "statistic" in rest and role == "statistic" and case.function in STANDARDIZED:
            role = "z"
        got = {"p": tested.p, "statistic": tested.statistic, "df": tested.df, "z": tested.z}[role]
        if got is None:
            raise NotOffered(f"{name} of {tested.method}")
        return got

    def _sided(self) -> Family:
        """The family without tests that have no sides, if it has others."""
        without = [test for test in self.tests if isinstance(test.run, TwoSided)]
        nouns = {noun for test in without for noun in test.nouns.split()}
        left = tuple(test for test in self.tests if test not in without)
        unsaid = {noun: form for noun, form in self.unsaid.items() if noun not in nouns}
        return replace(self, tests=left, unsaid=unsaid) if left else self

    def _test(self, case: Case, said: Words, name: str) -> Test:
        """The test that a name means with what the case says of it."""
        asked = case.asked
        symbols = {symbol for test in self.tests for symbol in test.symbols.split()}
        if not self._nouns(said) and not said & symbols:
            implied = frozenset(self.forms[form] for form in said & self.forms.keys())
            said |= self._nouns(asked) or implied or self._meant(case)
        options = said | asked
        if said & FORMS or self._elsewhere(said, asked):  # the name is more particular than the options
            options = said | (asked & self._nouns(said))
        if not options & FORMS:
            options |= frozenset(" ".join(self.unsaid.get(noun, "") for noun in options).split())
        fitting = [test for test in self.tests if options <= test.words]
        if not fitting or not said:
            raise NotOffered(f"{name} ({' '.join(sorted(options)) or 'no test is named'})")
        return fitting[0]

    def _meant(self, case: Case) -> Words:
        """The test that a case is about: by its options, by its call in R, by what else it asks for, or by its kind."""
        called = self._nouns(case.tested) or case.tested
        return self._nouns(case.asked) or called or self._named_beside(case) or self._nouns(frozenset({self.main}))

    def _nouns(self, words: Words) -> Words:
        """The words that name a test of the family, or of R beside a size of it."""
        return words & {noun for one in self.tests for noun in one.nouns.split()} | words & {
            size.of for size in self.sizes
        }

    def _elsewhere(self, said: Words, asked: Words) -> bool:
        """Whether the options are about another test than the one that is said."""
        about = self._nouns(asked)
        return bool(about and self._nouns(said) and not any(
            about & test.words and self._nouns(said) & test.words for test in self.tests
        ))

    def _named_beside(self, case: Case) -> Words:
        """The test whose statistic or size has its own name among the other values of the case, and no p of its own."""
        names = [words_of(key) - SIDES.keys() for key in case.keys]
        own = frozenset().union(*(words for words in names if "p" in words))
        beside = frozenset().union(*(words for words in names if not words & {"p", "ci"})) - own
        found = [test.nouns.split()[0] for test in self.tests if beside & set(test.symbols.split())]
        found += [size.of for size in self.sizes if size.of and beside & set(size.names.split())]
        return frozenset(found) if len(set(found)) == 1 else frozenset()

    def _size(self, case: Case, words: Words) -> object | None:
        """The value of the size with such a name, or the interval whose method the name is."""
        if words == {"estimate"}:
            found = next((size for size in self.sizes if size.of in self._meant(case)), None)
            return found and found.run(case.level).value
        for size in self.sizes:
            if words & set(size.names.split()) and words <= set(f"{size.names} {size.intervals}".split()):
                return size.run(case.level).value
        for size in self.sizes:
            if words and words <= set(size.intervals.split()):
                return bounds(size.run(case.level))
        return None

    def _interval(self, case: Case, words: Words, asked: Words, name: str) -> object:
        """An interval, one of its bounds, or a standard error."""
        fitting = [size for size in self.sizes if words <= set(f"{size.names} {size.intervals}".split())]
        if "se" not in asked:
            made = words | {"plain"} | case.asked | (words_of(case.call) - {"fisher"})
            fitting = [size for size in fitting if made & set(size.intervals.split())]
        named = [size for size in fitting if words & set(size.names.split())]
        if not named:
            beside = frozenset().union(*map(words_of, case.keys - {name}))
            named = [size for size in fitting if beside & set(size.names.split())]
        if not named and words:  # how an interval is made may tell of what it is
            named = fitting
        if not named and not self.tests:
            named = fitting
        if not named and case.asked <= frozenset().union(*(test.words for test in self.tests)):
            named = [size for size in fitting if size.of and size.of in self._meant(case)]
        if len({size.names.split()[0] for size in named}) > 1:
            named = [size for size in named if size.of and size.of in self._meant(case)]
        if len({size.names.split()[0] for size in named}) != 1:
            raise NotOffered(f"{name} ({'no such interval' if not fitting else 'of which size is not said'})")
        found = named[0].run(case.level)
        if "se" in asked:
            return found.standard_error
        low, high = bounds(found)
        return low if "low" in asked else high if "high" in asked else [low, high]


def bounds(estimate: Estimate) -> list[float]:
    if estimate.interval is None:
        raise NotOffered("an interval where none can be estimated")
    return [estimate.interval.low, estimate.interval.high]
