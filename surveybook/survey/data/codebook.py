"""What was asked, of whom, and how can it be answered?  The questions that the fields of a descriptor declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from keyword import iskeyword
from types import MappingProxyType
from typing import Any

from surveybook.survey.data import RESPONSES, WAVES
from surveybook.survey.data.schema import Document, Keys
from surveybook.survey.data.table import categories, missing_codes
from surveybook.survey.errors import DataError, Faults
from surveybook.survey.estimates.distribution import NOT_APPLICABLE, Distribution

KINDS = {
    "one-pick": "one answer each", "yes-no": "yes or no", "ordered": "one answer on an ordered scale",
    "nominal": "one answer each", "multi-select": "any number of answers", "count": "a number",
}
CODED, TEXT, CODERS = "coded", "text", "coders"  # a key, and those in it that name columns
SAMPLING, SAMPLED_BY = "sampling", ("weight", "strata", "clusters")  # a key, and those in it that name columns
MATCHED_BY = "matched_by"  # a key of `waves` that names a column
WITHOUT_ORDER = ("one-pick", "nominal")
MISSING = {
    "not-asked": "the question did not apply",
    "skipped": "asked, but gave no answer",
    "cant-say": "asked, but could not say",
    NOT_APPLICABLE: "asked, but it did not apply to them",
}


@dataclass(frozen=True)
class Condition:
    """The question is asked only of those who gave one of `answers` to another `question`."""

    question: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Counting:
    """A number counted for each respondent: how many of the `questions` have one of the `answers`.

    Of a multi-select question, how many of the `answers` were chosen. The number is missing if `any` of the answers
    to the questions is, or only if `all` of them are.
    """

    questions: tuple[str, ...]
    answers: tuple[str, ...]
    missing_if: str


@dataclass(frozen=True, kw_only=True)
class Declared:
    """One question: what it means, who was asked, and how it can be answered.

    `answers`: in their order; of a count, the bands it is shown in. `labels`: of the answers and of the missing codes.
    `missing`: why an answer may be missing, by code. `unit`: what the answer tells about. `respondent`: who answers.
    `bands`: the least number of each band of a count; `maximum`: the largest number of the last one, if there is one.
    `alone`: the option of a multi-select question that excludes all others. `counting`: how a derived count is made.
    """

    id: str
    label: str
    kind: str
    asked: str
    description: str
    wording: str | None
    unit: str
    respondent: str
    locator: str
    answers: tuple[str, ...]
    labels: Mapping[str, str]
    missing: Mapping[str, str]
    construct: str | None = None
    origin: str | None = None
    condition: Condition | None = None
    counting: Counting | None = None
    alone: str | None = None
    minimum: int = 0
    maximum: int | None = None
    bands: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question(Declared):
    """One question as declared, and how many gave each of its answers."""

    distribution: Distribution


def needed(question: Declared, codebook: Mapping[str, Declared]) -> set[str]:
    """The questions whose answers must be known for this one: of a count what it counts, of a question its condition
    and itself."""
    if question.counting:
        return set().union(*(needed(codebook[name], codebook) for name in question.counting.questions))
    if question.condition:
        return {question.id} | needed(codebook[question.condition.question], codebook)
    return {question.id}


def _columns_aside(document: Document, fields: Sequence[Any], faults: Faults, resource: str) -> set[str]:
    """The columns of the responses that say how people were sampled, what they wrote and how that was coded, and who
    they are in other waves, and are no questions as well. An earlier wave needs the last of these alone."""
    declared = {one["name"]: one for one in fields if isinstance(one, dict) and isinstance(one.get("name"), str)}
    named = {keys: name for keys, name in _named_aside(document) if isinstance(name, str)
             and (resource == RESPONSES or keys[0] == WAVES or name in declared)}
    for keys, name in named.items():
        with faults.part():
            document.known(name, declared, keys, f"no column of “{resource}”")
    faults.broken |= named.values() - declared.keys()
    return {name for name in named.values() if name in declared and "kind" not in declared[name]}


def _named_aside(document: Document) -> Iterator[tuple[Keys, Any]]:
    """The names of columns under `sampling`, `coded` and `waves`, with the keys to each."""
    if isinstance(waves := document.data.get(WAVES), dict) and MATCHED_BY in waves:
        yield (WAVES, MATCHED_BY), waves[MATCHED_BY]
    told, coded = document.data.get(SAMPLING), document.data.get(CODED)
    for key in SAMPLED_BY:
        if isinstance(told, dict) and key in told:
            yield (SAMPLING, key), told[key]
    for question, one in coded.items() if isinstance(coded, dict) else ():
        if isinstance(one, dict) and TEXT in one:
            yield (CODED, question, TEXT), one[TEXT]
        for coder, name in one[CODERS].items() if isinstance(one, dict) and isinstance(one.get(CODERS), dict) else ():
            yield (CODED, question, CODERS, coder), name


def read_codebook(document: Document, faults: Faults | None = None, resource: str = RESPONSES) -> dict[str, Declared]:
    """The questions of the resource “responses” of a descriptor, or of an earlier wave, and the counts derived from
    them, by id; of an earlier wave those that its questions allow.

    Raises DataError, one sentence with file and line, for what the schema of a study cannot say: keys that do not fit
    the kind of a question, names of questions or answers that do not exist, and conditions on a later question. With
    `faults` that gather, questions that are not as they should be are left out.
    """
    faults = faults or Faults()
    resources = document.data["resources"]
    number = next(n for n, one in enumerate(resources) if one["name"] == resource)
    schema, keys = resources[number]["schema"], ("resources", number, "schema")
    if len(schema.get("primaryKey", [])) != 1:
        faults.add(document.refusal(keys, "one field must name the respondent; give its name alone as primaryKey"))
        faults.broken.add("primaryKey")
    codebook: dict[str, Declared] = {}
    aside = _columns_aside(document, schema["fields"], faults, resource)
    for n, declared in enumerate(schema["fields"]):
        at = (*keys, "fields", n)
        if faults.sound(*at) and declared["name"] not in {*schema.get("primaryKey", []), *aside}:
            with faults.part(declared["name"], at):
                codebook[declared["name"]] = _question(declared, codebook, document, at)
    for n, declared in enumerate(document.data.get("derived", [])):
        if faults.sound("derived", n):
            with faults.part(declared["name"]) if resource == RESPONSES else suppress(DataError):
                codebook[declared["name"]] = _derived(declared, codebook, document, ("derived", n))
    return codebook


def _question(declared: Mapping[str, Any], earlier: Mapping[str, Declared], document: Document, at: Keys) -> Declared:
    """One question from its field."""
    _check_name(declared["name"], earlier, document, at)
    if declared["type"] == "number":
        raise document.refusal((*at, "type"), "a number with a fraction is no answer; name the column as the weight "
                                              "under “sampling”, or take it out of the file")
    for key in ("wording", "kind", "asked", "unit", "construct", "origin"):
        if key not in declared:
            raise document.refusal(at, f"the key “{key}” is missing; every question states it")
    kind, codes = declared["kind"], missing_codes(declared)
    _check_kind(declared, document, at)
    if ("asked_if" in declared) != ("not-asked" in codes):
        key = "asked_if" if "asked_if" in declared else "missingValues"
        trouble = "“asked_if” and the missing code “not-asked” belong together; give both or neither"
        raise document.refusal((*at, key), trouble)
    bounds = declared.get("constraints", {})
    minimum, maximum = bounds.get("minimum", 0), bounds.get("maximum")
    bands = _bands(declared, minimum, maximum, document, at) if kind == "count" else ()
    answers = _band_labels(bands, maximum) if bands else categories(declared)
    if "exclusive" in declared:
        document.known(declared["exclusive"], answers, (*at, "exclusive"), "no answer")
    return Declared(
        id=declared["name"], label=declared["title"], kind=kind, asked=declared["asked"],
        description=declared["description"], wording=declared["wording"], unit=declared["unit"],
        respondent="respondent", locator=f"column {declared['name']}", answers=tuple(answers),
        labels=MappingProxyType(answers | codes), missing=MappingProxyType({code: MISSING[code] for code in codes}),
        construct=declared["construct"], origin=declared["origin"],
        condition=_condition(declared["asked_if"], earlier, document, (*at, "asked_if"))
        if "asked_if" in declared else None,
        alone=declared.get("exclusive"), minimum=minimum, maximum=maximum, bands=bands,
    )


def _derived(declared: Mapping[str, Any], earlier: Mapping[str, Declared], document: Document, at: Keys) -> Declared:
    """A count over answers, declared under `derived`."""
    _check_name(declared["name"], earlier, document, at)
    counts, inside = declared["counts"], (*at, "counts")
    for name in counts["of"]:
        document.known(name, earlier, (*inside, "of"), "no question")
    parts = [earlier[name] for name in counts["of"]]
    first = parts[0]
    if any(part.answers != first.answers or part.bands for part in parts):
        raise document.refusal((*inside, "of"), "must be questions with the same answers; name others")
    if first.kind == "multi-select" and len(parts) > 1:
        raise document.refusal((*inside, "of"), "must be a single question if its options are counted; name one")
    if first.kind == "multi-select":
        answers = tuple(answer for answer in first.answers if answer != first.alone)
    else:
        answers = _chosen(counts, first, document, inside)
    maximum = len(answers) if first.kind == "multi-select" else len(parts)
    bands = _bands(declared, 0, maximum, document, at)
    labels = _band_labels(bands, maximum)
    codes = {code: first.labels[code] for part in parts for code in part.missing}
    return Declared(
        id=declared["name"], label=declared["title"], kind="count", asked=first.asked,
        description=declared["description"], wording=None, unit=declared["unit"], respondent=first.respondent,
        locator="counted from other answers", answers=tuple(labels),
        labels=MappingProxyType(labels | codes), missing=MappingProxyType({code: MISSING[code] for code in codes}),
        construct=declared["construct"], origin=declared["origin"],
        counting=Counting(tuple(counts["of"]), answers, declared["missing_if"]), maximum=maximum, bands=bands,
    )


def _check_name(name: str, earlier: Mapping[str, Declared], document: Document, at: Keys) -> None:
    if not name.isidentifier() or iskeyword(name) or name != name.lower() or name.startswith("_"):
        raise document.refusal(at, f"“{name}” cannot name a question; write a Python name in snake_case")
    if name in earlier:
        raise document.refusal(at, f"there is a question “{name}” already; choose another name")


def _check_kind(declared: Mapping[str, Any], document: Document, at: Keys) -> None:
    """The keys of a field that must be so for its kind."""
    kind = declared["kind"]
    expected = {"count": "integer", "multi-select": "list"}.get(kind, "string")
    if declared["type"] != expected:
        raise document.refusal((*at, "type"), f"a question of the kind {kind} has the type {expected}; write that")
    if ("categories" in declared) == (kind == "count"):
        told = "takes no categories; remove them" if kind == "count" else "needs categories; list its answers"
        raise document.refusal(at, f"a question of the kind {kind} {told}")
    if declared.get("categoriesOrdered", False) != (kind == "ordered"):
        raise document.refusal(at, "“categoriesOrdered: true” stands for the kind ordered, and only there; correct one")
    if kind == "yes-no" and list(categories(declared)) != ["no", "yes"]:
        raise document.refusal((*at, "categories"), "a question of the kind yes-no has the answers no, yes; list these")
    for key, owner in {"delimiter": "multi-select", "exclusive": "multi-select", "bands": "count"}.items():
        if key in declared and kind != owner:
            raise document.refusal((*at, key), f"belongs to the kind {owner}; remove it")
    if kind == "multi-select" and "delimiter" not in declared:
        raise document.refusal(at, "the key “delimiter” is missing; say what stands between the answers")
    if kind == "count" and not {"minimum", "maximum"} <= declared.get("constraints", {}).keys():
        raise document.refusal(at, "a count needs bounds; give minimum and maximum under constraints")


def _condition(declared: Mapping[str, Any], earlier: Mapping[str, Declared], document: Document, at: Keys) -> Condition:
    document.known(declared["question"], earlier, (*at, "question"), "no earlier question")
    return Condition(declared["question"], _chosen(declared, earlier[declared["question"]], document, at))


def _chosen(declared: Mapping[str, Any], question: Declared, document: Document, at: Keys) -> tuple[str, ...]:
    """The answers that `is: answer` or `at_least: answer` means."""
    key = "at_least" if "at_least" in declared else "is"
    if key not in declared:
        raise document.refusal(at, "does not say which answer; add “is” or “at_least”")
    if key == "at_least" and question.kind != "ordered":
        raise document.refusal((*at, key), f"“{question.id}” has no order; write “is” instead")
    if question.kind not in ("yes-no", "ordered", "nominal"):
        raise document.refusal((*at, key), f"“{question.id}” is of the kind {question.kind}; name one with one pick")
    document.known(declared[key], question.answers, (*at, key), f"no answer of “{question.id}”")
    first = question.answers.index(declared[key])
    return question.answers[first:] if key == "at_least" else (declared[key],)


def _bands(declared: Mapping[str, Any], minimum: int, maximum: int, document: Document, at: Keys) -> tuple[int, ...]:
    """The least number of each band in which a count is shown; each number on its own where none are declared."""
    bands: Sequence[int] = declared.get("bands", range(minimum, maximum + 1))
    if list(bands) != sorted(bands) or bands[0] != minimum or bands[-1] > maximum:
        raise document.refusal((*at, "bands"), f"must rise from {minimum} to at most {maximum}; correct the numbers")
    return tuple(bands)


def _in_groups(number: int) -> str:
    """“150,000”, but “1990”, which may be a year."""
    return f"{number:,}" if number >= 10_000 else f"{number}"


def _band_labels(bands: Sequence[int], maximum: int) -> dict[str, str]:
    """Id -> label of each band."""
    lasts = [*(following - 1 for following in bands[1:]), maximum]
    return {
        f"is-{least}" if least == most else f"from-{least}":
            _in_groups(least) if least == most else f"{_in_groups(least)} to {_in_groups(most)}"
        for least, most in zip(bands, lasts, strict=True)
    }
