"""What is withheld of a study, and what can its author do about it?"""

from __future__ import annotations

from collections.abc import Iterator

from surveybook.survey.data.study import Study
from surveybook.survey.words.text import listing


def advice(study: Study) -> Iterator[str]:
    """A line for each question and each hypothesis of which something is withheld or put together; none where
    everything is shown."""
    if not study.responses or not study.disclosure.minimum_cell:
        return
    for name, answers in study.shown.withheld_answers.items():
        if name in study.shown.untold:
            yield f"nothing is told of “{name}”, as it is withheld how many answered a question that it counts"
        elif answers:
            yield (f"withheld of “{name}”: {listing(answers)}; put its answers together so that each has "
                   f"{study.disclosure.minimum_cell} people or nobody, to show them")
    for hypothesis in study.hypotheses.values():
        table = study.shown.crossed(hypothesis.predictor, hypothesis.outcome)
        if table.trouble:
            yield (f"“{hypothesis.id}” is not judged, as {table.trouble}; put answers of "
                   f"“{hypothesis.predictor.id}” or “{hypothesis.outcome.id}” together, or leave the hypothesis out")
        for question, labels in ((hypothesis.predictor, table.rows), (hypothesis.outcome, table.columns)):
            if len(labels) < len(question.answers):
                yield (f"“{hypothesis.id}” is judged with answers of “{question.id}” put together: "
                       f"{listing([f'“{label}”' for label in labels])}")
