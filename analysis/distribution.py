"""How are the answers to a one-pick question distributed?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .equality import EqualShares, equal_shares
from .share import Share


@dataclass(frozen=True)
class Distribution:
    """Counts of a question to which each of `asked` gives at most one answer.

    `counts`: answers in their order; `missing`: those who were asked and gave none, by reason.
    Where the rows do not add up to `asked`, `surplus` says by how much, and shares are taken of the rows.
    """

    counts: Mapping[str, int]
    missing: Mapping[str, int]
    asked: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", MappingProxyType(dict(self.counts)))
        object.__setattr__(self, "missing", MappingProxyType(dict(self.missing)))

    @property
    def answered(self) -> int:
        """The sum of the answers: the base of every share."""
        return sum(self.counts.values())

    @property
    def surplus(self) -> int:
        """By how much the rows, missing ones included, exceed the number asked (0: they add up)."""
        return self.answered + sum(self.missing.values()) - self.asked

    @property
    def shares(self) -> dict[str, Share]:
        """The share of each answer, with intervals that hold for all answers together.

        Two answers are one share and its complement, so their intervals need no correction.
        """
        among = len(self.counts) if len(self.counts) > 2 else 1
        return {item: Share(count, self.answered, among) for item, count in self.counts.items()}

    @property
    def ranked(self) -> list[str]:
        """Answers from the most to the least frequent; ties in the order of the question."""
        return sorted(self.counts, key=lambda item: -self.counts[item])

    @property
    def picked(self) -> dict[str, int]:
        """The answers that somebody gave, with their counts."""
        return {item: count for item, count in self.counts.items() if count}

    def group(self, items: Iterable[str]) -> Share:
        """The share of several answers taken together, with a Wilson interval."""
        return Share(sum(self.counts[item] for item in items), self.answered)

    def equal(self, items: Iterable[str] | None = None) -> EqualShares:
        """The exact test that the answers, or those named, are equally frequent."""
        return equal_shares([self.counts[item] for item in (self.counts if items is None else items)])
