"""What the plan says about answers that are given as codes, of which every count may be shown."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from surveybook.survey.data.crossing import crossed
from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.stats.contingency import DRAWS
from surveybook.survey.verdicts.verdict import Verdict, judge_counts


def judge_codes(
    hypotheses: Mapping[str, Hypothesis], codes: Mapping[str, np.ndarray], evidence: str, draws: int = DRAWS
) -> dict[str, Verdict]:
    """The verdict on every hypothesis, by id; `codes` by question, one a person."""
    counts = {name: crossed(h.predictor, h.outcome, codes) for name, h in hypotheses.items()}
    return judge_counts(hypotheses, counts, evidence, draws)
