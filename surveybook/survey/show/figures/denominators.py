"""Of whom are the shares that a chart shows?  The same chart for each group of people that they can be taken of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from surveybook.survey.data.codebook import Question
from surveybook.survey.data.denominators import Denominator, denominators
from surveybook.survey.data.study import Study
from surveybook.survey.show.display import Drawn
from surveybook.survey.show.figures.canvas import Chart, both


def drawn_of(study: Study, questions: Sequence[Question], draw: Callable[[Denominator, bool], Chart]) -> list[Drawn]:
    """The charts with shares of others than those who answered; none where a number of people is withheld."""
    first, *others = denominators(study, questions)
    if not all(one.known for one in (first, *others)):
        return []
    return [Drawn(one.words, *both(lambda wide, one=one: draw(one, wide))) for one in others]
