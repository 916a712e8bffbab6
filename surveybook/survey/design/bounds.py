"""How often is a relation that just matters called too small to matter?  Surveys of a relation at its bound.

The population has the shares of answers that the model gives to both questions, and a relation that grows evenly over
their levels until its size is the smallest one of interest; that it is smaller is then always wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.design.approximations import judge_each
from surveybook.survey.design.chunks import simulate, task
from surveybook.survey.design.scenarios import ASSUMED, Design
from surveybook.survey.verdicts.plan import row_for

PEOPLE = 10**8  # of a population whose size is measured: its shares are whole counts of so many
STRONGEST = 32.0  # the steepest relation that is tried; beyond it, hardly an answer lies off its line
NEAR = 1e-13  # of the slope
ROUNDS = 200  # of fitting the sums of a table


@dataclass(frozen=True)
class FalseEquivalents:
    """In how many surveys a relation of exactly the size `bound` is shown to be smaller than that, whatever else is
    said of it. Of a size with a direction there are two bounds."""

    respondents: int
    hypothesis: str
    bound: float
    surveys: int
    equivalent: int


@dataclass(frozen=True)
class Population:
    """A hypothesis whose relation lies at the `bound`: the shares of all respondents that give each pair of answers (of
    the others, one is missing)."""

    hypothesis: Hypothesis
    bound: float
    shares: np.ndarray


def populations(design: Design) -> Iterator[Population]:
    """One for each bound of each hypothesis; none where with these answers no relation is so strong."""
    chunk = next(design.chunks(design.scenarios[ASSUMED], design.sizes[-1]))
    people = chunk.surveys * chunk.respondents
    for name, outcome in simulate(task(design, chunk)).outcomes.items():
        hypothesis, sums = design.hypotheses[name], (outcome.pooled.sum(axis=1), outcome.pooled.sum(axis=0))
        row = row_for(hypothesis.predictor.kind, hypothesis.outcome.kind)
        least = hypothesis.family.smallest_effects.get(row.measure)
        for bound in () if least is None else (least, -least) if row.signed else (least,):
            if (found := at_bound(*sums, hypothesis, bound)) is not None:
                yield Population(hypothesis, bound, found * outcome.pooled.sum() / people)


def false_equivalents(one: Population, respondents: int, surveys: int, seed: int) -> FalseEquivalents:
    """What the plan says of so many surveys of a population."""
    shares = np.append(one.shares.ravel(), max(0.0, 1 - one.shares.sum()))
    name = f"{one.hypothesis.id} {one.bound:g}"
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(crc32(name.encode()), respondents)))
    drawn = random.multinomial(respondents, shares / shares.sum(), size=surveys)[:, :-1]
    found = judge_each(drawn.reshape(surveys, *one.shares.shape), one.hypothesis)
    shown = int(found.shown(one.hypothesis.family.level).sum())
    return FalseEquivalents(respondents, one.hypothesis.id, one.bound, surveys, shown)


def at_bound(rows: np.ndarray, columns: np.ndarray, hypothesis: Hypothesis, bound: float) -> np.ndarray | None:
    """Shares of pairs of answers with these sums, whose relation has the size `bound`; None if none is so strong.

    Log odds ratios grow evenly with both levels (uniform association; Goodman 1979, doi
    10.1080/01621459.1979.10481650).
    """
    from scipy.optimize import brentq

    rows, columns = rows[rows > 0] / rows.sum(), columns[columns > 0] / columns.sum()
    if min(len(rows), len(columns)) < 2:
        return None

    def beyond(slope: float) -> float:
        return _size(_associated(rows, columns, slope), hypothesis) - abs(bound)

    strongest = float(np.copysign(STRONGEST, bound))
    return None if beyond(strongest) < 0 else _associated(rows, columns, brentq(beyond, 0.0, strongest, xtol=NEAR))


def _associated(rows: np.ndarray, columns: np.ndarray, slope: float) -> np.ndarray:
    """The table of shares with these sums and this slope of its log odds ratios."""
    levels = (np.linspace(-0.5, 0.5, len(sums)) for sums in (rows, columns))
    table = np.exp(slope * np.multiply.outer(*levels))
    for _ in range(ROUNDS):
        table *= (rows / table.sum(axis=1))[:, None]
        table *= columns / table.sum(axis=0)
    return table


def _size(population: np.ndarray, hypothesis: Hypothesis) -> float:
    """The size of a relation in a whole population, without its sign."""
    return float(abs(judge_each(np.round(population * PEOPLE).astype(np.int64)[None], hypothesis).value[0]))
