"""What was asked, of whom, and what did they answer?  All that is known of a study, as one object."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from surveybook.survey.data import CLAIMS, COUNTS, RESPONSES
from surveybook.survey.data.codebook import Question
from surveybook.survey.data.coding import Coding
from surveybook.survey.data.collection import Collection
from surveybook.survey.data.counts import Group
from surveybook.survey.data.disclosure import DisclosedCounts, Disclosure
from surveybook.survey.data.hypotheses import Hypothesis
from surveybook.survey.data.package import Package
from surveybook.survey.data.plan import Plan
from surveybook.survey.data.publication import given_away
from surveybook.survey.data.quotes import Quote
from surveybook.survey.data.responses import Responses
from surveybook.survey.data.waves import Waves
from surveybook.survey.errors import DataError
from surveybook.survey.estimates.weighting import Sampling
from surveybook.survey.words.text import SIMULATED

# Names that the package of a report has, so that no study can be imported by them
TAKEN = ("analysis", "boxes", "data", "evidence", "figures", "report", "reporting", "sections", "tables")


@dataclass(frozen=True)
class Study:
    """A study whose data are published counts, the responses of a survey, or things that were collected.

    `questions` and `groups` by id; `responses` of each respondent, and the `hypotheses` declared about them, by id
    (None and empty where there are counts alone). `disclosure`: the rule by which counts are withheld; the
    distributions of the questions hold only what it leaves. `claims`: one row for each number that the source states
    (empty where the study has none). `others`: the frames of all further resources whose rows are published, by name.
    `collection`: what was collected, of a study that asked nobody, and has no questions. `plan`: what was planned
    before the responses were there, if that was sealed. `crossed`: the ids of each question that is declared to be
    shown by the answers to another one, and of that one. `codings`: how texts were coded, by the question that holds
    the codes; `quotes`: the texts that may be shown. `waves`: what was answered in earlier waves of the same survey;
    all else is about the last one.
    """

    package: Package
    questions: Mapping[str, Question]
    groups: Mapping[str, Group]
    disclosure: Disclosure
    responses: Responses | None = None
    hypotheses: Mapping[str, Hypothesis] = field(default_factory=dict)
    collection: Collection | None = None
    plan: Plan | None = None
    crossed: tuple[tuple[str, str], ...] = ()
    codings: Mapping[str, Coding] = field(default_factory=dict)
    quotes: tuple[Quote, ...] = ()
    waves: Waves | None = None

    @property
    def id(self) -> str:
        return self.package.descriptor["name"]

    @property
    def title(self) -> str:
        return self.package.descriptor["title"]

    @property
    def source(self) -> str:
        """The first source, with its version and address; that of simulated data says so."""
        first = self.package.descriptor["sources"][0]
        words = ", ".join(first[key].strip() for key in ("title", "version", "path") if key in first)
        return f"{SIMULATED}. {words}" if self.simulated else words

    @property
    def licence(self) -> str:
        return self.package.descriptor["licenses"][0]["name"]

    @property
    def simulated(self) -> bool:
        return self.package.descriptor["simulated"]

    @property
    def given_away(self) -> frozenset[str]:
        """The names of the resources whose rows are published."""
        return given_away(self.package.descriptor)

    @property
    def answers(self) -> str:
        """What to call the answers in a sentence."""
        return f"{SIMULATED.split()[0].lower()} answers" if self.simulated else "answers"

    @property
    def provenance(self) -> str:
        """How the data came to be here."""
        words = self.package.descriptor["provenance"]
        how = "the responses were drawn from the model in simulation.yaml" if self.responses else "counts are made up"
        return f"{SIMULATED}: no one was asked, {how}. {words}" if self.simulated else words

    @property
    def credit(self) -> str:
        """Whom to credit, in a few words."""
        words = self.package.descriptor["credit"]
        return f"{SIMULATED.lower()}, {words}" if self.simulated else words

    @property
    def sampling(self) -> Sampling | None:
        """How people came into the sample, where not all had the same chance by themselves."""
        return self.responses.sampling if self.responses else None

    @property
    def claims(self) -> pd.DataFrame:
        return self.package.tables.get(CLAIMS, pd.DataFrame())

    @property
    def others(self) -> dict[str, pd.DataFrame]:
        return {name: self.package.tables[name] for name in self.package.tables
                if name in self.given_away - {COUNTS, CLAIMS, RESPONSES}}

    @cached_property
    def shown(self) -> DisclosedCounts:
        """What the rule leaves of the responses. Raises ValueError where there are none."""
        if self.responses is None:
            raise ValueError(f"the study “{self.id}” has no responses")
        pairs = [(one.predictor.id, one.outcome.id) for one in self.hypotheses.values()]
        return DisclosedCounts(self.responses, self.disclosure, [*pairs, *self.crossed])

    def absent(self, question: Question) -> dict[str, int]:
        """How many gave no answer to a question, by reason; those who were not asked among them."""
        absent = dict(question.distribution.missing)
        if self.responses and "not-asked" in question.missing:
            absent = {"not-asked": len(self.responses.respondents) - question.distribution.asked} | absent
        return absent

    @property
    def asked(self) -> Mapping[str, Question]:
        """The questions. Raises DataError for a collection, which has none, and of which no share can be had."""
        if self.collection:
            raise DataError(f"the study “{self.id}” asked nobody: its {self.collection.unit}s were collected, and no "
                            "share or interval can be made of them; count the rows of its files")
        return self.questions

    def question(self, name: str) -> Question:
        """The question with this id. Raises DataError with the ids there are."""
        return _named(self.asked, name, f"the study “{self.id}” has no question")

    def group(self, name: str) -> Group:
        """The group with this id. Raises DataError with the ids there are."""
        return _named(self.groups, name, f"the study “{self.id}” has no group")


def _named(known: Mapping[str, Any], name: Any, trouble: str) -> Any:
    """The entry with this name, or one sentence that lists the names there are."""
    if name not in known:
        raise DataError(f"{trouble} is called “{name}”; use one of {', '.join(known)}")
    return known[name]
