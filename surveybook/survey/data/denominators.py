"""Of whom is a share taken?  Of those who answered, of those asked, or of the whole sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from surveybook.survey.data.codebook import Question
from surveybook.survey.data.study import Study
from surveybook.survey.estimates.share import Share, known


@dataclass(frozen=True)
class Denominator:
    """Of whom shares are taken, by `name` and in `words`, and how many these are, by question."""

    name: str
    words: str
    bases: Mapping[str, float]

    def share(self, share: Share, question: str) -> Share:
        """A share of those who answered a question as one of these people."""
        return replace(share, base=self.bases[question])

    @property
    def known(self) -> bool:
        """Whether the number of these people may be told for every question."""
        return all(map(known, self.bases.values()))


def denominators(study: Study, questions: Sequence[Question]) -> list[Denominator]:
    """Those of whom shares of these questions can be taken, each larger than the one before for at least one question.

    The first are those who answered, as everywhere else. Of those asked, and of the sample, whoever gave no answer
    counts as not having given the one in question. There are no others where printed rows do not add up, as it is
    not known then who gave no answer (estimates/sensitivity.py reads such rows), and none of a weighted sample.
    """
    given = {question.id: question.distribution for question in questions}
    answered = Denominator("answered", "those who answered", {name: one.answered for name, one in given.items()})
    if study.sampling or any(one.surplus for one in given.values()):
        return [answered]
    asked = {name: one.asked for name, one in given.items()}
    sample = dict.fromkeys(given, len(study.responses.respondents)) if study.responses else asked
    everybody = " (the whole sample)" if study.responses and asked == sample else ""
    found = [answered]
    for name, words, bases in (("asked", f"those asked{everybody}", asked), ("sample", "the whole sample", sample)):
        if any(known(base) and base != found[-1].bases[question] for question, base in bases.items()):
            found.append(Denominator(name, words, bases))
    return found
