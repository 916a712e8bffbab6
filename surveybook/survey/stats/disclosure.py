"""Could somebody be recognised?  How many share each combination of what others may know about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Anonymity:
    """How many people each combination that occurs has: `sizes`, rising."""

    sizes: tuple[int, ...]

    @property
    def k(self) -> int:
        """The smallest group: the k of k-anonymity (Sweeney 2002, doi 10.1142/S0218488502001648)."""
        return self.sizes[0]

    @property
    def unique(self) -> int:
        """How many people are the only ones with their combination."""
        return sum(size == 1 for size in self.sizes)

    def below(self, least: int) -> int:
        """How many people are in groups smaller than `least`."""
        return sum(size for size in self.sizes if size < least)


def anonymity(*columns: Sequence[Hashable]) -> Anonymity:
    """Group sizes by all these columns together; a missing value is a value of its own."""
    if not columns or not len(columns[0]):
        raise ValueError("anonymity needs a column with at least one person")
    return Anonymity(tuple(sorted(Counter(zip(*columns, strict=True)).values())))
