"""How is the whole design analysis computed?  Chunk by chunk, by any number of workers, with the same result.

joblib hands the chunks to the workers: processes of this machine by default, those of a cluster inside
`joblib.parallel_config(backend="dask")`. What they hand back is combined in the order of the plan, one scenario at a
time, so that neither the number of workers nor who was faster can be seen in it.
"""

from __future__ import annotations

import copyreg
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from types import MappingProxyType

from joblib import Parallel, delayed

from surveybook.survey.design.agreement import Agreement, compare
from surveybook.survey.design.bounds import FalseEquivalents, false_equivalents, populations
from surveybook.survey.design.chunks import Simulated, simulate, task
from surveybook.survey.design.scenarios import ASSUMED, NONE, Chunk, Design, Scenario
from surveybook.survey.design.summary import Rows, summarise

copyreg.pickle(MappingProxyType, lambda mapping: (MappingProxyType, (dict(mapping),)))  # models travel to the workers

Progress = Callable[[int], None]
"""Is told how many people were simulated since the last call."""


def chunks(design: Design, scenarios: Iterable[Scenario] | None = None) -> list[Chunk]:
    """All chunks, scenario by scenario, in each size by size."""
    among = design.scenarios.values() if scenarios is None else scenarios
    return [chunk for scenario in among for size in design.sizes for chunk in design.chunks(scenario, size)]


def simulated(design: Design, wanted: Iterable[Chunk], workers: int | None = None) -> Iterator[Simulated]:
    """What comes out of each chunk, in their order. `workers`: by default what the backend of joblib has."""
    return Parallel(n_jobs=workers, return_as="generator")(delayed(simulate)(task(design, one)) for one in wanted)


def run(
    design: Design, scenarios: Iterable[Scenario] | None = None, workers: int | None = None,
    progress: Progress = lambda people: None,
) -> Iterator[Rows]:
    """The rows of each scenario, as soon as its last chunk has come back."""
    done = simulated(design, chunks(design, scenarios), workers)
    for name, mine in groupby(done, key=lambda one: one.chunk.scenario):
        kept = []
        for one in mine:
            kept.append(one)
            progress(one.chunk.surveys * one.chunk.respondents)
        yield summarise(design.scenarios[name], design.codebook, kept)


def at_bounds(design: Design, workers: int | None = None) -> list[FalseEquivalents]:
    """How often relations at their bounds are called smaller, in surveys of each size."""
    return Parallel(n_jobs=workers)(
        delayed(false_equivalents)(one, size.respondents, size.whole, design.seed)
        for one in populations(design) for size in design.sizes
    )


def agreement(
    design: Design, workers: int | None = None, progress: Callable[[int, int], None] = lambda done, of: None
) -> list[Agreement]:
    """How often exact and approximate tests give the same verdict: in the first surveys of both whole scenarios."""
    jobs = []
    for scenario in (design.scenarios[name] for name in (NONE, ASSUMED)):
        for size in (size for size in design.sizes if size.respondents in design.compared.surveys):
            first = next(design.chunks(scenario, size))
            jobs += [(first, survey) for survey in range(min(design.compared.surveys[size.respondents], first.surveys))]
    found = Parallel(n_jobs=workers, return_as="generator")(
        delayed(compare)(task(design, chunk), survey, design.compared.draws) for chunk, survey in jobs
    )
    counts: Counter[tuple] = Counter()
    for done, ((chunk, _), several) in enumerate(zip(jobs, found, strict=True), start=1):
        counts.update((chunk.scenario, chunk.respondents, *words) for words in several)
        progress(done, len(jobs))
    return [Agreement(*which, surveys) for which, surveys in counts.items()]
