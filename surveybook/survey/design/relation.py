"""Which hypotheses are true in a model?  Two answers are related if something that was drawn stands behind both."""

from __future__ import annotations

from collections.abc import Mapping

from surveybook.survey.data.codebook import Declared, needed
from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.data.simulation.assumptions import Model

NOTHING = 1e-9  # a weight below it is none


def related(hypothesis: Hypothesis, model: Model, codebook: Mapping[str, Declared]) -> bool:
    """Whether predictor and outcome are related among those who give both answers.

    They are if one independent noise stands behind both values, or if whether an answer is missing depends on both
    (selection): then those who are left show a relation that nobody else has.
    """
    parts = model.parts()

    def sources(latents: set[str]) -> set[str]:
        return {source for name in latents for source, weight in parts[name].items() if abs(weight) > NOTHING}

    values, missing = [], set()
    for question in (hypothesis.predictor, hypothesis.outcome):
        latents = {latent for name in needed(question, codebook) for latent in model.latents_of(name)}
        values.append(sources({name for name in latents if ":" not in name}))
        missing |= {name for name in latents if ":" in name}
        if question.counting and question.counting.missing_if == "all":  # a missing part counts as none
            values[-1] |= sources({name for name in latents if ":" in name})
    predictor, outcome = values
    selection = sources(missing)
    return bool(predictor & outcome or (selection & predictor and selection & outcome))
