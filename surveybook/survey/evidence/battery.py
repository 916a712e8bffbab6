"""Which questions are shown together, and how do their answers compare, in numbers and in words?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from surveybook.survey.data.codebook import Question
from surveybook.survey.data.denominators import Denominator
from surveybook.survey.data.scale import is_neutral
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.equality import ALPHA
from surveybook.survey.estimates.share import WITHHELD, Share, known
from surveybook.survey.estimates.weighting import knows_no_weights
from surveybook.survey.stats.pairs import cochran_q, friedman
from surveybook.survey.stats.result import Tested
from surveybook.survey.words import text
from surveybook.survey.words.names import Tree, joined

KINDS = ("yes-no", "ordered", "multi-select")


@dataclass(frozen=True)
class Battery:
    """Questions of one kind with the same answers, of which each has been answered by somebody.

    `label`: what they are about; the questions stand in the order of the codebook. `cut`: the place of the first answer
    that counts, where the study counts such answers to all of them; `of`: of whom shares are, if not of those who
    answered.
    """

    label: str
    questions: tuple[Question, ...]
    cut: int | None = None
    of: Denominator | None = None

    def base(self, question: Question) -> float:
        """How many people shares of the answers to a question are of."""
        return self.of.bases[question.id] if self.of else question.distribution.answered

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers that all the questions offer, in their order."""
        return self.questions[0].answers

    @property
    def labels(self) -> dict[str, str]:
        """The labels of the answers and of the missing codes, by id."""
        return {name: label for question in self.questions for name, label in question.labels.items()}

    @property
    def missing(self) -> list[str]:
        """Why an answer to any of the questions may be missing, by code."""
        return list(dict.fromkeys(code for question in self.questions for code in question.missing))

    @property
    def middle(self) -> int | None:
        """The place of the answer in the middle of a scale, on neither of its sides; None where there is none, or where
        some answers count."""
        if len(self.answers) % 2 == 0 or self.cut is not None:
            return None
        return len(self.answers) // 2 if is_neutral([self.labels[answer] for answer in self.answers]) else None

    @property
    def above(self) -> int:
        """The place of the first answer that counts, or else above the middle of a scale."""
        return self.cut or (len(self.answers) + 1) // 2

    @property
    def below(self) -> int:
        """How many answers lie below those that count, or else below the middle of a scale."""
        return self.above if self.middle is None else len(self.answers) // 2

    @property
    def names(self) -> dict[str, str]:
        """What each question is called among the others: the parts of its label, divided by “: ”, that differ."""
        parts = {question.id: question.label.split(": ") for question in self.questions}
        common = set.intersection(*map(set, parts.values())) if len(parts) > 1 else set()
        short = {name: ": ".join(part for part in own if part not in common) for name, own in parts.items()}
        return {question.id: text.first_up(short[question.id] or question.label) for question in self.questions}

    def shares(self, answers: Collection[str]) -> dict[str, Share]:
        """Of each question by id, how many of those who answered it, or of `of`, gave one of these answers.

        They are read side by side, so their intervals hold for all the questions together. Raises ValueError for
        several options of multi-select questions, which do not add up.
        """
        if len(answers) > 1 and not all(question.distribution.one_each for question in self.questions):
            raise ValueError("options of which several may be chosen cannot be added up")
        among = len(self.questions)
        if not self.of:
            return {question.id: question.distribution.share(answers, among) for question in self.questions}
        counts = {question.id: question.distribution.counts for question in self.questions}
        return {question.id: Share(sum(counts[question.id][answer] for answer in answers), self.base(question), among)
                for question in self.questions}

    def ranked(self, shares: Mapping[str, Share]) -> list[tuple[Question, Share]]:
        """The questions with their shares, from the largest to the smallest, withheld ones last; ties in the order of
        the codebook."""
        return sorted(((question, shares[question.id]) for question in self.questions),
                      key=lambda one: 1 if one[1].withheld else -one[1].value)

    @property
    def upper(self) -> str:
        """The answers above the middle of a scale, in words: “Very relevant” or higher."""
        return f"“{self.labels[self.answers[self.above]]}” or higher"

    def at_least(self, place: int) -> dict[str, Share]:
        """Of each question on a scale, how many gave the answer at this place or a higher one."""
        return self.shares(self.answers[place:])


def battery(study: Study, names: Sequence[str], kind: str) -> Battery:
    """The questions of one kind that `names` means: ids of questions, or constructs, which stand for all their
    questions of that kind.

    Raises DataError for a name that is neither, a question of another kind, questions with different answers, and a
    question that nobody answered.
    """
    found: dict[str, Question] = {}
    for name in names:
        for question in _meant(study, name, kind):
            found[question.id] = question
    if not found:
        raise DataError(f"nothing says what to show; name questions of the kind {kind}, or a construct")
    questions = tuple(found[name] for name in study.questions if name in found)
    for question in questions:
        if _offered(question) != _offered(questions[0]):
            raise DataError(f"“{questions[0].id}” and “{question.id}” have different answers; show them apart")
        if not question.distribution.answered:
            raise DataError(f"nobody answered “{question.id}”, so it has no shares; name the others alone")
    constructs = {question.construct for question in questions}
    labels = [question.label for question in questions]
    label = (constructs.pop() if len(questions) > 1 and len(constructs) == 1 else None) or ", ".join(labels)
    return Battery(text.first_up(label), questions, _cut(study, questions))


def _cut(study: Study, questions: Sequence[Question]) -> int | None:
    """The place of the first answer on a scale that a number of the study counts: in the answers to these questions,
    and from there on up."""
    scale, asked = questions[0].answers, {question.id for question in questions}
    for counting in (one.counting for one in study.questions.values() if one.counting):
        place = len(scale) - len(counting.answers)
        if asked <= set(counting.questions) and place and tuple(counting.answers) == scale[place:]:
            return place
    return None


def batteries(study: Study) -> list[Battery]:
    """All batteries of a study: of each construct the questions of each kind, if they are several, have the same
    answers and were answered."""
    wanted = {(q.construct, q.kind): None for q in study.questions.values() if q.construct and q.kind in KINDS}
    found = []
    for construct, kind in wanted:
        own = [q for q in study.questions.values() if (q.construct, q.kind) == (construct, kind)]
        if len(own) > 1 and len({_offered(q) for q in own}) == 1 and all(q.distribution.answered for q in own):
            found.append(battery(study, [str(construct)], kind))
    return found


def difference(study: Study, questions: Battery) -> tuple[Tested, int] | None:
    """Do the same people answer the questions differently?  The test, and how many people answered all of them.

    Cochran's Q for yes and no, Friedman's test for answers on a scale; None where there are fewer than three
    questions, no responses of single people, or none who answers all of them and differs.
    """
    if study.responses is None or len(questions.questions) < 3:
        return None
    codes = np.column_stack([study.responses.codes[question.id] for question in questions.questions])
    complete = codes[(codes >= 0).all(axis=1)]
    if len(complete) < 2 or not np.ptp(complete, axis=1).any():
        return None
    test = cochran_q if questions.questions[0].kind == "yes-no" else friedman
    return test(complete), len(complete)


def _offered(question: Question) -> tuple[tuple[str, str], ...]:
    """The answers to a question with their labels, in their order."""
    return tuple((answer, question.labels[answer]) for answer in question.answers)


def _meant(study: Study, name: str, kind: str) -> list[Question]:
    """The questions that one name means."""
    if name in study.asked:
        question = study.asked[name]
        if question.kind != kind:
            raise DataError(
                f"“{name}” is a question of the kind {question.kind}, and this shows the kind {kind}; "
                "show it with figures.shares or tables.shares"
            )
        return [question]
    own = [question for question in study.questions.values() if question.construct == name]
    if not own:
        constructs = dict.fromkeys(q.construct for q in study.questions.values() if q.construct)
        raise DataError(
            f"the study “{study.id}” has no question and no construct called “{name}”; use one of "
            f"{', '.join([*constructs, *study.questions])}"
        )
    found = [question for question in own if question.kind == kind]
    if not found:
        kinds = ", ".join(dict.fromkeys(question.kind for question in own))
        raise DataError(f"the construct “{name}” has no question of the kind {kind}, only of the kind {kinds}; "
                        "name another")
    return found


# --- in words


def together(study: Study) -> Tree:
    """The findings of the questions that stand together: by construct, then by kind."""
    tree: dict[str, Tree] = {}
    for asked in batteries(study):
        construct = "".join(letter if letter.isalnum() else "_" for letter in str(asked.questions[0].construct).lower())
        tree.setdefault(construct, {})[asked.questions[0].kind] = _battery(study, asked)
    return dict(tree)


def _battery(study: Study, asked: Battery) -> Tree:
    """The findings of one battery."""
    kind = asked.questions[0].kind
    tree: Tree = {"label": text.declared(asked.label), "count": text.declared(text.whole(len(asked.questions)))}
    if kind == "multi-select":
        return tree | {"chosen": {answer: _compared(asked, asked.shares([answer])) for answer in asked.answers}}
    if kind == "yes-no":
        tree["yes"] = _compared(asked, asked.shares(["yes"]))
    else:
        tree["at_least"] = {
            answer: _compared(asked, asked.at_least(place)) for place, answer in enumerate(asked.answers) if place
        }
    return tree | ({"differ": partial(_differ, study, asked)} if len(asked.questions) > 2 else {})


def _compared(asked: Battery, shares: Mapping[str, Share]) -> Tree:
    """The share of one answer in each question, and where it is largest and smallest, all equal ones named."""
    ranked = asked.ranked(shares)
    tree: Tree = {}
    for name, (_, extreme) in {"most": ranked[0], "least": ranked[-1]}.items():
        tied = [asked.names[question.id] for question, share in ranked if share.value == extreme.value]
        if not all(known(share.value) for share in shares.values()):  # a withheld one could be the extreme one
            tied, extreme = [text.WITHHELD], Share(WITHHELD, WITHHELD)
        small = text.listing([text.lower(one) for one in tied])
        tree[name] = text.share(extreme, text.listing(tied)) | {"label": small}
    single: Tree = {name: text.share(share, asked.names[name]) for name, share in shares.items()}
    return joined(f"the battery “{asked.label}”", tree, single)


def _differ(study: Study, asked: Battery) -> Tree:
    """Whether the same people answer the questions differently, as a test and as the predicate of a sentence."""
    if study.disclosure.minimum_cell:  # the test rests on how the same people answered all the questions
        return {"verdict": "cannot be compared, as counts are withheld", "p": "no test", "test": "none",
                "n": text.WITHHELD, "alpha": text.declared(text.percent(ALPHA))}
    if study.sampling:
        raise knows_no_weights("the test whether the same people answer several questions differently")
    found = difference(study, asked)
    if not found:
        why = "cannot be compared, as too few people answered all of them"
        return {"verdict": why, "p": "no test", "test": "none", "n": "0", "alpha": text.declared(text.percent(ALPHA))}
    test, n = found
    verdict = "differ beyond chance" if test.p < ALPHA else "cannot be told apart"
    return {"verdict": verdict, "p": text.p_value(test.p), "test": test.method, "n": text.whole(n),
            "alpha": text.declared(text.percent(ALPHA))}
