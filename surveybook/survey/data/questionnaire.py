"""What of the questionnaire moved between two waves?  Questions that are new, gone, reworded, or answered otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from surveybook.survey.data.codebook import KINDS, Condition, Declared, needed
from surveybook.survey.words.text import listing

NEW, GONE, REWORDED, ANSWERS, REASONS, CONDITION, KIND = (
    "new", "dropped", "reworded", "answers", "reasons for no answer", "condition", "kind")


@dataclass(frozen=True)
class Move:
    """One thing that moved: of which question (its id and label), `what` it is, one of the words above, and `how`, as a
    clause."""

    question: str
    label: str
    what: str
    how: str


def moves(before: Mapping[str, Declared], after: Mapping[str, Declared]) -> list[Move]:
    """All that moved from one questionnaire to a later one, in the order of the later one; what was dropped at the
    end."""
    found = []
    for name, question in after.items():
        if name not in before:
            found.append(Move(name, question.label, NEW, "was not asked before"))
        else:
            found += [Move(name, question.label, *one) for one in differences(before[name], question)]
    return found + [Move(name, question.label, GONE, "was not asked again")
                    for name, question in before.items() if name not in after]


def differences(before: Declared, after: Declared) -> Iterator[tuple[str, str]]:
    """What differs between one question in two waves, and how."""
    if before.kind != after.kind:
        yield KIND, f"was answered by {KINDS[before.kind]} ({before.kind}), now by {KINDS[after.kind]} ({after.kind})"
    old, new = (" ".join((one.wording or "").split()) for one in (before, after))
    if old != new:
        yield REWORDED, f"“{old}” became “{new}”"
    if before.kind == after.kind != "count":
        if how := "; ".join(_answers(before, after)):
            yield ANSWERS, how
    elif before.counting and after.counting and before.counting != after.counting:
        yield ANSWERS, "other answers are counted"
    if before.missing.keys() != after.missing.keys():
        old, new = (_coded(list(one.missing)) for one in (before, after))
        yield REASONS, f"an answer could be missing as {old}, now as {new}"
    if before.condition != after.condition or before.asked != after.asked:
        yield CONDITION, f"was asked of {_whom(before)}, now of {_whom(after)}"


def _answers(before: Declared, after: Declared) -> Iterator[str]:
    """What differs between the answers of a question."""
    kept = [one for one in after.answers if one in before.answers]
    for word, own, other in (("new", after, before), ("gone", before, after)):
        if names := [f"“{own.labels[one]}”" for one in own.answers if one not in other.answers]:
            yield f"{word}: {listing(names)}"
    if kept != [one for one in before.answers if one in after.answers]:
        yield "in another order"
    for one in kept:
        if before.labels[one] != after.labels[one]:
            yield f"“{before.labels[one]}” is now called “{after.labels[one]}”"
    if before.alone != after.alone:
        yield "another answer excludes all others"


def _coded(codes: Sequence[str]) -> str:
    return listing([f"“{one}”" for one in codes], "or") or "nothing"


def _whom(question: Declared) -> str:
    """Whom a question was asked."""
    def words(one: Condition) -> str:
        return f"{question.asked} (“{one.question}”: {listing(list(one.answers), 'or')})"

    return words(question.condition) if question.condition else question.asked


def why_not(name: str, before: Mapping[str, Declared], after: Mapping[str, Declared]) -> str:
    """Why the answers to a question of both waves cannot be compared, as a clause; nothing where they can. A question
    that rests on another one, as its condition or as what it counts, moved where that one did."""
    for own in (name, *sorted(needed(after[name], after) - {name})):
        if own not in before:
            return f"it rests on “{own}”, which was not asked"
        if found := next(differences(before[own], after[own]), None):
            what, how = found
            return f"{what}: {how}" if own == name else f"it rests on “{own}”, which moved ({what}: {how})"
    return ""
