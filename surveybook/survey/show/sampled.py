"""Which figures and tables know weights, strata and clusters?  All others refuse a study that declares them.

This is the one place of that rule: whatever is shown of a study and is not named here refuses it in one sentence, so
that nothing new treats people alike by oversight. (Findings have the same rule in evidence/questions.py.)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from surveybook.survey.estimates.weighting import knows_no_weights
from surveybook.survey.evidence.findings import Findings

FIGURES = frozenset({
    "bars", "change", "choices", "crossed", "forest", "means", "options", "ordered", "scores", "shares", "yes"})
TABLES = frozenset({
    "shares", "options", "ordered", "yes",  # by distribution and share
    "crossed", "differences", "means", "scores",  # by domains
    "change", "questionnaire",  # by two samples
    "choices", "counts", "effects", "hypotheses", "passport",  # by the plan for samples
    "coders", "quotes",  # of texts, each of which counts once
    "codebook", "constructs", "fields", "files", "missing",  # what was asked, and of how many people
})


def refuse_others(module: dict[str, Any], known: frozenset[str], kind: str) -> None:
    """Let every public function of a module refuse a study that declares its sampling, but those that know it."""
    for name in module["__all__"]:
        if name not in known:
            module[name] = _refusing(module[name], f"{kind}.{name}")


def _refusing(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    @wraps(function)
    def refusing(*arguments: Any, **options: Any) -> Any:
        for one in (*arguments, *options.values()):
            if isinstance(one, Findings) and one.study.sampling:
                raise knows_no_weights(name)
        return function(*arguments, **options)

    return refusing
