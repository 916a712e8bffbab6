"""Which test or size does a name mean?  What the tool has for one kind of case.

A test answers only if it is known by every word of the name and of what the case says; nothing else ever stands in for
it: then the statistic is `NotOffered`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from surveybook.survey.stats.result import Estimate, Tested

from .calls import STANDARDIZED
from .case import Case
from .words import FORMS, SIDES, Words, words_of


class NotOffered(LookupError):
    """The tool does not have the statistic; the message says why."""


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
            called = [size for size in self.sizes if words_of(case.call) & set(size.names.split())]
            printed = [size for size in self.sizes if size.of in self._meant(case)]
            return (called[0] if len(called) == 1 else printed[0]).run(case.level).value if called or printed else None
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
        known = frozenset().union(*(test.words for test in self.tests), *({size.of} for size in self.sizes))
        if not named and case.asked <= known:
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


def exactly(test: Callable[[str], Tested]) -> Callable[[str], Tested]:
    """A test, without its p where its tables are too many to be listed."""
    return lambda side: replace(tested := test(side), p=tested.p if tested.mid_p is not None else None)


def halved(test: Callable[[str], Tested]) -> Callable[[str], Tested]:
    """A test by its mid-p."""
    return lambda side: replace(tested := exactly(test)(side), p=tested.mid_p)


def refuse(what: str) -> Callable[[], object]:
    """What stands for a value that the tool does not have, though it has one of that name."""

    def refused() -> object:
        raise NotOffered(what)

    return refused
