"""Which questions are shown by the answers to which others?  Some on a topic, by what is known about people."""

from __future__ import annotations

import re
from collections.abc import Sequence

from surveybook.survey.intake.decisions import LOOK, WEIGHT
from surveybook.survey.intake.questions import Question

GROUPS = range(2, 7)  # groups that can be read beside each other
ANSWERS = 11  # of a question that is shown by groups
PARTED, SHOWN = 2, 6  # questions that make groups, and how many are shown by all of these together
USUAL = re.compile(r"\b(age|old are you|gender|sex|alter|geschlecht|âge|sexe|edad|género)\b", re.IGNORECASE)
KINDS = ("yes-no", "ordered", "multi-select", "nominal")


def find_pairs(questions: Sequence[Question]) -> dict[str, list[str]]:
    """The questions to show, by the one that makes groups: background questions of few answers, and of the others the
    first on each topic; chosen by what is asked, before any answers are compared."""
    if any(one.kind == WEIGHT for one in questions):
        return {}  # weighted groups are refused where small counts are withheld, as they are at first
    able = [one for one in questions if all(guess.doubt < LOOK for guess in one.guesses)]
    personal = [one for one in able if one.personal and one.kind in ("yes-no", "ordered", "nominal", "count")
                and max(len(one.answers), len(one.bands)) in GROUPS]
    parting = [one.id for one in sorted(personal, key=lambda one: not USUAL.search(one.wording))][:PARTED]
    topics: dict[str, str] = {}
    for one in able:
        if not one.personal and one.kind in KINDS and 2 <= len(one.answers) <= ANSWERS and not (
                one.condition and one.condition[0] in parting):
            topics.setdefault(one.construct or one.id, one.id)
    shown = list(topics.values())
    return {by: shown[: SHOWN // len(parting)] for by in parting if shown}


def write_pairs(pairs: dict[str, list[str]]) -> list[str]:
    """The lines of the descriptor that declare them."""
    if not pairs:
        return []
    return [
        "# guess (likely): which answers are worth comparing between groups; each table decides what others may tell",
        "crossed:",
        *(f"  {by}: [{', '.join(names)}]" for by, names in pairs.items()),
    ]
