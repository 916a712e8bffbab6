"""How fast is the design analysis: the whole plan on many simulated surveys at once, against a loop over scipy's calls?

Both judge the same drawn answers, each on one core, in the same run. The loop makes the tests and the correction alone;
the plan adds the other side, sizes with intervals, equivalence and words, so the comparison favours the loop. Times are
those of the processor, which do not depend on what else the machine does.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.stats import kendalltau, kruskal, mannwhitneyu
from statsmodels.stats.multitest import multipletests

from benchmarks.measure import load, machine
from benchmarks.table import table
from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.design.chunks import responses, task
from surveybook.survey.design.judgement import judge_surveys
from surveybook.survey.design.run import chunks, run
from surveybook.survey.design.scenarios import ASSUMED, Design, Size, read_design
from surveybook.survey.verdicts.plan import CLASSES, SIDES

RESPONDENTS, SURVEYS, LOOPED = 139, 10_000, 200
TARGETS = {"ratio": 50, "seconds": 10}
GROWTH = ((139, 1_000), (139, 10_000), (1_000, 1_000), (10_000, 1_000))  # respondents, surveys
FULL = (10_000, 10_000)

Tested = Mapping[str, np.ndarray]


def sized(design: Design, respondents: int, surveys: int) -> Design:
    """The same design with surveys of one size."""
    return replace(design, sizes=(Size(respondents, surveys, 2),))


def plan(design: Design, surveys: int) -> tuple[float, float, dict[str, np.ndarray]]:
    """Seconds of drawing and of the whole plan, and the adjusted p of the first surveys of every hypothesis."""
    drawing = judging = 0.0
    scenario, first = design.scenarios[ASSUMED], {}
    for chunk in chunks(sized(design, RESPONDENTS, surveys), [scenario]):
        start = time.process_time()
        levels, codes = responses(task(design, chunk))
        drawn = time.process_time()
        judged = judge_surveys(scenario.hypotheses, codes, levels, chunk.surveys)
        drawing, judging = drawing + drawn - start, judging + time.process_time() - drawn
        first = first or {name: one.adjusted for name, one in judged.items()}
    return drawing, judging, first


def loop(design: Design, surveys: int) -> tuple[float, dict[str, np.ndarray]]:
    """Seconds of a loop over scipy's tests and statsmodels' correction, and its adjusted p."""
    scenario = design.scenarios[ASSUMED]
    chunk = next(iter(chunks(sized(design, RESPONDENTS, surveys), [scenario])))
    _, codes = responses(task(design, chunk))
    gc.collect()
    gc.freeze()  # statsmodels collects garbage at every correction, which must not be held against it
    start = time.process_time()
    adjusted = [
        corrected(scenario.hypotheses, {
            name: code[survey * RESPONDENTS : (survey + 1) * RESPONDENTS] for name, code in codes.items()
        })
        for survey in range(surveys)
    ]
    seconds = time.process_time() - start
    gc.unfreeze()
    return seconds, {name: np.array([one[name] for one in adjusted]) for name in scenario.hypotheses}


def corrected(hypotheses: Mapping[str, Hypothesis], codes: Tested) -> dict[str, float]:
    """The adjusted p of each hypothesis in one survey, as one would write it with the libraries."""
    p = {name: tested(h, codes[h.predictor.id], codes[h.outcome.id]) for name, h in hypotheses.items()}
    found = {}
    for family in {h.family.id for h in hypotheses.values()}:
        members = [name for name, h in hypotheses.items() if h.family.id == family]
        found |= dict(zip(members, multipletests([p[name] for name in members], method="holm")[1], strict=True))
    return found


def tested(hypothesis: Hypothesis, x: np.ndarray, y: np.ndarray) -> float:
    """The p of scipy's test for two answers."""
    both = (x >= 0) & (y >= 0)
    x, y, side = x[both], y[both], SIDES[hypothesis.direction]
    match CLASSES[hypothesis.predictor.kind]:
        case "yes-no":
            return mannwhitneyu(y[x == 1], y[x == 0], False, side, method="asymptotic").pvalue
        case "nominal":
            return kruskal(*(y[x == group] for group in np.unique(x))).pvalue
        case _:
            return kendalltau(x, y, method="asymptotic", variant="b", alternative=side).pvalue


def growth(design: Design, workers: int, cells: Iterable[tuple[int, int]]) -> list[list[str]]:
    """The wall clock of simulating and judging surveys of several sizes, by all workers."""
    rows = []
    for respondents, surveys in cells:
        start = time.perf_counter()
        for _ in run(sized(design, respondents, surveys), [design.scenarios[ASSUMED]], workers):
            seconds = time.perf_counter() - start
        rows.append([f"{respondents:,}", f"{surveys:,}", f"{seconds:.1f}",
                     f"{1e6 * seconds / respondents / surveys:.2f}"])
    return rows


def report(say: Callable[[str], None], full: bool = False, workers: int = 2) -> None:
    """Measure everything in one run; the last line is the ratio."""
    say(f"machine: {machine()}; load at the start: {load()}\n")
    design = read_design(Path("data", "practitioners"))
    start = time.perf_counter()
    for _ in run(sized(design, RESPONDENTS, SURVEYS), [design.scenarios[ASSUMED]], workers):
        seconds = time.perf_counter() - start
    met = "met" if seconds < TARGETS["seconds"] else "missed"
    say(f"{SURVEYS:,} surveys of {RESPONDENTS}, drawn and judged by {workers} workers, their start included: "
        f"{seconds:.1f} s by the clock (target {TARGETS['seconds']} s: {met})\n")
    drawing, judging, ours = plan(design, SURVEYS)
    looping, theirs = loop(design, LOOPED)
    for name, p in theirs.items():  # what is compared must be the same
        np.testing.assert_allclose(ours[name][:LOOPED], p, rtol=1e-8, err_msg=name)
    each, looped = judging / SURVEYS, looping / LOOPED
    rows = [["drawing", f"{SURVEYS:,}", f"{1000 * drawing / SURVEYS:.3f}", f"{drawing:.1f}"],
            ["whole plan, all surveys at once", f"{SURVEYS:,}", f"{1000 * each:.3f}", f"{judging:.1f}"],
            ["loop over scipy, tests alone", f"{LOOPED:,}", f"{1000 * looped:.3f}", f"{looped * SURVEYS:.1f} (scaled)"]]
    say(table(["one core, the same answers", "surveys", "CPU ms each", f"CPU s for {SURVEYS:,}"], rows) + "\n")
    cells = (*GROWTH, FULL) if full else GROWTH
    say(table(["respondents", "surveys", f"s, {workers} workers", "µs a respondent"], growth(design, workers, cells)))
    say(f"\nload at the end: {load()}; target of the ratio: {TARGETS['ratio']}")
    say(f"ratio: {looped / each:.0f}")
