"""Which table has these margins and otherwise looks like that one?  Iterative proportional fitting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def rake(
    seed: Sequence[Sequence[float]], rows: Sequence[float], columns: Sequence[float], steps: int = 10_000
) -> np.ndarray:
    """The table with the sums `rows` and `columns` and the odds ratios of `seed` (Deming and Stephan 1940), as R's
    loglin. Raises ValueError where the sums contradict each other or the zeros of the seed."""
    table, down, across = (np.asarray(one, dtype=float) for one in (seed, rows, columns))
    if table.shape != (len(down), len(across)) or (table < 0).any() or (down < 0).any() or (across < 0).any():
        raise ValueError("raking needs a table that is not negative, and a sum for each row and column")
    if abs(down.sum() - across.sum()) > 1e-9 * down.sum():
        raise ValueError(f"the sums of the rows, {down.sum():g}, and of the columns, {across.sum():g}, differ")
    for _ in range(steps):
        for axis, wanted in ((1, down), (0, across)):
            seen = table.sum(axis=axis)
            if ((seen == 0) & (wanted > 0)).any():
                raise ValueError("the zeros of the seed leave a row or column empty that has a sum")
            factor = np.divide(wanted, seen, out=np.zeros_like(wanted), where=seen > 0)
            table = table * (factor[:, None] if axis == 1 else factor)
        if abs(table.sum(axis=1) - down).max() <= 1e-13 * down.sum():
            return table
    raise ValueError("raking does not settle; the zeros of the seed contradict the sums")
