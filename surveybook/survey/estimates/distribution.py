"""How are the answers to a question distributed?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from surveybook.survey.estimates.equality import EqualShares, equal_shares
from surveybook.survey.estimates.share import Share, known

NOT_APPLICABLE = "not-applicable"  # the reason for no answer of those to whom a question did not apply


@dataclass(frozen=True)
class Distribution:
    """Counts of a question to which each of `asked` gives at most one answer.

    `counts`: answers in their order; `missing`: those who were asked and gave none, by reason.
    Where the rows do not add up to `asked`, `surplus` says by how much, and shares are taken of the rows.

    Where each may choose several answers, `respondents` says how many answered: every answer then has a share of
    them, and the counts do not add up to anything.

    Counts that may not be shown are withheld (not a number); `total` then says how many answered, as they do not.
    """

    counts: Mapping[str, float]
    missing: Mapping[str, float]
    asked: float
    respondents: float | None = None
    total: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", MappingProxyType(dict(self.counts)))
        object.__setattr__(self, "missing", MappingProxyType(dict(self.missing)))

    @property
    def answered(self) -> float:
        """How many answered: the base of every share, and the sum of the answers where each gives one."""
        if self.total is not None:
            return self.total
        return sum(self.counts.values()) if self.respondents is None else self.respondents

    @property
    def one_each(self) -> bool:
        """Whether each gives one answer, so that the shares add up to one."""
        return self.respondents is None

    @property
    def applied(self) -> float:
        """How many were asked, without those to whom it did not apply."""
        return self.asked - self.missing.get(NOT_APPLICABLE, 0)

    @property
    def silent(self) -> float:
        """How many gave no answer, though the question applied to them."""
        return sum(count for code, count in self.missing.items() if code != NOT_APPLICABLE)

    @property
    def surplus(self) -> float:
        """By how much the rows, missing ones included, exceed the number asked (0: they add up).

        Rows of which one is withheld are those of responses, which add up.
        """
        surplus = self.answered + sum(self.missing.values()) - self.asked
        return surplus if known(surplus) else 0

    @property
    def withheld(self) -> bool:
        """Whether any count is withheld, or how many answered."""
        return not known(sum(self.counts.values()) + self.answered)

    @property
    def shares(self) -> dict[str, Share]:
        """The share of each answer, with intervals that hold for all answers together; none if nobody answered.

        Two answers that exclude each other are one share and its complement, so their intervals need no correction.
        """
        if not self.answered:
            return {}
        among = 1 if len(self.counts) == 2 and self.one_each else len(self.counts)
        return {item: self.share([item], among) for item in self.counts}

    def share(self, items: Collection[str], among: int = 1) -> Share:
        """The share of one answer, or of several that exclude each other, `among` so many that are read together."""
        return Share(sum(self.counts[item] for item in items), self.answered, among)

    @property
    def ranked(self) -> list[str]:
        """Answers from the most to the least frequent, withheld ones last; ties in the order of the question."""
        return sorted(self.counts, key=lambda item: -self.counts[item] if known(self.counts[item]) else 1)

    @property
    def picked(self) -> dict[str, float]:
        """The answers that somebody gave, with their counts."""
        return {item: count for item, count in self.counts.items() if count}

    def group(self, items: Iterable[str]) -> Share:
        """The share of several answers taken together, with a Wilson interval.

        Raises ValueError where each may choose several.
        """
        self._one_answer_each("added up")
        return self.share(list(items))

    def equal(self, items: Iterable[str] | None = None) -> EqualShares:
        """The exact test that the answers, or those named, are equally frequent.

        Raises ValueError where each may choose several.
        """
        self._one_answer_each("tested for equal shares")
        return equal_shares([self.counts[item] for item in (self.counts if items is None else items)])

    def _one_answer_each(self, what: str) -> None:
        if not self.one_each:
            raise ValueError(f"answers of which several may be chosen cannot be {what}")
