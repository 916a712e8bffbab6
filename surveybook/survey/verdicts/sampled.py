"""Which test and which size for a sample that was weighted, stratified or drawn in clusters?  The plan once more.

| predictor, outcome (in either order) | test | size |
|---|---|---|
| yes/no, yes/no | chi-squared of Rao and Scott | difference of shares |
| yes/no, ordered or count | rank test of Lumley and Scott | Cliff's delta |
| ordered or count, ordered or count | Student's t of tau-b | Kendall's tau-b |
| nominal, ordered or count | rank test of Lumley and Scott | epsilon squared |
| nominal, yes/no or nominal | chi-squared of Rao and Scott | bias-corrected Cramer's V |

None of them is exact: nobody can list the samples that might have been drawn. Sizes without a direction have no test
that they are small enough not to matter.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

from surveybook.survey.data.crossing import Table
from surveybook.survey.stats import sampled
from surveybook.survey.stats.equivalence import Equivalence
from surveybook.survey.stats.result import Estimate, Tested
from surveybook.survey.stats.sampled import WeightedTable
from surveybook.survey.verdicts.plan import ROWS, Row, row_for

SAMPLE = ("Weights, strata and clusters of the sample are taken into account, as if clusters had been drawn with "
          "replacement. The test and its interval hold for many clusters, or for many people where there are none.")


def row_of(table: Table | WeightedTable, predictor: str, outcome: str) -> Row:
    """The row of the plan for two kinds of answers, whose table may be one of a weighted sample."""
    return row_for(predictor, outcome, SAMPLED if isinstance(table, WeightedTable) else ROWS)


def told(found: Tested | Estimate | Equivalence | None, table: Table | WeightedTable):
    """A result as it may be told: where counts are withheld, with one digit, p and intervals rounded to the larger
    side. Exact ones, beside the counts of the table, could tell which answers few people with some weight gave."""
    if found is None or not (isinstance(table, WeightedTable) and table.coarse):
        return found
    if isinstance(found, Tested):
        return replace(found, statistic=float(round(found.statistic)), p=_up(found.p), df=None)
    low, high = math.floor(found.interval.low * 10) / 10, math.ceil(found.interval.high * 10) / 10
    inside = replace(found.interval, low=low, high=high)
    if isinstance(found, Estimate):
        return replace(found, value=round(found.value, 1), interval=inside, standard_error=None)
    p_low, p_high = _up(found.p_low), _up(found.p_high)
    return replace(found, value=round(found.value, 1), interval=inside, p_low=p_low, p_high=p_high)


def _up(p: float) -> float:
    """The next number with one digit."""
    if not p:
        return p
    place = 10.0 ** math.floor(math.log10(p))
    return float(f"{min(1.0, math.ceil(p / place - 1e-9) * place):.1g}")


def _no_bound(table: WeightedTable, least: float, alpha: float) -> Equivalence:
    raise ValueError("no test is known that says of a weighted sample that a size without direction is small")


def _of_the_sample(test: str, kinds: tuple[str, str], statistic: str, tested, approximate, sized, bounded) -> Row:
    """A row as that of the plan for these kinds, with the tests of a sample."""
    row = ROWS[kinds]
    return replace(
        row, test=test, statistic=statistic, assumes=SAMPLE,
        why=f"{row.why}; the people did not have the same chance to be asked, one by one",
        tested=lambda table, side, draws, seed: tested(table, side), approximate=approximate, sized=sized,
        bounded=bounded,
    )


def _chi_squared(table: WeightedTable, side: str) -> Tested:
    return sampled.rao_scott(table)


def _many_ranks(table: WeightedTable, side: str) -> Tested:
    return sampled.compare_many_ranks(table)


_RAO_SCOTT, _RANKS = "Rao-Scott test", "Lumley-Scott rank test"
_SHARES, _F = ("yes-no", "yes-no"), "F"
SAMPLED = {
    _SHARES: _of_the_sample(_RAO_SCOTT, _SHARES, _F, sampled.rao_scott, sampled.compare_shares, sampled.difference,
                            sampled.bound_difference),
    ("yes-no", "ordered"): _of_the_sample(
        _RANKS, ("yes-no", "ordered"), "t", sampled.compare_ranks, sampled.compare_ranks, sampled.cliff_delta,
        partial(sampled.bound, sampled.cliff_delta)),
    ("ordered", "ordered"): _of_the_sample(
        "test of Kendall's tau-b in a sample", ("ordered", "ordered"), "t", sampled.kendall, sampled.kendall,
        sampled.tau_b, partial(sampled.bound, sampled.tau_b)),
    ("nominal", "ordered"): _of_the_sample(
        _RANKS, ("nominal", "ordered"), _F, _many_ranks, _many_ranks, sampled.epsilon_squared, _no_bound),
    ("nominal", "nominal"): _of_the_sample(
        _RAO_SCOTT, ("nominal", "nominal"), _F, _chi_squared, _chi_squared, sampled.cramers_v, _no_bound),
    ("nominal", "yes-no"): _of_the_sample(
        _RAO_SCOTT, ("nominal", "yes-no"), _F, _chi_squared, _chi_squared, sampled.cramers_v, _no_bound),
}
