"""How long does one hypothesis take, by the number of people and the kinds of its two questions?

Counting and all that the plan asks for (test, size, interval, equivalence, verdict), then all other choices; times are
those of the processor. Memory is the most that both took beyond the answers.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace

import numpy as np

from benchmarks.measure import load, machine
from benchmarks.table import table
from surveybook.survey.data.codebook import MISSING, Declared
from surveybook.survey.data.disclosure import Disclosure
from surveybook.survey.data.hypotheses import Family, Hypothesis
from surveybook.survey.verdicts.robustness import robustness
from tests.verdicts import judge_codes

SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
LEVELS = {"yes-no": 2, "nominal": 7, "ordered": 5, "count": 13}
PAIRS = (("yes-no", "yes-no"), ("yes-no", "ordered"), ("yes-no", "count"), ("ordered", "ordered"), ("ordered", "count"),
         ("nominal", "ordered"), ("nominal", "yes-no"), ("nominal", "nominal"))
LEAST = {"tau_b": 0.2, "cliff_delta": 0.33, "epsilon_squared": 0.08, "risk_difference": 0.2, "cramers_v": 0.2}
TARGETS = {100_000: 1, 1_000_000: 5}  # seconds, of a hypothesis
MEMORY = 500  # MB beyond the answers, of a million people


@dataclass(frozen=True)
class Measured:
    """Seconds of judging one hypothesis, and of looking at it again under all other choices, and MB of both."""

    kinds: tuple[str, str]
    people: int
    judging: float
    choices: float
    memory: float


def question(name: str, kind: str) -> Declared:
    """A question of this kind."""
    answers = ("no", "yes") if kind == "yes-no" else tuple(f"a{level}" for level in range(LEVELS[kind]))
    return Declared(
        id=name, label=name, kind=kind, asked="all", description="", wording=None, unit="person",
        respondent="respondent", locator="", answers=() if kind == "count" else answers,
        labels=MappingProxyType({} if kind == "count" else {answer: answer for answer in answers}),
        missing=MappingProxyType(dict(MISSING)), bands=(0,) if kind == "count" else (),
        maximum=LEVELS[kind] - 1 if kind == "count" else None,
    )


def answers(people: int, random: np.random.Generator, levels: int, behind: np.ndarray) -> np.ndarray:
    """Answers that go a little with what is behind them; every tenth person skipped the question."""
    latent = 0.1 * behind + random.standard_normal(people)
    codes = np.searchsorted(np.linspace(-1, 1.5, levels - 1), latent)
    return np.where(random.random(people) < 0.1, -2, codes)


def measured(kinds: tuple[str, str], people: int) -> Measured:
    """One hypothesis about so many people."""
    random = np.random.default_rng(people)
    behind = random.standard_normal(people)
    names = ("first", "second", "third")
    codebook = {name: question(name, kind) for name, kind in zip(names, (*kinds, "ordered"), strict=True)}
    codes = {name: answers(people, random, LEVELS[one.kind], behind) for name, one in codebook.items()}
    family = Family("f", "Family", "Question?", "holm", 0.05, MappingProxyType(LEAST), "Reason.")
    hypothesis = Hypothesis("h", family, "A claim.", codebook["first"], codebook["second"], "any", "Made up.", None,
                            leave_out=codebook["third"], hold_equal=codebook["third"])
    study = SimpleNamespace(responses=SimpleNamespace(codes=codes, codebook=codebook), hypotheses={"h": hypothesis},
                            disclosure=Disclosure(None, (), "Made up."))
    seconds = []

    def timed(work: Callable):
        start = time.process_time()
        found = work()
        seconds.append(time.process_time() - start)
        return found

    (verdict,) = timed(lambda: judge_codes({"h": hypothesis}, codes, "simulated")).values()
    timed(lambda: robustness(study, verdict))
    tracemalloc.start()
    robustness(study, judge_codes({"h": hypothesis}, codes, "simulated")["h"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return Measured(kinds, people, *seconds, peak / 1e6)


def report(say: Callable[[str], None], sizes: tuple[int, ...] = SIZES) -> None:
    """Say the table of all pairs of kinds, and where a target is missed."""
    say(f"{machine()}, load {load()} at the start")
    found = [measured(kinds, people) for kinds in PAIRS for people in sizes]
    say(table(("kinds", "people", "CPU s, verdict", "CPU s, other choices", "MB"), [
        (" by ".join(one.kinds), f"{one.people:,}", f"{one.judging:.2f}", f"{one.choices:.2f}", f"{one.memory:.0f}")
        for one in found
    ]))
    for line in missed(found):
        say(line)


def missed(found: list[Measured]) -> Iterator[str]:
    """What takes more than its target."""
    for one in found:
        if one.judging + one.choices > TARGETS.get(one.people, np.inf) or one.memory > MEMORY:
            yield f"missed: {' by '.join(one.kinds)}, {one.people:,} people"
