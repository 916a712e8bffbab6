"""How are results of the design analysis told?  The words and facts that its figures, tables and sentences share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from surveybook.survey.data.study import Study
from surveybook.survey.design.power import Detectable, Power
from surveybook.survey.design.stored import read_stored
from surveybook.survey.estimates.share import Share
from surveybook.survey.evidence.about import about
from surveybook.survey.words import text

COMPUTED = "Computed by simulating surveys and judging each by the plan, under the assumptions of the model"


@cache
def _power(folder: Path) -> Power:
    return Power(read_stored(folder))


def power_of(study: Study) -> Power:
    """The stored design analysis of a study. Raises DataError where it is missing or stale."""
    return _power(study.package.folder)


def label(power: Power, hypothesis: str) -> str:
    """A hypothesis in the words of its two questions."""
    declared = power.declared(hypothesis)
    return f"{declared.predictor.label} → {text.lower(declared.outcome.label)}"


def rate(share: Share, word: str) -> dict[str, Any]:
    """A rate of surveys as exact values, with its Monte Carlo interval."""
    return {"verdict": word, "count": share.count, "surveys": share.base, "share": share.value,
            "low": share.interval.low, "high": share.interval.high}


def size_words(found: Detectable) -> text.Written:
    """“0.214 ± 0.002”, or that no size of the grid is found so often."""
    words = f"{text.decimal(found.size, 3)} ± {text.decimal(found.error, 3)}"
    if not found.reached:
        words = f"more than {text.decimal(found.size, 2)}"
    return text.Written(words, value=found.size, error=found.error)


def facts(study: Study, made_by: Callable[..., Any], data: list[dict[str, Any]]) -> dict[str, Any]:
    """What travels with a result of the design analysis: it is simulated whatever the study is."""
    shown = about(study, made_by, pd.DataFrame(data))
    return shown | {"simulated": True, "label": text.SIMULATED, "provenance": f"{COMPUTED}. No one was asked."}


def note(power: Power, more: str = "", sizes: bool = False) -> str:
    """The line below a figure or table: how it was computed, and from how many surveys."""
    where = "" if sizes else f" Surveys of {text.whole(power.respondents)} respondents."
    return f"{COMPUTED}; no answers of people.{where}{f' {text.first_up(more)}.' if more else ''}"
