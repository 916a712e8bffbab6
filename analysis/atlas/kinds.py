"""Which cases show which attack of the list?  The techniques that stand for each, under a strict and a broad reading.

The list is the one from which the interviewed organizations picked the attack they feared most. What stands for what is
data: mapping.csv, a reason in each line. A line stands for its technique and what is below it, and a case is counted
once for a kind, however many of its steps belong to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.atlas.collection import Documented, Mitigation, Tally
from surveybook.survey.data.codebook import Question
from surveybook.survey.data.study import Study
from surveybook.survey.errors import DataError

STRICT, BROAD, NONE = "strict", "broad", "none"


@dataclass(frozen=True)
class Reading:
    """What stands for a kind under one reading: techniques as mapped, the cases and mitigations that they bring."""

    techniques: tuple[str, ...]
    cases: frozenset[str]
    tally: Tally
    mitigations: tuple[Mitigation, ...]


@dataclass(frozen=True)
class Kind:
    """A kind of attack. `picks`: how many organizations feared it most, None if it was not on their list. `broad` holds
    all of `strict`."""

    id: str
    label: str
    picks: int | None
    strict: Reading
    broad: Reading

    @property
    def listed(self) -> bool:
        return self.picks is not None


def read_kinds(study: Study, documented: Documented, feared: Question) -> list[Kind]:
    """The kinds of the mapping, in its order; `feared` is the question whose answers are the list.

    Raises DataError if the mapping leaves out an attack of the list, calls it otherwise, or has no line for a kind.
    """
    labels, lines = study.package.labels("mapping", "attack"), study.package.tables["mapping"]
    path = study.package.folder / study.package.resources["mapping"]["path"]
    for answer in feared.answers:
        if labels.get(answer) != feared.labels[answer]:
            raise study.package.document.refusal(
                ["resources", list(study.package.resources).index("mapping")],
                f"the column “attack” has no category “{answer}” with the label “{feared.labels[answer]}”, as the list "
                "has it; add it")
    kinds = []
    for name, label in labels.items():
        own = lines[lines["attack"] == name]
        if own.empty:
            raise DataError(f"{path}: no row is about “{name}”; add one, of the reading {NONE} if it has no technique")
        for line in own.itertuples():
            if (line.reading == NONE) != pd.isna(line.technique):
                raise DataError(f"{path}: row {line.Index}: the reading {NONE} stands where there is no technique, and "
                                "only there; correct one of them")
        read = {reading: own["technique"][own["reading"] == reading].tolist() for reading in (STRICT, BROAD)}
        kinds.append(Kind(name, label, feared.distribution.counts.get(name),
                          _reading(documented, read[STRICT]), _reading(documented, read[STRICT] + read[BROAD])))
    return kinds


def _reading(documented: Documented, techniques: list[str]) -> Reading:
    cases = documented.showing(techniques)
    return Reading(tuple(techniques), cases, documented.tally(cases), tuple(documented.against(techniques)))


def unmapped(documented: Documented, kinds: list[Kind]) -> list[str]:
    """The cases that show none of the kinds, under any reading."""
    shown = frozenset().union(*(kind.broad.cases for kind in kinds))
    return [one for one in documented.cases if one not in shown]


def shown_by(kinds: list[Kind]) -> Mapping[str, list[tuple[Kind, str]]]:
    """By case, the kinds that it shows, each with the reading under which it does."""
    found: dict[str, list[tuple[Kind, str]]] = {}
    for kind in kinds:
        for case in kind.broad.cases:
            found.setdefault(case, []).append((kind, STRICT if case in kind.strict.cases else BROAD))
    return found
