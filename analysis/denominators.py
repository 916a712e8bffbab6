"""Of whom is a share taken?  Of those who answered, of those asked, or of the whole sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .share import known
from .study import Question, Study


@dataclass(frozen=True)
class Denominator:
    """Of whom shares are taken, in `words`, and how many these are, by question."""

    words: str
    bases: Mapping[str, float]


def denominators(study: Study, questions: Sequence[Question]) -> list[Denominator]:
    """Those of whom shares of these questions can be taken, each larger than the one before for at least one question.

    The first are those who answered, as everywhere else. Of those asked, and of the sample, whoever gave no answer
    counts as not having given the one in question. There are no others where printed rows do not add up, as it is
    not known then who gave no answer (analysis/sensitivity.py reads such rows).
    """
    given = {question.id: question.distribution for question in questions}
    answered = Denominator("those who answered", {name: one.answered for name, one in given.items()})
    if any(one.surplus for one in given.values()):
        return [answered]
    asked = {name: one.asked for name, one in given.items()}
    sample = dict.fromkeys(given, len(study.responses.respondents)) if study.responses else asked
    everybody = " (the whole sample)" if study.responses and asked == sample else ""
    found = [answered]
    for words, bases in ((f"those asked{everybody}", asked), ("the whole sample", sample)):
        if any(known(base) and base != found[-1].bases[name] for name, base in bases.items()):
            found.append(Denominator(words, bases))
    return found
