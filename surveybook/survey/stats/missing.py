"""What could those who gave no answer have changed?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from surveybook.survey.estimates.share import Share


@dataclass(frozen=True)
class Bounds:
    """A share with everybody who gave no answer counted as no (`low`) and as yes (`high`); the envelope is the lower
    Wilson bound of the one and the upper one of the other."""

    low: float
    high: float
    envelope_low: float
    envelope_high: float


def share_bounds(count: int, answered: int, asked: int, level: float = 0.95) -> Bounds:
    """Worst-case bounds of a share (Manski 1989, doi 10.2307/145818) of `count` yes among `answered` of `asked`."""
    if not 0 <= count <= answered <= asked:
        raise ValueError("a share needs no more yes than answers, and no more answers than people asked")
    least, most = Share(count, asked, level=level), Share(count + asked - answered, asked, level=level)
    return Bounds(least.value, most.value, least.interval.low, most.interval.high)


def is_missing(answer: object) -> bool:
    """None and nan are no answers."""
    return answer is None or (isinstance(answer, float) and math.isnan(answer))


def complete(*answers: Sequence) -> tuple[list, ...]:
    """The answers of those who answered all of these questions; what is left out is the difference in length."""
    if len({len(one) for one in answers}) != 1:
        raise ValueError("questions to the same people have as many answers each")
    kept = [row for row in zip(*answers, strict=True) if not any(map(is_missing, row))]
    return tuple([row[place] for row in kept] for place in range(len(answers)))
