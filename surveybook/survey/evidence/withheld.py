"""What is withheld of a study, and what can its author do about it?"""

from __future__ import annotations

from collections.abc import Iterator

from surveybook.survey.data.study import Study
from surveybook.survey.estimates.share import known
from surveybook.survey.words.text import listing


def advice(study: Study) -> Iterator[str]:
    """A line for each question, each hypothesis and each pair that is crossed of which something is withheld or put
    together; none where everything is shown."""
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
    judged = {frozenset((one.predictor.id, one.outcome.id)) for one in study.hypotheses.values()}
    for name, by in study.crossed:
        if frozenset((name, by)) not in judged:
            yield from _of_groups(study, name, by)


def _of_groups(study: Study, name: str, by: str) -> Iterator[str]:
    """What is withheld or put together of a question that is shown by the answers to another one."""
    question, table = study.questions[name], study.shown.crossed(study.questions[name], study.questions[by])
    if table.trouble:
        yield (f"“{name}” by “{by}” is not shown, as {table.trouble}; put answers of either together, or take the pair "
               "out of “crossed”")
        return
    silent = [f"“{label}”" for label, line in zip(table.rows, table.table, strict=True) if not known(line[0])]
    if silent:
        yield (f"“{name}” by “{by}” is shown without {listing(silent)}, as few people of a group chose that, or few "
               "did not")
    fewer = [f"{len(labels)} for the {len(one.answers)} of “{one.id}”"
             for one, labels in ((study.questions[by], table.columns), (question, table.rows))
             if len(labels) < len(one.answers)]
    if fewer:
        yield f"“{name}” by “{by}” is shown with answers put together: {listing(fewer)}"
