"""What was expected before the data were read?  The hypotheses of a study, checked against its codebook."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from surveybook.survey.data.codebook import WITHOUT_ORDER, Declared
from surveybook.survey.data.schema import Document, read_yaml
from surveybook.survey.errors import Faults

FILE = "hypotheses.yaml"
VARIABLES = ("yes-no", "ordered", "nominal", "count")
# What can be declared for the robustness of all verdicts of a study, and the kinds of questions that it can name
OTHER_CHOICES = {"leave_out": ("yes-no", "ordered", "nominal"), "hold_equal": ("yes-no", "ordered", "count")}


@dataclass(frozen=True)
class Published:
    """A relation that a source states, and what it found: only what its `reference` in references.bib says of it."""

    relation: str
    outcome: str
    reference: str
    read_in: str


@dataclass(frozen=True)
class Family:
    """Hypotheses that are corrected together.

    `smallest_effects`: by measure of effect, the least size that would matter; a smaller one counts as none.
    `reason`: why these sizes. `level`: the share of false alarms that the family may have by Holm; by Benjamini and
    Hochberg that of false ones among the effects; with no correction, that of each claim. `uncorrected`: why none.
    """

    id: str
    title: str
    question: str
    correction: str
    level: float
    smallest_effects: Mapping[str, float]
    reason: str
    uncorrected: str = ""


@dataclass(frozen=True)
class Hypothesis:
    """One expectation: that `predictor` goes with `outcome` in a `direction`.

    `direction`: positive, negative, or any where none is expected or the answers have no order.
    `origin`: why it is here; `published`: the relation that it operationalizes, if one was published.
    Other choices, where declared: each group of `leave_out` is left out in turn, and `hold_equal` is held equal.
    """

    id: str
    family: Family
    claim: str
    predictor: Declared
    outcome: Declared
    direction: str
    origin: str
    published: Published | None
    leave_out: Declared | None = None
    hold_equal: Declared | None = None


@dataclass(frozen=True)
class Claim:
    """What is claimed by a hypothesis, in words, with its id and that of its family."""

    id: str
    family: str
    words: str


def read_claims(path: Path) -> list[Claim]:
    """The claims of a file of hypotheses, without the study that they are about."""
    declared = read_yaml(path, "hypotheses").data["hypotheses"]
    return [Claim(one["id"], one["family"], one["claim"]) for one in declared]


def read_hypotheses(
    folder: Path, codebook: Mapping[str, Declared], faults: Faults | None = None
) -> dict[str, Hypothesis]:
    """The hypotheses in `folder`/hypotheses.yaml by id, in their order; none if there is no such file.

    Raises DataError, one sentence with file and line, for a key that the schema does not know, a question, family or
    relation that does not exist, a question of a kind that cannot be used so, a direction without an order, and two
    hypotheses with the same id or variables.
    """
    path = folder / FILE
    if not os.path.lexists(path):
        return {}
    faults = faults or Faults()
    document = read_yaml(path, "hypotheses", faults=faults)
    parts = {key: {name: told for name, told in (document.data.get(key) or {}).items() if faults.sound(key, name)}
             for key in ("published", "families") if faults.sound(key)}
    published = {name: Published(**declared) for name, declared in parts.get("published", {}).items()}
    families, others, found = {}, {}, {}
    for name in parts.get("families", {}):
        with faults.part(name):
            families[name] = _family(name, document)
    for key in OTHER_CHOICES if faults.sound("robustness") else ():
        with faults.part():
            others[key] = _other_choice(key, ("robustness",), codebook, document)
    for number, declared in enumerate(document.data["hypotheses"] if faults.sound("hypotheses") else ()):
        keys = ("hypotheses", number)
        if not faults.sound(*keys):
            continue
        with faults.part():
            own = {key: _other_choice(key, keys, codebook, document) for key in OTHER_CHOICES if key in declared}
            hypothesis = replace(_hypothesis(declared, families, published, codebook, document, keys), **others | own)
            if hypothesis.id in found:
                raise document.refusal((*keys, "id"), "there is a hypothesis with this id already; choose another")
            for other in found.values():
                if (other.predictor, other.outcome) == (hypothesis.predictor, hypothesis.outcome):
                    raise document.refusal(keys, f"has the predictor and outcome of “{other.id}”; remove one of them")
            found[hypothesis.id] = hypothesis
    if len(found) < len(document.data.get("hypotheses", ())):
        faults.broken |= {"hypotheses", "families", *parts.get("families", {})}
    claimed = {one.get("family") for one in document.data.get("hypotheses", ()) if isinstance(one, dict)}
    for name in families:
        if name not in claimed:
            trouble = "no hypothesis belongs to it; add one, or remove the family"
            faults.add(document.refusal(("families", name), trouble))
    return found


def _family(name: str, document: Document) -> Family:
    """One family from its declaration."""
    declared = {"correction": "holm", "smallest_effects": {}} | document.data["families"][name]
    if (declared["correction"] == "none") != ("uncorrected" in declared):
        raise document.refusal(
            ("families", name), "say under `uncorrected` why nothing is corrected where the correction is none, "
            "and only there"
        )
    smallest = MappingProxyType(declared["smallest_effects"])
    return Family(id=name, **declared | {"smallest_effects": smallest})


def _hypothesis(
    declared: Mapping[str, Any], families: Mapping[str, Family], published: Mapping[str, Published],
    codebook: Mapping[str, Declared], document: Document, keys: tuple[str | int, ...],
) -> Hypothesis:
    """One hypothesis from its declaration."""
    document.known(declared["family"], families, (*keys, "family"), "no family")
    for role in ("predictor", "outcome"):
        document.known(declared[role], codebook, (*keys, role), "no question")
        question = codebook[declared[role]]
        if question.kind not in VARIABLES:
            raise document.refusal(
                (*keys, role), f"“{question.id}” is of the kind {question.kind}; count its answers under `derived`"
            )
    predictor, outcome = codebook[declared["predictor"]], codebook[declared["outcome"]]
    if predictor is outcome:
        raise document.refusal(keys, "has one question as predictor and outcome; name two")
    unordered = [question.id for question in (predictor, outcome) if question.kind in WITHOUT_ORDER]
    if unordered and declared["direction"] != "any":
        raise document.refusal((*keys, "direction"), f"“{unordered[0]}” has no order, so no direction; write any")
    if "published" in declared:
        document.known(declared["published"], published, (*keys, "published"), "no published relation")
    return Hypothesis(
        declared["id"], families[declared["family"]], declared["claim"], predictor, outcome, declared["direction"],
        declared["origin"], published[declared["published"]] if "published" in declared else None,
    )


def _other_choice(
    key: str, place: tuple[str | int, ...], codebook: Mapping[str, Declared], document: Document
) -> Declared | None:
    """The question that `key` names under `robustness` or in a hypothesis, whose `place` it is, if there is one."""
    declared: Any = document.data
    for step in place:
        declared = declared[step] if isinstance(step, int) else declared.get(step, {})
    name, keys, kinds = declared.get(key), (*place, key), OTHER_CHOICES[key]
    if name is None:
        return None
    document.known(name, codebook, keys, "no question")
    if codebook[name].kind not in kinds:
        raise document.refusal(
            keys, f"“{name}” is of the kind {codebook[name].kind}; name a question of the kind {' or '.join(kinds)}"
        )
    return codebook[name]
