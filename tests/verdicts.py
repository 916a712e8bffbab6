"""What the plan says about answers that are given as codes, of which every count may be shown, and such answers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from surveybook.survey.data.codebook import MISSING, Declared
from surveybook.survey.data.crossing import crossed
from surveybook.survey.data.hypotheses import Family, Hypothesis
from surveybook.survey.stats.contingency import DRAWS
from surveybook.survey.verdicts.verdict import Verdict, judge_counts

LEAST = {"tau_b": 0.2, "cliff_delta": 0.33, "epsilon_squared": 0.08}


def judge_codes(
    hypotheses: Mapping[str, Hypothesis], codes: Mapping[str, np.ndarray], evidence: str, draws: int = DRAWS
) -> dict[str, Verdict]:
    """The verdict on every hypothesis, by id; `codes` by question, one a person."""
    counts = {name: crossed(h.predictor, h.outcome, codes) for name, h in hypotheses.items()}
    return judge_counts(hypotheses, counts, evidence, draws)


def question(name: str, kind: str, levels: int = 5) -> Declared:
    """A question of a made-up study."""
    answers = ("no", "yes") if kind == "yes-no" else tuple(f"a{level}" for level in range(levels))
    return Declared(
        id=name, label=name, kind=kind, asked="all", description="", wording=None, unit="person",
        respondent="respondent", locator="", answers=answers,
        labels=MappingProxyType({answer: answer for answer in answers}), missing=MappingProxyType(dict(MISSING)),
        bands=(0,) if kind == "count" else (), maximum=100 if kind == "count" else None,
    )


def family(name: str = "family", level: float = 0.05, least: Mapping[str, float] = LEAST) -> Family:
    return Family(name, "Title", "Question?", "holm", level, least, "Reason.")


def hypothesis(
    kinds: tuple[str, str], direction: str = "positive", name: str = "claim", of: Family | None = None, levels: int = 5
) -> Hypothesis:
    """That x goes with y."""
    first, second = question("x", kinds[0], levels), question("y", kinds[1], levels)
    return Hypothesis(name, of or family(), "A claim.", first, second, direction, "Made up.", None)


def verdict(
    kinds: tuple[str, str], x: list[int], y: list[int], direction: str = "positive", draws: int = 5_000,
    levels: int = 5, of: Family | None = None,
) -> Verdict:
    """The verdict on a single claim about two answers."""
    declared = {"claim": hypothesis(kinds, direction, of=of, levels=levels)}
    return judge_codes(declared, {"x": np.array(x), "y": np.array(y)}, "real", draws)["claim"]


def related(n: int, strength: float, seed: int, levels: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Answers of n people to two questions, which share this much of what is behind them."""
    random = np.random.default_rng(seed)
    first, noise = random.normal(size=(2, n))
    cuts = np.array([-0.6, 0.1, 0.7, 1.3])[: levels - 1]
    second = strength * first + np.sqrt(1 - strength**2) * noise
    return np.searchsorted(cuts, first), np.searchsorted(cuts, second)


def answers(kinds: tuple[str, str], n: int = 24, strength: float = 0.4, seed: int = 1) -> tuple[list[int], list[int]]:
    """Answers that fit the kinds, with three levels where there are not two."""
    columns = related(n, strength, seed, 3)
    return tuple((column > 0).astype(int) if kind == "yes-no" else column
                 for kind, column in zip(kinds, columns, strict=True))
