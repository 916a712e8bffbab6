"""Which answers are put together, so that a cross table can be shown whole?

A table is safe if every count of it is at least the least one that may be shown, but for answers that nobody gave.
Answers are put together one step after the other, each time those after which the fewest people are missing to that,
and of equal ways those of the fewest people: neighbours where answers have an order, any two where they have none.
Where that ends without a safe table, the way is taken to part both questions in two that leaves the smallest count the
largest. Of ways that are equally good the first is taken, so a pair of questions has one order for all.

Source: global recoding and table redesign (Willenborg and de Waal 2001, Elements of Statistical Disclosure Control,
doi 10.1007/978-1-4613-0121-9).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, pairwise

import numpy as np

Groups = tuple[tuple[int, ...], ...]
"""The places of the answers that are read together, each place in one group."""
MANY = 12  # answers without an order of which every way to part them in two is tried


@dataclass(frozen=True)
class Side:
    """One question of a table.

    `ordered`: whether its answers have an order. `together`: the places of those that no sum may part, as their counts
    are withheld. `beside`: how many of the last places are no answers, but reasons why there is none; they are put
    together with nothing.
    """

    ordered: bool
    together: frozenset[int] = frozenset()
    beside: int = 0

    def start(self, places: int) -> Groups:
        """Each place by itself, and those together that must be."""
        kept = sorted(self.together)
        if self.ordered and kept:
            kept = list(range(kept[0], kept[-1] + 1))
        groups = [(place,) for place in range(places) if place not in kept]
        return tuple(sorted([*groups, tuple(kept)] if kept else groups))


def recoded(table: np.ndarray, minimum: int, rows: Side, columns: Side) -> tuple[Groups, Groups] | None:
    """The groups of rows and of columns in which no count from 1 to `minimum` - 1 is left, and no zero but those of
    answers that nobody gave; None where two groups of each cannot be had (one, where all gave the same answer).

    `table`: counts of people by two answers, a row for each of the first question; shape (answers, answers).
    """
    size, breadth = table.shape
    fine = _Recoding(table, (rows, columns), (Side(True).start(size), Side(True).start(breadth)), minimum)
    start = one = replace(fine, ways=(rows.start(size), columns.start(breadth)))
    if ((fine.corner > 0) & (fine.corner < minimum)).any():
        return None  # of those who answered neither, which putting together does not change
    while one.lacking and (steps := list(one.steps())):
        one = min(steps, key=lambda step: step[0])[1]
    if not one.lacking and all(len(one.live(axis)) >= min(2, len(fine.live(axis))) for axis in (0, 1)):
        return one.ways
    return start.halves()


def recoded_options(
    chosen: np.ndarray, answered: np.ndarray, tellable: np.ndarray, groups: Groups, side: Side, minimum: int
) -> tuple[Groups, np.ndarray] | None:
    """The groups of columns in which at least half of the options can be told, and which these are; None where no
    option can.

    `chosen`: how many chose each option, a row, in each column; `answered`: how many answered, in each column;
    `tellable`: the options that are told of all people. An option can be told if so many of each column chose it and so
    many did not, or nobody at all, or everybody. Whoever chose no option that is told chose another one: of these
    enough are left that each could have been chosen by nobody. `groups`: those in which how many answered is safe, and
    from which more are put together, each time the two after which the most options can be told.
    """
    def told(groups: Groups) -> np.ndarray:
        sums = np.array([[int(place in group) for place in range(len(answered))] for group in groups]).T
        yes, all_ = chosen @ sums, answered @ sums
        yes, no = yes[:, all_ > 0], (all_ - yes)[:, all_ > 0]
        few = np.minimum(yes, no).min(axis=1) < minimum
        safe = tellable & (~few | ~yes.any(axis=1) | ~no.any(axis=1))
        while safe.any() and not _enough_beside(yes, no, safe):
            safe[np.flatnonzero(safe)[yes[safe].sum(axis=1).argmin()]] = False
        return safe

    while 2 * told(groups).sum() < tellable.sum():
        own = groups[: len(groups) - side.beside]
        live = [place for place, group in enumerate(own) if answered[list(group)].any()]
        if len(live) < 3:
            break
        steps = []
        for one, other in pairwise(live) if side.ordered else combinations(live, 2):
            joined = range(one, other + 1) if side.ordered else (one, other)
            group = tuple(sorted(place for number in joined for place in own[number]))
            step = (*sorted([group, *(each for n, each in enumerate(own) if n not in joined)]), *groups[len(own):])
            steps.append((-int(told(step).sum()), int(answered[list(group)].sum()), step))
        groups = min(steps)[2]
    return (groups, told(groups)) if told(groups).any() else None


def _enough_beside(yes: np.ndarray, no: np.ndarray, safe: np.ndarray) -> bool:
    """Whether any one of the options that are not told could be without the people who, in each group, must have chosen
    one of these, as they chose none that is told."""
    if safe.all():
        return True
    chosen, answered = yes[~safe].sum(axis=1), (yes + no)[0]
    return bool(np.maximum(answered - yes[safe].sum(axis=0), 0).sum() <= chosen.sum() - chosen.max())


def summed(table: np.ndarray, ways: tuple[Groups, Groups]) -> np.ndarray:
    """The counts of the groups."""
    rows, columns = (np.array([[int(place in group) for place in range(size)] for group in groups])
                     for groups, size in zip(ways, table.shape, strict=True))
    return rows @ table @ columns.T


@dataclass(frozen=True)
class _Recoding:
    """A table with its answers put together in some way."""

    table: np.ndarray
    sides: tuple[Side, Side]
    ways: tuple[Groups, Groups]
    minimum: int

    @cached_property
    def answers(self) -> tuple[int, int]:
        """How many groups of rows and of columns are answers."""
        rows, columns = (len(groups) - side.beside for groups, side in zip(self.ways, self.sides, strict=True))
        return rows, columns

    @cached_property
    def corner(self) -> np.ndarray:
        """How many people answered neither question, by the reasons for both."""
        return summed(self.table, self.ways)[self.answers[0]:, self.answers[1]:]

    @cached_property
    def counts(self) -> np.ndarray:
        """The counts of the groups, without those who answered neither question."""
        counts = summed(self.table, self.ways)
        counts[self.answers[0]:, self.answers[1]:] = 0
        return counts

    def live(self, axis: int) -> np.ndarray:
        """The groups of answers in rows (0) or columns (1) that somebody gave."""
        return np.flatnonzero(self.counts.sum(axis=1 - axis)[: self.answers[axis]])

    @cached_property
    def lacking(self) -> int:
        """How many people are missing until every count reaches the minimum."""
        rows, columns = self.live(0), self.live(1)
        right, below = self.counts[rows, self.answers[1]:], self.counts[self.answers[0]:, columns]
        parts = (self.counts[np.ix_(rows, columns)], right[:, right.any(axis=0)], below[below.any(axis=1)])
        return sum(int(np.maximum(self.minimum - part, 0).sum()) for part in parts)

    def steps(self) -> Iterator[tuple[tuple[int, int, int], _Recoding]]:
        """Every way to put two groups together, and how good it is, the smallest first."""
        for axis, side in enumerate(self.sides):
            own, live, sizes = self.ways[axis], self.live(axis), self.counts.sum(axis=1 - axis)
            if len(live) < 3:
                continue
            for one, other in pairwise(live) if side.ordered else combinations(live, 2):
                joined = range(one, other + 1) if side.ordered else (one, other)
                group = tuple(sorted(place for number in joined for place in own[number]))
                changed = tuple(sorted([group, *(groups for n, groups in enumerate(own) if n not in joined)]))
                step = replace(self, ways=(changed, self.ways[1]) if axis == 0 else (self.ways[0], changed))
                yield (step.lacking, int(sizes[list(joined)].sum()), -len(live)), step

    def halves(self) -> tuple[Groups, Groups] | None:
        """The best way to part both questions in two, if it is safe."""
        (rows, columns), (r, c) = (_parted(number, side.ordered) for number, side in
                                   zip(self.answers, self.sides, strict=True)), self.answers
        if not len(rows) or not len(columns):
            return None
        inner, right, below = self.counts[:r, :c], self.counts[:r, c:], self.counts[r:, :c].T
        ways = [(a, b) for a in (rows, 1 - rows) for b in (columns, 1 - columns)]
        smallest = np.minimum.reduce([a @ inner @ b.T for a, b in ways])
        for half, beside, turn in ((rows, right, (-1, 1)), (columns, below, (1, -1))):
            if (beside := beside[:, beside.any(axis=0)]).size:
                least = np.minimum(half @ beside, (1 - half) @ beside).min(axis=1)
                smallest = np.minimum(smallest, least.reshape(turn))
        row, column = np.unravel_index(smallest.argmax(), smallest.shape)
        if smallest[row, column] < self.minimum:
            return None
        return self._two(0, rows[row]), self._two(1, columns[column])

    def _two(self, axis: int, half: np.ndarray) -> Groups:
        """The answers in two halves, and what stands beside them."""
        own, number = self.ways[axis], self.answers[axis]
        halves = [tuple(sorted(place for group, chosen in zip(own, half, strict=False) if chosen == side
                               for place in group)) for side in (1, 0)]
        return (*sorted(halves), *own[number:])


def _parted(number: int, ordered: bool) -> np.ndarray:
    """The ways to part so many groups in two, a row for each, with ones for the groups of the first half."""
    if ordered:
        chosen = [set(range(cut)) for cut in range(1, number)]
    elif number > MANY:  # one group or two against all others
        chosen = [set(few) for size in (1, 2) for few in combinations(range(number), size)]
    else:
        chosen = [{place for place in range(number - 1) if code >> place & 1} for code in range(1, 2 ** (number - 1))]
    return np.array([[int(place in one) for place in range(number)] for one in chosen])
