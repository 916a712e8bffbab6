"""Do the numbers that a source states agree with the counts that it prints?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import pandas as pd

from surveybook.survey.data.claims import QUANTIFIERS, claimed_items
from surveybook.survey.data.codebook import Question
from surveybook.survey.data.study import Study
from surveybook.survey.estimates.distribution import Distribution
from surveybook.survey.estimates.share import Share
from surveybook.survey.words import text
from surveybook.survey.words.names import Tree, joined

AGREES, DIFFERS, UNCHECKABLE = "agrees", "does not agree", "not checkable"


@dataclass(frozen=True)
class CheckedClaim:
    """One claim and what became of it.

    `share` is the claim recomputed from the counts (None where it cannot be checked), `difference` the recomputed
    count less the printed one, `reason` why the verdict is not *agrees*, and `mends` the smallest changes of the
    reading, or else of the counts, that would make it agree.
    """

    claim: Mapping[str, Any]
    question: Question | None
    verdict: str
    share: Share | None = None
    difference: int | None = None
    reason: str = ""
    mends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Repair:
    """A change of one count after which a table adds up and every claim about it agrees."""

    item: str
    change: int


def ledger(study: Study) -> list[CheckedClaim]:
    """Every claim of the study, recomputed, in the order of the claims."""
    return [_entry(claim, study) for claim in study.claims.to_dict("records")]


def repairs(study: Study, question: Question) -> list[Repair]:
    """Every change of a single answer that makes the table add up and all its claims agree.

    Empty where nothing needs a repair, and where no change of one count is enough.
    """
    claims = [claim for claim in study.claims.to_dict("records") if _is(claim["table"], question.id)]
    distribution = question.distribution
    differences = {distribution.surplus, *(_difference(claim, question, distribution) for claim in claims)} - {0}
    found = []
    for item, count in distribution.counts.items():
        for difference in sorted(differences):
            if count >= difference:
                counts = {**distribution.counts, item: count - difference}
                changed = replace(distribution, counts=counts)
                if not changed.surplus and all(_agrees(claim, question, changed) for claim in claims):
                    found.append(Repair(item, -difference))
    return found


def _entry(claim: Mapping[str, Any], study: Study) -> CheckedClaim:
    """One claim against the counts."""
    if pd.isna(claim["table"]):
        return CheckedClaim(claim, None, UNCHECKABLE, reason="no published table counts it")
    question = study.question(claim["table"])
    distribution = question.distribution
    share = _recomputed(claim, question, distribution)
    difference = _difference(claim, question, distribution)
    if _agrees(claim, question, distribution):
        return CheckedClaim(claim, question, AGREES, share, difference)
    reasons = []
    if difference:
        reasons.append(f"the rows add to {share.count}, {abs(difference)} {'more' if difference > 0 else 'fewer'}")
    if not _is(claim["printed_base"], share.base) and not pd.isna(claim["printed_base"]):
        reasons.append(f"the base is {share.base}")
    if not _quantified(claim, share):
        reasons.append(f"that is not “{claim['quantifier']}”")
    mends = _mends(claim, question, difference)
    return CheckedClaim(claim, question, DIFFERS, share, difference, "; ".join(reasons), mends)


def _recomputed(claim: Mapping[str, Any], question: Question, distribution: Distribution) -> Share:
    """The claimed answers added up, of the base that the claim names if that is a base of the question.

    Those who answered are always a base. Those who were asked are one only where nobody is known to have kept silent.
    """
    count = sum(distribution.counts[item] for item in claimed_items(claim, distribution))
    silent = sum(distribution.missing.values())
    asked_is_a_base = not silent and _is(claim["printed_base"], distribution.asked) and count <= distribution.asked
    return Share(count, distribution.asked if asked_is_a_base else distribution.answered)


def _difference(claim: Mapping[str, Any], question: Question, distribution: Distribution) -> int:
    return _recomputed(claim, question, distribution).count - int(claim["printed_count"])


def _agrees(claim: Mapping[str, Any], question: Question, distribution: Distribution) -> bool:
    share = _recomputed(claim, question, distribution)
    base = pd.isna(claim["printed_base"]) or claim["printed_base"] == share.base
    return bool(base and claim["printed_count"] == share.count and _quantified(claim, share))


def _quantified(claim: Mapping[str, Any], share: Share) -> bool:
    return pd.isna(claim["quantifier"]) or QUANTIFIERS[claim["quantifier"]](share.value)


def _mends(claim: Mapping[str, Any], question: Question, difference: int) -> tuple[str, ...]:
    """The least changes that would make a claim agree: of the reading, then of the rows added up, then of a count."""
    counts, missing = question.distribution.counts, question.distribution.missing
    claimed = claimed_items(claim, question.distribution)

    def named(items: tuple[str, ...], numbers: Mapping[str, int]) -> str:
        return " and ".join(f"“{question.labels[item]}” ({numbers[item]})" for item in items)

    answered = question.distribution.answered
    silent = []
    for size in range(1, len(missing) + 1):
        for items in combinations(missing, size):
            added = sum(missing[item] for item in items)
            if _is(claim["printed_base"], answered + added) and difference in (0, -added):
                answer = "another answer" if not difference else " or ".join(f"“{question.labels[c]}”" for c in claimed)
                silent.append(f"if {named(items, missing)} is counted as {answer}")
    if silent:
        return tuple(silent)
    partial = claim["items"] != "all"
    pool = [item for item in counts if counts[item] and (item in claimed) == (difference > 0)]
    rows = [
        f"if {named(items, counts)} is {'left out' if difference > 0 else 'added'}"
        for size in (1, 2)
        for items in combinations(pool, size)
        if partial and difference and abs(difference) == sum(counts[item] for item in items)
    ]
    if rows:
        return tuple(rows)
    if difference:
        which = "one of the rows" if len(claimed) > 1 else "the row"
        return (f"if {which} were {abs(difference)} {'lower' if difference > 0 else 'higher'}",)
    base = question.distribution.answered
    return (f"if its base were {base}" if not _is(claim["printed_base"], base) else f"without “{claim['quantifier']}”",)


def _is(cell: Any, value: Any) -> bool:
    """Whether a cell holds this value; an empty cell holds none."""
    return not pd.isna(cell) and cell == value


def claims(study: Study) -> Tree:
    """The ledger in words."""
    entries = ledger(study)

    def number(verdict: str) -> str:
        return text.whole(sum(entry.verdict == verdict for entry in entries))

    numbers: Tree = {
        "count": text.whole(len(entries)), "agree": number(AGREES), "differ": number(DIFFERS),
        "uncheckable": number(UNCHECKABLE),
    }
    return joined(f"{study.id}.claims", numbers, {entry.claim["claim"]: _told(entry) for entry in entries})


def _told(entry: CheckedClaim) -> Tree:
    """One entry of the ledger in words."""
    said = text.Printed(printed(entry.claim), **_base(entry.claim))
    tree: Tree = {"printed": said, "verdict": entry.verdict, "judgement": _judgement(entry)}
    if entry.share:
        tree |= {"recomputed": recomputed(entry), "difference": text.signed(entry.difference or 0)}
    return tree


def _judgement(entry: CheckedClaim) -> str:
    """The verdict on a claim with its reason, as the predicate of a sentence about it."""
    if entry.verdict == UNCHECKABLE:
        return f"cannot be checked, as {entry.reason}"
    if entry.verdict == AGREES:
        return "agrees with the table"
    return f"does not agree with the table ({entry.reason}), but would agree {text.listing(list(entry.mends), 'or')}"


def printed(claim: Mapping[str, Any]) -> str:
    """What the source prints: “22 of 30”, “30” where it names no base, “most (16 of 30)” where it says it in a word."""
    count, base = claim["printed_count"], claim["printed_base"]
    number = f"{count} of {base}" if isinstance(base, int) else f"{count}"
    return number if pd.isna(claim["quantifier"]) else f"“{claim['quantifier']}” ({number})"


def _base(claim: Mapping[str, Any]) -> dict[str, float | str]:
    """The count that is printed, and its base, where it is a number."""
    count, base = claim["printed_count"], claim["printed_base"]
    return {"count": int(count), "base": int(base)} if isinstance(base, int) else {}


def recomputed(entry: CheckedClaim) -> str:
    """What the counts give, written as the source writes its number."""
    assert entry.share is not None
    return text.of(entry.share) if isinstance(entry.claim["printed_base"], int) else str(entry.share.count)
