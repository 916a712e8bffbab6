"""What is known of the hypotheses of a study?  Verdicts and other choices, each worked out when it is asked for.

A page that shows one family judges one family: the p values of others do not touch it.
"""

from __future__ import annotations

from surveybook.survey.data.hypotheses import Family
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError
from surveybook.survey.verdicts.robustness import Robustness, robustness
from surveybook.survey.verdicts.verdict import Verdict, judge


class Judgements:
    """The verdicts of a study and what other choices would have given, kept once they are worked out."""

    def __init__(self, study: Study):
        self.study = study
        self._verdicts: dict[str, Verdict] = {}
        self._robustness: dict[str, Robustness] = {}

    @property
    def families(self) -> dict[str, Family]:
        """The families of the hypotheses by id, in their order."""
        return {one.family.id: one.family for one in self.study.hypotheses.values()}

    def verdict(self, name: str) -> Verdict:
        """The verdict on one hypothesis. Raises DataError with the ids there are."""
        self._check(name, self.study.hypotheses, "hypothesis")
        if name not in self._verdicts:
            self._verdicts |= judge(self.study, family=self.study.hypotheses[name].family.id)
        return self._verdicts[name]

    def of(self, family: str = "") -> list[Verdict]:
        """The verdicts on the hypotheses of one family, or on all. Raises DataError with the ids there are."""
        if family:
            self._check(family, self.families, "family")
        return [self.verdict(name) for name, one in self.study.hypotheses.items() if family in ("", one.family.id)]

    def robustness(self, name: str) -> Robustness:
        """One hypothesis under every other choice."""
        if name not in self._robustness:
            self._robustness[name] = robustness(self.study, self.verdict(name))
        return self._robustness[name]

    def _check(self, name: str, known: dict, what: str) -> None:
        if name not in known:
            there = f"use one of {', '.join(known)}" if known else "declare some in hypotheses.yaml"
            raise DataError(f"the study “{self.study.id}” has no {what} called “{name}”; {there}")
