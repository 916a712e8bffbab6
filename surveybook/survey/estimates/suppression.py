"""Which counts must be withheld, so that no small one can be worked out from those that are shown?

Counts that are not shown are unknowns of the sums that tie them to the others. Linear programs give the least and the
largest value that each could have. As long as a small count could not be any number from 1 up to the least one that may
be shown, or a withheld one has fewer possible values than that number, the smallest count beside it is withheld too,
as long as there is one. Withholding one more never makes another easier to guess, so each count is looked at once. At
the end those are shown again that need not be withheld, the largest first.

Source: Fischetti and Salazar 2000 (Journal of the American Statistical Association 95, 916), with the greedy choice of
what is withheld.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

Cell = Hashable
Sum = Mapping[Cell, int]
"""Cells with weights, whose weighted counts add up to zero."""


@dataclass
class Cells:
    """Counts and the sums that tie them.

    `sizes`: the true counts. `secret`: cells that are never shown, but follow from others. `public`: those that stay
    shown, as they are known already. `harmless`: those that need no guard, however small, but may guard others.
    `least`: what a withheld count is known to be at least, if not zero. `made`: answers that could have been made so,
    as bands are and rare answers put together, that none of them is small.
    """

    sizes: dict[Cell, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    secret: set[Cell] = field(default_factory=set)
    public: set[Cell] = field(default_factory=set)
    harmless: set[Cell] = field(default_factory=set)
    least: dict[Cell, int] = field(default_factory=dict)
    made: list[list[Cell]] = field(default_factory=list)


def withheld(cells: Cells, minimum: int) -> set[Cell]:
    """The cells that are not shown where no count from 1 to `minimum` - 1 may be known, neither by those who know how
    bands are made, nor by others."""
    hidden, given = _withheld(cells, minimum), [[one for one in line if cells.sizes[one]] for line in cells.made]
    enough = {one for line in given for one in line if all(cells.sizes[each] >= minimum for each in line)}
    if hidden & enough:
        hidden |= _withheld(replace(cells, least={**cells.least, **dict.fromkeys(enough, minimum)}), minimum)
    return hidden


def _withheld(cells: Cells, minimum: int) -> set[Cell]:
    """The same for those who know of each count what `cells` say."""
    small = [cell for cell, size in cells.sizes.items()
             if 0 < size < minimum and cell not in cells.public | cells.harmless | cells.secret]
    hidden, waiting, added = {*cells.secret, *small}, list(small), []
    while waiting:
        cell = waiting.pop(0)
        while not _safe(cell, cells, hidden, minimum) and (other := _beside(cell, cells, hidden)) is not None:
            hidden.add(other)
            waiting.append(other)
            added.append(other)
    return _shown_again(added, small, cells, hidden, minimum)


def _shown_again(added: list[Cell], small: list[Cell], cells: Cells, hidden: set[Cell], minimum: int) -> set[Cell]:
    """The hidden cells without those of the `added` ones that prove needless."""
    guarded = [*small, *added]
    for other in sorted(added, key=lambda one: -cells.sizes[one]):
        fewer, tied = hidden - {other}, {one for line in _tied(other, cells, hidden) for one in line}
        betrayed = next((one for one in guarded if one in fewer and one in tied
                         and not _safe(one, cells, fewer, minimum)
                         and bounds(one, cells, fewer) != bounds(one, cells, hidden)), None)
        if betrayed is None:
            hidden = fewer
        else:  # look first at what is the hardest to guard
            guarded.remove(betrayed)
            guarded.insert(0, betrayed)
    return hidden


def bounds(cell: Cell, cells: Cells, hidden: set[Cell]) -> tuple[float, float]:
    """The least and the largest value that a hidden cell can have, for all who see the others."""
    from scipy.optimize import linprog

    sums = list(_tied(cell, cells, hidden))
    unknown = list(dict.fromkeys([cell, *(one for line in sums for one in line if one in hidden)]))
    place = {one: number for number, one in enumerate(unknown)}
    if not sums:
        return cells.least.get(cell, 0), np.inf
    weights, known = np.zeros((len(sums), len(unknown))), np.zeros(len(sums))
    for row, line in enumerate(sums):
        for one, weight in line.items():
            if one in place:
                weights[row, place[one]] += weight
            else:
                known[row] -= weight * cells.sizes[one]
    limits = [(cells.least.get(one, 0) if cells.sizes[one] else 0, None) for one in unknown]
    whole = int(abs(weights).max() > 1)  # other sums have whole solutions anyhow
    found = []
    for sign in (1, -1):
        aim = np.zeros(len(unknown))
        aim[0] = sign
        solved = linprog(aim, A_eq=weights, b_eq=known, bounds=limits, method="highs", integrality=whole)
        found.append(sign * round(solved.fun, 6) if solved.status == 0 else sign * -np.inf)
    return found[0], found[1]


def _safe(cell: Cell, cells: Cells, hidden: set[Cell], minimum: int) -> bool:
    """Whether a withheld count could be any of `minimum` numbers, and a small one every small number."""
    low, high = bounds(cell, cells, hidden)
    return high - low > minimum - 1.5 and (cells.sizes[cell] >= minimum or low < 1.5 and high > minimum - 1.5)


def _tied(cell: Cell, cells: Cells, hidden: set[Cell]) -> Iterator[Sum]:
    """The sums that say something of a hidden cell, itself or through other hidden ones, the nearest first."""
    reached, left = {cell}, list(cells.sums)
    while near := [line for line in left if not reached.isdisjoint(line)]:
        yield from near
        left = [line for line in left if reached.isdisjoint(line)]
        reached |= {one for line in near for one in line if one in hidden}


def _beside(cell: Cell, cells: Cells, hidden: set[Cell]) -> Cell | None:
    """The smallest count that is still shown in the nearest sum that has one."""
    for line in _tied(cell, cells, hidden):
        shown = [one for one in line if one not in hidden and one not in cells.public and cells.sizes[one]]
        if shown:
            return min(shown, key=lambda one: cells.sizes[one])
    return None
